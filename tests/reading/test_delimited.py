"""Delimited text with lines before its header, several lines of names, none, short lines, or Excel's `sep=` line."""

import gzip

import pytest
from support.raw_logs import cells, read_both, rejected

from svclight.definition.models import Read
from svclight.errors import LogError
from svclight.reading.open_file import joined_names

ROWS = [["2026-01-01", "10"], ["2026-01-02", "20"]]
BODY = "2026-01-01,10\n2026-01-02,20\n"


@pytest.mark.parametrize(
    ("content", "options", "line"),
    [
        ("Calls\nof January\nat,wait\n" + BODY, {"skip": 2}, 4),
        ("Calls\nof January\nat,wait\n" + BODY, {"header": 3}, 4),
        ("Calls\n\nx,y\nat,wait\n" + BODY, {"skip": 2, "header": 2}, 5),  # counted from the lines that are left
        ("Calls\n" + BODY, {"skip": 1, "columns": ["at", "wait"]}, 2),
        (BODY, {"columns": ["at", "wait"]}, 1),
        (BODY, {"header": False, "columns": ["at", "wait"]}, 1),
        (BODY, {"header": ["at", "wait"]}, 1),  # the same, from before
        ("sep=;\nat;wait\n" + BODY.replace(",", ";"), {}, 3),
        ("\ufeffSEP=;\r\nat;wait\r\n" + BODY.replace(",", ";").replace("\n", "\r\n"), {}, 3),
        ('"sep=\t"\nat\twait\n' + BODY.replace(",", "\t"), {}, 3),
        ("sep=;\nat;wait\n" + BODY.replace(",", ";"), {"delimiter": ","}, 3),  # Excel obeys the line, too
        ("sep=;\nCalls\nat;wait\n" + BODY.replace(",", ";"), {"skip": 1}, 4),
        ("sep=|\n" + BODY.replace(",", "|"), {"columns": ["at", "wait"]}, 2),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_where_the_names_stand(write, content, options, line, encoding):
    for packed, name in ((lambda text: text, "log.csv"), (gzip.compress, "log.csv.gz")):
        raw = read_both(write(packed(content.encode(encoding)), name), encoding=encoding, **options)
        assert cells(raw) == ROWS
        assert raw.lines.tolist() == [line, line + 1]


TWO = "Calls,,\nCall,,Wait\nDate,Team,seconds\n2026-01-01,a,10\n"


@pytest.mark.parametrize(
    ("content", "header", "names"),
    [
        (TWO, [2, 3], ["Call Date", "Call Team", "Wait seconds"]),
        (TWO, [1, 2, 3], ["Calls Call Date", "Calls Call Team", "Calls Wait seconds"]),
        ("Call,,Wait\n\nDate,Team,\n2026-01-01,a,10\n", [1, 3], ["Call Date", "Call Team", "Wait"]),
        ("Call\nDate,Team,seconds\n2026-01-01,a,10\n", [1, 2], ["Call Date", "Call Team", "Call seconds"]),
    ],
)
def test_two_lines_of_names(write, content, header, names):
    raw = read_both(write(content), names, header=header)
    assert cells(raw) == [["2026-01-01", "a", "10"]]
    assert cells(read_both(write("\n" + content), names, header=header, skip=1)) == [["2026-01-01", "a", "10"]]


def test_names_of_a_column_are_joined_by_a_blank():
    assert joined_names([["at", "wait"]]) == ["at", "wait"]
    assert joined_names([["", "a", ""], ["x", "", "y", "z"]]) == ["x", "a", "a y", "a z"]


SHORT = "1|NONE|START\n2|c1|ENTER||+49|1\n3|c1|END|7|8|9|10\n\n4\n"


def test_short_lines_are_filled_where_the_definition_says_so(write):
    """Of seven columns: three, six, seven; a blank line stays none; a line that is too long is rejected."""
    names = ["epoch", "id", "event", "a", "b", "c", "d"]
    path = write(SHORT + "5|c2|END|1|2|3|4|5\n", "queue_log")
    raw = read_both(path, names, delimiter="|", columns=names, short_lines="pad")
    assert cells(raw) == [
        ["1", "NONE", "START", "", "", "", ""],
        ["2", "c1", "ENTER", "", "+49", "1", ""],
        ["3", "c1", "END", "7", "8", "9", "10"],
        ["4", *[""] * 6],
    ]
    assert raw.lines.tolist() == [1, 2, 3, 5]
    assert rejected(raw) == [(6, "8 columns found, 7 expected")]
    without = read_both(path, names, delimiter="|", columns=names)
    assert rejected(without)[0] == (1, "3 columns found, 7 expected; `short_lines: pad` would fill it up")
    assert rejected(without)[-1] == (6, "8 columns found, 7 expected")
    assert len(without.frame) == 1


def test_a_quote_that_is_not_closed_is_not_padded(write):
    raw = read_both(write('at,wait,x\n1,"2\n3,4,5\n6,7\n'), short_lines="pad")
    assert rejected(raw) == [(2, "a quote is not closed, or text follows it")]
    assert cells(raw) == [["3", "4"], ["6", "7"]]


def test_several_lines_of_names_that_are_not_there(write):
    with pytest.raises(LogError, match="there is no header in line 4"):
        read_both(write("a,b\nc,d\n"), header=[1, 4])


def test_what_a_definition_may_say_of_a_header():
    assert Read.model_validate({"header": [5, 6]}).header_lines == (5, 6)
    assert Read().header_lines == (1,)
    assert Read(columns=("a",)).header_lines == ()
    assert Read(columns=("a",)).names == ("a",)
    assert Read(header=False).names is None
    for wrong in ([], [0], [2, 1], [1, "a"], [True], 0, ["a", ""]):
        with pytest.raises(ValueError, match="this is no header"):
            Read.model_validate({"header": wrong})
