"""Random event logs and definitions over them, whose events like to fall on the same instant and on limits.

Every draw is a `Call`. A log with weights gives each case one weight, as that of a case that is left out is not defined.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from support import strategies as base
from support import strategies_trade as trade
from support.brute_score import Call
from support.strategies import PROCESS, Definition, Row, maybe, pick

STEPS = ("New", "Take", "Solve", "Resolve", "Close", "Note", "")
NAMES = ("taken", "solved", "closed", "noted")
FIELDS: Definition = {
    "stars": {"number": "score"},
    "waited": {"number": "wait", "unit": "min"},
    "held": {"number": "hold", "unit": "s"},
    "solved_ok": {"flag": "ok"},
    "said": {"text": "answer"},
    "due_at": {"time": "promised"},
    "came": {"time": "delivered"},
    "whom": {"text": "who"},
    "hour": {"part": "hour", "of": "called"},
    "weekday": {"part": "weekday", "of": "called"},
    "greets": {"flag": "greets"},
    "solves": {"flag": "solves"},
    "polite": {"flag": "polite"},
}
CONDITIONS: tuple[Definition, ...] = (
    {"kind": "a"},
    {"kind": {"not": "a"}},
    {"team": ["a", "b"]},
    {"team": None},
    {"not": {"team": "b"}},
    {"any": [{"kind": "a"}, {"team": "b"}]},
    {"outcome": {"is": "> 5"}},
    {"stars": "> 3"},
    {"stars": 4},
    {"solved_ok": True},
    {"solved_ok": {"not": True}},
    {"weekday": {"not": ["sat", "sun"]}},
    {"hour": ">= 12"},
    {"called": ">= 2026-02-01"},
)
TIMELESS = tuple(one for one in CONDITIONS if not {"weekday", "hour", "called"} & set(one))


def end(draw: st.DrawFn) -> Any:
    return pick(draw, "start", "end", *NAMES, {"last": "taken"}, {"last": "solved"}, {"last": "noted"})


def duration(draw: st.DrawFn) -> Definition:
    what: Definition = {"from": pick(draw, "start", "taken", "start", end(draw)), "to": pick(draw, "solved", end(draw))}
    by_date = maybe(draw, 4)
    if by_date:
        what["by"] = "date"
    families = base.CLOCK_LIMITS
    if by_date:
        families = tuple(pair for pair in base.DAY_LIMITS if ".." not in pair[0] and pair[0] != "<= 0 d")
    elif maybe(draw, 4):
        what["minus"] = ["held"]
    made = {"measure": {"duration": what}, **limits(draw, families)}
    if maybe(draw, 3):
        counts = pick(draw, "red", "excluded", "by_elapsed", {"excluded_within": pick(draw, "1 h", "green")})
        made["abandoned"] = {"where": pick(draw, *TIMELESS), "at": pick(draw, "closed", "noted"), "counts": counts}
    return trade.with_calendar(draw, made, lambda pairs: limits(draw, pairs)) if maybe(draw, 3) else made


def limits(draw: st.DrawFn, families: tuple[tuple[str, str], ...]) -> Definition:
    """Limits for all cases, or by segment and by the date of the first event."""
    if not maybe(draw, 4):
        return base.zones(draw, families)
    first = pick(draw, *families)
    alike = tuple(pair for pair in families if base.direction(pair[0]) == base.direction(first[0]))
    day = pick(draw, "2026-02-01", "2026-06-15")
    return {
        "thresholds": [
            {"where": pick(draw, *TIMELESS), **base.zones(draw, alike)},
            {"until": day, **base.zones(draw, alike)},
            {"from": day, **base.zones(draw, alike)},
        ]
    }


def count(draw: st.DrawFn) -> Definition:
    what = {"step": pick(draw, *NAMES)}
    if maybe(draw, 2):
        what["distinct"] = pick(draw, "team", "kind", "said")
    made = {"measure": {"count": what}, **limits(draw, trade.COUNTS)}
    if maybe(draw, 4):
        made["abandoned"] = {"where": pick(draw, *TIMELESS), "counts": pick(draw, "red", "excluded")}
    return made


def attribute(draw: st.DrawFn) -> Definition:
    return pick(
        draw,
        {"measure": {"value": "stars"}, **base.zones(draw, base.BARE_LIMITS)},
        {"measure": {"value": "waited"}, **base.zones(draw, base.CLOCK_LIMITS)},
        {"measure": {"flag": "solved_ok"}, "green": True},
        {"measure": {"category": "said"}, "green": ["a", "A"], "yellow": ["b"], "red": ["c"]},
        {"measure": {"delay": {"due": "due_at", "actual": "came"}}, **base.zones(draw, base.DAY_LIMITS)},
    )


def card(draw: st.DrawFn) -> Definition:
    what: Definition = {"items": {"greets": 0.1, "solves": 0.2, "polite": 0.7}, "each": maybe(draw, 2)}
    if maybe(draw, 3):
        what["critical"] = ["solves"]
    return {"measure": {"checklist": what}, **limits(draw, trade.SHARES)}


def repeat(draw: st.DrawFn) -> Definition:
    what = {"within": pick(draw, *trade.WINDOWS), "same": ["customer"], "first_only": maybe(draw, 2)}
    return {"measure": {"repeat": what}, **base.zones(draw, trade.COUNTS)}


KINDS = {"duration": duration, "count": count, "attribute": attribute, "card": card, "repeat": repeat}


def criterion(draw: st.DrawFn, kinds: tuple[str, ...]) -> Definition:
    kind = pick(draw, *kinds)
    made = {"title": kind, **KINDS[kind](draw)}
    if maybe(draw, 3):
        made["applies"] = pick(draw, *CONDITIONS)
    if maybe(draw, 3):
        made["asked"] = pick(draw, *TIMELESS)
    return made


def log(draw: st.DrawFn, repeats: bool) -> Definition:
    made: Definition = {
        "rows": "events",
        "id": pick(draw, "id", ["id", "line"]),
        "time": "called",
        "step": "step",
        "steps": {
            "taken": "Take",
            "solved": ["Solve", "Resolve"],
            "closed": "Close",
            "noted": {"where": pick(draw, {"step": "Note"}, *TIMELESS[:5])},
        },
        "segments": ["kind", "team"],
    }
    if maybe(draw, 2):
        made["ends"] = pick(draw, ["closed"], ["solved"], ["closed", "noted"])
    if maybe(draw, 3):
        made["repeated_rows"] = "drop"
    if maybe(draw, 2):
        made["missing"] = ["?"]
    if maybe(draw, 3):
        made["exclude"] = [{"where": pick(draw, *TIMELESS, {"step": "Note"}), "reason": "left out"}]
    if repeats:
        made["customer"] = pick(draw, "who", "whom")
    elif maybe(draw, 4):
        made["weight"] = "n"
    return made


@st.composite
def definitions(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS)) -> Definition:
    criteria = base.few_enough({f"c{place}": criterion(draw, kinds) for place in range(pick(draw, 1, 2, 3))})
    if maybe(draw, 3):
        criteria["book"] = {"title": "by the book", "measure": {"worst": list(criteria)}}
    made = {"log": log(draw, any("repeat" in one["measure"] for one in criteria.values())), "criteria": criteria}
    made["log"]["fields"] = {"called": base.times(draw, "at")}
    used = base.mentioned(made)
    made["log"]["fields"] |= {name: spec for name, spec in FIELDS.items() if name in used}
    definition: Definition = {
        "svclight": 1,
        "title": "Made up",
        "time_zone": pick(draw, *base.ZONES),
        "processes": {PROCESS: {"title": "Desk", **made}},
    }
    if "office" in used:
        definition["calendars"] = {"office": pick(draw, *trade.CALENDARS)}
    return definition


COLUMNS = (
    "id",
    "line",
    "at",
    "step",
    "wait",
    "hold",
    "score",
    "ok",
    "answer",
    "outcome",
    "kind",
    "team",
    "promised",
    "delivered",
    "who",
    *trade.ITEMS,
    "n",
)


def event(draw: st.DrawFn, columns: list[str], bases: list[str], weighty: Row) -> Row:
    when = datetime.fromisoformat(pick(draw, *bases)) + pick(draw, *base.SHIFTS)
    made: Row = {}
    for column in columns:
        if column == "at":
            made[column] = pick(draw, *base.BROKEN) if maybe(draw, 20) else base.written(draw, when)
        elif column == "step":
            made[column] = pick(draw, *STEPS)
        elif column == "id":
            made[column] = pick(draw, *base.BROKEN[:3]) if maybe(draw, 20) else pick(draw, "1", "2", "1", "3", "4")
        elif column in {"kind", "team", "score", "ok", "answer"} and maybe(draw, 3):
            made[column] = pick(draw, "", None)
        elif column != "n":
            made[column] = trade.cell(draw, column, when)
    if "n" in columns:
        made["n"] = weighty.setdefault(str(made["id"]), pick(draw, "1", "2", "0", "3.0"))
    return made


@st.composite
def event_calls(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS)) -> Call:
    definition = draw(definitions(kinds))
    process = definition["processes"][PROCESS]
    names = base.mentioned(process)
    columns = [column for column in COLUMNS if column in names]
    given = not maybe(draw, 4)
    bases = draw(st.lists(st.sampled_from(base.CALM + base.RESTLESS if given else base.CALM), min_size=1, max_size=3))
    weighty: Row = {}
    rows = [event(draw, columns, bases, weighty) for _ in range(pick(draw, 1, 3, 6, 10, 16, 20))]
    rows += [dict(draw(st.sampled_from(rows))) for _ in range(pick(draw, 0, 0, 1, 3))]
    call = Call(
        definition,
        PROCESS,
        rows,
        as_of=pick(draw, base.NOWS[0], *[base.now(draw, bases, rows)] * 2) if given else None,
        period=pick(draw, *base.PERIODS),
        by=tuple(pick(draw, [], [], ["kind"], ["kind", "team"])),
        matured=maybe(draw, 4),
    )
    return call if given or trade.has_time(call) else replace(call, as_of=base.NOWS[0])
