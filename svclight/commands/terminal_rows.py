"""Rows of criteria for a terminal: criterion, share, verdict, change, and bars of the newest periods.

In: rows as texts (`pages.answer_rows`), the width of the terminal. Out: a table of rich that fits it, in colour or
without, with signs or in ASCII. Every text is text: markup of rich is not obeyed, control characters are written out.
"""

from __future__ import annotations

import math
import os
import sys
from typing import TYPE_CHECKING, Any, Final

from svclight.commands.terminal import ASCII_BARS, BARS, in_ascii
from svclight.errors import printable_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.box import Box
    from rich.table import Table
    from rich.text import Text

    from svclight.pages.answer_rows import ShownRow

NARROW: Final = 110
"""On fewer columns the bars are those of half as many periods."""
NARROWEST: Final = 72
"""On still fewer columns there are no bars, so that words are not cut to letters."""
FEW_PERIODS, MOST_PERIODS = 12, 24
_LEAST_RANGE: Final = 20
"""Bars span at least so many percent, so that chance does not look like a mountain."""
_STEP: Final = 10
_LEAST_VERDICT: Final = 16
_BETWEEN: Final = 2  # a blank of padding, and one of the box
_STYLES: Final = {"met": "green", "better": "green", "missed": "bold red", "worse": "bold red", "accepted": "red"}
_STYLES_OF_DOUBT: Final = {"": "dim"}
_COERCED: Final = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python sets LC_CTYPE to by itself where the locale is C."""


def wants_ascii() -> bool:
    """Whether the terminal shows ASCII alone: its encoding is no UTF, or the locale is C."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower()
    if not encoding.startswith("utf") or os.environ.get("TERM") == "dumb":
        return True
    kind = os.environ.get("LC_CTYPE", "")
    locale = os.environ.get("LC_ALL") or (kind if kind not in _COERCED else "") or os.environ.get("LANG", "")
    return locale in {"C", "POSIX"}


def shown_text(text: str, *, ascii_only: bool) -> str:
    """A text for the terminal: control characters written out, signs in ASCII where it shows no others."""
    spaced = text.replace("\xa0", " ").replace("\u202f", " ")  # no-break spaces would be written out
    plain = "\n".join(printable_text(line, 2000) for line in spaced.split("\n"))
    return in_ascii(plain) if ascii_only else plain


def bars(course: Sequence[float], *, ascii_only: bool = False) -> tuple[str, str]:
    r"""The shares as bars, and the range that they span; a period without data is a blank.

    Examples:
        >>> from svclight.commands.terminal_rows import bars
        >>> drawn, spanned = bars([0.82, 0.85, float("nan"), 0.71])
        >>> drawn, spanned.replace("\N{EN DASH}", "-")
        ('▅▇ ▁', '70-90 %')
    """
    known = [100 * share for share in course if not math.isnan(share)]
    if not known:
        return "", ""
    low, high = _range_of(known)
    signs = ASCII_BARS if ascii_only else BARS
    drawn = "".join(" " if math.isnan(share) else signs[_level(100 * share, low, high)] for share in course)
    return drawn, f"{low}\N{EN DASH}{high} %"


def _range_of(percents: Sequence[float]) -> tuple[int, int]:
    """Whole tens around some percentages, at least `_LEAST_RANGE` apart."""
    low, high = (_STEP * int(edge) for edge in (min(percents) // _STEP, -(-max(percents) // _STEP)))
    high = min(max(high, low + _LEAST_RANGE), 100)
    return max(min(low, high - _LEAST_RANGE), 0), high


def _level(percent: float, low: int, high: int) -> int:
    return min(int((percent - low) / (high - low) * len(BARS)), len(BARS) - 1)


def periods_shown(width: int) -> int:
    """The number of periods whose bars fit a terminal."""
    return FEW_PERIODS if width < NARROW else MOST_PERIODS


def rows_table(rows: Sequence[ShownRow], heads: Sequence[str], *, width: int, ascii_only: bool = False) -> Table:
    """The rows as a table that fits the width; `heads` are the names of its five columns."""
    from rich.table import Table

    table = Table(box=_box(ascii_only=ascii_only), show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    many = len(heads) if width >= NARROWEST else len(heads) - 1
    cells = [_cells(row, periods_shown(width), ascii_only=ascii_only)[:many] for row in rows]
    heads = [shown_text(head, ascii_only=ascii_only) for head in heads[:many]]
    for head, wide in zip(heads, _widths(heads, cells, width), strict=True):
        table.add_column(_text([(head, "bold")]), width=wide, overflow="fold", vertical="top")
    for place, row in enumerate(cells):
        table.add_row(*map(_text, row), end_section=False)
        if place < len(cells) - 1:
            table.add_row()
    return table


_Cell = list[tuple[str, str]]
"""Lines with their styles."""


def _cells(row: ShownRow, periods: int, *, ascii_only: bool) -> list[_Cell]:
    """The five cells of a row."""
    drawn, span = bars(row.course[-periods:], ascii_only=ascii_only)
    style = _STYLES.get(row.verdict, _STYLES_OF_DOUBT.get(row.verdict, "yellow"))
    change = "bold red" if row.is_worse else ""
    cells: list[_Cell] = [
        [(row.title, "")],
        [(line, "dim" if place else "bold") for place, line in enumerate(row.share)],
        [(f"{row.sign} {row.word}", style), *((target, "dim") for target in row.targets)],
        [(row.change, change), *([(row.detail, "dim")] if row.detail else [])],
        [(drawn, ""), (span, "dim")],
    ]
    return [[(shown_text(line, ascii_only=ascii_only), style) for line, style in cell] for cell in cells]


def _widths(heads: Sequence[str], cells: Sequence[Sequence[_Cell]], width: int) -> list[int]:
    """The widths of the columns: share and bars whole, the rest shares what is left."""
    longest = [
        max(len(line) for line in [*head.split("\n"), *(line for row in cells for line, _ in row[place])])
        for place, head in enumerate(heads)
    ]
    titles, share, verdicts, changes, *drawn = longest
    left = width - share - sum(drawn) - _BETWEEN * (len(heads) - 1)
    verdict = min(verdicts, max(left // 4, _LEAST_VERDICT))
    title = min(titles, max((left - verdict) * 9 // 20, left - verdict - changes))
    change = min(changes, left - verdict - title)
    return [max(title, 1), share, max(verdict, 1), max(change, 1), *drawn]


def _text(cell: _Cell) -> Text:
    from rich.text import Text

    made = Text()
    for place, (line, style) in enumerate(cell):
        made.append(("\n" if place else "") + line, style)
    return made


def _box(*, ascii_only: bool) -> Box:
    """A line under the heads."""
    from rich import box

    if ascii_only:
        return box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
    return box.SIMPLE_HEAD


class Screen:
    """Standard output as a terminal: its width, its colours, and whether it shows more than ASCII."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(highlight=False)
        self.ascii_only = wants_ascii()

    @property
    def width(self) -> int:
        """The number of columns."""
        return self._console.width

    def print(self, line: str, style: str = "") -> None:
        """Prints a text, wrapped at the width."""
        self._console.print(_text([(shown_text(line, ascii_only=self.ascii_only), style)]))

    def print_rich(self, shown: Any) -> None:
        """Prints something of rich; on a screen that shows ASCII alone with signs of ASCII."""
        if not self.ascii_only:
            self._console.print(shown)
            return
        with self._console.capture() as kept:
            self._console.print(shown)
        sys.stdout.write(in_ascii(kept.get()))
