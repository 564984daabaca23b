from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from support.helpers import score

import svclight
from svclight import report
from svclight.card import value_bars
from svclight.card.lights import Column
from svclight.card.value_bars import value_picture
from svclight.definition.criterion_id import CriterionId
from svclight.plots import axes as axis
from svclight.plots import overview

WAIT = 'c: {title: Waiting, measure: {value: w}, green: "<= 30 s", yellow: "<= 1 min", targets: {green: ">= 75 %"}}'
LOG = "{time: at, segments: [team], fields: {at: {time: at}, w: {number: w, unit: s}}}"


def card_of(rows, criterion=WAIT, log=LOG, by=(), as_of="2030-01-01", **more):
    frame = pd.DataFrame(rows, columns=["at", "w", "team"])
    return score(frame, criterion, log, by=list(by), as_of=as_of, **more)


def month(label, green, yellow=0, red=0, missing=0, team="a"):
    """Rows of a whole month: the first and the last day are among them."""
    last = pd.Period(label, "M").days_in_month
    values = [10.0] * green + [45.0] * yellow + [90.0] * red + [None] * missing
    return [(f"{label}-{'01' if at else last} 10:00", value, team) for at, value in enumerate(values)]


TWO = [*month("2026-01", 60, 30, 10, 5), *month("2026-03", 5, 0, 15)]


def bars(ax):
    """Place, bottom, height and colour of each bar."""
    return [
        (round(bar.get_x() + bar.get_width() / 2, 6), round(bar.get_y(), 6), round(bar.get_height(), 6), to_hex(bar.get_facecolor()))
        for bar in ax.patches
    ]  # fmt: skip


def texts(ax):
    return [text.get_text() for text in ax.texts]


def draw(ax):
    """Drawn for real: layout, warnings and all."""
    ax.figure.canvas.draw()
    return ax


# --- shares by period


def test_bars_are_stacked_to_100_percent_green_yellow_red():
    ax = draw(report.plot_distribution(card_of(TWO), "p", "c"))
    assert bars(ax) == [
        (0, 0, 60, "#9fd8a8"),
        (0, 60, 30, "#c78500"),
        (0, 90, 10, "#7f1424"),
        (2, 0, 25, "#9fd8a8"),
        (2, 25, 0, "#c78500"),
        (2, 25, 75, "#7f1424"),
    ]
    assert {to_hex(bar.get_edgecolor()) for bar in ax.patches} == {"#2b2f36"}
    assert [label.get_text() for label in ax.get_xticklabels()] == ["Jan 2026", "Feb 2026", "Mar 2026"]
    assert ax.get_ylim() == (0, 100)
    assert ax.get_title(loc="left") == "Waiting"


def test_numbers_stand_above_and_beside_the_bars():
    found = texts(report.plot_distribution(card_of(TWO), "p", "c"))
    for text in ("60.0", "30.0", "10.0", "25.0", "75.0", "100", "20*", "5", "rated", "not rated", "G green", "R red"):
        assert text in found, text
    assert found.count("0") == 3  # February: none rated, none not rated; March: none not rated


def test_the_target_is_a_line_and_no_label_lies_on_it():
    ax = report.plot_distribution(card_of(month("2026-01", 60, 30, 10)), "p", "c")
    assert [line.get_ydata()[0] for line in ax.lines] == [75, 75]
    assert "dashed line: the target, green ≥ 75 %" in ax.get_xlabel()
    label = next(text for text in ax.texts if text.get_text() == "30.0")  # its segment's middle is at 75
    assert label.get_position()[1] in (67.5, 82.5)


def test_the_target_of_a_segment_is_its_own():
    both = "[{green: '>= 50 %'}, {where: {team: b}, green: '>= 0.9'}, {red: '<= 5 %'}]".replace("0.9", "90 %")
    criterion = WAIT.replace('{green: ">= 75 %"}', both)
    card = card_of([*month("2026-01", 3, team="a"), *month("2026-01", 3, team="b")], criterion, by=["team"])
    assert report.plot_distribution(card, "p", "c", where={"team": "b"}).lines[0].get_ydata()[0] == 90
    assert report.plot_distribution(card, "p", "c", where={"team": "a"}).lines[0].get_ydata()[0] == 50
    ax = report.plot_distribution(card, "p", "c", where={"team": "a"}, title="Mine")
    assert ax.get_title(loc="left") == "Mine"
    assert report.plot_distribution(card, "p", "c", where={"team": "a"}).get_title(loc="left") == "Waiting · team a"


def test_no_target_no_line():
    criterion = WAIT.replace('green: ">= 75 %"', 'red: "<= 5 %"')
    assert not report.plot_distribution(card_of(TWO, criterion), "p", "c").lines


def test_unsure_months_are_paler_and_hatched():
    partial = [("2026-01-15 10:00", 10, "a")] * 40 + month("2026-02", 40)
    ax = draw(report.plot_distribution(card_of(partial), "p", "c"))
    first, hatched, second = ax.patches[0], ax.patches[1], ax.patches[6]
    assert (first.get_hatch(), hatched.get_hatch(), second.get_hatch()) == (None, "////", None)
    assert sum(first.get_facecolor()) > sum(second.get_facecolor())
    assert ax.get_xlabel().startswith("pale and hatched: not all days")
    label = next(text for text in ax.texts if text.get_text() == "100.0")
    assert label.get_bbox_patch() is not None  # hatching does not cross the number
    assert label.get_zorder() > hatched.get_zorder()
    duration = "c: {measure: {duration: {from: at, to: team}}, green: '<= 1 d'}"
    frame = pd.DataFrame(
        {
            "at": ["2026-01-01 10:00", "2026-01-31 10:00"],
            "team": ["2026-01-01 11:00", None],
        }  # open: less than a day old
    )
    young = score(frame, duration, "{time: at, fields: {at: {time: at}, team: {time: team}}}", as_of="2026-02-01")
    assert (
        "* under 30 rated; pale and hatched: can still turn" in report.plot_distribution(young, "p", "c").get_xlabel()
    )


def test_the_classic_palette():
    found = bars(report.plot_distribution(card_of(TWO), "p", "c", palette="classic"))
    assert {colour for *_, colour in found} == {"#3fae5a", "#ffd43b", "#d1242f"}


def test_it_draws_where_it_is_told_and_gives_it_back():
    figure = Figure(figsize=(8, 6), layout="constrained")
    axes = figure.subplots(2, 2)
    card = card_of(TWO)
    assert report.plot_distribution(card, "p", "c", ax=axes[0, 0]) is axes[0, 0]
    assert report.plot_values(card, "p", "c", ax=axes[0, 1]) is axes[0, 1]
    assert report.plot_overview(card, ax=axes[1, 0]) is axes[1, 0]
    figure.canvas.draw()
    plain = Figure().add_subplot()
    assert report.plot_distribution(card, "p", "c", ax=plain) is plain
    part = Figure().subfigures(1, 2)[0].add_subplot()
    assert report.plot_overview(card, ax=part) is part


def test_nothing_global_is_touched():
    code = (
        "import sys, matplotlib as m; before = m.rcParams.copy()\n"
        "import pandas as pd, svclight; from svclight import report\n"
        "d = svclight.loads('svclight: 1\\ntime_zone: UTC\\nprocesses: {p: {title: P, log: {time: t}, criteria: "
        '{c: {measure: {value: x}, green: "<= 1"}}}}\')\n'
        "c = svclight.score(pd.DataFrame({'t': ['2026-01-01'], 'x': [1]}), d)\n"
        "from matplotlib.figure import Figure; ax = [Figure().add_subplot() for _ in range(3)]\n"
        "report.plot_distribution(c, 'p', 'c', ax=ax[0]); report.plot_values(c, 'p', 'c', ax=ax[1])\n"
        "report.plot_overview(c, ax=ax[2]); report.html(c)\n"
        "print('matplotlib.pyplot' in sys.modules, before == m.rcParams.copy())"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_a_plot_without_an_axis_is_shown_by_notebooks():
    ax = report.plot_overview(card_of(month("2026-01", 6, 3, 2)))
    assert plt.gcf() is ax.figure


@pytest.mark.parametrize("count", [1, 2, 13, 60, 200])
def test_any_number_of_months_is_drawn(count):
    start = pd.Period("2010-01", "M")
    card = card_of([row for at in range(count) for row in month(str(start + at), 6, 3, 2)])
    ax = draw(report.plot_distribution(card, "p", "c"))
    assert len(ax.patches) == 3 * count
    low, high = ax.get_xlim()
    assert high - low == max(count, 6)
    assert (low + high) / 2 == (count - 1) / 2  # in the middle, also when there is one
    if count == 60:
        assert {text.get_rotation() for text in ax.texts if text.get_text() == "54.5"} == {90}
    if count == 200:
        assert "rated: 11 to 11 a period" in ax.get_xlabel()
    draw(report.plot_overview(card))


def test_titles_are_text_not_mathematics():
    title = "Price $x_1$ \\alpha ^2 \x1b " + "Очень длинное название показателя " * 8
    card = card_of(TWO, WAIT.replace("Waiting", repr(title)))
    for ax in (
        report.plot_distribution(card, "p", "c"),
        report.plot_values(card, "p", "c"),
        report.plot_overview(card),
    ):
        draw(ax)
    shown = report.plot_distribution(card, "p", "c").get_title(loc="left")
    assert "$x_1$" in shown
    assert "\\x1b" in shown
    assert 1 < len(shown.splitlines()) <= 7
    assert shown.count("Очень длинное") + shown.count("Очень\nдлинное") == 8  # nothing of it is cut


def test_an_empty_card_is_drawn_as_no_data():
    card = card_of([])
    for ax in (
        report.plot_distribution(card, "p", "c"),
        report.plot_values(card, "p", "c"),
        report.plot_overview(card),
    ):
        assert "no data" in texts(draw(ax))
        assert not ax.patches or ax.patches[0].get_height() != 0


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda card: report.plot_distribution(card, "q", "c"), 'unknown process; found "q"'),
        (lambda card: report.plot_values(card, "p", "d"), 'the process p has no such criterion; found "d"'),
        (lambda card: report.plot_overview(card, palette="clasic"), 'unknown palette; .* did you mean "classic"'),
        (lambda card: report.plot_values(card, "p", "f"), "p.f has no values to draw: its measure is flag"),
    ],
)
def test_errors_say_what_is_there(call, match):
    log = LOG.replace("fields: {", "fields: {f: {flag: w}, ")
    card = card_of(TWO, WAIT + "\nf: {measure: {flag: f}, green: true}", log)
    with pytest.raises(svclight.SvclightError, match=match):
        call(card)


def test_errors_of_measures_without_numbers():
    card = card_of(
        TWO,
        WAIT + "\nk: {measure: {category: k}, green: [a], red: [b]}",
        LOG.replace("fields: {", "fields: {k: {text: team}, "),
    )
    with pytest.raises(svclight.SvclightError, match="its measure is category; plot_distribution draws its zones"):
        report.plot_values(card, "p", "k")


# --- overview


def test_the_overview_has_a_cell_for_every_month_with_its_zones_and_its_share():
    ax = draw(report.plot_overview(card_of(TWO)))
    first, empty, last = ax.patches[:3], ax.patches[3], ax.patches[4:]
    assert [bar.get_width() for bar in first] == pytest.approx([0.9 * part for part in (0.6, 0.3, 0.1)])
    assert empty.get_facecolor()[3] == 0  # February
    assert [bar.get_width() for bar in last] == pytest.approx([0.9 * part for part in (0.25, 0, 0.75)])
    assert [to_hex(bar.get_facecolor()) for bar in first] == ["#9fd8a8", "#c78500", "#7f1424"]
    assert texts(ax) == ["60.0 % ✕", "25.0 %*"]  # 60 of 100 misses 75 %; of 20 rated nothing is said
    assert ax.get_xlabel() == "number: green share; bar: green, yellow, red; ✕ missed; * under 30 rated"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Waiting"]


def test_the_overview_says_what_pale_cells_are():
    partial = [("2026-01-15 10:00", 10, "a")] * 40 + month("2026-02", 40)
    label = draw(report.plot_overview(card_of(partial))).get_xlabel().replace("\n", " ")
    assert "pale and hatched: not all days" in label
    assert "bar: green;" in label  # no zone that is not there
    assert "30 rated" not in label


def test_cells_without_room_for_numbers_have_upright_bars():
    start = pd.Period("2010-01", "M")
    card = card_of([row for at in range(60) for row in month(str(start + at), 6, 3, 2)])
    ax = draw(report.plot_overview(card, ax=Figure((6, 2), layout="constrained").add_subplot()))
    assert {(round(abs(bar.get_width()), 3), bar.get_linewidth()) for bar in ax.patches} == {(1.0, 0.0)}
    assert texts(ax) == []
    assert ax.get_xlabel().startswith("bars, from below: green, yellow, red")


@pytest.mark.parametrize(
    ("space", "expected"),
    [
        ((60, 30), (8.0, "81.1 % ✓")),
        ((34, 30), (6.0, "81.1 % ✓")),
        ((24, 30), (6.0, "81.1 ✓")),
        ((20, 30), (0.0, "")),
        ((60, 8), (0.0, "")),
    ],
)
def test_all_cells_hold_what_fits_into_each(space, expected):
    size, texts = overview._fitted_texts([[("81.1 %", "✓"), ("9.0 %", "")]], space)
    assert (size, texts[0][0]) == expected
    assert texts[0][1] == expected[1].replace("81.1", "9.0").replace(" ✓", "")


# --- values


def values_of(values, criterion=WAIT, log=LOG, **more):
    return card_of([("2026-01-01 10:00", value, "a") for value in values], criterion, log, **more)


def test_a_bar_ends_exactly_at_each_limit():
    made = value_picture(values_of([1, 5, 20, 29.9, 30, 30.001, 59, 60, 60.5, 90, 100]), CriterionId("p", "c"))
    assert made.scale == "linear"
    assert made.unit == "time"
    assert [(limit.at, limit.text) for limit in made.limits] == [(30, "30 s"), (60, "1 min")]
    edges = {edge for bar in made.bars for edge in (bar.low, bar.high)}
    assert {30.0, 60.0} <= edges
    for bar in made.bars:
        green, yellow, red = bar.counts
        assert not green or bar.high <= 30
        assert not yellow or 30 <= bar.low < bar.high <= 60
        assert not red or bar.low >= 60
    assert [sum(bar.counts[zone] for bar in made.bars) for zone in range(3)] == [5, 3, 3]
    assert made.total == 11
    assert made.bands == (("green", -np.inf, 30), ("yellow", 30, 60), ("red", 60, np.inf))


@pytest.mark.parametrize(
    ("green", "yellow", "values", "expected"),
    [
        ('"< 30 s"', '"< 60 s"', [29, 30, 59.5, 60], (1, 2, 1)),
        ('">= 30 s"', '">= 10 s"', [9.9, 10, 29.9, 30, 31], (2, 2, 1)),
        ('"> 30 s"', '"> 10 s"', [10, 10.1, 30, 30.1], (1, 2, 1)),
        ('"20 s .. 30 s"', '"10 s .. 60 s"', [9.9, 10, 19.9, 20, 30, 30.1, 60, 61], (2, 4, 2)),
    ],
)
def test_values_on_a_limit_stand_on_the_side_of_their_zone(green, yellow, values, expected):
    criterion = f"c: {{measure: {{value: w}}, green: {green}, yellow: {yellow}}}"
    made = value_picture(values_of(values, criterion), CriterionId("p", "c"))
    assert tuple(sum(bar.counts[zone] for bar in made.bars) for zone in range(3)) == expected
    rule = value_bars._axis_rule(values_of(values, criterion).definitions.processes["p"].criteria["c"].rows[0], 1.0)
    for bar in made.bars:
        inside = rule.zones(np.array([(bar.low + bar.high) / 2]))[0]
        assert sum(bar.counts) == bar.counts[inside]  # every bar holds one zone: its own


def test_skewed_times_have_a_log_scale_and_a_bar_for_zero():
    random = np.random.default_rng(1)
    card = values_of([0.0] * 7 + list(random.lognormal(3, 1.6, 2000)))
    made = value_picture(card, CriterionId("p", "c"))
    assert made.scale == "log"
    assert made.zeros == (7, 0, 0)
    assert made.total == 2007
    ax = draw(report.plot_values(card, "p", "c"))
    assert ax.get_xscale() == "log"
    labels = [label.get_text() for label in ax.get_xticklabels()]
    assert labels[0] == "0"
    assert {"2 s", "10 s", "1 min"} & set(labels)
    assert {"30 s", "1 min"} <= set(texts(ax))
    assert f"also holds {made.beyond[1]} values beyond it" in ax.get_xlabel().replace("\n", " ")


def test_heights_compare_by_area():
    made = value_picture(values_of(np.arange(1, 2001) / 10), CriterionId("p", "c"))
    heights = [sum(bar.counts) * made.height(bar) for bar in made.bars if 20 < bar.low < bar.high < 190]
    assert max(heights) < 1.35 * min(heights)  # equally many values a second, unequal bars


def test_whole_numbers_have_a_bar_each():
    criterion = 'c: {measure: {value: w}, scale: [1, 5], whole: true, green: ">= 4", yellow: ">= 3"}'
    card = values_of([1, 3, 3, 4, 5, 5, 5], criterion, LOG.replace(", unit: s", ""))
    made = value_picture(card, CriterionId("p", "c"))
    assert made.scale == "whole"
    assert [sum(bar.counts) for bar in made.bars] == [1, 0, 2, 1, 3]
    assert [(limit.at, limit.text) for limit in made.limits] == [(2.5, ">= 3"), (3.5, ">= 4")]
    assert made.height(made.bars[0]) == 1
    ax = draw(report.plot_values(card, "p", "c"))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2", "3", "4", "5"]
    found = [
        (round(bar.get_x() + 0.4), bar.get_height(), to_hex(bar.get_facecolor()))
        for bar in ax.patches
        if bar.get_width() < 0.9
    ]
    assert found == [(1, 1, "#7f1424"), (3, 2, "#c78500"), (4, 1, "#9fd8a8"), (5, 3, "#9fd8a8")]
    assert "7 of 7 rated have a value" in ax.get_xlabel()


def test_wholes_of_an_open_limit_lie_between_the_numbers():
    criterion = 'c: {measure: {value: w}, whole: true, green: "< 2", yellow: "< 4"}'
    made = value_picture(values_of([0, 1, 2, 3, 4], criterion, LOG.replace(", unit: s", "")), CriterionId("p", "c"))
    assert [(limit.at, limit.text) for limit in made.limits] == [(1.5, "< 2"), (3.5, "< 4")]
    assert [zone for zone, _, _ in made.bands] == ["green", "yellow", "red"]


def test_days_late_by_date_with_limits_of_several_dates():
    log = "{time: due, fields: {due: {time: due}, done: {time: done}}}"
    criterion = """c: {measure: {delay: {due: due, actual: done, by: date}}, thresholds: [
          {until: 2026-01-15, green: "<= 0 d", yellow: "<= 5 d"}, {from: 2026-01-15, green: "<= 0 d", yellow: "<= 2 d"}]}"""
    due = pd.date_range("2026-01-01", "2026-01-31").repeat(5)
    done = due + pd.to_timedelta(np.tile([-2, 0, 1, 3, 40], 31), "D")
    frame = pd.DataFrame({"due": due.strftime("%Y-%m-%d"), "done": done.strftime("%Y-%m-%d")})
    card = score(frame, criterion.replace("\n", " "), log, as_of="2026-06-01")
    made = value_picture(card, CriterionId("p", "c"))
    assert made.several
    assert [(limit.at, limit.text) for limit in made.limits] == [(0.5, "<= 0 d"), (2.5, "<= 2 d")]
    ax = draw(report.plot_values(card, "p", "c"))
    assert "other limits hold for other dates or segments" in " ".join(ax.get_xlabel().split())
    assert made.total == 155


@pytest.mark.parametrize("parts", [1, 7.3])
def test_early_is_negative_and_has_its_bars(parts):
    log = "{time: due, fields: {due: {time: due}, done: {time: done}}}"
    due = pd.date_range("2026-01-01", periods=400, freq="h")
    late = np.linspace(-20 * 86400, 10 * 86400, 400).round() / parts
    done = due + pd.to_timedelta(late, "s").round("ms")
    frame = pd.DataFrame({"due": due.astype(str), "done": done.astype(str)})
    card = score(frame, "c: {measure: {delay: {due: due, actual: done}}, green: '<= 0 s'}", log, as_of="2026-06-01")
    made = value_picture(card, CriterionId("p", "c"))
    assert made.scale == "linear"
    assert sum(made.beyond) <= 4
    early = [bar for bar in made.bars if bar.high <= 0]
    assert 15 < len(early) < 36
    assert sum(sum(bar.counts) for bar in early) == (late.round(3) <= 0).sum()


def test_wide_whole_data_keep_its_middle_and_gather_the_rest():
    criterion = 'c: {measure: {value: w}, whole: true, green: "<= 2", yellow: "<= 5"}'
    values = [-9] + [1, 2, 3, 4, 6] * 600 + [15] * 1
    made = value_picture(values_of(values, criterion, LOG.replace(", unit: s", "")), CriterionId("p", "c"))
    assert made.scale == "whole"
    assert made.beyond == (1, 1)
    assert made.total == len(values)


def test_units_other_than_time():
    log = LOG.replace("unit: s", "unit: EUR")
    card = values_of([-20, 5, 15, 35, 80], 'c: {measure: {value: w}, green: "<= 10", yellow: "<= 20"}', log)
    made = value_picture(card, CriterionId("p", "c"))
    assert (made.scale, made.unit) == ("linear", "EUR")
    ax = draw(report.plot_values(card, "p", "c"))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["−20", "0", "20", "40", "60", "80 EUR"]
    skewed = values_of(
        list(np.geomspace(1, 1e5, 300)), 'c: {measure: {value: w}, green: "<= 10", yellow: "<= 20"}', log
    )
    labels = [label.get_text() for label in draw(report.plot_values(skewed, "p", "c")).get_xticklabels()]
    assert value_picture(skewed, CriterionId("p", "c")).scale == "log"
    assert labels
    assert all(float(label.removesuffix(" EUR")) for label in labels)


def test_minutes_as_the_unit_of_a_field():
    log = LOG.replace("unit: s", "unit: min")
    made = value_picture(values_of([0.4, 0.6, 2], WAIT, log), CriterionId("p", "c"))
    assert [limit.at for limit in made.limits] == [30, 60]
    assert [sum(bar.counts[zone] for bar in made.bars) for zone in range(3)] == [1, 1, 1]
    bare = value_picture(
        values_of([0.4, 2, 7], 'c: {measure: {value: w}, green: "<= 1", yellow: "<= 5"}', log), CriterionId("p", "c")
    )
    assert [limit.at for limit in bare.limits] == [60, 300]


def test_red_without_a_value_is_said():
    log = "{time: at, fields: {at: {time: at}, done: {time: done}}}"
    frame = pd.DataFrame({"at": ["2026-01-01 10:00"] * 3, "done": ["2026-01-01 10:01", "2026-01-01 10:02", ""]})
    card = score(frame, "c: {measure: {duration: {from: at, to: done}}, green: '<= 1 h'}", log, as_of="2026-02-01")
    ax = report.plot_values(card, "p", "c")
    assert ax.get_xlabel().startswith("2 of 3 rated have a value; 1 rated without one (abandoned, overdue)")


@pytest.mark.parametrize("value", [1.0, 1e7])
def test_limits_far_from_the_values_are_inside_the_axis(value):
    ax = report.plot_values(values_of([value] * 9), "p", "c", ax=Figure((7, 2.7), layout="constrained").add_subplot())
    draw(ax)
    low, high = ax.get_xlim()
    assert low < 30
    assert high > 60
    assert low < value < high


def test_limits_close_together_have_labels_in_several_rows():
    criterion = 'c: {measure: {value: w}, green: "100 s .. 102 s", yellow: "99 s .. 103 s"}'
    ax = draw(report.plot_values(values_of([1, 100, 5000], criterion), "p", "c"))
    heights = [text.xyann[1] for text in ax.texts if hasattr(text, "xyann")]
    assert heights == [3, 13, 23, 23]


@pytest.mark.parametrize("values", [[5.0], [30.0] * 4, [0.0, 0.0], [1e-9, 1e9]])
def test_few_and_odd_values_are_drawn(values):
    card = values_of(values)
    assert value_picture(card, CriterionId("p", "c")).total == len(values)
    draw(report.plot_values(card, "p", "c"))


def test_every_value_is_in_a_bar_of_its_zone():
    random = np.random.default_rng(3)
    for sigma in (0.3, 1.0, 2.5):
        values = random.lognormal(3.4, sigma, 3000)
        made = value_picture(values_of(values), CriterionId("p", "c"))
        found = tuple(sum(bar.counts[zone] for bar in made.bars) + made.zeros[zone] for zone in range(3))
        assert found == ((values <= 30).sum(), ((values > 30) & (values <= 60)).sum(), (values > 60).sum())
        lows = [bar.low for bar in made.bars]
        assert lows == sorted(lows)
        assert all(a.high == b.low for a, b in zip(made.bars[:-1], made.bars[1:], strict=True))


# --- axes


def test_period_labels_are_whole_where_they_fit_and_short_where_not():
    columns = [Column(f"2026-{at:02}") for at in range(1, 13)] + [Column("2027-01")]
    assert axis.period_ticks(columns, 60, "en")[1][:2] == ["Jan 2026", "Feb 2026"]
    assert axis.period_ticks(columns, 60, "ru")[1][:2] == ["янв. 2026", "февр. 2026"]
    places, labels = axis.period_ticks(columns, 25, "en")
    assert labels[:2] == ["Jan\n2026", "Feb"]
    assert labels[-1] == "Jan\n2027"
    places, labels = axis.period_ticks(columns, 8, "en")
    assert places == [0, 3, 6, 9, 12]
    assert labels == ["Jan\n2026", "Apr", "Jul", "Oct", "Jan\n2027"]
    gap = [Column("2026-01"), Column("", 30), Column("2029-01")]
    assert axis.period_ticks(gap, 20, "en")[1] == ["Jan\n2026", "…", "Jan\n2029"]
    years = [Column(str(year)) for year in range(2000, 2011)]
    assert axis.period_ticks(years, 5, "en") == ([0, 5, 10], ["2000", "2005", "2010"])
    assert axis.period_ticks([], 10, "en") == ([], [])


def test_two_years_of_days_have_the_beginnings_of_months():
    days = [Column(str(day)) for day in pd.period_range("2024-01-01", "2025-12-31", freq="D")]
    places, labels = axis.period_ticks(days, 1.2, "en")
    assert [days[place].label[8:] for place in places] == ["01"] * len(places)
    assert labels[:3] == ["Jan\n2024", "Feb", "Mar"]
    assert axis.period_ticks(days, 0.2, "en")[1] == ["Jan\n2024", "May", "Sep", "Jan\n2025", "May", "Sep"]
    quarters = [Column(f"{year}-Q{at}") for year in (2025, 2026) for at in (1, 2, 3, 4)]
    assert axis.period_ticks(quarters, 28, "en")[1][:2] == ["Q1\n2025", "Q2"]
    weeks = [Column(f"2026-W{at:02}") for at in range(1, 53)]
    assert axis.period_ticks(weeks, 8, "en")[1][:3] == ["W1\n2026", "W5", "W9"]


def test_axes_in_hours_and_days():
    card = values_of(
        list(np.linspace(0, 40 * 3600, 200)), 'c: {measure: {value: w}, green: "<= 10 h", yellow: "<= 1 d"}'
    )
    labels = [label.get_text() for label in draw(report.plot_values(card, "p", "c")).get_xticklabels()]
    assert labels[0] == "0 s"
    assert "12 h" in labels
    assert "1 d" in labels
