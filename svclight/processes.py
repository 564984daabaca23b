"""Definitions: YAML files -> `Definitions`, or every error of theirs at once.

In: a file, several, or a folder. Out: a frozen `Definitions` (the merged document, the plain data it was made of, and the
place of each key). Errors come as one `DefinitionError` whose issues name file, line, key path, what was found, what was
expected, and a guess at what was meant. No log is read here and no table is known.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ValidationError

from svclight import _yaml
from svclight.errors import DefinitionError, Issue, guess, printable, quoted
from svclight.models import Document
from svclight.rules import check_document, raw_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from svclight.models import Criterion, Process
    from svclight.rules import Finding
    from svclight.rules import Path as KeyPath

FORMAT: Final = 1
"""The version of the definition format that is read here."""

MOST_SHOWN: Final = 60
"""Longer lists and mappings are not shown in a message."""

_CONDITION_KEYS: Final = frozenset(["where", "applies", "asked"])
_FILLINGS: Final[dict[str, Any]] = {"title": "?", "time_zone": "UTC", "processes": {}}
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
    "list_type": "a list",
    "string_too_short": "text that is not empty",
    "string_too_long": "a single character",
    "too_short": "at least one item",
    "finite_number": "a number that is not infinite",
}


@dataclass(frozen=True)
class Place:
    """Where a key stands."""

    file: str
    line: int | None


@dataclass(frozen=True)
class Definitions:
    """The processes of a service as they were defined.

    Attributes:
        document: The merged, validated document.
        raw: The plain data it was made of; two definitions with equal `raw` measure the same.
        places: File and line of each key path.
    """

    document: Document
    raw: Any
    places: Mapping[KeyPath, Place] = field(default_factory=dict, repr=False, compare=False)

    @property
    def processes(self) -> Mapping[str, Process]:
        """The processes by id, in the order of the document."""
        return self.document.processes

    @property
    def hash(self) -> str:
        """The first 12 digits of the SHA-256 of the content; comments and layout do not change it."""
        text = json.dumps(self.raw, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def criteria(self) -> Iterator[tuple[str, str, Criterion]]:
        """Process id, criterion id and criterion, in the order of the document."""
        for process_id, process in self.processes.items():
            for criterion_id, criterion in process.criteria.items():
                yield process_id, criterion_id, criterion

    def title(self, process: str, criterion: str | None = None) -> str:
        """What people call a process or criterion; its id where it has no title."""
        if criterion is None:
            return self.processes[process].title
        return self.processes[process].criteria[criterion].title or criterion

    def issue(self, path: KeyPath, message: str, **more: str) -> Issue:
        """An issue at the place of a key path."""
        place = _place(path, self.places)
        return Issue(message, place.file, place.line, _dotted(path), **more)


def load(source: str | Path | Iterable[str | Path]) -> Definitions:
    """Loads definitions from a YAML file, several files, or a folder of them (`.yaml`, `.yml`), put together.

    Raises:
        DefinitionError: Something is wrong; its `issues` hold every problem of every file.
    """
    paths = [Path(source)] if isinstance(source, str | Path) else [Path(one) for one in source]
    files = [file for path in paths for file in _files(path)]
    texts = [_text(file) for file in files]
    failures = [text for text in texts if isinstance(text, Issue)]
    if failures or not files:
        raise DefinitionError(failures or Issue("no definition was given"))
    return _build({_name(file): str(text) for file, text in zip(files, texts, strict=True)})


def loads(text: str, name: str = "definition") -> Definitions:
    """Loads a definition from YAML text; `name` stands in messages instead of a file.

    Raises:
        DefinitionError: Something is wrong; its `issues` hold every problem.
    """
    return _build({name: text})


def from_plain(raw: Any) -> Definitions:
    """Definitions from the plain data of others, as a saved card holds it.

    Raises:
        DefinitionError: The data is no definition.
    """
    return _validated(raw, {}, [], complete=True)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.iterdir() if file.suffix in (".yaml", ".yml"))
    if not found:
        raise DefinitionError(Issue("the folder holds no definition", str(path), expected="files named .yaml or .yml"))
    return found


def _name(file: Path) -> str:
    return printable(file, 200)


def _text(file: Path) -> str | Issue:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        siblings = [str(file.with_name(other.name)) for other in file.parent.glob("*.y*ml")]
        return Issue("there is no such file", _name(file), hint=guess(file, siblings))
    except OSError as error:
        return Issue("the file cannot be read", _name(file), hint=error.strerror or "")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Issue("this is not UTF-8 text", _name(file), line, hint="save the file as UTF-8")


def _build(texts: dict[str, str]) -> Definitions:
    issues: list[Issue] = []
    merged: dict[str, Any] = {}
    places: dict[KeyPath, Place] = {}
    complete = True
    for file, text in texts.items():
        parsed = _yaml.parse(text, file)
        issues += parsed.issues
        if not isinstance(parsed.data, dict):
            complete = False
            if not parsed.issues:
                found = "nothing" if parsed.data is None else _found(parsed.data)
                issues.append(
                    Issue("a definition is a mapping", file, 1, found=found, expected="keys such as svclight: 1")
                )
            continue
        _merge(file, parsed, merged, places, issues)
    if not merged:
        raise DefinitionError(issues)
    return _validated(merged, places, issues, complete=complete and not any(i.line is None for i in issues))


def _merge(
    file: str, parsed: _yaml.Parsed, merged: dict[str, Any], places: dict[KeyPath, Place], issues: list[Issue]
) -> None:
    """Adds one file's data to what is there; sections are put together, the same id twice is an error."""
    top = Place(file, parsed.lines.get((), 1))
    places.setdefault((), top)
    issues += _version_issues(file, parsed, top)
    for key, value in parsed.data.items():
        if key in ("processes", "calendars") and isinstance(value, dict) and isinstance(merged.get(key, {}), dict):
            section = merged.setdefault(key, {})
            for name in value.keys() & section.keys():
                first = places[key, name]
                line = parsed.lines[key, name]
                issues.append(
                    Issue(
                        f"{quoted(name)} is defined twice",
                        file,
                        line,
                        f"{key}.{name}",
                        hint=f"first in {first.file}:{first.line}",
                    )
                )
            fresh = {name: item for name, item in value.items() if name not in section}
            section.update(fresh)
        elif key == "time_zone" and merged.get(key, value) != value:
            issues.append(
                Issue(
                    "files loaded together agree in their time zone",
                    file,
                    parsed.lines[(key,)],
                    key,
                    quoted(value),
                    quoted(merged[key]),
                )
            )
        else:
            merged.setdefault(key, value)
    for path, line in parsed.lines.items():
        places.setdefault(path, Place(file, line))


def _version_issues(file: str, parsed: _yaml.Parsed, top: Place) -> Iterator[Issue]:
    if "svclight" not in parsed.data:
        near = guess("svclight", [key for key in parsed.data if key not in Document.model_fields])
        yield Issue(
            'the key "svclight" is missing',
            file,
            top.line,
            expected=f"svclight: {FORMAT}",
            hint=near and f"{near[:-1]} in its place?",
        )
    elif parsed.data["svclight"] != FORMAT or isinstance(parsed.data["svclight"], bool | float):
        yield Issue(
            "unknown format version",
            file,
            parsed.lines[("svclight",)],
            "svclight",
            _found(parsed.data["svclight"]),
            f"{FORMAT}",
        )
    if "time_zone" not in parsed.data:
        yield Issue('the key "time_zone" is missing', file, top.line, expected="an IANA name such as Europe/Berlin")


def _validated(raw: Any, places: Mapping[KeyPath, Place], issues: list[Issue], *, complete: bool) -> Definitions:
    """Validates keys one by one, then what they must hold together in all parts that are sound."""
    data = _without_nulls(raw, (), places, issues)
    if isinstance(data, dict):
        data["svclight"] = FORMAT
    document, errors = _salvage(data)
    issues += [issue for error in errors for issue in _from_pydantic(error, raw, places)]
    if document is not None and complete:
        issues += [_from_finding(finding, raw, places) for finding in check_document(document, raw)]
    if issues or document is None:
        order = {file: place for place, file in enumerate(dict.fromkeys(place.file for place in places.values()))}
        unique = dict.fromkeys(issues)
        raise DefinitionError(sorted(unique, key=lambda issue: (order.get(issue.file, 0), issue.line or 0)))
    return Definitions(document, raw, places)


def _without_nulls(raw: Any, path: KeyPath, places: Mapping[KeyPath, Place], issues: list[Issue]) -> Any:
    """A copy without keys that have no value, each of which is an issue; in conditions null means empty."""
    if isinstance(raw, dict):
        made = {}
        for key, value in raw.items():
            here = (*path, key)
            if value is None and key != "svclight" and not (_CONDITION_KEYS & set(path)):
                place = _place(here, places)
                issues.append(
                    Issue(
                        "the key has no value",
                        place.file,
                        place.line,
                        _dotted(here),
                        hint="give it one, or take it out",
                    )
                )
            else:
                made[key] = _without_nulls(value, here, places, issues)
        return made
    if isinstance(raw, list):
        return [_without_nulls(value, (*path, index), places, issues) for index, value in enumerate(raw)]
    return raw


def _salvage(data: Any) -> tuple[Document | None, list[Any]]:
    """The document without its broken keys, so that the rest can be checked too, and the errors of the first try."""
    first: list[Any] | None = None
    data = copy.deepcopy(data)
    while True:
        try:
            return Document.model_validate(data), first or []
        except ValidationError as error:
            errors: list[Any] = error.errors(include_url=False)
        first = errors if first is None else first
        for error in errors:
            if not _mend(error, data):
                return None, first


def _mend(error: Any, data: Any) -> bool:
    """Takes out what pydantic did not accept, or fills in what nothing else depends on; False where neither helps."""
    path = _walk(error["loc"], data)
    key = error["loc"][-1] if error["loc"] else ""
    if error["type"] == "missing" and key in _FILLINGS:
        inside = raw_at(data, path)
        inside[key] = copy.copy(_FILLINGS[key])
        return True
    path = _cut(path)
    if not path:
        return False
    parent = raw_at(data, path[:-1])
    if isinstance(parent, dict):
        value = parent.pop(path[-1], None)
        if error["type"] == "string_type" and isinstance(value, int | float):
            parent[path[-1]] = str(value)
    return True


def _walk(loc: tuple[Any, ...], data: Any) -> KeyPath:
    """The part of pydantic's location that exists in the data; names of union branches are passed over."""
    path: list[Any] = []
    for part in loc:
        inside = raw_at(data, tuple(path))
        here = isinstance(inside, dict) and part in inside
        if here or (isinstance(inside, list) and isinstance(part, int) and part < len(inside)):
            path.append(part)
    return tuple(path)


def _cut(path: KeyPath) -> KeyPath:
    """The path up to the key that holds a list: taking out one item would shift the others."""
    place = next((index for index, part in enumerate(path) if isinstance(part, int)), len(path))
    return path[:place]


def _dotted(path: KeyPath) -> str:
    return printable(".".join(map(str, path)), 200)


def _place(path: KeyPath, places: Mapping[KeyPath, Place]) -> Place:
    while path and path not in places:
        path = path[:-1]
    return places.get(path, Place("", None))


def _found(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case dict() | list():
            text = json.dumps(value, ensure_ascii=False)
            return printable(text) if len(text) <= MOST_SHOWN else "a mapping" if isinstance(value, dict) else "a list"
        case str():
            return quoted(value)
    return printable(value)


def _from_finding(finding: Finding, raw: Any, places: Mapping[KeyPath, Place]) -> Issue:
    place = _place(finding.path, places)
    found = _found(raw_at(raw, finding.path)) if finding.found is None else finding.found
    return Issue(finding.message, place.file, place.line, _dotted(finding.path), found, finding.expected, finding.hint)


def _from_pydantic(error: Any, raw: Any, places: Mapping[KeyPath, Place]) -> Iterator[Issue]:
    path, kind, context = _walk(error["loc"], raw), error["type"], error.get("ctx", {})
    place = _place(path, places)
    if kind == "missing":
        key = error["loc"][-1]
        if key not in _written(raw, path) and (path or key != "time_zone"):  # that one is told for each file
            yield Issue(
                f"the key {quoted(key)} is missing",
                place.file,
                place.line,
                _dotted(path),
                expected=f"a key `{key}`",
            )
        return
    if kind == "extra_forbidden":
        known = _keys_at(path[:-1])
        yield _yaml.unknown_key(str(path[-1]), known, place.file, place.line, _dotted(path))
        return
    if kind == "svclight":
        path = (*path, *context["path"])
        place = _place(path, places)
        found = _found(raw_at(raw, path)) if raw_at(raw, path) is not None else _found(error["input"])
        yield Issue(
            context["message"],
            place.file,
            place.line,
            _dotted(path),
            found,
            context["expected"],
            context["hint"],
        )
        return
    yield _plain_issue(error, path, place)


def _written(raw: Any, path: KeyPath) -> Iterable[str]:
    inside = raw_at(raw, path)
    return inside if isinstance(inside, dict) else ()


def _plain_issue(error: Any, path: KeyPath, place: Place) -> Issue:
    """The issue for an error of pydantic's own."""
    kind, value = error["type"], error["input"]
    expected, hint = _EXPECTED.get(kind, ""), ""
    if kind == "literal_error":
        expected = error["ctx"]["expected"].replace("'", "")
        hint = guess(value, re.split(r", | or ", expected))
    elif kind == "string_type" and isinstance(value, int | float):
        hint = f'put it in quotes: "{_found(value)}"'
    message = "this is of the wrong kind" if expected else printable(error["msg"], 200)
    return Issue(message, place.file, place.line, _dotted(path), _found(value), expected, hint)


def _keys_at(path: KeyPath) -> list[str]:
    """The keys that the format knows at a path."""
    at: Any = Document
    for part in path:
        if typing.get_origin(at) is tuple and not isinstance(part, int):
            at = _bare(typing.get_args(at)[0])
        if typing.get_origin(at) in (dict, tuple):
            at = _bare(typing.get_args(at)[1 if typing.get_origin(at) is dict else 0])
        elif _is_model(at):
            at = _bare(next(f.annotation for name, f in at.model_fields.items() if (f.alias or name) == part))
    if typing.get_origin(at) is tuple:
        at = _bare(typing.get_args(at)[0])
    return [f.alias or name for name, f in at.model_fields.items()] if _is_model(at) else []


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _bare(annotation: Any) -> Any:
    """The annotation without what is wrapped around it; of a union, the branch that holds a model."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _bare(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return next(
            (bare for bare in map(_bare, typing.get_args(annotation)) if _is_model(bare) or typing.get_args(bare)),
            annotation,
        )
    return annotation
