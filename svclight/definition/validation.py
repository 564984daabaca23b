"""Plain data -> the models, with every error of single keys as an issue at its place.

In: plain data and the place of each key path. Out: the document without its broken keys, so that the rest can be
checked too, and the issues: pydantic's errors in our words, each with the value expected and a guess.
"""

from __future__ import annotations

import copy
import json
import re
import types
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ValidationError

from svclight.definition.findings import Path, names_at, raw_at
from svclight.definition.models import Document
from svclight.definition.yaml_text import unknown_key
from svclight.errors import Issue, did_you_mean, nearest_name, printable_text, quoted_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_SHOWN: Final = 60
"""Longer lists and mappings are not shown in a message."""

_FILLINGS: Final[dict[str, Any]] = {"title": "?", "time_zone": "UTC", "processes": {}, "reason": "?"}
"""What stands for a missing key while the rest is checked: nothing else depends on it."""
_EXAMPLES: Final = {
    "same": "[customer]",
    "within": "7 d",
    "from": "asked_at",
    "to": "answered_at",
    "due": "promised_at",
    "actual": "delivered_at",
    "title": "Hotline",
    "time_zone": "Europe/Berlin",
    "reason": "not a real call",
    "until": "2026-06-30",
    "hours": '{mon-fri: "09:00-18:00"}',
    "items": "{greeted: 10, solved: 40}",
    "where": "{outcome: HANG}",
}
"""A value for keys that are often forgotten."""
_EXPECTED: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "tuple_type": "a list",
    "string_too_short": "text that is not empty",
    "string_too_long": "a single character",
    "too_short": "at least one item",
    "union_tag_invalid": "a single value or a mapping",
    "finite_number": "a number that is not infinite",
}


@dataclass(frozen=True)
class Place:
    """The file and line of a key."""

    file: str
    line: int | None


def document_and_issues(raw: Any, data: Any, places: Mapping[Path, Place]) -> tuple[Document | None, list[Issue]]:
    """The document made of `data` without its broken keys, and the issues of those keys.

    Args:
        raw: The plain data as it was written; messages show it.
        data: The plain data that is validated.
        places: File and line of each key path.

    Returns:
        The document, None where even without the broken keys there is none; and the issues.
    """
    issues: list[Issue] | None = None
    data = copy.deepcopy(data)
    while True:
        try:
            return Document.model_validate(data), issues or []
        except ValidationError as failure:
            errors: list[Any] = failure.errors(include_url=False)
        if issues is None:  # errors of later rounds would follow from keys that were taken out
            issues = [issue for error in _told_errors(errors, raw) for issue in _issues_of(error, raw, places)]
        found = [(_path_in_data(error["loc"], data), error) for error in errors]
        found.sort(key=lambda pair: pair[1]["type"] != "extra_forbidden")  # a misspelt key may be the missing one
        if not any([_mend_key(path, error, data) for path, error in found]):  # noqa: C419 - each one is to be mended
            return None, issues


def _told_errors(errors: list[Any], raw: Any) -> list[Any]:
    """The errors without the missing keys that a misspelt key beside them stands for: one cause, one message."""
    meant = set()
    for error in errors:
        if error["type"] == "extra_forbidden":
            *above, key = _path_in_data(error["loc"], raw)
            meant.add((*above, nearest_name(key, _keys_at(tuple(above)))))

    def is_meant(error: Any) -> bool:
        return error["type"] == "missing" and (*_path_in_data(error["loc"][:-1], raw), error["loc"][-1]) in meant

    return [error for error in errors if not is_meant(error)]


def _mend_key(path: Path, error: Any, data: Any) -> bool:
    """Puts the value that was probably meant in place of a refused one, or takes the key out; whether data changed."""
    kind = error["type"]
    if kind == "missing" and isinstance(raw_at(data, path), dict):
        inside, key = raw_at(data, path), error["loc"][-1]
        if key in inside or key in _FILLINGS:
            inside.setdefault(key, copy.copy(_FILLINGS.get(key)))
            return True
    while path and isinstance(path[-1], int):  # taking out one item would shift the others
        path = path[:-1]
    parent = raw_at(data, path[:-1])
    if not path or not isinstance(parent, dict) or path[-1] not in parent:
        return False
    value = parent.pop(path[-1])
    if kind == "extra_forbidden" and not isinstance(value, dict):  # names in a mapping are looked up as written
        meant = nearest_name(path[-1], _keys_at(path[:-1]))
        if meant is not None:
            parent.setdefault(meant, value)
    elif kind == "literal_error" and (choice := nearest_name(value, _choices(error))) is not None:
        parent[path[-1]] = choice
    elif kind == "string_type" and isinstance(value, int | float):
        parent[path[-1]] = str(value)
    return True


def _path_in_data(loc: tuple[Any, ...], data: Any) -> Path:
    """The part of pydantic's location that exists in the data."""
    # pydantic's location also names the branches of unions, which no person wrote
    path: Path = ()
    for part in loc:
        inside = raw_at(data, path)
        in_mapping = isinstance(inside, dict) and part in inside
        if in_mapping or (isinstance(inside, list) and isinstance(part, int) and part < len(inside)):
            path = (*path, part)
    return path


def dotted_path(path: Path) -> str:
    """A key path as text."""
    return printable_text(".".join(map(str, path)), 200)


def place_of(path: Path, places: Mapping[Path, Place]) -> Place:
    """The place of a key path, or of the nearest key above it that has one."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path, Place("", None))


def shown_value(value: Any) -> str:
    """A value as a message shows it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted_text(value)
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    if len(text) <= MOST_SHOWN or not isinstance(value, dict | list):
        return printable_text(text)
    return "a mapping" if isinstance(value, dict) else "a list"


def _issues_of(error: Any, raw: Any, places: Mapping[Path, Place]) -> Iterator[Issue]:
    """The issue of one of pydantic's errors; none where another issue tells of the same key."""
    loc, kind, context = error["loc"], error["type"], error.get("ctx", {})
    path = _path_in_data(loc[:-1] if kind == "missing" else loc, raw)
    if kind == "svclight":
        path = (*path, *context["path"])
    place, where = place_of(path, places), dotted_path(path)
    if kind == "missing":
        key, told = loc[-1], not path and loc[-1] == "time_zone"  # that one is told for each file
        if key not in names_at(raw, *path) and not told:
            expected = f"a key `{key}`" + (f", such as `{key}: {_EXAMPLES[key]}`" if key in _EXAMPLES else "")
            yield Issue(f"the key {quoted_text(key)} is missing", place.file, place.line, where, expected=expected)
    elif kind == "extra_forbidden":
        yield unknown_key(str(path[-1]), _keys_at(path[:-1]), place.file, place.line, where)
    elif kind == "svclight":
        found = path[-1] if loc[-1] == "[key]" else raw_at(raw, path)
        said = shown_value(error["input"] if found is None else found)
        yield Issue(context["message"], place.file, place.line, where, said, context["expected"], context["hint"])
    else:
        expected, hint = _expected_and_hint(error)
        message = "this is of the wrong kind" if expected else printable_text(error["msg"], 200)
        yield Issue(message, place.file, place.line, where, shown_value(error["input"]), expected, hint)


def _expected_and_hint(error: Any) -> tuple[str, str]:
    """The value that pydantic expected, in words, and a hint."""
    kind = error["type"]
    if kind == "literal_error":
        return error["ctx"]["expected"].replace("'", ""), did_you_mean(error["input"], _choices(error))
    if kind == "greater_than":
        return f"a number above {error['ctx']['gt']:g}", ""
    if kind == "greater_than_equal":
        return f"a number of at least {error['ctx']['ge']:g}", ""
    return _EXPECTED.get(kind, ""), _kind_hint(kind, error["input"])


def _kind_hint(kind: str, value: Any) -> str:
    """A hint how a value of the wrong kind is mended; empty without one."""
    if kind == "string_type" and isinstance(value, int | float):
        return f'put it in quotes: "{shown_value(value)}"'
    if kind == "string_too_long" and value == "\\t":
        return 'a tab is written "\\t", in double quotes'
    if kind == "bool_type" and str(value).casefold() in ("yes", "no", "on", "off"):
        return f"did you mean {'true' if str(value).casefold() in ('yes', 'on') else 'false'}?"
    if kind == "tuple_type" and isinstance(value, str | int | float):
        return f"write it as a list: [{shown_value(value)}]"
    return ""


def _choices(error: Any) -> list[str]:
    """The words that pydantic would have accepted."""
    return re.findall(r"'([^']+)'", error["ctx"]["expected"])


def _keys_at(path: Path) -> list[str]:
    """The keys that the format knows at a path."""
    at: Any = Document
    for part in path:
        if _is_model(at):
            fields = {field.alias or name: field for name, field in at.model_fields.items()}
            at = _unwrap_annotation(fields[str(part)].annotation)
        else:
            at = _unwrap_annotation(typing.get_args(at)[1 if typing.get_origin(at) is dict else 0])
    if typing.get_origin(at) is tuple:  # a single one where a list may stand
        at = _unwrap_annotation(typing.get_args(at)[0])
    return [field.alias or name for name, field in at.model_fields.items()]


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _unwrap_annotation(annotation: Any) -> Any:
    """The type inside an annotation; of a union, the branch that holds a model or a list of models."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _unwrap_annotation(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        branches = [_unwrap_annotation(branch) for branch in typing.get_args(annotation)]
        return next((branch for branch in branches if _is_model(branch) or typing.get_args(branch)), annotation)
    return annotation
