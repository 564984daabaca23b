"""Quantities, limits and conditions in the short words of tables: `≤ 30 s`, `team is one of north, south`.

In: models of a definition, the code of a language. Out: plain text, not escaped for any format. Names of columns and
their words stay as the log has them.
"""
# ruff: noqa: RUF002 - examples in Russian

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING, Final

from svclight.definition.conditions import All, AnyOf, Not, Test
from svclight.wording.catalogue import say, say_of, to_say, to_say_of
from svclight.wording.languages import decimal_sign

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svclight.definition.conditions import Condition, Scalar
    from svclight.thresholds import Interval
    from svclight.values.quantities import Quantity

_UNITS: Final = (
    to_say_of("unit of a limit", "ms"),
    to_say_of("unit of a limit", "s"),
    to_say_of("unit of a limit", "min"),
    to_say_of("unit of a limit", "h"),
    to_say_of("unit of a limit", "d"),
    to_say_of("unit of a limit", "wk"),
    to_say_of("unit of a limit", "bd"),
    to_say_of("unit of a limit", "bh"),
    to_say_of("unit of a limit", "share"),
)
_AMOUNT: Final = re.compile(rf"(?<![\w.])(-?)([0-9]+(?:\.[0-9]+)?)(?: ({'|'.join(_UNITS)})\b)?")
_SIGNS: Final = {"<=": "≤", ">=": "≥"}
_TEXT_TESTS: Final = {
    ("contains", False): to_say("{column} contains {words}"),
    ("contains", True): to_say("{column} does not contain {words}"),
    ("starts", False): to_say("{column} starts with {words}"),
    ("starts", True): to_say("{column} does not start with {words}"),
    ("ends", False): to_say("{column} ends with {words}"),
    ("ends", True): to_say("{column} does not end with {words}"),
    ("word", False): to_say("{column} has the word {words}"),
    ("word", True): to_say("{column} does not have the word {words}"),
}
"""By the kind of test, and whether it is negated."""


def unit_text(unit: str, lang: str) -> str:
    """The unit of values in short; a word of the definition stays as it is."""
    return say_of("unit of a limit", unit, lang) if unit in _UNITS else unit


def quantity_text(quantity: Quantity | str, lang: str) -> str:
    """A quantity as tables have it: `1 min 30 s`, `1,5 ч`.

    Examples:
        >>> from svclight.wording.limit_words import quantity_text
        >>> quantity_text("1.5 h", "en"), quantity_text("1.5 h", "ru"), quantity_text("-2 bd", "ru")
        ('1.5 h', '1,5 ч', '−2 раб. дн.')
    """
    return replace_amounts(str(quantity), lang)


def replace_amounts(text: str, lang: str, long: Callable[[str, str, str], str | None] | None = None) -> str:
    """A text with the signs and units of the language in its amounts.

    Args:
        text: A quantity as it was declared.
        lang: The language.
        long: What writes an amount out, of its number, its unit and the language; None leaves it short.
    """

    def term(found: re.Match[str]) -> str:
        minus, number, unit = found.groups()
        shown = decimal_sign(number, lang)
        written = f"{shown} {unit_text(unit, lang)}" if unit else shown
        if unit and long is not None:
            written = long(number, unit, lang) or written
        return f"\N{MINUS SIGN}{written}" if minus else written

    return _AMOUNT.sub(term, text)


def limit_text(limit: Interval, lang: str) -> str:
    """A limit as tables have it: `≤ 30 s`, `3 min – 7 min`."""
    if limit.low is not None and limit.high is not None:
        return f"{quantity_text(limit.low, lang)} \N{EN DASH} {quantity_text(limit.high, lang)}"
    if limit.high is not None:
        return f"{'<' if limit.high_open else '≤'} {quantity_text(limit.high, lang)}"
    return f"{'>' if limit.low_open else '≥'} {quantity_text(limit.low or '', lang)}"


def condition_text(condition: Condition, lang: str, name: Callable[[str], str] = str) -> str:
    """A condition in words; `name` says how a column is named."""
    match condition:
        case Test():
            return _test_text(condition, lang, name(condition.column))
        case Not(part):
            return say("not ({condition})", lang, condition=condition_text(part, lang, name))
        case All(parts):
            return _joined_parts(parts, lang, name, to_say("{first} and {last}"))
        case AnyOf(parts):
            return _joined_parts(parts, lang, name, to_say("{first} or {last}"))


def _joined_parts(parts: Sequence[Condition], lang: str, name: Callable[[str], str], joint: str) -> str:
    """Parts of a condition put together, those that have parts themselves in brackets."""
    texts = [
        f"({condition_text(part, lang, name)})" if isinstance(part, All | AnyOf) else condition_text(part, lang, name)
        for part in parts
    ]
    return reduce(lambda first, last: say(joint, lang, first=first, last=last), texts)


def _test_text(test: Test, lang: str, column: str) -> str:
    """The test of one column."""
    if test.limit:
        limit = _compared_text(test, lang)
        return say("{column} not {limit}", lang, column=column, limit=limit) if test.negated else f"{column} {limit}"
    words = [_word_text(value, lang) for value in test.values]
    if test.how:
        text = _TEXT_TESTS[test.how, test.negated]
        return say(text, lang, column=column, words=say_of("words of a condition", " or ", lang).join(words))
    if len(words) == 1 and test.negated:
        return say("{column} is not {words}", lang, column=column, words=words[0])
    if len(words) == 1:
        return say("{column} is {words}", lang, column=column, words=words[0])
    among = say_of("words of a condition", ", ", lang).join(words)
    if test.negated:
        return say("{column} is none of {words}", lang, column=column, words=among)
    return say("{column} is one of {words}", lang, column=column, words=among)


def _compared_text(test: Test, lang: str) -> str:
    """What a number or a time is compared with; a time stays as it was declared."""
    text = test.limit.strip()
    sign = next(sign for sign in ("<=", ">=", "<", ">") if text.startswith(sign))
    amount = text.removeprefix(sign).strip()
    return f"{_SIGNS.get(sign, sign)} {amount if test.compares_times else quantity_text(amount, lang)}"


def _word_text(value: Scalar, lang: str) -> str:
    """A value of a condition: an empty cell by its name, a flag as a word, another as it stands."""
    if value is None:
        return say("empty", lang)
    if isinstance(value, bool):
        return say_of("flag of a condition", "true", lang) if value else say_of("flag of a condition", "false", lang)
    return decimal_sign(f"{value:g}", lang) if isinstance(value, float) else str(value) or '""'
