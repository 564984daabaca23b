"""Random definitions and logs for the measures of the trade: working time, cards, repeats, joins, loyalty, matured.

Every draw is a `Call`, as `strategies` draws a `Case`; what the documents leave open (a weight beside repeats, dated limits
of customers, a span whose edge the changing clock shows twice) is never drawn.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from support import strategies as base
from support.brute_customers import is_of_customers
from support.brute_score import Call, seen
from support.strategies import PROCESS, Definition, Row, maybe, pick

if TYPE_CHECKING:
    from collections.abc import Callable

    Limits = Callable[[tuple[tuple[str, str], ...]], Definition]

CALENDARS = (
    {"hours": {"mon-fri": "09:00-18:00"}},
    {"hours": {"mon-sun": "08:00-20:00"}, "closed": ["2026-02-01", "2026-06-15"]},
    {"hours": {"sun-thu": ["07:30-12:00", "13:00-17:15"], "fri": "07:00-12:00"}, "open": {"2026-01-31": "10:00-12:30"}},
    {"hours": {"sat": "22:00-06:00", "mon-tue": ["06:30-12:00", "16:00-24:00"]}},
    {"hours": {"mon-sun": "00:00-24:00"}},
)
HOURS = (
    ("<= 30 min", "<= 2 h"),
    ("<= 8 bh", "<= 2 d"),
    ("< 9 h", "<= 9 h"),
    (">= 1 h", ">= 30 min"),
    ("<= 0 s", "<= 60.000001 s"),
    ("0 h .. 9 h", "-9 h .. 18 h"),
)
DAYS = (
    ("<= 0 bd", "<= 1 bd"),
    ("<= 1 bd", "<= 2 bd"),
    ("< 0.5 bd", "<= 1.5 bd"),
    ("0 bd .. 1 bd", "-1 bd .. 2 bd"),
    (">= 1 bd", ">= 0.5 bd"),
)
SHARES = (
    ("<= 30 %", "<= 50 %"),
    (">= 80 %", ">= 50 %"),
    (">= 100 %", ">= 70 %"),
    ("> 30 %", ">= 30 %"),
    (">= 90 %", "> 0 %"),
)
COUNTS = (("<= 0", "<= 1"), (">= 1", ">= 0.5"), ("<= 1", "<= 2"), (">= 2", ">= 1"), ("1 .. 1", "0 .. 2"))
AGES = (("<= 0 s", "<= 1 d"), ("<= 7 d", "<= 31 d"), ("< 1 d", "< 60 d"), (">= 30 d", ">= 7 d"))
SUMS = ((">= 30", ">= 0.3"), ("> 0", ">= 0"), ("<= 0.3", "<= 30.3"), (">= 0.3", ">= 0.1"))
WINDOWS = ("1 d", "7 d", "30 s", "24 h", "4 wk", "40 d")
ITEMS = ("greets", "solves", "polite")
EXTRA = ("who", "topic", *ITEMS, "paid", "ticket")
USUAL = {
    "who": ("a", "b", "a", "c", "", "?"),
    "topic": ("x", "y", "x", "", None),
    **dict.fromkeys(ITEMS, ("yes", "no", "yes", "true", "0", "n/a", "N/A", "", "?", "maybe")),
    "paid": ("10", "0.1", "0.2", "20", "10", "30.0", "0", "-3", "", "abc"),
    "ticket": ("1", "2", "3", "1", "2", "4", ""),
}
FIELDS: Definition = {
    "whom": {"text": "who"},
    "about": {"text": "topic"},
    **{item: {"flag": item} for item in ITEMS},
    "amount": {"number": "paid"},
}


def with_calendar(draw: st.DrawFn, criterion: Definition, limits: Limits) -> Definition:
    """The same measure in working time: limits in working hours, or in working days."""
    ((kind, how),) = criterion["measure"].items()
    how = {**how, "calendar": "office"}
    families = pick(draw, HOURS, DAYS)
    if kind == "duration" or maybe(draw, 2):
        families = tuple(pair for pair in families if "-" not in pair[1])
    if families[0][0].endswith("bd"):
        how.pop("minus", None)
    made = {key: what for key, what in criterion.items() if key not in {"green", "yellow", "thresholds"}}
    counts = criterion.get("abandoned", {}).get("counts")
    if isinstance(counts, dict) and counts["excluded_within"] != "green":
        within = "1 bd" if families[0][0].endswith("bd") else "30 min"
        made["abandoned"] = {**criterion["abandoned"], "counts": {"excluded_within": within}}
    return {**made, "measure": {kind: how}, **limits(families)}


def clocked(draw: st.DrawFn, raw: bool) -> Definition:
    made = base.criterion(draw, raw)
    (kind,) = made["measure"]
    if kind not in {"duration", "delay"} or not maybe(draw, 2):
        return made
    return with_calendar(draw, made, lambda families: base.limits(draw, raw, families))


def working(draw: st.DrawFn, raw: bool) -> Definition:
    """A duration or a delay in working time, now and then with `applies`, `abandoned` and a time of its own."""
    name = base.RAW if raw else {field: field for field in base.RAW}
    made = {"title": "working", **pick(draw, base.duration, base.duration, base.delay)(draw, raw, name)}
    if maybe(draw, 3):
        made["abandoned"] = base.abandoned(draw, made["measure"], base.condition(draw, raw), name["left"])
    if maybe(draw, 4):
        made["applies"] = base.condition(draw, raw)
    if maybe(draw, 6):
        made["time"] = name["ended"]
    return with_calendar(draw, made, lambda families: base.limits(draw, raw, families))


def card(draw: st.DrawFn, raw: bool) -> Definition:
    items = {name: pick(draw, *weights) for name, weights in zip(ITEMS, ((0.1, 10), (0.2, 30), (0.7, 60)), strict=True)}
    what: Definition = {"items": items}
    if maybe(draw, 3):
        what["critical"] = pick(draw, ["solves"], ["greets", "polite"])
    if maybe(draw, 2):
        what["each"] = True
    if maybe(draw, 3):
        what["groups"] = {"manners": ["greets", "polite"], "skill": ["solves"]}
    return {"title": "card", "measure": {"checklist": what}, **base.limits(draw, raw, SHARES)}


def repeat(draw: st.DrawFn, raw: bool) -> Definition:
    topic = "topic" if raw else "about"
    what: Definition = {"within": pick(draw, *WINDOWS), "same": pick(draw, ["customer"], ["customer", topic])}
    if maybe(draw, 2):
        what["first_only"] = True
    return {"title": "repeat", "measure": {"repeat": what}, **base.limits(draw, raw, COUNTS)}


def joined(draw: st.DrawFn, _raw: bool) -> Definition:
    kind = pick(draw, "value", "category", "flag")
    limits = {
        "value": base.zones(draw, base.BARE_LIMITS),
        "category": {"green": ["a"], "yellow": ["b"]},
        "flag": {"green": True},
    }[kind]
    name = {"value": "survey.stars", "category": "survey.word", "flag": "survey.kept"}[kind]
    made = {"title": "joined", "measure": {kind: name}, **limits}
    if kind != "flag" and maybe(draw, 3):
        where = pick(draw, {"survey.word": "a"}, {"survey.kept": True}, {"survey.word": None})
        made |= {"thresholds": [{"where": where, **limits}, limits]}
        for zone in limits:
            del made[zone]
    if maybe(draw, 3):
        made["applies"] = pick(draw, {"survey.stars": "> 2"}, {"not": {"survey.word": "a"}}, {"survey.kept": False})
    return made


def loyalty(draw: st.DrawFn, raw: bool) -> Definition:
    kind = pick(draw, "recency", "frequency", "spend")
    what: Definition = {"within": pick(draw, *WINDOWS)}
    if kind == "spend":
        what["amount"] = "paid" if raw else "amount"
    if kind != "recency" and maybe(draw, 2):
        what["young"] = "rated"
    families = {"recency": AGES, "frequency": COUNTS, "spend": SUMS}[kind]
    made = {"title": kind, "measure": {kind: what}, **base.zones(draw, families)}
    if maybe(draw, 3):
        limits = {zone: made.pop(zone) for zone in ("green", "yellow") if zone in made}
        first = tuple(pair for pair in families if base.direction(pair[0]) == base.direction(limits["green"]))
        made["thresholds"] = [{"where": pick(draw, {"kind": "a"}, {"team": "b"}), **base.zones(draw, first)}, limits]
    if maybe(draw, 3):
        made["applies"] = pick(draw, {"kind": "a"}, {"kind": {"not": "a"}}, {"not": {"team": "b"}}, {"team": None})
    return made


KINDS = {"working": working, "clocked": clocked, "card": card, "repeat": repeat, "joined": joined, "loyalty": loyalty}


def criterion(draw: st.DrawFn, raw: bool, kinds: tuple[str, ...]) -> Definition:
    kind = pick(draw, *kinds)
    made = KINDS[kind](draw, raw)
    if kind in {"card", "repeat"}:
        if maybe(draw, 3):
            made["applies"] = base.condition(draw, raw)
        if maybe(draw, 4):
            made["abandoned"] = {"where": base.condition(draw, raw), "counts": pick(draw, "red", "excluded")}
        if kind == "card" and maybe(draw, 6):
            made["time"] = "closed" if raw else "ended"
    if kind in {"clocked", "joined"} and maybe(draw, 4):
        made["asked"] = pick(draw, {"kind": "a"}, {"outcome": {"not": "a"}})
    return made


@st.composite
def definitions(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS)) -> Definition:
    raw = maybe(draw, 5)
    criteria = base.few_enough({f"c{place}": criterion(draw, raw, kinds) for place in range(pick(draw, 1, 2, 3))})
    parts = [name for name, one in criteria.items() if "time" not in one and not is_of_customers(one)]
    parts += [f"{name}.greets" for name in parts if criteria[name]["measure"].get("checklist", {}).get("each")]
    if parts and maybe(draw, 3):
        criteria["book"] = {"title": "by the book", "measure": {"worst": parts}}
    log = base.log(draw, raw, any("delay" in one["measure"] for one in criteria.values()))
    repeats = any("repeat" in one["measure"] for one in criteria.values())
    if repeats or any(map(is_of_customers, criteria.values())):
        log |= {"time": "at" if raw else "called", "customer": pick(draw, "who") if raw else pick(draw, "who", "whom")}
        log.pop("begins", None)
    if repeats:
        log.pop("weight", None)
    if any("survey" in text for text in base.mentioned(criteria)):
        fields = {"stars": {"number": "stars"}, "word": {"text": "word"}, "kept": {"flag": "kept", "missing": ["0"]}}
        log["join"] = {"survey": {"on": {"ticket": "number"}, "fields": fields}}
        keep = pick(draw, None, "first", "last")
        log["join"]["survey"] |= {"keep": keep} if keep else {}
    made = {"log": log, "criteria": criteria}
    if not raw:
        made["log"]["fields"] = declared(draw, made)
    definition = {
        "svclight": 1,
        "title": "Made up",
        "time_zone": pick(draw, *base.ZONES),
        "processes": {PROCESS: {"title": "Desk", **made}},
    }
    if "office" in base.mentioned(criteria):
        zone = {"time_zone": pick(draw, *base.ZONES)} if maybe(draw, 3) else {}
        definition["calendars"] = {"office": {**pick(draw, *CALENDARS), **zone}}
        if maybe(draw, 2):
            log["calendar"] = "office"
    if maybe(draw, 4):
        log["since"] = pick(draw, "2025-11-01", "2026-01-01", "2026-02-01", "2026-06-20")
    return definition


def declared(draw: st.DrawFn, made: Definition) -> Definition:
    """The fields that are used, or one where none is."""
    fields = {**base.declared(draw), **FIELDS}
    used = base.with_parts(base.mentioned(made), fields)
    return {name: spec for name, spec in fields.items() if name in used} or {"called": fields["called"]}


def cell(draw: st.DrawFn, column: str, when: datetime) -> object:
    if column in EXTRA:
        return pick(draw, *USUAL[column])
    shift = pick(draw, *base.SHIFTS) if column == "at" and maybe(draw, 2) else timedelta(0)
    return base.cell(draw, column, when + shift)


def survey(draw: st.DrawFn, keep: str | None) -> list[Row]:
    numbers = draw(st.lists(st.sampled_from(("1", "2", "3", "")), min_size=2, max_size=6, unique=keep is None))
    rows = [
        {
            "number": number,
            "stars": pick(draw, "1", "4", "4.5", "", "abc", "30"),
            "word": pick(draw, "a", "b", "c", ""),
            "kept": pick(draw, "yes", "no", "0", ""),
        }
        for number in numbers
    ]
    return rows or [{"number": "9", "stars": "1", "word": "a", "kept": "yes"}]


@st.composite
def trade_calls(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS)) -> Call:
    definition = draw(definitions(kinds))
    process = definition["processes"][PROCESS]
    names = base.mentioned(process)
    columns = [column for column in (*base.COLUMNS, *EXTRA) if column in names]
    given = not maybe(draw, 4)
    bases = draw(st.lists(st.sampled_from(base.CALM + base.RESTLESS if given else base.CALM), min_size=1, max_size=4))
    rows = [row(draw, columns, bases) for _ in range(pick(draw, 1, 3, 6, 10, 16))]
    rows = base.legal_repeats(draw, rows, process["log"])
    loyal = any(map(is_of_customers, process["criteria"].values()))
    others = {"survey": survey(draw, process["log"]["join"]["survey"].get("keep"))} if "join" in process["log"] else {}
    call = Call(
        definition,
        PROCESS,
        rows,
        others,
        pick(draw, *base.NOWS[:2], base.now(draw, bases, rows)) if given else None,
        pick(draw, *(("month", "quarter", "year", "week") if loyal else base.PERIODS)),
        tuple(pick(draw, [], [], ["kind"], ["kind", "team"])),
        matured=maybe(draw, 3),
    )
    return call if given or has_time(call) else replace(call, as_of=base.NOWS[0])


def row(draw: st.DrawFn, columns: list[str], bases: list[str]) -> Row:
    when = datetime.fromisoformat(pick(draw, *bases))
    made = {column: cell(draw, column, when) for column in columns}
    if "line" in made and made["line"] in base.BROKEN:  # an id that is there in part is not defined
        made["line"] = "x"
    if "line" in made and made["id"] in base.BROKEN:
        made["line"] = made["id"] = None
    return made


def has_time(call: Call) -> bool:
    try:
        scorer, _ = seen(call)
    except ValueError:
        return False
    return scorer.now is not None
