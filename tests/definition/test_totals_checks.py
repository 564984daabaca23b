"""What can be measured in a log of totals, and by which fields: each refusal with its words and its place."""

import pytest

import svclight
from svclight.definition.for_authors import json_schema

TEXT = """
svclight: 1
time_zone: UTC
processes:
  hotline:
    title: Hotline
    log:
      rows: totals
      time: at
      fields:
        at: {time: Interval Start}
        offered: {number: Offered}
        in_time: {number: In time}
        gone: {number: Abandoned}
        level: {number: Service Level, unit: "%"}
        talked: {number: Talk, unit: s}
        late: {difference: [offered, in_time, gone]}
    criteria:
      speed:
        measure: {totals: {green: [in_time], yellow: [late], red: [gone]}}
"""
MEASURE = "measure: {totals: {green: [in_time], yellow: [late], red: [gone]}}"


def problems(*changes: tuple[str, str]) -> list[str]:
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    with pytest.raises(svclight.DefinitionError) as error:
        svclight.loads(text)
    return [str(issue).replace("definition:", "", 1) for issue in error.value.issues]


def test_it_loads_as_it_stands():
    totals = svclight.loads(TEXT).processes["hotline"].criteria["speed"].measure.totals
    assert totals.states == {"in_time": "green", "late": "yellow", "gone": "red"}


HERE = "20: processes.hotline.criteria.speed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("      rows: totals\n", ""), "19: processes.hotline.criteria.speed.measure.totals: counts stand in a log of totals alone; expected `rows: totals` in the log"),
        ((MEASURE, 'measure: {value: talked}\n        green: "<= 30 s"'), f"{HERE}.measure.value: the value of a row of totals needs to know for how many interactions it stands; expected a key `weight` in the log: the field that counts them"),
        ((MEASURE, "measure: {flag: gone}\n        green: true"), f"{HERE}.measure.flag: a row of totals is no single interaction: it has no flag; expected a measure of totals; name the fields that count: totals: {{green: [IN_TIME], red: [LATE]}}"),
        ((MEASURE, 'measure: {duration: {from: at, to: at}}\n        green: "<= 1 h"'), f"{HERE}.measure.duration: a row of totals is no single interaction: it has no duration; expected a measure of totals"),
        ((MEASURE, 'measure: {delay: {due: at, actual: at}}\n        green: "<= 1 h"'), "it has no delay"),
        ((MEASURE, "measure: {category: gone}\n        green: [a]"), "it has no category"),
        ((MEASURE, 'measure: {count: {step: a}}\n        green: "<= 1"'), "it has no count"),
        ((MEASURE, 'measure: {repeat: {within: 7 d, same: [at]}}\n        green: "<= 0"'), "it has no repeat"),
        ((MEASURE, 'measure: {checklist: {items: {gone: 1}}}\n        green: ">= 80 %"'), "it has no checklist"),
        ((MEASURE, MEASURE + "\n      both: {measure: {worst: [speed]}}"), "21: processes.hotline.criteria.both.measure.worst: a row of totals is no single interaction: it has no worst"),
        ((MEASURE, 'measure: {recency: {within: 7 d}}\n        green: "<= 1 d"'), "it has no recency"),
        ((MEASURE, 'measure: {frequency: {within: 7 d}}\n        green: ">= 1"'), "it has no frequency"),
        ((MEASURE, 'measure: {spend: {within: 7 d, amount: gone}}\n        green: ">= 1"'), "it has no spend"),
        ((MEASURE, MEASURE + '\n        green: "<= 30 s"'), "21: processes.hotline.criteria.speed.green: `totals` are counts already: nothing is held against a limit; expected no limits; name the fields that count as green in the measure"),
        ((MEASURE, MEASURE + '\n        thresholds: [{green: "<= 30 s"}]'), "21: processes.hotline.criteria.speed.thresholds: `totals` are counts already: nothing is held against a limit; expected no limits"),
        ((MEASURE, MEASURE + "\n        scale: [0, 9]"), "21: processes.hotline.criteria.speed.scale: `scale` is for numbers; found a measure of totals"),
        ((MEASURE, MEASURE + "\n        whole: true"), "`whole` is for numbers; found a measure of totals"),
        ((MEASURE, MEASURE + "\n        abandoned: {where: {x: 1}, counts: red}"), "21: processes.hotline.criteria.speed.abandoned: a row of totals is no interaction that can be abandoned; expected no `abandoned`; name the field that counts the abandoned ones in the measure, such as red: [abandoned]"),
        (("      time: at\n", "      time: at\n      id: at\n      repeated_ids: {keep: last}\n"), "11: processes.hotline.log.repeated_ids: rows of totals are no versions of one interaction; expected no `repeated_ids`; rows that are the same in every column count once where the log has an `id`"),
        (("      time: at\n", "      time: at\n      step: at\n"), "`step` belongs to event logs"),
        (("{green: [in_time], yellow: [late], red: [gone]}", "{missing: [gone]}"), f"{HERE}.measure.totals: no field counts satisfied or dissatisfied customers; expected one of green, yellow, red"),
        (("{green: [in_time], yellow: [late], red: [gone]}", "{}"), "no field counts satisfied or dissatisfied customers"),
        (("red: [gone]", "red: [gone, in_time]"), f'{HERE}.measure.totals.red.1: "in_time" counts as green already; expected each number once'),
        (("red: [gone]", "red: [gone, gone]"), '"gone" counts as red already'),
        (("red: [gone]", "red: [gon]"), f'{HERE}.measure.totals.red.0: unknown field; found "gon"; expected one of at, gone, in_time, late, level, offered, talked; did you mean "gone"?'),
        (("red: [gone]", "red: gone"), f'{HERE}.measure.totals.red: this is of the wrong kind; found "gone"; expected a list; write it as a list: ["gone"]'),
        (("red: [gone]", "red: [at]"), f'{HERE}.measure.totals.red.0: "at" is a field of time; expected a field of number or sum or difference'),
        (("red: [gone]", "red: [talked]"), f'{HERE}.measure.totals.red.0: "talked" is no count: its unit is s; expected a field that counts'),
        (("red: [gone]", "red: [level]"), '"level" is no count: its unit is %'),
        (("red: [gone]", "rde: [gone]"), f'{HERE}.measure.totals.rde: unknown key "rde"; expected one of green, yellow, red, missing; did you mean "red"?'),
    ],
)  # fmt: skip
def test_refusals(change, said):
    found = problems(change)
    assert any(said in problem for problem in found), found
    assert len(found) == 1, found


def test_a_value_of_a_weighted_row_is_measured():
    text = TEXT.replace("      time: at\n", "      time: at\n      weight: offered\n")
    text += '      talk: {measure: {value: talked}, green: "<= 3 min"}\n'
    assert set(svclight.loads(text).processes["hotline"].criteria) == {"speed", "talk"}
    with pytest.raises(svclight.DefinitionError, match="a row of totals is no interaction that can be abandoned"):
        svclight.loads(text.replace('"<= 3 min"', '"<= 3 min", abandoned: {where: {x: 1}, counts: red}'))


def test_raw_columns_count_where_no_field_is_declared():
    text = TEXT[: TEXT.index("      fields:")] + TEXT[TEXT.index("    criteria:") :]
    text = text.replace("[in_time]", "[In time]").replace("yellow: [late], ", "").replace("[gone]", "[Abandoned]")
    assert svclight.loads(text).processes["hotline"].criteria["speed"].measure.totals.red == ("Abandoned",)


def test_the_schema_of_editors_knows_totals():
    schema = json_schema()
    assert set(schema["$defs"]["Totals"]["properties"]) == {"green", "yellow", "red", "missing"}
    assert schema["$defs"]["Log"]["properties"]["rows"]["enum"] == ["interactions", "events", "totals"]
