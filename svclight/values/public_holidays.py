"""Public holidays of a country, and the working days that were moved, from the `holidays` package.

In: a country, a subdivision and the years that are needed. Out: the days off, the moved working days with the day each
was exchanged for, and what the package does not know, worded for people. The package is loaded when one of the
functions is called, not before: a definition without holidays does not pay for it.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from svclight.errors import Issue, did_you_mean, printable_text, quoted_list, quoted_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

_FIRST_YEAR, _LAST_YEAR = 1900, 2100  # no table is asked for years outside, whatever stray date a log holds
_NEAR: Final = 0.85  # names of countries are long and alike: Deutschland is no misspelt Netherlands
_SEPARATOR: Final = "; "  # stands between the names of holidays that fall on one day


@dataclass(frozen=True)
class PublicHolidays:
    """The days off of a country, its moved working days, and what is not known about the years asked for."""

    off: frozenset[dt.date]
    """Days off."""
    moved: Mapping[dt.date, dt.date | None]
    """Working days at a weekend, and the day off that each was exchanged for; None where that is unknown."""
    weekend: frozenset[int]
    """The days of the usual weekend; Monday is 0."""
    notices: tuple[str, ...] = ()
    """What the package does not know about the years asked for."""


def public_holidays(country: str, subdivision: str | None, years: range) -> PublicHolidays:
    """The public holidays of the years, and of one year before and after them.

    The neighbours are there because a working day may be exchanged for a day off across New Year.

    Args:
        country: A code for which `holidays_problem` finds nothing wrong, as of the subdivision.
        subdivision: The subdivision, or None for the holidays of the whole country.
        years: The years for which notices are given.
    """
    known, said = _holiday_table(country, subdivision, years)
    around, _ = _holiday_table(country, subdivision, range(years.start - 1, years.stop + 1))
    region = country if subdivision is None else f"{country}, {subdivision}"
    days_off = _exchanged_days(around)
    moved = {day: days_off.get(day) for day in around.weekend_workdays if day.weekday() in around.weekend}
    return PublicHolidays(
        frozenset(around) - moved.keys(),
        dict(sorted(moved.items())),
        frozenset(around.weekend),
        (*_gap_notices(region, years, known), *(_package_notice(region, text) for text in said)),
    )


def holidays_problem(country: str, subdivision: str | None = None) -> Issue | None:
    """What is wrong with a country or its subdivision; its `path` is the key that is meant. None where nothing is."""
    from holidays import country_holidays  # noqa: PLC0415 - loaded where a calendar has holidays, not before
    from holidays.registry import COUNTRIES, EntityLoader  # noqa: PLC0415

    if country not in EntityLoader.get_country_codes():
        hint = _country_meant(country, COUNTRIES.values())
        return Issue("unknown country", path="country", expected="a country code such as DE, IL or US", hint=hint)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = country_holidays(country)
        try:
            country_holidays(country, subdiv=subdivision)
        except NotImplementedError:
            return _unknown_subdivision(country, str(subdivision), whole)
    return None


def _country_meant(found: str, entities: Iterable[tuple[str, ...]]) -> str:
    """A guess by code in another case, or by the name of the country."""
    codes = {code.casefold(): code for _, *several in entities for code in several}
    names = {re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name): code for name, code, *_ in entities}
    near = get_close_matches(found.title(), names, n=1, cutoff=_NEAR)
    meant = codes.get(found.casefold()) or (names[near[0]] if near else None)
    return "" if meant is None else f"did you mean {quoted_text(meant)}?"


def _unknown_subdivision(country: str, found: str, entries: Any) -> Issue:
    codes = sorted(entries.subdivisions)
    if not codes:
        message = f"no subdivisions of {country} are known"
        return Issue(message, path="subdivision", expected="`country` alone")
    bare = found.upper().removeprefix(f"{country.upper()}-")
    hint = did_you_mean(bare if bare in codes else found, [*codes, *entries.subdivisions_aliases])
    expected = f"one of {quoted_list(codes)}"
    return Issue(f"unknown subdivision of {country}", path="subdivision", expected=expected, hint=hint)


def _holiday_table(country: str, subdivision: str | None, years: range) -> tuple[Any, list[str]]:
    """The package's table of the years, names in the country's own language, and what the package warns of."""
    from holidays import country_holidays  # noqa: PLC0415 - loaded where a calendar has holidays, not before

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        language = country_holidays(country).default_language
        possible = range(max(years.start, _FIRST_YEAR), min(years.stop, _LAST_YEAR + 1))
        entries = country_holidays(country, subdiv=subdivision, years=possible, language=language)
    return entries, list(dict.fromkeys(printable_text(warning.message, 300) for warning in said))


def _package_notice(region: str, text: str) -> str:
    return (
        f"the holidays package says of {region}: {quoted_text(text, 300)}; list the days off that it lacks under `closed`, "
        "and working days at a weekend under `open`"
    )


def _names_and_days(entries: Any) -> Iterator[tuple[str, dt.date]]:
    for day, names in entries.items():
        for name in names.split(_SEPARATOR):
            yield name, day


def _exchange_label(entries: Any) -> str:
    """How a country names a day off that was exchanged for another day, %s for that; nothing where it moves none."""
    label = getattr(entries, "substituted_label", None)
    return str(entries.tr(label)) if label else ""


def _exchanged_days(entries: Any) -> dict[dt.date, dt.date]:
    """Moved working day -> the day off that it was exchanged for.

    The package says it in the name of the day off: "Day off (substituted from 10.01.2026)".
    """
    label = _exchange_label(entries)
    if not label:
        return {}
    dates, days = entries.tr(entries.substituted_date_format), dict(_names_and_days(entries))
    named = {day: label % day.strftime(dates) for day in entries.weekend_workdays}
    return {day: days[name] for day, name in named.items() if name in days}


def _moved_years(entries: Any) -> set[int]:
    """The years in which a day was moved, to or from."""
    form = re.compile(re.escape(_exchange_label(entries)).replace("%s", ".+"))
    named = {day.year for name, day in _names_and_days(entries) if form.fullmatch(name)}
    return named | {day.year for day in entries.weekend_workdays}


def _gap_notices(region: str, years: range, known: Any) -> Iterator[str]:
    """What is missing for the years: all entries, or the moved days that other years have."""
    filled = {day.year for day in known}
    if empty := [year for year in years if year not in filled]:
        yield (
            f"no public holidays of {region} are known for {_years_in_words(empty)}: all days of these years have their usual "
            "hours; list the days off under `closed`, and working days at a weekend under `open`"
        )
    if not _exchange_label(known):
        return
    unmoved = [year for year in years if year in filled and year not in _moved_years(known)]
    if unmoved and (others := sorted(_other_moved_years(known) - set(unmoved))):
        yield (
            f"no moved days of {region} are known for {_years_in_words(unmoved)}, though other years have them (the last is "
            f"{others[-1]}): if days were moved, list the days off under `closed` and the working days under `open`"
        )


def _other_moved_years(known: Any) -> set[int]:
    every, _ = _holiday_table(known.country, known.subdiv, range(_FIRST_YEAR, _LAST_YEAR + 1))
    return _moved_years(every)


def _years_in_words(years: list[int]) -> str:
    """2019, 2023 to 2026."""
    breaks = [place for place, (one, other) in enumerate(pairwise(years), 1) if other != one + 1]
    runs = [years[begin:end] for begin, end in pairwise([0, *breaks, len(years)])]
    return ", ".join(f"{run[0]}" if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)
