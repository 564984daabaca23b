"""The command line as a user meets it: results, exit codes, messages without a trace of Python."""

import contextlib
import gzip
import importlib.metadata
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

import duckdb
import pytest
from support.command_line import Stream, ended, on_a_terminal, run

import svclight

DEFINITION = """
svclight: 1
title: T
time_zone: UTC
processes:
  p:
    title: Process
    log: {time: at, id: id, customer: who, segments: [kind]}
    criteria:
      c: {title: Waiting, measure: {value: x}, green: "<= 5", yellow: "<= 8", targets: TARGETS}
"""
HEADER = "id,at,x,kind,who\n"


@pytest.fixture
def definition(tmp_path) -> Path:
    path = tmp_path / "service.yaml"
    path.write_text(DEFINITION.replace("TARGETS", '{green: ">= 80 %"}'))
    return path


def log_of(path: Path, green: int, red: int, month: str = "2026-01", days: int = 31) -> Path:
    rows = [f"{i},{month}-{i % days + 1:02},{1 if i < green else 9},k,customer {i}\n" for i in range(green + red)]
    path.write_text(HEADER + "".join(rows))
    return path


def test_help_shows_an_example_of_every_command():
    commands = (
        "demo",
        "init",
        "validate",
        "describe",
        "schema",
        "score",
        "interactions",
        "report",
        "check",
        "diff",
        "calibrate",
    )
    listed = run("--help").stdout
    for command in commands:
        assert command in listed
        assert f"Example: svclight {command}" in " ".join(run(command, "--help").stdout.split())


def test_validate(definition, tmp_path):
    assert "fine (processes: 1, criteria: 1" in run("validate", definition).stdout
    bad = tmp_path / "bad.yaml"
    bad.write_text(DEFINITION.replace("TARGETS", "{gren: 1}").replace("<= 8", "<= 3"))
    done = run("validate", bad, code=2)
    assert f'error: {bad}:10: processes.p.criteria.c.targets.gren: unknown key "gren"' in done.stderr
    assert 'did you mean "green"?' in done.stderr
    assert "is not wider than green" in done.stderr
    assert "there is no such file" in run("validate", tmp_path / "no.yaml", code=2).stderr


def test_describe_speaks_the_language_of_the_definition_or_the_one_asked_for(tmp_path):
    path = tmp_path / "service.yaml"
    path.write_text("svclight: 1\nlanguage: ru\ntime_zone: UTC\nprocesses: {hotline: {title: Линия}}\n", "utf-8")
    assert run("describe", path).stdout == "# Стандарт обслуживания\n\nЧасовой пояс: UTC\n\n## Линия\n"
    assert run("describe", path, "--lang", "en").stdout == "# Service standard\n\nTime zone: UTC\n\n## Линия\n"
    done = run("describe", path, "--lang", "de", code=2)
    assert 'unknown language; found "de"; expected "en", "ru"' in done.stderr


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ((), "review due on 30 Nov 2026"),
        (("--as-of", "2026-11-30"), "review due on 30 Nov 2026"),
        (("--as-of", "2026-11-30T23:30"), "review due on 30 Nov 2026"),
        (("--as-of", "2026-12-01"), "review overdue: it was due on 30 Nov 2026"),
    ],
)
def test_validate_says_when_the_review_is_due(tmp_path, as_of, said):
    # three months after the last of August is the last of November
    (tmp_path / "service.yaml").write_text(
        "svclight: 1\nreviewed: 2026-08-31\nreview_every: 3 months\ntime_zone: Europe/Berlin\n"
        "processes: {hotline: {title: Hotline}}\n"
    )
    assert run("validate", tmp_path / "service.yaml", *as_of).stdout.splitlines()[1] == said


def test_describe_and_schema(definition, tmp_path):
    assert "# T" in run("describe", definition).stdout
    run("describe", definition, "-o", tmp_path / "standard.md")
    assert "at most 5" in (tmp_path / "standard.md").read_text()
    assert json.loads(run("schema").stdout)["title"] == "svclight definition"


@pytest.mark.parametrize(
    ("kind", "options"), [("hotline", []), ("helpdesk", ["--lang", "en"]), ("chat", ["--lang", "ru"])]
)
def test_init_gives_a_definition_that_loads(kind, options, tmp_path):
    path = tmp_path / "service.yaml"
    path.write_text(run("init", kind, *options).stdout, "utf-8")
    definitions = svclight.load(path)
    assert kind in definitions.processes
    assert definitions.document.time_zone == ("Europe/Moscow" if "ru" in options else "Europe/Berlin")
    run("init", kind, *options, "-o", tmp_path / "other.yaml")
    assert (tmp_path / "other.yaml").read_bytes() == path.read_bytes()


def test_init_of_what_is_not_there():
    said = run("init", "hotlin", "--lang", "rus", code=2).stderr
    assert 'there is no ready definition for "hotlin"; expected one of "hotline", "chat", "email"' in said
    assert 'did you mean "hotline"?' in said
    assert 'there is no ready definition in the language "rus"; expected one of "en", "ru"; did you mean "ru"?' in said


def test_init_lists_what_there_is():
    listed = " ".join(run("init", "--help").stdout.split())
    assert (
        "One of hotline, chat, email, self_service, helpdesk, field, ordering, delivery, returns, complaints," in listed
    )
    # older versions of Typer show an escaped bracket
    assert "The language of titles and comments, en or ru; of a sheet that of its DEFINITION." in listed.replace(
        "\\[", "["
    )


def test_score_gives_csv_where_the_output_is_no_terminal(definition, tmp_path):
    log = log_of(tmp_path / "log.csv", 3, 1)
    lines = run("score", definition, "--log", f"p={log}", "--by", "kind").stdout.splitlines()
    assert lines[:2] == ["process,criterion,period,kind,zone,count", "p,c,2026-01,k,green,3"]
    assert run("score", definition, "--log", log).stdout.splitlines()[1] == "p,c,2026-01,green,3"


@pytest.mark.parametrize("name", ["counts.csv", "counts.json", "counts.parquet", "card.svclight"])
def test_score_writes_by_suffix(definition, tmp_path, name):
    log = log_of(tmp_path / "log.csv", 3, 1)
    run("score", definition, "--log", f"p={log}", "-o", tmp_path / name)
    assert (tmp_path / name).stat().st_size > 50
    if name.endswith("svclight"):
        assert svclight.Scorecard.open(tmp_path / name).counts["count"].sum() == 4


def test_score_gives_the_summary(definition, tmp_path):
    log = log_of(tmp_path / "log.csv", 3, 1)
    lines = run("score", definition, "--log", f"p={log}", "--summary", "--by", "kind").stdout.splitlines()
    # 1, 1, 1 and 9: 12 / 4 = 3; the 90 % point at 2.7 of the ranks 0 to 3: 1 + 0.7 * 8 = 6.6
    assert lines[0] == "process,criterion,period,kind,measured,mean,median,p90,sum,unit"
    assert lines[1].startswith("p,c,2026-01,k,4,3.0,1.0,6.6")
    assert lines[1].endswith(",12.0,")
    run("score", definition, "--log", f"p={log}", "--summary", "-o", tmp_path / "summary.parquet")
    written = duckdb.sql(f"SELECT sum FROM '{tmp_path / 'summary.parquet'}'").fetchall()
    assert written == [(12.0,)]
    wrong = run("score", definition, "--log", f"p={log}", "--summary", "-o", tmp_path / "card.svclight", code=2).stderr
    assert "expected a name that ends in .csv, .json, .parquet" in wrong
    text = on_a_terminal("score", str(definition), "--log", f"p={log}", "--summary")
    assert "90 % up to" in text
    assert "p.c" in text


def test_score_takes_several_files_and_globs(definition, tmp_path):
    for name in ("a.csv", "b.csv"):
        log_of(tmp_path / name, 2, 0, days=2)
        (tmp_path / name).write_text(
            (tmp_path / name)
            .read_text()
            .replace("\n", f"{name}\n")
            .replace(f"who{name}", "who")
            .replace("\n0,", f"\n{name}0,")
            .replace("\n1,", f"\n{name}1,")
        )
    for logs in (["--log", f"p={tmp_path}/*.csv"], ["--log", f"p={tmp_path}/a.csv", "--log", f"p={tmp_path}/b.csv"]):
        assert "p,c,2026-01,green,4" in run("score", definition, *logs).stdout


def test_score_on_a_terminal_shows_the_table(definition, tmp_path):
    log = log_of(tmp_path / "log.csv", 3, 1)
    text = on_a_terminal("score", str(definition), "--log", f"p={log}")
    assert "75.0" in text
    assert "n=4" in text
    assert "\x1b[" in text


def test_score_on_a_terminal_begins_with_the_answer(definition, tmp_path):
    log = log_of(tmp_path / "log.csv", 760, 240)
    text = uncoloured(on_a_terminal("score", str(definition), "--log", f"p={log}"))
    assert text.startswith("The only target is missed\nGood: No target is met for sure.\n")
    # 760 of 1000; Wilson: 0.7326 to 0.7854
    for said in ("76.0 %", "73.3 to 78.5 %", "1,000 rated", "✕ missed", "✕ green ≥ 80 %", "no comparison"):
        assert said in text
    assert "n=1,000" in text  # one month fits, so the table of months stands below
    russian = uncoloured(on_a_terminal("score", str(definition), "--log", f"p={log}", "--lang", "ru"))
    assert russian.startswith("Единственная цель не достигнута\n")
    assert "✕ не достигнут" in russian


def test_score_on_a_terminal_loses_no_note(definition, tmp_path):
    months = [log_of(tmp_path / f"{month}.csv", 3, 1, f"2025-{month:02}") for month in range(1, 13)]
    rows = [
        line.replace(",", f"-{at},", 1) for at, path in enumerate(months) for line in path.read_text().split("\n")[1:-1]
    ]
    log = tmp_path / "log.csv"
    log.write_text(HEADER + "\n".join([*rows, "u,2025-12-01,soon,k,c", "v,never,1,k,c", "w,2025"]) + "\n")
    text = uncoloured(on_a_terminal("score", str(definition), "--log", f"p={log}", "--as-of", "2026-02-01"))
    assert "Not rated in all periods:\n  Waiting: 2 missing\n" in text
    assert "without a usable time: 1" in text
    assert "lines that could not be read, and are not counted: 1" in text
    assert "50 interactions" in text  # 12 months of 4, and the two that are told
    assert "--months" in text
    assert "n=4" not in text
    assert "n=4" in uncoloured(
        on_a_terminal("score", str(definition), "--log", f"p={log}", "--as-of", "2026-02-01", "--months")
    )


def test_a_card_that_is_not_split_as_its_targets_need_says_so(tmp_path):
    path = tmp_path / "service.yaml"
    path.write_text(DEFINITION.replace("TARGETS", '[{where: {kind: k}, green: ">= 80 %"}]'))
    log = log_of(tmp_path / "log.csv", 760, 240)
    assert re.search(
        r"✕ green ≥ 80 % +.*\n.*\(kind is k\)", uncoloured(on_a_terminal("score", path, "--log", f"p={log}"))
    )
    run("score", path, "--log", f"p={log}", "-o", tmp_path / "card.svclight")
    text = " ".join(uncoloured(on_a_terminal("score", "--card", tmp_path / "card.svclight")).split())
    assert "the target for kind is k is not judged, as the card is not split so" in text
    assert "n=1,000" in text


def test_check_plan_and_compare_on_a_terminal_begin_with_the_sentence(definition, tmp_path):
    log = log_of(tmp_path / "log.csv", 860, 140)
    log_of(tmp_path / "next.csv", 850, 150, "2026-02", days=28)
    both = tmp_path / "both.csv"
    both.write_text(
        log.read_text() + "".join(f"n{line}\n" for line in (tmp_path / "next.csv").read_text().split("\n")[1:-1])
    )
    given = (definition, "--log", f"p={both}", "--as-of", "2026-03-02")
    checked = uncoloured(on_a_terminal("check", *given))
    assert checked.startswith("The only target is met\n")
    assert "✓ met" in checked
    assert checked.splitlines()[-1].startswith("MET         p.c 2026-02 (Waiting): green ≥ 80 %; 85.0 % of 1,000 rated")
    planned = uncoloured(on_a_terminal("plan", *given))
    assert planned.startswith("Mend first: Nothing that is judged lies beyond its target.\n")
    compared = uncoloured(on_a_terminal("compare", *given))
    assert compared.startswith("Jan 2026 → Feb 2026: nothing changed by more than chance\n")
    for said in ("before: 86.0 %", "= only chance"):
        assert said in compared
    assert run("check", *given).stdout.startswith("MET         p.c 2026-02")  # for machines nothing else


def uncoloured(text: str) -> str:
    """What a terminal shows, without colours and blanks at the ends of lines."""
    return "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", text).split("\n"))


def test_interactions(definition, tmp_path):
    log = log_of(tmp_path / "log.csv", 3, 1)
    done = run(
        "interactions", definition, "--log", f"p={log}", "--criterion", "p.c", "--zone", "red", "--period", "2026-01"
    )
    assert done.stdout.splitlines()[1].startswith("p,c,2026-01,3,customer 3,2026-01-04 00:00:00+00:00,9.0")
    hidden = run("interactions", definition, "--log", f"p={log}", "--pseudonymise", "secret", "-o", tmp_path / "i.csv")
    assert hidden.stdout == ""
    assert "customer" not in (tmp_path / "i.csv").read_text().splitlines()[1]
    assert (
        "a criterion is named with its process"
        in run("interactions", definition, "--log", log, "--criterion", "c", code=2).stderr
    )
    assert 'unknown zone; found "rad"' in run("interactions", definition, "--log", log, "--zone", "rad", code=2).stderr
    assert "this is no period" in run("interactions", definition, "--log", log, "--period", "soon", code=2).stderr


@pytest.mark.parametrize(("green", "red", "code"), [(850, 150, 0), (760, 240, 1), (780, 220, 0), (20, 0, 3)])
def test_check(definition, tmp_path, green, red, code):
    log = log_of(tmp_path / "log.csv", green, red)
    done = run("check", definition, "--log", f"p={log}", code=code)
    assert done.stdout.startswith({0: ("MET", "CANNOT TELL"), 1: ("MISSED",), 3: ("NO DATA",)}[code])


def test_check_strict_files_and_periods(definition, tmp_path):
    log = log_of(tmp_path / "log.csv", 780, 220)
    run("check", definition, "--log", log, "--strict", code=1)
    run(
        "check",
        definition,
        "--log",
        log,
        "--junit",
        tmp_path / "j.xml",
        "--markdown",
        tmp_path / "m.md",
        "--period",
        "2026-01",
    )
    assert b"<testsuite" in (tmp_path / "j.xml").read_bytes()
    assert (
        (tmp_path / "m.md").read_text().startswith("**Whether the only target is met cannot be told**\n\n| Criterion |")
    )
    assert (
        "the periods are of different kinds"
        in run("check", definition, "--log", log, "--period", "2026-01", "--period", "2026", code=2).stderr
    )
    assert (
        "no rated interaction in Jan 2031"
        in run("check", definition, "--log", log, "--period", "2031-01", code=3).stdout
    )


def test_report(definition, tmp_path):
    log = log_of(tmp_path / "log.csv", 78, 22)
    for name in ("report.html", "report.md", "report.xlsx"):
        assert run("report", definition, "--log", log, "-o", tmp_path / name).stdout.strip() == str(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 200
    assert "error: " in run("report", definition, "--log", log, "-o", tmp_path / "report.pdf", code=2).stderr


def test_demo_ends_with_the_path_of_its_report(tmp_path):
    lines = run("demo", cwd=tmp_path).stdout.splitlines()
    assert Path(lines[-1]) == tmp_path / "svclight-demo" / "report.html"
    assert Path(lines[-1]).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "green" in "\n".join(lines)
    (tmp_path / "file").write_text("")
    assert "the folder cannot be made" in run("demo", "-o", tmp_path / "file", code=2).stderr


def test_rejected_lines_and_notices_go_to_standard_error(definition, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(HEADER + "1,2026-01-15,1,k,w\n" + "broken \x1b[31m\n" * 7 + "2,2026-09-15,1,k,w\n")
    done = run("score", definition, "--log", log)
    assert "note: 7 lines were rejected and not counted:" in done.stderr
    assert f'{log.name}:3: 1 columns found, 5 expected; found "broken \\x1b[31m"' in done.stderr
    assert "and 2 more" in done.stderr
    assert "note: as_of is 2026-09-15" in done.stderr
    assert "\x1b" not in done.stderr + done.stdout
    assert (
        "7 lines were rejected, at most 6 are bearable"
        in run("score", definition, "--log", log, "--max-rejected", 6, code=2).stderr
    )


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"", 2, "the file is empty"),
        (HEADER.encode(), 3, "no interaction could be rated"),
        (b"\x00\x01\x02" * 100, 2, "this is no text file"),
        (HEADER.replace(",", ";").encode() + b"1;2026-01-15;1;k;w\n", 2, 'read: {delimiter: ";"}'),
        (b"id,at,kind,who\n1,2026-01-15,k,w\n", 2, 'the log has no column "x"'),
        ((HEADER + "1,2026-01-15,,k,w\n").encode(), 3, "no interaction could be rated"),
        ((HEADER + f"1,2026-01-15,{'9' * 10_000},k,w\n").encode(), 3, "no interaction could be rated"),
        (
            (HEADER + "1,03/04/2026,1,k,w\n").encode(),
            2,
            '3 April 2026 (format: "%d/%m/%Y") or 4 March 2026 (format: "%m/%d/%Y")',
        ),
    ],
)
def test_bad_logs(definition, tmp_path, content, code, message):
    log = tmp_path / "log.csv"
    log.write_bytes(content)
    text = definition.read_text().replace(
        "segments: [kind]}", "segments: [kind], fields: {at: {time: at}, x: {number: x}}}"
    )
    definition.write_text(text)
    assert message in run("score", definition, "--log", f"p={log}", code=code).stderr


def test_truncated_gzip(definition, tmp_path):
    whole = gzip.compress(log_of(tmp_path / "log.csv", 5000, 0).read_bytes())
    (tmp_path / "log.csv.gz").write_bytes(whole[: len(whole) // 2])
    assert (
        "the compressed file ends in the middle"
        in run("score", definition, "--log", f"p={tmp_path}/log.csv.gz", code=2).stderr
    )


@pytest.mark.parametrize(
    ("logs", "message"),
    [
        ([], "no log was given"),
        (["--log", "q=log.csv"], 'a log was given for the unknown process "q"'),
        (["--log", "p="], "the log has no file"),
        (["--log", "p=no.csv"], "no.csv: there is no such file"),
    ],
)
def test_wrong_calls(definition, logs, message):
    assert message in run("score", definition, *logs, code=2).stderr


def test_outputs_that_cannot_be_written(definition, tmp_path):
    log = log_of(tmp_path / "log.csv", 3, 1)
    before = sorted(tmp_path.iterdir())
    for arguments in (["score", definition, "--log", log], ["report", definition, "--log", log]):
        name = "no/counts.csv" if arguments[0] == "score" else "no/report.html"
        assert "the file cannot be written" in run(*arguments, "-o", tmp_path / name, code=2).stderr
    assert (
        'unknown kind of file; found "counts.txt"'
        in run("score", definition, "--log", log, "-o", "counts.txt", code=2).stderr
    )
    assert sorted(tmp_path.iterdir()) == before


def test_without_targets_there_is_nothing_to_judge(definition, tmp_path):
    definition.write_text(DEFINITION.replace(", targets: TARGETS", ""))
    done = run("check", definition, "--log", log_of(tmp_path / "log.csv", 30, 1), code=3)
    assert done.stdout == "no targets are declared: there is nothing to judge\n"


# --- how a command ends -----------------------------------------------------------------------------------------------


def test_the_version():
    assert run("--version").stdout == f"svclight {importlib.metadata.version('svclight')}\n"


def failing(error: BaseException):
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (RecursionError("maximum recursion depth exceeded"), 2, "error: svclight itself failed, and nothing that you gave is wrong; found RecursionError: maximum recursion depth exceeded; run it again with --debug to see where\n"),
        (KeyError("x"), 2, "found KeyError: 'x'; run it"),
        (AssertionError("two\nlines"), 2, "found AssertionError: two\\nlines; run it"),
        (SystemError(), 2, "svclight itself failed"),
        (MemoryError(), 2, "error: there is not enough memory for this log\n"),
        (OSError(28, "No space left on device", "x.csv"), 2, "error: x.csv: No space left on device\n"),
        (OSError("odd"), 2, "svclight itself failed, and nothing that you gave is wrong; found OSError: odd"),
        (svclight.LogError("wrong log"), 2, "error: wrong log\n"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(32, "Broken pipe"), 0, ""),
    ],
)  # fmt: skip
def test_no_fault_ends_with_1(monkeypatch, definition, error, code, said):
    monkeypatch.setattr("svclight.commands.definition.load_definitions", failing(error))
    done = run("validate", definition, code=code)
    assert said in done.stderr
    assert done.stderr.count("\n") == (1 if said else 0)  # one line that says so


@pytest.mark.parametrize("arguments", [("validate", "--debug", "no.yaml"), ("--debug", "validate", "no.yaml")])
def test_debug_shows_where(arguments, tmp_path):
    out, err = Stream(), Stream()
    assert ended(arguments, out, err, tmp_path, {"COLUMNS": "80"}) == 2
    assert "Traceback (most recent call last)" in err.text()
    assert err.text().endswith("error: no.yaml: there is no such file\n")


def test_debug_is_taken_by_every_command():
    listed = run("--help").stdout.split("Commands:")[1]
    commands = [line.split()[0] for line in listed.splitlines() if line.startswith("  ")]
    assert len(commands) >= 17
    for command in commands:
        assert "--debug" in run(command, "--help").stdout


def test_a_call_that_is_wrong_ends_with_2():
    assert "No such option: --bad" in run("score", "--bad", code=2).stderr
    assert "No such command 'scor'" in run("scor", code=2).stderr
    assert "Missing option '-o' / '--output'" in run("report", code=2).stderr


# --- what only a process of its own shows -----------------------------------------------------------------------------

COMMAND = (sys.executable, "-W", "error", "-m", "svclight.cli")


def surroundings(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(svclight.__file__).parent.parent), "COLUMNS": "80", **more}


def run_process(*arguments: object, code: int = 0, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """Runs the command line in a process of its own, in which every warning is an error; streams are bytes."""
    command = [*COMMAND, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, cwd=cwd, env=surroundings(NO_COLOR="1"))
    assert done.returncode == code, done.stderr + done.stdout
    assert b"Traceback" not in done.stderr
    return done


def test_a_process_gives_results_and_messages_apart(definition, tmp_path):
    log = log_of(tmp_path / "log.csv", 3, 1)
    log.write_text(log.read_text() + "broken\n")
    done = run_process("score", definition, "--log", f"p={log}")
    assert done.stdout.splitlines()[:2] == [b"process,criterion,period,zone,count", b"p,c,2026-01,green,3"]
    assert done.stderr.startswith(b"note: 1 line was rejected and not counted:")


@pytest.mark.parametrize(("green", "red", "code"), [(760, 240, 1), (20, 0, 3)])
def test_a_process_ends_with_its_code(definition, tmp_path, green, red, code):
    log = log_of(tmp_path / "log.csv", green, red)
    run_process("check", definition, "--log", f"p={log}", code=code)


def test_a_process_ends_with_2_where_the_call_is_wrong(tmp_path):
    done = run_process("validate", "no.yaml", cwd=tmp_path, code=2)
    assert (done.stdout, done.stderr) == (b"", b"error: no.yaml: there is no such file\n")


def test_a_process_writes_utf_8(tmp_path):
    written = run_process("init", "chat", "--lang", "ru").stdout.decode("utf-8")
    (tmp_path / "service.yaml").write_text(written, "utf-8")
    assert "chat" in svclight.load(tmp_path / "service.yaml").processes


def test_a_process_on_a_terminal_shows_the_table_in_colours(definition, tmp_path):
    log = log_of(tmp_path / "log.csv", 3, 1)
    parent, child = pty.openpty()
    command = [*COMMAND, "score", str(definition), "--log", f"p={log}"]
    with subprocess.Popen(command, stdout=child, stderr=child, env=surroundings(TERM="xterm-256color")) as process:
        os.close(child)
        shown = b""
        # the end of what is shown is an error on Linux and nothing elsewhere
        with contextlib.suppress(OSError):
            while block := os.read(parent, 4096):
                shown += block
        assert process.wait() == 0
    os.close(parent)
    assert "75.0" in shown.decode()
    assert "\x1b[" in shown.decode()


def test_a_pipe_that_closes_early(definition, tmp_path):
    log = log_of(tmp_path / "log.csv", 30_000, 1)
    asked = f"{sys.executable} -m svclight.cli interactions {definition} --log p={log}"
    done = shell(f"{asked} | head -n 1; echo ${{PIPESTATUS[0]}}")
    assert done.stdout.startswith("process,criterion")
    assert done.stdout.endswith("\n0\n")
    assert done.stderr == ""


def shell(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, env=surroundings())


@pytest.mark.parametrize(
    ("arguments", "streams", "code", "said"),
    [
        ("init hotline", ">/dev/full", 2, "error: standard output: No space left on device\n"),
        ("init hotline -o /dev/full", "", 2, "error: /dev/full: the file cannot be written: No space left on device\n"),
        ("validate no.yaml", "2>/dev/full", 2, ""),
        ("validate no.yaml", "2>&-", 2, ""),
        ("init hotline", ">&-", 0, ""),
        ("init hotline -o /dev/stdout", "| head -n 0", 0, ""),
        ("--help", "| true", 0, ""),
    ],
)
def test_streams_that_take_nothing(arguments, streams, code, said):
    done = shell(f"{sys.executable} -m svclight.cli {arguments} {streams}; echo ${{PIPESTATUS[0]}} >&1")
    assert done.stdout == f"{code}\n"
    assert done.stderr == said


def open_for_writing(pipe: Path, process: subprocess.Popen) -> BinaryIO:
    """A pipe that the process reads; where the process ends before it does, the test must not wait for ever."""
    while process.poll() is None:
        try:
            return open(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK), "wb")  # noqa: PTH123 - of a descriptor
        except OSError:  # nobody reads yet
            time.sleep(0.05)
    raise AssertionError(process.communicate()[1].decode())


def test_an_interrupt_ends_a_process_without_a_trace(tmp_path):
    pipe = tmp_path / "service.yaml"
    os.mkfifo(pipe)
    # a job in the background ignores interrupts, and so would what it starts
    heeding = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.executable, sys.argv[1:])"
    )
    command = [sys.executable, "-m", "svclight.cli", "describe", str(pipe)]
    with (
        subprocess.Popen(
            [sys.executable, "-c", heeding, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=surroundings(),
        ) as process,  # fmt: skip
        open_for_writing(pipe, process),  # now it reads, and waits for what comes
    ):
        time.sleep(0.3)  # a signal between opening and reading would not be noticed until something comes
        for _ in range(3):
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(15)  # the next one would meet a process that is about to end
        process.kill()  # where all that was in vain: the test must not wait for ever
        out, err = process.communicate()
    assert process.returncode == 130
    assert (out, err) == (b"", b"")
