"""Inputs that no person would write, drawn from a seed, and what svclight is asked to do with them.

In: a kind and a number. Out: `Given`, the name and the bytes of a file, the same each time: definitions, limits, conditions,
logs, saved cards. `play` does with a file what its suffix asks; only svclight's own errors may come out of it. The
corpus (`tests/data/corpus`) is played by the same function.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import tempfile
import warnings
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import duckdb
import pandas as pd
import xlsxwriter
from support.places import DATA

import svclight
from svclight.definition.for_authors import READY, ready_definition
from svclight.definition.ready_logs import ready_logs
from svclight.wording.service_standard import describe_definitions

if TYPE_CHECKING:
    from collections.abc import Callable

CORPUS = DATA / "corpus"
"""Files that were once answered wrongly."""
BESIDE = 20
"""One input in so many is also played by what takes long: another engine, a page."""
HEAD = "svclight: 1\ntime_zone: Europe/Berlin\ncalendars: {{office: {{hours: {{mon-fri: '09:00-17:00'}}}}}}\nprocesses:\n  p:\n    title: P\n"
LOG = (
    "    log: {id: id, time: at, weight: n, segments: [team], fields: {at: {time: at}, to: {time: to}, x: {number: x, unit: s},"
    " y: {number: y}, f: {flag: f, true_values: [oui]}, polite: {flag: f, true_values: [oui]}, day: {part: date, of: at}}}\n"
)
ROWS = [
    {"id": "a", "at": "2026-01-05 10:00", "to": "2026-01-05 10:30", "x": "30", "y": "1.5", "f": "yes", "team": "north", "n": "1"},
    {"id": "b", "at": "2026-01-31 23:59:59", "to": "", "x": "", "y": "-7", "f": "no", "team": "", "n": "2"},
    {"id": "c", "at": "2026-03-29 02:30", "to": "2026-04-01", "x": "1e3", "y": "?", "f": "", "team": "Süd", "n": "1"},
    {"id": "d", "at": "", "to": "2026-01-01", "x": "inf", "y": "99999999999999999999", "f": "oui", "team": "north", "n": "1"},
]  # fmt: skip
WORDS = (
    *("svclight", "processes", "log", "criteria", "measure", "value", "green", "yellow", "red", "where", "from", "until", "all"),
    *("any", "not", "null", "true", ".nan", ".inf", "~", "by", "date", "calendar", "month", "share", "bd", "bh", "%", "s", "min"),
    *("<=", ">=", "<", ">", "..", "=", "≤", "−", "-", "+", "1e400", "1e-400", "0", "-0", "9" * 40, "9" * 400, "0x7f", "1_0", "٣"),
    *("2026-02-30", "0000-00-00", "9999-12-31", "24:00", "Europe/Berlin", "UTC", "../x", "{", "}", "[", "]", ":", ",", "#", "&a", "*a"),
    *('"', "'", "|", ">-", "? ", "- ", "!!python/x", "---", "\t", "\n", "\r", "\0", "\ufeff", "\u2028", "\ud7ff", "𝟛", "é", "e\u0301"),
)  # fmt: skip
SELDOM = 0.2
AMOUNTS = (
    "0",
    "1",
    "30",
    "1.5",
    ".5",
    "1.",
    "007",
    "9" * 99,
    "0." + "0" * 98 + "1",
    "1800",
    "0.1",
    "0.30000000000000004",
)
NEARLY = (*AMOUNTS, "1e3", "1e400", "9" * 101, "-1", "\N{MINUS SIGN}2", "\N{ARABIC-INDIC DIGIT THREE}", "½", "")
UNITS = ("", "s", "min", "h", "d", "wk", "ms", "bd", "bh", "%", "€", "m2", "share", "S", "sec", "µ")
_DAYS = (
    "2026-01-05",
    "2026-01-05 10:00",
    "2026-01-05T10:00:00+01:00",
    "0001-01-01",
    "9999-12-31T23:59:59Z",
    "2026-03-29 02:30",
)
_TIMES = (None, *_DAYS, *(f"{side} {day}" for side in ("<=", ">", ">=") for day in _DAYS), "10000-01-01", "<= 1 min")
_TEXTS = (None, "north", "SÜD", "yes", "", "?", "a\0b", "null", "a" * 300, "30", 30, 10**30)
CELLS = {
    "x": (None, 0, 30, 1.5, "<= 1 min", "10 .. 40", "> -5", "<= 1e400", f"< {'9' * 99}", -1e308, 10**30, "30"),
    "y": (None, 0, 1.5, "<= 2", "10 .. 40", "> -5", f">= {'9' * 99}", -1e308, 10**30),
    "f": (None, True, False, "yes"),
    "at": _TIMES,
    "to": _TIMES,
    "day": _TIMES,
    "team": _TEXTS,
    "id": _TEXTS,
    "": (None,),
}
"""What a condition may ask of a column."""


@dataclass(frozen=True)
class Given:
    """A file by its name and its bytes."""

    name: str
    content: bytes


# --- what is made ----------------------------------------------------------------------------------------------------


def input_of(kind: str, number: int) -> Given:
    """The input of a kind with a number: its seed is both together."""
    return KINDS[kind](random.Random(f"{kind} {number}"))  # noqa: S311 - drawn, the same each time


def mutated(dice: random.Random, content: bytes) -> bytes:
    """The bytes after one to six small changes."""
    for _ in range(dice.choice((1, 1, 1, 2, 3, 6))):
        content = _with_change(dice, content)
    return content


def _with_change(dice: random.Random, content: bytes) -> bytes:
    at = dice.randrange(len(content) + 1)
    end = min(len(content), at + dice.choice((1, 1, 2, 4, 16, 64, 500)))
    other = dice.randrange(len(content) + 1)
    return dice.choice(
        (
            lambda: content[:at] + content[end:],
            lambda: content[:at] + bytes(dice.randbytes(end - at)) + content[end:],
            lambda: content[:at] + dice.choice(WORDS).encode() + content[at:],
            lambda: content[:at] + dice.choice(WORDS).encode() + content[end:],
            lambda: content[:other] + content[at:end] + content[other:],
            lambda: content[:at] + content[at:end] * dice.choice((2, 20)) + content[end:],
            lambda: content[:at] if dice.random() < SELDOM else content[:at] + b"\xff" + content[at:],
            lambda: content[:at] + bytes([content[at] ^ 1 << dice.randrange(8)]) + content[at + 1 :] if at < len(content) else content,
        )
    )()  # fmt: skip


def definition(dice: random.Random) -> Given:
    """A valid document with changes: of its bytes, or of its values."""
    text = dice.choice(documents())
    if dice.choice((True, False)):
        return Given("definition.yaml", mutated(dice, text.encode()))
    # JSON is YAML, and a change of values keeps it so
    return Given("definition.yaml", json.dumps(changed(dice, plain(text)), ensure_ascii=False).encode())


def limits(dice: random.Random) -> Given:
    """A criterion with limits, targets and costs put together from their words; half of them fit."""
    measure, unit = dice.choice(
        (
            *(("{value: x}", "s"), ("{value: y}", ""), ("{duration: {from: at, to: to}}", "min"), ("{flag: f}", "")),
            *(("{checklist: {items: {f: 60, polite: 40}}}", "%"), ("{duration: {from: at, to: to, by: date}}", "d")),
            *(("{duration: {from: at, to: to, calendar: office}}", dice.choice(("bd", "bh"))),),
            ("{checklist: {items: {f: 60, polite: 40}, each: true}}", "%"),
        )
    )
    if dice.random() > SELDOM:
        low, high = sorted(dice.sample(AMOUNTS, 2), key=float)
        pairs = (
            (f"<= {low}", f"<= {high}"),
            (f"< {low}", f"<= {low}"),
            (f">= {high}", f"> {low}"),
            (f"{low} .. {low}", f"{low} .. {high}"),
        )
        green, yellow = (" .. ".join(f"{end} {unit}" for end in text.split(" .. ")) for text in dice.choice(pairs))
    else:
        green, yellow = limit(dice), limit(dice)
    zones = [f"{name}: {json.dumps(said, ensure_ascii=False)}" for name, said in (("green", green), ("yellow", yellow))]
    keys = [f"measure: {measure}"]
    keys += (
        [f"thresholds: [{{from: 2026-01-10, {zones[0]}}}, {{{', '.join(zones)}}}]"] if dice.random() < SELDOM else zones
    )
    if dice.random() < SELDOM:
        target = dice.choice((f">= {dice.choice(AMOUNTS)} %", f"<= {dice.choice(AMOUNTS)}", limit(dice)))
        keys.append(f"targets: {{{dice.choice(('green', 'red', 'net', 'min_rated'))}: {json.dumps(target)}}}")
    if dice.random() < SELDOM / 4:
        keys.append(f"{dice.choice(('scale', 'cost', 'whole', 'time'))}: {json.dumps(limit(dice))}")
    return _with_criterion("{" + ", ".join(keys) + "}")


def limit(dice: random.Random) -> Any:
    """A limit such as `<= 30 s`, or nearly one."""

    def amount() -> str:
        return dice.choice(NEARLY) + dice.choice(("", " ")) + dice.choice(UNITS)

    form = dice.choice(("one", "one", "band", "other"))
    if form == "other":
        return dice.choice(
            (True, None, 5, -1, 1e308, 10**80, [], ["a"], {"a": 1}, [1, 5], "", " ", "..", "P1D", "PT1H", "P")
        )
    side = dice.choice(("<=", "<", ">=", ">", "=", "≤"))
    text = f"{side}{dice.choice(('', ' '))}{amount()}" if form == "one" else f"{amount()} .. {amount()}"
    return mutated(dice, text.encode()).decode("utf-8", "replace") if dice.random() < SELDOM else text


def conditions(dice: random.Random) -> Given:
    """A criterion that applies under a condition put together from its words."""
    place = dice.choice(("applies", "asked", "abandoned"))
    said = json.dumps(condition(dice, dice.choice((1, 2, 3, 3, 60))), ensure_ascii=False)
    counts = dice.choice(("red", "excluded", "by_elapsed", "{excluded_within: 5 s}"))
    said = f"{{where: {said}, counts: {counts}}}" if place == "abandoned" else said
    made = _with_criterion(f"{{measure: {{value: x}}, green: '<= 30 s', {place}: {said}}}")
    return Given(made.name, mutated(dice, made.content)) if dice.random() < SELDOM / 2 else made


def condition(dice: random.Random, depth: int) -> Any:
    """A condition of at most that depth, or nearly one."""
    form = dice.randrange(6) if depth else 5
    if form <= 1:
        parts = [
            condition(dice, depth - 1) for _ in range(dice.choice((1, 1, 2) if dice.random() > SELDOM / 4 else (0,)))
        ]
        return {dice.choice(("all", "any")): parts}
    if form == 2:
        return {"not": condition(dice, depth - 1)}
    return dict(cell(dice) for _ in range(dice.choice((1, 1, 1, 2, 2, 3) if dice.random() > SELDOM / 4 else (0,))))


def cell(dice: random.Random) -> tuple[str, Any]:
    """A column, and what a condition may ask of its cells; seldom what it may not."""
    column = dice.choice(list(CELLS))
    asked = CELLS[column if dice.random() > SELDOM / 4 else dice.choice(list(CELLS))]
    form = dice.randrange(5)
    value = dice.choice(asked)
    if form == 0:
        return column, [dice.choice(asked) for _ in range(dice.choice((1, 2, 3)))]
    return column, {"not": value} if form == 1 else value


def _with_criterion(criterion: str) -> Given:
    return Given("definition.yaml", f"{HEAD.format()}{LOG}    criteria:\n      c: {criterion}\n".encode())


def log(dice: random.Random) -> Given:
    """A log with changes: of its bytes, or inside of what packs it."""
    name, content = dice.choice(logs())
    if name.endswith((".zip", ".xlsx")) and dice.random() > SELDOM:
        return Given(name, _with_changed_member(dice, content))
    if name.endswith(".gz") and dice.random() > SELDOM:
        return Given(name, gzip.compress(mutated(dice, gzip.decompress(content)), mtime=0))
    return Given(name, mutated(dice, content))


def card(dice: random.Random) -> Given:
    """A saved card with changes: of its bytes, of its text, or of its values."""
    content = dice.choice(cards())
    form = dice.randrange(4)
    if form == 0:
        return Given("card.svclight", mutated(dice, content))
    text = gzip.decompress(content)
    if form == 1 and dice.choice((True, False)):
        text = mutated(dice, text)
    else:
        whole = json.loads(text)
        # numbers and flags of its tables are where a card may be wrong and still be one
        part = (
            whole if form == 2 else whole[dice.choice([name for name, held in whole.items() if isinstance(held, dict)])]
        )
        changed(dice, part)
        text = json.dumps(whole).encode()
    return Given("card.svclight", gzip.compress(text, mtime=0))


KINDS: dict[str, Callable[[random.Random], Given]] = {
    "definition": definition,
    "limits": limits,
    "conditions": conditions,
    "log": log,
    "card": card,
}


def changed(dice: random.Random, whole: Any) -> Any:
    """Plain data after one to four changes of single places; the whole is changed in place."""
    for _ in range(dice.choice((1, 1, 2, 4))):
        at, parts = whole, []
        while isinstance(at, dict | list) and at and (not parts or dice.random() > SELDOM):
            key = dice.choice(list(at)) if isinstance(at, dict) else dice.randrange(len(at))
            parts.append((at, key))
            at = at[key]
        if parts:
            _change(dice, *parts[-1])
    return whole


def _change(dice: random.Random, holder: Any, key: Any) -> None:
    old, form = holder[key], dice.randrange(8)
    if isinstance(old, int | float) and dice.random() > SELDOM:
        form = 3
    if form == 0:
        del holder[key]
    elif form == 1 and isinstance(holder, dict):
        holder[dice.choice(WORDS)] = holder.pop(key)
    elif form == 2 and isinstance(holder, list):
        holder.append(old)
    elif isinstance(old, bool):
        holder[key] = not old
    elif form == 3 and isinstance(old, int | float):
        holder[key] = dice.choice(
            (old + 1, old + 1, old * 2, -old, old * 10**9, 10**40, 0.5, -1, 1e308, 2**62, 2**63, -(2**63))
        )
    elif form == 4 and isinstance(old, str):
        holder[key] = mutated(dice, old.encode()).decode("utf-8", "replace")
    else:
        values = (
            None,
            True,
            False,
            0,
            1,
            -1,
            1.5,
            1e308,
            10**30,
            "",
            "a",
            "2026-01",
            [],
            {},
            [None],
            [[]],
            {"a": 1},
            *WORDS,
        )
        holder[key] = dice.choice(values)


def _with_changed_member(dice: random.Random, content: bytes) -> bytes:
    """An archive, one of whose members has changes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        wanted = dice.choice(names)
        for name in names:
            new.writestr(zipfile.ZipInfo(name), mutated(dice, old.read(name)) if name == wanted else old.read(name))
    return out.getvalue()


# --- what it is made of ----------------------------------------------------------------------------------------------


@cache
def documents() -> list[str]:
    """Valid documents: the one that shows the whole format, the golden one, the ready ones, one of a few lines."""
    kept = [path.read_text("utf-8") for path in (DATA / "format.yaml", Path(__file__).parent / "golden.yaml")]
    few = (
        f"{HEAD.format()}{LOG}    criteria:\n      c: {{measure: {{value: x}}, green: '<= 30 s', yellow: '<= 1 min'}}\n"
    )
    return [*kept, *(ready_definition(kind) for kind in READY), *[few] * 10]


@cache
def _plain_text(text: str) -> str:
    return json.dumps(svclight.loads(text).raw)


def plain(text: str) -> Any:
    """A document as plain data, new each time."""
    return json.loads(_plain_text(text))


@cache
def frames() -> dict[str, pd.DataFrame]:
    """Logs of a few rows by the names of processes and joins."""
    made = {name: frame.head(8) for kind in READY for name, frame in ready_logs(kind).items()}
    return {**made, "p": pd.DataFrame(ROWS)}


@cache
def logs() -> list[tuple[str, bytes]]:
    """The rows of the small log in each kind of file."""
    frame = pd.DataFrame(ROWS)
    text = frame.to_csv(index=False)
    lines = "".join(json.dumps(row) + "\n" for row in ROWS)
    archive, book = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("log.csv"), text)
    workbook = xlsxwriter.Workbook(book, {"in_memory": True})
    workbook.set_properties({"created": pd.Timestamp("2026-01-01").to_pydatetime()})
    sheet = workbook.add_worksheet()
    for at, row in enumerate([list(ROWS[0]), *(list(row.values()) for row in ROWS)]):
        for place, value in enumerate(row):
            sheet.write(at, place, value)
    sheet.write_number(1, 3, 30.5, workbook.add_format({"num_format": "0.0%"}))
    workbook.close()
    events = "".join(
        f'<trace><string key="concept:name" value="{row["id"]}"/><event><string key="team" value="{row["team"]}"/>'
        f'<date key="at" value="2026-01-05T10:00:00+01:00"/><string key="x" value="{row["x"]}"/></event></trace>'
        for row in ROWS
    )
    return [
        ("log.csv", text.encode()),
        ("log.csv", text.replace(",", ";").encode("utf-16")),
        ("log.jsonl", lines.encode()),
        ("log.json", json.dumps({"rows": ROWS}).encode()),
        ("log.csv.gz", gzip.compress(text.encode(), mtime=0)),
        ("log.zip", archive.getvalue()),
        ("log.xlsx", book.getvalue()),
        ("log.parquet", _parquet(frame)),
        ("log.xes", f'<?xml version="1.0"?><log xes.version="1.0">{events}</log>'.encode()),
    ]


def _parquet(frame: pd.DataFrame) -> bytes:  # noqa: ARG001 - DuckDB finds it by its name
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        duckdb.sql('SELECT *, try_cast("at" AS TIMESTAMP) AS seen FROM frame').write_parquet(str(path))
        return path.read_bytes()


@cache
def cards() -> list[bytes]:
    """Saved cards: the one that is kept, and one of the small log."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = svclight.score({"p": frames()["p"]}, svclight.loads(documents()[-1]), by="team", max_unread=1)
        path = made.save(Path(folder) / "card.svclight")
        return [(DATA / "saved_card.svclight").read_bytes(), path.read_bytes()]


# --- what is asked ---------------------------------------------------------------------------------------------------


def play(given: Given, folder: Path, *, beside: bool) -> None:
    """Does with a file what its suffix asks.

    Args:
        given: The file.
        folder: Where it may lie meanwhile.
        beside: Whether it is also played by what takes long.

    Raises:
        SvclightError: It is refused, which is an answer.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.SvclightNotice)
        if given.name.endswith(".yaml"):
            _play_definition(given.content, beside=beside)
            return
        path = folder / given.name
        path.write_bytes(given.content)
        if given.name.endswith(".svclight"):
            _play_card(svclight.Scorecard.open(path), folder, beside=beside)
        else:
            _play_log(path, beside=beside)


def _play_definition(content: bytes, *, beside: bool) -> None:
    definitions = svclight.loads(content.decode("utf-8", "replace"))
    definitions._repr_html_()
    describe_definitions(definitions, "ru")
    asked = {name: frames()[name] for name in (*definitions.processes, *_joins(definitions)) if name in frames()}
    asked = {name: frame for name, frame in asked.items() if getattr(definitions.processes.get(name), "log", True)}
    if not asked:
        return
    found = svclight.score(asked, definitions, max_unread=1, as_of="2026-04-01")
    found.shares()
    if beside:
        svclight.answer(found)
        svclight.score(
            {name: duckdb.from_df(frame) for name, frame in asked.items()},
            definitions,
            max_unread=1,
            as_of="2026-04-01",
        )


def _joins(definitions: svclight.Definitions) -> list[str]:
    return [name for process in definitions.processes.values() if process.log is not None for name in process.log.join]


def _play_log(path: Path, *, beside: bool) -> None:
    definitions = _log_definitions()
    svclight.score({"p": path}, definitions, max_unread=1).shares()
    if beside:  # as a large file is counted
        with patch("svclight.scoring.LARGE", 0):
            svclight.score({"p": path}, definitions, max_unread=1).shares()


@cache
def _log_definitions() -> svclight.Definitions:
    return svclight.loads(documents()[-1])


def _play_card(card: svclight.Scorecard, folder: Path, *, beside: bool) -> None:
    str(card)
    card.shares()
    card.save(folder / "again.svclight")
    svclight.check(card)
    svclight.answer(card)
    if beside:
        svclight.report.html(card)
