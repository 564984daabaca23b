"""Rows of criteria on a terminal: they fit the width, say all in words, and need neither colours nor more than ASCII."""

from __future__ import annotations

import io
import re
import sys

import pytest
from rich.console import Console
from support.command_line import Stream

from svclight.commands import terminal
from svclight.commands.terminal_rows import Screen, bars, rows_table, wants_ascii
from svclight.pages.answer_rows import ShownRow

NAN = float("nan")
HEADS = ["Criterion", "Green\nDec 2025", "Target", "Change", "Jan 2024 –\nDec 2025"]


def row(**more):
    shown = {
        "title": "Waiting time before an employee answers",
        "share": ("86.2 %", "84.3 to 87.9 %", "1,436 rated"),
        "verdict": "missed",
        "sign": "✕",
        "word": "missed",
        "targets": ("✕ green ≥ 90 %", "✓ red ≤ 10 %"),
        "change": "worse for sure",
        "detail": "−3.2 points on the 12 months before",
        "course": tuple(0.7 + 0.01 * at for at in range(24)),
        "is_worse": True,
    }
    return ShownRow(**{**shown, **more})


def drawn(*rows, width=80, ascii_only=False, **options):
    file = io.StringIO()
    console = Console(file=file, width=width, legacy_windows=False, highlight=False, **options)
    console.print(rows_table(rows, HEADS, width=width, ascii_only=ascii_only))
    return file.getvalue()


def words(text):
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())


def test_bars_span_whole_tens_around_the_shares():
    # 71 to 85 % lie in 70 to 90: eight steps of 2.5 points; 82 is in the fifth, 85 in the seventh, 71 in the first
    assert bars([0.82, 0.85, NAN, 0.71]) == ("▅▇ ▁", "70–90 %")


@pytest.mark.parametrize(
    ("course", "drawn", "span"),
    [
        ([0.97, 1.0], "▇█", "80–100 %"),  # at least twenty points, so that chance is no mountain
        ([0.0, 0.01], "▁▁", "0–20 %"),
        ([0.05, 0.95], "▁█", "0–100 %"),
        ([0.5, 0.5], "▁▁", "50–70 %"),
        ([NAN, NAN], "", ""),
        ([], "", ""),
    ],
)
def test_bars_at_the_edges(course, drawn, span):
    assert bars(course) == (drawn, span)


def test_bars_in_ascii_have_as_many_steps():
    course = [at / 8 + 0.01 for at in range(8)]
    assert bars(course)[0] == "▁▂▃▄▅▆▇█"
    assert bars(course, ascii_only=True)[0] == "_.:-=+*#"


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
def test_rows_fit_the_terminal_and_say_all(width):
    text = drawn(row(), row(title="W" * 100, targets=(), detail="", course=()), width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert text.replace(" ", "").replace("\n", "").count("W") >= 100
    for said in ("86.2 %", "84.3 to 87.9 %", "1,436 rated", "✕ missed"):
        assert said in text
    assert ("–100 %" in text) is (width >= 72)  # there is no place for bars


def test_a_narrow_terminal_shows_half_of_the_periods():
    assert len(re.findall("[▁▂▃▄▅▆▇█]", drawn(row(), width=80))) == 12
    assert len(re.findall("[▁▂▃▄▅▆▇█]", drawn(row(), width=140))) == 24


def test_colours_add_nothing_to_the_words():
    plain, coloured = drawn(row()), drawn(row(), force_terminal=True, color_system="truecolor")
    assert "\x1b[1;31m" in coloured
    assert words(coloured) == words(plain)


def test_ascii_rows_are_ascii():
    text = drawn(row(), row(sign="–", word="no target", verdict="", targets=()), ascii_only=True)
    assert text.isascii()
    for said in ("x missed", "x green >= 90", "+ red <= 10 %", "-3.2 points", "- no target", "80-100 %"):
        assert said in text


def test_markup_and_control_characters_are_text():
    text = drawn(row(title="[red]A[/red]\x1b[2J"), width=140)
    assert "[red]A[/red]\\x1b[2J" in text


@pytest.mark.parametrize(
    ("encoding", "environment", "is_ascii"),
    [
        ("utf-8", {"LANG": "de_DE.UTF-8"}, False),
        ("utf-8", {}, False),  # a container without a locale
        ("utf-8", {"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),  # Python itself has set LC_CTYPE
        ("utf-8", {"LANG": "C", "LC_CTYPE": "ru_RU.UTF-8"}, False),
        ("utf-8", {"LC_ALL": "POSIX", "LANG": "ru_RU.UTF-8"}, True),
        ("utf-8", {"TERM": "dumb"}, True),
        ("latin-1", {"LANG": "de_DE"}, True),
        ("utf-8", {"NO_COLOR": "1"}, False),
    ],
)
def test_where_ascii_is_wanted(monkeypatch, encoding, environment, is_ascii):
    for name in ("LANG", "LC_ALL", "LC_CTYPE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert wants_ascii() is is_ascii


def test_a_screen_without_utf_8_shows_the_letters_that_it_has(monkeypatch):
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding="cp1251", newline="\n", write_through=True)
    monkeypatch.setattr(sys, "stdout", stream)
    Screen().print("Ожидание → 5 ≥ 4")
    Screen().print_rich(rows_table([row(title="Ожидание")], HEADS, width=80, ascii_only=True))
    terminal.print_lines("Ожидание → 日")
    text = written.getvalue().decode("cp1251")
    assert text.startswith("Ожидание -> 5 >= 4\n")
    assert "x missed" in text
    assert text.endswith("Ожидание -> ?\n")


def test_a_screen_prints_no_markup(monkeypatch):
    screen = Stream(terminal=True)
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    Screen().print("[bold]1 of 2[/bold]\xa0%")
    assert screen.text() == "[bold]1 of 2[/bold] %\n"
