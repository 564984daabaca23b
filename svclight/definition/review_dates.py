"""When a definition is to be looked at again: lengths of time as a calendar has them, and the date that is due.

In: text such as `6 months`, the date of the last review. Out: `CalendarLength`, dates.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

_LENGTH: Final = re.compile(r"\s*([1-9][0-9]{0,3})\s+(day|week|month|year)s?\s*")
_MONTHS: Final = {"month": 1, "year": 12}
_DAYS: Final = {"day": 1, "week": 7}


@dataclass(frozen=True)
class CalendarLength:
    """So many days, weeks, months or years, as people count them on a calendar."""

    count: int
    unit: str


def parse_calendar_length(text: str) -> CalendarLength:
    """Reads `6 months`, `1 year`, `90 days`.

    Raises:
        ValueError: The text is no such length.
    """
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise ValueError("this is no length of time on a calendar")
    return CalendarLength(int(found[1]), found[2])


def date_after(day: dt.date, length: CalendarLength) -> dt.date:
    """The date so long after another; where its month has no such day, the last one of the month.

    Examples:
        >>> import datetime as dt
        >>> from svclight.definition.review_dates import CalendarLength, date_after
        >>> str(date_after(dt.date(2026, 8, 31), CalendarLength(6, "month")))
        '2027-02-28'
    """
    if length.unit in _DAYS:
        return day + dt.timedelta(days=length.count * _DAYS[length.unit])
    years, month = divmod(day.month - 1 + length.count * _MONTHS[length.unit], 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def review_due(reviewed: dt.date | None, review_every: CalendarLength | None) -> dt.date | None:
    """The date by which a definition is to be reviewed again; None where it names none."""
    return None if reviewed is None or review_every is None else date_after(reviewed, review_every)
