"""The figures of a criterion on the page: what its chart, its segments and its values show, each under its finding.

In: a card, its answer, the periods that are shown. Out: `Drawn`: a title that says the finding, an SVG text, a note.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight.card.value_bars import NUMERIC, value_picture
from svclight.counts.tidy_tables import records_of, rows_of
from svclight.decisions.funnel_words import FAR
from svclight.pages import figures, page_words
from svclight.pages.figures import Column, Spread, Stack
from svclight.pages.marks import Point
from svclight.statistics.shares import wilson_interval
from svclight.thresholds import ZONES
from svclight.wording.catalogue import say, say_counted
from svclight.wording.estimates import estimate_text
from svclight.wording.languages import (
    decimal_sign,
    interval_words,
    period_words,
    share_words,
    span_words,
    whole_number,
)
from svclight.wording.limit_words import quantity_text
from svclight.wording.sentence_parts import limit_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from svclight.card.value_bars import Picture
    from svclight.decisions.control_chart import ControlLimits
    from svclight.decisions.funnel import Funnel
    from svclight.pages.answer_lines import AnswerLine
    from svclight.pages.page_periods import PagePeriods
    from svclight.scorecard import Scorecard

NEWEST: Final = 120
"""A chart shows so many of the newest periods."""
FUNNEL_FROM: Final = 15
"""So many values of a segment are a funnel; fewer stand one under another."""
_CELLS: Final = 6
"""A period of what was measured has so many cells."""


@dataclass(frozen=True)
class Drawn:
    """A figure under its finding; `note` says how to read it."""

    title: str
    svg: str
    note: str = ""


def spark(line: AnswerLine, shown: PagePeriods, names: Sequence[str], target: float | None, lang: str) -> str:
    """The periods of a criterion as small stacked bars."""
    process, criterion = line.which
    bars = []
    for column, name, counts in zip(shown.columns, names, shown.of(process, criterion), strict=True):
        flags = shown.flags.get((process, criterion, column.label), ())
        rated = counts[: len(ZONES)]
        tip = page_words.period_tip(name, rated, flags, lang)
        bars.append(Stack((rated[0], rated[1], rated[2]), tip, is_pale=bool({"partial", "immature"} & {*flags})))
    label = say("{title}: green, yellow and red shares by period", lang, title=line.title)
    return figures.stacks(bars, label, target=target)


def changing(line: AnswerLine, charts: ControlLimits, lang: str, *, target: float | None) -> Drawn | None:
    """The control chart of the green share; nothing without a period."""
    table = rows_of(charts.table, line.which)
    rows = records_of(table.iloc[-NEWEST:])
    if not rows:
        return None
    points = [_chart_point(row, lang) for row in rows]
    limits = [(row["lower"], row["center"], row["upper"]) for row in rows]
    names = [period_words(row["period"], lang) for row in rows]
    label = say("{title}: the green share by period, with its control limits", lang, title=line.title)
    svg = figures.chart(
        points, names, label, show=lambda value: _percent(value, lang), limits=limits, target=target, bounds=(0.0, 1.0)
    )  # fmt: skip
    left_out = len(table) - len(rows)
    note = say("Band: where it lies by chance. Square: beyond that. Dashed: the target.", lang)
    if left_out:
        note += " " + say_counted(
            "{count} older period is not drawn.", "{count} older periods are not drawn.", left_out, lang
        )
    return Drawn(page_words.chart_finding(line, lang), svg, note)


def _percent(value: float, lang: str) -> str:
    return decimal_sign(f"{100 * value:.3g}", lang) + " %"


def _chart_point(row: Mapping[str, Any], lang: str) -> Point:
    value = float(row["value"])
    said = share_words(value, lang) if not math.isnan(value) else say("no data", lang)
    tip = [
        period_words(row["period"], lang),
        f"{said} · " + say_counted("{count} rated", "{count} rated", int(row["rated"]), lang),
    ]
    if not math.isnan(row["lower"]):
        tip.append(say("by chance: {interval}", lang, interval=interval_words(row["lower"], row["upper"], lang)))
    flags = [page_words.flag_words(flag, lang) for flag in str(row["flag"]).split(", ") if flag]
    return Point(value, "\n".join([*tip, *flags]), stands_out=bool(row["signals"]), is_hollow=row["phase"] < 0)


def differing(line: AnswerLine, found: Funnel, lang: str) -> Drawn | None:
    """The values of a segment with their intervals against the whole, or as a funnel; nothing with fewer than two."""
    rows = records_of(rows_of(found.table, line.which))
    whole = records_of(rows_of(found.wholes, line.which))
    if len(rows) < 2 or not whole or not whole[0]["rated"]:  # noqa: PLR2004 - one value differs from nothing
        return None
    made = [_spread(row, str(row[found.segment]), lang) for row in rows if row["rated"]]
    out = [one for one in made if one.stands_out]
    finding = page_words.differing_finding(
        [_named_share(one, lang) for one in sorted(out, key=lambda one: -one.value)],
        judged=int(whole[0]["judged"]),
        lang=lang,
    )
    center = float(whole[0]["center"])
    label = say("{title}: red shares by {segment}", lang, title=line.title, segment=found.segment)
    span = span_words(found.periods[0], found.periods[-1], lang)
    if len(made) < FUNNEL_FROM:
        text = say("whole {share} red", lang, share=share_words(center, lang))
        svg = figures.spreads(made, label, whole=center, whole_text=text)
        return Drawn(
            finding,
            svg,
            say(
                "Red shares, {span}, with 95 % intervals. Square: beyond the limits of chance (99.8 %).",
                lang,
                span=span,
            ),
        )
    limits = sorted(
        (float(row["rated"]), float(row["low_998"]), float(row["high_998"]))
        for row in rows
        if row["low_998"] == row["low_998"]
    )
    svg = figures.funnel(
        made, limits, label, whole=center, show=lambda value: _percent(value, lang), axis=say("rated", lang)
    )
    note = say(
        "Red shares over the number rated, {span}. Lines: the limits of chance (99.8 %); square: beyond them.",
        lang,
        span=span,
    )
    return Drawn(finding, svg, note)


def _named_share(one: Spread, lang: str) -> str:
    return say("{name} ({share} red)", lang, name=one.name, share=share_words(one.value, lang))


def _spread(row: Mapping[str, Any], name: str, lang: str) -> Spread:
    share, rated = float(row["share"]), int(row["rated"])
    low, high = map(float, wilson_interval(share * float(row["effective"]), float(row["effective"])))
    text = say("{share} of {count}", lang, share=share_words(share, lang), count=whole_number(rated, lang))
    tip = "\n".join(
        [
            name,
            say("{share} red of {count} rated", lang, share=share_words(share, lang), count=whole_number(rated, lang)),
            f"95 %: {interval_words(low, high, lang)}",
        ]
    )
    return Spread(name, share, low, high, rated, text, tip, stands_out=row["position"] == FAR)


def values_drawn(card: Scorecard, line: AnswerLine, told: Mapping[str, Any] | None, lang: str) -> Drawn | None:
    """The values over the zones; nothing where nothing was measured in numbers. `told` is the period of the finding."""
    definition = card.definitions.processes[line.which.process].criteria[line.which.criterion]
    if definition.measure.kind not in NUMERIC or "." in line.which.criterion:  # an item of a card is kept or not
        return None
    made = value_picture(card, line.which)
    if not made.bars or not made.total:
        return None
    period, _, _, median, p90, _ = amount_cells(told, lang) if told else ("",) * _CELLS
    shown = [_value_column(made, place, lang) for place in range(len(made.bars))]
    limits = [(made.place(limit.at), limit_words(f"{limit.operator} {limit.text}", lang)) for limit in made.limits]
    label = say("{title}: values over the zones", lang, title=line.title)
    svg = figures.columns(shown, limits, label, names=_value_names(made, lang), bands=_bands(made, lang))
    note = say_counted("{count} value of all periods.", "{count} values of all periods.", made.total, lang)
    if made.scale == "log":
        note += " " + say("The axis is logarithmic: each step is a multiple.", lang)
    if any(made.zeros):
        note += " " + say("Zeros are not drawn: {counts}.", lang, counts=_zone_counts(made.zeros, lang))
    if made.several:
        note += " " + say(
            "Other limits hold for other dates or segments; drawn are those that hold last for all.", lang
        )
    return Drawn(page_words.values_finding(period if median else "", median, p90, lang), svg, note)


def _bands(made: Picture, lang: str) -> list[tuple[float, float, str]]:
    """The ends of each zone on the axis, those of the axis where it is open, and its letter."""
    letters = dict(zip(ZONES, page_words.letters_of(lang), strict=True))
    first, last = made.bars[0].low, made.bars[-1].high
    return [(made.place(max(low, first)), made.place(min(high, last)), letters[zone]) for zone, low, high in made.bands]


def _zone_counts(counts: Iterable[int], lang: str) -> str:
    pairs = zip(page_words.letters_of(lang), counts, strict=True)
    return ", ".join(f"{letter} {whole_number(count, lang)}" for letter, count in pairs if count)


def _amount(row: Mapping[str, Any], name: str, lang: str) -> str:
    return quantity_text(estimate_text(row[name], row["unit"]), lang) if row[name] == row[name] else ""


def amount_cells(row: Mapping[str, Any], lang: str) -> tuple[str, ...]:
    """A period with how many were measured, their mean, median, 90 % point and sum; `≈` before what is no exact one."""
    about = "" if row["exact"] else "≈ "
    inner = [_amount(row, name, lang) for name in ("median", "p90")]
    return (
        period_words(str(row["period"]), lang), whole_number(int(row["measured"]), lang), _amount(row, "mean", lang),
        *(f"{about}{one}" if one else "" for one in inner), _amount(row, "sum", lang),
    )  # fmt: skip


def _axis_text(made: Picture, value: float, lang: str) -> str:
    """A value of the axis as people say it."""
    return quantity_text(estimate_text(value, "s" if made.unit == "time" else made.unit), lang)


def _value_column(made: Picture, place: int, lang: str) -> Column:
    bar = made.bars[place]
    factor = made.height(bar)
    heights = tuple(count * factor for count in bar.counts)
    ends = _axis_text(made, bar.low, lang), _axis_text(made, bar.high, lang)
    name = ends[0] if made.scale == "whole" else f"{ends[0]} – {ends[1]}"
    tip = f"{name}\n{_zone_counts(bar.counts, lang)}"
    low, high = (made.place(end) for end in (bar.low, bar.high))
    if made.scale == "whole":
        low, high = low - 0.45, low + 0.45
    return Column(low, high, (heights[0], heights[1], heights[2]), tip)


def _value_names(made: Picture, lang: str) -> list[tuple[float, str]]:
    """The values that stand under the axis: the ends of some bars."""
    ends = sorted({end for bar in made.bars for end in (bar.low, bar.high)})
    step = max(len(ends) // 6, 1)
    return [(made.place(end), _axis_text(made, end, lang)) for end in ends[::step]]


def amounts_drawn(
    line: AnswerLine, amounts: Sequence[Mapping[str, Any]], told: Mapping[str, Any] | None, lang: str
) -> Drawn | None:
    """Mean, median and 90 % point by period; nothing where they are not known of two. `told` stands in the finding."""
    rows = [row for row in amounts if row["mean"] == row["mean"] and row["period"]][-NEWEST // 2 :]
    if len(rows) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    named = (("mean", say("mean", lang)), ("median", say("median", lang)), ("p90", say("90 %", lang)))
    series = []
    for name, text in named:
        points = [
            Point(_float(row[name]), f"{period_words(row['period'], lang)}\n{text} {_amount(row, name, lang)}")
            for row in rows
        ]
        if any(point.value == point.value for point in points):
            series.append((text, points))
    unit = str(rows[-1]["unit"])
    label = say("{title}: mean, median and 90 % point by period", lang, title=line.title)
    svg = figures.lines(
        series,
        [period_words(row["period"], lang) for row in rows],
        label,
        show=lambda value: quantity_text(estimate_text(value, unit), lang),
    )
    last = rows[-1] if told is None or told["mean"] != told["mean"] else told
    title = say(
        "{period}: {mean} in the mean",
        lang,
        period=period_words(last["period"], lang),
        mean=_amount(last, "mean", lang),
    )
    return Drawn(title, svg)


def _float(value: Any) -> float:
    return math.nan if value is None or pd.isna(value) else float(value)
