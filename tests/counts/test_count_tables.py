"""What was counted of a process: two parts of a log put together are the whole log, and the tables say what it says."""

import re
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import svclight
from svclight.counts.count_tables import (
    NO_PERIOD,
    Counts,
    Tallied,
    Tally,
    _alike,
    add_parts,
    bin_code,
    tables_of,
)
from svclight.counts.log_reach import Reach
from svclight.counts.outcome_codes import MANY_CELLS, MOST_CELLS
from svclight.counts.tidy_tables import KEYS, PERIODS, Words, build
from svclight.judging.counting import Counted
from svclight.judging.judge import Judge
from svclight.logs.logs_of_call import read_log, sources_of
from svclight.values import clocks

TEXT = """
svclight: 1
time_zone: {zone}
calendars: {{office: {{hours: {{mon-fri: "09:00-17:00"}}}}}}
processes:
  p:
    title: P
    log:
      time: at
      weight: k
      segments: [kind, team]
      exclude: [{{where: {{kind: test}}, reason: a test}}]
      fields:
        at: {{time: at}}
        end: {{time: end}}
        x: {{number: x, unit: s}}
        ok: {{flag: ok}}
        written: {{text: x}}
    criteria:
      value: {{measure: {{value: x}}, green: "<= 30 s", yellow: "<= 1 min", applies: {{kind: {{not: b}}}}, asked: {{ok: true}}}}
      band: {{measure: {{value: x}}, green: "20 s .. 40 s", yellow: "10 s .. 60 s"}}
      span: {{measure: {{duration: {{from: at, to: end}}}}, green: "<= 1 d", yellow: "<= 3 d", abandoned: {{where: {{kind: c}}, counts: red}}}}
      closed: {{measure: {{duration: {{from: at, to: end, calendar: office}}}}, green: "<= 8 h", yellow: "<= 40 h", time: end}}
      days: {{measure: {{duration: {{from: at, to: end, calendar: office}}}}, green: "<= 1 bd", yellow: "<= 9 bd"}}
      flag: {{measure: {{flag: ok}}, green: true}}
      all: {{measure: {{worst: [value, closed, flag]}}}}
      word: {{measure: {{category: written}}, green: ["5"], yellow: ["50"]}}
      words: {{measure: {{worst: [word]}}}}
"""
BERLIN = svclight.loads(TEXT.format(zone="Europe/Berlin"))
BY = ("kind", "team")
NOWHERE = Reach(
    "month",
    "UTC",
    None,
    given=False,
    first=None,
    last=None,
    since=None,
    open_days=None,
    days=lambda: np.zeros(0, dtype=np.int64),
)
"""How far a log without any anchor reaches."""
COLUMNS = {
    "counts": [*KEYS, *BY, "zone", "count"],
    "reasons": [*KEYS, *BY, "zone", "reason", "count"],
    "values": [*KEYS, "zone", "bin", "count"],
    "periods": list(PERIODS),
    "responses": [*KEYS, *BY, "asked", "answered"],
}
AS_OF = ("2026-02-14T12:00", "2026-03-31", "2026-04-02T10:00")

times = st.datetimes(min_value=pd.Timestamp("2026-01-20"), max_value=pd.Timestamp("2026-04-05")).map(
    lambda t: t.replace(microsecond=0).isoformat()
)
ends = st.sampled_from(["2026-01-31T23:59:59", "2026-02-01T00:00", "2026-02-28T10:00", "2026-03-29T02:30", "", "soon"])
rows = st.fixed_dictionaries(
    {
        "at": st.one_of(times, ends),
        "end": st.one_of(times, ends),
        "x": st.sampled_from(["", "abc", "-1", "30", "30.001", "60", "60.5", "10", "999"]),
        "ok": st.sampled_from(["yes", "no", "", "maybe"]),
        "kind": st.sampled_from(["a", "b", "c", "test", ""]),
        "team": st.sampled_from(["10", "9", ""]),
        "k": st.sampled_from(["0", "1", "1", "3"]),
    }
)


def tallied(frame: pd.DataFrame, as_of: str, definitions=BERLIN, *, by=BY, kind="month", given=True, matured=False):
    """What is counted of a log, as the pandas engine counts it."""
    log = read_log("p", sources_of(frame, definitions), definitions)
    seen = log.at(clocks.read_as_of(as_of, definitions.document.time_zone))
    return Counted.of(Judge.of(seen, by, kind, given_as_of=given, matured=matured)).process_counts()


def frames(found: Tallied, definitions=BERLIN) -> dict[str, pd.DataFrame]:
    tables, by = tables_of(found), found.segments
    kept = {
        name: [column for column in columns if column not in BY or column in by] for name, columns in COLUMNS.items()
    }
    return {name: build(tables[name], columns, definitions, by) for name, columns in kept.items()}


def same(first: Tallied, second: Tallied) -> None:
    mine, theirs = frames(first), frames(second)
    for name in COLUMNS:
        pd.testing.assert_frame_equal(mine[name], theirs[name], obj=name)


@given(
    st.lists(st.tuples(rows, st.booleans()), max_size=25),
    st.sampled_from(AS_OF),
    st.sampled_from(["month", "week", "day", "quarter"]),
    st.booleans(),
    st.booleans(),
)
def test_two_parts_counted_apart_are_the_whole(made, as_of, kind, is_given, matured):
    frame = pd.DataFrame([row for row, _ in made], columns=["at", "end", "x", "ok", "kind", "team", "k"], dtype=object)
    first = np.array([part for _, part in made], dtype=bool)
    options = {"kind": kind, "given": is_given, "matured": matured}
    whole, one, two = (tallied(part, as_of, **options) for part in (frame, frame[first], frame[~first]))
    same(add_parts(one, two), whole)
    same(add_parts(two, one), whole)


@given(st.lists(rows, min_size=1, max_size=12))
def test_the_tables_are_those_of_the_card(made):
    frame = pd.DataFrame(made, dtype=object)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.SvclightNotice)
        card = svclight.score(frame, BERLIN, by=BY, as_of=AS_OF[0], max_unread=1)
    for name, table in frames(tallied(frame, AS_OF[0])).items():
        pd.testing.assert_frame_equal(table, getattr(card, name))


def log_of(*at: str, **columns) -> pd.DataFrame:
    rest = {"end": "", "x": "30", "ok": "yes", "kind": "a", "team": "9", "k": "1"}
    return pd.DataFrame([{"at": one, **rest, **columns} for one in at], dtype=object)


def marks(found: Tallied, criterion: str = "value") -> list[tuple[str, bool, bool]]:
    table = frames(found)["periods"]
    mine = table[table["criterion"] == criterion]
    return list(mine[["period", "partial", "immature"]].itertuples(index=False, name=None))


def test_marks_are_those_of_both_parts():
    one, two = tallied(log_of("2026-02-01", "2026-02-03"), "2026-03-05"), tallied(log_of("2026-02-28"), "2026-03-05")
    assert marks(one) == [("2026-02", True, False)]
    assert marks(two) == [("2026-02", True, False)]
    assert marks(add_parts(one, two)) == [("2026-02", False, False)]  # from its first day to its last


def test_a_period_is_over_where_one_part_has_its_last_day():
    parts = (log_of("2026-02-01"), log_of("2026-02-28T10:00"))
    one, two = (tallied(part, "2026-02-28T10:00", given=False) for part in parts)
    assert marks(one) == [("2026-02", True, False)]
    assert marks(add_parts(one, two)) == [("2026-02", False, False)]
    one, two = (tallied(part, "2026-02-28T10:00") for part in parts)
    assert marks(add_parts(one, two)) == [("2026-02", True, False)]  # an as_of that was given ends nothing


def test_what_is_pending_in_both_parts_is_added_and_the_later_instant_stays():
    # as of Sunday, 1 March: open since Thursday and since Friday, 12:00; three days are over on Sunday and on Monday
    early, later = (log_of("2026-02-01", day, end="") for day in ("2026-02-26T12:00", "2026-02-27T12:00"))
    one, two = tallied(early, "2026-03-01"), tallied(later, "2026-03-01")
    table = frames(add_parts(one, two))["periods"].query("criterion == 'span'")
    assert table[["period", "immature", "pending"]].to_numpy().tolist() == [["2026-02", True, 2]]
    assert clocks.show_instant(int(table["certain"].item()) * 1000, "Europe/Berlin")[:16] == "2026-03-02T12:00"
    assert frames(one)["periods"].query("criterion == 'span'")["pending"].tolist() == [1]


def test_too_many_words_of_both_parts_share_one_reason():
    cells = [f"x{number}" for number in range(MOST_CELLS + 1)]
    half = len(cells) // 2

    def bad(some: list[str]) -> Tallied:
        return tallied(
            log_of("2026-02-03").merge(pd.DataFrame({"x": some}, dtype=object), how="cross", suffixes=("_", "")),
            AS_OF[1],
        )

    one, two = bad(cells[:half]), bad(cells[half:])
    apart, both = (frames(found)["reasons"].query("criterion == 'word'") for found in (one, add_parts(one, two)))
    assert len(apart) == half
    assert both[["reason", "count"]].values.tolist() == [[MANY_CELLS, MOST_CELLS + 1]]
    whole = bad(cells)
    same(add_parts(one, two), whole)
    of_worst = frames(whole)["reasons"].query("criterion == 'words'")  # it takes over the reasons of its parts
    assert of_worst[["reason", "count"]].values.tolist() == [[f"word: {MANY_CELLS}", MOST_CELLS + 1]]
    assert len(frames(add_parts(one, bad(cells[half:-1])))["reasons"].query("criterion == 'word'")) == MOST_CELLS


def test_counts_of_another_engine_give_tables():
    words = (Words(np.array([1, 0, 1]), ["", "a"]),)
    march = int(clocks.period_number("2026-03")[1])
    outcomes = Counts(np.array([march, NO_PERIOD, march]), words, np.array([0, 1, 1]), np.array([3, 2, 0]))
    values = Counts(np.array([march]), (), bin_code(np.array([2]), np.array([-7])), np.array([4]))
    tally = Tally(outcomes, (("red", ""), ("missing", "no value")), values=values)
    made = Tallied("p", ("kind",), "month", None, {"value": tally}, NOWHERE)
    found = frames(made)
    seen = found["counts"][found["counts"]["count"] > 0]
    assert seen[["period", "kind", "zone", "count"]].values.tolist() == [
        ["2026-03", "a", "red", 3],
        ["", "", "missing", 2],
    ]
    assert len(found["counts"]) == 2 * 7
    assert found["reasons"][["period", "kind", "zone", "reason", "count"]].values.tolist() == [
        ["", "", "missing", "no value", 2]
    ]
    assert found["values"][["period", "zone", "bin", "count"]].values.tolist() == [["2026-03", "red", -7, 4]]
    assert found["periods"][["period", "partial", "immature", "as_of"]].values.tolist() == [
        ["2026-03", True, False, -1],
        ["", False, False, -1],
    ]


def test_what_one_part_alone_has_stays():
    whole = tallied(log_of("2026-02-03", "2026-02-04"), AS_OF[1])
    some = replace(whole, criteria={name: tally for name, tally in whole.criteria.items() if name == "flag"})
    bare = replace(whole.criteria["value"], asked=None, values=None)
    assert add_parts(some, whole).criteria["value"] is whole.criteria["value"]
    twice = add_parts(replace(whole, criteria={"value": bare}), whole).criteria["value"]
    assert twice.outcomes.count.tolist() == [4]
    assert twice.asked is whole.criteria["value"].asked
    assert twice.values is whole.criteria["value"].values


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"process_id": "q"}, "the parts differ in process_id: 'p' and 'q'"),
        ({"segments": ("kind",)}, r"the parts differ in segments: \('kind', 'team'\) and \('kind',\)"),
        ({"kind": "day"}, "the parts differ in kind: 'month' and 'day'"),
        ({"as_of": 5}, re.escape("the parts differ in as_of: ") + "[0-9]+ and 5"),
    ],
)
def test_only_parts_of_one_process_are_added(change, message):
    made = tallied(log_of("2026-02-03"), AS_OF[1])
    with pytest.raises(ValueError, match=message):
        add_parts(made, replace(made, **change))


@given(st.lists(st.tuples(*[st.sampled_from([NO_PERIOD, -(1 << 60), -1, 0, 1, 1 << 60])] * 3), max_size=12))
def test_rows_that_are_alike_are_found_in_columns_of_any_width(made):
    columns = [np.array([row[place] for row in made], dtype=np.int64) for place in range(3)]
    places, number = _alike(columns)
    assert [made[place] for place in places] == list(dict.fromkeys(made))
    assert [made[places[one]] for one in number] == made
