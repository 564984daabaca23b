"""Files in gzip, bz2 and zip: whatever kind lies inside, and each way in which a packing can be wrong."""

import bz2
import gzip
import zipfile

import pytest
import xlsxwriter
from support.raw_logs import cells, read_both, rejected, words, zip_of, zipped

from svclight.errors import LogError
from svclight.reading.packed_files import Content, content_of
from svclight.reading.source import source_of

PLAIN = "id,at,wait\n1,2026-01-01,10\n2,2026-01-02,20\n"
ROWS = [["2026-01-01", "10"], ["2026-01-02", "20"]]
XES = '<log><trace><event><string key="at" value="2026-01-01"/><int key="wait" value="10"/></event></trace></log>'
LINES = '{"at": "2026-01-01", "wait": "10"}\n{"at": "2026-01-02", "wait": "20"}\n'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("log.csv.gz", gzip.compress(PLAIN.encode(), mtime=0)),
        ("log.csv.bz2", bz2.compress(PLAIN.encode())),
        ("log.zip", zipped(calls__csv=PLAIN)),
        ("LOG.ZIP", zipped(calls__csv=PLAIN)),
        ("log.zip", zipped(calls__tsv=PLAIN.replace(",", "\t"))),
        ("log.zip", zip_of({"out/of/calls.csv": PLAIN, "__MACOSX/._calls.csv": b"\0\5", "out/.DS_Store": b"x"})),
        ("log.zip", zipped(calls__csv__gz=gzip.compress(PLAIN.encode(), mtime=0))),
        ("log.zip.bz2", bz2.compress(zipped(calls__csv=PLAIN))),
        ("log.jsonl.bz2", bz2.compress(LINES.encode())),
        ("log.zip", zipped(calls__ndjson=LINES)),
        ("log.csv.bz2", bz2.compress(PLAIN[:30].encode()) + bz2.compress(PLAIN[30:].encode())),  # as `cat` makes it
    ],
)
def test_packed_text_is_read_as_if_it_were_not(write, name, content):
    assert cells(read_both(write(content, name))) == ROWS


def test_packed_text_of_another_encoding_with_lines_that_are_none(write):
    text = "at,wait\n2026-01-01,Größe\n2026-01-02\n".encode("cp1252")
    raw = read_both(write(zipped(calls__csv=text), "log.zip"), encoding="cp1252")
    assert cells(raw) == [["2026-01-01", "Größe"]]
    assert rejected(raw) == [(3, "1 columns found, 2 expected")]


def test_packed_xes(write):
    for name, content in [("log.xes.gz", gzip.compress(XES.encode(), mtime=0)), ("log.zip", zipped(log__xes=XES))]:
        assert words(read_both(write(content, name))) == [["2026-01-01", "10"]]


def test_packed_workbooks_and_parquet(tmp_path):
    import duckdb

    book, table = tmp_path / "log.xlsx", tmp_path / "log.parquet"
    with xlsxwriter.Workbook(book) as made:
        made.add_worksheet().write_column(0, 0, ["at", "2026-01-01", "2026-01-02"])
        made.worksheets()[0].write_column(0, 1, ["wait", 10, 20])
    with duckdb.connect() as base:
        rows = "SELECT '2026-01-01' AS \"at\", 10 AS wait UNION ALL SELECT '2026-01-02', 20"
        base.execute(f"COPY ({rows}) TO '{table}' (FORMAT parquet)")
    for path in (book, table):
        for name, content in [
            (f"packed{path.suffix}.gz", gzip.compress(path.read_bytes(), mtime=0)),
            (f"packed{path.suffix}.bz2", bz2.compress(path.read_bytes())),
            ("packed.zip", zip_of({path.name: path.read_bytes()})),
        ]:
            (tmp_path / name).write_bytes(content)
            assert words(read_both(tmp_path / name)) == ROWS


def test_several_files_in_a_zip_are_named(write):
    message = (
        'log.zip: there are 2 files in the zip; found "a.csv", "b.csv"; expected one file; unpack it and name the files'
    )
    with pytest.raises(LogError, match=message):
        read_both(write(zipped(a__csv=PLAIN, b__csv=PLAIN), "log.zip"))
    with pytest.raises(LogError, match="there is no file in the zip; expected one file"):
        read_both(write(zip_of({"folder/": ""}), "log.zip"))


def test_a_zip_that_holds_itself_is_refused(write):
    content = zipped(x__csv=PLAIN)
    for _ in range(4):
        content = zipped(x__zip=content)
    with pytest.raises(LogError, match="the file is packed too many times; found .zip in .zip in .zip"):
        read_both(write(content, "log.zip"))


def encrypted(content: bytes) -> bytes:
    """A zip whose flags say that it is encrypted, in both places."""
    changed = bytearray(content)
    changed[6] |= 1
    changed[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("log.csv.bz2", PLAIN.encode(), "the compressed file is no sound bz2 file; fetch or write it again"),
        ("log.csv.bz2", bz2.compress(PLAIN.encode() * 99)[:-9], "the compressed file ends in the middle"),
        ("log.zip", PLAIN.encode(), "the compressed file is no sound zip file; found File is not a zip file"),
        ("log.zip", zipped(a__csv=PLAIN)[:-9], "the compressed file is no sound zip file"),
        ("log.zip", zipped(a__csv=PLAIN * 99).replace(b"PK\x03\x04", b"PK\x03\x05"), "no sound zip file; found Bad magic"),
        ("log.zip", encrypted(zipped(a__csv=PLAIN)), "no sound zip file; found it is encrypted"),
        ("log.csv.bz2", b"", "the file is empty"),
        ("log.zip", zipped(a__csv=""), "the file is empty"),
        ("log.csv", bz2.compress(PLAIN.encode()), "it looks like a bz2 file: give it the suffix of its kind"),
        ("log.csv", zipped(a__csv=PLAIN), "it looks like an Excel or zip file"),
    ],
)  # fmt: skip
def test_packings_that_are_damaged(write, name, content, message):
    with pytest.raises(LogError, match=message) as caught:
        read_both(write(content, name))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [("log.csv.gz", gzip.compress(PLAIN.encode() * 50, mtime=0)), ("log.csv.bz2", bz2.compress(PLAIN.encode() * 50)),
     ("log.zip", zipped(a__csv=PLAIN * 50))],
)  # fmt: skip
def test_a_file_that_ends_anywhere_is_a_log_error(write, name, content):
    for end in range(0, len(content), 7):
        with pytest.raises(LogError, match=name):
            read_both(write(content[:end], name))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(LogError, match=r"x\.zip: the file cannot be read; No such file"):
        content_of(tmp_path / "x.zip", "x.zip")


def test_sizes_are_those_of_the_text_inside(write):
    """A zip says how large its files are; gzip and bz2 are taken to pack to an eighth."""
    path = write(zipped(a__csv=PLAIN * 1000), "log.zip")
    assert source_of(path).size == len(PLAIN) * 1000
    packed = write(bz2.compress(PLAIN.encode()), "log.csv.bz2")
    assert source_of(packed).size == 8 * packed.stat().st_size
    assert source_of(write(b"no zip", "b.zip")).size == 8 * len(b"no zip")


def test_what_lies_inside_says_the_kind(write):
    path = write(zip_of({"a.csv.GZ": gzip.compress(b"x", mtime=0)}), "log.zip")
    assert content_of(path, "log.zip") == Content(path, "a.csv", (".zip", ".gz"))
    assert content_of(path, "log.zip").suffix == ".csv"
    assert zipfile.is_zipfile(path)
