"""svclight beside the same work written by hand, paired in one run: ratios, and the time just to read the columns.

`python benchmarks/run.py [--rows N] [--rounds N] [--cases frame/plain parquet/rich ...] [--folder DIR]`. A case is an
input (a pandas frame, a Parquet or CSV file, a Polars frame) and a work of `work.py`. Before a case is timed, all forms
of the query by hand are run and must give svclight's counts to the last interaction; the fastest of them is the rival.
Then come the rounds: svclight, each rival, reading alone. `large` is one more case: ten times the rows as Parquet
beside the rows, and the peak of memory in a process of its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import warnings
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import by_hand
import duckdb
import polars as pl
import tables
import work
from pairs import Took, fastest, machine, rounds_of, seconds, shown, timed

import svclight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    Form = Callable[[], Any]

CASES: Final = (
    "frame/plain",
    "frame/rich",
    "frame/id",
    "parquet/plain",
    "parquet/rich",
    "parquet/twenty",
    "parquet/teams",
    "parquet/id",
    "csv/plain",
    "polars/plain",
    "polars/rich",
    "large",
)
_TARGETS: Final = {"parquet": 1.15, "csv": 1.2, "polars": 1.2, "twenty": 1.2, "teams": 1.3}
_PACKAGES: Final = ("svclight", "pandas", "numpy", "polars", "duckdb", "pyarrow")
_HEADER: Final = (
    "case",
    "beside",
    "ratio",
    "lowest to highest",
    "by cores",
    "to reach",
    "svclight",
    "beside",
    "reading alone",
)


@dataclass(frozen=True)
class Rival:
    """What svclight is held against: the forms of one query, and the ratio to reach where there is one."""

    name: str
    forms: dict[str, Form]
    target: float | None = None
    same: bool = True


@dataclass(frozen=True)
class Case:
    """One input and one work: svclight, its rivals, and reading the columns alone."""

    name: str
    work: work.Work
    score: Form
    read: Form
    rivals: list[Rival] = field(default_factory=list)


def scored(log: Any, one: work.Work) -> Form:
    """A call of `score`, the definition loaded before."""
    return partial(svclight.score, log, svclight.loads(work.definition(one)), by=list(one.segments))


def case_of(name: str, rows: int, folder: Path) -> Case:
    """The case of a name such as parquet/plain."""
    source, _, work_name = name.partition("/")
    one = work.WORKS[work_name]
    if source == "frame":
        return of_frame(name, one, work.frame(one, rows))
    if source == "polars":
        return of_polars(name, one, work.parquet(one, rows, folder))
    return of_file(name, one, rows, folder)


def of_frame(name: str, one: work.Work, frame: pd.DataFrame) -> Case:
    """A pandas frame, beside the usual script and beside converting it to Polars."""

    def converted() -> pl.LazyFrame:
        return pl.from_pandas(frame[list(one.columns)]).lazy()

    def read() -> list[Any]:
        return [frame[column].str.len().sum() if column in _words(one) else frame[column].max() for column in frame]

    script = Rival("usual pandas script", by_hand.script_forms(one, frame), 0.20)
    to_polars = Rival("to Polars, then a query", by_hand.polars_forms(one, converted), 1.0)
    return Case(name, one, scored(frame, one), read, [script, to_polars, *_without_id(one, frame)])


def of_polars(name: str, one: work.Work, path: Path) -> Case:
    """A Polars frame in memory."""
    frame = pl.read_parquet(path).rechunk()
    sums = [pl.col(c).str.len_bytes().sum() if c in _words(one) else pl.col(c).max() for c in frame.columns]
    forms = by_hand.polars_forms(one, frame.lazy)
    rivals = [Rival("query in Polars", forms, _TARGETS["polars"]), *_without_id(one, frame.lazy())]
    return Case(name, one, scored(frame.lazy(), one), lambda: frame.lazy().select(sums).collect(), rivals)


def of_file(name: str, one: work.Work, rows: int, folder: Path) -> Case:
    """A Parquet file beside queries of DuckDB and Polars, or a CSV file beside those of DuckDB."""
    if name.startswith("csv"):
        path = work.csv(one, rows, folder)
        table, target = by_hand.table_of_csv(one, path), _TARGETS["csv"]
        forms = by_hand.duckdb_forms(one, table)
    else:
        path = work.parquet(one, rows, folder)
        table, target = by_hand.table_of_parquet(path), _TARGETS.get(one.name, _TARGETS["parquet"])
        forms = {**by_hand.duckdb_forms(one, table), **by_hand.polars_forms(one, partial(pl.scan_parquet, path))}
    sums = ", ".join(f'sum({"strlen" if c in _words(one) else ""}("{c}"))' for c in one.columns if c != "at")
    query = f'SELECT sum(epoch_us("at")), {sums} FROM {table}'
    connection = duckdb.connect()
    rivals = [Rival("query by hand", forms, target), *_without_id(one, path)]
    return Case(name, one, scored(path, one), lambda: connection.execute(query).fetchall(), rivals)


def _words(one: work.Work) -> set[str]:
    return {*one.segments, "outcome"}


def _without_id(one: work.Work, log: Any) -> Iterator[Rival]:
    """Where there is an id: svclight itself without it, as the price of the id."""
    if one.with_id:
        yield Rival("the same without id", {"svclight": scored(log, work.WORKS["plain"])}, same=False)


def measure(case: Case, rounds: int) -> Iterator[tuple[str, ...]]:
    """Checks, chooses the fastest forms, runs the rounds: a line of the table for each rival."""
    try:
        ours = tables.of_card(case.work, case.score())
    except (svclight.SvclightError, svclight.SvclightNotice) as refused:
        yield case.name, "not yet: " + str(refused).splitlines()[0]
        return
    chosen = {}
    for rival in case.rivals:
        for name, form in rival.forms.items() if rival.same else ():
            tables.check_same(ours, tables.of_query(case.work, form()), f"{case.name}, {name}")
        chosen[rival.name] = fastest(rival.forms)
    works = {"": case.score, **{one.name: one.forms[chosen[one.name]] for one in case.rivals}, "read": case.read}
    took = rounds_of(works, rounds)
    for rival in case.rivals:
        beside = f"{rival.name} ({chosen[rival.name]})" if len(rival.forms) > 1 else rival.name
        target = "" if rival.target is None else f"{rival.target:.2f}"
        yield (case.name, beside, *shown(took[""], took[rival.name]), target, *_seconds(took, "", rival.name, "read"))


def measure_large(rows: int, rounds: int, folder: Path) -> Iterator[tuple[str, ...]]:
    """Ten times the rows beside the rows, and the peak of memory of each."""
    plain = work.WORKS["plain"]
    paths = {"many": work.parquet(plain, 10 * rows, folder), "few": work.parquet(plain, rows, folder)}
    works = {name: scored(path, plain) for name, path in paths.items()}
    timed(works["few"])
    took = rounds_of(works, rounds)
    yield (
        f"{10 * rows:,} rows",
        f"{rows:,} rows",
        *shown(took["many"], took["few"]),
        "11.00",
        *_seconds(took, *works),
        "",
    )
    for name, path in paths.items():
        mib = memory(str(path), work.definition(plain))
        yield f"{name} rows: peak of the process", "", f"{mib} MiB", "", "", "1024 MiB", "", "", ""


def memory(what: str, given: str = "") -> str:
    """The answer of `memory.py` in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name("memory.py")), what]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout.strip()


def _seconds(took: dict[str, list[Took]], *names: str) -> tuple[str, ...]:
    return tuple(seconds(took[name]) for name in names)


def main() -> None:
    """Runs the cases and prints the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cases", nargs="+", default=CASES[:-1], metavar="CASE", choices=CASES)
    parser.add_argument("--folder", type=Path, help="where files are made, and kept; else in a temporary folder")
    options = parser.parse_args()
    warnings.simplefilter("error")
    print(f"{options.rows:,} rows, {options.rounds} rounds; {machine(*_PACKAGES)}\n")
    print(_line(_HEADER), _line(["---"] * len(_HEADER)), sep="\n")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for name in options.cases:
            large = name == "large"
            lines = measure_large(options.rows, options.rounds, folder) if large else None
            for line in lines or measure(case_of(name, options.rows, folder), options.rounds):
                print(_line(line), flush=True)
    if any(name.startswith("frame") for name in options.cases):
        print(f"\npandas frame: {memory(str(options.rows))} bytes a row at the peak, beyond the frame")


def _line(cells: Any) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
