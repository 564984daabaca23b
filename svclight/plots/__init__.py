"""Plain data -> matplotlib axes. A plot takes an axis, gives it back, and computes nothing.

Every plot is listed here once, and is loaded when it is first used; `svclight.report` hands them on.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svclight.plots.budget import plot_budget
    from svclight.plots.calibration import plot_calibration
    from svclight.plots.cohorts import plot_cohorts
    from svclight.plots.control import plot_control
    from svclight.plots.distribution import plot_distribution
    from svclight.plots.drivers import plot_drivers
    from svclight.plots.effect import plot_effect
    from svclight.plots.forecast import plot_forecast
    from svclight.plots.funnel import plot_funnel
    from svclight.plots.need import plot_need
    from svclight.plots.overview import plot_overview
    from svclight.plots.plan import plot_plan
    from svclight.plots.usual_course import plot_steps
    from svclight.plots.values import plot_values
    from svclight.plots.what_if import plot_what_if

__all__ = [
    "plot_budget",
    "plot_calibration",
    "plot_cohorts",
    "plot_control",
    "plot_distribution",
    "plot_drivers",
    "plot_effect",
    "plot_forecast",
    "plot_funnel",
    "plot_need",
    "plot_overview",
    "plot_plan",
    "plot_steps",
    "plot_values",
    "plot_what_if",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'svclight.plots' has no attribute {name!r}")
    home = "usual_course" if name == "plot_steps" else name.removeprefix("plot_")
    return getattr(import_module(f"svclight.plots.{home}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
