"""A card of three criteria with targets of three kinds, and a month without data, for rows of answers and decisions."""

from __future__ import annotations

import pandas as pd

import svclight

TEXT = """
svclight: 1
time_zone: UTC
processes:
  hotline:
    title: Hotline
    log: {time: at, segments: [team], fields: {a: {number: a}, b: {number: b}, c: {number: c}}}
    criteria:
      a:
        title: Waiting
        measure: {value: a}
        green: "<= 1"
        yellow: "<= 2"
        targets: {green: ">= 80 %", red: "<= 30 %"}
      b: {title: Hold, measure: {value: b}, green: "<= 1", yellow: "<= 2", targets: {net: ">= 10"}}
      c: {title: Talk, measure: {value: c}, green: "<= 1"}
"""
MONTHS = ("2026-01", "2026-02", "2026-04")  # there is no March


def card_of(counts, months=MONTHS, by=()):
    rows = [
        {"month": month, "process": "hotline", "criterion": name, "green": g, "yellow": y, "red": r, **dict(more)}
        for name, series in counts.items()
        for month, (g, y, r, *more) in zip(months, series, strict=False)
    ]
    return svclight.tally(pd.DataFrame(rows), svclight.loads(TEXT), by=by, as_of="2026-07-01")
