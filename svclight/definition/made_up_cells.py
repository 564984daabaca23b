"""Made-up cells for the logs of the ready definitions: times, names, amounts, as an export writes them.

In: a seed and a number of rows. Out: columns of pandas; the same seed gives the same cells, and no clock is read. They
are rich, not lifelike: every zone and every state can be reached. What happens after `AS_OF` is not known yet.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

SEED: Final = 20260401
BEGIN: Final = pd.Timestamp("2026-01-01")
AS_OF: Final = pd.Timestamp("2026-04-01")
MIN, HOUR, DAY = 60, 3600, 86_400
Cells = pd.Series  # a column of them


class Dice:
    """Columns of made-up cells, each of `count` rows."""

    def __init__(self, seed: int = SEED, count: int = 300) -> None:
        self.draw, self.count = np.random.default_rng(seed), count

    def moments(self, *, last: str = "20s", begin: pd.Timestamp = BEGIN) -> pd.Series:
        """Times of day between 8 and 20 h over the three months, in order; the last one so long before `AS_OF`."""
        days = self.draw.integers(0, (AS_OF - begin).days, self.count)
        seconds = days * DAY + self.draw.integers(8 * HOUR, 20 * HOUR, self.count)
        times = begin + pd.to_timedelta(np.sort(seconds), unit="s").to_series(index=pd.RangeIndex(self.count))
        times.iloc[-1] = AS_OF - pd.Timedelta(last)
        return times

    def later(self, start: pd.Series, *ranges: tuple[float, float]) -> pd.Series:
        """Times after others, by a number of seconds from one of the ranges, each as likely."""
        low, high = np.array(ranges)[self.draw.integers(0, len(ranges), self.count)].T
        times: pd.Series = start + pd.to_timedelta(np.rint(self.draw.uniform(low, high)), unit="s")
        return times

    def pick(self, *values: object) -> pd.Series:
        """One of the values, each as likely; a value that stands twice is twice as likely."""
        return pd.Series([values[place] for place in self.draw.integers(0, len(values), self.count)], dtype=object)

    def chance(self, share: float) -> pd.Series:
        """True in about that share of the rows."""
        return pd.Series(self.draw.random(self.count) < share)

    def names(self, prefix: str, count: int) -> pd.Series:
        """One of so many names."""
        return prefix + pd.Series(self.draw.integers(1, count + 1, self.count)).astype(str)


def ids(prefix: str, count: int) -> list[str]:
    """Names that differ."""
    return [f"{prefix}{number:04}" for number in range(1, count + 1)]


def known(times: pd.Series, where: pd.Series | None = None) -> pd.Series:
    """Times as text; empty where they do not hold, or lie after `AS_OF`."""
    seen = times <= AS_OF
    written: pd.Series = times.dt.strftime("%Y-%m-%d %H:%M:%S").where(seen if where is None else seen & where, "")
    return written


def blank(values: pd.Series, where: pd.Series) -> pd.Series:
    """Values, empty where told."""
    return values.mask(where, "")


def yes(flags: pd.Series) -> pd.Series:
    """Flags as an export writes them."""
    return flags.map({True: "yes", False: "no"})
