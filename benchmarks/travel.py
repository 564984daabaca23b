"""How many rows of a clean event log come to pandas for each measure, engine by engine.

`python benchmarks/travel.py [ENGINE ...]`: duckdb, parquet, "polars lazy", ibis, spark; all of them unless named.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.engines import ENGINES, Bench
from support.event_measures import MEASURES, clean_events, travelled

import svclight

NAMES = ("pandas", "duckdb", "parquet", "polars lazy", "ibis", "spark")


def main() -> None:
    """Prints the table."""
    names = ("pandas", *sys.argv[1:]) if sys.argv[1:] else NAMES
    engines = [engine for engine in ENGINES if engine.name in names]
    print(f"{'rows that came to pandas':28}", *(f"{engine.name:>12}" for engine in engines))
    log = clean_events()
    with Bench() as bench, warnings.catch_warnings(action="ignore"):
        for name, measure in MEASURES.items():
            print(f"{name:28}", end="", flush=True)
            for engine in engines:
                source = engine.log(log, bench)
                with travelled() as rows:
                    svclight.score(source, svclight.loads(measure.text), **{"as_of": "2026-03-01", **measure.options})
                print(f" {sum(rows):12}", end="", flush=True)
            print()


if __name__ == "__main__":
    main()
