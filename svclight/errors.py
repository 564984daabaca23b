"""Issues, exceptions and notices: every problem told so that a person can mend it.

In: texts and names. Out: `Issue` (one problem and its place), the exceptions that carry a list of issues, and
`SvclightNotice` for news that stops nothing. Every message names the problem, its place, the text that was found and
the text that was expected; `nearest_name` and `did_you_mean` guess the name that was meant.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import UnionType

_MOST_COLUMNS: Final = 40
_MOST_ABSENT: Final = 12
_HERE: Final = "\N{BLACK RIGHT-POINTING TRIANGLE}"
_AROUND: Final = 2
"""So many lines before and after a problem are shown."""


def printable_text(text: object, limit: int = 80) -> str:
    """The text on one line, control characters written out, cut at `limit` characters."""
    shown = str(text)
    if not shown.isprintable():
        # a log may hold escape sequences, and a terminal would obey them
        shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shown)
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
    """The known name nearest to a given one; None if none is near."""
    names = {str(name).casefold(): str(name) for name in known}
    near = get_close_matches(str(found).casefold(), names, n=1, cutoff=0.6)
    return names[near[0]] if near else None


def did_you_mean(found: object, known: Iterable[object]) -> str:
    """The hint `did you mean "green"?`; empty where no known name is near."""
    near = nearest_name(found, known)
    return "" if near is None else f"did you mean {quoted_text(near)}?{_unlike_sign(str(found), near)}"


def _unlike_sign(found: str, near: str) -> str:
    """The sign in which two names differ that look alike; empty where a reader sees the difference."""
    if found != near and unicodedata.normalize("NFC", found) == unicodedata.normalize("NFC", near):
        return " They look alike: one has accents as signs of their own"
    for place, (mine, theirs) in enumerate(zip(found, near, strict=False), start=1):
        if mine != theirs:
            names = [unicodedata.name(sign, repr(sign)) for sign in (mine, theirs)]
            of_scripts = mine.isalpha() and theirs.isalpha() and names[0].split()[0] != names[1].split()[0]
            alike = of_scripts or (mine.isspace() and theirs.isspace())
            return f" They look alike: sign {place} is {names[0]}, not {names[1]}" if alike else ""
    return ""


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


def unknown_name(problem: str, found: object, known: Iterable[object], *, expected: str | None = None) -> Issue:
    """The issue for a name that is none of the known ones, with a guess at the one that was meant.

    Args:
        problem: What is wrong, such as `unknown zone`.
        found: The name.
        known: The names that would do.
        expected: What to say instead of their list.
    """
    names = list(known)
    listed = quoted_list(names) if expected is None else expected
    return Issue(problem, found=quoted_text(found), expected=listed, hint=did_you_mean(found, names))


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
    """A definition breaks the format.

    Attributes:
        texts: The texts of the files by their names, of which notebooks show the lines around each problem.
    """

    def __init__(self, problem: str | Issue | Iterable[Issue], texts: Mapping[str, str] | None = None) -> None:
        super().__init__(problem)
        self.texts = dict(texts or {})

    def __reduce__(self) -> tuple[type[SvclightError], tuple[Any, ...]]:
        return type(self), (self.issues, self.texts)

    def _render_traceback_(self) -> list[str]:
        """What IPython shows where the error is raised: each problem with its lines, without a trace of calls."""
        name = type(self).__name__
        return [
            line
            for issue in self.issues
            for line in (f"{name}: {printable_text(issue, 4000)}", *self._lines_around(issue), "")
        ]

    def _repr_html_(self) -> str:
        # the colours are those of the surroundings
        parts = (
            f"<p><b>{escape(printable_text(issue, 4000))}</b></p>{self._excerpt_html(issue)}" for issue in self.issues
        )
        return f"<div>{''.join(parts)}</div>"

    def _excerpt_html(self, issue: Issue) -> str:
        """The lines around a problem, its own in bold."""
        lines = [(line, escape(line)) for line in self._lines_around(issue)]
        shown = (f"<b>{text}</b>" if line.startswith(_HERE) else text for line, text in lines)
        return '<pre style="overflow-x:auto">' + "\n".join(shown) + "</pre>" if lines else ""

    def _lines_around(self, issue: Issue) -> list[str]:
        """The line of an issue with those before and after it, numbered, the line itself marked."""
        text = self.texts.get(issue.file)
        if text is None or issue.line is None:
            return []
        lines = text.splitlines()
        places = range(max(issue.line - 1 - _AROUND, 0), min(issue.line + _AROUND, len(lines)))
        return [
            f"{_HERE if place + 1 == issue.line else ' '} {place + 1:>5} | {printable_text(lines[place], 200)}"
            for place in places
        ]


class LogError(SvclightError):
    """A log cannot be read as the definition says."""


@dataclass(frozen=True)
class Notice:
    """News of a log that stops nothing.

    Attributes:
        text: The sentence for the caller; it may quote cells.
        kept: The sentence for reports and saved cards: the same without cells.
    """

    text: str
    kept: str


class UnableError(Exception):
    """An engine cannot judge a log by itself: the text says what it would need. The log then goes the way of pandas."""


class SvclightNotice(UserWarning):
    """Something worth knowing that stops nothing.

    Attributes:
        kept: What reports and saved cards say of it: the same without the cells that it quotes.
    """

    def __init__(self, text: str, kept: str | None = None) -> None:
        super().__init__(text)
        self.kept = text if kept is None else kept


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
        hint: What else to say of columns that are not there, such as that the delimiter is another one.

    Raises:
        LogError: Columns are not there (one issue, whatever their number: they have one cause), or one stands there
            several times; the message lists what is there and guesses what was meant.
    """
    there = [name if isinstance(name, str) else repr(name) for name in names]
    wanted = list(needed)
    absent = [name for name in wanted if name not in there]
    issues = [_absent_columns_issue(absent, there, where, file, hint)] if absent else []
    issues += [_repeated_column_issue(name, there, where, file) for name in wanted if there.count(name) > 1]
    if issues:
        raise LogError(issues)


def _repeated_column_issue(name: str, there: list[str], where: Mapping[str, str], file: str) -> Issue:
    places = [str(place) for place, other in enumerate(there, 1) if other == name]
    found = f"columns {', '.join(places[:-1])} and {places[-1]}"
    message = f"the column {quoted_text(name)} stands {len(places)} times"
    return Issue(message, file, path=where[name], found=found, hint="rename all but one")


def _absent_columns_issue(absent: list[str], there: list[str], where: Mapping[str, str], file: str, hint: str) -> Issue:
    """The issue for needed columns that are not there, with what is there and what may be meant."""
    listing = f"these columns are there: {quoted_list(there, _MOST_COLUMNS)}" if there else "there are no columns"
    if len(absent) == 1:
        guesses, path = did_you_mean(absent[0], there), where[absent[0]]
        message = f"the log has no column {quoted_text(absent[0])}"
    else:
        near = {name: nearest_name(name, there) for name in absent}
        pairs = [f"{quoted_text(other)} for {quoted_text(name)}" for name, other in near.items() if other is not None]
        alike = next((said for name, other in near.items() if other and (said := _unlike_sign(name, other))), "")
        guesses, path = f"did you mean {', '.join(pairs[:_MOST_ABSENT])}?{alike}" if pairs else "", ""
        named = [f"{quoted_text(name)} ({where[name]})" for name in absent[:_MOST_ABSENT]]
        tail = f" and {len(absent) - _MOST_ABSENT:,} more" if len(absent) > _MOST_ABSENT else ""
        message = f"the log has no columns {', '.join(named)}{tail}"
    return Issue(message, file, path=path, hint="; ".join(part for part in (guesses, listing, hint) if part))
