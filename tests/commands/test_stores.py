"""Stores on the command line: what `score --into` adds and does not read again, and what answers from a store."""

from __future__ import annotations

import os

import duckdb
import pytest
from support.command_line import on_a_terminal, run

import svclight

pytestmark = pytest.mark.once

SERVICE = """
svclight: 1
time_zone: UTC
processes:
  a:
    title: A
    log: {time: at, segments: [team], customer: who}
    criteria:
      w: {measure: {value: n}, green: "<= 5", targets: [{green: ">= 50 %"}, {where: {team: x}, green: ">= 90 %"}]}
"""


def write(path, month, n=1, team="x"):
    rows = "".join(f"{month}-{day:02},{n},{team},c{day}\n" for day in range(1, 29))
    path.write_text("at,n,team,who\n" + rows * 3)


@pytest.fixture
def place(tmp_path):
    (tmp_path / "s.yaml").write_text(SERVICE)
    for month in ("2026-01", "2026-02"):
        write(tmp_path / f"{month}.csv", month)
    return tmp_path


def into(place, month, as_of, *more, code=0):
    options = ("--log", f"a={month}.csv", "--as-of", as_of, "--into", "s.duckdb", *more)
    return run("score", "s.yaml", *options, cwd=place, code=code)


def test_a_month_is_added_and_not_read_again(place):
    assert into(place, "2026-01", "2026-02-01").stdout == "s.duckdb: added as run 1: 1 new period\n"
    assert into(place, "2026-02", "2026-03-01").stdout == "s.duckdb: added as run 2: 1 new period\n"
    unread = "s.duckdb: nothing was read: no file of this call has changed since run 1 counted it\n"
    log = place / "2026-01.csv"
    content, kept = log.read_bytes(), log.stat()
    log.write_bytes(b"?" * len(content))  # what would be read now is no log
    os.utime(log, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert into(place, "2026-01", "2026-02-01").stdout == unread
    # what is asked for is there, too
    shares = into(place, "2026-01", "2026-02-01", "--shares")
    assert (shares.stdout.splitlines()[1][:24], shares.stderr) == ("a,w,2026-01,x,84,84.0,84", unread)
    csv = into(place, "2026-01", "2026-02-01", "-o", "counts.csv")
    assert csv.stdout == unread
    assert "a,w,2026-01,x,green,84" in (place / "counts.csv").read_text()
    log.write_bytes(content)
    os.utime(log, ns=(kept.st_atime_ns, kept.st_mtime_ns + 10**9))
    assert into(place, "2026-01", "2026-02-01").stdout == "s.duckdb: run 1 has the same counts: nothing was added\n"
    assert into(place, "2026-01", "2026-02-01").stdout == unread


@pytest.mark.parametrize(
    "more", [("--matured",), ("--max-unread", "5 %"), ("--period", "day"), ("--customers", "people.csv")]
)
def test_another_question_is_counted(place, more):
    (place / "people.csv").write_text("id,person\nc1,p\n")
    into(place, "2026-01", "2026-02-01")
    assert "nothing was read" not in into(place, "2026-01", "2026-02-01", *more).stdout
    assert "nothing was read" in into(place, "2026-01", "2026-02-01", *more).stdout
    assert "nothing was read" not in into(place, "2026-01", "2026-02-02", *more).stdout
    (place / "s.yaml").write_text(SERVICE.replace("title: A", "title: B"))
    assert "nothing was read" not in into(place, "2026-01", "2026-02-02", *more).stdout


def test_what_was_said_of_a_log_is_said_again(place):
    log = place / "2026-01.csv"
    log.write_text(log.read_text() + "2026-01-03,7\n")  # a line has too few columns
    first = into(place, "2026-01", "2026-02-01").stderr
    assert "1 line was rejected and not counted" in first
    again = into(place, "2026-01", "2026-02-01")
    assert "nothing was read" in again.stdout
    assert "1 line was rejected and not counted" in again.stderr


def test_late_rows_replace_their_month(place):
    into(place, "2026-01", "2026-02-01")
    into(place, "2026-02", "2026-03-01")
    write(place / "2026-01.csv", "2026-01", n=9)
    said = into(place, "2026-01", "2026-03-02").stdout
    assert said == "s.duckdb: added as run 3: 1 period in the place of earlier counts\n"
    write(place / "2026-02.csv", "2026-02", n=9)
    said = into(place, "2026-02", "2026-02-20").stdout
    assert said == "s.duckdb: added as run 4: 1 period of which later counts are there already\n"
    shares = run("score", "--from-store", "s.duckdb", "--shares", cwd=place).stdout.splitlines()
    assert [line.split(",")[2:4] + line.split(",")[6:7] for line in shares[1:]] == [
        ["2026-01", "x", "0"],
        ["2026-02", "x", "84"],
    ]
    told = ("--from-store", "s.duckdb", "--as-told", "2026-03-01")
    before = run("check", *told, "--period", "2026-01", cwd=place).stdout
    assert before.splitlines()[0].startswith("MET         a.w 2026-01: green ≥ 50 %; 100.0 % of 84 rated")
    now = run("check", "--from-store", "s.duckdb", "--period", "2026-01", cwd=place, code=1).stdout
    assert now.splitlines()[0].startswith("MISSED      a.w 2026-01: green ≥ 50 %; 0.0 % of 84 rated")
    run("report", *told, "-o", "told.md", cwd=place)
    assert "100.0 %" in (place / "told.md").read_text("utf-8")
    with duckdb.connect(str(place / "s.duckdb"), read_only=True) as connection:
        verdicts = connection.sql("SELECT run, verdict FROM checks WHERE \"where\" = '' ORDER BY run").fetchall()
    assert verdicts == [(1, "met"), (2, "met"), (3, "no data"), (4, "no data")]


def test_every_command_that_answers_from_counts_answers_from_a_store(place):
    into(place, "2026-01", "2026-02-01")
    into(place, "2026-02", "2026-03-01")
    store = ("--from-store", "s.duckdb")
    assert "2026-01" in run("score", *store, cwd=place).stdout
    assert run("score", *store, "--summary", cwd=place).stdout.splitlines()[1].startswith("a,w,2026-01,x,84,1.0")
    assert "Jan 2026 → Feb 2026" in run("compare", *store, cwd=place).stdout
    assert run("control", *store, cwd=place).stdout.startswith(
        "A, w, green: no limits. It is always 100.0 %, in 2 periods"
    )
    assert "1 line judged" in run("plan", *store, cwd=place).stdout
    assert "0 of 42 not green used" in run("budget", *store, "--period", "2026-02", cwd=place).stdout
    assert "2 whole periods, 6 are needed for a forecast" in run("forecast", *store, cwd=place).stdout
    run("report", *store, "-o", "report.html", cwd=place)
    run("check", "s.yaml", *store, cwd=place)
    assert "A" in on_a_terminal("score", *store, cwd=place)


def test_runs_are_listed(place):
    into(place, "2026-01", "2026-02-01")
    lines = run("runs", "s.duckdb", cwd=place).stdout.splitlines()
    assert lines[0] == "run,as_of,period,split_by,first,last,processes,title,version,definition,svclight"
    assert lines[1].startswith("1,2026-02-01T00:00:00+00:00,month,team,2026-01,2026-01,1,")
    run("runs", "s.duckdb", "-o", "runs.json", cwd=place)
    assert (place / "runs.json").is_file()
    assert "is an input of this call" in run("runs", "s.duckdb", "-o", "s.duckdb", cwd=place, code=2).stderr


def test_tables_and_cards_are_kept_too(place):
    (place / "t.csv").write_text("month,process,criterion,team,green,yellow,red\n2026-03,a,w,x,30,0,10\n")
    table = ("--table", "t.csv", "--as-of", "2026-04-01", "--into", "s.duckdb")
    assert "added as run 1" in run("score", "s.yaml", *table, cwd=place).stdout
    assert "nothing was read" in run("score", "s.yaml", *table, cwd=place).stdout
    both = ("--log", "a=2026-01.csv", "--table", "t.csv", "--as-of", "2026-04-01", "--into", "s.duckdb")
    assert (
        "added as run 2: 1 new period, 1 period in the place of earlier counts"
        in run("score", "s.yaml", *both, cwd=place).stdout
    )
    run("score", "s.yaml", "--log", "a=2026-02.csv", "--by", "team", "-o", "c.svclight", cwd=place)
    said = run("score", "--card", "c.svclight", "--into", "s.duckdb", cwd=place).stdout
    assert said == "s.duckdb: added as run 3: 1 new period\n"
    assert "run 3 has the same counts" in run("score", "--card", "c.svclight", "--into", "s.duckdb", cwd=place).stdout


def test_joined_logs_are_files_of_the_call(place):
    joined = SERVICE.replace(
        "customer: who}", "customer: who, join: {told: {on: {who: id}, fields: {mood: {number: mood}}}}}"
    )
    joined = joined.replace('green: "<= 5"', 'green: "<= 5", applies: {told.mood: "> 1"}')
    (place / "s.yaml").write_text(joined)
    (place / "told.csv").write_text("id,mood\n" + "".join(f"c{day},5\n" for day in range(1, 29)))
    told = ("--log", "told=told.csv")
    assert "added as run 1" in into(place, "2026-01", "2026-02-01", *told).stdout
    assert "nothing was read" in into(place, "2026-01", "2026-02-01", *told).stdout
    (place / "told.csv").write_text("id,mood\nc1,5\n")
    assert "added as run 2" in into(place, "2026-01", "2026-02-01", *told).stdout


def test_what_does_not_go_together_is_refused(place):
    into(place, "2026-01", "2026-02-01")
    store = ("--from-store", "s.duckdb")
    refused = {
        (
            "check",
            *store,
            "--card",
            "c.svclight",
        ): "--card and --from-store are two sources of counts: name one of them",
        (
            "check",
            "s.yaml",
            "--log",
            "a=2026-01.csv",
            "--as-told",
            "2026-01-01",
        ): "--as-told asks a store, and none was given",
        (
            "check",
            "s.yaml",
            *store,
            "--log",
            "a=2026-01.csv",
        ): "--from-store is a store that was counted: it stands without --log and --table",
        ("check", *store, "--as-of", "2026-03-01"): "--as-of cannot stand beside --from-store",
        ("score", "s.yaml", "--log", "a=2026-01.csv", "--into", "2026-01.csv"): "is an input of this call",
        ("check", "--from-store", "none.duckdb"): "there is no such store",
        ("check", *store, "--max-rejected", "0", "--as-told", "2025-01-01"): "nothing had been told by then",
        ("score", *store, "--by", "place"): 'no run is split by "place"',
    }
    for arguments, said in refused.items():
        assert said in run(*arguments, cwd=place, code=2).stderr


def test_a_log_that_lies_in_no_file_is_always_counted(place):
    from svclight.commands.common import Given
    from svclight.commands.stores import _question_of

    assert _question_of(Given(None, card=place / "c.svclight"), {"customers": None}) is None
    assert _question_of(Given(place / "s.yaml", [f"a={place / '2026-01.csv'}"]), {"customers": None}) is not None


def test_a_file_that_is_not_there_is_told_as_ever(place):
    table = ("--table", "none.csv", "--into", "s.duckdb")
    assert "none.csv: there is no such file" in run("score", "s.yaml", *table, cwd=place, code=2).stderr
    assert not (place / "s.duckdb").exists()


def test_an_empty_log_is_kept_with_its_code(place):
    (place / "2026-01.csv").write_text("at,n,team,who\n")
    assert into(place, "2026-01", "2026-02-01", code=3).stdout == "s.duckdb: added as run 1: no period\n"
    assert svclight.store.runs_of(place / "s.duckdb")["processes"].tolist() == [0]
