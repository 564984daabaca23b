"""Frames that stay in an engine: the engine of each, its columns, and the way to pandas.

In: a Polars frame, a DuckDB relation, a Spark frame, an ibis table, or a narwhals frame over one of them. Out: a
narwhals LazyFrame and the engine's dialect; or the needed columns as a pandas frame.
"""

from __future__ import annotations

import contextlib
import threading
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

from svclight.errors import Issue, SvclightError, check_columns
from svclight.values.text_dictionary import as_needed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import narwhals as nw
    import pandas as pd

    from svclight.dialects.dialect import Dialect

    Frame = nw.LazyFrame[Any]

_ENGINES: Final = {
    "polars": ("polars", "Polars"),
    "duckdb": ("duckdb", "DuckDB"),
    "_duckdb": ("duckdb", "DuckDB"),
    "pyspark": ("spark", "Spark"),
    "ibis": ("ibis", "Ibis"),
}
"""By the package of a frame's type: the module and the class of its dialect."""
_INTERRUPTED: Final = "Query interrupted"
"""What DuckDB says, in a `RuntimeError`."""
_TURN: Final = threading.RLock()
"""Who holds it asks DuckDB. One for all connections, as a relation does not tell its own; each query uses all cores."""


_FAULTY: Final = {
    # group_by counts too many rows where it streams: issue 20852 of pola-rs/polars
    ("polars", "1.20.0"): "its group_by may count a row several times",
}
"""Versions that are known to count wrong, and how."""


def is_lazy(source: Any) -> bool:
    """Whether a log is a frame, a relation or a table that stays in its engine."""
    # told by the name of the package: no engine is imported only to ask
    root = type(source).__module__.partition(".")[0]
    if root == "narwhals":
        return is_lazy(source.to_native())
    return root in _ENGINES and hasattr(type(source), "columns")


def open_frame(source: Any) -> tuple[Frame, Dialect]:
    """A log as a narwhals frame, and the dialect of its engine.

    Raises:
        SvclightError: The engine's version is known to count wrong.
    """
    import narwhals as nw  # noqa: PLC0415 - only where a log stays in an engine

    native = nw.to_native(source, pass_through=True)
    package = type(native).__module__.partition(".")[0]
    refuse_faulty(package)
    module, name = _ENGINES[package]
    dialect: Dialect = getattr(import_module(f"svclight.dialects.{module}"), name).of(native)
    return nw.from_native(native).lazy(), dialect


def turn_of(*tables: Any) -> contextlib.AbstractContextManager[Any]:
    """A context in which no other thread of svclight asks DuckDB, where one of the tables lies there.

    A connection of DuckDB refuses a second call while it is busy, and relations that threads share have one connection.
    """
    if not tables:
        return contextlib.nullcontext()
    import narwhals as nw  # noqa: PLC0415 - only where a log stays in an engine

    packages = (type(nw.to_native(table, pass_through=True)).__module__.partition(".")[0] for table in tables)
    in_duckdb = any(_ENGINES.get(package, ("",))[0] == "duckdb" for package in packages)
    return _TURN if in_duckdb else contextlib.nullcontext()


@contextlib.contextmanager
def interrupts_told() -> Iterator[None]:
    """Turns what engines raise where a person interrupts their query into what Python raises everywhere else."""
    try:
        yield
    except BaseException as error:
        # in DuckDB one stops the wait for a query, the other the query itself; Polars panics, which is no `Exception`,
        # where the interrupt reaches its own lines in Python
        name = type(error).__name__
        panicked = name == "PanicException" and "KeyboardInterrupt" in str(error)
        if str(error) != _INTERRUPTED and name != "InterruptException" and not panicked:
            raise
        raise KeyboardInterrupt from None


def needed_of(source: Any, needed: Sequence[str], where: Mapping[str, str]) -> tuple[Frame, Dialect]:
    """The needed columns of a log as a narwhals frame, in types on which engines agree, and the engine's dialect.

    Args:
        source: The log.
        needed: The columns that must be there.
        where: For each needed column the key of the definition that needs it, for messages.

    Raises:
        LogError: Needed columns are not there.
    """
    frame, dialect = open_frame(source)
    there = frame.collect_schema().names()
    names = as_needed(there, needed)
    check_columns(names, needed, where)
    if names != there:
        frame = frame.rename({old: new for old, new in zip(there, names, strict=True) if old != new})
    return dialect.plain_columns(frame, needed), dialect


def to_pandas(source: Any, needed: Sequence[str], where: Mapping[str, str]) -> tuple[pd.DataFrame, Dialect]:
    """The needed columns as a pandas frame, and the engine."""
    with turn_of(source):
        frame, dialect = needed_of(source, needed, where)
        return dialect.collect(frame), dialect


def origin_of(source: Any) -> tuple[str, ...]:
    """The address of a table of a database, without user and password, for provenance; nothing for other logs."""
    if type(source).__module__.partition(".")[0] != "ibis":
        return ()
    from svclight.dialects import database_address  # noqa: PLC0415 - only where there is a database

    place = database_address.address_of(source)
    return (place,) if place else ()


def leaving_notice(rows: int, engine: str, why: str = "") -> str:
    """The notice that rows were brought from their engine to pandas, and why."""
    count = f"{rows:,} {'row was' if rows == 1 else 'rows were'} brought from {engine} to pandas"
    return f"{count}: {why}" if why else count


def refuse_faulty(package: str) -> None:
    """Refuses an engine whose version is known to count wrong.

    Raises:
        SvclightError: It is one.
    """
    engine = package.removeprefix("_")
    with contextlib.suppress(PackageNotFoundError):
        number = version(engine)
        if (engine, number) in _FAULTY:
            fault, hint = _FAULTY[engine, number], f"install another version of {engine}"
            raise SvclightError(Issue(f"{engine} {number} is not used: {fault}", hint=hint))
