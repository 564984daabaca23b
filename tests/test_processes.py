"""Loading: every error at once, each with file, line, key path, found, expected and a guess; files put together."""

from __future__ import annotations

import pickle
import re
from typing import TYPE_CHECKING

import pytest
from support.places import DATA

from svclight.errors import (
    DefinitionError,
    Issue,
    SvclightError,
    did_you_mean,
    printable_text,
    quoted_list,
    quoted_text,
)
from svclight.processes import Definitions, from_plain, load, loads

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = (DATA / "format.yaml").read_text("utf-8")


def problems(text: str) -> list[str]:
    with pytest.raises(DefinitionError, match="f.yaml:") as caught:
        loads(text, "f.yaml")
    return [str(issue) for issue in caught.value.issues]


def changed(*pairs: tuple[str, str]) -> str:
    text = EXAMPLE
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def test_the_example_is_fine() -> None:
    assert len(loads(EXAMPLE).processes) == 4


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # the document
        ("svclight: 1 ", "svclight: 2 ", "f.yaml:1: svclight: unknown format version; found 2; expected 1"),
        ("svclight: 1 ", 'svclight: "1" ', 'f.yaml:1: svclight: unknown format version; found "1"; expected 1'),
        ("svclight: 1 ", "svclight: true ", "f.yaml:1: svclight: unknown format version; found true; expected 1"),
        ("svclight: 1 ", "svclight: 1.0 ", "f.yaml:1: svclight: unknown format version; found 1.0; expected 1"),
        ("svclight: 1 ", "svclight:   ", "f.yaml:1: svclight: unknown format version; found nothing; expected 1"),
        ("svclight: 1 ", "# ", 'f.yaml:2: the key "svclight" is missing; expected svclight: 1'),
        ("time_zone: Asia/Jerusalem ", "# ", 'f.yaml:1: the key "time_zone" is missing; expected an IANA name such as Europe/Berlin'),
        ("time_zone: Asia/Jerusalem ", "time_zone: ", "f.yaml:5: time_zone: the key has no value; give it one, or take it out"),
        ("time_zone: Asia/Jerusalem ", "time_zone: Asia/Jerusalm ", 'f.yaml:5: time_zone: unknown time zone; found "Asia/Jerusalm"; expected an IANA name such as Europe/Berlin or UTC; did you mean "Asia/Jerusalem"?'),
        ('version: "2026.1"', "version: 2026.1", 'f.yaml:4: version: this is of the wrong kind; found 2026.1; expected text; put it in quotes: "2026.1"'),
        ("title: Bank", "titel: Bank", 'f.yaml:2: titel: unknown key "titel"; expected one of svclight, title, description, owner, version, reviewed, review_every, language, time_zone, currency, calendars, processes; did you mean "title"?'),
        # calendars
        ("hours: {sun-thu", "hours: {sun-thi", 'f.yaml:9: calendars.office.hours.sun-thi: this is no day of the week; found "sun-thi"; expected a day or a range of days: mon, tue, wed, thu, fri, sat, sun, mon-fri; did you mean "sun-thu"?'),
        ("hours: {sun-thu", "hours: {sunday-thursday", 'did you mean "sun-thu"?'),
        ("hours: {sun-thu", "hours: {mon-wed-thu", 'found "mon-wed-thu"'),
        ('fri: "07:00-14:00"', 'fri: "07:00-14:60"', 'f.yaml:9: calendars.office.hours.fri: these are no hours; found "07:00-14:60"; expected hours such as "09:00-18:00"'),
        ('fri: "07:00-14:00"', 'fri: "07:00-25:00"', "expected two different times from 00:00 to 24:00"),
        ('fri: "07:00-14:00"', "fri: 7", "f.yaml:9: calendars.office.hours.fri: these are no hours; found 7"),
        ('fri: "07:00-14:00"', "fri: []", "expected at least one item"),
        ("closed: [1999-04-21]", "closed: [1999-04-31]", 'f.yaml:11: calendars.office.closed.0: there is no such day; found "1999-04-31"'),
        ("closed: [1999-04-21]", "closed: [21.4.1999]", 'f.yaml:11: calendars.office.closed.0: this is no date; found "21.4.1999"; expected a date such as 2026-03-31'),
        ("closed: [1999-04-21]", "closed: 1999-04-21", 'expected a list; write it as a list: ["1999-04-21"]'),
        ("country: IL", "country:", "f.yaml:10: calendars.office.holidays.country: the key has no value"),
        # processes and logs
        ("support: {title: Customer support}", "support: {}", 'f.yaml:13: processes.support: the key "title" is missing; expected a key `title`'),
        ("support: {title: Customer support}", "support:", "f.yaml:13: processes.support: the key has no value"),
        ("support: {title: Customer support}", "support: [x]", 'f.yaml:13: processes.support: this is of the wrong kind; found ["x"]; expected a mapping'),
        ("    log:\n      id: [date", "    lug:\n      id: [date", 'f.yaml:22: processes.hotline.lug: unknown key "lug"; expected one of title, description, part_of, scenario, log, criteria, economics; did you mean "log"?'),
        ("time: called_at ", "", 'f.yaml:22: processes.hotline.log: the key "time" is missing; expected a key `time`'),
        ("time: called_at ", "tima: called_at ", 'processes.hotline.log.tima: unknown key "tima"; expected one of rows, id, time'),
        ("segments: [type, priority, server]", "segments: type", 'f.yaml:26: processes.hotline.log.segments: this is of the wrong kind; found "type"; expected a list; write it as a list: ["type"]'),
        ('missing: ["?"]', "missing: [null]", "f.yaml:27: processes.hotline.log.missing.0: this is of the wrong kind; found nothing; expected text"),
        ('delimiter: "\\t"', "delimiter: \\t", 'f.yaml:28: processes.hotline.log.read.delimiter: this is of the wrong kind; found "\\t"; expected a single character; a tab is written "\\t", in double quotes'),
        ('delimiter: "\\t"', 'delimiter: ""', "expected text that is not empty"),
        ("encoding: utf-8", "header: 0", "f.yaml:28: processes.hotline.log.read.header: this is no header; found 0; expected the number of a line from 1, several in their order such as [5, 6], false, or a list of column names"),
        ("encoding: utf-8", "sheet: true", "this is no sheet; found true"),
        ("encoding: utf-8", "decimal: 1", "found 1; expected . or ,"),
        ("waited:    {number: q_time, unit: s}", "waited:    {number: 5, unit: s}", 'f.yaml:32: processes.hotline.log.fields.waited.number: this is of the wrong kind; found 5; expected text; put it in quotes: "5"'),
        ("waited:    {number: q_time, unit: s}", "waited:    {number: q_time, unit: two words}", 'this is no unit; found "two words"; expected ms, s, min, h, d, wk, %, or a word'),
        ("part: weekday, of", "part: weekdy, of", 'f.yaml:34: processes.hotline.log.fields.weekday.part: this is of the wrong kind; found "weekdy"; expected hour, weekday or date; did you mean "weekday"?'),
        ("outcome: PHANTOM}, reason: not a real call}", "outcome: PHANTOM}}", 'f.yaml:36: processes.hotline.log.exclude.0: the key "reason" is missing'),
        ("exclude:\n        - {where: {outcome: PHANTOM}, reason: not a real call}", "exclude:\n        - {where: {any: []}, reason: not a real call}", "f.yaml:36: processes.hotline.log.exclude.0.where.any: `any` names at least one condition; found []; expected a list of conditions"),
        ("keep: last, by", "keep: latest, by", 'f.yaml:37: processes.hotline.log.repeated_ids.keep: this is of the wrong kind; found "latest"; expected first or last; did you mean "last"?'),
        ("rows: events ", "rows: event ", 'f.yaml:82: processes.helpdesk.log.rows: this is of the wrong kind; found "event"; expected interactions, events or totals; did you mean "events"?'),
        # criteria
        ("        measure: {value: waited}\n", "", 'f.yaml:39: processes.hotline.criteria.wait: the key "measure" is missing; expected a key `measure`'),
        ("measure: {value: waited}", "measure: waited", 'f.yaml:41: processes.hotline.criteria.wait.measure: this is of the wrong kind; found "waited"; expected a mapping'),
        ("measure: {value: waited}", "measure: {valeu: waited}", 'f.yaml:41: processes.hotline.criteria.wait.measure.valeu: unknown key "valeu"; expected one of value, duration, delay, count, flag, category, repeat, checklist, worst, recency, frequency, spend, totals; did you mean "value"?'),
        ('green: "<= 30 s"', 'green: "<= 30 sec"', "f.yaml:43: processes.hotline.criteria.wait.green: this is no limit; found \"<= 30 sec\"; expected a limit in quotes such as \"<= 30 s\", \">= 4\", \"3 min .. 7 min\"; true or false; or a list of categories; the unit 'sec' is written 's'"),
        ('green: "<= 30 s"', "green: 30 s", 'f.yaml:43: processes.hotline.criteria.wait.green: this is no limit; found "30 s"'),
        ('green: "<= 30 s"', "green: 30", 'did you mean "<= 30"?'),
        ('green: "<= 30 s"', "green: .inf", "found inf"),
        ('green: "<= 30 s"', "green: .nan", "a limit is finite"),
        ('green: "<= 30 s"', 'green: "<= inf"', "a limit is finite"),
        ('green: "<= 30 s"', "green: {a: 1}", 'found {"a": 1}'),
        ('green: "<= 30 s"', "green: []", "the list is empty; found []; expected at least one category"),
        ('green: "<= 30 s"', "green: [a, true]", "f.yaml:43: processes.hotline.criteria.wait.green.1: a category is text or a number; found true; expected text in quotes"),
        ('green: "<= 30 s"', "green: >4", 'found ""; expected a limit in quotes'),
        ('green: "<= 30 s"', "green: >= 30 s", 'f.yaml:43: YAML cannot read this value; found ">= 30 s"; put it in quotes: ">= 30 s"'),
        ('green: "<= 30 s"', 'grean: "<= 30 s"', 'did you mean "green"?'),
        ('yellow: "<= 1 min"\n', 'yellow: "<= 1 min"\n        yellow: "<= 2 min"\n', 'f.yaml:45: processes.hotline.criteria.wait.yellow: the key "yellow" stands twice; it stands first in line 44'),
        ('yellow: "<= 1 min"\n', '\tyellow: "<= 1 min"\n', "f.yaml:44: a tab stands in the indentation"),
        ("counts: red}", "counts: reed}", 'f.yaml:45: processes.hotline.criteria.wait.abandoned.counts: this is of the wrong kind; found "reed"; expected red, by_elapsed or excluded; did you mean "red"?'),
        ("counts: red}", "counts: [red]}", 'found ["red"]; expected a single value or a mapping'),
        ("counts: red}", "counts: {excluded_within: soon}}", "f.yaml:45: processes.hotline.criteria.wait.abandoned.counts.excluded_within: this is no quantity; found \"soon\"; expected a quantity such as 30 s, 5 min, 7 d; 'soon' is no quantity"),
        ("counts: red}", "counts: {excluded_within: [5 s]}}", "this is no quantity"),
        ("counts: red}", "counts: {exclude_within: 5 s}}", 'did you mean "excluded_within"?'),
        ('targets: {green: ">=', 'targets: {gren: ">=', 'f.yaml:46: processes.hotline.criteria.wait.targets.gren: unknown key "gren"; expected one of where, green, yellow, red, net, min_rated, warn_at; did you mean "green"?'),
        ('targets: {green: ">= 80 %"', 'targets: [{gren: ">= 80 %"}] #', 'f.yaml:46: processes.hotline.criteria.wait.targets.0.gren: unknown key "gren"'),
        ('missing: ["?"]', 'missing: "?"', 'f.yaml:27: processes.hotline.log.missing: this is of the wrong kind; found "?"; expected a list; write it as a list: ["?"]'),
        ("min_rated: 30", "min_rated: 0", "found 0; expected a number of at least 1"),
        ("min_rated: 30", "min_rated: 30.5", "found 30.5; expected a whole number"),
        ("until: 1999-06-30", "until: 30.6.1999", 'f.yaml:47: processes.hotline.criteria.wait.accepted.until: this is no date; found "30.6.1999"'),
        ("cost: {red: 12.50}", "cost: {red: -1}", "f.yaml:49: processes.hotline.criteria.wait.cost.red: this is of the wrong kind; found -1; expected a number of at least 0"),
        ("cost: {red: 12.50}", "cost: {red: .inf}", "expected a number that is not infinite"),
        ("cost: {red: 12.50}", 'cost: {red: "12"}', 'found "12"; expected a number'),
        ("applies: {outcome: AGENT}", "applies: []", "f.yaml:53: processes.hotline.criteria.talk.applies: a condition is a mapping; found []; expected a mapping such as {column: value}"),
        ("applies: {outcome: AGENT}", "applies: {a: {b: c}}", '"a" is held against a mapping; found {"b": "c"}; expected {not: value}, {is: text}, or {contains: text}, {starts: …}, {ends: …}, {word: …}'),
        ("scale: [1, 5]", "scale: [1]", "f.yaml:75: processes.delivery.criteria.satisfaction.scale: this is no scale; found [1]; expected [lowest, highest]"),
        ("scale: [1, 5]", "scale: [1, .inf]", "expected a number that is not infinite"),
        ("whole: true", "whole: yes", 'f.yaml:76: processes.delivery.criteria.satisfaction.whole: this is of the wrong kind; found "yes"; expected true or false; did you mean true?'),
        ("whole: true", "whole: off", "did you mean false?"),
        ("whole: true", "whole: maybe", 'found "maybe"; expected true or false'),
        ("{until: 2018-01-01, green", "{untl: 2018-01-01, green", 'f.yaml:70: processes.delivery.criteria.lateness.thresholds.0.untl: unknown key "untl"; expected one of where, from, until, green, yellow, red; did you mean "until"?'),
        ("{from: start, to: taken, calendar: office}", "{from: [start], to: taken, calendar: office}", 'found ["start"]; expected a single value or a mapping'),
        ("{from: start, to: taken, calendar: office}", "{from: {lst: x}, to: taken, calendar: office}", 'unknown key "lst"; expected one of last'),
        ("steps: {taken: Take in charge ticket", "steps: {taken: {wher: {a: b}}", 'unknown key "wher"; expected one of where; did you mean "where"?'),
        ("title: Help desk", "title: {a: 1, b: [" + ", ".join(["x"] * 60) + "]}", "found a mapping; expected text"),
        ("title: Help desk", "title: [" + ", ".join(["x"] * 60) + "]", "found a list; expected text"),
    ],
)  # fmt: skip
def test_errors_of_single_keys(old: str, new: str, said: str) -> None:
    found = problems(changed((old, new)))
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("country: IL", "contry: IL"), ("rows: events ", "rows: event "), ("part: weekday, of", "part: weekdy, of"),
        ("waited:    {number", "waited:    {numbr"), ("hours: {sun-thu", "hours: {sun-thi"), ("keep: last", "keep: latest"),
        ("measure: {value: waited}", "measure: {valeu: waited}"), ('missing: ["?"]', "missing: [?]"), ("title: Help desk", "title: !!str x"),
        ("{where: {outcome: PHANTOM}, reason: not a real call}", "{where: {outcome: PHANTOM}}"), ("unit: s}", "unit: secs}"),
    ],
)  # fmt: skip
def test_one_slip_is_one_error(old: str, new: str) -> None:
    """What follows from a slip is not told beside it (a missing key that a misspelt one was meant to be, is)."""
    found = [problem for problem in problems(changed((old, new))) if "is missing" not in problem or "reason" in problem]
    assert len(found) == 1, found


def test_all_errors_at_once_in_the_order_of_lines() -> None:
    text = changed(
        ("title: Bank", "titel: Bank"),
        ("time_zone: Asia/Jerusalem", "time_zone: Asia/Jerusalm"),
        ("part_of: support", "part_of: suport"),
        ('green: "<= 30 s"', 'green: "<= 2 min"'),
        ("{outcome: HANG}", "{}"),
        ('green: "3 min .. 7 min"', 'green: "7 min .. 3 min"'),
        ("scale: [1, 5]", "scale: [5, 1]"),
        ("to: taken", "to: takn"),
    )
    assert [int(problem.split(":")[1]) for problem in problems(text)] == [2, 5, 16, 44, 45, 54, 75, 93]


def test_an_issue_has_its_parts() -> None:
    with pytest.raises(DefinitionError, match="did you mean") as caught:
        loads(changed(("keep: last", "keep: latest")), "f.yaml")
    (issue,) = caught.value.issues
    assert issue == Issue(
        "this is of the wrong kind", "f.yaml", 37, "processes.hotline.log.repeated_ids.keep", '"latest"', "first or last", 'did you mean "last"?',
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "f.yaml:1: a definition is a mapping; found nothing; expected keys such as svclight: 1"),
        ("- a\n", 'f.yaml:1: a definition is a mapping; found ["a"]'),
        ("hello\n", 'f.yaml:1: a definition is a mapping; found "hello"'),
        ("{}\n", "f.yaml:1: "),
        ("svclight: 1\ntime_zone: UTC\n", 'f.yaml:1: the key "processes" is missing'),
        ("svclight: 1\ntime_zone: UTC\nprocesses: {}\n", "f.yaml:3: processes: there is no process; expected at least one process"),
        ("svclight: 1\ntime_zone: UTC\nprocesses: []\n", "f.yaml:3: processes: this is of the wrong kind; found []; expected a mapping"),
        ("svclight: 1\ntime_zone: UTC\nprocesses:\n", "f.yaml:3: processes: the key has no value"),
        ("svclight: 1\ntime_zone: [UTC]\nprocesses: {a: {title: A}}\n", 'f.yaml:2: time_zone: this is of the wrong kind; found ["UTC"]; expected text'),
    ],
)  # fmt: skip
def test_documents_that_are_none(text: str, said: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        loads(text, "f.yaml")
    assert str(caught.value).startswith(said)


def test_null_means_empty_in_conditions_alone() -> None:
    asked = "svclight: 1\ntime_zone: UTC\nprocesses:\n  where:\n    title: W\n    log: {time: at}\n    criteria:\n      asked:\n"
    fine = asked + '        measure: {value: n}\n        green: "<= 5"\n        applies: {a: null, b: {not: null}}\n'
    assert list(loads(fine).processes) == ["where"]
    assert problems(fine + "        yellow:\n") == [
        "f.yaml:12: processes.where.criteria.asked.yellow: the key has no value; give it one, or take it out"
    ]


ONE = "svclight: 1\ntime_zone: UTC\ntitle: One\ncurrency: EUR\nprocesses:\n  a: {title: A}\n"
TWO = 'svclight: 1\ntime_zone: UTC\ntitle: Two\ncalendars:\n  c:\n    hours: {mon-fri: "09:00-18:00"}\nprocesses:\n  b: {title: B, part_of: a}\n'


def written(folder: Path, **texts: str) -> list[Path]:
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"{name}.yaml")
        paths[-1].write_text(text, "utf-8")
    return paths


def test_several_files_are_put_together(tmp_path: Path) -> None:
    definitions = load(written(tmp_path, one=ONE, two=TWO))
    assert list(definitions.processes) == ["a", "b"]
    assert list(definitions.document.calendars) == ["c"]
    assert (definitions.document.title, definitions.document.currency) == ("One", "EUR")
    assert definitions.places["processes", "b"].file == str(tmp_path / "two.yaml")
    assert definitions.places["processes", "b"].line == 8


def test_a_folder_is_its_files_by_name(tmp_path: Path) -> None:
    written(tmp_path, one=ONE)
    (tmp_path / "two.yml").write_text(TWO, "utf-8")
    (tmp_path / "notes.txt").write_text("no definition", "utf-8")
    (tmp_path / "folder.yaml").mkdir()
    assert list(load(tmp_path).processes) == ["a", "b"]
    assert load(str(tmp_path)) == load([tmp_path / "one.yaml", tmp_path / "two.yml"])


def test_files_agree_in_their_language_where_several_give_it(tmp_path: Path) -> None:
    english, russian = TWO.replace("title: Two", "language: en"), ONE.replace("title: One", "language: ru")
    assert load(written(tmp_path, one=russian, two=TWO)).language == "ru"
    said = 'two.yaml:3: language: files loaded together agree in their `language`; found "en"; expected "ru"'
    with pytest.raises(DefinitionError, match=re.escape(said)):
        load(written(tmp_path, one=russian, two=english))


HEAD_OF_ONE = 'title: One\nowner: Anna\nversion: "2"\nreviewed: 2026-01-31\nreview_every: 6 months'


def test_each_of_several_files_says_who_answers_for_it(tmp_path: Path) -> None:
    files = written(tmp_path, one=ONE.replace("title: One", HEAD_OF_ONE), two=TWO)
    definitions = load(files)
    assert [head.file for head in definitions.heads] == ["one.yaml", "two.yaml"]
    one, two = definitions.heads
    assert (one.title, one.owner, one.version) == ("One", "Anna", "2")
    assert (one.reviewed, one.review_due) == ("2026-01-31", "2026-07-31")
    assert (two.title, two.owner, two.reviewed, two.review_due) == ("Two", "", "", "")
    assert str(definitions.review_due) == "2026-07-31"
    earlier = TWO.replace("title: Two", "title: Two\nreviewed: 2026-02-01\nreview_every: 30 days")
    assert str(load(written(tmp_path, one=files[0].read_text("utf-8"), two=earlier)).review_due) == "2026-03-03"
    assert load(files[0]).heads == ()  # of one file the document says it all


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (TWO.replace("title: Two", "reviewed: soon"), 'two.yaml:3: reviewed: this is no date; found "soon"; expected a date such as 2026-03-31'),
        (TWO.replace("title: Two", "review_every: 6 months"), 'two.yaml:3: review_every: without `reviewed` no review is due; found "6 months"; expected reviewed: a date'),
        (ONE.replace("title: A", "title: B"), 'two.yaml:6: processes.a: "a" is defined twice; first in {}one.yaml:6'),
        (TWO.replace("UTC", "Europe/Berlin"), 'two.yaml:2: time_zone: files loaded together agree in their `time_zone`; found "Europe/Berlin"; expected "UTC"; first in {}one.yaml:2'),
        (TWO.replace("title: Two", "currency: USD"), 'two.yaml:3: currency: files loaded together agree in their `currency`; found "USD"; expected "EUR"'),
        (TWO.replace("svclight: 1\n", ""), 'two.yaml:1: the key "svclight" is missing'),
        (TWO.replace("time_zone: UTC\n", ""), 'two.yaml:1: the key "time_zone" is missing'),
        (TWO.replace("svclight: 1", "svclight: 3"), "two.yaml:1: svclight: unknown format version; found 3; expected 1"),
        ("svclight: 1\ntime_zone: UTC\nprocesses: [b]\n", 'two.yaml:3: processes: this is of the wrong kind; found ["b"]; expected a mapping'),
        ("svclight: 1\ntime_zone: UTC\nproceses: {}\n", 'two.yaml:3: proceses: unknown key "proceses"'),
        (TWO.replace("part_of: a", "part_of: x"), 'two.yaml:8: processes.b.part_of: unknown process; found "x"; expected one of a, b'),
        ("a: [", "two.yaml:1: a list or mapping is not closed"),
        ("", "two.yaml:1: a definition is a mapping"),
    ],
)  # fmt: skip
def test_what_files_must_agree_in(tmp_path: Path, second: str, said: str) -> None:
    paths = written(tmp_path, one=ONE, two=second)
    with pytest.raises(DefinitionError) as caught:
        load(paths)
    assert said.format(f"{tmp_path}/") in str(caught.value)
    assert "one.yaml:" not in str(caught.value).split("two.yaml:")[0]


def test_the_same_file_twice_defines_its_processes_twice(tmp_path: Path) -> None:
    log = "log: {time: at}, criteria: {c: {measure: {value: n}, green: '<= 5'}}"
    (path,) = written(tmp_path, one=ONE.replace("title: A", f"title: A, {log}"))
    with pytest.raises(DefinitionError, match='"a" is defined twice'):
        load([path, path])


CALENDARS = 'calendars: {office: {hours: {mon-fri: "09:00-18:00"}}}\n'
FIRST = (
    f"svclight: 1\ntime_zone: UTC\n{CALENDARS}processes:\n  top: {{title: Support}}\n  a: {{title: A, part_of: top}}\n"
)


def test_a_calendar_or_a_heading_that_is_the_same_may_stand_in_several_files(tmp_path: Path) -> None:
    paths = written(tmp_path, one=FIRST, two=FIRST.replace("a: {title: A", "b: {title: B"))
    definitions = load(paths)
    assert list(definitions.processes) == ["top", "a", "b"]
    assert list(definitions.document.calendars) == ["office"]
    assert definitions.places["calendars", "office"].file == str(tmp_path / "one.yaml")


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ("18:00", "17:00", 'two.yaml:3: calendars.office: "office" is defined twice'),
        ("Support", "Help", 'two.yaml:5: processes.top: "top" is defined twice'),
    ],
)
def test_one_that_is_not_the_same_is_defined_twice(tmp_path: Path, here: str, there: str, said: str) -> None:
    paths = written(tmp_path, one=FIRST, two=FIRST.replace("  a: {title: A", "  b: {title: B").replace(here, there))
    with pytest.raises(DefinitionError, match=said):
        load(paths)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    written(tmp_path, service=ONE)
    with pytest.raises(DefinitionError, match=r"servise.yaml: there is no such file; did you mean \"service.yaml\""):
        load(tmp_path / "servise.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"svclight: 1\ntitle: gr\xfcn\n")
    with pytest.raises(DefinitionError, match=r"latin.yaml:2: this is not UTF-8 text; save the file as UTF-8"):
        load(tmp_path / "latin.yaml")
    (tmp_path / "empty").mkdir()
    with pytest.raises(
        DefinitionError, match="empty: the folder holds no definition; expected files named .yaml or .yml"
    ):
        load(tmp_path / "empty")
    with pytest.raises(DefinitionError, match="no definition was given"):
        load([])
    with pytest.raises(DefinitionError, match="the file cannot be read"):
        load(tmp_path / "service.yaml" / "x.yaml")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbf" + ONE.encode())
    assert list(load(tmp_path / "bom.yaml").processes) == ["a"]


def test_the_hash_is_that_of_the_content() -> None:
    assert loads(ONE).hash == loads("# note\n" + ONE.replace("title: One", 'title:   "One"')).hash
    assert loads(ONE).hash != loads(ONE.replace("UTC", "Europe/Berlin")).hash
    assert len(loads(ONE).hash) == 12


def test_definitions_are_values() -> None:
    assert loads(EXAMPLE, "a") == loads(EXAMPLE, "b")
    again: Definitions = pickle.loads(pickle.dumps(loads(EXAMPLE)))  # noqa: S301 - our own bytes
    assert again == loads(EXAMPLE)


def test_definitions_from_plain_data() -> None:
    assert from_plain(loads(EXAMPLE).raw) == loads(EXAMPLE)
    for raw in (None, 5, [], {"svclight": 1}):
        with pytest.raises(DefinitionError, match="expected a (mapping|key)"):
            from_plain(raw)


def test_errors_can_be_sent_to_other_processes() -> None:
    error = DefinitionError([Issue("a", "f", 1), Issue("b")])
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert again.issues == error.issues
    assert str(again) == "f:1: a\nb"
    assert SvclightError("text").issues == (Issue("text"),)
    assert SvclightError(Issue("one")).issues == (Issue("one"),)


def test_text_of_messages_is_harmless_and_short() -> None:
    assert printable_text("a\x1b[31m\n" + "x" * 100) == r"a\x1b[31m\n" + "x" * 68 + "\u2026"
    assert quoted_text("a\tb") == '"a\\tb"'
    assert quoted_list(range(15), most=3) == '"0", "1", "2" and 12 more'
    assert quoted_list(["a"]) == '"a"'
    assert did_you_mean("Grün", ["green", "yellow"]) == 'did you mean "green"?'
    assert did_you_mean("xyz", ["green", "yellow"]) == ""
    assert r"\x1b[31m" in problems(changed(("title: Help desk", 'title: "x"\n    "\\e[31m": 1')))[0]


def test_a_large_definition_loads_quickly() -> None:
    lines = [
        "svclight: 1",
        "time_zone: UTC",
        "processes:",
        "  p:",
        "    title: P",
        "    log: {time: at}",
        "    criteria:",
    ]
    lines += [f'      c{i}: {{measure: {{value: n}}, green: "<= {i}", yellow: "<= {i + 1}"}}' for i in range(1000)]
    assert len(loads("\n".join(lines)).processes["p"].criteria) == 1000


# --- notebooks

WRONG = """svclight: 1
time_zone: UTC
processes:
  hotline:
    title: Hotline
    log: {time: called, fields: {waited: {number: waited, unit: s}}}
    criteria:
      wait: {mesure: {value: waited}, green: "<= 30 s"}  # <b>
"""


def test_a_notebook_shows_the_lines_around_each_problem_and_marks_its_own():
    with pytest.raises(DefinitionError, match="unknown key") as caught:
        loads(WRONG, "service.yaml")
    shown = caught.value._render_traceback_()
    assert shown[0].startswith(
        'DefinitionError: service.yaml:8: processes.hotline.criteria.wait.mesure: unknown key "mesure"'
    )
    assert shown[1:4] == [
        "      6 |     log: {time: called, fields: {waited: {number: waited, unit: s}}}",
        "      7 |     criteria:",
        '▶     8 |       wait: {mesure: {value: waited}, green: "<= 30 s"}  # <b>',
    ]
    html = caught.value._repr_html_()
    assert "<b>▶     8 |       wait: {mesure: {value: waited}, green: &quot;&lt;= 30 s&quot;}  # &lt;b&gt;</b>" in html
    assert "# <b>" not in html
    assert html.count("<pre") == len(caught.value.issues)


def test_an_error_of_a_definition_survives_a_process_with_its_lines():
    with pytest.raises(DefinitionError, match="unknown key") as caught:
        loads(WRONG, "service.yaml")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - made in the line itself
    assert again._render_traceback_() == caught.value._render_traceback_()
    assert str(again) == str(caught.value)


def test_an_error_without_a_text_has_no_lines():
    error = DefinitionError("no definition was given")
    assert error._render_traceback_() == ["DefinitionError: no definition was given", ""]
    assert error._repr_html_() == "<div><p><b>no definition was given</b></p></div>"


def test_definitions_in_a_notebook():
    definitions = loads("""
svclight: 1
title: Service <b>
time_zone: UTC
processes:
  hotline:
    title: Hotline
    log: {time: called, fields: {waited: {number: waited, unit: s}, result: {text: r}}}
    criteria:
      wait: {title: Waiting, measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %", red: "<= 5 %"}}
      result: {measure: {category: result}, green: [good, fair], red: [bad]}
""")
    html = definitions._repr_html_()
    assert '<p class="head">Service &lt;b&gt;</p>' in html
    assert f"definition {definitions.hash} · UTC" in html
    assert (
        "<tr><td>Hotline</td><td>Waiting</td><td>≤ 30 s</td><td></td><td></td><td>green ≥ 80 %, red ≤ 5 %</td></tr>"
        in html
    )
    assert "<tr><td>Hotline</td><td>result</td><td>good, fair</td><td></td><td>bad</td><td></td></tr>" in html
    assert "<details><summary>The whole document</summary><pre>svclight: 1\n" in html
