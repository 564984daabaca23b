"""What keys must hold together: valid definitions of every kind load, the others are refused in the right line."""

from __future__ import annotations

import pytest
from support.places import DATA

import svclight
from svclight.definition.document_checks import TABLE_COLUMNS, value_unit
from svclight.definition.models import Measure
from svclight.errors import DefinitionError
from svclight.processes import loads

EXAMPLE = (DATA / "format.yaml").read_text("utf-8")

HEAD = """\
svclight: 1
time_zone: UTC
calendars: {office: {hours: {mon-fri: "09:00-18:00"}}}
processes:
  p:
    title: P
    log:
      id: id
      time: at
      customer: who
      segments: [team]
      join: {survey: {on: {id: call}, keep: last, fields: {score: {number: score}, said: {text: said}, on: {part: date, of: sent}, sent: {time: sent}}}}
      fields:
        at: {time: at}
        done: {time: done}
        secs: {number: secs, unit: s}
        points: {number: pts, unit: points}
        plain: {number: plain}
        share: {number: share, unit: "%"}
        money: {number: money, unit: €}
        ok: {flag: ok}
        kind: {text: kind}
        long: {span: long}
        hour: {part: hour, of: at}
        day: {part: date, of: at}
        weekday: {part: weekday, of: at}
    criteria:
      c:
"""
FIRST = HEAD.count("\n") + 1
"""The line of the criterion's first key."""

EVENTS = """\
svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log:
      rows: events
      id: case
      step: activity
      time: at
      steps: {taken: Take, solved: [Resolve, Solve], called: {where: {channel: phone}}}
      ends: [solved]
      fields: {at: {time: at}, due: {time: due}}
    criteria:
      c:
"""


def of(*lines: str, head: str = HEAD) -> str:
    return head + "".join(f"        {line}\n" for line in lines)


def problems(text: str) -> list[str]:
    with pytest.raises(DefinitionError, match="f:") as caught:
        loads(text, "f")
    return [str(issue) for issue in caught.value.issues]


def changed(old: str, new: str) -> str:
    assert old in EXAMPLE, old
    return EXAMPLE.replace(old, new, 1)


DURATION = "measure: {duration: {from: at, to: done}}"
WORKING = "measure: {duration: {from: at, to: done, calendar: office}}"
VALUE = "measure: {value: secs}"


@pytest.mark.parametrize(
    "lines",
    [
        # values and their units
        [VALUE, 'green: "<= 30 s"', 'yellow: "<= 1 min"'], [VALUE, 'green: "<= 30"', 'yellow: "<= 1 min"'],
        [VALUE, 'green: "<= PT30S"'], [VALUE, 'green: "1 .. 2 min"', 'yellow: "30 .. 180"'],
        ["measure: {value: long}", 'green: "<= 1 min"'], ["measure: {value: plain}", 'green: ">= 5"', 'yellow: "> 3"'],
        ["measure: {value: points}", 'green: ">= 5"', 'yellow: ">= 3 points"'], ["measure: {value: money}", 'green: "<= 5 €"'],
        ["measure: {value: share}", 'green: ">= 80 %"', 'yellow: ">= 60"'], ["measure: {value: survey.score}", 'green: ">= 9"', 'yellow: ">= 7"'],
        # durations and delays
        [DURATION, 'green: "<= 1 d"', 'yellow: "<= 1 wk"'], ["measure: {duration: {from: at, to: done, by: date}}", 'green: "<= 0 d"'],
        ["measure: {duration: {from: at, to: done, minus: [secs, long]}}", 'green: "<= 1 h 30 min"'],
        ["measure: {duration: {from: at, to: done, minus: secs}}", 'green: "< 1 h"'], ["measure: {duration: {from: at, to: done, minus: []}}", 'green: "< 1 h"'],
        ["measure: {delay: {due: done, actual: at}}", 'green: "<= 0 s"', 'yellow: "<= 1 d"'],
        ["measure: {delay: {due: done, actual: at, by: date}}", 'green: "-1 d .. 0 d"', 'yellow: "-3 d .. 2 d"'],
        [WORKING, 'green: "<= 1 bd"', 'yellow: "<= 1.5 bd"'], [WORKING, 'green: "<= 4 bh"', 'yellow: "<= 8 h"'],
        ["measure: {delay: {due: done, actual: at, calendar: office, by: date}}", 'green: "<= 0 bd"'],
        # flags, categories, cards
        ["measure: {flag: ok}", "green: true"], ["measure: {flag: ok}", "green: false"],
        ["measure: {category: kind}", "green: [a, b]", "yellow: [c]", "red: [d, e]"], ["measure: {category: kind}", "green: [1, yes]", "red: [no, 2.5]"],
        ["measure: {category: weekday}", "green: [mon]"], ["measure: {category: kind}", "thresholds: [{where: {team: a}, green: [x]}, {green: [y], red: [x]}]"],
        ["measure: {checklist: {items: {ok: 10, kind: 2.5}, critical: [ok], each: true}}", 'green: ">= 80 %"', 'yellow: ">= 60"'],
        # of customers
        ["measure: {repeat: {within: 7 d, same: [customer, kind], first_only: true}}", 'green: "<= 0"'],
        ["measure: {repeat: {within: 1 wk, same: [topic]}}", 'green: ">= 1"'], ["measure: {recency: {within: 90 d}}", 'green: "<= 30 d"'],
        ["measure: {frequency: {within: 365 d}}", 'green: ">= 3"'], ["measure: {spend: {within: 365 d, amount: money}}", 'green: ">= 100"'],
        # abandoned in all its forms
        [VALUE, 'green: "<= 30"', "abandoned: {where: {kind: left}}"], [VALUE, 'green: "<= 30"', "abandoned: {where: {kind: left}, counts: red}"],
        [VALUE, 'green: "<= 30"', "abandoned: {where: {kind: left}, counts: excluded}"], [VALUE, 'green: "<= 30"', "abandoned: {where: {kind: left}, counts: by_elapsed}"],
        [VALUE, 'green: "<= 30"', "abandoned: {where: {kind: left}, counts: {excluded_within: 5 s}}"], [VALUE, 'green: "<= 30"', "abandoned: {where: {kind: left}, counts: {excluded_within: 5}}"],
        [VALUE, 'green: "<= 30"', "abandoned: {where: {kind: left}, counts: {excluded_within: green}}"],
        [DURATION, 'green: "<= 30 s"', "abandoned: {where: {kind: left}, at: done, counts: {excluded_within: 5 s}}"],
        [DURATION, 'green: "<= 30 s"', "abandoned: {where: {kind: left}, at: done, counts: by_elapsed}"], [DURATION, 'green: "<= 30 s"', "abandoned: {where: {kind: left}}"],
        ["measure: {flag: ok}", "green: true", "abandoned: {where: {kind: left}, counts: excluded}"],
        ["measure: {delay: {due: done, actual: at}}", 'green: "<= 1 h"', "abandoned: {where: {kind: x}, counts: by_elapsed}"],
        [WORKING, 'green: "<= 1 bd"', "abandoned: {where: {kind: x}, at: done, counts: {excluded_within: 0.5 bd}}"],
        # thresholds
        [VALUE, 'thresholds: [{green: "<= 5"}]'], [VALUE, 'thresholds: [{from: 2026-01-01, green: "<= 5"}, {until: 2026-02-01, green: "<= 6", yellow: "<= 7"}]'],
        [VALUE, 'thresholds: [{where: {team: a}, until: 2026-01-01, green: "<= 5"}, {until: 2025-01-01, green: "<= 5"}, {from: 2025-01-01, until: 2026-01-01, green: "<= 5"}, {from: 2026-01-01, green: "<= 5"}]'],
        # conditions
        [VALUE, 'green: "<= 5"', 'applies: {any: [{ok: true}, {all: [{secs: "> 1 min"}, {hour: [9, 10]}]}], not: {kind: {is: "> 5"}}, team: null, long: {not: null}}'],
        [VALUE, 'green: "<= 5"', 'applies: {at: "> 2026-01-01", done: "<= 2026-01-01 12:00", day: ">= 2026-01-01", hour: "< 12", long: "< 1 min", kind: [x, 5, true], weekday: [sat, sun]}'],
        [VALUE, 'green: "<= 5"', 'applies: {raw: "> 5", other: "< 2026-01-01", at: 2026-01-01, survey.score: "> 5", money: "> 5 €"}'],
        # the rest
        [VALUE, 'green: "<= 5"', "time: done", "scale: [0, 10]", "whole: true", "asked: {ok: true}", "title: T", "description: D"],
        [VALUE, 'green: "<= 5"', "changes: [{at: 2026-01-01, reason: r}]", "cost: {red: 1, yellow: 2.5, minute: 0}", 'accepted: {red: "<= 5 %", until: 2026-01-01, reason: r}'],
        [VALUE, 'green: "<= 5"', 'targets: [{green: ">= 80 %"}, {where: {team: a}, green: "> 70.5 %", yellow: "0 % .. 20 %", red: "< 5 %", net: ">= -30", min_rated: 100}]'],
        [VALUE, 'green: "<= 5"', 'targets: {net: ">= 30"}'], [VALUE, 'green: "<= 5"', "targets: []"], ["measure: {value: plain}", "green: '>= 9'", "scale: [0, 10]"],
    ],
)  # fmt: skip
def test_valid_criteria_of_every_kind(lines: list[str]) -> None:
    assert loads(of(*lines)).processes["p"].criteria["c"].measure.kind in Measure.model_fields


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        # what is there and what is missing
        ([VALUE], 0, "c: there is no `green`; expected `green` (or `thresholds`)"),
        ([VALUE, 'yellow: "<= 5"'], 0, "c: there is no `green`"),
        (["measure: {}", 'green: "<= 5"'], 1, "c.measure: a measure is exactly one thing; found nothing; expected one of value, duration"),
        (["measure: {value: secs, flag: ok}", 'green: "<= 5"'], 1, "found value, flag"),
        ([VALUE, 'green: "<= 5"', 'thresholds: [{green: "<= 5"}]'], 2, "c.green: `green` stands beside `thresholds`; expected one of the two"),
        ([VALUE, 'yellow: "<= 5"', 'thresholds: [{green: "<= 5"}]'], 2, "c.yellow: `yellow` stands beside `thresholds`"),
        (["measure: {worst: [c]}"], 1, 'c.measure.worst: a criterion is a part of itself; found ["c"]; expected other criteria'),
        (["measure: {worst: [d]}"], 1, 'c.measure.worst.0: unknown criterion of this process; found "d"; expected one of c'),
        (["measure: {worst: [c]}", 'green: "<= 5"'], 2, "c.green: `worst` takes the zones of its parts; expected no limits"),
        (["measure: {worst: [c]}", 'thresholds: [{green: "<= 5"}]'], 2, "c.thresholds: `worst` takes the zones"),
        # zones
        ([VALUE, 'green: "<= 60"', 'yellow: "<= 30"'], 3, 'c.yellow: yellow (<= 30) is not wider than green (<= 60); found "<= 30"; expected zones in their order'),
        ([VALUE, 'green: "<= 60"', 'yellow: "<= 1 min"'], 3, "is not wider than green"),
        ([VALUE, 'green: "<= 60"', 'yellow: ">= 90"'], 3, "c.yellow: green and yellow point different ways: for green lower is better, for yellow higher is better"),
        ([VALUE, 'green: "3 .. 7"', 'yellow: "4 .. 10"'], 3, "c.yellow: yellow (4 .. 10) does not enclose green (3 .. 7)"),
        ([VALUE, 'green: "3 .. 7"', 'yellow: "<= 10"'], 3, "point different ways: for green a band"),
        ([VALUE, 'green: "<= 5"', 'red: "> 5"'], 3, "c.red: `red` is for categories: what is neither green nor yellow is red; expected no `red`"),
        (["measure: {flag: ok}", "green: true", "yellow: false"], 3, "c.yellow: a flag is green or red"),
        (["measure: {flag: ok}", "green: true", "red: false"], 3, "c.red: `red` is for categories"),
        (["measure: {flag: ok}", 'green: ">= 1"'], 2, 'c.green: this does not fit a measure of flag; found ">= 1"; expected true or false'),
        ([VALUE, "green: true"], 2, 'c.green: this does not fit a measure of value; found true; expected a limit such as "<= 30 s"'),
        ([VALUE, "green: [a]"], 2, "this does not fit a measure of value"),
        (["measure: {category: kind}", 'green: "<= 5"'], 2, "expected a list of categories such as [a, b]"),
        (["measure: {category: kind}", "green: [a]", "yellow: [b, a]"], 3, 'c.yellow.1: the category "a" is in `green` already'),
        (["measure: {category: kind}", "green: [1]", 'red: ["1"]'], 3, 'c.red.0: the category "1" is in `green` already'),
        (["measure: {category: kind}", "green: [a, a]"], 2, 'c.green.1: the category "a" is in `green` already'),
        # units
        ([VALUE, 'green: "<= 5 %"'], 2, 'c.green: the unit does not fit the measure; found "<= 5 %"; the value is a time, the limit counted in %'),
        (["measure: {value: plain}", 'green: "<= 5 s"'], 2, "the value is a number without a unit, the limit a time; the unit of its numbers stands at the field, plain: {number: …, unit: s}"),
        (["measure: {value: points}", 'green: ">= 5 s"'], 2, "the value is counted in points, the limit a time"),
        (["measure: {spend: {within: 90 d, amount: money}}", 'green: ">= 5 EUR"'], 2, "the value is counted in €, the limit counted in EUR"),
        ([DURATION, 'green: "<= 5"'], 2, "the value is a time, the limit a number without a unit"),
        ([DURATION, 'green: "<= 1 h"', 'yellow: "<= 5 m"'], 3, 'c.yellow: the unit does not fit the measure; found "<= 5 m"; the value is a time, the limit counted in m; did you mean min?'),
        ([DURATION, 'green: "<= 1 bd"'], 2, "working days and hours (bd, bh) need a calendar in the measure"),
        ([WORKING, 'green: "<= 1 bd"', 'yellow: "<= 20 h"'], 3, "c.yellow: working days (bd) do not mix with other units in one criterion; expected all limits in bd"),
        ([WORKING, 'thresholds: [{where: {team: a}, green: "<= 1 bd"}, {green: "<= 8 bh"}]'], 2, "c.thresholds: working days (bd) do not mix"),
        ([WORKING, 'green: "<= 1 bd"', "abandoned: {where: {kind: x}, at: done, counts: {excluded_within: 5 s}}"], 3, "c.abandoned.counts.excluded_within: working days (bd) do not mix"),
        # measures
        (["measure: {value: sex}", 'green: "<= 5"'], 1, 'c.measure.value: unknown field; found "sex"; expected one of at, day, done'),
        (["measure: {value: seks}", 'green: "<= 5"'], 1, 'did you mean "secs"?'),
        (["measure: {value: kind}", 'green: "<= 5"'], 1, 'c.measure.value: "kind" is a field of text; expected a field of number or span'),
        (["measure: {value: survey.scores}", 'green: "<= 5"'], 1, 'c.measure.value: unknown field of "survey"; found "scores"; expected one of on, said, score, sent; did you mean "score"?'),
        (["measure: {value: survey.said}", 'green: "<= 5"'], 1, '"survey.said" is a field of text'),
        (["measure: {flag: kind}", "green: true"], 1, "expected a field of flag"),
        (["measure: {category: secs}", "green: [a]"], 1, "expected a field of text or part"),
        (["measure: {duration: {from: at, to: secs}}", 'green: "<= 5 s"'], 1, 'c.measure.duration.to: "secs" is a field of number; expected a field of time'),
        (["measure: {duration: {from: at, to: don}}", 'green: "<= 5 s"'], 1, 'did you mean "done"?'),
        (["measure: {duration: {from: {last: x}, to: done}}", 'green: "<= 5 s"'], 1, "c.measure.duration.from: only an event log has a last step"),
        (["measure: {duration: {from: at, to: done, calendar: offise}}", 'green: "<= 5 h"'], 1, 'c.measure.duration.calendar: unknown calendar; found "offise"; expected one of office; did you mean "office"?'),
        (["measure: {duration: {from: at, to: done, minus: [secs, points]}}", 'green: "<= 5 h"'], 1, 'c.measure.duration.minus.1: "points" is not counted in a unit of time; found "points"; expected `unit: s` at the field'.replace('; found "points"', "")),
        (["measure: {duration: {from: at, to: done, minus: kind}}", 'green: "<= 5 h"'], 1, 'c.measure.duration.minus: "kind" is a field of text'),
        (["measure: {delay: {due: kind, actual: at}}", 'green: "<= 5 h"'], 1, "c.measure.delay.due:"),
        (["measure: {count: {step: x}}", 'green: "<= 1"'], 1, "c.measure.count: a count of steps needs an event log; expected `rows: events` in the log"),
        (["measure: {checklist: {items: {secs: 1}}}", 'green: ">= 80"'], 1, '"secs" is a field of number; expected a field of flag or when or filled or text'),
        (["measure: {checklist: {items: {ok: 1}, critical: [kind]}}", 'green: ">= 80"'], 1, 'c.measure.checklist.critical.0: unknown item; found "kind"; expected one of ok'),
        (["measure: {checklist: {items: {ok: 0}}}", 'green: ">= 80"'], 1, "found 0; expected a number above 0"),
        (["measure: {repeat: {within: 7, same: [customer]}}", 'green: "<= 0"'], 1, "c.measure.repeat.within: a window is a length of time; found 7; expected a quantity such as 7 d"),
        (["measure: {recency: {within: 0 d}}", 'green: "<= 1 d"'], 1, "a window is a length of time"),
        (["measure: {frequency: {within: 5 bh}}", 'green: ">= 1"'], 1, "a window is a length of time"),
        (["measure: {spend: {within: 5 d, amount: kind}}", 'green: ">= 1"'], 1, "c.measure.spend.amount:"),
        # abandoned
        ([DURATION, 'green: "<= 5 s"', "abandoned: {where: {kind: x}, counts: by_elapsed}"], 3, "c.abandoned.counts: `by_elapsed` on a duration needs to know when the customer gave up; expected a key `at` in `abandoned`"),
        ([DURATION, 'green: "<= 5 s"', "abandoned: {where: {kind: x}, counts: {excluded_within: 5 s}}"], 3, "`excluded_within` on a duration needs to know"),
        (["measure: {flag: ok}", "green: true", "abandoned: {where: {kind: x}, counts: by_elapsed}"], 3, "`by_elapsed` needs a value that grows with waiting; found a measure of flag; expected red or excluded"),
        (["measure: {category: kind}", "green: [a]", "abandoned: {where: {kind: x}, counts: {excluded_within: green}}"], 3, "`excluded_within` needs a value that grows with waiting"),
        ([VALUE, 'green: "<= 5 s"', "abandoned: {where: {kind: x}, counts: {excluded_within: 5 EUR}}"], 3, "c.abandoned.counts.excluded_within: the unit does not fit the measure"),
        ([DURATION, 'green: "<= 5 s"', "abandoned: {where: {kind: x}, at: dune, counts: by_elapsed}"], 3, 'c.abandoned.at: unknown field; found "dune"'),
        ([VALUE, 'green: "<= 5 s"', "abandoned: {where: {secs: left}}"], 3, 'c.abandoned.where.secs: "secs" is a field of number; found "left"; expected a number'),
        # thresholds
        ([VALUE, "thresholds: []"], 2, "c.thresholds: there are no limits for all dates; expected rows without `where` that together cover every date; let the last row have neither `where` nor `until`"),
        ([VALUE, 'thresholds: [{until: 2026-01-01, green: "<= 5"}]'], 2, "there are no limits for all dates from 2026-01-01"),
        ([VALUE, 'thresholds: [{from: 2026-01-01, green: "<= 5"}]'], 2, "there are no limits for all dates; expected"),
        ([VALUE, 'thresholds: [{from: 2026-02-01, green: "<= 5"}, {until: 2026-01-01, green: "<= 5"}]'], 2, "there are no limits for all dates from 2026-01-01"),
        ([VALUE, 'thresholds: [{where: {team: a}, green: "<= 5"}]'], 2, "there are no limits for all dates"),
        ([VALUE, "thresholds:", "  - {until: 2026-01-01, from: 2026-02-01, green: '<= 5'}", "  - {green: '<= 5'}"], 3, "c.thresholds.0: these limits hold on no day; expected `from` before `until`"),
        ([VALUE, "thresholds:", "  - {until: 2026-01-01, yellow: '<= 5'}", "  - {green: '<= 5'}"], 3, "c.thresholds.0: there is no `green`; expected `green`"),
        ([VALUE, "thresholds:", "  - {until: 2026-01-01, green: '<= 5'}", "  - {green: '<= 5', yellow: '<= 4'}"], 4, "c.thresholds.1.yellow: yellow (<= 4) is not wider than green (<= 5)"),
        ([VALUE, "thresholds:", "  - {where: {ok: yes}, green: '<= 5'}", "  - {green: '<= 5'}"], 3, 'c.thresholds.0.where.ok: "ok" is a field of flag; found "yes"; expected true or false; did you mean true?'),
        # conditions
        ([VALUE, 'green: "<= 5"', "applies:", "  any:", "    - {a: 1}", "    - {ok: maybe}"], 6, 'c.applies.any.1.ok: "ok" is a field of flag; found "maybe"; expected true or false'),
        ([VALUE, 'green: "<= 5"', "applies: {ok: maybe}"], 3, 'found "maybe"'),
        ([VALUE, 'green: "<= 5"', "asked: {secs: true}"], 3, 'c.asked.secs: "secs" is a field of number; found "True"; expected a number'),
        ([VALUE, 'green: "<= 5"', 'applies: {kind: "> 5"}'], 3, 'c.applies.kind: "kind" is a field of text; found "> 5"; expected a number or a time to compare; for that very text write {is: "> 5"}'),
        ([VALUE, 'green: "<= 5"', 'applies: {weekday: "> mon"}'], 3, '"weekday" is a field of part'),
        ([VALUE, 'green: "<= 5"', "applies: {weekday: Monday}"], 3, 'c.applies.weekday: this is no day of the week; found "Monday"; expected one of mon, tue, wed, thu, fri, sat, sun; did you mean "mon"?'),
        ([VALUE, 'green: "<= 5"', 'applies: {at: "> soon"}'], 3, 'c.applies.at: this is no time; found "> soon"; expected a time such as > 2026-03-31'),
        ([VALUE, 'green: "<= 5"', 'applies: {day: "> 5"}'], 3, "this is no time"),
        ([VALUE, 'green: "<= 5"', "applies: {at: soon}"], 3, 'this is no time; found "soon"; expected a time such as 2026-03-31'),
        ([VALUE, 'green: "<= 5"', 'applies: {raw: "<none>"}'], 3, "c.applies.raw: this is no number; found \"<none>\"; expected a limit such as > 5; 'none>' is no quantity; for that very text write {is: \"<none>\"}"),
        ([VALUE, 'green: "<= 5"', 'applies: {secs: "> 5 EUR"}'], 3, 'c.applies.secs: the unit does not fit the field; found "> 5 EUR"; the value is a time, the limit counted in EUR'),
        ([VALUE, 'green: "<= 5"', "applies: {survey.scor: 5}"], 3, 'c.applies.survey.scor: unknown field of "survey"; found "scor"'),
        # the rest
        ([VALUE, 'green: "<= 5"', "scale: [5, 5]"], 3, "c.scale: the lowest value stands first; found [5, 5]; expected [low, high]"),
        (["measure: {flag: ok}", "green: true", "scale: [0, 1]"], 3, "c.scale: `scale` is for numbers; found a measure of flag"),
        (["measure: {flag: ok}", "green: true", "whole: true"], 3, "c.whole: `whole` is for numbers"),
        ([VALUE, 'green: "<= 5"', "time: secs"], 3, 'c.time: "secs" is a field of number; expected a field of time'),
        ([VALUE, 'green: "<= 5"', 'targets: {net: ">= 5", warn_at: "75 %"}'], 3, 'c.targets.warn_at: this target has no budget; found "75 %"; expected `warn_at` beside `red` or `green`'),
        ([VALUE, 'green: "<= 5"', "targets: {red: '<= 5 %', warn_at: 75}"], 3, "c.targets.warn_at: this is no share; found 75; expected a share from 0 % to 100 %, such as 1 %; did you mean 75 %?"),
        ([VALUE, 'green: "<= 5"', "targets: {min_rated: 5}"], 3, "c.targets: nothing is aimed at; expected one of green, yellow, red, net"),
        ([VALUE, 'green: "<= 5"', "accepted: {until: 2026-01-01, reason: r}"], 3, "c.accepted: nothing is accepted"),
        ([VALUE, 'green: "<= 5"', 'targets: [{green: ">= 0.8"}]'], 3, 'c.targets.0.green: the unit does not fit; found ">= 0.8"; expected percent such as ">= 80 %"'),
        ([VALUE, 'green: "<= 5"', 'targets: {net: ">= 30 s"}'], 3, 'c.targets.net: the unit does not fit; found ">= 30 s"; expected percentage points such as ">= 30"'),
        ([VALUE, 'green: "<= 5"', 'targets: {green: ">= 180 %"}'], 3, 'c.targets.green: this can never be reached; found ">= 180 %"; expected 0 to 100'),
        ([VALUE, 'green: "<= 5"', 'targets: {net: ">= -130"}'], 3, "expected -100 to 100"),
        ([VALUE, 'green: "<= 5"', 'targets: {where: {kind: a}, green: ">= 80 %"}'], 3, 'c.targets.where.kind: unknown segment; found "kind"; expected one of team'),
    ],
)  # fmt: skip
def test_criteria_that_are_refused(lines: list[str], line: int, said: str) -> None:
    found = problems(of(*lines))
    expected = [problem for problem in found if said in problem]
    assert expected, found
    assert expected[0].startswith(f"f:{FIRST - 1 + line}: processes.p.criteria.")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # calendars
        ('fri: "07:00-14:00"', 'thu: "07:00-14:00"', 'f:9: calendars.office.hours.thu: "thu" and "sun-thu" share a day'),
        ('fri: "07:00-14:00"', 'fri: ["07:00-14:00", "12:00-18:00"]', 'f:9: calendars.office.hours.fri: spans of one day overlap; found ["07:00-14:00", "12:00-18:00"]; expected spans that follow each other'),
        ('fri: "07:00-14:00"', 'fri: ["22:00-06:00", "23:00-24:00"]', "spans of one day overlap"),
        ('{sun-thu: "07:00-24:00", fri: "07:00-14:00", sat: "20:00-24:00"}', "{}", "f:9: calendars.office.hours: there are no hours"),
        ("closed: [1999-04-21] ", 'closed: [1999-04-21]\n    open: {1999-04-21: "09:00-13:00"} ', "f:12: calendars.office.open.1999-04-21: this day is `closed` as well; expected one of the two"),
        ("closed: [1999-04-21] ", "time_zone: Mars ", "f:11: calendars.office.time_zone: unknown time zone"),
        ("{country: IL}", "{country: il}", 'f:10: calendars.office.holidays.country: unknown country; found "il"; expected a country code such as DE, IL or US; did you mean "IL"?'),
        ("{country: IL}", "{country: DE, subdivision: BYE}", 'f:10: calendars.office.holidays.subdivision: unknown subdivision of DE; found "BYE"; expected one of "Augsburg", "BB"'),
        ("{country: IL}", "{country: IL, subdivision: TA}", 'f:10: calendars.office.holidays.subdivision: no subdivisions of IL are known; found "TA"; expected `country` alone'),
        # processes
        ("part_of: support", "part_of: suport", 'f:16: processes.hotline.part_of: unknown process; found "suport"; expected one of delivery, helpdesk, hotline, support; did you mean "support"?'),
        ("part_of: support", "part_of: hotline", 'f:16: processes.hotline.part_of: a process is a part of itself; found "hotline"; hotline -> hotline'),
        ("support: {title: Customer support}", "support: {title: X, part_of: hotline}", 'f:13: processes.support.part_of: a process is a part of itself; found "hotline"; support -> hotline -> support'),
        ("support: {title", "sup.port: {title", 'f:13: processes.sup.port: this name cannot be used; found "sup.port"; expected a name without . and = and without blanks at its ends'),
        ("support: {title", '" support": {title', "this name cannot be used"),
        ("      talk:\n", "      ta=lk:\n", 'f:50: processes.hotline.criteria.ta=lk: this name cannot be used; found "ta=lk"'),
        ("support: {title: Customer support}", "support: {title: X, criteria: {a: {measure: {value: n}, green: '<= 1'}}}", "f:13: processes.support: there are criteria, but no log; expected a key `log` that says where the interactions stand"),
        # logs
        ("segments: [type,", "segments: [zone,", 'f:26: processes.hotline.log.segments.0: a segment may not bear the name of a column of the results; found "zone"; declare a field with another name: zone_: {text: zone}'),
        ("segments: [type,", "segments: [type, type,", 'f:26: processes.hotline.log.segments.1: the segment "type" stands twice'),
        ("encoding: utf-8", "encoding: utf-9", 'f:28: processes.hotline.log.read.encoding: unknown encoding; found "utf-9"; expected an encoding that Python knows; did you mean "utf-8"?'),
        ("encoding: utf-8", "columns: [a, b], header: 2", "f:28: processes.hotline.log.read.columns: `columns` stands beside `header`; expected `columns` where no line has the names, `header` where one has them"),
        ("encoding: utf-8", "skip: -1", "f:28: processes.hotline.log.read.skip: "),
        ("encoding: utf-8", "header: [6, 5]", "f:28: processes.hotline.log.read.header: this is no header; found [6, 5]; expected the number of a line from 1, several in their order such as [5, 6], false"),
        ("encoding: utf-8", "short_lines: fill", "f:28: processes.hotline.log.read.short_lines: "),
        ("encoding: utf-8", 'encoding: "utf\\08"', "unknown encoding"),
        ("encoding: utf-8", "encoding: base64", 'this is no text encoding; found "base64"; expected an encoding such as utf-8'),
        ("customer: who", "weight: who", 'f:25: processes.hotline.log.weight: "who" is a field of text; expected a field of number'),
        ("customer: who", "begins: who", 'f:25: processes.hotline.log.begins: "who" is a field of text; expected a field of time'),
        ("{outcome: PHANTOM}", "{waited: PHANTOM}", 'f:36: processes.hotline.log.exclude.0.where.waited: "waited" is a field of number; found "PHANTOM"; expected a number'),
        ("by: called_at}", "by: who}", 'f:37: processes.hotline.log.repeated_ids.by: "who" is a field of text; expected a field of time or number or span'),
        ("      id: [date, vru+line, call_id] ", "      #", "f:37: processes.hotline.log.repeated_ids: there is no `id` that could be repeated; expected a key `id` in the log"),
        ("customer: who", "ends: [x]", "f:25: processes.hotline.log.ends: `ends` belongs to event logs; expected `rows: events` in the log"),
        # fields
        ("waited:    {number: q_time, unit: s}", "waited:    {number: q_time, text: x}", "f:32: processes.hotline.log.fields.waited: a field is exactly one thing; found number, text; expected one of time, number, span, flag, text, part"),
        ("waited:    {number: q_time, unit: s}", "waited:    {}", "f:32: processes.hotline.log.fields.waited: a field is exactly one thing; found nothing"),
        ("waited:    {number: q_time, unit: s}", "waited:    {number: q_time, unit: seconds}", 'f:32: processes.hotline.log.fields.waited.unit: this unit is written otherwise; found "seconds"; expected one of ms, s, min, h, d, wk, %; did you mean s?'),
        ("waited:    {number: q_time, unit: s}", "waited:    {span: q_time, unit: s}", "f:32: processes.hotline.log.fields.waited.unit: `unit` belongs to fields of number; found a field of span"),
        ("{text: customer_id, ", "{text: customer_id, of: called_at, ", "`of` belongs to fields of part; found a field of text"),
        ("{text: customer_id, ", "{flag: customer_id, true_values: [1], false_values: [0, 1], ", 'fields.who.false_values: a text means true and false; found "1"'),
        ('format: "%y%m%d %H:%M:%S"', 'format: "%y%m%d %Q"', 'f:30: processes.hotline.log.fields.called_at.format: unknown directive %Q; found "%y%m%d %Q"; expected directives of Python\'s strptime, or unix, unix_ms'),
        ('format: "%y%m%d %H:%M:%S"', 'format: "%y%m%d %"', "unknown directive %"),
        ('format: "%y%m%d %H:%M:%S"', 'format: "100 %%"', "this is no time format"),
        ('format: "%y%m%d %H:%M:%S"', "format: ISO", 'this is no time format; found "ISO"; expected a format such as'),
        ('format: "%y%m%d %H:%M:%S"', "time_zone: Mars", "f:30: processes.hotline.log.fields.called_at.time_zone: unknown time zone"),
        ("part: weekday, of: called_at", "part: weekday", "f:34: processes.hotline.log.fields.weekday: `part` needs `of`; expected a key `of` that names a time field"),
        ("part: weekday, of: called_at", "part: weekday, of: caled_at", 'f:34: processes.hotline.log.fields.weekday.of: unknown field; found "caled_at"; expected a time field; did you mean "called_at"?'),
        ("part: weekday, of: called_at", "part: weekday, of: who", 'f:34: processes.hotline.log.fields.weekday.of: "who" is no time field; expected a time field'),
        # event logs
        ("id: Case ID", "#", "f:81: processes.helpdesk.log: an event log needs `id`; expected a key `id` that says the case"),
        ("step: Activity ", "#", "f:81: processes.helpdesk.log: an event log needs `step`; expected a key `step`: the column that names the step"),
        ("ends: [solved]", "ends: [slved]", 'f:87: processes.helpdesk.log.ends.0: unknown step; found "slved"; expected one of solved, taken; did you mean "solved"?'),
        ("repeated_rows: drop", "repeated_ids: {keep: last}", "f:88: processes.helpdesk.log.repeated_ids: cases of an event log share their id; expected `repeated_rows: drop`"),
        ("taken: Take in charge ticket", 'taken: {where: {at: "> soon"}}', "f:86: processes.helpdesk.log.steps.taken.where.at: this is no time"),
        ("to: taken, calendar", "to: takn, calendar", 'f:93: processes.helpdesk.criteria.first_response.measure.duration.to: unknown step; found "takn"; expected one of end, solved, start, taken; did you mean "taken"?'),
        ("to: taken, calendar", "to: {last: takn}, calendar", "f:93: processes.helpdesk.criteria.first_response.measure.duration.to.last: unknown step"),
        ("step: taken, distinct", "step: takn, distinct", 'f:97: processes.helpdesk.criteria.hand_overs.measure.count.step: unknown step; found "takn"; expected one of solved, taken'),
    ],
)  # fmt: skip
def test_documents_that_are_refused(old: str, new: str, said: str) -> None:
    found = problems(changed(old, new))
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('fri: "07:00-14:00"', 'fri: ["07:00-12:00", "13:00-14:00", "22:00-06:00"]'), ('fri: "07:00-14:00", sat: "20:00-24:00"', "fri-sat: 8:00-9:00"), ('hours: {sun-thu: "07:00-24:00", fri: "07:00-14:00", sat: "20:00-24:00"}', 'hours: {mon-sun: "0:00-24:00"}'),
        ("holidays: {country: IL}", "holidays: {country: NO}"), ("holidays: {country: IL}", "holidays: {country: DE, subdivision: BY}"), ("closed: [1999-04-21] ", 'open: {1999-04-30: "09:00-13:00", 1999-05-01: ["09:00-12:00", "13:00-15:00"]} '),
        ("support: {title: Customer support}", "support: {title: Customer support, description: D}"), ("{step: call,    actor: customer, action: dials the contact centre}", "{step: call}\n      - {step: answer}"),
        ("id: [date, vru+line, call_id]", "id: call_id"), ("segments: [type, priority, server]", "segments: []"), ('missing: ["?"]', "missing: [0, -1, 9.5]"), ("time: called_at ", "time: date "),
        ('read: {delimiter: "\\t", encoding: utf-8}', 'read: {delimiter: ";", encoding: cp1251, decimal: ",", quote: "", header: false, sheet: 2}'), ("encoding: utf-8", "header: [date, b], sheet: Sheet1"), ("encoding: utf-8", "skip: 2, header: [1, 2], short_lines: pad"), ("encoding: utf-8", "columns: [a, b], header: false"), ("encoding: utf-8", "path: data.items"), ("encoding: utf-8", "header: 3, quote: \"'\", encoding: UTF_16"),
        ('format: "%y%m%d %H:%M:%S"', "format: unix"), ('format: "%y%m%d %H:%M:%S"', "format: unix_ms, time_zone: UTC, clock_change: later"), ('format: "%y%m%d %H:%M:%S"', 'format: "%d. %B %Y %I:%M %p %z %Z %%"'),
        ("{text: customer_id, ", "{flag: customer_id, true_values: [ja, 1], false_values: [nein, 0], "), ("part: weekday", "part: date"), ("part: weekday", "part: hour"), ("unit: s}", "unit: \u20ac}\n        x: {number: y, unit: m2}"),
        (", by: called_at}", "}"), ("by: called_at}", "by: date}"), ("customer: who", "customer: raw\n      weight: n\n      begins: started"), ("rows: events ", "rows: events\n      segments: [product]"),
        ("steps: {taken: Take in charge ticket, ", "steps: {taken: [A, B], called: {where: {Resource: [x, y]}}, "), ("from: start, to: taken,", "from: {last: taken}, to: end,"), ("count: {step: taken, distinct: Resource}", "count: {step: taken}"),
        ("ends: [solved] ", "# "), ("repeated_rows: drop ", "# "), ("id: Case ID", "id: [Case ID, line]"),
    ],
)  # fmt: skip
def test_documents_that_are_fine(old: str, new: str) -> None:
    text = (
        changed(old, new).replace('green: "<= 30 s"', 'green: "<= 30"').replace('yellow: "<= 1 min"', 'yellow: "<= 60"')
    )
    text = text.replace('"3 min .. 7 min"', '"3 .. 7"').replace('"2 min .. 10 min"', '"2 .. 10"')
    assert len(loads(text).processes) == 4


def test_an_event_log_of_first_and_last_events_needs_no_steps() -> None:
    bare = EVENTS.replace("      step: activity\n", "").replace("      ends: [solved]\n", "")
    bare = "\n".join(line for line in bare.split("\n") if not line.startswith("      steps:"))
    assert loads(of("measure: {duration: {from: start, to: end}}", 'green: "<= 5 d"', head=bare))


@pytest.mark.parametrize(
    "lines",
    [
        ["measure: {duration: {from: taken, to: {last: solved}}}", 'green: "<= 5 d"', "abandoned: {where: {x: y}, at: solved, counts: by_elapsed}"],
        ["measure: {count: {step: called}}", 'green: "<= 1"'], ["measure: {delay: {due: due, actual: at}}", 'green: "<= 1 d"'],
    ],
)  # fmt: skip
def test_valid_criteria_of_event_logs(lines: list[str]) -> None:
    assert loads(of(*lines, head=EVENTS))


def test_counts_of_events_know_no_elapsed_time() -> None:
    text = of(
        "measure: {count: {step: taken}}",
        'green: "<= 1"',
        "abandoned: {where: {x: y}, counts: by_elapsed}",
        head=EVENTS,
    )
    assert "`by_elapsed` needs a value that grows with waiting; found a measure of count" in problems(text)[0]


def test_without_fields_raw_columns_are_used_throughout() -> None:
    head = "svclight: 1\ntime_zone: UTC\nprocesses:\n  p:\n    title: P\n    log: {time: at}\n    criteria:\n      c:\n"
    assert loads(of("measure: {value: waited}", 'green: "<= 30"', "applies: {x: y}", head=head))
    assert loads(
        of(
            "measure: {delay: {due: a, actual: b}}",
            'green: "<= 30 s"',
            "abandoned: {where: {x: y}, at: z, counts: by_elapsed}",
            head=head,
        )
    )
    assert "a number without a unit" in problems(of("measure: {value: waited}", 'green: "<= 30 s"', head=head))[0]
    found = problems(of("measure: {duration: {from: a, to: b, minus: [c]}}", 'green: "<= 30 s"', head=head))
    assert (
        'minus.0: what is taken off needs a unit of time; found "c"; expected a field {number: c, unit: s}' in found[0]
    )
    found = problems(of("measure: {repeat: {within: 7 d, same: [customer]}}", 'green: "<= 0"', head=head))
    assert "this measure needs to know the customer; expected a key `customer` in the log" in found[0]


def test_worst_of_worst_and_of_items() -> None:
    text = of("measure: {worst: [d, card.ok]}") + "      d: {measure: {worst: [card]}}\n"
    text += "      card: {measure: {checklist: {items: {ok: 1}, each: true}}, green: '>= 80'}\n"
    assert loads(text)
    round_about = (
        of("measure: {worst: [d]}")
        + "      d: {measure: {worst: [e, d2]}}\n      e: {measure: {worst: [c, d2]}}\n      d2: {measure: {value: secs}, green: '<= 1'}\n"
    )
    assert [problem.split(": ")[2].split(";")[0] for problem in problems(round_about)] == [
        "a criterion is a part of itself"
    ] * 3


def test_groups_hold_items_once_and_have_names_of_their_own() -> None:
    groups = "groups: {manners: [ok, oj], ok: [ok, ok]}"
    found = problems(of(f"measure: {{checklist: {{items: {{ok: 1}}, each: true, {groups}}}}}", "green: '>= 80'"))
    assert [one.split("checklist.groups.")[1] for one in found] == [
        'manners.1: unknown item; found "oj"; expected one of ok',
        'ok: "ok" is an item, which `each` counts by this name; expected a name of its own for the group',
        'ok.1: the item "ok" stands twice',
    ]


@pytest.mark.parametrize("each", ["", ", each: false"])
def test_items_that_are_not_counted_by_themselves_are_no_parts(each: str) -> None:
    card = f"      card: {{measure: {{checklist: {{items: {{ok: 1}}{each}}}}}, green: '>= 80'}}\n"
    (found,) = problems(of("measure: {worst: [card, card.ok]}") + card)
    assert found.endswith(
        'c.measure.worst.1: the items of "card" are not counted by themselves; found "card.ok"; '
        'expected `each: true` in the checklist of "card"'
    )


@pytest.mark.parametrize(
    ("hours", "said"),
    [('mon-fri: "9-18"', "these are no hours"), ('mo-fr: "09:00-18:00"', "this is no day of the week")],
)
def test_hours_that_are_wrong_are_not_told_as_lacking_too(hours: str, said: str) -> None:
    text = (
        f"svclight: 1\ntime_zone: UTC\ncalendars: {{office: {{hours: {{{hours}}}}}}}\nprocesses: {{p: {{title: P}}}}\n"
    )
    (found,) = problems(text)
    assert said in found


def test_a_part_of_a_circle_is_not_in_it() -> None:
    text = "svclight: 1\ntime_zone: UTC\nprocesses:\n  a: {title: A, part_of: b}\n  b: {title: B, part_of: c}\n  c: {title: C, part_of: b}\n"
    assert [problem.split(":")[1] for problem in problems(text)] == ["5", "6"]


@pytest.mark.parametrize("name", sorted(TABLE_COLUMNS))
def test_no_segment_bears_the_name_of_a_column(name: str) -> None:
    found = problems(changed("segments: [type,", f"segments: [{name},"))
    assert any(f'may not bear the name of a column of the results; found "{name}"' in problem for problem in found)


def test_names_of_columns_that_the_tables_have() -> None:
    assert {"process", "green_share_low", "net_high", "not_applicable", "reason", "line", "unit"} <= TABLE_COLUMNS
    assert "type" not in TABLE_COLUMNS


def test_what_is_wrong_in_a_field_is_not_told_of_its_criteria() -> None:
    for wrong in ("{number: secs, text: x}", "{number: secs, unit: seconds}", "{}"):
        text = of("measure: {value: secs}", 'green: "<= 30 s"').replace("{number: secs, unit: s}", wrong)
        assert len(problems(text)) == 1


def test_the_rest_of_a_broken_log_is_checked() -> None:
    """A log without its anchor is not known; limits of its criteria are still held against each other."""
    text = of("measure: {value: secs}", 'green: "<= 60 s"', 'yellow: "<= 30 s"').replace("      time: at\n", "")
    found = problems(text)
    assert any('the key "time" is missing' in problem for problem in found)
    assert any("is not wider than green" in problem for problem in found)


def test_what_needs_the_log_is_not_told_where_the_log_is_broken() -> None:
    lines = [
        "measure: {duration: {from: at, to: done, minus: [secs]}}",
        'green: "<= 60 s"',
        'targets: {where: {team: a}, net: ">= 5"}',
    ]
    assert len(problems(of(*lines).replace("      time: at\n", ""))) == 1
    assert len(problems(of(VALUE, "thresholds: 5"))) == 1


def test_what_is_wrong_in_a_measure_is_told_once() -> None:
    found = problems(of("measure: {duration: {to: done}}", 'green: "<= 5 s"', 'yellow: "<= 3 s"'))
    assert len(found) == 1
    assert 'measure.duration: the key "from" is missing' in found[0]


def test_units_of_values() -> None:
    found = loads(of("measure: {value: secs}", 'green: "<= 5"')).processes["p"]
    units = [
        value_unit(Measure.model_validate({"value": name}), found.log)
        for name in ("secs", "long", "plain", "share", "survey.score", "kind", "x", "x.y")
    ]
    assert units == ["s", "s", "", "%", "", None, None, None]
    assert value_unit(Measure.model_validate({"value": "secs"}), None) is None
    assert value_unit(Measure.model_validate({"frequency": {"within": "1 d"}}), None) == ""


def test_a_misspelt_zone_of_a_target_is_told_once():
    with pytest.raises(svclight.DefinitionError, match='unknown key "gren"') as caught:
        svclight.loads(
            "svclight: 1\ntime_zone: UTC\nprocesses: {p: {title: P, log: {time: at}, criteria: "
            '{c: {measure: {value: x}, green: "<= 5", targets: {gren: "> 80"}}}}}'
        )
    assert len(caught.value.issues) == 1
