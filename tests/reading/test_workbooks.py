"""Sheets as people write them: titles above the names, two rows of names, a cover, errors and percent."""

# ruff: noqa: DTZ001 - times without a zone are what is tested

import datetime as dt
import re
import zipfile

import pytest
import xlsxwriter
import yaml
from support.places import DATA
from support.raw_logs import cells, read_both

import svclight
from svclight.errors import LogError
from svclight.reading.workbooks import PercentCell


@pytest.fixture
def book(tmp_path):
    """Writes a workbook: sheets by name, each a list of rows."""

    def written(sheets, name="log.xlsx", fill=lambda _made, _sheets: None):
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as made:
            for title, rows in sheets.items():
                sheet = made.add_worksheet(title)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
            fill(made, made.worksheets())
        return path

    return written


TITLED = [["Calls of January"], [], ["at", "wait", "team"], ["2026-01-01", 10, "a"], ["2026-01-02", 20, "b"]]


@pytest.mark.parametrize("options", [{"header": 3}, {"skip": 2}, {"skip": 1, "header": 2}])
def test_titles_above_the_names(book, options):
    raw = read_both(book({"calls": TITLED}), **options)
    assert cells(raw) == [["2026-01-01", 10], ["2026-01-02", 20]]
    assert raw.lines.tolist() == [4, 5]


def test_columns_where_no_row_has_names(book):
    path = book({"calls": TITLED[3:]})
    assert cells(read_both(path, columns=["at", "wait"])) == [["2026-01-01", 10], ["2026-01-02", 20]]
    assert cells(read_both(book({"calls": TITLED}), skip=3, columns=["at", "wait", "team"])) == [
        ["2026-01-01", 10],
        ["2026-01-02", 20],
    ]


def merged(_made, sheets):
    sheets[0].merge_range(1, 0, 1, 1, "Call")
    sheets[0].merge_range(1, 3, 2, 3, "Note")
    sheets[0].merge_range(1, 30, 1, 31, "")  # of no column


TWO = [["January"], ["", "", "Wait"], ["Date", "Team", "seconds"], ["2026-01-01", "a", 10, "x"]]


def test_two_rows_of_names(book):
    """`Call` stands over two columns, `Note` over two rows; what is not merged is not carried."""
    path = book({"calls": TWO}, fill=merged)
    names = ["Call Date", "Call Team", "Wait seconds", "Note"]
    assert cells(read_both(path, names, header=[2, 3])) == [["2026-01-01", "a", 10, "x"]]
    assert cells(read_both(path, names, skip=1, header=[1, 2])) == [["2026-01-01", "a", 10, "x"]]
    apart = book({"calls": [["Call", "", "Wait"], ["Date", "Team", "seconds"], [1, 2, 3]]})
    assert cells(read_both(apart, ["Call Date", "Team", "Wait seconds"], header=[1, 2])) == [[1, 2, 3]]
    with pytest.raises(LogError, match="there is no header in row 9 of the sheet"):
        read_both(path, names, header=[2, 9])


def hinted(error) -> dict[str, object]:
    return yaml.safe_load(re.search(r"read: (\{[^{}]*\})", str(error))[1])


@pytest.mark.parametrize(
    ("sheets", "hint"),
    [
        ({"Cover": [["Export of 1 November"]], "Data": TITLED[2:]}, {"sheet": "Data"}),
        ({"Cover": [], "Notes": [["a", "b"]], "All, calls": TITLED}, {"sheet": "All, calls", "header": 3}),
        ({"calls": TITLED}, {"header": 3}),
        ({"calls": TITLED, "old": TITLED[2:]}, {"header": 3}),
    ],
)
def test_a_cover_or_titles_are_one_message_that_leads_on(book, sheets, hint):
    path = book(sheets)
    with pytest.raises(LogError, match="log.xlsx: .*; this finds them: read: ") as caught:
        read_both(path)
    assert len(caught.value.issues) == 1
    assert hinted(caught.value) == hint
    assert len(sheets) == 1 or all(f'"{name}" with' in str(caught.value) for name in sheets)
    assert cells(read_both(path, **hint)) == [["2026-01-01", 10], ["2026-01-02", 20]]


def test_a_sheet_that_is_narrower_than_the_names_that_are_given(book):
    path = book({"Cover": [["Export"]], "Data": TITLED[2:]})
    message = (
        'log.xlsx: the sheet "Cover" has fewer columns than names are given; found 1 and 3 names; these sheets are there: '
        '"Cover" with "Export"; "Data" with "at", "wait", "team"; this finds them: read: {sheet: "Data", header: 1}'
    )
    with pytest.raises(LogError, match=message):
        read_both(path, columns=["at", "wait", "team"])
    bare = book({"Cover": [["Export"]], "Data": TITLED[3:]}, "bare.xlsx")
    with pytest.raises(LogError, match=r'this has as many columns: read: {sheet: "Data"}') as caught:
        read_both(bare, columns=["at", "wait", "team"])
    assert len(read_both(bare, columns=["at", "wait", "team"], **hinted(caught.value)).frame) == 2


def test_a_sheet_that_is_a_chart(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "log.xlsx") as made:
        made.add_worksheet("Cover").write(0, 0, "Export")
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "=Data!$B$2:$B$3"})
        made.add_chartsheet("Picture").set_chart(chart)
        data = made.add_worksheet("Data")
        for number, row in enumerate(TITLED[2:]):
            data.write_row(number, 0, row)
    with pytest.raises(LogError, match=r'this finds them: read: {sheet: "Data"}'):
        read_both(tmp_path / "log.xlsx")


def test_no_sheet_has_the_columns(book):
    with pytest.raises(LogError, match='these sheets are there: "a" with "x"; "b" with no cell') as caught:
        read_both(book({"a": [["x"]], "b": []}))
    assert "read:" not in str(caught.value)


ERRORS = ["#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"]


def errors(made, sheets):
    """A row for each error; percent in three formats beside what only looks like one."""
    for row, error in enumerate(ERRORS, 1):
        sheets[0].write_formula(row, 1, "=1/0", None, error)
    for column, form in enumerate(["0%", "0.00 %", "[Red]0.0%;-0.0%", '0.0" %"', "0.0\\%", "0.00"], 2):
        sheets[0].write_number(1, column, 0.07, made.add_format({"num_format": form}))


def test_error_cells_are_what_they_say_and_percent_is_what_is_shown(book):
    """0.07 shown as 7 % is 7; a percent sign that is only text says nothing."""
    rows = [["id", "v", "a", "b", "c", "d", "e", "f"], *([name] for name in "abcdefg")]
    raw = read_both(book({"log": rows}, fill=errors), ["id", "v", "a", "b", "c", "d", "e", "f"])
    found = cells(raw)
    assert [row[1] for row in found] == ERRORS
    assert found[0][2:] == [7, 7, 7, 0.07, 0.07, 0.07]
    assert [isinstance(cell, PercentCell) for cell in found[0][2:]] == [True] * 3 + [False] * 3
    assert len(found) == len(ERRORS)  # a row with an error alone is no blank row


DEFINITION = """
svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log:
      id: id
      time: at
      fields: {at: {time: at}, done: {time: done}, share: {number: share, unit: "%"}}
    criteria:
      quick: {measure: {duration: {from: at, to: done}}, green: "<= 4 h"}
      share: {measure: {value: share}, green: ">= 70 %"}
"""


def sheet_of_times(made, sheets):
    """Dates and times as Excel holds them; an error where the end should be; 0.732 and 0.5 shown as percent."""
    day, percent = made.add_format({"num_format": "yyyy-mm-dd hh:mm"}), made.add_format({"num_format": "0.0%"})
    for row, share in ((1, 0.732), (2, 0.5), (3, 0.7)):
        sheets[0].write_datetime(row, 1, dt.datetime(2026, 2, row, 9), day)
        sheets[0].write_number(row, 3, share, percent)
    sheets[0].write_datetime(1, 2, dt.datetime(2026, 2, 1, 13), day)  # 4 h
    sheets[0].write_formula(2, 2, "=NA()", day, "#N/A")


def test_a_sheet_is_scored(book):
    """A `#N/A` is missing, not unfinished; an empty end is unfinished: 58 days later it is certainly red."""
    path = book({"log": [["id", "at", "done", "share"], ["a"], ["b"], ["c"]]}, fill=sheet_of_times)
    found = svclight.score(path, svclight.loads(DEFINITION), as_of="2026-04-02").interactions()
    quick = found[found["criterion"] == "quick"]
    assert quick["zone"].tolist() == ["green", "missing", "red"]
    assert quick["reason"].tolist()[1] == 'done: "#N/A" is not a time'
    share = found[found["criterion"] == "share"]
    assert share["value"].tolist() == [73.2, 50.0, 70.0]
    assert share["zone"].tolist() == ["green", "red", "green"]


def test_a_percent_in_a_field_of_shares_is_the_share_that_the_cell_holds(book):
    """0.732 shown as 73.2 % is a share of 0.732, which is at least 70 %; 50 % is not."""
    path = book({"log": [["id", "at", "done", "share"], ["a"], ["b"], ["c"]]}, fill=sheet_of_times)
    shares = svclight.loads(DEFINITION.replace('unit: "%"', "unit: share"))
    found = svclight.score(path, shares, as_of="2026-04-02").interactions()
    share = found[found["criterion"] == "share"]
    assert share["value"].tolist() == [0.732, 0.5, 0.7]
    assert share["zone"].tolist() == ["green", "red", "green"]


def test_lengths_of_time_are_lengths_and_times_of_day_are_spans(book):
    def fill(made, sheets):
        sheets[0].write_number(1, 0, 1.5, made.add_format({"num_format": "[h]:mm"}))
        sheets[0].write_number(1, 1, 0.0625, made.add_format({"num_format": "h:mm"}))

    path = book({"log": [["wait", "at"], []]}, fill=fill)
    assert cells(read_both(path)) == [[dt.time(1, 30), dt.timedelta(hours=36)]]


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet>
<table:table table:name="cover"><table:table-row>
<table:table-cell office:value-type="percentage" office:value="0.9"><text:p>90%</text:p></table:table-cell></table:table-row></table:table>
<table:table table:name="log">
<table:table-row><table:table-cell office:value-type="string"><text:p>at</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>wait</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"
 office:value-type="percentage" office:value="0.07"><text:p>7%</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""
 calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="5"><text:p>5</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def test_open_documents_have_errors_and_percent_too(tmp_path):
    path = tmp_path / "log.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
        archive.writestr("content.xml", ODS.replace("\n", ""))
    raw = read_both(path, sheet="log")
    assert cells(raw) == [[7, 7], [7, 7], ["#DIV/0!", 5]]
    assert raw.lines.tolist() == [2, 3, 4]


def test_a_workbook_that_ends_anywhere_is_a_log_error(book):
    path = book(
        {"log": [["at", "wait"], *([f"2026-01-{day:02}", day] for day in range(1, 29))]},
        fill=lambda _made, sheets: sheets[0].write_formula(30, 0, "=1/0", None, "#DIV/0!"),
    )
    content = path.read_bytes()
    for end in range(1, len(content) - 1, 97):
        path.write_bytes(content[:end])
        with pytest.raises(LogError, match=r"log\.xlsx"):
            read_both(path)


def test_a_bomb_in_a_workbook_does_not_blow(book, tmp_path):
    path = book(
        {"log": [["at", "wait"], ["a", 1]]},
        fill=lambda _made, sheets: sheets[0].write_formula(2, 0, "=1/0", None, "#DIV/0!"),
    )
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "bomb.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/styles.xml":
                content = content.replace(b"<styleSheet", b'<!DOCTYPE x [<!ENTITY a "b">]><styleSheet', 1)
            new.writestr(name, content)
    with pytest.raises(LogError, match="this is no Excel file that can be read; an XML file with a document type"):
        read_both(tmp_path / "bomb.xlsx")


def test_a_kind_of_file_whose_errors_look_empty_is_told():
    # the second column holds #N/A and 5, the third 72.2 % and 50 %
    text = """
svclight: 1
time_zone: UTC
processes:
  p: {title: P, log: {time: at}, criteria: {c: {measure: {value: v}, green: "<= 5"}}}
"""
    with pytest.warns(svclight.SvclightNotice, match=r"old_sheet.xls: .* looks like an empty cell.*save it as .xlsx"):
        card = svclight.score(DATA / "old_sheet.xls", svclight.loads(text), as_of="2026-02-01")
    assert card.shares()[["green", "missing"]].to_numpy().tolist() == [[1, 1]]
    assert any("looks like an empty cell" in notice for notice in card.provenance.notices)
