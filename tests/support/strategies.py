"""Random but valid definitions, and small logs whose values like to sit exactly on limits.

Every draw is a `Case`: a definition as plain data, rows as a CSV would give them, and the call. What the documents call
an error (rows that share an id and differ, a log without any time and no as_of, dates that could be read two ways) is
never drawn; `tests/test_brute.py` holds that each definition loads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml
from hypothesis import strategies as st
from support.brute import Scorer
from support.needs import is_quick

if TYPE_CHECKING:
    from collections.abc import Callable

Definition = dict[str, Any]
Row = dict[str, object]

PROCESS = "desk"
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Jerusalem", "UTC", "Asia/Kathmandu")
PERIODS = ("month", "month", "day", "week", "quarter", "year")
CALM = (
    "2026-01-31 23:59:59",
    "2026-02-01 00:00:00",
    "2026-01-31 21:30:00",
    "2026-02-28 18:15:00",
    "2026-06-15 09:00:30",
    "2026-12-28 00:00:00",
    "2026-12-31 23:59:59.999999",
    "2027-01-03 12:00:00",
    "2027-01-01 00:30:00",
)
# written times that exist twice or not at all in one of the zones, and their neighbours
RESTLESS = (
    "2026-03-29 01:30:00",
    "2026-03-29 02:30:00",
    "2026-03-29 03:00:00",
    "2026-10-25 01:30:00",
    "2026-10-25 02:30:00",
    "2026-10-25 03:00:00",
    "2026-03-08 02:30:00",
    "2026-11-01 01:30:00",
    "2026-03-27 02:00:00",
    "2026-10-24 23:30:00",
)
NIGHTS = ("2026-03-0", "2026-03-2", "2026-03-3", "2026-10-2", "2026-11-0")
NOWS = (
    "2027-06-01",
    "2027-02-12T12:30:00Z",
    "2027-01-02",
    "2026-12-28T00:00:00Z",
    "2026-07-01 12:00",
    "2026-06-15T09:01:30+02:00",
    "2026-02-01",
    "2026-02-01 00:00:30",
)
SECONDS = (
    0,
    30,
    30.001,
    29.999999,
    60,
    60.000001,
    29,
    90,
    -1,
    -30,
    3600,
    3960,
    3960.1,
    7200,
    9000,
    86400,
    86400.000001,
)
SHIFTS = tuple(timedelta(seconds=size) for size in (*SECONDS, -86400, 172800, 40 * 86400))
BROKEN = ("", None, "?", "abc")
NUMBERS = ("30", "30.001", "29.999", "60", "60.001", "0", "0.5", "1.1", "1", "66", "3960", "-5", "3e1", "30000", "30.0")
SCORES = ("1", "2", "3", "4", "5", "4.5", "2.999", "5.0", "0", "6", "7", "10", "-1", "30", "60")
TEXTS = ("a", "b", "a", "b", "A", "a ", "c", "Ünï", "U\u0308ni\u0308", "a\u00a0b", "> 5")
FLAGS = ("true", "FALSE", "Yes", "no", "1", "0", "ja", "nein")

# (green, yellow) in seconds' units, for numbers with a unit of time, spans, durations and delays
CLOCK_LIMITS = (
    ("<= 30 s", "<= 1 min"),
    ("< 30 s", "<= 30 s"),
    ("< 30 s", "< 60 s"),
    ("<= 0.5 min", "<= 1.5 min"),
    ("<= 1.1 h", "<= 2 h 30 min"),
    ("<= 24 h", "<= 2 d"),
    ("<= 30000 ms", "<= 60000.5 ms"),
    (">= 60 s", ">= 30 s"),
    ("> 60 s", ">= 60 s"),
    ("30 s .. 60 s", "10 s .. 2 min"),
    ("1 .. 1.1 h", "0.5 .. 24 h"),
)
DAY_LIMITS = (("<= 0 d", "<= 1 d"), ("<= 1 d", "<= 2 d"), ("-1 d .. 0 d", "-2 d .. 2 d"), ("< 1 d", "< 2 d"))
BARE_LIMITS = (
    (">= 4", ">= 3"),
    ("> 4.5", ">= 4"),
    ("<= 30", "<= 60"),
    ("< 30", "<= 30"),
    ("3 .. 7", "2 .. 10"),
    ("<= 0.5", "< 1.1"),
)


@dataclass(frozen=True)
class Case:
    definition: Definition
    rows: list[Row]
    columns: list[str]
    as_of: str | None
    by: list[str]
    period: str


def to_yaml(definition: Definition) -> str:
    return yaml.safe_dump(definition, sort_keys=False, allow_unicode=True)


def to_frame(rows: list[Row], columns: list[str]) -> pd.DataFrame:
    """Object columns: text, None and now and then a number, as a CSV read without types would give them."""
    return pd.DataFrame({column: pd.Series([row[column] for row in rows], dtype=object) for column in columns})


def maybe(draw: st.DrawFn, chance: int) -> bool:
    """True once in `chance`; False is what examples shrink to."""
    return draw(st.integers(1, chance)) == chance


def pick(draw: st.DrawFn, *values: Any) -> Any:
    return draw(st.sampled_from(values))


# --- definitions -----------------------------------------------------------------------------------------------------


def times(draw: st.DrawFn, column: str) -> Definition:
    spec: Definition = {"time": column}
    if maybe(draw, 4):
        spec["time_zone"] = pick(draw, *ZONES)
    if maybe(draw, 3):
        spec["clock_change"] = pick(draw, "earlier", "later")
    if maybe(draw, 6):
        spec["missing"] = ["abc"]
    return spec


def declared(draw: st.DrawFn) -> dict[str, Definition]:
    """The typed names that a definition may use, over the fixed set of columns."""
    fields = {
        name: times(draw, column)
        for name, column in {
            "called": "at",
            "ended": "closed",
            "left": "gone",
            "due_at": "promised",
            "came": "delivered",
            "ordered": "placed",
            "stamped": "stamp",
        }.items()
    }
    form = pick(draw, "iso", "iso", "two", "unix", "unix_ms")
    if form == "two":
        fields["called"] |= {"time": ["day", "clock"], "format": "%d.%m.%Y %H:%M:%S"}
    elif form != "iso":
        fields["called"] = {"time": form, "format": form}
    fields |= {
        "waited": {"number": "wait", "unit": pick(draw, "s", "min", "h", "ms")},
        "lasted": {"span": "span"},
        "held": {"number": "hold", "unit": "s"},
        "stars": {"number": "score"},
        "solved": {"flag": "ok"},
        "said": {"text": "answer", "missing": pick(draw, ["c"], [])},
        "hour": {"part": "hour", "of": "called"},
        "weekday": {"part": "weekday", "of": "called"},
        "date": {"part": "date", "of": "called"},
        "both": {"sum": ["held", "lasted"], **pick(draw, {}, {"empty": 0})},
        "less": {"difference": ["lasted", "held"], **pick(draw, {}, {"empty": 0})},
        "picky": {"when": pick(draw, {"outcome": {"contains": "a"}}, {"any": [{"score": "> 3"}, {"kind": "b"}]})},
        "answered": {"filled": "answer", "missing": pick(draw, ["c"], [])},
    }
    if maybe(draw, 4):
        fields["stars"]["unit"] = "points"
    if maybe(draw, 3):
        fields["solved"] |= {"true_values": ["ja", "1"], "false_values": ["nein", "no"]}
    return fields


RAW = {
    "called": "at",
    "ended": "closed",
    "left": "gone",
    "due_at": "promised",
    "came": "delivered",
    "ordered": "placed",
    "stamped": "stamp",
    "stars": "score",
    "solved": "ok",
    "said": "answer",
    "waited": "wait",
}  # the same things where a log has no fields


def simple_conditions(raw: bool) -> list[Definition]:
    name = RAW if raw else {field: field for field in RAW}
    found: list[Definition] = [
        {"outcome": "a"},
        {"outcome": ["a", "b"]},
        {"outcome": {"not": "a"}},
        {"outcome": {"not": ["a", "c"]}},
        {"outcome": None},
        {"outcome": {"not": None}},
        {"outcome": {"is": "> 5"}},
        {"outcome": "Ünï"},
        {"outcome": {"contains": "n"}},
        {"outcome": {"not": {"starts": "a"}}},
        {"outcome": {"ends": "b"}},
        {"outcome": {"word": "b"}},
        {"kind": "b"},
        {name["solved"]: False},
        {"score": "> 3"},
        {"score": "<= 4.5"},
        {"score": 4},
        {"score": {"not": 4}},
        {"score": [1, 2, 5]},
        {name["solved"]: True},
        {name["solved"]: {"not": True}},
        {name["solved"]: None},
        {name["called"]: ">= 2026-02-01"},
        {name["called"]: "< 2026-06-15 09:00:30"},
        {name["ended"]: None},
        {name["waited"]: "> 30"},
        {name["waited"]: 30},
    ]
    if not raw:
        found += [
            {"weekday": "sat"},
            {"weekday": {"not": ["sat", "sun"]}},
            {"hour": ">= 12"},
            {"hour": 0},
            {"date": "2026-01-31"},
            {"waited": "> 0.5 min"},
            {"held": {"not": 0}},
            {"lasted": "<= 30 s"},
            {"both": "> 30 s"},
            {"picky": True},
            {"answered": {"not": True}},
        ]
    return found


def condition(draw: st.DrawFn, raw: bool) -> Definition:
    simple = simple_conditions(raw)
    first, second = pick(draw, *simple), pick(draw, *simple)
    return pick(
        draw,
        first,
        first,
        first | second,
        {"any": [first, second]},
        {"all": [first, second]},
        {"not": first},
        {"not": {"any": [first, second]}},
    )


def zones(draw: st.DrawFn, families: tuple[tuple[str, str], ...]) -> Definition:
    green, yellow = pick(draw, *families)
    return {"green": green} if maybe(draw, 4) else {"green": green, "yellow": yellow}


def limits(draw: st.DrawFn, raw: bool, families: tuple[tuple[str, str], ...]) -> Definition:
    """Limits for all rows, or by segment and date; all rows of thresholds point the same way."""
    if not maybe(draw, 3):
        return zones(draw, families)
    first = pick(draw, *families)
    way = direction(first[0])
    alike = tuple(pair for pair in families if direction(pair[0]) == way)
    day = pick(draw, "2026-02-01", "2026-06-15", "2027-01-01")
    where = pick(draw, {"kind": "a"}, {"team": "b"}, condition(draw, raw))
    rows = [
        {"where": where, **zones(draw, alike)},
        {"until": day, **zones(draw, alike)},
        {"from": day, **zones(draw, alike)},
    ]
    if maybe(draw, 3):
        rows[0][pick(draw, "from", "until")] = "2026-06-15"
    if maybe(draw, 3):
        rows = [rows[0], zones(draw, alike)]
    return {"thresholds": rows}


def direction(green: str) -> str:
    return "band" if ".." in green else green[0]


def ends(draw: st.DrawFn, what: Definition) -> Definition:
    """By date, the limits are days."""
    return what | {"by": pick(draw, "date", "instant")} if maybe(draw, 2) else what


def duration(draw: st.DrawFn, raw: bool, name: dict[str, str]) -> Definition:
    what = ends(draw, {"from": name["called"], "to": name["ended"]})
    if not raw and maybe(draw, 3):
        what["minus"] = pick(draw, ["held"], ["held", "lasted"])
    later = tuple(pair for pair in DAY_LIMITS if ".." not in pair[0] and pair[0] != "<= 0 d")
    return {"measure": {"duration": what}, **limits(draw, raw, later if what.get("by") == "date" else CLOCK_LIMITS)}


def delay(draw: st.DrawFn, raw: bool, name: dict[str, str]) -> Definition:
    what = ends(draw, {"due": name["due_at"], "actual": name["came"]})
    families = DAY_LIMITS if what.get("by") == "date" else CLOCK_LIMITS + DAY_LIMITS
    return {"measure": {"delay": what}, **limits(draw, raw, families)}


def value(draw: st.DrawFn, raw: bool, name: dict[str, str]) -> Definition:
    what = "stars" if raw else pick(draw, "stars", "waited", "lasted", "both", "less")
    if what != "stars":
        return {"measure": {"value": what}, **limits(draw, raw, CLOCK_LIMITS)}
    made = {"measure": {"value": name["stars"]}, **limits(draw, raw, BARE_LIMITS)}
    if maybe(draw, 3):
        made["scale"] = [0, 60]
    if maybe(draw, 3):
        made["whole"] = True
    return made


def flag(draw: st.DrawFn, raw: bool, name: dict[str, str]) -> Definition:
    what = name["solved"] if raw else pick(draw, name["solved"], "picky", "answered")
    return {"measure": {"flag": what}, **by_segment(draw, raw, lambda: {"green": draw(st.booleans())})}


def category(draw: st.DrawFn, raw: bool, name: dict[str, str]) -> Definition:
    def lists() -> Definition:
        found = {"green": ["a", "A"], "yellow": ["b"], "red": pick(draw, ["c", "a b"], ["Ünï"])}
        return {zone: texts for zone, texts in found.items() if zone == "green" or not maybe(draw, 4)}

    return {"measure": {"category": name["said"]}, **by_segment(draw, raw, lists)}


def by_segment(draw: st.DrawFn, raw: bool, made: Callable[[], Definition]) -> Definition:
    """Limits of categories and flags, now and then others for some rows."""
    if not maybe(draw, 4):
        return made()
    return {"thresholds": [{"where": condition(draw, raw), **made()}, made()]}


KINDS = {"duration": duration, "value": value, "delay": delay, "flag": flag, "category": category}


def criterion(draw: st.DrawFn, raw: bool) -> Definition:
    name = RAW if raw else {field: field for field in RAW}
    kind = pick(draw, "duration", "value", "delay", "duration", "value", "flag", "category")
    made = {"title": kind, **KINDS[kind](draw, raw, name)}
    if maybe(draw, 3):
        made["applies"] = condition(draw, raw)
    if maybe(draw, 3):
        made["abandoned"] = abandoned(draw, made["measure"], condition(draw, raw), name["left"])
    if maybe(draw, 6):
        made["time"] = name["ended"]
    return made


def abandoned(draw: st.DrawFn, measure: Definition, where: Definition, left: str) -> Definition:
    """All five forms; where the measure is a duration, the two that need the value also need `at`."""
    (kind, what), *_ = measure.items()
    plain = [None, "red", "excluded"]
    bare = kind == "value" and what in {"stars", "score"}
    short = pick(draw, "4", "30") if bare else pick(draw, "30 s", "5 s", "1.1 h", "1 d")
    timed = ["by_elapsed", {"excluded_within": short}, {"excluded_within": "green"}]
    counts = pick(draw, *plain, *([] if kind in {"flag", "category"} else timed))
    rule: Definition = {"where": where} if counts is None else {"where": where, "counts": counts}
    if kind == "duration" and (counts not in plain or maybe(draw, 2)):
        rule["at"] = left
    return rule


def log(draw: st.DrawFn, raw: bool, delays: bool) -> Definition:
    name = RAW if raw else {field: field for field in RAW}
    made: Definition = {"time": name["called"]}
    if delays and maybe(draw, 3):
        made["time"] = name["due_at"]
        if maybe(draw, 2):
            made["begins"] = name["ordered"]
    identity = pick(draw, None, "id", ["id", "line"])
    if identity:
        made["id"] = identity
        if maybe(draw, 2):
            made["repeated_ids"] = {
                "keep": pick(draw, "last", "first"),
                "by": name["stamped"] if raw else pick(draw, "stamped", "stamped", "stars"),
            }
    if maybe(draw, 3):
        made["weight"] = "n"
    made["segments"] = ["kind", "team", name["said"]]
    if not maybe(draw, 3):
        made["missing"] = ["?"]
    if maybe(draw, 5):
        made["exclude"] = [
            {"where": condition(draw, raw), "reason": f"left out {place}"} for place in range(pick(draw, 1, 2))
        ]
    return made


MOST = 4
"""Criteria of a document in a quick run: what an engine takes to plan a query grows faster than their number."""


def few_enough(criteria: dict[str, Definition]) -> dict[str, Definition]:
    """The criteria, or in a quick run the first of them: the items of a card that counts each are criteria, too."""
    if not is_quick():
        return criteria
    kept, size = {}, 0
    for name, one in criteria.items():
        card = one["measure"].get("checklist", {})
        size += 1 + (len(card["items"]) if card.get("each") else 0) + len(card.get("groups", ()))
        if kept and size > MOST:
            break
        kept[name] = one
    return kept


def mentioned(data: Any) -> set[str]:
    """Every key and text in a piece of plain data."""
    if isinstance(data, dict):
        return set(data) | {name for value in data.values() for name in mentioned(value)}
    if isinstance(data, list):
        return {name for value in data for name in mentioned(value)}
    return {data} if isinstance(data, str) else set()


def with_parts(used: set[str], fields: Definition) -> set[str]:
    """The names in use, and those of which fields in use are made."""
    return used | {name for field in used & set(fields) for name in mentioned(fields[field])}


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    raw = maybe(draw, 5)
    criteria = few_enough({f"c{place}": criterion(draw, raw) for place in range(pick(draw, 1, 2, 3))})
    parts = [name for name, made in criteria.items() if "time" not in made]
    if parts and maybe(draw, 3):
        criteria["book"] = {"title": "by the book", "measure": {"worst": parts}}
        if maybe(draw, 3):
            criteria["book"]["applies"] = condition(draw, raw)
    made = {"log": log(draw, raw, any("delay" in one["measure"] for one in criteria.values())), "criteria": criteria}
    if not raw:
        fields = declared(draw)
        used = with_parts(mentioned(made), fields)
        made["log"]["fields"] = {name: spec for name, spec in fields.items() if name in used}
        if not made["log"]["fields"]:  # a log with an empty list of fields reads as one without
            made["log"]["fields"] = {"called": fields["called"]}
    process = {"title": "Desk", **made}
    return {"svclight": 1, "title": "Made up", "time_zone": pick(draw, *ZONES), "processes": {PROCESS: process}}


# --- rows ------------------------------------------------------------------------------------------------------------

COLUMNS = (
    "id",
    "line",
    "at",
    "day",
    "clock",
    "unix",
    "unix_ms",
    "closed",
    "gone",
    "promised",
    "delivered",
    "placed",
    "stamp",
    "wait",
    "span",
    "hold",
    "score",
    "ok",
    "answer",
    "outcome",
    "kind",
    "team",
    "n",
)
TIME_COLUMNS = ("at", "closed", "gone", "promised", "delivered", "placed", "stamp")


def written(draw: st.DrawFn, when: datetime) -> str:
    style = pick(draw, " ", " ", " ", "T", "Z", "+02:00", "-05:00", "+0545", "date")
    if style == "date":
        return when.date().isoformat()
    if style in {" ", "T"}:
        return when.isoformat(sep=style)
    return when.isoformat(sep=pick(draw, "T", " ")) + style


SPANS = ("0:00:30", "0:01:00", "00:00:29", "1:06:00", "0:00:30.001", "24:00:00", "1:06:01", "0:00:00")
USUAL = {
    "wait": NUMBERS,
    "score": SCORES,
    "hold": ("0", "0.1", "30.1", "30", "60"),
    "span": SPANS,
    "ok": FLAGS,
    "id": ("1", "2", "3", "01", "4", "5", "6", "7", "8", "9", "10", "11"),
    "line": ("x", "y"),
    "n": ("1", "2", "0", "3.0"),
}
ODD = {
    "wait": ("inf", "nan", float("nan"), 30.0, 30.001),
    "score": ("inf", "nan", float("nan"), 4.0, 30.0),
    "hold": ("0.25", 30.0),
    "n": ("-1", "1.5", "inf", float("nan"), 2.0),
}


def cell(draw: st.DrawFn, column: str, when: datetime) -> object:
    if maybe(draw, 20 if column == "at" else 8):
        return pick(draw, *BROKEN)
    if column == "stamp":  # which reading of a restless time is the later version is not defined
        return written(draw, datetime(2026, 6, 15, 9) + pick(draw, *SHIFTS))  # noqa: DTZ001  # written, not an instant
    if column in TIME_COLUMNS:
        shift = timedelta(0) if column == "at" and not maybe(draw, 4) else pick(draw, *SHIFTS)
        return written(draw, when + shift)
    if column in {"unix", "unix_ms", "day", "clock"}:
        return piece(draw, column, when)
    usual = ODD if column in ODD and maybe(draw, 8) else USUAL
    return pick(draw, *usual.get(column, TEXTS))


def piece(draw: st.DrawFn, column: str, when: datetime) -> str:
    """The anchor in the forms that need a `format`."""
    ticks = (when - datetime(1970, 1, 1)) // timedelta(milliseconds=1)  # noqa: DTZ001  # only a count is wanted
    return {
        "unix": pick(draw, str(ticks // 1000), f"{ticks / 1000:.3f}"),
        "unix_ms": str(ticks),
        "day": pick(draw, f"{when:%d.%m.%Y}", f"{when.day}.{when.month}.{when.year}"),
        "clock": f"{when:%H:%M:%S}",
    }[column]


def row(draw: st.DrawFn, columns: list[str], bases: list[str]) -> Row:
    when = datetime.fromisoformat(pick(draw, *bases))
    made = {column: cell(draw, column, when) for column in columns}
    if "line" in made and made["line"] in BROKEN:  # an id that is there in part is not defined
        made["line"] = "x"
    if "line" in made and made["id"] in BROKEN:
        made["line"] = made["id"] = None
    return made


def legal_repeats(draw: st.DrawFn, rows: list[Row], log: Definition) -> list[Row]:
    """Without a rule for repeated ids, only rows that are the same in every column may share one."""
    if "id" not in log or "repeated_ids" in log:
        return rows
    for place, one in enumerate(rows):
        one["id"] = one["id"] if one["id"] in BROKEN else f"{place}"
        if one["id"] == "abc":
            one["id"] = f"abc{place}"
    if "?" not in log.get("missing", []):
        for place, one in enumerate(rows):
            one["id"] = f"?{place}" if one["id"] == "?" else one["id"]
    copies = [draw(st.sampled_from(rows)) for _ in range(pick(draw, 0, 0, 1, 3))] if rows else []
    return [dict(one) for one in draw(st.permutations(rows + copies))] if copies else rows


@st.composite
def cases(draw: st.DrawFn) -> Case:
    definition = draw(definitions())
    process = definition["processes"][PROCESS]
    names = mentioned(process)
    columns = [column for column in COLUMNS if column in names]
    given = not maybe(draw, 4)
    # which reading of a restless time is the newest is not defined
    bases = draw(st.lists(st.sampled_from(CALM + RESTLESS if given else CALM), min_size=1, max_size=4))
    rows = [row(draw, columns, bases) for _ in range(draw(st.integers(0, pick(draw, 3, 8, 25))))]
    rows = legal_repeats(draw, rows, process["log"])
    as_of = now(draw, bases, rows) if given else None
    if as_of is None and not has_time(definition, rows):
        as_of = NOWS[0]
    by = pick(draw, [], [], ["kind"], ["kind", "team"], process["log"]["segments"][2:])
    return Case(definition, rows, columns, as_of, by, pick(draw, *PERIODS))


def now(draw: st.DrawFn, bases: list[str], rows: list[Row]) -> str:
    """Late, in the middle, a little after the newest, or the very time of a cell; never in a restless night."""
    near = str(datetime.fromisoformat(max(bases)) + pick(draw, *SHIFTS))
    cells = [one[column] for one in rows for column in TIME_COLUMNS if column in one]
    exact = [text for text in cells if isinstance(text, str) and text.startswith("20")]
    return pick(draw, *NOWS[:2], *[text for text in (near, near, *exact) if not text.startswith(NIGHTS)], *NOWS[2:])


def has_time(definition: Definition, rows: list[Row]) -> bool:
    scorer = Scorer(definition, PROCESS)
    try:
        scorer.newest([one for one in rows if scorer.weight(one) is not None])
    except ValueError:
        return False
    return True
