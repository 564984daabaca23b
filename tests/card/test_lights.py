"""What stands beside shares: response rates, items under their card, customers and cases by their name."""

from __future__ import annotations

import io
import warnings

import pandas as pd
import pytest
from matplotlib.figure import Figure
from python_calamine import CalamineWorkbook

import svclight
from svclight import report
from svclight.card.display import card_text
from svclight.card.light_table import light_table
from svclight.card.lights import Light, Response
from svclight.card.notebook_card import months_html
from svclight.pages.report_rest import rest_of

pytestmark = pytest.mark.once  # words and numbers in reports, which test_report makes with every version
TEXT = """
svclight: 1
title: T
time_zone: UTC
processes:
  p:
    title: Process
    log:
      id: id
      time: at
      customer: who
      segments: [team]
      fields:
        at: {time: at}
        mark: {number: mark}
        polite: {flag: polite}
        solved: {flag: solved}
    criteria:
      card:
        title: Quality card
        measure: {checklist: {items: {polite: 40, solved: 60}, each: true}}
        green: ">= 90 %"
      csat: {title: Answers, measure: {value: mark}, scale: [1, 5], asked: {asked: "yes"}, green: ">= 4"}
      often: {title: Loyalty, measure: {frequency: {within: 30 d}}, green: ">= 2"}
      all: {title: By the book, measure: {worst: [card, csat]}}
"""


def card_of(**options):
    """January: 10 asked, 4 answered (3 of team a); February: nobody asked. Item polite fails twice, solved never."""
    rows = [
        (
            f"i{n}",
            f"2026-01-{(1, 31)[n % 2]:02}",
            f"SECRET{n % 6}",
            "ab"[n == 0],
            "yes",
            5 if n < 4 else None,
            n > 1,
            True,
        )
        for n in range(10)
    ]
    rows += [(f"f{n}", f"2026-02-{(1, 28)[n % 2]:02}", f"SECRET{n}", "a", "no", None, True, True) for n in range(2)]
    frame = pd.DataFrame(rows, columns=["id", "at", "who", "team", "asked", "mark", "polite", "solved"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.errors.SvclightNotice)
        return svclight.score(frame, svclight.loads(TEXT), as_of="2026-03-01", **options)


@pytest.fixture
def card():
    return card_of(by=["team"])


def test_a_response_rate_in_words():
    # Wilson for 4 of 10: centre (0.4 + 1.92073 / 10) / 1.384146 = 0.42775, half width 0.25943
    response = Response(10, 4)
    assert (response.share, response.interval) == ("40.0 %", "16.8 to 68.7")
    assert (Response(0, 0).share, Response(0, 0).interval) == ("no data", "")
    assert "response rate 40.0 % of 10 asked" in Light(response=response).in_words()


def test_response_rates_are_added_up_over_segments(card):
    row = next(row for row in light_table(card).rows if row.criterion == "csat")
    assert [light.response for light in row.lights] == [Response(10, 4), None]  # nobody was asked in February
    assert row.total.response == Response(10, 4)
    assert all(r.total.response is None for r in light_table(card).rows if r.criterion != "csat")
    asked = card.response_rates().groupby("period", observed=True)[["asked", "answered"]].sum()
    assert asked.loc["2026-01"].tolist() == [10, 4]


def test_response_rates_stand_beside_the_result_everywhere(card, tmp_path):
    text = card_text(card, width=120)
    assert "ans 40.0 %" in text
    assert "16.8 to 68.7" in text
    assert "ans: response rate" in text
    assert "ans 40.0 %" in months_html(card)
    page = report.html(card)
    assert "<td>40.0\N{NO-BREAK SPACE}% of 10 (16.8 to 68.7\N{NO-BREAK SPACE}%)</td>" in page
    markdown = report.write(card, tmp_path / "r.md").read_text("utf-8")
    assert "40.0 % of 10 (16.8 to 68.7 %)" in markdown
    book = CalamineWorkbook.from_filelike(io.BytesIO(report.write(card, tmp_path / "r.xlsx").read_bytes()))
    rates = book.get_sheet_by_name("response rates").to_python()
    head = next(row for row in rates if row[0] == "Criterion")
    assert head[-5:] == ["Asked", "Answered", "Response rate", "from", "to"]
    asked, answered = (sum(row[head.index(name)] for row in rates[3:] if row[head.index(name)]) for name in head[-5:-3])
    assert (asked, answered) == (10, 4)


def test_without_asked_nothing_is_said_of_responses(tmp_path):
    frame = pd.DataFrame({"at": ["2026-01-01"], "x": [1]})
    text = 'svclight: 1\ntime_zone: UTC\nprocesses: {p: {title: P, log: {time: at}, criteria: {c: {measure: {value: x}, green: "<= 5"}}}}'
    card = svclight.score(frame, svclight.loads(text))
    assert "ans" not in card_text(card).replace("Answers", "")
    assert "response" not in report.html(card).lower()
    book = CalamineWorkbook.from_filelike(io.BytesIO(report.write(card, tmp_path / "r.xlsx").read_bytes()))
    assert "response rates" not in book.sheet_names


def test_items_stand_under_their_card(card, tmp_path):
    rows = light_table(card).rows
    assert [(row.criterion, row.card, row.name) for row in rows[:3]] == [
        ("card", "", "Quality card"), ("card.polite", "card", "polite"), ("card.solved", "card", "solved"),
    ]  # fmt: skip
    lines = card_text(card, width=120).splitlines()
    assert any(line.startswith("Quality card") for line in lines)
    assert any(line.startswith("  polite ") for line in lines)
    assert "Quality card: polite" not in card_text(card, width=120)
    page = report.html(card)
    assert ">Quality card: polite</a>" in page
    assert "– polite" in report.write(card, tmp_path / "r.md").read_text("utf-8")
    ax = report.plot_overview(card, ax=Figure(figsize=(7, 4), layout="constrained").add_subplot())
    labels = {label.get_text(): label for label in ax.get_yticklabels()}
    assert labels["polite"].get_fontsize() < labels["Quality card"].get_fontsize()


def test_an_item_is_named_with_its_card():
    from svclight.definition.criterion_id import CriterionId

    assert CriterionId.parse("quality.card.polite") == ("quality", "card.polite")
    found = card_of().interactions("p", "card.polite", zone="red")
    assert found["id"].tolist() == ["i0", "i1"]


def test_customers_are_called_customers(card):
    rows = {row.criterion: row.counted for row in light_table(card).rows}
    assert rows["often"] == "customers"
    assert rows["card"] == "interactions"
    assert "Process: Loyalty counts customers at each month's end, not interactions" in light_table(card).notes
    page = report.html(card)
    assert '<th scope="col" class="num">Customers</th>' in page or "None: every customer has a measured zone." in page
    assert "SECRET" not in page
    figure = Figure(figsize=(7, 3), layout="constrained")
    assert (
        "counted: customers at each period's end"
        in report.plot_distribution(card, "p", "often", ax=figure.add_subplot()).get_xlabel()
    )
    figure = Figure(figsize=(7, 3), layout="constrained")
    assert (
        "counted: customers at each period's end"
        in report.plot_values(card, "p", "often", ax=figure.add_subplot()).get_xlabel()
    )


def test_matured_is_said_at_the_top_of_tables_and_reports():
    said = "matured: what can still turn is pending"
    assert said in card_text(card_of(matured=True), width=200)
    assert said in card_of(matured=True)._repr_html_()
    assert ("Matured", "yes: what can still turn is pending, whatever it is now") in rest_of(
        card_of(matured=True), "en"
    ).facts
    assert said not in card_text(card_of(), width=200)


def test_working_days_on_the_axis_of_values():
    text = """
svclight: 1
time_zone: UTC
calendars: {office: {hours: {mon-fri: "09:00-17:00"}}}
processes:
  p:
    title: P
    log: {time: at, fields: {at: {time: at}, done: {time: done}}}
    criteria:
      speed: {measure: {duration: {from: at, to: done, calendar: office}}, green: "<= 2 bd", yellow: "<= 4 bd"}
"""
    # from Monday 5 January 9:00: half a working day on the same day, 1.5 on Tuesday 13:00, 5.5 on the next Monday
    ends = ["2026-01-05 13:00", "2026-01-06 13:00", "2026-01-12 13:00"]
    frame = pd.DataFrame({"at": "2026-01-05 09:00", "done": ends})
    ax = report.plot_values(
        svclight.score(frame, svclight.loads(text), as_of="2026-03-01"), "p", "speed",
        ax=Figure(figsize=(7, 3), layout="constrained").add_subplot(),
    )  # fmt: skip
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert all(tick.endswith(" bd") or tick == "0" for tick in ticks)
    assert {"2 bd", "4 bd"} <= {text.get_text() for text in ax.texts}
    left, right = ax.get_xlim()
    assert left < 0.5
    assert 5.5 < right < 7
