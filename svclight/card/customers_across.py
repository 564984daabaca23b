"""Customers across processes: the zones that each one met, and how many met no red, one, or several.

In: judges of one or more processes that know their customers. Out: tidy tables, one row a customer and criterion, and
one row a period. The same person may stand under different ids where the call said whose they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from svclight.card.interactions import keyed_hashes
from svclight.errors import SvclightError, quoted_list
from svclight.logs.log import PART, in_parts
from svclight.statistics import shares
from svclight.thresholds import ZONES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from svclight.judging.judge import Judge
    from svclight.judging.outcomes import Judged
    from svclight.logs.log import Rows

MET = ["period", "customer", "process", "criterion", *ZONES, "worst"]
REDS = ("no_red", "one_red", "several_reds")


def zones_met(judges: list[Judge], *, pseudonymise: str | None = None) -> pd.DataFrame:
    """The number of interactions of each customer in each zone, by period and criterion.

    Returns:
        `period, customer, process, criterion, green, yellow, red, worst`: rated interactions alone, the worst zone met
        in words; sorted by period, customer, and the order of the definition. Rows without a customer are in none.

    Raises:
        SvclightError: No process says who its customers are.
    """
    known = [judge for judge in judges if judge.log.spec.customer is not None]
    if not known:
        names = quoted_list(judge.log.process_id for judge in judges)
        raise SvclightError(f"no log says who the customer is: give {names} a key `customer`")
    parts = [part for judge in known for part in _zones_of_log(judge)]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({name: [] for name in MET[:-1]})
    keys = ["period", "customer", "process", "criterion"]
    table = table.groupby(keys, as_index=False, sort=False)[list(ZONES)].sum()
    order = {name: place for place, name in enumerate((p.log.process_id, c) for p in known for c in p.order)}
    place = [order[pair] for pair in zip(table["process"], table["criterion"], strict=True)]
    table = table.assign(place=place).sort_values(["period", "customer", "place"], ignore_index=True)[MET[:-1]]
    reds, yellows = table["red"] > 0, table["yellow"] > 0
    table["worst"] = np.where(reds, "red", np.where(yellows, "yellow", "green")).astype(object)
    table[list(ZONES)] = table[list(ZONES)].astype(np.int64)
    if pseudonymise is not None:
        table["customer"] = keyed_hashes(table["customer"], pseudonymise)
    return table


def _zones_of_log(judge: Judge) -> Iterator[pd.DataFrame]:
    for log, names in judge.populations():
        for rows in in_parts(log, PART) if names else ():
            judged = judge.judge_rows(rows, names)
            for name in names:
                yield _zones_of_rows(judge, rows, name, judged[name])


def _zones_of_rows(judge: Judge, rows: Rows, name: str, judged: Judged) -> pd.DataFrame:
    """The rated rows of a part, put together by period, customer and zone."""
    criterion = judge.log.process.criteria[name]
    anchor = judge.log.anchor_of(criterion)
    texts = rows.log.customers().rows(rows.part)
    entries = judged.entries(rows.weights())
    zones = _zone_codes(judge, name)[entries.codes]
    chosen = np.flatnonzero((zones >= 0) & ~texts.missing[entries.places])
    numbers, _ = judge.groups(rows, anchor)
    whose = entries.places[chosen]
    key = np.column_stack([numbers[whose], texts.codes[whose].astype(np.int64)])
    seen, place = np.unique(key, axis=0, return_inverse=True)
    wide = np.zeros((len(seen), len(ZONES)), dtype=np.int64)
    np.add.at(wide, (place.ravel(), zones[chosen]), entries.weights[chosen])
    labels = judge.periods[anchor].labels(seen[:, 0])
    columns: dict[str, Any] = {
        "period": np.array([*labels.words, ""], dtype=object)[labels.codes],
        "customer": texts.words[seen[:, 1]],
        "process": judge.log.process_id,
        "criterion": name,
        **dict(zip(ZONES, wide.T, strict=True)),
    }
    return pd.DataFrame(columns)


def _zone_codes(judge: Judge, name: str) -> NDArray[np.int64]:
    """The place of each outcome's zone in `ZONES`; -1 for states that are not rated."""
    return np.array([ZONES.index(state) if state in ZONES else -1 for state, _ in judge.outcomes[name].pairs])


def reds_by_period(met: pd.DataFrame) -> pd.DataFrame:
    """The number of customers of each period who met no red, one, or several, over all processes and criteria.

    Args:
        met: What `zones_met` gave.

    Returns:
        `period, customers, no_red, one_red, several_reds`, and for each of the three `_share` (0 to 1) with `_low` and
        `_high` (Wilson, 95 %).
    """
    by_customer = met.groupby(["period", "customer"], as_index=False)["red"].sum()
    reds = by_customer["red"].to_numpy()
    kinds = pd.DataFrame(
        {
            "period": by_customer["period"],
            "customers": 1,
            "no_red": reds == 0,
            "one_red": reds == 1,
            "several_reds": reds > 1,
        }
    )
    table = kinds.groupby("period", as_index=False).sum()
    total = table["customers"].to_numpy()
    for name in REDS:
        part = table[name].to_numpy(dtype=np.int64)
        table[name] = part
        table[f"{name}_share"] = shares.share(part, total)
        table[f"{name}_share_low"], table[f"{name}_share_high"] = shares.wilson_interval(part, total)
    return table
