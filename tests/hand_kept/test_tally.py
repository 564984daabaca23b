"""Hand-kept tables: every way to write them, everything that can be wrong with them, and cards that do all that cards do."""

import datetime as dt
import gzip
import io
import pickle
import re
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from support.command_line import run
from support.helpers import definition as one_process
from support.helpers import score

import svclight
from svclight.hand_kept.cells import MOST, read_count, read_criterion, read_period, read_process, read_state
from svclight.report import plot_distribution, plot_overview, plot_values
from svclight.thresholds import STATES

pytestmark = pytest.mark.once

TEXT = """
svclight: 1
title: Our service
time_zone: Europe/Berlin
processes:
  support: {title: Customer support}
  hotline:
    title: Support by hotline
    part_of: support
    log: {time: at, id: id, segments: [team, topic], fields: {at: {time: at}, x: {number: x}}}
    criteria:
      wait: {title: Waiting time, measure: {value: x}, green: "<= 5", yellow: "<= 8", targets: {green: ">= 80 %"}}
      talk: {title: Talk time, measure: {value: x}, green: "<= 9"}
  delivery:
    title: Delivery
    log: {time: at, segments: [state, team]}
    criteria:
      late: {title: Late, measure: {value: x}, green: "<= 0"}
"""
WIDE = "Month,Process,Criterion,Green,Yellow,Red\n"


@pytest.fixture(scope="module")
def service():
    return svclight.loads(TEXT)


def tally(table, definitions, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.SvclightNotice)
        return svclight.tally(table, definitions, **options)


def wide(*rows, **more) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["month", "process", "criterion", "green", "yellow", "red"])
    return table.assign(**more)


def written(tmp_path, text: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def sheet(path: Path, rows, *, name: str = "counts") -> Path:
    """An Excel file; dates are written as dates."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return path


def counts(card) -> dict[tuple[str, str, str], list[int]]:
    """Counts of the seven states by process, criterion, period and segments."""
    keys = [name for name in card.counts.columns if name not in ("zone", "count")]
    found: dict[tuple[str, ...], list[int]] = {}
    for row in card.counts.to_dict("records"):
        found.setdefault(tuple(row[key] for key in keys), []).append(row["count"])
    return found


def problems(table, definitions, **options) -> list[str]:
    with pytest.raises(svclight.LogError) as caught:
        tally(table, definitions, **options)
    return [str(issue) for issue in caught.value.issues]


def same(first, second) -> None:
    for table in ("counts", "reasons", "values", "periods"):
        pd.testing.assert_frame_equal(getattr(first, table), getattr(second, table))


OVER = "2027-01-01"
"""A moment at which all months of the tables are over."""
ONE = {("hotline", "wait", "2026-01"): [90, 4, 6, 0, 0, 0, 0]}


# ways to write it


def test_a_frame(service):
    card = tally(wide(["2026-01", "hotline", "wait", 90, 4, 6]), service)
    assert counts(card) == ONE
    assert list(card.counts.columns) == ["process", "criterion", "period", "zone", "count"]
    assert card.counts["zone"].tolist() == list(STATES)
    for name in ("process", "criterion", "period", "zone"):
        assert isinstance(card.counts[name].dtype, pd.CategoricalDtype)
    assert card.counts["count"].dtype == np.int64


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("table.csv", "Month;Process;Criterion;Green;Yellow;Red\n2026-01;Support by hotline;Waiting time;90,0;4;6\n", "utf-8-sig"),
        ("table.csv", "Month,Process,Criterion,Green,Yellow,Red\n2026-01,hotline,wait,90,4,6\n", "utf-8"),
        ("table.tsv", "Month\tProcess\tCriterion\tGreen\tYellow\tRed\r\n2026-01\thotline\twait\t90\t4\t6\r\n", "utf-8"),
        ("table.txt", "Month\tProcess\tCriterion\tGreen\tYellow\tRed\r\n2026-01\thotline\twait\t90\t4\t6\r\n", "utf-16"),
        ("table.csv", " PERIOD | process|Criterion |green|yellow|red\n2026-01 | hotline |WAIT| 90|4|6\n", "utf-8"),
        ("table.csv", "month;process;criterion;zone;count\n2026-01;hotline;wait;Green;90\n2026-01;hotline;wait;yellow;4\n2026-01;hotline;wait;RED;6\n", "utf-8"),
        ("table.csv", "\n\nmonth;process;criterion;green;yellow;red;\n;;;;;;\n2026-01-31;hotline;wait;90;4;6;\n;;;;;;\n", "utf-8-sig"),
        ("table.csv", '"month";"process";"criterion";"green";"yellow";"red"\n"2026-01";"hotline";"wait";"90";"4";"6"\n', "utf-8"),
    ],
)  # fmt: skip
def test_delimited_text_as_people_have_it(service, tmp_path, name, text, encoding):
    assert counts(tally(written(tmp_path, text, name, encoding), service)) == ONE


def test_packed_text(service, tmp_path):
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress((WIDE + "2026-01,hotline,wait,90,4,6\n").encode()))
    assert counts(tally(path, service)) == ONE


def test_excel_with_real_dates_and_numbers(service, tmp_path):
    head = ["Month", "Process", "Criterion", "Green", "Yellow", "Red", "Not applicable", "", ""]
    rows = [head, [dt.date(2026, 1, 1), "Support by hotline", "Waiting time", 90.0, 4, "6"], []]
    path = sheet(tmp_path / "table.xlsx", [*rows, ["2026-02", "delivery", "Late", None, "", 3, 2]])
    assert counts(tally(path, service)) == {
        **ONE,
        ("delivery", "late", "2026-02"): [0, 0, 3, 0, 0, 2, 0],
    }
    assert [log.files for log in tally(path, service).provenance.logs] == [("table.xlsx",), ("table.xlsx",)]


def test_several_files_are_one_table(service, tmp_path):
    first = written(tmp_path, WIDE + "2026-01,hotline,wait,90,4,6\n", "a.csv")
    second = written(tmp_path, "month;process;criterion;zone;count\n2026-02;hotline;wait;red;5\n", "b.csv")
    card = tally([first, second], service)
    assert counts(card) == {**ONE, ("hotline", "wait", "2026-02"): [0, 0, 5, 0, 0, 0, 0]}
    assert card.provenance.logs[0].files == ("a.csv", "b.csv")
    long = "month;process;criterion;zone;count\n2026-01;hotline;wait;red;5\n"
    assert problems([first, written(tmp_path, long, "c.csv")], service) == [
        "c.csv:2: this stands twice; found 2026-01 hotline.wait red; expected once; it stands first in a.csv:2"
    ]


def test_a_definition_may_be_a_path(tmp_path):
    path = written(tmp_path, TEXT, "service.yaml")
    assert counts(tally(wide(["2026-01", "hotline", "wait", 90, 4, 6]), path)) == ONE


def test_rows_that_are_not_filled_in_are_passed_over_and_said(service):
    table = wide(
        ["2026-01", "hotline", "wait", 90, None, 6],
        ["2026-02", "hotline", "wait", None, "", "  "],
        [None, "?", None, None, None, None],
        [None, None, None, None, None, None],
    )
    with pytest.warns(svclight.SvclightNotice, match="the frame: 2 rows have no count and are passed over"):
        card = svclight.tally(table, service, as_of=OVER)
    assert counts(card) == {("hotline", "wait", "2026-01"): [90, 0, 6, 0, 0, 0, 0]}
    assert card.provenance.logs[0].rows == 1


RUSSIAN = """svclight: 1
title: Клиентский сервис
time_zone: Europe/Moscow
processes:
  support: {title: Техподдержка}
  hotline:
    title: Горячая линия
    part_of: support
    log: {time: at, segments: [команда]}
    criteria:
      wait: {title: Ожидание ответа, measure: {value: x}, green: "<= 30", yellow: "<= 60", targets: {green: ">= 80 %"}}
      transfers: {title: Переводы, measure: {value: y}, green: "<= 0", yellow: "<= 1", targets: {green: ">= 80 %"}}
"""
HEADS_IN_RUSSIAN = [
    "Месяц;Процесс;Критерий;Зелёная;Жёлтая;Красная",
    "МЕСЯЦ;процесс;критерий;зеленая;желтая;КРАСНАЯ",
    "Период, Процесс, Критерий, Зелёные, Жёлтые, Красные",
]


@pytest.mark.parametrize("head", HEADS_IN_RUSSIAN)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1251"])
def test_a_russian_table_is_read(tmp_path, head, encoding):
    sign = ";" if ";" in head else ","
    row = sign.join(["2026-01", "горячая линия", "Ожидание ответа", "900", "60", "40"])
    path = tmp_path / "числа.csv"
    path.write_bytes(f"{head}\r\n{row}\r\n".encode(encoding))
    card = svclight.tally(path, svclight.loads(RUSSIAN), as_of="2026-03-01")
    assert card.shares()[["criterion", "period", "green", "yellow", "red"]].values.tolist() == [
        ["wait", "2026-01", 900, 60, 40]
    ]


def test_a_long_russian_table_with_segments_and_named_months():
    rows = [("Март 2026", "Зелёная", 7), ("март 2026 г.", "желтая", 2), ("Март 2026", "Ждёт оценки", 1)]
    table = pd.DataFrame(rows, columns=["Месяц", "Зона", "Количество"])
    table = table.assign(Процесс="hotline", Критерий="Переводы", Команда="север", Примечание="проверено")
    with pytest.warns(svclight.SvclightNotice, match='not used: column "Примечание"'):
        card = svclight.tally(table, svclight.loads(RUSSIAN), by=["команда"], as_of="2026-05-01")
    assert card.shares()[["period", "команда", "green", "yellow", "red", "pending"]].values.tolist() == [
        ["2026-03", "север", 7, 2, 0, 1]
    ]


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("Месяц;Процесс;Критерий;Зелёная", 'the table has no columns "Жёлтая", "Красная"; these columns are there'),
        ("Месяц;Критерий;Зелёная;Жёлтая;Красная", 'the table has no column "Процесс"'),
        ("Месяц;Процесс;Критерий;Зелёная;Жёлтая;Красная;Красные", 'the column "Красная" stands twice; found "Красная" and "Красные"'),
        ("Месяц;Процесс;Критерий;Зелёная;Жёлтая;Краснея", 'unknown column; found "Краснея".*did you mean "Красная".*begins with комментарий, примечание, заметка or #'),
        ("Месяц;Процесс;Критерий;Зелёная;Жёлтая;Красная;Зона;Количество", 'the table is both wide and long; found "Зона", "Количество"'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_russian_table_is_said_with_its_names(tmp_path, head, message):
    path = tmp_path / "t.csv"
    path.write_text(head + "\n", "utf-8")
    with pytest.raises(svclight.LogError, match=message):
        svclight.tally(path, svclight.loads(RUSSIAN))


def test_an_unknown_zone_of_a_russian_table():
    with pytest.raises(svclight.LogError, match='unknown zone; found "Зелень"; expected one of "Зелёная", "Жёлтая"'):
        read_state("Зелень")


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_every_command_that_takes_a_table_runs_on_a_russian_one(tmp_path, suffix):
    (tmp_path / "service.yaml").write_text(RUSSIAN, "utf-8")
    rows = [["Месяц", "Процесс", "Критерий", "Команда", "Зелёная", "Жёлтая", "Красная"]]
    rows += [
        [f"2026-{month:02}", "Горячая линия", criterion, team, 60 + month, 20, more + 20 - month]
        for month in range(1, 7)
        for criterion in ("Ожидание ответа", "Переводы")
        for team, more in (("север", 20), ("юг", 0))
    ]
    if suffix == "csv":
        (tmp_path / "t.csv").write_text("\n".join(";".join(map(str, row)) for row in rows), "utf-8-sig")
    else:
        sheet(tmp_path / "t.xlsx", rows)
    given = ("service.yaml", "--table", f"t.{suffix}", "--as-of", "2026-07-01")
    counted = run("score", *given, "--by", "команда", cwd=tmp_path).stdout
    # 6 months, 2 criteria, 2 teams, 7 states
    assert len(counted.splitlines()) == 1 + 6 * 2 * 2 * 7
    # 66 + 66 of 120 + 100 in June: 60 %
    assert (
        "hotline.wait 2026-06 (Ожидание ответа): green ≥ 80 %; 60.0 % of 220 rated"
        in run("check", *given, cwd=tmp_path, code=1).stdout
    )
    assert "Ожидание ответа" in run("plan", *given, cwd=tmp_path).stdout
    assert "север" in run("drivers", *given, "--criterion", "hotline.wait", "--by", "команда", cwd=tmp_path).stdout
    run("report", *given, "-o", "report.html", cwd=tmp_path)
    assert "Горячая линия" in (tmp_path / "report.html").read_text("utf-8")


def test_a_row_of_zeros_is_a_period_without_data(service):
    card = tally(wide(["2026-01", "hotline", "wait", 0, 0, 0]), service)
    shares = card.shares()
    assert shares["rated"].tolist() == [0]
    assert shares["green_share"].isna().all()
    assert svclight.check(card).exit_code() == 3


def test_remarks_are_allowed_and_said(service):
    table = wide(["2026-01", "hotline", "wait", 90, 4, 6], Comments="strike", **{"# share": 0.9, "note": ""})
    with pytest.warns(svclight.SvclightNotice, match='^the frame: not used: columns "Comments", "# share"$'):
        card = svclight.tally(table, service, as_of=OVER)
    assert card.provenance.notices == ('the frame: not used: columns "Comments", "# share"',)
    assert counts(card) == ONE


def test_segments(service):
    table = wide(
        ["2026-01", "hotline", "wait", 50, 2, 3], ["2026-01", "hotline", "wait", 40, 2, 3], Team=["north", None]
    )
    card = tally(table, service, by="team")
    assert counts(card) == {
        ("hotline", "wait", "2026-01", "north"): [50, 2, 3, 0, 0, 0, 0],
        ("hotline", "wait", "2026-01", ""): [40, 2, 3, 0, 0, 0, 0],
    }
    assert card.by == ("team",)
    with pytest.warns(
        svclight.SvclightNotice, match='the frame: added up over "team", by which the call does not split'
    ):
        whole = svclight.tally(table, service, as_of=OVER)
    assert counts(whole) == ONE
    assert whole.shares()["green"].tolist() == card.shares(by=[])["green"].tolist()


@pytest.mark.parametrize(
    ("cell", "kind", "period"),
    [
        ("2026-03", "month", "2026-03"),
        ("2026-03-14", "month", "2026-03"),
        ("2026-03-14 00:00:00", "month", "2026-03"),
        ("2026-03-31T23:30:00Z", "month", "2026-04"),  # 1 April, 1:30 in Berlin
        (dt.date(2026, 3, 1), "quarter", "2026-Q1"),
        (dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), "week", "2026-W09"),  # the Sunday of the ninth week
        (pd.Timestamp("2026-03-31T23:30:00Z"), "month", "2026-04"),
        (np.datetime64("2026-03-14"), "month", "2026-03"),
        (pd.Period("2026-03", "M"), "month", "2026-03"),
        (dt.date(2026, 3, 14), "day", "2026-03-14"),
        ("2026-W09", "week", "2026-W09"),
        ("2026-Q1", "quarter", "2026-Q1"),
        (2026.0, "year", "2026"),
        (2026, "year", "2026"),
        ("2026-12-31", "year", "2026"),
    ],
)
def test_periods(cell, kind, period):
    assert read_period(cell, kind, "Europe/Berlin") == period


@given(st.dates(dt.date(1000, 1, 1)), st.sampled_from(["day", "week", "month", "quarter", "year"]))
def test_a_date_lies_in_the_period_that_it_is_given(day, kind):
    written_so = {
        "day": day.isoformat(),
        "week": "{:04}-W{:02}".format(*day.isocalendar()[:2]),
        "month": f"{day:%Y-%m}".zfill(7),
        "quarter": f"{day.year:04}-Q{(day.month + 2) // 3}",
        "year": f"{day.year:04}",
    }[kind]
    assert read_period(day, kind, "UTC") == read_period(day.isoformat(), kind, "UTC") == written_so
    assert read_period(written_so, kind, "UTC") == written_so


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        *[(12, 12), (12.0, 12), (np.int64(12), 12), ("12", 12), (" 12 ", 12), ("12,0", 12), ("12.00", 12), (0, 0)],
        *[("1 234", 1234), ("1\u00a0234\u00a0567", 1_234_567), ("1\u202f234,0", 1234), (MOST, MOST)],
        *[(None, None), ("", None), ("  ", None), (float("nan"), None), (pd.NA, None)],
    ],
)
def test_counts_that_can_be_read(cell, count):
    assert read_count(cell) == count


@given(st.integers(0, MOST))
def test_a_whole_number_is_read_however_it_is_written(count):
    grouped = f"{count:,}".replace(",", "\u202f")
    for cell in (count, str(count), f"{count},0", f"{count}.00", grouped, np.int64(count)):
        assert read_count(cell) == count


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (-1, 'this count is below 0; found "-1"; expected a whole number from 0 to 1,000,000,000,000'),
        ("\u22123", 'this count is below 0; found "\u22123"'),
        (3.5, 'this is no count; found "3.5"; expected a whole number'),
        ("1,234", 'this is no count; found "1,234".*without a mark between thousands'),
        ("1.234.567", "without a mark between thousands"),
        ("12 %", 'this is no count; found "12 %".*is it a share\\? Write the number of interactions'),
        (0.85, "is it a share"),
        ("n/a", 'found "n/a".*leave the cell empty where nothing was counted'),
        ("-", "leave the cell empty"),
        (True, 'found "true"'),
        (float("inf"), 'found "inf"'),
        (1e20, 'this is no count; found "1e\\+20"'),
        (MOST + 1, "this count is too large"),
        ("#REF!", "this is no count"),
        (dt.date(2026, 1, 1), 'this is no count; found "2026-01-01"'),
    ],
)
def test_counts_that_are_none(cell, message):
    with pytest.raises(svclight.LogError, match=message):
        read_count(cell)


@pytest.mark.parametrize(
    ("reader", "given", "message"),
    [
        (read_period, ("", "month", "UTC"), "the month is missing; expected a month such as 2026-03, or a date in it"),
        (read_period, ("2026-Q1", "month", "UTC"), 'this is a quarter; found "2026-Q1".*period="quarter"'),
        (read_period, (2026, "month", "UTC"), 'this is a year; found "2026"'),
        (read_period, (46082, "month", "UTC"), 'this is no month; found "46082".*the format of a date'),
        (read_period, ("01.03.2026", "month", "UTC"), 'this is no month; found "01.03.2026"; expected a month such as'),
        (read_period, ("2026-13", "month", "UTC"), "this is no month"),
        (read_period, ("20260314", "month", "UTC"), "this is no month"),
        (read_period, ("2026-02-30", "day", "UTC"), "this is no day.*expected a day such as 2026-03-14$"),
        (read_period, ("March", "month", "UTC"), "this is no month"),
        (read_state, ("grean",), 'unknown zone; found "grean"; expected one of "green".*did you mean "green"'),
        (read_state, (None,), "the zone is missing; expected one of"),
        (read_process, ("hotlin", svclight.loads(TEXT)), 'unknown process; found "hotlin"; expected one of "hotline", "Support by hotline", "delivery", "Delivery"; did you mean "hotline"'),
        (read_process, ("", svclight.loads(TEXT)), 'the process is missing; expected an id or a title, one of "Support by hotline"'),
        (read_process, ("Customer support", svclight.loads(TEXT)), 'this process is a heading: it has no criteria; found "Customer support"; expected one of "Support by hotline", "Delivery"'),
        (read_criterion, ("Wating time", "hotline", svclight.loads(TEXT)), 'unknown criterion of hotline; found "Wating time".*did you mean "Waiting time"'),
        (read_criterion, ("late", "hotline", svclight.loads(TEXT)), "unknown criterion of hotline"),
        (read_criterion, (None, "hotline", svclight.loads(TEXT)), 'the criterion is missing; expected an id or a title, one of "Waiting time", "Talk time"'),
    ],
)  # fmt: skip
def test_cells_that_cannot_be_read(reader, given, message):
    with pytest.raises(svclight.LogError, match=message):
        reader(*given)


def test_titles_that_are_not_alone_are_ambiguous():
    text = TEXT.replace("title: Delivery", "title: Support by hotline").replace("title: Talk time", "title: WAIT")
    twins = svclight.loads(text)
    several = '2 processes are called so; found "support by hotline"; write the id: one of "hotline", "delivery"'
    with pytest.raises(svclight.LogError, match=several):
        read_process("support by hotline", twins)
    assert read_process("delivery", twins) == "delivery"
    assert read_criterion("wait", "hotline", twins) == "wait"  # an id as it stands comes first
    assert read_criterion("WAIT", "hotline", twins) == "talk"  # then a title as it stands
    several = '2 criteria of hotline are called so; found "Wait"; write the id: one of "wait", "talk"'
    with pytest.raises(svclight.LogError, match=several):
        read_criterion("Wait", "hotline", twins)


# what is wrong with a table


def test_all_problems_are_said_at_once_with_their_places(service, tmp_path):
    text = (
        WIDE
        + "2026-01,hotline,wait,90,4,6\n2026-13,hotlin,wait,-1,x,6\n2026-01,hotline,wait,1,,\n2026-02,hotline,wiat,1,1,1\n"
    )
    path = written(tmp_path, text)
    assert [issue.split(";")[0] for issue in problems(path, service)] == [
        'table.csv:3: column "Month": this is no month',
        'table.csv:3: column "Process": unknown process',
        'table.csv:3: column "Green": this count is below 0',
        'table.csv:3: column "Yellow": this is no count',
        'table.csv:5: column "Criterion": unknown criterion of hotline',
        "table.csv:4: this stands twice",
    ]
    assert problems(path, service)[-1].endswith("it stands first in table.csv:2")
    with pytest.raises(svclight.LogError) as caught:
        svclight.tally(path, service)
    first = caught.value.issues[0]
    assert (first.file, first.line, first.path, first.found) == ("table.csv", 3, 'column "Month"', '"2026-13"')


def test_the_sheet_and_its_row_are_named(service, tmp_path):
    head = ["month", "process", "criterion", "green", "yellow", "red"]
    path = sheet(tmp_path / "table.xlsx", [[], head, [], ["2026-01", "hotline", "wait", 1.5, 0, 0]], name="My counts")
    assert problems(path, service) == [
        (
            'table.xlsx (My counts):4: column "green": this is no count; found "1.5"; '
            "expected a whole number from 0 to 1,000,000,000,000; leave the cell empty where nothing was counted"
        )
    ]


def test_a_frame_names_its_index(service):
    table = wide(["2026-01", "hotline", "wait", 1.5, 0, 0]).set_axis(["x"], axis=0)
    assert problems(table, service)[0].startswith('the frame: row x, column "green": this is no count')


def test_the_same_twice(service):
    twice = wide(["2026-01", "hotline", "wait", 1, 0, 0], ["2026-01-15", "Support by hotline", "Waiting time", 1, 0, 0])
    assert problems(twice, service) == [
        "the frame: row 1: this stands twice; found 2026-01 hotline.wait; expected once; it stands first in the frame, row 0"
    ]
    assert problems(twice.assign(team="north"), service)[0].startswith(
        "the frame: row 1: this stands twice; found 2026-01 hotline.wait, team north; expected once"
    )
    assert tally(twice.assign(team=["north", "south"]), service).shares()["green"].tolist() == [2]
    long = pd.DataFrame(
        {"month": "2026-01", "process": "hotline", "criterion": "wait", "zone": ["green", "red", "Green"], "count": 1}
    )
    assert (
        "found 2026-01 hotline.wait green; expected once; it stands first in the frame, row 0"
        in problems(long, service)[0]
    )


@pytest.mark.parametrize(
    ("head", "messages"),
    [
        ("month,process,criterion,gren,yellow,red", ['unknown column; found "gren".*did you mean "green"', 'the table has no column "green"; these columns are there']),
        ("process,criterion,green,yellow", ['the table has no columns "month", "red"; these columns are there: "process"']),
        ("month,process,criterion", ['the table has no columns "green", "yellow", "red"; these']),
        ("month,process,criterion,count", ['the table has no column "zone"']),
        ("month,process,criterion,green,yellow,red,zone,count", ['the table is both wide and long; found "zone", "count" and "green", "yellow", "red"; expected a count for each zone']),
        ("month,process,criterion,green,yellow,red,Green", ['the column "green" stands twice; found "green" and "Green"; expected one']),
        ("month,process,criterion,green,yellow,red,period", ['the column "month" stands twice; found "month" and "period"']),
        ("month,process,criterion,green,yellow,red,total", ['unknown column; found "total"; expected one of .*a column for people begins with comment, remark, note or #']),
    ],
)  # fmt: skip
def test_columns_that_are_wrong(service, tmp_path, head, messages):
    found = problems(written(tmp_path, head + "\n"), service)
    assert len(found) == len(messages)
    for message, issue in zip(messages, found, strict=True):
        assert re.search(f"table.csv: {message}", issue), issue


def test_a_column_without_a_name(service, tmp_path):
    path = written(tmp_path, "month;process;criterion;;green;yellow;red\n2026-01;hotline;wait;?;1;0;0\n")
    assert problems(path, service)[0].startswith(
        "table.csv: a column without a name has cells; found column 4; a column for people begins with"
    )


def test_the_first_sheet_is_said_to_be_read(service, tmp_path):
    path = sheet(tmp_path / "table.xlsx", [["month", "process", "criterion", "green", "yellow"]], name="S")
    assert problems(path, service)[0].startswith(
        'table.xlsx (S): the table has no column "red"; these columns are there'
    )
    assert problems(path, service)[0].endswith("; the first sheet is read")


def test_lines_that_cannot_be_read_are_errors(service, tmp_path):
    path = written(tmp_path, WIDE + "2026-01,hotline,wait,1\n2026-02,hotline,wait,1,1,1\n")
    assert problems(path, service) == [
        (
            'table.csv:2: the line cannot be read: 4 columns found, 6 expected; found "2026-01,hotline,wait,1"; '
            "save the table as CSV UTF-8 or as .xlsx"
        )
    ]
    path.write_text(WIDE + "2026-01,hotline,wait,1\n2026-02,hotline,wait,x,1,1\n")
    assert [issue.split(";")[0] for issue in problems(path, service)] == [
        "table.csv:2: the line cannot be read: 4 columns found, 6 expected",
        'table.csv:3: column "Green": this is no count',
    ]
    path.write_bytes("Month,Process,Criterion,Green,Yellow,Red,#помощь\n2026-01,hotline,wait,1,1,1,\n".encode("cp1251"))
    assert [issue.split(";")[0] for issue in problems(path, service)] == [
        "table.csv:1: the line cannot be read: cannot be decoded as utf-8"
    ]
    path.write_bytes(WIDE.encode() + "2026-01,Горячая линия,wait,1,1,1\n".encode("cp1251"))
    assert "table.csv:2: the line cannot be read: cannot be decoded as utf-8" in problems(path, service)[0]
    assert "save the table as CSV UTF-8 or as .xlsx" in problems(path, service)[0]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("no.csv", "no.csv: there is no such file"),
        (3, "this is no table; found builtins.int; expected a pandas frame, a path, or a list of paths"),
        ([], "this is no table; found an empty list"),
        ([pd.DataFrame()], "this is no table; found pandas"),
        ("table.parquet", "table.parquet: a hand-kept table is delimited text, Excel or OpenDocument; read it into a frame"),
        ("empty.csv", "empty.csv: the file is empty"),
        ("bad.xlsx", "bad.xlsx: this is no Excel file"),
        ("blank.csv", 'blank.csv: the table has no columns "month"'),
        ("blank.xlsx", 'blank.xlsx .blank.: the table has no columns "month"'),
    ],
)  # fmt: skip
def test_what_is_no_table(service, tmp_path, source, message):
    written(tmp_path, "", "empty.csv")
    written(tmp_path, "text", "bad.xlsx")
    written(tmp_path, "\n\n", "blank.csv")
    sheet(tmp_path / "blank.xlsx", [], name="blank")
    given_source = tmp_path / source if isinstance(source, str) else source
    with pytest.raises(svclight.LogError, match=message):
        tally(given_source, service)


def test_error_cells_and_percent_of_a_sheet_are_no_counts(service, tmp_path):
    """A cell that holds 0.65 and is shown as 65 % is a share, not a count of 65; an error is no empty cell."""
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(path) as book:
        made = book.add_worksheet("counts")
        made.write_row(0, 0, ["month", "process", "criterion", "green", "yellow", "red", "note"])
        made.write_row(1, 0, ["2026-01", "hotline", "wait"])
        made.write_number(1, 3, 0.65, book.add_format({"num_format": "0%"}))
        made.write_formula(1, 4, "=A9", None, "#REF!")
        made.write_formula(1, 5, "=NA()", None, "#N/A")
        made.write_formula(1, 6, "=NA()", None, "#N/A")  # a column for people
    assert problems(path, service) == [
        (
            f'table.xlsx (counts):2: column "{column}": this is no count; found "{found}"; '
            f"expected a whole number from 0 to {MOST:,}; {hint}"
        )
        for column, found, hint in [
            ("green", "65 %", "is it a share? Write the number of interactions"),
            ("yellow", "#REF!", "it is an error of the sheet: mend its formula"),
            ("red", "#N/A", "it is an error of the sheet: mend its formula"),
        ]
    ]


def test_a_table_that_excel_wrote_with_its_own_delimiter_or_that_is_packed(service, tmp_path):
    text = "\ufeffsep=;\n" + (WIDE + "2026-01,hotline,wait,7,2,1\n").replace(",", ";")
    path = written(tmp_path, text)
    packed = tmp_path / "table.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, "table.csv")
    for each in (path, packed):
        assert tally(each, service).shares()["green_share"].tolist() == [0.7]  # 7 of 10


def test_an_empty_frame_has_no_columns(service):
    assert problems(pd.DataFrame(), service) == [
        'the frame: the table has no columns "month", "process", "criterion", "green", "yellow", "red"; there are no columns'
    ]


def test_problems_of_several_files_come_together(service, tmp_path):
    (tmp_path / "a").mkdir()
    paths = [written(tmp_path, "month\n", "t.csv"), written(tmp_path / "a", "month\n", "t.csv"), tmp_path / "no.csv"]
    found = problems(paths, service)
    absent = 'the table has no columns "process", "criterion", "green", "yellow", "red"'
    assert [path.startswith(f"{place}: {absent}") for path, place in zip(found, paths[:2], strict=False)] == [
        True,
        True,
    ]
    assert "there is no such file" in found[-1]
    assert len(found) == 3  # one cause a file, one message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"period": "moth"}, 'unknown period; found "moth"; expected "day", "week".*did you mean "month"'),
        ({"by": "teem"}, 'no process has the segment "teem"; expected one of "team", "topic", "state"; did you mean "team"'),
        ({"by": ["team", "team"]}, 'a segment is named twice: "team", "team"'),
        ({"by": "topic"}, 'the frame: the table has no column "topic"; the call splits by it: give it a column'),
    ],
)  # fmt: skip
def test_wrong_calls(service, options, message):
    with pytest.raises(svclight.SvclightError, match=message):
        tally(wide(["2026-01", "hotline", "wait", 90, 4, 6], team="north"), service, **options)


def test_segments_belong_to_their_processes(service):
    table = wide(["2026-01", "delivery", "late", 9, 0, 1], topic="billing")
    assert problems(table, service) == [
        'the frame: row 0, column "topic": "delivery" has no segment "topic"; found "billing"; expected an empty cell'
    ]
    card = tally(table.assign(topic=""), service, by="topic")
    assert card.counts["topic"].isna().all()  # not offered, which is not the same as missing


def test_a_service_without_segments_says_so():
    plain = one_process('c: {measure: {value: x}, green: "<= 1"}')
    with pytest.raises(svclight.SvclightError, match='"p" has no segment "team"; expected a log with `segments`'):
        tally(wide(["2026-01", "p", "c", 1, 0, 0]), plain, by="team")
    both = svclight.loads(TEXT.replace("log: {time: at, segments: [state, team]}", "log: {time: at}"))
    table = wide(["2026-01", "delivery", "late", 9, 0, 1])
    assert tally(table, both, by="team").counts["team"].isna().all()  # no column is needed for what is not offered


def test_nothing_counted_is_no_data(service, tmp_path):
    card = tally(written(tmp_path, WIDE), service)
    assert len(card.counts) == len(card.shares()) == len(card.periods) == 0
    assert [(log.process, log.rows, log.interactions, log.files) for log in card.provenance.logs] == [
        ("hotline", 0, 0, ("table.csv",)),
        ("delivery", 0, 0, ("table.csv",)),
    ]
    assert "no data" in svclight.check(card).table["verdict"].tolist()
    assert svclight.check(card).exit_code() == 3
    assert "Waiting time" in str(card)
    svclight.report.write(card, tmp_path / "report.html")


# the card


@pytest.fixture(scope="module")
def kept(service):
    return tally(
        wide(
            ["2026-01", "hotline", "wait", 850, 50, 100],
            ["2026-01", "hotline", "talk", 500, 0, 100],
            ["2026-02", "hotline", "talk", 90, 0, 10],
            pending=[7, 0, 0],
        ),
        service,
    )


def test_the_largest_total_of_a_criterion_is_taken_for_the_interactions(kept):
    (log,) = kept.provenance.logs
    # January: wait has 850 + 50 + 100 + 7 = 1007, talk 600; February: talk has 100
    assert (log.interactions, log.rows, log.rejected, log.files, log.hand_kept) == (1007 + 100, 3, 0, (), True)


def test_tables_beside_the_counts(kept):
    assert kept.periods.iloc[:, :6].values.tolist() == [
        ["hotline", "wait", "2026-01", False, False, -1],
        ["hotline", "talk", "2026-01", False, False, -1],
        ["hotline", "talk", "2026-02", True, False, -1],  # the newest of the table: taken as not over
    ]
    assert len(kept.reasons) == len(kept.values) == len(kept.rejected) == 0
    assert list(kept.reasons.columns) == ["process", "criterion", "period", "zone", "reason", "count"]
    assert list(kept.rejected.columns) == ["file", "line", "reason", "text"]
    assert list(kept.values.columns) == ["process", "criterion", "period", "zone", "bin", "count"]


def test_a_hand_kept_table_has_no_interactions(kept, tmp_path):
    for card in (
        kept,
        svclight.Scorecard.open(kept.save(tmp_path / "card.svclight")),
        pickle.loads(pickle.dumps(kept)),  # noqa: S301 - our own bytes
    ):
        with pytest.raises(svclight.SvclightError, match="a hand-kept table has no single interactions"):
            card.interactions()


def test_it_is_checked(kept):
    checks = svclight.check(kept)
    # 850 of 1000 rated, Wilson 82.7 to 87.1 %
    assert checks.table[["period", "rated", "verdict"]].values.tolist() == [["2026-01", 1000, "met"]]
    assert checks.notes == ()


def test_it_is_shown(kept, tmp_path):
    assert "kept by hand" in str(kept)
    for name in ("report.html", "report.md", "report.xlsx"):
        path = svclight.report.write(kept, tmp_path / name, checks=svclight.check(kept))
        assert path.stat().st_size > 500
    text = (tmp_path / "report.html").read_text("utf-8")
    assert "none (hand-kept table)" in text
    assert "a frame (kept by hand)" in text
    assert "85.0 %" in text
    assert plot_overview(kept) is not None
    assert plot_distribution(kept, "hotline", "wait") is not None
    assert plot_values(kept, "hotline", "wait") is not None


def test_it_is_saved_cut_and_put_together_again(kept, tmp_path):
    again = svclight.Scorecard.open(kept.save(tmp_path / "card.svclight"))
    same(kept, again)
    assert again.provenance == kept.provenance
    same(kept.only("2026-01") + kept.only("2026-02"), kept)


LOG = [
    {"id": n, "at": f"2026-{month:02}-{day:02}", "x": (n * 7 + month) % 11, "team": "ns"[n % 2], "topic": "t"}
    for n, (month, day) in enumerate((month, day) for month in (3, 4) for day in range(1, 31))
]


def counted(service, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.SvclightNotice)
        return svclight.score({"hotline": pd.DataFrame(LOG)}, service, as_of="2026-05-01", **options)


def test_it_is_added_to_a_counted_card(service, kept, tmp_path):
    made = counted(service)
    for both in (made + kept, kept + made):
        assert sorted(set(both.counts["period"])) == ["2026-01", "2026-02", "2026-03", "2026-04"]
        assert both.counts["count"].sum() == made.counts["count"].sum() + kept.counts["count"].sum()
        assert both.provenance.as_of == made.provenance.as_of != ""
        assert both.provenance.as_of_given
        assert [log.hand_kept for log in both.provenance.logs] in ([False, True], [True, False])
        same(svclight.Scorecard.open(both.save(tmp_path / "both.svclight")), both)
        assert "in part kept by hand" in str(both)
        svclight.report.write(both, tmp_path / "both.html")
        assert "(given with the call; none for hand-kept tables)" in (tmp_path / "both.html").read_text("utf-8")
        with pytest.raises(svclight.SvclightError, match="no way back to a log"):
            both.interactions()
    same(made + kept, kept + made)


def test_it_does_not_add_where_periods_are_shared(service):
    late = tally(wide(["2026-03", "hotline", "wait", 1, 0, 0]), service)
    for first, second in ((counted(service), late), (late, counted(service))):
        with pytest.raises(
            svclight.SvclightError,
            match=r"both cards have 1 of the same periods \(hotline.wait 2026-03\): take them out of the hand-kept table, "
            "or use old.replace",
        ):
            first + second


def test_what_was_counted_takes_the_place_of_what_was_kept_by_hand(service):
    late = tally(wide(["2026-03", "hotline", "wait", 1, 0, 0], ["2026-02", "hotline", "wait", 5, 0, 0]), service)
    made = counted(service)
    for card in (made.replace(late), late.replace(made)):
        found = counts(card)
        assert found["hotline", "wait", "2026-03"] == counts(made)["hotline", "wait", "2026-03"]
        assert found["hotline", "wait", "2026-02"] == [5, 0, 0, 0, 0, 0, 0]
    corrected = tally(wide(["2026-03", "hotline", "wait", 2, 0, 0]), service)
    assert counts(late.replace(corrected))["hotline", "wait", "2026-03"][0] == 2


def test_a_process_that_another_card_has_is_not_said_to_be_without_a_log(service):
    made = counted(service)
    assert made.provenance.notices == ('"delivery" is not scored: it was given no log',)
    added = made + tally(wide(["2026-01", "delivery", "late", 9, 0, 1]), service, as_of=OVER)
    assert added.provenance.notices == ()


# second route: the counts of a log, written by hand


@pytest.mark.parametrize("by", [[], ["team"]])
@pytest.mark.parametrize("name", ["table.csv", "table.xlsx"])
def test_the_counts_of_a_log_come_back(service, tmp_path, by, name):
    made = counted(service, by=by)
    keys = ["period", "process", "criterion", *by]
    table = made.counts.pivot_table(index=keys, columns="zone", values="count", observed=True).astype(int).reset_index()
    path = tmp_path / name
    rows = [[str(head) for head in table.columns], *table.astype(object).values.tolist()]
    if name.endswith("csv"):
        text = io.StringIO()
        table.to_csv(text, sep=";", index=False)
        written(tmp_path, text.getvalue(), name, "utf-8-sig")
    else:
        sheet(path, rows)
    pd.testing.assert_frame_equal(tally(path, service, by=by).counts, made.counts)
    long = made.counts.rename(columns={"period": "Month"}).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(tally(long, service, by=by).counts, made.counts)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["2026-01", "2026-02"]), st.sampled_from(["wait", "talk"])),
        st.lists(st.integers(0, 50), min_size=7, max_size=7),
        min_size=1,
    )
)
def test_any_counts_come_back_wide_and_long(service_counts):
    service = svclight.loads(TEXT)
    wanted = {("hotline", criterion, month): numbers for (month, criterion), numbers in service_counts.items()}
    flat = [
        {"month": month, "process": "hotline", "criterion": criterion, **dict(zip(STATES, numbers, strict=True))}
        for (month, criterion), numbers in service_counts.items()
    ]
    table = pd.DataFrame(flat)
    long = table.melt(["month", "process", "criterion"], var_name="zone", value_name="count")
    assert counts(tally(table, service)) == counts(tally(long, service)) == wanted


# the command line


@pytest.fixture
def files(tmp_path):
    written(tmp_path, TEXT, "service.yaml")
    written(tmp_path, WIDE + "2026-01,hotline,wait,850,50,100\n")
    pd.DataFrame(LOG).to_csv(tmp_path / "log.csv", index=False)
    return tmp_path


def test_commands_take_a_table(files):
    done = run("score", "service.yaml", "--table", "table.csv", cwd=files)
    assert done.stdout.splitlines()[1] == "hotline,wait,2026-01,green,850"
    over = ("--table", "table.csv", "--as-of", "2026-02-01")
    assert run("check", "service.yaml", *over, cwd=files).stdout.startswith("MET         hotline.wait 2026-01")
    named = ("--table", "table.csv", "--period", "2026-01")
    assert run("check", "service.yaml", *named, cwd=files).stdout.startswith("MET         hotline.wait 2026-01")
    run("report", "service.yaml", "--table", "table.csv", "-o", "report.md", cwd=files)
    assert "kept by hand" in (files / "report.md").read_text("utf-8")


def test_a_table_and_a_log_are_added_up(files):
    options = ("--log", "hotline=log.csv", "--table", "table.csv", "--as-of", "2026-05-01")
    lines = run("score", "service.yaml", *options, cwd=files).stdout.splitlines()
    assert {line.split(",")[2] for line in lines[1:]} == {"2026-01", "2026-03", "2026-04"}
    written(files, WIDE + "2026-03,hotline,wait,850,50,100\n")
    assert "take them out of the hand-kept table" in run("score", "service.yaml", *options, code=2, cwd=files).stderr


def test_several_tables_and_segments(files):
    written(files, "month;team;process;criterion;green;yellow;red\n2026-01;north;hotline;wait;1;2;3\n", "a.csv")
    written(
        files, "month;team;process;criterion;green;yellow;red;remark\n2026-01;south;hotline;wait;1;2;3;x\n", "b.csv"
    )
    done = run("score", "service.yaml", "--table", "a.csv", "--table", "b.csv", "--by", "team", cwd=files)
    assert done.stdout.splitlines()[1] == "hotline,wait,2026-01,north,green,1"
    assert 'note: b.csv: not used: column "remark"' in done.stderr


def test_exit_codes_of_tables(files):
    written(files, WIDE, "head.csv")
    assert (
        "no interaction could be rated" in run("score", "service.yaml", "--table", "head.csv", code=3, cwd=files).stderr
    )
    assert run("check", "service.yaml", "--table", "head.csv", code=3, cwd=files).stdout.startswith("NO DATA")
    written(files, "", "empty.csv")
    assert "the file is empty" in run("score", "service.yaml", "--table", "empty.csv", code=2, cwd=files).stderr
    written(files, WIDE + "2026-01,hotlin,wait,1,1,1\n", "wrong.csv")
    assert (
        "error: wrong.csv:2: column" in run("score", "service.yaml", "--table", "wrong.csv", code=2, cwd=files).stderr
    )
    done = run("score", "service.yaml", code=2, cwd=files)
    assert "no log was given; expected --log PROCESS=FILE, --table FILE, or both; or --card FILE" in done.stderr


def test_a_card_of_nothing_but_a_table_adds_to_others(service):
    first = tally(wide(["2026-01", "hotline", "wait", 1, 0, 0]), service)
    second = tally(wide(["2026-02", "hotline", "wait", 1, 0, 0]), service)
    assert (first + second).provenance.as_of == ""
    assert (first + second).provenance.kept_by_hand
    with pytest.raises(svclight.SvclightError, match="differ in the definition of p.c"):
        tally(wide(["2026-01", "p", "c", 1, 0, 0]), one_process('c: {measure: {value: x}, green: "<= 1"}')) + score(
            [{"at": "2026-02-01", "x": 1}], 'c: {measure: {value: x}, green: "<= 2"}'
        )


def test_open_document_sheets_are_read(service, tmp_path):
    """The smallest sheet of OpenDocument: one table, its texts, numbers and a date."""
    head = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        for name in ("month", "process", "criterion", "green", "yellow", "red")
    )
    words = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{word}</text:p></table:table-cell>'
        for word in ("hotline", "wait")
    )
    numbers = "".join(f'<table:table-cell office:value-type="float" office:value="{number}"/>' for number in (90, 4, 6))
    date = '<table:table-cell office:value-type="date" office:date-value="2026-01-31"/>'
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0" '
        f'xmlns:text="{space}text:1.0"><office:body><office:spreadsheet><table:table table:name="S"><table:table-row>{head}'
        f"</table:table-row><table:table-row>{date}{words}{numbers}</table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{space}manifest:1.0"/>'
    with zipfile.ZipFile(tmp_path / "table.ods", "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", manifest)
        packed.writestr("content.xml", content)
    assert counts(tally(tmp_path / "table.ods", service)) == ONE


def test_targets_of_a_segment_need_its_column(tmp_path):
    text = TEXT.replace('targets: {green: ">= 80 %"}', 'targets: {where: {team: north}, green: ">= 80 %"}')
    written(tmp_path, text, "service.yaml")
    written(tmp_path, WIDE + "2026-01,hotline,wait,850,50,100\n")
    done = run("check", "service.yaml", "--table", "table.csv", code=2, cwd=tmp_path)
    assert 'table.csv: the table has no column "team"; the call splits by it: give it a column' in done.stderr
    written(tmp_path, WIDE.replace("Red", "Red,Team") + "2026-01,hotline,wait,850,50,100,north\n")
    done = run("check", "service.yaml", "--table", "table.csv", "--as-of", "2026-02-01", cwd=tmp_path)
    assert done.stdout.startswith("MET         hotline.wait 2026-01 (Waiting time) where team is north: green ≥ 80 %")


# which periods are over


@pytest.mark.parametrize(
    ("as_of", "running"),
    [
        (None, ["2026-03"]),
        ("2026-03-31T23:59", ["2026-03"]),  # in Berlin, the document's zone
        ("2026-03-31T22:00Z", []),  # its midnight
        (dt.date(2026, 4, 1), []),
        ("2026-02-15", ["2026-02", "2026-03"]),
    ],
)
def test_a_period_is_over_from_its_end_on(service, as_of, running):
    table = wide(*([f"2026-0{month}", "hotline", "wait", 9, 0, 1] for month in (1, 2, 3)))
    card = tally(table, service, as_of=as_of)
    assert card.periods.loc[card.periods["partial"], "period"].tolist() == running
    assert bool(card.provenance.as_of) is card.provenance.as_of_given is (as_of is not None)


def test_that_the_newest_period_is_taken_as_not_over_is_said(service):
    table = wide(["2026-01", "hotline", "wait", 90, 4, 6], ["2025-12", "hotline", "wait", 90, 4, 6])
    said = r"^2026-01, the newest period of the table, is taken as not over.*--as-of 2026-02-01\) says that it is$"
    with pytest.warns(svclight.SvclightNotice, match=said):
        card = svclight.tally(table, service)
    assert svclight.check(card).table["period"].tolist() == ["2025-12"]
    with pytest.raises(svclight.SvclightError, match='as_of is no time; found "soon"'):
        tally(table, service, as_of="soon")


def test_a_table_beside_a_log_is_seen_from_the_moment_of_the_log(files):
    written(files, WIDE + "2026-02,hotline,wait,850,50,100\n2026-05,hotline,wait,850,50,100\n")
    options = ("--log", "hotline=log.csv", "--table", "table.csv")
    shares = run("score", "service.yaml", *options, "--shares", cwd=files).stdout.splitlines()
    flags = {line.split(",")[2]: line for line in shares if line.startswith("hotline,wait")}
    assert "partial" not in flags["2026-02"]
    assert "partial" in flags["2026-05"]  # the log ends in April
