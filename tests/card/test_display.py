from __future__ import annotations

import dataclasses
import io
import re
import subprocess
import sys

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table

import svclight
from svclight.card import display
from svclight.card.display import zone_bar
from svclight.card.light_table import columns_between, light_table, lights_of, process_title
from svclight.card.lights import Column, Light, Response
from svclight.card.notebook_card import months_html
from svclight.definition.criterion_id import CriterionId
from svclight.wording.short_phrases import count_text
from svclight.wording.zone_words import zone_letter

DEFINITION = """
svclight: 1
title: {title}
version: "7"
time_zone: Europe/Moscow
processes:
  support: {{title: Support}}
  line:
    title: Line
    part_of: support
    log: {{time: at, segments: [team], fields: {{at: {{time: at}}, w: {{number: w, unit: s}}, r: {{text: r}}}}}}
    criteria:
      wait: {{title: {wait}, measure: {{value: w}}, green: "<= 30 s", yellow: "<= 60 s"}}
      result: {{measure: {{category: r}}, green: [good], red: [bad]}}
"""
# wait: green up to 30, yellow up to 60
ROWS = [
    ("2026-01-01 10:00", 10, "good", "a"),
    ("2026-01-31 10:00", 40, "bad", "b"),
    ("2026-03-01 10:00", 90, "good", "a"),
    ("2026-03-31 10:00", 20, "good", "a"),
    ("2026-03-31 11:00", None, "what", "b"),
    ("", 5, "good", "a"),
]


def card_of(rows=ROWS, title="Service", wait="Waiting time", by=(), **more):
    frame = pd.DataFrame(rows, columns=["at", "w", "r", "team"])
    definitions = svclight.loads(DEFINITION.format(title=repr(title), wait=repr(wait)))
    return svclight.score({"line": frame}, definitions, by=list(by), as_of="2026-04-01", **more)


def months(first: str, count: int):
    start = pd.Period(first, "M")
    return [(f"{start + at}-{day} 10:00", 10, "good", "a") for at in range(count) for day in ("01", "28")]


def plain(card, width=80, **options):
    file = io.StringIO()
    Console(file=file, width=width, legacy_windows=False, **options).print(display.card_table(card, width=width))
    return file.getvalue()


# --- the table as data


@pytest.mark.parametrize(
    ("counts", "letter", "share"),
    [
        ((5, 3, 2), "G", "50.0 %"),
        ((5, 5, 0), "Y", "50.0 %"),  # on a tie the worse
        ((5, 0, 5), "R", "50.0 %"),
        ((1, 1, 1), "R", "33.3 %"),  # each rounded by itself: three may add up to 99.9
        ((1, 0, 1999), "R", "0.1 %"),  # 1 of 2000 is 0.05 %: halves go away from zero
        ((1, 0, 2000), "R", "< 0.1 %"),
        ((1998, 0, 2), "G", "99.9 %"),
        ((1999, 0, 1), "G", "> 99.9 %"),  # 99.95 % would be 100.0 %
        ((0, 0, 4), "R", "0.0 %"),
        ((4, 0, 0), "G", "100.0 %"),
        ((0, 0, 0), "", "no data"),
    ],
)
def test_a_light_is_the_zone_with_most_rated_interactions(counts, letter, share):
    light = Light((*counts, 1, 0, 2, 0))
    assert (
        zone_letter(light.zone, light.lang) if light.zone else "",
        light.share,
        light.rated_count,
        light.not_rated_count,
    ) == (letter, share, sum(counts), 3)


def test_a_light_in_words():
    assert Light((1200, 0, 3, 0, 0, 4, 0), ("few",)).in_words() == "green 1,200, red 3, not applicable 4, few"
    assert Light().in_words() == "no data"


def test_the_table_keeps_the_place_of_a_month_without_data():
    table = light_table(card_of())
    assert [column.heading for column in table.columns] == ["Jan 2026", "Feb 2026", "Mar 2026"]
    assert table.processes == {"line": "Support / Line"}
    wait, result = table.rows
    assert [light.counts for light in wait.lights] == [(1, 1, 0, 0, 0, 0, 0), (0,) * 7, (1, 0, 1, 0, 1, 0, 0)]
    assert [light.share for light in wait.lights] == ["50.0 %", "no data", "50.0 %"]
    assert [zone_letter(light.zone, light.lang) if light.zone else "" for light in wait.lights] == ["Y", "", "R"]
    assert wait.total.counts == (2, 1, 1, 0, 2, 0, 0)
    assert wait.undated == 1
    assert wait.rest == {"pending": 0, "missing": 2, "not_applicable": 0, "excluded": 0}
    assert result.title == "result"
    assert wait.lights[0].flags == ("few",)


def test_segments_are_added_up():
    assert light_table(card_of(by=["team"])).rows[0].lights == light_table(card_of()).rows[0].lights
    assert "added up over team" in light_table(card_of(by=["team"])).origin


def test_a_mistyped_year_does_not_make_thousands_of_columns():
    table = light_table(card_of([*ROWS, ("1980-01-01 00:00", 1, "good", "a")]))
    assert [column.heading for column in table.columns] == ["Jan 1980", "… 551 …", "Jan 2026", "Feb 2026", "Mar 2026"]
    assert table.newest(3)[1] == 552  # 1980-01 and the 551 after it: 46 years of 12 months
    assert table.rows[0].lights[1] == Light()


@pytest.mark.parametrize(
    ("kind", "labels", "expected"),
    [
        ("day", ["2026-02-28", "2026-03-02"], ["2026-02-28", "2026-03-01", "2026-03-02"]),
        ("week", ["2025-W52", "2026-W02"], ["2025-W52", "2026-W01", "2026-W02"]),
        ("quarter", ["2025-Q4", "2026-Q2"], ["2025-Q4", "2026-Q1", "2026-Q2"]),
        ("year", ["2024", "2026"], ["2024", "2025", "2026"]),
        ("month", [], []),
    ],
)
def test_gaps_are_kept_in_every_kind_of_period(kind, labels, expected):
    assert [column.label for column in columns_between(labels, kind)] == expected


def test_notes_say_what_is_in_no_month():
    card = card_of()
    assert light_table(card).notes == ("Support / Line: without a usable time: 1",)
    rejected = pd.DataFrame({"file": ["a"] * 3, "line": [1, 2, 3], "reason": ["x"] * 3, "text": ["y"] * 3})
    changed = dataclasses.replace(card, rejected=rejected)
    assert light_table(changed).notes[-1] == "lines that could not be read, and are not counted: 3"


def test_criteria_with_months_of_their_own_say_how_many_have_no_time():
    text = DEFINITION.format(title="S", wait="W").replace("value: w}}", "value: w}, time: w_at}")
    text = text.replace("measure: {value: w},", "measure: {value: w}, time: done,").replace(
        "fields: {at: {time: at},", "fields: {at: {time: at}, done: {time: done},"
    )
    frame = pd.DataFrame(
        {"at": ["2026-01-01", "2026-01-02"], "done": ["", "2026-01-03"], "w": [1, 2], "r": "good", "team": "a"}
    )
    card = svclight.score({"line": frame}, svclight.loads(text), as_of="2026-01-31")
    assert light_table(card).notes == ("Support / Line, W: without a usable time: 1",)


def test_a_process_without_a_log_is_a_notice():
    text = DEFINITION.format(title="S", wait="W") + (
        "  other:\n    title: Other\n    log: {time: at}\n    criteria: {x: {measure: {value: x}, green: '<= 1'}}\n"
    )
    frame = pd.DataFrame(ROWS, columns=["at", "w", "r", "team"])
    with pytest.warns(svclight.SvclightNotice, match="is not scored"):
        card = svclight.score({"line": frame}, svclight.loads(text), as_of="2026-06-01")
    assert {row.process for row in light_table(card).rows} == {"line"}
    for shown in (display.card_text(card, width=100), card._repr_html_()):
        assert "is not scored" in shown


def test_lights_of_one_segment():
    card = card_of(by=["team"])
    found = lights_of(card, CriterionId("line", "wait"), {"team": "b"})
    assert [(column.label, light.rated_count) for column, light in found] == [
        ("2026-01", 1),
        ("2026-02", 0),
        ("2026-03", 0),
    ]


@pytest.mark.parametrize(
    ("of", "where", "match"),
    [
        (("lin", "wait"), None, 'unknown process; found "lin"; expected "support", "line"; did you mean "line"'),
        (("line", "wai"), None, 'the process line has no such criterion; found "wai"; .* did you mean "wait"'),
        (("support", "x"), None, "expected none: it is a heading"),
        (("line", "wait"), {"city": "a"}, "the card is not split by"),
        (("line", "wait"), {"team": "aa"}, 'no interaction has this team; found "aa"; did you mean "a"'),
    ],
)
def test_what_is_not_there_is_an_error(of, where, match):
    with pytest.raises(svclight.SvclightError, match=match):
        lights_of(card_of(by=["team"]), CriterionId(*of), where)


@pytest.mark.parametrize(
    ("label", "english", "russian"),
    [
        ("2025-12", "Dec 2025", "дек. 2025"),
        ("2025-W09", "W9 2025", "нед. 9 2025"),
        ("2025-Q4", "Q4 2025", "4-й кв. 2025"),
        ("2025-12-14", "14 Dec 2025", "14.12.2025"),
        ("2025", "2025", "2025"),
    ],
)
def test_heads_name_periods_as_people_do(label, english, russian):
    assert [Column(label, lang=lang).heading for lang in ("en", "ru")] == [english, russian]


def test_a_light_in_russian():
    light = Light((1200, 0, 3, 5, 0, 4, 0), ("few", "partial"), Response(10, 4, "ru"), lang="ru")
    assert light.in_words().replace("\N{NO-BREAK SPACE}", " ") == (
        "зелёных 1 200, красных 3, ждут оценки 5, не применимо 4, мало, неполный, ответили 40,0 % из 10 спрошенных"
    )
    assert (zone_letter(light.zone, light.lang) if light.zone else "", light.share) == ("З", "99,8 %")  # 1200 of 1203
    assert Light(lang="ru").in_words() == "нет данных"


def russian_card(**more):
    text = DEFINITION.format(title="Сервис", wait="Ожидание").replace("svclight: 1", "svclight: 1\nlanguage: ru")
    text = text.replace("title: Line", "title: Линия").replace("title: Support", "title: Поддержка")
    text = text.replace("result: {measure", "result: {title: Итог, measure")
    frame = pd.DataFrame(ROWS, columns=["at", "w", "r", "team"])
    return svclight.score({"line": frame}, svclight.loads(text), as_of="2026-04-01", **more)


NO_WORDS = re.compile(r"\b(?:Europe/Moscow|html|csv|[0-9a-f]{12})\b|T00")
"""What is no English word of a sentence: a time zone, endings of files, the hash, the T of a time."""


def test_a_card_speaks_the_language_of_its_definitions():
    card = russian_card()
    page = re.sub("<style>.*?</style>|<[^>]*>", " ", card._repr_html_())
    for shown in (str(card), display.card_text(card, width=120), page):
        assert re.findall("[A-Za-z]{2,}", NO_WORDS.sub("", shown)) == []
        for part in ("янв. 2026", "50,0 %", "нет данных", "без данных", "без пригодного времени: 1", "все месяцы"):
            assert part in " ".join(shown.split()), part
    assert "ЗЗЗЗККК" in str(card)
    assert "Feb 2026" in display.card_text(card, width=120, lang="en")
    assert "февр. 2026" in display.card_text(card_of(), width=120, lang="ru")
    with pytest.raises(svclight.SvclightError, match='unknown language; found "de"'):
        display.card_text(card, lang="de")


# --- the terminal


def test_the_terminal_table_shows_share_zones_and_number():
    card = card_of()
    assert isinstance(display.card_table(card), Table)
    text = plain(card, no_color=True)
    assert "\x1b[4" not in text
    for part in ("Service", "Support / Line", "Waiting time", "Feb 2026", "50.0 %", "GGGGRRR", "n=2", "no data"):
        assert part in text
    assert "2 missing" in text
    assert "without a usable time: 1" in text
    assert "version 7" in text
    assert max(map(len, text.splitlines())) <= 80


def test_colours_are_those_of_the_palette():
    text = plain(card_of(), force_terminal=True, color_system="truecolor")
    for colour in ("#c78500", "#7f1424", "#9fd8a8"):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        assert f"48;2;{red};{green};{blue}" in text or colour == "#9fd8a8"
    assert "48;2;159;216;168" in plain(card_of(months("2026-01", 1)), force_terminal=True, color_system="truecolor")


@pytest.mark.parametrize("width", [30, 60, 80, 120, 200])
def test_the_newest_months_that_fit_are_shown(width):
    card = card_of(months("2021-01", 60))
    text = display.card_text(card, width=width)
    assert "Dec 2025" in text
    assert "Jan 2021" not in text
    shown = len(set(re.findall(r"[A-Z][a-z]{2} 20\d\d", text.split("──")[0].split("Moscow")[-1])))
    left_out = int(re.search(r"(\d+)\s+older\s+months\s+are\s+not\s+shown", text)[1])
    assert shown + left_out == 60 or width == 30
    if width >= 60:
        assert max(map(len, text.splitlines())) <= width


def test_one_month_left_out_is_singular():
    card = card_of(months("2026-01", 2))
    assert re.search(r"1\s+older\s+month\s+is\s+not", display.card_text(card, width=40))


def test_an_empty_card_says_no_data():
    card = card_of([])
    for shown in (str(card), months_html(card), plain(card)):
        assert "no data: there is no interaction with a usable time" in " ".join(shown.split())
        assert "Waiting time" in shown
        assert "0.0 %" not in shown


def test_long_cyrillic_titles_wrap():
    title = "Время ожидания ответа оператора на горячей линии с момента постановки звонка в очередь " * 3
    text = display.card_text(card_of(wait=title.strip()), width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert "Время ожидания" in text
    assert "…" in text


def test_titles_are_text_in_the_terminal():
    card = card_of(title="[red]T[/red] \x1b[31m", wait="[bold]wait[/] \x07 \u202e")
    text = plain(card, force_terminal=True, color_system="truecolor")
    assert "[red]T[/red]" in text
    assert "\\x1b[31m" in text
    assert "\x1b[31m" not in text
    assert "[bold]wait[/]" in text
    assert not {"\x07", "\u202e"} & set(text)


def test_str_has_no_colours_and_fits_the_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "70")
    text = str(card_of())
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 70


def test_the_module_loads_neither_rich_nor_matplotlib():
    code = "import sys, svclight.card.display; print({'rich', 'matplotlib', 'jinja2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# --- the notebook


def test_an_older_saved_way_of_the_same_period_is_shown_alike(tmp_path):
    card = card_of()
    assert svclight.Scorecard.open(card.save(tmp_path / "c.svclight"))._repr_html_() == card._repr_html_()


def test_a_circle_of_processes_ends():
    assert process_title(card_of(), "line") == "Support / Line"
    assert count_text(1, "month") == "1 month"


@pytest.mark.parametrize(
    ("counts", "bar"),
    [((1, 0, 0), "GGGGGGG"), ((0, 0, 1), "RRRRRRR"), ((990, 5, 5), "GGGGGYR"), ((5, 990, 5), "GYYYYYR"),
     ((478, 308, 214), "GGGYYRR"), ((1, 0, 999), "GRRRRRR")],
)  # fmt: skip
def test_zones_have_letters_in_their_proportion(counts, bar):
    assert zone_bar(Light(counts=(*counts, 0, 0, 0, 0))) == bar


@given(st.tuples(*[st.integers(0, 10**6)] * 3).filter(any))
def test_a_bar_of_zones_has_each_zone_that_is_there(counts):
    bar = zone_bar(Light(counts=(*counts, 0, 0, 0, 0)))
    assert len(bar) == 7
    assert bar == "".join(sorted(bar, key="GYR".index))
    assert {letter for letter, count in zip("GYR", counts, strict=True) if count} == set(bar)
