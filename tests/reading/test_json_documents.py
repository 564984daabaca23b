"""JSON lists and documents: rows anywhere in them, one at a time, and each way in which they are not there."""

import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.raw_logs import cells, read_both, rejected

from svclight.errors import LogError
from svclight.reading import json_documents

ITEMS = [{"at": "2026-01-01", "wait": 10}, {"at": "2026-01-02", "wait": 20.5, "x": 1}]
ROWS = [["2026-01-01", 10], ["2026-01-02", 20.5]]


def written(value, **options) -> str:
    return json.dumps(value, **options)


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (written(ITEMS), {}),
        (written(ITEMS, indent=2), {}),
        (" \n\ufeff" + written(ITEMS), {}),
        (written({"meta": {"n": 2, "tags": ["a", {}]}, "data": {"items": ITEMS}, "next": None}), {"path": "data.items"}),
        (written({"data": {"items": ITEMS}}, indent=1), {"path": "data.items"}),
        (written({"data.items": ITEMS}), {"path": "data.items"}),  # a key may hold a point
        (written([{"items": ITEMS[:1]}, {"items": []}, {"items": ITEMS[1:]}]), {"path": "items"}),  # a list of pages
        (written({"items": ITEMS[:1]}) + "\n" + written({"items": ITEMS[1:]}), {"path": "items"}),  # a page a line
        ("".join(written(row) + "\n" for row in ITEMS), {}),  # JSON lines stay
    ],
)  # fmt: skip
def test_rows_anywhere_in_a_document(write, content, options):
    raw = read_both(write(content, "log.json"), **options)
    assert cells(raw) == ROWS
    assert raw.lines.tolist() == [1, 2]  # the number of the row


def test_values_inside_of_rows(write):
    """Lists and objects are JSON text, as in JSON lines; a dotted name leads into an object."""
    rows = [
        {"at": 1, "who": {"id": 7, "name": {"first": "Ann"}}, "tags": ["a", "é"], "a.b": 5},
        {"at": 2, "who": {"id": None}, "a": {"b": 6}},
    ]
    needed = ["at", "who", "tags", "who.id", "who.name.first", "a.b"]
    expected = [
        [1, '{"id": 7, "name": {"first": "Ann"}}', '["a", "é"]', 7, "Ann", 5],
        [2, '{"id": null}', None, None, None, 6],
    ]
    assert cells(read_both(write(written(rows), "log.json"), needed)) == expected
    lines = "".join(written(row) + "\n" for row in rows)
    assert cells(read_both(write(lines, "log.jsonl"), needed)) == expected
    with pytest.raises(LogError, match='the log has no column "who.mail"'):
        read_both(write(lines, "log.jsonl"), ["at", "who.mail"])


def test_items_that_are_no_rows_are_rejected(write):
    content = b'[{"at": 1, "wait": 2}, 5, null, [1], {"at": "\xff", "wait": 3}]'
    raw = read_both(write(content, "log.json"))
    assert cells(raw) == [[1, 2]]
    assert rejected(raw) == [(n, "is no JSON object") for n in (2, 3, 4)] + [(5, "cannot be decoded as utf-8")]
    assert [one.text for one in raw.rejected] == ["5", "null", "[1]", r'{"at": "\xff", "wait": 3}']


def test_an_empty_list_is_a_log_without_rows(write):
    assert cells(read_both(write("[]", "log.json"))) == []
    assert cells(read_both(write('{"data": []}', "log.json"), path="data")) == []


DOCUMENT = {"meta": {"errors": []}, "data": {"items": ITEMS, "users": [{"name": "Ann"}]}}


def test_a_wrong_path_names_those_that_hold_rows(write):
    path = write(written(DOCUMENT), "log.json")
    message = (
        r'log.json: there is no list at "data.item"; expected the dotted place of the rows; rows stand at '
        r'"data.items", "data.users"; this finds them: read: {path: data.items}'
    )
    with pytest.raises(LogError, match=message):
        read_both(path, path="data.item")
    with pytest.raises(LogError, match='there is no list at "meta.n.a"; .*; no list of objects is in it'):
        read_both(write('{"meta": {"n": [1, 2]}, "x": "a"}', "log.json"), path="meta.n.a")


@pytest.mark.parametrize("indent", [None, 1])
def test_a_document_without_a_path_proposes_it(write, indent):
    """On one line it could be a single row; on several it is no JSON lines at all."""
    with pytest.raises(LogError, match=r"this finds them: read: {path: data.items}") as caught:
        read_both(write(written(DOCUMENT, indent=indent), "log.json"))
    assert len(caught.value.issues) == 1
    pages = written([{"page": 1, "rows": ITEMS}])
    with pytest.raises(LogError, match=r'"page", "rows"; rows stand at "rows"; this finds them: read: {path: rows}'):
        read_both(write(pages, "log.json"))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('[{"at": 1}', "it ends in the middle"),
        ('[{"at": 1},', "it ends in the middle"),
        ('[{"at": 1},]', "Expecting value in line 1"),
        ('[{"at": 1}\n{"at": 2}]', r'"{" is not expected in line 2'),
        ('[{"at": 1}]\n]', "Expecting value in line 2"),
        ("[" * 200_000 + "]" * 200_000, "it is nested too deep in line 1"),
        ('[{"at": "a\nb"}]', "Invalid control character at in line 1"),
    ],
)
def test_documents_that_are_damaged(write, content, found):
    with pytest.raises(LogError, match=f"log.json: this is no JSON document that can be read; found {found}; fetch"):
        read_both(write(content, "log.json"))


def test_a_document_that_ends_anywhere_is_a_log_error(write):
    content = written({"meta": 12, "data": ITEMS, "end": {"n": True}}, indent=1)
    for end in range(1, len(content), 11):
        with pytest.raises(LogError, match=r"log\.json"):
            read_both(write(content[:end], "log.json"), path="data")


@pytest.mark.parametrize(
    "end", ['"count": 5}', '"count": 5} \n', '"share": 0.5}', '"n": [5]}', '"n": 1e2}', '"n": {"m": -7}}']
)
def test_a_document_may_end_with_a_number(write, end):
    raw = read_both(write(f'{{"data": [{{"at": 1, "wait": 2}}], {end}', "log.json"), path="data")
    assert cells(raw) == [[1, 2]]


nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(st.fixed_dictionaries({"at": st.integers(), "x": nested}), min_size=1), nested, st.sampled_from([None, 1])
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_the_json_module_writes_is_read(tmp_path, rows, other, indent):
    """Small pieces: each value is cut somewhere."""
    path = tmp_path / "log.json.gz"
    document = {"before": other, "data": rows, "after": other}
    path.write_bytes(gzip.compress(written(document, indent=indent).encode(), 1))
    patched = pytest.MonkeyPatch()
    with patched.context() as patch:
        patch.setattr(json_documents, "_PIECE", 3)
        raw = read_both(path, ["at"], path="data")
    assert cells(raw) == [[row["at"]] for row in rows]
