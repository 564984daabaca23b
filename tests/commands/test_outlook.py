"""The commands that look ahead: what they print, files of each kind, exit codes."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from support import command_line

pytestmark = pytest.mark.once


def test_need_in_every_form(tmp_path):
    said = command_line.run("need", "80 %", "75 %").stdout
    assert said.startswith("To see a difference between 80 % and 75 % takes 1,092 rated interactions on each side")
    assert "нужно 3 208" in command_line.run("need", "78 %", "--target", "80 %", "--lang", "ru").stdout
    for suffix in ("csv", "json", "md", "png", "svg"):
        command_line.run("need", "80 %", "75 %", "-o", str(tmp_path / f"need.{suffix}"))
    assert pd.read_csv(tmp_path / "need.csv")["needed"].tolist() == [1092]
    assert json.loads((tmp_path / "need.json").read_text())[0]["needed"] == 1092
    assert (tmp_path / "need.md").read_text().startswith("## How many it takes\n\n- To see a difference")
    assert (tmp_path / "need.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg " in (tmp_path / "need.svg").read_text()


def test_what_need_refuses():
    assert (
        'found "80"; expected a share with its sign, such as "80 %"; did you mean 80 %?'
        in command_line.run("need", "80", "75 %", code=2).stderr
    )
    assert "one thing is held against the share" in command_line.run("need", "80 %", code=2).stderr
    assert "unknown kind of file" in command_line.run("need", "80 %", "75 %", "-o", "need.doc", code=2).stderr


DEFINITION = """
svclight: 1
time_zone: UTC
processes:
  p:
    title: Line
    log: {time: at, segments: [team]}
    criteria:
      c: {title: Wait, measure: {value: x}, green: "<= 5", targets: {where: {team: a}, red: "<= 20 %", warn_at: "40 %"}}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Ten a day from January 1 to March 15, of which one is red, two from March on."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "service.yaml").write_text(DEFINITION)
    rows = [
        {"at": day, "x": 9 if place < (2 if day.month == 3 else 1) else 1, "team": "a"}
        for day in pd.date_range("2026-01-01 09:00", "2026-03-15 09:00")
        for place in range(10)
    ]
    pd.DataFrame(rows).to_csv("x.csv", index=False)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_budget_from_log_card_and_table():
    # allowed 0.2 · (150 + 160 to come) = 62, used 30; 2 a day for 16 days more: all of 62
    said = "Line, Wait where team is a, Mar 2026: 30 of 62 red used (48 %) on day 15 of 31; at this pace it lasts (about 62"
    assert command_line.run("budget", "service.yaml", "--log", "x.csv").stdout.startswith(said)
    assert command_line.run("budget", "service.yaml", "--log", "x.csv", "--period", "2026-02").stdout == (
        "Line, Wait where team is a, Feb 2026: 28 of 56 red used (50 %), 28 left.\n"
    )
    command_line.run("score", "service.yaml", "--log", "x.csv", "--by", "team", "-o", "month.svclight")
    by_month = command_line.run("budget", "--card", "month.svclight", "--lang", "ru").stdout
    assert (
        by_month == "Line, Wait (team: a), март 2026: пока израсходовано 30 из 30 красных (100 %) на 15-й день из 31; "
        "не осталось ничего.\n"
    )
    command_line.run(
        "score", "service.yaml", "--log", "x.csv", "--by", "team", "--period", "day", "-o", "days.svclight"
    )
    assert command_line.run("budget", "--card", "days.svclight").stdout.startswith(said)
    days = pd.DataFrame(
        {"month": pd.date_range("2026-03-01", "2026-03-20").astype(str), "green": 9, "yellow": 0, "red": 1}
    )
    days.assign(process="p", criterion="c", team="a").to_csv("days.csv", index=False)
    by_day = command_line.run("budget", "service.yaml", "--table", "days.csv", "--by-day").stdout
    assert by_day.startswith("Line, Wait where team is a, Mar 2026: 20 of 62 red used (32 %) on day 20 of 31;")
    months = pd.DataFrame(
        {"month": ["2026-02"], "green": 90, "yellow": 0, "red": 10, "process": "p", "criterion": "c", "team": "a"}
    )
    months.to_csv("months.csv", index=False)
    by_hand = command_line.run("budget", "service.yaml", "--table", "months.csv", "--as-of", "2026-03-01").stdout
    assert by_hand == "Line, Wait where team is a, Feb 2026: 10 of 20 red used (50 %), 10 left.\n"


def test_budget_in_every_form(folder):
    for suffix in ("csv", "json", "md", "png", "svg"):
        command_line.run("budget", "service.yaml", "--log", "x.csv", "-o", f"budget.{suffix}")
    assert pd.read_csv("budget.csv")[["bad", "allowed", "day"]].values.tolist() == [[30, 62.0, 15]]
    assert json.loads((folder / "budget.json").read_text("utf-8"))[0]["gone"] is None
    assert "30 of 62 red used" in (folder / "budget.md").read_text("utf-8")
    assert (folder / "budget.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg " in (folder / "budget.svg").read_text("utf-8")


@pytest.mark.usefixtures("folder")
def test_check_warns_of_the_running_month():
    plain = command_line.run("check", "service.yaml", "--log", "x.csv")
    assert "WARN" not in plain.stdout
    done = command_line.run("check", "service.yaml", "--log", "x.csv", "--running")
    assert (
        "WARN        p.c 2026-03 (Wait) where team is a: red ≤ 20 %; 30 of 62 red used (48 %) on day 15 of 31"
        in done.stdout
    )
    assert [line for line in done.stdout.splitlines() if not line.startswith("WARN")] == plain.stdout.splitlines()
    assert done.stderr == plain.stderr
    command_line.run("check", "service.yaml", "--log", "x.csv", "--running", "--strict", code=1)
    command_line.run("check", "service.yaml", "--log", "x.csv", "--strict")


WEEKS = ("forecast", "service.yaml", "--log", "x.csv", "--period", "week", "--ahead", "1")


def test_forecast_in_every_form(folder):
    # Jan 1 is a Thursday: the weeks from Jan 5 on are whole, ten up to March 15, a Sunday
    said = command_line.run(*WEEKS).stdout
    assert said.startswith("Line, Wait (team is a), red ≤ 20 %: week 12 of 2026 about ")
    assert "note: backtest: so many earlier periods ended" in said
    assert "красных ≤ 20 %" in command_line.run(*WEEKS, "--lang", "ru").stdout
    for suffix in ("csv", "json", "md", "png", "svg"):
        command_line.run(*WEEKS, "-o", f"weeks.{suffix}")
    made = pd.read_csv("weeks.csv")
    assert made[["period", "months", "running"]].values.tolist() == [["2026-W12", 10, False]]
    assert (folder / "weeks.png").read_bytes().startswith(b"\x89PNG")
    assert "6 are needed for a forecast" in command_line.run("forecast", "service.yaml", "--log", "x.csv").stdout
    # the process may be left out, as in every command
    assert command_line.run(*WEEKS, "--criterion", "c").stdout == command_line.run(*WEEKS, "--criterion", "p.c").stdout
    said = command_line.run(*WEEKS, "--criterion", "p.d", code=2).stderr
    assert said == 'error: unknown criterion; found "p.d"; expected one of "p.c"; did you mean "p.c"?\n'
