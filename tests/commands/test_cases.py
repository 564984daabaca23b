"""The command line on customers, waits and joined logs."""

from __future__ import annotations

import pytest
from support.command_line import run

pytestmark = pytest.mark.once

TEXT = """
svclight: 1
title: T
time_zone: UTC
processes:
  calls:
    title: Calls
    log:
      id: id
      time: at
      customer: who
      fields:
        at: {time: at}
        w: {number: w, unit: s}
      join:
        survey: {on: {id: call}, keep: last, fields: {mark: {number: mark}}}
    criteria:
      wait:
        measure: {value: w}
        green: "<= 30 s"
        yellow: "<= 1 min"
        abandoned: {where: {out: gone}, counts: red}
      csat: {measure: {value: survey.mark}, asked: {out: done}, scale: [1, 5], green: ">= 4"}
"""
CALLS = """id,at,w,who,out
1,2026-01-01 10:00,10,anna,done
2,2026-01-02 10:00,90,anna,done
3,2026-01-03 10:00,20,a.b.,done
4,2026-01-31 10:00,50,bert,gone
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "s.yaml").write_text(TEXT)
    (tmp_path / "calls.csv").write_text(CALLS)
    (tmp_path / "answers1.csv").write_text("call,mark\n1,5\n")
    (tmp_path / "answers2.csv").write_text("call,mark\n2,3\n")
    (tmp_path / "people.csv").write_text("id,person\na.b.,anna\n")
    return tmp_path


LOGS = ("--log", "calls=calls.csv", "--log", "survey=answers*.csv")


def test_a_joined_log_is_given_by_the_name_of_the_join(files):
    by_glob = run("score", "s.yaml", *LOGS, cwd=files).stdout
    one_by_one = ("--log", "calls.csv", "--log", "survey=answers1.csv", "--log", "survey=answers2.csv")
    assert run("score", "s.yaml", *one_by_one, cwd=files).stdout == by_glob
    assert "calls,csat,2026-01,green,1" in by_glob
    assert "calls,csat,2026-01,red,1" in by_glob


def test_messages_on_joined_logs(files):
    said = run("score", "s.yaml", "--log", "calls=calls.csv", cwd=files, code=2).stderr
    assert 'the joined log "survey" was not given' in said
    assert "--log survey=FILE" in said
    said = run("score", "s.yaml", *LOGS[:2], "--log", "survy=answers1.csv", cwd=files, code=2).stderr
    assert 'unknown process "survy"; expected one of "calls", "survey"; did you mean "survey"?' in said
    said = run("score", "s.yaml", *LOGS[:2], "--log", "survey=", cwd=files, code=2).stderr
    assert "the log has no file" in said
    more = TEXT + '  mail: {title: M, log: {time: at}, criteria: {c: {measure: {value: x}, green: "<= 5"}}}\n'
    (files / "two.yaml").write_text(more)
    said = run("score", "two.yaml", "--log", "calls.csv", cwd=files, code=2).stderr
    expected = 'PROCESS=FILE with one of "calls", "mail", or JOIN=FILE with one of "survey"'
    assert f'which process is this the log of?; found "calls.csv"; expected {expected}' in said


def test_customers(files):
    lines = run("customers", "s.yaml", *LOGS, cwd=files).stdout.splitlines()
    assert lines[0] == "period,customer,process,criterion,green,yellow,red,worst"
    assert "2026-01,anna,calls,wait,1,0,1,red" in lines
    assert "2026-01,a.b.,calls,wait,1,0,0,green" in lines
    joined = run("customers", "s.yaml", *LOGS, "--customers", "people.csv", "-o", "c.csv", cwd=files)
    assert joined.stdout == ""
    assert "2026-01,anna,calls,wait,2,0,1,red" in (files / "c.csv").read_text().splitlines()
    hidden = run("customers", "s.yaml", *LOGS, "--pseudonymise", "secret", cwd=files).stdout
    assert "anna" not in hidden
    assert len(hidden.splitlines()) == len(lines)


def test_shares_of_customers(files):
    # anna has two reds (wait, csat), a.b. none, bert one (given up)
    lines = run("customers", "s.yaml", *LOGS, "--shares", cwd=files).stdout.splitlines()
    head, row = (line.split(",") for line in lines)
    assert row[:5] == ["2026-01", "3", "1", "1", "1"]
    assert head[1:5] == ["customers", "no_red", "one_red", "several_reds"]
    both = run("customers", "s.yaml", *LOGS, "--shares", "--pseudonymise", "x", cwd=files, code=2).stderr
    assert "--pseudonymise is for ids, and the table of --shares has none" in both


def test_customers_that_are_not_there(files):
    (files / "calls.csv").write_text(CALLS.splitlines()[0] + "\n")
    assert "no customer has a rated interaction" in run("customers", "s.yaml", *LOGS, cwd=files, code=3).stderr
    (files / "s.yaml").write_text(TEXT.replace("      customer: who\n", ""))
    assert 'give "calls" a key `customer`' in run("customers", "s.yaml", *LOGS, cwd=files, code=2).stderr
    (files / "people.csv").write_text("id,person\na,b\na,c\n")
    said = run("score", "s.yaml", *LOGS, "--customers", "people.csv", cwd=files, code=2).stderr
    assert 'the id "a" belongs to two persons' in said


def test_ids_stand_in_no_report(files):
    for name in ("r.html", "r.md", "r.xlsx"):
        run("report", "s.yaml", *LOGS, "--customers", "people.csv", "-o", name, cwd=files)
        assert b"anna" not in (files / name).read_bytes()


def test_survival(files):
    done = run("survival", "s.yaml", *LOGS, "--criterion", "calls.wait", cwd=files)
    head, row = (line.split(",") for line in done.stdout.splitlines())
    shown = dict(zip(head, row, strict=True))
    # 10 and 20 ended within green: 2 of 4; 50 was given up and is censored; 90 ended in red
    assert (shown["waits"], shown["ended"], shown["given_up"]) == ("4", "3", "1")
    assert float(shown["green_share"]) == pytest.approx(0.5)
    assert shown["method"] == "Kaplan-Meier estimate"
    assert "an estimate (Kaplan-Meier), not counts" in done.stderr
    said = run("survival", "s.yaml", *LOGS, "--criterion", "calls.csat", cwd=files, code=2).stderr
    assert 'calls.csat is no wait but a measure of "value"' in said
    assert "Missing option '--criterion'" in run("survival", "s.yaml", *LOGS, cwd=files, code=2).stderr


def test_matured(files):
    text = TEXT.replace("measure: {value: w}", "measure: {duration: {from: at, to: done}}").replace(
        "w: {number: w, unit: s}", "done: {time: done}"
    )
    (files / "s.yaml").write_text(text.replace("counts: red}", "counts: excluded}"))
    lines = CALLS.replace(",w,", ",done,").replace(",10,anna", ",2026-01-01 10:00:10,anna")
    rows = lines.replace(",90,anna", ",2026-01-02 10:00:10,anna").replace(",20,a.b.", ",2026-01-03 10:00:05,a.b.")
    (files / "calls.csv").write_text(rows.replace(",50,bert", ",2026-01-31 10:00:50,bert"))
    # as of 10:00:20 on 3 January the third call is answered after 5 s, but is younger than the widest limit, 1 min
    seen = ("--as-of", "2026-01-03T10:00:20")
    assert "calls,wait,2026-01,green,3" in run("score", "s.yaml", *LOGS, *seen, cwd=files).stdout
    matured = run("score", "s.yaml", *LOGS, *seen, "--matured", cwd=files).stdout
    assert "calls,wait,2026-01,green,2" in matured
    assert "calls,wait,2026-01,pending,1" in matured
    for name in ("r.html", "r.md"):
        run("report", "s.yaml", *LOGS, *seen, "--matured", "-o", name, cwd=files)
        assert "can still turn is pending" in (files / name).read_text("utf-8")
    listed = run("interactions", "s.yaml", *LOGS, *seen, "--matured", "--zone", "pending", cwd=files).stdout
    assert listed.splitlines()[1].startswith("calls,wait,2026-01,3,")
    run("check", "s.yaml", *LOGS, *seen, "--matured", cwd=files, code=3)


@pytest.mark.parametrize(("option", "why"), [("--matured", "what can still turn"), ("--customers", "whose")])
def test_hand_kept_tables_have_neither(files, option, why):
    (files / "t.csv").write_text("month,process,criterion,green,yellow,red\n2026-01,calls,wait,3,2,1\n")
    more = ["people.csv"] if option == "--customers" else []
    said = run("score", "s.yaml", "--table", "t.csv", option, *more, cwd=files, code=2).stderr
    assert f"{option} is for logs: a hand-kept table does not say {why}" in said
