"""The card in a notebook: the verdict first, a row a criterion, the periods as bars in a fold; text stays text."""

from __future__ import annotations

import re

import pandas as pd

import svclight
from svclight.card import notebook_card

DEFINITION = """
svclight: 1
title: {title}
time_zone: UTC
processes:
  line:
    title: Line
    log: {{time: at, segments: [team], fields: {{at: {{time: at}}, w: {{number: w, unit: s}}, r: {{text: r}}}}}}
    criteria:
      wait: {{title: {wait}, measure: {{value: w}}, green: "<= 30 s", yellow: "<= 60 s", targets: {targets}}}
      result: {{measure: {{category: r}}, green: [good], red: [bad]}}
"""
ROWS = [
    ("2026-01-01 10:00", 10, "good", "a"),
    ("2026-01-31 10:00", 40, "bad", "b"),
    ("2026-03-01 10:00", 90, "good", "a"),
    ("2026-03-31 10:00", 20, "good", "a"),
    ("2026-03-31 11:00", None, "what", "b"),
    ("", 5, "good", "a"),
]


def card_of(rows=ROWS, title="Service", wait="Waiting time", targets="{green: '>= 80 %', min_rated: 2}", **more):
    frame = pd.DataFrame(rows, columns=["at", "w", "r", "team"])
    text = DEFINITION.format(title=repr(title), wait=repr(wait), targets=targets)
    return svclight.score({"line": frame}, svclight.loads(text), as_of="2026-04-01", **more)


def cells(html):
    table = html[html.index("<tbody>") : html.index("</tbody>")]
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in table.split("</tr>") if row]


def test_the_verdict_stands_first_and_each_criterion_has_a_row():
    html = card_of()._repr_html_()
    head = re.search(r'<p class="head">(.*?)</p>', html)
    assert head[1] == "Whether the only target is met cannot be told"  # 1 of 2
    assert cells(html) == [
        ["Waiting time", "Mar 2026", "50.0 %", "0.0 %", "50.0 %", "2", "? cannot tell"],
        ["result", "Mar 2026", "100.0 %", "0.0 %", "0.0 %", "2", "– no target"],
    ]


def test_the_periods_stand_in_a_fold_with_a_bar_of_their_zones():
    html = card_of()._repr_html_()
    fold = html[html.index("<details>") :]
    bars = re.findall(r'<div class="zones">(.*?)</div>', fold)
    # January: 10 s is green, 40 s yellow
    assert bars[0] == (
        '<i class="green" style="width:50.0%"></i><i class="yellow" style="width:50.0%"></i>'
        '<i class="red" style="width:0.0%"></i>'
    )
    assert len(bars) == 4  # two months of two criteria; February has none
    assert len(re.findall(r"<td[^>]*>no data", fold)) == 2
    for said in ("n=2", "2 missing", "without a usable time: 1", 'title="green 1, red 1, missing 1, few'):
        assert said in fold
    assert "<script" not in html


def test_it_follows_the_theme_of_its_surroundings():
    html = card_of()._repr_html_()
    for name in ("--jp-content-font-color1", "--vscode-editor-foreground", "--jp-layout-color0", "--jp-border-color2"):
        assert f"var({name}" in html
    assert "#fff" not in html


def test_texts_are_escaped():
    html = card_of(title="<script>alert(1)</script>", wait='"><img src=x>&\x1b[2J')._repr_html_()
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert "\x1b" not in html
    assert "\\x1b[2J" in html


def test_the_oldest_periods_are_left_out_and_that_is_said(monkeypatch):
    monkeypatch.setattr(notebook_card, "MOST_COLUMNS", 2)
    rows = [(f"2026-0{month}-{day} 10:00", 10, "good", "a") for month in (1, 2, 3) for day in ("01", "28")]
    assert "1 older month" in notebook_card.months_html(card_of(rows))


def test_a_card_that_is_not_split_as_a_target_needs_is_shown_all_the_same():
    html = card_of(targets="[{where: {team: a}, green: '>= 80 %'}]")._repr_html_()
    assert "No target is declared" in html
    assert "– no target" in html


def test_the_text_of_a_card_shows_nothing_by_itself_in_a_notebook(monkeypatch):
    """rich would display a table of its own where it finds a kernel, so that a card stood there twice."""
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)
    shown = []
    monkeypatch.setattr("rich.jupyter.display", lambda *args: shown.append(args))
    assert "Waiting time" in str(card_of())
    assert shown == []
