"""Real logs: published figures come out of the definitions in examples/real."""

import os
import warnings
from pathlib import Path

import pandas as pd
import pytest
from support.needs import need
from support.places import ROOT

import svclight
from svclight.errors import SvclightNotice

pytestmark = pytest.mark.xdist_group("real logs")

LOGS = Path(os.environ.get("SVCLIGHT_LOGS") or ROOT.parent / "shared" / "data")
DEFINITIONS = ROOT / "examples" / "real"


def scored(case: str, process: str, *files: str, **options) -> svclight.Scorecard:
    paths = [LOGS / case / file for file in files]
    need(all(path.is_file() for path in paths), f"the real logs of {case} are not at {LOGS} (set SVCLIGHT_LOGS)")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return svclight.score({process: paths}, DEFINITIONS / f"{case}.yaml", **options)


@pytest.fixture(scope="module")
def hotline() -> svclight.Scorecard:
    return scored("hotline", "hotline", "january1999.txt.gz", "february1999.txt.gz")


@pytest.fixture(scope="module")
def delivery() -> svclight.Scorecard:
    return scored("delivery", "delivery", "orders.csv.gz")


def shares(card: svclight.Scorecard, criterion: str) -> pd.DataFrame:
    table = card.shares(by=[])
    return table[table["criterion"] == criterion].set_index("period")


def test_hotline_shares(hotline):
    queue = shares(hotline, "queue")
    assert queue["rated"].to_dict() == {"1999-01": 31359, "1999-02": 33066}
    percent = (100 * queue[["green_share", "yellow_share", "red_share"]]).round(1).to_numpy().tolist()
    assert percent == [[59.3, 19.6, 21.1], [58.7, 18.0, 23.3]]
    assert (100 * shares(hotline, "abandoned")["red_share"]).round(2).tolist() == [13.71, 17.86]
    excluded = hotline.reasons[hotline.reasons["criterion"] == "queue"].groupby("period", observed=True)["count"].sum()
    assert excluded.to_dict() == {"1999-01": 240, "1999-02": 278}  # phantom calls
    assert len(hotline.rejected) == 0


def test_hotline_talk_time(hotline):
    talk = hotline.interactions("hotline", "talk")
    talked = talk[talk["value"] > 0].groupby("period", observed=True)["value"].mean().round(2)
    assert talked.to_dict() == {"1999-01": 185.35, "1999-02": 176.91}


def test_hotline_summary(hotline):
    talk = hotline.summary(by=[]).query("criterion == 'talk'").set_index("period")
    assert talk["mean"].round(2).to_dict() == {"1999-01": 185.35, "1999-02": 176.91}
    assert talk["unit"].tolist() == ["s", "s"]


def test_every_published_mean_and_median_of_the_queue():
    card = scored("hotline", "all_rows", "january1999.txt.gz", "february1999.txt.gz", period="day")
    published = pd.read_csv(LOGS / "hotline" / "published_daily.csv").set_index("date")
    found = card.summary().query("criterion == 'queue'").set_index("period")
    assert len(found) == len(published) == 57
    assert (found["measured"].astype(int) == published["total_calls"]).all()
    assert ((found["mean"] - published["avg_queue_time"]).abs() < 0.0051).all()
    assert ((found["median"] - published["median_queue_time"]).abs() < 0.0051).all()


def test_every_published_day_of_the_hotline():
    card = scored("hotline", "all_rows", "january1999.txt.gz", "february1999.txt.gz", period="day")
    published = pd.read_csv(LOGS / "hotline" / "published_daily.csv").set_index("date")
    found = shares(card, "hang")
    assert len(published) == 57
    assert found["rated"].to_dict() == published["total_calls"].to_dict()
    assert found["red"].to_dict() == published["hangs"].to_dict()


def test_late_orders_by_instant_and_by_date(delivery):
    delivered = {name: shares(delivery, name)[["rated", "red"]].sum() for name in ("late_by_instant", "late_by_date")}
    assert {name: round(100 * one["red"] / one["rated"], 2) for name, one in delivered.items()} == {
        "late_by_instant": 10.96,
        "late_by_date": 9.78,
    }


def test_reviews(delivery):
    reviews = delivery.interactions("delivery", "satisfaction")["value"]
    by_hand = pd.read_csv(LOGS / "delivery" / "orders.csv.gz")
    assert round(by_hand["review_score"].mean(), 3) == 3.523
    assert reviews.mean() == by_hand.loc[by_hand["order_status"] != "canceled", "review_score"].mean()


HELPDESK = LOGS / "helpdesk" / "finale.csv.gz"


def by_pandas(*, once: bool = True) -> pd.DataFrame:
    """The events of the help desk in the order of their times, each once unless all are asked for."""
    events = pd.read_csv(HELPDESK)
    events = events.drop_duplicates() if once else events
    events = events.assign(at=pd.to_datetime(events["Complete Timestamp"], format="%Y/%m/%d %H:%M:%S.%f"))
    return events.sort_values("at", kind="stable")


def first_and_last(events: pd.DataFrame, step: str) -> pd.DataFrame:
    return events[events["Activity"] == step].groupby("Case ID")["at"].agg(["min", "max", "size"])


def desk(**changes: str) -> svclight.Scorecard:
    """The help desk by the definition of the examples with some texts changed, its criteria in elapsed time of UTC."""
    need(HELPDESK.is_file(), f"the real log of the helpdesk is not at {LOGS} (set SVCLIGHT_LOGS)")
    text = (DEFINITIONS / "helpdesk.yaml").read_text("utf-8")
    more = """
      to_first:
        measure: {duration: {from: start, to: solved}}
        green: "<= 5 d"
        yellow: "<= 10 d"
      closing:
        measure: {duration: {from: start, to: closed}}
        green: "<= 90 d"
"""
    fixed = {", calendar: office": "", "1 bd": "1 d", "2 bd": "2 d", "Europe/Rome": "UTC", **changes}
    for found, wanted in fixed.items():
        assert found in text
        text = text.replace(found, wanted)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return svclight.score(HELPDESK, svclight.loads(text.rstrip() + more))


@pytest.fixture(scope="module")
def helpdesk() -> svclight.Scorecard:
    return scored("helpdesk", "helpdesk", "finale.csv.gz")


@pytest.fixture(scope="module")
def elapsed() -> svclight.Scorecard:
    return desk()


def values(card: svclight.Scorecard, criterion: str) -> pd.Series:
    """The values of the tickets that are finished, by ticket, in seconds or as they are."""
    found = card.interactions("helpdesk", criterion)
    unfinished = found["reason"].isin(["not finished", "overdue"])
    return found[~unfinished].set_index("id")["value"].dropna().sort_index()


def test_first_response_of_the_help_desk(elapsed):
    hours = values(elapsed, "first_response") / 3600
    assert len(hours) == 4285
    assert (round(hours.median(), 1), round(hours.quantile(0.9), 1)) == (16.4, 351.7)
    events = by_pandas()
    begun = events.groupby("Case ID")["at"].min()
    taken = first_and_last(events, "Take in charge ticket")["min"]
    expected = ((taken - begun.loc[taken.index]).dt.total_seconds() / 3600).sort_index()
    assert hours.index.tolist() == expected.index.tolist()
    assert hours.tolist() == pytest.approx(expected.tolist())


def test_hand_overs_of_the_help_desk(elapsed):
    events = by_pandas()
    taken = events[events["Activity"] == "Take in charge ticket"]
    expected = taken.groupby("Case ID")["Resource"].nunique().reindex(sorted(events["Case ID"].unique()), fill_value=0)
    found = elapsed.interactions("helpdesk", "hand_overs").set_index("id")["value"].sort_index()
    assert found.astype(int).to_dict() == expected.to_dict()


def test_solution_to_the_first_and_to_the_last_time(elapsed):
    events = by_pandas()
    begun = events.groupby("Case ID")["at"].min()
    solved = first_and_last(events, "Resolve ticket")
    for criterion, which in (("to_first", "min"), ("solution", "max")):
        expected = (solved[which] - begun.loc[solved.index]).dt.total_seconds().sort_index()
        found = values(elapsed, criterion)
        assert found.index.tolist() == expected.index.tolist()
        assert found.tolist() == pytest.approx(expected.tolist())
    counts = elapsed.interactions("helpdesk", "reopened").set_index("id")["value"]
    assert counts[counts > 0].astype(int).to_dict() == solved["size"].to_dict()
    # each event once, and without that rule every row
    assert int((counts > 1).sum()) == int((solved["size"] > 1).sum())


def test_tickets_resolved_more_than_once():
    every = desk(**{"      repeated_rows: drop\n": ""})
    counts = every.interactions("helpdesk", "reopened")["value"]
    assert (
        int((counts > 1).sum())
        == int((first_and_last(by_pandas(once=False), "Resolve ticket")["size"] > 1).sum())
        == 386
    )


def test_repeated_rows_and_tickets_that_are_not_closed(elapsed):
    assert "helpdesk: 127 of 21,348 events stand twice; each is used once" in elapsed.provenance.notices
    assert elapsed.provenance.logs[0].interactions == 4580
    steps = elapsed.steps.set_index("step")["cases"]
    assert 4580 - steps["closed"] == 21
    closing = elapsed.interactions("helpdesk", "closing")
    never = closing[closing["reason"] == "closed did not happen"]
    events = by_pandas()
    lacking = set(events["Case ID"]) - set(events.loc[events["Activity"] == "Closed", "Case ID"])
    solved = set(events.loc[events["Activity"] == "Resolve ticket", "Case ID"])
    # `ends` says that a resolved ticket is over, so that it will not be closed any more; the others may be
    assert set(never["id"]) == lacking & solved
    assert set(closing.loc[closing["reason"].isin(["not finished", "overdue"]), "id"]) == lacking - solved


def test_the_steps_of_the_help_desk(elapsed):
    events = by_pandas()
    firsts = events.pivot_table(index="Case ID", columns="Activity", values="at", aggfunc="min")
    steps = elapsed.steps.set_index("step")
    named = {"seriousness": "Assign seriousness", "taken": "Take in charge ticket", "waiting": "Wait"}
    for step, name in {**named, "solved": "Resolve ticket", "closed": "Closed"}.items():
        assert steps.loc[step, "cases"] == firsts[name].notna().sum()
    since = (firsts["Take in charge ticket"] - firsts["Assign seriousness"]).dt.total_seconds()
    assert steps.loc["taken", "median_seconds"] == since[since >= 0].median()
    assert steps.loc["taken", "out_of_order"] == (since < 0).sum()


def test_lateness_in_the_drill_down(delivery):
    by_hand = pd.read_csv(LOGS / "delivery" / "orders.csv.gz", dtype={"id": str}).set_index("id")
    by_hand = by_hand[by_hand["order_status"] == "delivered"]
    done = pd.to_datetime(by_hand["order_delivered_customer_date"])
    due = pd.to_datetime(by_hand["order_estimated_delivery_date"])
    days = (done.dt.normalize() - due).dt.days
    found = delivery.interactions("delivery", "late_by_date").query("zone in ['green', 'red']").set_index("id")["value"]
    assert found.astype(int).to_dict() == days.dropna().astype(int).to_dict()
    late = delivery.interactions("delivery", "late_by_instant", zone="red")["id"]
    assert set(late) == set(by_hand.index[done > due])


@pytest.mark.slow
def test_patience_of_the_hotline(hotline):
    """Kaplan-Meier by a plain loop over the queue times of January; who hung up is censored."""
    calls = hotline.interactions("hotline", "answer", period="1999-01")
    gone = calls["reason"] == "abandoned"
    waited = calls.loc[calls["zone"].isin(["green", "yellow", "red"]), ["value"]].assign(gone=gone)
    left, waiting = 1.0, len(waited)
    for seconds, some in waited.groupby("value"):
        if seconds > 20:
            break
        left *= 1 - (~some["gone"]).sum() / waiting
        waiting -= len(some)
    found = hotline.survival("hotline", "answer").set_index("period").loc["1999-01"]
    assert found["green_share"] == pytest.approx(1 - left)
    assert (found["waits"], found["given_up"]) == (len(waited), int(gone.sum()))
    assert found["green_share_low"] < found["green_share"] < found["green_share_high"]


@pytest.mark.parametrize("case", ["hotline", "delivery", "helpdesk"])
def test_counts_are_those_that_are_kept(case, request):
    kept = pd.read_csv(DEFINITIONS / f"{case}_counts.csv", keep_default_na=False)
    counts = request.getfixturevalue(case).counts
    assert counts.astype(str).values.tolist() == kept.astype(str).values.tolist()


@pytest.mark.slow
def test_january_against_february_as_the_documentation_says_it():
    card = scored("hotline", "hotline", "january1999.txt.gz", "february1999.txt.gz", by=["type"])
    found = svclight.compare(card, "1999-01", "1999-02")
    said = " ".join((ROOT / "docs" / "compare.md").read_text("utf-8").replace("\n> ", " ").split())
    assert found.verdicts.set_index("criterion").loc["queue", "sentence"].split(", ", 1)[1] in said


@pytest.mark.parametrize(("case", "inside"), [("delivery", [32, 30, 25]), ("helpdesk", [149, 144, 142])])
def test_bands_of_forecasts_held_as_the_documentation_says_it(case, inside, request):
    sums = svclight.forecast(request.getfixturevalue(case)).backtest.groupby("ahead")[["forecasts", "inside"]].sum()
    assert sums["inside"].tolist() == inside
    assert (sums["inside"] / sums["forecasts"] >= 0.9).all()
    row = " | ".join(f"{held / made:.0%}".replace("%", " %") for made, held in sums.values.tolist())
    assert f"| {sums['forecasts'].iloc[0]} | {row} |" in (ROOT / "docs" / "forecast.md").read_text("utf-8")
