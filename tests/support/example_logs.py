"""The cards of the logs of the examples, each made once: tests that look at them are on one worker, the group `examples`."""

import runpy
from functools import cache

from support.places import EXAMPLES

import svclight


@cache
def card_of(case: str, *by: str) -> svclight.Scorecard:
    """The card that an example's script makes of its log, split by segments."""
    return runpy.run_path(str(EXAMPLES / case / "score.py"))["card"](*by)
