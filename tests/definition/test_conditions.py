"""Conditions: how they are read, said in words, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from svclight.definition.conditions import All, AnyOf, ConditionError, Not, parse_condition
from svclight.definition.conditions import Test as Given
from svclight.definition.conditions import tests_in as parts_of


@pytest.mark.parametrize(
    ("raw", "meant", "words"),
    [
        ({"a": "x"}, Given("a", ("x",)), "a is x"),
        ({"a": ["x", 1]}, Given("a", ("x", 1)), "a is one of x, 1"),
        ({"a": {"not": "x"}}, Given("a", ("x",), negated=True), "a is not x"),
        ({"a": {"not": ["x", "y"]}}, Given("a", ("x", "y"), negated=True), "a is none of x, y"),
        ({"a": None}, Given("a", (None,)), "a is empty"),
        ({"a": {"not": None}}, Given("a", (None,), negated=True), "a is not empty"),
        ({"a": {"is": "> 5"}}, Given("a", ("> 5",)), "a is > 5"),
        ({"a": {"not": {"is": "> 5"}}}, Given("a", ("> 5",), negated=True), "a is not > 5"),
        ({"a": "> 5"}, Given("a", limit="> 5"), "a > 5"),
        ({"a": {"not": "<= 5 s"}}, Given("a", limit="<= 5 s", negated=True), "a not <= 5 s"),
        ({"a": True}, Given("a", (True,)), "a is true"),
        ({"a": [False, 1.5, ""]}, Given("a", (False, 1.5, "")), 'a is one of false, 1.5, ""'),
        ({"a": "x", "b": "y"}, All((Given("a", ("x",)), Given("b", ("y",)))), "a is x and b is y"),
        ({"any": [{"a": "x"}, {"b": "y"}]}, AnyOf((Given("a", ("x",)), Given("b", ("y",)))), "a is x or b is y"),
        ({"all": [{"a": "x"}, {"b": "y"}]}, All((Given("a", ("x",)), Given("b", ("y",)))), "a is x and b is y"),
        ({"not": {"a": "x"}}, Not(Given("a", ("x",))), "not (a is x)"),
        (
            {"c": 1, "any": [{"a": "x"}, {"a": "y", "b": 2}]},
            All((Given("c", (1,)), AnyOf((Given("a", ("x",)), All((Given("a", ("y",)), Given("b", (2,)))))))),
            "c is 1 and (a is x or (a is y and b is 2))",
        ),
        ({"any": "x", "not": 5}, All((Given("any", ("x",)), Given("not", (5,)))), "any is x and not is 5"),
        ({"any": {"is": ["x"]}}, Given("any", ("x",)), "any is x"),
    ],
)  # fmt: skip
def test_conditions(raw: Any, meant: object, words: str) -> None:
    found = parse_condition(raw)
    assert found == meant
    assert str(found) == words


@pytest.mark.parametrize(
    ("raw", "said", "path"),
    [
        ("a", "a condition is a mapping", ()),
        ([], "a condition is a mapping", ()),
        ({}, "names at least one column", ()),
        ({"any": []}, "`any` names at least one condition", ("any",)),
        ({"any": [{"a": 1}, 5]}, "a condition is a mapping", ("any", 1)),
        ({"any": {"a": 1}}, "`any` combines a list", ("any",)),
        ({"all": {"a": 1}}, "`all` combines a list", ("all",)),
        ({"not": ["a"]}, "`not` takes one condition", ("not",)),
        ({"not": {}}, "names at least one column", ("not",)),
        ({"a": {"no": 1}}, '"a" is held against a mapping', ("a",)),
        ({"a": {"not": {"not": 1}}}, "`not` stands twice", ("a",)),
        ({"a": []}, "a list of values has at least one", ("a",)),
        ({"a": [["x"]]}, "held against single values", ("a",)),
        ({"a": {"is": {"b": 1}}}, "held against single values", ("a", "is")),
    ],
)
def test_what_is_no_condition(raw: Any, said: str, path: tuple[str | int, ...]) -> None:
    with pytest.raises(ConditionError, match=said) as caught:
        parse_condition(raw)
    assert caught.value.path == path


def test_tests_of_a_condition_know_where_they_stand() -> None:
    condition = parse_condition({"a": 1, "any": [{"b": 2}, {"not": {"c": {"not": 3}}}]})
    assert [(test.column, test.path) for test in parts_of(condition)] == [
        ("a", ("a",)), ("b", ("any", 0, "b")), ("c", ("any", 1, "not", "c")),
    ]  # fmt: skip
    assert list(parts_of(None)) == []
