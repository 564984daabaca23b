"""The usual course of a process as plain data: its steps, the cases of each, the time since the step before.

In: a card with `steps`. Out: `Course`, frozen values with every number already shown as text, so that the terminal, the
report and the plot say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import pandas as pd

from svclight.card.light_table import process_title
from svclight.errors import Issue, SvclightError, did_you_mean, quoted_list, quoted_text
from svclight.wording.estimates import rough_time
from svclight.wording.shares import NO_DATA, share_text
from svclight.wording.short_phrases import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.card.card_tables import CardTables

HEADS: Final = ("Step", "Actor", "Cases", "Share", "Median since the step before", "Out of order")
NOT_IN_LOG: Final = "not in the log"


@dataclass(frozen=True)
class Step:
    """A step of the usual course.

    Attributes:
        name: How the definition calls it.
        actor: Who does it, in the scenario's word; empty where it does not say.
        action: What is done; likewise.
        cases: How many cases have it; None where the log does not know the step.
        of: How many cases there are.
        since: The median time since the step before that the case has, as it is shown; empty where there is none.
        out_of_order: How many cases have it before a step that usually comes earlier.
    """

    name: str
    actor: str
    action: str
    cases: int | None
    of: int
    since: str
    out_of_order: int

    @property
    def share(self) -> str:
        """The share of cases that have it as it is shown, `93.6 %`."""
        if self.cases is None:
            return NOT_IN_LOG
        return percent_text(self.cases, self.of)

    def cells(self) -> tuple[str, ...]:
        """The texts of a step, one for each of `HEADS`."""
        known = self.cases is not None
        counts = (f"{self.cases:,}", self.share, self.since) if known else ("", NOT_IN_LOG, "")
        return self.name.replace("_", " "), self.actor, *counts, f"{self.out_of_order:,}" if known else ""


@dataclass(frozen=True)
class Course:
    """The usual course of a process: its title, its steps, the number of cases and of those that leave the order."""

    process: str
    title: str
    steps: tuple[Step, ...]
    cases: int
    left: int

    @property
    def in_words(self) -> str:
        """The number of cases, and of those that leave the usual order, in words."""
        if not self.cases:
            return "there is no case"
        verb = "leaves" if self.left == 1 else "leave"
        share = percent_text(self.left, self.cases)
        return f"{count_text(self.cases, 'case')}; {self.left:,} {verb} the usual order ({share})"


def courses(card: CardTables) -> Iterator[Course]:
    """The course of each process whose event log names steps, in the order of the definitions."""
    there = set(card.steps["process"])
    for process in card.definitions.processes:
        if process in there:
            yield course_of(card, process)


def course_of(card: CardTables, process: str) -> Course:
    """The usual course of one process.

    Raises:
        SvclightError: There is no such process, or no steps of it were counted.
    """
    mine = card.steps[card.steps["process"] == process]
    if not len(mine):
        known = list(dict.fromkeys(card.steps["process"]))
        what = "has no steps" if process in card.definitions.processes else "is not there"
        expected = f"one of {quoted_list(known)}" if known else "a process with an event log whose `steps` are named"
        raise SvclightError(
            Issue(f"the process {quoted_text(process)} {what}", expected=expected, hint=did_you_mean(process, known))
        )
    written = {step.step: step for step in card.definitions.processes[process].scenario}
    steps = []
    for row in mine.to_dict("records"):
        name, known_step = str(row["step"]), written.get(str(row["step"]))
        unknown = pd.isna(row["cases"])
        since = row["median_seconds"]
        steps.append(
            Step(
                name,
                (known_step.actor or "") if known_step else "",
                (known_step.action or "") if known_step else "",
                None if unknown else int(row["cases"]),
                int(row["of"]),
                "" if pd.isna(since) else rough_time(float(since)),
                0 if unknown else int(row["out_of_order"]),
            )
        )
    return Course(process, process_title(card, process), tuple(steps), steps[0].of, int(mine["left_order"].iloc[0]))


def percent_text(part: int, whole: int) -> str:
    """A share as it is shown, `93.6 %`; `no data` where the whole is 0."""
    return share_text(Fraction(part, whole)) if whole else NO_DATA
