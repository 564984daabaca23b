"""The exact interval of a count of rare events.

In: a count. Out: the ends of the interval of the mean that it stands for. scipy is loaded when used.
"""

from __future__ import annotations

_TAIL = 0.025
"""The part of the distribution beyond each end of a 95 % interval."""


def poisson_interval(count: float) -> tuple[float, float]:
    """The exact 95 % interval of the mean of a Poisson count.

    Source: Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28, 437-442: half the 2.5 % point
    of chi-squared with 2 n degrees of freedom, and half the 97.5 % point with 2 n + 2. A count of 10 gives 4.795 to
    18.390, a count of 0 gives 0 to 3.689.

    Args:
        count: How many were seen, 0 or more. It need not be whole, where rows stand for several.
    """
    from scipy.special import gammainccinv, gammaincinv  # noqa: PLC0415 - loaded when used

    return (float(gammaincinv(count, _TAIL)) if count > 0 else 0.0), float(gammainccinv(count + 1, _TAIL))
