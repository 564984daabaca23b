"""Working time in engines: the same counts, reasons and notices as by the pandas engine, over calendars and zones."""

from __future__ import annotations

import random
import warnings
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from support.alike import Alike
from support.engines import ENGINES, Bench, Column, Engine, Table, to_pandas

import svclight
from svclight.definition.models import Calendar
from svclight.errors import SvclightNotice
from svclight.judging import working_time as calendars
from svclight.judging.working_time import DAY_UNITS, Slots, working_time
from svclight.thresholds import STATES
from svclight.values.clocks import DAY, day_number

pytestmark = pytest.mark.once

WEEK = "hours: {mon-fri: '09:00-18:00'}"
CALENDARS = {
    "lunch": "hours: {mon-fri: ['08:30-12:30', '13:15-17:00'], sat: '10:00-14:00'}",
    "night": "hours: {mon-thu: '22:00-06:00', fri: ['20:00-02:00', '07:15-12:00']}",
    "overlap": "hours: {mon-thu: '20:00-21:30', fri: '18:00-17:00', sat: '12:00-19:00'}",
    "holidays": f"{WEEK}, holidays: {{country: DE, subdivision: BY}}",
    "moved": f"{WEEK}, holidays: {{country: RU}}",
    "own days": f"{WEEK}, closed: [2026-03-16, 2026-10-26], open: {{2026-03-28: '23:00-04:00', 2026-10-25: '01:00-05:00'}}",
    "own zone": f"{WEEK}, time_zone: America/New_York",
    "minutes": "hours: {mon-fri: '09:07-17:52'}",
    "always": "hours: {mon-sun: '00:00-24:00'}",
    "never": "hours: {mon: '02:00-02:30'}, closed: [2026-03-02]",
}
ZONES = ("Europe/Berlin", "Asia/Kathmandu", "UTC")
moment = datetime.fromisoformat
CHANGES = (
    moment("2026-03-28T12:00"),
    moment("2026-10-24T12:00"),
    moment("2026-11-01T01:00"),
    moment("2026-01-01T00:00"),
)
BY_NAME = {engine.name: engine for engine in ENGINES}
POLARS, DUCKDB, PARQUET = (BY_NAME[name] for name in ("polars lazy", "duckdb", "parquet"))
QUICK = ("lunch", "night")
"""Calendars that DuckDB, too, is tried with in a quick run: the table that it looks times up in is tried with all."""
CASES = [
    pytest.param(
        engine,
        name,
        id=f"{engine}, {name}",
        marks=[] if engine is POLARS or name in QUICK else pytest.mark.slow,
    )
    for number, name in enumerate(CALENDARS)
    for engine in (POLARS, (DUCKDB, PARQUET)[number % 2])
]

DEFINITION = """
svclight: 1
time_zone: {zone}
calendars: {{office: {{{calendar}}}}}
processes:
  desk:
    title: Desk
    log:
      time: opened
      fields:
        opened: {{time: opened}}
        closed: {{time: closed}}
        due: {{time: due}}
        left: {{time: left, time_zone: America/New_York, clock_change: later}}
        waited: {{number: waited, unit: s}}
        gone: {{flag: gone}}
    criteria:
      hours: {{measure: {{duration: {{from: opened, to: closed, calendar: office}}}}, green: "<= 4 bh", yellow: "<= 9 bh"}}
      days: {{measure: {{duration: {{from: opened, to: closed, calendar: office}}}}, green: "<= 0.5 bd", yellow: "<= 1 bd"}}
      less:
        measure: {{duration: {{from: opened, to: closed, calendar: office, minus: waited}}}}
        green: "<= 4 bh"
      dates: {{measure: {{duration: {{from: opened, to: closed, calendar: office, by: date}}}}, green: "<= 1 bd", yellow: "<= 2 bd"}}
      shifts: {{measure: {{duration: {{from: opened, to: closed, calendar: office, by: date}}}}, green: "<= 18 bh"}}
      late: {{measure: {{delay: {{due: due, actual: closed, calendar: office}}}}, green: "<= 0 bh", yellow: "<= 9 bh"}}
      later: {{measure: {{delay: {{due: due, actual: closed, calendar: office, by: date}}}}, green: "<= 0 bd", yellow: "<= 1 bd"}}
      left:
        measure: {{duration: {{from: opened, to: closed, calendar: office}}}}
        abandoned: {{where: {{gone: true}}, at: left, counts: by_elapsed}}
        green: "<= 2 bh"
"""


@pytest.fixture(scope="module")
def bench():
    with Bench() as made:
        yield made


def definition(calendar: str, zone: str = ZONES[0]) -> str:
    return DEFINITION.format(zone=zone, calendar=calendar)


def whole_minute(rng: random.Random) -> datetime:
    """Near a change of a clock half of the time, else anywhere in the year; often on the half hour."""
    if rng.random() < 0.5:
        made = rng.choice(CHANGES) + timedelta(minutes=rng.randrange(3 * 24 * 60))
    else:
        made = moment("2026-01-01") + timedelta(minutes=rng.randrange(364 * 24 * 60))
    return made.replace(minute=rng.choice((0, 30))) if rng.random() < 0.3 else made


def drawn(seed: int, rows: int = 400) -> Table:
    """Cases with a local time, an instant and a date; some open, some backwards, some with a part of a second."""
    rng = random.Random(seed)  # noqa: S311 - rows are made up
    cells: dict[str, list[Any]] = {name: [] for name in ("opened", "closed", "due", "left", "gone", "waited")}
    for _ in range(rows):
        opened = whole_minute(rng)
        closed = opened + timedelta(minutes=rng.choice((0, 30, 60, 540, rng.randrange(-600, 9 * 24 * 60))))
        if rng.random() < 0.2:
            closed += timedelta(microseconds=rng.randrange(10**6))
        cells["opened"].append(None if rng.random() < 0.03 else opened)
        cells["closed"].append(None if rng.random() < 0.1 else closed.replace(tzinfo=UTC))
        cells["due"].append(None if rng.random() < 0.1 else (opened + timedelta(days=rng.randrange(4))).date())
        cells["left"].append(None if rng.random() < 0.2 else opened + timedelta(minutes=rng.randrange(900)))
        cells["gone"].append(rng.random() < 0.2)
        cells["waited"].append(None if rng.random() < 0.05 else rng.randrange(7200))
    kinds = {"opened": "time", "closed": "instant", "due": "date", "left": "time", "gone": "flag", "waited": "whole"}
    return {name: Column(kind, cells[name]) for name, kind in kinds.items()}


def score(log: Any, text: str, **options: Any) -> svclight.Scorecard:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return svclight.score(log, svclight.loads(text), **{"max_unread": 1, **options})


def compare(engine: Engine, table: Table, text: str, bench: Bench, **options: Any) -> svclight.Scorecard:
    """Scores a table by an engine and by pandas; the cards must be the same, and what is said of holidays."""
    log = engine.log(table, bench)
    found, expected = score(log, text, **options), score(to_pandas(engine.sees(table)), text, **options)
    Alike(engine).check(found, expected)
    said = {notice for notice in expected.provenance.notices if notice.startswith("calendar")}
    assert {notice for notice in found.provenance.notices if notice.startswith("calendar")} == said
    return found


@pytest.mark.parametrize(("engine", "name"), CASES)
def test_counts_and_reasons_are_those_of_pandas(engine, name, bench):
    number = list(CALENDARS).index(name)
    text = definition(CALENDARS[name], ZONES[number % len(ZONES)])
    card = compare(engine, drawn(number), text, bench, as_of="2026-11-20T10:00")
    assert set(card.counts["zone"]) <= set(STATES)
    assert len(set(card.reasons["reason"])) > 5  # not all rows are told alike


@pytest.mark.parametrize("engine", [POLARS, pytest.param(DUCKDB, marks=pytest.mark.slow)], ids=str)
def test_without_a_moment_the_newest_time_counts(engine, bench):
    compare(engine, drawn(41), definition(CALENDARS["lunch"]), bench)


def test_nothing_but_what_is_read_twice_leaves_the_engine(bench):
    card = score(DUCKDB.log(drawn(5), bench), definition(CALENDARS["lunch"], "UTC"), as_of="2026-11-20T10:00")
    assert not [notice for notice in card.provenance.notices if "brought" in notice]


def far_away() -> Table:
    """Cases around the years for which working time is told."""
    moments = [
        moment("1899-12-31T23:00"),
        moment("1900-01-01T00:00"),
        moment("2199-12-31T23:00"),
        moment("2200-01-01T12:00"),
    ]
    pairs = [(first, last) for first in [*moments, moment("2026-03-02T10:00")] for last in [*moments, None]]
    cells = {
        "opened": [first for first, _ in pairs],
        "closed": [None if last is None else last.replace(tzinfo=UTC) for _, last in pairs],
        "due": [date(2026, 3, 2)] * len(pairs),
        "left": [None] * len(pairs),
        "gone": [False] * len(pairs),
        "waited": [0] * len(pairs),
    }
    return {name: Column(drawn(0, 1)[name].kind, values) for name, values in cells.items()}


@pytest.mark.parametrize("as_of", ["2201-01-01", "2198-01-01"])
def test_times_outside_the_years_are_missing(as_of, bench):
    text = definition("hours: {mon-sun: '00:00-24:00'}", "UTC")  # slots of a day, so that three centuries are one table
    card = compare(POLARS, far_away(), text, bench, as_of=as_of)
    # the anchor `opened` of such a year places no row: it is read as a cell that cannot be read
    assert {"closed"} <= {
        reason.split()[0] for reason in card.reasons["reason"] if "lies outside the years 1900 to 2199" in reason
    }
    (brought,) = (notice for notice in card.provenance.notices if "brought" in notice)
    assert brought.split()[0] == str(int(card.unread.set_index("field").loc["opened", "unread"]))


def test_what_is_not_known_of_holidays_is_said(bench):
    card = compare(POLARS, drawn(2, 40), definition(CALENDARS["holidays"]), bench, as_of="2110-06-01")
    assert any("no public holidays of DE, BY are known for 2101 to 2110" in said for said in card.provenance.notices)


def test_a_table_that_would_be_too_large_is_not_made(bench, monkeypatch):
    monkeypatch.setattr(calendars, "_MOST_SLOTS", 100)
    card = compare(POLARS, drawn(3, 40), definition(CALENDARS["lunch"]), bench, as_of="2026-11-20")
    assert any(
        "40 rows were brought from Polars to pandas: the calendar office over so" in n for n in card.provenance.notices
    )


def test_an_engine_that_takes_no_tables_gives_its_rows_away(bench, monkeypatch):
    monkeypatch.setattr("svclight.dialects.polars.Polars.table", lambda *_: None)
    card = compare(POLARS, drawn(3, 40), definition(CALENDARS["lunch"]), bench, as_of="2026-11-20")
    assert any(
        "40 rows were brought from Polars to pandas: Polars takes no tables" in n for n in card.provenance.notices
    )


# the table itself


def looked_up(slots: Slots, ticks: np.ndarray) -> np.ndarray:
    """What a table says of instants, by numpy."""
    since = ticks - slots.begin
    cells = {name: column[since // slots.width] for name, column in slots.columns.items()}
    if not slots.layers:
        return cells["base"] * slots.per_second + cells["slope"] * since
    total = np.zeros(len(ticks), dtype=np.int64)
    for layer in range(slots.layers):
        part = (cells[f"done{layer}"] * slots.per_second + cells[f"runs{layer}"] * since) / (
            cells[f"length{layer}"] * slots.per_second
        )
        total += cells[f"before{layer}"] * DAY_UNITS + np.rint(part * DAY_UNITS).astype(np.int64)
    return total


@pytest.mark.parametrize("per_second", [1, 10**6, 10**9])
@pytest.mark.parametrize("name", CALENDARS)
@pytest.mark.parametrize("searched", [False, True])
def test_the_table_says_what_the_running_totals_say(name, per_second, searched, monkeypatch):
    calendar = svclight.loads(definition(CALENDARS[name])).document.calendars["office"]
    first, last = day_number(date(2026, 3, 1)), day_number(date(2026, 4, 30))
    with monkeypatch.context() as patched:
        if searched:
            patched.setattr(calendars, "_MOST_SLOTS", 0)
        made = working_time(calendar, "Europe/Berlin", first, last)
    rng = np.random.default_rng(1)
    ticks = rng.integers(first * DAY * per_second, (last + 1) * DAY * per_second, 5000)
    ticks[::2] -= ticks[::2] % (1800 * per_second)
    for in_days, total in ((False, made.time), (True, made.days)):
        slots = made.slots(first, last, per_second, in_days=in_days)
        assert (looked_up(slots, ticks) == total(ticks, per_second)).all()


def test_a_table_of_too_many_slots_is_none():
    made = working_time(Calendar.model_validate({"hours": {"mon": "09:07-10:00"}}), "UTC", 0, 5 * 366)
    assert made.slots(0, 4 * 365, 1, in_days=False) is None  # 4 * 365 * 1440 minutes = 2,102,400 of 2,097,152
    assert len(made.slots(0, 3 * 365, 1, in_days=False).columns["slot"]) == (3 * 365 + 1) * 1440
    always = working_time(Calendar.model_validate({"hours": {"mon-sun": "00:00-24:00"}}), "UTC", -25567, 84005)
    assert always.slots(-25567, 84005, 10**9, in_days=True) is None  # 300 years are more nanoseconds than int64 holds
    assert len(always.slots(-25567, 84005, 10**6, in_days=True).columns["slot"]) == 25567 + 84005 + 1


def test_half_a_unit_of_a_day_goes_to_the_even_one(bench):
    # 9 us of 8 h are 9 * 10**12 / (8 * 3600 * 10**6) = 312.5 units of 10**-12 days: 312, as numpy's rint has it
    opened, closed = moment("2026-03-02T09:00"), moment("2026-03-02T09:00:00.000009+00:00")
    table = {"opened": Column("time", [opened]), "closed": Column("instant", [closed])}
    text = """
svclight: 1
time_zone: UTC
calendars: {office: {hours: {mon-fri: "09:00-17:00"}}}
processes:
  desk:
    title: Desk
    log: {time: opened}
    criteria:
      days:
        measure: {duration: {from: opened, to: closed, calendar: office}}
        green: "<= 0.000000000312 bd"
"""
    for engine in (POLARS, DUCKDB):
        card = compare(engine, table, text, bench, as_of="2026-03-03")
        assert card.counts.query("zone == 'green'")["count"].tolist() == [1]
