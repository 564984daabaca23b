"""Real logs: published figures come out of the definitions in examples/real."""

import os
import warnings
from pathlib import Path

import pandas as pd
import pytest
from conftest import need

import svclight
from svclight.errors import SvclightNotice

HERE = Path(__file__).resolve().parent.parent
LOGS = Path(os.environ.get("SVCLIGHT_LOGS") or HERE.parent / "shared" / "data")
DEFINITIONS = HERE / "examples" / "real"


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


@pytest.mark.parametrize("case", ["hotline", "delivery"])
def test_counts_are_those_that_are_kept(case, request):
    kept = pd.read_csv(DEFINITIONS / f"{case}_counts.csv", keep_default_na=False)
    counts = request.getfixturevalue(case).counts
    assert counts.astype(str).values.tolist() == kept.astype(str).values.tolist()


def test_january_against_february_as_the_documentation_says_it():
    card = scored("hotline", "hotline", "january1999.txt.gz", "february1999.txt.gz", by=["type"])
    found = svclight.compare(card, "1999-01", "1999-02")
    said = " ".join((HERE / "docs" / "decisions.md").read_text("utf-8").replace("\n> ", " ").split())
    assert found.verdicts.set_index("criterion").loc["queue", "sentence"].split(", ", 1)[1] in said
