"""The budget of a target: used, allowed, left; the pace of a running period, and the day on which it is gone."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import svclight
from svclight.decisions.budget import _day_it_will_be_gone
from svclight.errors import SvclightError
from svclight.statistics.poisson import poisson_interval

TEXT = """
svclight: 1
time_zone: Europe/Berlin
calendars: {office: {hours: {mon-fri: "09:00-18:00"}, closed: [2026-03-25]}}
processes:
  hotline:
    title: Hotline
    log: {time: at, weight: many, segments: [team], CALENDAR fields: {waited: {number: waited, unit: s}}}
    criteria:
      wait: {title: Waiting, measure: {value: waited}, green: "<= 30 s", yellow: "<= 60 s", targets: TARGETS}
"""
GREEN = '{green: ">= 80 %"}'


def definitions(targets: str = GREEN, *, office: bool = False) -> svclight.Definitions:
    return svclight.loads(TEXT.replace("TARGETS", targets).replace("CALENDAR", "calendar: office," if office else ""))


def days(first: str, last: str, green: int, red: int, yellow: int = 0, team: str = "a") -> list[dict[str, object]]:
    """So many of each a day at noon, from the first to the last."""
    return [
        {"at": day + pd.Timedelta("12h"), "waited": waited, "many": many, "team": team}
        for day in pd.date_range(first, last)
        for waited, many in ((10, green), (40, yellow), (90, red))
    ]


def budget(rows, targets: str = GREEN, period=None, *, office=False, by=(), card_by="day", as_of=None, **options):
    known = definitions(targets, office=office)
    card = svclight.score(pd.DataFrame(rows), known, period=card_by, by=by, as_of=as_of)
    return svclight.budget(card, period, **options)


def tallied(green: int, yellow: int, red: int, targets: str = GREEN, **options) -> svclight.Scorecard:
    row = {"month": "2026-03", "process": "hotline", "criterion": "wait", "green": green, "yellow": yellow, "red": red}
    return svclight.tally(pd.DataFrame([{**row, **options}]), definitions(targets), as_of="2026-05-01")


def test_the_worked_example():
    # target green >= 80 %, 1000 rated, 150 not green: (1 - 0.8) · 1000 = 200 allowed, 150 / 200 = 75 % used
    found = svclight.budget(tallied(850, 60, 90))
    row = found.rows()[0]
    assert (row["rated"], row["bad"], row["allowed"], row["used"], row["left"]) == (1000, 150, 200.0, 0.75, 50.0)
    assert str(found) == "Hotline, Waiting, Mar 2026: 150 of 200 not green used (75 %), 50 left."
    assert str(svclight.budget(tallied(850, 60, 90), lang="ru")) == (
        "Hotline, Waiting, март 2026: израсходовано 150 из 200 не зелёных (75 %), осталось 50."
    )


def test_bad_is_red_for_a_target_of_red_alone():
    # red <= 10 % of 1000 rated: 100 allowed, 90 are red
    found = svclight.budget(tallied(850, 60, 90, '{green: ">= 80 %", red: "<= 10 %", net: ">= 50", yellow: "<= 9 %"}'))
    assert found.table[["zone", "bad", "allowed"]].values.tolist() == [["red", 90, 100.0], ["green", 150, 200.0]]
    assert found.sentences[0] == "Hotline, Waiting, Mar 2026: 90 of 100 red used (90 %), 10 left."


def test_a_running_month_by_hand():
    # Jan and Feb: 32 a day. March 1 to 18: 24 green, 8 red a day: 144 bad, 576 rated. 13 days left · 32 = 416 to come.
    # Allowed: 0.2 · 992 = 198.4. Pace 144 / 18 = 8, allowed a day 198.4 / 31 = 6.4. 144 + 8 k > 198.4: k = 7, the 25th.
    rows = [*days("2026-01-01", "2026-02-28", 32, 0), *days("2026-03-01", "2026-03-18", 24, 8)]
    found = budget(rows)
    row = found.rows()[0]
    assert (row["day"], row["days"], row["rated"], row["to_come"]) == (18, 31, 576, 416.0)
    assert (row["allowed"], row["pace"], row["allowed_pace"]) == pytest.approx((198.4, 8.0, 6.4))
    assert row["expected"] == 144 + 8 * 13
    # ends of the interval in the same formula: 121.44 (1 + k / 18) > 198.4: k = 12, the 30th; 169.54: k = 4, the 22nd
    assert poisson_interval(144) == (pytest.approx(121.44, abs=0.01), pytest.approx(169.54, abs=0.01))
    assert (row["gone"], row["gone_low"], row["gone_high"]) == ("2026-03-25", "2026-03-22", "2026-03-30")
    assert str(found) == (
        "Hotline, Waiting, Mar 2026: 144 of 198 not green used (73 %) on day 18 of 31; "
        "at this pace gone on the 25th (95 %: the 22nd to the 30th)."
    )
    assert str(budget(rows, lang="ru")) == (
        "Hotline, Waiting, март 2026: израсходовано 144 из 198 не зелёных (73 %) на 18-й день из 31; "
        "при таком темпе кончится 25-го (95 %: 22-го … 30-го)."
    )


@pytest.mark.parametrize("as_of", ["2026-03-19", "2026-03-18T12:00", "2026-03-18T20:00"])
def test_a_moment_that_is_given_means_the_same_day(as_of):
    rows = [*days("2026-01-01", "2026-02-28", 32, 0), *days("2026-03-01", "2026-03-18", 24, 8)]
    # the 18th itself is not whole at noon, but its rows are counted; the mean of Wednesdays has one day less: the same
    row = budget(rows, as_of=as_of).rows()[0]
    assert (row["day"], row["to_come"], row["gone"]) == (18, 416.0, "2026-03-25")


def test_usual_weeks_weekday_by_weekday_and_closed_days():
    # Tuesdays have 20 rated, other working days 10. Seen on Fri 2026-03-20; left: 23 to 27 and 30, 31, without the 25th,
    # which is closed: two Mondays, two Tuesdays, Thursday, Friday: 4 · 10 + 2 · 20 = 80
    rows = [
        row
        for day in pd.bdate_range("2026-01-01", "2026-03-20")
        for row in days(day, day, 20 if day.day_of_week == 1 else 10, 0)
    ]
    row = budget(rows, office=True).rows()[0]
    # March 2 to 20 are 15 working days: 12 · 10 + 3 · 20 = 180
    assert (row["rated"], row["to_come"], row["day"]) == (180, 80.0, 20)


def test_only_the_last_eight_weeks_and_at_least_two():
    last, before = days("2026-02-12", "2026-04-08", 10, 0), days("2026-01-01", "2026-02-11", 99, 0)
    # Feb 12 to April 8 are 56 days; 22 days are left
    assert budget([*before, *last]).rows()[0]["to_come"] == 220.0
    assert budget(days("2026-03-26", "2026-04-08", 10, 0)).rows()[0]["to_come"] == 220.0
    few = budget(days("2026-03-27", "2026-04-08", 10, 2))  # thirteen days: one weekday is there once
    assert few.table["to_come"].isna().all()
    # April 1 to 8: 96 rated, 16 bad; 0.2 · 96 = 19.2, 16 / 19.2 = 83 %
    assert str(few) == "Hotline, Waiting, Apr 2026: so far 16 of 19 not green used (83 %) on day 8 of 30."


def test_a_budget_that_is_gone():
    rows = [*days("2026-01-01", "2026-02-28", 32, 0), *days("2026-03-01", "2026-03-18", 19, 13)]
    found = budget(rows)
    # 18 · 13 = 234 bad; 13 k > 198.4 on day 16
    assert found.table[["gone", "gone_low", "gone_high"]].values.tolist() == [["2026-03-16", None, None]]
    assert str(found) == (
        "Hotline, Waiting, Mar 2026: 234 of 198 not green used (118 %) on day 18 of 31; 36 too many, gone on the 16th."
    )
    assert "36 сверх допустимого, кончилось 16-го" in str(budget(rows, lang="ru"))


def march(*bad: int, rated: int) -> list[dict[str, object]]:
    """January and February without a bad one, then days of March with so many."""
    usual = days("2026-01-01", "2026-02-28", rated, 0)
    return usual + [
        row for day, many in enumerate(bad, 1) for row in days(*2 * [f"2026-03-{day:02}"], rated - many, many)
    ]


def test_a_budget_that_ends_with_its_last_one():
    # 31 · 40 = 1240 rated, 248 allowed; 186 bad on 18 days; the 62 that are left are 186 / 18 · 6: none is left on the 24th
    found = budget(march(*[10] * 12, *[11] * 6, rated=40))
    assert str(found).startswith(
        "Hotline, Waiting, Mar 2026: 186 of 248 not green used (75 %) on day 18 of 31; at this pace gone on the 24th (95 %"
    )
    # 31 · 10 = 310 rated, 62 allowed: six days of 9 and the eight of the seventh
    rows = march(9, 9, 9, 9, 9, 9, 8, 0, rated=10)
    assert str(budget(rows)) == (
        "Hotline, Waiting, Mar 2026: 62 of 62 not green used (100 %) on day 8 of 31; none left, gone on the 7th."
    )
    assert str(budget(rows, lang="ru")).endswith("не осталось ничего, кончилось 7-го.")


def test_a_budget_that_lasts():
    rows = [*days("2026-01-01", "2026-02-28", 32, 0), *days("2026-03-01", "2026-03-18", 26, 6)]
    found = budget(rows)
    # 108 + 6 · 13 = 186 of 198.4; the upper end, 130.4 (1 + k / 18) > 198.4 from k = 10 on: the 28th
    assert str(found) == (
        "Hotline, Waiting, Mar 2026: 108 of 198 not green used (54 %) on day 18 of 31; "
        "at this pace it lasts (about 186 by the end; 95 %: it may be gone on the 28th)."
    )
    none = budget(days("2026-01-01", "2026-03-18", 32, 0))
    assert str(none) == (
        "Hotline, Waiting, Mar 2026: 0 of 198 not green used (0 %) on day 18 of 31; "
        "at this pace it lasts (about 0 by the end)."
    )
    late = budget([*days("2026-01-01", "2026-02-28", 32, 0), *days("2026-03-01", "2026-03-18", 25, 7)])
    # 126 + 7 · 11 = 203 > 198.4: the 29th; the ends: 150.0 (1 + k / 18): k = 6; 105.0 · 31 / 18 = 180.8
    assert late.sentences[0].endswith("at this pace gone on the 29th (95 %: the 24th at the earliest, or it lasts).")


def test_of_a_finished_month_by_day_the_day_it_was_gone():
    found = budget(days("2026-03-01", "2026-03-31", 7, 3), as_of="2026-04-01")
    # 310 rated, 62 allowed, 93 bad; 3 k > 62 on day 21
    assert str(found) == "Hotline, Waiting, Mar 2026: 93 of 62 not green used (150 %), 31 too many, gone on the 21st."
    assert not found.table["running"].any()
    assert found.table["day"].isna().all()


def test_a_card_by_month_has_used_allowed_and_left_alone():
    rows = [*days("2026-01-01", "2026-02-28", 32, 0), *days("2026-03-01", "2026-03-18", 26, 6)]
    found = budget(rows, card_by="month")
    assert found.table[["pace", "gone", "to_come"]].isna().all(axis=None)
    # 0.2 · 576 = 115.2
    assert str(found) == "Hotline, Waiting, Mar 2026: so far 108 of 115 not green used (94 %) on day 18 of 31."
    assert str(budget(rows, period="2026-02", card_by="month")).endswith(
        "Feb 2026: 0 of 179 not green used (0 %), 179 left."
    )


def test_weeks_and_periods_that_are_named():
    rows = days("2026-01-01", "2026-03-18", 26, 6)
    assert str(budget(rows, period="2026-02")).startswith(
        "Hotline, Waiting, Feb 2026: 168 of 179 not green used (94 %)"
    )
    week = budget(rows, kind="week").rows()[0]
    # Monday the 16th to Wednesday the 18th
    assert (week["period"], week["day"], week["days"], week["bad"]) == ("2026-W12", 3, 7, 18)
    with pytest.raises(SvclightError, match=r'this is no month; found "2026-W12"'):
        budget(rows, period="2026-W12")
    with pytest.raises(SvclightError, match="unknown period"):
        budget(rows, kind="fortnight")


def test_targets_of_segments():
    rows = [*days("2026-02-01", "2026-03-18", 9, 1, team="a"), *days("2026-02-01", "2026-03-18", 5, 5, team="b")]
    targets = '[{where: {team: a}, red: "<= 20 %"}, {red: "<= 50 %"}]'
    found = budget(rows, targets, by="team")
    # a day: 1 of 10 in a, 6 of 20 in both; allowed of 31 days: 0.2 · 310 = 62 and 0.5 · 620 = 310
    assert found.table[["where", "bad", "allowed"]].values.tolist() == [["team is a", 18, 62.0], ["", 108, 310.0]]
    assert found.sentences[0].startswith("Hotline, Waiting where team is a, Mar 2026: 18 of 62 red used (29 %)")
    with pytest.raises(SvclightError, match="the card is not split so"):
        budget(rows, targets)


def test_a_log_that_begins_within_the_month():
    found = budget(days("2026-03-05", "2026-03-24", 9, 1))
    # 20 open days so far, 7 left; the pace is that of the days that are known
    assert found.rows()[0]["pace"] == 1.0
    assert found.notes == ("Hotline: the log is complete from 5 Mar on, and the budget is that of what it holds",)


def test_few_none_and_nothing():
    less = svclight.budget(tallied(4, 0, 0, '{red: "<= 10 %"}'))
    assert str(less) == "Hotline, Waiting, Mar 2026: 0 red, and less than one is allowed."
    no_red = svclight.budget(tallied(97, 0, 3, '{red: "<= 0 %"}'))
    assert str(no_red) == "Hotline, Waiting, Mar 2026: 3 red, and none is allowed."
    assert no_red.table["used"].isna().all()
    assert str(svclight.budget(tallied(0, 0, 0))) == "Hotline, Waiting, Mar 2026: nothing is rated."
    pending = svclight.budget(tallied(85, 0, 15, pending=12))
    assert str(pending) == "Hotline, Waiting, Mar 2026: 15 of 20 not green used (75 %), 5 left; 12 pending."
    assert "no target of red or green is declared" in str(svclight.budget(tallied(1, 0, 0, '{net: ">= 5"}')))
    assert str(svclight.budget(tallied(4, 0, 0, '{red: "<= 10 %"}'), lang="ru")).endswith(
        "0 красных, а допустимо меньше одного."
    )


def test_customers_at_a_periods_end_have_no_days():
    text = """
svclight: 1
time_zone: UTC
processes:
  shop:
    title: Shop
    log: {time: at, customer: who}
    criteria: {often: {measure: {frequency: {within: 30 d}}, green: ">= 2", targets: {green: ">= 50 %"}}}
"""
    log = pd.DataFrame({"at": pd.date_range("2026-01-01", "2026-03-10").astype(str), "who": ["a", "b"] * 34 + ["a"]})
    found = svclight.budget(svclight.score(log, svclight.loads(text), period="day"))
    assert found.table.empty
    assert found.notes == (
        "Shop, often: it is counted at a period's end, and days do not add up; a card by month has its budget",
    )


@settings(max_examples=25, deadline=None)
@given(
    seen=st.integers(1, 30),
    daily=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), min_size=89, max_size=89),
    office=st.booleans(),
)
def test_a_running_month_beside_a_loop_over_its_days(seen, daily, office):
    """The same numbers by a plain walk over days: March, after January and February."""
    dates = [dt.date(2026, 1, 1) + dt.timedelta(days=day) for day in range(31 + 28 + seen)]
    rated = {day: (one, two) for day, (one, two) in zip(dates, daily, strict=False)}
    rows = [row for day, (green, red) in rated.items() for row in days(str(day), str(day), green + 1, red)]
    found = budget(rows, office=office).rows()[0]

    def is_open(day):
        return not office or (day.weekday() < 5 and day != dt.date(2026, 3, 25))

    march = [dt.date(2026, 3, day) for day in range(1, 32)]
    left = [day for day in march if day > dates[-1] and is_open(day)]
    to_come = 0
    for day in left:
        same = [one for one in dates[-56:] if one.weekday() == day.weekday() and is_open(one)]
        to_come += Fraction(sum(sum(rated[one]) + 1 for one in same), len(same))
    bad = sum(rated[day][1] for day in march if day in rated)
    many = sum(sum(rated[day]) + 1 for day in march if day in rated)
    allowed = Fraction(1, 5) * (many + to_come)
    assert (found["bad"], found["rated"]) == (bad, many)
    if not left:
        assert not found["running"]
        return
    assert (found["to_come"], found["allowed"]) == pytest.approx((float(to_come), float(allowed)))
    past = [day for day in march if day <= dates[-1] and is_open(day)]
    if bad > allowed or not past:
        return
    gone = [day for steps, day in enumerate(left, 1) if bad + Fraction(bad, len(past)) * steps > allowed]
    assert found["gone"] == (str(gone[0]) if gone else None)


def test_the_interval_holds_the_day_as_often_as_is_said():
    """A month of 300 reds of 31 days, some of which are seen: the day on which 200 are passed lies in the interval."""
    chance, held, many = np.random.default_rng(3), 0, 400
    for _ in range(many):
        reds = chance.poisson(300 / 31, 60)
        real = int(np.argmax(np.cumsum(reds) > 200))
        seen = 14
        so_far = int(reds[: seen + 1].sum())
        left = list(range(1000 + seen + 1, 1060))
        low, high = poisson_interval(so_far)
        first, last = (
            (dt.date.fromisoformat(found) - dt.date(1970, 1, 1)).days - 1000 if found else 99
            for found in (_day_it_will_be_gone(end, seen + 1, 200, left) for end in (high, low))
        )
        held += first <= real <= last
    # the ends are carried through whole, what is counted already among it: wider than 95 %
    assert held / many >= 0.95
