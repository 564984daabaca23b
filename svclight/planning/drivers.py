"""The segments, and pairs of segments, that explain the reds of a criterion.

In: a `Scorecard` or a log, and a criterion. Out: `Drivers`: for each cell (a value of a segment, or of two) its share
of red against the share outside of it, with the interval of their ratio and a p-value corrected over all cells. It
counts and compares, no more: what goes together is not yet a cause.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import FEW, check_card
from svclight.card.criterion_names import named_criterion
from svclight.counts.count_tables import tables_of
from svclight.counts.sums_below_zero import check_sums
from svclight.counts.tidy_tables import KEYS, build, rows_of
from svclight.decisions.check import periods_of
from svclight.decisions.result import Result
from svclight.decisions.verdicts import NO_DIFFERENCE
from svclight.errors import (
    SvclightError,
    quoted_list,
    quoted_text,
    texts_of,
    unknown_name,
)
from svclight.judging.contract import Wanted
from svclight.judging.counting import Counted
from svclight.judging.judge import Judge
from svclight.planning.plan_words import amount_text
from svclight.processes import criterion_at
from svclight.scorecard import Scorecard
from svclight.scoring import score
from svclight.statistics import shares, two_shares
from svclight.thresholds import ZONES, check_zone
from svclight.wording.catalogue import say, say_counted, to_say, to_say_of
from svclight.wording.languages import decimal_sign, language_of, share_words, whole_number
from svclight.wording.sentence_parts import notes_words, p_words, segments_words, series_name, stretch_words
from svclight.wording.shares import target_ends
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from svclight.definition.criterion_id import CriterionId
    from svclight.wording.shares import Ends

MORE: Final = to_say_of("verdict", "more")
FEWER: Final = to_say_of("verdict", "fewer")
SAME: Final = NO_DIFFERENCE
TOO_FEW: Final = to_say_of("verdict", "few")
CELL: Final = ("segment", "value", "segment_2", "value_2")
COLUMNS: Final = (
    *CELL,
    *("rated", "count", "share", "outside_share", "lift", "lift_low", "lift_high"),
    *("p", "p_corrected", "verdict", "extra", "sure"),
)
_LEVEL: Final = 0.05
_MOST_SAID: Final = 10
_SURE: Final = {
    "green": to_say("at least {sure} of its {count} greens are more than elsewhere"),
    "yellow": to_say("at least {sure} of its {count} yellows are more than elsewhere"),
    "red": to_say("at least {sure} of its {count} reds are more than elsewhere"),
}


@dataclass(frozen=True, repr=False)
class Drivers(Result):
    """The segments that explain a zone of a criterion.

    Attributes:
        table: One row a cell, the one that explains most for sure first: `segment, value, segment_2, value_2` (the
            last two empty for a single segment), `rated`, `count` (in the zone), `share`, `outside_share` (0 to 1),
            `lift` (the one by the other) with `lift_low` and `lift_high`, `p`, `p_corrected`, `verdict` (`more`,
            `fewer`, `no difference that the data can show`, `few`), `extra` (interactions in the zone beyond what the
            share outside gives) and `sure` (the same at the lower end of the lift; 0 where no difference is shown).
        process: Id of the process.
        criterion: Id of the criterion.
        title: What people call the criterion.
        zone: The zone that is explained.
        periods: The periods that are added up.
        notes: What the table does not say by itself.
        targets: The ends of the targets of the zone, from which its shares are told.
        lang: The language of sentences and notes; codes in the table are English.
    """

    table: pd.DataFrame
    process: str
    criterion: str
    title: str
    zone: str
    periods: tuple[str, ...]
    notes: tuple[str, ...]
    targets: Ends = ()
    lang: str = "en"

    @property
    def sentences(self) -> tuple[str, ...]:
        """The cells with more of the zone than can be chance, in words."""
        rows = self.table[self.table["verdict"] == MORE].to_dict("records")
        return tuple(self._sentence(row) for row in rows)

    def _sentence(self, row: dict[Any, Any]) -> str:
        values = {
            "cell": cell_name(row, self.lang),
            "zone": zone_members(self.zone, self.lang),
            "share": share_words(row["share"], self.lang, self.targets),
            "rated": whole_number(row["rated"], self.lang),
            "low": decimal_sign(f"{row['lift_low']:.1f}", self.lang),
            "p": p_words(row["p_corrected"], self.lang),
        }
        if math.isinf(row["lift"]):  # so many times as often as never is no number
            text = say(
                "{cell}: {zone} {share} of {rated}, outside of it none: at least {low} times as often (95 %, "
                "corrected {p})",
                self.lang,
                **values,
            )
        else:
            text = say(
                "{cell}: {zone} {share} of {rated}, outside of it {outside}: {lift} times as often (95 %: {low} to "
                "{high}, corrected {p})",
                self.lang,
                outside=share_words(row["outside_share"], self.lang, self.targets),
                lift=decimal_sign(f"{row['lift']:.1f}", self.lang),
                high=decimal_sign(f"{row['lift_high']:.1f}", self.lang),
                **values,
            )
        return text + self._sure_text(row)

    def _sure_text(self, row: dict[Any, Any]) -> str:
        """How many of the cell's interactions are more than elsewhere, where that is one at least."""
        if row["sure"] < 1:
            return ""
        sure = say(
            _SURE[self.zone],
            self.lang,
            sure=amount_text(row["sure"], self.lang),
            count=whole_number(row["count"], self.lang),
        )
        return f"; {sure}"

    def lines(self) -> Iterator[str]:
        """The cells that stand out, in lines for people."""
        if not self.periods:
            yield say("{title}: nothing is rated", self.lang, title=self.title)
            return
        yield f"{self.title}, {series_name(self.zone, self.lang)}, {stretch_words(self.periods, self.lang)}:"
        said = self.sentences
        yield from said[:_MOST_SAID]
        if len(said) > _MOST_SAID:
            yield say_counted(
                "{count} more cell: it is in the table",
                "{count} more cells: they are in the table",
                len(said) - _MOST_SAID,
                self.lang,
            )
        if not said:
            zone = zone_members(self.zone, self.lang)
            yield say("no segment has more {zone} than the data can tell from chance", self.lang, zone=zone)
        yield from notes_words(self.notes, self.lang)

    def _columns_of(self, table: pd.DataFrame) -> tuple[str, ...]:  # noqa: ARG002 - they do not depend on it
        return ("segment", "value", "segment_2", "value_2", "share", "outside_share", "rated", "lift", "sure")

    def __str__(self) -> str:
        return "\n".join(self.lines())


def cell_name(row: dict[Any, Any], lang: str = "en") -> str:
    """A cell in words: `team west, topic billing`."""
    pairs = ((row["segment"], row["value"]), (row["segment_2"], row["value_2"]))
    return segments_words((pair for pair in pairs if pair[0]), lang)


def drivers(
    source: Any,
    definitions: Any = None,
    criterion: str | None = None,
    *,
    by: str | Iterable[str] | None = None,
    periods: str | Iterable[str] | None = None,
    zone: str = "red",
    lang: str | None = None,
    **options: Any,
) -> Drivers:
    """Finds the segments, and pairs of segments, that explain a zone of a criterion.

    Each cell is compared with all interactions outside of it: the ratio of shares with its 95 % interval (adjusted log:
    Walter 1975, as in statsmodels), the N-1 chi-squared test (Campbell 2007), corrected by Holm over all cells of 30
    rated or more. A pair stands out only where it differs from everything outside of it and also from the rest of each
    of its two segments; else the single segment says it already, and pairs that are the same interactions as a single
    segment are left out. The order is by `sure`: count x (1 - 1 / lower end of the lift), the attributable part of a
    cell's count (Miettinen 1974).

    Args:
        source: A `Scorecard`, or logs as `score` takes them.
        definitions: What `load` gave, where `source` is a log.
        criterion: `PROCESS.CRITERION`; the criterion alone where only one process has it.
        by: Segments to look at. Unless given: those of the card; for a log, or a card that is not split, all that the
            definition offers.
        periods: The periods that are added up; all but immature ones unless given.
        zone: `red`, or another zone.
        lang: The language of the sentences; that of the definitions unless given.
        options: For a log, what else `score` takes (`as_of`, `period`, `matured`, `customers`).

    Returns:
        The `Drivers`.

    Raises:
        SvclightError: There is no such criterion, segment, zone, period or language, or nothing to split by.

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
        >>> waits = {"east": [10] * 180 + [90] * 20, "west": [10] * 140 + [90] * 60}
        >>> rows = [("2026-03-10 09:00", team, wait) for team in waits for wait in waits[team]]
        >>> log = pd.DataFrame(rows, columns=["called", "team", "waited"])
        >>> found = svclight.drivers(log, definitions, "hotline.wait", as_of="2026-04-01")
        >>> found.table[["segment", "value", "count", "lift", "verdict"]].round(2).values.tolist()[:1]
        [['team', 'west', 60, 3.0, 'more']]
    """
    if not isinstance(source, Scorecard):
        if criterion is None:  # drivers(log, "hotline.wait") has no definitions
            check_card(source, "svclight.drivers")
        source = score(source, definitions, **options)
    elif definitions is not None and criterion is None:
        criterion = definitions  # drivers(card, "hotline.wait")
    check_zone(zone)
    lang = language_of(lang, source.definitions)
    which = named_criterion(source, criterion)
    segments = _named_segments(source, which.process, by)
    chosen = periods_of(source, which, periods)
    tables = _segment_tables(source, which, segments)
    cells = pd.concat([_cell_table(table, names, chosen, zone) for names, table in tables.items()], ignore_index=True)
    made, same = _without_copies(cells)
    table = _judge_cells(made)
    notes = list(_note_lines(table, segments, same, lang))
    title = source.definitions.title(*which)
    ends = target_ends(criterion_at(source.definitions, which))[zone]
    used = chosen if made["rated"].sum() else ()
    return Drivers(table, *which, title, zone, used, tuple(notes), ends, lang)


def _named_segments(card: Scorecard, process: str, by: str | Iterable[str] | None) -> tuple[str, ...]:
    """The segments to look at: named in the call, else those of the card, else all that are offered."""
    every = card.definitions.segments_of(process)
    split = tuple(name for name in card.by if name in every)
    offered = every if card.way_back is not None else split
    chosen = texts_of(by, "by of svclight.drivers") if by is not None else split or offered
    for name in chosen:
        if name not in offered:
            other = "a card that is split by segments, or has its log"
            expected = f"one of {quoted_list(offered)}" if offered else other
            raise SvclightError(unknown_name("unknown segment", name, offered, expected=expected))
    if not chosen:
        raise SvclightError(f"{quoted_text(process)} has no segments: there is nothing to split by")
    return tuple(dict.fromkeys(chosen))


def _segment_tables(
    card: Scorecard, which: CriterionId, segments: tuple[str, ...]
) -> dict[tuple[str, ...], pd.DataFrame]:
    """Counts of the criterion by each segment and each pair: those of the card, or counted anew by pairs."""
    names = [*((one,) for one in segments), *combinations(segments, 2)]
    if set(segments) <= set(card.by):  # the card is split by all of them: no log is read
        return dict.fromkeys(names, rows_of(card.counts, which))
    (judge,) = card.way_back(Wanted(*which))  # type: ignore[misc]  # it has segments
    return {by: _count_segments(judge, which, by, card) for by in names}


def _count_segments(judge: Judge, which: CriterionId, by: tuple[str, ...], card: Scorecard) -> pd.DataFrame:
    split = Judge.of(judge.log, by, judge.kind, given_as_of=judge.given_as_of, matured=judge.matured)
    name = which.criterion
    needed = _with_parts(judge, name)  # no other criterion is judged
    split = replace(split, order=tuple(one for one in split.order if one in needed))
    counted = Counted.of(split).process_counts()
    check_sums(counted, card.definitions)
    parts = [part for part in tables_of(counted)["counts"] if part["criterion"].words == [name]]
    return build(parts, [*KEYS, *by, "zone", "count"], card.definitions, by)


def _with_parts(judge: Judge, name: str) -> set[str]:
    """A criterion, and the criteria of which it is the worst."""
    parts = judge.log.process.criteria[name].measure.worst or ()
    return {name}.union(*(_with_parts(judge, part) for part in parts))


def _cell_table(counts: pd.DataFrame, by: tuple[str, ...], periods: Sequence[str], zone: str) -> pd.DataFrame:
    """Rated, and in the zone: each cell, its segments, and all interactions."""
    mine = counts[counts["period"].isin(periods) & counts["zone"].isin(ZONES)]
    wide = mine.assign(hit=mine["count"].where(mine["zone"] == zone, 0))
    summed = wide.groupby(list(by), observed=True, as_index=False, sort=True)[["count", "hit"]].sum()
    summed = summed[summed["count"] > 0].reset_index(drop=True)
    made = pd.DataFrame({"segment": by[0], "value": summed[by[0]].astype(object)})
    made["segment_2"] = by[1] if len(by) > 1 else ""
    made["value_2"] = summed[by[1]].astype(object) if len(by) > 1 else ""
    made["rated"], made["count"] = summed["count"].to_numpy(), summed["hit"].to_numpy()
    made["all_rated"], made["all_count"] = int(summed["count"].sum()), int(summed["hit"].sum())
    for at, name in enumerate(by, 1):
        parents = summed.groupby(name, observed=True)[["count", "hit"]].transform("sum")
        made[[f"rated_{at}", f"count_{at}"]] = parents.to_numpy()
    return made


def _without_copies(cells: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The cells without pairs that hold the same interactions as one of their segments, and how many went."""
    pair = (cells["segment_2"] != "").to_numpy()
    if "rated_2" not in cells:
        cells = cells.assign(rated_2=np.nan, count_2=np.nan)
    same = pair & ((cells["rated"] == cells["rated_1"]) | (cells["rated"] == cells["rated_2"])).to_numpy()
    return cells[~same].reset_index(drop=True), int(same.sum())


def _judge_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells with shares, lift, tests and verdicts, in their order."""
    rated, count = cells["rated"].to_numpy(), cells["count"].to_numpy()
    outside, other = cells["all_rated"].to_numpy() - rated, cells["all_count"].to_numpy() - count
    tested = (rated >= FEW) & (outside >= FEW)
    share, outside_share = shares.share(count, rated), shares.share(other, outside)
    low, high = two_shares.ratio_interval(count, rated, other, outside)
    p = np.where(tested, two_shares.p_value(two_shares.chi_squared(other, outside, count, rated)), np.nan)
    signs = [np.sign(share - outside_share)]
    for at in (1, 2):  # a pair must also differ from the rest of each of its segments
        rest, hits = cells[f"rated_{at}"].to_numpy() - rated, cells[f"count_{at}"].to_numpy() - count
        is_pair = (cells["segment_2"] != "").to_numpy()
        beside = np.where(is_pair, two_shares.p_value(two_shares.chi_squared(hits, rest, count, rated)), 0.0)
        p = np.where(tested, np.fmax(p, np.nan_to_num(beside, nan=1.0)), np.nan)
        signs.append(np.where(is_pair, np.sign(share - shares.share(hits, rest)), signs[0]))
    # the family are all cells that were tested: the greater of several p-values stands for a pair
    p_corrected = two_shares.corrected_p_values(p, "holm")
    shown = tested & (np.nan_to_num(p_corrected, nan=1.0) < _LEVEL)
    alike = np.all([sign == signs[0] for sign in signs], axis=0)
    verdict = np.where(~tested, TOO_FEW, np.where(shown & alike, np.where(signs[0] > 0, MORE, FEWER), SAME))
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = np.where(outside_share > 0, share / outside_share, np.where(share > 0, np.inf, np.nan))
        sure = np.where(verdict == MORE, count * np.maximum(0, 1 - 1 / low), 0.0)
    made = cells.assign(
        share=share, outside_share=outside_share, lift=lift, lift_low=low, lift_high=high, p=p,
        p_corrected=p_corrected, verdict=verdict, extra=count - rated * outside_share, sure=sure,
    )  # fmt: skip
    ranked = made.sort_values(["sure", "extra"], ascending=False, kind="stable", ignore_index=True, na_position="last")
    return ranked[list(COLUMNS)]


def _note_lines(table: pd.DataFrame, segments: Sequence[str], same: int, lang: str) -> Iterator[str]:
    """The notes under the cells: how many were tested or left out, and a warning of missing segments."""
    yield say_counted(
        "{count} cell of {segments} was tested, corrected by Holm",
        "{count} cells of {segments} were tested, corrected by Holm",
        int(table["p"].notna().sum()),
        lang,
        segments=quoted_list(segments),
    )
    few = int((table["verdict"] == TOO_FEW).sum())
    if few:
        yield say_counted(
            "{count} cell with under {fewest} rated, inside or outside, was not tested",
            "{count} cells with under {fewest} rated, inside or outside, were not tested",
            few,
            lang,
            fewest=FEW,
        )
    gone = (table["value"] == "") | ((table["segment_2"] != "") & (table["value_2"] == ""))
    if ((table["verdict"] == MORE) & gone).any():
        yield say(
            "a segment can be missing because of what happened, as who gave up met no employee: that explains nothing",
            lang,
        )
    if same:
        yield say_counted(
            "{count} pair holds the same interactions as one of its segments, and is left out",
            "{count} pairs hold the same interactions as one of their segments, and are left out",
            same,
            lang,
        )
