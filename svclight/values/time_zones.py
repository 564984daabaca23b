"""Names of time zones: which are places with a clock of their own, and the places that an abbreviation may mean.

In: a name such as `Europe/Berlin`, `MSK`, `GMT+3`. Out: whether it names a time zone, and places to name instead. An
abbreviation or a fixed distance from UTC knows no summer time, and several places share one.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from typing import Final

from svclight.errors import did_you_mean, quoted_list

FIXED: Final = ("EST", "MST", "HST")
"""IANA names that are abbreviations: most who write them mean a place with summer time."""
_ABBREVIATIONS: Final = {
    "MSK": "Europe/Moscow",
    "MSD": "Europe/Moscow",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "ET": "America/New_York",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "PT": "America/Los_Angeles",
    "HST": "Pacific/Honolulu",
    "BST": "Europe/London",
    "IST": "Asia/Kolkata",
    "CEST": "Europe/Berlin",
    "EEST": "Europe/Kyiv",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "SGT": "Asia/Singapore",
    "HKT": "Asia/Hong_Kong",
    "AEST": "Australia/Sydney",
    "AEDT": "Australia/Sydney",
    "BRT": "America/Sao_Paulo",
    "YEKT": "Asia/Yekaterinburg",
}
_PLACES: Final = (
    *("Europe/London", "Europe/Lisbon", "Europe/Berlin", "Europe/Paris", "Europe/Kyiv", "Europe/Athens"),
    *("Europe/Moscow", "Europe/Istanbul", "Europe/Samara", "Asia/Dubai", "Asia/Yekaterinburg", "Asia/Tashkent"),
    *("Asia/Kolkata", "Asia/Omsk", "Asia/Dhaka", "Asia/Bangkok", "Asia/Krasnoyarsk", "Asia/Shanghai"),
    *("Asia/Singapore", "Asia/Tokyo", "Asia/Yakutsk", "Australia/Sydney", "Asia/Vladivostok", "Asia/Magadan"),
    *("Pacific/Auckland", "Asia/Kamchatka", "America/Sao_Paulo", "America/Halifax", "America/New_York"),
    *("America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu"),
)
_DISTANCE: Final = re.compile(r"(?:UTC|GMT|Etc/GMT)?\s*(?P<sign>[+-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?")
_WINTER: Final = dt.datetime(2025, 1, 15, tzinfo=dt.UTC)  # a day on which northern clocks show their own time
_MOST_PLACES: Final = 2


def is_zone(name: str) -> bool:
    """Whether a name is that of a time zone with a clock of its own."""
    if name in FIXED:
        return False
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def zone_hint(name: str) -> str:
    """The places that a name which is no time zone may mean, as a hint; empty where none is known."""
    plain = name.strip()
    if plain.upper() in _ABBREVIATIONS:
        return f"name a place, such as {quoted_list([_ABBREVIATIONS[plain.upper()]])}"
    distance = _DISTANCE.fullmatch(plain)
    if distance is None:
        return did_you_mean(plain, sorted(zoneinfo.available_timezones()))
    hours = dt.timedelta(hours=int(distance["hours"]), minutes=int(distance["minutes"] or 0))
    places = _places_at(-hours if distance["sign"] == "-" else hours)
    return f"name a place, such as {quoted_list(places[:_MOST_PLACES])}" if places else ""


def _places_at(distance: dt.timedelta) -> list[str]:
    """The places whose own time has that distance from UTC."""
    return [place for place in _PLACES if zoneinfo.ZoneInfo(place).utcoffset(_WINTER) == distance]
