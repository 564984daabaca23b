"""The result: counts of interactions by process, criterion, period and zone, and everything done with them.

In: the small tables that scoring makes (`CardTables`). Out: `Scorecard`, a frozen value: those tables and the verbs on
top of them: a way back to single interactions, saving, and putting cards together. It holds no row of a log.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

from svclight.card import customers_across
from svclight.card import interactions as drilldown
from svclight.card.card_file import opened_tables, saved_bytes
from svclight.card.card_tables import LATE, CardTables, check_card
from svclight.card.display import card_text
from svclight.card.light_table import light_table
from svclight.card.lights import Light
from svclight.card.merging import change_tables, merge_cards, places_of, seen_at, way_out, without_places
from svclight.card.notebook_card import months_html
from svclight.card.summary import no_summary_notice, summary_table
from svclight.card.survival import survival_shares
from svclight.counts.tidy_tables import ids_of, periods_in
from svclight.decisions.check import check, newest_whole
from svclight.decisions.target_counts import without_unsplit_targets
from svclight.decisions.verdicts import SIGNS, verdict_words, worst_verdict
from svclight.definition.criterion_id import CriterionId
from svclight.errors import SvclightError, SvclightNotice, check_kind, quoted_list, texts_of
from svclight.judging.contract import Wanted
from svclight.values import notebook_html
from svclight.values.files import write_whole
from svclight.values.notebook_html import TextTable
from svclight.wording.catalogue import say, to_say
from svclight.wording.languages import period_words, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from svclight.card.lights import LightRow, LightTable
    from svclight.decisions.check import Checks
    from svclight.judging.judge import Judge

_MOST_SHOWN: Final = 5
_HEADS: Final = (
    to_say("Criterion"), to_say("Period"), to_say("Green"), to_say("Yellow"), to_say("Red"), to_say("Rated"),
    to_say("Target"),
)  # fmt: skip


class Scorecard(CardTables):
    """Counts of interactions in zones: the tables of `CardTables`, and the methods of a whole card."""

    def interactions(
        self,
        process: str | None = None,
        criterion: str | None = None,
        *,
        zone: str | None = None,
        period: str | None = None,
        where: Mapping[str, str] | None = None,
        pseudonymise: str | None = None,
    ) -> pd.DataFrame:
        """The single interactions behind the counts, read again from the log.

        Args:
            process: Id of a process; all unless given.
            criterion: Id of a criterion; all unless given.
            zone: One of the seven states.
            period: Such as 2026-03.
            where: Values of segments by which the card is split.
            pseudonymise: A secret with which ids and customers are replaced by keyed hashes.

        Returns:
            `process, criterion, period, <segments>, id, customer, time, value, unit, weight, zone, reason`, in the
            order of the log.

        Raises:
            SvclightError: The log is not there any more (the card was opened from a file, or put together), there never
                was one (a hand-kept table), or a filter names what is not there.

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
            >>> log = pd.DataFrame({"called": "2026-03-10 09:00", "team": "east", "waited": [10, 90]})
            >>> card = svclight.score(log, definitions)
            >>> card.interactions("hotline", "wait", zone="red")[["id", "value", "unit", "zone"]].values.tolist()
            [['1', 90.0, 's', 'red']]
        """
        check_kind(where, Mapping | NoneType, "where of interactions", "segments and words, such as {'team': 'west'}")
        wanted = Wanted(process, criterion, zone, period, tuple((where or {}).items()))
        return drilldown.find_interactions(self._judges(wanted), wanted, self.by, pseudonymise=pseudonymise)

    def _judges(self, wanted: Wanted) -> list[Judge]:
        """The judges of the processes with the wanted interactions."""
        if self.provenance.kept_by_hand:
            raise SvclightError("a hand-kept table has no single interactions, only their numbers")
        if self.way_back is None:
            raise SvclightError("this card has no way back to a log: score the log again to see its interactions")
        scored = [log.process for log in self.provenance.logs]
        criteria = {process: list(self.definitions.processes[process].criteria) for process in scored}
        words = {name: sorted(map(str, self.counts[name].dropna().unique())) for name in self.by}
        drilldown.check_wanted(wanted, criteria, words, self.provenance.period)
        return self.way_back(wanted)

    def customers(self, *, pseudonymise: str | None = None) -> pd.DataFrame:
        """The zones that each customer met in each process and criterion, read again from the logs.

        Args:
            pseudonymise: A secret with which customers are replaced by keyed hashes.

        Returns:
            `period, customer, process, criterion, green, yellow, red, worst`: rated interactions, and the worst zone
            met.

        Raises:
            SvclightError: The logs are not there any more, or no process says who its customers are.

        Examples:
            >>> import pandas as pd
            >>> import svclight
            >>> definitions = svclight.loads('''
            ... svclight: 1
            ... time_zone: UTC
            ... processes:
            ...   hotline:
            ...     title: Hotline
            ...     log: {time: called, customer: caller, fields: {waited: {number: waited, unit: s}}}
            ...     criteria:
            ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
            ... ''')
            >>> log = pd.DataFrame({"called": "2026-03-10", "caller": ["ann", "ann", "bob"], "waited": [10, 90, 20]})
            >>> met = svclight.score(log, definitions).customers()
            >>> print(met[["customer", "green", "yellow", "red", "worst"]].to_string(index=False))
            customer  green  yellow  red worst
                 ann      1       0    1   red
                 bob      1       0    0 green
        """
        return customers_across.zones_met(self._judges(Wanted()), pseudonymise=pseudonymise)

    def customer_shares(self) -> pd.DataFrame:
        """The customers of each period who met no red, one, or several, over all processes and criteria.

        Returns:
            `period, customers, no_red, one_red, several_reds`, each of the three with `_share`, `_share_low` and
            `_share_high` (0 to 1, Wilson, 95 %).

        Raises:
            SvclightError: As for `customers`.

        Examples:
            >>> import pandas as pd
            >>> import svclight
            >>> definitions = svclight.loads('''
            ... svclight: 1
            ... time_zone: UTC
            ... processes:
            ...   hotline:
            ...     title: Hotline
            ...     log: {time: called, customer: caller, fields: {waited: {number: waited, unit: s}}}
            ...     criteria:
            ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
            ... ''')
            >>> log = pd.DataFrame({"called": "2026-03-10", "caller": ["ann", "ann", "bob"], "waited": [10, 90, 20]})
            >>> shares = svclight.score(log, definitions).customer_shares()
            >>> shares[["customers", "no_red", "one_red", "several_reds"]].values.tolist()
            [[2, 1, 1, 0]]
        """
        return customers_across.reds_by_period(self.customers())

    def survival(self, process: str, criterion: str) -> pd.DataFrame:
        """An estimate for a wait: the shares had nobody given up and everything come to its end (Kaplan-Meier).

        Returns:
            `process, criterion, period, <segments>, limits, waits, ended, given_up, unfinished, green_share,
            green_share_low, green_share_high, yellow_share, red_share, method`.

        Raises:
            SvclightError: The log is not there any more, or the criterion is no wait.

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
            ...       wait:
            ...         measure: {value: waited}
            ...         green: "<= 30 s"
            ...         abandoned: {where: {end: hung up}, counts: by_elapsed}
            ... ''')
            >>> log = pd.DataFrame({"called": "2026-03-10", "waited": [10, 20, 25, 40], "end": ["", "hung up", "", ""]})
            >>> estimate = svclight.score(log, definitions).survival("hotline", "wait")
            >>> estimate[["waits", "ended", "given_up", "green_share"]].round(3).values.tolist()
            [[4.0, 3.0, 1.0, 0.625]]
        """
        for name, given in (("process", process), ("criterion", criterion)):
            check_kind(given, str, f"{name} of survival", "an id")
        (judge,) = self._judges(Wanted(process, criterion))
        return survival_shares(judge, criterion)

    def summary(self, by: str | Iterable[str] | None = None) -> pd.DataFrame:
        """What a manager asks first: how many were measured, their mean, median, 90 % point and sum.

        Values are those of rated interactions that have a complete one: abandoned and overdue ones have none. Mean and
        sum are exact: the numbers are added without rounding, and the total is rounded once. Median and 90 % point are
        interpolated as pandas does; they are exact where all values are whole numbers below 1,000, else at most 1.1 %
        off. A card of a log takes one more pass over it when this is first asked for.

        Args:
            by: Segments to keep, some of those of the card; the others are added up. All of them unless given.

        Returns:
            `process, criterion, period, <segments>, measured, mean, median, p90, sum, unit`, a row for each of
            `shares`; null for flags, categories and `worst`, which have no numbers, and for hand-kept tables.

        Raises:
            SvclightError: The card is not split by such a segment.

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
            >>> log = pd.DataFrame({"called": "2026-03-10", "team": "east", "waited": [10, 20, 25, 40, 90]})
            >>> summary = svclight.score(log, definitions).summary()
            >>> summary[["measured", "mean", "median", "p90", "sum", "unit"]].values.tolist()
            [[5, 37.0, 25.0, 70.0, 185.0, 's']]
        """
        if notice := no_summary_notice(self):
            warnings.warn(notice, SvclightNotice, stacklevel=2)
        return summary_table(self, by).drop(columns="exact")

    def only(self, periods: str | Iterable[str]) -> Scorecard:
        """The card with some periods only.

        Raises:
            SvclightError: It has no such period.

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
            >>> table = pd.DataFrame({"month": ["2026-03", "2026-04"], "process": "hotline", "criterion": "wait",
            ...                       "green": [900, 800], "yellow": 0, "red": [100, 200]})
            >>> card = svclight.tally(table, definitions, as_of="2026-05-01").only("2026-04")
            >>> card.shares()[["period", "rated", "green_share"]].values.tolist()
            [['2026-04', 1000, 0.8]]
        """
        wanted = list(texts_of(periods, "periods of only"))
        there = periods_in(self.counts)
        unknown = [period for period in wanted if period not in there]
        if unknown:
            raise SvclightError(
                f"the card has no period {quoted_list(unknown)}; it has {quoted_list(sorted(there - {''}))}"
            )
        return change_tables(self, lambda table: table[table["period"].isin(wanted)])

    def __add__(self, other: Scorecard) -> Scorecard:
        """Puts together cards that share no period of a criterion and agree in its definition.

        Raises:
            SvclightError: They share some, or differ in a definition, in the kind of period or in their segments.

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
            >>> table = pd.DataFrame({"month": ["2026-03"], "process": "hotline", "criterion": "wait",
            ...                       "green": 900, "yellow": 0, "red": 100})
            >>> march = svclight.tally(table, definitions, as_of="2026-05-01")
            >>> april = svclight.tally(table.assign(month="2026-04"), definitions, as_of="2026-05-01")
            >>> (march + april).shares()["period"].tolist()
            ['2026-03', '2026-04']
        """
        if not isinstance(other, Scorecard):
            return NotImplemented
        shared = sorted(places_of(self) & places_of(other))
        if shared:
            shown = ", ".join(f"{process}.{criterion} {period}" for process, criterion, period in shared[:_MOST_SHOWN])
            more = " …" if len(shared) > _MOST_SHOWN else ""
            said = f"both cards have {len(shared)} of the same periods ({shown}{more})"
            raise SvclightError(f"{said}: {way_out(self, other)}")
        return merge_cards(self, other)

    def replace(self, new: Scorecard) -> Scorecard:
        """Puts together two cards that may share periods of a criterion; for those the newer `as_of` counts.

        On a tie it is the new card's. What was counted from a log takes the place of what was kept by hand.

        Raises:
            SvclightError: They differ in a definition, in the kind of period or in their segments.

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
            >>> table = pd.DataFrame({"month": ["2026-03"], "process": "hotline", "criterion": "wait",
            ...                       "green": 900, "yellow": 0, "red": 100})
            >>> old = svclight.tally(table, definitions, as_of="2026-05-01")
            >>> new = svclight.tally(table.assign(green=950), definitions, as_of="2026-05-01")
            >>> old.replace(new).shares()[["period", "rated"]].values.tolist()
            [['2026-03', 1050]]
        """
        check_card(new, "card.replace")
        mine, theirs = seen_at(self), seen_at(new)
        lost_here = {place for place in mine.keys() & theirs.keys() if theirs[place] >= mine[place]}
        lost_there = (mine.keys() & theirs.keys()) - lost_here
        return merge_cards(without_places(self, lost_here), without_places(new, lost_there))

    def save(self, path: str | Path, *, quote_cells: bool = False) -> Path:
        """Writes the card to one file, without any customer's id and without the texts of rejected lines.

        Args:
            path: The file.
            quote_cells: Whether examples of cells that could not be read stand in it, too.

        Raises:
            SvclightError: The file cannot be written.

        Examples:
            >>> import pathlib
            >>> import tempfile
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
            >>> table = pd.DataFrame({"month": ["2026-03"], "process": "hotline", "criterion": "wait",
            ...                       "green": 900, "yellow": 0, "red": 100})
            >>> card = svclight.tally(table, definitions, as_of="2026-05-01")
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     path = card.save(pathlib.Path(folder, "march.svclight"))
            ...     print(svclight.Scorecard.open(path).counts.equals(card.counts))
            True
        """
        check_kind(path, str | Path, "path of save", "a path such as may.svclight")
        return write_whole(Path(path), saved_bytes(self, quote_cells=quote_cells))

    @classmethod
    def open(cls, path: str | Path) -> Scorecard:
        """Opens a saved card.

        Raises:
            SvclightError: There is no such file, or it is no saved card of this format.

        Examples:
            >>> import pathlib
            >>> import tempfile
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
            >>> table = pd.DataFrame({"month": ["2026-03"], "process": "hotline", "criterion": "wait",
            ...                       "green": 900, "yellow": 0, "red": 100})
            >>> card = svclight.tally(table, definitions, as_of="2026-05-01")
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     path = card.save(pathlib.Path(folder, "march.svclight"))
            ...     print(svclight.Scorecard.open(path).shares()["green_share"].tolist())
            [0.9]
        """
        check_kind(path, str | Path, "path of Scorecard.open", "the path of a saved card, such as may.svclight")
        return cls(**opened_tables(Path(path)))

    def __getstate__(self) -> dict[str, Any]:
        # the way back holds a log, which does not travel with a card, and so may what makes the values
        own = {name: value for name, value in self.__dict__.items() if name != "_known_shares"}
        return {**own, **{name: getattr(self, name) for name in LATE}, "way_back": None}

    def __str__(self) -> str:
        return card_text(self)

    def __repr__(self) -> str:
        return str(self)  # a plain interpreter shows what `print` does

    def _repr_html_(self) -> str:
        return _card_page(self)


def _card_page(card: Scorecard) -> str:
    """What a notebook shows of a card: the verdict on all targets, a row for each criterion, its periods in a fold."""
    lang = card.definitions.language
    judged, _ = without_unsplit_targets(card)
    checks, table = check(judged), light_table(card, lang)
    return notebook_html.fragment(
        notebook_html.paragraphs([checks.heading]),
        notebook_html.notes([f"{table.title} \N{MIDDLE DOT} {table.origin}"]),
        notebook_html.table(_newest_rows(card, checks, table)),
        notebook_html.fold(say("All periods, with notes", lang), months_html(card, lang)),
    )


def _newest_rows(card: Scorecard, checks: Checks, table: LightTable) -> TextTable:
    """Each criterion in its newest whole period: the shares of the zones, the number rated, the verdict."""
    found: dict[CriterionId, list[str]] = {}
    for which, verdict in zip(ids_of(checks.table), checks.table["verdict"], strict=True):
        found.setdefault(which, []).append(verdict)
    rows = []
    for row in table.criterion_rows:
        which = CriterionId(row.process, row.criterion)
        period = newest_whole(card, which, with_rows=True) or ""
        verdict = worst_verdict(found.get(which, []))
        rows.append((row.title, *_newest_cells(row, period, table), _target_cell(verdict, table.lang)))
    return TextTable(tuple(say(head, table.lang) for head in _HEADS), tuple(rows), frozenset({2, 3, 4, 5}))


def _newest_cells(row: LightRow, period: str, table: LightTable) -> tuple[str, ...]:
    """The period in words, the shares of the zones in it, and the number rated."""
    places = {column.label: place for place, column in enumerate(table.columns)}
    light = row.lights[places[period]] if period in places else Light(lang=table.lang)
    label = period_words(period, table.lang) if period else ""
    return label, *light.percentages, whole_number(light.rated_count, table.lang)


def _target_cell(verdict: str, lang: str) -> str:
    """The verdict on the targets of a criterion, its sign before it."""
    return f"{SIGNS[verdict]} {verdict_words(verdict, lang) if verdict else say('no target', lang)}"
