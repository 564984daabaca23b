"""A judged month beside a stored one: whether it is significantly worse.

In: the counts of a card, and counts that were stored before (a file of `svclight score -o`, a saved card, a frame).
Out: a table with a row for each criterion, green and red: both shares, their difference, its interval, a verdict. Both
months are taken as binomial: what months vary beyond that is for a comparison that knows the months between.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_file import opened_tables
from svclight.card.card_tables import FEW, CardTables
from svclight.counts.tidy_tables import KEYS
from svclight.decisions.verdicts import BETTER, NO_DATA, NO_DIFFERENCE, NO_VERDICT, TOO_FEW, WORSE
from svclight.errors import Issue, SvclightError, printable_text, quoted_list, quoted_text
from svclight.reading.parquet import table_of_parquet
from svclight.statistics import shares, two_shares
from svclight.thresholds import ZONES
from svclight.wording.catalogue import say
from svclight.wording.languages import period_words, points_interval_words, points_words, share_words, whole_number
from svclight.wording.sentence_parts import p_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from svclight.definition.criterion_id import CriterionId
    from svclight.wording.shares import Ends

COLUMNS: Final = (
    *("process", "criterion", "period", "baseline", "zone", "rated_before", "share_before", "rated", "share"),
    *("difference", "low", "high", "p", "p_corrected", "verdict", "reason"),
)
_NEEDED: Final = (*KEYS, "zone", "count")
_GOOD: Final = {"green": 1, "red": -1}
"""The zones that are held against each other, and whether more of one is better."""
_LEVEL: Final = 0.05


def stored_counts(source: str | Path | pd.DataFrame | CardTables) -> pd.DataFrame:
    """Counts that were stored: `process, criterion, period, zone, count`, added up over segments.

    Args:
        source: A file of `svclight score -o` (.csv, .json, .parquet), a saved card (.svclight), counts as a frame, or a
            card.

    Raises:
        SvclightError: There is no such file, or it holds no counts.
    """
    name = "the baseline" if isinstance(source, pd.DataFrame | CardTables) else printable_text(source, 200)
    table = _read_counts(source, name)
    lacking = [column for column in _NEEDED if column not in table.columns]
    if lacking:
        expected = "a file of `svclight score -o`, or a saved card"
        raise SvclightError(
            f"{name}: these are no counts: there is no column {quoted_list(lacking)}; expected {expected}"
        )
    table = table.loc[:, list(_NEEDED)].copy()
    for column in (*KEYS, "zone"):
        table[column] = table[column].astype(object).where(table[column].notna(), "").astype(str)
    numbers = pd.to_numeric(table["count"], errors="coerce")
    wrong = table.loc[numbers.isna() | (numbers < 0) | (numbers % 1 != 0), "count"]
    if len(wrong):
        raise SvclightError(Issue(f"{name}: this is no count", found=quoted_text(wrong.iloc[0]), expected="0 or more"))
    table["count"] = numbers.astype(np.int64)
    summed: pd.DataFrame = table.groupby([*KEYS, "zone"], as_index=False, sort=False)[["count"]].sum()
    return summed


def _read_counts(source: Any, name: str) -> pd.DataFrame:
    """The table of a source, as it stands there."""
    if isinstance(source, pd.DataFrame):
        return source
    if isinstance(source, CardTables):
        return source.counts
    path = Path(source)
    if path.suffix == ".svclight":
        counts: pd.DataFrame = opened_tables(path)["counts"]
        return counts
    try:
        if path.suffix == ".parquet":
            return table_of_parquet(path)
        if path.suffix == ".json":
            return pd.DataFrame(json.loads(path.read_text("utf-8")))
        return pd.read_csv(path, dtype=str, keep_default_na=False)  # a team may be called NA
    except OSError as error:
        raise SvclightError(f"{name}: the file cannot be read: {error.strerror}") from None
    except ValueError:  # also what pandas makes of a file that is no table
        raise SvclightError(f"{name}: this is no table of counts") from None


def compare_with_stored(
    counts: pd.DataFrame,
    judged: Iterable[tuple[CriterionId, str, bool]],
    stored: pd.DataFrame,
    *,
    period: str | None = None,
    targets: Mapping[tuple[str, str], Mapping[str, Ends]] | None = None,
    lang: str = "en",
) -> pd.DataFrame:
    """Compares judged periods with stored ones.

    Args:
        counts: The counts of a card.
        judged: Process, criterion, period, and whether interactions of it can still turn.
        stored: What `stored_counts` gave.
        period: The stored period; unless given the newest one before the judged period, for each criterion.
        targets: The ends of the criteria's targets by zone, from which shares are told (see `wording.shares`).
        lang: The language of the reasons.

    Returns:
        `process, criterion, period, baseline, zone` (green, red), `rated_before, share_before, rated, share,
        difference` (now minus then), `low, high` (95 %, Newcombe), `p` (N-1 chi-squared), `p_corrected` (Holm, over all
        rows that get a verdict), `verdict, reason`. Shares are 0 to 1; what cannot be told is NaN.

    Raises:
        SvclightError: The stored counts have no such period.
    """
    now, then = _by_period(counts), _by_period(stored)
    known = sorted({key[2] for key in then} - {""})
    if period is not None and period not in known:
        raise SvclightError(
            Issue("the baseline has no such period", found=quoted_text(period), expected=f"one of {quoted_list(known)}")
        )
    rows = []
    for which, label, immature in judged:
        stored_label = period or _newest_before(then, which, label)
        for zone in _GOOD:
            mine, theirs = now.get((*which, label), {}), then.get((*which, stored_label), {})
            rows.append([*which, label, stored_label, zone, *_change_numbers(mine, theirs, zone), immature])
    table = pd.DataFrame(rows, columns=[*COLUMNS[:-3], "immature"])
    return _add_verdicts(table, targets or {}, lang)


def _by_period(counts: pd.DataFrame) -> dict[tuple[str, str, str], dict[str, int]]:
    """Counts by zone of each process, criterion and period, added up over segments."""
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    summed = counts.groupby([*KEYS, "zone"], observed=True, sort=False)["count"].sum()
    for process, criterion, period, zone, count in summed.reset_index().itertuples(index=False):
        found.setdefault((str(process), str(criterion), str(period)), {})[str(zone)] = int(count)
    return found


def _rated_count(zones: Mapping[str, int]) -> int:
    """The number of rated interactions: green, yellow and red together."""
    return sum(zones.get(zone, 0) for zone in ZONES)


def _newest_before(then: dict[tuple[str, str, str], dict[str, int]], which: CriterionId, period: str) -> str:
    """The newest stored period before a period that has something rated; empty without one."""
    periods = (
        key[2] for key, zones in then.items() if key[:2] == which and "" < key[2] < period and _rated_count(zones)
    )
    return max(periods, default="")


def _change_numbers(now: Mapping[str, int], then: Mapping[str, int], zone: str) -> list[float]:
    """Rated and share then and now, the difference and its interval, the p-value."""
    numbers = then.get(zone, 0), _rated_count(then), now.get(zone, 0), _rated_count(now)
    low, high = two_shares.newcombe_interval(*numbers)
    p = two_shares.p_value(two_shares.chi_squared(*numbers))
    before, after = (float(shares.share(*numbers[at : at + 2])) for at in (0, 2))
    return [numbers[1], before, numbers[3], after, after - before, float(low), float(high), float(p)]


def _add_verdicts(
    table: pd.DataFrame, targets: Mapping[tuple[str, str], Mapping[str, Ends]], lang: str
) -> pd.DataFrame:
    """Adds corrected p-values, verdicts and reasons."""
    least = table[["rated_before", "rated"]].min(axis=1)
    # rows that get no verdict are no tests: they do not count in the correction
    table["p"] = table["p"].where((least >= FEW) & ~table["immature"].astype(bool))
    table["p_corrected"] = two_shares.corrected_p_values(table["p"].to_numpy(dtype=np.float64), "holm")
    rows: list[dict[Any, Any]] = table.to_dict("records")
    table["verdict"] = [_row_verdict(row) for row in rows]
    table["reason"] = [
        _row_reason(row, verdict, targets.get((row["process"], row["criterion"]), {}).get(row["zone"], ()), lang)
        for row, verdict in zip(rows, table["verdict"], strict=True)
    ]
    return table[list(COLUMNS)]


def _row_verdict(row: dict[Any, Any]) -> str:
    """The verdict on one zone of a judged period beside the stored one."""
    least = min(row["rated_before"], row["rated"])
    if not least:
        return NO_DATA
    if row["immature"]:
        return NO_VERDICT
    if least < FEW:
        return TOO_FEW
    if row["p_corrected"] >= _LEVEL:
        return NO_DIFFERENCE
    return BETTER if row["difference"] * _GOOD[row["zone"]] > 0 else WORSE


def _row_reason(row: dict[Any, Any], verdict: str, ends: Ends, lang: str) -> str:
    """The reason of a verdict: both shares with their difference, or why there is none."""
    if verdict == NO_DATA:
        return _why_no_data(row, lang)
    change = say(
        "{share} of {rated} rated against {share_before} of {rated_before} in {baseline}",
        lang,
        share=share_words(row["share"], lang, ends),
        rated=whole_number(row["rated"], lang),
        share_before=share_words(row["share_before"], lang, ends),
        rated_before=whole_number(row["rated_before"], lang),
        baseline=period_words(row["baseline"], lang),
    )
    numbers = f"{points_words(row['difference'], lang)}, 95 %: {points_interval_words(row['low'], row['high'], lang)}"
    said = f"{change} ({numbers})"
    if verdict == TOO_FEW:
        return say("{change}; {fewest} rated are needed on both sides", lang, change=said, fewest=FEW)
    if verdict == NO_VERDICT:
        return say("{change}; interactions of this period can still turn", lang, change=said)
    corrected = say("corrected {p}", lang, p=p_words(row["p_corrected"], lang))
    return f"{change} ({numbers}; {corrected})"


def _why_no_data(row: dict[Any, Any], lang: str) -> str:
    """Why one of the months has nothing rated."""
    if not row["period"]:
        return say("no period is whole and mature", lang)
    if not row["rated"]:
        return say("no rated interaction in {period}", lang, period=period_words(row["period"], lang))
    return say("the baseline has no rated interaction", lang)
