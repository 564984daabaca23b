"""What every command and every table says of the examples, the ready definitions and the golden logs, as plain text.

In: a folder to work in. Out: sections of text by name: exit code, both streams and files of a command; a table as CSV; names and
signatures of what is public. `test_recorded` holds them against `data/recorded.txt`, so that a change of structure changes no word.

    make record PARTS="ci public"       writes the file, or parts of it, anew: where a word was changed on purpose
"""

from __future__ import annotations

import gzip
import hashlib
import inspect
import json
import os
import re
import shlex
import shutil
import sys
import tempfile
import warnings
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pandas as pd
from support.command_line import Stream, ended
from support.places import DATA, EXAMPLES, READY, ROOT

import svclight
from svclight.errors import SvclightNotice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

KEPT = DATA / "recorded.txt"
SHOWN = 12
"""A longer text is kept as its first lines, the number of its lines and a hash of all of it."""
KINDS = ("chat", "complaints", "delivery", "email", "field", "helpdesk", "hotline", "loyalty", "ordering", "quality")
KINDS += ("returns", "satisfaction", "employees", "reviews", "self_service", "duties")
HOTLINE = "hotline.yaml --log hotline=calls.csv.gz --as-of 2026-01-01T06:00"
CHAT = "chat.yaml --log chat=chats.csv.gz"
DELIVERY = "delivery.yaml --log delivery=orders.csv.gz"
CI = "service.yaml --log hotline=calls.csv"
COMMANDS: dict[str, tuple[str, ...]] = {
    "hotline": (
        "validate hotline.yaml",
        "describe hotline.yaml",
        f"score {HOTLINE}",
        f"score {HOTLINE} --by team --by topic --period quarter --matured",
        f"score {HOTLINE} -o counts.json",
        f"score {HOTLINE} -o card.svclight",
        f"interactions {HOTLINE} --criterion hotline.wait --zone red --period 2025-03 --pseudonymise secret",
        f"report {HOTLINE} --by team -o report.html",
        f"report {HOTLINE} --by team -o report.md",
        f"report {HOTLINE} -o report.xlsx",
        f"check {HOTLINE} --junit junit.xml --markdown checks.md --github --strict",
        f"check {HOTLINE} --period 2025-03",
        f"plan {HOTLINE} --by team --by topic",
        f"plan {HOTLINE} --period 2025-03 --order money -o plan.csv",
        f"drivers {HOTLINE} --criterion hotline.wait --period 2025-03",
        f'what-if {HOTLINE} --criterion hotline.wait --period 2025-03 --shift "-10 s"',
        f'what-if {HOTLINE} --criterion hotline.wait --green "<= 20 s" --yellow "<= 2 min" -o what.csv',
        f"customers {HOTLINE} --shares",
        f"customers {HOTLINE} --pseudonymise secret",
        f"survival {HOTLINE} --criterion hotline.wait",
        f"scenario {HOTLINE}",
        "diff hotline.yaml changed.yaml --log hotline=calls.csv.gz --as-of 2026-01-01T06:00",
        "diff hotline.yaml changed.yaml --log hotline=calls.csv.gz --criterion hotline.wait --pseudonymise s -o d.csv",
        "score hotline.yaml --log hotlin=calls.csv.gz",
        "score hotline.yaml --log nothing.csv",
        "score hotline.yaml",
        "check hotline.yaml --log calls.csv.gz --period soon",
        "validate nothing.yaml",
    ),
    "chat": (
        "describe chat.yaml",
        f"score {CHAT} --period week",
        f"report {CHAT} -o report.html",
        f"report {CHAT} -o report.xlsx",
        f"check {CHAT}",
        f"plan {CHAT} --by channel",
        f"calibrate {CHAT} --criterion chat.first_answer --satisfaction csat --picture picture.svg -o limits.csv",
    ),
    "delivery": (
        "describe delivery.yaml",
        f"score {DELIVERY} --by carrier --max-rejected 1000",
        f"score {DELIVERY} --max-rejected 1",
        f"report {DELIVERY} -o report.html",
        f"report {DELIVERY} -o report.md",
        f"check {DELIVERY} --strict",
        f"customers {DELIVERY} --shares",
    ),
    "ci": (
        f"check {CI} --baseline baseline.csv --junit junit.xml --markdown checks.md --github",
        f"calibrate {CI} --criterion hotline.wait --satisfaction rating",
        f"score {CI} -o card.svclight",
        f"report {CI} -o report.html",
        "init service.yaml --table -o sheet.xlsx",
        f"interactions {CI} --criterion hotline.rating --zone yellow",
    ),
    "anywhere": (
        "demo -o demo",
        "schema",
        "init hotline",
        "init loyalty --lang ru",
        "init quality --table -o sheet.xlsx",
        "init hotlin",
        "validate ready/en",
    ),
}
"""By the folder of the example in which they run."""
ON_TERMINAL = {
    "hotline": (f"score {HOTLINE}",),
    "chat": (f"score {CHAT} --period quarter",),
    "helpdesk": ("scenario helpdesk.yaml --log helpdesk=helpdesk.csv --as-of 2026-04-01",),
}


# --- commands ---------------------------------------------------------------------------------------------------------


def command(line: str, folder: Path, *, terminal: bool = False) -> str:
    """A command in a folder: its exit code, what it said, and what its files hold."""
    out, err = Stream(terminal=terminal), Stream()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        code = ended(tuple(shlex.split(line)), out, err, folder, {"COLUMNS": "100", "TERM": "xterm-256color"})
    said = [f"exit code {code}", *_part("output", out.text(), folder), *_part("messages", err.text(), folder)]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_mtime_ns != before.get(path) and path.suffix not in (".yaml", ".gz"):
            said += _part(f"file {path.relative_to(folder).as_posix()}", _content(path), folder)
            path.unlink()
    return "\n".join(said)


def _content(path: Path) -> str:
    """A file as text that does not depend on the versions of matplotlib, gzip and the writer of workbooks."""
    if path.suffix == ".xlsx":
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_path(path)
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
        return "\n".join(f"[{name}]\n" + "\n".join(map(str, rows)) for name, rows in sheets.items())
    if path.suffix == ".svclight":
        return json.dumps(json.loads(gzip.decompress(path.read_bytes())), indent=1, ensure_ascii=False, sort_keys=True)
    return path.read_text("utf-8")


def _part(name: str, text: str, folder: Path) -> list[str]:
    """A text under its name; a long one by its first lines and a hash."""
    if not text:
        return []
    lines = _plain(text, folder).rstrip("\n").split("\n")
    if len(lines) > 4 * SHOWN:
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
        lines = [*lines[:SHOWN], f"… {len(lines):,} lines, sha256 {digest}"]
    return [f"--- {name}", *(line[:400].rstrip() for line in lines)]


def _plain(text: str, folder: Path) -> str:
    """Without pictures, paths of the machine, and the digits in which machines may differ."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)  # colours depend on what was shown before
    text = re.sub(r"<svg\b.*?</svg>", "<svg/>", text, flags=re.DOTALL)
    text = re.sub(r"(?s)<metadata>.*?</metadata>", "", text)
    text = text.replace(str(ROOT), "CHECKOUT")
    text = text.replace(str(folder.resolve()), "FOLDER").replace(str(folder), "FOLDER")
    return re.sub(r"-?\d+\.\d{8,}(e-?\d+)?", lambda found: f"{float(found[0]):.9g}", text)


# --- tables -----------------------------------------------------------------------------------------------------------


def table(frame: pd.DataFrame, folder: Path = ROOT) -> list[str]:
    """A table as CSV, and its types."""
    kinds = ", ".join(f"{name} {_kind(dtype)}" for name, dtype in frame.dtypes.items())
    return [f"types: {kinds}", *_part(f"{len(frame):,} rows", frame.to_csv(index=False), folder)]


def _kind(dtype: Any) -> str:
    """The name of a type; pandas 3 has a type of text where pandas 2 has objects."""
    return {"str": "text", "object": "text", "string": "text"}.get(str(dtype), str(dtype))


def card_tables(card: svclight.Scorecard) -> str:
    """All tables of a card, and where its numbers come from."""
    said = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        for name in ("counts", "reasons", "values", "periods", "responses", "steps", "rejected"):
            said += [f"-- {name}", *table(getattr(card, name))]
        said += ["-- shares", *table(card.shares()), "-- in total", *table(card.shares(by=[]))]
        said += ["-- interactions", *table(card.interactions())]
    said += ["-- provenance", *_part("value", re.sub(r"(?<=[ '\"])/\S+/", "", str(card.provenance)), ROOT)]
    with patch.dict(os.environ, {"COLUMNS": "80"}):  # a terminal of the machine must not show in what is kept
        shown = repr(card)
    return "\n".join([*said, *_part("repr", shown, ROOT), *_part("html", card._repr_html_(), ROOT)])


@cache
def hotline(*by: str) -> svclight.Scorecard:
    """The card of the example of a hotline."""
    return _quietly(
        svclight.score,
        {"hotline": EXAMPLES / "hotline" / "calls.csv.gz"},
        EXAMPLES / "hotline" / "hotline.yaml",
        by=by,
        as_of="2026-01-01 06:00",
    )


def _quietly(call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return call(*arguments, **options)


def decisions() -> Iterator[tuple[str, str]]:
    """What follows from the hotline's card, as it is printed and as tables."""
    team, book = hotline("team"), EXAMPLES / "hotline"
    logs = {"hotline": book / "calls.csv.gz"}
    changed = (book / "hotline.yaml").read_text("utf-8").replace('green: "<= 30 s"', 'green: "<= 25 s"')
    made: dict[str, Callable[[], Any]] = {
        "check": lambda: svclight.check(team),
        "check of a month": lambda: svclight.check(team, "2025-03"),
        "compare": lambda: svclight.compare(team, "2025-02", "2025-03"),
        "compare by team": lambda: svclight.compare(team, "2025-02", "2025-03", by=["team"]),
        "control_limits": lambda: svclight.control_limits(team),
        "funnel": lambda: svclight.funnel(team, "team", periods="2025-03"),
        "plan": lambda: svclight.plan(team),
        "drivers": lambda: svclight.drivers(hotline("team", "topic"), criterion="hotline.wait", periods="2025-03"),
        "what_if": lambda: svclight.what_if(team, criterion="hotline.wait", shift="-10 s", periods="2025-03"),
        "diff": lambda: svclight.diff(book / "hotline.yaml", svclight.loads(changed), logs, as_of="2026-01-01"),
    }
    for name, make in made.items():
        yield f"decision {name}", _decision(_quietly(make))


def _decision(found: Any) -> str:
    """Whatever a decision holds: its words, and each table by its name."""
    if isinstance(found, pd.DataFrame):
        return "\n".join(table(found))
    said = [*_part("text", str(found), ROOT), *_part("repr", repr(found), ROOT)]
    for name in sorted(vars(type(found)) | getattr(found, "__dict__", {}) | dict.fromkeys(_fields(found))):
        value = getattr(found, name, None) if not name.startswith("_") else None
        if isinstance(value, pd.DataFrame):
            said += [f"-- {name}", *table(value)]
    for name in ("_repr_html_", "_repr_markdown_", "markdown"):
        if callable(getattr(found, name, None)):
            said += _part(name, str(getattr(found, name)()), ROOT)
    return "\n".join(said)


def _fields(found: Any) -> list[str]:
    return list(getattr(found, "__dataclass_fields__", ()))


# --- what is public ---------------------------------------------------------------------------------------------------


def public() -> str:
    """Names, signatures and fields of what the package and its reports hand on."""
    said = []
    said += [_signature(svclight, name) for name in svclight.__all__]
    report = svclight.report
    said += [_signature(report, name) for name in dir(report) if name.startswith("plot_") or name in report.__all__]
    for kind in (svclight.Scorecard, svclight.Definitions):
        said += [f"{kind.__name__}: {', '.join(_fields(kind))}"]
        said += [_signature(kind, name) for name in dir(kind) if not name.startswith("_")]
    return "\n".join(said)


def _signature(place: Any, name: str) -> str:
    found = inspect.getattr_static(place, name) if inspect.isclass(place) else getattr(place, name)
    shown = f"{place.__name__}.{name}"
    if callable(found) and not inspect.isclass(found):
        return f"{shown}{inspect.signature(found)}"
    return f"{shown}: {type(found).__name__}"


# --- all of it --------------------------------------------------------------------------------------------------------


def workplace(name: str, folder: Path) -> Path:
    """A copy of an example in which commands run."""
    place = folder / name
    if place.exists():
        return place
    if name in ("anywhere", "helpdesk"):
        place.mkdir(parents=True)
        for lang in ("en", "ru"):
            shutil.copytree(READY / lang, place / "ready" / lang)
        if name == "helpdesk":
            _write_ready(name, "en", place)
        return place
    shutil.copytree(EXAMPLES / name, place)
    if name == "hotline":
        text = (place / "hotline.yaml").read_text("utf-8").replace('green: "<= 30 s"', 'green: "<= 25 s"')
        (place / "changed.yaml").write_text(text, "utf-8")
    return place


def _write_ready(kind: str, lang: str, place: Path) -> list[str]:
    """A ready definition and its made-up logs as files; the options that name them."""
    from svclight.definition.ready_logs import ready_logs

    (place / f"{kind}.yaml").write_text(ready_definition_text(kind, lang), "utf-8")
    for name, frame in ready_logs(kind, lang).items():
        frame.to_csv(place / f"{name}.csv", index=False)
    return [f"--log {name}={name}.csv" for name in ready_logs(kind)]


def ready_definition_text(kind: str, lang: str) -> str:
    """The text of a ready definition."""
    return (READY / lang / f"{kind}.yaml").read_text("utf-8")


def ready(kind: str, lang: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The commands of a ready definition on its made-up logs."""
    place = folder / f"ready {kind} {lang}"
    place.mkdir()
    rest = f"{kind}.yaml {' '.join(_write_ready(kind, lang, place))} --as-of 2026-04-01"
    lines = [f"describe {kind}.yaml", f"score {rest}"]
    lines += [f"check {rest}", f"plan {rest}", f"report {rest} -o report.md"] if lang == "en" else []
    for line in lines:
        yield f"{kind} {lang}: svclight {line}", command(line, place)


def golden() -> Iterator[tuple[str, str]]:
    """The tables of the golden logs: rows, events, contacts, joined logs."""
    from support import gathered
    from support.engines import to_pandas
    from support.golden import AS_OF, definition, golden_rows, table_of

    frame = to_pandas(table_of(golden_rows()))
    for name, options in {"by kind": {"by": ["kind"], "as_of": AS_OF}, "by weekday": {"by": ["weekday"]}}.items():
        card = _quietly(svclight.score, frame, svclight.loads(definition()), **options)
        yield f"golden log {name}", card_tables(card)
    for name, log, text, options in gathered.CASES:
        yield f"golden {name}", card_tables(_quietly(svclight.score, to_pandas(log), svclight.loads(text), **options))
    logs = {"desk": to_pandas(gathered.contacts()), "survey": to_pandas(gathered.survey(ties=True))}
    card = _quietly(svclight.score, logs, svclight.loads(gathered.JOINED), by=["survey.word"], as_of="2026-03-01")
    yield "golden joined logs", card_tables(card)


def commands(name: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The commands of an example, and those of them that are shown on a terminal."""
    for line in COMMANDS.get(name, ()):
        yield f"{name}: svclight {line}", command(line, workplace(name, folder))
    for line in ON_TERMINAL.get(name, ()):
        yield f"{name}, on a terminal: svclight {line}", command(line, workplace(name, folder), terminal=True)


PARTS: dict[str, Callable[[Path], Iterable[tuple[str, str]]]] = {
    "public": lambda _: [("public names", public())],
    **{name: partial(commands, name) for name in ("hotline", "chat", "delivery", "ci", "anywhere", "helpdesk")},
    "decisions": lambda _: decisions(),
    "golden": lambda _: golden(),
    **{f"ready {kind} {lang}": partial(ready, kind, lang) for lang in ("en", "ru") for kind in KINDS},
}
"""What makes the sections, part by part; the name of a part stands before the names of its sections."""


def read(text: str) -> dict[str, dict[str, str]]:
    """The sections of a text by part and name."""
    found: dict[str, dict[str, str]] = {part: {} for part in PARTS}
    pieces = re.split(r"^=== (.*?) \| (.*)\n", text, flags=re.MULTILINE)[1:]
    for part, name, section in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        found[part][name] = section.strip("\n")
    return found


if __name__ == "__main__":
    kept = read(KEPT.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as place:
        kept |= {part: dict(PARTS[part](Path(place))) for part in sys.argv[1:] or PARTS}
    written = [f"=== {part} | {name}\n{text}\n" for part, names in kept.items() for name, text in names.items()]
    KEPT.write_text("\n".join(written), "utf-8")
