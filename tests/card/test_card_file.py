"""A saved card opens as it was saved, or is refused with a word: damage, lies about its size, numbers that cannot be."""

from __future__ import annotations

import gzip
import json
import random
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import svclight
from svclight.card import card_file
from svclight.errors import SvclightError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = """
svclight: 1
time_zone: UTC
processes:
  a:
    title: A
    log: {time: at, segments: [team], fields: {at: {time: at}, n: {number: n}}}
    criteria: {c: {measure: {value: n}, green: ">= 4", asked: {sent: "yes"}}}
  b:
    title: B
    log: {time: at, segments: [city], id: id, rows: events, step: what, steps: {opened: in, closed: out}}
    criteria: {d: {measure: {duration: {from: opened, to: closed}}, green: "<= 1 h"}}
"""


@pytest.fixture(scope="module")
def card() -> svclight.Scorecard:
    a = pd.DataFrame({"at": ["2026-01-05", "2026-02-05", ""], "n": [5, 2, "x"], "team": ["x", "", "y"], "sent": "yes"})
    b = pd.DataFrame(
        {"id": [1, 1, 2], "at": ["2026-01-05 10:00", "2026-01-05 10:30", "2026-01-06"], "what": ["in", "out", "in"], "city": "u"}
    )  # fmt: skip
    return svclight.score({"a": a, "b": b}, svclight.loads(TEXT), by=["team"], as_of="2026-02-06")


@pytest.fixture
def saved(card: svclight.Scorecard, tmp_path: Path) -> Path:
    return card.save(tmp_path / "may.svclight")


def content_of(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return content


def opens(path: Path) -> svclight.Scorecard | None:
    """The card; None where it is refused with a word. Anything else that is raised fails the test."""
    try:
        return svclight.Scorecard.open(path)
    except SvclightError:
        return None


def test_a_segment_that_is_not_offered_comes_back_as_that(card: svclight.Scorecard, saved: Path) -> None:
    opened = svclight.Scorecard.open(saved)
    for name in ("counts", "reasons", "values", "periods", "responses", "steps"):
        pd.testing.assert_frame_equal(getattr(opened, name), getattr(card, name))
    teams = dict(zip(opened.counts["process"], opened.counts["team"], strict=True))
    assert pd.isna(teams["b"])  # not offered
    assert set(opened.counts.loc[opened.counts["process"] == "a", "team"]) == {"x", "", "y"}  # "" is missing


def test_a_card_that_was_cut_anywhere_is_refused(saved: Path) -> None:
    whole = saved.read_bytes()
    for size in {*range(0, len(whole), 7), len(whole) - 1}:
        saved.write_bytes(whole[:size])
        assert opens(saved) is None, size


def test_a_card_with_a_flipped_bit_is_refused_or_the_same(card: svclight.Scorecard, saved: Path) -> None:
    whole, draw = saved.read_bytes(), random.Random(7)  # noqa: S311 - a test
    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << draw.randrange(8)
        saved.write_bytes(flipped)
        made = opens(saved)  # the header of gzip has bytes that mean nothing here
        assert made is None or made.counts.equals(card.counts), place


def test_content_with_a_changed_letter_is_refused_or_can_be_used(saved: Path) -> None:
    text, draw = gzip.decompress(saved.read_bytes()), random.Random(8)  # noqa: S311 - a test
    for _ in range(400):
        changed = bytearray(text)
        changed[draw.randrange(len(text))] = draw.choice(b'0aZ-{}[]",:nt \xff')
        saved.write_bytes(gzip.compress(bytes(changed)))
        made = opens(saved)
        if made is not None:  # a title, a reason, a number of the same kind: nobody can tell
            assert len(made.shares()) >= 0
            assert str(made)
            svclight.check(made)


def test_what_is_no_card(tmp_path: Path) -> None:
    path = tmp_path / "x.svclight"
    for data in (b"", b"PK\x03\x04", b"\x1f\x8b", gzip.compress(b""), gzip.compress(b"[1]"), gzip.compress(b'"\xff"')):
        path.write_bytes(data)
        assert opens(path) is None
    path.write_bytes(gzip.compress(b"[" * 100_000))
    with pytest.raises(SvclightError, match="this is no saved card, or it is damaged"):
        svclight.Scorecard.open(path)
    path.write_bytes(gzip.compress(b'{"format": 99}'))
    with pytest.raises(SvclightError, match="unknown format of a saved card; found 99; expected 3"):
        svclight.Scorecard.open(path)
    with pytest.raises(SvclightError, match="the file cannot be read: Is a directory"):
        svclight.Scorecard.open(tmp_path)


@pytest.mark.parametrize("declared", [True, False])
def test_a_bomb_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, declared: bool
) -> None:
    monkeypatch.setattr(card_file, "LARGEST", 100_000)
    path = tmp_path / "bomb.svclight"
    bomb = gzip.compress(b" " * 1_000_000)
    # a second member, which is all that the size at the end tells of
    path.write_bytes(bomb if declared else bomb + gzip.compress(b"{}"))
    with pytest.raises(SvclightError, match="this is too large for a saved card: 100,000 bytes are the most"):
        svclight.Scorecard.open(path)


def test_a_card_that_could_not_be_opened_is_not_saved(
    card: svclight.Scorecard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_file, "LARGEST", 1000)
    with pytest.raises(SvclightError, match="the card is too large to be saved.*split it by fewer segments"):
        card.save(tmp_path / "large.svclight")
    assert list(tmp_path.iterdir()) == []


def cell(table: str, column: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        content[table][column][0] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (cell("counts", "count", -1), "counts.count cannot be: -1"),
        (cell("counts", "count", 1.5), "counts.count cannot be: 1.5"),
        (cell("counts", "count", "5"), "counts.count cannot be: 5"),
        (cell("counts", "count", 2**70), "counts.count cannot be: 1180591620717411303424"),
        (cell("counts", "count", None), "counts.count cannot be: None"),
        (cell("counts", "zone", "blue"), "counts.zone cannot be: blue"),
        (cell("counts", "zone", "yellow"), "the states of counts cannot be"),  # two yellow ones, and no green
        (cell("counts", "process", "z"), "counts: a criterion cannot be"),
        (cell("counts", "criterion", "d"), "counts: a criterion cannot be"),  # it is b's
        (cell("counts", "period", "2026-W01"), "counts: a month cannot be"),
        (cell("counts", "team", 5), "counts.team cannot be: 5"),
        (cell("reasons", "count", -3), "reasons.count cannot be: -3"),
        (cell("values", "bin", 10**6), "values.bin cannot be: 1000000"),
        (cell("periods", "partial", 1), "periods.partial cannot be: 1"),
        (cell("responses", "answered", 99), "answered cannot be"),
        (cell("steps", "cases", -1), "steps.cases cannot be: -1"),
        (lambda content: content["counts"].pop("zone"), "the columns of counts cannot be"),
        (lambda content: content["counts"].update(more=[]), "the columns of counts cannot be"),
        (lambda content: content["counts"]["count"].pop(), "the length of cannot be"),
        (lambda content: content.pop("periods"), "damaged: 'periods'"),
        (lambda content: content.update(counts=5), "this card is damaged"),
        (lambda content: content["provenance"].update(period="moon"), "the kind of period cannot be: moon"),
        (lambda content: content["provenance"].update(time_zone="Mars/Base"), "the time zone cannot be: Mars/Base"),
        (lambda content: content["provenance"].update(by=["teem"]), 'no process has the segment "teem"'),
        (lambda content: content["provenance"].update(as_of="soon"), "Invalid isoformat string"),
        (lambda content: content["provenance"].update(as_of_given=1), "as_of_given cannot be: 1"),
        (lambda content: content["provenance"]["logs"][0].update(interactions=10**40), "a number of rows cannot be: [1000"),
        (lambda content: content["provenance"].update(definition="0"), "the mark of the definition cannot be: 0"),
        (lambda content: content["provenance"]["logs"][0].update(rows=-1), "a number of rows cannot be"),
        (lambda content: content["provenance"]["logs"][0].update(process="z"), "a process cannot be"),
        (lambda content: content["definitions"].update(time_zone="Mars/Base"), "the definition in this card is none"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(saved: Path, change: Callable[[dict[str, Any]], Any], said: str) -> None:
    content = content_of(saved)
    change(content)
    saved.write_bytes(gzip.compress(json.dumps(content).encode()))
    with pytest.raises(SvclightError) as caught:
        svclight.Scorecard.open(saved)
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(saved))


def test_nan_is_no_number_of_json(saved: Path) -> None:
    text = gzip.decompress(saved.read_bytes()).replace(b'"count":[', b'"count":[NaN,', 1)
    saved.write_bytes(gzip.compress(text))
    assert opens(saved) is None
