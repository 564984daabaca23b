"""Cards: shares, putting together, saving, the way back."""

import dataclasses
import gzip
import json
import pickle
from pathlib import Path

import pandas as pd
import pytest
from support.helpers import HEAD, definition, score, total

import svclight
from svclight.judging.contract import Wanted
from svclight.judging.judge import Judge
from svclight.values.files import write_whole

CRITERION = 'c: {measure: {value: x}, green: "<= 5", yellow: "<= 8"}'
LOG = "{time: at, id: id, customer: who, segments: [kind]}"


def frame(month: str, values=(1, 6, 9, None)) -> pd.DataFrame:
    rows = [
        {"id": f"{month}-{i}", "at": f"{month}-15", "x": x, "kind": "ab"[i % 2], "who": f"customer {i}"}
        for i, x in enumerate(values)
    ]
    return pd.DataFrame(rows)


def card(*months: str, as_of="2026-06-01", **options) -> svclight.Scorecard:
    return score(
        pd.concat([frame(month) for month in months], ignore_index=True), CRITERION, LOG, as_of=as_of, **options
    )


def same(first: svclight.Scorecard, second: svclight.Scorecard) -> None:
    for table in ("counts", "reasons", "values", "periods"):
        pd.testing.assert_frame_equal(getattr(first, table), getattr(second, table))


def test_shares_have_the_columns_of_the_contract():
    shares = card("2026-01", by=["kind"]).shares()
    assert list(shares.columns) == [
        *("process", "criterion", "period", "kind", "rated", "effective"),
        *("green", "yellow", "red", "pending", "missing", "not_applicable", "excluded"),
        *(f"{zone}_share{end}" for zone in ("green", "yellow", "red") for end in ("", "_low", "_high")),
        *("net", "net_low", "net_high", "flag"),
    ]
    # a: 1 green and 9 red; b: 6 yellow and one missing
    assert shares[["kind", "rated", "green_share", "red_share", "net"]].values.tolist() == [
        ["a", 2, 0.5, 0.5, 0],
        ["b", 1, 0, 0, 0],
    ]


def test_shares_can_be_added_up_over_segments():
    split = card("2026-01", "2026-02", by=["kind"])
    pd.testing.assert_frame_equal(split.shares(by=[]), card("2026-01", "2026-02").shares())
    with pytest.raises(svclight.SvclightError, match='not split by "team"; it is split by "kind"'):
        split.shares(by=["team"])


def test_only_some_periods():
    pd.testing.assert_frame_equal(card("2026-01", "2026-02", "2026-03").only("2026-02").counts, card("2026-02").counts)
    pd.testing.assert_frame_equal(
        card("2026-01", "2026-02").only(["2026-01", "2026-02"]).counts, card("2026-01", "2026-02").counts
    )
    with pytest.raises(svclight.SvclightError, match='no period "2027-01"; it has "2026-01"'):
        card("2026-01").only("2027-01")


def test_cards_of_different_periods_add_up():
    whole = card("2026-01", "2026-02")
    added = card("2026-01") + card("2026-02")
    pd.testing.assert_frame_equal(added.counts, whole.counts)
    pd.testing.assert_frame_equal(added.values, whole.values)
    assert [log.rows for log in added.provenance.logs] == [4, 4]
    with pytest.raises(TypeError):
        added + 1


def test_rows_without_a_time_are_added():
    lost = frame("2026-01").assign(at=[None, "2026-01-15", "2026-01-15", "2026-01-15"])
    first = score(lost, CRITERION, LOG, as_of="2026-06-01")
    second = score(lost.assign(at=[None, *["2026-02-15"] * 3]), CRITERION, LOG, as_of="2026-06-01")
    counts = (first + second).counts
    assert counts.loc[(counts["period"] == "") & (counts["zone"] == "missing"), "count"].tolist() == [2]


def test_cards_that_share_a_period_do_not_add():
    with pytest.raises(
        svclight.SvclightError, match=r"both cards have 1 of the same periods \(p.c 2026-02\).*old.replace\(new\)"
    ):
        card("2026-01", "2026-02") + card("2026-02", "2026-03")


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (lambda: card("2026-02", period="quarter"), "differ in their kind of period: month and quarter"),
        (lambda: card("2026-02", by=["kind"]), 'differ in their segments: none and "kind"'),
        (
            lambda: score(frame("2026-02"), CRITERION, LOG, zone="Asia/Tokyo"),
            "differ in their time zone: UTC and Asia/Tokyo",
        ),
        (lambda: score(frame("2026-02"), CRITERION.replace("5", "4"), LOG), "differ in the definition of p.c"),
    ],
)
def test_cards_that_differ_do_not_add(other, message):
    with pytest.raises(svclight.SvclightError, match=message):
        card("2026-01") + other()


def test_replace_takes_the_newer_as_of():
    old = card("2026-01", "2026-02", as_of="2026-03-01")
    corrected = pd.concat([frame("2026-02", (1, 1, 1, 1)), frame("2026-03")], ignore_index=True)
    new = score(corrected, CRITERION, LOG, as_of="2026-04-01")
    for made in (old.replace(new), new.replace(old)):
        green = made.counts[made.counts["zone"] == "green"].set_index("period")["count"]
        assert green.to_dict() == {"2026-01": 1, "2026-02": 4, "2026-03": 1}


def test_other_criteria_and_processes_are_put_together():
    first = card("2026-01")
    second = score(frame("2026-01"), 'd: {measure: {value: x}, green: "<= 1"}', LOG, as_of="2026-06-01")
    both = first + second
    assert list(both.definitions.processes["p"].criteria) == ["c", "d"]
    assert total(both, "d") == {"green": 1, "red": 2, "missing": 1}
    text = "svclight: 1\ntime_zone: UTC\ncalendars: {o: {hours: {mon: '9:00-12:00'}}}\nprocesses:\n  q:\n    title: Q\n    log: {time: at}\n    criteria: {c: {measure: {value: x}, green: '<= 5'}}\n"
    other = svclight.score(frame("2026-01"), svclight.loads(text), as_of="2026-06-01")
    joined = first + other
    assert joined.counts["process"].unique().tolist() == ["p", "q"]
    assert list(joined.definitions.document.calendars) == ["o"]


def test_a_saved_card_is_the_same(tmp_path):
    made = card("2026-01", "2026-02", by=["kind"])
    path = made.save(tmp_path / "card.svclight")
    again = svclight.Scorecard.open(path)
    same(made, again)
    assert again.provenance == made.provenance
    assert again.definitions == made.definitions
    assert made.save(tmp_path / "b.svclight").read_bytes() == path.read_bytes()
    same(again + card("2026-03", by=["kind"]), made + card("2026-03", by=["kind"]))
    with pytest.raises(svclight.SvclightError, match="no way back to a log"):
        again.interactions()


def test_no_customer_and_no_rejected_text_is_saved(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("id,at,x,kind,who\n1,2026-01-15,1,a,Jane Doe\nbroken line of Jane Doe\n")
    made = svclight.score(log, definition(CRITERION, LOG))
    assert made.rejected["text"].tolist() == ["broken line of Jane Doe"]
    content = gzip.decompress(made.save(tmp_path / "card.svclight").read_bytes()).decode()
    assert "Jane" not in content
    assert svclight.Scorecard.open(tmp_path / "card.svclight").rejected["line"].tolist() == [3]


def test_a_card_can_be_sent_to_another_process():
    made = card("2026-01")
    sent = pickle.loads(pickle.dumps(made))  # noqa: S301 - our own bytes
    same(made, sent)
    assert sent.way_back is None


def late(made: svclight.Scorecard) -> tuple[svclight.Scorecard, list[int]]:
    """The card with values that are made when they are asked for, and a list that grows by one each time they are."""
    asked: list[int] = []

    def make() -> pd.DataFrame:
        asked.append(1)
        return made.values

    return svclight.Scorecard(**{**vars(made), "values": make}), asked


def test_values_may_be_made_late_and_are_made_once():
    made = card("2026-01", "2026-02", by=["kind"])
    there, asked = late(made)
    assert repr(there) == str(there)  # a plain interpreter shows what print does, and makes no values for it
    assert there.shares().equals(made.shares())
    assert str(there) == str(made)
    assert not asked
    pd.testing.assert_frame_equal(there.values, made.values)
    assert there.values is there.values
    assert asked == [1]
    assert repr(there) == repr(made)


def test_late_values_are_made_for_no_other_card_before_they_are_asked_for():
    both, later = card("2026-01", "2026-02"), card("2026-03", as_of="2026-07-01")
    there, asked = late(both)
    only, added, replaced = there.only("2026-02"), there + later, there.replace(card("2026-02", as_of="2026-07-01"))
    assert not asked
    same(only, both.only("2026-02"))
    same(added, both + later)
    same(replaced, both.replace(card("2026-02", as_of="2026-07-01")))
    assert asked == [1]  # by the card whose they are, for all of them


def test_late_values_are_made_to_save_and_to_send(tmp_path):
    made = card("2026-01")
    there, asked = late(made)
    assert there.save(tmp_path / "a.svclight").read_bytes() == made.save(tmp_path / "b.svclight").read_bytes()
    assert asked == [1]
    there, asked = late(made)
    same(pickle.loads(pickle.dumps(there)), made)  # noqa: S301 - our own bytes
    assert asked == [1]


def test_a_card_is_frozen_and_needs_its_values():
    made = card("2026-01")
    with pytest.raises(dataclasses.FrozenInstanceError, match="values"):
        made.values = made.counts
    with pytest.raises(TypeError, match="values"):
        svclight.Scorecard(**{name: table for name, table in vars(made).items() if name != "values"})


def test_what_is_no_card_is_told(tmp_path):
    path = tmp_path / "card.svclight"
    with pytest.raises(svclight.SvclightError, match="cannot be read: No such file"):
        svclight.Scorecard.open(path)
    for data in (b"text", gzip.compress(b"text"), gzip.compress(b"{}")[:-9]):
        path.write_bytes(data)
        with pytest.raises(svclight.SvclightError, match="this is no saved card"):
            svclight.Scorecard.open(path)
    for content in ({"format": 99}, [1]):
        path.write_bytes(gzip.compress(json.dumps(content).encode()))
        with pytest.raises(svclight.SvclightError, match="unknown format of a saved card; found .*; expected 3"):
            svclight.Scorecard.open(path)


def test_nothing_half_written_is_left(tmp_path):
    with pytest.raises(svclight.SvclightError, match=r"card\.svclight: the file cannot be written"):
        card("2026-01").save(tmp_path / "no" / "card.svclight")
    (tmp_path / "taken").mkdir()
    with pytest.raises(svclight.SvclightError, match="cannot be written"):
        write_whole(tmp_path / "taken", b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_interactions_filter():
    made = card("2026-01", "2026-02", by=["kind"])
    table = made.interactions("p", "c", zone="red", period="2026-02")
    assert list(table.columns) == [
        *(
            "process",
            "criterion",
            "period",
            "kind",
            "id",
            "customer",
            "time",
            "value",
            "unit",
            "weight",
            "zone",
            "reason",
        ),
    ]
    assert table[["id", "customer", "value"]].values.tolist() == [["2026-02-2", "customer 2", 9.0]]
    assert made.interactions(where={"kind": "b"})["id"].tolist() == ["2026-01-1", "2026-01-3", "2026-02-1", "2026-02-3"]
    assert len(made.interactions(period="2031-01")) == 0
    assert list(made.interactions(period="2031-01").columns) == list(table.columns)


def test_interactions_can_be_pseudonymised():
    table, other = (card("2026-01").interactions(pseudonymise=secret) for secret in ("key", "other key"))
    assert table["customer"].str.fullmatch("[0-9a-f]{16}").all()
    assert table["id"].nunique() == 4
    assert not set(table["id"]) & set(other["id"])


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"process": "q"}, 'unknown process; found "q"; expected one of "p"'),
        ({"criterion": "d"}, 'unknown criterion; found "d"; expected one of "c"'),
        ({"zone": "grean"}, 'unknown zone; found "grean".*did you mean "green"'),
        ({"period": "2026"}, 'this is no month; found "2026"; expected a month such as 2024-10'),
        ({"where": {"team": "x"}}, 'unknown segment; found "team"'),
    ],
)
def test_filters_that_name_nothing(filters, message):
    with pytest.raises(svclight.SvclightError, match=message):
        card("2026-01", by=["kind"]).interactions(**filters)


TWO = """
svclight: 1
time_zone: UTC
processes:
  line:
    title: Line
    log: {time: at, segments: [kind], customer: who, fields: {x: {number: x, unit: s}}}
    criteria:
      c: {measure: {value: x}, green: "<= 5 s", yellow: "<= 8 s"}
  chat:
    title: Chat
    log: {time: at, segments: [kind], customer: who, fields: {x: {number: x, unit: s}}}
    criteria:
      d: {measure: {value: x}, green: "<= 5 s", yellow: "<= 8 s"}
"""


def two_files(folder) -> dict[str, str]:
    files = {name: folder / f"{name}.csv" for name in ("line", "chat")}
    for path in files.values():
        frame("2026-01").to_csv(path, index=False)
    return {name: str(path) for name, path in files.items()}


def test_only_the_log_of_the_process_that_is_wanted_is_read_again(tmp_path):
    files = two_files(tmp_path)
    made = svclight.score(files, svclight.loads(TWO), as_of="2026-06-01")
    Path(files["chat"]).unlink()
    assert len(made.interactions("line")) == 4
    assert len(made.survival("line", "c")) == 1
    assert svclight.what_if(made, "c", shift="-1 s").exact
    assert svclight.drivers(made, "c").table["value"].tolist() == ["a", "b"]
    with pytest.raises(svclight.SvclightError, match='unknown process; found "q"; expected one of "line", "chat"'):
        made.interactions("q")
    with pytest.raises(svclight.SvclightError, match='unknown criterion; found "d"; expected one of "c"'):
        made.interactions("line", "d")
    for call in (made.interactions, made.customers, lambda: made.interactions("chat")):
        with pytest.raises(svclight.SvclightError, match="chat.csv"):
            call()


def test_each_call_says_what_it_wants_of_the_way_back(tmp_path):
    made = svclight.score(two_files(tmp_path), svclight.loads(TWO), by="kind", as_of="2026-06-01")
    asked = []

    def way_back(wanted: Wanted) -> list[Judge]:
        asked.append(wanted)
        return made.way_back(wanted)

    there = dataclasses.replace(made, way_back=way_back)
    there.interactions("line", "c", zone="red", period="2026-01", where={"kind": "a"})
    there.interactions(criterion="d")
    there.survival("line", "c")
    there.customers()
    svclight.what_if(there, "line.c", shift="-1 s")
    svclight.drivers(there, "line.c")  # the card has the counts by its segments
    assert asked == [
        Wanted("line", "c", "red", "2026-01", (("kind", "a"),)),
        Wanted(criterion="d"),
        Wanted("line", "c"),
        Wanted(),
        Wanted("line", "c"),
    ]


def test_a_card_shows_itself():
    made = card("2026-01")
    assert "Jan 2026" in str(made)
    assert "<table" in made._repr_html_()


def test_segments_stand_in_their_order():
    rows = pd.DataFrame({"at": "2026-01-15", "x": 1, "kind": ["10", "9", "b", None, "a"]})
    made = score(rows, CRITERION, "{time: at, segments: [kind]}", by="kind")
    assert made.counts["kind"].cat.categories.tolist() == ["9", "10", "a", "b", ""]


def test_tables_without_rows_keep_their_types(tmp_path):
    made = card("2026-01", "2026-02").replace(card("2026-02", as_of="2026-05-01"))
    whole = score(frame("2026-03", (1, 2)), CRITERION, LOG, as_of="2026-06-01")
    assert len(whole.reasons) == 0
    same(svclight.Scorecard.open(whole.save(tmp_path / "card.svclight")), whole)
    newer = score(frame("2026-03", (9, 9)), CRITERION, LOG, as_of="2026-07-01")
    same(whole.replace(newer), newer)
    same(made + whole.replace(newer), made + newer)


def test_a_process_that_another_card_scored_is_not_said_to_be_without_a_log():
    two = HEAD.format(zone="UTC", log=LOG) + f"      {CRITERION}\n" + "  q:\n    title: Q\n    log: {time: at}\n"
    definitions = svclight.loads(two + "    criteria: {d: {measure: {value: x}, green: '<= 5'}}\n")
    with pytest.warns(svclight.SvclightNotice, match='"q" is not scored: it was given no log'):
        first = svclight.score({"p": frame("2026-01")}, definitions, as_of="2026-06-01")
    with pytest.warns(svclight.SvclightNotice, match='"p" is not scored: it was given no log'):
        second = svclight.score({"q": frame("2026-01")}, definitions, as_of="2026-06-01")
    assert not [notice for notice in (first + second).provenance.notices if "is not scored" in notice]


def test_shares_are_the_caller_s_own():
    made = card("2026-01")
    first = made.shares()
    first["rated"] = -1
    assert (made.shares()["rated"] > 0).any()
