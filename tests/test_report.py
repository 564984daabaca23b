from __future__ import annotations

import dataclasses
import html as html_module
import io
import json
import re
import warnings
import xml.etree.ElementTree as ET
import zipfile
from functools import cache
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import svclight
from svclight import report
from svclight.decisions.check import check
from svclight.pages import excel, report_content, svg
from svclight.pages import markdown as markdown_module
from svclight.wording import short_phrases
from svclight.wording.estimates import estimate_text

DEFINITION = """
svclight: 1
title: {title}
owner: Quality team
version: "3"
time_zone: Europe/Moscow
processes:
  support: {{title: Support}}
  line:
    title: {process}
    part_of: support
    log:
      id: id
      time: at
      customer: who
      segments: [team]
      fields:
        at: {{time: at}}
        done: {{time: done}}
        w: {{number: w, unit: s}}
        paid: {{number: w, unit: s}}
        r: {{text: r}}
        f: {{flag: f}}
      exclude: [{{where: {{r: test}}, reason: test call}}]
    criteria:
      wait:
        title: {wait}
        description: From the queue to the first word.
        measure: {{value: w}}
        applies: {{r: {{not: gone}}}}
        abandoned: {{where: {{r: hang}}, counts: {{excluded_within: 5 s}}}}
        thresholds:
          - {{until: 2026-02-01, green: "<= 30 s"}}
          - {{from: 2026-02-01, where: {{team: b}}, green: "<= 40 s", yellow: "<= 1 min"}}
          - {{from: 2026-02-01, green: "<= 30 s", yellow: "<= 1 min"}}
        targets: [{{green: ">= 50 %", red: "<= 20 %", min_rated: 3}}, {{where: {{team: a}}, net: ">= 10"}}]
        accepted: {{red: "<= 30 %", until: 2026-03-01, reason: new line, ticket: T-1}}
        changes: [{{at: 2026-03-01, reason: new shifts}}]
      result: {{measure: {{category: r}}, green: [good], yellow: [hang, gone], red: [bad]}}
      flag: {{measure: {{flag: f}}, green: true, abandoned: {{where: {{r: hang}}, counts: excluded}}}}
      time: {{time: done, measure: {{duration: {{from: at, to: done, minus: [paid]}}}}, green: "<= 1 h", yellow: "<= 2 h"}}
      book: {{measure: {{worst: [wait, result]}}}}
"""


def frame(months=3, each=40):
    random = np.random.default_rng(8)
    rows = []
    for month in pd.period_range("2026-01", periods=months, freq="M"):
        for place in range(each):
            at = month.start_time if place == 0 else month.end_time.floor("s") if place == 1 else (
                month.start_time + pd.Timedelta(seconds=int(random.integers(2_300_000)))
            )  # fmt: skip
            rows.append(
                {
                    "id": f"SECRET-{len(rows)}",
                    "who": f"CUSTOMER-{len(rows) % 7}",
                    "at": f"{at}",
                    "done": f"{at + pd.Timedelta(minutes=int(random.integers(200)))}" if place % 9 else "",
                    "w": float(random.integers(0, 100)) if place % 11 else None,
                    "r": ("good", "bad", "hang", "gone", "test")[min(int(random.integers(8)), 4) if place > 1 else 0],
                    "f": bool(random.integers(2)),
                    "team": ("a", "b")[place % 2],
                }
            )
    return pd.DataFrame(rows)


def card_of(log=None, title="Service", process="Line", wait="Waiting time", **options):
    definitions = svclight.loads(DEFINITION.format(title=_quoted(title), process=_quoted(process), wait=_quoted(wait)))
    options = {"as_of": "2027-01-01", **options}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.SvclightNotice)
        return svclight.score({"line": frame() if log is None else log}, definitions, **options)


def _quoted(text):
    return json.dumps(text)


class Page(HTMLParser):
    """Tags, ids, references and text of a page; complains where tags do not close."""

    VOID = frozenset({"meta", "br", "link", "img"})

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.ids, self.links, self.words, self.attributes = [], [], [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.links.append(value)
            self.links += [f"#{found}" for found in re.findall(r"url\(#([^)]+)\)", value or "")]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@cache
def usual(*by):
    """The card of the usual log, made once: cards are frozen."""
    return card_of(by=list(by))


@cache
def html_of_usual():
    return report.html(usual())


def page():
    """The page of the usual card."""
    return Page(html_of_usual())


# --- the page


def test_the_page_is_whole_and_needs_nothing_else():
    page = Page(report.html(usual("team"), check(usual("team"))))
    assert "script" not in page.tags
    assert not {"link", "img", "iframe"} & set(page.tags)
    assert not any(name.startswith("on") for name, _ in page.attributes)
    assert all(link.startswith("#") for link in page.links)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert ("lang", "en") in page.attributes
    assert page.tags.count("svg") == 5 + 2  # five criteria, two of them with values
    assert page.tags.count("svg") == sum(value == "img" for name, value in page.attributes if name == "role")


def test_the_top_says_where_the_numbers_come_from():
    log = frame()
    log.loc[5, "at"] = ""
    text = Page(report.html(card_of(log))).text
    top = text[: text.index("Overview")]
    for said in (
        "Service", "Definition", "Version 3", "Quality team", "Europe/Moscow", "2027-01-01T00:00:00+03:00 (given with the call)",
        "months, cut in this zone", "Support / Line", "a frame", "120", "test call", "without a usable time: 1",
    ):  # fmt: skip
        assert said in top, said
    later = Page(report.html(card_of(as_of=None))).text
    assert "(the newest time in the logs)" in later


def test_a_criterion_says_its_rules():
    text = page().text
    for said in (
        "From the queue to the first word.", "until before 1 Feb 2026 ≤ 30 s none everything else",
        "team is b, from 1 Feb 2026 ≤ 40 s ≤ 1 min everything else", "excluded up to 5 s, else red (where r is hang)",
        "r is not gone", "green ≥ 50 %, red ≤ 20 %", "Target where team is a net ≥ 10",
        "red ≤ 30 % until before 1 Mar 2026: new line (T-1)", "1 Mar 2026: new shifts", "good hang, gone bad",
        "time from at to done, less paid", "worst zone of: Waiting time, result", "Month of done", "yes none everything else",
        "no rule: counted like all others", "excluded (where r is hang)",
    ):  # fmt: skip
        assert said in text, said


def test_the_numbers_of_the_page_are_those_of_the_card():
    card = usual()
    summary = report.summarize(card)
    part = summary.criteria[0]
    shares = card.shares().query("criterion == 'wait' and period == '2026-03'").iloc[0]
    march = next(month for month in part.months if month.name == "2026-03")
    assert (march.name, march.light.rated_count) == ("2026-03", shares["rated"])
    assert march.light.counts[4] == shares["missing"]
    assert float(march.shares[0][0].removesuffix(" %")) == pytest.approx(100 * shares["green_share"], abs=0.11)
    assert march.shares[0][1] == f"{100 * shares['green_share_low']:.1f} to {100 * shares['green_share_high']:.1f}"
    assert march.net[0] == f"{shares['net']:+.1f}".replace("-", "\N{MINUS SIGN}")
    text = page().text
    assert f"{march.shares[0][1]}" in text
    assert "w is empty" in text
    reasons = {(state, reason): count for state, reason, count in part.reasons}
    missing = card.reasons.query("criterion == 'wait' and zone == 'missing' and reason == 'w is empty'")["count"].sum()
    assert reasons["missing", "w is empty"] == f"{missing}"


def test_segments_of_the_newest_period_that_can_be_judged():
    log = frame()
    card = card_of(log[~log["at"].str.startswith("2026-03-31")], by=["team"], as_of="2026-03-31")  # March is partial
    part = report.summarize(card).criteria[0]
    assert part.segments_of == "2026-02"
    assert {segment.name for segment in part.segments} == {"a", "b"}
    shares = card.shares().query("criterion == 'wait' and period == '2026-02'")
    assert sum(segment.light.rated_count for segment in part.segments) == shares["rated"].sum()
    assert "By team in 2026-02, most rated first" in Page(report.html(card)).text
    assert report.summarize(usual()).criteria[0].segments == ()


def test_many_segments_are_cut_and_it_is_said(monkeypatch):
    monkeypatch.setattr(report_content, "MOST_SEGMENTS", 1)
    assert "1 more segments are not listed" in Page(report.html(usual("team"))).text


def test_many_reasons_are_put_together(monkeypatch):
    monkeypatch.setattr(report_content, "MOST_REASONS", 1)
    part = report.summarize(usual()).criteria[0]
    assert len(part.reasons) == 2
    assert part.reasons[1][:2] == ("other", "3 more reasons")
    whole = usual().reasons.query("criterion == 'wait'")["count"].sum()
    assert sum(int(count) for *_, count in part.reasons) == whole


def test_no_customer_no_id_and_no_line_is_in_any_report(tmp_path):
    line = {"file": ["log.csv"], "line": [122], "reason": ["9 cells, 8 columns"], "text": ["SECRET-1,CUSTOMER-1,,,"]}
    card = dataclasses.replace(usual("team"), rejected=pd.DataFrame(line))
    for suffix in (".html", ".md", ".xlsx"):
        target = report.write(card, tmp_path / f"r{suffix}", check(card))
        data = target.read_bytes()
        if suffix == ".xlsx":
            archive = zipfile.ZipFile(io.BytesIO(data))
            data = b"".join(archive.read(name) for name in archive.namelist())
        assert b"SECRET" not in data
        assert b"CUSTOMER" not in data
    page = Page((tmp_path / "r.html").read_text(encoding="utf-8")).text
    assert "Lines that could not be read" in page
    assert "log.csv 122 9 cells, 8 columns" in page


def test_everything_is_escaped():
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> ${7*7} {{ 7*7 }} \x1b[31m &amp;"
    log = frame()
    log["team"] = "<script>alert(2)</script>"
    log.loc[2:20, "done"] = "<script>alert(3)</script>"
    text = report.html(card_of(log, title=evil, process=evil, wait=evil, by=["team"], max_unread=1))
    page = Page(text)
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert "\x1b" not in text
    assert "\\x1b[31m" in page.text
    assert "{{ 7*7 }}" in page.text
    assert "&amp;amp;" in text
    assert "<script>alert(2)</script>" in page.text  # as text
    assert "<script>alert(3)</script>" not in page.text  # no cell is quoted


def test_the_same_card_gives_the_same_bytes(tmp_path):
    card, again = card_of(by=["team"]), card_of(by=["team"])
    for suffix in (".html", ".md", ".xlsx"):
        first = report.write(card, tmp_path / f"a{suffix}", check(card)).read_bytes()
        assert report.write(again, tmp_path / f"b{suffix}", check(again)).read_bytes() == first


def test_the_plots_do_not_depend_on_the_user_s_style():
    import matplotlib as mpl

    before = html_of_usual()
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "black", "svg.fonttype": "path"}):
        assert report.html(usual()) == before


def test_an_empty_card_makes_a_report(tmp_path):
    card = card_of(frame().head(0), by=["team"])
    text = Page(report.html(card)).text
    assert "No data: there is no interaction with a usable time." in text
    assert "No interactions." in text
    assert "By month" not in text
    assert "100.0" not in text
    markdown = markdown_module.markdown_report(card)
    assert "No data: there is no interaction with a usable time." in markdown
    assert report.write(card, tmp_path / "e.xlsx", check(card)).exists()


def test_a_criterion_without_any_gap_says_so():
    log = frame().assign(w=1.0, r="good", done="2027-01-01")
    part = Page(report.html(card_of(log))).text
    assert "None: every interaction has a measured zone." in part


@pytest.mark.slow
def test_many_months(monkeypatch):
    card = card_of(frame(60, 4), as_of="2031-01-01")
    text = Page(report.html(card)).text
    assert "2026-01" in text
    assert "2030-12" in text
    assert re.search(r"6\d months, the newest on the right", text)
    monkeypatch.setattr(report, "MOST_COLUMNS", 10)
    cut = Page(report.html(card)).text
    assert re.search(r"5\d older months are not in this table; the tables of the criteria have all\.", cut)


def test_verdicts_stand_under_the_overview():
    card = card_of(by=["team"], as_of="2026-04-01")
    head, rows = report.summarize(card, check(card)).checks
    assert head[:2] == ("process", "criterion")
    place = head.index("share")
    assert any(row[place].endswith(" %") for row in rows)
    assert any(row[head.index("zone")] == "net" and not row[place].endswith("%") for row in rows)
    page = Page(report.html(card, check(card))).text
    assert page.index("Overview") < page.index("Targets") < page.index("Limits for")
    assert report.summarize(card).checks == ((), ())


# --- Excel


def test_excel_has_all_tables_as_numbers(tmp_path):
    card = card_of(by=["team"], title="=1+1", wait="=cmd|' /C calc'!A0")
    book = CalamineWorkbook.from_path(str(report.write(card, tmp_path / "r.xlsx")))
    assert book.sheet_names == ["overview", "shares", "counts", "reasons", "summary", "rejected"]
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    assert sheets["overview"][0][0] == "=1+1"
    counts = sheets["counts"]
    assert counts[0] == list(card.counts.columns)
    assert [row[-1] for row in counts[1:]] == card.counts["count"].tolist()
    shares = card.shares()
    column = sheets["shares"][0].index("green_share")
    expected = ["" if pd.isna(value) else value for value in shares["green_share"]]
    assert [row[column] for row in sheets["shares"][1:]] == pytest.approx(expected) or "" in expected
    assert sheets["rejected"] == [["file", "line", "reason"]]
    flat = [cell for row in sheets["overview"] for cell in row]
    assert any(re.fullmatch(r"[GYR] \d+\.\d % n=\d+.*", str(cell)) for cell in flat)
    archive = zipfile.ZipFile(tmp_path / "r.xlsx")
    for name in archive.namelist():
        assert b"<f>" not in archive.read(name)


def test_the_summary_stands_in_every_kind_of_report(tmp_path):
    card = card_of()
    table = card.summary()
    wait = table[(table["criterion"] == "wait") & (table["period"] == "2026-01")].iloc[0]
    page = report.write(card, tmp_path / "r.html").read_text("utf-8")
    assert "<h3>What was measured</h3>" in page
    assert f'<td class="num">{estimate_text(wait["mean"], "s")}</td>' in page
    text = report.write(card, tmp_path / "r.md").read_text("utf-8")
    assert "### What was measured" in text
    rows = (
        CalamineWorkbook.from_path(str(report.write(card, tmp_path / "r.xlsx")))
        .get_sheet_by_name("summary")
        .to_python()
    )
    head = rows[0]
    assert head == ["process", "criterion", "period", "measured", "mean", "median", "p90", "sum", "unit"]
    found = next(row for row in rows if row[1:3] == ["wait", "2026-01"])
    assert found[head.index("mean")] == wait["mean"]
    assert found[head.index("sum")] == wait["sum"]


def test_excel_of_a_month_without_data_and_a_note(tmp_path):
    log = frame()
    log = log[~log["at"].str.startswith("2026-02")]
    log.loc[0, "at"] = ""
    book = CalamineWorkbook.from_path(str(report.write(card_of(log), tmp_path / "r.xlsx")))
    flat = [cell for row in book.get_sheet_by_name("overview").to_python() for cell in row]
    assert "no data" in flat
    assert "Support / Line, Waiting time: without a usable time: 1" in flat


def test_a_table_that_no_sheet_holds(monkeypatch, tmp_path):
    monkeypatch.setattr(excel, "MOST_ROWS", 10)
    with pytest.raises(
        svclight.SvclightError, match=r"the table shares has 17 rows, a sheet of Excel holds 10: .*\.csv"
    ):
        report.write(usual(), tmp_path / "r.xlsx")
    assert list(tmp_path.iterdir()) == []


# --- writing


@pytest.mark.parametrize("name", ["r.pdf", "r", "r.htm"])
def test_another_suffix_is_an_error(tmp_path, name):
    with pytest.raises(svclight.SvclightError, match=rf'this suffix; found "{name}"; expected .html or .md or .xlsx'):
        report.write(usual(), tmp_path / name)


def test_the_suffix_may_be_written_large(tmp_path):
    assert report.write(usual(), str(tmp_path / "R.MD")).read_text(encoding="utf-8").startswith("## Service")


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(svclight.SvclightError, match="the file cannot be written"):
        report.write(usual(), tmp_path / "none" / "r.md")
    assert list(tmp_path.iterdir()) == []


def test_plots_are_handed_on():
    ax = report.plot_distribution(usual(), "line", "wait")
    assert ax.get_title(loc="left") == "Waiting time"
    assert report.plot_values(usual(), "line", "wait") is not None
    assert report.plot_overview(usual()) is not None


# --- pieces


def test_svg_has_no_ids_that_nothing_refers_to_and_a_title():
    def draw(ax):
        ax.plot([0, 1], [0, 1], marker="o")
        ax.set_title('<b> id="x" \u4f60\u597d', parse_math=False)  # no font here has these
        return ax

    text = svg.draw_svg(draw, size=(3, 2), key="k", title="A <title>", description="B & C")
    root = ET.fromstring(text)
    assert root.tag == "svg"
    assert root.attrib["aria-labelledby"] == "k-title k-desc"
    assert root.find("title").text == "A <title>"
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert all(one.startswith("k-") for one in ids)
    assert not {"metadata", "style"} & {element.tag for element in root.iter()}
    for used in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text):
        assert (used[0] or used[1]) in ids
    assert '&lt;b&gt; id="x" 你好' in text
    assert "DejaVu" not in text
    assert "width" not in root.attrib


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("{delay: {due: at, actual: done, by: date}}", "how late done is against at, by calendar date"),
        ("{duration: {from: at, to: done}}", "time from at to done"),
        ("{repeat: {within: 7 d, same: [customer]}}", "contacts that follow within 7 d with the same customer"),
        ("{repeat: {within: 7 d, same: [customer, k], first_only: true}}", "contacts that follow within 7 d with the same customer, k; only of contacts that are no repeats themselves"),
        ("{checklist: {items: {ok: 10, k: 2.5}}}", "percent of the points that apply: ok (10), k (2.5)"),
        ("{checklist: {items: {ok: 10, k: 2.5}, critical: [ok]}}", "percent of the points that apply: ok (10), k (2.5); 0 % where one of these fails: ok"),
        ("{recency: {within: 90 d}}", "time since the customer's last interaction, looking back 90 d from a period's end"),
        ("{frequency: {within: 90 d}}", "interactions of a customer in the 90 d before a period's end"),
        ("{spend: {within: 90 d, amount: paid}}", "sum of paid of a customer in the 90 d before a period's end"),
    ],
)  # fmt: skip
def test_measures_in_words(measure, said):
    text = f"""
svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log: {{time: at, customer: who, fields: {{at: {{time: at}}, done: {{time: done}}, who: {{text: who}}, ok: {{flag: ok}}, k: {{text: k}}, paid: {{number: paid}}}}}}
    criteria: {{c: {{measure: {measure}, green: "{"<= 1 d" if re.search("delay|duration|recency", measure) else "<= 0"}"}}}}
"""
    process = svclight.loads(text).processes["p"]
    assert short_phrases.short_measure(process.criteria["c"], process) == said


def test_steps_and_items_in_words():
    text = """
svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log: {rows: events, time: at, id: i, step: e, steps: {taken: t}, fields: {at: {time: at}, ok: {flag: ok}}}
    criteria:
      often: {measure: {count: {step: taken}}, green: "<= 1"}
      hands: {title: Hands, measure: {count: {step: taken, distinct: agent}}, green: "<= 1"}
      card: {measure: {checklist: {items: {ok: 1}, each: true}}, green: ">= 80 %"}
      all: {measure: {worst: [hands, often, card.ok]}}
"""
    process = svclight.loads(text).processes["p"]
    said = {name: short_phrases.short_measure(criterion, process) for name, criterion in process.criteria.items()}
    assert said == {
        "often": "how often taken happens",
        "hands": "different values of agent at taken",
        "card": "percent of the points that apply: ok (1)",
        "card.ok": "percent of the points that apply: ok (1)",
        "all": "worst zone of: Hands, often, card: ok",
    }


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ("red", "red, whatever they waited (where o is x)"),
        ("by_elapsed", "rated by the time until they were given up (where o is x)"),
        ("{excluded_within: green}", "excluded while they would be green, else red (where o is x)"),
    ],
)
def test_abandoned_in_words(counts, said):
    text = f"""
svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log: {{time: at, fields: {{at: {{time: at}}, w: {{number: w}}}}}}
    criteria: {{c: {{measure: {{value: w}}, green: "<= 1", scale: [1, 5], whole: true, abandoned: {{where: {{o: x}}, counts: {counts}}}}}}}
"""
    process = svclight.loads(text).processes["p"]
    assert ("Abandoned", said) in list(short_phrases.measure_facts(process.criteria["c"], process))
    assert ("Possible values", "1 to 5, whole numbers") in list(
        short_phrases.measure_facts(process.criteria["c"], process)
    )


def test_the_last_step_in_words():
    assert short_phrases._short_moment(type("Last", (), {"last": "solved"})(), "en") == "the last solved"
    assert html_module.unescape("&lt;") == "<"
