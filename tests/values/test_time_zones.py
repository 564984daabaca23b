"""Names of time zones, and the places that other names may mean."""

import zoneinfo

import pytest

from svclight.values import time_zones
from svclight.values.time_zones import is_zone, zone_hint


@pytest.mark.parametrize("name", ["Europe/Moscow", "UTC", "Etc/GMT-3", "CET"])
def test_names_of_zones(name):
    assert is_zone(name)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("MSK", 'name a place, such as "Europe/Moscow"'),
        ("EST", 'name a place, such as "America/New_York"'),
        ("msk", 'name a place, such as "Europe/Moscow"'),
        ("GMT+3", 'name a place, such as "Europe/Moscow", "Europe/Istanbul"'),
        ("UTC+03:00", 'name a place, such as "Europe/Moscow", "Europe/Istanbul"'),
        ("+0530", 'name a place, such as "Asia/Kolkata"'),
        ("-05:00", 'name a place, such as "America/New_York"'),
        ("Moscow", 'did you mean "Europe/Moscow"?'),
        ("UTC+25", ""),
        ("../etc", ""),
        ("", ""),
    ],
)
def test_what_is_no_zone_hints_at_places(name, hint):
    assert not is_zone(name)
    assert zone_hint(name) == hint


def test_every_place_that_is_named_is_a_zone():
    named = {*time_zones._PLACES, *time_zones._ABBREVIATIONS.values()}
    assert named <= zoneinfo.available_timezones()
