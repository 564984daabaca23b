"""Logs in a database: an address as it is typed -> the table that it names, on an open connection.

In: `postgresql://user@host:port/database/schema.table`. Out: an ibis table; nothing of it is read here. The password is
none of our business: libpq takes it from PGPASSWORD, PGPASSFILE, ~/.pgpass or a service. One in the address is refused,
and no message shows what stands where a password could stand.
"""

from __future__ import annotations

import importlib
import re
import sys
import weakref
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from svclight.errors import Issue, LogError, did_you_mean, printable_text, quoted_list, quoted_text

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMES: Final = ("postgresql", "postgres")
_EXPECTED: Final = "postgresql://USER@HOST:PORT/DATABASE/TABLE, or …/DATABASE/SCHEMA.TABLE"
_EXTRA: Final = "pip install 'svclight[sql]'"
_SECRETS: Final = ("password", "sslpassword", "passfile")
_OURS: Final = ("user", "host", "port", "dbname", "database", "schema", "autocommit")
_PORT: Final = 5432
_SHOWN: Final = 200


@dataclass(frozen=True)
class Address:
    """A table of a database; what is None is left to libpq's own environment (PGHOST, PGPORT, PGUSER).

    Attributes:
        user: Who asks.
        host: The server; a name, an address, or the folder of its socket.
        port: Its port.
        database: The database.
        schema: The schema of the table; None where the table is found by the search path.
        table: The table or view.
        options: More parameters of libpq, such as `sslmode`.
    """

    user: str | None
    host: str | None
    port: int | None
    database: str
    schema: str | None
    table: str
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """The place without the user: what reports and messages show."""
        place = (self.host or "") + ("" if self.port is None else f":{self.port}")
        return printable_text(f"postgresql://{place}/{self.database}/{self.name}", _SHOWN)

    @property
    def name(self) -> str:
        """The table, with its schema where one was given."""
        return self.table if self.schema is None else f"{self.schema}.{self.table}"


def is_address(text: str) -> bool:
    """Whether this is an address of any kind and no path: `scheme://…` (one letter is a drive)."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text) is not None


def hide_secrets(text: str) -> str:
    """The text for messages: in an address nothing that stands before an `@`, and no values of parameters."""
    name, scheme, rest = re.match(r"(?s)(\w*=)?([A-Za-z][\w+.-]*://)?(.*)", text).groups()  # type: ignore[union-attr]
    if scheme is None:
        return text
    *before, place = rest.rpartition("@")
    shown = re.sub(r"(?s)=[^&]*", "=…", place)
    return f"{name or ''}{scheme}{'…@' if any(before) else ''}{shown}"


def parse_address(text: str) -> Address:
    """The parts of an address, percent-encoding resolved.

    Raises:
        LogError: It is of another kind, holds a password, or lacks a part.
    """
    scheme, _, rest = text.partition("://")
    if scheme.lower() not in SCHEMES:
        raise _address_error("logs are not read from this kind of address", text, hint=did_you_mean(scheme, SCHEMES))
    user, _, place = rest.rpartition("@")
    if ":" in user:
        raise _secret_error(text)
    try:
        parts = urlsplit(f"//{place}")
        host, port = unquote(parts.hostname or ""), parts.port
    except ValueError as error:
        raise _address_error("this is no address of a database", text, hint=str(error)) from None
    options = _read_options(parts.query, text)
    path = parts.path.strip("/").split("/")
    if len(path) != 2 or parts.fragment:  # noqa: PLR2004 - database and table
        raise _address_error("an address names a database and a table in it", text)
    database, names = unquote(path[0]), [unquote(name) for name in path[1].split(".")]
    if not database or len(names) > 2 or not all(names):  # noqa: PLR2004 - schema and table
        raise _address_error("a table is named alone or with its schema", text, hint="a dot in a name is written %2E")
    schema = names[0] if len(names) == 2 else None  # noqa: PLR2004 - the same
    return Address(unquote(user) or None, host or None, port, database, schema, names[-1], options)


def _read_options(query: str, text: str) -> tuple[tuple[str, str], ...]:
    options = tuple(parse_qsl(query, keep_blank_values=True))
    for name, _ in options:
        if name in _SECRETS:
            raise _secret_error(text)
        if name in _OURS:
            raise _address_error(f"{quoted_text(name)} has its place in the address, and is no parameter", text)
    return options


def _address_error(what: str, text: str, hint: str = "") -> LogError:
    return LogError(Issue(what, found=quoted_text(hide_secrets(text), _SHOWN), expected=_EXPECTED, hint=hint))


def _secret_error(text: str) -> LogError:
    return LogError(
        Issue(
            "a password does not belong in an address: shells and lists of processes keep it",
            found=quoted_text(hide_secrets(text), _SHOWN),
            expected="the address without it",
            hint="set PGPASSWORD, or write it into ~/.pgpass (HOST:PORT:DATABASE:USER:PASSWORD, mode 600)",
        )
    )


def table_of(text: str) -> Any:
    """The ibis table that an address names, seen as at one moment however long scoring takes.

    Raises:
        LogError: The address is wrong, ibis is not installed, the server does not answer or refuses, or there is no
            such table, or it may not be read.
    """
    address = parse_address(text)
    ibis = _open_backend(address)
    with database_failures(str(address)):
        backend = ibis.postgres.connect(
            host=address.host,
            port=address.port,
            user=address.user,
            database=address.database,
            **{"fallback_application_name": "svclight", **dict(address.options)},
        )
        weakref.finalize(backend, backend.con.close)
        try:
            table = _open_table(backend, address)
            _begin_transaction(backend.con, address)
        except Exception:
            backend.con.close()
            raise
    return table


def address_of(table: Any) -> str:
    """Where an ibis table lies, as provenance and reports name it: without user, without password.

    A query over tables is named by its database alone; what is not in PostgreSQL has no name.
    """
    backend, operation = table.get_backend(), table.op()
    if backend.name != "postgres":
        return ""
    info = backend.con.info
    host = "" if info.host.startswith("/") else info.host  # a socket of this machine
    port = None if info.port == _PORT else info.port
    if not hasattr(operation, "namespace"):
        return str(Address(None, host, port, info.dbname, None, "")).rstrip("/")
    return str(Address(None, host, port, info.dbname, operation.namespace.database, operation.name))


def _open_backend(address: Address) -> Any:
    try:
        importlib.import_module("psycopg")
        return importlib.import_module("ibis")
    except ImportError as error:
        what = "what reads databases is not installed"
        raise LogError(Issue(what, str(address), found=printable_text(error), hint=_EXTRA)) from None


def _open_table(backend: Any, address: Address) -> Any:
    """The table; where there is none, those that there are say what may have been meant."""
    exceptions = importlib.import_module("ibis.common.exceptions")
    try:
        return backend.table(address.table, database=address.schema)
    except exceptions.TableNotFound:
        schemas = sorted(backend.list_databases())
        if address.schema is not None and address.schema not in schemas:
            raise _absent_error("schema", address.schema, address, schemas) from None
        tables = sorted(backend.list_tables(database=address.schema))
        raise _absent_error("table", address.table, address, tables) from None


def _absent_error(what: str, name: str, address: Address, known: list[str]) -> LogError:
    expected = f"one of {quoted_list(known)}" if known else ""
    hint = did_you_mean(name, known) if known else "there is none that this user may see"
    return LogError(Issue(f"there is no {what} {quoted_text(name)}", str(address), expected=expected, hint=hint))


def _begin_transaction(connection: Any, address: Address) -> None:
    """Begins a transaction in which every query sees the same rows, and finds out whether they may be read at all.

    Several queries make one card; rows that come in between would be in some of them and not in others.
    """
    psycopg = importlib.import_module("psycopg")
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.autocommit = False
    names = [name for name in (address.schema, address.table) if name is not None]
    connection.execute(psycopg.sql.SQL("SELECT FROM {} LIMIT 0").format(psycopg.sql.Identifier(*names)))


@contextmanager
def database_failures(place: str) -> Iterator[None]:
    """What a database says goes on as a `LogError`: its words on one line, without the trace of its driver.

    Raises:
        LogError: The database refused or ended what was asked within the block.
    """
    try:
        yield
    except Exception as error:
        driver = sys.modules.get("psycopg")
        if driver is None or not isinstance(error, driver.Error):
            raise
        said = " ".join(str(error).split())
        raise LogError(
            Issue("the database did not do what it was asked", place, hint=printable_text(said, 400))
        ) from None
