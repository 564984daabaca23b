"""The words of verdicts on targets: the share with its interval, why there is no verdict, what runs out.

In: shares, targets, accepted misses, a language. Out: text, not escaped for any format.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from svclight.decisions.verdicts import ACCEPTED, MISSED
from svclight.statistics.sample_sizes import rated_for_target
from svclight.values import clocks
from svclight.wording.catalogue import say, say_counted
from svclight.wording.languages import (
    date_words,
    decimal_sign,
    interval_words,
    period_words,
    share_words,
    whole_number,
)
from svclight.wording.need_words import about_text
from svclight.wording.sentence_parts import limit_words, zone_of_target
from svclight.wording.shares import number_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from svclight.definition.models import Accepted
    from svclight.processes import Definitions
    from svclight.thresholds import Interval
    from svclight.wording.shares import Ends

SOON: Final = 30
"""So many days before an accepted miss runs out it is said."""


def too_few_words(rated: int, effective: float, fewest: int, lang: str) -> Iterator[str]:
    """How many are needed; before that how much rows tell that hold means."""
    if effective != rated:
        shown = decimal_sign(f"{effective:.3g}", lang)
        yield say("rows that hold means tell as much as {count} single ones", lang, count=shown)
    yield say("{count} rated are needed", lang, count=whole_number(fewest, lang))


def accepted_words(accepted: Accepted, lang: str) -> str:
    """Until when a miss is accepted, and why."""
    why = ", ".join(part for part in (accepted.reason, accepted.ticket) if part)
    return say("accepted until {day}: {why}", lang, day=date_words(accepted.until, lang), why=why)


def telling_words(limit: Interval, zone: str, share: float, each: float, lang: str) -> Iterator[str]:
    """How many rated would tell, if the share stays; nothing of a net score, a band, or a share that is its target.

    `each` is how many interactions tell as much as a single one, where values are means of what rows stand for.
    """
    if zone == "net" or len(limit.ends) != 1 or (target := float(limit.ends[0].amount) / 100) == share:
        return
    yield about_text(math.ceil(rated_for_target(share, target) * each), lang)


def rated_share_words(zone: str, numbers: tuple[float, float, float], rated: int, ends: Ends, lang: str) -> str:
    """A share or net score in words, with the number rated and the interval; `ends` are those of its targets."""
    if zone == "net":
        share, low, high = (decimal_sign(number_text(number, ends), lang) for number in numbers)
        interval = say("{low} to {high}", lang, low=low, high=high)
    else:
        share, interval = share_words(numbers[0], lang, ends), interval_words(*numbers[1:], lang, ends)
    return say("{share} of {rated} rated (95 %: {interval})", lang, share=share, rated=whole_number(rated, lang),
               interval=interval)  # fmt: skip


def debt_notes(rows: Iterable[dict[str, Any]], definitions: Definitions, lang: str) -> Iterator[str]:
    """A note for each accepted miss that is over, or will be within `SOON` days after the judged period's end.

    Args:
        rows: Verdicts, with `process, criterion, period, zone, verdict`.
        definitions: Where misses are accepted.
        lang: The language of the notes.
    """
    for row in rows:
        debt = definitions.processes[row["process"]].criteria[row["criterion"]].accepted
        found = clocks.period_number(row["period"]) if row["period"] else None
        if debt is None or found is None or getattr(debt, row["zone"]) is None:
            continue
        begin, end = clocks.period_start(found[1], found[0]), clocks.period_end(found[1], found[0])
        limit = limit_words(str(getattr(debt, row["zone"])), lang)
        name = f"{row['process']}.{row['criterion']}: {zone_of_target(row['zone'], lang)} {limit}"
        why = ", ".join(part for part in (debt.reason, debt.ticket) if part)
        until = date_words(debt.until, lang)
        if row["verdict"] == ACCEPTED:
            yield from _running_out(f"{name} ({why})", until, (debt.until - end).days, row["period"], lang)
        elif row["verdict"] == MISSED and begin >= debt.until:
            yield say("{name} was accepted until {day} and is no longer ({why})", lang, name=name, day=until, why=why)


def _running_out(name: str, until: str, left: int, period: str, lang: str) -> Iterator[str]:
    """That a miss is not accepted much longer; `left` are the days from the period's end to then."""
    shown = period_words(period, lang)
    if left <= 0:
        yield say(
            "{name} is accepted for the last time in {period}: until {day}", lang, name=name, period=shown, day=until
        )
    elif left <= SOON:
        yield say_counted(
            "{name} is accepted until {day} only, {count} day after {period} ends",
            "{name} is accepted until {day} only, {count} days after {period} ends",
            left,
            lang,
            name=name,
            day=until,
            period=shown,
        )
