"""Scoring inside a real PostgreSQL server: the counts of pandas, and the server's own word that rows did not travel."""

import contextlib
import csv
import gzip
import io
import os
import warnings
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from support.command_line import run
from support.needs import module, need
from support.places import ROOT
from support.servers import HOST, free_port, postgres

import svclight
from svclight.dialects.database_address import address_of, table_of
from svclight.errors import LogError, SvclightNotice

LOGS = Path(os.environ.get("SVCLIGHT_LOGS") or ROOT.parent / "shared" / "data")
AS_OF = "2026-01-01 06:00"

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("postgres")]


@pytest.fixture(scope="module")
def server():
    module("ibis")
    with postgres() as running:
        yield running


@pytest.fixture(autouse=True)
def _password(monkeypatch, server):
    """The password is where libpq looks for it, and no setting of the machine's user comes in between."""
    for name in ("PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGSERVICE", "PGPASSFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGPASSWORD", server.passwords["analyst"])


def example() -> pd.DataFrame:
    """The made-up hotline as its file has it: text, with everything that is wrong in it, but for lines cut off."""
    text = gzip.decompress((ROOT / "examples" / "hotline" / "calls.csv.gz").read_bytes()).decode("utf-8", "replace")
    header, *rows = csv.reader(io.StringIO(text))
    kept = [row for row in rows if len(row) == len(header) and "\N{REPLACEMENT CHARACTER}" not in "".join(row)]
    assert 0 < len(rows) - len(kept) < 20
    return pd.DataFrame(kept, columns=header)


def warehouse() -> pd.DataFrame:
    """The same as a warehouse has it: times and numbers in columns of their type, nothing where a cell was none."""
    frame = example().replace({"": None, "n/a": None, "?": None})
    for name in ("queued_at", "answered_at", "ended_at", "solved_at"):
        frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d %H:%M:%S", errors="coerce").astype("datetime64[us]")
    frame["talk_s"] = pd.to_numeric(frame["talk_s"], errors="coerce")
    return frame


KINDS = dict.fromkeys(("queued_at", "answered_at", "ended_at", "solved_at"), "timestamp") | {
    "talk_s": "double precision"
}


def loaded(server, table: str, frame: pd.DataFrame, kinds: dict[str, str] | None = None) -> None:
    """The frame as a table of the server."""
    cells = frame.astype(object).where(frame.notna(), None)
    columns = {name: (kinds or {}).get(name, "text") for name in frame.columns}
    server.load(table, cells.itertuples(index=False, name=None), columns)


@contextlib.contextmanager
def opened(server, table: str):
    """An ibis table as a user of Python opens it, on a connection that is closed at the end."""
    ibis = module("ibis")
    connection = ibis.postgres.connect(
        host=HOST, port=server.port, user="analyst", password=server.passwords["analyst"], database="service"
    )
    try:
        yield connection.table(table)
    finally:
        connection.disconnect()


def card_of(log, definition, **options) -> svclight.Scorecard:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return svclight.score({"hotline": log}, definition, **{"max_unread": 1, **options})


def same(card: svclight.Scorecard, other: svclight.Scorecard) -> None:
    """All that is counted is the same, and there is something."""
    assert card.counts["count"].sum() > 1000
    for name in ("counts", "reasons", "values", "periods"):
        pd.testing.assert_frame_equal(getattr(card, name), getattr(other, name), obj=name)


def test_statistics_see_rows_that_travel(server):
    """What the other tests count on: each row that is brought over counts, those that the server reads itself do not."""
    loaded(server, "numbers", pd.DataFrame({"x": range(5000)}), {"x": "integer"})
    with opened(server, "numbers") as table:
        server.forget_statements()
        assert table.count().to_pyarrow().as_py() == 5000
        assert server.rows_sent() == 1
        assert len(table.to_pyarrow()) == 5000
        assert server.rows_sent() == 5001
    assert server.rows_read("numbers") == 10_000


@pytest.mark.slow
@pytest.mark.parametrize("by", [(), ("team", "topic")])
def test_a_warehouse_is_scored_inside(server, by):
    frame = warehouse()
    loaded(server, "calls", frame, KINDS)
    with opened(server, "calls") as table:
        server.forget_statements()
        card = card_of(table, ROOT / "examples" / "hotline" / "hotline.yaml", by=by, as_of=AS_OF)
        sent = server.rows_sent()
        assert len(card.values)  # a histogram is counted when it is asked for, while the server is there
    same(card, card_of(frame, ROOT / "examples" / "hotline" / "hotline.yaml", by=by, as_of=AS_OF))
    assert server.rows_read("calls") >= len(frame)
    assert 0 < sent < len(frame) / 10


@pytest.mark.slow
def test_a_table_of_text_is_brought_to_pandas_with_a_notice(server):
    frame = example()
    loaded(server, "raw_calls", frame)
    with opened(server, "raw_calls") as table:
        card = card_of(table, ROOT / "examples" / "hotline" / "hotline.yaml", as_of=AS_OF)
    same(card, card_of(frame, ROOT / "examples" / "hotline" / "hotline.yaml", as_of=AS_OF))
    said = f"{len(frame):,} rows were brought from PostgreSQL to pandas: PostgreSQL reads no text as numbers or times"
    assert said in card.provenance.notices


@pytest.mark.slow
def test_counts_are_those_that_plain_sql_gives(server):
    """A second route: the zones of the talk time, by a query that was written by hand."""
    loaded(server, "calls", warehouse(), KINDS)
    with opened(server, "calls") as table:
        card = card_of(table, ROOT / "examples" / "hotline" / "hotline.yaml", as_of=AS_OF)
    counts = card.counts[card.counts["criterion"] == "talk"].groupby("zone", observed=True)["count"].sum()
    query = """
        WITH calls AS (SELECT DISTINCT * FROM calls)
        SELECT count(*) FILTER (WHERE talk_s BETWEEN 120 AND 480),
               count(*) FILTER (WHERE talk_s BETWEEN 60 AND 720 AND NOT talk_s BETWEEN 120 AND 480),
               count(*) FILTER (WHERE NOT talk_s BETWEEN 60 AND 720)
        FROM calls WHERE outcome = 'answered' AND talk_s >= 0
    """
    assert counts[["green", "yellow", "red"]].tolist() == list(server.ask(query)[0])


@pytest.mark.slow
def test_the_real_hotline_is_scored_inside(server):
    files = [LOGS / "hotline" / f"{month}1999.txt.gz" for month in ("january", "february")]
    need(all(file.is_file() for file in files), f"the real logs of hotline are not at {LOGS} (set SVCLIGHT_LOGS)")
    frame = pd.concat([pd.read_csv(file, sep="\t", dtype=str, keep_default_na=False) for file in files])
    # as a warehouse would have it: one column for the time of the call, numbers as numbers
    times = pd.to_datetime(frame["date"] + " " + frame["vru_entry"], format="%y%m%d %H:%M:%S")
    frame["called_at"] = times.astype("datetime64[us]")
    kinds = {"called_at": "timestamp", "q_time": "integer", "ser_time": "integer"}
    for name in ("q_time", "ser_time"):
        frame[name] = frame[name].astype(int)
    loaded(server, "bank", frame, kinds)
    text = (ROOT / "examples" / "real" / "hotline.yaml").read_text("utf-8")
    typed = svclight.loads(text.replace('{time: [date, vru_entry], format: "%y%m%d %H:%M:%S"}', "{time: called_at}"))
    with opened(server, "bank") as table:
        server.forget_statements()
        card = card_of(table, typed, by=["type"])
        sent = server.rows_sent()
        assert len(card.values)  # a histogram is counted when it is asked for, while the server is there
    same(card, card_of(files, svclight.loads(text), by=["type"]))
    assert 0 < sent < len(frame) / 10


# --- the command line -------------------------------------------------------------------------------------------------

SERVICE = """
svclight: 1
time_zone: UTC
processes:
  p:
    title: Process
    log: {time: at, segments: [kind], fields: {at: {time: at}, x: {number: x}}}
    criteria:
      c: {title: Waiting, measure: {value: x}, green: "<= 5", yellow: "<= 8"}
"""


@pytest.fixture
def service(server, tmp_path):
    """A definition, and a table that fits it: 40 rows, of which 30 green and 10 red."""
    path = tmp_path / "service.yaml"
    path.write_text(SERVICE)
    rows = pd.DataFrame({
        "at": pd.date_range("2026-01-01", periods=40, freq="18h").astype("datetime64[us]"),
        "x": [1.0] * 30 + [9.0] * 10,
        "kind": ["a", "b"] * 20,
    })  # fmt: skip
    loaded(server, "calls", rows, {"at": "timestamp", "x": "double precision"})
    with server.connect() as connection:
        connection.execute(
            "DROP SCHEMA IF EXISTS archive CASCADE; CREATE SCHEMA archive; GRANT USAGE ON SCHEMA archive TO analyst"
        )
    loaded(server, "archive.calls", rows, {"at": "timestamp", "x": "double precision"})
    return path


def address(server, table: str = "calls", user: str = "analyst", database: str = "service") -> str:
    return f"postgresql://{user}@{HOST}:{server.port}/{database}/{table}"


@pytest.mark.parametrize("table", ["calls", "archive.calls", "%63alls"])
def test_the_command_line_scores_a_table(server, service, table):
    done = run("score", service, "--log", f"p={address(server, table)}")
    assert done.stdout.splitlines()[1:4] == ["p,c,2026-01,green,30", "p,c,2026-01,yellow,0", "p,c,2026-01,red,10"]
    bare = run("score", service, "--log", f"{address(server, table)}?sslmode=disable")
    assert bare.stdout == done.stdout


def test_the_password_comes_from_a_file(server, service, tmp_path, monkeypatch):
    monkeypatch.delenv("PGPASSWORD")
    said = run("score", service, "--log", f"p={address(server)}", code=2).stderr
    assert "no password supplied" in said
    kept = tmp_path / "pgpass"
    kept.write_text(f"{HOST}:{server.port}:service:analyst:{server.passwords['analyst']}\n")
    kept.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(kept))
    assert "p,c,2026-01,green,30" in run("score", service, "--log", f"p={address(server)}").stdout


@pytest.mark.slow
def test_neither_password_nor_user_is_ever_shown(server, service, tmp_path):
    log = f"p={address(server)}"
    run("score", service, "--log", log, "-o", tmp_path / "card.svclight")
    run("report", service, "--log", log, "-o", tmp_path / "report.html")
    run("report", service, "--log", log, "-o", tmp_path / "report.md")
    written = gzip.decompress((tmp_path / "card.svclight").read_bytes()).decode()
    for text in (written, (tmp_path / "report.html").read_text(), (tmp_path / "report.md").read_text()):
        assert server.passwords["analyst"] not in text
        assert "analyst" not in text


@pytest.mark.parametrize(
    ("where", "message"),
    [
        (
            "postgresql://analyst@{host}:{free}/service/calls",
            "did not do what it was asked; connection failed: .*refused",
        ),
        ("postgresql://analyst@{host}:{port}/servce/calls", 'database "servce" does not exist'),
        ("postgresql://nobody@{host}:{port}/service/calls", 'password authentication failed for user "nobody"'),
        (
            "postgresql://analyst@{host}:{port}/service/cals",
            'there is no table "cals"; expected one of .*"calls".*; did you mean "calls"?',
        ),
        (
            "postgresql://analyst@{host}:{port}/service/archive.cals",
            'archive.cals: there is no table "cals"; expected one of "calls"; did you',
        ),
        (
            "postgresql://analyst@{host}:{port}/service/archve.calls",
            'there is no schema "archve"; expected one of .*"archive".*; did you',
        ),
        ("postgresql://analyst@{host}:{port}/service/hidden", "permission denied for table hidden"),
        ("postgresql://analyst@{host}:{port}/service/calls?sslmod=require", "invalid .*connection option"),
    ],
)
def test_what_a_server_refuses(server, service, where, message):
    with server.connect() as connection:
        connection.execute("DROP TABLE IF EXISTS hidden; CREATE TABLE hidden (x int)")
    text = where.format(host=HOST, port=server.port, free=free_port())
    with pytest.raises(LogError, match=message):
        table_of(text)
    said = run("score", service, "--log", f"p={text}", code=2).stderr
    assert said.startswith("error: postgresql://127.0.0.1:")
    assert len(said.splitlines()) == 1
    assert server.passwords["analyst"] not in said


def test_an_empty_schema_says_so(server):
    with server.connect() as connection:
        connection.execute("DROP SCHEMA IF EXISTS bare; CREATE SCHEMA bare; GRANT USAGE ON SCHEMA bare TO analyst")
    with pytest.raises(LogError, match='bare.calls: there is no table "calls"; there is none that this user may see'):
        table_of(address(server, "bare.calls"))


def test_a_table_and_a_file_are_no_log_together(server, service):
    both = ["--log", f"p={address(server)}", "--log", "p=calls.csv"]
    said = run("score", service, *both, code=2).stderr
    assert 'the log of "p" is a table of a database and something else' in said
    assert 'found "postgresql://…@127.0.0.1:' in said
    assert "a view puts several together" in said


def test_an_address_without_a_name_where_there_are_several_logs(tmp_path):
    two = SERVICE + SERVICE[SERVICE.index("  p:") :].replace("  p:", "  q:")
    (tmp_path / "two.yaml").write_text(two)
    said = run("score", tmp_path / "two.yaml", "--log", "postgresql://ann:secret@db/d/t", code=2).stderr
    assert 'which process is this the log of?; found "postgresql://…@db/d/t"; expected PROCESS=FILE' in said
    assert "secret" not in said


@contextlib.contextmanager
def named(text: str):
    """The table of an address; its connection, and the transaction on it, end with the block."""
    table = table_of(text)
    try:
        yield table
    finally:
        table.get_backend().disconnect()


@pytest.mark.usefixtures("service")
def test_a_table_is_named_without_who_asks(server):
    where = f"postgresql://{HOST}:{server.port}/service"
    with named(address(server, "archive.calls")) as archived:
        assert address_of(archived) == f"{where}/archive.calls"
    with named(address(server)) as calls:
        assert address_of(calls) == f"{where}/calls"
        assert address_of(calls.filter(calls["x"] > 5)) == where
        backend = SimpleNamespace(name="duckdb")
        assert address_of(SimpleNamespace(get_backend=lambda: backend, op=calls.op)) == ""


@pytest.mark.usefixtures("service")
def test_all_queries_see_the_rows_of_one_moment(server):
    with named(address(server)) as table:
        assert table.count().to_pyarrow().as_py() == 40
        with server.connect() as connection:
            connection.execute("INSERT INTO calls VALUES ('2026-02-01', 1, 'a')")
        assert table.count().to_pyarrow().as_py() == 40
    with named(address(server)) as table:
        assert table.count().to_pyarrow().as_py() == 41
