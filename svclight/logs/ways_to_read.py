"""What would read the cells that could not be read: keys of a definition, each tried on the cells before it is named.

In: `Cells`, the different cells of a field that could not be read, those that could, and what the field says. Out: a
`Hint` such as `decimal: ","`; of several keys that would read the cells all are named with what a cell would become,
first those that read all cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.errors import quoted_text
from svclight.logs.typed_columns import read_in_words, typed_column
from svclight.logs.unread_cells import UNREADABLE
from svclight.values.columns import FALSE_VALUES, TRUE_VALUES, Flags, Numbers
from svclight.values.quantities import decimal_text
from svclight.values.time_text import looks_like_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from svclight.definition.models import FieldSpec
    from svclight.definition.models import Log as LogSpec

MOST_TRIED: Final = 2000
"""So many different cells are tried, the first of them; a column of more is judged by these."""
_MOST_TOKENS, _MOST_WAYS, _SHOWN = 3, 3, 30
_TRUE: Final = ("y", "t", "да", "ja", "oui", "sí", "si", "sim", "tak", "igen", "evet", "on", "x", "ok", "wahr", "vrai")
_FALSE: Final = ("n", "f", "нет", "nein", "non", "no", "não", "nie", "nem", "off", "-", "falsch", "faux")
_FORMATS: Final = (
    *("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d.%m.%y %H:%M", "%d.%m.%y"),
    *("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y"),
    *("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p"),
    *("%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d"),
    *("%Y%m%d%H%M%S", "%Y%m%d %H:%M:%S", "%d %b %Y %H:%M:%S", "%d %b %Y %H:%M", "%d %b %Y", "%b %d, %Y %I:%M %p"),
    *("%b %d, %Y", "%Y-%m-%d %I:%M:%S %p", "%Y-%m-%d %I:%M %p", "%Y-%m-%d %H:%M:%S %Z", "%d/%b/%y %I:%M %p"),
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"),
)
_SERIALS: Final = {"unix": (1e8, 1e10), "unix_ms": (1e11, 1e13), "excel": (2e4, 8e4)}
"""Serial numbers of times, each with the smallest and the greatest that are taken for one: years around ours."""
_LENGTH: Final = re.compile(
    r"-?(\d+ days?,? )?\d+:\d\d:\d\d(\.\d+)?|P(?=\d|T\d)\S+|(\d+ ?(d|h|min|m|s) ?)+", re.IGNORECASE
)
_BESIDE: Final = re.compile(r"[-+]?[\d.,' \u00a0\u202f]*\d\s*(?P<unit>%|[^\W\d_]+)|(?P<sign>[$€£₽¥])\s*[\d.,' ]*\d")
_UNITS: Final = {
    **dict.fromkeys(("sec", "secs", "seconds", "sek", "сек"), "s"),
    **dict.fromkeys(("m", "mins", "minutes", "мин"), "min"),
    **dict.fromkeys(("hr", "hrs", "hours", "ч"), "h"),
    "days": "d",
}
"""Units as people write them beside numbers, and how a definition names them."""


@dataclass(frozen=True)
class Cells:
    """The different cells of a field.

    Attributes:
        spec: What the field says of them.
        use: As what they are read: `time`, `number`, `flag`.
        log: What the log says of all its fields.
        unread: Those that cannot be read.
        read: Those that can.
    """

    spec: FieldSpec
    use: str
    log: LogSpec
    unread: tuple[str, ...]
    read: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hint:
    """What would read cells: in words with what a cell becomes, and the keys alone, which quote no cell."""

    text: str = ""
    keys: str = ""


@dataclass(frozen=True)
class Way:
    """Keys that may read cells.

    Attributes:
        says: The keys as YAML.
        where: Where they stand: at the field, or at the log.
        at_field: What changes in the field.
        in_read: What changes in `read` of the log.
        plain: The keys without the words of cells, where `says` quotes some.
    """

    says: str
    where: str = "at the field"
    at_field: Mapping[str, Any] = field(default_factory=dict)
    in_read: Mapping[str, Any] = field(default_factory=dict)
    plain: str = ""


@dataclass(frozen=True)
class Trial:
    """The result of a way: how many unread cells it reads, whether it reads the others as before, one reading."""

    way: Way
    unread: int
    agrees: bool
    becomes: str = ""
    moves: bool = False
    """Whether all cells are read, but those that are times now are other times then: another order of day and month."""


NO_HINT: Final = Hint()
"""The hint where nothing that was tried reads any cell."""


def hint_for(cells: Cells) -> Hint:
    """What to write so that the cells are read, tried on them; empty where nothing that was tried reads any."""
    cells = _without_readable(cells)
    before = _typed(cells, Way(""), cells.read[:MOST_TRIED])
    tried = [trial for trial in (_try(way, cells, before) for way in _ways(cells)) if trial.unread]
    if not tried:
        return NO_HINT
    whole = len(cells.unread[:MOST_TRIED])
    tried.sort(key=lambda trial: _rank(trial, whole))
    best = [trial for trial in tried if _rank(trial, whole) == _rank(tried[0], whole)]
    shown = _different(best)[:_MOST_WAYS]
    part = _shortfall(tried[0], whole)
    text = " or ".join(f"{one.way.says} {one.way.where}{one.becomes}" for one in shown)
    keys = " or ".join(f"{one.way.plain or one.way.says} {one.way.where}" for one in shown)
    return Hint(f"{text}{part}", f"{keys}{part}")


def _without_readable(cells: Cells) -> Cells:
    """The cells without those that are read as they stand: a time too far off for an anchor needs no other format."""
    found = _typed(cells, Way(""), cells.unread)
    if found is None:
        return cells
    unread = [word for word, known in zip(cells.unread, _known(found), strict=True) if not known]
    return replace(cells, unread=tuple(unread))


def _rank(trial: Trial, whole: int) -> tuple[bool, bool, int]:
    """The best way reads all cells, and then reads the others as before."""
    return trial.unread < whole, not (trial.agrees or trial.moves), -trial.unread


def _shortfall(trial: Trial, whole: int) -> str:
    """What a way does not do, in words."""
    if trial.moves:
        return ", which reads all cells: day and month stand in another order than is declared"
    part = "" if trial.unread == whole else f" reads {trial.unread:,} of {whole:,} different cells"
    return part if trial.agrees else f"{part}, but not all cells that are read now"


def _different(trials: list[Trial]) -> list[Trial]:
    """One trial for each reading: two ways that make the same of a cell need not both be named."""
    return list({trial.becomes or trial.way.says: trial for trial in reversed(trials)}.values())[::-1]


def _try(way: Way, cells: Cells, before: Any) -> Trial:
    """Reads the cells in a way; `before` are those that are read already, as they are read now."""
    unread, read = cells.unread[:MOST_TRIED], cells.read[:MOST_TRIED]
    found = _typed(cells, way, (*unread, *read))
    if found is None or before is None or getattr(found, "conflict", None) is not None:
        return Trial(way, 0, agrees=False)
    known = _known(found)
    count = int(known[: len(unread)].sum())
    example = int(np.argmax(known[: len(unread)])) if count else 0
    becomes = _becomes(unread[example], found, example, way) if count else ""
    alike = bool(known[len(unread) :].all()) and _ends_alike(found, before, len(unread))
    is_single = len(way.at_field.get("format", ())) == 1
    moves = not alike and cells.use == "time" and is_single and bool(known.all()) and bool(read)
    return Trial(way, count, alike, becomes, moves)


def _typed(cells: Cells, way: Way, words: Sequence[str]) -> Any:
    """The words as a column, read as the way says; None where no column can be read so."""
    spec = cells.spec.model_copy(update=dict(way.at_field))
    read = cells.log.read.model_copy(update=dict(way.in_read))
    missing = (*cells.log.missing, *spec.missing)
    column = pd.Series(list(words), dtype=object)
    use, decimal, thousands = cells.use, read.decimal, read.thousands
    try:
        return typed_column(column, spec, use, missing=missing, decimal=decimal, thousands=thousands)
    except ValueError:
        return None


def _known(found: Any) -> Any:
    """Which cells are read, a token of `missing` among them."""
    if isinstance(found, Flags):
        return found.values != UNREADABLE
    size = len(found.values if isinstance(found, Numbers) else found.ticks)
    return np.ones(size, dtype=bool) if found.bad is None else ~found.bad


def _ends_alike(found: Any, before: Any, start: int) -> bool:
    """Whether cells that were read before mean the same; they stand from `start` on."""
    if isinstance(found, Numbers):
        return bool(np.array_equal(found.values[start:], before.values, equal_nan=True))
    if isinstance(found, Flags):
        return bool(np.array_equal(found.values[start:], before.values))
    return bool(np.array_equal(found.ticks[start:] // found.per_second, before.ticks // before.per_second))


def _becomes(word: str, found: Any, place: int, way: Way) -> str:
    """What a cell becomes, where a reader should be told: numbers and times."""
    shown = quoted_text(word, _SHOWN)
    if isinstance(found, Numbers) and np.isfinite(found.values[place]):
        return f" ({shown} becomes {decimal_text(float(found.values[place]))})"
    if "format" in way.at_field and not isinstance(found, Numbers | Flags):
        return f" ({shown} becomes {_time_words(word, way.at_field['format'])})"
    return ""


def _time_words(word: str, formats: Sequence[str]) -> str:
    """A text as the time that the last of some formats makes of it: the others do not read it."""
    return read_in_words(word.strip(), formats[-1], None)


# --- the ways ---------------------------------------------------------------------------------------------------------


def _ways(cells: Cells) -> Iterator[Way]:
    """The ways that are tried, the likeliest first."""
    makers = {"number": _number_ways, "flag": _flag_ways, "time": _time_ways}
    return chain(makers[cells.use](cells), _token_ways(cells))


def _token_ways(cells: Cells) -> Iterator[Way]:
    """A few words without a digit that say that there is no value: `n/a`, `none`; never all that a column holds."""
    words = [word.strip() for word in cells.unread]
    if (
        cells.read
        and 0 < len(words) <= _MOST_TOKENS
        and not any(any(sign.isdigit() for sign in word) for word in words)
    ):
        listed = ", ".join(quoted_text(word, _SHOWN) for word in words)
        changed = {"missing": (*cells.spec.missing, *words)}
        yield Way(f"missing: [{listed}]", at_field=changed, plain="missing: […]")


def _number_ways(cells: Cells) -> Iterator[Way]:
    """Other signs in numbers, a unit beside them, or cells that are lengths of time."""
    if cells.spec.span is not None:
        yield from (Way(f'format: "{form}"', at_field={"format": (form,)}) for form in ("m:ss", "h:mm"))
        as_number = {"number": cells.spec.span, "span": None, "format": ()}
        yield Way(f"number: {cells.spec.span}, with its unit, in place of span", at_field=as_number)
        return
    signs = [(",", None), (".", ","), (".", " "), (".", "'"), (",", "."), (",", " "), (",", "'")]
    for decimal, thousands in signs:
        parts = [] if decimal == cells.log.read.decimal else [f'decimal: "{decimal}"']
        parts += [] if thousands is None else [f'thousands: "{thousands}"']
        if parts:
            changed = {"decimal": decimal, "thousands": thousands}
            yield Way(f"read: {{{', '.join(parts)}}}", "at the log", in_read=changed)
    for unit in _units(cells.unread):
        yield Way(f"unit: {unit if unit.isalpha() else quoted_text(unit)}", at_field={"unit": unit})
    if cells.spec.number is not None and any(_LENGTH.fullmatch(word.strip()) for word in cells.unread):
        changed_kind = {"span": cells.spec.number, "number": None, "unit": None}
        yield Way(f"span: {cells.spec.number} in place of number", at_field=changed_kind)


def _units(words: Sequence[str]) -> list[str]:
    """The units and signs that stand beside numbers, the commonest first."""
    seen: dict[str, int] = {}
    for word in words[:MOST_TRIED]:
        found = _BESIDE.fullmatch(word.strip())
        if found is not None:
            unit = found["unit"] or found["sign"]
            unit = _UNITS.get(unit.casefold(), unit)
            seen[unit] = seen.get(unit, 0) + 1
    return sorted(seen, key=lambda unit: -seen[unit])


def _flag_ways(cells: Cells) -> Iterator[Way]:
    """Words that mean true or false in other languages, beside those that are read already."""
    words = [word.strip() for word in (*cells.unread, *cells.read)]
    lists = {
        key: tuple(dict.fromkeys(word for word in words if word.casefold() in known))
        for key, known in (("true_values", (*_TRUE, *TRUE_VALUES)), ("false_values", (*_FALSE, *FALSE_VALUES)))
    }
    said = [f"{key}: [{', '.join(quoted_text(word, _SHOWN) for word in lists[key])}]" for key in lists if lists[key]]
    if said:
        changed = {key: found or None for key, found in lists.items()}
        yield Way(", ".join(said), at_field=changed, plain=" and ".join(key for key in lists if lists[key]))


def _time_ways(cells: Cells) -> Iterator[Way]:
    """Other formats, alone or after those that the field has; serial numbers of times."""
    own = tuple(cells.spec.format or ())
    dates = [form for word in cells.unread[:_MOST_TOKENS] for _, form in looks_like_date(word)]
    forms = [form for form in dict.fromkeys([*dates, *_FORMATS, *_serials(cells.unread)]) if form not in own]
    yield from (Way(f"format: {quoted_text(form)}", at_field={"format": (form,)}) for form in forms)
    for form in forms if own else ():
        both = ", ".join(quoted_text(one) for one in (*own, form))
        yield Way(f"format: [{both}]", at_field={"format": (*own, form)})


def _serials(words: Sequence[str]) -> list[str]:
    """The serial numbers that cells may be, by their size."""
    try:
        sizes = [float(word.replace(",", ".")) for word in words[:MOST_TRIED]]
    except ValueError:
        return []
    return [form for form, (low, high) in _SERIALS.items() if all(low <= size <= high for size in sizes)]
