"""The file of a store: all or nothing, one after the other, nothing twice; and what is no store is refused."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import duckdb
import pandas as pd
import pytest

import svclight
from svclight.store import store_file
from svclight.store.store_file import opened_store
from svclight.store.told_card import card_of_run

TEXT = """
svclight: 1
time_zone: UTC
processes:
  hotline:
    title: Hotline
    log: {time: at, segments: [team], customer: who, fields: {waited: {number: waited, unit: s}}}
    criteria:
      wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
"""
ROWS = pd.DataFrame(
    {
        "at": ["2026-01-05 09:00", "2026-01-06", "2026-01-07"],
        "waited": ["10", "90", "?"],
        "team": ["a", None, "a"],
        "who": "Ann Smith",
    }
)
WRITER = """
import sys, pandas as pd, svclight
path, first, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
definitions = svclight.loads(sys.stdin.read())
for number in range(first, first + runs):
    rows = pd.DataFrame({"at": "2026-01-05", "waited": [10] * number, "team": "a", "who": "c"})
    svclight.store.add_run(svclight.score(rows, definitions, as_of=f"2026-02-{number:02}"), path)
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "service.duckdb"


def card(as_of="2026-02-01", **options):
    return svclight.score(ROWS, svclight.loads(TEXT), as_of=as_of, by="team", max_unread=1, **options)


def writer(path, first, runs):
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(first), str(runs)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    process.stdin.write(TEXT)
    process.stdin.close()
    return process


def is_whole(path):
    """Each run has all of its rows, and opens."""
    with opened_store(path) as store:
        for run in store.runs():
            found = svclight.store.card_of(path, as_told=run.as_of) if run.number else None
            assert found is not None
            assert store.rows("SELECT count(*) FROM counts WHERE run = ?", [run.number]) == [(7,)]
            for table in ("periods", "summary", "checks"):
                assert store.rows(f"SELECT count(*) FROM {table} WHERE run = ?", [run.number]) == [(1,)]
        return [run.number for run in store.runs()]


def test_it_can_be_asked_by_itself(path):
    svclight.store.add_run(card(), path)
    with duckdb.connect(str(path), read_only=True) as connection:
        counts = connection.sql(
            "SELECT segments['team'], zone, count FROM counts WHERE count > 0 ORDER BY ALL"
        ).fetchall()
        assert counts == [("", "red", 1), ("a", "green", 1), ("a", "missing", 1)]
        assert connection.sql(
            "SELECT measured, mean, unit FROM summary WHERE measured > 0 ORDER BY mean"
        ).fetchall() == [
            (1, 10.0, "s"),
            (1, 90.0, "s"),
        ]
        assert connection.sql("SELECT process, field, cells, unread FROM unread").fetchall() == [
            ("hotline", "waited", 3, 1)
        ]
        assert connection.sql("SELECT criterion, zone, target, verdict FROM checks").fetchall() == [
            ("wait", "green", ">= 80 %", "no data")
        ]
        assert connection.sql("SELECT run, as_of, seen, split_by, definition FROM runs").fetchall() == [
            (1, "2026-02-01T00:00:00+00:00", 1769904000000000, ["team"], svclight.loads(TEXT).hash)
        ]


def test_no_customer_and_no_cell_stands_in_it(path):
    svclight.store.add_run(card(), path)
    assert b"Ann Smith" not in path.read_bytes()
    with opened_store(path) as store:
        assert card_of_run(store, 1).unread["example"].tolist() == [""]


def test_the_same_counts_are_there_once(path):
    assert [svclight.store.add_run(one, path) for one in (card(), card(), card("2026-02-02"), card())] == [1, 1, 2, 1]
    assert svclight.store.runs_of(path)["run"].tolist() == [1, 2]
    found = svclight.store.runs_of(path).iloc[0]
    assert (found["first"], found["last"], found["processes"], found["split_by"]) == ("2026-01", "2026-01", 1, "team")


def test_two_who_write_lose_nothing_and_add_nothing_twice(path):
    with writer(path, 1, 6) as first, writer(path, 4, 6) as second:  # three runs are those of both
        assert [first.wait(60), second.wait(60)] == [0, 0]
    assert is_whole(path) == list(range(1, 10))
    assert sorted(svclight.store.runs_of(path)["as_of"].str[:10]) == [f"2026-02-{day:02}" for day in range(1, 10)]


def test_a_kill_in_the_middle_leaves_whole_runs(path):
    for first in (1, 8, 15):
        with writer(path, first, 7) as process:
            assert process.stdout.readline()  # one run is there
            time.sleep(0.03 * first)  # in the midst of another run each time
            process.send_signal(signal.SIGKILL)
            said = [first, *map(int, process.stdout.read().split())]
        days = svclight.store.runs_of(path)["as_of"].str[8:10].astype(int).tolist()
        assert set(said) <= set(days)  # what was said to be there is there
        assert len(set(days)) == len(days)
        is_whole(path)


def test_a_write_that_fails_leaves_nothing(path, monkeypatch):
    svclight.store.add_run(card(), path)
    monkeypatch.setattr("svclight.store.rows_of", lambda made: {"periods": made.counts})
    with pytest.raises(svclight.SvclightError, match="this store cannot be used"):
        svclight.store.add_run(card("2026-02-02"), path)
    assert svclight.store.runs_of(path)["run"].tolist() == [1]


def test_who_finds_it_in_use_waits_and_says_so_in_the_end(path, monkeypatch):
    svclight.store.add_run(card(), path)
    monkeypatch.setattr(store_file, "_ATTEMPTS", 2)
    monkeypatch.setattr(store_file, "_PAUSE", 0)
    with (
        duckdb.connect(str(path)),
        pytest.raises(svclight.SvclightError, match="somebody else has this store open; close it"),
    ):
        svclight.store.add_run(card("2026-02-02"), path)
    svclight.store.add_run(card("2026-02-02"), path)


def test_what_is_no_store_is_refused(path):
    for call in (svclight.store.runs_of, svclight.store.card_of):
        with pytest.raises(
            svclight.SvclightError, match="there is no such store; `svclight score … --into FILE` makes one"
        ):
            call(path)
    path.write_bytes(b"at,waited\n" * 1000)
    for call in (svclight.store.runs_of, lambda where: svclight.store.add_run(card(), where)):
        with pytest.raises(
            svclight.SvclightError, match="this store cannot be used; found IO Error: The file .* not a valid DuckDB"
        ):
            call(path)
    path.unlink()
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE counts (a INTEGER)")
    with pytest.raises(
        svclight.SvclightError, match='this is a database, but no store; found "counts"; name a new file'
    ):
        svclight.store.card_of(path)
    with pytest.raises(svclight.SvclightError, match='this is a database, but no store; found "counts"'):
        svclight.store.add_run(card(), path)
    with pytest.raises(svclight.SvclightError, match="path of svclight.store.card_of"):
        svclight.store.card_of(7)
    with pytest.raises(svclight.SvclightError, match="svclight.store.add_run takes a card"):
        svclight.store.add_run(ROWS, path)


def test_a_store_of_another_format_is_refused(path):
    svclight.store.add_run(card(), path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE store SET format = 2")
    for call in (svclight.store.card_of, lambda where: svclight.store.add_run(card(), where)):
        with pytest.raises(svclight.SvclightError, match="unknown format of a store; found 2; expected 1"):
            call(path)


def test_a_store_without_runs_says_so(path):
    with opened_store(path, writes=True):
        pass
    with pytest.raises(
        svclight.SvclightError, match="there is no run in this store; `svclight score … --into FILE` adds one"
    ):
        svclight.store.card_of(path, as_told="2026-01-01")
    assert len(svclight.store.runs_of(path)) == 0


def test_a_new_store_stands_in_its_place_only_when_it_is_whole(path, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.link", stopped)
    with pytest.raises(KeyboardInterrupt):
        svclight.store.add_run(card(), path)
    assert list(path.parent.iterdir()) == []
    monkeypatch.undo()

    def made_meanwhile(beside, place):
        with duckdb.connect(str(place)) as connection:
            connection.execute(f"ATTACH '{beside}' AS made (READ_ONLY)")
            connection.execute("COPY FROM DATABASE made TO service")
        raise FileExistsError

    monkeypatch.setattr("os.link", made_meanwhile)
    assert svclight.store.add_run(card(), path) == 1
    assert [one.name for one in path.parent.iterdir()] == ["service.duckdb"]


def test_where_a_store_cannot_be_made(path, monkeypatch):
    with pytest.raises(svclight.SvclightError, match="nowhere/s.duckdb: there is no such folder"):
        svclight.store.add_run(card(), path.parent / "nowhere" / "s.duckdb")

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.link", refused)
    with pytest.raises(svclight.SvclightError, match="service.duckdb: the file cannot be written: Permission denied"):
        svclight.store.add_run(card(), path)


@pytest.mark.parametrize(
    "damage", ["split_by = NULL", "period = 'lustrum'", "seen = NULL", "split_by = ['a', NULL]", "matured = NULL"]
)
def test_a_damaged_run_is_told(path, damage):
    svclight.store.add_run(card(), path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"UPDATE runs SET {damage}")
    with pytest.raises(svclight.SvclightError, match='service.duckdb: a run of this store is damaged; found "1"'):
        svclight.store.card_of(path)


def test_what_stands_in_a_store_reads_no_other_file(path, tmp_path):
    svclight.store.add_run(card(), path)
    secret = tmp_path / "secret.csv"
    secret.write_text("run\n1\n")
    with duckdb.connect(str(path)) as connection:
        connection.execute("ALTER TABLE runs RENAME TO before")
        connection.execute(f"CREATE VIEW runs AS SELECT before.* FROM before JOIN read_csv('{secret}') USING (run)")
    with pytest.raises(svclight.SvclightError, match="this store cannot be used; found Permission Error"):
        svclight.store.card_of(path)


def test_a_card_in_it_is_looked_at_as_one_in_a_file_is(path):
    svclight.store.add_run(card(), path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE runs SET card = 'nothing'::BLOB")
    with pytest.raises(svclight.SvclightError, match="service.duckdb, run 1: this is no saved card, or it is damaged"):
        svclight.store.card_of(path)


def test_segments_differ_by_the_case_of_their_letters(path):
    text = TEXT.replace("[team]", "[Zone, team, Team, Count]")
    rows = ROWS.assign(Zone=["z1", "z2", "z1"], Team="T", Count="c", team="t")
    names = ["Zone", "team", "Team", "Count"]
    svclight.store.add_run(svclight.score(rows, svclight.loads(text), as_of="2026-02-01", by=names, max_unread=1), path)
    with duckdb.connect(str(path), read_only=True) as connection:
        counts = connection.sql("SELECT segments, zone FROM counts WHERE count > 0 ORDER BY ALL").fetchall()
    others = {"team": "t", "Team": "T", "Count": "c"}
    assert counts == [
        ({"Zone": "z1", **others}, "green"),
        ({"Zone": "z1", **others}, "missing"),
        ({"Zone": "z2", **others}, "red"),
    ]


def test_a_segment_may_have_any_name(path):
    name = 'it\'s "new"'
    text = TEXT.replace("[team]", f"['{name.replace(chr(39), chr(39) * 2)}']")
    rows = ROWS.rename(columns={"team": name})
    made = svclight.score(rows, svclight.loads(text), as_of="2026-02-01", by=name, max_unread=1)
    svclight.store.add_run(made, path)
    pd.testing.assert_frame_equal(svclight.store.card_of(path).counts, made.counts)
