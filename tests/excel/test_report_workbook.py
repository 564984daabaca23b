"""The report as a workbook: the answer first, numbers as numbers, text as text, tables, charts, paper, two languages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import io
import json
import re
import zipfile

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from support.report_cards import card_of, frame, usual

import svclight
from svclight import report
from svclight.excel import number_sheets, pen, report_workbook
from svclight.excel.sheets import pattern_of, period_cells, period_columns

EVIL = "=cmd|' /C calc'!A0"
ORDER = [
    "answer",
    "charts",
    "months",
    "segments",
    "targets",
    "plan",
    "summary",
    "not rated",
    "definitions",
    "provenance",
]
MONTHS = [f"2025-{month:02}" for month in range(1, 13)]


def definitions(criteria=1, **more):
    """Criteria of hand-kept counts, each with a target for its green share."""
    one = {"measure": {"value": "waited"}, "green": "<= 30 s", "yellow": "<= 60 s", "targets": {"green": ">= 80 %"}}
    named = {f"c{place}": {"title": f"Waiting {place}", **one} for place in range(criteria)}
    log = {"time": "called", "segments": ["team"], "fields": {"waited": {"number": "waited", "unit": "s"}}}
    process = {"title": "Hotline", "log": log, "criteria": named}
    return svclight.loads(
        json.dumps({"svclight": 1, "title": "Service", "time_zone": "UTC", "processes": {"hotline": process}, **more})
    )


def tallied(green=(900,) * 11 + (700,), criteria=1, months=MONTHS, **more):
    """A card of hand-kept counts: 1,000 rated each month, what is not green is red."""
    rows = [
        {
            "month": month,
            "process": "hotline",
            "criterion": f"c{place}",
            "green": count,
            "yellow": 0,
            "red": 1000 - count,
        }
        for place in range(criteria)
        for month, count in zip(months, green, strict=True)
    ]
    return svclight.tally(pd.DataFrame(rows), definitions(criteria, **more), as_of="2027-01-01")


@functools.cache
def made(*by):
    """The workbook of the usual card."""
    return report_workbook.report_workbook(usual(*by))


def read(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


def opened(card, **options):
    return read(report_workbook.report_workbook(card, **options))


def table_of(book, name, first="Criterion"):
    """The rows of a sheet below the row whose first cell is the head `first`, by their heads."""
    rows = book.get_sheet_by_name(name).to_python()
    at = next(place for place, row in enumerate(rows) if row[0] == first)
    ends = (place for place, row in enumerate(rows[at:], at) if not any(cell != "" for cell in row))
    return [dict(zip(rows[at], row, strict=True)) for row in rows[at + 1 : next(ends, len(rows))]]


def parts(content):
    """The parts of the file by name, as text."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name: archive.read(name).decode() for name in archive.namelist()}


# --- what stands in it


def test_the_answer_comes_first():
    card = tallied()
    found = svclight.answer(card)
    rows = opened(card).get_sheet_by_index(0).to_python()
    assert opened(card).sheet_names[0] == "answer"
    assert rows[0][0] == found.heading == "The only target is missed"
    assert [row[0] for row in rows[2:5]] == list(found.sentences[1:])
    (row,) = table_of(opened(card), "answer")
    assert row["Month"] == dt.date(2025, 12, 1)
    assert (row["G green"], row["Rated"], row["Not rated"]) == (0.7, 1000, 0)
    assert row["from"] < 0.7 < row["to"]
    assert (row["Target"], row["Verdict"]) == ("G ≥ 80 %", "✕ Target missed")
    assert row["Change"] == "↘ worse for sure"
    assert row["Points"] == pytest.approx(-20)  # 70 % after eleven months of 90 %
    assert [row[name] for name in ("Jan 2025", "Nov 2025", "Dec 2025")] == [0.9, 0.9, 0.7]


def test_the_worst_stands_first_and_each_process_has_its_title():
    text = json.loads(json.dumps({"hotline": {"title": "Hotline"}, "chat": {"title": "Chat"}}))
    for process in text.values():
        process |= {
            "log": {"time": "at", "fields": {"w": {"number": "w"}}},
            "criteria": {
                "wait": {
                    "title": "Waiting",
                    "measure": {"value": "w"},
                    "green": "<= 9",
                    "targets": {"green": ">= 50 %"},
                }
            },
        }
    rows = [("hotline", 90, 10), ("chat", 10, 90)]
    table = pd.DataFrame(
        [{"month": "2025-01", "process": p, "criterion": "wait", "green": g, "yellow": 0, "red": r} for p, g, r in rows]
    )
    known = svclight.loads(json.dumps({"svclight": 1, "time_zone": "UTC", "processes": text}))
    found = table_of(opened(svclight.tally(table, known, as_of="2026-01-01")), "answer")
    assert [(row["Criterion"], row["Process"], row["G green"]) for row in found] == [
        ("Waiting", "Chat", 0.1), ("Waiting", "Hotline", 0.9),
    ]  # fmt: skip


def test_all_sheets_of_a_card_that_has_all():
    book = read(made("team"))
    assert book.sheet_names == ORDER
    assert read(made()).sheet_names == [name for name in ORDER if name != "segments"]


def test_months_hold_counts_and_shares_as_numbers():
    card = usual("team")
    shares = card.shares(by=[]).set_index(["criterion", "period"])
    rows = [row for row in table_of(opened(card), "months") if row["Criterion"] == "Waiting time" and row["Rated"]]
    assert [row["Month"] for row in rows] == [dt.date(2026, month, 1) for month in (3, 2, 1)]  # the newest first
    for row in rows:
        expected = shares.loc[("wait", row["Month"].strftime("%Y-%m"))]
        assert row["G green"] == pytest.approx(expected["green_share"])
        assert row["from"] == pytest.approx(expected["green_share_low"])
        assert row["net"] == pytest.approx(expected["net"])
        assert [row[f"number of {zone}"] for zone in ("green", "yellow", "red")] == list(
            expected[["green", "yellow", "red"]]
        )
        assert row["Excluded"] == expected["excluded"]
        assert row["Note"] == "under 30 rated"


def test_a_month_without_data_keeps_its_place_empty():
    log = frame()
    card = card_of(log[~log["at"].str.startswith("2026-02")])
    rows = [row for row in table_of(opened(card), "months") if row["Criterion"] == "Waiting time"]
    (empty,) = (row for row in rows if row["Month"] == dt.date(2026, 2, 1))
    assert (empty["Rated"], empty["G green"], empty["Note"]) == (0, "", "no data")
    (row,) = (row for row in table_of(opened(card), "answer") if row["Criterion"] == "Waiting time")
    assert row["Feb 2026"] == ""


def test_segments_add_up_to_the_months():
    book = read(made("team"))
    of_month = {(row["Criterion"], row["Month"]): row["Rated"] for row in table_of(book, "months") if row["Rated"]}
    added: dict[tuple[str, dt.date], float] = {}
    for row in table_of(book, "segments"):
        assert row["team"] in {"a", "b"}
        key = row["Criterion"], row["Month"]
        added[key] = added.get(key, 0) + row["Rated"]
    assert {key: count for key, count in added.items() if count} == of_month


def test_targets_plan_summary_reasons_and_definitions():
    card = tallied(green=(900, 700), months=MONTHS[:2])
    book = opened(card)
    (row,) = table_of(book, "targets")
    assert (row["Zone"], row["Target"], row["Verdict"], row["Share, or points"]) == (
        "G green",
        "≥ 80 %",
        "✕ missed",
        0.7,
    )
    (line,) = table_of(book, "plan", first="Place")
    assert (line["Criterion"], line["Seen"]) == ("Waiting 0", 100)  # 800 of 1,000 are wanted, 700 there
    assert 0 < line["For sure"] < 100
    (limits,) = table_of(book, "definitions")
    assert [limits[name] for name in ("For", "G green", "Y yellow", "R red")] == [
        "all",
        "≤ 30 s",
        "≤ 60 s",
        "everything else",
    ]
    assert "Target: green ≥ 80 %" in limits["Rules and targets"]
    measured = usual().summary().query("criterion == 'wait' and period == '2026-01'").iloc[0]
    found = next(row for row in table_of(read(made()), "summary") if row["Month"] == dt.date(2026, 1, 1))
    assert (found["Mean"], found["Sum"], found["Unit"]) == (pytest.approx(measured["mean"]), measured["sum"], "s")
    reasons = {(row["Criterion"], row["Reason"]): row["Count"] for row in table_of(read(made()), "not rated")}
    counted = usual().reasons.query("criterion == 'wait' and reason == 'test call'")["count"].sum()
    assert reasons["Waiting time", "test call"] == counted


def test_rejected_lines_stand_without_their_text():
    line = {"file": ["log.csv"], "line": [122], "reason": ["9 cells, 8 columns"], "text": ["SECRET-1,,,"]}

    book = opened(dataclasses.replace(usual(), rejected=pd.DataFrame(line)))
    assert table_of(book, "rejected", first="File") == [
        {"File": "log.csv", "Line": 122, "Reason": "9 cells, 8 columns"}
    ]


def test_a_log_without_a_row_makes_a_short_workbook():
    card = svclight.score(
        pd.DataFrame({"called": [], "waited": [], "team": []}, dtype=str), definitions(), as_of="2026-01-01"
    )
    book = opened(card)
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][0] == "Nothing is rated: there is nothing to judge"
    assert "months" not in book.sheet_names
    assert {"definitions", "provenance"} < set(book.sheet_names)


# --- its form


def test_text_is_text_whatever_it_begins_with():
    card = card_of(by=["team"], title="=1+1", wait=EVIL)
    there = parts(report_workbook.report_workbook(card))
    assert not any("<f>" in text for text in there.values())
    assert [row["Criterion"] for row in table_of(opened(card), "definitions")].count(EVIL) == 3
    titles = re.findall(
        r"<c:title>.*?</c:title>", "".join(text for name, text in there.items() if "charts/chart" in name)
    )
    assert len(titles) == 5
    assert all("<c:f>charts!$Y$" in title for title in titles)  # the title of a chart is a cell, not what it says


def test_every_table_has_filters_and_every_sheet_fits_the_width_of_a4():
    there = parts(made("team"))
    tables = [text for name, text in there.items() if name.startswith("xl/tables/")]
    sheets = [text for name, text in there.items() if name.startswith("xl/worksheets/sheet")]
    assert len(tables) == 10  # a table a sheet, two of where it comes from, none beside the charts
    assert all("<autoFilter" in text for text in tables)
    assert len(sheets) == len(ORDER)
    for name, text in zip(ORDER, sheets, strict=True):
        (page,) = re.findall(r"<pageSetup [^>]*>", text)
        fit = 'scale="62"' if name == "charts" else 'fitToHeight="0"'
        assert {'paperSize="9"', 'orientation="landscape"', fit} <= set(page.rstrip("/>").split())
        assert ("<pageSetUpPr fitToPage=" in text) == (name != "charts")
    frozen = [name for name, text in zip(ORDER, sheets, strict=True) if 'state="frozen"' in text]
    assert frozen == [name for name in ORDER if name not in {"charts", "provenance"}]
    titles = re.findall(r'name="_xlnm.Print_Titles" localSheetId="(\d)"', there["xl/workbook.xml"])
    assert [ORDER[place] for place in sorted(map(int, titles))] == frozen


def test_the_heads_of_a_table_are_what_its_cells_say():
    # Excel mends a file in which they differ, or in which two are alike, and says so
    text = "Zone\tof a\ncase; G green"
    card = card_of(by=["team"], wait=text)
    content = report_workbook.report_workbook(card)
    book, there = read(content), parts(content)
    rows = [tuple(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    tables = [xml for name, xml in there.items() if name.startswith("xl/tables/")]
    names = [re.findall(r'<tableColumn id="\d+" name="([^"]*)"', xml) for xml in tables]
    for heads in names:
        assert len({head.lower() for head in heads}) == len(heads)
        assert any(row[: len(heads)] == tuple(heads) for row in rows)
    called = [re.search(r' displayName="(\w+)"', xml)[1] for xml in tables]
    assert len(set(called)) == len(called)


def test_colours_stand_beside_signs_and_letters():
    there = parts(report_workbook.report_workbook(tallied()))
    answer = there["xl/worksheets/sheet1.xml"]
    assert re.findall(r'operator="beginsWith" text="(.)"', answer) == ["✓", "?", "✕"]
    assert re.findall(r'operator="containsText" text="([^"]+)"', answer) == ["worse for sure", "better for sure"]
    head = opened(tallied()).get_sheet_by_name("months").to_python()[2]
    assert [name for name in head if name[:2] in ("G ", "Y ", "R ")] == ["G green", "Y yellow", "R red"]


def test_months_are_drawn_beside_each_criterion_and_as_charts():
    there = parts(report_workbook.report_workbook(tallied(criteria=3)))
    assert there["xl/worksheets/sheet1.xml"].count("<x14:sparkline>") == 3
    charts = [text for name, text in there.items() if name.startswith("xl/charts/chart")]
    assert len(charts) == 3
    assert all('<c:grouping val="percentStacked"/>' in text and text.count("<c:ser>") == 3 for text in charts)
    most = parts(report_workbook.report_workbook(tallied(criteria=report_workbook.MOST_CHARTS)))
    assert re.findall(r'<brk id="(\d+)"', most["xl/worksheets/sheet2.xml"]) == ["46"]  # 6 rows of charts, 3 on a page
    many = opened(tallied(criteria=report_workbook.MOST_CHARTS + 1))
    assert "charts" not in many.sheet_names


def test_a_table_takes_no_head_twice():
    assert list(pen._unlike(iter(["Team", "team", "", "Team", "–"]))) == ["Team", "team (2)", "–", "Team (3)", "– (2)"]


def test_lines_that_a_text_takes():
    assert [pen._lines_of(text, 10) for text in ("one", "one two three", "a" * 25, None, 3.5)] == [1, 2, 3, 1, 1]


def test_a_long_table_has_the_newest_periods_and_says_so(monkeypatch):
    monkeypatch.setattr(number_sheets, "MOST_ROWS", 5)
    book = opened(tallied(criteria=2))  # 2 criteria: 2 periods are 4 rows, 3 were 6
    rows = table_of(book, "months")
    assert {row["Month"] for row in rows} == {dt.date(2025, 12, 1), dt.date(2025, 11, 1)}
    said = [row[0] for row in book.get_sheet_by_name("months").to_python()]
    assert any(str(text).startswith("Only 4 rows, those of the newest periods, stand here.") for text in said)


@pytest.mark.parametrize(
    ("period", "kind", "heads", "cells"),
    [
        ("2025-12", "month", ["Month"], (dt.date(2025, 12, 1),)),
        ("2025-12-14", "day", ["Day"], (dt.date(2025, 12, 14),)),
        ("2025", "year", ["Year"], (dt.date(2025, 1, 1),)),
        ("2025-Q4", "quarter", ["Quarter", "First day"], ("Q4 2025", dt.date(2025, 10, 1))),
        ("2025-W09", "week", ["Week", "First day"], ("week 9 of 2025", dt.date(2025, 2, 24))),  # a Monday
        ("0201-01", "month", ["Month"], ("Jan 201",)),  # no workbook knows so early a date
        ("", "month", ["Month"], (None,)),
    ],
)
def test_a_period_is_a_date(period, kind, heads, cells):
    assert [column.head for column in period_columns(kind, "en")] == heads
    assert period_cells(period, kind, "en") == cells


def test_a_number_shows_its_text_in_the_language():
    assert [pattern_of(text, "ru") for text in ("81.1 %", "< 0.1 %", "+12.0")] == [
        "0.0 %", '"< 0,1 %"', "+0.0;\N{MINUS SIGN}0.0;0.0",
    ]  # fmt: skip


# --- language, bytes


def test_the_workbook_speaks_the_language_of_its_reader():
    card = tallied(language="ru", title="Сервис")
    book = opened(card)
    assert book.sheet_names[:3] == ["ответ", "диаграммы", "месяцы"]
    (row,) = table_of(book, "ответ", first="Критерий")
    assert (row["Месяц"], row["З зелёный"], row["Вывод"]) == (dt.date(2025, 12, 1), 0.7, "✕ Не достигнута")
    assert row["Цель"] == "З ≥ 80 %"
    assert row["дек. 2025"] == 0.7
    assert '"[$-419]mmm yyyy"' in parts(report_workbook.report_workbook(card))["xl/styles.xml"]
    assert opened(card, lang="en").sheet_names[0] == "answer"
    for name in book.sheet_names:
        assert re.fullmatch(r"[а-яё ]{1,31}", name)
        cells = (str(cell) for row in book.get_sheet_by_name(name).to_python() for cell in row)
        # titles of the definitions, commands, names of columns and of the time zone alone are no Russian
        bare = (re.sub(r"svclight.*|Waiting|Hotline|waited|UTC", "", cell) for cell in cells)
        assert [cell for cell in bare if re.search(r"[A-Za-z]{3}", cell)] == []


def test_the_same_card_gives_the_same_bytes():
    assert report_workbook.report_workbook(tallied()) == report_workbook.report_workbook(tallied())


def test_the_report_of_a_path_has_the_language(tmp_path):
    path = report.write(tallied(), tmp_path / "r.xlsx", lang="ru")
    assert CalamineWorkbook.from_path(str(path)).sheet_names[0] == "ответ"
    with pytest.raises(svclight.SvclightError, match="unknown language"):
        report.write(tallied(), tmp_path / "s.xlsx", lang="xx")
    assert not (tmp_path / "s.xlsx").exists()
