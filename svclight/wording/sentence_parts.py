"""The parts that sentences of decisions share: zones, limits, p-values, stretches of periods, segments, flags.

In: codes and texts as tables have them, and one of `LANGUAGES`. Out: plain text in that language, not escaped for any
format, so that a zone or a limit reads alike in every sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from svclight.wording.catalogue import say, say_of, to_say, to_say_of
from svclight.wording.languages import decimal_sign, span_words
from svclight.wording.limit_words import quantity_text
from svclight.wording.result_words import p_value_text
from svclight.wording.zone_words import zone_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SERIES: Final = (
    to_say_of("series", "green"),
    to_say_of("series", "yellow"),
    to_say_of("series", "red"),
    to_say_of("series", "mean"),
    to_say_of("series", "median"),
)
_FLAGS: Final = {
    "few": to_say("few rated"),
    "partial": to_say("not a whole period"),
    "immature": to_say("can still change"),
}


def series_name(zone: str, lang: str) -> str:
    """A zone as the name of a series, or `mean`, `median` of values."""
    return say_of("series", zone, lang)


def zone_of_target(zone: str, lang: str) -> str:
    """The zone before its target or its share, or the net score: `green ≥ 80 %`, `зелёных ≥ 80 %`."""
    return say("net score", lang) if zone == "net" else zone_members(zone, lang)


def limit_words(text: str, lang: str) -> str:
    """A limit as tables have it, with the signs of typesetting.

    Examples:
        >>> from svclight.wording.sentence_parts import limit_words
        >>> limit_words(">= 99.5 %", "ru"), limit_words("<= 30 s", "en")
        ('≥ 99,5 %', '≤ 30 s')
    """
    shown = text.replace(">=", "≥").replace("<=", "≤").replace(" .. ", " \N{EN DASH} ")
    return quantity_text(shown, lang)


def p_words(p: float, lang: str) -> str:
    """A p-value, `p = 0.012`, `p < 0.001`, with the decimal sign of the language."""
    return decimal_sign(p_value_text(p), lang)


def stretch_words(periods: Sequence[str], lang: str) -> str:
    """Several periods in their order by the first and the last of them."""
    return span_words(periods[0], periods[-1], lang) if periods else say("no period", lang)


def segments_words(segments: Iterable[tuple[str, Any]], lang: str) -> str:
    """Segments with their values, `team west, topic (missing)`, without null ones, which a process does not offer."""
    missing = say("(missing)", lang)
    return ", ".join(f"{name} {value or missing}" for name, value in segments if isinstance(value, str))


def flags_words(flags: str, lang: str) -> str:
    """The flags of a cell (`few, immature`) in words."""
    return ", ".join(say(_FLAGS[flag], lang) for flag in flags.split(", "))


def list_words(words: Sequence[str], lang: str) -> str:
    """Some words as a list: `a and b`, `a, b, and c`."""
    from babel.lists import format_list  # noqa: PLC0415 - loaded when used

    return format_list(words, locale=lang)


def notes_words(notes: Iterable[str], lang: str) -> list[str]:
    """Notes as lines below sentences."""
    return [say("note: {note}", lang, note=note) for note in notes]
