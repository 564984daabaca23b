"""What check passes over: the lines, in text, Markdown, JUnit and GitHub, with what to give, and the exit codes."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from support.russian import check_russian

import svclight
from svclight.pages import exports
from svclight.pages.github_annotations import verdict_annotations

TEXT = """
svclight: 1
time_zone: Europe/Berlin
processes:
  hotline:
    title: Hotline
    log: {{time: at, fields: {{at: {{time: at}}, end: {{time: end}}, x: {{number: x}}}}{log}}}
    criteria:
      wait:
        measure: {{duration: {{from: at, to: end}}}}
        green: "<= 4 d"
        targets: {{green: ">= 80 %"}}
      note: {{measure: {{value: x}}, green: "<= 1", targets: {{green: ">= 80 %"}}}}
"""


def checked(
    first: str, last: str, *, open_: int = 0, log: str = "", periods=None, lang=None, **options
) -> svclight.Checks:
    """The checks of a log with two calls a day, the last `open_` of which are not answered yet."""
    at = pd.date_range(first, f"{last} 18:00", freq="12h")
    frame = pd.DataFrame({"at": at, "end": at + pd.Timedelta("1min"), "x": 1})
    frame.loc[len(frame) - open_ :, "end"] = None
    return svclight.check(svclight.score(frame, svclight.loads(TEXT.format(log=log)), **options), periods, lang=lang)


def not_judged(checks: svclight.Checks) -> list[str]:
    return [line.removeprefix("NOT JUDGED  ") for line in checks.lines() if line.startswith("NOT JUDGED")]


def test_nothing_is_passed_over():
    checks = checked("2026-04-01", "2026-05-31")
    assert not_judged(checks) == []
    assert checks.table["period"].tolist() == ["2026-05", "2026-05"]
    assert checks.exit_code(strict=True) == 0


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        # the newest time of the logs is of the afternoon of the 29th
        (
            {"first": "2026-04-01", "last": "2026-05-29"},
            [
                (
                    "hotline 2026-05 (Hotline): the newest time of the logs is 2026-05-29T12:01:00+02:00, and its last day, 31 May 2026, "
                    "has no interaction: give --as-of 2026-06-01 where it is over, `calendar` in the log where its last days "
                    "are closed, or --period 2026-05"
                )
            ],
        ),
        (
            {"first": "2026-04-01", "last": "2026-05-29", "as_of": "2026-05-30"},
            [
                (
                    "hotline 2026-05 (Hotline): it is not over at 2026-05-30T00:00:00+02:00: give --as-of 2026-06-01 and a log that "
                    "reaches so far, or --period 2026-05"
                )
            ],
        ),
        (
            {"first": "2026-04-01", "last": "2026-05-14", "as_of": "2026-06-01"},
            [
                (
                    "hotline 2026-05 (Hotline): the log ends on 14 May: is it whole? Give all of it, `calendar` in the log where the "
                    "days after that are closed, or --period 2026-05"
                )
            ],
        ),
        # from noon of the 31st four days: certain on 4 June, and on the 5th from its first instant on
        (
            {"first": "2026-04-01", "last": "2026-05-31", "open_": 1},
            [
                (
                    "hotline.wait 2026-05: 1 of its interactions is pending, and the last of them is certain on 4 Jun 2026: "
                    "give a log of then with --as-of 2026-06-05, or --period 2026-05"
                )
            ],
        ),
    ],
)
def test_a_newer_period_is_a_line_with_the_reason_and_what_to_give(options, lines):
    checks = checked(**options)
    assert not_judged(checks) == lines
    assert checks.table["verdict"].tolist() == ["met", "met"]
    assert checks.table["period"].iloc[0] == "2026-04"
    check_russian(checked(**options, lang="ru"))
    # it changes no exit code
    assert checks.exit_code(strict=True) == 0


def test_a_log_that_begins_in_its_only_month():
    checks = checked("2026-05-04", "2026-05-31")
    assert not_judged(checks) == [
        (
            "hotline 2026-05 (Hotline): the log is complete from 4 May 2026 on: give `since: 2026-05-01` in the log where it is from "
            "then on, `calendar` where its first days are closed, or --period 2026-05"
        )
    ]
    check_russian(checked("2026-05-04", "2026-05-31", lang="ru"))
    assert checks.table["verdict"].tolist() == ["no data", "no data"]
    assert (checks.exit_code(), checks.exit_code(strict=True)) == (3, 1)
    # what the line says helps
    assert checked("2026-05-04", "2026-05-31", log=", since: 2026-05-01").exit_code() == 0
    assert checked("2026-05-04", "2026-05-31", periods="2026-05").exit_code() == 0


def test_what_to_give_helps():
    assert checked("2026-04-01", "2026-05-29", as_of="2026-06-01").table["period"].tolist() == ["2026-05"] * 2
    pending = checked("2026-04-01", "2026-05-31", open_=1, as_of="2026-06-05")
    assert pending.table["period"].tolist() == ["2026-05"] * 2
    # named by --period an immature month is listed without a verdict, a partial one is judged
    named = checked("2026-04-01", "2026-05-31", open_=1, periods="2026-05")
    assert named.table["verdict"].tolist() == ["no verdict", "met"]
    assert named.table["reason"][0].endswith(
        "; 1 of its interactions is pending, and the last of them is certain on 4 Jun 2026"
    )
    assert not_judged(named) == []
    check_russian(checked("2026-04-01", "2026-05-31", open_=1, periods="2026-05", lang="ru"))
    assert checked("2026-04-01", "2026-05-29", periods="2026-05").table["verdict"].tolist() == ["met", "met"]


def test_an_empty_month_that_is_over_is_no_data():
    """Never yesterday's verdict: April was met, May has no row."""
    checks = checked("2026-03-01", "2026-04-28", as_of="2026-06-01")
    assert list(checks.lines()) == [
        f"NO DATA     hotline.{name} 2026-05: green ≥ 80 %; no row in May 2026: the log ends on 28 Apr: is it whole?"
        for name in ("wait", "note")
    ]
    assert (checks.exit_code(), checks.exit_code(strict=True)) == (3, 1)
    check_russian(checked("2026-03-01", "2026-04-28", as_of="2026-06-01", lang="ru"))
    # so it is where the log was cut in the middle of the month before
    assert checked("2026-03-01", "2026-04-14", as_of="2026-06-01").table["period"].tolist() == ["2026-05"] * 2


def test_a_window_that_reaches_back_further_than_the_log():
    text = (
        "svclight: 1\ntime_zone: UTC\nprocesses: {shop: {title: S, log: {time: at, customer: who}, criteria: {often: "
        "{measure: {frequency: {within: 90 d}}, green: '>= 1', targets: {green: '>= 80 %'}}}}}"
    )
    frame = pd.DataFrame({"at": pd.date_range("2026-02-01", "2026-03-31"), "who": "a"})
    lines = [*svclight.check(svclight.score(frame, svclight.loads(text))).lines()]
    check_russian(svclight.check(svclight.score(frame, svclight.loads(text)), lang="ru"))
    assert lines == [
        "NO DATA     shop.often: green ≥ 80 %; no period is whole and mature",
        *(
            f"NOT JUDGED  shop.often {month}: what is measured looks back further than the log: the log is complete from "
            "1 Feb 2026 on: give an older log, `since` in the log where it is complete from before that, or --period "
            f"{month}"
            for month in ("2026-02", "2026-03")
        ),
    ]


def test_it_stands_in_markdown_junit_and_annotations():
    checks = checked("2026-04-01", "2026-05-31", open_=1)
    assert (
        "| hotline.wait | 2026-05 | 1 of its interactions is pending, and the last of them is certain on 4 Jun 2026"
        in exports.checks_markdown(checks)
    )
    suite = ET.fromstring(exports.checks_junit(checks, strict=True))
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "0", "1")
    (case,) = [case for case in suite if case.find("skipped") is not None]
    assert (case.get("classname"), case.get("name")) == ("hotline", "wait 2026-05")
    assert case.find("skipped").get("message").startswith("not judged: 1 of its interactions is pending")
    definitions = svclight.loads(TEXT.format(log=""))
    (note,) = verdict_annotations(checks, definitions)
    assert note.startswith(
        "::notice file=definition,line=9,title=hotline.wait%3A not judged::2026-05: 1 of its interactions"
    )
