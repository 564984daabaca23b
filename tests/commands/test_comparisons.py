"""The commands compare, control and funnel: from logs, cards and tables; text and files; what is wrong with a call."""

import json

import pandas as pd
import pytest
from support import command_line

import svclight

pytestmark = pytest.mark.once

DEFINITION = """
svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log: {time: at, segments: [team]}
    criteria:
      c: {title: Wait, measure: {value: x}, green: "<= 5", yellow: "<= 8", targets: {green: ">= 90 %"}}
      d: {title: Talk, measure: {value: y}, green: ">= 1"}
"""
MONTHS = [f"2025-{month:02}" for month in range(1, 13)]
REDS = [10, 12, 9, 11, 10, 8, 12, 11, 9, 10, 11, 30]
"""Of 100 a month; in December 20 more."""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "service.yaml").write_text(DEFINITION)
    rows = [
        {"at": f"{month}-{1 + i % 28:02}", "x": 9 if i < reds else 1, "y": 2, "team": "ab"[i % 2]}
        for month, reds in zip(MONTHS, REDS, strict=True)
        for i in range(100)
    ]
    pd.DataFrame(rows).to_csv("x.csv", index=False)
    hand = [
        {
            "month": month,
            "process": "p",
            "criterion": "c",
            "team": team,
            "green": 50 - reds // 2,
            "yellow": 0,
            "red": reds // 2,
        }
        for month, reds in zip(MONTHS, REDS, strict=True)
        for team in "ab"
    ]
    pd.DataFrame(hand).to_csv("hand.csv", index=False)
    return tmp_path


LOG = ("service.yaml", "--log", "x.csv", "--as-of", "2026-01-01")


def run(*arguments, code=0):
    return command_line.run(*arguments, code=code)


def save_card():
    run("score", *LOG, "--by", "team", "-o", "card.svclight")
    return ("--card", "card.svclight")


@pytest.mark.usefixtures("place")
def test_two_periods_are_compared_from_whatever_is_there():
    said = run("compare", "service.yaml", "2025-11", "2025-12", *LOG[1:]).stdout
    # 89 of 100 -> 70 of 100: -19 points
    assert "Green 89.0 % of 100 → 70.0 % of 100 (−19.0 points" in said
    card = save_card()
    assert "−19.0 points" in run("compare", *card, "2025-11", "2025-12").stdout
    assert "−19.0 points" in run("compare", "service.yaml", "2025-11", "2025-12", *card).stdout
    # by hand 45 and 45 of 100 to 35 and 35: 90 % -> 70 %, since 11 reds are halved to 5 and 5
    hand = run("compare", "service.yaml", "2025-11", "2025-12", "--table", "hand.csv", "--as-of", "2026-01-01").stdout
    assert "Green 90.0 % of 100 → 70.0 % of 100 (−20.0 points" in hand


@pytest.mark.usefixtures("place")
def test_the_newest_two_periods_are_compared_where_none_is_named():
    assert run("compare", *LOG).stdout.startswith("Nov 2025 → Dec 2025\n")
    assert run("compare", *LOG[:3], "--as-of", "2025-12-31").stdout.startswith("Oct 2025 → Nov 2025\n")
    pd.read_csv("x.csv").query("at < '2025-02'").to_csv("x.csv", index=False)
    said = run("compare", *LOG[:3], "--as-of", "2025-02-01", code=2).stderr
    assert 'there are no two periods to compare; found "2025-01"; expected two that are over and mature' in said


@pytest.mark.usefixtures("place")
def test_two_cards_are_compared():
    card = save_card()
    changed = pd.read_csv("x.csv").assign(x=1)
    changed.to_csv("x.csv", index=False)
    run("score", *LOG, "--by", "team", "-o", "pilot.svclight")
    said = run("compare", "--card", "pilot.svclight", "--against", card[1]).stdout
    # 1 - 143 / 1,200 = 88.1 %
    assert "Green 88.1 % of 1,200 → 100 % of 1,200" in said.replace("100.0 %", "100 %")


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("compare", *LOG, "2025-11"), 'two periods are compared; found "2025-11"; expected such as 2026-01 2026-02'),
        (("compare", *LOG, "2025-11", "2025-13"), 'this is no period; found "2025-13"'),
        (("control", *LOG, "--criterion", "p.e"), 'unknown criterion; found "p.e"; expected one of "p.c", "p.d"'),
        (("control", *LOG, "--zone", "blue"), 'found "blue"'),
        (("funnel", *LOG, "--segment", "tem"), 'did you mean "team"?'),
        (("compare", *LOG, "-o", "c.png"), 'there is nothing to draw; found "c.png"; expected .md, .csv, .json'),
        (("control", *LOG, "-o", "c.doc"), 'unknown kind of file; found "c.doc"'),
    ],
)
def test_what_is_wrong_with_a_call_is_said(arguments, message):
    assert message in run(*arguments, code=2).stderr


@pytest.mark.usefixtures("place")
def test_control_limits():
    said = run("control", *LOG, "--criterion", "c").stdout
    assert said.startswith("P, Wait, green: changing for the worse.")
    assert said.count("\n") == 1
    assert run("control", *LOG).stdout.count("\n") == 2
    means = run("control", *LOG, "--criterion", "c", "--of", "mean").stdout
    assert means.startswith("P, Wait, mean: ")
    run("control", *LOG, "-o", "limits.csv")
    table = pd.read_csv("limits.csv")
    # the centre is the share of all months: 1,057 of 1,200
    assert table.loc[table["criterion"] == "c", "center"].round(4).tolist() == [round(1057 / 1200, 4)] * 12


@pytest.mark.usefixtures("place")
def test_a_funnel():
    frame = pd.read_csv("x.csv")
    frame.loc[frame["team"] == "a", "x"] = 9
    frame.to_csv("x.csv", index=False)
    said = run("funnel", *LOG, "--segment", "team", "--criterion", "p.c").stdout
    assert "P, Wait" in said
    run("funnel", *LOG, "--segment", "team", "-o", "teams.json")
    table = pd.DataFrame(json.loads((pd.io.common.Path("teams.json")).read_text()))
    red = table[(table["criterion"] == "c") & (table["team"] == "a")]
    assert red[["count", "rated", "share"]].to_numpy().tolist() == [[600, 600, 1.0]]


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("command", [("control",), ("funnel", "--segment", "team"), ("plan",)])
@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_picture_is_drawn(command, suffix, place):
    name, *options = command
    run(name, *LOG, *options, "-o", f"chart{suffix}")
    drawn = (place / f"chart{suffix}").read_bytes()
    assert drawn.startswith(b"\x89PNG" if suffix == ".png" else b"<?xml")


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("command", [("compare",), ("control",), ("funnel", "--segment", "team"), ("plan",)])
def test_markdown_has_the_sentences_and_the_numbers(command, place):
    name, *options = command
    run(name, *LOG, *options, "-o", "found.md")
    text = (place / "found.md").read_text("utf-8")
    assert text.startswith("## ")
    assert "\n- " in text
    assert "\n|---|" in text
    assert "nan" not in text


def test_a_no_break_space_is_a_space_on_a_terminal(capsys):
    from svclight.commands.terminal import print_lines

    print_lines("2\xa0400 из 3\u202f600\x1b[31m")
    assert capsys.readouterr().out == "2 400 из 3 600\\x1b[31m\n"


def test_a_plan_of_twenty_charts_is_no_picture(tmp_path):
    from svclight.commands.results import write_picture

    with pytest.raises(svclight.SvclightError, match="these are 13 charts, too many for one picture"):
        write_picture([lambda _: None] * 13, tmp_path / "many.png")
