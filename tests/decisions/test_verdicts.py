"""Verdicts in words: every code of a table in both languages."""

import pytest

from svclight.decisions import verdicts
from svclight.planning import damage, drivers

CODES = (
    *verdicts.VERDICTS,
    *(verdicts.WARN, verdicts.NOT_JUDGED, verdicts.BETTER, verdicts.WORSE, verdicts.MIXED, verdicts.NO_DIFFERENCE),
    *(damage.NO_TARGET, drivers.MORE, drivers.FEWER, drivers.TOO_FEW),
)


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_its_own_english_and_has_russian(code):
    assert verdicts.verdict_words(code, "en") == code
    assert not verdicts.verdict_words(code, "ru").isascii()


@pytest.mark.parametrize(
    ("kind", "russian"),
    [
        ("day", "вероятно, хуже, если дни различаются лишь случайно"),
        ("week", "вероятно, хуже, если недели различаются лишь случайно"),
        ("month", "вероятно, хуже, если месяцы различаются лишь случайно"),
        ("quarter", "вероятно, хуже, если кварталы различаются лишь случайно"),
        ("year", "вероятно, хуже, если годы различаются лишь случайно"),
    ],
)
def test_weaker_verdicts(kind, russian):
    weak = verdicts.weaker_verdict("worse", kind)
    assert weak == f"likely worse, if {kind}s vary by chance alone"
    assert (verdicts.verdict_words(weak, "en"), verdicts.verdict_words(weak, "ru")) == (weak, russian)
    assert verdicts.weaker_verdict("too few", kind) == "too few"
