"""Cells that cannot be read are told, a field: how many, which share, one of them, and what would read them."""

import warnings
from fractions import Fraction

import pandas as pd
import pytest

import svclight
from svclight.counts.log_notices import bearable_share
from svclight.errors import SvclightNotice

TEXT = """
svclight: 1
time_zone: UTC
processes:
  hotline:
    title: Hotline
    log:
      time: called
      exclude: [{where: {kind: test}, reason: a test, expect: false}]
      fields:
        called: {time: called}
        waited: {number: waited, unit: s}
        talked: {span: talked}
        solved: {flag: solved}
        unused: {number: unused}
    criteria:
      wait: {measure: {value: waited}, green: "<= 30 s"}
      talk: {measure: {value: talked}, green: "<= 5 min"}
      solved: {measure: {flag: solved}, green: true}
"""
DEFINITIONS = svclight.loads(TEXT)


def log_of(rows: int = 200, **cells: dict[int, str]) -> pd.DataFrame:
    """Sound rows, but for some cells by column and row."""
    sound = {
        "called": "2026-03-10",
        "waited": "10",
        "talked": "0:01:00",
        "solved": "yes",
        "kind": "call",
        "unused": "x",
    }
    frame = pd.DataFrame({name: [cell] * rows for name, cell in sound.items()})
    for name, places in cells.items():
        for place, cell in places.items():
            frame.loc[place, name] = cell
    return frame


def score(log: object, text: str = TEXT, **options: object) -> tuple[svclight.Scorecard, list[str]]:
    """The card, and what was said."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        card = svclight.score(log, svclight.loads(text), as_of="2026-04-01", **options)
    return card, [str(one.message) for one in said if issubclass(one.category, SvclightNotice)]


def test_each_field_is_told_once_with_its_share_an_example_and_a_way_out():
    card, said = score(log_of(waited={3: "4,5", 7: "5,5"}, solved={0: "", 5: "perhaps"}))
    assert said == [
        (
            'hotline: 2 of 200 filled cells of "waited" (1.0 %) are not a number, such as "4,5" in row 4; '
            'tried on them: read: {decimal: ","} at the log ("4,5" becomes 4.5)'
        ),
        (
            'hotline: 1 of 199 filled cells of "solved" (0.5 %) is not true or false, such as "perhaps" in row 6; '
            'tried on them: missing: ["perhaps"] at the field'
        ),
    ]
    assert card.unread.values.tolist() == [
        ["hotline", "hotline", "waited", 200, 2, 0.01, "4,5", "", 4, 'read: {decimal: ","} at the log'],
        ["hotline", "hotline", "solved", 199, 1, 1 / 199, "perhaps", "", 6, "missing: […] at the field"],
    ]
    assert card.interactions("hotline", "wait", zone="missing")["reason"].tolist() == [
        'waited: "4,5" is not a number',
        'waited: "5,5" is not a number',
    ]


def test_a_file_is_named_with_the_line(tmp_path):
    path = tmp_path / "calls.csv"
    log_of(waited={3: "many"}).to_csv(path, index=False)
    _, said = score(path)
    assert said == [
        (
            'hotline: 1 of 200 filled cells of "waited" (0.5 %) is not a number, such as "many" in calls.csv, line 5; '
            'tried on them: missing: ["many"] at the field'
        )
    ]


def test_what_is_excluded_or_not_used_is_not_counted():
    card, said = score(log_of(waited={3: "4,5"}, kind={3: "test", 9: "test"}))
    assert (said, len(card.unread)) == ([], 0)


def test_more_than_is_bearable_is_an_error_in_the_same_words():
    log = log_of(waited=dict.fromkeys(range(3), "4,5"))  # 3 of 200 are 1.5 %
    with pytest.raises(svclight.LogError, match='3 of 200 filled cells of "waited" .1.5 %. are not a number') as error:
        score(log)
    assert str(error.value) == (
        'definition:12: processes.hotline.log.fields.waited: hotline: 3 of 200 filled cells of "waited" (1.5 %) '
        'are not a number: too many to count the rest as if nothing were missing; found "4,5" in row 1; '
        'expected at most 1 % of them, or `max_unread` at the field; read: {decimal: ","} at the log ("4,5" becomes 4.5)'
    )


def test_fewer_than_three_cells_are_no_error_whatever_their_share():
    card, _ = score(log_of(4, waited={0: "a", 1: "b"}))
    assert card.unread["share"].tolist() == [0.5]


@pytest.mark.parametrize(
    ("in_field", "in_log", "of_call", "passes"),
    [
        ("", "", None, False),
        (', max_unread: "2 %"', "", None, True),
        ("", 'max_unread: "2 %"', None, True),
        (', max_unread: "1 %"', 'max_unread: "2 %"', None, False),  # the field counts before the log
        (', max_unread: "1 %"', "", "2 %", True),  # the call counts before the field
        (', max_unread: "2 %"', "", 0.01, False),
        ("", "", Fraction(3, 200), True),  # exactly so many as are bearable
    ],
)
def test_the_call_counts_before_the_field_and_that_before_the_log(in_field, in_log, of_call, passes):
    text = TEXT.replace("unit: s}", f"unit: s{in_field}}}").replace(
        "      time: called\n", f"      time: called\n      {in_log}\n"
    )
    log = log_of(waited=dict.fromkeys(range(3), "4,5"))
    if passes:
        assert score(log, text, max_unread=of_call)[0].unread["unread"].tolist() == [3]
    else:
        with pytest.raises(svclight.LogError, match="expected at most"):
            score(log, text, max_unread=of_call)


@pytest.mark.parametrize("given", ["2 %", "2%", 0.02, "0.02", Fraction(1, 50)])
def test_a_bearable_share_is_a_number_or_a_text(given):
    assert bearable_share(given) == Fraction(1, 50)


@pytest.mark.parametrize("given", ["two", -0.1, 1.5, "150 %", ""])
def test_what_is_no_share(given):
    with pytest.raises(
        svclight.SvclightError, match='`max_unread` is no share; found ".*"; expected a number from 0 to 1'
    ):
        bearable_share(given)


def test_times_that_cannot_be_read_are_told_before_the_missing_moment():
    log = log_of().assign(called="10 March 26")
    with pytest.raises(
        svclight.LogError, match='200 of 200 filled cells of "called" .100.0 %. are not a time .of 1980 or later'
    ):
        svclight.score(log, DEFINITIONS)


def test_what_is_kept_quotes_no_cell(tmp_path):
    card, _ = score(log_of(waited={3: "secret"}))
    assert card.provenance.notices[:1] == (
        'hotline: 1 of 200 filled cells of "waited" (0.5 %) is not a number; tried on them: missing: […] at the field',
    )
    kept = svclight.Scorecard.open(card.save(tmp_path / "card.svclight"))
    assert kept.unread.drop(columns=["example", "line"]).equals(card.unread.drop(columns=["example", "line"]))
    assert kept.unread[["example", "line"]].values.tolist() == [["", 0]]
    quoting = svclight.Scorecard.open(card.save(tmp_path / "quoting.svclight", quote_cells=True))
    assert quoting.unread.equals(card.unread)


def test_cards_that_are_put_together_add_their_unread_cells():
    march, _ = score(log_of(waited={3: "many"}))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        april = svclight.score(
            log_of(100, waited={3: "few"}, solved={1: "perhaps"}).assign(called="2026-04-10"),
            DEFINITIONS,
            as_of="2026-05-01",
        )
    both = (march + april).unread
    assert both[["field", "cells", "unread"]].values.tolist() == [["waited", 300, 2], ["solved", 100, 1]]
    assert both["share"].tolist() == [2 / 300, 1 / 100]


def test_an_item_of_a_checklist_may_not_apply():
    text = TEXT.split("    criteria:", maxsplit=1)[0] + (
        "    criteria:\n      quality: {measure: {checklist: {items: {solved: 10}}}, green: '>= 80 %'}\n"
    )
    assert score(log_of(solved={0: "n/a", 1: "N/A"}), text)[1] == []
    _, said = score(log_of(solved={0: "n/a", 1: "perhaps"}), text)
    assert 'of "solved" (0.5 %) is not true or false, such as "perhaps" in row 2' in said[0]


EARLY = TEXT.split("    criteria:", maxsplit=1)[0].replace(
    "unused: {number: unused}", "late: {number: late, unit: min}"
)


@pytest.mark.parametrize("low", ["0", "-120"])
def test_values_below_zero_are_told_unless_the_scale_has_them(low):
    text = EARLY + (
        f"    criteria:\n      late: {{measure: {{value: late}}, scale: [{low}, 2000], green: '<= 15 min'}}\n"
    )
    late = [-5, -3, -1, 20, 30]  # 3 of 5 come early
    card, said = score(log_of(5).assign(late=late), text)
    counted = card.counts.set_index("zone")["count"]
    if low == "0":
        assert said == [
            (
                "processes.hotline.criteria.late.measure: 3 of 5 values are missing: late is below 0; where that means early, "
                "`scale: [LOW, HIGH]` with a LOW below 0 at the criterion counts them"
            )
        ]
        assert counted[["green", "red", "missing"]].tolist() == [0, 2, 3]
        assert score(log_of(4).assign(late=late[1:]), text)[1] == []  # 2 are the clocks' own
    else:
        assert said == []
        assert counted[["green", "red", "missing"]].tolist() == [3, 2, 0]


def test_what_is_taken_off_below_zero_is_told_without_the_scale():
    text = EARLY.replace("unit: min}", "unit: min}\n        ended: {time: ended}") + (
        "    criteria:\n      talk: {measure: {duration: {from: called, to: ended, minus: [late]}}, green: '<= 5 min'}\n"
    )
    log = log_of(4).assign(late=[-1, -1, -1, 0], ended="2026-03-20")
    assert score(log, text)[1] == [
        "processes.hotline.criteria.talk.measure: 3 of 4 values are missing: late is below 0"
    ]


def test_durations_that_run_backwards_are_told():
    text = TEXT.split("    criteria:", maxsplit=1)[0].replace("unused: {number: unused}", "ended: {time: ended}") + (
        "    criteria:\n      talk: {measure: {duration: {from: called, to: ended}}, green: '<= 5 min'}\n"
    )
    ended = ["2026-03-09"] * 3 + ["2026-03-10"] * 2  # 3 of 5 end before they begin
    assert score(log_of(5).assign(ended=ended), text)[1] == [
        "processes.hotline.criteria.talk.measure: 3 of 5 durations end before they begin: are `from` and `to` exchanged?"
    ]
    assert score(log_of(4).assign(ended=ended[1:]), text)[1] == []  # 2 of 4 are not more than half
