"""A program that is interrupted while it scores: run as a process of its own, as a person would stop it.

In: a route, a folder with its log, and after how many milliseconds of work the interrupt comes (0: never). Out: the exit code of
the command line, or 130 where Python itself would end by the interrupt; on standard output how long the work took.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from importlib import import_module
from pathlib import Path

import duckdb

import svclight
from svclight import cli, scoring

ROUTES = {
    "pandas": "log.csv",
    "text in DuckDB": "log.csv",
    "packed text in DuckDB": "log.csv.gz",
    "Parquet": "log.parquet",
    "relation": "log.parquet",
    "Polars": "log.parquet",
}
"""The file of each; of the last two it is given as a table of the engine, to the function and not to the command."""
DEFINITION = """
svclight: 1
time_zone: Europe/Berlin
processes:
  p:
    title: P
    log: {time: at, fields: {at: {time: at}, x: {number: x}}}
    criteria:
      c: {measure: {value: x}, green: "<= 5", yellow: "<= 20"}
"""
ROWS = "SELECT TIMESTAMP '2026-01-01' + INTERVAL (i * 7) SECOND AS at, (i * 7919) % 40 / 1.0 AS x FROM range(300000) rows(i)"


def write_logs(folder: Path) -> None:
    """Writes the definition, and the log in every form."""
    import duckdb

    (folder / "service.yaml").write_text(DEFINITION, "utf-8")
    for name in set(ROUTES.values()):
        duckdb.sql(f"COPY ({ROWS}) TO '{folder / name}'")


def main(route: str, folder: Path, after: int) -> None:
    """Scores a log by a route, and is interrupted."""
    definition, log = folder / "service.yaml", folder / ROUTES[route]
    scoring.LARGE = 10**9 if route == "pandas" else 0
    sys.argv = ["svclight", "score", str(definition), "--log", f"p={log}"]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a process in the background would ignore it
    opened = import_module("polars").scan_parquet if route == "Polars" else duckdb.read_parquet
    # what is interrupted is the work: an interrupt while a library puts its classes together is none of ours
    score, definitions = svclight.score, svclight.load(definition)
    timer = threading.Timer(after / 1000, os.kill, (os.getpid(), signal.SIGINT))
    began = time.perf_counter()
    try:
        if after:
            timer.start()
        if route in ("relation", "Polars"):
            table = opened(str(log))
            score({"p": table}, definitions)
        else:
            cli.main()
    except KeyboardInterrupt:
        sys.exit(cli.INTERRUPTED)
    finally:
        timer.cancel()
        if not after:
            sys.stdout.write(f"{time.perf_counter() - began}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
