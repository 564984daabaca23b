"""A split by a segment holds where a process offers it, in every engine alike; elsewhere its column is null."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from support.engines import ENGINES, Bench, Column, Engine, Table, each, to_pandas

import svclight
from svclight.pages.exports import as_csv, write_table
from svclight.reading.parquet import table_of_parquet
from svclight.thresholds import STATES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.once

TEXT = """
svclight: 1
time_zone: UTC
processes:
  top: {title: Both}
  a:
    title: A
    part_of: top
    log: {time: at, segments: [team], fields: {at: {time: at}, n: {number: n}}}
    criteria: {c: {measure: {value: n}, green: ">= 4", yellow: ">= 3", targets: [{green: ">= 10 %"}, {where: {team: x}, green: ">= 95 %"}]}}
  b:
    title: B
    part_of: top
    log: {time: at, segments: [city, team_2], fields: {at: {time: at}, n: {number: n}}}
    criteria: {c: {measure: {value: n}, green: ">= 4", yellow: ">= 3", targets: {green: ">= 10 %"}}}
"""
# 31 days of January and 31 rows of each kind: a's team x is green on 20 of 31 days, a missing team on all, b's u on 10
DAYS = [f"2026-01-{day:02}" for day in range(1, 32)]
A: Table = {
    "at": Column("text", DAYS * 2),
    "n": Column("number", [5.0] * 20 + [1.0] * 11 + [4.0] * 31),
    "team": Column("text", ["x"] * 31 + [None] * 31),
    "city": Column("text", ["no segment of a"] * 62),
}
B: Table = {
    "at": Column("text", DAYS),
    "n": Column("number", [9.0] * 10 + [3.0] * 21),
    "city": Column("text", ["u"] * 31),
    "team_2": Column("text", ["v"] * 31),
    "team": Column("text", ["no segment of b"] * 31),
}
GREEN = {("a", "x"): 20, ("a", ""): 31, ("b", None): 10}


@pytest.fixture(scope="module")
def definitions() -> svclight.Definitions:
    return svclight.loads(TEXT)


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench() as made:
        yield made


@pytest.fixture(scope="module")
def card(definitions: svclight.Definitions) -> svclight.Scorecard:
    logs = {"a": to_pandas(A), "b": to_pandas(B)}
    return svclight.score(logs, definitions, by=["team"], as_of="2026-02-01")


def greens(table: pd.DataFrame) -> dict[tuple[str, str | None], int]:
    rows = table[table["zone"] == "green"]
    teams = [None if pd.isna(team) else team for team in rows["team"]]
    return dict(zip(zip(rows["process"], teams, strict=True), rows["count"], strict=True))


def test_every_process_is_counted_and_split_where_it_can_be(card: svclight.Scorecard) -> None:
    assert greens(card.counts) == GREEN
    assert len(card.counts) == len(STATES) * 3
    assert card.shares(by=[])["green"].tolist() == [51, 10]
    shares = card.shares()
    assert shares["green"].tolist() == [20, 31, 10]
    assert shares["team"].isna().tolist() == [False, False, True]
    # the mean of a, team x: (20 x 5 + 11 x 1) / 31; of b: (10 x 9 + 21 x 3) / 31
    assert card.summary()["mean"].tolist() == pytest.approx([111 / 31, 4, 153 / 31])


@pytest.mark.parametrize("engine", each(ENGINES, "split where offered"))
def test_every_engine_counts_the_same(
    card: svclight.Scorecard, definitions: svclight.Definitions, engine: Engine, bench: Bench
) -> None:
    logs = {name: engine.log(engine.sees(table), bench) for name, table in (("a", A), ("b", B))}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.SvclightNotice)
        made = svclight.score(logs, definitions, by=["team"], as_of="2026-02-01")
    for name in ("counts", "reasons", "periods"):
        pd.testing.assert_frame_equal(getattr(made, name), getattr(card, name))
    pd.testing.assert_frame_equal(made.summary(), card.summary())


def test_files_keep_null_and_missing_apart_where_they_can(card: svclight.Scorecard, tmp_path: Path) -> None:
    assert as_csv(card.shares()).splitlines()[2].startswith("a,c,2026-01,,31,")  # both are an empty cell
    assert as_csv(card.shares()).splitlines()[3].startswith("b,c,2026-01,,31,")
    write_table(card.counts, tmp_path / "counts.json")
    teams = {(row["process"], row["team"]) for row in json.loads((tmp_path / "counts.json").read_text())}
    assert teams == {("a", "x"), ("a", ""), ("b", None)}
    write_table(card.counts, tmp_path / "counts.parquet")
    assert greens(table_of_parquet(tmp_path / "counts.parquet")) == GREEN
    opened = svclight.Scorecard.open(card.save(tmp_path / "card.svclight"))
    pd.testing.assert_frame_equal(opened.counts, card.counts)
    pd.testing.assert_frame_equal(opened.summary(), card.summary())


def test_cards_put_together_keep_it(card: svclight.Scorecard, definitions: svclight.Definitions) -> None:
    later = {name: to_pandas(table).assign(at=lambda one: one["at"].str.replace("2026-01", "2026-03")) for name, table in (("a", A), ("b", B))}  # fmt: skip
    added = card + svclight.score(later, definitions, by=["team"], as_of="2026-04-01")
    assert greens(added.only("2026-01").counts) == greens(added.only("2026-03").counts) == GREEN
    assert greens(card.replace(card).counts) == GREEN
    assert added.summary()["sum"].tolist() == [111, 124, 111, 124, 153, 153]


def test_single_interactions_of_a_process_that_does_not_offer_it_have_null(card: svclight.Scorecard) -> None:
    found = card.interactions(zone="green")
    assert found.groupby(["process", "team"], dropna=False).size().tolist() == [31, 20, 10]
    assert set(card.interactions(where={"team": "x"})["process"]) == {"a"}


def test_targets_hold_where_the_segment_is_offered(card: svclight.Scorecard) -> None:
    verdicts = svclight.check(card).table[["process", "where", "verdict"]].values.tolist()
    # a: 51 of 62; team x: 20 of 31 of 95 %; b: 10 of 31
    assert verdicts == [["a", "", "met"], ["a", "team is x", "missed"], ["b", "", "met"]]
    lines = svclight.plan(card)
    assert lines.table[["process", "team", "target"]].values.tolist() == [["a", "x", ">= 95 %"]]
    assert str(lines).startswith("1. c, team x: ")


def test_views_name_no_segment_where_there_is_none(card: svclight.Scorecard, tmp_path: Path) -> None:
    later = svclight.control_limits(card, by="team")
    assert later.verdicts["team"].isna().tolist() == [False, False, True]
    assert [sentence.partition(",")[0] for sentence in later.verdicts["sentence"]] == ["A", "A", "B"]
    assert ["(team" in sentence for sentence in later.verdicts["sentence"]] == [True, True, False]
    assert set(svclight.funnel(card, "team").table["process"]) == {"a"}
    made = svclight.drivers(card, "b.c")  # the card is not split by b's own segments, but its log is there
    assert made.table["segment"].tolist()[:1] == ["city"]
    text = svclight.report.write(card, tmp_path / "report.md").read_text("utf-8")
    assert "nan" not in text.lower().replace("finance", "")


def test_two_periods_are_compared_where_they_are_split(
    card: svclight.Scorecard, definitions: svclight.Definitions
) -> None:
    later = {name: to_pandas(table).assign(at=lambda one: one["at"].str.replace("2026-01", "2026-03")) for name, table in (("a", A), ("b", B))}  # fmt: skip
    both = card + svclight.score(later, definitions, by=["team"], as_of="2026-04-01")
    made = svclight.compare(both, "2026-01", "2026-03", by="team")
    teams = [None if pd.isna(team) else team for team in made.verdicts["team"]]
    assert list(zip(made.verdicts["process"], teams, strict=True)) == [("a", ""), ("a", "x"), ("b", None)]
    assert "B, c: " in made.sentences[2]
    whole = svclight.compare(both, "2026-01", "2026-03")
    assert "mix by team" in whole.sentences[0]
    assert "mix" not in whole.sentences[1]  # b has no team


def test_a_segment_that_no_process_offers_is_an_error(definitions: svclight.Definitions) -> None:
    logs = {"a": to_pandas(A), "b": to_pandas(B)}
    said = 'no process has the segment "teem"; expected one of "team", "city", "team_2"; did you mean "team"'
    with pytest.raises(svclight.SvclightError, match=said):
        svclight.score(logs, definitions, by=["team", "teem"])
    with (
        pytest.warns(svclight.SvclightNotice, match='no log that was given has the segment "team", so its column is'),
        pytest.warns(svclight.SvclightNotice, match='"a" is not scored'),
    ):
        alone = svclight.score({"b": logs["b"]}, definitions, by=["team"], as_of="2026-02-01")
    assert alone.counts["team"].isna().all()


def test_a_definition_beside_itself_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(TEXT)
    same = svclight.diff(tmp_path / "s.yaml", tmp_path / "s.yaml", {"a": to_pandas(A), "b": to_pandas(B)})
    assert not same.changes
    assert same.criteria["interactions"].tolist() == [62, 31]
