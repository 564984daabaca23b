"""A control chart in words: whether it is changing, by which signals, and whether it meets its target.

In: the points, signals and verdict of a chart. Out: a sentence, not escaped for any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from svclight.card.card_tables import FEW
from svclight.wording.estimates import estimate_text
from svclight.wording.result_words import segments_text
from svclight.wording.shares import share_text
from svclight.wording.short_phrases import count_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from svclight.wording.shares import Ends

    Told = Callable[[float], str]
    """How a charted number is shown."""

_MOST_NAMED: Final = 3
_MEETS: Final = {
    "meets it": "The target {target} is met as long as nothing changes.",
    "misses it": "The target {target} is missed as long as nothing changes.",
    "now meets it, now misses it": "The target {target} lies between the limits: chance alone meets or misses it.",
    "cannot tell": "Whether the target {target} is met cannot be told {why}.",
    "no target": "",
}


def share_told(ends: Ends) -> Told:
    """Shares as text, told from the ends of their targets."""
    return lambda share: share_text(share, ends)


def value_told(unit: str) -> Told:
    """Values as text with their unit."""
    return lambda value: estimate_text(value, unit)


def chart_sentence(
    chart: pd.DataFrame,
    signals: Sequence[Mapping[str, Any]],
    verdict: Mapping[str, Any],
    *,
    title: tuple[str, str],
    where: Mapping[str, str],
    told: Told,
) -> str:
    """A chart in words: whether it is changing, and whether it meets its target; `told` shows its numbers."""
    segment = segments_text(where.items())
    named = ", ".join(title) + (f" ({segment})" if segment else "")
    head = f"{named}, {chart['zone'].iloc[0]}: {verdict['changing']}"
    points = chart[(chart["phase"] >= 0) & chart["lower"].notna()]
    if not len(points):
        said = [f"{head}. {_why_none(chart, told)}", _target_text(verdict), _few_text(chart)]
        return " ".join(part for part in said if part)
    last = points.iloc[-1]
    mine = [signal for signal in signals if signal["phase"] == last["phase"]]
    said = [f"{head}. {_band_text(points, told)}", _season_text(last), _signals_text(mine), _target_text(verdict)]
    return " ".join(part for part in (*said, _few_text(chart)) if part)


def _band_text(points: pd.DataFrame, told: Told) -> str:
    """The centre and the limits of the newest point in words."""
    last = points.iloc[-1]
    count = int((points["phase"] == last["phase"]).sum())
    more = [
        f"sigma_z {last['sigma_z']:.2f}" if last["sigma_z"] == last["sigma_z"] else "",
        f"trial limits of {count_text(count, 'point')}" if last["trial"] else "",
    ]
    shown = ", ".join(part for part in more if part)
    band = f"Centre {told(last['center'])}, limits {told(last['lower'])} to {told(last['upper'])} in {last['period']}"
    return f"{band} ({shown})." if shown else f"{band}."


def _season_text(last: pd.Series) -> str:
    if not last["seasonal"]:
        return ""
    return "Months of the year differ by more than chance: centre and limits are those of each month of the year."


def _few_text(chart: pd.DataFrame) -> str:
    """How many periods are no points because too few are rated."""
    few = int(chart["flag"].str.contains("few").sum())
    return f"{count_text(few, 'period')} of under {FEW} rated {'is' if few == 1 else 'are'} no point." if few else ""


def _target_text(verdict: Mapping[str, Any]) -> str:
    why = "without limits" if verdict["changing"] == "no limits" else "while it is changing"
    return _MEETS[verdict["meets"]].format(target=verdict["target"], why=why)


def _why_none(chart: pd.DataFrame, told: Told) -> str:
    """The reason why a chart has no limits."""
    points = chart[chart["phase"] >= 0]
    newest = points[points["phase"] == points["phase"].max()]
    if len(newest) < 2:  # noqa: PLR2004 - two points make a range
        return f"There is no limit from {count_text(len(newest), 'whole and mature period')} of at least {FEW} rated."
    always = told(newest["value"].iloc[-1])
    return f"It is always {always}, in {count_text(len(newest), 'period')} and {newest['rated'].sum():,} rated."


def _signals_text(signals: Sequence[Mapping[str, Any]]) -> str:
    newest = sorted(signals, key=lambda signal: signal["last"], reverse=True)
    said = [_signal_text(signal) for signal in newest[:_MOST_NAMED]]
    more = f", and {len(newest) - _MOST_NAMED} more" if len(newest) > _MOST_NAMED else ""
    return f"Signals: {'; '.join(said)}{more}." if said else ""


def _signal_text(signal: Mapping[str, Any]) -> str:
    when = signal["first"] if signal["first"] == signal["last"] else f"{signal['first']} to {signal['last']}"
    return f"{signal['rule']}, {signal['direction']}, {when}"
