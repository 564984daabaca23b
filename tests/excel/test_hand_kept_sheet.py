"""The empty sheet of a hand-kept table: what it offers leads back, and filled in it reads as it was filled in."""

import datetime as dt
import io
import re
import warnings
import zipfile
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from support.command_line import run
from support.places import READY

import svclight
from svclight.excel.hand_kept_sheet import COLUMNS, ROWS, names_offered, sheet_workbook
from svclight.hand_kept.cells import read_criterion, read_process
from svclight.hand_kept.column_names import NAMES

TEMPLATES = sorted(READY.rglob("[a-z]*.yaml"))
SPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
LONG = "Время ожидания ответа сотрудника на линии с момента соединения до начала разговора"
PROCESS = "Поддержка клиентов по телефону горячей линии в рабочее время и по выходным"
TEXT = f"""
svclight: 1
title: Обслуживание клиентов
time_zone: Europe/Moscow
processes:
  support: {{title: Поддержка}}
  hotline:
    title: {PROCESS}
    log: {{time: at, segments: [team]}}
    criteria:
      wait: {{title: {LONG}, measure: {{value: x}}, green: "<= 5", yellow: "<= 8"}}
      talk: {{measure: {{value: x}}, green: "3 .. 7", yellow: "2 .. 10"}}
      book: {{title: По правилам, measure: {{worst: [wait, talk]}}}}
  chat:
    title: Чат
    log: {{time: at}}
    criteria:
      late: {{title: Скорость первого ответа, measure: {{value: x}}, green: "<= 0"}}
"""


def excel_day(day: dt.date) -> int:
    """How Excel keeps a date: days since 30 December 1899 (its year 1900 has a 29 February)."""
    return (day - dt.date(1899, 12, 30)).days


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return packed.read(f"xl/worksheets/{name}.xml").decode()


def filled(data: bytes, rows) -> bytes:
    """The sheet with cells written into it as Excel would write them, each in the format of its column."""
    page = part(data, "sheet1")
    styles = {
        column: found[3]
        for found in re.finditer(r'<col min="(\d+)" max="(\d+)" [^>]*?style="(\d+)"', page)
        for column in range(int(found[1]), int(found[2]) + 1)
    }
    written = ""
    for number, row in enumerate(rows, 2):
        cells = ""
        for column, value in enumerate(row, 1):
            place = f'r="{chr(64 + column)}{number}" s="{styles[column]}"'
            if isinstance(value, int):
                cells += f"<c {place}><v>{value}</v></c>"
            elif value is not None:
                cells += f'<c {place} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        written += f'<row r="{number}">{cells}</row>'
    assert page.count("</sheetData>") == 1
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = page.replace("</sheetData>", f"{written}</sheetData>").encode()
            new.writestr(name, content)
    return made.getvalue()


def rules(data: bytes) -> list[ET.Element]:
    return ET.fromstring(part(data, "sheet1")).findall(".//x:dataValidation", SPACE)


def cells(data: bytes, name: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python(skip_empty_area=False)


def tally(path, definitions, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.SvclightNotice)
        return svclight.tally(path, definitions, **options)


@pytest.fixture(scope="module")
def service():
    return svclight.loads(TEXT)


@pytest.fixture(scope="module")
def empty(service):
    return sheet_workbook(service)


def test_the_same_definition_gives_the_same_bytes(service, empty):
    assert sheet_workbook(service) == sheet_workbook(svclight.loads(TEXT)) == empty


def test_the_header_stays_and_all_columns_are_there(empty):
    heads = [
        "month",
        "process",
        "criterion",
        "green",
        "yellow",
        "red",
        "pending",
        "missing",
        "not applicable",
        "excluded",
    ]
    assert cells(empty, "counts") == [[*heads, "comment"]] == [[NAMES["en"][role] for role in COLUMNS]]
    pane = ET.fromstring(part(empty, "sheet1")).find(".//x:pane", SPACE)
    assert (pane.get("ySplit"), pane.get("xSplit"), pane.get("state")) == ("1", "3", "frozen")
    assert CalamineWorkbook.from_filelike(io.BytesIO(empty)).sheet_names == ["counts", "how to", "lists"]


def test_every_column_but_the_comment_has_its_rule(empty):
    found = rules(empty)
    assert [rule.get("type") for rule in found] == ["date", "list", "list", *["whole"] * 7]
    for column, rule in zip("ABCDEFGHIJ", found, strict=True):
        assert rule.get("sqref") == f"{column}2:{column}{ROWS + 1}"
        assert rule.get("showErrorMessage") == rule.get("showInputMessage") == "1"
        assert 0 < len(rule.get("promptTitle")) <= 32
        assert 0 < len(rule.get("prompt")) <= 255
    for rule in found[3:]:
        assert (rule.get("operator"), rule.find("x:formula1", SPACE).text) == ("greaterThanOrEqual", "0")
        assert "A whole number, 0 or more" in rule.get("prompt")
    assert found[0].find("x:formula1", SPACE).text == str(excel_day(dt.date(1990, 1, 1)))


def test_the_criteria_on_offer_are_those_of_the_process(service, empty):
    process_list, criterion_list = (rule.find("x:formula1", SPACE).text for rule in rules(empty)[1:3])
    assert process_list == "lists!$A$2:$A$3"
    at = "MATCH($B2,lists!$A$2:$A$3,0)"
    assert criterion_list == f"OFFSET(lists!$E$1,INDEX(lists!$B$2:$B$3,{at}),0,INDEX(lists!$C$2:$C$3,{at}),1)"
    listed = cells(empty, "lists")
    offered = {row[0]: [listed[int(row[1]) + more][4] for more in range(int(row[2]))] for row in listed[1:] if row[0]}
    assert offered == {PROCESS: [LONG, "talk", "По правилам"], "Чат": ["Скорость первого ответа"]}
    assert offered == {name: [written for *_, written in each] for name, each in names_offered(service).items()}


def test_columns_are_wide_enough(empty):
    widths = {
        int(found[1]): float(found[2])
        for found in re.finditer(r'<col min="(\d+)" max="\d+" width="([\d.]+)"', part(empty, "sheet1"))
    }
    assert widths[1] > len("2026-03")
    assert widths[4] > len("not applicable") - 2
    assert widths[2] == pytest.approx(48, abs=1)  # as wide as a column gets; both names are longer, and wrapped


def test_the_how_to_says_when_an_interaction_is_green(empty):
    rows = cells(empty, "how to")
    head = next(number for number, row in enumerate(rows) if row[0] == "process")
    assert rows[head] == ["process", "criterion", "for", "green", "yellow", "red"]
    assert [row[:6] for row in rows[head + 1 :]] == [
        [PROCESS, LONG, "all", "≤ 5", "≤ 8", "everything else"],
        [PROCESS, "talk", "all", "3 – 7", "2 – 10", "everything else"],
        [PROCESS, "По правилам", "the worst zone of others", "", "", ""],
        ["Чат", "Скорость первого ответа", "all", "≤ 0", "none", "everything else"],
    ]
    said = "\n".join(str(row[0]) for row in rows[:head])
    assert "one row for each month, process and criterion" in said
    assert "add a column that is called as one of: team" in said


def test_filled_in_it_reads_as_it_was_filled_in(service, empty, tmp_path):
    march = excel_day(dt.date(2026, 3, 1))
    rows = [
        [march, PROCESS, LONG, 1234, 5, 6, None, None, 2, 0, "праздник"],
        [march, "Чат", "Скорость первого ответа", 7, 8, 9],
        [march, PROCESS, "talk"],
        [excel_day(dt.date(2026, 4, 30)), PROCESS, "talk", None, None, 1],
    ]
    path = tmp_path / "numbers.xlsx"
    path.write_bytes(filled(empty, rows))
    with pytest.warns(svclight.SvclightNotice) as said:
        card = svclight.tally(path, service, as_of="2026-05-01")
    assert [str(each.message) for each in said] == [
        'numbers.xlsx (counts): not used: column "comment"',
        "numbers.xlsx (counts): 1 row has no count and is passed over",
    ]
    wide = card.shares()[["criterion", "period", "green", "yellow", "red", "not_applicable"]]
    assert wide.values.tolist() == [
        ["wait", "2026-03", 1234, 5, 6, 2],
        ["talk", "2026-04", 0, 0, 1, 0],
        ["late", "2026-03", 7, 8, 9, 0],
    ]


def test_a_russian_sheet_is_russian_throughout(service, tmp_path):
    data = sheet_workbook(service, "ru")
    assert data == sheet_workbook(service, "ru")
    heads = ["Месяц", "Процесс", "Критерий", "Зелёная", "Жёлтая", "Красная", "Ждёт оценки", "Нет данных"]
    assert cells(data, "Числа") == [[*heads, "Не применимо", "Исключено", "Комментарий"]]
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == ["Числа", "Как заполнять", "Списки"]
    assert rules(data)[1].find("x:formula1", SPACE).text == "'Списки'!$A$2:$A$3"
    said = [text for rule in rules(data) for text in (rule.get("promptTitle"), rule.get("prompt"))]
    said += [text for row in cells(data, "Как заполнять")[:8] for text in row if text]
    without = [text for text in said if not re.search("[а-яё]", text)]
    assert without == []
    assert all(len(rule.get("prompt")) <= 255 and len(rule.get("promptTitle")) <= 32 for rule in rules(data))
    rows = cells(data, "Как заполнять")
    head = next(number for number, row in enumerate(rows) if row[0] == "Процесс")
    assert rows[head] == ["Процесс", "Критерий", "Для кого", "Зелёная", "Жёлтая", "Красная"]
    assert [row[:6] for row in rows[head + 1 :]] == [
        [PROCESS, LONG, "все", "≤ 5", "≤ 8", "всё остальное"],
        [PROCESS, "talk", "все", "3 – 7", "2 – 10", "всё остальное"],
        [PROCESS, "По правилам", "худшая зона других критериев", "", "", ""],
        ["Чат", "Скорость первого ответа", "все", "≤ 0", "—", "всё остальное"],
    ]
    march = excel_day(dt.date(2026, 3, 1))
    row = [march, PROCESS, LONG, 1234, 5, 6, None, None, 2, 0, "праздник"]
    (tmp_path / "numbers.xlsx").write_bytes(filled(data, [row]))
    with pytest.warns(svclight.SvclightNotice, match='not used: column "Комментарий"'):
        card = svclight.tally(tmp_path / "numbers.xlsx", service, as_of="2026-05-01")
    wide = card.shares()[["criterion", "period", "green", "yellow", "red", "not_applicable"]]
    assert wide.values.tolist() == [["wait", "2026-03", 1234, 5, 6, 2]]


def test_there_is_no_sheet_in_other_languages(service):
    with pytest.raises(svclight.SvclightError, match='no sheet in the language; found "de"; expected "en", "ru"'):
        sheet_workbook(service, "de")


def test_the_command_writes_the_sheet_in_the_language_asked_for(tmp_path):
    run("init", "hotline", "--table", "--lang", "ru", cwd=tmp_path)
    hotline = svclight.load(READY / "ru" / "hotline.yaml")
    assert (tmp_path / "hotline.xlsx").read_bytes() == sheet_workbook(hotline, "ru")
    (tmp_path / "service.yaml").write_text(TEXT, "utf-8")
    run("init", "service.yaml", "--table", "--lang", "ru", "-o", "numbers.xlsx", cwd=tmp_path)
    assert (tmp_path / "numbers.xlsx").read_bytes() == sheet_workbook(svclight.loads(TEXT), "ru")


def test_not_filled_in_it_is_no_data(service, empty, tmp_path):
    (tmp_path / "numbers.xlsx").write_bytes(empty)
    card = tally(tmp_path / "numbers.xlsx", service)
    assert len(card.counts) == 0
    assert [log.rows for log in card.provenance.logs] == [0, 0]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_sheet_of_every_ready_definition(path, tmp_path):
    definitions = svclight.load(path)
    rows = [
        [excel_day(dt.date(2026, 3, 1)), process, written, 80, 10, 10]
        for process, criteria in names_offered(definitions).items()
        for *_, written in criteria
    ]
    (tmp_path / "numbers.xlsx").write_bytes(filled(sheet_workbook(definitions, path.parent.name), rows))
    card = tally(tmp_path / "numbers.xlsx", definitions)
    wanted = {(process, criterion) for process, criterion, _ in definitions.criteria()}
    assert set(zip(card.counts["process"], card.counts["criterion"], strict=True)) == wanted
    assert set(card.shares()["rated"]) == {100}


TITLES = st.text(st.sampled_from("abAB ?*~,я"), min_size=1, max_size=4).filter(str.strip)


@given(st.lists(TITLES, min_size=2, max_size=4), st.lists(TITLES, min_size=2, max_size=3))
def test_what_is_on_offer_leads_back_whatever_the_titles(processes, criteria):
    inner = {
        f"c{number}": {"title": title, "measure": {"value": "x"}, "green": "<= 1"}
        for number, title in enumerate(criteria)
    }
    made = {
        f"p{number}": {"title": title, "log": {"time": "at"}, "criteria": inner}
        for number, title in enumerate(processes)
    }
    definitions = svclight.loads(str({"svclight": 1, "time_zone": "UTC", "processes": made}).replace("\\", "\\\\"))
    offered = names_offered(definitions)
    assert len({name.casefold() for name in offered}) == len(processes)
    assert not any(set(name) & set("*?~") for name in offered)
    for name, each in offered.items():
        for process, criterion, written in each:
            assert read_process(name, definitions) == process
            assert read_criterion(written, process, definitions) == criterion


def test_names_that_excel_cannot_look_up_are_written_as_ids():
    long = "я" * 201
    text = TEXT.replace("title: Чат", f"title: {long}").replace("Скорость первого ответа", PROCESS)
    definitions = svclight.loads(text)
    assert list(names_offered(definitions)) == [PROCESS, "chat"]
    twins = svclight.loads(TEXT.replace("title: Чат", f"title: {PROCESS.upper()}"))
    assert list(names_offered(twins)) == ["hotline", "chat"]


def test_without_criteria_there_is_no_table():
    nothing = svclight.loads("svclight: 1\ntime_zone: UTC\nprocesses: {p: {title: P}}")
    with pytest.raises(svclight.SvclightError, match="the definition has no criterion: there is nothing to keep"):
        sheet_workbook(nothing)


def test_the_command_writes_the_sheet(tmp_path):
    assert run("init", "hotline", "--table", cwd=tmp_path).stdout == "hotline.xlsx\n"
    hotline = svclight.load(READY / "en" / "hotline.yaml")
    assert (tmp_path / "hotline.xlsx").read_bytes() == sheet_workbook(hotline)
    (tmp_path / "service.yaml").write_text(TEXT, "utf-8")
    run("init", "service.yaml", "--table", "-o", "numbers.xlsx", cwd=tmp_path)
    assert (tmp_path / "numbers.xlsx").read_bytes() == sheet_workbook(svclight.loads(TEXT))
    done = run("score", "service.yaml", "--table", "numbers.xlsx", cwd=tmp_path, code=3)
    assert "no interaction could be rated" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hotline", "--table", "-o", "there.xlsx"], "there.xlsx: the file is there already; name another with -o"),
        (["hotline", "--table", "-o", "t.csv"], 'unknown kind of file; found "t.csv"; expected a name that ends in .xlsx'),
        (["hotlin", "--table"], "hotlin: there is no such file"),
    ],
)  # fmt: skip
def test_sheets_that_cannot_be_written(tmp_path, arguments, message):
    (tmp_path / "there.xlsx").write_text("the numbers of a year")
    assert message in run("init", *arguments, cwd=tmp_path, code=2).stderr
    assert (tmp_path / "there.xlsx").read_text() == "the numbers of a year"


def test_the_sheet_speaks_the_language_of_its_definition(tmp_path):
    definitions = svclight.loads(TEXT.replace("svclight: 1", "svclight: 1\nlanguage: ru"))
    assert sheet_workbook(definitions) == sheet_workbook(definitions, "ru")
    (tmp_path / "service.yaml").write_text(TEXT.replace("svclight: 1", "svclight: 1\nlanguage: ru"), "utf-8")
    run("init", "service.yaml", "--table", "-o", "numbers.xlsx", cwd=tmp_path)
    assert (tmp_path / "numbers.xlsx").read_bytes() == sheet_workbook(definitions, "ru")
