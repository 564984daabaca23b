"""What stays in an engine: which frames do, which versions are refused."""

import duckdb
import narwhals as nw
import pandas as pd
import pytest
from support.helpers import definition

import svclight
from svclight.dialects import frames

DEFINITION = definition('wait: {measure: {value: wait}, green: "<= 30"}')


def test_a_version_that_counts_wrong_is_refused_by_name(monkeypatch):
    pl = pytest.importorskip("polars")
    monkeypatch.setattr(frames, "version", lambda name: {"polars": "1.20.0"}[name])
    frame = pl.DataFrame({"at": ["2026-01-01"], "wait": [1.0]})
    with pytest.raises(
        svclight.SvclightError,
        match=r"^polars 1\.20\.0 is not used: its group_by may count a row several times; install another version of polars$",
    ):
        svclight.score(frame, DEFINITION)


def test_an_engine_that_is_no_package_has_no_version():
    frames.refuse_faulty("not_installed_anywhere")


def test_a_narwhals_frame_is_what_lies_below_it():
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"at": ["2026-01-01"], "wait": [1.0]})
    assert frames.is_lazy(nw.from_native(frame))
    assert frames.is_lazy(nw.from_native(frame).lazy())
    assert not frames.is_lazy(nw.from_native(pd.DataFrame({"at": [1]})))
    assert not frames.is_lazy(frame["at"].to_list())


def test_rows_that_leave_their_engine_are_counted_in_words():
    assert frames.leaving_notice(1, "Polars") == "1 row was brought from Polars to pandas"
    assert frames.leaving_notice(1200, "DuckDB", "why") == "1,200 rows were brought from DuckDB to pandas: why"


@pytest.mark.parametrize("error", [RuntimeError("Query interrupted"), duckdb.InterruptException("Interrupted!")])
def test_an_interrupt_in_duckdb_is_one_of_python(error):
    with pytest.raises(KeyboardInterrupt, match="^$"), frames.interrupts_told():
        raise error


def test_other_errors_stay_what_they_are():
    with pytest.raises(RuntimeError, match="^another$"), frames.interrupts_told():
        raise RuntimeError("another")


@pytest.mark.parametrize(
    ("said", "told"),
    [("called on an Err value: KeyboardInterrupt", KeyboardInterrupt), ("out of range", BaseException)],
)
def test_a_panic_of_polars_is_an_interrupt_where_it_says_so(said, told):
    panic = type("PanicException", (BaseException,), {})
    with pytest.raises(told) as caught, frames.interrupts_told():
        raise panic(said)
    assert isinstance(caught.value, KeyboardInterrupt if told is KeyboardInterrupt else panic)
