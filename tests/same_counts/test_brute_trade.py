"""Working time, quality cards, repeats, joins, satisfaction, loyalty, matured: worked examples by two routes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.both_routes import brute_counts, engine_counts, made, zones
from support.brute_calendar import Hours
from support.brute_score import response, states
from support.brute_trade import period_around

OFFICE = {"office": {"hours": {"mon-fri": "09:00-18:00"}}}
LOG = {"time": "at", "fields": {"at": {"time": "at"}, "end": {"time": "end"}}}
SPELL = {"duration": {"from": "at", "to": "end", "calendar": "office"}}


@pytest.fixture(params=[brute_counts, engine_counts])
def count(request: pytest.FixtureRequest) -> Any:
    """Both routes must give the figures of every worked example."""
    return request.param


def spell(at: str, end: str, measure: dict[str, Any] | None = None, **limits: Any) -> dict[str, Any]:
    options = {key: limits.pop(key) for key in ("as_of", "zone", "calendars") if key in limits}
    what = {"c": {"measure": measure or SPELL, **limits}}
    return made([{"at": at, "end": end}], LOG, what, **{"calendars": OFFICE, **options})


def exactly(text: str) -> dict[str, str]:
    return {"green": f"{text} .. {text}"}


# --- section 4: working time -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "end", "value"),
    [
        ("2026-03-06 17:30", "2026-03-09 09:20", "50 min"),  # Friday 30 min, Monday 20 min
        ("2026-03-06 18:00", "2026-03-09 09:00", "0 s"),  # nothing is worked between
        ("2026-03-07 12:00", "2026-03-08 12:00", "0 s"),  # a weekend
        ("2026-03-02 08:00", "2026-03-09 08:00", "45 h"),  # five days of nine hours
        ("2026-03-06 17:30", "2026-03-09 09:20", "0.833333333333333333333333333333 h"),
    ],
)
def test_working_time_is_what_lies_in_working_hours(count: Any, at: str, end: str, value: str) -> None:
    limits = {"green": f"<= {value}", "yellow": "<= 100 h"} if value.startswith("0.8") else exactly(value)
    # 50 min are a little more than 0.8333... h cut off anywhere
    assert zones(count(spell(at, end, **limits)), "c") == {"yellow" if value.startswith("0.8") else "green": 1}


@pytest.mark.parametrize(
    ("at", "end", "value"),
    [
        ("2026-03-02 09:00", "2026-03-03 09:00", "1 bd"),
        ("2026-03-02 13:30", "2026-03-03 13:30", "1 bd"),  # 4.5 of 9 hours on each day
        ("2026-03-06 09:00", "2026-03-09 18:00", "2 bd"),  # Friday and Monday
        ("2026-03-02 09:00", "2026-03-02 10:48", "0.2 bd"),  # 108 of 540 min
    ],
)
def test_a_working_day_counts_one(count: Any, at: str, end: str, value: str) -> None:
    assert zones(count(spell(at, end, **exactly(value))), "c") == {"green": 1}


def test_a_working_day_counts_one_however_long(count: Any) -> None:
    calendars = {"office": {"hours": {"mon": "08:00-18:00", "tue": ["09:00-11:00", "12:00-14:00"]}}}
    # the second half of Monday's 10 hours, and 3 of Tuesday's 4: 0.5 + 0.75
    call = spell("2026-03-02 13:00", "2026-03-03 13:00", calendars=calendars, **exactly("1.25 bd"))
    assert zones(count(call), "c") == {"green": 1}
    # in hours: 5 + 3
    call = spell("2026-03-02 13:00", "2026-03-03 13:00", calendars=calendars, **exactly("8 bh"))
    assert zones(count(call), "c") == {"green": 1}


@pytest.mark.parametrize(
    ("at", "end", "value"),
    [
        ("2026-03-28 12:00", "2026-03-29 12:00", "7 h"),  # 22 to 6 in the night that lacks an hour
        ("2026-10-24 12:00", "2026-10-25 12:00", "9 h"),  # and in the one that has two hours of the same name
        ("2026-06-13 12:00", "2026-06-14 12:00", "8 h"),
        ("2026-06-13 23:00", "2026-06-14 00:30", "90 min"),
    ],
)
def test_spans_over_midnight_and_nights_when_the_clock_changes(count: Any, at: str, end: str, value: str) -> None:
    calendars = {"office": {"hours": {"sat": "22:00-06:00"}}}
    call = spell(at, end, calendars=calendars, zone="Europe/Berlin", **exactly(value))
    assert zones(count(call), "c") == {"green": 1}


def test_closed_and_open_days(count: Any) -> None:
    calendars = {"office": {**OFFICE["office"], "closed": ["2026-03-09"], "open": {"2026-03-07": "10:00-12:00"}}}
    # Friday 17 to 18, Saturday 10 to 12, Monday closed, Tuesday 9 to 10: 1 + 2 + 0 + 1 h
    call = spell("2026-03-06 17:00", "2026-03-10 10:00", calendars=calendars, **exactly("4 bh"))
    assert zones(count(call), "c") == {"green": 1}
    # 1/9 of Friday, all of the Saturday, 1/9 of Tuesday
    call = spell("2026-03-06 17:00", "2026-03-10 10:00", calendars=calendars, green="<= 1.22 bd", yellow="<= 1.23 bd")
    assert zones(count(call), "c") == {"yellow": 1}


def test_a_calendar_has_a_zone_of_its_own(count: Any) -> None:
    calendars = {"office": {**OFFICE["office"], "time_zone": "Asia/Kathmandu"}}
    # 9:00 in Kathmandu is 3:15 UTC
    call = spell("2026-03-02 00:00", "2026-03-02 04:00", calendars=calendars, **exactly("45 min"))
    assert zones(count(call), "c") == {"green": 1}


@pytest.mark.parametrize(
    ("at", "end", "value"),
    [
        ("2026-03-06 08:00", "2026-03-09 23:00", "1 bd"),  # after Friday: Saturday, Sunday, Monday
        ("2026-03-06 23:00", "2026-03-06 23:30", "0 bd"),
        ("2026-03-02 23:00", "2026-03-09 01:00", "5 bd"),
        ("2026-03-02 23:00", "2026-03-04 01:00", "18 bh"),
    ],
)
def test_by_date_the_days_after_the_first_count_whole(count: Any, at: str, end: str, value: str) -> None:
    measure = {"duration": {**SPELL["duration"], "by": "date"}}
    assert zones(count(spell(at, end, measure, **exactly(value))), "c") == {"green": 1}


def test_early_is_negative_in_working_time_too(count: Any) -> None:
    measure = {"delay": {"due": "at", "actual": "end", "calendar": "office"}}
    # from Friday 17:00 to Monday 10:00 two hours are worked
    call = spell("2026-03-09 10:00", "2026-03-06 17:00", measure, **exactly("-2 h"))
    assert zones(count(call), "c") == {"green": 1}
    measure["delay"]["by"] = "date"
    call = spell("2026-03-09 10:00", "2026-03-06 17:00", measure, **exactly("-1 bd"))
    assert zones(count(call), "c") == {"green": 1}


def test_an_end_before_the_start_is_missing_though_nothing_was_worked_between(count: Any) -> None:
    assert zones(count(spell("2026-03-08 12:00", "2026-03-07 12:00", green="<= 1 h")), "c") == {"missing": 1}


@pytest.mark.parametrize(("as_of", "zone"), [("2026-03-09 09:30", "pending"), ("2026-03-09 09:30:01", "red")])
def test_what_is_open_waits_in_working_time(count: Any, as_of: str, zone: str) -> None:
    # since Friday 17:30: half an hour on Friday, half an hour on Monday
    assert zones(count(spell("2026-03-06 17:30", "", green="<= 1 h", as_of=as_of)), "c") == {zone: 1}


def test_brute_hours_minute_by_minute() -> None:
    """The span-by-span count against counting minutes, in the nights when the clock changes."""
    from datetime import UTC, datetime, timedelta
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Europe/Berlin")
    hours = Hours({"hours": {"mon-fri": ["08:30-12:00", "13:00-17:15"], "sat-sun": "22:00-06:00"}}, zone)

    def works(local: datetime) -> bool:
        minute = local.hour * 60 + local.minute
        late = local.weekday() >= 5 and minute >= 22 * 60
        early = (local - timedelta(days=1)).weekday() >= 5 and minute < 6 * 60
        day = local.weekday() < 5 and (510 <= minute < 720 or 780 <= minute < 1035)
        return late or early or day

    for begin in (datetime(2026, 3, 27, 11, 7, tzinfo=UTC), datetime(2026, 10, 23, 16, 0, tzinfo=UTC)):
        minutes = [begin + timedelta(minutes=step) for step in range(4 * 24 * 60)]
        counted = sum(works(minute.astimezone(zone)) for minute in minutes)
        assert hours.between(begin, begin + timedelta(days=4), in_days=False) == counted * 60


# --- section 5: quality cards ----------------------------------------------------------------------------------------

ITEMS = {"greets": 10, "solves": 30, "notes": 40, "polite": 20}
CARD_LOG = {"time": "at", "fields": {"at": {"time": "at"}, **{name: {"flag": name} for name in ITEMS}}}


def quality(*cells: str, items: dict[str, float] = ITEMS, limits: dict[str, str] | None = None, **card: Any) -> Any:
    row = {"at": "2026-01-15", **dict(zip(items, cells, strict=True))}
    log = {"time": "at", "fields": {"at": {"time": "at"}, **{name: {"flag": name} for name in items}}}
    what = {"measure": {"checklist": {"items": items, **card}}, **(limits or exactly("50 %"))}
    return made([row], log, {"card": what})


@pytest.mark.parametrize("not_applicable", ["n/a", "N/A", "", None])
def test_points_of_the_items_that_apply(count: Any, not_applicable: str | None) -> None:
    # weights 10 yes, 30 yes, 40 no, 20 not applicable: 40 of 80
    assert zones(count(quality("yes", "yes", "no", not_applicable)), "card") == {"green": 1}


def test_a_card_of_which_nothing_applies_does_not_apply(count: Any) -> None:
    assert zones(count(quality("n/a", "", None, "N/a")), "card") == {"not_applicable": 1}


def test_an_unreadable_item_makes_the_card_missing(count: Any) -> None:
    assert zones(count(quality("yes", "yes", "perhaps", "no")), "card") == {"missing": 1}


@pytest.mark.parametrize(("cell", "percent"), [("no", 0), ("yes", 100), ("n/a", 100)])
def test_a_failed_critical_item_makes_it_0(count: Any, cell: str, percent: int) -> None:
    call = quality("yes", "yes", "yes", cell, critical=["polite"], limits=exactly(f"{percent} %"))
    assert zones(count(call), "card") == {"green": 1}


@pytest.mark.parametrize(
    ("cells", "percent"),
    [(("yes", "yes", "no"), 30), (("no", "no", "yes"), 70), (("yes", "no", "yes"), 80), (("no", "yes", "yes"), 90)],
)
def test_weights_are_exact_decimals(count: Any, cells: tuple[str, ...], percent: int) -> None:
    # 0.1 + 0.2 of 0.1 + 0.2 + 0.7 is 30 %, not a hair more or less
    items = {"one": 0.1, "two": 0.2, "three": 0.7}
    assert zones(count(quality(*cells, items=items, limits=exactly(f"{percent} %"))), "card") == {"green": 1}


def test_each_item_is_a_criterion_of_its_own(count: Any) -> None:
    found = count(quality("yes", "no", "n/a", "perhaps", each=True))
    assert {key[0]: key[2] for key in found} == {
        "card": "missing",
        "card.greets": "green",
        "card.solves": "red",
        "card.notes": "not_applicable",
        "card.polite": "missing",
    }


def test_items_apply_where_the_card_does(count: Any) -> None:
    call = quality("yes", "yes", "no", "no", each=True)
    call.definition["processes"]["desk"]["criteria"]["card"]["applies"] = {"greets": False}
    assert {key[2] for key in count(call)} == {"not_applicable"}


# --- section 5: repeats ----------------------------------------------------------------------------------------------

CONTACTS = {"time": "at", "customer": "who", "segments": ["kind"]}
AGAIN = {"measure": {"repeat": {"within": "7 d", "same": ["customer"]}}, "green": "<= 0"}


def came(*contacts: tuple[str, str], measure: dict[str, Any] | None = None, **options: Any) -> Any:
    rows = [{"at": at, "who": who, "kind": "x"} for at, who in contacts]
    what = {**AGAIN, **({"measure": {"repeat": measure}} if measure else {})}
    return made(rows, CONTACTS, {"again": what}, **options)


def test_later_contacts_within_the_window_which_includes_its_limit(count: Any) -> None:
    call = came(("2026-01-01", "a"), ("2026-01-08", "a"), ("2026-01-15 00:00:01", "a"), ("2026-01-02", "b"))
    # 1st -> 8th is just 7 days; 8th -> 15th is a second more; the 15th and b's contact have no later one
    assert zones(count(call), "again") == {"red": 1, "green": 3}


def test_ties_in_time_go_by_row_order(count: Any) -> None:
    call = came(("2026-01-01", "a"), ("2026-01-01", "a"), ("2026-01-01", "a"))
    # the first has two later contacts, the second one, the last none
    assert zones(count(call), "again") == {"red": 2, "green": 1}


def test_a_window_that_is_not_over_is_pending_unless_certain(count: Any) -> None:
    contacts = (("2026-01-01", "a"), ("2026-01-02", "a"), ("2026-01-03", "b"), ("2026-01-09", "c"))
    # as of the 10th 00:00: a's first is certain, a's second and b's are over, c's is open
    assert zones(count(came(*contacts, as_of="2026-01-10")), "again") == {"red": 1, "green": 2, "pending": 1}
    # as of the 3rd: a's first is red now, the others can still be repeated, c has not come yet
    assert zones(count(came(*contacts, as_of="2026-01-03")), "again") == {"red": 1, "pending": 2, "excluded": 1}


def test_a_missing_customer_is_missing(count: Any) -> None:
    assert zones(count(came(("2026-01-01", ""), ("2026-01-02", ""))), "again") == {"missing": 2}


def test_first_contact_resolution(count: Any) -> None:
    measure = {"within": "7 d", "same": ["customer"], "first_only": True}
    contacts = (("2026-01-01", "a"), ("2026-01-08", "a"), ("2026-01-16", "a"), ("2026-01-03", "b"), ("2026-01-04", ""))
    # a: the first was not resolved, the 8th is a repeat itself, the 16th is more than 7 days later; b resolved
    expected = {"red": 1, "not_applicable": 1, "green": 2, "missing": 1}
    assert zones(count(came(*contacts, measure=measure)), "again") == expected


def test_about_the_same_thing(count: Any) -> None:
    rows = [{"at": f"2026-01-0{day}", "who": "a", "kind": kind} for day, kind in enumerate("xyxz", 1)]
    rows += [{"at": "2026-01-05", "who": "a", "kind": ""}]
    what = {**AGAIN, "measure": {"repeat": {"within": "7 d", "same": ["customer", "kind"]}}}
    assert zones(count(made(rows, CONTACTS, {"again": what})), "again") == {"red": 1, "green": 3, "missing": 1}


def test_contacts_to_which_the_criterion_does_not_apply_are_contacts_all_the_same(count: Any) -> None:
    rows = [{"at": "2026-01-01", "who": "a", "kind": "x"}, {"at": "2026-01-02", "who": "a", "kind": "y"}]
    call = made(rows, CONTACTS, {"again": {**AGAIN, "applies": {"kind": "x"}}})
    assert zones(count(call), "again") == {"red": 1, "not_applicable": 1}
    log = {**CONTACTS, "exclude": [{"where": {"kind": "y"}, "reason": "a test"}]}
    assert zones(count(made(rows, log, {"again": AGAIN})), "again") == {"green": 1, "excluded": 1}


def test_retention_is_a_repeat_that_is_wanted(count: Any) -> None:
    call = came(("2026-01-01", "a"), ("2026-01-03", "a"), ("2026-01-03", "b"), as_of="2026-01-05")
    call.definition["processes"]["desk"]["criteria"]["again"]["green"] = ">= 1"
    # a came again: green now though the window is open; the others may still come
    assert zones(count(call), "again") == {"green": 1, "pending": 2}


# --- section 5: satisfaction -----------------------------------------------------------------------------------------

STARS = {"time": "at", "fields": {"at": {"time": "at"}, "stars": {"number": "stars"}, "sent": {"flag": "sent"}}}


def answered(cells: list[str], limits: dict[str, Any], sent: str = "yes") -> Any:
    rows = [{"at": "2026-01-15", "stars": cell, "sent": sent} for cell in cells]
    return made(rows, STARS, {"stars": {"measure": {"value": "stars"}, "whole": True, **limits}})


def test_nps(count: Any) -> None:
    cells = ["9"] * 30 + ["10"] * 20 + ["7"] * 10 + ["8"] * 20 + ["0"] * 5 + ["6"] * 15 + ["11", "7.5", ""]
    found = count(answered(cells, {"scale": [0, 10], "green": ">= 9", "yellow": ">= 7"}))
    # 50 promoters, 30 passives, 20 detractors: net 30
    assert zones(found, "stars") == {"green": 50, "yellow": 30, "red": 20, "missing": 3}


def test_csat_is_the_share_of_the_two_best_answers(count: Any) -> None:
    found = count(answered(list("5544321"), {"scale": [1, 5], "green": ">= 4"}))
    assert zones(found, "stars") == {"green": 4, "red": 3}  # 4 of 7, not the mean of 3.43


def test_who_was_asked_and_answered() -> None:
    call = answered(["5", "1", "", "6"], {"scale": [1, 5], "green": ">= 4", "asked": {"sent": True}})
    call.rows.extend(
        [{"at": "2026-01-16", "stars": "5", "sent": "no"}, {"at": "2026-02-01", "stars": "", "sent": "yes"}]
    )
    # January: four were asked, two gave an answer that can be (6 is off the scale); one answered unasked
    assert response(call) == {("stars", "2026-01"): (4, 2), ("stars", "2026-02"): (1, 0)}
    assert [state["stars"][0] for state in states(call)] == ["green", "red", "missing", "missing", "green", "missing"]


def joined(keep: str, **criterion: Any) -> Any:
    rows = [{"at": "2026-01-15", "call": call} for call in ("1", "2", "3", "")]
    survey = [("1", "5", "a"), ("2", "1", "b"), ("2", "5", "c"), ("", "5", "d")]
    others = {"survey": [{"about": about, "stars": stars, "kind": kind} for about, stars, kind in survey]}
    join = {"on": {"call": "about"}, "keep": keep, "fields": {"stars": {"number": "stars"}, "kind": {"text": "kind"}}}
    log = {"time": "at", "fields": {"at": {"time": "at"}}, "join": {"survey": join}, "segments": ["survey.kind"]}
    what = {"measure": {"value": "survey.stars"}, "green": ">= 4", **criterion}
    return made(rows, log, {"stars": what}, others=others, by=("survey.kind",))


@pytest.mark.parametrize(("keep", "zone", "kind"), [("first", "red", "b"), ("last", "green", "c")])
def test_a_survey_answer_joined_to_its_call(count: Any, keep: str, zone: str, kind: str) -> None:
    # 1 has one answer, 2 has two, 3 and the call without number have none
    assert count(joined(keep)) == {
        ("stars", "2026-01", "a", "green"): 1,
        ("stars", "2026-01", kind, zone): 1,
        ("stars", "2026-01", "", "missing"): 2,
    }


def test_conditions_on_a_joined_field(count: Any) -> None:
    assert zones(count(joined("last", applies={"survey.kind": "a"})), "stars") == {"green": 1, "not_applicable": 3}


# --- section 5: loyalty ----------------------------------------------------------------------------------------------

SHOP = {
    "time": "at",
    "customer": "who",
    "segments": ["kind"],
    "fields": {"at": {"time": "at"}, "paid": {"number": "paid"}, "who": {"text": "who"}, "kind": {"text": "kind"}},
}
LOYALTY = {
    "recency": {"measure": {"recency": {"within": "30 d"}}, "green": "<= 10 d", "yellow": "<= 31 d"},
    "frequency": {
        "measure": {"frequency": {"within": "31 d", "young": "rated"}},
        "green": ">= 2",
        "yellow": ">= 1",
    },
    "spend": {
        "measure": {"spend": {"within": "31 d", "amount": "paid", "young": "rated"}},
        "green": ">= 30",
        "yellow": ">= 20.5",
    },
}


def bought(*rows: tuple[str, str, str], **options: Any) -> Any:
    """Purchases, as of the end of the month of the last one."""
    filled = [{"at": at, "who": who, "paid": paid, "kind": who} for at, who, paid in rows]
    newest = max(date.fromisoformat(at[:10]) for at, *_ in rows)
    return made(filled, SHOP, LOYALTY, **{"as_of": period_around(newest, "month")[1].isoformat(), **options})


def test_every_customer_seen_so_far_is_rated_at_each_period_s_end(count: Any) -> None:
    rows = (
        ("2026-01-01 00:00", "a", "10"),
        ("2026-01-31 23:00", "a", "10.5"),
        ("2026-03-05", "b", "40"),
        ("2026-03-20", "", "1"),
    )
    found = count(bought(*rows))
    # a: last seen 1 h before February; on 1 March 28 d 1 h before, on 1 April 59 d 1 h before
    assert zones(found, "recency") == {"green": 1, "yellow": 2, "red": 1}  # b on 1 April: 27 d
    # 31 d before 1 February is 1 January 0:00: two contacts; before 1 March one; silent for the whole window: 0
    assert zones(found, "frequency") == {"green": 1, "yellow": 2, "red": 1}
    # 20.5; 10.5; 0; b 40
    assert zones(found, "spend") == {"yellow": 1, "red": 2, "green": 1}


@pytest.mark.parametrize(
    ("first", "zone"), [("2026-01-29", "yellow"), ("2026-01-29 00:00:01", "pending"), ("2026-02-20", "pending")]
)
def test_customers_younger_than_the_window_are_pending(count: Any, first: str, zone: str) -> None:
    # March begins on 1 March, 0:00, and 31 days before is 29 January, 0:00
    young = {"often": {"measure": {"frequency": {"within": "31 d"}}, "green": ">= 2", "yellow": ">= 1"}}
    rows = [{"at": first, "who": "a", "paid": "1", "kind": "x"}]
    # the year is looked at from as_of
    assert zones(count(made(rows, SHOP, young, as_of="2026-03-01", period="year")), "often") == {zone: 1}


def test_customers_stand_at_each_end_up_to_a_given_as_of(count: Any) -> None:
    found = count(bought(("2026-01-05", "a", "30"), as_of="2026-04-01"))
    # 27, 55 and 86 days ago; once in the 31 days before February, then not at all
    assert {key[1:]: n for key, n in found.items() if key[0] == "frequency"} == {
        ("2026-01", "yellow"): 1,
        ("2026-02", "red"): 1,
        ("2026-03", "red"): 1,
    }


def test_a_period_that_as_of_cuts_is_looked_back_from_as_of(count: Any) -> None:
    rows = (("2026-01-05", "a", "30"), ("2026-01-20", "a", "30"), ("2026-01-25", "b", "30"))
    found = count(bought(*rows, as_of="2026-01-22"))
    # a: 2 days ago, twice, 60; b has not come
    assert found == {(name, "2026-01", "green"): 1 for name in LOYALTY}


@pytest.mark.parametrize(("as_of", "zone"), [("2026-01-22", "pending"), ("2026-02-01", "green")])
def test_what_is_said_of_a_period_s_end_is_too_young_before_it(count: Any, as_of: str, zone: str) -> None:
    call = bought(("2026-01-05", "a", "30"), ("2026-01-30", "a", "30"), as_of=as_of, matured=True)
    # on the 22nd January is not over; at its end: 2 days ago, twice, 60
    assert count(call) == {(name, "2026-01", zone): 1 for name in LOYALTY}


def test_without_as_of_a_period_with_an_anchor_on_its_last_day_has_ended(count: Any) -> None:
    limits = {"recency": {**LOYALTY["recency"], "green": "<= 12 h", "yellow": "<= 24 h"}}
    for at, zone in (("2026-01-31 06:00", "yellow"), ("2026-01-30 06:00", "green")):
        # the 31st: 18 h until the month ends; the 30th: the log ends with it, 0 h ago
        call = made([{"at": at, "who": "a", "kind": "x"}], SHOP | {"fields": None}, limits, as_of=None)
        del call.definition["processes"]["desk"]["log"]["fields"]
        assert zones(count(call), "recency") == {zone: 1}


def test_an_amount_that_is_missing_in_the_window_is_missing(count: Any) -> None:
    found = count(bought(("2026-01-05", "a", ""), ("2026-02-25", "a", "30"), ("2026-02-25", "b", "abc")))
    # January: a's amount is empty; February: it is out of the window of 31 days, b's cannot be read
    assert {(key[1], key[2]): n for key, n in found.items() if key[0] == "spend"} == {
        ("2026-01", "missing"): 1,
        ("2026-02", "green"): 1,
        ("2026-02", "missing"): 1,
    }


@pytest.mark.parametrize("weights", [("1", "1"), ("3", "2")])
def test_weights_count_in_frequency_and_spend(count: Any, weights: tuple[str, str]) -> None:
    rows = [
        {"at": f"2026-01-0{day}", "who": "a", "paid": "10", "kind": "x", "n": n} for day, n in enumerate(weights, 5)
    ]
    total = sum(map(int, weights))
    criteria = {
        "frequency": {**LOYALTY["frequency"], "green": f"{total} .. {total}"},
        "spend": {**LOYALTY["spend"], "green": f"{10 * total} .. {10 * total}"},
    }
    for one in criteria.values():
        one.pop("yellow")
    found = count(made(rows, {**SHOP, "weight": "n"}, criteria, as_of="2026-02-01"))
    # 1 + 1 contacts of 10 each, or 3 + 2; and the customer is one, whatever the weights
    assert found == {(name, "2026-01", "green"): 1 for name in criteria}


def test_periods_end_with_the_last_contact_that_has_come(count: Any) -> None:
    rows = [{"at": at, "who": "a", "paid": "10", "kind": "x"} for at in ("2026-01-05", "2026-12-05")]
    found = count(made(rows, SHOP, {"recency": LOYALTY["recency"]}, as_of="2026-03-15"))
    # as of March nobody knows of December: the same as of a log that ends in January
    assert found == count(made(rows[:1], SHOP, {"recency": LOYALTY["recency"]}, as_of="2026-03-15"))


def test_a_customer_s_segment_is_the_last_known(count: Any) -> None:
    rows = [
        {"at": "2026-01-05", "who": "a", "paid": "1", "kind": "x"},
        {"at": "2026-01-06", "who": "a", "paid": "1", "kind": "y"},
        {"at": "2026-01-07", "who": "a", "paid": "1", "kind": ""},
        {"at": "2026-02-07", "who": "a", "paid": "1", "kind": "x"},
    ]
    found = count(made(rows, SHOP, {"recency": LOYALTY["recency"]}, by=("kind",), as_of="2026-03-01"))
    assert found == {("recency", "2026-01", "y", "yellow"): 1, ("recency", "2026-02", "x", "yellow"): 1}


# --- section 3: matured ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("as_of", "zone"), [("2026-01-15 13:59:59", "pending"), ("2026-01-15 14:00", "green")])
def test_rows_too_young_are_pending_whatever_they_are(count: Any, as_of: str, zone: str) -> None:
    what = {"measure": {"duration": {"from": "at", "to": "end"}}, "green": "<= 1 h", "yellow": "<= 2 h"}
    call = made([{"at": "2026-01-15 12:00", "end": "2026-01-15 12:30"}], LOG, {"c": what}, as_of=as_of, matured=True)
    # 12:00 + 2 h is after as_of until 14:00
    assert zones(count(call), "c") == {zone: 1}


@pytest.mark.parametrize(("as_of", "zone"), [("2026-03-09 10:29", "pending"), ("2026-03-09 10:30", "green")])
def test_too_young_in_working_time(count: Any, as_of: str, zone: str) -> None:
    rows = [{"at": "2026-03-06 17:30", "end": "2026-03-06 17:40"}]
    what = {"measure": SPELL, "green": "<= 1 h", "yellow": "<= 2 h"}
    # half an hour on Friday, one and a half on Monday
    call = made(rows, LOG, {"c": what}, as_of=as_of, matured=True, calendars=OFFICE)
    assert zones(count(call), "c") == {zone: 1}


def test_too_young_is_asked_after_applies_and_before_abandoned(count: Any) -> None:
    rows = [{"at": "2026-01-15 12:00", "end": "", "kind": kind} for kind in "xy"]
    what = {"measure": {"duration": {"from": "at", "to": "end"}}, "green": "<= 1 h", "applies": {"kind": "x"}}
    what["abandoned"] = {"where": {"kind": "x"}}
    for as_of, zone in (("2026-01-15 12:30", "pending"), ("2026-01-15 13:00", "red")):
        call = made(rows, LOG, {"c": what}, as_of=as_of, matured=True)
        assert zones(count(call), "c") == {zone: 1, "not_applicable": 1}


def test_the_widest_limit_of_the_period_says_how_old_is_old_enough(count: Any) -> None:
    rows = [{"at": f"2026-0{month}-15 12:00", "end": f"2026-0{month}-15 12:01", "kind": "x"} for month in (1, 2)]
    thresholds = [
        {"where": {"kind": "y"}, "until": "2026-02-01", "green": "<= 1 h", "yellow": "<= 60 d"},
        {"green": "<= 1 h", "yellow": "<= 2 h"},
    ]
    what = {"measure": {"duration": {"from": "at", "to": "end"}}, "thresholds": thresholds}
    # January's widest limit is y's, though no row of it is y; 60 days after 15 January is 16 March
    for as_of, expected in (("2026-02-15 15:00", {"pending": 1, "green": 1}), ("2026-03-16 12:00", {"green": 2})):
        assert zones(count(made(rows, LOG, {"c": what}, as_of=as_of, matured=True)), "c") == expected


def test_a_repeat_is_old_enough_after_its_window(count: Any) -> None:
    contacts = (("2026-01-01", "a"), ("2026-01-02", "a"))
    for as_of, expected in (("2026-01-07", {"pending": 2}), ("2026-01-08", {"red": 1, "pending": 1})):
        assert zones(count(came(*contacts, as_of=as_of, matured=True)), "again") == expected


def test_by_the_book_is_old_enough_when_all_its_parts_are(count: Any) -> None:
    rows = [{"at": "2026-01-15 12:00", "end": "2026-01-15 12:30", "kind": kind} for kind in "xyz"]
    spell = {"measure": {"duration": {"from": "at", "to": "end"}}}
    criteria = {
        "fast": {**spell, "green": "<= 1 h", "applies": {"kind": ["x", "y"]}},
        "slow": {**spell, "green": "<= 1 d", "applies": {"kind": "x"}},
        "book": {"measure": {"worst": ["fast", "slow"]}},
    }
    # the widest limit of the parts is a day, for all rows to which any part applies
    for as_of, expected in (
        ("2026-01-15 15:00", {"pending": 2, "not_applicable": 1}),
        ("2026-01-16 12:00", {"green": 2, "not_applicable": 1}),
    ):
        assert zones(count(made(rows, LOG, criteria, as_of=as_of, matured=True)), "book") == expected


def test_an_abandoned_card_is_red_though_its_items_cannot_be_read(count: Any) -> None:
    call = quality("n/a", "n/a", "perhaps", "n/a")
    card = call.definition["processes"]["desk"]["criteria"]["card"]
    assert zones(count(call), "card") == {"missing": 1}
    card["abandoned"] = {"where": {"notes": None}, "counts": "red"}
    assert zones(count(call), "card") == {"red": 1}
