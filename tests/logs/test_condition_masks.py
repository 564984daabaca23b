"""Conditions on rows: a number compares as a number, a flag as a flag, text as text, exactly; a missing cell meets nothing."""

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from support.helpers import definition

from svclight.definition.conditions import parse_condition
from svclight.logs.array_cells import equal_words
from svclight.logs.condition_masks import rows_that_meet
from svclight.logs.log import Log
from svclight.reading.sources import Raw

FIELDS = (
    "{time: at, missing: ['?'], fields: {at: {time: at}, n: {number: n}, m: {number: m, unit: min}, s: {span: s}, f: {flag: f}, "
    "t: {text: t}, hour: {part: hour, of: at}, day: {part: weekday, of: at}, date: {part: date, of: at}}}"
)
CRITERIA = 'c: {measure: {value: n}, green: "<= 5"}'
FRAME = pd.DataFrame(
    {
        "at": ["2026-01-31 23:30:00", "2026-02-01 08:00:00.5", "2026-02-02T10:00+02:00", None],
        "n": [1, 2.5, np.nan, 30],
        "m": ["1", "2", "x", "?"],
        "s": ["0:00:05", "1:00:00", None, "x"],
        "f": ["yes", "FALSE", "?", "x"],
        "t": ["a", "B", "5.0", None],
        "raw": ["5", "> 5", "true", "?"],
        "raw_time": ["2026-01-01", "2026-01-02", "x", None],
    }
)


def rows(frame=FRAME, log=FIELDS, zone="Europe/Berlin"):
    return Log.of("p", definition(CRITERIA, log, zone), Raw(frame)).rows()


def places(condition: str) -> list[int]:
    return np.flatnonzero(rows_that_meet(parse_condition(yaml.safe_load(condition)), rows())).tolist()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{n: 1}", [0]),
        ("{n: [1, 30.0]}", [0, 3]),
        ("{n: {not: 1}}", [1, 3]),
        ("{n: null}", [2]),
        ("{n: {not: null}}", [0, 1, 3]),
        ("{n: [null, 1]}", [0, 2]),
        ("{n: {not: [null, 1]}}", [1, 3]),
        ('{n: "> 1"}', [1, 3]),
        ('{n: {not: "> 1"}}', [0]),
        ('{m: "<= 60 s"}', [0]),
        ('{m: ">= 2"}', [1]),
        ("{s: 5}", [0]),
        ('{s: ">= 1 h"}', [1]),
        ("{f: true}", [0]),
        ("{f: false}", [1]),
        ("{f: {not: true}}", [1]),
        ("{f: null}", [2, 3]),
        ("{t: a}", [0]),
        ("{t: b}", []),
        ("{t: 5}", [2]),
        ("{t: [a, B]}", [0, 1]),
        ("{t: {not: [a, B]}}", [2]),
        ("{t: null}", [3]),
        ("{raw: 5}", [0]),
        ("{raw: '5'}", [0]),
        ("{raw: true}", [2]),
        ('{raw: {is: "> 5"}}', [1]),
        ('{raw: "> 4"}', [0]),
        ("{raw: {not: x}}", [0, 1, 2]),
        ('{raw_time: ">= 2026-01-02"}', [1]),
        ('{raw_time: {not: ">= 2026-01-02"}}', [0]),
        ("{hour: 23}", [0]),
        ("{hour: '8'}", [1]),
        ('{hour: ">= 9"}', [0, 2]),
        ("{day: [sat, sun]}", [0, 1]),
        ("{date: '2026-01-31'}", [0]),
        ('{date: "> 2026-01-31"}', [1, 2]),
        ('{date: ">= 2026-02-02"}', [2]),
        ('{date: "< 2026-02-01"}', [0]),
        ('{date: "<= 2026-02-01"}', [0, 1]),
        ('{date: {not: "<= 2026-02-01"}}', [2]),
        ("{at: '2026-01-31 23:30'}", [0]),
        ("{at: {not: '2026-01-31 23:30'}}", [1, 2]),
        ("{at: null}", [3]),
        ('{at: "< 2026-02-01"}', [0]),
        ('{at: "<= 2026-02-01 08:00:00.5"}', [0, 1]),
        ('{at: "< 2026-02-01 08:00:00.5"}', [0]),
        ('{at: "> 2026-02-02 08:59:59"}', [2]),
        ('{at: ">= 2026-02-02T08:00Z"}', [2]),
        ('{at: {not: "> 2026-02-01"}}', [0]),
        ("{n: 1, t: a}", [0]),
        ("{n: 1, t: B}", []),
        ("{any: [{n: 1}, {t: B}]}", [0, 1]),
        ("{all: [{n: 1}, {t: B}]}", []),
        ("{not: {n: 1}}", [1, 2, 3]),
        ("{not: {any: [{n: null}, {t: a}]}}", [1, 3]),
    ],
)
def test_which_rows_meet_a_condition(condition, expected):
    assert places(condition) == expected


def test_no_condition_is_met_by_all():
    assert rows_that_meet(None, rows()) is None


def test_limits_between_two_ticks():
    frame = pd.DataFrame(
        {"at": np.array(["2026-01-01T00:00:00", "2026-01-01T00:00:01"], dtype="datetime64[s]"), "n": 1}
    )
    part = rows(frame, "{time: at, fields: {at: {time: at}, n: {number: n}}}", "UTC")
    for sign, expected in (("<", [0]), ("<=", [0]), (">", [1]), (">=", [1])):
        condition = parse_condition({"at": f"{sign} 2026-01-01T00:00:00.5"})
        assert np.flatnonzero(rows_that_meet(condition, part)).tolist() == expected
    assert not rows_that_meet(parse_condition({"at": "2026-01-01T00:00:00.5"}), part).any()


def test_a_raw_column_that_is_used_as_a_time_is_asked_as_one():
    frame = pd.DataFrame({"at": ["2026-01-01", "x", ""], "n": 1})
    part = rows(frame, "{time: at}")
    assert rows_that_meet(parse_condition({"at": None}), part).tolist() == [False, True, True]


def test_decimal_commas_in_raw_columns():
    log = "{time: at, read: {decimal: ','}}"
    part = rows(pd.DataFrame({"at": ["2026-01-01"] * 3, "n": ["1,5", "2", "x"]}), log)
    assert rows_that_meet(parse_condition({"n": 1.5}), part).tolist() == [True, False, False]
    assert rows_that_meet(parse_condition({"n": "> 1.4"}), part).tolist() == [True, True, False]


@pytest.mark.parametrize("cells", [[5.0, np.inf, -np.inf, np.nan], ["5", "inf", "-inf", "nan"]])
@pytest.mark.parametrize("fields", ["", ", fields: {at: {time: at}, n: {number: n}}"])
def test_an_infinite_number_is_none_as_text_or_as_a_number(cells, fields):
    part = rows(pd.DataFrame({"at": "2026-01-01", "n": cells}), f"{{time: at{fields}}}")
    assert rows_that_meet(parse_condition({"n": "> 3"}), part).tolist() == [True, False, False, False]
    assert rows_that_meet(parse_condition({"n": {"not": "> 6"}}), part).tolist() == [True, False, False, False]


numbers = st.one_of(st.integers(-5, 5), st.sampled_from([0.5, 2.5]))


@given(
    cells=st.lists(st.one_of(st.none(), numbers), min_size=1, max_size=8),
    values=st.lists(st.one_of(st.none(), numbers), min_size=1, max_size=3),
    negated=st.booleans(),
)
def test_numbers_against_values_one_by_one(cells, values, negated):
    frame = pd.DataFrame({"at": "2026-01-01", "n": pd.array(cells, dtype="Float64")})
    condition = parse_condition({"n": {"not": values} if negated else values})
    found = rows_that_meet(condition, rows(frame, "{time: at, fields: {at: {time: at}, n: {number: n}}}"))
    if negated:
        expected = [cell is not None and cell not in values for cell in cells]
    else:
        expected = [cell in values for cell in cells]
    assert found.tolist() == expected


def test_words_that_are_equal():
    texts = rows().texts("raw")
    assert equal_words(texts, [5, True]).tolist() == [word in ("5", "true") for word in texts.words]
