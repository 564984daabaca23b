"""How many rated interactions it takes: to see a difference of two shares, to tell a share from a target.

In: shares, 0 to 1, the power (the chance to see what is there) and the level (the chance to see what is not). Out:
whole numbers, rounded up. It knows no definition.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

POWER: Final = 0.8
LEVEL: Final = 0.05


def rated_per_side(first: float, second: float, *, power: float = POWER, level: float = LEVEL) -> int:
    """How many rated on each side show a difference of two shares in a two-sided test.

    Source: Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, section 6.4: 2 (z1 + z2)² / h²,
    where h is the difference of 2 arcsin √share. On that scale a share has nearly the same variance wherever it lies.
    80 % and 75 % with a power of 80 % give 1,092 (the pooled normal formula of Fleiss: 1,094; the unpooled one: 1,091).
    """
    effect = 2 * (math.asin(math.sqrt(first)) - math.asin(math.sqrt(second)))
    return math.ceil(2 * ((_upper(level / 2) + _upper(1 - power)) / effect) ** 2)


def rated_for_target(share: float, target: float, *, power: float = POWER, level: float = LEVEL) -> int:
    """How many rated tell a share from a target: with so many its Wilson interval leaves out the target.

    That interval leaves a target out where the score test against it is significant, so this is the sample size of
    that test: ((z1 √(t (1 - t)) + z2 √(p (1 - p))) / (p - t))².

    Source: Fleiss, Levin, Paik (2003), Statistical Methods for Rates and Proportions, section 2.5. 78 % against a
    target of 80 % gives 3,208. Against a target of 0 % or 100 % one interaction beyond it is enough: so many that there
    is one with a chance of `power`.
    """
    apart = abs(share - target)
    if target in (0.0, 1.0):
        return 1 if apart == 1 else math.ceil(math.log(1 - power) / math.log1p(-apart))
    width = _upper(level / 2) * math.sqrt(target * (1 - target)) + _upper(1 - power) * math.sqrt(share * (1 - share))
    return math.ceil((width / apart) ** 2)


def _upper(part: float) -> float:
    """The point of the normal distribution above which this part of it lies."""
    return NormalDist().inv_cdf(1 - part)
