"""Several definition files put together: one plain document, and what each file says of itself.

In: the plain data of each file with its lines. Out: `MergedFiles`: the data of all, the place of each key, the issues
between files, and a `FileHead` a file, plain text that reports list and saved cards keep.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from svclight.definition.document_checks import NO_REVIEW
from svclight.definition.review_dates import review_due
from svclight.definition.validation import Place, document_and_issues, shown_value
from svclight.errors import Issue, printable_text, quoted_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svclight.definition import yaml_text
    from svclight.definition.document_checks import Path as KeyPath

FORMAT: Final = 1
"""The version of the definition format that is read here."""
_HEAD: Final = ("title", "owner", "version", "reviewed", "review_every")


@dataclass(frozen=True)
class FileHead:
    """What a definition file says of itself; dates as `2026-03-31`, empty where it does not say."""

    file: str
    title: str = ""
    owner: str = ""
    version: str = ""
    reviewed: str = ""
    review_due: str = ""


@dataclass
class MergedFiles:
    """Files put together.

    Sections are joined, an id that stands for two things is an error; of other keys the first counts.

    Attributes:
        raw: The plain data of all.
        places: The file and line of each key path.
        issues: What is wrong in single files and between them.
        heads: What each file says of itself.
        complete: Whether all files could be read.
    """

    raw: dict[str, Any] = field(default_factory=dict)
    places: dict[KeyPath, Place] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    heads: list[FileHead] = field(default_factory=list)
    complete: bool = True

    def add(self, file: str, parsed: yaml_text.Parsed) -> None:
        """Adds one file."""
        head, issues = _head_of(file, parsed)
        self.heads.append(head)
        # of the first file's head the document that is made of all tells
        self.issues += [*_version_issues(file, parsed), *(issues if len(self.heads) > 1 else ())]
        for key, value in parsed.data.items():
            if key in ("processes", "calendars") and isinstance(self.raw.get(key), dict):
                self._add_section(key, value, file, parsed)
            elif key in ("time_zone", "currency", "language") and self.raw.get(key, value) != value:
                message = f"files loaded together agree in their `{key}`"
                first = self.places[(key,)]
                hint = f"first in {first.file}:{first.line}"
                place = (file, parsed.lines[(key,)], key)
                self.issues.append(Issue(message, *place, shown_value(value), shown_value(self.raw[key]), hint))
            else:
                self.raw.setdefault(key, value)
        for path, line in parsed.lines.items():
            self.places.setdefault(path, Place(file, line))

    def _add_section(self, key: str, value: Any, file: str, parsed: yaml_text.Parsed) -> None:
        """Adds the processes or calendars of one file to those that are there."""
        section = self.raw[key]
        if not isinstance(value, dict):
            place = (file, parsed.lines[(key,)], key)
            self.issues.append(Issue("this is of the wrong kind", *place, shown_value(value), "a mapping"))
            return
        for name, item in value.items():
            if name in section and not _may_stand_twice(key, item, section[name]):
                first = self.places[key, name]
                hint = f"first in {first.file}:{first.line}"
                where = (file, parsed.lines[key, name], f"{key}.{printable_text(name)}")
                self.issues.append(Issue(f"{quoted_text(name)} is defined twice", *where, hint=hint))
            else:
                section.setdefault(name, item)


def _may_stand_twice(section: str, item: Any, first: Any) -> bool:
    """Whether an id may stand in several files: that of a calendar or a heading that is the same, key for key."""
    is_heading = section == "calendars" or (isinstance(item, dict) and not {"log", "criteria"} & item.keys())
    return bool(is_heading and item == first)


def _version_issues(file: str, parsed: yaml_text.Parsed) -> Iterator[Issue]:
    """The issues with the keys that each file must have: the version of the format, the time zone."""
    line = parsed.lines[()]
    if "svclight" not in parsed.data:
        yield Issue('the key "svclight" is missing', file, line, expected=f"svclight: {FORMAT}")
    elif parsed.data["svclight"] != FORMAT or isinstance(parsed.data["svclight"], bool | float):
        found, here = shown_value(parsed.data["svclight"]), parsed.lines[("svclight",)]
        yield Issue("unknown format version", file, here, "svclight", found, f"{FORMAT}")
    if "time_zone" not in parsed.data:
        yield Issue('the key "time_zone" is missing', file, line, expected="an IANA name such as Europe/Berlin")


def _head_of(file: str, parsed: yaml_text.Parsed) -> tuple[FileHead, list[Issue]]:
    """The head of a file, and the issues with its keys."""
    lines = parsed.lines
    own: dict[str, Any] = {key: parsed.data[key] for key in _HEAD if parsed.data.get(key) is not None}
    whole = {**own, "svclight": FORMAT, "time_zone": "UTC", "processes": {}}
    document, issues = document_and_issues(whole, whole, {path: Place(file, line) for path, line in lines.items()})
    if "review_every" in own and "reviewed" not in own:
        message, expected = NO_REVIEW
        key = "review_every"
        issues.append(Issue(message, file, lines[(key,)], key, shown_value(own[key]), expected))
    name = PurePath(file).name
    if document is None:
        return FileHead(name), issues
    due = review_due(document.reviewed, document.review_every)
    texts = (document.title, document.owner, document.version, document.reviewed, due)
    return FileHead(name, *("" if one is None else str(one) for one in texts)), issues
