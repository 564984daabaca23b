"""Scans give what `read_source` gives: the same cells, lines and rejections, whichever way a file is read."""

import codecs
import csv
import gc
import gzip
import io
import json
import math
import os
import tempfile
from pathlib import Path
from unittest import mock

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.needs import need

import svclight
from svclight import scoring
from svclight.definition.models import Read
from svclight.errors import LogError, UnableError
from svclight.reading import file_relation, plain_text, temporary_parquet
from svclight.reading.file_relation import FILE, LINE, scan_files, with_scan
from svclight.reading.plain_text import Dialect, Sound, sound_file, sound_stream
from svclight.reading.source import source_of
from svclight.reading.sources import read_source
from svclight.values.columns import texts_of

NEEDED = ["at", "wait"]
PLAIN = "id,at,wait\n1,2026-01-01,10\n2,2026-01-02,20\n"
ROWS = [("2026-01-01", "10", 0, 2), ("2026-01-02", "20", 0, 3)]
quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def where(needed):
    return {name: f"log.{name}" for name in needed}


def opened(source, needed=NEEDED, progress=None, *, hasty=False, **options):
    read = Read.model_validate(options)
    return scan_files(source_of(source), needed, read, where=where(needed), progress=progress, hasty=hasty)


def unable(*args, **options) -> str:
    """The words with which a scan says that files must be read whole."""
    with pytest.raises(UnableError, match=".") as caught:
        opened(*args, **options)
    return str(caught.value)


def said(function, *args, **options):
    """What a reader gives, or the words with which it refuses."""
    try:
        return function(*args, **options)
    except LogError as error:
        return str(error)


def rows(made) -> list[tuple[object, ...]]:
    """All rows in their order, by file and line."""
    return made.relation.order(f'"{FILE}", "{LINE}"').fetchall()


def whole(source, needed=NEEDED, **options):
    return read_source(source_of(source), needed, Read.model_validate(options), where=where(needed))


def words(column: pd.Series) -> list[object]:
    """Cells as the typing layer sees them."""
    texts = texts_of(column)
    return [None if code < 0 else texts.words[code] for code in texts.codes]


def check_same(source, needed=NEEDED, **options) -> str:
    """Holds a scan against the reader; says which of the two ways was gone, or that both refuse the file alike."""
    raw, made = said(whole, source, needed, **options), said(opened, source, needed, **options)
    if isinstance(raw, str):
        assert made == raw
        return "refused"
    found = rows(made)
    assert [row[-2:] for row in found] == list(zip(raw.file_codes.tolist(), raw.lines.tolist(), strict=True))
    cells = raw.frame.astype(object).to_numpy().tolist()
    assert [list(row[:-2]) for row in found] == cells
    assert made.relation.columns == [*needed, FILE, LINE]
    assert set(map(str, made.relation.types[: len(needed)])) <= {"VARCHAR"}
    assert made.rejected == raw.rejected
    assert made.files == raw.files
    plan = made.relation.explain()
    return "recoded" if "READ_PARQUET" in plan else "read where it lies" if "READ_CSV" in plan else "nothing"


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


# --- which way is gone ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "options", "way"),
    [
        (PLAIN, {}, "read where it lies"),
        (PLAIN.rstrip("\n"), {}, "read where it lies"),
        (PLAIN.replace("\n", "\r\n"), {}, "read where it lies"),
        (PLAIN.replace("\n", "\r\n").rstrip(), {}, "read where it lies"),
        ("\ufeff" + PLAIN, {}, "read where it lies"),
        (PLAIN + "3,é,\n", {}, "read where it lies"),
        (PLAIN + '"3","a,b","say ""x"""\n"","",""\n', {}, "read where it lies"),
        ('"id","at","wait"\n1,2,3\n', {}, "read where it lies"),
        ("Report\n\nid,at,wait\n1,2,3\n", {"header": 3}, "recoded"),
        ("Report\nof,calls\nid,at,wait\n1,2,3\n", {"header": 3}, "read where it lies"),
        ("Report;;;\r\nid,at,wait\r\n1,2,3\r\n", {"header": 2}, "read where it lies"),
        ("1,2\n3,4\n", {"header": ["at", "wait"]}, "read where it lies"),
        (PLAIN.replace(",", ";"), {"delimiter": ";"}, "read where it lies"),
        ("at,wait\n'1,5',''\n", {"quote": "'"}, "read where it lies"),
        ('at,wait\n"1,2"\n', {"quote": ""}, "read where it lies"),
        ("at,wait\nNULL,\\N\n#, x \n\\,\\\\\n", {}, "read where it lies"),
        (PLAIN.encode("utf-16"), {"encoding": "utf-16"}, "read where it lies"),
        (PLAIN.replace("10", "Ж").encode("cp1251"), {"encoding": "cp1251"}, "read where it lies"),
        ("at,wait\r\n1,2\n", {}, "recoded"),
        (PLAIN + "\n3,4,5\n", {}, "recoded"),
        (PLAIN + "3,4\n", {}, "recoded"),
        (PLAIN + "3,4,5,6\n3,4\n", {}, "recoded"),
        (PLAIN + "3,4,a\0b\n", {}, "recoded"),
        (PLAIN + "3,4,5\r6,7,8\n", {}, "recoded"),
        (PLAIN + "3,4,5\r", {}, "recoded"),
        (PLAIN.encode() + b"3,4,\xff\n5,6,7\n", {}, "recoded"),
        (PLAIN + '3,4,"5\n6,7,8\n', {}, "recoded"),
        (PLAIN + '3,4,"5\n6",7,8\n', {}, "recoded"),
        (PLAIN + '3,4,"two\nlines"\n', {}, "recoded"),
        (PLAIN + '3,4,5" pipe\n', {}, "recoded"),
        (PLAIN + '3,4, "5"\n', {}, "recoded"),
        (PLAIN + '3,4,"5" \n', {}, "recoded"),
        (PLAIN + '3,"4"",5\n6,"7,8\n', {}, "recoded"),
        ("\ufeff\ufeff1,2\n3,4\n", {"header": ["at", "wait"]}, "recoded"),
        ("at¦wait\n1¦2\n", {"delimiter": "¦"}, "recoded"),
        ('"broken\nat,wait\n1,2\n', {"header": 2}, "recoded"),
        ('"broken,\nat,wait\n1,2\n', {}, "recoded"),
        (PLAIN.encode("utf-16") + b"\0\xd8\n\0", {"encoding": "utf-16"}, "recoded"),
        ("at,wait\n", {}, "read where it lies"),
        ("at,wait", {}, "read where it lies"),
        ("at,wait\n1,2,3\n", {}, "nothing"),
        ("\n\n", {"header": False}, "refused"),
        ("at;wait\n1;2\n", {}, "refused"),
        ("", {}, "refused"),
        (b"\xff\xff,at\n", {}, "refused"),
    ],
)
def test_which_way_is_gone(write, content, options, way):
    path = write(content)
    if options.get("header") is False:
        assert check_same(path, ["3"], **options) == "nothing"
    else:
        assert check_same(path, **options) == way


def test_one_column_is_read_by_the_exact_reader(write):
    assert check_same(write("at\n1\n\n   \n2\n"), ["at"]) == "recoded"


def test_columns_by_number(write):
    assert check_same(write('\ufeff1,"a",b\n2,,\n'), ["3", "1"], header=False) == "recoded"
    assert check_same(write('1,"a",b\n2,,\n'), ["3", "1"], header=False) == "read where it lies"


def test_cells_and_lines(write):
    made = opened(write(PLAIN))
    assert rows(made) == ROWS
    assert made.files == ("log.csv",)
    assert made.rejected == []
    assert list(map(str, made.relation.types)) == ["VARCHAR", "VARCHAR", "INTEGER", "BIGINT"]
    assert made.connection.sql("SELECT current_setting('TimeZone')").fetchall() == [("UTC",)]


def test_a_long_line_is_left_to_the_exact_reader(write):
    for size, way in ((900_000, "read where it lies"), (1_200_000, "recoded"), (3_000_000, "recoded")):
        assert check_same(write(PLAIN + f"3,{'x' * size},5\n4,,\n")) == way


def test_small_parts_give_the_same(write, monkeypatch):
    monkeypatch.setattr(temporary_parquet, "_ROWS", 7)
    monkeypatch.setattr("svclight.reading.delimited._BATCH", 5)
    monkeypatch.setattr("svclight.reading.json_rows._BATCH", 5)
    lines = "".join(f"{n},{n % 3},x{n}\n" + "\n" * (n % 4 == 0) for n in range(50))
    assert check_same(write("id,at,wait\n" + lines)) == "recoded"
    assert check_json(write("".join(f'{{"at": {n}, "wait": "{n}"}}\n' for n in range(50)), "a.jsonl")) == [
        "BIGINT",
        "VARCHAR",
    ]
    halves = "".join(f'{{"at": {n / 2 if n > 20 else n}, "wait": {"null" if n < 30 else "true"}}}\n' for n in range(50))
    assert check_json(write(halves, "b.jsonl")) == ["DOUBLE", "BOOLEAN"]


# --- delimited text: whatever it is ----------------------------------------------------------------------------------------

pieces = st.sampled_from(
    [
        "a",
        "1",
        "",
        " ",
        "é",
        ",",
        ";",
        '"',
        '""',
        '"x"',
        '"a,b"',
        "\n",
        "\r\n",
        "\r",
        "\0",
        "\ufeff",
        "\u2028",
        "\x0b",
        "\\",
        "'",
        "NULL",
    ]
)
lines = st.lists(pieces, max_size=7).map("".join)
sound_cells = st.sampled_from(["a", "", "1.5", '"q"', '"a,b"', '"say ""x"""', '""', "é", "\u2028", "\x0c"])
sound_lines = st.tuples(sound_cells, sound_cells, sound_cells).map(",".join)


@given(
    made=st.lists(st.one_of(sound_lines, sound_lines, sound_lines, lines), max_size=9),
    end=st.sampled_from(["\n", "\n", "\r\n", "\r", "\n\n"]),
    start=st.sampled_from(["", "", "", "\ufeff", "\n", "report\n", '"a\n']),
    header=st.sampled_from([1, 1, 1, 2, False, ["1", "2", "3"]]),
    broken=st.sampled_from([b"", b"", b"\n", b"\xff", b"\xc3"]),
    quote=st.sampled_from(['"', '"', "", "'"]),
    gz=st.booleans(),
)
@quick
def test_whatever_a_text_holds(tmp_path, made, end, start, header, broken, quote, gz):
    head = "1,2,3" + end if header in (1, 2) else ""
    content = (start + head + end.join(made)).encode() + broken
    name = "log.csv.gz" if gz else "log.csv"
    (tmp_path / name).write_bytes(packed(content) if gz else content)
    check_same(tmp_path / name, ["3", "1"], header=header, quote=quote)


@given(
    cells=st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)] * 3), max_size=8
    ),
    delimiter=st.sampled_from([",", ";", "\t", "|", ":", "§"]),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32-le", "utf-7", "gb18030"]),
    block=st.sampled_from([16, 64, 1 << 17]),
)
@quick
def test_what_the_csv_module_writes(tmp_path, cells, delimiter, end, encoding, block):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows([("a", "b", "c"), *cells])
    (tmp_path / "log.csv").write_bytes(text.getvalue().encode(encoding))
    with mock.patch.object(plain_text, "_BLOCK", block):
        check_same(tmp_path / "log.csv", ["c", "a"], delimiter=delimiter, encoding=encoding)


@pytest.mark.parametrize(
    "name", ["latin-1", "cp1251", "koi8-r", "utf-16-be", "shift_jis", "ascii", "cp037", "iso2022_jp"]
)
def test_encodings(write, name):
    word = next(word for word in ("Жук", "été", "日本", "plain") if _encodes(word, name))
    assert check_same(write((PLAIN + f'3,{word},"a,{word}"\n').encode(name)), encoding=name) == "read where it lies"
    assert (
        check_same(write(packed((PLAIN + f"3,{word},\n").encode(name)), "log.csv.gz"), encoding=name)
        == "read where it lies"
    )


def _encodes(word: str, name: str) -> bool:
    try:
        return word.encode(name).decode(name) == word
    except UnicodeEncodeError:
        return False


def test_a_mark_says_more_than_the_definition(write):
    assert check_same(write(codecs.BOM_UTF8 + "at,wait\nЖ,2\n".encode()), encoding="cp1251") == "read where it lies"
    assert check_same(write("at,wait\nЖ,2\n".encode("utf-16"))) == "read where it lies"


needs_strict_engine = pytest.mark.skipif(
    not file_relation.is_strict(duckdb.__version__), reason="this engine lets uneven lines pass"
)

# --- soundness ------------------------------------------------------------------------------------------------------------


def sound(content: bytes, width: int = 3, quote: str = '"', **options) -> Sound | None:
    return sound_stream(io.BytesIO(content), Dialect(",", quote, width, **options))


def test_how_sound_text_is_written():
    assert sound(b"1,2,3\n4,5,6") == Sound(quoted=False, returns=False)
    assert sound(b'1,2,3\r\n4,"5",6') == Sound(quoted=True, returns=True)
    assert sound(b"") == Sound(quoted=False, returns=None)
    assert sound(b'1,"2,3\n', quote="") == Sound(quoted=False, returns=False)
    assert sound(b"1,2,3\n4,5,6\n", width=2) is None
    assert sound(b"1,2,3\n4_0,5,6") == Sound(returns=False, underscored=True)


def test_hasty_counts_by_block():
    swapped = b"1,2,3,4\n1,2\n"
    assert sound(swapped) is None
    assert sound(swapped, counted=False) == Sound(quoted=False, returns=False)
    assert sound(b"1,2,3,4\n", counted=False) is None


@given(
    st.lists(
        st.sampled_from([b"1,2,3\n", b"1,_,3\n", b'"a",b,c\n', b"1,2\n", b"\n", b'"x\n', b"\r\n", b"\xc3\xa9,,\n"]),
        max_size=30,
    )
)
@quick
def test_parts_are_as_sound_as_the_whole(tmp_path, parts):
    path = tmp_path / "text"
    path.write_bytes(b"".join(parts))
    dialect = Dialect(",", '"', 3)
    one_by_one = [sound(part) for part in parts]
    expected = Sound()
    for part in one_by_one:
        expected = expected and expected & part
    assert sound(b"".join(parts)) == expected
    for size in (7, 16, 1 << 17):
        with mock.patch.object(plain_text, "_BLOCK", size):
            assert sound_file(path, dialect, begin=0) == expected


@needs_strict_engine
@pytest.mark.parametrize(("line", "found"), [("1,2,3,4", 4), ("1,2,3,", 4), ("1,2,3,\u00e9", 4)])
@pytest.mark.parametrize("asked", ["wait", "count(*)", "sum(1)"])
def test_a_hasty_scan_of_what_is_not_sound_raises_when_it_is_asked(write, line, found, asked):
    path = write(PLAIN + f"{line}\n1,2\n")
    made = opened(path, hasty=True)
    with pytest.raises(duckdb.InvalidInputException, match=f"Expected Number of Columns: 3 Found: {found}"):
        made.relation.query("log", f"SELECT {asked} FROM log").fetchall()
    assert len(opened(path).rejected) == 2
    assert rows(opened(write(PLAIN), hasty=True)) == ROWS


@pytest.mark.parametrize(
    ("version", "strict"), [("1.1.3", False), ("1.4.0", False), ("2.0.1", True), ("2.1.0.dev5", True), ("10.0", True)]
)
def test_only_a_strict_engine_is_trusted_with_uneven_lines(write, monkeypatch, version, strict):
    monkeypatch.setattr(duckdb, "__version__", version)
    path = write(PLAIN + "1,2,3,4\n1,2\n")
    assert (len(opened(path, hasty=True).rejected) == 0) is strict
    assert file_relation.is_strict(version) is strict


def test_work_on_a_hasty_scan_is_done_again_where_it_was_in_vain(write):
    asked = []

    def work(made):
        asked.append(made)
        return made.relation.aggregate("count(*)").fetchall(), len(made.rejected)

    read = Read()
    path = write("id,at,wait\n1,2,3,4\n1,2\n5,6,7\n")
    assert with_scan(work, source_of(path), NEEDED, read, where=where(NEEDED)) == ([(1,)], 2)
    assert len(asked) == 1 + file_relation.is_strict(duckdb.__version__)
    assert with_scan(work, source_of(write(PLAIN)), NEEDED, read, where=where(NEEDED)) == ([(2,)], 0)
    assert len(asked) == 2 + file_relation.is_strict(duckdb.__version__)
    with pytest.raises(UnableError, match="what is no plain file must be read whole"):
        with_scan(work, source_of(pd.DataFrame()), NEEDED, read, where=where(NEEDED))
    with pytest.raises(duckdb.InvalidInputException, match="something else"):
        with_scan(
            lambda made: made.relation.aggregate("error('something else')").fetchall(),
            source_of(path),
            NEEDED,
            read,
            where=where(NEEDED),
        )


# --- several files, packed files, names ------------------------------------------------------------------------------------


def test_several_files(write, tmp_path):
    write(PLAIN, "b[1].csv")
    write("wait,at\n30,2026-02-01\n\n31\n40,2026-02-02\n", "a.csv")
    write(packed(b"at;wait\n1;2\n"), "c's.csv.gz")
    assert check_same([tmp_path / "b[1].csv", tmp_path / "a.csv"]) == "recoded"
    assert rows(opened([tmp_path / "b[1].csv", tmp_path / "a.csv"]))[2:] == [
        ("2026-02-01", "30", 1, 2),
        ("2026-02-02", "40", 1, 5),
    ]
    (tmp_path / "c's.csv.gz").write_bytes(packed(PLAIN.encode()))
    assert check_same(str(tmp_path / "*.csv*")) == "recoded"
    made = opened(str(tmp_path / "*.csv*"))
    assert made.files == ("a.csv", "b[1].csv", "c's.csv.gz")
    assert [(one.file, one.line) for one in made.rejected] == [("a.csv", 4)]


def test_packed_files(write):
    assert check_same(write(packed(PLAIN.encode()), "LOG.TSV.CSV.GZ")) == "read where it lies"
    assert check_same(write(packed(PLAIN.encode()) + packed(b"3,4,5\n"), "two.csv.gz")) == "read where it lies"
    assert check_same(write(packed(PLAIN.encode()) + bytes(100), "padded.csv.gz")) == "read where it lies"
    long = b"id,at,wait\n" + b"".join(b"%d,%d,x\n" % (n, n) for n in range(1_300_000))
    assert len(long) > 1 << 24  # so that the size that ends a packed file ends in no zero byte: the engine unpacks it
    made = opened(write(packed(long), "long.csv.gz"))
    assert "'gzip'" in made.relation.sql_query()
    assert made.relation.aggregate(f'count(*), max("{LINE}")').fetchall() == [(1_300_000, 1_300_001)]
    for content in (
        packed(PLAIN.encode() * 999)[:-9],
        PLAIN.encode(),
        packed(PLAIN.encode())[:-8] + b"\xff" * 8,
        packed(b""),
    ):
        assert check_same(write(content, "broken.csv.gz")) == "refused"


UNDERSCORED = PLAIN + "3,2026-01-03,1_000\n"
CALLS = """
svclight: 1
time_zone: UTC
processes:
  calls:
    title: Calls
    log:
      time: at
      read: {encoding: ENCODING}
      fields: {at: {time: at}, waited: {number: wait}}
    criteria:
      wait: {title: Wait, measure: {value: waited}, green: <= 15, yellow: <= 30}
"""


@pytest.mark.parametrize(
    ("contents", "encoding", "underscored"),
    [
        ([PLAIN], "utf-8", False),
        ([PLAIN.replace("id", "the_id")], "utf-8", False),
        ([UNDERSCORED], "utf-8", True),
        ([packed(PLAIN.encode())], "utf-8", False),
        ([packed(UNDERSCORED.encode())], "utf-8", True),
        ([PLAIN, UNDERSCORED], "utf-8", True),
        ([UNDERSCORED.encode("cp1251")], "cp1251", True),
        ([UNDERSCORED + "4,5\n"], "utf-8", True),
    ],
)
def test_a_number_with_underscores_is_none(write, monkeypatch, contents, encoding, underscored):
    """An engine passes over underscores in numbers; where text has none, it is not asked whether a cell has."""
    monkeypatch.setattr(scoring, "LARGE", 0)
    suffix = ".csv.gz" if contents[0][:2] == b"\x1f\x8b" else ".csv"
    paths = [write(content, f"{number}{suffix}") for number, content in enumerate(contents)]
    assert opened(paths, encoding=encoding).underscored == underscored
    counts = (
        svclight.score(paths, svclight.loads(CALLS.replace("ENCODING", encoding)))
        .counts.groupby("zone", observed=False)["count"]
        .sum()
    )
    assert counts["green"] == counts["yellow"] == len(contents)
    assert counts["missing"] == underscored
    assert counts["red"] == 0


def test_names_that_an_engine_takes_for_the_same(write):
    path = write("Wait,wait,b\n1,2,3\n")
    assert check_same(path, ["wait", "b"]) == "read where it lies"
    assert unable(path, ["wait", "Wait"]) == "columns that no engine tells apart must be read whole"
    assert (
        unable(write("svclight:LINE,b\n1,2\n"), ["svclight:LINE"])
        == "columns that no engine tells apart must be read whole"
    )
    assert unable(write(",b\n1,2\n"), ["", "b"]) == "columns that no engine tells apart must be read whole"
    assert check_same(write('"a ""b""","c\'d"\n1,2\n'), ['a "b"', "c'd"]) == "read where it lies"


def test_what_is_not_scanned(write, tmp_path):
    assert unable(pd.DataFrame({"at": [1], "wait": [2]})) == "what is no plain file must be read whole"
    assert unable([write(PLAIN), write("garbage", "log.xlsx")]) == "what is no plain file must be read whole"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert unable(tmp_path / "pipe") == "what is no plain file must be read whole"
    for wrong in (5, "", tmp_path / "none.csv", tmp_path):
        assert check_same(wrong) == "refused"


def test_progress_goes_onward(write):
    paths = [
        write(PLAIN + "3,4,5\n" * 1_000_000, "a.csv"),
        write(packed(PLAIN.encode()), "b.csv.gz"),
        write(PLAIN + "\n" * 9999, "c.csv"),
    ]
    seen: list[tuple[int, int]] = []
    opened(paths, progress=lambda done, total: seen.append((done, total)))
    total = sum(path.stat().st_size for path in paths)
    assert seen == sorted(seen)
    assert {size for _, size in seen} == {total}
    assert seen[-1] == (total, total)
    assert len(seen) > 8


def test_temporary_files_live_as_long_as_the_scan(write, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = opened(write(PLAIN + "3\n"))
    [folder] = tmp_path.glob("svclight-*")
    assert list(folder.iterdir())
    assert rows(made) == ROWS
    del made
    gc.collect()
    assert not folder.exists()
    with pytest.raises(LogError, match="the log has no column"):
        opened(write(PLAIN), ["none"])
    assert (
        unable(write('{"at": 1, "wait": 2}\n{"at": "x"}\n', "log.jsonl"))
        == "columns with cells of several types must be read whole"
    )
    assert not list(tmp_path.glob("svclight-*"))


# --- JSON lines -----------------------------------------------------------------------------------------------------------


def check_json(path, needed=NEEDED) -> list[str] | None:
    """Holds a scan of JSON lines against the reader, as the typing layer sees the cells; gives the types."""
    raw = said(whole, path, needed)
    try:
        made = said(opened, path, needed)
    except UnableError:  # a column of several types
        return None
    if isinstance(raw, str):
        assert made == raw
        return None
    frame = pd.DataFrame(rows(made), columns=made.relation.columns, dtype=object)
    for name in needed:
        assert words(frame[name]) == words(raw.frame[name])
    assert frame[LINE].tolist() == raw.lines.tolist()
    assert frame[FILE].tolist() == raw.file_codes.tolist()
    assert made.rejected == raw.rejected
    return list(map(str, made.relation.types[: len(needed)]))


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["a", "é", "", None, "x\0y", "\ud800"], "VARCHAR"),
        ([1, None, -5, 2**53 + 1, 2**63 - 1, -(2**63)], "BIGINT"),
        ([2**53 + 1], "BIGINT"),
        ([1, 1.5, None, 1e300, -0.0, float("nan")], "DOUBLE"),
        ([True, None, False], "BOOLEAN"),
        ([None, None], "VARCHAR"),
        ([[1, "é"], {"a": 1}, "x"], "VARCHAR"),
        ([1, "1"], None),
        ([True, 1], None),
        ([2**63], None),
        ([2**53 + 1, 0.5], None),
        ([math.inf], None),
        ([True, "x"], None),
    ],
)
def test_what_json_cells_become(write, cells, kind):
    content = "".join(json.dumps({"at": cell, "wait": "x"}) + "\n" for cell in cells)
    assert check_json(write(content, "log.jsonl")) == (None if kind is None else [kind, "VARCHAR"])


def test_json_lines_that_are_none(write):
    good, bad = b'{"at": 1, "wait": 2}\n', b'\n[1]\nnull\n{"at": "\xff"}\n{"at": 2}\r\n'
    assert check_json(write(good + bad, "log.json")) == ["BIGINT", "BIGINT"]
    assert check_json(write(packed(good + bad), "log.ndjson.gz")) == ["BIGINT", "BIGINT"]
    assert len(opened(write(good + bad, "log.json")).rejected) == 3
    assert check_json(write("garbage\n", "log.json")) is None
    assert check_json(write('{"at": 1}\n', "log.json")) is None
    assert rows(opened(write("\n \n", "log.json"))) == []


values = st.one_of(
    st.none(),
    st.text(max_size=4),
    st.integers(),
    st.integers(-9, 9),
    st.booleans(),
    st.floats(),
    st.lists(st.text(max_size=2), max_size=2),
)


@given(
    st.lists(st.tuples(values, values), min_size=1, max_size=5),
    st.lists(st.integers(-99, 99) | st.none(), min_size=1, max_size=5),
)
@quick
def test_whatever_json_lines_hold(tmp_path, pairs, whole_numbers):
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps({"at": at, "wait": wait}) + "\n" for at, wait in pairs), "utf-8")
    check_json(path)
    path.write_text("".join(json.dumps({"at": at, "wait": "x"}) + "\n" for at in whole_numbers), "utf-8")
    assert check_json(path) in (["BIGINT", "VARCHAR"], ["VARCHAR", "VARCHAR"])


# --- Parquet --------------------------------------------------------------------------------------------------------------


def parquet(path: Path, query: str) -> Path:
    with duckdb.connect() as base:
        base.sql(query).write_parquet(str(path))
    return path


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("9007199254740993::BIGINT", "BIGINT"),
        ("5::UTINYINT", "UTINYINT"),
        ("1.10::DECIMAL(10, 2)", "DOUBLE"),
        ("12345678901234567890::DECIMAL(38, 0)", "VARCHAR"),
        ("true", "BOOLEAN"),
        ("'é'", "VARCHAR"),
        ("'bytes'::BLOB", "BLOB"),
        ("DATE '9999-12-31'", "VARCHAR"),
        ("TIMESTAMP '2026-01-01 10:00:00.000001'", "TIMESTAMP"),
        ("TIMESTAMPTZ '2026-01-01 10:00:00+02'", "TIMESTAMP WITH TIME ZONE"),
        ("TIME '10:11:12'", "VARCHAR"),
        ("INTERVAL 90 SECOND", "INTERVAL"),
        ("[1, 2]", "VARCHAR"),
    ],
)
def test_parquet_cells(tmp_path, expression, kind):
    path = parquet(
        tmp_path / "log.parquet",
        f"SELECT * FROM (SELECT 1 AS n, {expression} AS v UNION ALL SELECT 2, NULL) ORDER BY n",
    )
    made, raw = opened(path, ["v"]), whole(path, ["v"])
    assert list(map(str, made.relation.types)) == [kind, "INTEGER", "BIGINT"]
    in_order = made.relation.order(f'"{LINE}"')
    cells = (
        in_order.df()["v"] if "ZONE" in kind else pd.Series([cell for cell, *_ in in_order.fetchall()], dtype=object)
    )
    assert words(cells) == words(raw.frame["v"])
    assert made.relation.aggregate(f'list("{LINE}" ORDER BY "{LINE}")').fetchall() == [([1, 2],)]


def test_several_parquet_files(tmp_path):
    big = parquet(tmp_path / "a[1].parquet", 'SELECT range AS n, 5 AS "WAIT" FROM range(300000)')
    small = parquet(tmp_path / "b's.pq", "SELECT 7 AS wait, 8::BIGINT AS n, 'x' AS \"at\"")
    made = opened([big, small], ["n"])
    found = made.relation.aggregate(
        f'"{FILE}", count(*), min("{LINE}"), max("{LINE}"), bool_and("{LINE}" = n + 1)', f'"{FILE}"'
    ).order(f'"{FILE}"')
    assert found.fetchall() == [(0, 300_000, 1, 300_000, True), (1, 1, 1, 1, False)]
    other = parquet(tmp_path / "c.parquet", "SELECT 8::INTEGER AS n")
    assert unable([big, other], ["n"]) == "files that differ in a type must be read whole"
    text = tmp_path / "t.csv"
    text.write_text("n,m\n1,2\n")
    assert unable([big, text], ["n"]) == "files that differ in a type must be read whole"
    assert rows(opened([parquet(tmp_path / "d.parquet", "SELECT 'x' AS n"), text], ["n"])) == [("x", 0, 1), ("1", 1, 2)]
    taken = parquet(tmp_path / "e.parquet", "SELECT 5 AS file_row_number, 1 AS n")
    assert unable(taken, ["n"]) == "a file with a column file_row_number must be read whole"


@pytest.mark.parametrize("name", ["log.parquet", "log.parquet.gz"])
@pytest.mark.parametrize("content", ["garbage", "", "PAR1" + "garbage" * 9 + "PAR1"])
def test_parquet_that_is_none(write, name, content):
    assert check_same(write(content, name)) == "refused"


def test_columns_that_a_parquet_file_has_not(tmp_path):
    path = parquet(tmp_path / "log.parquet", "SELECT 1 AS wait")
    assert check_same(path, ["Wait"]) == "refused"


# --- cost -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["log.csv", "log.parquet"])
def test_lines_are_counted_only_where_they_are_asked_for(write, tmp_path, name):
    path = write(PLAIN) if name == "log.csv" else parquet(tmp_path / name, "SELECT 'a' AS \"at\", 'b' AS wait")
    need(name == "log.parquet" or duckdb.__version__ >= "2", "older engines count lines of text always")
    made = opened(path)
    for asked, counted in (("wait", False), (f'wait, "{FILE}"', False), (f'"{LINE}"', True)):
        plan = made.relation.project(asked).explain()
        assert ("STREAMING" in plan.upper() or "file_row_number" in plan) is counted


@example(threads=2)
@given(threads=st.sampled_from([1, 2, 4]))
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_lines_are_exact_in_long_files_read_by_several_threads(tmp_path, threads):
    path = tmp_path / "log.csv"
    if not path.exists():
        numbers = np.arange(2, 1_000_002).astype(str)
        path.write_text("at,wait\n" + "\n".join(number + "," + "x" * 40 for number in numbers) + "\n")
    made = opened(path)
    made.connection.execute(f"SET threads = {threads}")
    assert made.relation.filter(f'CAST("at" AS BIGINT) <> "{LINE}"').aggregate("count(*)").fetchall() == [(0,)]
    assert made.relation.aggregate(f'count(*), sum("{LINE}")').fetchall() == [(1_000_000, sum(range(2, 1_000_002)))]
