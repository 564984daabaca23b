"""The same work on many things, on all cores, its results in their order.

In: a function and what it is to be done with. Out: what it gives, one after the other. numpy and Arrow let go of
Python's lock while they work on an array, so threads are enough, and nothing is copied. The order makes sure that the
same input gives the same result whatever thread was faster; little more is under way than there are cores, so that a
long list needs no more memory than a short one.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

_Thing = TypeVar("_Thing")
_Made = TypeVar("_Made")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def map_in_order(work: Callable[[_Thing], _Made], things: Iterable[_Thing], *, workers: int) -> Iterator[_Made]:
    """What `work` gives for each thing, in their order; with one worker nothing but a loop."""
    if workers <= 1:
        yield from map(work, things)
        return
    with ThreadPoolExecutor(workers) as pool:
        under_way: deque[Future[_Made]] = deque()
        for thing in things:
            under_way.append(pool.submit(work, thing))
            if len(under_way) > workers:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
