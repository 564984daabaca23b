"""The threshold part alone by libraries that check data: Pointblank, Great Expectations, pandera; svclight does it all.

`python benchmarks/peers.py [--rows N] [--rounds N] [--folder DIR]`. Each peer is installed into an environment of its
own (in a temporary folder, so that it never meets the dependencies of svclight), keeps its frame in memory, and is
asked in turn with svclight, which scores the same rows in a Polars frame by segment and month. They answer how many
rows are within each of six limits; the answers must be those that svclight's counts give.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import work
from pairs import Took, machine, seconds, shown, timed

import svclight

PEERS: Final = {
    "pointblank": ["pointblank", "polars", "pyarrow"],
    "great_expectations": ["great_expectations", "pyarrow"],
    "pandera": ["pandera[pandas]", "pyarrow"],
}
_PLAIN: Final = work.WORKS["plain"]
_LIMITS: Final = [
    (name, one.ops[0], limit) for name, one in _PLAIN.criteria.items() for limit in (one.green, one.yellow)
]


@dataclass(frozen=True)
class Peer:
    """A peer that waits in a process of its own."""

    name: str
    version: str
    process: subprocess.Popen[str]

    def ask(self) -> tuple[float, list[int]]:
        """Seconds of one check, and the rows within each limit."""
        answer = self._say("go")
        if not answer:
            raise SystemExit(f"{self.name} ended: {self.process.wait()}")
        took, found = json.loads(answer)
        return took, found

    def _say(self, line: str) -> str:
        if self.process.stdin is None or self.process.stdout is None:
            raise TypeError("a peer is asked through pipes")
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


def installed(name: str, folder: Path) -> Path | None:
    """The Python of an environment with a peer; None, saying why, where it cannot be installed."""
    python = folder / name / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / name)], check=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS[name]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{name} is not installed: {done.stderr.strip().splitlines()[-1:]}")
        return None
    return python


def started(name: str, python: Path, path: Path) -> Peer | None:
    """A peer that has read its frame; None where it does not get so far."""
    said = f"from importlib.metadata import version; print(version({name!r}))"
    version = subprocess.run([str(python), "-c", said], capture_output=True, text=True, check=True).stdout.strip()
    command = [str(python), str(Path(__file__).with_name("peer.py")), name, str(path), json.dumps(_LIMITS)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    peer = Peer(name, version, process)
    ready = process.stdout is not None and process.stdout.readline() == "ready\n"
    if not ready:
        print(f"{name} {version} does not start")
    return peer if ready else None


def within(card: svclight.Scorecard) -> list[int]:
    """The rows within each limit, from svclight's counts."""
    totals = card.counts.groupby(["criterion", "zone"], observed=True)["count"].sum()
    green = {name: int(totals[name, "green"]) for name in _PLAIN.criteria}
    return [number for name, most in green.items() for number in (most, most + int(totals[name, "yellow"]))]


def main() -> None:
    """Asks in turn and prints the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where files and environments are made, and kept")
    options = parser.parse_args()
    print(f"{options.rows:,} rows, {options.rounds} rounds; {machine('svclight', 'polars')}\n")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        path = work.parquet(_PLAIN, options.rows, folder)
        definitions = svclight.loads(work.definition(_PLAIN))
        frame = pl.read_parquet(path).lazy()
        expected = within(svclight.score(frame, definitions, by=["type"]))
        print("| peer | what it does | its time beside svclight's | lowest to highest | svclight | peer |")
        print("| --- " * 6 + "|")
        for name in PEERS:
            python = installed(name, folder)
            peer = started(name, python, path) if python else None
            if peer is not None:
                print(line(peer, frame, definitions, options.rounds, expected), flush=True)
                peer.process.kill()
                peer.process.wait()


def line(peer: Peer, frame: pl.LazyFrame, definitions: svclight.Definitions, rounds: int, expected: list[int]) -> str:
    """Rounds with one peer, as a line of the table."""
    peer.ask()  # what is loaded once does not count
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(timed(svclight.score, frame, definitions, by=["type"]))
        took, found = peer.ask()
        theirs.append(Took(took, took))
        if found != expected:
            print(f"{peer.name} finds other numbers: {found}, svclight {expected}")
    median, spread, _ = shown(theirs, ours)
    what = "six limits over all rows"
    return f"| {peer.name} {peer.version} | {what} | {median} | {spread} | {seconds(ours)} | {seconds(theirs)} |"


if __name__ == "__main__":
    main()
