"""What the benchmarks share: timing one after the other in rounds, ratios with their spread, memory, the machine.

Seconds depend on the machine and on what else it does; the ratio of two times taken one after the other depends on
little else than what is measured. So each round times all that is compared, and what is reported is the median of the
rounds' ratios, with the smallest and the largest. Beside the time on the clock stands the time that the processor's
cores spent together, which other programs on the machine disturb less.
"""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Took:
    """Seconds on the clock, and seconds that all cores together spent."""

    clock: float
    cores: float


def timed(work: Callable[..., object], *arguments: Any, **options: Any) -> Took:
    """How long a call takes; what it gives is thrown away after the clock is read."""
    gc.collect()
    begin, spent = time.perf_counter(), time.process_time()
    made = work(*arguments, **options)
    took = Took(time.perf_counter() - begin, time.process_time() - spent)
    del made
    return took


def rounds_of(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[Took]]:
    """Times of all works, round by round, one after the other within a round."""
    took: dict[str, list[Took]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            took[name].append(timed(work))
    return took


def fastest(works: Mapping[str, Callable[[], object]], rounds: int = 2) -> str:
    """The work with the shortest of its times; the first call of each also brings files into memory."""
    took = rounds_of(works, rounds)
    return min(took, key=lambda name: min(one.clock for one in took[name]))


def ratios(ours: list[Took], theirs: list[Took], clock: str = "clock") -> list[float]:
    """The ratio of each round."""
    return [getattr(mine, clock) / getattr(other, clock) for mine, other in zip(ours, theirs, strict=True)]


def shown(ours: list[Took], theirs: list[Took]) -> tuple[str, str, str]:
    """Ratios as text: median, lowest to highest, and the median by the time of all cores."""
    found = ratios(ours, theirs)
    cores = statistics.median(ratios(ours, theirs, "cores"))
    return f"{statistics.median(found):.3f}", f"{min(found):.3f} to {max(found):.3f}", f"{cores:.3f}"


def seconds(took: list[Took]) -> str:
    """The median time on the clock as text."""
    return f"{statistics.median(one.clock for one in took):.3f} s"


def peak(*, reset: bool = False) -> int:
    """The most memory this process has had since it began, or since the last reset, in bytes, as Linux counts it."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def machine(*packages: str) -> str:
    """On what was measured: processor, cores, memory, Python, the versions of packages."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    return f"{name}, {os.cpu_count()} cores, {memory:.0f} GiB; Python {platform.python_version()}, {versions}"
