"""What all decisions have in common: how a result shows itself.

In: a frozen value with sentences and a table. Out: its text in a plain interpreter; in a notebook its sentences, a
small table with titles and percent, and all of its numbers in a fold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from svclight.decisions.shown_table import result_html, shown_table
from svclight.definition.for_authors import LANGUAGES
from svclight.values.notebook_html import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from svclight.wording.shares import Ends


class Result:
    """A result that shows itself: in a plain interpreter as `print` has it, in a notebook with a table of its own."""

    _shown: ClassVar[str] = "table"
    """The table that a notebook shows whole."""
    _folded: ClassVar[tuple[str, ...]] = ()
    """Other tables that stand beside it in the fold."""
    _columns: ClassVar[tuple[str, ...]] = ()
    """The columns of the small table; all of them unless given."""

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        lang = getattr(self, "lang", LANGUAGES[0])
        small = self._small_table()
        columns = self._columns_of(small)
        made = shown_table(small, columns, self._titles(), lang, most=MOST_ROWS, ends=self._target_ends())
        whole = {name: getattr(self, name) for name in (self._shown, *self._folded)}
        return result_html(self._lines(), made, whole, lang=lang)

    def _small_table(self) -> pd.DataFrame:
        """The rows of the small table."""
        table: pd.DataFrame = getattr(self, self._shown)
        return table

    def _columns_of(self, table: pd.DataFrame) -> tuple[str, ...]:
        """The columns of the small table: those of the class, else all but process and criterion."""
        keys = ("process", "criterion", "sentence")
        return self._columns or tuple(str(name) for name in table.columns if name not in keys)

    def _titles(self) -> Mapping[Any, str]:
        """What people call the criteria, by process and criterion."""
        found: Mapping[Any, str] = getattr(self, "titles", {})
        return found

    def _target_ends(self) -> Mapping[str, Ends]:
        """For each zone the ends of the targets from which shares are told, where they are those of all rows."""
        return {}

    def _lines(self) -> list[str]:
        """The sentences of a notebook."""
        return str(self).splitlines()
