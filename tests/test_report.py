from __future__ import annotations

import dataclasses
import html as html_module
import io
import re
import zipfile

import pandas as pd
import pytest
from support.report_cards import Page, card_of, usual

import svclight
from svclight import report
from svclight.decisions.check import check
from svclight.wording import short_phrases
from svclight.wording.estimates import estimate_text

# --- all kinds


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


def test_the_same_card_gives_the_same_bytes(tmp_path):
    card, again = card_of(by=["team"]), card_of(by=["team"])
    for suffix in (".html", ".md", ".xlsx"):
        first = report.write(card, tmp_path / f"a{suffix}", check(card)).read_bytes()
        assert report.write(again, tmp_path / f"b{suffix}", check(again)).read_bytes() == first


# --- what was measured


def test_the_summary_stands_in_the_page(tmp_path):
    card = card_of()
    table = card.summary()
    wait = table[(table["criterion"] == "wait") & (table["period"] == "2026-01")].iloc[0]
    page = report.write(card, tmp_path / "r.html").read_text("utf-8")
    assert "<h3>What was measured</h3>" in page
    assert f'<td class="num">{estimate_text(wait["mean"], "s")}</td>' in page


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
