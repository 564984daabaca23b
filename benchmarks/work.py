"""The work of the benchmarks: made-up interactions, and the definitions by which they are counted.

A `Work` says which columns a log has, what its criteria are and by what it is split; `definition` puts that into YAML,
`by_hand` puts the same into queries. Rows come in chunks of a million, each column of each chunk from a seed of its
own: a log is the same whatever its size, and a hundred million rows are written in the memory of one chunk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

CHUNK: Final = 1_000_000
_DAY: Final = 86_400 * 10**6
_WORDS: Final[dict[str, tuple[list[str], list[float] | None]]] = {
    "type": (["PS", "NE", "NW", "TT", "IN"], None),
    "server": (["north", "south", "west"], None),
    "team": ([f"T{number:05}" for number in range(10_000)], None),
    "outcome": (["AGENT", "HANG", "BOT", "PHANTOM"], [0.7, 0.15, 0.1, 0.05]),
}
_NUMBERS: Final = {"talk": (240, 0.03), "score": (0, 0.1)}  # mean (0: marks from 1 to 5) and the share that is missing
_SCRAMBLE: Final = (2_654_435_761, 1 << 31)  # an odd factor: no number comes twice below the power of two
_TWENTY: Final = tuple(f"v{number:02}" for number in range(1, 21))


@dataclass(frozen=True)
class Limits:
    """A number's limits: up to `green` is green and up to `yellow` yellow, or from them on where more is better."""

    green: int
    yellow: int
    more: bool = False
    unit: str = ""

    @property
    def ops(self) -> tuple[str, str]:
        """The comparison that a good value meets, and its opposite."""
        return (">=", "<") if self.more else ("<=", ">")


@dataclass(frozen=True)
class Rules:
    """Which rows a criterion rates, by outcome: `excluded` leave all, `applies` names what it is for, `red` gave up."""

    excluded: str
    applies: dict[str, tuple[str, ...]]
    red: dict[str, str]


@dataclass(frozen=True)
class Work:
    """What is counted: criteria (each the number of its name), segments, the rules, and whether there is an id."""

    name: str
    criteria: dict[str, Limits]
    segments: tuple[str, ...] = ("type",)
    rules: Rules | None = None
    with_id: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the work needs."""
        return (
            *(("id",) if self.with_id else ()),
            "at",
            *self.segments,
            *(("outcome",) if self.rules else ()),
            *self.criteria,
        )


_PLAIN: Final = {
    "wait": Limits(30, 60, unit="s"),
    "talk": Limits(300, 600, unit="s"),
    "score": Limits(4, 3, more=True),
}
_RULES: Final = Rules(
    "PHANTOM", {"wait": ("AGENT", "HANG"), "talk": ("AGENT",), "score": ("AGENT", "BOT")}, {"wait": "HANG"}
)
WORKS: Final = {
    work.name: work
    for work in (
        Work("plain", _PLAIN),
        Work("rich", _PLAIN, ("type", "server"), _RULES),
        Work("twenty", {name: Limits(10 + 2 * i, 40 + 4 * i, unit="s") for i, name in enumerate(_TWENTY)}),
        Work("teams", _PLAIN, ("team",)),
        Work("id", _PLAIN, with_id=True),
    )
}


def definition(work: Work) -> str:
    """The work as a document of svclight."""
    fields = [
        f"{name}: {{number: {name}{f', unit: {one.unit}' * bool(one.unit)}}}" for name, one in work.criteria.items()
    ]
    rules = work.rules
    lines = [
        "svclight: 1",
        "time_zone: Europe/Berlin",
        "processes:",
        "  hotline:",
        "    title: Hotline",
        "    log:",
        *(["      id: id"] if work.with_id else []),
        "      time: at",
        f"      segments: [{', '.join(work.segments)}]",
        f"      fields: {{at: {{time: at}}, {', '.join(fields)}}}",
        *([f"      exclude: [{{where: {{outcome: {rules.excluded}}}, reason: no real call}}]"] if rules else []),
        "    criteria:",
        *(f"      {name}: {{{', '.join(_criterion(work, name))}}}" for name in work.criteria),
    ]
    return "\n".join(lines)


def _criterion(work: Work, name: str) -> Iterator[str]:
    """The keys of a criterion."""
    one, rules = work.criteria[name], work.rules
    yield f"measure: {{value: {name}}}"
    for zone, limit in (("green", one.green), ("yellow", one.yellow)):
        yield f'{zone}: "{one.ops[0]} {limit}{" " * bool(one.unit)}{one.unit}"'
    if rules:
        yield f"applies: {{outcome: [{', '.join(rules.applies[name])}]}}"
        if name in rules.red:
            yield f"abandoned: {{where: {{outcome: {rules.red[name]}}}, counts: red}}"


def _column(name: str, chunk: int, rows: int) -> pd.Series[Any] | NDArray[Any]:
    """One column of one chunk: instants over two years, few or 10,000 words, numbers of which some are missing."""
    random = np.random.default_rng([7, chunk, *name.encode()])
    if name == "id":
        factor, size = _SCRAMBLE
        return (np.arange(chunk * CHUNK, chunk * CHUNK + rows, dtype=np.int64) * factor) % size
    if name == "at":
        start = np.datetime64("2024-01-01", "us").astype(np.int64)
        return (start + random.integers(0, 730 * _DAY, rows)).view("datetime64[us]")
    if name in _WORDS:
        words, weights = _WORDS[name]
        return pd.Series(np.array(words)[random.choice(len(words), rows, p=weights)], dtype="str")
    mean, missing = _NUMBERS.get(name, (40, 0.01))
    values = random.exponential(mean, rows) if mean else random.integers(1, 6, rows).astype(float)
    values[random.random(rows) < missing] = np.nan
    return values


def chunks(work: Work, rows: int) -> Iterator[pd.DataFrame]:
    """The log of a work, a million rows at a time."""
    for number, begin in enumerate(range(0, rows, CHUNK)):
        size = min(CHUNK, rows - begin)
        yield pd.DataFrame({name: _column(name, number, size) for name in work.columns})


def frame(work: Work, rows: int) -> pd.DataFrame:
    """The log of a work as one pandas frame."""
    return pd.concat(chunks(work, rows), ignore_index=True)


def parquet(work: Work, rows: int, folder: Path) -> Path:
    """The log of a work as one Parquet file; one that is there is taken as it is."""
    path = folder / f"{work.name}-{rows}.parquet"
    if not path.exists():
        unfinished, writer = path.with_suffix(".unfinished"), None
        for chunk in chunks(work, rows):
            table = pa.Table.from_pandas(chunk, preserve_index=False)
            writer = writer or pq.ParquetWriter(unfinished, table.schema)
            writer.write_table(table, row_group_size=1 << 17)
        if writer is not None:
            writer.close()
        unfinished.rename(path)
    return path


def csv(work: Work, rows: int, folder: Path) -> Path:
    """The same log as a CSV file."""
    path = folder / f"{work.name}-{rows}.csv"
    if not path.exists():
        source, unfinished = parquet(work, rows, folder), path.with_suffix(".unfinished")
        duckdb.connect().execute(f"COPY (FROM read_parquet('{source}')) TO '{unfinished}' (FORMAT csv, HEADER)")
        unfinished.rename(path)
    return path
