"""Tests that share what is dear to make run on one worker."""

import pytest


@pytest.mark.xdist_group("groups")
def test_a_group_stands_where_tests_are_distributed_by_it(request):
    by_group = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@groups") is bool(by_group)
