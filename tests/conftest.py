"""What all tests share: how hypothesis runs, and what happens where something that a test needs is not there."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

for _profile, _examples in (("quick", 15), ("full", 60)):
    settings.register_profile(
        _profile,
        max_examples=int(os.environ.get("SVCLIGHT_EXAMPLES", _examples)),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=True,
    )
settings.load_profile("quick")  # `make test-all` asks for the other one


def is_quick() -> bool:
    """Whether random documents are small and few: as `make test` has them."""
    return settings.default is not settings.get_profile("full")


def module(name: str) -> Any:
    """A module that a test holds the library against; the test is skipped where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        need(None, f"{name} is not installed")


def need(there: object, reason: str) -> None:
    """Skips the test with the reason where something is not there; fails it where all of it must be."""
    if there:
        return
    if os.environ.get("SVCLIGHT_REQUIRE_ALL") == "1":
        pytest.fail(f"SVCLIGHT_REQUIRE_ALL is set, but {reason}")
    pytest.skip(reason)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Puts the group of a test behind its id, where xdist looks for it: 3.8 does so where pytest 9.2 keeps no ids."""
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        group = item.get_closest_marker("xdist_group")
        if group and not item.nodeid.endswith(f"@{group.args[0]}"):
            from _pytest.nodeid import coerce_node_id

            item._id = coerce_node_id(f"{item.nodeid}@{group.args[0]}")


def pytest_sessionfinish():
    """Ends the session of Spark that tests may have started."""
    if "engines" in sys.modules and sys.modules["engines"].spark_session.cache_info().currsize:
        sys.modules["engines"].spark_session().stop()


@pytest.fixture(autouse=True)
def _no_open_figures():
    """Closes the figures that a test opened through pyplot, if it has been loaded."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def write(tmp_path):
    """Writes a file of a log."""

    def written(content: str | bytes, name: str = "log.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written
