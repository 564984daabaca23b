"""The frozen tables of a card: counts with their reasons, values and flags, and the shares that follow from them.

In: the small tables that scoring makes, or that were saved. Out: `CardTables`, the value that every view and every
decision takes. It knows no file; `Scorecard` adds the verbs: what asks the rows again by the way back, saving, and
putting together.

Tables: `counts` has a row for every combination of keys that was seen and every state, zeros included, in the order
of `STATES`; key columns are categorical; `period` is empty where a row has no usable time, a segment where it is
missing, null in the rows of a process that does not offer it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd

from svclight.card.headings import processes_under, with_parts_added
from svclight.counts.log_notices import joins_table, unread_table, without_cells
from svclight.counts.tidy_tables import KEYS, LateTable, keys_as_text
from svclight.errors import SvclightError, check_kind, quoted_list, quoted_text, texts_of
from svclight.statistics.shares import net_interval, net_score, share, wilson_interval
from svclight.thresholds import STATES, ZONES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from svclight.counts.provenance import Provenance
    from svclight.judging.contract import Wanted
    from svclight.judging.judge import Judge
    from svclight.processes import Definitions

LATE: Final = ("values", "bins", "sums")
"""Those of its tables that are made when they are first asked for: they may take one more pass over the log."""
FEW: Final = 30
"""Shares of fewer rated interactions than this are flagged `few`."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CardTables:
    """The counts of a card as small tables.

    Attributes:
        counts: `process, criterion, period, <segments>, zone, count`.
        reasons: `process, criterion, period, <segments>, zone, reason, count` for what is not rated, and for red
            that is no measured value.
        rejected: `file, line, reason, text` of rows that could not be read.
        unread: `process, log, field, cells, unread, share, example, file, line, hint`: the fields of which some cells
            could not be read as their type. `cells` are those that are filled in rows that `exclude` does not take;
            `share` is 0 to 1. The example and its line are of the call: empty in a card that was opened.
        joins: `process, join, rows, matched, other_rows, example, other_example`: how many rows found a partner in each
            joined log, and a key of each side without one; likewise.
        values: A histogram: `process, criterion, period, zone, bin, count` (see `histogram`). Where a function is given
            that makes it, it is made when it is first asked for, once.
        bins: A finer histogram of complete values: `process, criterion, period, <segments>, bin, count` (see
            `histogram.fine_codes`); as late as `values`.
        sums: What they add up to: `process, criterion, period, <segments>, measured, sum` (an exact fraction as text);
            as late as `values`.
        periods: `process, criterion, period, partial, immature, as_of, pending, certain, why, begins, ends`: how many
            rows are pending by a clock, when the last of them is certain (`as_of` and `certain` in microseconds since
            1970; -1 for none), why it is partial (see `log_reach`), from which day the log is complete, and the day
            of its last anchor (ISO; empty for none). Seen from a given `as_of`, periods without a row are there, too.
        responses: `process, criterion, period, <segments>, asked, answered` of criteria that say who was `asked`.
        squares: `process, criterion, period, <segments>, squares`: the sum of the squared weights of rated rows, of
            criteria whose values are means of what a row stands for.
        steps: How the cases of event logs follow the usual course (see `usual_course.course`); as late as `values`.
        definitions: What was measured.
        provenance: Where the numbers come from.
        way_back: Reads the logs again: gives the judges of the processes in which the wanted interactions are.
    """

    counts: pd.DataFrame
    reasons: pd.DataFrame
    rejected: pd.DataFrame
    unread: pd.DataFrame = field(default_factory=lambda: unread_table(()))
    joins: pd.DataFrame = field(default_factory=lambda: joins_table(()))
    values: LateTable = LateTable()  # noqa: RUF009 - a descriptor, which holds nothing of a card
    bins: LateTable = LateTable()  # noqa: RUF009 - the same
    sums: LateTable = LateTable()  # noqa: RUF009 - the same
    periods: pd.DataFrame
    responses: pd.DataFrame
    squares: pd.DataFrame
    steps: LateTable = LateTable()  # noqa: RUF009 - the same
    definitions: Definitions
    provenance: Provenance
    way_back: Callable[[Wanted], list[Judge]] | None = field(default=None, repr=False, compare=False)

    @property
    def by(self) -> tuple[str, ...]:
        """The segments by which it is split."""
        return self.provenance.by

    def without_cells(self) -> Self:
        """The card as it is saved and reported: it quotes no cell that could not be read, and no key of a join.

        Examples:
            >>> import pandas as pd
            >>> import svclight
            >>> definitions = svclight.loads('''
            ... svclight: 1
            ... time_zone: UTC
            ... processes:
            ...   hotline:
            ...     title: Hotline
            ...     log: {time: called, fields: {waited: {number: waited, unit: s}}}
            ...     criteria:
            ...       wait: {measure: {value: waited}, green: "<= 30 s"}
            ... ''')
            >>> log = pd.DataFrame({"called": "2026-03-10", "waited": ["10", "long"]})
            >>> card = svclight.score(log, definitions)
            >>> card.unread["example"].tolist(), card.without_cells().unread["example"].tolist()
            (['long'], [''])
        """
        return replace(self, unread=without_cells(self.unread), joins=without_cells(self.joins))

    def shares(self, by: str | Iterable[str] | None = None, *, heading: str | None = None) -> pd.DataFrame:
        """Shares of the zones, 0 to 1, with 95 % intervals (Wilson; adjusted Wald for `net`).

        Args:
            by: Segments to keep, some of those of the card; the others are added up. All of them unless given.
            heading: A process that others are parts of: their criteria of the same name are added up under its name,
                counts to counts, and nothing else is given.

        Returns:
            `process, criterion, period, <segments>`, `rated`, `effective` (how many single interactions tell as much:
            less than `rated` where values are means of what rows stand for), a count for each of the seven states,
            `<zone>_share` with `_low` and `_high`, `net` (percentage points) with `_low` and `_high`, `flag`. NaN where
            nothing is rated.

        Raises:
            SvclightError: The card is not split by such a segment, or no process is a part of the heading.

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
            >>> table = pd.DataFrame({"month": "2026-03", "process": "hotline", "criterion": "wait",
            ...                       "team": ["east", "west"], "green": [412, 88], "yellow": 0, "red": [88, 12]})
            >>> card = svclight.tally(table, definitions, by="team", as_of="2026-05-01")
            >>> shown = ["rated", "green_share", "green_share_low", "green_share_high"]
            >>> print(card.shares()[["team", *shown]].round(4).to_string(index=False))
            team  rated  green_share  green_share_low  green_share_high
            east    500        0.824           0.7882            0.8549
            west    100        0.880           0.8019            0.9300
            >>> print(card.shares(by=[])[shown].round(4).to_string(index=False))
             rated  green_share  green_share_low  green_share_high
               600       0.8333           0.8014             0.861
        """
        if heading is not None:
            return self.under_heading(heading).shares(by)
        keep = self.by if by is None else texts_of(by, "by of shares")
        unknown = [name for name in keep if name not in self.by]
        if unknown:
            raise SvclightError(
                f"the card is not split by {quoted_list(unknown)}; it is split by {quoted_list(self.by) or 'nothing'}"
            )
        # what one report puts together asks for the same shares twenty times
        known: dict[tuple[str, ...], pd.DataFrame] = self.__dict__.setdefault("_known_shares", {})
        if tuple(keep) not in known:
            known[tuple(keep)] = self._computed_shares(keep)
        return known[tuple(keep)].copy()

    def _computed_shares(self, keep: Sequence[str]) -> pd.DataFrame:
        """The shares by some of the segments."""
        wide = _wide_counts(self.counts, keep)
        rated = wide[list(ZONES)].sum(axis=1).to_numpy()
        effective = effective_numbers(wide, self.squares, rated, keep)
        wide.insert(len(KEYS) + len(keep), "rated", rated)
        wide.insert(len(KEYS) + len(keep) + 1, "effective", effective)
        worth = {zone: worth_of(wide[zone].to_numpy(), rated, effective) for zone in ZONES}
        for zone in ZONES:
            wide[f"{zone}_share"] = share(wide[zone].to_numpy(), rated)
            wide[f"{zone}_share_low"], wide[f"{zone}_share_high"] = wilson_interval(worth[zone], effective)
        green, red = wide["green"].to_numpy(), wide["red"].to_numpy()
        wide["net"] = net_score(green, red, rated)
        wide["net_low"], wide["net_high"] = net_interval(worth["green"], worth["red"], effective)
        wide["flag"] = self._flags(wide)
        return wide

    def under_heading(self, heading: str) -> Self:
        """The card with the counts of all parts of a heading under its name; criteria of one name are added up.

        Raises:
            SvclightError: No process is a part of the heading.

        Examples:
            >>> import pandas as pd
            >>> import svclight
            >>> definitions = svclight.loads('''
            ... svclight: 1
            ... time_zone: UTC
            ... processes:
            ...   support: {title: Support}
            ...   hotline:
            ...     title: Hotline
            ...     part_of: support
            ...     log: {time: called}
            ...     criteria: {wait: {measure: {value: waited}, green: "<= 30"}}
            ...   chat:
            ...     title: Chat
            ...     part_of: support
            ...     log: {time: asked}
            ...     criteria: {wait: {measure: {value: waited}, green: "<= 60"}}
            ... ''')
            >>> table = pd.DataFrame({"month": "2026-03", "process": ["hotline", "chat"], "criterion": "wait",
            ...                       "green": [90, 5], "yellow": 0, "red": [10, 15]})
            >>> card = svclight.tally(table, definitions, as_of="2026-05-01")
            >>> card.under_heading("support").shares()[["process", "rated", "green_share"]].round(4).values.tolist()
            [['support', 120, 0.7917]]
        """
        tables = {name: getattr(self, name) for name in ("counts", "squares", "responses", "periods")}
        made = with_parts_added(tables, processes_under(self.definitions, heading), heading)
        return replace(self, **made)  # type: ignore[arg-type]  # each is a table of that name

    def _flags(self, wide: pd.DataFrame) -> list[str]:
        """The flags of each row of shares: `few`, `partial`, `immature`."""
        places = zip(*(self.periods[name] for name in KEYS), strict=True)
        marks = dict(zip(places, zip(self.periods["partial"], self.periods["immature"], strict=True), strict=True))
        flags = []
        for process, criterion, period, rated in zip(*(wide[key] for key in (*KEYS, "effective")), strict=True):
            partial, immature = marks.get((process, criterion, period), (False, False))
            names = (("few", rated < FEW), ("partial", partial), ("immature", immature))
            flags.append(", ".join(name for name, holds in names if holds))
        return flags

    def response_rates(self) -> pd.DataFrame:
        """The response rate, the share of the customers asked who answered, of criteria that say who was `asked`.

        Returns:
            `process, criterion, period, <segments>, asked, answered, response_rate, response_rate_low,
            response_rate_high` (0 to 1, Wilson, 95 %); NaN where nobody was asked.

        Examples:
            >>> import pandas as pd
            >>> import svclight
            >>> definitions = svclight.loads('''
            ... svclight: 1
            ... time_zone: UTC
            ... processes:
            ...   survey:
            ...     title: Survey
            ...     log: {time: sent, fields: {score: {number: score}}}
            ...     criteria:
            ...       score: {measure: {value: score}, green: ">= 4", asked: {invited: "yes"}}
            ... ''')
            >>> log = pd.DataFrame({"sent": "2026-03-10", "score": [5, 2, None, None], "invited": ["yes"] * 3 + ["no"]})
            >>> rates = svclight.score(log, definitions).response_rates()
            >>> rates[["asked", "answered", "response_rate"]].round(3).values.tolist()
            [[3.0, 2.0, 0.667]]
        """
        asked, answered = (self.responses[name].to_numpy() for name in ("asked", "answered"))
        low, high = wilson_interval(answered, asked)
        rates = {"response_rate": share(answered, asked), "response_rate_low": low, "response_rate_high": high}
        return self.responses.assign(**rates)


def worth_of(part: Any, rated: Any, effective: Any) -> NDArray[np.float64]:
    """How many single interactions a part of the rated ones is worth: the same share of the effective number."""
    part, rated, effective = (np.asarray(one, dtype=np.float64) for one in (part, rated, effective))
    # where all are in the part, no rounding may leave less than all
    each = np.divide(effective, rated, out=np.ones_like(part), where=rated > 0)
    worth: NDArray[np.float64] = np.where(part == rated, effective, part * each)
    return worth


def squares_of(rated: Any, effective: Any) -> NDArray[np.float64]:
    """The sum of squared weights behind an effective number: sums of groups add up, effective numbers do not."""
    rated, effective = (np.asarray(one, dtype=np.float64) for one in (rated, effective))
    found: NDArray[np.float64] = np.divide(rated**2, effective, out=np.zeros_like(rated), where=effective > 0)
    return found


def effective_of(rated: Any, squares: Any) -> NDArray[np.float64]:
    """The effective number of so many rated with so large a sum of squared weights."""
    return squares_of(rated, squares)  # the same quotient: each is the square of the rated by the other


def effective_numbers(
    wide: pd.DataFrame, squares: pd.DataFrame, rated: NDArray[np.int64], keep: Sequence[str]
) -> NDArray[np.float64]:
    """How many single interactions tell as much as the rated rows of each group: (sum of weights)² / sum of weights².

    Args:
        wide: The groups: the keys and the segments to keep.
        squares: The sums of squared weights, of criteria whose values are means of what rows stand for.
        rated: How many interactions of each group are rated.
        keep: The segments to keep.
    """
    numbers = rated.astype(np.float64)
    if not len(squares):
        return numbers
    keys = [*KEYS, *keep]
    summed = keys_as_text(squares, keys).groupby(keys, sort=False)["squares"].sum()
    index = pd.MultiIndex.from_frame(keys_as_text(wide[keys], keys))
    found = summed.reindex(index).to_numpy(dtype=np.float64)
    return np.where(found > 0, numbers**2 / np.where(found > 0, found, 1), numbers)


def _wide_counts(counts: pd.DataFrame, keep: Sequence[str]) -> pd.DataFrame:
    """One row for each combination of keys, a column for each state."""
    keys = [*KEYS, *keep]
    rows = counts.iloc[:: len(STATES)][[*KEYS, *(name for name in counts.columns if name in keep)]].reset_index(
        drop=True
    )
    # every key has all states, in their order: the counts are a matrix already, and no pivot is needed
    numbers = counts["count"].to_numpy().reshape(-1, len(STATES))
    wide = pd.concat([rows, pd.DataFrame(numbers, columns=list(STATES))], axis=1)
    if len(keep) < len(counts.columns) - len(KEYS) - 2:
        # a segment is null where a process does not offer it
        groups = wide.groupby(keys, observed=True, sort=False, as_index=False, dropna=False)
        wide = groups[list(STATES)].sum()
    return wide[[*keys, *STATES]]


def check_card(given: Any, what: str) -> None:
    """Refuses what is no card.

    Args:
        given: What a function of cards was given.
        what: The function, such as `svclight.plan`.

    Raises:
        SvclightError: It is something else; the hint says how a card is made of it.
    """
    path = Path(given) if isinstance(given, str | Path) else None
    made = "svclight.score(logs, definitions)"
    if path is not None and path.suffix == ".svclight":
        made = f"svclight.Scorecard.open({quoted_text(path)})"
    elif path is not None and path.suffix not in (".yaml", ".yml"):
        made = f"svclight.score({quoted_text(path)}, definitions)"
    expected = "a card: what svclight.score, svclight.tally or svclight.Scorecard.open gave"
    check_kind(given, CardTables, f"{what} takes a card", expected, hint=f"such as {what}({made})")
