"""svclight measures the quality of customer service by the traffic-light method.

Definitions (YAML) and a log go in; a `Scorecard` comes out: counts of interactions in green, yellow and red per
process, criterion and month, their shares, reasons, and what follows from them. Importing this loads no engine and no
plots: each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svclight import report as report
    from svclight.calibration import calibrate
    from svclight.comparing import compare
    from svclight.control import control_limits
    from svclight.differences import diff
    from svclight.driving import drivers
    from svclight.errors import DefinitionError, LogError, SvclightError, SvclightNotice
    from svclight.gates import check
    from svclight.groups import funnel
    from svclight.planning import plan
    from svclight.processes import Definitions, load, loads
    from svclight.scorecard import Scorecard
    from svclight.scoring import score
    from svclight.tallying import tally
    from svclight.whatif import what_if

_HOMES = {
    "DefinitionError": "errors",
    "Definitions": "processes",
    "LogError": "errors",
    "Scorecard": "scorecard",
    "SvclightError": "errors",
    "SvclightNotice": "errors",
    "calibrate": "calibration",
    "check": "gates",
    "compare": "comparing",
    "control_limits": "control",
    "funnel": "groups",
    "drivers": "driving",
    "diff": "differences",
    "load": "processes",
    "loads": "processes",
    "plan": "planning",
    "report": "",
    "score": "scoring",
    "tally": "tallying",
    "what_if": "whatif",
}

__all__ = [  # noqa: RUF022 - in the order in which they are used
    "load",
    "loads",
    "score",
    "tally",
    "check",
    "compare",
    "control_limits",
    "funnel",
    "plan",
    "drivers",
    "what_if",
    "calibrate",
    "diff",
    "report",
    "Definitions",
    "Scorecard",
    "SvclightError",
    "DefinitionError",
    "LogError",
    "SvclightNotice",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'svclight' has no attribute {name!r}")
    return import_module(f"svclight.{name}") if not home else getattr(import_module(f"svclight.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
