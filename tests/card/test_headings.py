"""Headings: what their parts count in total, in shares, the table of lights and every report."""

import pandas as pd
import pytest

import svclight
from svclight.card.headings import heading_criteria, processes_under
from svclight.card.light_table import light_table

pytestmark = pytest.mark.once  # sums of counts, and words and numbers in reports
TEXT = """
svclight: 1
time_zone: UTC
processes:
  service: {title: Service}
  support: {title: Support, part_of: service}
  hotline:
    title: Hotline
    part_of: support
    log: {time: at, since: 2025-12-01, segments: [team]}
    criteria:
      wait: {title: Waiting, measure: {value: x}, green: "<= 5", targets: {green: ">= 80 %"}}
      talk: {title: Talking, measure: {value: x}, green: "<= 50"}
  chat:
    title: Chat
    part_of: support
    log: {time: at, segments: [team]}
    criteria:
      wait: {title: Waiting for a person, measure: {value: x}, green: "<= 5"}
"""


@pytest.fixture
def card():
    # 90 of 100 and 5 of 20: together 95 of 120 = 79.17 %, not the mean of 90 % and 25 %
    calls = pd.DataFrame({"at": ["2026-01-01"] * 50 + ["2026-01-31"] * 50, "x": ([1] * 45 + [9] * 5) * 2, "team": "a"})
    chats = pd.DataFrame({"at": ["2026-01-06", "2026-01-31"] * 10, "x": [1] * 5 + [9] * 15, "team": ["a", "b"] * 10})
    logs = {"hotline": calls, "chat": chats}
    return svclight.score(logs, svclight.loads(TEXT), by="team", as_of="2026-02-01")


@pytest.mark.parametrize("heading", ["support", "service"])
def test_counts_are_added_and_shares_are_not_averaged(card, heading):
    found = card.shares(by=[], heading=heading).set_index("criterion")
    assert set(found["process"]) == {heading}
    assert found.loc["wait", ["rated", "green"]].tolist() == [120, 95]
    assert found.loc["wait", "green_share"] == pytest.approx(95 / 120)
    assert found.loc["talk", "rated"] == 100  # one part alone has it


def test_a_total_adds_up_over_its_segments_and_parts(card):
    split = card.shares(heading="support")
    # of team a 45 + 45 calls and, of its ten chats (rows 0, 2, 4 …), the three first are green: 93 of 110
    both = split[(split["criterion"] == "wait") & (split["team"] == "a")]
    assert both[["rated", "green"]].to_numpy().tolist() == [[110, 93]]
    whole = card.shares(by=[], heading="support")
    parts = card.shares(by=[])
    for name in ("green", "red", "rated", "missing", "excluded"):
        added = split.groupby("criterion", observed=True)[name].sum()
        assert added.to_dict() == whole.set_index("criterion")[name].to_dict()
        assert added.to_dict() == parts.groupby("criterion", observed=True)[name].sum().to_dict()


def test_a_total_is_partial_where_one_of_its_parts_is(card):
    # the calls are complete since December; the first chat is of the 6th
    assert card.shares(by=[]).set_index(["process", "criterion"])["flag"].to_dict() == {
        ("hotline", "wait"): "",
        ("hotline", "talk"): "",
        ("chat", "wait"): "few, partial",
    }
    assert card.shares(by=[], heading="support")["flag"].tolist() == ["partial", ""]


def test_what_is_no_heading_is_refused(card):
    with pytest.raises(svclight.SvclightError, match='no process is a part of it; found "chat"; expected one of "serv'):
        card.shares(heading="chat")
    with pytest.raises(svclight.SvclightError, match='unknown process.*did you mean "support"'):
        card.shares(heading="suport")
    with pytest.raises(svclight.SvclightError, match="not split by"):
        card.shares(by="queue", heading="support")


def test_a_heading_has_a_row_for_what_several_parts_measure(card):
    assert [str(which) for which in heading_criteria(card.definitions, ["hotline", "chat"])] == [
        "service.wait",
        "support.wait",
    ]
    assert heading_criteria(card.definitions, ["hotline"]) == []
    assert processes_under(card.definitions, "service") == ("service", "support", "hotline", "chat")
    table = light_table(card)
    totals = [row for row in table.rows if row.is_total]
    assert [(row.process, row.title, row.total.share) for row in totals] == [
        ("service", "wait", "79.2 %"),  # the parts call it differently
        ("support", "wait", "79.2 %"),
    ]
    assert len(table.criterion_rows) == 3
    assert table.processes["support"] == "Service / Support"


def test_every_report_has_the_totals(card, tmp_path):
    assert "79.2 %" in str(card)
    for suffix in (".md", ".html"):
        text = svclight.report.write(card, tmp_path / f"report{suffix}").read_text("utf-8")
        assert "Service / Support" in text
        assert "79.2 %" in text
    page = svclight.report.html(card)
    assert page.count('class="criterion"') == 3  # of criteria, without the totals


def test_months_of_a_total_compare_as_those_of_its_parts(card):
    other = card.under_heading("support")
    assert other.counts["process"].unique().tolist() == ["support"]
    compared = svclight.compare(card, card, heading="support").table
    assert compared.loc[compared["criterion"] == "wait", "rated_after"].unique().tolist() == [120]
