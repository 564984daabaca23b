"""Two definitions on the same log: which interactions change zone, which verdicts turn, and how a reviewer reads it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.helpers import definition
from support.russian import check_russian

import svclight
from svclight.planning import changed_definition, paired_criteria

pytestmark = pytest.mark.once

OLD = 'c: {title: Waiting, measure: {value: x}, green: "<= 5", yellow: "<= 8", targets: {green: ">= 50 %"}}'
NEW = OLD.replace("<= 5", "<= 3").replace("<= 8", "<= 7")
LOG = "{time: at, id: id, segments: [team]}"


def rows(values, month="2026-01"):
    days = pd.date_range(month, periods=pd.Period(month, "M").days_in_month)
    size = len(values)
    return pd.DataFrame({"id": [f"i{n}" for n in range(size)], "at": days[np.arange(size) % len(days)], "x": values, "team": "a"})  # fmt: skip


def differ(frame, old=OLD, new=NEW, old_log=LOG, new_log=LOG, **options):
    options = {"as_of": "2026-02-01"} | options
    return svclight.diff(definition(old, old_log), definition(new, new_log), {"p": frame}, **options)


def matrix(found, criterion="c"):
    table = found.matrix[found.matrix["criterion"] == criterion]
    return {(a, b): n for a, b, n in table[["before", "after", "count"]].itertuples(index=False)}


def test_from_where_to_where():
    # limits 5 and 8, then 3 and 7: 4 and 5 leave green, 8 leaves yellow
    found = differ(rows([1, 3, 4, 5, 6, 7, 8, 9, None] * 10))
    assert matrix(found) == {
        ("green", "green"): 20, ("green", "yellow"): 20, ("yellow", "yellow"): 20, ("yellow", "red"): 10,
        ("red", "red"): 10, ("missing", "missing"): 10,
    }  # fmt: skip
    assert found.criteria.values.tolist() == [["p", "c", "changed", "", 90.0, 30.0, 0.0, 30.0]]
    assert found.changes
    back = differ(rows([4, 8] * 20), old=NEW, new=OLD)
    assert back.criteria[["changed", "better", "worse"]].values.tolist() == [[40, 40, 0]]


@given(st.lists(st.integers(0, 10), min_size=1, max_size=40), st.integers(1, 4), st.integers(6, 9))
def test_the_matrix_is_that_of_both_drill_downs(values, green, yellow):
    new = f'c: {{measure: {{value: x}}, green: "<= {green}", yellow: "<= {yellow}", applies: {{x: "> 0"}}}}'
    found = differ(rows(values), new=new)
    cards = [svclight.score({"p": rows(values)}, definition(text, LOG), as_of="2026-02-01") for text in (OLD, new)]
    zones = [card.interactions("p", "c")["zone"].astype(str) for card in cards]
    expected = pd.Series(list(zip(*zones, strict=True))).value_counts().to_dict()
    assert matrix(found) == expected
    moved = [number for number, (a, b) in enumerate(zip(*zones, strict=True)) if a != b]
    assert found.interactions("p", "c")["id"].tolist() == [f"i{number}" for number in moved]


def test_which_interactions_only_where_asked():
    found = differ(rows([1, 4, 8, 9]))
    table = found.interactions("p", "c")
    assert table[["id", "value_before", "value", "zone_before", "zone"]].values.tolist() == [
        ["i1", 4, 4, "green", "yellow"],
        ["i2", 8, 8, "yellow", "red"],
    ]
    assert found.interactions("p", "c", before="green")["id"].tolist() == ["i1"]
    assert found.interactions("p", "c", after="red")["id"].tolist() == ["i2"]
    assert "i1" not in found.markdown()
    hidden = found.interactions("p", "c", pseudonymise="secret")["id"]
    assert hidden.str.fullmatch("[0-9a-f]{16}").all()
    with pytest.raises(svclight.SvclightError, match='unknown state before; found "gren"; .* did you mean "green"?'):
        found.interactions("p", "c", before="gren")
    with pytest.raises(svclight.SvclightError, match='this is no criterion that both definitions have; found "p.d"; expected one of "p.c"'):  # fmt: skip
        found.interactions("p", "d")


def test_verdicts_that_turn():
    # January: 80 of 100 are 4, then 0 of 100 are green; February does not turn
    frame = pd.concat([rows([4] * 80 + [9] * 20), rows([1] * 80 + [9] * 20, "2026-02")])
    frame["id"] = range(len(frame))
    found = differ(frame, as_of="2026-03-01")
    assert found.verdicts.values.tolist() == [["p", "c", "2026-01", "", "green", ">= 50 %", ">= 50 %", "met", "missed"]]
    stricter = differ(frame, new=OLD.replace("50 %", "90 %"), as_of="2026-03-01")
    assert stricter.verdicts[["period", "target_before", "target", "before", "after"]].values.tolist() == [
        ["2026-01", ">= 50 %", ">= 90 %", "met", "missed"],
        ["2026-02", ">= 50 %", ">= 90 %", "met", "missed"],
    ]
    assert "| p.c | 2026-01 | green ≥ 50 % → ≥ 90 % | met | missed |" in stricter.markdown()
    assert stricter.criteria["changed"].tolist() == [0]
    dropped = differ(frame, new=OLD.replace(', targets: {green: ">= 50 %"}', ""), as_of="2026-03-01")
    assert dropped.verdicts["after"].tolist() == ["", ""]
    assert "| p.c | 2026-01 | green ≥ 50 % | met | no such target |" in dropped.markdown()


def test_targets_of_segments_are_judged():
    new = OLD.replace('{green: ">= 50 %"}', '[{green: ">= 50 %"}, {where: {team: a}, green: ">= 50 %"}]')
    found = differ(rows([1] * 80), new=new)
    assert found.verdicts[["where", "before", "after"]].values.tolist() == [["team is a", "", "met"]]
    assert "p.c where team is a" in found.markdown()


def test_added_removed_renamed():
    old = f'{OLD}\nd: {{measure: {{value: x}}, green: "<= 1"}}\ne: {{measure: {{value: x}}, green: "<= 2"}}'
    new = OLD.replace("c:", "wait:").replace("Waiting", "Wait") + '\ne: {measure: {value: x}, green: "<= 2"}\nf: {measure: {value: x}, green: "<= 9"}'  # fmt: skip
    found = differ(rows([1, 4, 9] * 10), old, new)
    assert found.criteria[["criterion", "change", "was"]].values.tolist() == [
        ["wait", "renamed", "p.c"], ["e", "same", ""], ["f", "added", ""], ["d", "removed", ""],
    ]  # fmt: skip
    assert found.criteria["changed"].tolist()[:2] == [0, 0]
    assert np.isnan(found.criteria["changed"].tolist()[2:]).all()
    assert found.changes
    page = found.markdown()
    assert "No interaction changes zone; no verdict turns; 1 added criterion; 1 removed criterion; 1 renamed criterion." in page  # fmt: skip
    assert "| p.wait | renamed from p.c | 30 | 0 | 0 | 0 |" in page
    assert "| p.d | removed |  |  |  |  |" in page
    assert not len(found.verdicts)


def test_the_page_in_russian():
    old = f'{OLD}\nd: {{measure: {{value: x}}, green: "<= 1"}}\ne: {{title: E, measure: {{value: x}}, green: "<= 2"}}'
    new = (
        NEW.replace("50 %", "90 %")
        + '\nw: {title: E, measure: {value: x}, green: "<= 3"}\nf: {measure: {value: x}, green: "<= 9"}'
    )
    frame = rows([1, 3, 4, 5, 6, 7, 8, 9, None] * 10).assign(n=[1, -1] * 45)
    dropped = OLD.replace(', targets: {green: ">= 50 %"}', "")
    for text, log in ((new, LOG), (NEW, "{time: at, id: id, segments: [team], weight: n}"), (OLD, LOG), (dropped, LOG)):
        head, *lines = differ(frame, old, text, new_log=log, lang="ru").markdown().splitlines()
        assert head.startswith("## Что даёт изменение: before (")
        told = "\n".join(line.replace("| 2026-01 |", "|") for line in lines if not line.startswith("- "))
        check_russian(told, "Waiting", "weight")
    moved = differ(frame, lang="ru").markdown()
    assert "| p.c | изменён | 90 | 30 (33,3 %) | 0 | 30 |" in moved
    assert "| было ↓, стало → | зелёные | жёлтые | красные | без значения |" in moved


def test_nothing_changes():
    found = differ(rows([1, 6, 9]), new=OLD)
    assert not found.changes
    assert found.criteria["change"].tolist() == ["same"]
    assert "No interaction changes zone; no verdict turns.\n" in str(found)
    assert not len(found.interactions("p", "c"))


def test_a_log_that_is_read_otherwise():
    new_log = "{time: at, id: id, segments: [team], exclude: [{where: {x: 9}, reason: odd}]}"
    found = differ(rows([1, 9]), new=OLD, new_log=new_log)
    assert matrix(found) == {("green", "green"): 1, ("red", "excluded"): 1}
    assert "The log of p is read otherwise: exclude." in found.markdown()
    assert found.criteria["change"].tolist() == ["changed"]


def test_rows_that_one_definition_rejects():
    frame = rows([1, 4, 9]).assign(n=[2, -1, 3])
    weighted = "{time: at, id: id, segments: [team], weight: n}"
    found = differ(frame, new_log=weighted)
    assert matrix(found) == {("green", "green"): 2, ("green", "absent"): 1, ("red", "red"): 3}
    table = found.interactions("p", "c", after="absent")
    assert table[["id", "value_before", "zone_before"]].values.tolist() == [["i1", 4, "green"]]
    other = differ(frame, old_log=weighted, new_log=LOG)
    assert other.interactions("p", "c", before="absent")["id"].tolist() == ["i1"]


def test_rows_are_matched_by_line_and_by_label(tmp_path):
    frame = rows([1, 4, 8, 9])
    path = tmp_path / "log.csv"
    frame.to_csv(path, index=False)
    assert matrix(differ(path)) == matrix(differ(frame))
    repeated = frame.set_axis(["a", "a", "b", "b"]).assign(n=[1, -1, 1, 1])
    found = differ(repeated, new_log="{time: at, id: id, segments: [team], weight: n}")
    assert matrix(found)["green", "absent"] == 1
    levels = frame.set_index(["team", "id"], drop=False)
    assert matrix(differ(levels)) == matrix(differ(frame))


def test_cases_and_customers():
    events = pd.DataFrame({"id": ["a", "a", "b", "c"], "at": ["2026-01-01", "2026-01-03", "2026-01-01", "2026-01-31"], "act": ["s", "e", "s", "s"]})  # fmt: skip
    log = "{rows: events, id: id, time: at, step: act, steps: {begun: s, done: e}}"
    criterion = 'c: {measure: {duration: {from: begun, to: done}}, green: "<= GREEN d", yellow: "<= 5 d"}'
    found = differ(events, criterion.replace("GREEN", "3"), criterion.replace("GREEN", "1"), log, log)
    assert matrix(found) == {("green", "yellow"): 1, ("red", "red"): 1, ("pending", "pending"): 1}
    assert found.interactions("p", "c")["id"].tolist() == ["a"]
    log = "{time: at, customer: id}"
    often = 'c: {measure: {frequency: {within: 10 d, young: rated}}, green: ">= GREEN"}'
    found = differ(events, often.replace("GREEN", "1"), often.replace("GREEN", "2"), log, log)
    # on 31 January only c was there within ten days, once
    assert matrix(found) == {("green", "red"): 1, ("red", "red"): 2}
    assert found.interactions("p", "c")["customer"].tolist() == ["c"]


def test_a_process_that_is_renamed_or_gone():
    old, new = definition(OLD, LOG), svclight.loads(_named(OLD, "phone"))
    frame = rows([1, 4])
    for name in ("p", "phone"):
        found = svclight.diff(old, new, {name: frame}, as_of="2026-02-01")
        assert found.criteria[["process", "change", "was", "changed"]].values.tolist() == [
            ["phone", "renamed", "p.c", 0]
        ]
    other = svclight.loads(_named(NEW, "phone"))
    found = svclight.diff(old, other, {"p": frame}, as_of="2026-02-01")
    assert found.criteria[["process", "change"]].values.tolist() == [["phone", "added"], ["p", "removed"]]
    with pytest.raises(svclight.SvclightError, match='a log was given for a process of neither definition; found "fone"; expected one of "p", "phone"; did you mean "phone"?'):  # fmt: skip
        svclight.diff(old, other, {"fone": frame})
    with pytest.raises(svclight.SvclightError, match="no log of a process was given"):
        svclight.diff(old, new, {})


def _named(criteria, name):
    from support.helpers import HEAD

    return HEAD.format(zone="UTC", log=LOG).replace("  p:", f"  {name}:") + f"      {criteria}\n"


def test_what_is_worth_knowing():
    old = definition(OLD, LOG)
    berlin = definition(OLD, LOG, zone="Europe/Berlin")
    found = svclight.diff(old, berlin, rows([1, 4]), as_of="2026-02-01")
    assert found.notes[:1] == ("the time zone is another: UTC, now Europe/Berlin",)
    assert found.criteria["change"].tolist() == ["changed"]
    calendars = svclight.loads('svclight: 1\ntime_zone: UTC\ncalendars: {office: {hours: {mon: "09:00-18:00"}}}\n' + _named(OLD, "p").partition("UTC\n")[2])  # fmt: skip
    assert svclight.diff(old, calendars, rows([1]), as_of="2026-02-01").notes[:1] == ('calendars are others: "office"',)
    later = 'd: {measure: {duration: {from: at, to: end}}, green: "<= 1 d"}'
    frame = rows([1, 4]).assign(end=pd.Timestamp("2026-01-20"))
    seen = svclight.diff(old, definition(f"{OLD}\n{later}", "{time: at, id: id, segments: [team]}"), frame)
    assert seen.notes[0].startswith("the definitions see the log from different moments, 2026-01-02")
    assert seen.notes[0].endswith(": give as_of")


def test_text_of_definitions_is_escaped():
    odd = NEW.replace("Waiting", '"<b>|`x`"').replace(
        "measure: {value: x}", 'measure: {value: x}, applies: {team: "a|<i>"}'
    )
    page = differ(rows([1, 4]), new=odd).markdown()
    assert "<i>" not in page
    assert "a\\|&lt;i>" in page


def test_a_long_list_of_verdicts_is_cut():
    days = pd.date_range("2020-01-01", "2025-12-31", freq="12h")
    frame = pd.DataFrame({"id": range(len(days)), "at": days, "x": 4, "team": "a"})
    found = differ(frame, as_of="2026-01-01")
    assert len(found.verdicts) == 72
    assert "\nand 22 more.\n" in found.markdown()


def test_pairs_of_rows():
    first, second = paired_criteria.match_rows(pd.Index(["a", "b", "c"]), pd.Index(["c", "d", "a"]))
    assert first.tolist() == [2, -1, 0, 1]
    assert second.tolist() == [0, 1, 2, -1]
    assert changed_definition.VERDICTS[-2:] == ["before", "after"]
