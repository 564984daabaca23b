"""What commands and tables say is what was recorded: the file that guards every change of structure."""

from __future__ import annotations

import pytest
from support import recorded
from support.places import DATA

import svclight

KEPT = recorded.read(recorded.KEPT.read_text("utf-8"))
SAVED = DATA / "saved_card.svclight"
"""The card of the example for CI, saved by the first version of the format."""


pytestmark = pytest.mark.once
LARGE = ("hotline", "chat", "delivery", "decisions")
"""Examples of two years: what their commands say is tried elsewhere, too."""
READY = [part for part in recorded.PARTS if part.startswith("ready ")]
PARTS = [
    pytest.param(part, marks=pytest.mark.slow if part in LARGE or part in READY[2:] else ()) for part in recorded.PARTS
]


@pytest.mark.parametrize("part", PARTS)
def test_it_says_what_it_said(part, tmp_path):
    found = dict(recorded.PARTS[part](tmp_path))
    assert list(found) == list(KEPT[part])
    for name, text in found.items():
        assert text.strip("\n").split("\n") == KEPT[part][name].split("\n"), name


def test_a_card_saved_before_opens(tmp_path):
    card = svclight.Scorecard.open(SAVED)
    place = recorded.EXAMPLES / "ci"
    fresh = svclight.score({"hotline": place / "calls.csv"}, place / "service.yaml")
    for name in ("counts", "reasons", "values", "periods", "responses", "steps"):
        kept, now = (getattr(one, name).astype(str) for one in (card, fresh))
        if name == "periods":  # how far the log reaches was not kept then
            assert (kept[["why", "begins", "ends"]] == "").all(axis=None)
            kept, now = (one.drop(columns=["begins", "ends"]) for one in (kept, now))
        assert kept.equals(now), name
    assert svclight.Scorecard.open(card.save(tmp_path / "again.svclight")).shares().equals(card.shares())
