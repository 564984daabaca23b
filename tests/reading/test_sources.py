"""Logs as they lie there: every way of writing a file, every way in which one is broken, and the csv module as second route."""

# ruff: noqa: DTZ001 - times without a zone are what is tested

import codecs
import contextlib
import csv
import datetime as dt
import gzip
import io
import json
import os
import threading
from decimal import Decimal
from encodings.aliases import aliases
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.needs import need

from svclight.definition.models import Read
from svclight.errors import LogError
from svclight.reading import delimited, sources
from svclight.reading.source import source_of
from svclight.reading.sources import Raw, read_source

NEEDED = ["at", "wait"]
PLAIN = "id,at,wait\n1,2026-01-01,10\n2,2026-01-02,20\n"
ROWS = [["2026-01-01", "10"], ["2026-01-02", "20"]]


def read(source, needed=NEEDED, progress=None, **options) -> Raw:
    where = {name: f"log.{name}" for name in needed}
    return read_source(source_of(source), needed, Read.model_validate(options), where=where, progress=progress)


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def cells(raw: Raw) -> list[list[object]]:
    return raw.frame.astype(object).to_numpy().tolist()


def rejected(raw: Raw) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in raw.rejected]


# --- frames ---------------------------------------------------------------------------------------------------------------


def test_a_frame_gives_its_needed_columns_and_keeps_its_index():
    frame = pd.DataFrame({"x": [1, 2], "wait": [10, 20], "at": ["a", "b"]}, index=["first", "second"])
    raw = read(frame)
    assert list(raw.frame.columns) == NEEDED
    if pd.__version__ >= "3":  # columns are shared until someone writes
        assert np.shares_memory(raw.frame["wait"].to_numpy(), frame["wait"].to_numpy())
    assert (raw.place(1), raw.keep(np.array([False, True])).place(0)) == ("second", "second")


def test_an_index_of_several_levels():
    index = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)])
    assert read(pd.DataFrame({"at": [1, 2], "wait": 3}, index=index)).place(1) == "b / 2"


@pytest.mark.parametrize("label", [pd.NA, 5, ("a", "b"), None])
def test_a_frame_may_have_columns_of_any_name(label):
    frame = pd.DataFrame([[1, 2, 3]], columns=pd.Index([label, "at", "wait"], dtype=object))
    assert cells(read(frame)) == [[2, 3]]


def test_absent_columns_of_a_frame():
    message = (
        r'log.wait: the log has no column "wait"; did you mean "Waited"\?; these columns are there: "at", "Waited", "5"'
    )
    with pytest.raises(LogError, match=message):
        read(pd.DataFrame(columns=["at", "Waited", 5]))
    with pytest.raises(
        LogError, match=r'the log has no columns "at" \(log.at\), "wait" \(log.wait\); there are no columns'
    ) as caught:
        read(pd.DataFrame())
    assert len(caught.value.issues) == 1  # one cause, one message


def test_a_column_that_stands_several_times():
    frame = pd.DataFrame([[1, 2, 3, 4]], columns=["wait", "at", "wait", "wait"])
    with pytest.raises(
        LogError, match='the column "wait" stands 3 times; found columns 1, 3 and 4; rename all but one'
    ):
        read(frame)
    assert cells(read(frame, ["at"])) == [[2]]


# --- what is no log -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (5, "builtins.int"),
        (None, "builtins.NoneType"),
        (b"log.csv", "builtins.bytes"),
        ({"a.csv": 1}, "builtins.dict"),
        (io.StringIO(PLAIN), "_io.StringIO"),
        (["log.csv", 5], "builtins.int"),
        (pd.Series([1]), r"pandas\S*Series"),
        ([pd.DataFrame()], r"pandas\S*DataFrame; .*put several frames together with pandas.concat"),
    ],
)
def test_what_is_no_log(source, kind):
    with pytest.raises(LogError, match=rf"this is no log; found {kind}") as caught:
        read(source)
    assert "expected a pandas frame, a frame, relation or table of an engine, a path, or a list of paths" in str(
        caught.value
    )


@pytest.mark.parametrize("source", ["", [], ()])
def test_no_log(source):
    with pytest.raises(LogError, match="no log was given"):
        read(source)


def test_no_such_file(write, tmp_path):
    write(PLAIN, "calls.csv")
    with pytest.raises(LogError, match=r'cals.csv: there is no such file; did you mean "calls.csv"\?'):
        read(tmp_path / "cals.csv")
    with pytest.raises(LogError, match="there is no such file"):
        read(tmp_path / "nowhere" / "calls.csv")
    with pytest.raises(LogError, match="there is no such file"):  # the text of a log instead of its path
        read(PLAIN * 1000)
    with pytest.raises(LogError, match="there is no such file"):
        read("a\0b")
    with pytest.raises(LogError, match=r"no file matches the pattern"):
        read(str(tmp_path / "*.tsv"))


def test_a_folder(tmp_path):
    with pytest.raises(LogError, match=r"this is a folder; name its files: .*/\*.csv"):
        read(tmp_path)


def test_a_file_that_may_not_be_read(write, monkeypatch):
    def refused(*_: object, **__: object) -> None:  # the one who runs the tests may be allowed to read every file
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(sources, "open_text", refused)
    with pytest.raises(LogError, match="log.csv: the file cannot be read; Permission denied"):
        read(write(PLAIN))


def test_a_disk_that_fails(write, monkeypatch):
    def fails(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(sources, "open_text", fails)
    with pytest.raises(LogError, match="log.csv: the file cannot be read; Input/output error"):
        read(write(PLAIN))


def test_a_named_pipe_is_read(tmp_path):
    need(hasattr(os, "mkfifo"), "this system has no named pipes")
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=(PLAIN,))
    writer.start()
    assert cells(read(path)) == ROWS
    writer.join()


# --- several files --------------------------------------------------------------------------------------------------------


def test_several_files_and_patterns(write, tmp_path):
    write(PLAIN, "b.csv")
    write("wait,at\n30,2026-02-01\n", "a.csv")
    (tmp_path / "folder.csv").mkdir()
    raw = read(str(tmp_path / "*.csv"))
    assert cells(raw) == [["2026-02-01", "30"], *ROWS]
    assert raw.files == ("a.csv", "b.csv")
    assert [raw.place(row) for row in range(3)] == ["a.csv:2", "b.csv:2", "b.csv:3"]
    kept = raw.keep(np.array([False, False, True]))
    assert (cells(kept), kept.place(0)) == ([ROWS[1]], "b.csv:3")
    assert cells(read([tmp_path / "b.csv", str(tmp_path / "a*.csv")])) == [*ROWS, ["2026-02-01", "30"]]


def test_files_of_the_same_name_are_told_apart(write, tmp_path):
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        write(PLAIN, f"{folder}/log.csv")
    assert read([tmp_path / "x" / "log.csv", tmp_path / "y" / "log.csv"]).files == (
        str(tmp_path / "x" / "log.csv"),
        str(tmp_path / "y" / "log.csv"),
    )


def test_a_file_named_twice(write, tmp_path):
    path = write(PLAIN)
    with pytest.raises(LogError, match=r"log.csv: the file is named twice; its rows would count twice"):
        read([path, str(tmp_path / "*.csv")])


def test_a_name_with_the_characters_of_a_pattern(write):
    assert cells(read(write(PLAIN, "calls[1]*.csv"))) == ROWS


def test_files_of_several_kinds(write, tmp_path):
    text = write(PLAIN)
    lines = write('{"at": "2026-01-03", "wait": 5}\n{"wait": 6}\n', "log.jsonl")
    none = write("at,wait\n", "none.csv")
    typed = parquet(tmp_path, "SELECT TIMESTAMP '2026-01-04' AS \"at\", 7 AS wait")
    raw = read([none, text, lines, typed])
    assert cells(raw)[:4] == [*ROWS, ["2026-01-03", 5], [None, 6]]
    assert str(cells(raw)[4][0]).startswith("2026-01-04")
    assert raw.place(4) == "log.parquet:1"
    assert (
        cells(read([typed, parquet(tmp_path, "SELECT TIMESTAMP '2026-01-05' AS \"at\", 8 AS wait", "b.pq")]))[1][1] == 8
    )
    assert cells(read([none])) == []


# --- delimited text -------------------------------------------------------------------------------------------------------

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8) | st.sampled_from(
    ["", '"', "a\nb", "\r", ",", "\ufeff", "a,b"]
)


@given(
    rows=st.lists(st.tuples(texts, texts, texts), max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_the_csv_module_writes_is_read(tmp_path, rows, delimiter, end, quoting):
    path = tmp_path / "round.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting)
        writer.writerows([("a", "b", "c"), *rows])
    raw = read(path, ["c", "a"], delimiter=delimiter)
    assert cells(raw) == [[third, first] for first, _, third in rows]
    assert raw.rejected == []


def test_small_parts_give_the_same(monkeypatch, write):
    lines = [
        f'{number},"2026-01-01",{"x" if number % 7 else chr(34) + "two" + chr(10) + "lines" + chr(34)}\n'
        for number in range(60)
    ]
    path = write("id,at,wait\n" + "".join(lines) + '61,"broken\n62,2026-01-02,5\n')
    whole = read(path)
    for size in (1, 2, 3, 10):
        monkeypatch.setattr(delimited, "_BATCH", size)
        parts = read(path)
        assert cells(parts) == cells(whole)
        assert parts.lines.tolist() == whole.lines.tolist()
        assert parts.rejected == whole.rejected
    assert rejected(whole) == [(71, "a quote is not closed, or text follows it")]
    assert whole.lines[-1] == 72


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"])
def test_line_ends_and_blank_lines(write, end):
    raw = read(write(PLAIN.replace("\n", end)))
    assert cells(raw) == ROWS
    step = 2 if len(end.replace("\r\n", "\n")) == 2 else 1
    assert raw.lines.tolist() == [1 + step, 1 + 2 * step]
    assert cells(read(write(PLAIN.rstrip("\n")))) == ROWS


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32", "utf-16-be", "utf-32-le"])
def test_byte_order_marks(write, name):
    marked = PLAIN.encode(name) if name in ("utf-8-sig", "utf-16", "utf-32") else ("\ufeff" + PLAIN).encode(name)
    path = write(marked)
    assert cells(read(path, ["id", *NEEDED])) == [["1", *ROWS[0]], ["2", *ROWS[1]]]
    if name != "utf-16-be":  # a mark says more than a definition
        assert cells(read(path, ["id"], encoding="cp1251" if name == "utf-8-sig" else "utf-8")) == [["1"], ["2"]]
    assert cells(read(path, ["id"], encoding=name)) == [["1"], ["2"]]


def every_encoding() -> list[str]:
    names = sorted({codecs.lookup(name).name for name in set(aliases.values()) if lookup(name)})
    return [
        name for name in names if name not in ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape")
    ]


def lookup(name: str) -> bool:
    with contextlib.suppress(LookupError):
        return bool(codecs.lookup(name)._is_text_encoding)
    return False


@pytest.mark.parametrize("name", every_encoding())
def test_every_encoding_that_python_knows(write, name):
    words = ["Ж", "é", "日本", "ψ", "ع", "ง", "x"]
    word = next(word for word in words if encodes(word, name))
    text = f'id,at,wait\n1,{word},10\n2,plain,"a,{word}"\n'
    assert cells(read(write(text.encode(name)), encoding=name)) == [[word, "10"], ["plain", f"a,{word}"]]


def encodes(word: str, name: str) -> bool:
    with contextlib.suppress(UnicodeError):
        return word.encode(name).decode(name) == word
    return False


@pytest.mark.parametrize("name", ["undefined", "punycode", "idna"])
def test_encodings_that_cannot_be_read_line_by_line(write, name):
    with pytest.raises(LogError, match=f"log.csv: the file cannot be decoded as {name}"):
        read(write(PLAIN), encoding=name)


@pytest.mark.parametrize(
    ("name", "bad", "shown"),
    [
        ("utf-8", b"\xff\xc3", r"\xff\xc3"),
        ("ascii", b"\xe9", r"\xe9"),
        ("shift_jis", b"\x81\n", r"\x81"),
        ("cp1252", b"\x81", r"\x81"),
    ],
)
def test_a_line_that_cannot_be_decoded_is_rejected(write, name, bad, shown):
    line = b"2,2026-01-02," + bad + (b"" if bad.endswith(b"\n") else b"\n")
    raw = read(write(b"id,at,wait\n1,2026-01-01,10\n" + line + b"3,2026-01-03,30\n"), encoding=name)
    assert cells(raw)[0] == ROWS[0]
    assert raw.rejected[0].line == 3
    assert raw.rejected[0].file == "log.csv"
    assert raw.rejected[0].reason == f"cannot be decoded as {codecs.lookup(name).name}"
    assert raw.rejected[0].text.startswith(f"2,2026-01-02,{shown}")


def test_a_line_that_cannot_be_split_is_rejected(write):
    raw = read(
        write("id,at,wait\n1,2026-01-01\n2,2026-01-02,20\n3,2026-01-03,30,x\n   \n" + "4,\u001b[31m" + "y" * 500 + "\n")
    )
    assert cells(raw) == [ROWS[1]]
    assert rejected(raw) == [
        (2, "2 columns found, 3 expected"),
        (4, "4 columns found, 3 expected"),
        (5, "1 columns found, 3 expected"),
        (6, "2 columns found, 3 expected"),
    ]
    assert raw.rejected[3].text.startswith(r"4,\x1b[31myyy")
    assert len(raw.rejected[3].text) == 200


@pytest.mark.parametrize(
    ("lines", "good", "bad"),
    [
        (['1,"a', "2,b", "3,c"], ["b", "c"], [2]),
        (['1,"a', '2,"b"', "3,c"], ["b", "c"], [2]),
        (["1,a", "2,b", '3,"c'], ["a", "b"], [4]),
        (['1,"a', '2,"b', "3,c"], ["c"], [2, 3]),
        (['1,"a"x', "2,b"], ["b"], [2]),
        (['1,"a', "2,b,c", "3,c"], ["c"], [2, 3]),
        (['1,5" pipe', "2,b"], ['5" pipe', "b"], []),
        (['1,"two', 'lines"', "2,b"], ["two\nlines", "b"], []),
        (['1,"a', '2,x",y', "3,c"], ["c"], [2, 3]),
    ],
)
def test_a_quote_that_is_not_closed_costs_its_own_line(write, lines, good, bad):
    raw = read(write("\n".join(["id,wait", *lines, ""])), ["wait"])
    assert [cell for [cell] in cells(raw)] == good
    assert [line for line, _ in rejected(raw)] == bad


def test_a_quote_that_is_not_closed_in_a_long_file(write, monkeypatch):
    monkeypatch.setattr(delimited, "MOST_LINES", 50)
    rows = "".join(f"{number},2026-01-01,5\n" for number in range(200))
    raw = read(write(f'id,at,wait\n0,2026-01-01,"oops\n{rows}1,"x\n'))
    assert len(raw.frame) == 200
    assert rejected(raw) == [
        (2, "a quote is not closed, or text follows it"),
        (203, "a quote is not closed, or text follows it"),
    ]
    assert raw.place(0) == "log.csv:3"


def test_long_cells(write, monkeypatch):
    for size in (10_000, 200_000):
        for quote in ("", '"'):
            raw = read(write(PLAIN + f"3,2026-01-03,{quote}{'x' * size}{quote}\n"))
            assert len(cells(raw)[2][1]) == size
    limit = csv.field_size_limit()
    monkeypatch.setattr(delimited, "_LONGEST", 1000)
    raw = read(write(PLAIN + f"3,2026-01-03,{'x' * 2000}\n4,2026-01-04,40\n"))
    assert cells(raw) == [*ROWS, ["2026-01-04", "40"]]
    assert rejected(raw) == [(4, "a cell is too long")]
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize(
    ("content", "options", "rows", "line"),
    [
        ("Report of calls,\n\nid,at,wait\n1,2026-01-01,10\n", {"header": 3}, [ROWS[0]], 4),
        ('"Report\n\nid,at,wait\n1,2026-01-01,10\n', {"header": 2}, [ROWS[0]], 4),
        ("2026-01-01,10\n", {"header": ["at", "wait"]}, [ROWS[0]], 1),
        ("2026-01-01\t10\n", {"header": ["at", "wait"], "delimiter": "\t"}, [ROWS[0]], 1),
        (" at ;wait\n2026-01-01;10\n", {"delimiter": ";"}, [ROWS[0]], 2),
        ("at,wait\n'2026-01-01','10'\n", {"quote": "'"}, [ROWS[0]], 2),
        ('at,wait\n2026-01-01,"10\n', {"quote": ""}, [["2026-01-01", '"10']], 2),
        ("at,wait\n", {}, [], None),
    ],
)
def test_how_a_file_is_written(write, content, options, rows, line):
    raw = read(write(content), **options)
    assert cells(raw) == rows
    assert raw.rejected == []
    assert raw.lines.tolist() == ([] if line is None else [line])


def test_columns_by_number(write):
    path = write('\ufeff2026-01-01,"a\nb",10\n2026-01-02,c,20\n\n2026-01-03,30\n')
    raw = read(path, ["3", "1"], header=False)
    assert cells(raw) == [["10", "2026-01-01"], ["20", "2026-01-02"]]
    assert raw.lines.tolist() == [1, 3]
    assert rejected(raw) == [(5, "2 columns found, 3 expected")]
    with pytest.raises(LogError, match='the log has no column "4"; these columns are there: "1", "2", "3"'):
        read(path, ["4"], header=False)
    assert len(read(write("\n\n"), ["3"], header=False).frame) == 0


def test_suffixes(write):
    tabs = PLAIN.replace(",", "\t")
    for name in ("log.tsv", "log.TAB", "log.v2.tsv.gz"):
        assert cells(read(write(packed(tabs.encode()) if name.endswith("gz") else tabs, name))) == ROWS
    for name in ("log.txt", "log", "log.2026-01", "log.csv.gz", "LOG.CSV.GZ"):
        content = packed(PLAIN.encode()) if name.lower().endswith("gz") else PLAIN
        assert cells(read(write(content, name))) == ROWS


@pytest.mark.parametrize(("delimiter", "shown"), [(";", ";"), ("\t", r"\\t"), ("|", r"\|")])
def test_a_wrong_delimiter(write, delimiter, shown):
    with pytest.raises(LogError, match=rf'this finds them: read: {{delimiter: "{shown}"}}'):
        read(write(PLAIN.replace(",", delimiter)))
    with pytest.raises(LogError, match=r'read: {delimiter: ","}'):
        read(write(PLAIN), delimiter=delimiter)
    with pytest.raises(LogError) as caught:
        read(write("at\nx\n"), ["wait"])
    assert "delimiter" not in str(caught.value)


@pytest.mark.parametrize("options", [{"delimiter": '"'}, {"delimiter": "\n"}, {"delimiter": "\r"}, {"quote": "\n"}])
def test_a_delimiter_that_cannot_be_one(write, options):
    with pytest.raises(
        LogError, match="log.csv: the file cannot be split; found delimiter .*, quote .*; expected two characters"
    ):
        read(write(PLAIN), **options)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("", "log.csv", "log.csv: the file is empty"),
        ("", "log.jsonl", "log.jsonl: the file is empty"),
        ("", "log.xlsx", "log.xlsx: the file is empty"),
        ("", "log.parquet", "log.parquet: the file is empty"),
        ("", "log.csv.gz", "log.csv.gz: the file is empty"),
        (packed(b""), "log.csv.gz", "log.csv.gz: the file is empty"),
        ("\n\n", "log.csv", 'log.csv: there is no header in line 1; the delimiter is ","'),
        (
            bytes(range(256)),
            "log.csv",
            "this is no text file; found binary data; expected delimited text; is this the right file?",
        ),
        (b"PK\x03\x04\x14\0", "log.csv", "it looks like an Excel or zip file: give it the suffix of its kind"),
        (b"PAR1\x15", "log.csv", "it looks like a Parquet file"),
        (b"\xd0\xcf\x11\xe0\xa1", "log.txt", "it looks like an old Excel file"),
        (b"%PDF-1.7", "log.txt", "it looks like a PDF"),
        (packed(PLAIN.encode()), "log.csv", "it looks like a gzip file"),
        (
            packed(PLAIN.encode() * 999)[:-9],
            "log.csv.gz",
            "the compressed file ends in the middle; fetch or write it again",
        ),
        (PLAIN, "log.csv.gz", "the compressed file is no sound gzip file"),
        (packed(PLAIN.encode())[:10] + b"\xff" * 50, "log.csv.gz", "the compressed file is no sound gzip file"),
        (packed(PLAIN.encode())[:-8] + b"\xff" * 8, "log.csv.gz", "the compressed file is no sound gzip file"),
        (
            b"\xff\x41,at\n",
            "log.csv",
            r'log.csv:1: the header cannot be decoded; found "\xffA,at"; expected text in utf-8',
        ),
        ("garbage", "log.xlsx", "log.xlsx: this is no Excel file that can be read"),
        ("garbage", "log.ods", "log.ods: this is no Excel file that can be read"),
        ("garbage", "log.parquet", "log.parquet: this is no Parquet file that can be read"),
        ("PAR1" + "garbage" * 9 + "PAR1", "log.pq", "log.pq: this is no Parquet file that can be read"),
        ("garbage", "log.parquet.gz", "log.parquet.gz: the compressed file is no sound gzip file"),
        ("garbage\n[]", "log.json", "log.json: the file holds no JSON lines; expected one JSON object a line"),
    ],
)
def test_files_that_cannot_be_read(write, content, name, message):
    with pytest.raises(LogError) as caught:
        read(write(content, name))
    assert message in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_null_character_in_a_row_is_no_binary_file(write):
    assert cells(read(write(PLAIN + "3,2026-01-03,a\0b\n")))[2] == ["2026-01-03", "a\0b"]


def test_progress_is_told_in_bytes(write):
    seen: list[tuple[int, int]] = []
    paths = [write(PLAIN * 3000, "a.csv"), write(packed(PLAIN.encode()), "b.csv.gz")]
    read(paths, progress=lambda done, total: seen.append((done, total)))
    total = sum(path.stat().st_size for path in paths)
    assert seen == sorted(seen)
    assert {whole for _, whole in seen} == {total}
    assert seen[-1] == (total, total)
    assert len(seen) > 3


# --- JSON lines -----------------------------------------------------------------------------------------------------------


def test_json_lines(write):
    lines = [
        '{"at": "2026-01-01", "wait": 10.5}',
        "",
        '\ufeff{"wait": true, "at": null, "x": 1}',
        '{"at": [1, "é"], "wait": {"a": 1}}',
        '{"at": 12345678901234567890}',
    ]
    raw = read(write("\r\n".join(lines), "log.ndjson"))
    assert cells(raw) == [["2026-01-01", 10.5], [None, True], ['[1, "é"]', '{"a": 1}'], [12345678901234567890, None]]
    assert raw.lines.tolist() == [1, 3, 4, 5]


def test_json_lines_that_are_none(write):
    deep = "[" * 100_000
    content = (
        f'{{"at": 1, "wait": 2}}\n[1]\nnull\n{{"at": 1\n{deep}\n'.encode()
        + b'{"at": "\xff"}\n'
        + b'{"at": '
        + b"9" * 5000
        + b"}\n"
    )
    raw = read(write(content, "log.jsonl"))
    assert cells(raw)[0] == [1, 2]
    reasons = [(line, "is no JSON object") for line in (2, 3, 4, 5)] + [
        (6, "cannot be decoded as utf-8"),
        (7, "is no JSON object"),
    ]
    assert rejected(raw) == reasons


def test_keys_that_no_object_has(write):
    with pytest.raises(LogError, match=r'log.jsonl: log.wait: the log has no column "wait"; did you mean "waits"\?'):
        read(write('{"at": 1}\n{"waits": 2}\n', "log.jsonl"))
    assert len(read(write("\n \n", "log.jsonl")).frame) == 0
    assert cells(read(write(packed(b'{"at": 1, "wait": 2}'), "log.jsonl.gz"))) == [[1, 2]]


@given(
    st.lists(
        st.fixed_dictionaries({"at": st.text(max_size=5) | st.none(), "wait": st.integers() | st.booleans()}),
        min_size=1,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_the_json_module_writes_is_read(tmp_path, rows):
    path = tmp_path / "round.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert cells(read(path)) == [[row["at"], row["wait"]] for row in rows]


# --- workbooks ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as made:
        day, clock = (
            made.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            made.add_format({"num_format": "[h]:mm:ss"}),
        )
        first = made.add_worksheet("calls")
        first.write_row(0, 0, ["id", "at", " wait ", 2024])
        first.write_row(1, 0, [1, "2026-01-01", 10])
        first.write_datetime(3, 1, dt.datetime(2026, 1, 2, 10, 15), day)
        first.write_datetime(3, 2, dt.timedelta(seconds=75), clock)
        first.write_row(4, 1, [True, "x"])
        second = made.add_worksheet("rows")
        second.write_row(0, 0, ["2026-01-01", 5, "note"])
        made.add_worksheet("empty")
    return path


def test_a_workbook(book):
    raw = read(book)
    assert cells(raw) == [["2026-01-01", 10], [dt.datetime(2026, 1, 2, 10, 15), dt.timedelta(seconds=75)], [True, "x"]]
    assert raw.lines.tolist() == [2, 4, 5]
    assert cells(read(book, ["2024"]))[0] == [""]


def test_sheets_and_headers(book):
    for sheet in ("rows", 2):
        assert cells(read(book, sheet=sheet, header=["at", "wait"])) == [["2026-01-01", 5]]
        assert cells(read(book, ["3", "2"], sheet=sheet, header=False)) == [["note", 5]]
    with pytest.raises(LogError, match='log.xlsx: there is no sheet "row"; these are there: "calls", "rows", "empty"'):
        read(book, sheet="row")
    with pytest.raises(LogError, match="there is no sheet 4"):
        read(book, sheet=4)
    with pytest.raises(LogError, match="there is no header in row 1 of the sheet"):
        read(book, sheet="empty")
    with pytest.raises(LogError, match="there is no header in row 7 of the sheet"):
        read(book, header=7)
    assert len(read(book, sheet="empty", header=["at", "wait"]).frame) == 0
    with pytest.raises(
        LogError, match='the log has no column "wait"; these columns are there: "2026-01-01", "5", "note"'
    ):
        read(book, ["wait"], sheet="rows")


def test_an_open_document(tmp_path):
    import zipfile

    path = tmp_path / "log.ods"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="10"><text:p>10</text:p></table:table-cell>'
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    rows = f"<table:table-row>{cell.format('at')}{cell.format('wait')}</table:table-row>"
    rows += f"<table:table-row>{cell.format('2026-01-01')}{number}</table:table-row>"
    body = f'<office:spreadsheet><table:table table:name="calls">{rows}</table:table></office:spreadsheet>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces}><office:body>{body}</office:body></office:document-content>',
        )
    assert cells(read(path)) == [["2026-01-01", 10]]


# --- Parquet --------------------------------------------------------------------------------------------------------------


def parquet(folder: Path, query: str, name: str = "log.parquet") -> Path:
    import duckdb

    path = folder / name
    with duckdb.connect() as base:
        base.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


@pytest.mark.parametrize(
    ("expression", "cell"),
    [
        ("9007199254740993::BIGINT", 9007199254740993),
        ("18446744073709551615::UBIGINT", 18446744073709551615),
        ("5::TINYINT", 5),
        ("1.5::DOUBLE", 1.5),
        ("1.10::DECIMAL(10, 2)", 1.1),
        ("12345678901234567890::DECIMAL(38, 0)", "12345678901234567890"),
        ("true", True),
        ("'text'", "text"),
        ("'é'::VARCHAR", "é"),
        ("'bytes'::BLOB", b"bytes"),
        ("DATE '9999-12-31'", "9999-12-31"),
        ("TIMESTAMP '2026-01-01 10:00:00.000001'", pd.Timestamp("2026-01-01 10:00:00.000001")),
        ("TIMESTAMP_NS '2026-01-01 10:00:00.000000001'", pd.Timestamp("2026-01-01 10:00:00.000000001")),
        ("TIMESTAMPTZ '2026-01-01 10:00:00+02'", pd.Timestamp("2026-01-01 08:00", tz="UTC")),
        ("TIMESTAMP '9999-12-31 23:59:59'", dt.datetime(9999, 12, 31, 23, 59, 59)),
        ("TIME '10:11:12'", "10:11:12"),
        ("INTERVAL 90 SECOND", pd.Timedelta(seconds=90)),
        ("[1, 2]", "[1, 2]"),
        ("'a'::ENUM('a', 'b')", "a"),
    ],
)
@pytest.mark.parametrize("null", [False, True])
def test_parquet_cells_stay_exact(tmp_path, expression, cell, null):
    rows = f"SELECT 1 AS n, {expression} AS v" + (" UNION ALL SELECT 2, NULL" if null else "")
    raw = read(parquet(tmp_path, f"SELECT * FROM ({rows}) ORDER BY n"), ["v"])
    found = cells(raw)
    assert found[0][0] == cell
    assert isinstance(found[0][0], bool) == isinstance(cell, bool)
    assert [row[0] is None or pd.isna(row[0]) for row in found] == [False, True][: 1 + null]
    assert raw.lines.tolist() == [1, 2][: 1 + null]


def test_parquet_columns_and_names(tmp_path):
    path = parquet(tmp_path, 'SELECT \'2026-01-01\' AS "at", 5 AS wait, 6 AS "a ""b"" c"', "calls[1]*?.parquet")
    assert cells(read(path, ['a "b" c', "at"])) == [[6, "2026-01-01"]]
    with pytest.raises(LogError, match=r'the log has no column "Wait"; did you mean "wait"\?'):
        read(path, ["Wait"])
    assert len(read(parquet(tmp_path, 'SELECT 1 AS "at", 2 AS wait WHERE false')).frame) == 0


def test_parquet_as_pandas_writes_it(tmp_path):
    need(find_spec("pyarrow"), "pyarrow is not installed")
    frame = pd.DataFrame(
        {"at": pd.to_datetime(["2026-01-01", None]), "wait": [Decimal("1.5"), None], "x": ["a", None]}, index=[5, 6]
    )
    frame.to_parquet(tmp_path / "log.parquet")
    assert cells(read(tmp_path / "log.parquet", ["wait", "x"]))[0] == [1.5, "a"]
