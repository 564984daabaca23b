"""The reference of definitions and of the command line, as Markdown.

In: the JSON Schema that the models make, and the commands as typer has them. Out: two pages. What they say stands once,
at the keys of the models and at the options of the commands.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final

import typer

from svclight.cli import app
from svclight.definition.for_authors import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIMPLE: Final = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true` or `false`"}
_YAML_HEAD: Final = """# Reference: definitions

Every key of a definition, made from the models by which svclight reads it. `svclight schema` prints the same for
editors. How a definition is written, with examples, is in [writing a definition](../definitions.md); what its numbers
mean, in [what the numbers mean](../numbers.md). A key without a default may be left out, unless it is **required**.
"""
_COMMANDS_HEAD: Final = """# Reference: the command line

Every command with its options, made from the command line itself; `svclight COMMAND --help` prints the same. What the
exit codes mean and which commands take `--card` or `--table` is in
[Python and the command line](../python.md#the-command-line).
"""


def yaml_reference() -> str:
    """Every key of a definition by the mapping in which it stands, from the document inwards."""
    schema = json_schema()
    models = {"Document": schema, **schema["$defs"]}
    return _YAML_HEAD + "".join(_model_text(name, models[name]) for name in _reached("Document", models, {}))


def command_reference() -> str:
    """Every command: what it does, how it is called, its options."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # a group of commands has them
    return _COMMANDS_HEAD + "".join(_command_text(name, command) for name, command in commands.items())


def _reached(name: str, models: dict[str, Any], seen: dict[str, None]) -> dict[str, None]:
    """The models in the order in which a reader of the document meets them."""
    if name not in seen:
        seen[name] = None
        for child in _references(models[name]["properties"]):
            _reached(child, models, seen)
    return seen


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for part in schema.values():
            yield from _references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def _model_text(name: str, model: dict[str, Any]) -> str:
    required = model.get("required", [])
    rows = [
        f"| `{key}` | {_kind(spec)} | {'**required**' if key in required else _default(spec)} "
        f"| {_cell(spec.get('description', ''))} |"
        for key, spec in model["properties"].items()
    ]
    head = "| key | what may stand there | default | meaning |\n|---|---|---|---|\n"
    return f"\n## {name}\n\n{model['description']}\n\n{head}" + "\n".join(rows) + "\n"


def _kind(spec: dict[str, Any]) -> str:
    """What may stand at a key, in words: `<= 30 s`, a list of texts, a mapping."""
    if "anyOf" in spec or "oneOf" in spec:
        parts = [_kind(part) for part in spec.get("anyOf", spec.get("oneOf")) if part.get("type") != "null"]
        return ", or ".join(dict.fromkeys(parts))
    if "$ref" in spec:
        name = spec["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in spec or "const" in spec:
        return ", ".join(f"`{value}`" for value in spec.get("enum", [spec.get("const")]))
    if examples := spec.get("examples"):
        return "such as " + ", ".join(f"`{_yaml(example)}`" for example in examples[:3])
    return _plain_kind(spec)


def _plain_kind(spec: dict[str, Any]) -> str:
    kind = spec.get("type", "")
    if isinstance(kind, list):
        return ", or ".join(_SIMPLE[one] for one in kind if one in _SIMPLE)
    if kind == "array":
        inner = spec.get("items") or next(iter(spec.get("prefixItems", ())), {})
        return f"list of: {_kind(inner)}" if inner else "list"
    if kind == "object":
        inner = spec.get("additionalProperties")
        return f"mapping, each of: {_kind(inner)}" if isinstance(inner, dict) else "mapping"
    return "date" if spec.get("format") == "date" else _SIMPLE.get(kind, kind or "anything")


def _default(spec: dict[str, Any]) -> str:
    default = spec.get("default")
    return "" if default is None or isinstance(default, (dict, list)) else f"`{_yaml(default)}`"


def _yaml(value: Any) -> str:
    """A value in one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _command_text(name: str, command: Any) -> str:
    shown = [one for one in command.params if not one.hidden and one.name != "help"]
    rows = "\n".join(f"| {_call(one)} | {_cell(one.help or '')} |" for one in shown)
    called = " ".join(["svclight", name, *(_metavar(one) for one in shown if _is_argument(one)), "[OPTIONS]"])
    does, _, examples = inspect.cleandoc(command.help).replace("\f", "").partition("Example: ")
    lines = "\n".join([called, *("".join(examples).split("\n\nExample: ") if examples else [])])
    return f"\n## {name}\n\n{does.strip()}\n\n```sh\n{lines}\n```\n\n| option | meaning |\n|---|---|\n{rows}\n"


def _is_argument(parameter: Any) -> bool:
    return str(parameter.param_type_name) == "argument"


def _metavar(parameter: Any) -> str:
    return parameter.metavar or parameter.name.upper()


def _call(parameter: Any) -> str:
    """An option as it is typed."""
    if _is_argument(parameter):
        return f"`{_metavar(parameter)}`"
    names = ", ".join(f"`{name}`" for name in parameter.opts)
    return names if parameter.is_flag else f"{names} `{_metavar(parameter)}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
