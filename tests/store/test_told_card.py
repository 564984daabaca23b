"""A card of a store: of each period the run seen last, as `replace` would have it; what does not go together is told."""

from __future__ import annotations

import re
import warnings
from functools import reduce

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import svclight

TEXT = """
svclight: 1
time_zone: Europe/Berlin
processes:
  hotline:
    title: Hotline
    log: {time: at, segments: [team, kind], fields: {waited: {number: waited, unit: s}}}
    criteria:
      wait: {measure: {value: waited}, green: "<= 30 s", yellow: "<= 60 s", targets: {green: ">= 80 %"}}
"""
CHAT = """
  chat:
    title: Chat
    log: {time: at, fields: {reply: {number: reply, unit: s}}}
    criteria:
      reply: {measure: {value: reply}, green: "<= 10 s"}
"""


def log(months, waited=10, rows=40):
    days = [f"{month}-{1 + row % 28:02} 09:00" for month in months for row in range(rows)]
    return pd.DataFrame({"at": days, "waited": waited, "team": "east", "kind": "call"})


def scored(months, as_of, text=TEXT, **options):
    waited = options.pop("waited", 10)
    return svclight.score({"hotline": log(months, waited)}, svclight.loads(text), as_of=as_of, **options)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "service.duckdb"


def told(path, **options):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        card = svclight.store.card_of(path, **options)
    return card, [str(one.message) for one in caught]


def greens(card):
    shares = card.shares()
    return dict(zip(shares["period"].astype(str), shares["green"], strict=True))


MONTHS = [f"2026-{month:02}" for month in range(1, 5)]
RUNS = st.lists(
    st.tuples(
        st.sets(st.sampled_from(MONTHS), min_size=1),
        st.integers(1, 6),  # the day of June from which it is seen
        st.sampled_from([10, 45, 90]),
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=12)
@given(RUNS)
def test_it_is_what_replace_gives_in_the_order_of_as_of(tmp_path_factory, runs):
    path = tmp_path_factory.mktemp("store") / "s.duckdb"
    cards = [scored(sorted(months), f"2026-06-0{day}", waited=waited) for months, day, waited in runs]
    for card in cards:
        svclight.store.add_run(card, path)
    found, _ = told(path)
    expected = reduce(lambda old, new: old.replace(new), sorted(cards, key=lambda card: card.provenance.as_of))
    for name in ("counts", "reasons", "periods", "bins", "sums", "values"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name), check_categorical=False)
    # a second route: by hand, of each month the last run that has it
    by_hand = {}
    for months, _, waited in sorted(runs, key=lambda run: run[1]):
        by_hand |= dict.fromkeys(months, 40 if waited == 10 else 0)
    assert {month: green for month, green in greens(found).items() if month in by_hand} == by_hand


def test_a_month_is_shown_as_it_was_told(path):
    svclight.store.add_run(scored(["2026-01"], "2026-02-01T06:00", waited=90), path)
    svclight.store.add_run(scored(["2026-01", "2026-02"], "2026-03-01T06:00", waited=10), path)
    assert greens(told(path)[0]) == {"2026-01": 40, "2026-02": 40}
    # the first run was told on that day, also where the day alone is named; the second just then
    for moment in ("2026-02-01", "2026-02-01T06:00", "2026-02-28", pd.Timestamp("2026-02-01").date()):
        assert greens(told(path, as_told=moment)[0]) == {"2026-01": 0}
    assert greens(told(path, as_told="2026-03-01")[0]) == {"2026-01": 40, "2026-02": 40}
    message = "nothing had been told by then; found as first run one that was seen from 2026-02-01T06:00:00+01:00"
    with pytest.raises(svclight.SvclightError, match=re.escape(message)):
        svclight.store.card_of(path, as_told="2026-01-31")
    assert greens(told(path, as_told="9999-12-31")[0]) == {"2026-01": 40, "2026-02": 40}
    with pytest.raises(svclight.SvclightError, match='as_told is no time; found "soon"'):
        svclight.store.card_of(path, as_told="soon")


def test_the_order_of_adding_decides_nothing_but_ties(path):
    svclight.store.add_run(scored(["2026-01"], "2026-03-02", waited=10), path)
    svclight.store.add_run(scored(["2026-01"], "2026-03-01", waited=90), path)  # an older one, added late
    assert greens(told(path)[0]) == {"2026-01": 40}
    svclight.store.add_run(scored(["2026-01"], "2026-03-02", waited=45), path)
    assert greens(told(path)[0]) == {"2026-01": 0}


def test_moments_are_compared_as_instants(path):
    # by the text the first would be the later: 01:30 in winter time is after 02:30 in summer time
    svclight.store.add_run(scored(["2026-01"], "2026-10-25T02:30+02:00", waited=90), path)
    svclight.store.add_run(scored(["2026-01"], "2026-10-25T02:15+01:00", waited=10), path)
    card = told(path)[0]
    assert greens(card)["2026-01"] == 40
    assert card.provenance.as_of == "2026-10-25T02:15:00+01:00"


def test_targets_and_titles_are_those_of_the_newest_run(path):
    svclight.store.add_run(scored(["2026-01"], "2026-02-01"), path)
    newer = TEXT.replace(">= 80 %", ">= 95 %").replace("wait: {", "wait: {title: Waiting time, ")
    svclight.store.add_run(scored(["2026-02"], "2026-03-01", newer), path)
    card, notices = told(path)
    assert notices == []
    assert greens(card) == {"2026-01": 40, "2026-02": 40}
    assert card.definitions.title("hotline", "wait") == "Waiting time"
    assert "≥ 95 %" in str(svclight.check(card))
    assert "≥ 80 %" in str(svclight.check(told(path, as_told="2026-02-15")[0]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("segments: [team, kind]", "segments: [team, kind, at]"),
        ("{number: waited, unit: s}", "{number: waited, unit: s}, other: {number: other}"),
        ("criteria:\n      wait", "criteria:\n      long: {measure: {value: waited}, green: '<= 5 s'}\n      wait"),
        ("processes:", "calendars: {office: {hours: {mon-fri: '09:00-17:00'}}}\nprocesses:"),
        ("title: Hotline", "title: Calls"),
    ],
)
def test_what_is_added_to_a_definition_does_not_part_its_months(path, old, new):
    svclight.store.add_run(scored(["2026-01"], "2026-02-01"), path)
    svclight.store.add_run(scored(["2026-02"], "2026-03-01", TEXT.replace(old, new)), path)
    card, notices = told(path)
    assert notices == []
    waits = card.shares()
    assert waits.loc[waits["criterion"] == "wait", "period"].tolist() == ["2026-01", "2026-02"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('yellow: "<= 60 s"', 'yellow: "<= 90 s"'),
        ("unit: s}", "unit: s, missing: [10]}"),
        ("time: at,", "time: at, id: n,"),
    ],
)
def test_what_counts_otherwise_is_left_out_and_told(path, old, new):
    svclight.store.add_run(scored(["2025-12", "2026-01"], "2026-02-01"), path)
    text = TEXT.replace(old, new)
    newest = log(["2026-02"], 20).assign(n=range(40))
    svclight.store.add_run(svclight.score({"hotline": newest}, svclight.loads(text), as_of="2026-03-01"), path)
    card, (notice,) = told(path)
    assert greens(card) == {"2026-02": 40}
    assert notice == (
        f"{path}: left out, as the newest run of the process counts otherwise: hotline.wait of 2025-12 to 2026-01; score the "
        "logs of these periods again with --into, or ask for what was told before with --as-told"
    )
    assert greens(told(path, as_told="2026-02-15")[0]) == {"2025-12": 40, "2026-01": 40}
    # counted again by the new definition, though seen from an earlier moment than other runs
    again = log(["2025-12", "2026-01"], 20).assign(n=range(80))
    svclight.store.add_run(svclight.score({"hotline": again}, svclight.loads(text), as_of="2026-02-01"), path)
    card, notices = told(path)
    assert (notices, list(greens(card))) == ([], ["2025-12", "2026-01", "2026-02"])


def test_processes_of_other_definitions_stand_beside_each_other(path):
    svclight.store.add_run(scored(["2026-01"], "2026-03-01"), path)
    chats = pd.DataFrame({"at": ["2026-01-05"], "reply": [5]})
    alone = svclight.loads(TEXT.split("processes:", maxsplit=1)[0] + "processes:" + CHAT)
    svclight.store.add_run(svclight.score(chats, alone, as_of="2026-03-02"), path)
    card, notices = told(path)
    assert notices == []
    assert set(zip(card.counts["process"], card.counts["criterion"], strict=True)) == {
        ("hotline", "wait"),
        ("chat", "reply"),
    }
    assert set(card.definitions.processes) == {"hotline", "chat"}
    assert [one.process for one in card.provenance.logs] == ["hotline", "chat"]


def test_a_criterion_that_is_defined_no_longer_is_left_out(path):
    more = TEXT + '      long: {measure: {value: other}, green: "<= 5 s"}\n'
    more = more.replace("unit: s}", "unit: s}, other: {number: other, unit: s}")
    first = log(["2026-01"]).assign(other=1)
    svclight.store.add_run(svclight.score({"hotline": first}, svclight.loads(more), as_of="2026-02-01"), path)
    svclight.store.add_run(scored(["2026-02"], "2026-03-01"), path)
    card, (notice,) = told(path)
    assert set(card.counts["criterion"]) == {"wait"}
    assert list(greens(card)) == ["2026-01", "2026-02"]
    assert "hotline.long of 2026-01 to 2026-01" in notice


def test_segments_are_those_of_the_newest_run_or_fewer(path):
    svclight.store.add_run(scored(["2026-01"], "2026-02-01", by=["team", "kind"]), path)
    svclight.store.add_run(scored(["2026-02"], "2026-03-01", by="team"), path)
    card, notices = told(path)
    assert (card.by, notices, list(greens(card))) == (("team",), [], ["2026-01", "2026-02"])
    assert told(path, by=[])[0].by == ()
    card, (notice,) = told(path, by="kind")
    assert list(greens(card)) == ["2026-01"]
    assert (
        "these are left out: 2; they have another time zone, another --matured, or lack one of the segments" in notice
    )
    with pytest.raises(svclight.SvclightError, match='no run is split by "place"; found "team" or "team", "kind"'):
        svclight.store.card_of(path, by="place")


def test_the_order_of_segments_is_that_of_the_newest_run(path):
    svclight.store.add_run(scored(["2026-01"], "2026-02-01", by=["team", "kind"]), path)
    svclight.store.add_run(scored(["2026-02"], "2026-03-01", by=["kind", "team"]), path)
    card, notices = told(path)
    assert (card.by, notices) == (("kind", "team"), [])
    assert list(card.counts.columns) == ["process", "criterion", "period", "kind", "team", "zone", "count"]
    assert list(greens(card)) == ["2026-01", "2026-02"]
    assert list(card.summary()["measured"]) == [40, 40]


def test_runs_by_other_periods_are_another_series(path):
    svclight.store.add_run(scored(["2026-01"], "2026-02-01", period="day"), path)
    svclight.store.add_run(scored(["2026-01"], "2026-03-01"), path)
    assert told(path)[0].provenance.period == "month"
    days, notices = told(path, period="day")
    assert (days.provenance.period, notices) == ("day", [])
    with pytest.raises(svclight.SvclightError, match='no run counts by "year"; found "month", "day"'):
        svclight.store.card_of(path, period="year")


def test_what_belongs_to_no_period_is_that_of_the_runs_that_count(path):
    text = TEXT.replace("unit: s}", "unit: s}, more: {number: more}")
    text += '      more: {measure: {value: more}, green: "<= 5"}\n'

    def run(months, as_of, bad):
        rows = log(months).assign(more="1")
        rows["more"] = ["?"] * bad + ["1"] * (len(rows) - bad)
        rows["at"] = [*rows["at"][:-1], "2026-99-99"]  # the last one has no time
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return svclight.score({"hotline": rows}, svclight.loads(text), as_of=as_of, max_unread=1)

    svclight.store.add_run(run(["2026-01"], "2026-02-01", 3), path)
    svclight.store.add_run(run(["2026-01", "2026-02"], "2026-03-01", 5), path)
    card, _ = told(path)  # the first run has no period left: nothing of it counts twice
    unread = dict(zip(card.unread["field"], card.unread["unread"], strict=True))
    assert unread["more"] == 5
    assert [one.rows for one in card.provenance.logs] == [80]
    timeless = card.counts[(card.counts["period"] == "") & (card.counts["criterion"] == "wait")]
    assert timeless["count"].sum() == 1
    svclight.store.add_run(run(["2026-03"], "2026-04-01", 1), path)
    card, _ = told(path)
    assert dict(zip(card.unread["field"], card.unread["unread"], strict=True))["more"] == 6
    assert [one.rows for one in card.provenance.logs] == [80, 40]


def test_hand_kept_tables_stand_behind_logs_and_have_a_moment(path):
    table = pd.DataFrame(
        {"month": ["2026-01", "2026-02"], "process": "hotline", "criterion": "wait", "green": 7, "yellow": 0, "red": 0}
    )
    definitions = svclight.loads(TEXT)
    svclight.store.add_run(scored(["2026-01"], "2026-02-01"), path)
    svclight.store.add_run(svclight.tally(table, definitions, as_of="2026-03-01"), path)
    assert greens(told(path)[0]) == {"2026-01": 40, "2026-02": 7}
    assert greens(told(path, as_told="2026-02-15")[0]) == {"2026-01": 40}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        timeless = svclight.tally(table.assign(green=9), definitions)
    only = path.with_name("only.duckdb")
    svclight.store.add_run(timeless, only)
    assert greens(told(only)[0])["2026-02"] == 9
    with pytest.raises(svclight.SvclightError, match="nothing had been told by then; found only runs without as_of"):
        svclight.store.card_of(only, as_told="2026-03-01")


def test_an_empty_log_is_told_too(path):
    svclight.store.add_run(scored([], "2026-02-01"), path)
    card, notices = told(path)
    assert (len(card.counts), notices) == (0, [])
    assert card.provenance.as_of.startswith("2026-02-01")


def test_one_run_is_the_card_that_was_added(path):
    card = scored(["2026-01", "2026-02"], "2026-03-01", by="team")
    assert svclight.store.add_run(card, path) == 1
    found, _ = told(path)
    for name in ("counts", "reasons", "periods", "unread", "joins", "bins", "sums", "values", "steps"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(card, name))
    assert found.provenance == card.provenance
    with pytest.raises(svclight.SvclightError, match="this card has no way back to a log"):
        found.interactions()


def test_items_and_groups_of_a_quality_card_are_kept(path):
    text = """
svclight: 1
time_zone: UTC
processes:
  hotline:
    title: Hotline
    log: {time: at}
    criteria:
      book:
        measure: {checklist: {items: {greets: 1, solves: 2}, groups: {manner: [greets], matter: [solves]}, each: true}}
        green: ">= 80 %"
"""
    rows = pd.DataFrame({"at": ["2026-01-05", "2026-02-05"], "greets": "yes", "solves": "no"})
    definitions = svclight.loads(text)
    for month, as_of in ((0, "2026-02-01"), (1, "2026-03-01")):
        svclight.store.add_run(svclight.score(rows.iloc[[month]], definitions, as_of=as_of), path)
    card, notices = told(path)
    assert notices == []
    assert {"book", "book.manner", "book.matter"} <= set(card.counts["criterion"])
    assert set(card.counts["period"]) == {"2026-01", "2026-02"}


def test_the_lines_that_were_rejected_keep_their_numbers(path, tmp_path):
    for month, line in (("2026-01", ""), ("2026-02", "2026-02-03,10,east\n")):  # one line has a column too few
        rows = "".join(f"{month}-{day:02} 09:00,10,east,call\n" for day in range(1, 28))
        log = tmp_path / f"{month}.csv"
        log.write_text(f"at,waited,team,kind\n{rows}{line}")
        svclight.store.add_run(svclight.score(log, svclight.loads(TEXT), as_of=f"{month}-28"), path)
    rejected = told(path)[0].rejected
    assert rejected[["file", "line"]].values.tolist() == [["2026-02.csv", 29]]
    assert rejected["line"].dtype == "int64"
