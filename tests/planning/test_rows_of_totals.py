"""A log of totals in all that follows: what needs counts says what it says of the same interactions one by one."""

import pandas as pd
import pytest
from support.helpers import definition, score

import svclight

TARGETS = ', targets: {green: ">= 80 %"}, cost: {red: 5}'
TOTALS = "c: {measure: {totals: {green: [in_time], yellow: [late], red: [gone]}}" + TARGETS + "}"
SINGLE = "c: {measure: {category: what}, green: [in_time], yellow: [late], red: [gone]" + TARGETS + "}"
LOG = "{rows: totals, time: at, customer: who, segments: [queue]}"
SINGLE_LOG = "{time: at, customer: who, segments: [queue]}"
FIELDS = ("in_time", "late", "gone")


def half_hours() -> pd.DataFrame:
    """Fifteen months of two queues, of which one becomes worse."""
    rows = []
    for number, month in enumerate(pd.period_range("2025-01", "2026-03", freq="M")):
        for queue, worse in (("a", 0), ("b", number)):
            for day in (1, month.days_in_month):
                counts = (80 - worse, 15 + number % 3, 5 + worse)
                rows.append(
                    {"at": f"{month}-{day:02}", "queue": queue, "who": queue, **dict(zip(FIELDS, counts, strict=True))}
                )
    return pd.DataFrame(rows)


def one_by_one(rows: pd.DataFrame) -> pd.DataFrame:
    long = rows.melt(["at", "queue", "who"], list(FIELDS), "what", "number")
    return long.loc[long.index.repeat(long["number"])].drop(columns="number").reset_index(drop=True)


@pytest.fixture(scope="module")
def both():
    rows, options = half_hours(), {"by": ["queue"], "as_of": "2026-04-01"}
    return score(rows, TOTALS, LOG, **options), score(one_by_one(rows), SINGLE, SINGLE_LOG, **options)


@pytest.mark.parametrize(
    "conclude",
    [
        lambda card: card.shares(),
        lambda card: card.counts,
        svclight.check,
        svclight.plan,
        lambda card: svclight.compare(card, "2026-02", "2026-03"),
        svclight.control_limits,
        lambda card: svclight.funnel(card, "queue"),
        lambda card: svclight.drivers(card, "p.c", periods=["2026-03"]),
        lambda card: card.customers(),
    ],
    ids=["shares", "counts", "check", "plan", "compare", "control", "funnel", "drivers", "customers"],
)
def test_what_follows_from_counts_is_the_same(both, conclude):
    found, expected = map(conclude, both)
    if isinstance(found, pd.DataFrame):
        pd.testing.assert_frame_equal(found, expected)
    else:
        assert str(found) == str(expected)


@pytest.mark.parametrize("suffix", [".html", ".md", ".xlsx"])
def test_reports_are_written(both, tmp_path, suffix):
    path = tmp_path / f"report{suffix}"
    svclight.report.write(both[0], path)
    assert path.stat().st_size > 0
    if suffix == ".html":
        text = path.read_text(encoding="utf-8")
        assert "counts of the log" in text
        assert "in_time" in text


def test_what_asks_for_values_refuses_in_plain_words(both):
    card, _ = both
    with pytest.raises(
        svclight.SvclightError, match="p.c counts what its log has counted already: there is no value that"
    ):
        svclight.what_if(card, "p.c", shift="1")
    with pytest.raises(svclight.SvclightError, match="what_if needs a log of single interactions"):
        svclight.what_if(card, "p.c", limits={"green": "<= 1"})
    with pytest.raises(svclight.SvclightError, match="a row of totals is no interaction whose customer answered"):
        svclight.calibrate(half_hours(), definition(TOTALS, LOG), "p.c", satisfaction="late")
    with pytest.raises(
        svclight.SvclightError, match="p.c counts what its log has counted already: how long each one waited"
    ):
        card.survival("p", "c")
    with pytest.raises(svclight.SvclightError, match="p.c has no values to draw: its measure is totals"):
        svclight.report.plot_values(card, "p", "c")


def test_a_changed_definition_moves_fields_between_states():
    rows = half_hours().head(2)
    old, new = (
        definition(TOTALS.replace("yellow: [late], red: [gone]", zones), LOG)
        for zones in ("yellow: [late], red: [gone]", "red: [late, gone]")
    )
    found = svclight.diff(old, new, rows)
    # 2 * 15 late ones become red
    moved = {(a, b): n for a, b, n in found.matrix[["before", "after", "count"]].itertuples(index=False)}
    assert moved == {("green", "green"): 160, ("yellow", "red"): 30, ("red", "red"): 10}
    shown = found.interactions("p", "c")
    assert shown[["id", "value_before", "value", "unit", "zone_before", "zone"]].to_numpy().tolist() == [
        ["0", 15, 15, "late", "yellow", "red"], ["1", 15, 15, "late", "yellow", "red"],
    ]  # fmt: skip


def test_a_field_that_one_definition_does_not_count_is_absent_there():
    rows = half_hours().head(1)
    new = definition(TOTALS.replace("yellow: [late], ", ""), LOG)
    found = svclight.diff(definition(TOTALS, LOG), new, rows)
    moved = {(a, b): n for a, b, n in found.matrix[["before", "after", "count"]].itertuples(index=False)}
    assert moved == {("green", "green"): 80, ("yellow", "absent"): 15, ("red", "red"): 5}
