"""The language of sentences on the command line: that of --lang, else that of the definition; machines get English."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from support.command_line import run
from support.russian import check_russian

pytestmark = pytest.mark.once

DEFINITION = """
svclight: 1
time_zone: UTC
processes:
  p:
    title: Линия
    log: {time: at, segments: [team], fields: {at: {time: at}, x: {number: x}, rating: {number: rating}}}
    criteria:
      c:
        title: Ожидание
        measure: {value: x}
        green: "<= 5"
        yellow: "<= 8"
        targets: [{green: ">= 90 %"}, {where: {team: a}, green: ">= 50 %"}]
"""
LOG = ("--log", "x.csv", "--as-of", "2026-01-01")
ASKED = {
    "compare": ("2025-11", "2025-12"),
    "control": (),
    "funnel": ("--segment", "team"),
    "plan": ("--by", "team"),
    "drivers": ("--criterion", "p.c"),
    "what-if": ("--criterion", "p.c", "--shift", "-1"),
    "calibrate": ("--criterion", "p.c", "--satisfaction", "rating"),
    "check": (),
}
CODES = {"check": 1}
NAMES = ("segment", "team", "rating")


@pytest.fixture(autouse=True)
def _files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "service.yaml").write_text(DEFINITION, "utf-8")
    (tmp_path / "russian.yaml").write_text(DEFINITION.replace("time_zone", "language: ru\ntime_zone"), "utf-8")
    rows = [
        {"at": f"2025-{month:02}-{1 + i % 28:02}", "x": 1 + i % 10, "rating": 5 - i % 10 // 2, "team": "ab"[i % 2]}
        for month in range(1, 13)
        for i in range(100)
    ]
    pd.DataFrame(rows).to_csv("x.csv", index=False)


@pytest.mark.parametrize("command", ASKED)
def test_the_definition_or_the_call_names_the_language(command):
    arguments, code = ASKED[command], CODES.get(command, 0)
    asked = run(command, "service.yaml", *arguments, *LOG, "--lang", "ru", code=code).stdout
    told = "\n".join(line for line in asked.splitlines() if not line.startswith("   svclight "))
    check_russian(told.replace(" (p.c) ", " "), *NAMES)
    assert (
        run(command, "russian.yaml", *arguments, *LOG, code=code).stdout.replace("russian.yaml", "service.yaml")
        == asked
    )
    english = run(command, "russian.yaml", *arguments, *LOG, "--lang", "en", code=code).stdout
    assert english == run(command, "service.yaml", *arguments, *LOG, code=code).stdout.replace(
        "service.yaml", "russian.yaml"
    )
    wrong = run(command, "service.yaml", *arguments, *LOG, "--lang", "xx", code=2)
    assert 'unknown language; found "xx"; expected "en", "ru"' in wrong.stderr


def test_a_difference_is_in_the_language_of_the_new_definition():
    page = run("diff", "service.yaml", "russian.yaml", *LOG).stdout
    assert "Ни одно взаимодействие не меняет зону; вердикты прежние." in page
    assert "No interaction changes zone" in run("diff", "service.yaml", "russian.yaml", *LOG, "--lang", "en").stdout


def test_machines_get_english():
    """Lines begin with what the next command takes; JUnit and GitHub have English, Markdown the language asked for."""
    files = ("--junit", "junit.xml", "--markdown", "checks.md", "--github")
    done = run("check", "russian.yaml", *LOG, *files, code=1)
    assert (
        "MISSED      p.c 2025-12 (Ожидание): зелёных ≥ 90 %; 50,0 % (95 %: 40,4 … 59,6 %), оценено 100" in done.stdout
    )
    assert "::error file=russian.yaml" in done.stdout
    assert "green >= 90 %25; 50.0 %25 of 100 rated" in done.stdout
    messages = [case.get("message") for case in ET.parse("junit.xml").iter("failure")]
    assert messages == ["missed: 50.0 % of 100 rated (95 %: 40.4 to 59.6 %)"]
    page = Path("checks.md").read_text("utf-8")
    assert "| **не достигнуто** | p.c | 2025-12 | зелёных | ≥ 90 % |" in page
