"""Plots of budgets, forecasts and numbers needed: what is drawn are the numbers of the tables."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib import pyplot as plt

import svclight
from svclight import report
from svclight.errors import SvclightError

TEXT = """
svclight: 1
time_zone: UTC
processes:
  p:
    title: Линия $x$
    log: {time: at, weight: many}
    criteria:
      c: {title: Wait, measure: {value: x}, green: "<= 5", yellow: "<= 8", targets: {red: "<= 5 %", green: ">= 80 %"}}
"""


@pytest.fixture(scope="module")
def card() -> svclight.Scorecard:
    """January to March 20: 17 green, 1 yellow, 2 red a day."""
    rows = [
        {"at": day, "x": x, "many": many}
        for day in pd.date_range("2026-01-01 09:00", "2026-03-20 09:00")
        for x, many in ((1, 17), (7, 1), (9, 2))
    ]
    return svclight.score(pd.DataFrame(rows), svclight.loads(TEXT), period="day")


def test_budgets_are_drawn_as_they_stand(card):
    found = svclight.budget(card)
    ax = report.plot_budget(found, ax=plt.subplots()[1])
    ax.figure.canvas.draw()
    # red: 40 of 31 (0.05 · 620): all of it, and 9 more; not green: 60 of 124
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([1, 40 / 31 - 1, 60 / 124])
    assert [text.get_text() for text in ax.texts] == ["40 of 31 red", "60 of 124 not green"]
    marks = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "D"]
    assert marks == pytest.approx([20 / 31, 20 / 31])
    assert ax.get_yticklabels()[0].get_text() == "Линия $x$, Wait\nMar 2026"
    whole = report.plot_budget(svclight.budget(card, "2026-02"), title="T")
    assert (whole.get_title(loc="left"), whole.get_xlabel()) == ("T", "of finished periods")
    nothing = svclight.loads(TEXT.replace(', targets: {red: "<= 5 %", green: ">= 80 %"}', ""))
    empty = svclight.budget(svclight.score(pd.DataFrame({"at": ["2026-01-01"], "x": [1], "many": [1]}), nothing))
    assert [text.get_text() for text in report.plot_budget(empty).texts] == ["no target of red or green is declared"]


def test_a_forecast_is_drawn_as_it_stands(card):
    found = svclight.forecast(card, kind="week")
    ax = report.plot_forecast(found, 2)
    ax.figure.canvas.draw()
    red = found.table.query("zone == 'red'")
    assert found.sentences[1].startswith("Линия $x$, Wait, red ≤ 5 %")
    assert [bar.get_y() for bar in ax.patches] == pytest.approx((100 * red["low"]).tolist())
    assert [bar.get_y() + bar.get_height() for bar in ax.patches] == pytest.approx((100 * red["high"]).tolist())
    assert [line.get_ydata()[0] for line in ax.lines if line.get_linestyle() == "--"] == [5]  # the target
    assert [text.get_text() for text in ax.get_xticklabels()] == [f"week {at} of 2026" for at in (12, 13, 14, 15)]
    assert ax.get_title(loc="left") == "Линия $x$, Wait, red ≤ 5 %"
    assert "cross: the running period so far" in ax.get_xlabel()
    with pytest.raises(SvclightError, match='there is no forecast "3"; there are 2'):
        report.plot_forecast(found, 3)


def test_numbers_needed_are_drawn_as_they_stand():
    found = svclight.needed(0.80, 0.75)
    ax = report.plot_need(found, title="N")
    assert list(ax.lines[0].get_ydata()) == found.curve["needed"].tolist()
    assert (list(ax.lines[1].get_xdata()), list(ax.lines[1].get_ydata())) == ([pytest.approx(5)], [1092])
    assert ax.get_title(loc="left") == "N"
    assert report.plot_need(svclight.needed(0.78, target=0.80)).get_title(loc="left") == (
        "Rated interactions to tell a share from 80 %"
    )
