"""Plots can be read: no text is cut or lies on another one, in any state, in half a page, in Russian and Hungarian."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from support.pictures import stumbles, texts_of, words_of

import svclight
from svclight import report
from svclight.plots import funnel, name_places, style

RUSSIAN = "Время ожидания ответа сотрудника на линии поддержки корпоративных клиентов банка в рабочие часы"
HUNGARIAN = (
    "Ügyfélszolgálati várakozási idő a legkorábbi beérkezéstől a legelső érdemi válaszig megszentségteleníthetetlen"
)
USUAL = (7.2, 4.0)
HALF = (3.6, 3.0)
TEXT = """
svclight: 1
language: {lang}
time_zone: UTC
processes:
  p:
    title: {process}
    log:
      time: at
      customer: who
      since: 2020-01-01
      weight: many
      segments: [команда]
      fields: {{at: {{time: at}}, x: {{number: x, unit: s}}, ответ: {{number: answer}}}}
    criteria:
      c:
        title: {title}
        measure: {{value: x}}
        green: "<= 30 s"
        yellow: "<= 1 min"
        targets: {{green: ">= 80 %", red: "<= 8 %"}}
        actions: [{{at: 2026-01-01, what: {what}, expected: {{green: "+5 %"}}}}]
  e:
    title: {process}
    log: {{rows: events, id: case, time: at, step: what, steps: {{получена: a, проверена_оператором: b, закрыта: c}}}}
    criteria: {{d: {{title: {title}, measure: {{duration: {{from: получена, to: закрыта}}}}, green: "<= 2 d"}}}}
"""
EVENTS = pd.DataFrame(
    [(case, f"2026-03-{1 + case % 20:02} 1{at}:00", step) for case in range(40) for at, step in enumerate("abc")],
    columns=["case", "at", "what"],
)


def definitions(lang: str, title: str) -> svclight.Definitions:
    words = {"process": "Линия" if lang == "ru" else "Line", "what": "ещё двое" if lang == "ru" else "two more"}
    return svclight.loads(TEXT.format(lang=lang, title=title, **words))


def tallied(months: int, lang: str = "en", title: str = "Waiting", *, yellow: int = 60) -> svclight.Scorecard:
    """So many months of 1,000: about 83 % green, the last third 5 points more."""
    rows = []
    for at in range(months):
        green = 830 + 7 * (at % 3) + 50 * (at >= 2 * months / 3)
        month = str(pd.Period("2025-01", "M") + at)
        rows.append({"month": month, "green": green, "yellow": yellow, "red": 1000 - green - yellow})
    table = pd.DataFrame(rows).assign(process="p", criterion="c")
    return svclight.tally(table, definitions(lang, title), as_of="2031-01-01")


def days(count: int) -> svclight.Scorecard:
    """So many days of 100: 80 to 86 green, 8 yellow."""
    rows = [
        {
            "at": pd.Timestamp("2024-01-01 09:00") + pd.Timedelta(day, "D"),
            "x": wait,
            "many": many,
            "who": "k",
            "команда": "a",
        }
        for day in range(count)
        for wait, many in ((10, 80 + day % 7), (45, 8), (90, 12 - day % 7))
    ]
    return svclight.score({"p": pd.DataFrame(rows), "e": EVENTS}, definitions("en", "Waiting"), period="day")


def teams(count: int, lang: str = "en", title: str = "Waiting") -> svclight.Scorecard:
    """One month of so many teams of 200 to 2,000; of the first 25 % are red, of the last none, of all others 9 %."""
    rows = []
    for at in range(count):
        rated = 200 + 1800 * at // max(count - 1, 1)
        red = round(rated * {0: 0.25, count - 1: 0.0}.get(at, 0.09))
        name = f"Команда № {at + 1:02} (Екатеринбург)" if lang == "ru" else f"Team {at + 1:02}"
        rows.append({"month": "2026-01", "команда": name, "green": rated - red, "yellow": 0, "red": red})
    table = pd.DataFrame(rows).assign(process="p", criterion="c")
    return svclight.tally(table, definitions(lang, title), by="команда", as_of="2031-01-01")


@cache
def log() -> pd.DataFrame:
    """600 interactions of 120 customers over 8 months, with answers that fall as they wait."""
    random = np.random.default_rng(5)
    waits = np.round(random.lognormal(3.1, 0.9, 600), 1)
    days = pd.Timestamp("2025-06-01") + pd.to_timedelta(np.sort(random.integers(0, 240, 600)), unit="D")
    answers = np.clip(np.round(5.6 - 0.6 * np.log1p(waits) + random.normal(0, 0.6, 600)), 1, 5)
    who = [f"k{number}" for number in random.integers(0, 120, 600)]
    return pd.DataFrame({"at": days, "x": waits, "answer": answers, "many": 1, "who": who, "команда": "север"})


def scored(lang: str = "en", title: str = "Waiting", period: str = "month") -> svclight.Scorecard:
    return svclight.score({"p": log(), "e": EVENTS}, definitions(lang, title), as_of="2026-05-01", period=period)


def calibrated(lang: str, title: str):
    return svclight.calibrate(
        {"p": log(), "e": EVENTS},
        definitions(lang, title),
        "p.c",
        satisfaction="ответ",
        green=">= 4",
        yellow=">= 3",
        resamples=50,
    )


PLOTS = {
    "distribution": lambda lang, title, ax: report.plot_distribution(tallied(24, lang, title), "p", "c", ax=ax),
    "overview": lambda lang, title, ax: report.plot_overview(tallied(24, lang, title), ax=ax),
    "control": lambda lang, title, ax: report.plot_control(tallied(24, lang, title), "p", "c", ax=ax),
    "values": lambda lang, title, ax: report.plot_values(scored(lang, title), "p", "c", ax=ax),
    "funnel": lambda lang, title, ax: report.plot_funnel(teams(40, lang, title), "p", "c", segment="команда", ax=ax),
    "plan": lambda lang, title, ax: report.plot_plan(svclight.plan(teams(40, lang, title)), ax=ax),
    "drivers": lambda lang, title, ax: report.plot_drivers(svclight.drivers(teams(40, lang, title), "p.c"), ax=ax),
    "what_if": lambda lang, title, ax: report.plot_what_if(
        svclight.what_if(scored(lang, title), "p.c", limits={"green": "<= 20 s"}), ax=ax
    ),
    "calibration": lambda lang, title, ax: report.plot_calibration(calibrated(lang, title), ax=ax),
    "budget": lambda lang, title, ax: report.plot_budget(svclight.budget(tallied(24, lang, title)), ax=ax),
    "forecast": lambda lang, title, ax: report.plot_forecast(svclight.forecast(tallied(24, lang, title)), ax=ax),
    "effect": lambda lang, title, ax: report.plot_effect(svclight.effect(tallied(24, lang, title)), ax=ax),
    "cohorts": lambda lang, title, ax: report.plot_cohorts(
        svclight.cohorts({"p": log(), "e": EVENTS}, definitions(lang, title), as_of="2026-05-01"), ax=ax
    ),
    "need": lambda lang, _, ax: report.plot_need(svclight.needed(0.8, 0.75, lang=lang), ax=ax),
    "steps": lambda lang, title, ax: report.plot_steps(scored(lang, title), "e", ax=ax),
}
TITLED = {"distribution", "control", "values", "funnel", "drivers", "what_if", "calibration", "forecast"}
"""Plots whose title is that of the criterion, and more."""


def own_axes(size: tuple[float, float]):
    return plt.subplots(figsize=size, layout="constrained")[1]


def test_every_plot_is_tried():
    assert {f"plot_{name}" for name in PLOTS} == {name for name in report.__all__ if name.startswith("plot_")}


@pytest.mark.parametrize("size", [USUAL, HALF], ids=["usual", "half"])
@pytest.mark.parametrize(("lang", "title"), [("ru", RUSSIAN), ("en", HUNGARIAN)], ids=["ru", "hu"])
@pytest.mark.parametrize("name", PLOTS)
def test_no_text_is_cut_or_lies_on_another(name, lang, title, size):
    ax = PLOTS[name](lang, title, own_axes(size))
    assert list(stumbles(ax)) == []
    if name in TITLED:
        assert title.replace(" ", "") in re.sub(r"\s", "", ax.get_title(loc="left"))


@pytest.mark.parametrize("dpi", [60, 90, 150])
@pytest.mark.parametrize("name", ["distribution", "funnel", "plan", "drivers"])
def test_so_it_is_at_other_resolutions(name, dpi):
    figure = Figure(figsize=HALF, dpi=dpi, layout="constrained")
    assert list(stumbles(PLOTS[name]("ru", RUSSIAN, figure.add_subplot()))) == []


def test_plots_side_by_side_keep_to_themselves():
    figure = Figure(figsize=(9, 7), layout="constrained")
    four = figure.subplots(2, 2).flat
    drawn = [
        PLOTS[name]("ru", RUSSIAN, ax) for name, ax in zip(("control", "funnel", "plan", "values"), four, strict=True)
    ]
    assert list(stumbles(*drawn)) == []


@pytest.mark.parametrize("name", PLOTS)
def test_a_russian_plot_has_no_english_word(name):
    said = words_of(PLOTS[name]("ru", RUSSIAN, own_axes(USUAL)))
    assert [text for text in said if re.search(r"[A-Za-z]{2,}", text)] == []


@pytest.mark.parametrize(
    "name", ["distribution", "control", "values", "funnel", "drivers", "forecast", "effect", "cohorts"]
)
def test_measured_axes_have_three_ticks_at_least(name):
    ax = PLOTS[name]("en", "Waiting", own_axes(USUAL))
    measured = ax.get_xticks() if name in ("values", "drivers") else ax.get_yticks()
    assert len(measured) >= 3


@pytest.mark.parametrize("count", [1, 6, 24, 60])
@pytest.mark.parametrize("plot", [report.plot_distribution, report.plot_control])
def test_any_number_of_months_can_be_read(plot, count):
    for ax in (None, own_axes(HALF)):
        drawn = plot(tallied(count), "p", "c", ax=ax)
        assert list(stumbles(drawn)) == []
        labels = [text for text in drawn.get_xticklabels() if text.get_text()]
        assert labels[0].get_text().split()[-1] == "2025"
        assert len(labels) >= min(count, 4)


def test_two_years_of_days_are_areas_whose_ticks_are_months():
    card = days(730)
    ax = report.plot_distribution(card, "p", "c")
    assert not ax.patches
    assert len(ax.collections) == 3  # green, yellow, red; without outlines
    assert {tuple(area.get_linewidth()) for area in ax.collections} == {(0.0,)}
    assert list(stumbles(ax)) == []
    assert "rated: 100 to 100 a period" in ax.get_xlabel()
    control = report.plot_control(card, "p", "c")
    assert list(stumbles(control)) == []
    assert [text.get_text() for text in control.get_xticklabels()][:2] == ["Jan\n2024", "Feb"]


def test_a_zone_that_is_not_there_is_not_in_the_legend():
    said = words_of(report.plot_distribution(tallied(6, yellow=0), "p", "c"))
    assert {"G green", "R red"} <= set(said)
    assert "Y yellow" not in said
    assert "G green" in words_of(report.plot_distribution(tallied(6), "p", "c"))


def test_what_nothing_is_rated_of_has_no_line_over_its_words():
    rows = {"month": ["2026-01"], "process": "p", "criterion": "c", "green": 0, "yellow": 0, "red": 0, "pending": 5}
    card = svclight.tally(pd.DataFrame(rows), definitions("en", "Waiting"), as_of="2031-01-01")
    control = report.plot_control(card, "p", "c")
    assert words_of(control) == ["Waiting: green", "no data"]
    assert not control.lines
    distribution = report.plot_distribution(card, "p", "c")
    assert {"no data", "not rated", "5"} <= set(words_of(distribution))
    assert list(stumbles(distribution)) == []


def test_groups_beyond_the_limits_have_their_names():
    ax = report.plot_funnel(teams(20), "p", "c", segment="команда")
    assert sorted(text.get_text() for text in ax.texts) == ["Team 01", "Team 20"]
    assert ax.get_title(loc="left") == "Waiting: red by команда"
    low, high = ax.get_xlim()
    assert 0 < low < 200  # sizes from 200 to 2,000: no room is spent on none
    assert 2000 < high < 2200
    bottom, top = ax.get_ylim()
    assert bottom < 0
    assert 25 < top < 32
    whole = report.plot_funnel(teams(20), "p", "c", segment="команда", zone="green")
    assert whole.get_ylim()[0] > 60  # 75 % at least are green: the axis does not begin at 0


def test_names_without_room_are_counted(monkeypatch):
    monkeypatch.setattr(funnel, "_MOST_NAMED", 1)
    ax = report.plot_funnel(teams(20), "p", "c", segment="команда", ax=own_axes(HALF))
    assert [text.get_text() for text in ax.texts] == ["Team 20"]  # the farthest
    assert "squares without room for a name: 1" in " ".join(ax.get_xlabel().split())


def test_a_name_stands_where_nothing_else_is():
    space = (0.0, 0.0, 200.0, 60.0)
    point = (20.0, 30.0)
    first = name_places.free_place(point, "Team 01", [], space)
    assert (first.text, first.shift, first.align) == ("Team 01", (6.0, 0.0), "left")
    second = name_places.free_place(point, "Team 02", [first.box], space)
    assert second.shift[1] != 0
    assert not name_places._boxes_meet(first.box, second.box)
    assert name_places.free_place((190.0, 30.0), "Team 01", [], space).align == "right"
    long = name_places.free_place(point, "Team of the north and of the south", [], (0.0, 0.0, 100.0, 60.0))
    assert "\n" in long.text
    everything = [(-1.0, -1.0, 500.0, 500.0)]
    assert name_places.free_place(point, "Team 01", everything, space) is None


def test_drivers_near_each_other_have_ticks_between_1_and_2():
    ax = report.plot_drivers(svclight.drivers(teams(8), "p.c"))
    assert len(ax.get_xticks()) >= 3
    assert all(text.get_text().endswith(" ×") for text in ax.get_xticklabels())
    assert "Team 01" in [text.get_text() for text in ax.get_yticklabels()]  # and not "команда Team 01"
    assert ax.get_xlabel().startswith("by команда; Jan 2026")


def test_points_of_a_control_chart_bear_no_numbers():
    ax = report.plot_control(tallied(30), "p", "c")
    assert any(line.get_marker() == "s" for line in ax.lines)
    assert not ax.texts
    assert "squares: more than chance (" in ax.get_xlabel()
    assert "7 in a row on one side" in " ".join(ax.get_xlabel().split())


def test_proposals_of_a_calibration_stand_below_the_shares_on_white():
    found = calibrated("en", "Waiting")
    ax = report.plot_calibration(found, ax=own_axes((7.2, 4.2)))
    ax.figure.canvas.draw()
    bands = [area for area in ax.collections if type(area).__name__ in ("PolyCollection", "FillBetweenPolyCollection")]
    assert bands
    assert min(path.vertices[:, 1].min() for area in bands for path in area.get_paths()) == 0
    rows = {round(float(line.get_ydata()[0]), 3) for line in ax.lines if line.get_markersize() == 8}
    assert len(rows) == found.proposals["method"].nunique()
    marks = ax.transData.transform([(1, height) for height in rows])[:, 1]
    named = [text for text in texts_of(ax) if text.get_text().startswith("where ")]
    assert len(named) == len(rows)
    half = 4 * ax.figure.dpi / 72
    for text in named:
        box = text.get_window_extent()
        assert not any(box.y0 < mark + half and mark - half < box.y1 for mark in marks)


def test_a_number_without_letters_has_its_segment():
    rows = [
        {"month": "2026-01", "команда": name, "green": 800, "yellow": 0, "red": 200} for name in ("7", "Team 07", "B")
    ]
    table = pd.DataFrame(rows).assign(process="p", criterion="c")
    card = svclight.tally(table, definitions("en", "Waiting"), by="команда", as_of="2031-01-01")
    for value, shown in (("7", "команда 7"), ("Team 07", "Team 07"), ("B", "команда B")):
        ax = report.plot_control(card, "p", "c", where={"команда": value})
        assert ax.get_title(loc="left") == f"Waiting · {shown}: green"


def test_texts_are_as_wide_as_they_are_measured():
    figure = Figure(dpi=100)
    for text in ("Время ожидания ответа", "82.3 % of 1,000 rated", "iiiii.....WWWWW"):
        for size in (7.0, 10.0):
            box = figure.text(0, 0, text, fontsize=size).get_window_extent()
            assert 0.95 * box.width * 0.72 <= style.text_width(text, size) <= 1.25 * box.width * 0.72


def test_long_words_are_broken_and_long_texts_cut_with_a_mark():
    lines = style.wrap_to("a" * 90, 100, most=9).split("\n")
    assert "".join(lines) == "a" * 90
    assert len(lines) > 3
    cut = style.wrap_to("one two three four five six seven eight nine ten", 60, most=2).split("\n")
    assert len(cut) == 2
    assert cut[-1].endswith("…")
    assert all(style.text_width(line, 7) <= 60 for line in [*lines[:0], *cut])
    limit = "\N{GREATER-THAN OR EQUAL TO} 80 %"
    assert style.wrap_to(f"green {limit} of them", 36) == f"green\n{limit}\nof them"
    assert style.wrap_to("1\N{NO-BREAK SPACE}000 von", 200) == "1\N{NO-BREAK SPACE}000 von"
