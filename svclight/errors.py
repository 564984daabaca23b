"""Issues, exceptions and notices: every problem told so that a person can mend it.

In: texts and names. Out: `Issue` (one problem and its place), the exceptions that carry a list of issues, and
`SvclightNotice` for news that stops nothing. Every message names the problem, its place, the text that was found and
the text that was expected; `nearest_name` and `did_you_mean` guess the name that was meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import UnionType

_MOST_COLUMNS: Final = 40


def printable_text(text: object, limit: int = 80) -> str:
    """The text on one line, control characters written out, cut at `limit` characters."""
    # a log may hold escape sequences, and a terminal would obey them
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in str(text))
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def quoted_text(value: object, limit: int = 80) -> str:
    """The value as printable text in double quotes, cut at `limit` characters."""
    return f'"{printable_text(value, limit)}"'


def quoted_list(names: Iterable[object], most: int = 12) -> str:
    """The names in double quotes, in their order; after `most` of them the number of the others stands instead."""
    shown = list(names)
    tail = f" and {len(shown) - most:,} more" if len(shown) > most else ""
    return ", ".join(quoted_text(name, 40) for name in shown[:most]) + tail


def nearest_name(found: object, known: Iterable[object]) -> str | None:
    """The known name that is nearest to a name that was found; None where none is near."""
    names = {str(name).casefold(): str(name) for name in known}
    near = get_close_matches(str(found).casefold(), names, n=1, cutoff=0.6)
    return names[near[0]] if near else None


def did_you_mean(found: object, known: Iterable[object]) -> str:
    """The hint `did you mean "green"?`; empty where no known name is near."""
    near = nearest_name(found, known)
    return "" if near is None else f"did you mean {quoted_text(near)}?"


@dataclass(frozen=True)
class Issue:
    """One problem: `message` says what, `file`, `line` and `path` where; the others may be empty."""

    message: str
    file: str = ""
    line: int | None = None
    path: str = ""
    found: str = ""
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part not in ("", None))
        head = ": ".join(part for part in (place, self.path, self.message) if part)
        parts = (
            head,
            f"found {self.found}" if self.found else "",
            f"expected {self.expected}" if self.expected else "",
            self.hint,
        )
        return "; ".join(part for part in parts if part)


class SvclightError(Exception):
    """The definition, the log or the call is wrong; `issues` holds every problem found, each with its place."""

    def __init__(self, problem: str | Issue | Iterable[Issue]) -> None:
        if isinstance(problem, str):  # a problem of the call has no file, no line and no path
            problem = Issue(problem)
        self.issues: tuple[Issue, ...] = (problem,) if isinstance(problem, Issue) else tuple(problem)
        super().__init__("\n".join(str(issue) for issue in self.issues))

    def __reduce__(self) -> tuple[type[SvclightError], tuple[tuple[Issue, ...]]]:
        # made again from its issues, not from its text, which holds them no longer apart
        return type(self), (self.issues,)


class DefinitionError(SvclightError):
    """A definition breaks the format."""


class LogError(SvclightError):
    """A log cannot be read as the definition says."""


class SvclightNotice(UserWarning):
    """Something worth knowing that stops nothing."""


def check_kind(given: object, kind: type | UnionType, what: str, expected: str, hint: str = "") -> None:
    """Refuses an argument of another kind than a public function takes.

    Args:
        given: The argument.
        kind: What it must be.
        what: Where it stands, such as `svclight.plan`.
        expected: What it must be, in words.
        hint: What to do.

    Raises:
        SvclightError: It is something else.
    """
    if isinstance(given, kind):
        return
    name = type(given).__qualname__
    found = f"{quoted_text(given)} ({name})" if isinstance(given, str | Path | int | float) else f"a {name}"
    raise SvclightError(Issue(what, found="None" if given is None else found, expected=expected, hint=hint))


def texts_of(given: Any, what: str) -> tuple[str, ...]:
    """One text, or several, as a tuple: how segments and periods are named in calls.

    Raises:
        SvclightError: It is neither a text nor several.
    """
    if isinstance(given, str):
        return (given,)
    expected = "a text, or a list of them"
    check_kind(given, Iterable, what, expected)
    texts = tuple(given)
    for text in texts:
        check_kind(text, str, what, expected)
    return texts


def check_columns(
    names: Iterable[Any], needed: Iterable[str], where: Mapping[str, str], file: str = "", hint: str = ""
) -> None:
    """Checks that a log has every needed column, and each of them once.

    Args:
        names: The columns that the log has.
        needed: The columns that the definition needs.
        where: For each needed column the key of the definition that needs it.
        file: The file of the log, for the message.
        hint: What else to say, such as that the delimiter may be another one.

    Raises:
        LogError: A column is not there, or stands there several times; the message lists what is there and guesses
            what was meant.
    """
    there = [name if isinstance(name, str) else repr(name) for name in names]
    wrong = [_column_issue(name, there, where, file, hint) for name in needed if there.count(name) != 1]
    if wrong:
        raise LogError(wrong)


def _column_issue(name: str, there: list[str], where: Mapping[str, str], file: str, hint: str) -> Issue:
    """The issue for a needed column that is not there, or stands there several times."""
    if name in there:
        places = [str(place) for place, other in enumerate(there, 1) if other == name]
        found = f"columns {', '.join(places[:-1])} and {places[-1]}"
        message = f"the column {quoted_text(name)} stands {len(places)} times"
        return Issue(message, file, path=where[name], found=found, hint="rename all but one")
    listing = f"these columns are there: {quoted_list(there, _MOST_COLUMNS)}" if there else "there are no columns"
    hints = "; ".join(part for part in (did_you_mean(name, there), listing, hint) if part)
    return Issue(f"the log has no column {quoted_text(name)}", file, path=where[name], hint=hints)
