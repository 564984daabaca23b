"""Words in their normal form, told by expressions: blanks at the ends, and texts that may be another word.

In: a column of text in an engine. Out: the text without blanks at its ends, and the rows whose text may be written
otherwise in its normal form (no-break spaces inside, marks that are put together with letters): no engine makes NFC, so
that these rows are judged by pandas.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import narwhals as nw

BLANKS: Final = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
"""The characters that stand for nothing at the ends of a text."""
_NO_BREAK: Final = (0xA0, 0x2007, 0x202F)
_LAST: Final = 0x30000  # beyond stand no characters that are put together
_JAMO: Final = (range(0x1161, 0x1176), range(0x11A8, 0x11C3))


def may_differ(cell: nw.Expr) -> nw.Expr:
    """Which texts may differ from their normal form, but for blanks at their ends."""
    return cell.str.contains(_unstable())


def is_plain(words: Iterable[str]) -> bool:
    """Whether each word is written in one way alone, but for blanks at its ends: no other text has its normal form."""
    return all(word.isascii() and not any(map(str.isspace, word)) for word in words)


@cache
def _unstable() -> str:
    """The regular expression of a character that does not stand for itself whatever stands before it."""
    codes = sorted({*_NO_BREAK, *_composed(), *(code for part in _JAMO for code in part)})
    starts = [codes[0], *(after for before, after in pairwise(codes) if after != before + 1)]
    ends = [*(before for before, after in pairwise(codes) if after != before + 1), codes[-1]]
    spans = (f"{chr(one)}-{chr(other)}" if one != other else chr(one) for one, other in zip(starts, ends, strict=True))
    return f"[{''.join(spans)}]"


def _composed() -> Iterator[int]:
    """The characters that NFC writes otherwise, puts together with the one before, or puts into another order."""
    for code in range(0x80, _LAST):
        char = chr(code)
        if unicodedata.combining(char) or not unicodedata.is_normalized("NFC", char):
            yield code
        parts = unicodedata.decomposition(char).split()
        if len(parts) > 1 and not parts[0].startswith("<"):
            yield int(parts[-1], 16)
