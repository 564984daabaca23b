"""Recency, frequency and spend: ends of periods in three zones, exact sums, segments, and the worst of them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.helpers import definition, reasons, score, states, total

import svclight
from svclight.logs import customers

LOG = "{time: at, customer: who, fields: {at: {time: at}, who: {text: who}, paid: {number: paid, unit: EUR}, n: {number: n}}}"
RECENCY = 'r: {measure: {recency: {within: 365 d}}, green: "<= 10 d", yellow: "<= 60 d"}'
FREQUENCY = 'f: {measure: {frequency: {within: 31 d, young: rated}}, green: ">= 2", yellow: ">= 1"}'
SPEND = 's: {measure: {spend: {within: 31 d, amount: paid, young: rated}}, green: ">= 0.8"}'


def bought(times, criteria: str = RECENCY, *, who="a", paid=1.0, n=1, log: str = LOG, **options) -> svclight.Scorecard:
    """The card of what customers bought at some times, as of the end of the last month in which they did."""
    frame = pd.DataFrame({"at": times, "who": who, "paid": paid, "n": n})
    last = max((time for time in times if time), default="2026-01-01")[:7]
    as_of = (pd.Period(last, "M") + 1).start_time.date() if last < "2200" else None
    return score(frame, criteria, log, **{"as_of": as_of, **options})


@pytest.mark.parametrize(
    ("zone", "month"), [("Europe/Moscow", "2026-02"), ("Europe/Berlin", "2026-01"), ("America/New_York", "2026-01")]
)
def test_the_end_of_a_month_is_midnight_in_the_documents_zone(zone, month):
    card = bought(["2026-01-31T21:30Z"], zone=zone, as_of="2026-03-01T00:00Z")
    first = card.interactions("p", "r").iloc[0]
    assert first["period"] == month
    year, number = map(int, month.split("-"))
    end = dt.datetime(year, number + 1, 1, tzinfo=ZoneInfo(zone))
    asked = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    bought_at = dt.datetime(2026, 1, 31, 21, 30, tzinfo=dt.UTC)
    assert first["value"] == (min(end, asked) - bought_at).total_seconds()


def test_a_month_in_which_the_clock_changes():
    # Berlin, March: from the 29th 0:00 to the end are three days less one hour
    card = bought(["2026-03-29T00:00"], zone="Europe/Berlin", as_of="2026-04-01")
    assert card.interactions("p", "r")["value"].tolist() == [3 * 86400 - 3600]


def test_every_customer_seen_so_far_over_years():
    card = bought(["2025-11-30", "2026-01-05", "2026-02-10"], f"{RECENCY}\n{FREQUENCY}", who=["a", "b", "a"])
    found = card.interactions("p", "r")
    assert list(zip(found["period"], found["customer"], found["zone"].astype(str), strict=True)) == [
        ("2025-11", "a", "green"),  # one day
        ("2025-12", "a", "yellow"),  # 32 days
        ("2026-01", "a", "red"),  # 63 days
        ("2026-01", "b", "yellow"),  # 27 days
        ("2026-02", "a", "yellow"),  # 19 days
        ("2026-02", "b", "yellow"),  # 55 days
    ]
    # who was silent for the whole window has frequency 0
    assert card.interactions("p", "f")["value"].tolist() == [1, 0, 0, 1, 1, 0]


@pytest.mark.parametrize("dtype", ["object", "category", "str"])
def test_customers_stand_as_the_log_first_names_them(dtype):
    who = pd.Series(["z", None, "b", "a", "z"], dtype=dtype)
    days = ["2026-01-05", "2026-01-04", "2026-01-08", "2026-01-07", "2026-01-06"]
    assert bought(days, FREQUENCY, who=who).interactions("p", "f")["customer"].tolist() == ["z", "b", "a"]


def test_a_month_with_nothing_but_what_is_left_out_has_an_end_too():
    log = f"{LOG[:-1]}, exclude: [{{where: {{n: 0}}, reason: tests}}]}}"
    card = bought(["2026-01-05", "2026-03-05"], n=[1, 0], log=log)
    found = card.interactions("p", "r")
    assert found["period"].tolist() == ["2026-01", "2026-02", "2026-03"]
    assert found["zone"].tolist() == ["yellow", "yellow", "red"]  # 27, 55 and 86 days


@pytest.mark.parametrize(
    ("period", "last"), [("year", "2026"), ("quarter", "2026-Q1"), ("week", "2026-W02"), ("day", "2026-01-05")]
)
def test_kinds_of_period(period, last):
    card = bought(["2025-12-31T12:00", "2026-01-05T12:00"], period=period, as_of=None)
    assert card.counts["period"].astype(str).iloc[-1] == last


def test_sums_of_money_are_exact():
    assert 0.7 + 0.1 < 0.8
    assert states(bought(["2026-01-05", "2026-01-06"], SPEND, paid=[0.7, 0.1]), "s") == ["green"]
    # where decimals do not hold them, they are added as they are
    third = bought(["2026-01-05", "2026-01-06"], SPEND, paid=[1 / 3, 1 / 3]).interactions("p", "s")
    assert third[["value", "unit"]].to_numpy().tolist() == [[2 / 3, "EUR"]]
    assert bought(["2026-01-05"] * 2, SPEND, paid=[1e300, 1e300]).interactions("p", "s")["value"].tolist() == [2e300]
    assert bought(["2026-01-05"] * 2, SPEND, paid=[1e308, 1e300]).interactions("p", "s")["value"].tolist() == [
        1e308 + 1e300
    ]


def test_weights():
    log = LOG.replace("customer: who", "customer: who, weight: n")
    card = bought(["2026-01-05", "2026-01-06"], f"{FREQUENCY}\n{SPEND}", paid=[0.1, 0.3], n=[2, 2], log=log)
    assert card.interactions("p", "f")["value"].tolist() == [4]
    # 2 * 0.1 + 2 * 0.3; and the customer is one
    assert card.interactions("p", "s")["value"].tolist() == [0.8]
    assert total(card, "s") == {"green": 1}


@pytest.mark.parametrize(
    ("paid", "reason"),
    [
        ([1, None], "paid is empty"),
        ([1, "much"], 'paid: "much" is not a number'),
        (["inf", 1], 'paid: "inf" is not a number'),
        ([float("inf"), 1], "paid is infinite"),
    ],
)
def test_an_amount_that_is_not_known(paid, reason):
    card = bought(["2026-01-05", "2026-01-06"], SPEND, paid=paid)
    assert states(card, "s") == ["missing"]
    assert reasons(card, "s") == [reason]


def test_the_window_includes_its_limit():
    for at, number in (("2026-01-01T00:00", 1), ("2025-12-31T23:59:59", 0)):
        found = bought([at, "2026-01-31"], FREQUENCY, who=["a", "b"]).interactions("p", "f", period="2026-01")
        assert found.set_index("customer").loc["a", "value"] == number


def test_the_worst_of_loyalty():
    criteria = f"{RECENCY}\n{FREQUENCY}\n{SPEND}\nw: {{measure: {{worst: [r, f, s]}}}}\nv: {{measure: {{worst: [w]}}}}"
    card = bought(["2026-01-25", "2026-01-26", "2026-01-27"], criteria, who=["a", "a", "b"], paid=[1, 1, 0])
    assert states(card, "w") == ["green", "red"]
    assert states(card, "v") == ["green", "red"]
    assert total(card, "w") == {"green": 1, "red": 1}
    with pytest.raises(svclight.DefinitionError, match="these parts count different things"):
        definition(f"{RECENCY}\nx: {{measure: {{value: n}}, green: '<= 1'}}\nw: {{measure: {{worst: [r, x]}}}}", LOG)


@pytest.mark.parametrize("key", ["asked: {n: 1}", "time: at", "abandoned: {where: {n: 1}, counts: red}"])
def test_keys_for_interactions_are_refused(key):
    with pytest.raises(
        svclight.DefinitionError, match=f"`{key.partition(':')[0]}` is for interactions; `recency` counts"
    ):
        definition(RECENCY.replace("green", f"{key}, green", 1), LOG)


SPLIT = LOG.replace(
    "fields: {", "segments: [kind, day, month], fields: {day: {part: date, of: at}, month: {part: weekday, of: at}, "
)


def test_the_segment_of_a_customer_is_the_last_known():
    rows = [
        {"at": "2026-01-05", "who": "a", "kind": "x"},
        {"at": "2026-01-25", "who": "b", "kind": "y"},
        {"at": "2026-02-10", "who": "a", "kind": "z"},
        {"at": "2026-03-31", "who": "c", "kind": ""},
    ]
    for name, expected in {
        "kind": ["x", "y", "y", "z", "y", "z", ""],
        # of the last contact, by the words of the whole log
        "day": ["2026-01-05", "2026-01-25", "2026-01-25", "2026-02-10", "2026-01-25", "2026-02-10", "2026-03-31"],
        "month": ["sun", "mon", "sun", "tue", "sun", "tue", "tue"],
    }.items():
        card = score(rows, RECENCY, SPLIT, by=name, as_of="2026-04-01")
        found = card.counts[card.counts["count"] > 0]
        assert sorted(found[name].astype(str)) == sorted(expected)
        assert sorted(card.interactions("p", "r")[name]) == sorted(expected)
        assert total(card, "r") == {"green": 2, "yellow": 4, "red": 1}


def test_conditions_and_limits_see_the_last_known_values():
    rows = [{"at": "2026-01-05", "who": "a", "kind": "x"}, {"at": "2026-01-06", "who": "a", "kind": "vip"}]
    criterion = (
        "r: {measure: {recency: {within: 90 d}}, applies: {kind: vip}, "
        "thresholds: [{where: {kind: vip}, green: '<= 1 d'}, {green: '<= 90 d'}]}"
    )
    log = LOG.replace("fields", "segments: [kind], fields")
    assert states(score(rows, criterion, log, as_of="2026-02-01"), "r") == ["red"]
    assert states(score(rows[:1], criterion, log, as_of="2026-02-01"), "r") == ["not_applicable"]


def test_what_is_left_out_is_no_contact():
    log = LOG.replace("fields: {at", "exclude: [{where: {n: 0}, reason: test}], fields: {at")
    card = bought(["2026-01-05", "2026-01-25", None, "2026-01-26"], who=["a", "a", "a", None], n=[1, 0, 1, 1], log=log)
    assert card.interactions("p", "r")[["customer", "value"]].to_numpy().tolist() == [["a", 27 * 86400]]
    assert bought(["2026-01-05"], n=0, log=log).counts.empty
    assert bought([]).counts.empty
    assert bought(["2026-01-05"], who=None).counts.empty


def test_one_person_under_two_ids():
    people = pd.DataFrame({"id": ["a", "b"], "person": ["x", "x"]})
    card = bought(["2026-01-05", "2026-01-31"], FREQUENCY, who=["a", "b"], customers=people)
    assert card.interactions("p", "f")[["customer", "value"]].to_numpy().tolist() == [["x", 2]]


def test_nothing_had_begun():
    assert bought(["2026-01-05"], as_of="2025-12-31").counts.empty


def test_dated_limits_are_those_of_the_periods_end():
    criterion = "r: {measure: {recency: {within: 90 d}}, thresholds: [{until: 2026-01-31, green: '<= 90 d'}, {from: 2026-01-31, green: '<= 1 d'}]}"
    # the last day of January is in the second row, though the contact is not
    assert states(bought(["2026-01-05"], criterion, as_of="2026-02-01"), "r") == ["red"]
    assert card_time(bought(["2026-01-05"], criterion, as_of="2026-02-01")) == "2026-01-31T23:59:59+00:00"


def card_time(card: svclight.Scorecard) -> str:
    """The time at which a customer stands in the drill-down."""
    return card.interactions("p", "r")["time"].iloc[0].isoformat()


@pytest.mark.parametrize("period", ["month", "year"])
def test_customers_at_the_end_of_the_calendar(period):
    card = bought(["9999-12-30T23:59"], f"{RECENCY}\n{FREQUENCY}\n{SPEND}", as_of=None, period=period)
    assert total(card, "f") == {"yellow": 1}
    assert total(card, "s") == {"green": 1}


YOUNG = 'f: {measure: {frequency: {within: 31 d}}, green: ">= 2", yellow: ">= 1"}'


@pytest.mark.parametrize(
    ("first", "state"),
    [
        # March ends on 1 April, 0:00, and 31 days before is 1 March, 0:00: one of that instant is not younger
        ("2026-03-01T00:00", "yellow"),
        ("2026-03-01T00:00:01", "pending"),
        ("2026-03-30", "pending"),
    ],
)
def test_a_customer_younger_than_the_window_is_pending(first, state):
    card = bought([first], YOUNG, as_of="2026-04-01")
    assert states(card, "f") == [state]
    assert reasons(card, "f") == ["young" if state == "pending" else ""]


def test_young_customers_are_pending_whatever_they_bought():
    """Who is green already is pending as well, as is one whose amount is not known; recency is known at once."""
    criteria = f"{YOUNG}\n{SPEND.replace(', young: rated', '')}\n{RECENCY}\nw: {{measure: {{worst: [f, s, r]}}}}"
    card = bought(["2026-03-20", "2026-03-21", "2026-03-22"], criteria, who=["a", "a", "b"], paid=[5, 5, None])
    assert [states(card, name) for name in "fsw"] == [["pending"] * 2] * 3
    assert states(card, "r") == ["yellow", "green"]  # 11 and 10 days
    assert reasons(card, "w") == ["f: young"] * 2
    # no clock turns them: the month is not immature
    assert not card.periods["immature"].any()


def test_the_log_must_reach_back_a_whole_window():
    """At the end of a month one looks 31 days back; the log begins on 5 January."""
    bought_on = ["2026-01-05", "2026-02-10", "2026-03-31"]
    card = bought(bought_on, f"{FREQUENCY}\n{RECENCY}")
    partial = card.periods.set_index(["criterion", "period"])["partial"]
    # 31 January less 31 days is 1 January: January is partial anyway, as it does not begin with the log
    assert partial["f"].tolist() == [True, False, False]
    # a year back is before the log in every month
    assert partial["r"].tolist() == [True, True, True]
    assert card.periods.set_index(["criterion", "period"])["why"]["r"].tolist() == ["begins", "window", "window"]
    since = bought(bought_on, RECENCY, log=f"{LOG[:-1]}, since: 2025-02-28}}").periods
    # 365 days before 1 February 2026 is 1 February 2025, before 1 March 1 March 2025
    assert since["partial"].tolist() == [True, False, False]


def test_customers_stand_at_each_end_up_to_a_given_as_of():
    card = bought(["2026-01-05"], FREQUENCY, as_of="2026-04-01")
    found = card.interactions("p", "f")
    # one purchase, then two months without any: silent for the whole window
    assert list(zip(found["period"], found["value"], strict=True)) == [("2026-01", 1), ("2026-02", 0), ("2026-03", 0)]
    # the log ends on 5 January: whether it is whole after that is not known
    assert card.periods["why"].tolist() == ["begins", "ends", "ends"]


def test_two_hundred_criteria():
    criteria = "\n".join(
        f'r{days}: {{measure: {{recency: {{within: 90 d}}}}, green: "<= {days} d"}}' for days in range(200)
    )
    shares = bought(["2026-01-05"], criteria, as_of="2026-02-01").shares()
    # 27 days: red where fewer are green
    assert shares["green"].tolist() == [0] * 27 + [1] * 173


def looked_back_period_by_period(frame: pd.DataFrame, days: int) -> list[tuple[str, str, float, int, float]]:
    """Period, customer, seconds since the last contact, and how many contacts and how much in a window: a loop."""
    found = []
    for day in pd.date_range(frame["at"].min().normalize(), frame["at"].max().normalize()):
        end = day + pd.Timedelta(days=1)
        before = frame[frame["at"] < end]
        for who in [one for one in frame["who"].unique() if one in set(before["who"])]:  # as the log first names them
            mine = before[before["who"] == who].sort_values("at", kind="stable")
            window = mine[mine["at"] >= end - pd.Timedelta(days=days)]
            last = (end - mine["at"].iloc[-1]).total_seconds()
            found.append((str(day.date()), who, last, len(window), float(sum(window["paid"]))))
    return found


CONTACTS = st.lists(
    st.tuples(
        st.integers(0, 40 * 24),
        st.sampled_from("abc"),
        st.sampled_from([0.1, 0.7, 2.5, 1 / 3, -4.0, 1e17, 12345.678901]),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=10, deadline=None)
@given(contacts=CONTACTS, days=st.integers(1, 50), rows=st.sampled_from([1, 7, 1 << 18]))
def test_customers_of_many_periods_are_those_of_each_period(contacts, days, rows):
    """However many periods are looked at together, each is as if it were looked at alone."""
    table = pd.DataFrame(contacts, columns=["hour", "who", "paid"])
    frame = table.assign(at=pd.Timestamp("2026-01-01") + pd.to_timedelta(table["hour"], unit="h"), n=1)
    criteria = "\n".join(one.replace("31 d", f"{days} d") for one in (RECENCY, FREQUENCY, SPEND))
    as_of = frame["at"].max().normalize() + pd.Timedelta(days=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(customers, "PART", rows)
        card = score(frame[["at", "who", "paid", "n"]], criteria, LOG, period="day", as_of=as_of)
        found = [card.interactions("p", name) for name in "rfs"]
    expected = looked_back_period_by_period(frame, days)
    assert list(zip(found[0]["period"], found[0]["customer"], found[0]["value"], found[1]["value"], strict=True)) == [
        one[:4] for one in expected
    ]
    assert found[2]["value"].tolist() == pytest.approx([one[4] for one in expected], rel=1e-12, abs=1e-6)


def test_a_customer_at_every_day_of_forty_years_is_counted_in_few_logs(monkeypatch):
    """2 customers at 14,610 days are 29,219 rows (b came a day later): one log, not one for each day."""
    made = []
    gather = customers.Customers.gather
    monkeypatch.setattr(customers.Customers, "gather", lambda *args, **more: made.append(1) or gather(*args, **more))
    frame = pd.DataFrame({"at": pd.to_datetime(["1986-01-01", "1986-01-02", "2025-12-31"]), "who": ["a", "b", "a"]})
    card = score(frame.assign(paid=1.0, n=1), RECENCY, LOG, period="day", as_of="2026-01-01")
    assert (sum(made), int(card.counts["count"].sum())) == (1, 29_219)
