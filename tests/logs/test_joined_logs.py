"""Fields of another log: which row belongs to which, and what is said where that cannot be told."""

import warnings

import pandas as pd
import pytest
from support.helpers import definition, reasons, states

import svclight
from svclight.errors import SvclightNotice

STARS = 'c: {measure: {value: survey.stars}, green: ">= 4"}'
CALLS = pd.DataFrame({"at": ["2026-01-15"] * 3, "id": ["1", "2", "3"], "line": ["a", "a", "b"]})
ANSWERS = pd.DataFrame(
    {
        "call": ["1", "2", "2", None],
        "line": ["a", "a", "b", "b"],
        "stars": ["5", "1", "4", "3"],
        "back": ["2026-01-16", "2026-01-17", "2026-01-20", "2026-01-16"],
    }
)


def log(join: str = "keep: last", on: str = "{id: call}", more: str = "") -> str:
    """A log that joins a survey."""
    fields = "stars: {number: stars}, back: {time: back}, day: {part: weekday, of: back}, place: {text: line}"
    return f"{{time: at, {more} join: {{survey: {{on: {on}, {join}, fields: {{{fields}}}}}}}}}".replace(", ,", ",")


def joined(calls, survey, criteria: str = STARS, spec: str | None = None, **options) -> svclight.Scorecard:
    """The card of calls joined with answers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return svclight.score({"p": calls, "survey": survey}, definition(criteria, spec or log()), **options)


@pytest.mark.parametrize(("keep", "second"), [("first", "red"), ("last", "green")])
def test_one_of_several_partners_counts(keep, second):
    card = joined(CALLS, ANSWERS, spec=log(f"keep: {keep}"))
    # 1 has one answer, 2 has a 1 and a 4, nobody answered 3
    assert states(card, "c") == ["green", second, "missing"]
    assert reasons(card, "c")[2] == "survey.stars is empty"


def test_partners_that_differ_are_an_error_with_both_places():
    with pytest.raises(
        svclight.LogError,
        match=r'1 row has several partners in "survey" that differ; found 2 \(1 and 2\); expected one partner a row, or '
        r'`keep: first` or `keep: last`; they differ in "stars"',
    ):
        joined(CALLS, ANSWERS, spec=log(""))


def test_many_partners_that_differ_are_counted_and_some_are_shown():
    calls = pd.DataFrame({"at": ["2026-01-15"] * 5, "id": list("12345")})
    answers = pd.DataFrame({"call": list("1122334455"), "stars": ["1", "2"] * 5})
    with pytest.raises(
        svclight.LogError, match=r"5 rows have several partners .*found 1 \(0 and 1\); 2 \(2 and 3\); 3 \(4 and 5\) …"
    ):
        joined(calls, answers, spec="{time: at, join: {survey: {on: {id: call}, fields: {stars: {number: stars}}}}}")


def test_partners_that_are_the_same_or_that_nobody_asks_for_are_no_error():
    answers = pd.concat(
        [ANSWERS[:2], ANSWERS[:1], ANSWERS[:2].assign(call="9"), ANSWERS[:2].assign(call="9", stars="2")]
    )
    assert states(joined(CALLS, answers, spec=log("")), "c") == ["green", "red", "missing"]


def test_two_columns_belong_together():
    spec = log("", "{id: call, line: line}")
    # 2 on line a has the 1; the 4 is of 2 on line b, which is no call
    assert states(joined(CALLS, ANSWERS, spec=spec), "c") == ["green", "red", "missing"]
    calls = CALLS.assign(line=["a", "b", None])
    assert states(joined(calls, ANSWERS, spec=spec), "c") == ["green", "green", "missing"]


def test_numbers_in_one_log_and_fractions_in_the_other_are_the_same_key():
    # a column of whole numbers becomes one of fractions where a cell is empty
    answers = ANSWERS.assign(call=[1.0, 2.0, 2.0, float("nan")])
    assert answers["call"].dtype == "float64"
    assert states(joined(CALLS.assign(id=[1, 2, 3]), answers), "c") == ["green", "green", "missing"]


def test_splitting_by_a_joined_field():
    card = joined(CALLS, ANSWERS, spec=log(more="segments: [survey.place, survey.day],"), by=["survey.place"])
    found = card.counts[card.counts["count"] > 0]
    assert list(zip(found["survey.place"], found["zone"], strict=True)) == [
        ("a", "green"),
        ("b", "green"),
        ("", "missing"),
    ]


@pytest.mark.parametrize(
    ("as_of", "days"),
    [("2026-02-01", ["fri", "tue", ""]), ("2026-01-18", ["fri", "", ""]), ("2026-01-15", ["", "", ""])],
)
def test_a_part_of_a_joined_time_as_it_stood_that_day(as_of, days):
    card = joined(CALLS, ANSWERS, spec=log(more="segments: [survey.day],"), by="survey.day", as_of=as_of)
    # the 16th is a Friday, the 20th a Tuesday
    assert card.interactions("p", "c")["survey.day"].tolist() == days


def test_a_joined_time_after_as_of_has_not_happened():
    criterion = 'c: {measure: {duration: {from: at, to: survey.back}}, green: "<= 1 d", yellow: "<= 3 d"}'
    assert states(joined(CALLS[:2], ANSWERS, criterion, as_of="2026-02-01"), "c") == ["green", "red"]
    # 2 was answered on the 20th: after a day it is open, after more than 3 days it is overdue
    assert states(joined(CALLS[:2], ANSWERS, criterion, as_of="2026-01-16"), "c") == ["green", "pending"]
    assert states(joined(CALLS[:2], ANSWERS, criterion, as_of="2026-01-18T00:00:01"), "c") == ["green", "red"]


def test_conditions_on_joined_fields():
    criterion = 'c: {measure: {value: survey.stars}, applies: {survey.day: fri}, green: ">= 4"}'
    assert states(joined(CALLS, ANSWERS, criterion, as_of="2026-02-01"), "c") == [
        "green", "not_applicable", "not_applicable",
    ]  # fmt: skip


def test_a_log_without_rows_has_no_partners():
    assert states(joined(CALLS, ANSWERS[:0]), "c") == ["missing"] * 3
    assert joined(CALLS[:0], ANSWERS).counts.empty


def test_a_joined_file_is_read_as_its_join_says(tmp_path):
    path = tmp_path / "answers.txt"
    path.write_text("call;stars;back;line\n1;5,0;2026-01-16;a\n2;no answer;2026-01-16;a\n2;x;y;z;too many\n", "utf-8")
    spec = log('keep: last, missing: [no answer], read: {delimiter: ";", decimal: ","}')
    card = joined(CALLS, path, spec=spec)
    assert states(card, "c") == ["green", "missing", "missing"]
    # its lines that cannot be split are listed too
    assert card.rejected[["file", "line"]].to_numpy().tolist() == [["answers.txt", 4]]
    assert card.provenance.logs[0].files == ("answers.txt",)


def test_the_log_of_an_event_log_is_joined_by_case():
    spec = (
        "{rows: events, id: id, time: at, step: step, steps: {a: a}, segments: [survey.place], "
        "join: {survey: {on: {id: call}, keep: first, fields: {stars: {number: stars}, place: {text: line}}}}}"
    )
    events = pd.DataFrame({"id": ["1", "1", "3"], "at": ["2026-01-15"] * 3, "step": list("aba")})
    card = joined(events, ANSWERS, spec=spec, by="survey.place")
    assert states(card, "c") == ["green", "missing"]
    assert card.interactions("p", "c")["survey.place"].tolist() == ["a", ""]


@pytest.mark.parametrize(
    ("logs", "message"),
    [
        (
            {"p": CALLS},
            r'log\.join\.survey: the joined log "survey" was not given; expected a log under the name "survey" ',
        ),
        ({"survey": ANSWERS}, 'no log of a process was given; expected one for at least one of "p"'),
        ({"p": CALLS, "servey": ANSWERS}, 'unknown process "servey".*did you mean "survey"'),
        (
            {"p": CALLS, "survey": ANSWERS.drop(columns="stars")},
            r'processes\.p\.log\.join\.survey\.fields\.stars.* "stars"',
        ),
        ({"p": CALLS, "survey": ANSWERS.drop(columns="call")}, r'processes\.p\.log\.join\.survey\.on.* "call"'),
        ({"p": CALLS.drop(columns="id"), "survey": ANSWERS}, r'processes\.p\.log\.join\.survey\.on.* "id"'),
    ],
)
def test_what_is_wrong_with_the_logs_of_a_call(logs, message):
    with pytest.raises(svclight.SvclightError, match=message):
        svclight.score(logs, definition(STARS, log()))


def test_a_log_for_what_is_not_scored_is_told():
    text = (
        "svclight: 1\ntime_zone: UTC\nprocesses:\n"
        "  p: {title: P, log: {time: at}, criteria: {c: {measure: {value: x}, green: '<= 1'}}}\n"
        "  q: {title: Q, log: {time: at, join: {survey: {on: {id: call}, fields: {n: {number: stars}}}}}, "
        "criteria: {c: {measure: {value: survey.n}, green: '<= 1'}}}\n"
    )
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", SvclightNotice)
        svclight.score({"p": pd.DataFrame({"at": ["2026-01-15"], "x": [1]}), "survey": ANSWERS}, svclight.loads(text))
    assert [str(one.message) for one in told] == [
        '"q" is not scored: it was given no log',
        'the log "survey" is not used: what joins it was given no log',
    ]


def test_a_file_and_a_frame_give_the_same(tmp_path):
    ANSWERS.to_csv(tmp_path / "answers.csv", index=False)
    CALLS.to_csv(tmp_path / "calls.csv", index=False)
    kept = "keep: last"
    by_file = joined(tmp_path / "calls.csv", tmp_path / "answers.csv", spec=log(kept))
    assert states(by_file, "c") == states(joined(CALLS, ANSWERS, spec=log(kept)), "c")
    with pytest.raises(svclight.LogError, match=r"2 \(.*answers.csv:3 and .*answers.csv:4\)"):
        joined(tmp_path / "calls.csv", tmp_path / "answers.csv", spec=log(""))


# --- how many rows found a partner ----------------------------------------------------------------------------------------

IDS = [f"{number:05}" for number in range(1, 26)]


def many(keys: list[str], others: list[str], **spec: str) -> svclight.Scorecard:
    """A card of a call for each key, joined with an answer for each other key."""
    calls = pd.DataFrame({"at": "2026-01-15", "id": keys})
    answers = pd.DataFrame({"call": others, "stars": "5", "line": "a", "back": "2026-01-16"})
    return joined(calls, answers, spec=log(**spec))


def test_a_join_tells_how_many_rows_found_a_partner():
    with pytest.warns(SvclightNotice) as said:
        card = svclight.score({"p": CALLS, "survey": ANSWERS}, definition(STARS, log()))
    assert card.joins.values.tolist() == [["p", "survey", 3, 2, 4, "3", ""]]
    told = 'p: 2 of 3 rows found a partner in "survey" (4 rows)'
    assert [str(one.message) for one in said if "partner" in str(one.message)] == [f'{told}; without one: "3"']
    assert told in card.provenance.notices  # which are kept, without the key


def test_no_partner_at_all_is_an_error_that_shows_a_key_of_each_side():
    with pytest.raises(
        svclight.LogError,
        match='processes.p.log.join.survey.on: no row of "p" found a partner in "survey"; '
        'found "a1" here and "b1" there; expected keys that are the same text in both, or `partners: optional` in the join',
    ):
        many([f"a{number}" for number in range(1, 26)], [f"b{number}" for number in range(1, 26)])


@pytest.mark.parametrize(
    ("keys", "others", "hint"),
    [
        (IDS, [key.lstrip("0") for key in IDS], "they would meet without leading zeros"),
        ([f"{key.lstrip('0')}.0" for key in IDS], [key.lstrip("0") for key in IDS], "without `.0` at the end"),
        ([f"a{key}" for key in IDS], [f"A{key}" for key in IDS], "without the difference of small and capital letters"),
        ([f"a {key}" for key in IDS], [f"a{key}" for key in IDS], "without blanks inside"),
    ],
)
def test_the_difference_of_keys_is_named_where_it_was_tried(keys, others, hint):
    with pytest.raises(svclight.LogError, match=hint):
        many(keys, others)


def test_the_difference_of_a_few_keys_is_told_too():
    logs = {"p": CALLS.assign(id=["1", "2", "3"]), "survey": ANSWERS.assign(call=["7.0", "1.0", "2.0", "8.0"])}
    with pytest.warns(SvclightNotice, match='without one: "7.0"; they would meet without `.0` at the end'):
        svclight.score(logs, definition(STARS, log()), as_of="2026-02-01")


def test_few_keys_and_optional_partners_are_no_error():
    assert many(["a"] * 30, ["b"] * 30).joins["matched"].tolist() == [0]  # 1 key on each side
    card = many([f"a{key}" for key in IDS], [f"b{key}" for key in IDS], join="partners: optional")
    assert card.joins["matched"].tolist() == [0]


def test_blanks_at_the_ends_of_keys_do_not_count():
    assert many([f"{key} " for key in IDS], [f" {key}" for key in IDS]).joins["matched"].tolist() == [25]
