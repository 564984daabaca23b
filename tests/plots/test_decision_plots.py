"""Plots of plan, drivers and what-if: the numbers that are drawn, the axes given back, texts that are no mathematics."""

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from support.helpers import score

import svclight
from svclight import report

TITLE = "Время ожидания ответа сотрудника на линии поддержки $x$ клиентов банка"
CRITERIA = f'c: {{title: "{TITLE}", measure: {{value: x}}, green: "<= 5", yellow: "<= 8", targets: {{red: "<= 10 %"}}}}'


@pytest.fixture(scope="module")
def card():
    parts = [
        pd.DataFrame({"x": [9] * red + [7] * 20 + [1] * (180 - red), "team": team})
        for team, red in (("север", 100), ("юг", 30), ("запад", 10))
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame["at"] = [f"2026-01-{1 + i % 31:02}" for i in range(len(frame))]
    return score(frame, CRITERIA, "{time: at, segments: [team]}", by=["team"])


@pytest.mark.parametrize("width", [3.6, 7.4])
def test_the_plan_is_drawn_as_it_stands(card, width):
    made = svclight.plan(card)
    ax = plt.subplots(figsize=(width, 3), layout="constrained")[1]
    assert report.plot_plan(made, ax=ax) is ax
    ax.figure.canvas.draw()
    seen, sure = ax.patches[0::2], ax.patches[1::2]
    assert [bar.get_width() for bar in seen] == pytest.approx([80, 10])  # 100 - 20, 30 - 20
    assert [bar.get_width() for bar in sure] == pytest.approx(made.table["sure"].tolist())
    assert ax.get_yticklabels()[0].get_text().endswith("\nсевер")
    assert ax.texts[0].get_text().startswith(f"80, sure {int(made.table['sure'].iloc[0])}")


def test_a_plan_from_a_card_and_one_without_lines(card):
    assert len(report.plot_plan(card, most=1).patches) == 2
    empty = report.plot_plan(card, by=[], periods="2026-01", title="T")
    assert empty.get_title(loc="left") == "T"
    fine = score(
        pd.DataFrame({"at": ["2026-01-01"], "x": [1], "team": ["a"]}), CRITERIA, "{time: at, segments: [team]}"
    )
    said = [text.get_text().replace("\n", " ") for text in report.plot_plan(fine).texts]
    assert said == [svclight.plan(fine).nothing]


def test_drivers_are_drawn_with_their_intervals(card):
    made = svclight.drivers(card, "c")
    ax = report.plot_drivers(made)
    ax.figure.canvas.draw()
    line = made.table.iloc[0]
    assert ax.get_yticklabels()[0].get_text() == "север"
    assert len(ax.get_xticks()) >= 3
    assert list(ax.lines[0].get_xdata()) == [line["lift_low"], line["lift_high"]]
    assert list(ax.lines[1].get_xdata()) == [line["lift"]]
    assert ax.get_xscale() == "log"


def test_drivers_without_any_cell_say_no_data(card):
    made = svclight.drivers(card.only("2026-01"), "c", periods="2026-02")
    assert [text.get_text() for text in report.plot_drivers(made).texts] == ["no data"]
    assert str(made).endswith("nothing is rated")


@pytest.mark.parametrize("width", [3.6, 6.8])
def test_the_curve_is_drawn_and_where_green_ends(card, width):
    made = svclight.what_if(card, "c", limits={"green": "<= 7"}, periods="2026-01")
    ax = plt.subplots(figsize=(width, 3), layout="constrained")[1]
    assert report.plot_what_if(made, ax=ax) is ax
    ax.figure.canvas.draw()
    assert ax.lines[0].get_ydata().tolist() == pytest.approx((100 * made.curve["green_share"]).tolist())
    assert [text.get_text() for text in ax.texts] == ["now: 66.7 %", "then: 76.7 %"]  # 400 and 460 of 600
    shifted = report.plot_what_if(svclight.what_if(card, "c", shift="-2", periods="2026-01"))
    assert [text.get_text() for text in shifted.texts] == ["now: 66.7 %", "then: 76.7 %"]
