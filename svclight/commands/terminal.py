"""Output of the command line: messages and progress on standard error, tables on standard output.

In: errors, rejected lines, bytes read. Out: text for people, without control characters from definitions or logs.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final

from svclight.errors import SvclightError, printable_text, quoted_text

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from svclight.card.course_table import Course
    from svclight.scorecard import Scorecard

_MOST_REJECTED_SHOWN: Final = 5
_LONG_READ: Final = 5_000_000
BARS: Final = "▁▂▃▄▅▆▇█"
ASCII_BARS: Final = "_.:-=+*#"
_IN_ASCII: Final = str.maketrans({
    "\N{CHECK MARK}": "+", "\N{MULTIPLICATION X}": "x", "\N{EN DASH}": "-", "\N{EM DASH}": "-", "\N{MINUS SIGN}": "-",
    "≥": ">=", "≤": "<=", "≈": "~", "→": "->", "▲": "^", "▼": "v", "·": "|", "…": "...", "─": "-", "«": '"', "»": '"',
    **dict(zip(BARS, ASCII_BARS, strict=True)),
})  # fmt: skip


def print_error(error: SvclightError) -> int:
    """Prints the problems of an error; returns its exit code."""
    for issue in error.issues:
        print_message(f"error: {issue}")
    return 2


def print_message(message: str) -> None:
    """Prints a message on standard error, without control characters; where it cannot be written, it is lost."""
    try:
        print(printable_text(message, 4000), file=sys.stderr)  # noqa: T201 - this is the command line
    except OSError:  # a closed pipe, a full disk: that changes no result, and Python would try again at its end
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - open until the end


def print_rejected(rejected: pd.DataFrame) -> None:
    """Prints the first lines that could not be read, and how many there are."""
    if not len(rejected):
        return
    print_message(
        f"note: {len(rejected):,} {'line was' if len(rejected) == 1 else 'lines were'} rejected and not counted:"
    )
    for row in rejected.head(_MOST_REJECTED_SHOWN).itertuples(index=False):
        found = f"; found {quoted_text(row.text)}" if row.text else ""  # a saved card keeps no text
        print_message(f"  {row.file}:{row.line}: {row.reason}{found}")
    if len(rejected) > _MOST_REJECTED_SHOWN:
        print_message(f"  and {len(rejected) - _MOST_REJECTED_SHOWN:,} more")


class Progress:
    """A bar on standard error for long reads, on a terminal only."""

    def __init__(self) -> None:
        self.bar: Any = None
        self.task: Any = None

    def __enter__(self) -> Callable[[int, int], None] | None:
        return self._step if sys.stderr.isatty() else None

    def _step(self, done: int, total: int) -> None:
        if total < _LONG_READ:
            return
        if self.bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self.bar = Progress(console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task("reading", total=total)
        self.bar.update(self.task, completed=done)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()


def show_summary(card: Scorecard) -> None:
    """Prints mean, median, 90 % point and sum of what was measured."""
    from rich.console import Console

    from svclight.card.display import summary_text_table

    Console().print(summary_text_table(card))


def show_course(course: Course) -> None:
    """Prints the usual course of a process as a table."""
    from rich.console import Console

    from svclight.card.display import course_table

    Console().print(course_table(course))


def in_ascii(text: str) -> str:
    """A text with signs of ASCII; a letter that standard output cannot write is a question mark."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    return text.translate(_IN_ASCII).encode(encoding, "replace").decode(encoding)


def print_lines(text: str) -> None:
    """Text on standard output, each line without control characters; a no-break space is a space there."""
    for line in text.rstrip("\n").split("\n"):
        shown = printable_text(line.replace("\xa0", " ").replace("\u202f", " "), 2000)
        try:
            sys.stdout.write(shown + "\n")
        except UnicodeEncodeError:  # an output in another encoding than UTF-8 has no signs such as the arrow
            sys.stdout.write(in_ascii(shown) + "\n")
