"""A calendar in words: its working hours, holidays, closed days, days with hours of their own.

In: a model of a definition, the code of a language. Out: lines of Markdown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import get_day_names

from svclight.definition.key_types import WEEKDAYS
from svclight.wording.catalogue import say
from svclight.wording.languages import date_words
from svclight.wording.markdown_text import escape_text
from svclight.wording.phrases import join_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from svclight.definition.models import Calendar


def calendar_lines(name: str, calendar: Calendar, lang: str) -> Iterator[str]:
    """The lines of a calendar, with its heading."""
    heading = say("Working hours: {calendar}", lang, calendar=escape_text(name.replace("_", " ")))
    yield from (f"## {heading}", "")
    yield from (f"- {line}" for line in _lines_within(calendar, lang))
    yield ""


def _lines_within(calendar: Calendar, lang: str) -> Iterator[str]:
    for days, spans in calendar.hours.items():
        yield f"{_days_in_words(days, lang)}: {_spans_in_words(spans, lang)}"
    if calendar.holidays is not None:
        places = [_country_in_words(calendar.holidays.country, lang), escape_text(calendar.holidays.subdivision or "")]
        yield say("closed on public holidays of {country}", lang, country=", ".join(filter(None, places)))
    if calendar.closed:
        days = join_words([date_words(day, lang) for day in calendar.closed], lang)
        yield say("closed on {days}", lang, days=days)
    for day, spans in calendar.open.items():
        yield say("open on {day}: {hours}", lang, day=date_words(day, lang), hours=_spans_in_words(spans, lang))
    if calendar.time_zone:
        yield say("time zone: {zone}", lang, zone=escape_text(calendar.time_zone))


def _days_in_words(days: str, lang: str) -> str:
    """Days of the week as people write them: `mon-fri` is `Mon` to `Fri` with a dash between."""
    names = get_day_names("abbreviated", locale=lang)
    return "\N{EN DASH}".join(names[WEEKDAYS.index(day)] for day in days.split("-"))


def _spans_in_words(spans: Iterable[str], lang: str) -> str:
    return join_words([span.replace("-", "\N{EN DASH}") for span in spans], lang)


def _country_in_words(country: str, lang: str) -> str:
    """The name of a country; what is none, such as a stock exchange, stays as it is."""
    return escape_text(Locale.parse(lang).territories.get(country, country))
