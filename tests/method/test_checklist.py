"""Quality cards: points in exact proportions, whatever the weights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.helpers import reasons, score, states


def card(cells: dict, weights: dict, limit: str = ">= 1 %", **more):
    """The card of one row."""
    items = ", ".join(f"{name}: {weight}" for name, weight in weights.items())
    keys = "".join(f", {key}: {value}" for key, value in more.items())
    criterion = f'c: {{measure: {{checklist: {{items: {{{items}}}{keys}}}}}, green: "{limit}"}}'
    return score([{"at": "2026-01-15", **cells}], criterion)


def test_points_of_the_items_that_apply():
    cells = {"a": "yes", "b": "yes", "c": "no", "d": "n/a"}
    # 10 + 30 of 10 + 30 + 40
    found = card(cells, {"a": 10, "b": 30, "c": 40, "d": 20}, "50 % .. 50 %").interactions("p", "c")
    assert found[["value", "unit", "zone"]].to_numpy().tolist() == [[50.0, "%", "green"]]


@pytest.mark.parametrize(
    ("cells", "percent"),
    [("yes yes no", 30), ("no no yes", 70), ("yes no no", 10), ("no yes yes", 90), ("no no no", 0)],
)
def test_weights_of_decimals_are_exact(cells, percent):
    named = dict(zip("abc", cells.split(), strict=True))
    # 0.1 + 0.2 is 30 % of 1, not 30.000000000000004
    found = card(named, {"a": 0.1, "b": 0.2, "c": 0.7}, f"{percent} % .. {percent} %")
    assert states(found, "c") == ["green"]


@pytest.mark.parametrize(
    ("weights", "value"),
    [
        # a of a + b; whole numbers of the same proportions are too many for 64 bits
        ((1e-300, 0.3), 0),
        ((1e18, 0.3), 100),
        ((123456789012345678, 123456789012345678), 50),
        ((1e300, 1e-300), 100),
        ((1e-300, 1e300), 0),
        ((0.1234567890123456789, 0.1234567890123456789), 50),
    ],
)
def test_weights_beyond_whole_numbers(weights, value):
    found = card({"a": "yes", "b": "no"}, dict(zip("ab", weights, strict=True)))
    assert found.interactions("p", "c")["value"].tolist() == [pytest.approx(value, abs=1e-9)]
    # a weight that is next to nothing counts where nothing else does
    alone = card({"a": "yes", "b": ""}, dict(zip("ab", weights, strict=True)))
    assert alone.interactions("p", "c")["value"].tolist() == [100]


@given(st.lists(st.tuples(st.integers(1, 999), st.sampled_from(["yes", "no", "n/a"])), min_size=1, max_size=6))
def test_against_plain_fractions(items):
    from fractions import Fraction

    names = "abcdef"[: len(items)]
    weights = {name: f"{weight / 1000}" for name, (weight, _) in zip(names, items, strict=True)}
    found = card({name: cell for name, (_, cell) in zip(names, items, strict=True)}, weights).interactions("p", "c")
    most = sum(weight for weight, cell in items if cell != "n/a")
    if not most:
        assert found[["zone", "reason"]].to_numpy().tolist() == [["not_applicable", "no item applies"]]
        return
    got = Fraction(100 * sum(weight for weight, cell in items if cell == "yes"), most)
    assert found["value"].tolist() == [float(got)]


def test_a_failed_critical_item_and_a_cell_that_cannot_be_read():
    cells = {"a": "yes", "b": "no"}
    assert card(cells, {"a": 99, "b": 1}, critical="[b]").interactions("p", "c")["value"].tolist() == [0]
    assert card(cells, {"a": 99, "b": 1}, critical="[a]").interactions("p", "c")["value"].tolist() == [99]
    assert reasons(card({"a": "yes", "b": "perhaps"}, {"a": 1, "b": 1}), "c") == ['b: "perhaps" is not true or false']
    # n/a beside a cell that cannot be read, in any case and with spaces
    assert states(card({"a": " N/A ", "b": "yes"}, {"a": 1, "b": 1}), "c") == ["green"]


def test_each_item_by_itself():
    found = card({"a": "yes", "b": "no"}, {"a": 1, "b": 3}, each="true")
    assert found.interactions("p", "c.a")["zone"].tolist() == ["green"]
    assert found.interactions("p", "c.b")["zone"].tolist() == ["red"]
    assert found.interactions("p", "c")["value"].tolist() == [25]


def test_each_group_is_a_card_of_its_own_items():
    cells = {"a": "yes", "b": "no", "c": "yes", "d": "n/a", "e": ""}
    weights = {"a": 10, "b": 30, "c": 40, "d": 20, "e": 5}
    groups = "{manners: [a, b], skill: [c, d], rest: [e]}"
    found = card(cells, weights, ">= 25 %", groups=groups, critical="[b]")
    # the whole card: b is critical and failed; manners hold it too; of skill 40 of 40 apply, of rest nothing
    assert found.interactions("p", "c")["value"].tolist() == [0]
    assert found.interactions("p", "c.manners")["value"].tolist() == [0]
    assert found.interactions("p", "c.skill")["value"].tolist() == [100]
    assert states(found, "c.rest") == ["not_applicable"]
    # without the critical item: 10 of 40, by the limits of the card
    plain = card(cells, weights, ">= 25 %", groups=groups).interactions("p", "c.manners")
    assert plain[["value", "zone"]].to_numpy().tolist() == [[25, "green"]]


def test_a_group_keeps_the_rules_of_the_card_but_not_its_targets():
    text = (
        "c: {title: Card, measure: {checklist: {items: {a: 1, b: 1}, groups: {first_half: [a]}}}, applies: {kind: x}, "
        'green: ">= 90 %", yellow: ">= 50 %", targets: {green: ">= 80 %"}, cost: {red: 5}}\n'
        "w: {measure: {worst: [c.first_half]}}"
    )
    found = score([{"at": "2026-01-15", "a": "no", "b": "yes", "kind": kind} for kind in "xy"], text)
    assert states(found, "c.first_half") == states(found, "w") == ["red", "not_applicable"]
    made = found.definitions.processes["p"].criteria["c.first_half"]
    assert (made.title, str(made.yellow), made.targets, made.cost) == ("Card: first half", ">= 50 %", (), None)
