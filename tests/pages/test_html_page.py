"""The page of a report: whole, escaped, without network; its numbers are those of the card; every state of a log."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
import warnings

import pandas as pd
import pytest
from support.report_cards import DEFINITION, Page, card_of, frame, page, usual

import svclight
from svclight import report
from svclight.decisions.check import check
from svclight.pages import page_content, page_periods, report_rest

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> ${7*7} {{ 7*7 }} \x1b[31m &amp; </style></svg>]]>"


def html(card, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.SvclightNotice)
        return report.html(card, **options)


def test_the_page_is_whole_and_needs_nothing_else():
    page = Page(html(usual("team"), checks=check(usual("team"))))
    assert page.tags.count("script") == 2  # its script, and the data for it
    assert not {"link", "img", "iframe", "object", "form"} & set(page.tags)
    assert not any(name.startswith("on") or name == "style" for name, _ in page.attributes)
    assert all(link.startswith(("#", "data:text/csv;")) for link in page.links)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert ("lang", "en") in page.attributes
    drawn = page.tags.count("svg")
    labelled = sum(value == "img" for name, value in page.attributes if name == "role")
    hidden = sum(name == "aria-hidden" and value == "true" for name, value in page.attributes)
    assert drawn > 15
    assert drawn <= labelled + hidden


def test_the_policy_allows_this_style_and_this_script_alone():
    text = html(usual())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1].replace("&#39;", "'")
    for tag in ("style", "script"):
        inside = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[1]
        known = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{known}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_the_script_is_small():
    script = re.findall(r"<script>(.*?)</script>", html(usual()), re.DOTALL)[0]
    assert len(script.encode()) <= 10_000


def test_the_answer_comes_first():
    made = html(usual())
    order = ["<h1>", "<b>Good</b>", "<b>Worse for sure</b>", "<b>Mend first</b>", *(
        f'<section id="{name}"' for name in ("criteria", "months", "details", "plan", "rest", "origin")
    )]  # fmt: skip
    places = [made.index(said) for said in order]
    assert places == sorted(places)
    assert made.index(usual().provenance.definition) > places[-1]


def test_the_end_says_where_the_numbers_come_from():
    log = frame()
    log.loc[5, "at"] = ""
    text = Page(html(card_of(log))).text
    end = text[text.index("What was not rated") :]
    for said in (
        "Definition", "Version 3", "Quality team", "Europe/Moscow", "2027-01-01T00:00:00+03:00 (given with the call)",
        "months, cut in this zone", "Support / Line", "a frame", "120", "test call", "without a usable time: 1",
    ):  # fmt: skip
        assert said in end, said
    assert "(the newest time in the logs)" in Page(html(card_of(as_of=None))).text


def test_a_criterion_says_its_rules():
    text = page().text
    for said in (
        "From the queue to the first word.", "until before 1 Feb 2026: G ≤ 30 s · Y none · R everything else",
        "team is b, from 1 Feb 2026: G ≤ 40 s · Y ≤ 1 min", "excluded up to 5 s, else red (where r is hang)",
        "r is not gone", "? G ≥ 50 %, ? R ≤ 20 %", "G good · Y hang, gone · R bad",
        "time from at to done, less paid", "Waiting time, result", "G yes · Y none · R everything else",
    ):  # fmt: skip
        assert said in text, said


def test_a_target_for_a_segment_that_the_card_is_not_split_by_is_told():
    said = "Line, Waiting time: the target for team is a is not judged, as the card is not split so"
    assert said in page().text
    assert said not in Page(html(usual("team"))).text


def test_the_numbers_of_the_page_are_those_of_the_card():
    card = usual()
    made = page_content.page_of(card)
    for row in made.rows:
        shares = card.shares()
        shares = shares[shares["criterion"] == row.key.rpartition(".")[2]].set_index("period")
        details = next(one for one in made.details if one.row.key == row.key)
        for month, period in zip(reversed(details.months), ["2026-01", "2026-02", "2026-03"], strict=False):
            numbers = shares.loc[period]
            assert int(month.rated) == numbers["rated"]
            for shown, zone in zip(month.shares, ("green", "yellow", "red"), strict=True):
                assert float(shown.lstrip("<> ")) == pytest.approx(100 * numbers[f"{zone}_share"], abs=0.051)
            assert float(month.net.replace("−", "-")) == pytest.approx(numbers["net"], abs=0.051)
            rest = numbers[["pending", "missing", "not_applicable", "excluded"]].sum()
            assert int(month.rest or 0) == rest
    wait = next(one for one in made.details if one.row.key == "c-line.wait")
    reasons = {(state, reason): count for state, reason, count in wait.reasons}
    missing = card.reasons.query("criterion == 'wait' and zone == 'missing' and reason == 'w is empty'")["count"].sum()
    assert reasons["missing", "w is empty"] == f"{missing}"


def test_criteria_with_any_ids_have_places_of_their_own():
    ids = [("a-b", "c"), ("a", "b-c"), ("a b", "c d"), ("ж", 'x"<y'), ("a#", "b?x%20")]
    processes = {
        process: {
            "title": "T",
            "log": {"time": "at", "fields": {"w": {"number": "w"}}},
            "criteria": {name: {"measure": {"value": "w"}, "green": "<= 1"}},
        }
        for process, name in ids
    }
    definitions = svclight.loads(json.dumps({"svclight": 1, "time_zone": "UTC", "processes": processes}))
    log = pd.DataFrame({"at": ["2026-01-01", "2026-02-01"], "w": [1, 2]})
    page = Page(html(svclight.score({process: log for process, _ in ids}, definitions, as_of="2026-03-01")))
    places = [one for one in page.ids if one.startswith("c-")]
    assert len(set(places)) == len(ids)
    assert not any(letter in place for place in places for letter in ' "<#?')
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_the_counts_to_download_are_those_of_the_card():
    made = page_content.page_of(usual())
    lines = [line.split(",") for line in made.counts.splitlines()]
    counts = usual().counts
    assert sum(sum(map(int, line[3:])) for line in lines[1:]) == counts["count"].sum()
    assert lines[0] == ["process", "criterion", "period", *dict.fromkeys(counts["zone"].astype(str))]


def test_what_the_script_narrows_by_adds_up():
    card = usual("team")
    data = page_content.page_of(card).data
    for key, months in data["whole"].items():
        parts = [part[key] for part in data["parts"]]
        for month, counts in enumerate(months):
            assert tuple(sum(part[month][zone] for part in parts) for zone in range(3)) == tuple(counts)


def test_many_reasons_are_put_together(monkeypatch):
    monkeypatch.setattr(report_rest, "MOST_REASONS", 1)
    made = page_content.page_of(usual())
    reasons = next(one for one in made.details if one.row.key == "c-line.wait").reasons
    assert len(reasons) == 2
    assert reasons[1][:2] == ("other", "3 more reasons")
    assert sum(int(count) for *_, count in reasons) == usual().reasons.query("criterion == 'wait'")["count"].sum()


def test_everything_is_escaped_in_each_place_that_takes_text():
    log = frame()
    log["team"] = log["team"] + EVIL
    log.loc[2:20, "done"] = "<script>alert(3)</script>"
    text = DEFINITION
    for place in (
        "Quality team",
        '"3"',
        "From the queue to the first word.",
        "new line",
        "T-1",
        "new shifts",
        "test call",
    ):
        text = text.replace(place, json.dumps(f"{place.strip(chr(34))} {EVIL}").replace("{", "{{").replace("}", "}}"))
    card = card_of(log, text=text, title=EVIL, process=EVIL, wait=EVIL, by=["team"], max_unread=1)
    line = {"file": [EVIL], "line": [122], "reason": [EVIL], "text": ["SECRET"]}
    card = dataclasses.replace(card, rejected=pd.DataFrame(line))
    made = html(card)
    page = Page(made)
    assert page.tags.count("script") == 2
    assert not {"img"} & set(page.tags)
    assert not any(name.startswith("on") for name, _ in page.attributes)
    assert "\x1b" not in made
    assert "\\x1b[31m" in page.text
    assert "{{ 7*7 }}" in page.text
    assert "&amp;amp;" in made
    assert "<script>alert(1)</script>" in page.text  # as text
    assert "<script>alert(3)</script>" not in page.text  # no cell is quoted
    assert "SECRET" not in made
    data = re.search(r'id="data">(.*?)</script>', made, re.DOTALL)[1]
    assert "<" not in data
    json.loads(data)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_an_empty_log_is_a_short_page_that_says_what_was_read(lang):
    card = card_of(frame().head(0), by=["team"])
    text = Page(html(card, lang=lang)).text
    assert len(text) < 3_000
    assert {"en": "Nothing is rated.", "ru": "Ничего не оценено."}[lang] in text
    assert "100.0" not in text
    assert {"en": "a frame", "ru": "таблица в памяти"}[lang] in text
    page = Page(html(card, lang=lang))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_each_target_says_its_own_verdict_and_why():
    card = card_of(by=["team"], as_of="2026-04-01")
    checks = check(card)
    made = page_content.page_of(card, checks)
    wait = next(one for one in made.details if one.row.key == "c-line.wait")
    assert [why for _, _, why in wait.targets] == checks.table["reason"].tolist()
    assert [said.split(" ", 1)[1] for _, said, _ in wait.targets] == checks.table["verdict"].tolist()
    assert wait.targets[-1][0] == "net ≥ 10 (team is a)"
    row = next(one for one in made.rows if one.key == "c-line.wait")
    assert row.targets.split(", ")[0] == f"{wait.targets[0][1][0]} G ≥ 50 %"


def test_periods_that_are_passed_over_and_accepted_misses_are_told():
    card = card_of(as_of="2026-03-20")  # March is not over
    notices = page_content.page_of(card).rest.notices
    assert any("Mar 2026: " in note and "--as-of" in note for note in notices)


def test_a_card_without_any_process_scored():
    card = card_of(frame())
    none = dataclasses.replace(card.only([]), provenance=dataclasses.replace(card.provenance, logs=()))
    text = Page(html(none)).text
    assert "Nothing is rated: there is nothing to judge" in text
    assert "No interaction was counted." in text


def test_one_month_is_a_short_page():
    text = html(card_of(frame(1), as_of="2026-02-01"))
    assert len(text) < 120_000
    assert "There is no earlier period to compare with." in text
    assert 'id="months"' not in text


def test_many_days_are_added_up_and_the_page_stays_small():
    card = card_of(frame(24, 60), period="day", as_of="2028-01-01")
    made = page_content.page_of(card)
    assert made.kind == ("Month", "By month")
    assert made.added_up == "Shown by month: what lies in a month is added up."
    assert len(made.columns) == 24
    assert {len(one.amounts) for one in made.details if one.amounts} == {24}
    assert ">Day</th>" not in html(card)  # all tables are by the periods that are shown
    rated = sum(int(month.rated.replace(",", "")) for month in made.details[0].months)
    shares = card.shares()
    mine = (shares["criterion"] == made.details[0].row.key.rpartition(".")[2]) & (shares["period"] != "")
    assert rated == shares.loc[mine, "rated"].sum()
    assert len(html(card)) < 1_000_000


@pytest.mark.parametrize(
    ("kind", "many", "shown"),
    [("day", 60, "day"), ("day", 61, "week"), ("day", 800, "month"), ("week", 70, "month"), ("month", 61, "quarter"),
     ("month", 400, "year"), ("quarter", 61, "year"), ("year", 90, "year")],
)  # fmt: skip
def test_periods_are_added_up_to_the_smallest_kind_that_is_not_too_many(kind, many, shown):
    code = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}[kind]
    periods = pd.period_range("1950-01-01", periods=many, freq=code)
    form = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "quarter": "%Y-Q%q", "year": "%Y"}[kind]
    labels = [period.start_time.strftime(form) if kind != "quarter" else period.strftime(form) for period in periods]
    found, larger = page_periods.shown_kind(labels, kind)
    assert found == shown
    assert list(larger) == labels
    assert list(larger.values()) == sorted(larger.values())


def test_the_same_card_gives_the_same_bytes():
    assert html(card_of(by=["team"])) == html(card_of(by=["team"]))


def test_a_page_does_not_load_what_it_does_not_need():
    # the page is drawn without matplotlib: half a second of each report
    import subprocess
    import sys

    code = (
        "import sys; import pandas as pd; import svclight; from svclight.pages.html_page import page_html; "
        "from svclight.pages.page_content import page_of; "
        "d = svclight.loads('svclight: 1\\ntime_zone: UTC\\nprocesses:\\n  p:\\n    title: P\\n    log: {time: at}\\n"
        '    criteria: {c: {measure: {value: w}, green: "<= 1"}}\\n\'); '
        "page_html(page_of(svclight.score(pd.DataFrame({'at': ['2026-01-01'], 'w': [1]}), d))); "
        "print('matplotlib' in sys.modules, 'statsmodels' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_findings_are_of_the_judged_period_not_of_one_that_is_not_over():
    made = page_content.page_of(card_of(as_of="2026-03-20"))  # March has rows, and is not over
    titles = [one.title for details in made.details for one in details.figures]
    assert any("Feb 2026" in title for title in titles)
    assert not any("Mar 2026" in title for title in titles)
