"""What `svclight` hands on: its names and nothing else, calls that say what they take, results that show themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import svclight
from svclight import plots
from svclight.errors import SvclightError, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = """
svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log: {time: at, segments: [team]}
    criteria: {c: {measure: {value: n}, green: "<= 5", targets: {green: ">= 80 %"}}}
"""
LOG = pd.DataFrame(
    {"at": [f"2026-0{month}-{day:02}" for month in (1, 2) for day in range(1, 29)] * 2, "n": [1, 9] * 56, "team": "x"}
)


@pytest.fixture(scope="module")
def definitions() -> svclight.Definitions:
    return svclight.loads(TEXT)


@pytest.fixture(scope="module")
def card(definitions: svclight.Definitions) -> svclight.Scorecard:
    return svclight.score(LOG, definitions, by="team", as_of="2026-03-01")


def test_what_is_public_is_listed_and_nothing_else() -> None:
    assert dir(svclight) == sorted(svclight.__all__)
    assert dir(svclight.report) == sorted(svclight.report.__all__)
    for name in svclight.__all__:
        assert getattr(svclight, name) is not None
    drawn = {name for name in dir(svclight.report) if name.startswith("plot_")}
    of_cards = {"control", "distribution", "funnel", "overview", "steps", "values"}
    of_results = {"budget", "calibration", "cohorts", "drivers", "effect", "forecast", "need", "plan", "what_if"}
    assert drawn == {f"plot_{name}" for name in of_cards | of_results}
    assert set(dir(svclight.report)) - drawn == {"html", "write"}
    assert set(dir(plots)) == drawn
    assert all(getattr(plots, name) is getattr(svclight.report, name) for name in drawn)
    with pytest.raises(AttributeError, match=r"'svclight\.plots' has no attribute 'plot_nothing'"):
        plots.plot_nothing  # noqa: B018 - the access is what is tested
    assert all(callable(getattr(svclight.report, name)) for name in dir(svclight.report))
    assert not [name for name in dir(svclight) if name.startswith("_")]


def test_a_plain_interpreter_shows_what_print_does(card: svclight.Scorecard, definitions: svclight.Definitions) -> None:
    results = (
        card,
        svclight.check(card),
        svclight.compare(card, "2026-01", "2026-02"),
        svclight.control_limits(card),
        svclight.funnel(card, "team"),
        svclight.plan(card),
        svclight.drivers(card, "p.c"),
        svclight.what_if(card, "p.c", shift="-1"),
        svclight.diff(definitions, definitions, LOG),
        svclight.calibrate(LOG.assign(mark=LOG["n"] % 6), definitions, "p.c", satisfaction="mark", resamples=20),
    )
    for result in results:
        assert repr(result) == str(result)
        assert "DataFrame" not in repr(result)
        assert f"{type(result).__name__}(" not in repr(result)


OF_CARDS: dict[str, Callable[[Any], Any]] = {
    "svclight.check": svclight.check,
    "svclight.compare": lambda given: svclight.compare(given, "2026-01", "2026-02"),
    "svclight.control_limits": svclight.control_limits,
    "svclight.funnel": lambda given: svclight.funnel(given, "team"),
    "svclight.plan": svclight.plan,
    "svclight.drivers": lambda given: svclight.drivers(given, "p.c"),
    "svclight.report.write": lambda given: svclight.report.write(given, "r.html"),
    "svclight.report.html": svclight.report.html,
    "svclight.report.plot_overview": svclight.report.plot_overview,
    "svclight.report.plot_distribution": lambda given: svclight.report.plot_distribution(given, "p", "c"),
    "svclight.report.plot_values": lambda given: svclight.report.plot_values(given, "p", "c"),
    "svclight.report.plot_control": lambda given: svclight.report.plot_control(given, "p", "c"),
    "svclight.report.plot_funnel": lambda given: svclight.report.plot_funnel(given, "p", "c", segment="team"),
    "svclight.report.plot_steps": lambda given: svclight.report.plot_steps(given, "p"),
}


@pytest.mark.parametrize("name", OF_CARDS)
@pytest.mark.parametrize(
    ("given", "found", "made"),
    [
        ("x.csv", '"x.csv" (str)', 'svclight.score("x.csv", definitions)'),
        ("may.svclight", '"may.svclight" (str)', 'svclight.Scorecard.open("may.svclight")'),
        ("s.yaml", '"s.yaml" (str)', "svclight.score(logs, definitions)"),
        (LOG, "a DataFrame", "svclight.score(logs, definitions)"),
        ({"p": LOG}, "a dict", "svclight.score(logs, definitions)"),
        (None, "None", "svclight.score(logs, definitions)"),
        (3, '"3" (int)', "svclight.score(logs, definitions)"),
    ],
    ids=str,
)
def test_functions_of_a_card_say_what_they_take(name: str, given: Any, found: str, made: str) -> None:
    with pytest.raises(SvclightError) as caught:
        OF_CARDS[name](given)
    expected = "a card: what svclight.score, svclight.tally or svclight.Scorecard.open gave"
    assert str(caught.value) == f"{name} takes a card; found {found}; expected {expected}; such as {name}({made})"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda _: svclight.load(3), r'definitions are loaded from files; found "3" \(int\); expected a path, a folder'),
        (lambda _: svclight.load([3]), r'loaded from files; found "3" \(int\)'),
        (lambda _: svclight.loads({"svclight": 1}), "svclight.loads takes YAML text; found a dict; expected a text"),
        (lambda card: svclight.score(LOG, card), "definitions are loaded from files; found a Scorecard"),
        (lambda card: svclight.score(LOG, card.definitions, by=3), r'by of svclight.score; found "3" \(int\)'),
        (lambda card: svclight.score(LOG, card.definitions, by=[3]), "expected a text, or a list of them"),
        (lambda card: svclight.score(LOG, card.definitions, period=3), r'period of svclight.score; found "3" \(int\)'),
        (lambda card: svclight.score(LOG, card.definitions, max_rejected="3"), "expected a whole number"),
        (lambda card: card.only(2026), r'periods of only; found "2026" \(int\)'),
        (lambda card: card.shares(by=1), r'by of shares; found "1" \(int\)'),
        (lambda card: card.replace("x.csv"), "card.replace takes a card"),
        (lambda card: card.save(None), "path of save; found None; expected a path such as may.svclight"),
        (lambda _: svclight.Scorecard.open(3), r'path of Scorecard.open; found "3" \(int\)'),
        (lambda card: card.interactions(LOG), "a process; found a DataFrame; expected its name, or None for all"),
        (lambda card: card.interactions(where="team"), r'where of interactions; found "team" \(str\)'),
        (lambda card: card.survival("p", None), "criterion of survival; found None; expected an id"),
        (lambda card: svclight.check(card, 2026), r'periods of svclight.check; found "2026" \(int\)'),
        (lambda card: svclight.funnel(card, None), "segment of svclight.funnel; found None"),
        (lambda card: svclight.drivers(card, 3), r'a criterion; found "3" \(int\); expected PROCESS.CRITERION'),
        (lambda _: svclight.drivers("x.csv", "p.c"), 'svclight.drivers takes a card; found "x.csv"'),
        (lambda card: svclight.calibrate(LOG, card.definitions, None, satisfaction="n"), "criterion of svclight.calibrate"),
        (svclight.report.plot_drivers, "plot_drivers takes a result; found a Scorecard; expected what svclight.drivers gave"),
        (svclight.report.plot_what_if, "expected what svclight.what_if gave"),
        (svclight.report.plot_calibration, "expected what svclight.calibrate gave"),
    ],
)  # fmt: skip
def test_calls_with_something_else_say_what_they_want(
    card: svclight.Scorecard, call: Callable[[svclight.Scorecard], Any], said: str
) -> None:
    with pytest.raises(SvclightError, match=said):
        call(card)


def test_texts_are_one_or_several() -> None:
    assert texts_of("a", "x") == ("a",)
    assert texts_of(["a", "b"], "x") == texts_of((one for one in "ab"), "x") == ("a", "b")
