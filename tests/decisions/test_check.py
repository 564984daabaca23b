"""Targets: three-valued verdicts, periods that are judged, what is accepted, exit codes."""

import pandas as pd
import pytest
from support.helpers import definition, score

import svclight
from svclight.decisions import check
from svclight.decisions.verdicts import verdict_on
from svclight.pages import exports
from svclight.pages.github_annotations import verdict_annotations
from svclight.thresholds import parse_interval


def month(green: int, red: int, name: str = "2026-01", **more) -> pd.DataFrame:
    """Interactions over the whole of a month, so that it is not partial."""
    days = pd.date_range(f"{name}-01", periods=pd.Period(name).days_in_month, freq="D")
    rows = pd.DataFrame({"at": [days[i % len(days)] for i in range(green + red)], "x": [1] * green + [9] * red})
    return rows.assign(**{"kind": "a", **more})


def checked(
    frame: pd.DataFrame, targets: str, periods=None, log: str = "{time: at, segments: [kind]}", **options
) -> check.Checks:
    card = score(
        frame, f'c: {{measure: {{value: x}}, green: "<= 5", yellow: "<= 8", targets: {targets}}}', log, **options
    )
    return svclight.check(card, periods)


@pytest.mark.parametrize(("green", "verdict"), [(780, "cannot tell"), (850, "met"), (760, "missed")])
def test_against_a_target_of_80_percent(green, verdict):
    checks = checked(month(green, 1000 - green), '{green: ">= 80 %"}')
    assert checks.table["verdict"].tolist() == [verdict]
    assert checks.table["share"].tolist() == [green / 1000]


def test_the_other_side_and_the_net():
    checks = checked(month(950, 50), '{red: "<= 10 %", net: ">= 80", green: "90 % .. 99 %"}')
    assert dict(zip(checks.table["zone"], checks.table["verdict"], strict=True)) == {
        "green": "met",
        "red": "met",
        "net": "met",
    }
    checks = checked(month(500, 500), '{red: "<= 10 %", net: ">= 80", green: "90 % .. 99 %"}')
    assert set(checks.table["verdict"]) == {"missed"}
    checks = checked(month(500, 500), '{green: "10 % .. 20 %"}')
    assert checks.table["verdict"].tolist() == ["missed"]
    assert checks.table["reason"].tolist() == ["50.0 % of 1,000 rated (95 %: 46.9 to 53.1 %)"]


def test_the_verdict_keeps_the_side_of_its_limit():
    strict, loose = parse_interval("> 50 %"), parse_interval(">= 50 %")
    assert verdict_on(loose, "green", 0.5, 0.6) == "met"
    assert verdict_on(strict, "green", 0.5, 0.6) == "cannot tell"
    assert verdict_on(strict, "green", 0.4, 0.5) == "missed"
    assert verdict_on(loose, "green", 0.4, 0.5) == "cannot tell"


def test_too_few_and_no_data():
    few = month(29, 0).assign(at=pd.date_range("2026-01-01", "2026-01-31", freq="D")[[*range(28), 30]])
    checks = checked(few, '{green: ">= 80 %"}')
    assert checks.table[["verdict", "reason"]].values.tolist() == [
        ["too few", "100.0 % of 29 rated (95 %: 88.3 to 100.0 %); 30 rated are needed"]
    ]
    assert (checks.exit_code(), checks.exit_code(strict=True)) == (0, 1)
    assert checked(month(31, 0), '{green: ">= 80 %", min_rated: 31}').exit_code(strict=True) == 0
    empty = checked(month(40, 0).assign(x=None), '{green: ">= 80 %"}')
    assert empty.table["verdict"].tolist() == ["no data"]
    assert empty.exit_code() == 3
    assert checked(month(40, 0).iloc[:0], '{green: ">= 80 %"}').exit_code() == 3


def test_the_newest_whole_and_mature_period_is_judged():
    frame = pd.concat([month(40, 0), month(0, 40, "2026-02"), month(80, 0, "2026-03").query("at < '2026-03-20'")])
    checks = checked(frame, '{green: ">= 80 %"}')
    assert checks.table[["period", "verdict"]].values.tolist() == [["2026-02", "missed"]]
    named = checked(frame, '{green: ">= 80 %"}', ["2026-01", "2026-03", "2026-07"], as_of="2026-04-01")
    assert named.table[["period", "verdict"]].values.tolist() == [
        ["2026-01", "met"],
        ["2026-03", "met"],
        ["2026-07", "no data"],
    ]
    partial = checked(frame[frame["at"] >= "2026-03-02"], '{green: ">= 80 %"}')
    assert partial.table[["period", "verdict", "reason"]].values.tolist() == [
        ["", "no data", "no period is whole and mature"]
    ]
    assert partial.exit_code() == 3


def test_an_immature_period_is_listed_without_a_verdict():
    frame = month(40, 0, "2026-02").assign(end=lambda f: f["at"] + pd.Timedelta("1h"))
    frame.loc[frame.index[-1], "end"] = pd.NaT
    card = score(
        frame,
        # the open one began on 12 February: on 2 March it is 18 days old, of the 30 that are green
        'c: {measure: {duration: {from: at, to: end}}, green: "<= 30 d", targets: {green: ">= 80 %"}}',
        "{time: at, fields: {at: {time: at}, end: {time: end}}}",
        as_of="2026-03-02",
    )
    assert svclight.check(card).table["verdict"].tolist() == ["no data"]
    named = svclight.check(card, "2026-02")
    assert named.table["verdict"].tolist() == ["no verdict"]
    said = "; 1 of its interactions is pending, and the last of them is certain on "
    assert named.table["reason"].str.contains(said).all()
    assert named.exit_code() == 3


def test_targets_of_segments():
    frame = pd.concat([month(40, 0, kind="1"), month(0, 40, kind="2"), month(0, 40, kind=None)])
    targets = '[{green: ">= 80 %"}, {where: {kind: 1}, green: ">= 80 %"}, {where: {kind: {not: 1}}, green: ">= 80 %"}, {where: {kind: "> 1"}, green: ">= 80 %"}, {where: {any: [{kind: null}, {kind: 1}]}, green: ">= 80 %"}, {where: {not: {kind: 2}}, green: ">= 80 %"}, {where: {all: [{kind: "1"}]}, green: ">= 80 %"}]'
    checks = checked(frame, targets, by=["kind"])
    # all: 40 of 120; kind 1: 40 of 40; not 1: 0 of 40; over 1: 0 of 40; empty or 1: 40 of 80; not 2: 40 of 80; 1 again
    assert checks.table["rated"].tolist() == [120, 40, 40, 40, 80, 80, 40]
    assert checks.table["verdict"].tolist() == ["missed", "met", "missed", "missed", "missed", "missed", "met"]
    with pytest.raises(
        svclight.SvclightError,
        match='a target of p.c is for kind is 1, and the card is not split so: score the log by "kind"',
    ):
        checked(frame, '{where: {kind: 1}, green: ">= 80 %"}')


def test_segments_needed():
    definitions = definition(
        'c: {measure: {value: x}, green: "<= 5", targets: [{where: {kind: a}, green: ">= 80 %"}]}',
        "{time: at, segments: [kind]}",
    )
    assert check.segments_needed(definitions) == ("kind",)


@pytest.mark.parametrize(
    ("until", "accepted", "verdict"),
    [("2026-02-01", "<= 30 %", "accepted"), ("2026-01-01", "<= 30 %", "missed"), ("2026-02-01", "<= 10 %", "missed")],
)
def test_accepted_until_its_date(until, accepted, verdict):
    criterion = f'c: {{measure: {{value: x}}, green: "<= 5", targets: {{red: "<= 5 %"}}, accepted: {{red: "{accepted}", until: {until}, reason: new line, ticket: OPS-12}}}}'
    checks = svclight.check(score(month(800, 200), criterion))
    assert checks.table["verdict"].tolist() == [verdict]
    if verdict == "accepted":
        assert checks.table["reason"][0].endswith("; accepted until 1 Feb 2026: new line, OPS-12")
        assert checks.exit_code() == 0


def test_an_accepted_red_does_not_excuse_green():
    criterion = 'c: {measure: {value: x}, green: "<= 5", targets: {green: ">= 95 %"}, accepted: {red: "<= 30 %", until: 2027-01-01, reason: r}}'
    assert svclight.check(score(month(800, 200), criterion)).exit_code() == 1


def test_words():
    checks = checked(month(760, 240), '{green: ">= 80 %"}')
    assert str(checks) == "MISSED      p.c 2026-01: green ≥ 80 %; 76.0 % of 1,000 rated (95 %: 73.3 to 78.5 %)"
    assert "<td>missed</td>" in checks._repr_html_()
    assert checks.count("missed") == 1
    nothing = svclight.check(score(month(5, 5), 'c: {measure: {value: x}, green: "<= 5"}'))
    assert str(nothing) == "no targets are declared: there is nothing to judge"
    assert nothing.exit_code() == 3


def test_periods_that_are_none():
    with pytest.raises(svclight.SvclightError, match='this is no month; found "2026-Q1"; expected one of "2026-01"'):
        checked(month(40, 0), '{green: ">= 80 %"}', "2026-Q1")


def test_beside_cannot_tell_stands_how_many_would():
    checks = checked(month(780, 220), '{green: ">= 80 %"}')
    # 3,208 (see the tests of sample sizes), to two digits
    assert checks.table["reason"].tolist() == [
        "78.0 % of 1,000 rated (95 %: 75.3 to 80.5 %); about 3,300 rated would tell"
    ]
    # no number tells a share from the target that it is
    assert checked(month(800, 200), '{green: ">= 80 %"}').table["reason"].tolist() == [
        "80.0 % of 1,000 rated (95 %: 77.4 to 82.4 %)"
    ]
    assert "would tell" not in str(checked(month(500, 500), '{net: ">= 1"}'))


DOCUMENT = """
svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log: {time: at}
    criteria: {c: {measure: {value: x}, green: "<= 5", targets: {red: "<= 10 %", warn_at: "50 %"}}}
"""


def running_month(red: int, targets: str, **options) -> check.Checks:
    """January with 10 a day, all green; February up to the 14th with some red a day; both by day and by month."""
    rows = pd.concat([month(310, 0), month(10 * 28 - red * 28, red * 28, "2026-02").query("at < '2026-02-15'")])
    text = f'c: {{title: C, measure: {{value: x}}, green: "<= 5", yellow: "<= 8", targets: {targets}}}'
    log = "{time: at, segments: [kind]}"
    days = score(rows, text, log, period="day", **options)
    return svclight.check(score(rows, text, log, **options), running=svclight.budget(days))


def test_a_running_budget_is_warned_of_at_its_mark_and_fails_strict_checks_alone():
    # 14 days of 10 with 1 red each; allowed are 10 % of 140 + 140 to come: 28; 14 of 28 is 50 %
    warned = running_month(1, '{red: "<= 10 %", warn_at: "50 %"}')
    assert warned.warnings[["period", "zone", "used", "warn_at", "verdict"]].values.tolist() == [
        ["2026-02", "red", 0.5, 0.5, "warn"]
    ]
    assert (
        str(warned)
        .splitlines()[1]
        .startswith(
            "WARN        p.c 2026-02 (C): red ≤ 10 %; 14 of 28 red used (50 %) on day 14 of 28; at this pace it lasts (about 28"
        )
    )
    assert (warned.exit_code(), warned.exit_code(strict=True)) == (0, 1)
    silent = running_month(1, '{red: "<= 10 %", warn_at: "51 %"}')
    assert silent.warnings.empty
    assert (silent.exit_code(), silent.exit_code(strict=True)) == (0, 0)
    assert running_month(1, '{red: "<= 10 %"}').warnings.empty
    # a month that is over is judged, not warned of
    assert running_month(1, '{red: "<= 10 %", warn_at: "50 %"}', as_of="2026-04-01").warnings.empty


def test_where_nothing_is_allowed_the_first_red_is_warned_of():
    assert len(running_month(1, '{red: "<= 0 %", warn_at: "75 %"}').warnings) == 1
    assert running_month(0, '{red: "<= 0 %", warn_at: "75 %"}').warnings.empty


def test_a_warning_for_machines():
    checks = running_month(1, '{red: "<= 10 %", warn_at: "50 %"}')
    assert "| warn | p.c | 2026-02 | red | ≤ 10 % | 14 of 28 red used" in exports.checks_markdown(checks)
    assert b'name="c 2026-02 budget of red &lt;= 10 %"><skipped' in exports.checks_junit(checks)
    assert b'name="c 2026-02 budget of red &lt;= 10 %"><failure' in exports.checks_junit(checks, strict=True)
    known = svclight.loads(DOCUMENT)
    assert [line.split(" ", 1)[0] for line in verdict_annotations(checks, known)] == ["::warning", "::notice"]
    assert [line.split(" ", 1)[0] for line in verdict_annotations(checks, known, strict=True)] == [
        "::error",
        "::notice",
    ]
