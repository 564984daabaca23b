"""Results speak the language of their definitions unless a call asks for another; a call that asks for none is refused."""

import re
import warnings

import pandas as pd
import pytest

import svclight

DEFINITION = """
svclight: 1
{language}
time_zone: UTC
processes:
  line:
    title: Линия
    log:
      id: id
      time: at
      customer: who
      segments: [team]
      since: 2025-01-01
      fields: {{at: {{time: at}}, done: {{time: done}}, w: {{number: w, unit: s}}}}
    criteria:
      wait:
        title: Ожидание
        measure: {{value: w}}
        green: "<= 30 s"
        targets: [{{green: ">= 80 %"}}, {{where: {{team: [a, b]}}, red: "<= 5 %"}}]
        actions: [{{at: 2025-07-01, what: ещё двое, expected: {{green: "+5 %"}}}}]
      solved: {{title: Решение, measure: {{duration: {{from: at, to: done}}}}, green: "<= 4 h", yellow: "<= 8 h"}}
"""


@pytest.fixture(scope="module")
def log():
    """Twelve months of 40 contacts, of which every fifth waits too long and the last is not finished."""
    rows = [
        {
            "id": f"{month}-{at}",
            "at": f"2025-{month:02}-{1 + at % 28:02} 10:00",
            "done": "" if (month, at) == (12, 27) else f"2025-{month:02}-{1 + at % 28:02} 11:00",
            "who": f"c{at}",
            "team": "abc"[at % 3],
            "w": 90 if at % 5 == 0 else 10,
        }
        for month in range(1, 13)
        for at in range(40)
    ]
    return pd.DataFrame(rows)


def card(log, language, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.SvclightNotice)
        found = svclight.loads(DEFINITION.format(language=f"language: {language}" if language else ""))
        return svclight.score(log, found, by=["team"], as_of="2025-12-28 12:00", **options)


RESULTS = {
    "budget": lambda log, language, **lang: svclight.budget(card(log, language, period="day"), **lang),
    "forecast": lambda log, language, **lang: svclight.forecast(card(log, language, period="day"), ahead=1, **lang),
    "effect": lambda log, language, **lang: svclight.effect(card(log, language), **lang),
    "cohorts": lambda log, language, **lang: svclight.cohorts(
        log, card(log, language).definitions, as_of="2025-12-28 12:00", look_back=0, **lang
    ),
    "open": lambda log, language, **lang: svclight.open_interactions(
        log, card(log, language).definitions, as_of="2025-12-28 12:00", left="4 h", **lang
    ),
}
NAMES = re.compile(r"\bteam\b|\b[abc]\b|\d+-\d+")


@pytest.mark.filterwarnings("ignore::svclight.SvclightNotice")
@pytest.mark.parametrize("kind", RESULTS)
def test_the_language_is_that_of_the_definitions_unless_another_is_asked_for(kind, log):
    result = RESULTS[kind]
    russian = str(result(log, "ru"))
    assert re.findall("[A-Za-z]{2,}", NAMES.sub("", russian)) == []
    assert russian == str(result(log, "", lang="ru"))
    english = str(result(log, ""))
    assert english == str(result(log, "ru", lang="en")) == str(result(log, "en"))
    assert re.findall("[a-z]{4,}", english)
    with pytest.raises(svclight.SvclightError, match='unknown language; found "de"; expected "en", "ru"'):
        result(log, "ru", lang="de")


def test_a_sentence_has_the_condition_of_its_target_in_words(log):
    russian = svclight.budget(card(log, "ru")).sentences
    assert any(one.startswith("Линия, Ожидание (team: a или b), дек. 2025: ") for one in russian)
    english = svclight.budget(card(log, "en")).sentences
    assert any(one.startswith("Линия, Ожидание where team is one of a, b, Dec 2025: ") for one in english)
