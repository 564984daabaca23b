"""The commands open, effect and cohorts: what they print, files by suffix, what they refuse, exit codes."""

import json

import pandas as pd
import pytest
from support import command_line
from support.command_line import Done

pytestmark = pytest.mark.once

DESK = """
svclight: 1
time_zone: UTC
processes:
  desk:
    title: Desk
    log: {id: ticket, time: opened, segments: [team], fields: {opened: {time: opened}, solved: {time: solved}}}
    criteria:
      solution: {title: Solution, measure: {duration: {from: opened, to: solved}}, green: "<= 4 h", yellow: "<= 8 h"}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def desk(folder, name: str, *arguments: str, code: int = 0) -> Done:
    (folder / "desk.yaml").write_text(DESK)
    if not (folder / "t.csv").exists():
        (folder / "t.csv").write_text("ticket,team,opened,solved\n=1,a,2026-03-02 09:00,\n2,b,2026-03-02 05:30,\n")
    return command_line.run(name, "desk.yaml", *arguments, code=code)


OPEN = ("--log", "t.csv", "--as-of", "2026-03-02T11:00")


def test_open_in_words_and_as_files(folder):
    out = desk(folder, "open", *OPEN).stdout
    assert out.splitlines()[1] == "yellow in 2 h  Desk, Solution  =1  (now green)"
    assert "через 2 ч" in desk(folder, "open", *OPEN, "--lang", "ru").stdout
    desk(folder, "open", *OPEN, "--by", "team", "-o", "o.csv")
    made = pd.read_csv("o.csv")
    assert made[["team", "id", "left"]].values.tolist() == [["a", "'=1", 7200.0], ["b", "2", 9000.0]]
    desk(folder, "open", *OPEN, "--left", "2 h", "-o", "o.json", "--pseudonymise", "secret")
    (row,) = json.loads((folder / "o.json").read_text("utf-8"))
    assert len(row["id"]) == 16
    desk(folder, "open", *OPEN, "-o", "o.md")
    text = (folder / "o.md").read_text("utf-8")
    assert "Desk, Solution: 2 unfinished" in text
    assert "| desk | solution | =1 |  | green | yellow |" in text
    assert "unknown kind of file" in desk(folder, "open", *OPEN, "-o", "o.doc", code=2).stderr


def test_open_refuses_counts_and_says_what_is_empty(folder):
    assert "a saved card holds counts" in desk(folder, "open", "--card", "x.svclight", code=2).stderr
    assert "a hand-kept table holds counts alone" in desk(folder, "open", "--table", "x.csv", code=2).stderr
    assert "left is no length of time" in desk(folder, "open", *OPEN, "--left", "soon", code=2).stderr
    (folder / "t.csv").write_text("ticket,team,opened,solved\n1,a,2026-03-02 09:00,2026-03-02 09:10\n")
    assert desk(folder, "open", *OPEN).stdout == "Nothing is unfinished.\n"
    (folder / "t.csv").write_text("ticket,team,opened,solved\n")
    assert "the log has no interaction" in desk(folder, "open", *OPEN, code=3).stderr


HOTLINE = """
svclight: 1
time_zone: UTC
processes:
  hotline:
    title: Hotline
    log: {time: called, weight: many, fields: {called: {time: called}, waited: {number: waited, unit: s}}}
    criteria:
      wait:
        title: Waiting
        measure: {value: waited}
        green: "<= 30 s"
        actions: [{at: 2026-05-01, what: two more people, expected: {green: "+5 %"}}]
"""
GREEN = [800, 790, 810, 800, 860, 850, 855]


def hotline(folder, name: str, *arguments: str, code: int = 0) -> Done:
    (folder / "hotline.yaml").write_text(HOTLINE)
    months = [f"2026-0{month}" for month in range(1, 8)]
    table = pd.DataFrame({"month": months, "process": "hotline", "criterion": "wait", "green": GREEN, "yellow": 0})
    table.assign(red=1000 - table["green"]).to_csv("table.csv", index=False)
    calls = [
        (f"{month}-{day:02}", waited, many)
        for month, green in zip(months, GREEN, strict=True)
        for day, waited, many in ((1, 10, green), (pd.Period(month).days_in_month, 90, 1000 - green))
    ]
    pd.DataFrame(calls, columns=["called", "waited", "many"]).to_csv("calls.csv", index=False)
    return command_line.run(name, *arguments, code=code)


def test_effect_from_a_log_a_table_and_a_card_alike(folder):
    seen = ("--as-of", "2026-08-01")
    first = hotline(folder, "effect", "hotline.yaml", "--log", "calls.csv", *seen).stdout
    assert "as promised. Green 80.0 % of 4,000" in first
    hotline(folder, "score", "hotline.yaml", "--log", "calls.csv", *seen, "-o", "c.svclight")
    assert hotline(folder, "effect", "--card", "c.svclight").stdout == first
    assert hotline(folder, "effect", "hotline.yaml", "--table", "table.csv", *seen).stdout == first
    assert "как обещано" in hotline(folder, "effect", "--card", "c.svclight", "--lang", "ru").stdout


def test_effect_as_files_and_its_refusals(folder):
    table = ("hotline.yaml", "--table", "table.csv", "--as-of", "2026-08-01")
    for name in ("e.csv", "e.json", "e.md", "e.svg", "e.png"):
        hotline(folder, "effect", *table, "-o", name)
    assert pd.read_csv("e.csv")["verdict"].tolist() == ["as promised"]
    assert "two more people" in (folder / "e.md").read_text("utf-8")
    assert (folder / "e.png").read_bytes().startswith(b"\x89PNG")
    assert "unknown criterion" in hotline(folder, "effect", *table, "--criterion", "hotline.x", code=2).stderr


SHOP = """
svclight: 1
time_zone: UTC
currency: EUR
processes:
  shop:
    title: Shop
    log: {time: at, customer: who, fields: {at: {time: at}, amount: {number: amount, unit: EUR}}}
    economics: {margin: 30 %, acquisition: 40}
    criteria:
      spend: {measure: {spend: {within: 90 d, amount: amount}}, green: ">= 50 EUR"}
"""


def shop(folder, *arguments: str, code: int = 0) -> Done:
    (folder / "shop.yaml").write_text(SHOP)
    rows = [(f"c{n}", f"{month}-{1 + n % 28:02}") for n in range(60) for month in ("2026-01", "2026-02", "2026-03")]
    kept = [row for n, row in enumerate(rows) if n % 3 == 0 or n % 2]
    pd.DataFrame(kept, columns=["who", "at"]).assign(amount=100).to_csv("shop.csv", index=False)
    return command_line.run("cohorts", "shop.yaml", "--log", "shop.csv", *arguments, code=code)


def test_cohorts_in_words_and_as_files(folder):
    seen = ("--as-of", "2026-04-01", "--look-back", "0")
    out = shop(folder, *seen).stdout
    # half of January's customers come again in February, the other half in March; 30 % of 100 EUR and half of it again
    assert out.startswith("Shop, customers who first came Jan 2026: 50.0 % of 60 come again 1 month later")
    assert "has paid back the acquisition (40.00 EUR) 1 month after the first: 45.00 EUR of margin" in out
    assert "Первым считается" in shop(folder, *seen, "--lang", "ru").stdout
    for name in ("c.csv", "c.md", "c.svg"):
        shop(folder, *seen, "-o", name)
    assert pd.read_csv("c.csv")[["months_after", "customers", "came"]].values.tolist() == [[1, 60, 30], [2, 60, 30]]
    assert "no month it is known" in shop(folder, "--as-of", "2026-04-01", code=3).stderr
    assert "a saved card holds counts" in shop(folder, "--card", "x.svclight", code=2).stderr
    assert "nothing to draw" in shop(folder, "--as-of", "2026-04-01", "-o", "c.png", code=2).stderr
