"""Limits in short words: units, conditions and dates in a language, names and words of the log as they stand."""

import pytest
from support.helpers import definition

from svclight.thresholds import parse_interval
from svclight.wording.limit_words import limit_text
from svclight.wording.short_phrases import limit_rows


def rows(criterion: str, lang: str = "ru") -> list[tuple[str, str, str, str]]:
    found = definition(f"c: {{{criterion}}}\nd: {{measure: {{value: x}}, green: '<= 1'}}", LOG)
    return list(limit_rows(found.processes["p"].criteria["c"], lang))


LOG = "{time: at, fields: {at: {time: at}, x: {number: x, unit: min}, ok: {flag: ok}, kind: {text: kind}, n: {number: n}}}"


@pytest.mark.parametrize(
    ("criterion", "row"),
    [
        ("measure: {value: x}, green: '<= 30 s', yellow: '<= 1 min 30 s'", ("все", "≤ 30 с", "≤ 1 мин 30 с", "всё остальное")),
        ("measure: {value: x}, green: '3 min .. 7 min'", ("все", "3 мин – 7 мин", "—", "всё остальное")),
        ("measure: {value: n}, green: '>= 4', yellow: '>= 3'", ("все", "≥ 4", "≥ 3", "всё остальное")),
        ("measure: {flag: ok}, green: false", ("все", "нет", "—", "всё остальное")),
        ("measure: {category: kind}, green: [a, b], yellow: [c], red: [d]", ("все", "a, b", "c", "d")),
    ],
)  # fmt: skip
def test_limits(criterion, row):
    assert rows(criterion) == [row]


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("{kind: a}", "kind: a"),
        ("{kind: [a, b]}", "kind: a или b"),
        ("{kind: {not: [a, b]}}", "kind: не a или b"),
        ("{ok: true}", "ok: да"),
        ("{kind: null}", "kind: пусто"),
        ("{kind: {not: null}}", "kind: не пусто"),
        ("{kind: {contains: vip}}", "kind содержит vip"),
        ("{kind: {word: [vip, gold]}}", "kind содержит слово vip или gold"),
        ("{n: '> 5'}", "n > 5"),
        ("{n: '>= 1.5'}", "n ≥ 1,5"),
        ("{n: {not: '<= 5'}}", "n не ≤ 5"),
        ("{at: '>= 2026-03-01'}", "at ≥ 2026-03-01"),
        ("{kind: {not: {starts: vip}}}", "kind не начинается с vip"),
        ("{kind: a, ok: false}", "kind: a и ok: нет"),
        ("{any: [{kind: a}, {not: {ok: true}}]}", "kind: a или не (ok: да)"),
    ],
)
def test_conditions(where, words):
    limits = f"thresholds: [{{where: {where}, green: '<= 1 h'}}, {{green: '<= 2 h'}}]"
    assert [row[0] for row in rows(f"measure: {{value: x}}, {limits}")] == [words, "все"]


def test_dates_and_what_has_no_limits_of_its_own():
    limits = "thresholds: [{until: 2026-01-01, green: '<= 1 d'}, {from: 2026-01-01, green: '<= 2 d'}]"
    assert [row[:2] for row in rows(f"measure: {{value: x}}, {limits}")] == [
        ("до 01.01.2026", "≤ 1 дн."),
        ("с 01.01.2026", "≤ 2 дн."),
    ]
    assert rows("measure: {worst: [d]}") == []


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("{kind: [a, b]}", "kind is one of a, b"),
        ("{kind: {not: [a, b]}}", "kind is none of a, b"),
        ("{kind: {not: {contains: [a, b]}}}", "kind does not contain a or b"),
        ("{n: '<= 1.5'}", "n ≤ 1.5"),
        ("{any: [{kind: a, ok: true}, {kind: null}]}", "(kind is a and ok is true) or kind is empty"),
    ],
)
def test_conditions_in_english(where, words):
    limits = f"thresholds: [{{where: {where}, green: '<= 1 h'}}, {{green: '<= 2 h'}}]"
    assert [row[0] for row in rows(f"measure: {{value: x}}, {limits}", "en")] == [words, "all"]


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("<= 1.5 h", "≤ 1,5 ч"),
        ("< 2 wk", "< 2 нед."),
        ("> 4.25", "> 4,25"),
        ("-5 d .. 2 d", "−5 дн. – 2 дн."),
        ("<= 12 m2", "≤ 12 m2"),
        (">= 80 %", "≥ 80 %"),
    ],
)
def test_quantities_have_the_signs_and_units_of_the_language(limit, words):
    assert limit_text(parse_interval(limit), "ru") == words
