"""Addresses of tables in databases: what they say, what is refused, and that a password is never shown."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.helpers import definition
from support.needs import module

import svclight
from svclight.dialects.database_address import (
    Address,
    database_failures,
    hide_secrets,
    is_address,
    parse_address,
    table_of,
)
from svclight.errors import LogError

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("postgresql://host/db/calls", True),
        ("postgres://host/db/calls", True),
        ("mysql://host/db/calls", True),
        ("calls.csv", False),
        ("C:/logs/calls.csv", False),
        ("C://logs/calls.csv", False),
        ("logs//calls.csv", False),
        ("a b://calls.csv", False),
    ],
)
def test_what_an_address_is(text, there):
    assert is_address(text) is there


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "postgresql://ann@db.example:5433/service/calls",
            Address("ann", "db.example", 5433, "service", None, "calls"),
        ),
        ("postgres://db/service/raw.calls/", Address(None, "db", None, "service", "raw", "calls")),
        ("postgresql:///service/calls", Address(None, None, None, "service", None, "calls")),
        ("POSTGRESQL://[::1]:6000/service/calls", Address(None, "::1", 6000, "service", None, "calls")),
        ("postgresql://%2Frun%2Fpg/service/calls", Address(None, "/run/pg", None, "service", None, "calls")),
        ("postgresql://a%40b@db/my%20db/our%2Ecalls", Address("a@b", "db", None, "my db", None, "our.calls")),
        ("postgresql://db/d/%D0%B7.%D0%B2", Address(None, "db", None, "d", "з", "в")),
        (
            "postgresql://db/d/t?sslmode=require&connect_timeout=5",
            Address(None, "db", None, "d", None, "t", (("sslmode", "require"), ("connect_timeout", "5"))),
        ),
    ],
)
def test_the_parts_of_an_address(text, address):
    assert parse_address(text) == address


def test_an_address_is_shown_without_who_asks():
    assert (
        str(parse_address("postgresql://ann@db:5433/service/raw.calls?sslmode=require"))
        == "postgresql://db:5433/service/raw.calls"
    )
    assert str(parse_address("postgresql:///service/calls")) == "postgresql:///service/calls"
    assert str(parse_address("postgresql://db/service/c%0Aalls")) == "postgresql://db/service/c\\nalls"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "mysql://db/d/t",
            "logs are not read from this kind of address; found .mysql://db/d/t.; expected postgresql://USER@",
        ),
        ("postgresq://db/d/t", 'did you mean "postgresql"?'),
        ("postgresql://db/d", "an address names a database and a table in it"),
        ("postgresql://db", "an address names a database and a table in it"),
        ("postgresql://db/d/s/t", "an address names a database and a table in it"),
        ("postgresql://db/d/t#x", "an address names a database and a table in it"),
        ("postgresql://db//t", "an address names a database and a table in it"),
        ("postgresql://db/d/a.b.c", "a table is named alone or with its schema.*a dot in a name is written %2E"),
        ("postgresql://db/d/.t", "a table is named alone or with its schema"),
        ("postgresql://db:port/d/t", "this is no address of a database.*port"),
        ("postgresql://[db/d/t", "this is no address of a database"),
        ("postgresql://db/d/t?user=ann", '"user" has its place in the address, and is no parameter'),
        ("postgresql://db/d/t?dbname=x", '"dbname" has its place in the address'),
    ],
)
def test_what_is_no_address(text, message):
    with pytest.raises(LogError, match=message):
        parse_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ann:hunter2@db/d/t",
        "postgresql://:hunter2@db/d/t",
        "postgresql://ann:hun/ter2@db/d/t",
        "postgresql://ann:hunter2@x@db/d/t",
        "postgresql://ann:hunter2#@db/d/t",
        "postgresql://ann:hunter2?@db",
        "postgresql://ann@db/d/t?password=hunter2",
        "postgresql://ann@db/d/t?sslmode=require&sslpassword=hunter2",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_shown(text):
    with pytest.raises(
        LogError, match="a password does not belong in an address.*set PGPASSWORD, or.*~/.pgpass"
    ) as said:
        table_of(text)
    assert "hun" not in str(said.value)
    assert said.value.__cause__ is None


@given(st.text(max_size=12), st.text(min_size=1, max_size=12))
def test_nothing_before_the_host_is_shown(user, password):
    secret = f"<{password}>"
    shown = hide_secrets(f"calls=postgresql://{user}:{secret}@db/d/t")
    assert shown == "calls=postgresql://…@db/d/t"
    assert secret not in hide_secrets(f"postgresql://db/d/t?password={secret.replace('&', '').replace('@', '')}")
    assert hide_secrets(f"calls={user}.csv") == f"calls={user}.csv" or is_address(user)


def test_the_extra_is_named_where_what_reads_databases_is_absent(monkeypatch):
    monkeypatch.setitem(sys.modules, "ibis", None)
    message = "postgresql://db/d/t: what reads databases is not installed; found .*; pip install 'svclight.sql.'"
    with pytest.raises(LogError, match=message):
        table_of("postgresql://db/d/t")


def test_other_faults_than_those_of_a_database_go_on_as_they_are(monkeypatch):
    with pytest.raises(ZeroDivisionError), database_failures("here"):
        raise ZeroDivisionError
    monkeypatch.delitem(sys.modules, "psycopg", raising=False)
    with pytest.raises(ValueError, match="whatever"), database_failures("here"):
        raise ValueError("whatever")


def test_the_trace_of_a_driver_is_not_shown(monkeypatch):
    class Driver:
        class Error(Exception):
            pass

    monkeypatch.setitem(sys.modules, "psycopg", Driver)
    with (
        pytest.raises(LogError, match="^here: the database did not do what it was asked; no: not now$") as said,
        database_failures("here"),
    ):
        raise Driver.Error("no:\n\tnot now")
    assert said.value.__suppress_context__


def test_in_python_too_an_address_stands_for_its_table():
    module("ibis")
    nobody = "postgresql://analyst@127.0.0.1:1/service/calls"  # no server listens at port 1
    place = r"^postgresql://127\.0\.0\.1:1/service/calls: the database did not do what it was asked; "
    with pytest.raises(LogError, match=place + "connection failed"):
        svclight.score(nobody, definition('wait: {measure: {value: wait}, green: "<= 30"}'))
