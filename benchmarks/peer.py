"""One peer doing the threshold part of the plain work, in an environment of its own: started by `peers.py`.

`python peer.py NAME FILE LIMITS` reads a Parquet file into the frame that the peer likes best, says `ready`, and then
for each line on standard input checks once, and answers with seconds and the rows found within each limit. The checks
are whole columns against limits: none of the peers counts by month and segment, and none tells three zones in one go.
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Limit = tuple[str, str, float]
    Check = Callable[[], list[int]]


def pointblank(path: str, limits: list[Limit]) -> Check:
    """A validation of six steps on a Polars frame."""
    import pointblank as pb  # noqa: PLC0415 - each peer is installed alone
    import polars as pl  # noqa: PLC0415

    frame = pl.read_parquet(path)

    def check() -> list[int]:
        plan = pb.Validate(frame)
        for column, op, limit in limits:
            step = plan.col_vals_le if op == "<=" else plan.col_vals_ge
            plan = step(columns=column, value=limit, na_pass=False)
        passed = plan.interrogate(collect_extracts=False).n_passed()
        return [int(passed[step]) for step in sorted(passed)]

    return check


def great_expectations(path: str, limits: list[Limit]) -> Check:
    """Six expectations on a pandas frame, summaries only."""
    import great_expectations as gx  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    frame = pd.read_parquet(path)
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("log").add_dataframe_asset("log")
    whole = asset.add_batch_definition_whole_dataframe("all")
    expected = [
        gx.expectations.ExpectColumnValuesToBeBetween(
            column=column, **{"max_value" if op == "<=" else "min_value": limit}
        )
        for column, op, limit in limits
    ]
    suite = gx.ExpectationSuite("limits", expectations=expected)

    def check() -> list[int]:
        batch = whole.get_batch(batch_parameters={"dataframe": frame})
        found = batch.validate(suite, result_format="BASIC").results
        by_limit = {_key(one.expectation_config.kwargs): one.result for one in found}
        results = [by_limit[_key(one.configuration.kwargs)] for one in expected]
        return [r["element_count"] - r["missing_count"] - r["unexpected_count"] for r in results]

    return check


def _key(kwargs: dict[str, Any]) -> tuple[Any, ...]:
    return kwargs["column"], kwargs.get("max_value"), kwargs.get("min_value")


def pandera(path: str, limits: list[Limit]) -> Check:
    """A schema of six checks on a pandas frame; what fails comes back row by row, and is counted."""
    import pandas as pd  # noqa: PLC0415
    import pandera.pandas as pa  # noqa: PLC0415

    frame = pd.read_parquet(path)
    columns: dict[str, list[Any]] = {}
    for column, op, limit in limits:
        columns.setdefault(column, []).append(pa.Check.le(limit) if op == "<=" else pa.Check.ge(limit))
    schema = pa.DataFrameSchema({name: pa.Column(float, checks, nullable=True) for name, checks in columns.items()})

    def check() -> list[int]:
        try:
            schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as errors:
            failed = errors.failure_cases.groupby(["column", "check"]).size()
            return [
                int(frame[column].count() - failed.get((column, str(made)), 0))
                for column, checks in columns.items()
                for made in map(_said, checks)
            ]
        return [int(frame[column].count()) for column, _, _ in limits]

    return check


def _said(check: Any) -> str:
    """How a check is named among the failures."""
    return str(check.error or check.name)


def main() -> None:
    """Reads, then checks once a line."""
    name, path, limits = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    check = {"pointblank": pointblank, "great_expectations": great_expectations, "pandera": pandera}[name](path, limits)
    print("ready", flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        found = check()
        print(json.dumps([time.perf_counter() - begin, found]), flush=True)


if __name__ == "__main__":
    main()
