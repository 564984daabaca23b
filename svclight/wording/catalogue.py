"""Texts in the language of the reader, from the gettext catalogues in `catalogues/`.

In: a text in English, the code of a language, values for the names in braces. Out: the text in that language. English
is the key, so code reads as what it says; what a catalogue lacks stays English. `make messages` collects the texts: it
finds them in code and in templates by the names `say`, `say_of`, `say_counted`, `say_counted_of`, and `to_say`,
`to_say_of` for texts that are said elsewhere.
"""

from __future__ import annotations

import decimal
import functools
import gettext
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).with_name("catalogues")
_DIGITS: Final = decimal.Context(prec=400)
"""More digits than a float or a limit has: Python's own context knows 28, and refuses longer numbers."""


def say(text: str, lang: str, /, **values: object) -> str:
    """A text in a language.

    Args:
        text: The text in English; names in braces stand for values.
        lang: One of `LANGUAGES`.
        values: What stands for the names.

    Examples:
        >>> from svclight.wording.catalogue import say
        >>> say("not before {day}", "en", day="24 Mar")
        'not before 24 Mar'
    """
    return _filled(_catalogue(lang).gettext(text), values)


def say_of(context: str, text: str, lang: str, /, **values: object) -> str:
    """A text that has several translations; `context` tells which one is meant: `say_of("many", "green", lang)`."""
    return _filled(_catalogue(lang).pgettext(context, text), values)


def decimal_as_written(number: float, lang: str, pattern: str | None = None) -> str:
    """A number as people write it in a language: `12,345`; in a pattern of CLDR, or that of the language."""
    from babel.numbers import format_decimal  # noqa: PLC0415 - loaded when used

    with decimal.localcontext(_DIGITS):
        return format_decimal(number, pattern, locale=lang)


def say_counted(one: str, many: str, count: int, lang: str, /, **values: object) -> str:
    """A text with a count in the plural form that the language has for it; `{count}` is the count as people write it.

    Examples:
        >>> from svclight.wording.catalogue import say_counted
        >>> say_counted("{count} month", "{count} months", 1_200, "en")
        '1,200 months'
    """
    text = _catalogue(lang).ngettext(one, many, count)
    return _filled(text, {"count": decimal_as_written(count, lang), **values})


def say_counted_of(context: str, one: str, many: str, count: int, lang: str, /, **values: object) -> str:
    """The same of a text whose forms differ by context: `at most 3 days`, `не более 3 дней` beside `3 дня`."""
    text = _catalogue(lang).npgettext(context, one, many, count)
    return _filled(text, {"count": decimal_as_written(count, lang), **values})


def to_say(text: str) -> str:
    """The text itself, of which the catalogues shall have a translation: `say` gives it where it is shown."""
    return text


def to_say_of(context: str, text: str) -> str:  # noqa: ARG001 - the catalogue asks for it
    """The text itself, of which the catalogues shall have a translation in a context: `say_of` gives it."""
    return text


def _filled(text: str, values: dict[str, object]) -> str:
    """The text with its values; a text without any may hold braces of its own."""
    return text.format(**values) if values else text


@functools.cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    """The catalogue of a language; that of English, in which the texts are written, is empty."""
    return gettext.translation("svclight", _FOLDER, [lang], fallback=True)
