"""The service standard in words: it reads as text for people, and text of a definition makes no markup."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING

import pytest
from support.needs import module
from support.places import DATA, EXAMPLES, READY

from svclight.processes import load, loads
from svclight.thresholds import parse_interval
from svclight.wording.phrases import limit_in_words
from svclight.wording.service_standard import describe_definitions

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = [
    DATA / "format.yaml",
    *sorted(READY.glob("**/*.yaml")),
    *sorted(EXAMPLES.glob("*/*.yaml")),
]

HEAD = """\
svclight: 1
time_zone: UTC
currency: EUR
processes:
  p:
    title: P
    log:
      time: at
      customer: who
      segments: [team]
      fields:
        at: {time: at}
        done_at: {time: done}
        secs: {number: secs, unit: s}
        long: {span: long}
        plain: {number: plain}
        points: {number: pts, unit: points}
        ok: {flag: ok}
        kind: {text: kind}
    criteria:
      by_the_way:
"""


def said(*lines: str, lang: str = "en") -> list[str]:
    """The lines of the criterion's section."""
    text = describe_definitions(loads(HEAD + "".join(f"        {line}\n" for line in lines)), lang)
    return text.split("### By the way\n\n")[1].rstrip("\n").split("\n")


def table(*lines: str) -> str:
    return next(line for line in said(*lines)[::-1] if line.startswith("| "))


def test_the_example_as_a_page() -> None:
    page = describe_definitions(load(DOCUMENTS[0]))
    assert page.startswith(
        "# Bank customer service\n\nOwner: Service quality team · Version: 2026.1 · Time zone: Asia/Jerusalem\n\n"
        "## Customer support\n\n### Support by hotline\n\nThe usual course:\n\n1. **call**: customer dials the contact centre\n"
    )
    assert (
        "An interaction belongs to the month of “called at”. Of rows with the same “date”, “vru+line” and “call id” the last one by “called at” counts.\n\n"
        "Not counted: not a real call (where “outcome” is PHANTOM).\n\n#### Waiting time before an employee answers\n\n"
        in page
    )
    assert "Measured: “waited”, in seconds. Only where “outcome” is AGENT or “q start” is not 0:00:00.\n" in page
    assert (
        "| satisfied (green) | neutral (yellow) | dissatisfied (red) |\n|---|---|---|\n| at most 30 s | at most 1 min | more than 1 min |\n"
        in page
    )
    assert "- Customers who gave up (where “outcome” is HANG): dissatisfied, however long it took.\n" in page
    assert "- Target: at least 80 % satisfied, at most 5 % dissatisfied; judged from 30 rated interactions.\n" in page
    assert "- Accepted before 30 Jun 1999: at most 12 % dissatisfied; new switchboard in June (OPS-12).\n" in page
    assert "- Changed on 15 Jun 1999: new switchboard.\n- Cost: a dissatisfied customer 12.50 EUR.\n" in page
    assert "| 3 min to 7 min | 2 min to 10 min | less than 2 min or more than 10 min |\n" in page
    assert "Measured: how late “delivered at” is against “promised at”, by calendar date; early is below 0.\n" in page
    assert (
        "| “state” is SP, from 1 Jan 2018 | at most 0 days | at most 1 day | more than 1 day |\n| all others, from 1 Jan 2018 | at most 0 days |"
        in page
    )
    assert "Measured: the time from the first event to “taken”, in working time (office).\n" in page
    assert "| at most 1 working day | at most 2 working days | more than 2 working days |\n" in page
    assert "Measured: how many different values of “Resource” there are at “taken”.\n" in page
    assert (
        "All events with the same “Case ID” are one interaction. It belongs to the month of its first event. It is finished with “solved”.\n"
        in page
    )
    assert page.endswith("- closed on public holidays of Israel\n- closed on 21 Apr 1999\n")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.parent.name + "/" + path.name)
def test_pages_of_all_examples_are_tidy(path: Path) -> None:
    page = describe_definitions(load(path))
    assert "\n\n\n" not in page
    assert "None" not in page
    assert all(line == line.rstrip() for line in page.split("\n"))
    for _, name, criterion in load(path).criteria():
        assert "." in name or (criterion.title or name.capitalize().replace("_", " ")) in page


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("value: long", "“long”, in seconds"), ("value: points", "“points”, in points"), ("value: plain", "“plain”"),
        ("duration: {from: at, to: done_at, minus: [secs, long]}", "the time from “at” to “done at”, less “secs” and “long”"),
        ("duration: {from: at, to: done_at, by: date}", "the time from “at” to “done at”, by calendar date"),
        ("repeat: {within: 7 d, same: [customer, kind], first_only: true}", "how many contacts with the same “customer” and “kind” follow within 7 days; only of contacts that are no repeats themselves"),
        ("recency: {within: 1 wk}", "the time since the customer's last interaction, at each period's end, looking back 1 week"),
        ("frequency: {within: 90 d}", "interactions of a customer in the 90 days before each period's end"),
        ("spend: {within: 90 d, amount: plain}", "what a customer spent (“plain”) in the 90 days before each period's end"),
        ("checklist: {items: {ok: 10, kind: 2.5}, critical: [ok, kind]}", "percent of the points that apply: “ok” (10) and “kind” (2.5); 0 % where “ok” or “kind” fails"),
        ("checklist: {items: {ok: 10}}", "percent of the points that apply: “ok” (10)"),
    ],
)  # fmt: skip
def test_measures_in_words(measure: str, words: str) -> None:
    limit = "5 d" if measure.startswith(("duration", "recency")) else "5"
    assert said(f"measure: {{{measure}}}", f'green: "<= {limit}"')[0] == f"Measured: {words}."


def test_worst_in_words() -> None:
    text = (
        HEAD
        + "        measure: {worst: [d, card.ok]}\n      d: {title: The wait, measure: {value: secs}, green: '<= 1'}\n"
    )
    text += "      card: {measure: {checklist: {items: {ok: 1}, each: true}}, green: '>= 80'}\n"
    assert (
        "Measured: the worst zone of “The wait” and “ok” of “Card”.\n\n- Red where one of them is red, else pending where one is pending; what does not apply is left out.\n\n### The wait"
        in describe_definitions(loads(text))
    )


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        (['green: "< 1 min"', 'yellow: "< 2 h"'], "| less than 1 min | less than 2 h | at least 2 h |"),
        (['green: "> 2 d"', 'yellow: ">= 1 d"'], "| more than 2 days | at least 1 day | less than 1 day |"),
        (['green: "-2 d .. 0 d"'], "| \u22122 days to 0 days | – | less than \u22122 days or more than 0 days |"), (['green: ">= -1 h"'], "| at least \u22121 h | – | less than \u22121 h |"),
        (['green: "> 7 d"'], "| more than 7 days | – | at most 7 days |"), (['green: "<= 0.5 wk"'], "| at most 0.5 weeks | – | more than 0.5 weeks |"),
        (['thresholds: [{where: {team: a}, green: "<= 1"}, {green: "<= 2"}]'], "| all others | at most 2 | – | more than 2 |"),
        (['thresholds: [{from: 2026-01-01, until: 2026-02-01, green: "<= 1"}, {green: "<= 2"}]'], "| all others | at most 2 | – | more than 2 |"),
    ],
)  # fmt: skip
def test_limits_in_words(lines: list[str], row: str) -> None:
    assert table("measure: {value: secs}", *lines) == row


def test_flags_and_categories_in_words() -> None:
    assert table("measure: {flag: ok}", "green: false") == "| no | – | yes |"
    assert table("measure: {category: kind}", "green: [a, b|c]", "red: [d]") == r"| a, b\|c | – | d |"
    assert table("measure: {category: kind}", "green: [a]", "yellow: [b]") == "| a | b | – |"


def test_scopes_in_words() -> None:
    rows = said(
        "measure: {value: secs}",
        'thresholds: [{from: 2026-01-01, until: 2026-02-01, where: {team: a}, green: "<= 1"}, {green: "<= 2"}]',
    )
    assert rows[2:5] == [
        "| for | satisfied (green) | neutral (yellow) | dissatisfied (red) |",
        "|---|---|---|---|",
        "| “team” is a, from 1 Jan 2026 before 1 Feb 2026 | at most 1 | – | more than 1 |",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("abandoned: {where: {kind: x}, counts: by_elapsed}", "Customers who gave up (where “kind” is x): counted by the time until they gave up."),
        ("abandoned: {where: {kind: x}, counts: excluded}", "Customers who gave up (where “kind” is x): not counted."),
        ("abandoned: {where: {kind: x}, counts: {excluded_within: 5 s}}", "Customers who gave up (where “kind” is x): not counted where they gave up within 5 s, else dissatisfied."),
        ("abandoned: {where: {kind: x}, counts: {excluded_within: green}}", "Customers who gave up (where “kind” is x): not counted where they gave up while they would have been satisfied, else dissatisfied."),
        ("scale: [0, 10.5]", "Possible are numbers from 0 to 10.5; anything else counts as missing."),
        ("whole: true", "Possible are whole numbers; anything else counts as missing."),
        ("asked: {ok: true}", "Asked were those where “ok” is true; the report says how many of them answered."),
        ('targets: {red: "<= 5 %", warn_at: "75 %"}', "Target: at most 5 % dissatisfied; judged from 30 rated interactions; warned of at 75 % of what it allows."),
        ('targets: {where: {team: a}, net: ">= 30", yellow: "0 % .. 20 %"}', "Target where “team” is a: 0 % to 20 % neutral, satisfied minus dissatisfied at least 30 percentage points; judged from 30 rated interactions."),
        ('accepted: {red: "<= 12 %", until: 2026-01-01, reason: move}', "Accepted before 1 Jan 2026: at most 12 % dissatisfied; move."),
        ("cost: {yellow: 2, minute: 0.8}", "Cost: a neutral one 2.00 EUR, a minute of service 0.80 EUR."),
    ],
)  # fmt: skip
def test_details_in_words(line: str, words: str) -> None:
    assert f"- {words}" in said("measure: {value: secs}", 'green: "<= 5"', line)


def test_a_cost_of_nothing_is_not_told() -> None:
    assert not any("Cost" in line for line in said("measure: {value: secs}", 'green: "<= 5"', "cost: {}"))


def test_unfinished_ones_in_words() -> None:
    found = said("measure: {duration: {from: at, to: done_at}}", 'green: "<= 5 h"', "description: On the phone.")
    assert found[0] == "On the phone."
    assert found[-1] == "- Not finished yet: counted as soon as the zone is certain, pending until then."


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("time: done_at", "Counts in the month of “done at”."),
        ("measure: {repeat: {within: 1 wk, same: [customer]}}", "Younger than 1 week: counted as soon as the zone is certain, pending until then."),
        ("measure: {frequency: {within: 90 d}}", "At the end of each period every customer seen so far counts as one."),
        ("measure: {checklist: {items: {ok: 10}}}", "An item that is empty or n/a does not apply, and its points are left out."),
        ("measure: {checklist: {items: {ok: 10}, each: true}}", "Each item is also counted by itself."),
        ("measure: {checklist: {items: {ok: 10}, groups: {first_half: [ok]}}}", "Also counted by itself: “first half”, “ok”."),
    ],
)  # fmt: skip
def test_what_counts_how_in_words(line: str, words: str) -> None:
    measure = () if line.startswith("measure") else ("measure: {value: plain}",)
    assert f"- {words}" in said(*measure, line, 'green: "<= 5"')


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("time: at, begins: made", "An interaction belongs to the month of “at” and exists from “made” on."),
        ("time: at, weight: n_calls", "An interaction belongs to the month of “at”. A row stands for as many interactions as “n calls” says."),
        ("time: at, id: a, repeated_ids: {keep: first}", "An interaction belongs to the month of “at”. Of rows with the same “a” the first one counts."),
        ("time: at, join: {survey: {on: {call_id: id}, fields: {x: {number: x, unit: points}}}}", "An interaction belongs to the month of “at”. “survey” is joined to it by “call id”."),
        ("time: at, join: {survey: {on: {a: b, c: d}, keep: last, fields: {x: {number: x}}}}", "An interaction belongs to the month of “at”. “survey” is joined to it by “a” and “c”, the last row of several counts."),
        ("time: at, rows: events, id: [a, b], step: e, steps: {s: s, t: t}, ends: [s, t]", "All events with the same “a” and “b” are one interaction. It belongs to the month of its first event. It is finished with “s” or “t”."),
        ("time: at, rows: events, id: a, step: e, steps: {s: s}", "All events with the same “a” are one interaction. It belongs to the month of its first event."),
    ],
)  # fmt: skip
def test_interactions_in_words(log: str, words: str) -> None:
    head = "svclight: 1\ntime_zone: UTC\nprocesses:\n  p:\n    title: P\n"
    criteria = '    criteria: {c: {measure: {value: x}, green: "<= 1"}}\n'
    assert f"## P\n\n{words}\n\n### C\n" in describe_definitions(loads(f"{head}    log: {{{log}}}\n{criteria}"))


def test_joined_fields_and_pending_counts_in_words() -> None:
    head = "svclight: 1\ntime_zone: UTC\nprocesses:\n  p:\n    title: P\n"
    joined = "    log: {time: at, join: {survey: {on: {a: a}, fields: {x_y: {number: x, unit: points}}}}}\n"
    value = '    criteria: {c: {measure: {value: survey.x_y}, green: "<= 1 points"}}\n'
    assert "Measured: “x y” of “survey”, in points.\n" in describe_definitions(loads(head + joined + value))
    log = "    log: {time: at, rows: events, id: a, step: e, steps: {s: s}"
    count = '    criteria: {c: {measure: {count: {step: s}}, green: "<= 1"}}\n'
    pending = "- Not finished yet: counted as soon as the zone is certain, pending until then.\n"
    assert pending in describe_definitions(loads(f"{head}{log}, ends: [s]}}\n{count}"))
    assert pending not in describe_definitions(loads(f"{head}{log}}}\n{count}"))


def test_conditions_in_words() -> None:
    lines = ("measure: {value: plain}", 'green: "<= 5"')
    condition = "applies: {any: [{done_at: {not: null}}, {not: {kind: a_b}}, {all: [{ok: true}, {plain: '> 5'}]}]}"
    words = "“done at” is not empty or not (“kind” is a_b) or (“ok” is true and “plain” > 5)"
    assert said(*lines, condition)[0] == f"Measured: “plain”. Only where {words}."


def test_documents_with_little_and_with_much() -> None:
    bare = describe_definitions(loads("svclight: 1\ntime_zone: UTC\nprocesses: {a: {title: A}}\n"))
    assert bare == "# Service standard\n\nTime zone: UTC\n\n## A\n"
    deep = describe_definitions(
        loads(
            "svclight: 1\ntime_zone: UTC\ndescription: D\nprocesses:\n  a: {title: A, description: E, scenario: [{step: s}]}\n"
            "  b: {title: B, part_of: c}\n  c: {title: C, part_of: d}\n  d: {title: D, part_of: e}\n  e: {title: E, part_of: a}\n"
            'calendars:\n  c: {hours: {mon: ["9:00-12:00", "13:00-15:00"]}, holidays: {country: DE, subdivision: BY}, '
            'open: {2026-01-02: "9:00-10:00"}, time_zone: Europe/Berlin}\n'
        )
    )
    assert "## A\n\nE\n\nThe usual course:\n\n1. **s**\n\n### E\n\n#### D\n\n##### C\n\n##### B\n" in deep
    assert deep.endswith(
        "## Working hours: c\n\n- Mon: 9:00–12:00 and 13:00–15:00\n- closed on public holidays of Germany, BY\n"
        "- open on 2 Jan 2026: 9:00–10:00\n- time zone: Europe/Berlin\n"
    )


EVIL = [
    "<script>alert(1)</script>", "</td><img src=x onerror=y>", "[link](javascript:x)", "![x](http://y/z.png)", "a | b", "*x* _y_ ~~z~~",
    "`code` <!-- x -->", "# heading", "- item", "1. item", "2) item", "> quote", "&lt;b&gt; &#60;i&#62;", "=== x", "+ x", "line\nline", "\u202e\x1b[31m",
]  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
def test_text_of_a_definition_makes_no_markup(evil: str) -> None:
    page = describe_definitions(loads(evil_definition(evil)))
    assert "<script" not in page
    assert "<img" not in page
    assert "](" not in page.replace("\\](", "")
    assert "\x1b" not in page
    assert len(page.split("\n")) == len(describe_definitions(loads(evil_definition("x"))).split("\n"))


@pytest.mark.parametrize("evil", EVIL)
def test_text_of_a_definition_is_text_for_a_renderer(evil: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        markdown = module("markdown_it")
    renderer = markdown.MarkdownIt("commonmark").enable("table").enable("strikethrough")

    def tags(text: str) -> list[str]:
        tokens = renderer.parse(describe_definitions(loads(evil_definition(text))))
        return [
            inner.type
            for token in tokens
            for inner in [token, *(token.children or [])]
            if inner.type not in ("text", "softbreak", "text_special")
        ]

    assert tags(evil) == tags("x")


def evil_definition(evil: str) -> str:
    text = json.dumps(evil)  # as YAML quotes it
    return f"""\
svclight: 1
title: {text}
description: {text}
owner: {text}
time_zone: UTC
processes:
  p:
    title: {text}
    description: {text}
    scenario: [{{step: {text}, actor: {text}, action: {text}}}]
    log:
      time: at
      fields: {{at: {{time: at}}, {text}: {{number: n}}, k: {{text: k}}}}
      exclude: [{{where: {{k: {{is: {text}}}}}, reason: {text}}}]
    criteria:
      c:
        title: {text}
        description: {text}
        measure: {{value: {text}}}
        applies: {{k: [{text}, b]}}
        thresholds: [{{where: {{k: {{is: {text}}}}}, green: "<= 1"}}, {{green: "<= 2"}}]
        accepted: {{red: "<= 5 %", until: 2026-01-01, reason: {text}, ticket: {text}}}
        changes: [{{at: 2026-01-01, reason: {text}}}]
      d:
        measure: {{category: k}}
        green: [{text}]
"""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "abandoned: {where: {kind: x}, counts: {excluded_within: 1 d}}",
            "Клиенты, которые не дождались (если «kind»: x): не учитываются, если отказались в течение 1 дня, иначе недовольны.",
        ),
        ("scale: [0, 10.5]", "Возможны числа от 0 до 10,5; всё остальное считается пропуском."),
        (
            'targets: {where: {team: [a, b]}, net: ">= 30", min_rated: 21}',
            "Цель («team»: a или b): довольных минус недовольных не менее 30 п. п.; проверяется от 21 оценённого взаимодействия.",
        ),
        (
            'accepted: {red: "<= 12.5 %", until: 2026-01-01, reason: переезд}',
            "Допускается до 01.01.2026: недовольных не более 12,5 %; переезд.",
        ),
        ("cost: {yellow: 2, minute: 0.8}", "Цена: нейтральный клиент 2,00 EUR, минута обслуживания 0,80 EUR."),
        (
            "actions: [{at: 2026-05-01, what: ещё двое, expected: {green: +5 %, red: -3 %}}]",
            "Сделано 01.05.2026: ещё двое; ожидается: зелёных +5,0 п. п., красных −3,0 п. п.",
        ),
    ],
)
def test_details_in_russian(line: str, words: str) -> None:
    lines = said("measure: {value: secs}", 'green: "<= 5"', line, lang="ru")
    assert f"- {words}" in [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("<= 1 bd", "не более 1 рабочего дня"),
        ("<= 21 bd", "не более 21 рабочего дня"),
        ("<= 3 wk", "не более 3 недель"),
        ("> 1.5 d", "более 1,5 дня"),
        ("1 h 30 min .. 2 d", "от 1 ч 30 мин до 2 дней"),
        ("< 90 s", "менее 90 с"),
    ],
)
def test_limits_in_russian(limit: str, words: str) -> None:
    assert limit_in_words(parse_interval(limit), "ru") == words


def test_a_document_that_was_reviewed_says_when() -> None:
    keys = "svclight: 1\nlanguage: ru\ntime_zone: UTC\nreviewed: 2026-06-15\nreview_every: 1 year\n"
    page = describe_definitions(loads(f"{keys}processes: {{a: {{title: А}}}}\n"))
    assert page == (
        "# Стандарт обслуживания\n\nЧасовой пояс: UTC · Проверено: 15.06.2026 · Следующая проверка: 15.06.2027\n\n## А\n"
    )
