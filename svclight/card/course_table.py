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
from svclight.wording.catalogue import say, say_counted, to_say
from svclight.wording.estimates import estimate_text
from svclight.wording.languages import language_of, share_words, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.card.card_tables import CardTables

HEADS: Final = (
    to_say("Step"),
    to_say("Actor"),
    to_say("Cases"),
    to_say("Share"),
    to_say("Median since the step before"),
    to_say("Out of order"),
)
NOT_IN_LOG: Final = to_say("not in the log")


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
        lang: The language in which its numbers are shown.
    """

    name: str
    actor: str
    action: str
    cases: int | None
    of: int
    since: str
    out_of_order: int
    lang: str = "en"

    @property
    def share(self) -> str:
        """The share of cases that have it as it is shown, `93.6 %`."""
        if self.cases is None:
            return say(NOT_IN_LOG, self.lang)
        return percent_text(self.cases, self.of, self.lang)

    def cells(self) -> tuple[str, ...]:
        """The texts of a step, one for each of `HEADS`."""
        name = self.name.replace("_", " ")
        if self.cases is None:
            return name, self.actor, "", self.share, "", ""
        cases, out_of_order = whole_number(self.cases, self.lang), whole_number(self.out_of_order, self.lang)
        return name, self.actor, cases, self.share, self.since, out_of_order


@dataclass(frozen=True)
class Course:
    """The usual course of a process: its title, its steps, the number of cases and of those that leave the order."""

    process: str
    title: str
    steps: tuple[Step, ...]
    cases: int
    left: int
    lang: str = "en"

    @property
    def in_words(self) -> str:
        """The number of cases, and of those that leave the usual order, in words."""
        if not self.cases:
            return say("there is no case", self.lang)
        return say_counted(
            "{cases}; {count} leaves the usual order ({share})",
            "{cases}; {count} leave the usual order ({share})",
            self.left,
            self.lang,
            cases=say_counted("{count} case", "{count} cases", self.cases, self.lang),
            share=percent_text(self.left, self.cases, self.lang),
        )


def courses(card: CardTables, lang: str | None = None) -> Iterator[Course]:
    """The course of each process whose event log names steps, in the order and the language of the definitions."""
    there = set(card.steps["process"])
    for process in card.definitions.processes:
        if process in there:
            yield course_of(card, process, lang)


def course_of(card: CardTables, process: str, lang: str | None = None) -> Course:
    """The usual course of one process, in the language of the definitions unless another is given.

    Raises:
        SvclightError: There is no such process, or no steps of it were counted.
    """
    mine, lang = card.steps[card.steps["process"] == process], language_of(lang, card.definitions)
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
                "" if pd.isna(since) else estimate_text(float(since), "s", lang),
                0 if unknown else int(row["out_of_order"]),
                lang,
            )
        )
    title, left = process_title(card, process), int(mine["left_order"].iloc[0])
    return Course(process, title, tuple(steps), steps[0].of, left, lang)


def percent_text(part: int, whole: int, lang: str = "en") -> str:
    """A share as it is shown, `93.6 %`; `no data` where the whole is 0."""
    return share_words(Fraction(part, whole), lang) if whole else say("no data", lang)
