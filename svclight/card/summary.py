"""What a manager asks first: how many were measured, their mean, median, 90 % point and sum.

In: a card, with the exact sums and the fine histogram of its values. Out: a table with a row for each criterion, period
and segment of its shares. Sums and means are exact, and rounded once, to the nearest double. Median and 90 % point are
those of the values written out one by one, interpolated as pandas and spreadsheets do; exact where all values are whole
numbers below 1,000, else from the histogram, at most 1.1 % off.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.value_bars import NUMERIC
from svclight.counts.tidy_tables import KEYS, keys_as_text, periods_in
from svclight.definition.criterion_checks import value_unit
from svclight.statistics.quantiles import quantile
from svclight.values.histogram import fine_values
from svclight.wording.catalogue import say, to_say
from svclight.wording.estimates import estimate_text
from svclight.wording.languages import language_of, whole_number
from svclight.wording.short_phrases import count_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from svclight.card.card_tables import CardTables
    from svclight.definition.models import Criterion

    Ints = NDArray[np.int64]
    Key = tuple[str, ...]

COLUMNS: Final = ("measured", "mean", "median", "p90", "sum", "unit")
HEADS: Final = (to_say("measured"), to_say("mean"), to_say("median"), to_say("90 % up to"), to_say("sum"))
ABOUT: Final = to_say(
    "≈ from a histogram, at most 1.1 % off; mean and sum are exact before they are rounded for showing"
)
_PLACES: Final = {"median": Fraction(1, 2), "p90": Fraction(9, 10)}


@dataclass(frozen=True)
class SummaryLine:
    """One line of the summary as it is shown; `cells` are those of `HEADS`, `where` the words of its segments."""

    process: str
    criterion: str
    period: str
    where: str
    cells: tuple[str, ...]


def summary_table(
    card: CardTables, by: str | Iterable[str] | None = None, *, larger: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Mean, median, 90 % point and sum of what was measured, by criterion, period and segment.

    Args:
        card: A card; one that was kept by hand, or saved before sums were kept, has none.
        by: Segments to keep, some of those of the card; all of them unless given.
        larger: The larger period to which each period of the card is added up; each stays its own unless given.

    Returns:
        `process, criterion, period, <segments>, measured, mean, median, p90, sum, unit, exact`: `measured` is how many
        rated interactions have a complete value; null where that is not known, and for flags, categories and `worst`,
        which have no numbers. Of totals, whose single values are not known, `sum` alone: how many interactions are
        rated. `exact` says whether median and p90 are exact.

    Raises:
        SvclightError: The card is not split by such a segment.
    """
    shares, all_sums, all_bins = card.shares(by), card.sums, card.bins
    keys = list(shares.columns[: list(shares.columns).index("rated")])
    if larger is not None:
        shares, all_sums, all_bins = (_in_larger_periods(table, larger) for table in (shares, all_sums, all_bins))
        shares = shares.groupby(keys, observed=True, sort=False, dropna=False)["rated"].sum().reset_index()
    sums, bins = _sums_by_key(all_sums, keys), _bins_by_key(all_bins, keys)
    units = {
        (process, name): shown_unit(criterion, card.definitions.processes[process].log)
        if has_numbers(criterion)
        else ""
        for process, name, criterion in card.definitions.criteria()
    }
    places = list(keys_as_text(shares[keys], keys).itertuples(index=False, name=None))
    totals = {(process, name) for process, name, one in card.definitions.criteria() if one.measure.totals is not None}
    rows = [
        _row_of_totals(rated)
        if place[:2] in totals
        else _row(sums.get(place), bins.get(place), units.get((place[0], place[1]), ""))
        for place, rated in zip(places, shares["rated"].tolist(), strict=True)
    ]
    table = pd.DataFrame(rows, columns=[*COLUMNS, "exact"], index=shares.index)
    return pd.concat([shares[keys], table.astype({"measured": "Int64", "unit": object})], axis=1)


def summary_lines(card: CardTables, by: Iterable[str] = (), lang: str | None = None) -> list[SummaryLine]:
    """The summary as it is shown: a line for each criterion, period and segment with complete values.

    Args:
        card: The card.
        by: Segments to keep.
        lang: The language; that of the definitions unless given.
    """
    table, lang = summary_table(card, by), language_of(lang, card.definitions)
    segments = [str(name) for name in table.columns[len(KEYS) : list(table.columns).index("measured")]]
    return [_line(row, segments, lang) for row in table[table["measured"].fillna(0) > 0].to_dict("records")]


def _line(row: dict[Any, Any], segments: Sequence[str], lang: str) -> SummaryLine:
    about = "" if row["exact"] else "≈ "
    texts = {name: estimate_text(row[name], row["unit"], lang) for name in ("mean", "median", "p90", "sum")}
    cells = (
        whole_number(row["measured"], lang),
        texts["mean"],
        about + texts["median"],
        about + texts["p90"],
        texts["sum"],
    )
    missing = say("(missing)", lang)
    where = " / ".join(str(row[name]) or missing for name in segments)
    return SummaryLine(str(row["process"]), str(row["criterion"]), str(row["period"]), where, cells)


def has_numbers(criterion: Criterion) -> bool:
    """Whether what is measured are numbers: no flags, no categories, no `worst`."""
    return criterion.measure.kind in NUMERIC


def no_summary_notice(card: CardTables) -> str:
    """What is to be said of periods without a summary, which older saved cards have; empty where all have theirs."""
    periods = _periods_without_sums(card)
    if not periods:
        return ""
    return (
        f"{count_text(periods, 'period')} of criteria without mean, median and sum: they come from a card that was "
        "saved before these were kept; score the log again to have them"
    )


def _periods_without_sums(card: CardTables) -> int:
    """How many periods of criteria with numbers have rated interactions, but no sums."""
    by_hand = {log.process for log in card.provenance.logs if log.hand_kept}
    known = set(keys_as_text(card.sums[list(KEYS)], KEYS).itertuples(index=False, name=None))
    shares = card.shares(by=[])
    rated = shares.loc[shares["rated"] > 0, list(KEYS)].astype(str)
    return sum(
        process not in by_hand
        and (process, name, period) not in known
        and has_numbers(card.definitions.processes[process].criteria[name])
        for process, name, period in rated.itertuples(index=False, name=None)
    )


def shown_unit(criterion: Criterion, log: Any) -> str:
    """The unit in which values are counted and shown."""
    ends = [end for row in criterion.rows for zone in (row.green, row.yellow) for end in getattr(zone, "ends", ())]
    if any(end.dimension == "bd" for end in ends):
        return "bd"
    unit = value_unit(criterion.measure, log) or ""
    by_date = getattr(criterion.measure.spec, "by", "instant") == "date"
    return ("d" if by_date else "s") if unit == "time" else unit


def _in_larger_periods(table: pd.DataFrame, larger: Mapping[str, str]) -> pd.DataFrame:
    """The table with each period as the larger one in which it lies; rows without a period stay without."""
    words = {period: larger.get(period, "") for period in periods_in(table)}
    return table.assign(period=table["period"].astype(str).map(words).astype("category"))


def _sums_by_key(table: pd.DataFrame, keys: Sequence[str]) -> dict[Key, tuple[int, Fraction]]:
    """How many values each key has, and what they add up to."""
    found: dict[Key, tuple[int, Fraction]] = {}
    texts = (column.tolist() for _, column in keys_as_text(table[[*keys, "sum"]], (*keys, "sum")).items())
    for *key, total, measured in zip(*texts, table["measured"].tolist(), strict=True):
        before = found.get(tuple(key), (0, Fraction()))
        found[tuple(key)] = before[0] + measured, before[1] + Fraction(total)
    return found


def _bins_by_key(table: pd.DataFrame, keys: Sequence[str]) -> dict[Key, tuple[Ints, Ints]]:
    """The histogram of each key: the bins, and how many values lie in each."""
    # segments that are not kept are added up before keys are made text
    added = table.groupby([*keys, "bin"], observed=True, sort=False, dropna=False)["count"].sum().reset_index()
    texts = keys_as_text(added[list(keys)], keys)
    bins, counts = (added[name].to_numpy(dtype=np.int64) for name in ("bin", "count"))
    found: Any = texts.groupby(list(keys), sort=False).indices  # by tuples, as there are three keys at least
    return {key: (bins[rows], counts[rows]) for key, rows in found.items()}


def _row_of_totals(rated: int) -> list[Any]:
    """The cells of a row whose interactions were counted before they reached us."""
    return [None, np.nan, np.nan, np.nan, float(rated), None, True]


def _row(known: tuple[int, Fraction] | None, bins: tuple[Ints, Ints] | None, unit: str) -> list[Any]:
    """The cells of a row from `measured` on."""
    if known is None:  # no numbers, or not known
        return [None, np.nan, np.nan, np.nan, np.nan, unit or None, True]
    measured, total = known
    if not measured:
        return [0, np.nan, np.nan, np.nan, 0.0, unit, True]
    codes, counts = bins or (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    values, exact = fine_values(codes)
    middle, late = (quantile(values, counts, place) for place in _PLACES.values())
    return [measured, float(total / measured), middle, late, float(total), unit, bool(exact.all())]
