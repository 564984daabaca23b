"""Names of columns and zones: those of each language lead to their role, and the empty sheet's lead back."""

import pytest

from svclight.hand_kept.column_names import MONTHS, NAMES, is_remark, language_of, month_number, role_of
from svclight.thresholds import STATES


@pytest.mark.parametrize("lang", NAMES)
def test_every_name_of_the_sheet_leads_to_its_role(lang):
    named = {role: name for role, name in NAMES[lang].items() if role != "comment"}
    assert set(named) == {"period", "process", "criterion", "zone", "count", *STATES}
    assert {role: role_of(name) for role, name in named.items()} == {role: role for role in named}
    assert {role: role_of(name.upper()) for role, name in named.items()} == {role: role for role in named}
    assert is_remark(NAMES[lang]["comment"])
    assert language_of(named.values()) == lang


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("зелёная", "green"),
        ("ЗЕЛЕНАЯ", "green"),
        ("Зелёные", "green"),
        ("Желтая", "yellow"),
        ("не  применимо", "not_applicable"),
        ("Неприменимо", "not_applicable"),
        ("Период", "period"),
        ("Кол-во", "count"),
        ("Not-Applicable", "not_applicable"),
        ("not_applicable", "not_applicable"),
        ("period", "period"),
        ("Month", "period"),
        ("Зелень", None),
        ("", None),
    ],
)
def test_roles(name, role):
    assert role_of(name) == role


def test_a_segment_comes_before_a_russian_name_and_after_an_english_one():
    assert role_of("Зона", ["зона"]) == "зона"
    assert role_of("Зона") == "zone"
    assert role_of("zone", ["zone"]) == "zone"
    assert role_of("Отдел", ["отдел"]) == "отдел"


def test_the_language_of_a_table():
    assert language_of(["Месяц", "team", "green"]) == "ru"
    assert language_of(["month", "отдел", "комментарий"]) == "en"
    assert language_of([]) == "en"


def test_months_by_name():
    assert [month_number(name.upper()) for name in MONTHS["ru"]] == list(range(1, 13))
    assert month_number("march") == 3
    assert month_number("мар") is None
