"""Cards as terminal text and HTML (a first form)."""

from __future__ import annotations
from typing import Any


def card_text(card: Any) -> str:
    return str(card.counts)


def card_html(card: Any) -> str:
    return str(card.counts.to_html())
