"""A file that grows while it is read: it is read to the size that it had at the start."""

import gzip
import json

import pytest
from support.helpers import definition

import svclight

ROWS = 20_000


def content(suffix: str, first: int, last: int) -> bytes:
    """Rows of a log as a file of a kind holds them."""
    days = [f"2026-01-{number % 28 + 1:02}" for number in range(first, last)]
    if suffix == ".jsonl":
        return "".join(json.dumps({"at": day, "x": 1}) + "\n" for day in days).encode()
    text = ("" if first else "at,x\n") + "".join(f"{day},1\n" for day in days)
    return gzip.compress(text.encode()) if suffix.endswith(".gz") else text.encode()


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".csv.gz"])
def test_a_file_that_grows_is_read_to_the_size_that_it_had(tmp_path, suffix):
    path = tmp_path / f"log{suffix}"
    path.write_bytes(content(suffix, 0, ROWS))
    grown = []

    def grow(_done: int, _size: int) -> None:
        with path.open("ab") as file:
            file.write(content(suffix, ROWS, ROWS + 100))
        grown.append(path.stat().st_size)

    card = svclight.score({"p": path}, definition("c: {measure: {value: x}, green: '<= 1'}"), progress=grow)
    assert len(grown) >= 2
    assert (card.counts["count"].sum(), len(card.rejected)) == (ROWS, 0)
