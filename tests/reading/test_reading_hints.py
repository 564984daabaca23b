"""Hints where a text was opened in a wrong way: each was tried, and reading as it says finds the columns."""

import re

import pytest
import yaml
from support.raw_logs import read_both

from svclight.errors import LogError

NAMES = ["id", "at", "wait", "team", "queue", "outcome", "who", "x1", "x2", "x3", "x4", "x5"]


def hinted(error: LogError) -> dict[str, object]:
    """The `read` that a message proposes."""
    return yaml.safe_load(re.search(r"read: (\{[^{}]*\})", str(error))[1])


def table(delimiter: str, *, before: str = "") -> str:
    rows = [NAMES, [f"a{number}" for number in range(12)], ["b, c"] + ["d"] * 11 if delimiter != "," else ["b"] * 12]
    return before + "".join(delimiter.join(row) + "\n" for row in rows)


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
@pytest.mark.parametrize("before", ["", "Calls of January\n\n", "Calls; all, of\tJanuary\n"])
def test_a_wrong_delimiter_or_line_is_one_message_that_leads_on(write, delimiter, before):
    """Twelve columns are needed; none is there; the hint reads the file."""
    path = write(table(delimiter, before=before))
    given = {"delimiter": ";"} if delimiter == "," else {}
    with pytest.raises(LogError, match="the log has no columns .*; this finds them: read:") as caught:
        read_both(path, NAMES, **given)
    assert len(caught.value.issues) == 1
    raw = read_both(path, NAMES, **given | hinted(caught.value))
    assert len(raw.frame) == 2


def test_a_wrong_file_is_one_message_without_a_hint_that_leads_nowhere(write):
    path = write("sku;price\n1;2\n", "prices.csv")
    with pytest.raises(LogError) as caught:
        read_both(path, NAMES)
    assert str(caught.value) == (
        "prices.csv: the log has no columns "
        + ", ".join(f'"{name}" (log.{name})' for name in NAMES)
        + '; these columns are there: "sku;price"'
    )


def test_some_of_the_columns(write):
    with pytest.raises(LogError, match=r'with read: {delimiter: ";"} these of them are there: "at"'):
        read_both(write("id;at\n1;2\n"), ["at", "wait"])


def test_more_than_twelve_absent_columns_are_counted(write):
    needed = [f"c{number}" for number in range(30)]
    with pytest.raises(LogError, match=r'"c11" \(log.c11\) and 18 more; these columns are there: "x"'):
        read_both(write("x\n1\n"), needed)


def test_each_absent_column_is_guessed_at(write):
    with pytest.raises(LogError, match='did you mean "Waits" for "wait", "AT" for "at"'):
        read_both(write("Waits,AT\n1,2\n"), ["wait", "at"])


def test_a_delimiter_that_does_not_split_the_rows_is_not_proposed(write):
    """`at|wait` in the header alone; the rows have a comma."""
    with pytest.raises(LogError) as caught:
        read_both(write("at|wait\n1,2\n3,4\n5,6\n"))
    assert "read:" not in str(caught.value)


@pytest.mark.parametrize("pad", [{}, {"short_lines": "pad"}])
def test_names_that_are_given_and_a_wrong_delimiter(write, pad):
    """Each line would be rejected; with `pad` each would be one cell and two empty ones, which is worse."""
    path = write("1;2026-01-01;5\n\n2;2026-01-02;7\n")
    names = ["id", "at", "wait"]
    message = 'log.csv: no line has the 3 columns of which the names are given; found "1;2026-01-01;5"; this reads them'
    with pytest.raises(LogError, match=message) as caught:
        read_both(path, columns=names, **pad)
    assert len(read_both(path, columns=names, **pad, **hinted(caught.value)).frame) == 2
    assert len(read_both(write("1,2,3\n4;5;6\n"), columns=names, **pad).frame) >= 1  # a line that fits: no doubt


def test_columns_by_number(write):
    with pytest.raises(LogError, match=r'this finds it: read: {delimiter: ";"}'):
        read_both(write("1;2;3\n4;5;6\n"), ["3"], header=False)


@pytest.mark.parametrize(
    ("name", "word"), [("cp1251", "Ожидание"), ("cp866", "Ожидание"), ("cp1252", "Größe"), ("shift_jis", "待ち時間")]
)
def test_an_encoding_is_tried_on_the_names(write, name, word):
    path = write(f"at;{word}\n1;2\n".encode(name))
    with pytest.raises(LogError, match="log.csv:1: the header cannot be decoded; found .*; this finds them") as caught:
        read_both(path, ["at", word], delimiter=";")
    assert len(read_both(path, ["at", word], delimiter=";", **hinted(caught.value)).frame) == 1


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_an_encoding_and_a_delimiter_are_tried_together(write, delimiter):
    path = write(f"Номер{delimiter}Ожидание\n1{delimiter}2\n".encode("cp1251"))
    needed = ["Номер", "Ожидание"]
    with pytest.raises(LogError, match="this finds them: read: {encoding: cp1251, delimiter: ") as caught:
        read_both(path, needed)
    assert len(read_both(path, needed, **hinted(caught.value)).frame) == 1


def test_where_needed_names_do_not_tell_the_encoding_the_readings_are_shown(write):
    path = write("at;wait;Größe\n1;2;3\n".encode("cp1252"))
    message = r'name the encoding: read: {encoding: cp1252}; cp1252 reads "Größe", cp1251 reads "GrцЯe"'
    with pytest.raises(LogError, match=message):
        read_both(path, delimiter=";")


def test_no_encoding_is_proposed_where_none_has_the_names(write):
    with pytest.raises(
        LogError, match="expected text in utf-8, or in the encoding that is named under `read`"
    ) as caught:
        read_both(write("Größe\n1\n".encode("cp1252")), ["wait"])
    assert "cp1252" not in str(caught.value)


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_text_of_two_bytes_a_character_without_a_mark(write, name):
    path = write("at,wait\n1,2\n".encode(name))
    with pytest.raises(LogError, match=f"found binary data; .*; this reads it: read: {{encoding: {name}}}") as caught:
        read_both(path)
    assert len(read_both(path, **hinted(caught.value)).frame) == 1
