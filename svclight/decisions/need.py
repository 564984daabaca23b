"""How many interactions it takes to see a difference, or to tell a share from its target.

In: two shares, 0 to 1. Out: `Needed`: a number with its sentence, and the numbers for smaller and larger differences
beside it. Nothing of a card goes in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight.decisions.result import Result
from svclight.definition.for_authors import LANGUAGES
from svclight.errors import Issue, SvclightError, quoted_text
from svclight.statistics.sample_sizes import LEVEL, POWER, rated_for_target, rated_per_side
from svclight.wording import need_words
from svclight.wording.languages import check_language

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS: Final = ("question", "share", "other", "power", "level", "needed")
DIFFERENCE, TARGET = "difference", "target"
POINTS: Final = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30)
"""Differences, in percentage points, of which the number is told beside the one that was asked."""


@dataclass(frozen=True, repr=False)
class Needed(Result):
    """How many interactions it takes.

    Attributes:
        table: One row: `question` (`difference` or `target`), `share`, `other` (the other share, or the target),
            `power`, `level`, `needed` (rated interactions: on each side for a difference). Shares are 0 to 1.
        curve: The same for other differences, the smallest first, on the side of `share` from `other`.
        sentences: The answer in words.
        notes: None: every decision has them.
        lang: The language of the sentence.
    """

    _columns = ("share", "other", "needed")

    table: pd.DataFrame
    curve: pd.DataFrame
    sentences: tuple[str, ...]
    notes: tuple[str, ...] = ()
    lang: str = "en"

    @property
    def count(self) -> int:
        """The number of rated interactions, on each side for a difference."""
        return int(self.table["needed"].iloc[0])

    def __str__(self) -> str:
        return "\n".join(self.sentences)


def needed(
    share: float,
    other: float | None = None,
    *,
    target: float | None = None,
    power: float = POWER,
    level: float = LEVEL,
    lang: str = LANGUAGES[0],
) -> Needed:
    """Tells how many rated interactions show a difference of two shares, or tell a share from a target.

    Args:
        share: A share, 0 to 1.
        other: The share of the other side, such as the month after.
        target: A target instead of another share.
        power: The chance to see the difference where it is there.
        level: The chance to see one where there is none, on both sides together.
        lang: The language of the sentence, `en` or `ru`.

    Returns:
        The `Needed`: for a difference by Cohen's formula, for a target by that of the score test, which is how `check`
        judges.

    Raises:
        SvclightError: A share does not lie between 0 and 1, both are the same, or neither or both of `other` and
            `target` are given.

    Examples:
        >>> import svclight
        >>> svclight.needed(0.80, 0.75).count
        1092
        >>> svclight.needed(0.78, target=0.80).count
        3208
    """
    check_language(lang)
    if (other is None) == (target is None):
        raise SvclightError(
            Issue("one thing is held against the share", expected="another share, or target=, and not both")
        )
    question = DIFFERENCE if target is None else TARGET
    against = float(other if target is None else target)  # type: ignore[arg-type]  # one of them is given
    _check_shares(share, against, power, level)
    row = _answer(question, float(share), against, power, level)
    say = need_words.difference_sentence if question == DIFFERENCE else need_words.target_sentence
    said = say(row["share"], row["other"], row["needed"], (power, level), lang)
    curve = [_answer(question, near, against, power, level) for near in _shares_beside(float(share), against)]
    table, others = (pd.DataFrame(part, columns=list(COLUMNS)) for part in ([row], curve))
    return Needed(table, others, (said,), lang=lang)


def _answer(question: str, share: float, against: float, power: float, level: float) -> dict[str, Any]:
    count = rated_per_side if question == DIFFERENCE else rated_for_target
    found = count(share, against, power=power, level=level)
    return dict(zip(COLUMNS, (question, share, against, power, level, found), strict=True))


def _shares_beside(share: float, against: float) -> Iterator[float]:
    """Shares on the same side of the other one, the nearest first."""
    side = 1 if share > against else -1
    for points in POINTS:
        near = round(against + side * points / 100, 10)
        if 0 <= near <= 1:
            yield near


def _check_shares(share: float, against: float, power: float, level: float) -> None:
    """Refuses numbers that are no shares, and two that are the same.

    Raises:
        SvclightError: One is none, or both are the same.
    """
    issues = [
        Issue(f"this is no {what}", found=quoted_text(f"{number:g}"), expected="a number from 0 to 1, such as 0.8")
        for what, number in (("share", share), ("share", against))
        if not 0 <= number <= 1 or math.isnan(number)
    ]
    issues += [
        Issue(f"this is no {what}", found=quoted_text(f"{number:g}"), expected="a number between 0 and 1, such as 0.8")
        for what, number in (("power", power), ("level", level))
        if not 0 < number < 1
    ]
    if not issues and share == against:
        issues = [Issue("there is no difference to see", found=f"{share:g} and {against:g}", expected="two numbers")]
    if issues:
        raise SvclightError(issues)
