"""The ready definitions: each loads in both languages, reads as a service standard, and is scored on a log that fits it."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from support.places import READY as FOLDER

import svclight
from svclight.definition.for_authors import LANGUAGES, READY, ready_definition
from svclight.definition.names_used import raw_columns
from svclight.definition.ready_logs import PRICES, Frames, ready_logs
from svclight.errors import SvclightError, SvclightNotice
from svclight.processes import load, loads
from svclight.thresholds import STATES
from svclight.wording.service_standard import describe_definitions

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.once  # what they say; how definitions are read and logs are scored is tried without them
BOTH = [pytest.param(kind, lang, id=f"{kind}-{lang}") for kind in READY for lang in LANGUAGES]
ROUBLES = PRICES["ru"]
TEXTS = ("title", "description", "owner", "reason", "actor", "action")
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
OPTIONAL = re.compile(r"^( *)# ((accepted|changes|open|read|repeated_ids): .*)$", re.MULTILINE)
"""Lines that count as soon as the # is taken away."""

PHRASES = {
    "hotline": [
        "Measured: the time from “queued at” to “answered at”.",
        "| at most 30 s | at most 1 min | more than 1 min |",
        "- Customers who gave up (where “outcome” is abandoned): not counted where they gave up within 5 s, else dissatisfied.",
        "Measured: how many contacts with the same “customer” and “topic” follow within 7 days; only of contacts that are no repeats themselves.",
        "- Younger than 7 days: counted as soon as the zone is certain, pending until then.",
        "| 3 min to 7 min | 2 min to 10 min | less than 2 min or more than 10 min |",
        "| solved | passed on | not solved |",
    ],
    "chat": [
        "not counted where they gave up while they would have been satisfied, else dissatisfied.",
        "Of rows with the same “chat id” the last one by “updated at” counts.",
        "Measured: the time from “person requested at” to “person answered at”. Only where “handed over” is true.",
        "- Asked were those where “survey sent” is true; the report says how many of them answered.",
    ],
    "email": [
        "Measured: the time from “received at” to “replied at”, in working time (email office).",
        "| at most 4 working hours | at most 9 working hours | more than 9 working hours |",
        "| “topic” is account blocked | at most 0.5 working days | at most 1 working day | more than 1 working day |",
        "| all others | at most 2 working days | at most 4 working days | more than 4 working days |",
        "- closed on 31 Dec 2026",
    ],
    "delivery": [
        "An interaction belongs to the month of “promised on” and exists from “ordered at” on.",
        "Measured: how late “delivered at” is against “promised on”, by calendar date; early is below 0.",
        "| “region” is islands, from 1 Jan 2026 | at most 1 day | at most 4 days | more than 4 days |",
        "| all others, from 1 Jan 2026 | at most 0 days | at most 2 days | more than 2 days |",
        "- Customers who gave up (where “status” is cancelled): not counted.",
    ],
    "ordering": [
        "Measured: the time from “opened at” to “ordered at”.",
        "| as wished | another way | failed |",
        "| all others, from 1 Jan 2026 | at least 5 | at least 4 | less than 4 |",
        "| no | – | yes |",
    ],
    "helpdesk": [
        "All events with the same “ticket” are one interaction. It belongs to the month of its first event. It is finished with “solved” or “withdrawn”.",
        "Measured: the time from the first event to “taken”, in working time (helpdesk office).",
        "Measured: the time from the first event to the last “solved”, in working time (helpdesk office).",
        "| “priority” is high | at most 30 min | at most 1 working hour | more than 1 working hour |",
        "Measured: how many different values of “agent” there are at “taken”.",
        "Measured: how often “reopened” happens.",
    ],
    "field": [
        "- Customers who gave up (where “status” is cancelled): counted by the time until they gave up.",
        "| \u22122 h to 0 min | \u2212150 min to 30 min | less than \u2212150 min or more than 30 min |",
        "Measured: the time from “arrived at” to “finished at”, less “waited for customer”.",
        "| “device” is heating | at most 2 h | at most 3 h | more than 3 h |",
    ],
    "returns": [
        "- Mon–Fri: 07:00–12:00 and 12:30–16:00",
        "| “product” is phone, from 1 Jan 2026 | at most 5 working days | at most 7 working days | more than 7 working days |",
        "Only where “kind” is warranty and “received at” is not empty and not (“decision” is refused).",
        "| accepted | goodwill | refused |",
    ],
    "complaints": [
        "Measured: the time from “received at” to “acknowledged at”, in working time (complaints office).",
        "Only where not (“justified” is false).",
        "Measured: the time from “mended at” to “told at”, in working time (complaints office). Only where “mended at” is not empty.",
        "- Red where one of them is red, else pending where one is pending; what does not apply is left out.",
    ],
    "satisfaction": [
        "satisfied minus dissatisfied at least 30 percentage points; judged from 100 rated interactions.",
        "| at least 9 | at least 7 | less than 7 |",
        "- Possible are whole numbers from 0 to 10; anything else counts as missing.",
        "- Possible are whole numbers from 1 to 7; anything else counts as missing.",
        "“survey” is joined to it by “call id”, the last row of several counts.",
        "Measured: “csat” of “survey”. Only where “invited” is true.",
    ],
    "loyalty": [
        "Measured: the time since the customer's last interaction, at each period's end, looking back 180 days.",
        "Measured: interactions of a customer in the 90 days before each period's end.",
        "Measured: what a customer spent (“amount”) in the 90 days before each period's end.",
        "- At the end of each period every customer seen so far counts as one.",
        "| at least 1 | – | less than 1 |",
    ],
    "quality": [
        "0 % where “",
        "- An item that is empty or n/a does not apply, and its points are left out.\n- Also counted by itself: “",
        "\n- Each item is also counted by itself.",
        "Measured: percent of the points that apply: “identity” (1) and “privacy” (1).",
    ],
    "employees": [
        "| at least 2 | at least 1 | less than 1 |",
        "| by heart | in part | not at all |",
        "- Target: satisfied minus dissatisfied at least 10 percentage points; judged from 50 rated interactions.",
    ],
    "reviews": [
        "| at most 7 days | – | more than 7 days |",
        "| “stars” ≤ 3 | at most 4 h | at most 1 day | more than 1 day |",
        "| corrected | silent | repeated |",
    ],
    "self_service": [
        "| solved | passed on | given up |",
        "Measured: the time from “noted at” to “answered at”, in working time (self service office). Only where “noted” is true.",
        "Only where “nobody there” is true and “outcome” is not solved.",
    ],
    "duties": [
        "Measured: how late “papers at” is against “papers due”, by calendar date; early is below 0.",
        "| at most 0 days | at most 7 days | more than 7 days |",
    ],
}
"""Sentences of the service standard that do not depend on the language of the definition."""


def path_of(kind: str, lang: str) -> Path:
    return FOLDER / lang / f"{kind}.yaml"


def test_every_kind_is_there_in_every_language() -> None:
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.*")}
    assert there == {f"{lang}/{kind}.yaml" for kind in (*READY, "00_service") for lang in LANGUAGES}
    assert set(PHRASES) == set(READY)


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(
        SvclightError, match='there is no ready definition for "mail"; expected one of "hotline", "chat"'
    ):
        ready_definition("mail")
    with pytest.raises(SvclightError, match='no ready definition in the language "de"; expected one of "en", "ru"'):
        ready_definition("hotline", "de")
    with pytest.raises(SvclightError, match='there is no ready definition for "chats".*did you mean "chat"') as caught:
        ready_definition("chats", "RU")
    assert len(caught.value.issues) == 2


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_it_loads(kind: str, lang: str) -> None:
    definitions = load(path_of(kind, lang))
    assert kind in definitions.processes
    assert ready_definition(kind, lang) == path_of(kind, lang).read_text("utf-8")
    assert definitions.language == lang
    assert definitions.document.time_zone == {"en": "Europe/Berlin", "ru": "Europe/Moscow"}[lang]
    for process in definitions.processes.values():
        assert process.scenario or process.log is None
        assert all(criterion.title for criterion in process.criteria.values())


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_every_criterion_has_a_target_and_every_stage_of_the_method_its_line(kind: str, lang: str) -> None:
    definitions = load(path_of(kind, lang))
    assert [name for _, name, one in definitions.criteria() if not one.targets and "." not in name] == []
    found = re.findall(r"# (?:Stage|Этап) (\d)\. \S", ready_definition(kind, lang))
    assert sorted(set(found)) == list("123456")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_hotline_has_the_six_steps_of_the_method(lang: str) -> None:
    process = load(path_of("hotline", lang)).processes["hotline"]
    customer, employee = {"en": ("customer", "employee"), "ru": ("клиент", "сотрудник")}[lang]
    assert [(step.step, step.actor) for step in process.scenario] == [
        ("call", customer),
        ("answer", employee),
        ("describe", customer),
        ("solve", employee),
        ("told", customer),
        ("solved", employee),
    ]
    assert list(process.criteria)[:3] == ["wait", "transfers", "talk"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_complaint_has_five_steps_each_with_its_clock(lang: str) -> None:
    process = load(path_of("complaints", lang)).processes["complaints"]
    steps = ["acknowledge", "apologise", "mend", "tell", "make_good"]
    assert [step.step for step in process.scenario] == steps
    assert [process.criteria[step].measure.kind for step in steps] == ["duration"] * 5
    # a kindness is for everybody who complained
    assert process.criteria["make_good"].applies is None
    assert process.criteria["by_the_book"].measure.worst == tuple(steps)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_at_least_70_percent_solved_for_at_most_50(lang: str) -> None:
    text = ready_definition("complaints", lang)
    euros = 1 if lang == "en" else ROUBLES
    row = {"received_at": "2026-03-02 10:00", "mended_at": "2026-03-03 10:00", "made_good_at": "2026-03-04 10:00"}
    empty = dict.fromkeys(["acknowledged_at", "apologised_at", "told_at", "survey_sent", "rating", "justified"], "")
    words = {"customer_id": "k", "channel": "letter", "topic": "bill", "severity": "usual", "status": "open"}
    prices = [50 * euros, 50 * euros + 1, 101 * euros, 5]
    rows = [row | empty | words | {"complaint_id": str(n), "made_good_cost": price} for n, price in enumerate(prices)]
    rows[-1] |= {"mended_at": "", "made_good_at": ""}  # it was not put right until the end of the month
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        card = svclight.score({"complaints": pd.DataFrame(rows)}, loads(text), as_of="2026-04-01")
    zones = card.interactions("complaints", "solved_for_little")["zone"].astype(str).tolist()
    # at most 50, at most 100, more, and never
    assert zones == ["green", "yellow", "red", "red"]
    (target,) = loads(text).processes["complaints"].criteria["solved_for_little"].targets
    assert str(target.green) == ">= 70 %"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_bought_for_the_first_time_is_young_and_not_lost(lang: str) -> None:
    rows = [
        {"receipt": "1", "bought_at": "2025-06-02 10:00", "amount": 10, "card": "old", "shop": "a", "status": "paid"},
        {"receipt": "2", "bought_at": "2026-03-30 10:00", "amount": 10, "card": "new", "shop": "a", "status": "paid"},
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        card = svclight.score({"loyalty": pd.DataFrame(rows)}, path_of("loyalty", lang), as_of="2026-04-01")
    march = card.shares().query("period == '2026-03'").set_index("criterion")[["green", "red", "pending"]]
    # the new one has bought two days before the month's end, the old one nothing for half a year
    assert march.loc["recency"].tolist() == [1, 1, 0]
    assert march.loc["frequency"].tolist() == march.loc["spend"].tolist() == [0, 1, 1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_quality_card_has_three_levels_of_seven_behaviours(lang: str) -> None:
    card = load(path_of("quality", lang)).processes["quality"].criteria["card"].measure.checklist
    assert card is not None
    named = {NAMES.get(level, level): [NAMES.get(one, one) for one in items] for level, items in card.groups.items()}
    assert named == {
        "courtesy": ["attitude", "respect"],
        "competence": ["savvy", "resource", "response"],
        "co-operation": ["people", "reliability"],
    }
    assert len(card.items) == 7
    assert sum(card.items.values()) == 100


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_lines_are_short_and_say_how_to_begin(kind: str, lang: str) -> None:
    text = ready_definition(kind, lang)
    assert max(map(len, text.splitlines())) <= 120
    assert "#     svclight validate service.yaml\n#     svclight score service.yaml --log " in text
    assert "\t" not in text
    noted = [line for line in text.splitlines() if "#" in line]
    assert len(noted) > len(text.splitlines()) / 4


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_what_is_commented_out_counts_as_soon_as_the_mark_is_taken_away(kind: str, lang: str) -> None:
    text = ready_definition(kind, lang)
    kinds = {found[3] for found in OPTIONAL.finditer(text)}
    assert {"accepted", "changes"} <= kinds
    definitions = loads(OPTIONAL.sub(r"\1\2", text))
    found = [criterion for _, _, criterion in definitions.criteria()]
    assert any(criterion.accepted for criterion in found)
    assert any(criterion.changes for criterion in found)
    assert all(calendar.open for calendar in definitions.document.calendars.values()) or "open" not in kinds


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_other_limits_of_the_hotline_can_be_taken(lang: str) -> None:
    text = ready_definition("hotline", lang)
    head, rest = text.split("        # thresholds:\n")
    rows, rest = rest.split("\n\n", 1)
    without = re.sub(r'        (green|yellow): "<= (30 s|1 min)".*\n', "", head)
    made = without + "        thresholds:\n" + rows.replace("# ", "") + "\n\n" + rest
    assert len(loads(made).processes["hotline"].criteria["wait"].rows) == 3


NAMES = {
    "настрой": "attitude", "уважение": "respect", "знания": "savvy", "находчивость": "resource", "отклик": "response",
    "люди": "people", "надёжность": "reliability", "card.вежливость": "card.courtesy", "вежливость": "courtesy",
    "card.компетентность": "card.competence", "компетентность": "competence",
    "card.сотрудничество": "card.co-operation", "сотрудничество": "co-operation",
}  # fmt: skip
"""What is named in Russian: levels and behaviours stand in titles of reports."""


def in_euros(raw: Any, key: str = "", above: str = "") -> Any:
    """A definition without its texts and what belongs to a country; money in euros, names in English."""
    if isinstance(raw, dict):
        kept = {name: value for name, value in raw.items() if name not in (*TEXTS, "language")}
        return {NAMES.get(name, name): in_euros(value, name, key) for name, value in kept.items()}
    if isinstance(raw, list):
        return [in_euros(value, key, above) for value in raw]
    if key in ("currency", "country") or (key == "time_zone" and not above):
        return None
    return NAMES.get(raw, raw) if isinstance(raw, str) else raw


def in_roubles(plain: Any, key: str = "") -> Any:
    """The same with euros turned into roubles."""
    if isinstance(plain, dict):
        return {
            name: {zone: round(price * ROUBLES, 6) for zone, price in value.items()}
            if name == "cost"
            else in_roubles(value, name)
            for name, value in plain.items()
        }
    if isinstance(plain, list):
        return [in_roubles(value, key) for value in plain]
    if isinstance(plain, str) and key in ("green", "yellow"):
        return re.sub(r"([\d.]+) EUR", lambda found: f"{float(found[1]) * ROUBLES:g} RUB", plain)
    return "RUB" if plain == "EUR" else plain


@pytest.mark.parametrize("kind", READY)
def test_both_languages_measure_the_same(kind: str) -> None:
    english, russian = (load(path_of(kind, lang)) for lang in LANGUAGES)
    assert in_roubles(in_euros(english.raw)) == in_euros(russian.raw)
    assert english.document.currency == ("EUR" if russian.document.currency else None)
    assert russian.document.currency in ("RUB", None)
    countries = [
        [calendar.holidays.country for calendar in one.document.calendars.values() if calendar.holidays]
        for one in (english, russian)
    ]
    assert countries == [["DE"] * len(countries[0]), ["RU"] * len(countries[0])]


@pytest.mark.parametrize("kind", READY)
def test_both_languages_offer_the_same_lines(kind: str) -> None:
    offered = [[found[3] for found in OPTIONAL.finditer(ready_definition(kind, lang))] for lang in LANGUAGES]
    assert offered[0] == offered[1]


def texts(raw: Any, key: str = "") -> list[str]:
    """What a definition says to people."""
    if isinstance(raw, dict):
        return [text for name, value in raw.items() for text in texts(value, name)]
    if isinstance(raw, list):
        return [text for value in raw for text in texts(value, key)]
    return [raw] if key in TEXTS else []


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_texts_and_comments_are_in_the_language(kind: str, lang: str) -> None:
    said = texts(load(path_of(kind, lang)).raw)
    assert len(said) > 8
    notes = re.findall(r"(?:^| )# (.*)$", ready_definition(kind, lang), re.MULTILINE)
    if lang == "en":
        assert not [text for text in (*said, *notes) if CYRILLIC.search(text)]
        return
    assert not [text for text in said if not CYRILLIC.search(text)]
    code = re.compile(r"^ *(svclight|--log|- \{|thresholds:|open:|read:|\{time:)")
    assert not [note for note in notes if not CYRILLIC.search(note) and not code.match(note)]


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_it_reads_as_a_service_standard(kind: str, lang: str) -> None:
    definitions = load(path_of(kind, lang))
    page = describe_definitions(definitions, "en")
    limits = [
        criterion
        for _, name, criterion in definitions.criteria()
        if "." not in name and criterion.measure.worst is None
    ]
    with_log = [process for process in definitions.processes.values() if process.log is not None]
    assert page.startswith(
        f"# {definitions.document.title}\n\nOwner: {definitions.document.owner} · Version: 2026.1 · "
    )
    assert page.count("The usual course:\n\n1. **") == len(with_log)
    assert page.count(" to the month of ") == len(with_log)
    assert page.count("\nNot counted: ") == sum(bool(process.log.exclude) for process in with_log)
    written = [name for _, name, _ in definitions.criteria() if "." not in name]  # items stand in their card
    assert page.count("Measured: ") == len(written)
    assert page.count("satisfied (green) | neutral (yellow) | dissatisfied (red) |") == len(limits)
    assert page.count("- Target") == sum(len(criterion.targets) for _, _, criterion in definitions.criteria())
    assert page.count("- closed on public holidays of ") == len(definitions.document.calendars)
    assert [phrase for phrase in PHRASES[kind] if phrase not in page] == []
    assert re.search(r"\w_\w|None", re.sub(r" is (one of )?[\w, ]+", "", page)) is None


def values_of(raw: Any) -> list[str]:
    """The texts and words of a definition, without its keys."""
    if isinstance(raw, dict):
        return [text for value in raw.values() for text in values_of(value)]
    return [text for value in raw for text in values_of(value)] if isinstance(raw, list) else [str(raw)]


@pytest.mark.parametrize("kind", READY)
def test_a_russian_standard_has_no_english_word(kind: str) -> None:
    """But for names, which stand in quotes or are steps, and the words of the definition."""
    definitions = load(path_of(kind, "ru"))
    page = describe_definitions(definitions)
    calendars = [f": {name.replace('_', ' ')}" for name in definitions.document.calendars]
    calendars += [f"({name.replace('_', ' ')})" for name in definitions.document.calendars]
    plain = re.sub(r"«[^»]*»|\*\*[^*]*\*\*", "", page)
    for name in calendars:
        plain = plain.replace(name, "")
    known = set(re.findall("[A-Za-z]+", " ".join(values_of(definitions.raw))))
    assert [word for word in re.findall("[A-Za-z]+", plain) if word not in known] == []
    assert CYRILLIC.search(page)


RUSSIAN_PHRASES = {
    "hotline": [
        "Измеряется: время от «queued at» до «answered at».",
        "| не более 30 с | не более 1 мин | более 1 мин |",
        "- Клиенты, которые не дождались (если «outcome»: abandoned): не учитываются, если отказались в течение 5 с, иначе недовольны.",
        "| от 3 мин до 7 мин | от 2 мин до 10 мин | менее 2 мин или более 10 мин |",
        "Измеряется: «talked», в секундах.",
        "- Моложе 7 дней: учитываются, как только зона определилась, а до тех пор ждут оценки.",
        "- Цель: довольных не менее 80 %, недовольных не более 5 %; проверяется от 30 оценённых взаимодействий.",
    ],
    "email": [
        "| «topic»: account blocked | не более 0,5 рабочего дня | не более 1 рабочего дня | более 1 рабочего дня |",
        "- пн–пт: 09:00–18:00",
        "- закрыто в праздничные дни: Россия",
        "- закрыто: 31.12.2026",
    ],
    "delivery": [
        "| «region»: islands, с 01.01.2026 | не более 1 дня | не более 4 дней | более 4 дней |",
        "Взаимодействие относится к месяцу «promised on» и существует с «ordered at».",
    ],
    "helpdesk": ["Измеряется: время от первого события до последнего «solved», в рабочем времени (helpdesk office)."],
    "satisfaction": [
        "- Цель: довольных минус недовольных не менее 30 п. п.; проверяется от 100 оценённых взаимодействий.",
    ],
}


@pytest.mark.parametrize("kind", RUSSIAN_PHRASES)
def test_a_russian_standard_reads_as_people_write_it(kind: str) -> None:
    page = describe_definitions(load(path_of(kind, "ru"))).replace("\N{NO-BREAK SPACE}", " ")
    assert [phrase for phrase in RUSSIAN_PHRASES[kind] if phrase not in page] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_costs_are_told_in_the_currency(lang: str) -> None:
    page = describe_definitions(load(path_of("complaints", lang)), "en")
    spent, limits = {
        "en": (
            "- Cost: a dissatisfied customer 60.00 EUR.",
            "| at most 50 EUR | at most 100 EUR | more than 100 EUR |",
        ),
        "ru": (
            "- Cost: a dissatisfied customer 6,000 RUB.",
            "| at most 5000 RUB | at most 10000 RUB | more than 10000 RUB |",
        ),
    }[lang]
    assert spent in page
    assert limits in page


@pytest.mark.parametrize("kind", READY)
def test_the_made_up_logs_fit(kind: str) -> None:
    definitions, frames = load(path_of(kind, "en")), ready_logs(kind)
    with_log = {name: process for name, process in definitions.processes.items() if process.log is not None}
    joined = {name: join for process in with_log.values() for name, join in process.log.join.items()}
    assert set(frames) == {*with_log, *joined}
    text = ready_definition(kind)
    for name, frame in frames.items():
        assert len(frame) >= 200
        assert frame.equals(ready_logs(kind)[name])
        assert [column for column in frame if not re.search(rf"\b{re.escape(column)}\b", text)] == []
    for name, process in with_log.items():
        moments = {"start", "end", *(process.log.steps or {})}
        used = {column for column in raw_columns(process) if column.partition(".")[0] not in joined}
        assert used - moments <= set(frames[name])
    for name, join in joined.items():
        used = {column for spec in join.fields.values() for column in spec.columns}
        assert used | set(join.on.values()) <= set(frames[name])


def scored(kind: str, lang: str) -> svclight.Scorecard:
    frames = ready_logs(kind, lang)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return svclight.score(frames, path_of(kind, lang), as_of="2026-04-01")


def interactions(process: svclight.Definitions, name: str, criterion: str, frames: Frames) -> int:
    """What the counts of a criterion add up to: rows, cases, or customers at each month's end."""
    log, frame = process.processes[name].log, frames[name]
    kind = process.processes[name].criteria[criterion.partition(".")[0]].measure.kind
    if kind in ("recency", "frequency", "spend"):
        buyers = frame[frame["card"] != "0"].groupby("card")["bought_at"].min()
        return sum(int((buyers < end).sum()) for end in map(str, pd.date_range("2025-11-01", "2026-04-01", freq="MS")))
    return frame[list(log.id)].drop_duplicates().shape[0] if log.rows == "events" else len(frame)


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_it_is_scored(kind: str, lang: str) -> None:
    definitions, card = load(path_of(kind, lang)), scored(kind, lang)
    frames = ready_logs(kind)
    counted = card.counts.groupby(["process", "criterion", "zone"], observed=True)["count"].sum()
    names = {(process, criterion) for process, criterion, _ in definitions.criteria()}
    assert {(process, criterion) for process, criterion, _ in counted.index} == names
    for process, criterion in sorted(names):
        zones = counted[process, criterion]
        possible = definitions.processes[process].criteria[criterion]
        with_yellow = any(row.yellow is not None for row in possible.rows) or isinstance(possible.yellow, tuple)
        shown = ["green", *(["yellow"] if with_yellow else []), "red"]
        assert [zone for zone in shown if not zones[zone]] == [], (process, criterion, dict(zones))
        assert zones.sum() == interactions(definitions, process, criterion, frames), (process, criterion)
    seen = counted.groupby("zone", observed=True).sum()
    # what employees answer has no clock and can be known at once
    assert [state for state in STATES if not seen[state]] == (["pending"] if kind == "employees" else [])


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_no_cell_of_its_log_is_unreadable(kind: str, lang: str) -> None:
    card = scored(kind, lang)
    assert card.rejected.empty
    assert [reason for reason in card.reasons["reason"].unique() if re.match(r'\w+: ".*" is not ', reason)] == []
