"""Strict YAML text -> plain data, and the line at which each key stands.

In: the text of one file. Out: `Parsed(data, lines, issues)`: mappings, lists, text, numbers, true/false and null by the
YAML 1.2 core schema (`no` is text, `1:30` is text, `010` is ten), the 1-based line of every key path, and every problem
that YAML itself has. Nothing is evaluated: a tag is an error, and aliases are followed up to a limit of size.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import yaml

from svclight.errors import Issue, did_you_mean, printable_text, quoted_text
from svclight.values.text_dictionary import with_plain_blanks

Path = tuple[str | int, ...]

# A definition of a thousand criteria has some 30,000 values; what grows past this by aliases is an attack or a slip.
MOST_VALUES = 200_000
# Python refuses to read a whole number of thousands of digits; no limit or version has so many.
MOST_DIGITS = 300
# Definitions are some ten levels deep, conditions a few more.
MOST_DEEP = 50
MOST_SLIPS = 100
_NO_QUOTES = "YAML cannot read this value"
_TOO_DEEP = "lists or mappings are nested too deeply"

_NULL = re.compile(r"(?:~|null|Null|NULL)?")
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_STARTS_BADLY = re.compile(r"(?:^|[:\-,\[{]\s*)(?P<value>[>@`%&*!|?,][^\n]*)$")


@dataclass
class Parsed:
    """Plain data, the line of each key path (the path of an item in a list ends in its index), and the problems."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def parse_yaml(text: str, file: str) -> Parsed:
    """Reads one YAML document; problems are collected in `issues`, not raised.

    Args:
        text: The text of the file.
        file: Its name, for messages.
    """
    # words are compared in this form, whichever one the author's keyboard makes
    text = unicodedata.normalize("NFC", text)
    # A value that lacks its quotes is told of, then read as if it had them: it must not hide the other problems.
    slips: list[Issue] = []
    while True:
        found = Parsed()
        try:
            _read_document(text, file, found)
        except yaml.YAMLError as error:
            slips.append(_syntax_issue(error, text, file))
            mended = _with_quotes(text, slips[-1])
            if mended != text and len(slips) < MOST_SLIPS:
                text = mended
                continue
        found.issues[:0] = slips
        return found


def _read_document(text: str, file: str, found: Parsed) -> None:
    """Reads the one document of a text into `found`."""
    try:
        nodes = list(yaml.compose_all(text, Loader=_Loader))
        if len(nodes) > 1:
            line = nodes[1].start_mark.line + 1
            found.issues.append(Issue("a file holds one document; a second one begins here", file, line))
        elif nodes:
            _Reader(file, found).read_document(nodes[0])
    except RecursionError:
        found.issues.append(Issue(_TOO_DEEP, file, 1))
    except _TooMuchError as error:
        found.data, found.issues[:] = None, [error.issue]


def _with_quotes(text: str, slip: Issue) -> str:
    """The text with a value put into quotes, where missing quotes were the slip; else the text as it is."""
    if slip.message != _NO_QUOTES or slip.line is None:
        return text
    lines = text.splitlines(keepends=True)
    value = slip.hint.partition('"')[2].removesuffix('"')
    before, found, after = lines[slip.line - 1].rpartition(value)
    if not found or before.endswith("'"):
        return text
    lines[slip.line - 1] = f"{before}'{value.replace(chr(39), chr(39) * 2)}'{after}"
    return "".join(lines)


class _TooMuchError(Exception):
    """The file is no definition but an attack or a slip; nothing more is said about it."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        super().__init__(str(issue))


class _Loader(yaml.SafeLoader):
    """Notes the nodes whose tag is written in the file; takes a tab for a blank behind other text, as YAML 1.2 does."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave the parser untyped
        node = super().compose_node(parent, index)
        # the node itself no longer tells a tag that was written from one that PyYAML found by the text
        if node is not None and not isinstance(event, yaml.AliasEvent):
            node.written_tag = event.tag  # type: ignore[attr-defined]  # a note of ours on PyYAML's node
        return node

    def scan_to_next_token(self) -> None:
        super().scan_to_next_token()
        while self.peek() == "\t" and self.buffer[self.pointer - self.column : self.pointer].strip():
            self.forward()
            super().scan_to_next_token()


class _Reader:
    """Walks the node tree; counts what it makes, so that aliases cannot explode."""

    def __init__(self, file: str, found: Parsed) -> None:
        self.file, self.found, self.made, self.open = file, found, 0, set[int]()

    def read_document(self, node: yaml.Node) -> None:
        self.found.lines[()] = node.start_mark.line + 1
        self.found.data = self._value(node, ())

    def _issue_at(self, message: str, node: yaml.Node, path: Path, **more: str) -> Issue:
        where = printable_text(".".join(map(str, path)), 200)
        return Issue(message, self.file, node.start_mark.line + 1, where, **more)

    def _issue(self, message: str, node: yaml.Node, path: Path, **more: str) -> None:
        self.found.issues.append(self._issue_at(message, node, path, **more))

    def _value(self, node: yaml.Node, path: Path) -> Any:
        self.made += 1
        if self.made > MOST_VALUES:
            raise _TooMuchError(self._issue_at(f"the file makes more than {MOST_VALUES:,} values", node, path))
        if len(path) > MOST_DEEP:  # before Python's own limit, which knows no line
            raise _TooMuchError(self._issue_at(_TOO_DEEP, node, path[:3]))
        if id(node) in self.open:
            self._issue("an alias refers to what it stands in", node, path)
            return None
        if _has_own_tag(node):
            expected = "plain text, numbers, lists, mappings"
            self._issue(
                "tags are not allowed in a definition", node, path, found=quoted_text(node.tag), expected=expected
            )
            return None
        if isinstance(node, yaml.ScalarNode):
            return node.value if node.style is not None else _plain_scalar(node.value)
        self.open.add(id(node))
        value = self._sequence(node, path) if isinstance(node, yaml.SequenceNode) else self._mapping(node, path)
        self.open.discard(id(node))
        return value

    def _sequence(self, node: yaml.Node, path: Path) -> list[Any]:
        made = []
        for index, item in enumerate(node.value):
            self.found.lines[(*path, index)] = item.start_mark.line + 1
            made.append(self._value(item, (*path, index)))
        return made

    def _mapping(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            if key is None:
                continue
            here = (*path, key)
            if key in made:
                hint = f"it stands first in line {self.found.lines[here]}"
                self._issue(f"the key {quoted_text(key)} stands twice", key_node, here, hint=hint)
                continue
            self.found.lines[here] = key_node.start_mark.line + 1
            made[key] = self._value(value_node, here)
        return made

    def _key(self, node: yaml.Node, path: Path) -> str | None:
        """The text of a key; None, and an issue, where it is none."""
        if not isinstance(node, yaml.ScalarNode) or _has_own_tag(node):
            self._issue("a key must be plain text", node, path)
        elif node.value.strip() == "":
            self._issue("a key is empty", node, path, hint='text that begins with ? or : stands in quotes, such as "?"')
        else:
            return with_plain_blanks(str(node.value))
        return None


def _has_own_tag(node: yaml.Node) -> bool:
    return getattr(node, "written_tag", None) is not None


def _plain_scalar(text: str) -> Any:
    """The value of a text without quotes by the YAML 1.2 core schema."""
    # not by YAML 1.1, which PyYAML follows: there `no` is false, 1:30 is 90 and 010 is 8
    if _NULL.fullmatch(text):
        return None
    if text in _BOOL:
        return _BOOL[text]
    if len(text) <= MOST_DIGITS and _INT.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        return float(re.sub(r"\.(?=[iInN])", "", text))
    return text


def _syntax_issue(error: yaml.YAMLError, text: str, file: str) -> Issue:
    """The issue for text that is no YAML: the slip of a person that it looks like, else the parser's own words."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", "it cannot be read"))
    mark = getattr(error, "problem_mark", None)
    if mark is None:  # bytes that are no text
        line = text[: getattr(error, "position", 0)].count("\n") + 1
        return Issue("this is not YAML text", file, line, found=quoted_text(problem))
    start = getattr(error, "context_mark", None) or mark
    source = [*text.splitlines(), ""]
    near = [number for number in (mark.line, mark.line - 1) if 0 <= number < len(source)]
    return (
        _tab_issue(source, near, file)
        or _unclosed_issue(problem, str(getattr(error, "context", "")), start.line, source, file)
        or _bare_issue(source, near, file)
        or _colon_issue(problem, mark.line, source, file)
        or Issue(f"this is not YAML: {problem}", file, mark.line + 1, found=quoted_text(source[min(near)].strip()))
    )


def _tab_issue(source: list[str], near: list[int], file: str) -> Issue | None:
    """The issue for a tab in the indentation of a line; None without one."""
    for number in near:
        written = source[number]
        if "\t" in written[: len(written) - len(written.lstrip())]:
            hint = "replace each tab by spaces"
            return Issue("a tab stands in the indentation", file, number + 1, expected="spaces", hint=hint)
    return None


def _unclosed_issue(problem: str, context: str, line: int, source: list[str], file: str) -> Issue | None:
    """The issue for a quotation, list or mapping that is not closed, at the line where it begins."""
    found = quoted_text(source[line].strip())
    if "quoted scalar" in context:
        return Issue("a quotation mark has no partner", file, line + 1, found=found)
    if "flow" in context:
        closing = "]" if "sequence" in context else "}"
        return Issue(
            "a list or mapping is not closed, or lacks a comma",
            file,
            line + 1,
            found=found,
            expected=f"a comma or {closing}",
        )
    if "could not find expected ':'" in problem:
        return Issue("this line has no colon", file, line + 1, found=found, expected="key: value")
    return None


def _bare_issue(source: list[str], near: list[int], file: str) -> Issue | None:
    """The issue for a value that begins with a sign of YAML, such as `>= 4`, with the hint to quote it."""
    for number in near:
        value = _STARTS_BADLY.search(source[number].rstrip())
        if value:
            shown = re.sub(r"\s+#.*", "", value["value"]).rstrip("]}, ") or value["value"][:1]
            hint = f'put it in quotes: "{shown}"'
            return Issue(_NO_QUOTES, file, number + 1, found=quoted_text(shown), hint=hint)
    return None


def _colon_issue(problem: str, line: int, source: list[str], file: str) -> Issue | None:
    """The issue for a colon where YAML wants none; None for other problems."""
    if "mapping values are not allowed" not in problem:
        return None
    hint = "keys of one mapping stand in one column; text with a colon inside stands in quotes"
    return Issue(
        "a colon stands where YAML wants none", file, line + 1, found=quoted_text(source[line].strip()), hint=hint
    )


def unknown_key(key: str, known: list[str], file: str, line: int | None, path: str) -> Issue:
    """The issue for a key that the format does not have."""
    expected = "one of " + ", ".join(known)
    return Issue(f"unknown key {quoted_text(key)}", file, line, path, expected=expected, hint=did_you_mean(key, known))
