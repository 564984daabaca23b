"""Logs as their definitions see them, mostly from the outside: a file or frame in, the states and reasons of its rows out."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.helpers import definition, reasons, score, states, total

import svclight
from svclight.definition import names_used
from svclight.errors import LogError, SvclightNotice
from svclight.logs.log import Log, in_parts
from svclight.reading.sources import Raw
from svclight.values.clocks import NAT

WAIT = 'c: {measure: {value: wait}, green: "<= 30 s", yellow: "<= 1 min"}'
LOG = "{time: at, fields: {at: {time: at}, wait: {number: wait, unit: s}}}"


def log_of(frame, log=LOG, criteria=WAIT, zone="Europe/Berlin") -> Log:
    return Log.of("p", definition(criteria, log, zone), Raw(frame))


def score_file(path, log=LOG, criteria=WAIT, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return svclight.score(path, definition(criteria, log, "Europe/Berlin"), **{"max_unread": 1, **options})


# --- what is read ---------------------------------------------------------------------------------------------------------

EVERYTHING = """
    id: [number, call]
    time: at
    begins: made
    customer: who
    weight: many
    segments: [kind, hour]
    repeated_ids: {keep: last, by: seen}
    exclude: [{where: {any: [{test: yes}, {not: {test: no}}]}, reason: a test}]
    fields:
      at: {time: [day, clock]}
      made: {time: created}
      due: {time: promised}
      done: {time: finished}
      left: {time: gone}
      pause: {number: on_hold, unit: s}
      hour: {part: hour, of: done}
      unused: {number: never}
"""
CRITERIA = """
a: {measure: {delay: {due: due, actual: done}}, applies: {open: "> 5"}, abandoned: {where: {lost: 1}, at: left, counts: by_elapsed}, green: "<= 1 h"}
b: {measure: {duration: {from: made, to: done, minus: [pause]}}, time: made, thresholds: [{where: {vip: true}, green: "<= 1 h"}, {green: "<= 2 h"}]}
"""


def test_the_names_that_a_process_uses():
    process = definition(CRITERIA, block(EVERYTHING)).processes["p"]
    assert list(names_used.raw_columns(process)) == [
        *("day", "clock", "created", "who", "many", "number", "call", "kind", "finished", "test", "seen"),
        *("promised", "open", "gone", "lost", "on_hold", "vip"),
    ]
    assert names_used.raw_columns(process)["day"] == ("log", "fields", "at")
    assert names_used.raw_columns(process)["kind"] == ("log", "segments")
    assert names_used.names_used(process)["vip"] == ("criteria", "b", "thresholds", 0, "where", "vip")
    assert names_used.due_fields(process) == {"due"}
    assert list(names_used.time_fields(process)) == ["at", "made", "due", "done", "left"]


def block(text: str) -> str:
    """A block of YAML as the value of `log:` four spaces deep."""
    return "\n" + "\n".join("  " + line for line in text.strip("\n").splitlines())


def test_a_heading_uses_nothing():
    heading = svclight.loads("svclight: 1\ntime_zone: UTC\nprocesses: {p: {title: P}}").processes["p"]
    assert names_used.names_used(heading) == {}
    assert names_used.raw_columns(heading) == {}
    assert names_used.time_fields(heading) == {}


def test_only_needed_columns_are_looked_at():
    frame = pd.DataFrame({"at": ["2026-01-31"], "wait": [10], "other": [object()]})
    assert states(score(frame, WAIT, LOG), "c") == ["green"]


def test_columns_are_typed_once():
    log = log_of(pd.DataFrame({"at": ["2026-01-31", "2026-02-01"], "wait": ["10", "x"], "vip": ["yes", "no"]}))
    assert log.numbers("wait") is log.numbers("wait")
    assert log.times("at") is log.at(5).times("at")
    assert len(log) == 2
    assert [len(rows) for rows in in_parts(log, 1)] == [1, 1]
    assert log.rows(0, 99).part == slice(0, 2)
    assert log.flags("vip").values.tolist() == [1, 0]
    assert log.rows().flags("vip").values.tolist() == [1, 0]
    assert (log.kind("wait"), log.kind("vip")) == ("number", None)


# --- dates with several readings ------------------------------------------------------------------------------------------


def test_a_date_with_several_readings_is_an_error(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text("at,wait\n2026-01-01,5\nsoon,5\n03/04/2026 10:15,5\n2026-01-02,5\n", encoding="utf-8")
    with pytest.raises(LogError) as caught:
        score_file(path)
    assert str(caught.value) == (
        'definition:6: processes.p.log.fields.at: the times of "at" are not ISO 8601 and have no `format`; '
        'found "03/04/2026 10:15" in calls.csv:4; expected a `format` at the field; it can be read as '
        '3 April 2026 (format: "%d/%m/%Y %H:%M") or 4 March 2026 (format: "%m/%d/%Y %H:%M")'
    )
    told = LOG.replace("time: at}", 'time: at, format: "%d/%m/%Y %H:%M"}', 1)
    assert total(score_file(path, told), "c") == {"green": 1, "missing": 3}


def test_a_date_of_a_column_that_is_no_field_shows_the_field_to_write():
    frame = pd.DataFrame({"made on": ["2012/10/09 14:50", "2012/10/10 09:00"], "wait": 5})
    said = (
        'expected a field with a `format`, fields: {at: {time: "made on", format: …}}, and `at` where the column is named now; '
        'it can be read as 9 October 2012 (format: "%Y/%m/%d %H:%M")'
    )
    with pytest.raises(LogError, match=re.escape(said)):
        score(frame, WAIT, "{time: made on, fields: {wait: {number: wait, unit: s}}}")


def test_a_date_of_a_frame_names_its_index():
    frame = pd.DataFrame({"at": ["soon", "1.2.2026"], "wait": 5}, index=["x", "y"])
    with pytest.raises(LogError, match='found "1.2.2026" in y; .* 1 February 2026 .* or 2 January 2026'):
        score(frame, WAIT, LOG)


def test_times_that_are_no_dates_are_missing():
    frame = pd.DataFrame({"at": ["2026-01-01", "0000-00-00", "soon", None, "now"], "wait": 5})
    card = score(frame, WAIT, LOG)
    assert reasons(card, "c") == [
        *("", 'at: "0000-00-00" is not a time', 'at: "soon" is not a time', "at is empty", 'at: "now" is not a time')
    ]


def test_many_unreadable_cells_are_looked_at_once():
    frame = pd.DataFrame({"at": ["2026-01-01", *["soon"] * 50_000], "wait": 5})
    assert total(score(frame, WAIT, LOG), "c") == {"green": 1, "missing": 50_000}


# --- cells that cannot be read --------------------------------------------------------------------------------------------


def test_a_cell_that_cannot_be_read_stands_in_the_reason():
    log = "{time: at, missing: ['?'], fields: {at: {time: at}, wait: {number: wait, unit: s, missing: ['-1']}, talk: {span: talk}, ok: {flag: ok}}}"
    frame = pd.DataFrame(
        {
            "at": "2026-01-31",
            "wait": ["10", "ten\n", "?", " ", "-1", "1e400", "-5"],
            "talk": ["0:00:05", "5", None, "0:0:5", "1:00:00", "?", "x" * 99],
            "ok": ["yes", "maybe", "?", "0", "TRUE", "", "n/a"],
        }
    )
    criteria = WAIT + '\nd: {measure: {value: talk}, green: "<= 1 min"}\ne: {measure: {flag: ok}, green: true}'
    card = score(frame, criteria, log)
    empty = "wait is empty"
    assert reasons(card, "c") == [
        "",
        'wait: "ten\\n" is not a number',
        empty,
        empty,
        empty,
        'wait: "1e400" is not a number',
        "wait is below 0",
    ]
    not_a_length = "is not a length of time like 1:02:03"
    assert reasons(card, "d") == [
        "",
        f'talk: "5" {not_a_length}',
        "talk is empty",
        f'talk: "0:0:5" {not_a_length}',
        "",
        "talk is empty",
        f'talk: "{"x" * 39}…" {not_a_length}',
    ]
    assert reasons(card, "e") == [
        "",
        'ok: "maybe" is not true or false',
        "ok is empty",
        "",
        "",
        "ok is empty",
        'ok: "n/a" is not true or false',
    ]
    assert states(card, "e") == ["green", "missing", "missing", "red", "green", "missing", "missing"]


def test_decimal_commas(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text("at;wait\n2026-01-01;29,5\n2026-01-01;30,5\n2026-01-01;30.5\n", encoding="utf-8")
    card = score_file(path, LOG.replace("{time: at,", '{time: at, read: {delimiter: ";", decimal: ","},', 1))
    assert states(card, "c") == ["green", "yellow", "missing"]


def test_sentinels_of_the_year_9999():
    log = "{time: at, fields: {at: {time: at}, end: {time: end}}}"
    frame = pd.DataFrame(
        {"at": ["2026-01-01 10:00", "2026-01-02 10:00"], "end": ["2026-01-01 10:05", "9999-12-31T23:59:59Z"]}
    )
    criteria = 'c: {measure: {duration: {from: at, to: end}}, green: "<= 10 min", yellow: "<= 1 h"}'
    for zone in ("Asia/Tokyo", "America/New_York", "UTC"):
        card = score(frame, criteria, log, zone, as_of="2026-01-02T10:30")
        assert states(card, "c") == ["green", "pending"]
        with pytest.raises(
            LogError, match="as_of is 9999-12-31T.*, the newest time in the log, .* correct it, or give as_of"
        ):
            score(frame, criteria, log, zone)


# --- weights --------------------------------------------------------------------------------------------------------------


def test_rows_with_another_weight_than_a_whole_number_are_rejected(tmp_path):
    log = LOG.replace("{time: at,", "{time: at, weight: n,", 1)
    cells = ["3", "0", "1.0", "1.5", "-1", "", "x", "1e16", None]
    frame = pd.DataFrame({"at": "2026-01-31", "wait": 10, "n": cells}, index=range(10, 19))
    card = score(frame, WAIT, log)
    assert total(card, "c") == {"green": 4}
    assert card.rejected["line"].tolist() == [4, 5, 6, 7, 8, 9]
    assert card.rejected["reason"].tolist() == [
        f'the weight "{cell or ""}" is no whole number of 0 or more' for cell in cells[3:]
    ]
    assert card.rejected["text"][0] == "at=2026-01-31, n=1.5, wait=10"
    path = tmp_path / "calls.csv"
    path.write_text("n,at,wait\n1,2026-01-31,5\n\n\u001b,2026-01-31," + "9" * 300 + "\n", encoding="utf-8")
    card = score_file(path, log)
    (row,) = card.rejected.itertuples(index=False)
    assert (row.file, row.line) == ("calls.csv", 4)
    assert "\\x1b" in row.text
    assert len(row.text) == 200


def test_weights_of_numbers():
    log = log_of(
        pd.DataFrame({"at": "2026-01-31", "wait": 1, "n": [1, 2]}),
        LOG.replace("{time: at,", "{time: at, weight: n,", 1),
    )
    assert log.rows(1, 2).weights().tolist() == [2]
    assert log_of(pd.DataFrame({"at": ["2026-01-31"], "wait": 1})).rows().weights() is None


# --- ids and joined columns -----------------------------------------------------------------------------------------------


def test_keys_and_uniqueness():
    log = "{time: at, id: number, missing: ['?'], fields: {at: {time: [day, clock]}, hour: {part: hour, of: at}, ok: {flag: ok}}}"
    frame = pd.DataFrame(
        {"day": "2026-01-31", "clock": ["10:00", "10:30", None], "number": [1, "1", "?"], "ok": ["yes", "TRUE", "no"]}
    )
    made = log_of(frame, log, "c: {measure: {flag: ok}, green: true}")
    assert made.keys("number").tolist() == [0, 0, -1]
    assert made.keys("hour").tolist() == [10, 10, -1]
    assert made.keys("ok").tolist() == [1, 1, 0]
    assert not made.is_unique("number")  # objects of several kinds may be written alike
    assert not made.is_unique("at")
    assert log_of(pd.DataFrame({"at": ["2026-01-31", "2026-02-01"], "wait": 1})).is_unique("at")


def test_a_time_in_two_columns():
    log = '{time: at, fields: {at: {time: [day, clock], format: "%y%m%d %H:%M"}, wait: {number: wait}}}'
    frame = pd.DataFrame({"day": [990131, 990131, 990131], "clock": ["9:05", None, "x"], "wait": 5})
    card = score(frame, 'c: {measure: {value: wait}, green: "<= 5"}', log)
    assert reasons(card, "c") == ["", "at is empty", 'at: "990131 x" is not a time']


def test_how_a_column_is_sorted():
    frame = pd.DataFrame(
        {"at": "2026-01-31", "wait": [1, 2], "n": ["1", "2"], "t": ["2026-01-31", "x"], "none": [None, None]}
    )
    log = log_of(frame)
    assert [log.sorts_as(name) for name in ("at", "wait", "n", "t", "none")] == [
        "time",
        "number",
        "number",
        "time",
        "time",
    ]


# --- parts of times -------------------------------------------------------------------------------------------------------


def words(texts) -> list:
    return [texts.words[code] if code >= 0 else None for code in texts.codes]


def test_parts_of_times_by_the_clock_of_the_document():
    log = "{time: at, fields: {at: {time: at}, h: {part: hour, of: at}, w: {part: weekday, of: at}, d: {part: date, of: at}, e: {time: end}, g: {part: hour, of: e}}}"
    frame = pd.DataFrame(
        {"end": "2026-01-31 07:30", "at": ["2026-01-31 23:30:00", "2026-01-31T23:30:00Z", None, "9999-12-31"]}
    )
    made = log_of(frame, log, 'c: {measure: {category: h}, green: ["1"]}')
    assert words(made.texts("h")) == ["23", "0", None, "0"]
    assert words(made.texts("g")) == ["7"] * 4
    assert words(made.texts("w")) == ["sat", "sun", None, "fri"]
    assert words(made.texts("d")) == ["2026-01-31", "2026-02-01", None, "9999-12-31"]
    assert len(made.texts("d").words) == 3  # not one for each day of eight thousand years
    nothing = log_of(frame.iloc[2:3], log, 'c: {measure: {category: h}, green: ["1"]}')
    assert words(nothing.texts("d")) == [None]


def test_flags_are_words_of_one_kind():
    log = "{time: at, segments: [vip], fields: {at: {time: at}, vip: {flag: vip}, wait: {number: wait, unit: s}}}"
    frame = pd.DataFrame({"at": "2026-01-31", "vip": ["yes", "TRUE", "0", "?", None], "wait": 1})
    assert words(log_of(frame, log).texts("vip")) == ["true", "true", "false", None, None]


# --- times as they stood at as_of -----------------------------------------------------------------------------------------


def rows_at(as_of: int | None, cells, more="", criteria=None, zone="Europe/Berlin"):
    log = f"{{time: at, fields: {{at: {{time: at}}, end: {{time: end{more}}}}}}}"
    frame = pd.DataFrame({"at": "2026-01-01", "end": cells})
    criteria = criteria or 'c: {measure: {duration: {from: at, to: end}}, green: "<= 1 h"}'
    return log_of(frame, log, criteria, zone).at(as_of).rows()


def instant(text: str) -> int:
    return pd.Timestamp(text).value


def test_a_time_after_as_of_has_not_happened():
    cells = [
        "2026-01-31 11:00",
        "2026-01-31 11:00:00.000001",
        "2026-01-31T10:00:00Z",
        "2026-01-31T10:00:01Z",
        "2026-01-01",
        None,
    ]
    rows = rows_at(instant("2026-01-31 10:00Z"), cells)  # 11:00 in Berlin
    assert (rows.times("end").ticks == NAT).tolist() == [False, True, False, True, False, True]
    assert rows.times("end") is rows.times("end")
    assert rows.future("end").tolist() == [False, True, False, True, False, False]
    for moment in (None, instant("2026-02-28")):
        assert rows_at(moment, cells).future("end") is None
    assert rows_at(instant("2026-01-31 10:00Z"), cells[:1]).future("end") is None


def test_a_promise_may_lie_in_the_future():
    criteria = 'c: {measure: {delay: {due: end, actual: at}}, green: "<= 1 h"}'
    assert rows_at(instant("2026-01-02"), ["2027-01-01"], "", criteria).future("end") is None


@pytest.mark.parametrize(("change", "hour"), [("earlier", 0), ("later", 1)])
def test_the_night_when_the_clock_changes(change, hour):
    for cell in ("2026-03-29 02:30", "2026-10-25 02:30"):
        ticks, per_second, unsure = rows_at(None, [cell], f", clock_change: {change}").instants("end")
        assert (ticks[0] * (10**9 // per_second), unsure) == (instant(cell) - (2 - hour) * 3600 * 10**9, None)
        _, _, unsure = rows_at(None, [cell, "2026-01-01", cell + "Z"]).instants("end")
        assert unsure.tolist() == [True, False, False]
        walls, _ = rows_at(None, [cell, cell + "Z"]).walls("end")
        assert walls[0] == instant(cell) // 1000  # it keeps the date that is written


def test_local_times_of_another_zone():
    cells = ["2026-01-31 20:00", "2026-01-31T20:00Z", "2026-10-25 12:30"]
    rows = rows_at(None, cells, ", time_zone: America/New_York", zone="Asia/Tokyo")
    walls, per_second = rows.walls("end")
    shown = [str(np.datetime64(int(wall) * 1_000_000 // per_second, "us"))[:16] for wall in walls]
    assert shown == ["2026-02-01T10:00", "2026-02-01T05:00", "2026-10-26T01:30"]
    unsure = rows_at(None, ["2026-11-01 01:30"], ", time_zone: America/New_York", zone="Asia/Tokyo")
    assert unsure.walls("end")[0][0] == instant("2026-11-01 01:30") // 1000


@given(
    st.lists(
        st.sampled_from(["2026-01-31 10:00", "2026-01-31T10:00+05:00", "2026-10-25 02:30", "", "x", "2026-07-01"]),
        min_size=1,
    )
)
def test_rows_of_mixed_offsets_one_by_one(cells):
    whole = rows_at(None, cells)
    for method in (whole.instants, whole.walls):
        ticks, *_ = method("end")
        for place, cell in enumerate(cells):
            (one, *_) = getattr(rows_at(None, [cell]), method.__name__)("end")
            assert ticks[place] == one[0]
    assert whole.instants("end", np.array([0]))[0].tolist() == whole.instants("end")[0][:1].tolist()


@pytest.mark.parametrize("dtype", ["object", "category", "string"])
def test_a_card_does_not_depend_on_the_dtype_of_texts(dtype):
    frame = pd.DataFrame({"at": ["2026-01-31", "2026-02-01T10:00Z", "", None], "wait": ["10", "50", "x", "70"]})
    card = score(frame.astype(dtype), WAIT, LOG)
    expected = score(frame, WAIT, LOG)
    pd.testing.assert_frame_equal(card.counts, expected.counts)
    pd.testing.assert_frame_equal(card.reasons, expected.reasons)
