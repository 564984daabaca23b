"""What all decisions have in common: how a result shows itself.

In: a frozen value with sentences and a table. Out: its text in a plain interpreter, its table in a notebook.
"""

from __future__ import annotations

from typing import ClassVar


class Result:
    """A result that shows itself: in a plain interpreter as `print` has it, in a notebook as a table of four digits."""

    _shown: ClassVar[str] = "table"
    """The table that a notebook shows."""

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        table = getattr(self, self._shown)
        return str(table.to_html(index=False, escape=True, float_format="{:.4g}".format))
