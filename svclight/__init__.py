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
    from svclight import store as store
    from svclight.decisions.budget import budget
    from svclight.decisions.check import check
    from svclight.decisions.compare import compare
    from svclight.decisions.control_chart import control_limits
    from svclight.decisions.effect import effect
    from svclight.decisions.forecast import forecast
    from svclight.decisions.funnel import funnel
    from svclight.decisions.need import needed
    from svclight.errors import DefinitionError, LogError, SvclightError, SvclightNotice
    from svclight.hand_kept.tally import tally
    from svclight.pages.answer import answer
    from svclight.planning.calibrate import calibrate
    from svclight.planning.changed_definition import diff
    from svclight.planning.cohorts import cohorts
    from svclight.planning.drivers import drivers
    from svclight.planning.open_interactions import open_interactions
    from svclight.planning.plan import plan
    from svclight.planning.what_if import what_if
    from svclight.processes import Definitions, load, loads
    from svclight.scorecard import Scorecard
    from svclight.scoring import score

_HOMES = {
    "DefinitionError": "errors",
    "Definitions": "processes",
    "LogError": "errors",
    "Scorecard": "scorecard",
    "SvclightError": "errors",
    "SvclightNotice": "errors",
    "answer": "pages.answer",
    "budget": "decisions.budget",
    "calibrate": "planning.calibrate",
    "check": "decisions.check",
    "cohorts": "planning.cohorts",
    "compare": "decisions.compare",
    "control_limits": "decisions.control_chart",
    "effect": "decisions.effect",
    "forecast": "decisions.forecast",
    "funnel": "decisions.funnel",
    "drivers": "planning.drivers",
    "diff": "planning.changed_definition",
    "load": "processes",
    "loads": "processes",
    "open_interactions": "planning.open_interactions",
    "needed": "decisions.need",
    "plan": "planning.plan",
    "report": "",
    "score": "scoring",
    "store": "",
    "tally": "hand_kept.tally",
    "what_if": "planning.what_if",
}

__all__ = [  # noqa: RUF022 - in the order in which they are used
    "load",
    "loads",
    "score",
    "tally",
    "answer",
    "check",
    "compare",
    "control_limits",
    "funnel",
    "budget",
    "forecast",
    "needed",
    "plan",
    "drivers",
    "what_if",
    "open_interactions",
    "effect",
    "cohorts",
    "calibrate",
    "diff",
    "report",
    "store",
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
    return sorted(__all__)
