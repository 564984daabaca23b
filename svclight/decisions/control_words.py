"""A control chart in words: whether it is changing, by which signals, and whether it meets its target.

In: the points, signals and verdict of a chart, a language. Out: a sentence, not escaped for any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from svclight.card.card_tables import FEW
from svclight.wording.catalogue import say, say_counted, say_of, to_say, to_say_of
from svclight.wording.estimates import estimate_text
from svclight.wording.languages import decimal_sign, period_words, share_words, span_words, whole_number
from svclight.wording.limit_words import quantity_text
from svclight.wording.sentence_parts import limit_words, segments_words, series_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from svclight.wording.shares import Ends

    Told = Callable[[float], str]
    """How a charted number is shown."""

_MOST_NAMED: Final = 3
STEADY: Final = to_say_of("chart", "steady")
BETTER: Final = to_say_of("chart", "changing for the better")
WORSE: Final = to_say_of("chart", "changing for the worse")
CHANGING: Final = to_say_of("chart", "changing")
TRIAL: Final = to_say_of("chart", "trial limits")
NO_LIMITS: Final = to_say_of("chart", "no limits")
MEETS: Final = "meets it"
MISSES: Final = "misses it"
SOMETIMES: Final = "now meets it, now misses it"
NO_TARGET: Final = "no target"
CANNOT_TELL: Final = "cannot tell"
_MEETS: Final = {
    MEETS: to_say("The target {target} is met as long as nothing changes."),
    MISSES: to_say("The target {target} is missed as long as nothing changes."),
    SOMETIMES: to_say("The target {target} lies between the limits: chance alone meets or misses it."),
    CANNOT_TELL: to_say("Whether the target {target} is met cannot be told while it is changing."),
}
_RULES: Final = (
    to_say_of("rule", "outside"),
    to_say_of("rule", "7 on one side"),
    to_say_of("rule", "7 rising or falling"),
    to_say_of("rule", "2 of 3 in the outer third"),
)
_DIRECTIONS: Final = (to_say_of("rule", "up"), to_say_of("rule", "down"))


def changing_words(code: str, lang: str) -> str:
    """Whether a chart is changing (`changing` of its verdicts) in a language."""
    return say_of("chart", code, lang)


def rule_words(code: str, lang: str) -> str:
    """A rule of signals, or their direction, in a language."""
    return say_of("rule", code, lang)


def share_told(ends: Ends, lang: str) -> Told:
    """Shares as text, told from the ends of their targets."""
    return lambda share: share_words(share, lang, ends)


def value_told(unit: str, lang: str) -> Told:
    """Values as text with their unit."""
    return lambda value: quantity_text(estimate_text(value, unit), lang)


def chart_sentence(
    chart: pd.DataFrame,
    signals: Sequence[Mapping[str, Any]],
    verdict: Mapping[str, Any],
    *,
    title: tuple[str, str],
    where: Mapping[str, str],
    told: Told,
    lang: str,
) -> str:
    """A chart in words: whether it is changing, and whether it meets its target; `told` shows its numbers."""
    segment = segments_words(where.items(), lang)
    named = ", ".join(title) + (f" ({segment})" if segment else "")
    changing = changing_words(verdict["changing"], lang)
    head = f"{named}, {series_name(chart['zone'].iloc[0], lang)}: {changing}."
    points = chart[(chart["phase"] >= 0) & chart["lower"].notna()]
    if len(points):
        last = points.iloc[-1]
        mine = [signal for signal in signals if signal["phase"] == last["phase"]]
        found = [_band_text(points, told, lang), _season_text(last, lang), _signals_text(mine, lang)]
    else:
        found = [_why_none(chart, told, lang)]
    said = [head, *found, _target_text(verdict, lang), _few_text(chart, lang)]
    return " ".join(part for part in said if part)


def _band_text(points: pd.DataFrame, told: Told, lang: str) -> str:
    """The centre and the limits of the newest point in words."""
    last = points.iloc[-1]
    count = int((points["phase"] == last["phase"]).sum())
    more = []
    if last["sigma_z"] == last["sigma_z"]:
        more.append("sigma_z " + decimal_sign(f"{last['sigma_z']:.2f}", lang))
    if last["trial"]:
        more.append(say_counted("trial limits of {count} point", "trial limits of {count} points", count, lang))
    shown = f" ({', '.join(more)})" if more else ""
    return say(
        "Centre {center}, limits {low} to {high} in {period}{more}.",
        lang,
        center=told(last["center"]),
        low=told(last["lower"]),
        high=told(last["upper"]),
        period=period_words(last["period"], lang),
        more=shown,
    )


def _season_text(last: pd.Series, lang: str) -> str:
    if not last["seasonal"]:
        return ""
    return say(
        "Months of the year differ by more than chance: centre and limits are those of each month of the year.", lang
    )


def _few_text(chart: pd.DataFrame, lang: str) -> str:
    """How many periods are no points because too few are rated."""
    few = int(chart["flag"].str.contains("few").sum())
    if not few:
        return ""
    return say_counted(
        "{count} period of under {fewest} rated is no point.",
        "{count} periods of under {fewest} rated are no point.",
        few,
        lang,
        fewest=FEW,
    )


def _target_text(verdict: Mapping[str, Any], lang: str) -> str:
    """Whether the chart meets its target; nothing without one."""
    if verdict["meets"] == NO_TARGET:
        return ""
    target = limit_words(verdict["target"], lang)
    if verdict["meets"] == CANNOT_TELL and verdict["changing"] == NO_LIMITS:
        return say("Whether the target {target} is met cannot be told without limits.", lang, target=target)
    return say(_MEETS[verdict["meets"]], lang, target=target)


def _why_none(chart: pd.DataFrame, told: Told, lang: str) -> str:
    """The reason why a chart has no limits."""
    points = chart[chart["phase"] >= 0]
    newest = points[points["phase"] == points["phase"].max()]
    if len(newest) < 2:  # noqa: PLR2004 - two points make a range
        return say_counted(
            "There is no limit from {count} whole and mature period of at least {fewest} rated.",
            "There is no limit from {count} whole and mature periods of at least {fewest} rated.",
            len(newest),
            lang,
            fewest=FEW,
        )
    return say_counted(
        "It is always {share}, in {count} period and {rated} rated.",
        "It is always {share}, in {count} periods and {rated} rated.",
        len(newest),
        lang,
        share=told(newest["value"].iloc[-1]),
        rated=whole_number(newest["rated"].sum(), lang),
    )


def _signals_text(signals: Sequence[Mapping[str, Any]], lang: str) -> str:
    newest = sorted(signals, key=lambda signal: signal["last"], reverse=True)
    if not newest:
        return ""
    said = "; ".join(_signal_text(signal, lang) for signal in newest[:_MOST_NAMED])
    if len(newest) > _MOST_NAMED:
        return say("Signals: {signals}, and {count} more.", lang, signals=said, count=len(newest) - _MOST_NAMED)
    return say("Signals: {signals}.", lang, signals=said)


def _signal_text(signal: Mapping[str, Any], lang: str) -> str:
    periods = span_words(signal["first"], signal["last"], lang)
    return f"{rule_words(signal['rule'], lang)}, {rule_words(signal['direction'], lang)}, {periods}"
