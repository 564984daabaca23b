"""Forecasts of cards: which periods, from which ones, what is said, and the backtest over the examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support.example_logs import card_of

import svclight
from svclight.errors import SvclightError

pytestmark = pytest.mark.once

TEXT = """
svclight: 1
time_zone: Europe/Berlin
processes:
  hotline:
    title: Hotline
    log: {time: at, weight: many, segments: [team], fields: {waited: {number: waited, unit: s}}}
    criteria:
      wait: {title: Waiting, measure: {value: waited}, green: "<= 30 s", yellow: "<= 60 s", targets: TARGETS}
"""
GREEN = '{green: ">= 80 %"}'


def definitions(targets: str = GREEN) -> svclight.Definitions:
    return svclight.loads(TEXT.replace("TARGETS", targets) if targets else TEXT.replace(", targets: TARGETS", ""))


def tallied(greens, targets: str = GREEN, first: str = "2025-01", as_of=None, **more) -> svclight.Scorecard:
    """A card of so many green of 1,000, a month each."""
    months = pd.period_range(first, periods=len(greens), freq="M")
    rows = {
        "month": months.astype(str),
        "process": "hotline",
        "criterion": "wait",
        "green": greens,
        "yellow": 0,
        **more,
    }
    table = pd.DataFrame(rows).assign(red=lambda frame: 1000 - frame["green"])
    return svclight.tally(table, definitions(targets), as_of=as_of or f"{months[-1] + 1}-01")


def days(first: str, last: str, green: int, red: int) -> list[dict[str, object]]:
    return [
        {"at": day + pd.Timedelta("12h"), "waited": waited, "many": many, "team": "a"}
        for day in pd.date_range(first, last)
        for waited, many in ((10, green), (90, red))
    ]


def test_the_months_after_the_newest_one_that_is_over():
    found = svclight.forecast(tallied([840, 860, 850] * 4))
    assert found.table["period"].tolist() == ["2026-01", "2026-02", "2026-03"]
    assert found.table[["months", "to_come"]].drop_duplicates().values.tolist() == [[12, 1000.0]]
    assert not found.table["running"].any()
    assert found.table["forecast"].tolist() == pytest.approx([0.85] * 3, abs=0.004)
    assert (found.table["low"] > 0.81).all()
    assert found.sentences[0].startswith("Hotline, Waiting, green ≥ 80 %: Jan 2026 about 85.0 % (90 %: 82.")
    assert found.sentences[0].count("met with a chance of 99 %") == 3
    assert svclight.forecast(tallied([840, 860, 850] * 4), ahead=1).table["period"].tolist() == ["2026-01"]


def test_a_running_month_by_day():
    rows = [*days("2025-01-01", "2025-09-30", 17, 3), *days("2025-10-01", "2025-10-15", 12, 8)]
    card = svclight.score(pd.DataFrame(rows), definitions(), period="day")
    found = svclight.forecast(card, ahead=1)
    now, then = found.rows()
    assert (now["period"], now["running"], then["period"], then["running"]) == ("2025-10", True, "2025-11", False)
    # 15 days of 20; 16 days are left, each with 20 by the usual weeks
    assert (now["rated"], now["share"], now["to_come"]) == (300, 0.6, 320.0)
    # 180 of 300 stand: no month of 620 ends below 180 / 620 or above 500 / 620; it lies between what was and what is
    assert 180 / 620 < now["low"] < now["forecast"] < 0.85
    assert now["chance"] < 0.1
    assert found.sentences[0].startswith("Hotline, Waiting, green ≥ 80 %: Oct 2025 will end at about ")
    # the middle of three months could be looked at: July, August, September
    assert found.backtest[["ahead", "forecasts"]].values.tolist() == [[0, 3], [1, 3]]
    assert found.notes[0].endswith(
        "ended within a band that is meant to hold 90 %: from its middle 3 of 3 (100 %), 1 ahead 3 of 3 (100 %)"
    )
    by_month = svclight.forecast(svclight.score(pd.DataFrame(rows), definitions()), ahead=1).rows()[0]
    # 300 in 15 days: 20 for each of the 16 that are left
    assert (by_month["period"], by_month["rated"], by_month["to_come"]) == ("2025-10", 300, 320.0)


def test_a_running_month_of_which_nobody_knows_the_day_is_forecast_from_the_others():
    table = {"month": [f"2025-{month:02}" for month in range(1, 9)], "process": "hotline", "criterion": "wait"}
    frame = pd.DataFrame({**table, "green": [850] * 7 + [100], "yellow": 0, "red": [150] * 7 + [100]})
    with pytest.warns(svclight.SvclightNotice, match="is taken as not over"):
        card = svclight.tally(frame, definitions())
    now = svclight.forecast(card, ahead=1).rows()[0]
    assert (now["period"], now["running"], now["rated"], now["to_come"]) == ("2025-08", True, 200, 1000.0)
    assert now["forecast"] == pytest.approx(0.85, abs=0.002)


def test_what_is_pending_makes_a_month_no_sample():
    table = {"month": [f"2025-{month:02}" for month in range(1, 9)], "process": "hotline", "criterion": "wait"}
    frame = pd.DataFrame({**table, "green": [850] * 7 + [190], "yellow": 0, "red": [150] * 7 + [10]})
    frame["pending"] = [0] * 7 + [100]
    now = svclight.forecast(svclight.tally(frame, definitions(), as_of="2025-08-11"), ahead=1).rows()[0]
    # 10 of 31 days are over: 200 and 20 · 21 more
    assert (now["share"], now["to_come"]) == (0.95, 620.0)
    assert now["forecast"] == pytest.approx(0.85, abs=0.002)


def test_each_target_and_green_where_there_is_none():
    several = svclight.forecast(tallied([850] * 8, '{green: ">= 80 %", red: "<= 20 %", net: ">= 60"}'), ahead=1)
    assert several.table[["zone", "target"]].values.tolist() == [["green", ">= 80 %"], ["red", "<= 20 %"]]
    # red is what is not green here
    assert several.table["forecast"].sum() == pytest.approx(1.0, abs=1e-3)
    assert several.table["chance"].iloc[0] == pytest.approx(several.table["chance"].iloc[1], abs=1e-6)
    none = svclight.forecast(tallied([850] * 8, ""), ahead=1)
    assert none.table["chance"].isna().all()
    assert none.sentences[0].startswith("Hotline, Waiting, green: Sep 2025 about 85.0 % (90 %: ")


def test_few_months_partial_ones_and_nothing():
    few = svclight.forecast(tallied([850] * 5))
    assert few.table.empty
    assert str(few) == "note: Hotline, Waiting: 5 whole periods, 6 are needed for a forecast"
    assert svclight.forecast(tallied([850]), lang="ru").notes == (
        "Hotline, Waiting: 1 полный период, для прогноза нужно 6",
    )
    # the log begins on the 10th: January is not whole, so that June is the sixth, and five are whole
    rows = days("2025-01-10", "2025-06-30", 17, 3)
    card = svclight.score(pd.DataFrame(rows), definitions(), period="day", as_of="2025-07-01")
    assert "5 whole periods" in str(svclight.forecast(card))
    empty = svclight.score(pd.DataFrame(rows).iloc[:0], definitions(), as_of="2025-07-01")
    assert "0 whole periods" in str(svclight.forecast(empty))


def test_a_season_is_part_of_it_and_said():
    wave = [round(800 + 80 * np.sin(2 * np.pi * month / 12)) + 5 * (-1) ** month for month in range(24)]
    found = svclight.forecast(tallied(wave, first="2024-01"), ahead=10)
    assert found.table["season"].all()
    assert found.sentences[0].endswith("; the season is part of it.")
    by_period = found.table.set_index("period")["forecast"]
    assert by_period["2026-04"] - by_period["2026-10"] > 0.12


def test_words_in_russian():
    said = str(svclight.forecast(tallied([840, 860, 850] * 4), ahead=1, lang="ru"))
    assert said.startswith("Hotline, Waiting, зелёных ≥ 80 %: янв. 2026 около 85,0 % (90 %: 82,")
    assert "цель будет выполнена с вероятностью 99 %)." in said
    assert (
        "проверка на прошлом: столько прежних периодов закончились в полосе, рассчитанной на 90 %: на 1 вперёд" in said
    )


def test_what_is_refused():
    card = tallied([850] * 8)
    with pytest.raises(SvclightError, match='so far ahead nothing is forecast; found "25"; expected 1 to 24'):
        svclight.forecast(card, ahead=25)
    with pytest.raises(SvclightError, match='unknown criterion; found "hotline.wai"; expected one of "hotline.wait"'):
        svclight.forecast(card, "hotline.wai")
    with pytest.raises(SvclightError, match="unknown language"):
        svclight.forecast(card, lang="de")
    assert len(svclight.forecast(card, "hotline.wait").sentences) == 1


@pytest.mark.xdist_group("examples")
def test_bands_held_in_the_examples():
    """Each month of the examples from its six or more months before: bands that are meant to hold 90 of 100."""
    splits = {"hotline": (), "chat": ("channel",), "delivery": ("region",), "intervals": ()}
    tested = pd.concat(svclight.forecast(card_of(case, *by)).backtest for case, by in splits.items())
    sums = tested.groupby("ahead")[["forecasts", "inside"]].sum()
    assert sums["forecasts"].tolist() == [390, 366, 342]
    # 390 forecasts of criteria whose months move together: 86 to 94 of 100 are within what is meant
    assert (sums["inside"] / sums["forecasts"]).between(0.86, 0.95).all()
