"""Definitions of a service: YAML files -> `Definitions`, or all errors of the files at once.

In: a file, several, or a folder. Out: a frozen `Definitions` (the merged document, the plain data it was made of, and
the place of each key). Errors come as one `DefinitionError` whose issues name file, line and key path, the value found,
the value expected, and a guess at the one that was meant. No log is read here and no table is known.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from svclight.definition import yaml_text
from svclight.definition.criterion_id import CriterionId
from svclight.definition.document_checks import check_document, raw_at
from svclight.definition.for_authors import LANGUAGES
from svclight.definition.merged_files import FORMAT, MergedFiles
from svclight.definition.models import Checklist, Criterion, Measure
from svclight.definition.review_dates import review_due
from svclight.definition.validation import Place, document_and_issues, dotted_path, place_of, shown_value
from svclight.errors import (
    DefinitionError,
    Issue,
    SvclightError,
    check_kind,
    did_you_mean,
    printable_text,
    quoted_list,
    quoted_text,
)
from svclight.thresholds import ZONES, Interval
from svclight.values import notebook_html
from svclight.values.notebook_html import TextTable
from svclight.values.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from svclight.definition.document_checks import Finding
    from svclight.definition.document_checks import Path as KeyPath
    from svclight.definition.merged_files import FileHead
    from svclight.definition.models import Document, Process


_CONDITION_KEYS: Final = frozenset(["where", "applies", "asked"])
_NAMED: Final = frozenset(
    ["processes", "criteria", "calendars", "fields", "steps", "join", "on", "items", "groups", "hours", "open"]
)
"""Keys under which names stand that a person chose: a criterion may be called `asked`."""


@dataclass(frozen=True)
class Definitions:
    """The processes of a service as they were defined.

    Attributes:
        document: The merged, validated document.
        raw: The plain data it was made of; two definitions with equal `raw` measure the same.
        places: File and line of each key path.
        heads: What each file says of itself, where several were loaded together.
    """

    document: Document
    raw: Any
    places: Mapping[KeyPath, Place] = field(default_factory=dict, repr=False, compare=False)
    heads: tuple[FileHead, ...] = field(default=(), repr=False, compare=False)

    @property
    def processes(self) -> Mapping[str, Process]:
        """The processes by id, in the order of the document."""
        return self.document.processes

    @property
    def language(self) -> str:
        """The language of all that is written from the document, a code such as `en`."""
        return self.document.language or LANGUAGES[0]

    @property
    def review_due(self) -> dt.date | None:
        """The date by which the document is to be reviewed again, of several files the earliest; None where none says.

        Examples:
            >>> import svclight
            >>> definitions = svclight.loads('''
            ... svclight: 1
            ... reviewed: 2026-06-15
            ... review_every: 6 months
            ... time_zone: UTC
            ... processes: {hotline: {title: Hotline}}
            ... ''')
            >>> str(definitions.review_due)
            '2026-12-15'
        """
        dates = [dt.date.fromisoformat(head.review_due) for head in self.heads if head.review_due]
        return min(dates, default=review_due(self.document.reviewed, self.document.review_every))

    @property
    def hash(self) -> str:
        """The first 12 digits of the SHA-256 of the content; comments and layout do not change it."""
        text = json.dumps(self.raw, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def criteria(self) -> Iterator[tuple[str, str, Criterion]]:
        """Process id, criterion id and criterion, in the order of the document.

        Examples:
            >>> import svclight
            >>> definitions = svclight.loads('''
            ... svclight: 1
            ... time_zone: UTC
            ... processes:
            ...   hotline:
            ...     title: Hotline
            ...     log: {time: called, segments: [team], fields: {waited: {number: waited, unit: s}}}
            ...     criteria:
            ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
            ... ''')
            >>> [(process, name, str(criterion.green)) for process, name, criterion in definitions.criteria()]
            [('hotline', 'wait', '<= 30 s')]
        """
        for process_id, process in self.processes.items():
            for criterion_id, criterion in process.criteria.items():
                yield process_id, criterion_id, criterion

    def title(self, process: str, criterion: str | None = None) -> str:
        """The title of a process or criterion; its id where it has no title.

        Examples:
            >>> import svclight
            >>> definitions = svclight.loads('''
            ... svclight: 1
            ... time_zone: UTC
            ... processes:
            ...   hotline:
            ...     title: Hotline
            ...     log: {time: called, segments: [team], fields: {waited: {number: waited, unit: s}}}
            ...     criteria:
            ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
            ... ''')
            >>> definitions.title("hotline"), definitions.title("hotline", "wait")
            ('Hotline', 'wait')
        """
        if criterion is None:
            return self.processes[process].title
        return self.processes[process].criteria[criterion].title or criterion

    def _repr_html_(self) -> str:
        rows = tuple(
            (self.title(process), self.title(process, name), *_limits_shown(criterion))
            for process, name, criterion in self.criteria()
        )
        document = self.document
        origin = (f"version {document.version}" if document.version else "", f"definition {self.hash}")
        whole = yaml.safe_dump(self.raw, allow_unicode=True, sort_keys=False, width=100)
        return notebook_html.fragment(
            notebook_html.paragraphs([document.title or "Definitions"]),
            notebook_html.notes([" \N{MIDDLE DOT} ".join(filter(None, (*origin, document.time_zone)))]),
            notebook_html.table(TextTable(("Process", "Criterion", "Green", "Yellow", "Red", "Targets"), rows)),
            notebook_html.fold("The whole document", notebook_html.code(whole)),
        )

    def segments_of(self, *processes: str) -> tuple[str, ...]:
        """The segments that one of these processes offers; without any process those of all.

        Examples:
            >>> import svclight
            >>> definitions = svclight.loads('''
            ... svclight: 1
            ... time_zone: UTC
            ... processes:
            ...   hotline:
            ...     title: Hotline
            ...     log: {time: called, segments: [team], fields: {waited: {number: waited, unit: s}}}
            ...     criteria:
            ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
            ... ''')
            >>> definitions.segments_of("hotline")
            ('team',)
        """
        logs = (self.processes[name].log for name in processes or self.processes)
        return tuple(dict.fromkeys(name for log in logs if log is not None for name in log.segments or ()))

    def issue(self, path: KeyPath, message: str, **more: str) -> Issue:
        """An issue at the place of a key path.

        Examples:
            >>> import svclight
            >>> definitions = svclight.loads('''
            ... svclight: 1
            ... time_zone: UTC
            ... processes:
            ...   hotline:
            ...     title: Hotline
            ...     log: {time: called, segments: [team], fields: {waited: {number: waited, unit: s}}}
            ...     criteria:
            ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
            ... ''')
            >>> print(definitions.issue(("processes", "hotline"), "nobody owns this process"))
            definition:5: processes.hotline: nobody owns this process
        """
        place = place_of(path, self.places)
        return Issue(message, place.file, place.line, dotted_path(path), **more)


def load(source: str | Path | Iterable[str | Path]) -> Definitions:
    """Loads definitions from a YAML file, several files, or a folder of them (`.yaml`, `.yml`), put together.

    Raises:
        DefinitionError: Something is wrong; its `issues` hold every problem of every file.

    Examples:
        >>> import pathlib
        >>> import tempfile
        >>> import svclight
        >>> text = '''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline: {title: Hotline}
        ... '''
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder, "service.yaml")
        ...     _ = file.write_text(text)
        ...     print(list(svclight.load(file).processes))
        ['hotline']
    """
    what, wanted = "definitions are loaded from files", "a path, a folder, or a list of paths"
    check_kind(source, Iterable | Path, what, wanted, hint="svclight.loads takes YAML text")
    given = [source] if isinstance(source, str | Path) else list(source)
    for one in given:
        check_kind(one, str | Path, what, wanted)
    paths = [Path(one) for one in given]
    files = [file for path in paths for file in _yaml_files(path)]
    if not files:
        raise DefinitionError("no definition was given")
    texts: list[tuple[str, str]] = []
    failures: list[Issue] = []
    for file in files:  # all that cannot be read are said at once
        try:
            texts.append((printable_text(file, 200), _read_text(file)))
        except DefinitionError as error:
            failures += error.issues
    if failures:
        raise DefinitionError(failures)
    return _build_definitions(texts)


def loads(text: str, name: str = "definition") -> Definitions:
    """Loads a definition from YAML text; `name` stands in messages instead of a file.

    Raises:
        DefinitionError: Something is wrong; its `issues` hold every problem.

    Examples:
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, segments: [team], fields: {waited: {number: waited, unit: s}}}
        ...     criteria:
        ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
        ... ''')
        >>> definitions.title("hotline", "wait"), len(definitions.hash)
        ('wait', 12)
    """
    check_kind(text, str, "svclight.loads takes YAML text", "a text", hint="svclight.load takes the path of a file")
    return _build_definitions([(name, text)])


def from_plain(raw: Any) -> Definitions:
    """Definitions from the plain data of others, as a saved card holds it.

    Raises:
        DefinitionError: The data is no definition.
    """
    return _validate_document(raw, {}, [], complete=True)


def criterion_at(definitions: Definitions, which: CriterionId) -> Criterion:
    """The definition of a criterion that is known to be there."""
    return definitions.processes[which.process].criteria[which.criterion]


def full_title(definitions: Definitions, which: CriterionId) -> str:
    """The title of a criterion behind that of its process: `Hotline, Waiting time`."""
    return f"{definitions.title(which.process)}, {definitions.title(*which)}"


def _limits_shown(criterion: Criterion) -> tuple[str, ...]:
    """The limits of a criterion and its targets, as they are written, with the signs of typesetting."""
    limits = [getattr(criterion, zone) for zone in ZONES]
    targets = [(zone, getattr(target, zone)) for target in criterion.targets for zone in (*ZONES, "net")]
    said = ", ".join(f"{zone} {_limit_text(limit)}" for zone, limit in targets if limit is not None)
    return (*("" if limit is None else _limit_text(limit) for limit in limits), said)


def _limit_text(limit: Any) -> str:
    text = ", ".join(map(str, limit)) if isinstance(limit, tuple | list) else str(limit)
    return text.replace("<=", "≤").replace(">=", "≥").replace(" .. ", " \N{EN DASH} ")


def criterion_titles(definitions: Definitions) -> dict[CriterionId, str]:
    """What people call the criteria: each by its title, after that of its process where several have criteria."""
    names = criterion_ids(definitions)
    several = len({which.process for which in names}) > 1
    return {which: full_title(definitions, which) if several else definitions.title(*which) for which in names}


def criterion_ids(definitions: Definitions) -> list[CriterionId]:
    """The ids of all criteria, in the order of the document."""
    return [CriterionId(process, criterion) for process, criterion, _ in definitions.criteria()]


def _yaml_files(path: Path) -> list[Path]:
    """The definition files of a folder in their order, or the one file."""
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.iterdir() if file.suffix in (".yaml", ".yml") and file.is_file())
    if not found:
        raise DefinitionError(Issue("the folder holds no definition", str(path), expected="files named .yaml or .yml"))
    return found


def check_segments(definitions: Definitions, named: Sequence[str]) -> None:
    """Refuses a segment that no process offers, and one that is named twice.

    Raises:
        SvclightError: There is such a segment.
    """
    offered, names = definitions.segments_of(), list(definitions.processes)
    who = f"{quoted_text(names[0])} has no" if len(names) == 1 else "no process has the"
    expected = f"one of {quoted_list(offered)}" if offered else "a log with `segments`"
    issues = [
        Issue(f"{who} segment {quoted_text(name)}", expected=expected, hint=did_you_mean(name, offered))
        for name in named
        if name not in offered
    ]
    if issues:
        raise SvclightError(issues)
    if len(set(named)) < len(named):
        raise SvclightError(f"a segment is named twice: {quoted_list(named)}")


def _read_text(file: Path) -> str:
    """The text of a file.

    Raises:
        DefinitionError: It cannot be read.
    """
    name = printable_text(file, 200)
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        siblings = sorted(other.name for other in file.parent.glob("*.y*ml"))
        issue = Issue("there is no such file", name, hint=did_you_mean(file.name, siblings))
    except OSError as error:
        issue = Issue("the file cannot be read", name, hint=error.strerror or "")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        issue = Issue("this is not UTF-8 text", name, line, hint="save the file as UTF-8")
    raise DefinitionError(issue)


def _build_definitions(texts: list[tuple[str, str]]) -> Definitions:
    """The definitions of several texts, each given with its name, put together.

    Raises:
        DefinitionError: Something is wrong in one of them, or between them.
    """
    whole = MergedFiles()
    for file, text in texts:
        parsed = yaml_text.parse_yaml(text, file)
        whole.issues += parsed.issues
        if isinstance(parsed.data, dict):
            whole.add(file, parsed)
            continue
        whole.complete = False  # rules between keys would miss the names of this file
        if not parsed.issues:
            found, expected = shown_value(parsed.data), "keys such as svclight: 1"
            whole.issues.append(Issue("a definition is a mapping", file, 1, found=found, expected=expected))
    if not whole.raw:
        raise DefinitionError(whole.issues, dict(texts))
    try:
        made = _validate_document(whole.raw, whole.places, whole.issues, complete=whole.complete)
    except DefinitionError as error:
        raise DefinitionError(error.issues, dict(texts)) from None
    return replace(made, heads=tuple(whole.heads)) if len(whole.heads) > 1 else made


def _validate_document(
    raw: Any, places: Mapping[KeyPath, Place], issues: list[Issue], *, complete: bool
) -> Definitions:
    """Validates the keys one by one, then, in all parts that are sound, the rules between them."""
    data = _without_nulls(raw, (), places, issues)
    if isinstance(data, dict):  # a wrong version was told of for each file
        data["svclight"] = FORMAT
    told = {(issue.file, issue.line, issue.path) for issue in issues}
    document, wrong = document_and_issues(raw, data, places)
    issues += [issue for issue in wrong if (issue.file, issue.line, issue.path) not in told]
    if document is not None and complete:
        issues += [_from_finding(finding, raw, places) for finding in check_document(document, raw)]
    if issues or document is None:
        order = {file: place for place, file in enumerate(dict.fromkeys(place.file for place in places.values()))}
        unique = dict.fromkeys(issues)
        raise DefinitionError(sorted(unique, key=lambda issue: (order.get(issue.file, 0), issue.line or 0)))
    return Definitions(_with_parts_of_cards(document), raw, places)


def _with_parts_of_cards(document: Document) -> Document:
    """The document with a criterion for each group, `card.group`, and each item, `card.item`, that is asked for."""
    processes = {}
    for name, process in document.processes.items():
        criteria = {}
        for criterion_id, criterion in process.criteria.items():
            criteria[criterion_id] = criterion
            if criterion.measure.checklist is not None:
                parts = (*_criteria_of_groups(criterion), *_criteria_of_items(criterion))
                title = criterion.title or criterion_id.replace("_", " ")
                criteria |= {
                    f"{criterion_id}.{part}": made.model_copy(update={"title": f"{title}: {part.replace('_', ' ')}"})
                    for part, made in parts
                }
        processes[name] = process.model_copy(update={"criteria": criteria})
    return document.model_copy(update={"processes": processes})


def _criteria_of_groups(card: Criterion) -> Iterator[tuple[str, Criterion]]:
    """For each group of a checklist its name and the card of its items alone: by the card's limits, without targets."""
    checklist: Any = card.measure.checklist
    for name, items in checklist.groups.items():
        weights = {item: checklist.items[item] for item in items}
        critical = tuple(item for item in checklist.critical if item in weights)
        measure = Measure.model_construct(checklist=Checklist.model_construct(items=weights, critical=critical))
        # what was agreed on for the whole card holds for the whole card alone
        whole = {"targets": (), "accepted": None, "cost": None, "scale": None, "whole": False}
        yield name, card.model_copy(update={"measure": measure, **whole})


def _criteria_of_items(card: Criterion) -> Iterator[tuple[str, Criterion]]:
    """For each item of a checklist, where it asks for that, the criterion that it is kept: all its points, or none."""
    checklist: Any = card.measure.checklist
    whole = Interval(low=Quantity(Fraction(100), "%", ("%",), "100 %"))
    for item, weight in checklist.items.items() if checklist.each else ():
        measure = Measure.model_construct(checklist=Checklist.model_construct(items={item: weight}))
        yield item, Criterion.model_construct(measure=measure, applies=card.applies, time=card.time, green=whole)


def _without_nulls(raw: Any, path: KeyPath, places: Mapping[KeyPath, Place], issues: list[Issue]) -> Any:
    """A copy without keys that have no value, each of which is an issue; in conditions null means empty."""
    if isinstance(raw, dict):
        made = {}
        for key, value in raw.items():
            here = (*path, key)
            if value is None and key != "svclight" and not _in_condition(path):
                place, where = place_of(here, places), dotted_path(here)
                if not any((issue.line, issue.path) == (place.line, where) for issue in issues):
                    hint = "give it one, or take it out"
                    issues.append(Issue("the key has no value", place.file, place.line, where, hint=hint))
            else:
                made[key] = _without_nulls(value, here, places, issues)
        return made
    if isinstance(raw, list):
        return [_without_nulls(value, (*path, index), places, issues) for index, value in enumerate(raw)]
    return raw


def _in_condition(path: KeyPath) -> bool:
    """Whether a key stands inside a condition, where null means an empty cell."""
    return any(key in _CONDITION_KEYS and path[place - 1] not in _NAMED for place, key in enumerate(path) if place > 0)


def _from_finding(finding: Finding, raw: Any, places: Mapping[KeyPath, Place]) -> Issue:
    place = place_of(finding.path, places)
    found = shown_value(raw_at(raw, finding.path)) if finding.found is None else finding.found
    return Issue(
        finding.message, place.file, place.line, dotted_path(finding.path), found, finding.expected, finding.hint
    )
