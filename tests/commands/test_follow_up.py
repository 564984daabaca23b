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
