"""What all tests share: how hypothesis runs, groups of tests on one worker, and what is closed after a test."""

import gc
import os
import sys
from pathlib import Path

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


def pytest_collection_finish():
    """Has Python look less often for cycles, and never among what was loaded for good: that took a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_sessionfinish():
    """Ends the session of Spark that tests may have started."""
    engines = sys.modules.get("support.engines")
    if engines is not None and engines.spark_session.cache_info().currsize:
        engines.spark_session().stop()


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
