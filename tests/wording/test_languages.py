"""Numbers, shares, lengths of time and dates as readers of English and of Russian write them."""

import datetime as dt

import pytest

import svclight
from svclight.errors import SvclightError
from svclight.wording import languages as say


@pytest.mark.parametrize(
    ("count", "english", "russian"),
    [
        (0, "0 months", "0 месяцев"), (1, "1 month", "1 месяц"), (2, "2 months", "2 месяца"), (5, "5 months", "5 месяцев"),
        (11, "11 months", "11 месяцев"), (12, "12 months", "12 месяцев"), (21, "21 months", "21 месяц"),
        (112, "112 months", "112 месяцев"), (1234, "1,234 months", "1 234 месяца"),
    ],
)  # fmt: skip
def test_counts_with_their_noun(count: int, english: str, russian: str) -> None:
    said = [say.periods_counted(count, "month", lang).replace("\N{NO-BREAK SPACE}", " ") for lang in ("en", "ru")]
    assert said == [english, russian]


@pytest.mark.parametrize(
    ("kind", "english", "russian"),
    [
        ("day", "2 days", "2 дня"),
        ("week", "2 weeks", "2 недели"),
        ("quarter", "2 quarters", "2 квартала"),
        ("year", "2 years", "2 года"),
    ],
)
def test_every_kind_of_period_is_counted(kind, english, russian):
    assert [say.periods_counted(2, kind, lang) for lang in ("en", "ru")] == [english, russian]


def test_spans_of_periods():
    assert say.span_words("2025-12", "2026-03", "en") == "Dec 2025–Mar 2026"
    assert say.span_words("2025-12", "2026-03", "ru") == "дек. 2025–март 2026"
    assert say.span_words("2026-03", "2026-03", "ru") == "март 2026"


def test_numbers_have_the_signs_of_the_language():
    assert (say.share_words(0.811, "en"), say.share_words(0.811, "ru")) == ("81.1 %", "81,1 %")
    assert (say.share_words(float("nan"), "en"), say.share_words(float("nan"), "ru")) == ("no data", "нет данных")
    assert (say.interval_words(0.79, 0.83, "en"), say.interval_words(0.79, 0.83, "ru")) == (
        "79.0 to 83.0 %",
        "79,0 … 83,0 %",
    )
    assert say.points_words(-0.0042, "ru") == "−0,4 п.\N{NO-BREAK SPACE}п."
    assert say.points_interval_words(0.012, 0.046, "en") == "+1.2 to +4.6"
    assert [say.money_text(amount, "EUR", "en") for amount in (0, 12.5, 999.99, 1000, 12345.6)] == [
        "0.00 EUR", "12.50 EUR", "999.99 EUR", "1,000 EUR", "12,346 EUR",
    ]  # fmt: skip
    assert say.money_text(1234.5, "", "ru") == "1\N{NO-BREAK SPACE}234"


def test_periods_and_dates():
    assert (say.period_words("2025-12", "en"), say.period_words("2025-12", "ru")) == ("Dec 2025", "дек. 2025")
    kinds = ("2025-Q4", "2025", "2025-W09", "2025-12-14", "")
    assert [say.period_words(period, "en") for period in kinds] == [
        "Q4 2025", "2025", "week 9 of 2025", "14 Dec 2025", "",
    ]  # fmt: skip
    assert [say.period_words(period, "ru") for period in kinds] == [
        "4-й кв. 2025", "2025", "неделя 9, 2025", "14.12.2025", "",
    ]  # fmt: skip
    day = dt.date(2026, 5, 1)
    assert (say.date_words(day, "en"), say.date_words(day, "ru")) == ("1 May 2026", "01.05.2026")


def test_an_unknown_language_is_refused():
    with pytest.raises(SvclightError, match='unknown language; found "de"'):
        say.check_language("de")


@pytest.mark.parametrize(
    ("seconds", "days", "text"),
    [
        (0, True, "0 s"), (59.9, True, "59 s"), (60, True, "1 min"), (7859, True, "2 h 10 min"), (86_400, True, "1 d"),
        (90_061, True, "1 d 1 h"), (86_460, True, "1 d"), (90_060, False, "25 h 1 min"), (float("inf"), True, "?"),
    ],
)  # fmt: skip
def test_time_left_is_rounded_down(seconds: float, days: bool, text: str):
    assert say.time_left_text(seconds, days=days) == text


def test_a_call_has_the_language_of_its_definitions_unless_it_names_one():
    text = "svclight: 1\ntime_zone: UTC\nlanguage: ru\nprocesses: {h: {title: H}}"
    russian, none = svclight.loads(text), svclight.loads(text.replace("language: ru\n", ""))
    assert [say.language_of(lang, russian) for lang in (None, "en")] == ["ru", "en"]
    assert say.language_of(None, none) == "en"
    with pytest.raises(SvclightError, match='unknown language; found "de"'):
        say.language_of("de", russian)
