"""The report as Markdown: the sentence first, a row a criterion, the rest folded; short, and text stays text."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
from markdown_it import MarkdownIt

import svclight
from svclight.pages import markdown

DEFINITION = """
svclight: 1
title: {title}
time_zone: UTC
processes:
  line:
    title: Line
    log: {{time: at, segments: [team], fields: {{{fields}}}}}
    criteria: {{{criteria}}}
"""
MONTHS = [str(month) for month in pd.period_range("2026-01", periods=8, freq="M")]


def definitions(many=1, title="Service", wait="Wait", targets='{green: ">= 80 %"}'):
    names = [f"c{place}" for place in range(many)]
    criterion = 'green: "<= 5", yellow: "<= 8"'
    criteria = (
        f"{name}: {{title: {json.dumps(wait)}, measure: {{value: {name}}}, {criterion}, targets: {targets}}}"
        for name in names
    )
    fields = ", ".join(f"{name}: {{number: {name}, unit: s}}" for name in names)
    return svclight.loads(DEFINITION.format(title=json.dumps(title), fields=fields, criteria=", ".join(criteria)))


def card_of(many=1, months=MONTHS, green=900, **more):
    rows = [
        {"month": month, "process": "line", "criterion": f"c{place}", "green": green, "yellow": 50, "red": 950 - green}
        for month in months
        for place in range(many)
    ]
    return svclight.tally(pd.DataFrame(rows), definitions(many, **more), as_of="2027-01-01")


def log_of(months=MONTHS, **columns):
    days = [f"{month}-{day:02}" for month in months for day in range(1, 28)]
    frame = pd.DataFrame({"at": days, "c0": np.arange(len(days)) % 10, "team": "a"})
    return frame.assign(**columns)


def markdown_report(*arguments, **options):
    """The page, with plain blanks for those that do not break."""
    text = markdown.markdown_report(*arguments, **options)
    return text.replace("\xa0", " ")


def markdown_checks(*arguments, **options):
    return markdown.markdown_checks(*arguments, **options).replace("\xa0", " ")


def rows_of(text):
    return [line for line in text.splitlines() if line.startswith("|")]


def cells(line):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def test_the_sentence_stands_first_and_each_square_beside_its_letter_and_number():
    text = markdown_report(card_of())
    lines = text.splitlines()
    assert lines[:4] == ["## Service", "", "**The only target is met**", ""]
    assert [line.partition(":")[0] for line in lines[4:7]] == ["- Good", "- Worse for sure", "- Mend first"]
    # 900, 50, 50 of 1000; Wilson of 900: 0.8798 to 0.9171
    assert cells(rows_of(text)[2]) == [
        "Wait",
        "🟩 G **90.0 %** (88.0 to 91.7 %) 🟨 Y 5.0 % 🟥 R 5.0 % · 1,000 rated",
        "✓ met: green ≥ 80 %",
        "only chance: 0.0 points on the 7 months before",
    ]


def test_missed_and_worse_are_bold_and_stand_first():
    rows = [
        {"month": month, "process": "line", "criterion": name, "green": green, "yellow": 0, "red": 1000 - green}
        for month in MONTHS
        for name, green in (("c0", 900), ("c1", 700 if month == MONTHS[-1] else 900))
    ]
    two = '{green: ">= 80 %", red: "<= 40 %"}'
    card = svclight.tally(pd.DataFrame(rows), definitions(2, targets=two), as_of="2027-01-01")
    first, second = (cells(line) for line in rows_of(markdown_report(card))[2:4])
    assert first[2] == "**✕ missed**: ✕ green ≥ 80 %, ✓ red ≤ 40 %"
    assert first[3].startswith("**worse for sure: −20.0 points on the 7 months before")
    assert second[2] == "✓ met: green ≥ 80 %, red ≤ 40 %"


def test_ten_criteria_take_fewer_than_sixty_lines():
    text = markdown_report(card_of(many=10))
    assert len(text.splitlines()) < 60
    assert len(rows_of(text)) == 2 * (10 + 2)


def test_the_newest_periods_are_folded():
    text = markdown_report(card_of())
    fold = text[text.index("<details>") : text.index("</details>")]
    head, _, row = rows_of(fold)
    assert cells(head)[1:7] == ["Mar 2026", "Apr 2026", "May 2026", "Jun 2026", "Jul 2026", "Aug 2026"]
    assert cells(row)[6] == "90.0 % of 1,000"
    assert "2 older periods are left out." in fold
    assert "1 older period is left out." in markdown_report(card_of(months=MONTHS[1:]))
    assert "left out" not in markdown_report(card_of(months=MONTHS[2:]))


def test_values_and_what_is_not_rated_stand_in_the_fold():
    log = log_of(MONTHS[:1])
    log.loc[0, "c0"] = None
    text = markdown_report(svclight.score(log, definitions(), as_of="2026-02-01"))
    # 0 to 9 twice and then 0 to 6, without the first 0: 111 / 26 = 4.27 s, shown as 4.3
    row = cells(rows_of(text)[-1])
    assert row[1] == "65.4 % of 26, under 30 rated"  # 17 of 26
    assert row[2].startswith("4.3 s · 4 s · ")
    assert row[3] == "1 missing"
    assert "definition " in text
    assert " · UTC · " in text


def test_texts_are_no_markup():
    card = card_of(title="a|b <b>*c*</b> [x](y) `z` $m$ &lt;", wait="w|\n# head <img src=x>")
    text = markdown_report(card)
    assert text.splitlines()[0] == r"## a\|b &lt;b>\*c\*&lt;/b> \[x\](y) \`z\` \$m\$ &amp;lt;"
    assert {len(cells(line)) for line in rows_of(text)[:3]} == {4}
    assert cells(rows_of(text)[2])[0] == r"w\| \# head &lt;img src=x>"
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert {tag.lower() for tag in re.findall(r"<(\w+)", page)} <= {
        *("h2", "p", "strong", "ul", "li", "details", "summary"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }


def test_it_speaks_russian():
    text = markdown_report(card_of(), lang="ru")
    assert "**Единственная цель достигнута**" in text
    assert "🟩 З **90,0 %** (88,0 … 91,7 %) 🟨 Ж 5,0 % 🟥 К 5,0 %" in text
    assert "авг. 2026" in text


def test_the_process_is_named_where_there_are_several():
    text = DEFINITION.format(title="T", fields="w: {number: w}", criteria='a: {measure: {value: w}, green: "<= 5"}')
    text += '  chat:\n    title: Chat\n    log: {time: at}\n    criteria: {b: {measure: {value: w}, green: "<= 5"}}\n'
    log = log_of(MONTHS[:1]).rename(columns={"c0": "w"})
    found = markdown_report(svclight.score({"line": log, "chat": log}, svclight.loads(text), as_of="2026-02-01"))
    assert sorted(cells(line)[0] for line in rows_of(found)[2:4]) == ["Chat: B", "Line: A"]


def test_without_data_it_says_so():
    text = markdown_report(svclight.score(log_of().head(0), definitions()))
    assert "No data: there is no interaction with a usable time." in text


# --- verdicts


def test_verdicts_begin_with_the_sentence_and_fold_what_the_check_says():
    card = card_of()
    text = markdown_checks(card, svclight.check(card))
    assert text.startswith("**The only target is met**\n\n| Criterion | Aug 2026 | Target | Change |\n")
    assert "<details><summary>All verdicts</summary>" in text
    assert "| met | line.c0 | 2026-08 | green | ≥ 80 % | 90.0 % of 1,000 rated (95 %: 88.0 to 91.7 %) |" in text


def test_the_fold_is_open_where_something_fails_that_the_rows_do_not_say():
    card = card_of(green=900)
    checks = svclight.check(card, baseline=card_of(green=950).counts, baseline_period="2026-07")
    assert checks.exit_code() == 1
    assert "<details open><summary>All verdicts</summary>" in markdown_checks(card, checks)
