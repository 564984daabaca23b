"""How many interactions it takes: what is refused, what is said in both languages, the numbers beside it."""

from __future__ import annotations

import pytest

import svclight
from svclight.errors import SvclightError
from svclight.wording.need_words import about_text


def test_a_difference_in_words():
    found = svclight.needed(0.80, 0.75)
    assert list(found.sentences) == [str(found)]
    assert str(found) == (
        "To see a difference between 80 % and 75 % takes 1,092 rated interactions on each side "
        "(seen with a chance of 80 %, at a level of 5 %)."
    )
    assert found.table.to_dict("records") == [
        {"question": "difference", "share": 0.8, "other": 0.75, "power": 0.8, "level": 0.05, "needed": 1092}
    ]
    assert str(svclight.needed(0.80, 0.75, lang="ru")) == (
        "Чтобы увидеть разницу между 80 % и 75 %, нужно 1\N{NO-BREAK SPACE}092 оценённых взаимодействия "
        "с каждой стороны (вероятность увидеть её 80 %, уровень значимости 5 %)."
    )


def test_a_target_in_words():
    assert str(svclight.needed(0.8004, target=0.80)).startswith(
        "To tell 80.04 % from a target of 80 % takes 7,845,340 "
    )
    assert str(svclight.needed(0.0, target=1.0)).startswith(
        "To tell 0 % from a target of 100 % takes 1 rated interaction "
    )
    assert "от цели 0 %, нужно 1 оценённое взаимодействие (" in str(svclight.needed(1.0, target=0.0, lang="ru"))


def test_other_differences_stand_beside_it():
    curve = svclight.needed(0.80, 0.75).curve
    # on the side of 80 % from 75 %: 76, 77, 78, 79, 80, 82, 85, 90, 95 %; 105 % is none
    assert curve["share"].tolist() == [0.76, 0.77, 0.78, 0.79, 0.8, 0.82, 0.85, 0.9, 0.95]
    assert curve["needed"].is_monotonic_decreasing
    assert curve.loc[4, "needed"] == 1092
    assert svclight.needed(0.03, target=0.05).curve["share"].tolist() == [0.04, 0.03, 0.02, 0.01, 0.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"share": 80, "other": 0.75}, 'this is no share; found "80"; expected a number from 0 to 1'),
        ({"share": 0.8, "other": float("nan")}, 'this is no share; found "nan"'),
        ({"share": 0.8, "other": 0.8}, "there is no difference to see"),
        ({"share": 0.8}, "one thing is held against the share; expected another share, or target=, and not both"),
        ({"share": 0.8, "other": 0.7, "target": 0.7}, "one thing is held against the share"),
        ({"share": 0.8, "other": 0.7, "power": 1.0}, 'this is no power; found "1"; expected a number between 0 and 1'),
        ({"share": 0.8, "other": 0.7, "level": 0.0}, 'this is no level; found "0"'),
        ({"share": 0.8, "other": 0.7, "lang": "de"}, "unknown language"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(SvclightError, match=message):
        svclight.needed(**call)


def test_a_note_beside_a_verdict_has_two_digits():
    assert [about_text(number) for number in (7, 80, 1092, 3208, 996)] == [
        "about 7 rated would tell",
        "about 80 rated would tell",
        "about 1,100 rated would tell",
        "about 3,300 rated would tell",
        "about 1,000 rated would tell",
    ]
