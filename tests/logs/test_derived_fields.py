"""Fields that are made of others, conditions on parts of texts, words in their normal form: alike in every engine."""

from __future__ import annotations

import unicodedata
import warnings

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.engines import ENGINES, Bench, Column, Table, each, to_pandas
from support.helpers import definition, reasons, score, states, total, zones_of

import svclight
from svclight.errors import DefinitionError, LogError

GROUP = "derived fields"


@pytest.fixture(scope="module")
def bench():
    with Bench() as made:
        yield made


def counts_in(engine, bench, table: Table, definitions, **options) -> dict[tuple[object, ...], int]:
    """The counts of a table in an engine, and the reasons."""
    given_log = engine.log(table, bench)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        card = svclight.score({"p": given_log}, definitions, as_of="2026-02-01", **options)
    rows = [*card.counts.astype(str).itertuples(index=False), *card.reasons.astype(str).itertuples(index=False)]
    return {tuple(row): 1 for row in rows}


CRITERIA = """total: {measure: {value: both}, green: "<= 30 s", yellow: "<= 60 s"}
gap: {measure: {value: gap}, scale: [-100, 100], green: "<= 0 s"}
late: {measure: {delay: {due: a, actual: b}}, green: "<= 0 s", yellow: "<= 5 s"}
vip: {measure: {flag: vip}, green: true}
noted: {measure: {flag: noted}, green: true}
some: {measure: {value: a}, applies: {any: [{tag: "gold  x"}, {tag: {starts: vi}}, {note: {contains: é}}]}, green: "<= 9 s"}
ends: {measure: {value: a}, applies: {not: {tag: {ends: [b, "3"]}}}, green: "<= 9 s"}"""
LOG = (
    "{id: id, time: at, segments: [vip, noted, tag], missing: [нет], fields: {at: {time: at}, tag: {text: tag}, "
    "a: {number: a, unit: s}, b: {number: b, unit: s}, both: {sum: [a, b], empty: 0}, gap: {difference: [a, b]}, "
    "vip: {when: {tag: {word: vip}}}, noted: {filled: note}}}"
)
TEXTS: Table = {
    "id": Column("text", [str(number) for number in range(10)]),
    "at": Column("text", [f"2026-01-{day:02}" for day in range(1, 11)]),
    "a": Column("text", ["10", None, "x", "20", "40", "5", "1e1", "7", "8", "9"]),
    "b": Column("text", ["5", "7", "1", "", None, "9", "3", "45 s", "1", "2"]),
    "tag": Column("text", ["vip", "a, vip ", "VIP", "gold  x", "gold\u00a0 x", " vip", "vipx;b", "a|vip", "b 3", None]),
    "note": Column("text", ["café", "cafe\u0301", "", " ", None, "x", "é", "y", "нет", "не\u0442"]),
}


@pytest.mark.parametrize("engine", each(ENGINES, GROUP, quick=()))
def test_every_engine_counts_alike(engine, bench):
    expected = counts_in(ENGINES[0], bench, engine.sees(TEXTS), definition(CRITERIA, LOG), by=["vip", "noted", "tag"])
    assert counts_in(engine, bench, TEXTS, definition(CRITERIA, LOG), by=["vip", "noted", "tag"]) == expected


def test_each_row_by_hand():
    card = score(to_pandas(TEXTS), CRITERIA, LOG, as_of="2026-02-01")
    # both: 10+5, 0+7, unread, 20+0, 40+0, 5+9, 10+3, 7+45, 8+1, 9+2
    green, yellow = "green", "yellow"
    assert states(card, "total") == [green, green, "missing", green, yellow, green, green, yellow, green, green]
    assert reasons(card, "total")[2] == 'a: "x" is not a number'
    # gap: 5, b 7 without a, unread, a without b, a without b, -4, 7, -38, 7, 7
    assert states(card, "gap") == ["red", *["missing"] * 4, green, "red", green, "red", "red"]
    assert reasons(card, "gap")[1:5] == ["a is empty", 'a: "x" is not a number', "b is empty", "b is empty"]
    # late: b - a = -5, no promise, unread, missing, missing, 4, -7, 38, -7, -7
    late = [green, "not_applicable", "missing", "missing", "missing", yellow, green, "red", green, green]
    assert states(card, "late") == late
    assert [states(card, "vip")[row] for row in (0, 1, 2, 5, 6, 7, 9)] == [
        green,
        green,
        "red",
        green,
        "red",
        green,
        "red",
    ]
    # noted: blanks, null and the token нет are no note
    assert states(card, "noted") == [green, green, "red", "red", "red", green, green, green, "red", "red"]
    assert states(card, "some") == [
        "red",
        "missing",
        *["not_applicable"] * 1,
        "red",
        "red",
        green,
        "red",
        *["not_applicable"] * 3,
    ]


numbers = st.one_of(st.none(), st.integers(-1000, 1000), st.floats(-1000, 1000))


@settings(max_examples=50)
@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=6))
def test_sums_and_differences_agree_with_pandas(rows):
    frame = pd.DataFrame(rows, columns=["a", "b", "c"], dtype="float64").assign(at="2026-01-05", k=range(len(rows)))
    fields = "at: {time: at}, a: {number: a}, b: {number: b}, c: {number: c}"
    log = (
        f"{{id: k, time: at, fields: {{{fields}, all: {{sum: [a, b, c]}}, less: {{difference: [a, b, c], empty: 0}}}}}}"
    )
    card = score(
        frame, 'all: {measure: {value: all}, green: "<= 0"}\nless: {measure: {value: less}, green: "<= 0"}', log
    )
    expected = {
        "all": frame["a"] + frame["b"] + frame["c"],
        "less": frame["a"].fillna(0) - frame["b"].fillna(0) - frame["c"].fillna(0),
    }
    for name, values in expected.items():
        found = card.interactions("p", name)["value"]
        pd.testing.assert_series_equal(found, values, check_names=False, check_index=False)


def test_negative_lengths_of_time_by_scale():
    # early by 36 minutes is a value where the scale says so; without it 2 of 3 are missing
    log = "{time: at, fields: {at: {time: at}, x: {number: x, unit: min}}}"
    assert zones_of([-36, 16, -200], '{measure: {value: x}, green: "<= 15 min"}', log) == ["missing", "red", "missing"]
    scaled = '{measure: {value: x}, scale: [-120, 2000], green: "<= 15 min"}'
    assert zones_of([-36, 16, -200], scaled, log) == ["green", "red", "missing"]


def test_what_is_taken_off_is_never_below_0():
    # 60 min less a hold of -30 min would be 90 min of an hour
    frame = [{"at": "2026-01-05 09:00", "done": "2026-01-05 10:00", "hold": hold} for hold in (-30, 0, 10)]
    log = "{time: at, fields: {at: {time: at}, done: {time: done}, hold: {number: hold, unit: min}}}"
    card = score(frame, 'n: {measure: {duration: {from: at, to: done, minus: [hold]}}, green: "<= 55 min"}', log)
    assert states(card, "n") == ["missing", "red", "green"]
    assert reasons(card, "n")[0] == "hold is below 0"


def test_half_precision_is_computed_in_doubles():
    # 40,000 + 40,000 is infinite in half precision
    frame = pd.DataFrame({"at": ["2026-01-05"], "x": pd.Series([40_000], dtype="float16"), "y": [0.0]}).assign(
        y=pd.Series([40_000], dtype="float16")
    )
    log = "{time: at, fields: {at: {time: at}, x: {number: x}, y: {number: y}, z: {sum: [x, y]}}}"
    card = score(frame, 'z: {measure: {value: z}, green: ">= 79000 .. 81000"}'.replace(">= ", ""), log)
    assert states(card, "z") == ["green"]


def test_a_share_of_1_has_limits_in_percent():
    log = "{time: at, fields: {at: {time: at}, x: {number: x, unit: share}}}"
    assert zones_of([0.8, 0.79, 1], '{measure: {value: x}, green: ">= 80 %"}', log) == ["green", "red", "green"]
    assert zones_of([0.8, 0.79, 1], '{measure: {value: x}, green: ">= 0.8"}', log) == ["green", "red", "green"]


# --- words -------------------------------------------------------------------------------------------------------------

WORDS = ("café", "vip gold", "Ärger", "é", "a")


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6),
    st.sampled_from(["NFC", "NFD"]),
    st.sampled_from(["NFC", "NFD"]),
)
def test_definitions_and_cells_in_any_normal_form_give_the_same_counts(cells, form, of_cells):
    criteria = (
        'c: {measure: {category: word}, green: [café, "vip gold"], yellow: [Ärger], red: [é]}\n'
        'd: {measure: {value: x}, applies: {any: [{word: {contains: é}}, {word: {is: Ärger}}]}, green: "<= 1"}'
    )
    log = "{time: at, fields: {at: {time: at}, word: {text: wörd}, x: {number: x}}, missing: [a]}"
    plain = pd.DataFrame({"at": "2026-01-05", "wörd": cells, "x": 1})
    other = plain.assign(
        wörd=[f" {unicodedata.normalize(of_cells, cell)}\u00a0".replace("p g", "p\u00a0g") for cell in cells]
    )
    other.columns = [unicodedata.normalize(of_cells, name) for name in other.columns]
    expected = score(plain, criteria, log)
    found = score(other, unicodedata.normalize(form, criteria), unicodedata.normalize(form, log))
    for name in ("c", "d"):
        assert total(found, name) == total(expected, name)


def test_ids_and_customers_stand_as_they_are():
    frame = [{"id": "a", "at": "2026-01-05", "who": "x"}, {"id": "a ", "at": "2026-01-06", "who": "x "}]
    log = "{id: id, time: at, customer: who}"
    card = score(
        frame, 'r: {measure: {repeat: {within: 7 d, same: [customer]}}, green: "<= 0"}', log, as_of="2026-03-01"
    )
    assert total(card, "r") == {"green": 2}  # two ids, two customers
    rows = card.interactions("p", "r")
    assert rows["id"].tolist() == ["a", "a "]


# --- event logs --------------------------------------------------------------------------------------------------------

EVENTS: Table = {
    "case": Column("text", ["1", "1", "1", "2", "2", "3", "3", "3"]),
    "at": Column("text", [f"2026-01-05 10:0{minute}" for minute in range(8)]),
    "event": Column("text", ["ENTER", "RING", "DONE", "ENTER", "GONE", "RING", "ENTER", "ENTER"]),
    "data": Column("text", ["+49 1", "x", "", "+49 2", "7", "y", None, "+49 3"]),
    "n": Column("text", ["1", "2", "4", "8", None, "16", "32", "64"]),
}
AT_STEP = definition(
    """caller: {measure: {category: caller}, green: ["+49 1"], yellow: ["+49 2"], red: ["+49 3"]}
last: {measure: {category: last_caller}, green: ["+49 1"], yellow: ["+49 2"], red: ["+49 3"]}
total: {measure: {value: total}, green: "<= 9", yellow: "<= 80"}
known: {measure: {flag: known}, green: true}
noted: {measure: {flag: noted}, green: true}
began: {measure: {flag: began}, green: true}""",
    "{rows: events, id: case, time: at, step: event, steps: {entered: [ENTER], done: {where: {event: {starts: DO}}}}, "
    "segments: [hour], fields: {at: {time: at}, event: {text: event}, caller: {text: data, at: entered}, "
    "last_caller: {text: data, at: {last: entered}}, n: {number: n}, m: {number: n, at: entered}, "
    "total: {sum: [n, m], empty: 0}, known: {filled: data, at: entered}, noted: {filled: data}, "
    "hour: {part: hour, of: at}, began: {when: {event: ENTER}, at: start}}}",
)


def test_the_cell_at_a_step_by_hand():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        card = svclight.score({"p": to_pandas(EVENTS)}, AT_STEP, as_of="2026-02-01")
    # the first ENTER of case 3 has no caller, its last one has; case 1 and 2 enter once
    assert states(card, "caller") == ["green", "yellow", "missing"]
    assert states(card, "last") == ["green", "yellow", "red"]
    # last known n + n at the first ENTER: 4 + 1, 8 + 8, 64 + 32
    assert card.interactions("p", "total")["value"].tolist() == [5, 16, 96]
    assert states(card, "known") == ["green", "green", "red"]
    assert states(card, "noted") == ["green"] * 3
    assert states(card, "began") == ["green", "green", "red"]  # case 3 begins with RING


@pytest.mark.parametrize("engine", each(ENGINES, GROUP, quick=()))
def test_the_cell_at_a_step_in_every_engine(engine, bench):
    expected = counts_in(ENGINES[0], bench, engine.sees(EVENTS), AT_STEP, by=["hour"])
    assert counts_in(engine, bench, EVENTS, AT_STEP, by=["hour"]) == expected


# --- what is refused ---------------------------------------------------------------------------------------------------

VALUE = 'c: {measure: {value: x}, green: "<= 1"}'
HEAD = "at: {time: at}, x: {number: x}"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            'at: {time: at, format: "%m/%d/%Y %H:%M:%S %p"}, x: {number: x}',
            r"%H with %p would take 02:36 PM for 02:36.*%I with %p",
        ),
        ('at: {time: at, format: "%m/%d/%Y %M %p"}, x: {number: x}', "%p without %I"),
        ('at: {time: at, format: "%m/%d/%Y %I:%M"}, x: {number: x}', r'%I without %p.*did you mean "%m/%d/%Y %H:%M"'),
        ('at: {time: at, format: ["%d.%m.%Y", "%H:%M"]}, x: {number: x}', "this format has no date"),
        ('at: {time: at, format: ["%d.%m.%Y", "%d.%m.%Y"]}, x: {number: x}', 'the format "%d.%m.%Y" stands twice'),
        (
            'at: {time: at, format: "%d.%m.%Y", zones: {MSK: "+03:00"}}, x: {number: x}',
            "`zones` are for formats with %Z",
        ),
        ('at: {time: at, format: "%d.%m.%Y %Z", zones: {MSK: east}}, x: {number: x}', "this is no distance from UTC"),
        ("at: {time: at}, x: {span: x, format: mm}", "this is no format of a length of time"),
        (f"{HEAD}, y: {{sum: [x, z]}}", 'unknown field; found "z"'),
        (f"{HEAD}, y: {{sum: [x, at]}}", '"at" is a field of time'),
        (f"{HEAD}, z: {{number: z, unit: s}}, y: {{sum: [x, z]}}", "different units; found x: none, z: s"),
        (f"{HEAD}, y: {{difference: [x]}}", "a difference has at least two fields"),
        (f"{HEAD}, y: {{sum: [x, z]}}, z: {{sum: [y]}}", "a field is made of itself"),
        (f"{HEAD}, y: {{when: {{y: true}}}}", "a field is made of itself"),
        (f"{HEAD}, y: {{number: y, empty: 0}}", "`empty` belongs to fields of sum or difference"),
        (f"{HEAD}, y: {{number: y, averaged: true}}", "a mean of one interaction is its value"),
        (f"{HEAD}, y: {{text: y, at: entered}}", "`at` names a step of an event log"),
        (
            f"{HEAD}, y: {{when: {{x: {{contains: a}}}}}}",
            '"x" is a field of number; expected a field of text for `contains`',
        ),
        (f"{HEAD}, y: {{when: {{z: {{word: a b}}}}}}", "this is more than one word"),
        (f"{HEAD}, y: {{when: {{z: {{starts: ''}}}}}}", "`starts` looks for a text"),
        (f"{HEAD}, y: {{number: y, max_unread: 5}}", r"this is no share.*did you mean 5 %"),
        (f"{HEAD}, y: {{number: y, max_unread: 101 %}}", "there is no such share"),
    ],
)
def test_fields_that_are_refused(fields, said):
    with pytest.raises(DefinitionError, match=f"(?s){said}"):
        definition(VALUE, f"{{time: at, fields: {{{fields}}}}}")


@pytest.mark.parametrize(
    ("criterion", "said"),
    [
        (
            '{measure: {delay: {due: a, actual: b}}, green: "<= 0"}',
            "the two numbers have different units; found s and no unit",
        ),
        ('{measure: {delay: {due: a, actual: at}}, green: "<= 0"}', '"at" is a field of time'),
        ('{measure: {delay: {due: a, actual: a, by: date}}, green: "<= 0"}', "`by` is for times"),
        ('{measure: {checklist: {items: {f: 1}}}, scale: [0, 100], green: ">= 80"}', "this scale can exclude nothing"),
    ],
)
def test_criteria_that_are_refused(criterion, said):
    log = "{time: at, fields: {at: {time: at}, a: {number: a, unit: s}, b: {number: b}, f: {flag: f}}}"
    with pytest.raises(DefinitionError, match=said):
        definition(f"c: {criterion}", log)


def test_a_field_of_a_case_cannot_be_asked_of_an_event():
    log = (
        "{rows: events, id: case, time: at, step: event, steps: {entered: ENTER, other: {where: {caller: x}}}, "
        "fields: {at: {time: at}, caller: {text: data, at: entered}}}"
    )
    with pytest.raises(DefinitionError, match='"caller" is the cell at a step of the case, and here events are asked'):
        definition('c: {measure: {count: {step: entered}}, green: "<= 1"}', log)
    with pytest.raises(DefinitionError, match='unknown step; found "enterd".*did you mean "entered"'):
        definition('c: {measure: {count: {step: entered}}, green: "<= 1"}', log.replace("at: entered}", "at: enterd}"))


def test_thousands_and_decimal_are_two_signs():
    with pytest.raises(DefinitionError, match="this is the decimal mark already"):
        definition(VALUE, '{time: at, read: {decimal: ",", thousands: ","}}')
    with pytest.raises(DefinitionError, match="this is no sign of thousands"):
        definition(VALUE, '{time: at, read: {thousands: "_"}}')


# --- what cannot be read -----------------------------------------------------------------------------------------------


def test_lengths_of_time_of_two_parts_are_an_error_with_both_readings():
    log = "{time: at, fields: {at: {time: at}, x: {span: x}}}"
    with pytest.raises(LogError, match=r'"00:03" in 1.*3 min \(format: "h:mm"\) or 3 s \(format: "m:ss"\)'):
        zones_of(["1:00:00", "00:03"], '{measure: {value: x}, green: "<= 1 min"}', log)
    with_format = log.replace("span: x", 'span: x, format: "h:mm"')
    assert zones_of(["0:00:30", "00:03"], '{measure: {value: x}, green: "<= 1 min"}', with_format) == ["green", "red"]


def test_two_formats_that_read_a_cell_differently_are_an_error():
    log = '{time: at, fields: {at: {time: at, format: ["%d/%m/%Y", "%m/%d/%Y"]}, x: {number: x}}}'
    frame = pd.DataFrame({"at": ["01/02/2026", "03/04/2026"], "x": 1})
    said = r'"01/02/2026" in 0.*1 February 2026 \(format: "%d/%m/%Y"\) or 2 January 2026 \(format: "%m/%d/%Y"\)'
    with pytest.raises(LogError, match=said):
        score(frame, VALUE, log)
    frame = pd.DataFrame({"at": ["01/13/2026", "03/04/2026"], "x": 1})
    card = score(frame, VALUE, log)  # only month first reads both: January and March
    assert card.counts.reset_index()["period"].astype(str).unique().tolist() == ["2026-01", "2026-03"]


def test_an_hour_that_is_compared_is_read_from_its_time():
    log = "{time: at, fields: {at: {time: at}, x: {number: x}, hour: {part: hour, of: at}, late: {when: {hour: '>= 12'}}}}"
    frame = [{"at": "2026-01-05 13:00", "x": 1}, {"at": "2026-01-05 09:00", "x": 1}]
    card = score(frame, "c: {measure: {flag: late}, green: true}", log)
    assert states(card, "c") == ["green", "red"]
