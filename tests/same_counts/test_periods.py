"""Periods in every engine: over, partial, immature, empty, with rows whose anchor is a slip; the same table of periods."""

from __future__ import annotations

import warnings
from datetime import datetime

import pandas as pd
import pytest
from support.engines import ENGINES, Bench, Column, each, to_pandas

import svclight

pytestmark = pytest.mark.once

TEXT = """
svclight: 1
time_zone: Europe/Berlin
calendars: {{office: {{hours: {{mon-fri: "09:00-18:00"}}}}}}
processes:
  p:
    title: P
    log: {{id: id, time: at, fields: {{at: {{time: at}}, end: {{time: end}}, x: {{number: x}}, kind: {{text: kind}}}}{log}}}
    criteria:
      plain: {{measure: {{duration: {{from: at, to: end}}}}, green: "<= 1 d", yellow: "<= 3 d"}}
      dated: {{measure: {{delay: {{due: at, actual: end, by: date}}}}, green: "<= 0 d", yellow: "<= 4 d"}}
      office: {{measure: {{duration: {{from: at, to: end, calendar: office}}}}, green: "<= 1 bd", yellow: "<= 5 bd"}}
      apart: {{measure: {{duration: {{from: at, to: end}}}}, thresholds: [{{where: {{kind: a}}, green: "<= 9 d"}}, {{green: "<= 2 d"}}]}}
      more: {{measure: {{duration: {{from: at, to: end}}}}, green: ">= 6 d"}}
      left:
        measure: {{duration: {{from: at, to: end}}}}
        green: "<= 1 d"
        yellow: "<= 7 d"
        abandoned: {{where: {{kind: b}}, at: end, counts: {{excluded_within: 1 h}}}}
      known: {{measure: {{value: x}}, green: "<= 5"}}
      all: {{measure: {{worst: [plain, known, office]}}}}
"""
DAYS = [*pd.bdate_range("2026-03-02", "2026-04-17"), *pd.bdate_range("2026-05-04", "2026-05-14")]
SLIPS = ("1970-01-01 00:00:00", "1979-12-31 23:59:59", "2206-05-03 10:00:00")


def table(*, slips: bool) -> dict[str, Column]:
    """A row a weekday, but for a gap around the end of April; the last five are open."""
    at = [f"{day.date()} 12:00:00" for day in DAYS]
    end = [f"{day.date()} 13:30:00" for day in DAYS[:-5]] + [None] * 5
    if slips:
        at, end = [*SLIPS, *at], ["2026-03-02 10:00:00"] * len(SLIPS) + end
    return {
        "id": Column("text", [f"n{place}" for place in range(len(at))]),
        "at": Column("time", [datetime.fromisoformat(cell) for cell in at]),
        "end": Column("time", [None if cell is None else datetime.fromisoformat(cell) for cell in end]),
        "x": Column("number", [1.0] * len(at)),
        "kind": Column("text", ["ab"[place % 2] for place in range(len(at))]),
    }


@pytest.fixture(scope="module")
def bench():
    with Bench() as made:
        yield made


CALLS = {
    "taken on the next day": ("", "2026-05-15", False),
    "taken at the month's end": ("", "2026-06-01", False),
    "nobody says when": ("", None, False),
    "an office": (", calendar: office, since: 2026-03-02", "2026-05-15", False),
    "an office, seen late": (", calendar: office", "2026-08-01", False),
    "slips": ("", "2026-05-18", True),
}


@pytest.mark.parametrize("engine", each(ENGINES, "periods"))
@pytest.mark.parametrize("name", CALLS)
def test_every_engine_gives_the_same_periods(engine, name, bench):
    log, as_of, slips = CALLS[name]
    rows, definitions = table(slips=slips), svclight.loads(TEXT.format(log=log))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        options = {"as_of": as_of, "max_unread": 1.0} if slips else {"as_of": as_of}
        found = svclight.score({"p": engine.log(engine.sees(rows), bench)}, definitions, **options)
        expected = svclight.score({"p": to_pandas(engine.sees(rows))}, definitions, **options)
    pd.testing.assert_frame_equal(found.periods, expected.periods)
    pd.testing.assert_frame_equal(found.counts, expected.counts)
    if slips:
        there = found.counts.groupby("criterion", observed=True).apply(
            lambda one: one[one["period"] == ""]["count"].sum()
        )
        assert (there == len(SLIPS)).all()


def test_what_the_periods_say():
    """The last row is of Thursday, 14 May, 12:00; the log is seen on the 15th, and on 1 June."""
    definitions = svclight.loads(TEXT.format(log=""))
    rows = to_pandas(table(slips=False))
    early = svclight.score(rows, definitions, as_of="2026-05-15").periods
    assert early["why"].unique().tolist() == ["begins", "", "running"]
    # April: its last row is of the 17th, and the log goes on until May; nothing of it is open
    assert not early["immature"].any()
    # from 17 April to 4 May were 17 days: so long the log may be silent after the 14th, to the 31st
    late = svclight.score(rows, definitions, as_of="2026-06-01").periods
    assert late[late["period"] == "2026-05"]["why"].tolist() == [""] * 8
    # open since the 8th of May and later: what takes more than its limits is red, what is 6 days old is green
    assert not late["immature"].any()
