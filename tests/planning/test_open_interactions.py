"""What is unfinished: its zone now, when it turns, the order of the list, its words; by every kind of clock."""

import datetime as dt

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import svclight
from svclight.errors import SvclightError

DESK = """
svclight: 1
time_zone: Europe/Berlin
calendars: {office: {hours: {mon-fri: "09:00-18:00"}}}
processes:
  desk:
    title: Help desk
    log:
      id: ticket
      time: opened
      customer: who
      segments: [team]
      fields: {opened: {time: opened}, solved: {time: solved}, due: {time: due}, left: {time: left}, x: {number: x}}
    criteria:
"""
OFFICE = 'c: {measure: {duration: {from: opened, to: solved, calendar: office}}, green: "<= 4 bh", yellow: "<= 8 bh"}'
PLAIN = 'c: {title: Solution, measure: {duration: {from: opened, to: solved}}, green: "<= 4 h", yellow: "<= 8 h"}'


def definitions(*criteria: str) -> svclight.Definitions:
    return svclight.loads(DESK + "".join(f"      {one}\n" for one in criteria))


def tickets(*opened: str, **more: object) -> pd.DataFrame:
    frame = pd.DataFrame({"ticket": range(1, len(opened) + 1), "opened": opened, "solved": "", "due": "", "left": ""})
    return frame.assign(**{"team": "a", "who": "ann", "x": 1, **more})


def listed(criteria: str | tuple[str, ...], *opened: str, as_of: str, **options: object) -> pd.DataFrame:
    more = {name: options.pop(name) for name in ("solved", "due", "left_at", "team") if name in options}
    more = {("left" if name == "left_at" else name): cells for name, cells in more.items()}
    known = definitions(*([criteria] if isinstance(criteria, str) else criteria))
    return svclight.open_interactions(tickets(*opened, **more), known, as_of=as_of, **options).table


def shown(table: pd.DataFrame, *names: str) -> list[list[object]]:
    return table[list(names)].values.tolist()


def test_time_left_by_the_clock_and_soonest_first():
    found = listed(PLAIN, "2026-03-02 09:00", "2026-03-02 05:30", "2026-03-02 01:00", as_of="2026-03-02 11:00")
    # opened 2 h ago: 4 h - 2 h = 2 h to yellow, 8 h - 2 h to red; 5.5 h ago: 8 h - 5.5 h to red; 10 h ago: red
    assert shown(found, "id", "zone", "turns", "left") == [
        ["1", "green", "yellow", 7200.0],
        ["2", "yellow", "red", 9000.0],
        ["3", "red", "", pytest.approx(float("nan"), nan_ok=True)],
    ]
    assert found["to_red"].iloc[0] == 6 * 3600
    assert str(found["yellow_at"].iloc[0]) == "2026-03-02 13:00:00+01:00"
    assert str(found["red_at"].iloc[1]) == "2026-03-02 13:30:00+01:00"
    assert found["yellow_at"].iloc[1] is pd.NaT


def test_working_time_where_a_calendar_is():
    # Friday 15:00: 1 h by 16:00, 2 h more until 18:00, the fourth on Monday 9:00 to 10:00, the eighth until 14:00
    (row,) = listed(OFFICE, "2026-03-06 15:00", as_of="2026-03-06 16:00").to_dict("records")
    assert (row["to_yellow"], row["to_red"], row["calendar"]) == (3 * 3600, 7 * 3600, "office")
    assert str(row["yellow_at"]) == "2026-03-09 10:00:00+01:00"
    assert str(row["red_at"]) == "2026-03-09 14:00:00+01:00"


def test_working_days_are_told_in_working_time():
    days = 'c: {measure: {duration: {from: opened, to: solved, calendar: office}}, green: "<= 1 bd"}'
    # of a day of 9 h: 3 h of Friday, so 6 h of Monday; without yellow it turns red
    (row,) = listed(days, "2026-03-06 15:00", as_of="2026-03-06 15:00").to_dict("records")
    assert (row["turns"], str(row["red_at"]), row["to_red"]) == ("red", "2026-03-09 15:00:00+01:00", 9 * 3600)
    assert row["yellow_at"] is pd.NaT


def test_a_promise_by_date_is_kept_until_its_day_ends():
    promise = 'c: {measure: {delay: {due: due, actual: solved, by: date}}, green: "<= 0 d", yellow: "<= 2 d"}'
    (row,) = listed(promise, "2026-03-01 09:00", due="2026-03-06 12:00", as_of="2026-03-06 16:00").to_dict("records")
    assert (row["zone"], str(row["turns_at"]), row["left"]) == ("green", "2026-03-07 00:00:00+01:00", 8 * 3600)
    assert str(row["red_at"]) == "2026-03-09 00:00:00+01:00"


def test_dates_by_a_calendar_turn_at_the_midnight_before_the_working_day():
    promise = 'c: {measure: {delay: {due: due, actual: solved, by: date, calendar: office}}, green: "<= 0 bd", yellow: "<= 1 bd"}'
    # due on Friday: Saturday and Sunday add no working day, Monday is the first, Tuesday the second
    (row,) = listed(promise, "2026-03-01 09:00", due="2026-03-06", as_of="2026-03-06 16:00").to_dict("records")
    assert str(row["yellow_at"]) == "2026-03-09 00:00:00+01:00"
    assert str(row["red_at"]) == "2026-03-10 00:00:00+01:00"
    assert row["to_yellow"] == 2 * 3600  # of Friday, 16:00 to 18:00


def test_what_is_finished_given_up_or_never_worse_is_not_listed():
    gone = f"{PLAIN[:-1]}, abandoned: {{where: {{team: lost}}, at: left, counts: red}}}}"
    found = listed(gone, *["2026-03-02 09:00"] * 3, as_of="2026-03-02 11:00", team=["a", "lost", "a"],
                   solved=["", "", "2026-03-02 10:00"], left_at=["", "2026-03-02 09:10", ""])  # fmt: skip
    assert found["id"].tolist() == ["1"]
    longer = 'c: {measure: {duration: {from: opened, to: solved}}, green: ">= 4 h"}'
    assert listed(longer, "2026-03-02 09:00", as_of="2026-03-02 11:00").empty
    band = 'c: {measure: {duration: {from: opened, to: solved}}, green: "3 h .. 7 h", yellow: "1 h .. 9 h"}'
    # half an hour: too short still, and not bad yet; 6.5 h until it is too long
    assert shown(listed(band, "2026-03-02 09:00", as_of="2026-03-02 09:30"), "zone", "left") == [["green", 23400.0]]


def test_limits_by_segment_and_ends_that_are_open():
    rows = (
        "c: {measure: {duration: {from: opened, to: solved}}, thresholds: "
        '[{where: {team: b}, green: "< 1 h"}, {green: "<= 4 h"}]}'
    )
    found = listed(rows, *["2026-03-02 09:00"] * 2, as_of="2026-03-02 09:30", team=["a", "b"], by="team")
    assert shown(found, "team", "turns", "left") == [["b", "red", 1800.0], ["a", "red", 12600.0]]
    at_end = listed(rows, *["2026-03-02 09:00"] * 2, as_of="2026-03-02 10:00", team=["a", "b"])
    assert shown(at_end, "id", "zone") == [["1", "green"], ["2", "red"]]  # < 1 h does not hold an hour


@pytest.mark.parametrize(
    ("left", "ids"), [("2 h", ["1"]), ("119 min", []), ("2.5 h", ["1", "2"]), ("0 s", []), ("4 bh", ["1", "2"])]
)
def test_only_what_turns_soon(left: str, ids: list[str]):
    opened = ("2026-03-02 09:00", "2026-03-02 05:30", "2026-03-02 01:00")
    assert listed(PLAIN, *opened, as_of="2026-03-02 11:00", left=left)["id"].tolist() == ids


def test_working_days_leave_out_what_has_no_calendar():
    both = (OFFICE.replace("c:", "d:"), PLAIN)
    made = svclight.open_interactions(
        tickets("2026-03-06 15:00"), definitions(*both), as_of="2026-03-06 16:00", left="1 bd"
    )
    assert made.table["criterion"].tolist() == ["d"]
    assert made.notes == ("Working days need a calendar; left out, as they have none: Solution.",)


@pytest.mark.parametrize("left", ["soon", "4 %", "-1 h", "4"])
def test_what_is_no_length_of_time_is_refused(left: str):
    with pytest.raises(SvclightError, match=f'left is no length of time; found "{left}"'):
        listed(PLAIN, "2026-03-02 09:00", as_of="2026-03-02 11:00", left=left)


def test_refusals_of_cards_criteria_and_languages():
    from svclight.planning.open_interactions import open_of_card

    card = svclight.score(tickets("2026-03-02 09:00"), definitions(PLAIN), as_of="2026-03-02 11:00")
    with pytest.raises(SvclightError, match="no way back to a log"):
        open_of_card(card.only("2026-03"))
    with pytest.raises(SvclightError, match="unknown language"):
        open_of_card(card, lang="de")
    with pytest.raises(SvclightError, match="no criterion has a clock"):
        listed('c: {measure: {value: x}, green: "<= 1"}', "2026-03-02 09:00", as_of="2026-03-02 11:00")


def test_words_in_both_languages():
    rows = tickets("2026-03-02 09:00", "2026-03-02 05:30", "2026-03-02 01:00")
    made = svclight.open_interactions(rows, definitions(PLAIN), as_of="2026-03-02 11:00", left="2 h")
    assert made.sentences == (
        (
            "Help desk, Solution: 3 unfinished (1 green, 1 yellow, 1 red); within 2 h 1 of them will turn; "
            "the next turns yellow in 2 h."
        ),
    )
    assert made.lines() == ("yellow in 2 h  Help desk, Solution  1  (now green)",)
    whole = svclight.open_interactions(rows, definitions(PLAIN), as_of="2026-03-02 11:00", lang="ru")
    assert whole.sentences == (
        ("Help desk, Solution: не закончено 3 (зелёных 1, жёлтых 1, красных 1); ближайшее станет жёлтым через 2 ч."),
    )
    assert whole.lines()[2] == "красный  Help desk, Solution  3"
    late = svclight.open_interactions(rows, definitions(PLAIN), as_of="2026-03-05 11:00")
    assert late.sentences == ("Help desk, Solution: 3 unfinished (0 green, 0 yellow, 3 red); none can turn any more.",)
    none = svclight.open_interactions(rows.assign(solved=rows["opened"]), definitions(PLAIN))
    assert (str(none), len(none.table)) == ("Nothing is unfinished.", 0)
    assert none.table.columns.tolist() == made.table.columns.tolist()


def test_ids_can_be_replaced_and_stand_in_no_sentence():
    rows = tickets("2026-03-02 09:00").assign(ticket=4711, who="Ann Archer")
    made = svclight.open_interactions(rows, definitions(PLAIN), as_of="2026-03-02 11:00", pseudonymise="secret")
    card = svclight.score(rows, definitions(PLAIN), as_of="2026-03-02 11:00")
    hidden = card.interactions(pseudonymise="secret")
    assert shown(made.table, "id", "customer") == shown(hidden, "id", "customer")
    assert "4711" not in str(made)
    assert "Archer" not in str(made)
    open_ids = svclight.open_interactions(rows, definitions(PLAIN), as_of="2026-03-02 11:00")
    assert "4711" not in " ".join(open_ids.sentences)


def test_weights_and_cases_of_events():
    known = svclight.loads(DESK.replace("id: ticket", "id: ticket, weight: x").replace(
        "log:\n      id: ticket, weight: x", "log:\n      id: ticket\n      weight: x") + f"      {PLAIN}\n")  # fmt: skip
    made = svclight.open_interactions(tickets("2026-03-02 09:00").assign(x=7), known, as_of="2026-03-02 11:00")
    assert made.table["weight"].tolist() == [7]
    assert "7 unfinished (7 green" in made.sentences[0]
    events = svclight.loads("""
svclight: 1
time_zone: UTC
processes:
  desk:
    title: Help desk
    log: {rows: events, id: case, step: what, time: at, steps: {taken: take, solved: solve}, ends: [solved]}
    criteria:
      solution: {measure: {duration: {from: start, to: solved}}, green: "<= 4 h", yellow: "<= 8 h"}
      taking: {measure: {duration: {from: start, to: taken}}, green: "<= 1 h"}
""")
    log = pd.DataFrame(
        {"case": ["a", "a", "b", "b"], "what": ["open", "take", "open", "solve"],
         "at": ["2026-03-02 09:00", "2026-03-02 09:30", "2026-03-02 09:00", "2026-03-02 10:00"]}
    )  # fmt: skip
    found = svclight.open_interactions(log, events, as_of="2026-03-02 11:00").table
    assert shown(found, "criterion", "id", "zone", "left") == [["solution", "a", "green", 7200.0]]


def test_a_log_in_an_engine_gives_the_same_list():
    rows = tickets("2026-03-02 09:00", "2026-03-02 05:30", "2026-03-02 01:00", "2026-03-02 10:00").assign(
        solved=["", "", "", "2026-03-02 10:30"]
    )
    relation = duckdb.sql("SELECT * FROM rows")
    both = [
        svclight.open_interactions(log, definitions(PLAIN, OFFICE.replace("c:", "d:")), as_of="2026-03-02 11:00").table
        for log in (rows, relation)
    ]
    keys = ["criterion", "id"]
    first, second = (one.sort_values(keys).reset_index(drop=True) for one in both)
    pd.testing.assert_frame_equal(first, second)


CLOCKS = {
    "elapsed": PLAIN,
    "working": OFFICE,
    "working days": 'c: {measure: {duration: {from: opened, to: solved, calendar: office}}, green: "<= 1 bd", yellow: "<= 2.5 bd"}',
    "dates": 'c: {measure: {duration: {from: opened, to: solved, by: date}}, green: "< 2 d", yellow: "<= 4 d"}',
}


@pytest.mark.parametrize("clock", CLOCKS)
@settings(max_examples=6, deadline=None)
@given(age=st.integers(0, 6 * 24 * 60), weekday=st.integers(0, 13))
def test_seen_later_it_has_turned_and_not_before(clock: str, age: int, weekday: int):
    """The second route: the same ticket seen from other moments, up to the one that the list foretells."""
    now = dt.datetime(2026, 3, 23 + weekday % 7, 11, 30) + dt.timedelta(weeks=weekday // 7)  # noqa: DTZ001 - local
    opened = now - dt.timedelta(minutes=age)

    def seen(moment: dt.datetime) -> dict[str, object]:
        return listed(CLOCKS[clock], f"{opened:%Y-%m-%d %H:%M}", as_of=moment.isoformat()).to_dict("records")[0]

    first = seen(now)
    if not first["turns"]:
        return
    turns = first["turns_at"].to_pydatetime()
    assert seen(turns - dt.timedelta(seconds=1))["zone"] == first["zone"]
    at = seen(turns)
    if clock != "dates":  # by instant the limit is reached, and left with the next tick of the clock
        assert (at["zone"], at["left"]) == (first["zone"], 0)
    later = seen(turns + dt.timedelta(days=3, minutes=1))
    assert ["green", "yellow", "red"].index(later["zone"]) > ["green", "yellow", "red"].index(first["zone"])
