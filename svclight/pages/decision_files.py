"""A decision as a file: its table for machines, its sentences and table as Markdown.

In: a result with `table` and `sentences`. Out: a file by its suffix: .csv, .json, .parquet hold the table as it is, .md
holds what a person reads. Pictures are drawn by `plots`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from svclight.errors import Issue, SvclightError, quoted_text
from svclight.pages.exports import TABLES, write_table
from svclight.values.files import write_whole
from svclight.wording.markdown_text import escape_cell, escape_text, table_lines

if TYPE_CHECKING:
    from pathlib import Path

_MARKDOWN = ".md"
_DECIMALS = 4


class Decision(Protocol):
    """What all decisions have."""

    @property
    def table(self) -> pd.DataFrame:
        """The numbers."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """The words."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What holds for several sentences."""


def write_decision(found: Decision, path: Path) -> Path:
    """Writes a decision by the suffix of the path.

    Raises:
        SvclightError: The suffix is unknown, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix == _MARKDOWN:
        return write_whole(path, decision_markdown(found).encode())
    if suffix not in TABLES:
        expected = f"a name that ends in {', '.join([*TABLES, _MARKDOWN])}"
        raise SvclightError(Issue("unknown kind of file", found=quoted_text(path.name), expected=expected))
    return write_table(found.table, path)


def decision_markdown(found: Decision) -> str:
    """Sentences as a list, the table, and notes."""
    lines = [f"- {escape_text(sentence)}" for sentence in found.sentences]
    if len(found.table):
        rows = ([_cell(value) for value in row] for row in found.table.itertuples(index=False))
        lines += ["", *table_lines(map(escape_cell, found.table.columns), rows)]
    lines += [f"- {escape_text(note)}" for note in found.notes]
    return "\n".join(lines).rstrip("\n") + "\n"


def _cell(value: Any) -> str:
    """A cell for people: times to the minute, numbers to four decimals, nothing where there is nothing."""
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M}"
    return f"{round(value, _DECIMALS):g}" if isinstance(value, float) else escape_cell(value)
