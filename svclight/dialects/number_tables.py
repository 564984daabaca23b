"""Small tables of whole numbers on their way into an engine: runs of equal rows, and lists as one text.

In: columns of whole numbers, of which the first is a key. Out: the same rows as runs, from which an engine makes them
again: minutes of two years are a million slots and two thousand runs, and as many numbers as slots would take engines
seconds to read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

BEGIN, END = ":begin", ":end"
"""What is added to the name of the key for the first key of a run, and for the one after its last."""


def runs_of(columns: Mapping[str, NDArray[np.int64]]) -> dict[str, NDArray[np.int64]] | None:
    """A row for each run of rows that are equal but for keys that follow each other; None where runs save little.

    Examples:
        >>> import numpy as np
        >>> from svclight.dialects.number_tables import runs_of
        >>> runs = runs_of({"key": np.arange(5, 11), "x": np.array([7, 7, 7, 7, 7, 8])})
        >>> {name: values.tolist() for name, values in runs.items()}
        {'x': [7, 8], 'key:begin': [5, 10], 'key:end': [10, 11]}
    """
    key, *others = columns
    keys = columns[key]
    starts = _run_starts(keys, [columns[name] for name in others])
    if starts is None:
        return None
    runs = {name: columns[name][starts] for name in others}
    return runs | {f"{key}{BEGIN}": keys[starts], f"{key}{END}": np.append(keys[starts[1:]], keys[-1] + 1)}


def _run_starts(keys: NDArray[np.int64], others: Sequence[NDArray[np.int64]]) -> NDArray[np.intp] | None:
    """The places at which runs of equal rows begin, where keys follow each other and runs are few; else None."""
    if not len(keys) or not others or not (np.diff(keys) == 1).all():
        return None
    differs = np.any([np.diff(values) != 0 for values in others], axis=0)
    starts = np.append(0, np.flatnonzero(differs) + 1)
    return starts if 2 * len(starts) < len(keys) else None


def list_text(values: NDArray[np.int64], brackets: str = "[]") -> str:
    """Whole numbers as one text, which engines read at once where so many literals would be looked at one by one."""
    return f"{brackets[0]}{','.join(map(str, values.tolist()))}{brackets[1]}"
