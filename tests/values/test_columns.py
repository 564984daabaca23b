"""Columns of every dtype become the same typed columns; texts are read as Python's own readers read them, one by one."""

# ruff: noqa: DTZ001, DTZ007 - times without a zone are what is tested

import datetime as dt
import decimal
import re
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.needs import need

from svclight.values import time_text
from svclight.values.clocks import NANO, NAT
from svclight.values.columns import (
    MICRO,
    flag_of,
    flags_of,
    keys_of,
    looks_like_date,
    numbers_of,
    spans_of,
    texts_of,
    times_of,
)
from svclight.values.number_text import NumberForm
from svclight.values.text_dictionary import join_texts, word_of

HAS_ARROW = find_spec("pyarrow") is not None
EPOCH = dt.datetime(1970, 1, 1)
UTC = dt.UTC


def objects(*cells):
    made = np.empty(len(cells), dtype=object)
    made[:] = cells
    return pd.Series(made, dtype=object)


def arrow(values, kind, **options):
    need(HAS_ARROW, "pyarrow is not installed")
    import pyarrow as pa

    return pd.Series(values, dtype=pd.ArrowDtype(getattr(pa, kind)(**options)))


def arrow_of(values, make):
    need(HAS_ARROW, "pyarrow is not installed")
    import pyarrow as pa

    return pd.Series(values, dtype=pd.ArrowDtype(make(pa)))


def words(texts):
    return [None if code < 0 else texts.words[code] for code in texts.codes]


def ticks(moment, per_second=MICRO):
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * per_second + since.microseconds * per_second // MICRO


def micros_of(times):
    """Microseconds of each row, None where there is none."""
    return [None if tick == NAT else int(tick) * MICRO // times.per_second for tick in times.ticks]


# --- the same column in every dress ---------------------------------------------------------------------------------------

DRESSES = {
    "object": lambda cells: objects(*cells),
    "str": lambda cells: pd.Series(list(cells), dtype="string"),
    "inferred": lambda cells: pd.Series(list(cells)),
    "python string": lambda cells: pd.Series(list(cells), dtype="string[python]"),
    "category": lambda cells: pd.Series(pd.Categorical(list(cells))),
    "arrow string": lambda cells: arrow_of(list(cells), lambda pa: pa.string()),
    "arrow dictionary": lambda cells: arrow_of(list(cells), lambda pa: pa.dictionary(pa.int32(), pa.string())),
    "bytes": lambda cells: objects(*(None if cell is None else cell.encode() for cell in cells)),
}
CELLS = (
    "30",
    " 31.5 ",
    "",
    None,
    "?",
    "x",
    "1:02:03",
    "2026-03-01 10:00",
    "2026-03-01T10:00:00Z",
    "yes",
    "No",
    "1_000",
    "Ж",
)


@pytest.fixture(params=DRESSES)
def dressed(request):
    return DRESSES[request.param](CELLS)


def test_texts_are_the_same_in_every_dress(dressed):
    texts = texts_of(dressed, ["?"])
    assert words(texts) == ["30", " 31.5 ", None, None, None, *CELLS[5:]]
    assert texts.missing.tolist() == [code < 0 for code in texts.codes]
    assert texts.at(np.array([0, 2, 5])).tolist() == ["30", "", "x"]
    assert texts.rows(slice(5, 7)).at(np.array([0])).tolist() == ["x"]


def test_numbers_are_the_same_in_every_dress(dressed):
    numbers = numbers_of(dressed, ["?"])
    assert numbers.values[:2].tolist() == [30.0, 31.5]
    assert np.isnan(numbers.values[2:]).all()
    assert numbers.bad.tolist() == [False] * 5 + [True] * 8


def test_times_are_the_same_in_every_dress(dressed):
    times = times_of(dressed, ["?"])
    ten = ticks(dt.datetime(2026, 3, 1, 10))
    assert micros_of(times) == [None] * 7 + [ten, ten] + [None] * 4
    assert times.aware.tolist() == [False] * 8 + [True] + [False] * 4
    assert times.bad.tolist() == [True, True, False, False, False, True, True, False, False, True, True, True, True]


def test_spans_flags_and_keys_are_the_same_in_every_dress(dressed):
    assert spans_of(dressed).values[6] == 3723.0
    assert flags_of(dressed, ["?"]).values.tolist() == [-2, -2, -1, -1, -1, -2, -2, -2, -2, 1, 0, -2, -2]
    keys = keys_of(dressed, ["?"])
    assert (keys < 0).tolist() == [False, False, True, True, True] + [False] * 8
    assert len(set(keys[keys >= 0])) == 10


@given(st.lists(st.one_of(st.none(), st.text(max_size=6), st.sampled_from(["a", "b", "?", " "])), max_size=30))
def test_any_texts_are_the_same_in_every_dress(cells):
    plain = [None if cell is None else cell.encode("utf-8", "replace").decode() for cell in cells]
    expected = [None if cell is None or cell.strip() in ("", "?") else cell for cell in plain]
    for name in ("object", "category", "python string"):
        column = DRESSES[name](plain)
        assert words(texts_of(column, ["?"])) == expected
        keys = keys_of(column, ["?"])
        assert [key < 0 for key in keys] == [cell is None for cell in expected]
        assert len(set(keys[keys >= 0])) == len(set(expected) - {None})


NUMBER_DRESSES = {
    "int64": lambda: pd.Series([10, 60]),
    "uint8": lambda: pd.Series([10, 60], dtype="uint8"),
    "float32": lambda: pd.Series([10, 60], dtype="float32"),
    "Int64": lambda: pd.Series([10, 60], dtype="Int64"),
    "UInt64": lambda: pd.Series([10, 60], dtype="UInt64"),
    "Float64": lambda: pd.Series([10, 60], dtype="Float64"),
    "category": lambda: pd.Series(pd.Categorical([10, 60])),
    "sparse": lambda: pd.Series(pd.arrays.SparseArray([10.0, 60.0])),
    "objects": lambda: objects(10, 60.0),
    "decimals": lambda: objects(decimal.Decimal("10.00"), decimal.Decimal(60)),
    "mixed": lambda: objects("10", 60),
    "numpy objects": lambda: objects(np.int64(10), np.float32(60)),
    "text": lambda: objects("10", " 6e1 "),
    "timedelta": lambda: pd.to_timedelta(pd.Series([10, 60]), unit="s"),
    "timedelta s": lambda: pd.to_timedelta(pd.Series([10, 60]), unit="s").astype("timedelta64[s]"),
    "python timedelta": lambda: objects(dt.timedelta(seconds=10), dt.timedelta(seconds=60)),
    "numpy timedelta": lambda: objects(np.timedelta64(10, "s"), np.timedelta64(1, "m")),
    "category timedelta": lambda: pd.Series(pd.Categorical(pd.to_timedelta([10, 60], unit="s"))),
    "arrow int": lambda: arrow([10, 60], "int64"),
    "arrow float": lambda: arrow([10, 60], "float64"),
    "arrow decimal": lambda: arrow([decimal.Decimal(10), decimal.Decimal(60)], "decimal128", precision=9, scale=2),
    "arrow duration": lambda: arrow(pd.to_timedelta([10, 60], unit="s"), "duration", unit="ms"),
}


@pytest.mark.parametrize("name", NUMBER_DRESSES)
def test_numbers_of_every_dtype(name):
    column = NUMBER_DRESSES[name]()
    before = column.copy(deep=True)
    numbers = numbers_of(column)
    assert numbers.values.tolist() == [10, 60]
    assert numbers.bad is None
    gone = numbers_of(column, ["10"])
    if "timedelta" not in name or column.dtype.kind == "m":
        assert np.isnan(gone.values[0])
    pd.testing.assert_series_equal(column, before)


@pytest.mark.parametrize("name", NUMBER_DRESSES)
def test_texts_and_keys_of_every_number(name):
    column = NUMBER_DRESSES[name]()
    expected = (
        ["0:00:10", "0:01:00"]
        if "timedelta" in name or "duration" in name
        else ["10", " 6e1 " if name == "text" else "60"]
    )
    assert words(texts_of(column)) == expected
    assert keys_of(column).tolist() == [0, 1]


def test_empty_cells_of_every_dtype_are_missing():
    for column in (
        pd.Series([None, np.nan], dtype="float64"),
        pd.Series([None, None], dtype="Int64"),
        pd.Series([pd.NA, None], dtype="boolean"),
        pd.Series([None, None], dtype="string"),
        pd.Series([pd.NaT, pd.NaT]),
        pd.Series(pd.Categorical([None, ""])),
        objects(None, float("nan")),
        objects(pd.NaT, pd.NA),
        objects(decimal.Decimal("NaN"), np.datetime64("NaT", "s")),
        objects([], None).map(lambda cell: None if cell == [] else cell),
    ):
        assert texts_of(column).missing.all()
        assert np.isnan(numbers_of(column).values).all()
        assert (times_of(column).ticks == NAT).all()
        assert (flags_of(column).values == -1).all()
        assert (keys_of(column) == -1).all()
        assert np.isnan(spans_of(column).values).all()


def test_numpy_columns_are_looked_at_and_not_copied():
    for values in (np.arange(5), np.arange(5.0), np.arange(5).astype("datetime64[us]")):
        column = pd.Series(values)
        found = times_of(column).ticks if values.dtype.kind == "M" else numbers_of(column).values
        assert np.shares_memory(found, column.to_numpy())
    flags = pd.Series([True, False])
    assert np.shares_memory(flags_of(flags).values, flags.to_numpy())


def test_many_rows_are_read_part_by_part():
    rows = (1 << 18) + 7
    few = pd.Series(np.array(["a", "b", None], dtype=object)[np.arange(rows) % 3], dtype=object)
    assert words(texts_of(few))[-3:] == [["a", "b", None][place % 3] for place in range(rows - 3, rows)]
    many = pd.Series([str(number) for number in range(rows)], dtype=object)
    assert words(texts_of(many)) == many.tolist()


# --- what a cell is as text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("as it stands ", "as it stands "),
        ("\ud800", "\\ud800"),
        (True, "true"),
        (np.False_, "false"),
        (5, "5"),
        (5.0, "5"),
        (np.float32(0.5), "0.5"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (float("inf"), "inf"),
        (-0.0, "0"),
        (decimal.Decimal("1.10"), "1.1"),
        (decimal.Decimal("1E+3"), "1000"),
        (decimal.Decimal("Infinity"), "Infinity"),
        (dt.date(2026, 1, 31), "2026-01-31"),
        (dt.time(1, 2, 3), "01:02:03"),
        (dt.datetime(2026, 1, 31, 12, 0, 0, 500), "2026-01-31 12:00:00.000500"),
        (pd.Timestamp("2026-01-31 12:00:00.000000007"), "2026-01-31 12:00:00.000000007"),
        (np.datetime64("2026-01-31T12:00"), "2026-01-31 12:00:00"),
        (dt.datetime(2026, 1, 31, tzinfo=UTC), "2026-01-31 00:00:00+00:00"),
        (dt.timedelta(days=1, hours=2, milliseconds=5), "26:00:00.005"),
        (dt.timedelta(seconds=-90), "-0:01:30"),
        (pd.Timedelta(7, unit="ns"), "0:00:00.000000007"),
        (np.timedelta64(90, "s"), "0:01:30"),
        (b"abc", "abc"),
        (b"\xff", "\\xff"),
        ([1, 2], "[1, 2]"),
        (1 + 2j, "(1+2j)"),
        (None, ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        (float("nan"), ""),
    ],
)
def test_a_cell_as_text(cell, text):
    assert word_of(cell) == text


def test_one_and_true_are_told_apart_in_any_order():
    for cells in ([1, True, 1.0, "1", "true"], ["true", "1", 1.0, True, 1]):
        assert words(texts_of(objects(*cells))) == [word_of(cell) for cell in cells]


def test_lists_and_mappings_are_text():
    column = objects([1], {"a": 1}, [1], None, (1, [2]))
    assert words(texts_of(column)) == ["[1]", "{'a': 1}", "[1]", None, "(1, [2])"]
    assert keys_of(column).tolist() == [0, 1, 0, -1, 2]
    assert words(texts_of(arrow_of([[1], None], lambda pa: pa.list_(pa.int64())))) == ["[1]", None]


def test_other_dtypes_are_text():
    assert words(texts_of(pd.Series([1 + 2j]))) == ["(1+2j)"]
    assert numbers_of(pd.Series([1 + 2j])).bad.tolist() == [True]
    assert words(texts_of(pd.Series(pd.interval_range(0, 1)))) == ["(0, 1]"]
    assert words(texts_of(pd.Series(pd.period_range("2026-01-31", periods=1, freq="D")))) == ["2026-01-31"]
    assert words(texts_of(pd.Series([True, None], dtype="boolean"))) == ["true", None]


def test_several_columns_are_joined_by_a_space():
    first = texts_of(objects("990101", "990101", None, "990102", "x"))
    second = texts_of(objects("10:00", None, "11:00", "12:00", "y z"))
    third = texts_of(objects("a", "b", "c", "d", "e"))
    assert join_texts([first, second]).tolist() == ["990101 10:00", None, None, "990102 12:00", "x y z"]
    assert join_texts([first, second, third]).tolist() == ["990101 10:00 a", None, None, "990102 12:00 d", "x y z e"]
    days = texts_of(pd.Series(pd.to_datetime(["2026-01-31", "2026-02-01"])))
    clock = texts_of(objects(dt.time(10, 30), "11:00"))
    assert join_texts([days, clock]).tolist() == ["2026-01-31 10:30:00", "2026-02-01 11:00"]
    nothing = texts_of(objects(None, None))
    assert join_texts([days, nothing]).tolist() == [None, None]


def test_keys_leave_out_tokens():
    assert keys_of(pd.Series([5, 0, 5]), ["0"]).tolist() == [0, -1, 0]
    assert keys_of(pd.Series([5, 0, 5]), ["x", "nan"]).tolist() == [0, 1, 0]
    assert keys_of(pd.Series([5.5, np.nan, 6.02e11]), ["6.02E+11"]).tolist() == [0, -1, -1]
    assert keys_of(pd.Series([2**53, 2**53 + 1, None], dtype="Int64")).tolist() == [0, 1, -1]
    assert keys_of(pd.Series(["a", " ? ", ""], dtype="string"), ["?"]).tolist() == [0, -1, -1]


# --- numbers --------------------------------------------------------------------------------------------------------------


@given(st.one_of(st.floats(allow_nan=False).map(repr), st.decimals(allow_nan=False).map(str), st.integers().map(str)))
def test_text_is_the_number_that_python_reads(text):
    value, expected = numbers_of(objects(text)).values[0], float(text)
    assert value == expected if np.isfinite(expected) else np.isnan(value)


@pytest.mark.parametrize("text", ["1_000", "٣", "1,5", "1.234,5", "12 %", "0x10", "1 000", "inf", "nan", "-", "1d3"])
def test_what_is_no_number(text):
    numbers = numbers_of(objects(text))
    assert np.isnan(numbers.values[0])
    assert numbers.bad.tolist() == [True]


def test_decimal_commas_are_of_text_alone():
    numbers = numbers_of(objects("1,5", "7", 1.5, decimal.Decimal("2.5"), "1.234,5"), form=NumberForm(","))
    assert numbers.values[:4].tolist() == [1.5, 7.0, 1.5, 2.5]
    assert numbers.bad.tolist() == [False] * 4 + [True]
    assert numbers_of(pd.Series([1.5]), form=NumberForm(",")).values.tolist() == [1.5]
    assert numbers_of(objects("1,5", "1.5"), form=NumberForm(",")).bad.tolist() == [False, True]


def test_lengths_of_time_count_in_the_unit_of_the_field():
    assert numbers_of(pd.to_timedelta(pd.Series(["90s", None])), unit_seconds=60).values[0] == 1.5
    assert numbers_of(objects(dt.timedelta(seconds=90), None), unit_seconds=60).values[0] == 1.5


def test_tokens_leave_numbers_out():
    assert numbers_of(pd.Series([1, 9999]), ["9999"]).values[0] == 1
    assert np.isnan(numbers_of(pd.Series([1, 9999]), ["9999"]).values[1])
    assert np.isnan(numbers_of(pd.Series([1.5, -1]), ["-1"]).values[1])
    assert numbers_of(pd.Series([1, 2]), ["9999", "?"]).values.dtype == np.int64
    assert numbers_of(pd.Series([True])).bad.tolist() == [True]
    rows = numbers_of(objects("1", "x", "2"), []).rows(slice(1, 3))
    assert rows.bad.tolist() == [True, False]
    assert rows.texts.at(np.array([0])).tolist() == ["x"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:02:03", 3723),
        ("2:03.5", 123.5),
        ("0:00:00", 0),
        ("-0:01:30", -90),
        (" 26:00:00.5 ", 93600.5),
        ("1 day, 0:00:01", 86401),
        ("2 days 00:00:01.250000", 172801.25),
        ("-1 days +23:59:00", -60),
        ("-1 day, 23:59:00", -60),
    ],
)
def test_lengths_of_time(text, seconds):
    assert spans_of(objects(text)).values.tolist() == [seconds]


@given(st.timedeltas(dt.timedelta(-900), dt.timedelta(900)))
def test_lengths_of_time_as_python_and_pandas_write_them(span):
    for column in (objects(str(span)), objects(str(pd.Timedelta(span))), objects(span), pd.Series([span])):
        assert spans_of(column).values[0] == pytest.approx(span.total_seconds(), abs=1e-6)


@pytest.mark.parametrize("text", ["90", "1:60", "1:60:00", "1:2:3", "x", "1:02:03:04", "9999999999:00:00", "--1:00"])
def test_what_is_no_length_of_time(text):
    numbers = spans_of(objects(text))
    assert numbers.bad.tolist() == [True]


def test_spans_of_times_of_day_and_timedeltas():
    assert spans_of(objects(dt.time(0, 2, 3), dt.timedelta(seconds=5))).values.tolist() == [123, 5]
    assert np.isnan(spans_of(pd.to_timedelta(pd.Series(["0s", "5s"])), ["0"]).values).tolist() == [True, False]
    assert spans_of(arrow(pd.to_timedelta(["5s"]), "duration", unit="us")).values.tolist() == [5]


# --- flags ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (objects("TRUE", "no", "Yes", "0", "1.0", "2", "", " false "), [1, 0, 1, 0, 1, -2, -1, 0]),
        (pd.Series([True, False]), [1, 0]),
        (pd.Series([True, None], dtype="boolean"), [1, -1]),
        (pd.Series([1, 0, 2]), [1, 0, -2]),
        (pd.Series([1.0, 0.0, np.nan]), [1, 0, -1]),
        (pd.Series(pd.Categorical([True, False])), [1, 0]),
        (objects(*[True, 1, 0, None]), [1, 1, 0, -1]),
    ],
)
def test_flags(column, values):
    assert flags_of(column).values.tolist() == values


def test_flags_of_declared_texts():
    flags = flags_of(objects("Ja", "ja", "NEIN", "true"), true=["Ja", "ja"], false=["NEIN"])
    assert flags.values.tolist() == [1, 1, 0, -2]
    assert flags_of(pd.Series([True, False]), true=["true"], false=["x"]).values.tolist() == [1, -2]
    assert flags_of(pd.Series([True, False]), ["false"]).values.tolist() == [1, -1]
    assert flags.rows(slice(1, 3)).values.tolist() == [1, 0]
    assert (flag_of("YES"), flag_of("n/a")) == (1, -2)


# --- times of text --------------------------------------------------------------------------------------------------------

moments = st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30))
offsets = st.integers(-23 * 60, 23 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))


@given(st.lists(st.tuples(moments, st.one_of(st.none(), offsets), st.sampled_from([" ", "T"])), min_size=1))
def test_times_of_text_as_python_writes_them(several):
    cells, expected = [], []
    for moment, zone, separator in several:
        full = moment.replace(tzinfo=zone)
        cells.append(full.isoformat(separator))
        expected.append(ticks(moment) - (0 if zone is None else round(zone.utcoffset(None).total_seconds()) * MICRO))
    times = times_of(objects(*cells))
    assert micros_of(times) == expected
    aware = [zone is not None for _, zone, _ in several]
    assert (np.full(len(aware), times.aware) if isinstance(times.aware, bool) else times.aware).tolist() == aware


ALPHABET = st.sampled_from("0123456789-:T .,Z+zw/")
DIGITS = "9999-12-31 23:59:59.123456789+02:00"
broken = st.builds(
    lambda start, end, place, char: (DIGITS[start:end] + char + DIGITS[start:])[:place],
    *(st.integers(0, 12), st.integers(8, 35), st.integers(8, 40), ALPHABET),
)


@given(st.lists(st.one_of(broken, st.text(ALPHABET, min_size=8, max_size=26)), min_size=1, max_size=8))
@example(["2026-02-29", "2024-02-29", "2026-13-01", "2026-00-01", "0000-01-01", "2026-01-00", "2026-01-31 24:00:00"])
@example(
    ["2026-01-31 10:60", "2026-01-31T10:00:60", "2026-01-31 10:00:00+24:00", "2026-01-31 10:00:00+02:60", "2026-01-31Z"]
)
@example(
    [
        "2026-01-31 10:00:00,5",
        "20260131T100000Z",
        "20260131",
        "2026-01-31 10",
        "2026-01-31 10:00 +02",
        "2026-01-31w10:00",
    ]
)
@example(
    [
        "2026-01-31 10:00:00.1234567891",
        "2026-01-31 10:00:00.",
        "20260131 10:00",
        "2026-01-31 1000",
        "2026-01-31 10:00.5",
    ]
)
def test_many_texts_are_read_as_one_is_read(several):
    made = time_text.read_iso(objects(*several).to_numpy())
    for place, word in enumerate(several):
        one = time_text.parse_iso(word)
        low, high = -62_135_596_800, 253_402_300_800
        if one is None or not low * NANO <= one[0] < high * NANO:
            assert not made.known[place]
        else:
            assert made.known[place]
            assert (int(made.seconds[place]) * NANO + int(made.nanos[place]), bool(made.aware[place])) == one


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31", "2026-01-31"),
        ("20260131", "2026-01-31"),
        ("2026-01-31 10", "2026-01-31T10:00"),
        ("2026-01-31T10:15", "2026-01-31T10:15"),
        ("20260131T101530", "2026-01-31T10:15:30"),
        ("2026-01-31 10:15:30,25", "2026-01-31T10:15:30.250000"),
        ("2026-01-31 10:15:30z", "2026-01-31T10:15:30"),
        ("2026-01-31 10:15:30 +02", "2026-01-31T08:15:30"),
        ("2026-01-31 10:15:30-0130", "2026-01-31T11:45:30"),
        ("2026-01-31 10:15:30+00:00:30", "2026-01-31T10:15:00"),
        (" 2026-01-31 ", "2026-01-31"),
    ],
)
def test_variants_of_iso(text, moment):
    assert micros_of(times_of(objects(text))) == [ticks(dt.datetime.fromisoformat(moment))]


def test_nanoseconds_are_kept_where_they_fit():
    times = times_of(objects("2026-01-31 10:00:00.123456789", "2026-01-31"))
    assert times.per_second == NANO
    assert times.ticks[0] % NANO == 123_456_789
    far = times_of(objects("2026-01-31 10:00:00.123456789", "9999-12-31"))
    assert far.per_second == MICRO
    assert micros_of(far)[1] == ticks(dt.datetime(9999, 12, 31))


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00", "now", "today", "NaT", "10:15"]
)
def test_what_is_no_time(text):
    times = times_of(objects(text))
    assert times.bad.tolist() == [True]


def test_empty_and_mixed_columns_of_times():
    nothing = times_of(objects())
    assert (len(nothing.ticks), nothing.aware) == (0, False)
    assert times_of(objects("x")).aware is False
    assert times_of(objects("2026-01-31T10:00Z", None)).aware is True
    mixed = times_of(objects("2026-01-31T10:00+02:00", "2026-01-31T10:00", "x"))
    assert mixed.aware.tolist() == [True, False, False]
    assert mixed.rows(slice(1, 3)).aware.tolist() == [False, False]


# --- times in a format ----------------------------------------------------------------------------------------------------

FORMATS = [
    *("%d.%m.%Y %H:%M", "%y%m%d %H:%M:%S", "%Y/%m/%d %H:%M:%S.%f", "%m/%d/%Y", "%d-%b-%Y %I:%M %p", "%Y%m%d%H%M%S"),
    *(
        "%d/%m/%Y %H:%M:%S %z",
        "%Y-%m-%d",
        "%d %B %Y",
        "%j %Y",
        "%Y-%m-%dT%H:%M:%S.%f%z",
        "%H:%M %d.%m.%y",
        "%Y-%m-%d %H:%M:%S",
    ),
    *("%a %d %b %Y", "%d.%m.%Y 100%%", "%m.%Y", "%G-W%V-%u", "%d %b %y %H:%M:%S.%f", "%d %b %Y %H:%M %z", "%d~%m~%Y"),
]


def one_digit(text):
    return re.sub(r"(?<!\d)0(\d)(?!\d)", r"\1", text)


@given(
    written=st.sampled_from(FORMATS),
    several=st.lists(st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2060, 1, 1)), min_size=1, max_size=5),
    change=st.sampled_from(
        [str, one_digit, str.upper, lambda text: text + "x", lambda text: text[:-1], lambda text: f" {text} "]
    ),
)
def test_formats_are_read_as_strptime_reads_them(written, several, change):
    zoned = [moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=2))) for moment in several]
    cells = [change(moment.strftime(written)) for moment in zoned]
    expected = []
    for cell in cells:
        try:
            moment = dt.datetime.strptime(cell.strip(), written)
        except ValueError:
            expected.append(None)
        else:
            expected.append(
                ticks(moment.replace(tzinfo=None))
                - round((moment.utcoffset() or dt.timedelta()).total_seconds()) * MICRO
            )
    times = times_of(objects(*cells), written=written)
    assert micros_of(times) == expected
    if any(value is not None for value in expected):
        assert times.aware is ("%z" in written) or not isinstance(times.aware, bool)


@pytest.mark.parametrize("written", ["%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%c", "%d %b %d", "%d%d", "%Y %b %Y"])
def test_the_clock_is_never_read(written):
    times = times_of(objects("now", "today", "NaT", "nan"), written=written)
    assert times.bad.tolist() == [True] * 4


@pytest.mark.parametrize(
    ("text", "written", "moment"),
    [
        ("990131 1:05:09", "%y%m%d %H:%M:%S", "1999-01-31T01:05:09"),
        ("3/4/2026 9:05", "%d/%m/%Y %H:%M", "2026-04-03T09:05"),
        ("3/4/26 9:05", "%d/%m/%y %H:%M", "2026-04-03T09:05"),
        ("31.12.9999 00:00", "%d.%m.%Y %H:%M", "9999-12-31"),
        ("31 Dec 9999", "%d %b %Y", "9999-12-31"),
        ("2014/03/05 7:05:09.25", "%Y/%m/%d %H:%M:%S.%f", "2014-03-05T07:05:09.250000"),
        ("2026-01-31  10:00", "%Y-%m-%d %H:%M", "2026-01-31T10:00"),
        ("Fri Jan 30 10:00:00 2026", "%c", "2026-01-30T10:00"),
        ("10:15", "%H:%M", "1900-01-01T10:15"),
        ("5.3.", "%d.%m.", "1900-03-05"),
    ],
)
def test_times_in_a_format(text, written, moment):
    assert micros_of(times_of(objects(text), written=written)) == [ticks(dt.datetime.fromisoformat(moment))]


def test_fractions_of_nine_digits_in_a_format():
    times = times_of(objects("31.01.2026 10:00:00.123456789"), written="%d.%m.%Y %H:%M:%S.%f")
    assert times.ticks[0] % NANO == 123_456_789


def test_names_of_zones():
    times = times_of(
        objects("31.01.2026 10:00 UTC", "31.01.2026 10:00 gmt", "31.01.2026 10:00 CET"), written="%d.%m.%Y %H:%M %Z"
    )
    assert (times.aware, times.bad.tolist()) == (True, [False, False, True])


def test_cells_that_are_times_need_no_format():
    column = objects(dt.datetime(2026, 1, 31, 10), dt.date(2026, 2, 1), "03.04.2026", None)
    times = times_of(column, written="%d.%m.%Y")
    days = [dt.datetime(2026, 1, 31, 10), dt.datetime(2026, 2, 1), dt.datetime(2026, 4, 3)]
    assert micros_of(times) == [*map(ticks, days), None]
    native = times_of(objects(dt.datetime(2026, 1, 31)), written="unix")
    assert micros_of(native) == [ticks(dt.datetime(2026, 1, 31))]


def test_unix_times():
    for column in (
        pd.Series([1_700_000_000, 0]),
        objects("1700000000", "0"),
        pd.Series([1.7e9, 0.0]),
        pd.Series([1_700_000_000, 0], dtype="Int64"),
    ):
        times = times_of(column, written="unix")
        assert (micros_of(times), times.aware) == ([1_700_000_000 * MICRO, 0], True)
    assert micros_of(times_of(pd.Series([1_700_000_000_123]), written="unix_ms")) == [1_700_000_000_123_000]
    assert micros_of(times_of(objects("1700000000.25"), written="unix")) == [1_700_000_000_250_000]


@pytest.mark.parametrize("far", [2**62, -(2**63), 10**12, np.inf, -np.inf, 1e300])
def test_unix_times_too_far_away(far):
    times = times_of(pd.Series([far, 0]), written="unix")
    assert times.ticks.tolist() == [NAT, 0]
    assert times.bad.tolist() == [True, False]


def test_unix_times_that_are_empty_or_no_numbers():
    times = times_of(objects("5", "", "x", "1e30"), written="unix")
    assert micros_of(times) == [5 * MICRO, None, None, None]
    assert times.bad.tolist() == [False, False, True, True]
    assert times_of(pd.Series([5.0, np.nan]), written="unix").bad is None


# --- times of frames ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_datetimes_of_every_unit(unit):
    column = pd.Series(pd.to_datetime(["2026-01-31 10:00", None])).astype(f"datetime64[{unit}]")
    times = times_of(column)
    assert (micros_of(times), times.aware, times.bad) == ([ticks(dt.datetime(2026, 1, 31, 10)), None], False, None)
    aware = times_of(column.dt.tz_localize("Asia/Tokyo"))
    assert (micros_of(aware), aware.aware) == ([ticks(dt.datetime(2026, 1, 31, 1)), None], True)


def test_datetimes_of_arrow():
    column = arrow([pd.Timestamp("2026-01-31 10:00"), None], "timestamp", unit="ms")
    assert micros_of(times_of(column)) == [ticks(dt.datetime(2026, 1, 31, 10)), None]
    zoned = arrow([dt.datetime(9999, 12, 30, tzinfo=UTC), None], "timestamp", unit="us", tz="Europe/Berlin")
    times = times_of(zoned)
    assert (micros_of(times), times.aware) == ([ticks(dt.datetime(9999, 12, 30)), None], True)
    assert micros_of(times_of(arrow([dt.date(2026, 1, 31)], "date32"))) == [ticks(dt.datetime(2026, 1, 31))]


def test_years_outside_the_calendar_cannot_be_read():
    times = times_of(
        pd.Series(np.array(["9999-12-31T23:59:59", "10000-01-01", "-0001-01-01", "NaT"], dtype="datetime64[s]"))
    )
    assert (times.ticks == NAT).tolist() == [False, True, True, True]
    assert times.bad.tolist() == [False, True, True, False]
    assert times.rows(slice(0, 2)).bad.tolist() == [False, True]


def test_tokens_leave_times_out():
    column = pd.Series(pd.to_datetime(["2026-01-31", "1970-01-01"])).astype("datetime64[us]")
    assert (times_of(column, ["1970-01-01", "?"]).ticks == NAT).tolist() == [False, True]
    assert (times_of(objects("2026-01-31", "9999-12-31"), ["9999-12-31"]).ticks == NAT).tolist() == [False, True]


# --- dates that have several readings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("03/04/2026", [("3 April 2026", "%d/%m/%Y"), ("4 March 2026", "%m/%d/%Y")]),
        ("31.12.2026 10:15", [("31 December 2026", "%d.%m.%Y %H:%M")]),
        ("3/4/26 10:15:30", [("3 April 2026", "%d/%m/%y %H:%M:%S"), ("4 March 2026", "%m/%d/%y %H:%M:%S")]),
        ("2026/3/4", [("4 March 2026", "%Y/%m/%d")]),
        ("2026-3-4T10:15:30.5", [("4 March 2026", "%Y-%m-%dT%H:%M:%S.%f")]),
        (
            "01-02-03",
            [("1 February 2003", "%d-%m-%y"), ("2 January 2003", "%m-%d-%y"), ("3 February 2001", "%y-%m-%d")],
        ),
        ("03/04/2026, 10:15 PM", [("3 April 2026", "%d/%m/%Y, %I:%M %p"), ("4 March 2026", "%m/%d/%Y, %I:%M %p")]),
        ("31/12/2026 10:15 +0200", [("31 December 2026", "%d/%m/%Y %H:%M %z")]),
        ("31/12/2026 10:15Z", [("31 December 2026", "%d/%m/%Y %H:%M%z")]),
        ("2026-12-31 10:15:30 UTC", [("31 December 2026", "%Y-%m-%d %H:%M:%S %Z")]),
        ("31/12/2026 at ten", [("31 December 2026", "%d/%m/%Y")]),
        ("0000-00-00", []),
        ("10.0.0.1", []),
        ("31/31/2026", []),
        ("1/2-2026", []),
        ("soon", []),
    ],
)
def test_readings_of_a_date(text, readings):
    assert looks_like_date(text) == readings
    if not text.endswith("ten"):
        for _, written in readings:
            assert times_of(objects(text), written=written).bad is None


def test_digits_of_other_scripts_are_no_times():
    assert times_of(objects("٣١.١٢.٢٠٢٦"), written="%d.%m.%Y").bad.tolist() == [True]
    assert times_of(objects("٢٠٢٦-١٢-٣١")).bad.tolist() == [True]
