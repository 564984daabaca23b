"""What a test needs: something installed, something there, a quick or a full run."""

import os
from importlib import import_module
from typing import Any

import pytest
from hypothesis import settings


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
