"""Arrow and Feather files: each form, types that Parquet has and has not, damage, and pyarrow that is not there."""

# ruff: noqa: DTZ001 - times without a zone are what is tested

import datetime as dt
from importlib.util import find_spec

import pandas as pd
import pytest
from support.needs import need
from support.raw_logs import cells, read_both, zip_of

from svclight.errors import LogError
from svclight.reading import arrow_files

ROWS = [[pd.Timestamp("2026-01-01 10:00"), 10], [pd.Timestamp("2026-01-02 11:00"), 20]]


@pytest.fixture(name="pa")
def _pyarrow():
    need(find_spec("pyarrow"), "pyarrow is not installed")
    import pyarrow as pa

    return pa


def written(pa, path, table, *, stream=False):
    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    with pa.OSFile(str(path), "wb") as sink, make(sink, table.schema) as writer:
        for batch in table.to_batches(max_chunksize=1):
            writer.write_batch(batch)
    return path


def calls(pa):
    times = pa.array([dt.datetime(2026, 1, 1, 10), dt.datetime(2026, 1, 2, 11)], pa.timestamp("us"))
    return pa.table({"id": ["a", "b"], "at": times, "wait": pa.array([10, 20], pa.int32())})


@pytest.mark.parametrize("suffix", [".arrow", ".feather", ".ipc", ".ARROW"])
def test_files_of_several_parts(pa, tmp_path, suffix):
    raw = read_both(written(pa, tmp_path / f"log{suffix}", calls(pa)))
    assert cells(raw) == ROWS
    assert raw.lines.tolist() == [1, 2]


def test_streams_packed_files_and_what_pandas_writes(pa, tmp_path):
    path = written(pa, tmp_path / "log.arrow", calls(pa), stream=True)
    assert cells(read_both(path)) == ROWS
    (tmp_path / "log.zip").write_bytes(zip_of({"log.arrow": path.read_bytes()}))
    assert cells(read_both(tmp_path / "log.zip")) == ROWS
    calls(pa).to_pandas().to_feather(tmp_path / "log.feather", compression="zstd")
    assert cells(read_both(tmp_path / "log.feather")) == ROWS


def test_durations_are_durations_and_words_are_words(pa, tmp_path):
    table = pa.table(
        {
            "at": pa.array(["a", None]).dictionary_encode(),
            "wait": pa.array([1_500, None], pa.duration("ms")),
            "clock": pa.array([dt.time(10, 30), None], pa.time64("us")),
        }
    )
    raw = read_both(written(pa, tmp_path / "log.arrow", table), ["at", "wait", "clock"])
    found = cells(raw)
    assert found[0] == ["a", pd.Timedelta(seconds=1.5), "10:30:00"]
    assert all(pd.isna(cell) for cell in found[1])


def test_only_needed_columns_must_be_ones_that_parquet_has(pa, tmp_path):
    odd = pa.array([(1, 2, 3), None], pa.month_day_nano_interval())
    table = calls(pa).append_column("odd", odd)
    path = written(pa, tmp_path / "log.arrow", table)
    assert cells(read_both(path)) == ROWS
    with pytest.raises(LogError, match="this is no Arrow or Feather file that can be read; "):
        read_both(path, ["odd"])
    with pytest.raises(LogError, match='the log has no column "weit"; did you mean "wait"'):
        read_both(path, ["weit"])


def test_damaged_files(pa, tmp_path):
    path = tmp_path / "log.arrow"
    content = written(pa, path, calls(pa)).read_bytes()
    for end in (*range(0, len(content) - 1, 41), len(content) - 1):
        path.write_bytes(content[:end])
        with pytest.raises(LogError, match=r"log.arrow: (the file is empty|this is no Arrow or Feather file)"):
            read_both(path)
    path.write_text("garbage")
    with pytest.raises(LogError, match="this is no Arrow or Feather file that can be read"):
        read_both(path)


def test_without_pyarrow_it_is_said_what_to_install(write, monkeypatch):
    monkeypatch.setattr(arrow_files, "find_spec", lambda _: None)
    message = r"log.feather: an Arrow file is read by pyarrow, which is not installed; pip install 'svclight\[arrow\]'"
    with pytest.raises(LogError, match=message):
        read_both(write("ARROW1", "log.feather"))
