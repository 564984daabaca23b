"""The page in a real browser: filters, sorting, keyboard, tooltip, address, dark, phone, print, accessibility, attack."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import warnings

import numpy as np
import pandas as pd
import pytest
from support.needs import module, need

import svclight

pytestmark = [pytest.mark.slow, pytest.mark.once]

TITLES = {
    "wait": "Waiting until the hotline answers", "hold": "Time on hold during the call", "talk": "Time of talking",
    "solve": "Time until the matter is solved", "answer": "Time until the written answer",
    "back": "Очень длинное название критерия о времени ожидания обратного звонка клиенту",
}  # fmt: skip
EVIL = "<script>window.hurt=1</script><img src=x onerror=window.hurt=1>\"'`${1}"


def definition(process="Hotline", **more):
    head = {"svclight": 1, "title": "Hotline of an electricity supplier", "time_zone": "Europe/Berlin", **more}
    criteria = {
        name: {
            "title": title, "measure": {"value": name}, "green": "<= 30 s", "yellow": "<= 60 s",
            **({"targets": {"green": ">= 60 %", "red": "<= 12 %"}} if name in ("wait", "hold", "solve") else {}),
        }
        for name, title in TITLES.items()
    }  # fmt: skip
    fields = {name: {"number": name, "unit": "s"} for name in TITLES}
    log = {"time": "at", "segments": ["team"], "fields": fields}
    other = {"chat": {"title": "Chat", "log": {"time": "at", "fields": {"wait": {"number": "wait", "unit": "s"}}}, "criteria": {
        "first": {"title": "First answer of the chat", "measure": {"value": "wait"}, "green": "<= 30 s"}}}}  # fmt: skip
    return svclight.loads(
        json.dumps({**head, "processes": {"hotline": {"title": process, "log": log, "criteria": criteria}, **other}})
    )


def planted(months=24, team=lambda place: f"Team {place:02}"):
    """A drift of the hold time, a jump of the solution in the last month, one bad team of 20 in the answers."""
    random = np.random.default_rng(3)
    rows = []
    for place, month in enumerate(pd.period_range("2024-01", periods=months, freq="M")):
        many = 1200
        at = month.start_time + pd.to_timedelta(random.uniform(0, month.days_in_month * 86_390, many), unit="s")
        teams = random.integers(1, 21, many)
        log = pd.DataFrame({"at": at.floor("s"), "team": [team(one) for one in teams]})
        for name in TITLES:
            values = np.exp(random.normal(3.0, 0.8, many))
            if name == "hold":
                values *= 1 + 0.03 * place
            if name == "solve" and place == months - 1:
                values *= 1.5
            if name == "answer":
                values = np.where(teams == 7, values * 3, values)
            log[name] = np.round(values, 1)
        rows.append(log)
    return pd.concat(rows, ignore_index=True)


def html_of(log, definitions, **options):
    chat = log[["at", "wait"]].iloc[::5]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.SvclightNotice)
        card = svclight.score({"hotline": log, "chat": chat}, definitions, by="team", as_of="2026-01-01", **options)
        return svclight.report.html(card)


@pytest.fixture(scope="module")
def browser():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    need(path, "no Chromium is installed")
    with module("playwright.sync_api").sync_playwright() as started:
        made = started.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield made
        made.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("pages")
    log = planted()
    (made / "planted.html").write_text(html_of(log, definition()), "utf-8")
    (made / "russian.html").write_text(html_of(log, definition(language="ru")), "utf-8")
    (made / "empty.html").write_text(html_of(log.head(0), definition()), "utf-8")
    evil = planted(2, lambda place: f"{EVIL}{place % 3}")
    (made / "evil.html").write_text(html_of(evil, definition(EVIL, owner=EVIL, version=EVIL)), "utf-8")
    return made


class Open:
    """A page that is open, and everything that it complained of or asked the network for."""

    def __init__(self, browser, path, hash_="", **options):
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        self.page = self.context.new_page()
        self.said, self.asked = [], []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri() + hash_)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()
        assert self.said == []
        assert len(self.asked) == 1  # the page itself

    def shown(self):
        """The titles of the rows that are shown, in their order."""
        return self.page.evaluate(
            "[...document.querySelectorAll('.criteria tbody tr')].filter(r => r.offsetHeight).map(r => r.querySelector('th a').textContent)"
        )


def test_the_first_screen_names_all_three_planted_faults(browser, folder):
    with Open(browser, folder / "planted.html") as opened:
        first = opened.page.evaluate(
            "[...document.querySelectorAll('header *')].filter(e => e.getBoundingClientRect().bottom <= 800).map(e => e.innerText).join(' ')"
        )
    for said in (
        "Time on hold during the call fell from",
        "Time until the matter is solved fell from",
        "Team 07 stands out in Time until the written answer",
    ):
        assert said in first
    assert "2 are missed" in first


def test_filters_sorting_and_the_address(browser, folder):
    with Open(browser, folder / "planted.html") as opened:
        page = opened.page
        assert len(opened.shown()) == 7
        page.click("#critical")
        assert set(opened.shown()) == {TITLES["hold"], TITLES["solve"]}
        assert "critical=1" in page.evaluate("location.hash")
        page.click("#critical")
        page.select_option("#process", "chat")
        assert opened.shown() == ["First answer of the chat"]
        page.select_option("#process", "")
        page.click("thead [data-by='0']")
        shares = page.evaluate(
            "[...document.querySelectorAll('.criteria .share b')].map(b => parseFloat(b.textContent))"
        )
        assert shares == sorted(shares)
        assert page.get_attribute("th:has([data-by='0'])", "aria-sort") == "ascending"
        page.click("thead [data-by='0']")
        assert page.get_attribute("th:has([data-by='0'])", "aria-sort") == "descending"
        assert "sort=0d" in page.evaluate("location.hash")


def test_a_segment_and_a_period_show_their_own_numbers(browser, folder):
    log = planted()
    mine = log[(log["team"] == "Team 07") & (log["at"].dt.strftime("%Y-%m") == "2025-06")]
    with Open(browser, folder / "planted.html") as opened:
        page = opened.page
        page.select_option("#segment", label="Team 07")
        page.select_option("#period", label="Jun 2025")
        row = page.locator(".criteria tbody tr", has_text=TITLES["answer"])
        assert row.locator(".of").inner_text() == str(len(mine))
        share = 100 * (mine["answer"] <= 30).mean()
        assert float(row.locator(".share b").inner_text().removesuffix(" %")) == pytest.approx(share, abs=0.051)
        assert row.locator(".said").first.inner_text() == "–"
        assert "Team 07, Jun 2025" in page.inner_text("#narrowed")
        assert row.locator("svg [data-tip]").count() == 24
        # without a segment of its own it has nothing there
        assert page.locator(".criteria tbody tr", has_text="First answer").locator(".share").inner_text() == "no data"
        page.select_option("#segment", "")
        page.select_option("#period", "")
        assert not page.is_visible("#narrowed")
        assert (
            "Target" in row.locator(".said").first.inner_text() or "target" in row.locator(".said").first.inner_text()
        )


def test_the_state_in_the_address_is_restored(browser, folder):
    with Open(browser, folder / "planted.html", "#?critical=1&sort=0u&segment=6&period=3") as opened:
        assert set(opened.shown()) == {TITLES["hold"], TITLES["solve"]}
        assert opened.page.input_value("#segment") == "6"
        assert opened.page.input_value("#period") == "3"
    with Open(browser, folder / "planted.html", "#?segment=99&period=x&sort=9z&process=<b>&critical=2") as opened:
        assert len(opened.shown()) == 7


def test_the_tooltip_by_pointer_keyboard_and_touch(browser, folder):
    with Open(browser, folder / "planted.html") as opened:
        page = opened.page
        assert not page.is_visible("#tip")
        page.hover(".criteria tbody tr:first-child .stacks g:last-of-type")
        assert "Dec 2025" in page.inner_text("#tip")
        page.mouse.move(5, 5)
        assert not page.is_visible("#tip")
        page.focus(".criteria tbody tr:first-child .stacks")
        page.keyboard.press("ArrowRight")
        assert "Jan 2024" in page.inner_text("#tip")
        page.keyboard.press("ArrowLeft")
        assert "Dec 2025" in page.inner_text("#tip")
        page.keyboard.press("Home")
        assert "Jan 2024" in page.inner_text("#tip")
        box = page.evaluate(
            "(({right, bottom}) => [right, bottom])(document.querySelector('#tip').getBoundingClientRect())"
        )
        assert box[0] <= 1280
        assert box[1] <= 800
        page.keyboard.press("Escape")
        assert not page.is_visible("#tip")
    with Open(browser, folder / "planted.html", has_touch=True) as opened:
        opened.page.tap(".criteria tbody tr:first-child .stacks g:last-of-type")
        assert "Dec 2025" in opened.page.inner_text("#tip")


def test_copying_a_table_and_downloading_the_counts(browser, folder):
    with Open(
        browser, folder / "planted.html", permissions=["clipboard-read", "clipboard-write"], accept_downloads=True
    ) as opened:
        page = opened.page
        page.click("#months .copy")
        page.wait_for_function("document.querySelector('#months .copy').textContent === 'Copied'")
        lines = page.evaluate("navigator.clipboard.readText()").splitlines()
        assert len(lines) == 1 + 7
        assert lines[0].startswith("Criterion\tJan 2024\t")
        with page.expect_download() as found:
            page.click("#months .get")
        text = found.value.path().read_text("utf-8")
        assert text.startswith("process,criterion,period,green,yellow,red,")
        assert len(text.splitlines()) == 1 + 7 * 24
        opened.asked = opened.asked[:1]  # the download is asked for as data in the page


def test_without_scripts_it_is_complete(browser, folder):
    with Open(browser, folder / "planted.html", java_script_enabled=False) as opened:
        text = opened.page.locator("body").inner_text()
        assert "2 are missed" in text
        assert "Missed or worse" not in text  # no button that does nothing
        assert opened.page.locator(".criteria .stacks").count() == 7


@pytest.mark.parametrize("name", ["planted", "russian", "evil", "empty"])
def test_a_phone_scrolls_down_alone(browser, folder, name):
    with Open(browser, folder / f"{name}.html", viewport={"width": 390, "height": 844}) as opened:
        wide = opened.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390
        small = opened.page.evaluate(
            """[...document.querySelectorAll('svg text')].filter(t => t.getBoundingClientRect().width).map(t => {
              const svg = t.closest('svg'); return parseFloat(getComputedStyle(t).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width})"""
        )
        assert min(small, default=11) >= 11


def test_dark_is_dark_and_zones_keep_apart(browser, folder):
    with Open(browser, folder / "planted.html", color_scheme="dark") as opened:
        paper, *zones = opened.page.evaluate(
            "[getComputedStyle(document.body).backgroundColor, ...['G', 'Y', 'R'].map(z => getComputedStyle(document.querySelector('path.' + z)).fill)]"
        )
    assert luminance(paper) < 0.05
    light = sorted((luminance(zone) for zone in zones), reverse=True)
    assert all((one + 0.05) / (other + 0.05) >= 1.8 for one, other in itertools.pairwise(light))


def luminance(text):
    parts = [int(part) / 255 for part in text[text.index("(") + 1 :].rstrip(")").split(",")[:3]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", ["planted", "russian"])
def test_the_first_two_printed_pages_hold_every_title_on_lines_of_its_own(browser, folder, tmp_path, name):
    need(shutil.which("pdftotext"), "pdftotext is not installed")
    with Open(browser, folder / f"{name}.html") as opened:
        opened.page.pdf(path=str(tmp_path / "page.pdf"), prefer_css_page_size=True)
    done = subprocess.run(
        ["pdftotext", "-l", "2", str(tmp_path / "page.pdf"), "-"], capture_output=True, text=True, check=True
    )
    lines = {line.strip() for line in done.stdout.splitlines()}
    assert set(TITLES.values()) <= lines
    info = subprocess.run(["pdfinfo", str(tmp_path / "page.pdf")], capture_output=True, text=True, check=True).stdout
    pages = int(next(line for line in info.splitlines() if line.startswith("Pages")).split()[1])
    assert pages <= 3 + len(TITLES) + 1


@pytest.mark.parametrize("state", ["", "critical", "segment", "dark", "phone", "russian", "empty", "evil", "folds"])
def test_axe_finds_no_violation(browser, folder, state):
    name = state if state in ("russian", "empty", "evil") else "planted"
    options = {"dark": {"color_scheme": "dark"}, "phone": {"viewport": {"width": 390, "height": 844}}}.get(state, {})
    with Open(browser, folder / f"{name}.html", bypass_csp=True, **options) as opened:
        if state == "critical":
            opened.page.click("#critical")
        elif state == "segment":
            opened.page.select_option("#segment", label="Team 07")
        elif state == "folds":
            opened.page.evaluate("document.querySelectorAll('details').forEach(one => {one.open = true})")
        found = module("axe_playwright_python.sync_playwright").Axe().run(opened.page)
        told = [(one["id"], [node["target"] for node in one["nodes"][:3]]) for one in found.response["violations"]]
        assert told == []


def test_texts_of_an_attacker_stay_texts(browser, folder):
    with Open(browser, folder / "evil.html") as opened:
        assert opened.page.evaluate("window.hurt") is None
        if opened.page.locator("#segment").count():
            for value in range(3):
                opened.page.select_option("#segment", str(value))
        opened.page.hover(".criteria tbody tr:first-child .stacks g:last-of-type")
        assert opened.page.evaluate("window.hurt") is None
        assert opened.page.locator("img").count() == 0
        assert EVIL.replace("`", "`") in opened.page.locator(".criterion .eyebrow").first.text_content()


def test_no_english_word_stands_in_a_russian_page(browser, folder):
    """But in commands, names of files, columns and ids, which are code, and in what the definition says itself."""
    with Open(browser, folder / "russian.html") as opened:
        opened.page.evaluate(
            "document.querySelectorAll('code, script, style, select option').forEach(one => one.remove())"
        )
        text = opened.page.evaluate(
            "(walk => {const found = []; while (walk.nextNode()) found.push(walk.currentNode.data); return found.join(' ')})"
            "(document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT))"
        )
        text = re.sub(r"[0-9a-f]{12}", "", text)  # the hash of the definition
        labels = opened.page.evaluate(
            "[...document.querySelectorAll('[aria-label], [data-tip], [title]')].map(e => ['aria-label', 'data-tip', 'title'].map(n => e.getAttribute(n) || '').join(' ')).join(' ')"
        )
    own = {
        "hotline",
        "team",
        "europe",
        "berlin",
        "svclight",
        "utc",
        *" ".join([*TITLES.values(), "Chat", "First answer of the chat", "Hotline of an electricity supplier"])
        .lower()
        .split(),
    }
    words = set(re.findall(r"[a-z]{3,}", f"{text} {labels}".lower()))
    assert words - own <= {"csv", *TITLES}
