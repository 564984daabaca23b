"""The criteria of a card, and the one that a call names: with its process, or without where that is plain.

In: a `CardTables`, a name such as `hotline.wait` or `wait`. Out: `CriterionId`.
"""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING

from svclight.counts.tidy_tables import ids_of
from svclight.errors import Issue, SvclightError, check_kind, did_you_mean, quoted_list, quoted_text
from svclight.processes import criterion_ids

if TYPE_CHECKING:
    from svclight.card.card_tables import CardTables
    from svclight.definition.criterion_id import CriterionId


def scored_criteria(card: CardTables) -> list[CriterionId]:
    """The criteria of the processes that were scored, those with an empty log among them."""
    scored = {log.process for log in card.provenance.logs}
    return [which for which in criterion_ids(card.definitions) if which.process in scored]


def named_criterion(card: CardTables, name: str | None) -> CriterionId:
    """The criterion of a name; the process may be left out where only one has such a criterion.

    Raises:
        SvclightError: There is none, or several have one.
    """
    check_kind(name, str | NoneType, "a criterion", "PROCESS.CRITERION such as hotline.wait")
    there = list(dict.fromkeys(ids_of(card.counts))) or scored_criteria(card)
    known = list(map(str, there))
    found = [which for which in there if name in (str(which), which.criterion)]
    if len(found) != 1:
        what = "unknown criterion" if not found else "several processes have this criterion"
        hint = did_you_mean(name, known) if name and not found else ""
        raise SvclightError(Issue(what, found=quoted_text(name), expected=f"one of {quoted_list(known)}", hint=hint))
    return found[0]
