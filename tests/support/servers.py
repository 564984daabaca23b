"""Real servers for tests, each as processes of its own that end with the test: PostgreSQL, and a Spark cluster.

Nothing here needs a service of the machine: ports are free ones on 127.0.0.1, data lies in a temporary folder. What is not
installed makes the test skip with the reason.
"""

import contextlib
import glob
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from support.needs import module, need
from support.places import ROOT

HOST = "127.0.0.1"
SHORT_LIVED = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
"""For Java programs that live for a minute: no threads and no compiling that pay off later."""


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def wait_for(
    what: str, there, *, seconds: float = 120, process: subprocess.Popen | None = None, log: Path | None = None
):
    """Asks again and again until the answer is true; says what did not come, and the end of the log."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and (process is None or process.poll() is None):
        if answer := there():
            return answer
        time.sleep(0.05)
    said = "" if log is None or not log.is_file() else log.read_text("utf-8", "replace")[-3000:]
    raise AssertionError(f"{what} did not come within {seconds} s\n{said}")


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Postgres:
    """A running server. `admin` loads and reads statistics; `analyst` may only read, and is whose statements count."""

    port: int
    passwords: dict[str, str]
    database: str = "service"

    def connect(self, user: str = "admin", **options):
        """A connection that can be closed by `with`."""
        import psycopg

        return psycopg.connect(
            host=HOST, port=self.port, dbname=self.database, user=user, password=self.passwords[user],
            autocommit=True, options="-c lock_timeout=20s", **options,
        )  # fmt: skip

    def ask(self, query: str, *values):
        """The rows of a query of `admin`."""
        with self.connect() as connection:
            return connection.execute(query, values).fetchall()

    def load(self, table: str, rows, columns: dict[str, str]) -> None:
        """A new table of columns and their types, filled by COPY; `analyst` may read it."""
        from psycopg import sql

        name = sql.Identifier(*table.split("."))
        kinds = sql.SQL(", ").join(sql.SQL("{} " + kind).format(sql.Identifier(one)) for one, kind in columns.items())
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
            cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(name, kinds))
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(sql.SQL("GRANT SELECT ON {} TO analyst").format(name))
            cursor.execute(sql.SQL("ANALYZE {}").format(name))

    def forget_statements(self) -> None:
        """Sets the statistics of statements to nothing."""
        self.ask("SELECT pg_stat_statements_reset()")

    def rows_sent(self, user: str = "analyst") -> int:
        """How many rows the statements of a user have returned or fetched, as the server counted them."""
        query = "SELECT coalesce(sum(rows), 0)::int FROM pg_stat_statements WHERE userid = %s::regrole"
        return self.ask(query, user)[0][0]

    def rows_read(self, table: str) -> int:
        """How many rows of a table the server itself has gone through."""
        query = "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relid = %s::regclass"
        return self.ask(query, table)[0][0]


@contextlib.contextmanager
def postgres():
    """A PostgreSQL server of its own, with statistics of statements and two users."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda one: float(one.split("/")[4]))  # noqa: PTH207
    initdb = found[-1] if found else shutil.which("initdb")
    need(initdb, "the server of PostgreSQL is not installed (Debian: postgresql)")
    module("psycopg")
    folder = Path(tempfile.mkdtemp(prefix="svclight-postgres-"))
    try:
        with _running(Path(initdb).parent, folder) as first, first.connect() as connection:
            connection.execute("CREATE DATABASE service")
            server = Postgres(first.port, first.passwords | {"analyst": "kept secret"})
            with server.connect() as inside:
                inside.execute("CREATE EXTENSION pg_stat_statements")
                inside.execute("CREATE ROLE analyst LOGIN PASSWORD 'kept secret'")
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _running(binaries: Path, folder: Path):
    """The processes of a server whose data lie in the folder."""
    server = Postgres(free_port(), {"admin": secrets.token_hex(8)}, database="postgres")
    (folder / "password").write_text(server.passwords["admin"])
    as_whom, data, log = _account(folder), folder / "data", folder / "log"
    made = [binaries / "initdb", "-D", data, "-U", "admin", "-A", "scram-sha-256", "--pwfile", folder / "password"]
    made += ["--no-sync", "-E", "UTF8", "--locale", "C"]
    done = subprocess.run(made, check=False, capture_output=True, text=True, cwd=folder, **as_whom)
    assert done.returncode == 0, done.stdout + done.stderr
    settings = {
        "listen_addresses": HOST, "port": server.port, "unix_socket_directories": "", "fsync": "off",
        "shared_buffers": "64MB", "shared_preload_libraries": "pg_stat_statements", "max_connections": 20,
    }  # fmt: skip
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with log.open("wb") as out:
        command = [binaries / "postgres", "-D", data, *options]
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder, **as_whom)
    try:
        wait_for("the server", lambda: _answers(server), process=process, log=log)
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # fast shutdown: open connections are ended
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _account(folder: Path) -> dict[str, str]:
    """Who runs the server and owns what it reads: it refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    names = {each.pw_name for each in pwd.getpwall()}
    user = next(name for name in ("postgres", "nobody") if name in names)
    account = pwd.getpwnam(user)
    for path in (folder, *folder.iterdir()):
        os.chown(path, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _answers(server: Postgres) -> bool:
    import psycopg

    try:
        server.ask("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


# --- Spark ------------------------------------------------------------------------------------------------------------


@dataclass
class SparkCluster:
    """A standalone master and its workers; each worker and the executors that it starts are one group of processes."""

    address: str
    pages: str
    workers: list[subprocess.Popen] = field(default_factory=list)

    def state(self) -> dict:
        """What the master says of itself, its workers and applications."""
        with urllib.request.urlopen(f"{self.pages}/json/", timeout=10) as answer:
            return json.load(answer)

    def alive(self) -> int:
        """How many workers the master counts on."""
        return sum(worker["state"] == "ALIVE" for worker in self.state()["workers"])

    def kill(self, worker: int) -> None:
        """Kills a worker and its executor at once. They are stopped first, so that a task dies that has not ended."""
        group = self.workers[worker].pid
        os.killpg(group, signal.SIGSTOP)
        time.sleep(0.3)
        os.killpg(group, signal.SIGKILL)


@contextlib.contextmanager
def spark_cluster(folder: Path, workers: int = 2):
    """A Spark cluster: a master and workers of one core each, as processes of their own."""
    need(shutil.which("java"), "Java is not installed (Debian: default-jre-headless)")
    need(find_spec("pyspark"), "pyspark is not installed")
    port, page = free_port(), free_port()
    cluster = SparkCluster(f"spark://{HOST}:{port}", f"http://{HOST}:{page}")
    started = []
    try:
        command = ["master.Master", "--host", HOST, "--port", port, "--webui-port", page]
        master = _daemon(folder, "master", command)
        started.append(master)
        wait_for("the master", lambda: _quietly(cluster.state), process=master, log=folder / "master.log")
        for number in range(workers):
            command = ["worker.Worker", "--host", HOST, "--port", free_port(), "--webui-port", free_port()]
            command += ["--cores", 1, "--memory", "1g", "--work-dir", folder / f"work-{number}", cluster.address]
            cluster.workers.append(_daemon(folder, f"worker-{number}", command))
            started.append(cluster.workers[-1])
        wait_for(f"{workers} workers", lambda: cluster.alive() == workers, log=folder / "worker-0.log")
        yield cluster
    finally:
        for process in reversed(started):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _daemon(folder: Path, name: str, command: list) -> subprocess.Popen:
    """A part of the cluster, in a group of processes of its own."""
    home = Path(find_spec("pyspark").origin).parent
    environment = {
        **os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST, "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": SHORT_LIVED,
        "SPARK_CONF_DIR": str(folder), "SPARK_LOG_DIR": str(folder),
    }  # fmt: skip
    program, *arguments = command
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [home / "bin" / "spark-class", f"org.apache.spark.deploy.{program}", *map(str, arguments)],
            stdout=log, stderr=log, env=environment, start_new_session=True,
        )  # fmt: skip


def _quietly(ask):
    """The answer, or nothing while nobody listens yet."""
    try:
        return ask()
    except OSError:
        return None


@contextlib.contextmanager
def spark_driver(cluster: SparkCluster, folder: Path, *arguments: object):
    """`spark_driver.py` in a process of its own, so that its JVM, its sockets and its session end with it."""
    script = Path(__file__).with_name("spark_driver.py")
    environment = {**os.environ, "SPARK_LOCAL_IP": HOST, "PYSPARK_PYTHON": sys.executable}
    environment["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    with (
        (folder / "driver.log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, script, cluster.address, folder, *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=environment,
            start_new_session=True,
        ) as process,
    ):  # fmt: skip
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
