"""A criterion under a supposition: every wait 10 s shorter, all transfers capped at one, other limits.

In: a log (or a card), a criterion, and what is supposed. Out: `WhatIf`: shares before and after, who moved from which
zone to which, the green share at every limit, and what the last second of a tighter limit gains. Service must be
sufficient, not maximal: the curve says where more speed stops to matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from svclight.card.criterion_names import named_criterion
from svclight.card.summary import shown_unit
from svclight.decisions.check import periods_of
from svclight.decisions.result import Result
from svclight.errors import SvclightError
from svclight.judging.contract import Wanted
from svclight.planning import recount
from svclight.planning.green_share_curve import Curve, curve_of
from svclight.planning.supposition import Supposed, read_supposition
from svclight.planning.what_if_words import SIDES, supposition_words, what_if_sentences
from svclight.processes import criterion_at
from svclight.scorecard import Scorecard
from svclight.scoring import score
from svclight.statistics import shares
from svclight.thresholds import STATES, ZONES
from svclight.wording.catalogue import say
from svclight.wording.languages import language_of
from svclight.wording.shares import target_ends

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from svclight.definition.criterion_id import CriterionId
    from svclight.planning.recount import Recount
    from svclight.wording.shares import Ends


@dataclass(frozen=True, repr=False)
class WhatIf(Result):
    """The counts of a criterion as they are, and as they would be under a supposition.

    Attributes:
        table: One row a period, and one for all that are asked for (`period` empty): `period`, `rated_before`, the
            counts of the zones and their shares (0 to 1) before, the same after, `green_change` (percentage points).
        moved: `before, after, count`: interactions that go from one state to another.
        unmoved: `state, reason, count`: what has no complete measured value, and stays as it is.
        curve: `limit, at` (seconds for times, else in the values' unit), `green, green_share, green_share_low,
            green_share_high, gain` (percentage points that the last step of the limit gains, by `gain_unit`).
        curve_after: The same for the values that are supposed; None where the limits are.
        limits: Where green ends now, and where it is supposed to end, on the curve.
        gain_unit: By which unit gains are given.
        supposed: What is supposed, in words.
        title: What people call the criterion.
        periods: The periods that are asked for.
        exact: Whether every interaction was judged anew; else it comes from a histogram and is known to about 2 %.
        minutes: Minutes of service that the change takes away, over the periods; NaN where values are no times. With a
            tighter limit: those that interactions now green would have to be shorter to stay so.
        cost: These minutes at the criterion's `cost: {minute}`; NaN where it has none.
        red_cost: What the reds that are no more would have cost; NaN where they have no cost.
        currency: Of the costs.
        targets: The ends of the criterion's targets by zone, from which shares are told.
        lang: The language of what is supposed and of the sentences.
    """

    table: pd.DataFrame
    moved: pd.DataFrame
    unmoved: pd.DataFrame
    curve: pd.DataFrame
    curve_after: pd.DataFrame | None
    limits: tuple[float, float]
    gain_unit: str
    supposed: str
    title: str
    periods: tuple[str, ...]
    exact: bool
    minutes: float
    cost: float
    red_cost: float
    currency: str
    targets: Mapping[str, Ends] = field(default_factory=dict)
    lang: str = "en"

    @property
    def sentences(self) -> tuple[str, ...]:
        """The change of the shares, the moves, the gain and the costs, in words."""
        return tuple(what_if_sentences(self, self.lang))

    def lines(self) -> Iterator[str]:
        """The supposition as a question, then the sentences, for people."""
        yield say("{title}: what if {supposed}?", self.lang, title=self.title, supposed=self.supposed)
        yield from self.sentences

    def _small_table(self) -> pd.DataFrame:
        # the last row is that of all periods together
        one = self.table.iloc[:1]
        return one if len(self.periods) == 1 else self.table.replace({"period": {"": say("all", self.lang)}})

    def _target_ends(self) -> Mapping[str, Ends]:
        return self.targets

    def _columns_of(self, table: pd.DataFrame) -> tuple[str, ...]:  # noqa: ARG002 - they do not depend on it
        return ("period", "green_share_before", "green_share_after", "red_share_before", "red_share_after")

    def __str__(self) -> str:
        return "\n".join(self.lines())


def what_if(  # noqa: PLR0913 - each is a question that a caller may answer, all but three by keyword
    source: Any,
    definitions: Any = None,
    criterion: str | None = None,
    *,
    shift: Any = None,
    scale: Any = None,
    cap: Any = None,
    limits: Any = None,
    periods: str | Iterable[str] | None = None,
    lang: str | None = None,
    **options: Any,
) -> WhatIf:
    """Scores again with values shifted, scaled or capped, or with other limits.

    Only complete measured values move. What is not finished, was given up or has no value stays as it is, and is listed
    in `unmoved`; with other limits all interactions are judged anew. What cannot be below nothing stops at 0, what has
    a `scale` at its ends. A card that has no way back to its log is recounted from its histogram, approximately.

    Args:
        source: Logs as `score` takes them, or a `Scorecard`.
        definitions: What `load` gave, where `source` is a log.
        criterion: `PROCESS.CRITERION`; the criterion alone where only one process has it.
        shift: An amount that is added to every value, such as "-10 s".
        scale: A factor, such as 0.9 or "90 %".
        cap: The most that a value may be, such as "1".
        limits: `{"green": "<= 20 s", "yellow": "<= 1 min"}`; a zone that is not given stays, text alone is green.
        periods: The periods that are added up; all but immature ones unless given.
        lang: The language of the sentences; that of the definitions unless given.
        options: For a log, what else `score` takes (`as_of`, `period`, `matured`, `customers`).

    Returns:
        The `WhatIf`.

    Raises:
        SvclightError: There is no such criterion, period or language, it has no numbers, or not exactly one thing is
            supposed.
        DefinitionError: The limits are none, or do not fit.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, segments: [team], fields: {waited: {number: waited, unit: s}}}
        ...     criteria:
        ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
        ... ''')
        >>> log = pd.DataFrame({"called": "2026-03-10 09:00", "team": "east", "waited": [10, 20, 35, 90]})
        >>> made = svclight.what_if(log, definitions, "hotline.wait", shift="-10 s", as_of="2026-04-01")
        >>> made.table[["period", "green_share_before", "green_share_after"]].values.tolist()
        [['2026-03', 0.5, 0.75], ['', 0.5, 0.75]]
    """
    if not isinstance(source, Scorecard):
        source = score(source, definitions, **options)
    elif definitions is not None and criterion is None:
        criterion = definitions  # what_if(card, "hotline.wait", …)
    lang = language_of(lang, source.definitions)
    which = named_criterion(source, criterion)
    supposed = read_supposition(
        source.definitions, which, {"shift": shift, "scale": scale, "cap": cap, "limits": limits}
    )
    chosen = periods_of(source, which, periods)
    if not chosen:
        raise SvclightError(f"{which}: no period is mature: name one with --period")
    if source.way_back is None:
        made = recount.from_histogram(source, which, supposed, chosen)
    else:
        (judge,) = source.way_back(Wanted(*which))
        made = recount.from_log(judge, which.criterion, supposed, chosen)
    return _put_together(source, which, supposed, made, chosen, lang)


def _put_together(
    card: Scorecard, which: CriterionId, supposed: Supposed, made: Recount, chosen: tuple[str, ...], lang: str
) -> WhatIf:
    """The result from the recount: tables of shares and moves, the curve, the sentences."""
    criterion = criterion_at(card.definitions, which)
    flows = made.flows[made.flows["period"].isin(chosen)]
    changed = criterion_at(supposed.definitions, which) if supposed.definitions else criterion
    written = shown_unit(criterion, card.definitions.processes[which.process].log)
    curve = curve_of(criterion, changed, made, written=written, staying=_staying_counts(flows, made))
    minutes = _minutes_lost(made, curve, supposed)
    cost = criterion.cost
    per_minute = np.nan if cost is None or cost.minute is None else cost.minute
    per_red = np.nan if cost is None or cost.red is None else cost.red
    table = _share_table(flows, chosen)
    fewer = float(table["red_before"].iloc[-1] - table["red_after"].iloc[-1])
    return WhatIf(
        table, _moved_table(flows), _as_states(made.unmoved), curve.now, curve.after, curve.limits, curve.gain_unit,
        supposition_words(supposed, changed, lang), card.definitions.title(*which), chosen, made.exact,
        minutes, minutes * per_minute, fewer * per_red, card.definitions.document.currency or "",
        target_ends(criterion), lang,
    )  # fmt: skip


def _staying_counts(flows: pd.DataFrame, made: Recount) -> tuple[int, int]:
    """The green and the rated interactions that have no complete value, so that no limit moves them."""
    values = made.values
    green = flows.loc[flows["before"] == 0, "count"].sum() - values.loc[values["zone"] == 0, "count"].sum()
    rated = flows.loc[flows["before"] < len(ZONES), "count"].sum() - values["count"].sum()
    return int(green), int(rated)


def _minutes_lost(made: Recount, curve: Curve, supposed: Supposed) -> float:
    """Minutes that values lose; with a tighter upper limit, that values now green would have to lose to stay so."""
    values = made.values
    if made.unit != "s":
        return float("nan")
    if supposed.definitions is None:
        return float(((values["value"] - values["new"]) * values["count"]).sum() / 60)
    inside = values[values["zone"] == 0]
    over = np.maximum(0, inside["value"] - curve.limits[1]) if curve.upper else np.zeros(len(inside))
    return float((over * inside["count"]).sum() / 60)


def _share_table(flows: pd.DataFrame, chosen: tuple[str, ...]) -> pd.DataFrame:
    """Counts and shares of the zones before and after: a row for each period, and one for all."""
    rows: list[dict[str, Any]] = [{"period": period} for period in (*chosen, "")]
    numbered = flows.astype({"count": "int64"})
    for side in SIDES:
        counts = numbered.pivot_table(index="period", columns=side, values="count", aggfunc="sum", fill_value=0)
        counts = counts.reindex(index=list(chosen), columns=range(len(STATES)), fill_value=0)
        numbers = np.vstack([counts.to_numpy(), counts.to_numpy().sum(axis=0)])[:, : len(ZONES)]
        rated = numbers.sum(axis=1)
        for row, counted, whole in zip(rows, numbers, rated, strict=True):
            row[f"rated_{side}"] = int(whole)
            for zone, count in zip(ZONES, counted, strict=True):
                row[f"{zone}_{side}"] = int(count)
                row[f"{zone}_share_{side}"] = float(shares.share(count, whole))
    table = pd.DataFrame(rows)
    return table.assign(green_change=100 * (table["green_share_after"] - table["green_share_before"]))


def _moved_table(flows: pd.DataFrame) -> pd.DataFrame:
    """Interactions that change their state."""
    changed = flows[flows["before"] != flows["after"]]
    moved: pd.DataFrame = changed.groupby(["before", "after"])["count"].sum().reset_index()
    return moved.assign(**{side: [STATES[at] for at in moved[side]] for side in SIDES})


def _as_states(unmoved: pd.DataFrame) -> pd.DataFrame:
    order = {state: at for at, state in enumerate(STATES)}
    return unmoved.sort_values(
        ["state", "reason"],
        key=lambda column: column.map(lambda word: order.get(word, 0)),
        kind="stable",
        ignore_index=True,
    )
