"""Conditions that meet nothing are told with the words that are there; no count changes."""

import warnings

import pandas as pd
import pytest
from support.helpers import definition

import svclight
from svclight.errors import SvclightNotice

HERE = "processes.p."


def said(frame: pd.DataFrame, criteria: str, log: str = "{time: at}") -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        svclight.score(frame, definition(criteria, log), as_of="2026-04-01")
    return [str(one.message) for one in caught if issubclass(one.category, SvclightNotice)]


def log_of(*words: str | None, **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"at": "2026-03-10", "x": range(1, len(words) + 1), "kind": list(words)}).assign(**columns)


KINDS = log_of(*["call"] * 5, *["mail"] * 4, *["chat"] * 3, "fax", "sms", "post", "post")


def test_a_word_that_no_cell_has_is_told_with_the_nearest_and_the_most_frequent():
    assert said(KINDS, 'c: {measure: {value: x}, green: "<= 5", applies: {kind: cal}}') == [
        (
            f"{HERE}criteria.c.applies: no row meets `kind is cal`; the most frequent words are "
            '"call", "mail", "chat", "post", "fax" - did you mean "call"?'
        )
    ]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("{kind: [call, letter, telex]}", ["letter", "telex"]),
        ("{kind: {not: letter}}", ["letter"]),
        ("{any: [{kind: call}, {kind: letter}]}", ["letter"]),
        ("{kind: call}", []),
        ("{kind: null}", None),  # no cell is empty: the whole condition is told
    ],
)
def test_each_word_is_asked_alone(condition, words):
    found = said(KINDS, f'c: {{measure: {{value: x}}, green: "<= 5", applies: {condition}}}')
    expected = ["kind is empty"] if words is None else [f"kind is {word}" for word in words]
    assert [line.split("`")[1] for line in found] == expected


def test_a_word_is_told_once_a_column():
    criteria = "\n".join(
        f'{name}: {{measure: {{value: x}}, green: "<= 5", applies: {{kind: [call, letter]}}}}' for name in ("c", "d")
    )
    assert len(said(KINDS, criteria)) == 1


def test_a_whole_condition_that_meets_no_row_is_told():
    both = '{kind: call, x: "> 5"}'  # the calls have 1 to 5
    assert said(KINDS, f'c: {{measure: {{value: x}}, green: "<= 5", applies: {both}}}') == [
        f"{HERE}criteria.c.applies: no row meets `kind is call and x > 5`"
    ]


def test_what_is_not_expected_is_silent():
    criterion = 'c: {measure: {value: x}, green: "<= 5"}'
    rule = "{time: at, exclude: [{where: {kind: test}, reason: a test%s}]}"
    assert len(said(KINDS, criterion, rule % "")) == 1
    assert said(KINDS, criterion, rule % ", expect: false") == []


def test_a_column_without_a_cell_is_told():
    empty = log_of("call", "call", y=[None, " "])
    assert said(empty, 'c: {measure: {value: y}, green: "<= 5"}') == [
        f'{HERE}criteria.c.measure: no cell of the column "y" is filled'
    ]


def test_a_log_without_rows_says_nothing_of_conditions():
    found = said(KINDS.iloc[:0], 'c: {measure: {value: x}, green: "<= 5", applies: {kind: letter}}')
    assert not [line for line in found if "no row meets" in line]
