"""What each definition file says of itself: its title, owner, version and review.

In: the plain data of one of several files that are loaded together. Out: `FileHead`, plain text that reports list and
saved cards keep, and the issues with its keys. For the document that is put together the first file speaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from svclight.definition.document_checks import NO_REVIEW
from svclight.definition.review_dates import review_due
from svclight.definition.validation import Place, document_and_issues, shown_value
from svclight.errors import Issue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svclight.definition.document_checks import Path as KeyPath

KEYS: Final = ("title", "owner", "version", "reviewed", "review_every")


@dataclass(frozen=True)
class FileHead:
    """What a definition file says of itself; dates as `2026-03-31`, empty where it does not say."""

    file: str
    title: str = ""
    owner: str = ""
    version: str = ""
    reviewed: str = ""
    review_due: str = ""


def head_of(file: str, data: Mapping[str, Any], lines: Mapping[KeyPath, int]) -> tuple[FileHead, list[Issue]]:
    """The head of a file, and the issues with its keys.

    Args:
        file: Its path as it was given.
        data: Its plain data.
        lines: The line of each key path.
    """
    own: dict[str, Any] = {key: data[key] for key in KEYS if data.get(key) is not None}
    whole = {**own, "svclight": 1, "time_zone": "UTC", "processes": {}}
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
