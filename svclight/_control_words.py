"""A control chart in words: what changed and when, and what it says of the target.

In: the points, signals and verdicts of one chart. Out: a sentence, not escaped for any format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from svclight._lights import plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

_MOST_NAMED: Final = 3
_MEETS: Final = {
    "meets it": "The target {target} is met as long as nothing changes.",
    "misses it": "The target {target} is missed as long as nothing changes.",
    "now meets it, now misses it": "The target {target} lies between the limits: chance alone meets or misses it.",
    "cannot tell": "Whether the target {target} is met cannot be told {why}.",
    "no target": "",
}


def sentence(
    chart: pd.DataFrame,
    signals: Sequence[Mapping[str, Any]],
    verdict: Mapping[str, Any],
    *,
    title: tuple[str, str],
    where: Mapping[str, str],
) -> str:
    """What a chart says: is it changing, and does it meet its target."""
    segment = ", ".join(f"{name} {value or '(missing)'}" for name, value in where.items())
    named = ", ".join(title) + (f" ({segment})" if segment else "")
    head = f"{named}, {chart['zone'].iloc[0]}: {verdict['changing']}"
    points = chart[(chart["phase"] >= 0) & chart["lower"].notna()]
    if not len(points):
        return " ".join(part for part in (f"{head}. {_why_none(chart)}", _aim(verdict)) if part)
    last = points.iloc[-1]
    mine = [signal for signal in signals if signal["phase"] == last["phase"]]
    count = int((points["phase"] == last["phase"]).sum())
    trial = f", trial limits of {plural(count, 'point')}" if last["trial"] else ""
    band = (
        f"Centre {_percent(last['center'])}, limits {_percent(last['lower'])} to {_percent(last['upper'])} in "
        f"{last['period']} (sigma_z {last['sigma_z']:.2f}{trial})."
    )
    return " ".join(part for part in (f"{head}. {band}", _raised(mine), _aim(verdict)) if part)


def _aim(verdict: Mapping[str, Any]) -> str:
    why = "without limits" if verdict["changing"] == "no limits" else "while it is changing"
    return _MEETS[verdict["meets"]].format(target=verdict["target"], why=why)


def _why_none(chart: pd.DataFrame) -> str:
    points = chart[chart["phase"] >= 0]
    newest = points[points["phase"] == points["phase"].max()]
    if len(newest) < 2:  # noqa: PLR2004 - two points make a range
        return f"There is no limit from {plural(len(newest), 'whole and mature period')}."
    return f"There is no limit around a share that is always {_percent(newest['share'].iloc[0])}."


def _raised(signals: Sequence[Mapping[str, Any]]) -> str:
    newest = sorted(signals, key=lambda signal: signal["last"], reverse=True)
    said = [_signal(signal) for signal in newest[:_MOST_NAMED]]
    more = f", and {len(newest) - _MOST_NAMED} more" if len(newest) > _MOST_NAMED else ""
    return f"Signals: {'; '.join(said)}{more}." if said else ""


def _signal(signal: Mapping[str, Any]) -> str:
    when = signal["first"] if signal["first"] == signal["last"] else f"{signal['first']} to {signal['last']}"
    return f"{signal['rule']}, {signal['direction']}, {when}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
