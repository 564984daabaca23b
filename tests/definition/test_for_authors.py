"""The JSON Schema for editors: it takes what loads and refuses a slip."""

from __future__ import annotations

import json
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from support.needs import module
from support.places import DATA, EXAMPLES, READY

from svclight.definition.for_authors import json_schema, schema_text
from svclight.definition.yaml_text import parse_yaml

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = [
    DATA / "format.yaml",
    *sorted(READY.glob("**/*.yaml")),
    *sorted(EXAMPLES.glob("*/*.yaml")),
]


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """The node behind a reference."""
    if "$ref" in node:
        return resolved(json_schema()["$defs"][node["$ref"].rsplit("/", 1)[1]])
    options = [option for option in node.get("anyOf", []) if option.get("type") != "null"]
    return resolved(options[0]) if len(options) == 1 else node


def at(*path: str) -> dict[str, Any]:
    node = json_schema()
    for key in path:
        node = resolved(node["properties"][key] if key in node.get("properties", {}) else node["additionalProperties"])
    return node


def test_every_mapping_of_known_keys_refuses_others() -> None:
    mappings = [json_schema(), *json_schema()["$defs"].values()]
    assert len(mappings) > 20
    assert all(mapping["additionalProperties"] is False for mapping in mappings)


def test_every_key_has_help() -> None:
    for name, mapping in json_schema()["$defs"].items():
        assert mapping["description"], name
        for key, value in mapping["properties"].items():
            assert value.get("description"), f"{name}.{key}"


def test_keys_are_those_of_the_format() -> None:
    assert set(json_schema()["required"]) == {"svclight", "time_zone", "processes"}
    assert set(at("processes", "*")["properties"]) == {
        "title",
        "description",
        "part_of",
        "scenario",
        "log",
        "criteria",
        "economics",
    }
    assert {"from", "to", "calendar", "by", "minus"} == set(
        at("processes", "*", "criteria", "*", "measure", "duration")["properties"]
    )
    measure = at("processes", "*", "criteria", "*", "measure")
    assert (measure["minProperties"], measure["maxProperties"]) == (1, 1)


def test_the_text_is_the_schema() -> None:
    assert json.loads(schema_text()) == json.loads(json.dumps(json_schema()))
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@cache
def validator() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jsonschema = module("jsonschema")
    jsonschema.Draft202012Validator.check_schema(json_schema())
    return jsonschema.Draft202012Validator(json_schema())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_it_takes_what_loads(path: Path) -> None:
    data = parse_yaml(path.read_text("utf-8"), path.name).data
    assert [error.message for error in validator().iter_errors(data)] == []


@pytest.mark.parametrize(
    ("written", "slip"),
    [
        ("title: Bank", "titel: Bank"), ('green: "<= 30 s"', 'gren: "<= 30 s"'), ('green: "<= 30 s"', "green: 30"),
        ("svclight: 1 ", "svclight: 2 "), ("keep: last", "keep: newest"), ("rows: events", "rows: event"),
        ("measure: {value: waited}", "measure: {value: waited, flag: x}"), ("whole: true", "whole: yes"),
    ],
)  # fmt: skip
def test_it_refuses_a_slip(written: str, slip: str) -> None:
    text = DOCUMENTS[0].read_text("utf-8")
    assert written in text
    assert not validator().is_valid(parse_yaml(text.replace(written, slip, 1), "f").data)
