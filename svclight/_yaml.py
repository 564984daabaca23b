"""Strict YAML text -> plain data, and the line at which each key stands.

In: the text of one file. Out: `Parsed(data, lines, issues)`: mappings, lists, text, numbers, true/false and null by the
YAML 1.2 core schema (`no` is text, `1:30` is text, `010` is ten), the 1-based line of every key path, and every problem
that YAML itself has. Nothing is evaluated: a tag is an error, and aliases are followed up to a limit of size.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from svclight.errors import Issue, guess, quoted

Path = tuple[str | int, ...]

# A definition of a thousand criteria has some 30,000 values; what grows past this by aliases is an attack or a slip.
MOST_VALUES = 200_000
# Python refuses to read a whole number of thousands of digits; no limit or version has so many.
MOST_DIGITS = 300

_NULL = re.compile(r"(?:~|null|Null|NULL)?")
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_STARTS_BADLY = re.compile(r"""(?:^|[:\-,\[{]\s*)(?P<value>[>@`%&*!|?][^\n]*)$""")


@dataclass
class Parsed:
    """Plain data, the line of each key path (the path of an item in a list ends in its index), and the problems."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def parse(text: str, file: str) -> Parsed:
    """Reads one YAML document; problems are collected in `issues`, not raised."""
    found = Parsed()
    try:
        nodes = list(yaml.compose_all(text, Loader=_Loader))
    except yaml.YAMLError as error:
        found.issues.append(_syntax_issue(error, text, file))
    except RecursionError:
        found.issues.append(Issue("lists or mappings are nested too deeply to be read", file))
    else:
        if len(nodes) > 1:
            line = nodes[1].start_mark.line + 1
            found.issues.append(Issue("a file holds one document; a second one begins here", file, line))
        elif nodes:
            _Reader(file, found).read(nodes[0])
    return found


class _Loader(yaml.SafeLoader):
    """Notes the nodes whose tag is written in the file, which PyYAML's own node no longer tells."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave the parser untyped
        node = super().compose_node(parent, index)
        if node is not None and not isinstance(event, yaml.AliasEvent):
            node.written_tag = event.tag  # type: ignore[attr-defined]  # a note of ours on PyYAML's node
        return node


class _Reader:
    """Walks the node tree; counts what it makes, so that aliases cannot explode."""

    def __init__(self, file: str, found: Parsed) -> None:
        self.file, self.found, self.made, self.open = file, found, 0, set[int]()

    def read(self, node: yaml.Node) -> None:
        self.found.lines[()] = node.start_mark.line + 1
        self.found.data = self._value(node, ())

    def _issue(self, message: str, node: yaml.Node, path: Path, **more: str) -> None:
        where = ".".join(map(str, path))
        self.found.issues.append(Issue(message, self.file, node.start_mark.line + 1, where, **more))

    def _value(self, node: yaml.Node, path: Path) -> Any:
        self.made += 1
        if self.made == MOST_VALUES + 1:
            self._issue(f"aliases make more than {MOST_VALUES:,} values of this file", node, path)
        if self.made > MOST_VALUES:
            return None
        if id(node) in self.open:
            self._issue("an alias refers to what it stands in", node, path)
            return None
        if _has_own_tag(node):
            self._issue(
                "tags are not allowed in a definition",
                node,
                path,
                found=quoted(node.tag),
                expected="plain text, numbers, lists, mappings",
            )
            return None
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        self.open.add(id(node))
        value = self._sequence(node, path) if isinstance(node, yaml.SequenceNode) else self._mapping(node, path)
        self.open.discard(id(node))
        return value

    def _sequence(self, node: yaml.Node, path: Path) -> list[Any]:
        for index, item in enumerate(node.value):
            self.found.lines[(*path, index)] = item.start_mark.line + 1
        return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]

    def _mapping(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or _has_own_tag(key_node):
                self._issue("a key must be plain text", key_node, path)
                continue
            key = key_node.value
            here = (*path, key)
            if key in made:
                first = self.found.lines[here]
                self._issue(
                    f"the key {quoted(key)} stands twice",
                    key_node,
                    here,
                    hint=f"it stands first in line {first}",
                )
                continue
            self.found.lines[here] = key_node.start_mark.line + 1
            made[key] = self._value(value_node, here)
        return made


def _has_own_tag(node: yaml.Node) -> bool:
    return getattr(node, "written_tag", None) is not None


def _scalar(node: yaml.ScalarNode) -> Any:
    text = node.value
    if node.style is not None:  # quoted, or a block of text
        return text
    if _NULL.fullmatch(text):
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        if len(text) > MOST_DIGITS:
            return text
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        return float(re.sub(r"\.(?=[iInN])", "", text))
    return text


def _syntax_issue(error: yaml.YAMLError, text: str, file: str) -> Issue:
    """The message for text that is no YAML: a tab is called a tab, a bare operator gets the hint to quote it."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Issue("this is not YAML text", file, found=quoted(getattr(error, "reason", None) or str(error)))
    source = text.splitlines()
    line = min(mark.line, max(len(source) - 1, 0))
    for number in (line, line - 1):
        written = source[number] if 0 <= number < len(source) else ""
        if "\t" in written[: len(written) - len(written.lstrip())]:
            return Issue(
                "a tab stands in the indentation",
                file,
                number + 1,
                expected="spaces",
                hint="replace each tab by spaces",
            )
    for number in (line, line - 1):
        written = source[number].rstrip() if 0 <= number < len(source) else ""
        value = _STARTS_BADLY.search(written)
        if value:
            shown = re.sub(r"\s+#.*", "", value["value"]).rstrip("]}, ")
            return Issue(
                "YAML cannot read this value",
                file,
                number + 1,
                found=quoted(shown),
                hint=f'put it in quotes: "{shown}"',
            )
    problem = getattr(error, "problem", None) or "it cannot be read"
    return Issue(
        f"this is not YAML: {problem}",
        file,
        mark.line + 1,
        found=quoted(source[line].strip() if source else ""),
    )


def unknown_key(key: str, known: list[str], file: str, line: int | None, path: str) -> Issue:
    """The issue for a key that the format does not have."""
    return Issue(
        f"unknown key {quoted(key)}",
        file,
        line,
        path,
        expected="one of " + ", ".join(known),
        hint=guess(key, known),
    )
