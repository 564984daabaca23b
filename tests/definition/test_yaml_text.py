"""YAML as a definition may be written: YAML 1.2 scalars, lines of keys, and what is refused and why."""

from __future__ import annotations

import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from svclight.definition.yaml_text import MOST_VALUES, parse_yaml


def data(text: str) -> Any:
    parsed = parse_yaml(text, "f.yaml")
    assert [str(issue) for issue in parsed.issues] == []
    return parsed.data


def only_issue(text: str) -> str:
    issues = parse_yaml(text, "f.yaml").issues
    assert len(issues) == 1, [str(issue) for issue in issues]
    return str(issues[0])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"), ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("y", "y"),
        ("1:30", "1:30"), ("0:00:00", "0:00:00"), ("2026-03-31", "2026-03-31"), ("1_000", "1_000"), ("0b11", "0b11"),
        ("010", 10), ("-7", -7), ("+7", 7), ("0o10", 8), ("0x1F", 31), ("1.50", 1.5), (".5", 0.5), ("1e3", 1000.0),
        (".inf", float("inf")), ("-.INF", float("-inf")), ("true", True), ("False", False), ("TRUE", True),
        ("null", None), ("~", None), ("", None), ('"010"', "010"), ("'true'", "true"), ("=", "="), ("<= 30 s", "<= 30 s"),
        ("1.2.3", "1.2.3"), ("9" * 400, float("inf")), ("nan", "nan"),
    ],
)  # fmt: skip
def test_scalars_are_plain_yaml_1_2(written: str, meant: object) -> None:
    found = data(f"key: {written}\n")["key"]
    assert found == meant
    assert type(found) is type(meant)


def test_not_a_number_is_read_as_one() -> None:
    assert str(data("key: .nan\n")["key"]) == "nan"


def test_keys_are_text_whatever_they_look_like() -> None:
    assert data("{1: a, true: b, 1999-04-30: c, no: d, 010: e}") == {
        "1": "a", "true": "b", "1999-04-30": "c", "no": "d", "010": "e",
    }  # fmt: skip


def test_merge_keys_of_yaml_1_1_are_plain_keys() -> None:
    assert data("a: &a {x: 1}\nb:\n  <<: *a\n") == {"a": {"x": 1}, "b": {"<<": {"x": 1}}}


def test_lines_of_keys_and_items() -> None:
    parsed = parse_yaml("# note\na:\n  b: 1\n  c:\n    - x\n    - {d: 2}\n", "f")
    assert parsed.lines == {
        (): 2, ("a",): 2, ("a", "b"): 3, ("a", "c"): 4, ("a", "c", 0): 5, ("a", "c", 1): 6, ("a", "c", 1, "d"): 6,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a:\n  b: 1\n  b: 2\n", 'f.yaml:3: a.b: the key "b" stands twice; it stands first in line 2'),
        ("a: 1\n'a': 2\n", 'f.yaml:2: a: the key "a" stands twice; it stands first in line 1'),
        ("a: {b: 1,\n b: 2}\n", 'f.yaml:2: a.b: the key "b" stands twice; it stands first in line 1'),
        ("a:\n\tb: 1\n", "f.yaml:2: a tab stands in the indentation; expected spaces; replace each tab by spaces"),
        ("a:\n  b: 1\n \t c: 2\n", "f.yaml:3: a tab stands in the indentation"),
        ("a: b\n\tc: d\n", "f.yaml:2: a tab stands in the indentation"),
        ("a: >= 4\n", 'f.yaml:1: YAML cannot read this value; found ">= 4"; put it in quotes: ">= 4"'),
        ("a: 1\nb: > 4   # note\n", 'f.yaml:2: YAML cannot read this value; found "> 4"; put it in quotes: "> 4"'),
        ("a: {b: > 5}\n", 'found "> 5"; put it in quotes: "> 5"'),
        ("a: [1, %]\n", 'found "%"; put it in quotes: "%"'),
        ("a: @x\n", 'found "@x"; put it in quotes: "@x"'),
        ("a: *x\n", 'found "*x"; put it in quotes: "*x"'),
        ("a: ,\n", 'found ","; put it in quotes: ","'),
        ("a: [?]\n", "f.yaml:1: a.0: a key is empty; text that begins with ? or : stands in quotes"),
        ("a: !!python/object:os.system x\n", "f.yaml:1: a: tags are not allowed in a definition"),
        ("a: ! x\n", "tags are not allowed in a definition"),
        ("!x a: 1\n", "a key must be plain text"),
        ("? [1]\n: 2\n", "f.yaml:1: a key must be plain text"),
        ("a: &x [*x]\n", "f.yaml:1: a.0: an alias refers to what it stands in"),
        ("a: 1\n---\nb: 2\n", "f.yaml:3: a file holds one document; a second one begins here"),
        ("a: 'x\nb: 2\n", 'f.yaml:1: a quotation mark has no partner; found "a: \'x"'),
        ('a: 1\nb: "\n', 'f.yaml:2: a quotation mark has no partner; found "b: ""'),
        ("a: [1, 2\nb: 3\n", "f.yaml:1: a list or mapping is not closed, or lacks a comma"),
        ("a: {b: 1\n", "f.yaml:1: a list or mapping is not closed, or lacks a comma"),
        ("a: 1\nb\n", 'f.yaml:2: this line has no colon; found "b"; expected key: value'),
        ("a: Support: hotline\n", "f.yaml:1: a colon stands where YAML wants none"),
        ("a: 1\n b: 2\n", "f.yaml:2: a colon stands where YAML wants none"),
        ("a: - b\n", "f.yaml:1: this is not YAML: sequence entries are not allowed here"),
        ("a: 'x' y\n", "f.yaml:1: this is not YAML: expected <block end>"),
        ("a: 1\n\x00\x01", "f.yaml:2: this is not YAML text"),
        ("[" * 3000, "f.yaml:1: lists or mappings are nested too deeply"),
        ("a: " + "[" * 60 + "]" * 60, "f.yaml:1: a.0.0: lists or mappings are nested too deeply"),
    ],
)
def test_what_is_refused_and_where(text: str, said: str) -> None:
    assert said in only_issue(text)


def test_tabs_behind_other_text_are_blanks() -> None:
    assert data("a:\t1\t# note\nb: [x,\ty]\n\nc: 'z'\t\n") == {"a": 1, "b": ["x", "y"], "c": "z"}


def test_a_block_of_text_may_hold_anything() -> None:
    assert data("a: |\n  > 4 %\n  \tx: y: z\n") == {"a": "> 4 %\n\tx: y: z\n"}


def test_small_aliases_are_fine() -> None:
    assert data("a: &a [1, 2]\nb: *a\nc: *a\n") == {"a": [1, 2], "b": [1, 2], "c": [1, 2]}


def test_a_million_fold_alias_is_stopped_early() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 8)]
    start = time.perf_counter()
    assert f"the file makes more than {MOST_VALUES:,} values" in only_issue("\n".join(lines))
    assert time.perf_counter() - start < 10


def test_nothing_and_comments_are_no_data() -> None:
    assert data("") is None
    assert data("# only a note\n") is None


def test_byte_order_mark_and_windows_line_ends() -> None:
    parsed = parse_yaml("\ufeffa: 1\r\nb:\r\n  c: 2\r\n", "f")
    assert parsed.data == {"a": 1, "b": {"c": 2}}
    assert parsed.lines["b", "c"] == 3


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcxyz", min_size=1), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcxyz", min_size=1), PLAIN, min_size=1, max_size=4))
def test_what_a_yaml_writer_writes_is_read_back(value: dict[str, Any]) -> None:
    assert data(yaml.safe_dump(value)) == value


@given(st.text(max_size=60))
def test_any_text_gives_data_or_an_issue_with_a_line(text: str) -> None:
    parsed = parse_yaml(text, "f")
    assert all(issue.line is not None for issue in parsed.issues)


def test_values_without_quotes_do_not_hide_other_problems():
    found = parse_yaml("a: >= 4\nb: {c: >= 5, d: 1}\ne: @x\nf: 1\nf: 2\n", "f")
    assert [(issue.message, issue.line) for issue in found.issues] == [
        ("YAML cannot read this value", 1),
        ("YAML cannot read this value", 2),
        ("YAML cannot read this value", 3),
        ('the key "f" stands twice', 5),
    ]
    assert found.data["a"] == ">= 4"
