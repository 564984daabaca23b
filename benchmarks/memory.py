"""The most memory that scoring takes, in a process of its own.

`python benchmarks/memory.py FILE` scores a Parquet file of the plain work and prints the peak of the whole process in
MiB, Python and its libraries included. `python benchmarks/memory.py ROWS` scores a pandas frame of so many rows and
prints the bytes a row at the peak, beyond the frame itself.
"""

from __future__ import annotations

import sys

from pairs import peak


def of_file(path: str) -> float:
    """The peak of this process in MiB after scoring a file; nothing but svclight is loaded."""
    import svclight  # noqa: PLC0415 - the other case loads more

    svclight.score(path, svclight.loads(sys.stdin.read()), by=["type"])
    return peak() / 2**20


def of_frame(rows: int) -> float:
    """Bytes a row beyond the frame."""
    import work  # noqa: PLC0415 - the other case must not load pyarrow

    import svclight  # noqa: PLC0415 - the same

    plain = work.WORKS["plain"]
    definitions = svclight.loads(work.definition(plain))
    svclight.score(work.frame(plain, 1000), definitions, by=["type"])  # what is loaded once does not count
    frame = work.frame(plain, rows)
    before = peak(reset=True)
    svclight.score(frame, definitions, by=["type"])
    return (peak() - before) / rows


if __name__ == "__main__":
    given = sys.argv[1]
    print(f"{of_frame(int(given)) if given.isdecimal() else of_file(given):.1f}")
