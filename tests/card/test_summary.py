"""The summary: mean, median, 90 % point and sum, against a loop over the rows, in every engine, and kept by cards."""

from __future__ import annotations

import gzip
import io
import json
import math
import random
import warnings
from collections import defaultdict
from datetime import datetime, timedelta
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.engines import ENGINES, Bench, Column, each
from support.helpers import definition, score
from support.places import DATA

import svclight
from svclight.card.display import summary_text_table
from svclight.card.summary import summary_lines, summary_table
from svclight.errors import SvclightNotice

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings(
        "ignore:PySpark does not yet fully support pandas:FutureWarning",
        "ignore:fetch_arrow_table:DeprecationWarning",  # ibis calls what DuckDB has renamed
    ),
]
CRITERIA = """
wait: {measure: {value: wait}, green: "<= 30 s", yellow: "<= 60 s"}
tries: {measure: {value: tries}, green: "<= 1"}
answer: {measure: {duration: {from: at, to: done}}, green: "<= 1 h", abandoned: {where: {end: gone}, counts: red}}
late: {measure: {delay: {due: due, actual: done}}, green: "<= 0 s"}
ok: {measure: {flag: ok}, green: true}
what: {measure: {category: end}, green: [done], red: [gone, open]}
all: {measure: {worst: [wait, answer]}}
"""
LOG = """{time: at, segments: [team], fields: {at: {time: at}, done: {time: done}, due: {time: due},
  wait: {number: wait, unit: s}, tries: {number: tries}, ok: {flag: ok}, end: {text: end}}}"""
AS_OF = "2026-03-01"
BEGIN = datetime(2026, 1, 1)  # noqa: DTZ001 - naive, as logs have it


def text(weight: str = "") -> str:
    lines = "".join(f"      {line}\n" for line in CRITERIA.strip().splitlines())
    log = LOG.replace("{time: at, segments", "{time: at, weight: n, segments") if weight else LOG
    return f"svclight: 1\ntime_zone: UTC\nprocesses:\n  p:\n    title: P\n    log: {log}\n    criteria:\n{lines}"


def rows(many: int, seed: int = 7) -> list[dict]:
    """Rows of two months and two teams: waits with digits, long and short answers, gone and open ones."""
    draw, made = random.Random(seed), []  # noqa: S311 - no secret
    for place in range(many):
        at = BEGIN + timedelta(seconds=draw.randrange(58 * 86_400))
        end = draw.choice(["done", "done", "done", "gone", "open"])
        done = at + timedelta(microseconds=draw.choice([0, 1, 90_000_000, draw.randrange(10**11)]))
        made.append({
            "at": at,
            "done": None if end == "open" else done,
            "due": None if place % 11 == 0 else at + timedelta(minutes=30),
            "wait": draw.choice([None, 0.1, 0.2, 12.75, 999.0, 1e-7, 3e15, draw.random() * 5000]),
            "tries": draw.choice([0, 1, 1, 2, 5, 120]),
            "ok": draw.random() < 0.5,
            "end": end,
            "team": draw.choice(["east", "west", None]),
            "n": draw.choice([0, 1, 2, 7]),
        })  # fmt: skip
    return made


KINDS = {"at": "time", "done": "time", "due": "time", "wait": "number", "tries": "whole", "ok": "flag", "n": "whole"}


def table_of(log: list[dict]) -> dict[str, Column]:
    return {name: Column(KINDS.get(name, "text"), [row[name] for row in log]) for name in log[0]}


def values(row: dict) -> dict[str, Fraction]:
    """What is measured of a row, exactly, written from the meaning of the measures alone."""
    found = {"tries": Fraction(row["tries"])}
    if row["wait"] is not None:
        found["wait"] = Fraction(row["wait"])  # the double as it is, to its last bit
    if row["done"] is not None:
        if row["end"] != "gone":  # who gave up has no answer
            found["answer"] = Fraction((row["done"] - row["at"]) // timedelta(microseconds=1), 10**6)
        if row["due"] is not None:
            found["late"] = Fraction((row["done"] - row["due"]) // timedelta(microseconds=1), 10**6)
    return found


def by_loop(log: list[dict], *, weighted: bool) -> dict[tuple[str, str, str], list[Fraction]]:
    """The values of each criterion, month and team, each as often as its row counts."""
    found = defaultdict(list)
    for row in log:
        for name, value in values(row).items():
            found[name, f"{row['at']:%Y-%m}", row["team"] or ""] += [value] * (row["n"] if weighted else 1)
    return found


def summary(log, text_, **options) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return svclight.score(log, svclight.loads(text_), by=["team"], as_of=AS_OF, **options).summary()


def check(table: pd.DataFrame, expected: dict) -> None:
    """Holds a summary against the values of each criterion, month and team."""
    seen = set()
    for row in table.to_dict("records"):
        key = row["criterion"], row["period"], row["team"]
        if row["criterion"] in ("ok", "what", "all"):
            assert all(pd.isna(row[name]) for name in ("measured", "mean", "median", "p90", "sum", "unit"))
            continue
        mine = expected.get(key, [])
        seen.add(key)
        assert row["measured"] == len(mine), key
        assert row["unit"] == {"tries": ""}.get(row["criterion"], "s")
        if not mine:
            assert math.isnan(row["mean"])
            continue
        assert row["sum"] == float(sum(mine)), key  # exactly: one rounding of the exact sum
        assert row["mean"] == float(sum(mine) / len(mine)), key
        for name, place in (("median", 0.5), ("p90", 0.9)):
            right = float(np.quantile([float(one) for one in mine], place))
            if row["criterion"] == "tries":  # whole numbers below 1,000
                assert row[name] == pytest.approx(right, rel=1e-15), key
            elif row["criterion"] != "late":  # between early and late a relative error means nothing
                assert row[name] == pytest.approx(right, rel=0.011), key
    assert {key for key, mine in expected.items() if mine} <= seen


@pytest.fixture(scope="module")
def bench():
    with Bench() as made:
        yield made


@pytest.mark.parametrize("weight", ["", "n"], ids=["rows", "weights"])
@pytest.mark.parametrize("engine", each(ENGINES, "summary"))
def test_every_engine_gives_what_a_loop_over_the_rows_gives(engine, weight, bench):
    log = rows(400)
    found = summary(engine.log(table_of(log), bench), text(weight))
    check(found, by_loop(log, weighted=bool(weight)))


def test_many_rows_on_several_cores_and_in_parts(monkeypatch):
    from svclight.judging import counting

    monkeypatch.setattr(counting, "PART", 64)
    log = rows(1500, seed=3)
    check(summary(pd.DataFrame(log), text()), by_loop(log, weighted=False))


def test_a_hand_made_figure():
    waits = [10, 20, 25, 40, 90]  # 185 / 5 = 37; the third; 40 + 0.6 * 50 = 70, as 0.9 * 4 = 3.6
    card = score([{"at": "2026-01-15", "x": x} for x in waits], 'c: {measure: {value: x}, green: "<= 30"}')
    assert card.summary().iloc[0, 3:].tolist() == [5, 37.0, 25.0, 70.0, 185.0, ""]


def test_ten_tenths_are_one():
    card = score([{"at": "2026-01-15", "x": 0.1}] * 10, 'c: {measure: {value: x}, green: "<= 30"}')
    assert card.summary()["sum"].tolist() == [1.0]  # 0.1 ten times: by plain additions 0.9999999999999999


def test_what_is_unfinished_and_rated_is_no_value_yet():
    log = "{time: at, fields: {at: {time: at}, done: {time: done}}}"
    more = 'c: {measure: {duration: {from: at, to: done}}, green: ">= 1 h"}\n'
    less = 'd: {measure: {duration: {from: at, to: done}}, green: "<= 1 h"}'
    rows_ = [{"at": "2026-01-15T00:00:00", "done": "2026-01-15T02:00:00"}, {"at": "2026-01-15T00:00:00", "done": None}]
    card = score(rows_, more + less, log, as_of="2026-01-16")
    assert card.shares()["rated"].tolist() == [2, 2]  # the open one is green, and red: 24 h have passed
    table = card.summary()
    assert table[["measured", "mean"]].values.tolist() == [[1, 7200.0], [1, 7200.0]]


numbers = st.floats(-1e12, 1e12, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-20) | st.integers(
    -2000, 2000
).map(float)
months = st.lists(st.tuples(st.sampled_from(["2026-01", "2026-02"]), numbers), min_size=1, max_size=30)
CRITERION = 'c: {measure: {value: x}, green: "<= 30"}'


def card_of(pairs, **options):
    return score([{"at": f"{month}-10", "x": x} for month, x in pairs], CRITERION, as_of=AS_OF, **options)


@given(months, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(pairs, draw):
    other = list(pairs)
    draw.shuffle(other)
    pd.testing.assert_frame_equal(card_of(pairs).summary(), card_of(other).summary())


@given(months)
def test_months_add_up_to_the_year(pairs):
    parts, year = card_of(pairs), card_of(pairs, period="year").summary()
    assert parts.summary()["measured"].sum() == year["measured"].sum()
    exact = sum((Fraction(one) for one in parts.sums["sum"]), Fraction())
    assert float(exact) == year["sum"].iloc[0]
    assert exact == sum((Fraction(x) for _, x in pairs), Fraction())


@given(months)
def test_cards_put_together_keep_it(pairs):
    cards = [card_of([pair for pair in pairs if pair[0] == month]) for month in sorted({month for month, _ in pairs})]
    whole = cards[0] if len(cards) == 1 else cards[0] + cards[1]
    pd.testing.assert_frame_equal(whole.summary(), card_of(pairs).summary())


def test_rows_without_a_time_are_added_up_too():
    first = score([{"at": "2026-01-10", "x": 1}, {"at": None, "x": 0.1}], CRITERION, as_of=AS_OF)
    second = score([{"at": "2026-02-10", "x": 3}, {"at": None, "x": 0.2}], CRITERION, as_of=AS_OF)
    table = (first + second).summary()
    assert table["measured"].sum() == sum(one.summary()["measured"].sum() for one in (first, second))
    assert (first + second).sums["sum"].map(Fraction).sum() == sum(
        (one.sums["sum"].map(Fraction).sum() for one in (first, second)), Fraction()
    )


def test_only_replace_and_a_saved_card_keep_it(tmp_path):
    card = card_of([("2026-01", 1.5), ("2026-02", 4.0)])
    again = svclight.Scorecard.open(card.save(tmp_path / "card.svclight"))
    pd.testing.assert_frame_equal(again.summary(), card.summary())
    assert card.only("2026-02").summary()["sum"].tolist() == [4.0]
    newer = score([{"at": "2026-02-10", "x": 9}], CRITERION, as_of="2026-03-02")
    assert card.replace(newer).summary()["sum"].tolist() == [1.5, 9.0]
    assert json.loads(gzip.decompress((tmp_path / "card.svclight").read_bytes()))["format"] == 3


def test_segments_are_kept_or_added_up():
    log = "{time: at, segments: [team]}"
    card = score([{"at": "2026-01-10", "x": x, "team": team} for x, team in ((1, "a"), (2, "b"), (6, "b"))], CRITERION, log, by=["team"])  # fmt: skip
    assert card.summary()[["team", "mean"]].values.tolist() == [["a", 1.0], ["b", 4.0]]
    assert card.summary(by=[])[["measured", "mean", "median"]].values.tolist() == [[3, 3.0, 2.0]]
    with pytest.raises(svclight.SvclightError, match='not split by "x"'):
        card.summary(by="x")


def test_a_card_of_an_older_format_says_that_it_has_none():
    old = svclight.Scorecard.open(DATA / "saved_card.svclight")
    with pytest.warns(
        SvclightNotice, match="without mean, median and sum: they come from a card that was saved before"
    ):
        table = old.summary()
    assert table["measured"].isna().all()


def test_a_hand_kept_table_has_no_values():
    table = pd.DataFrame({"month": ["2026-01"], "process": "p", "criterion": "c", "green": 5, "yellow": 0, "red": 0})
    card = svclight.tally(table, definition(CRITERION), as_of="2026-02-01")
    assert card.summary()[["measured", "mean"]].isna().all(axis=None)
    assert summary_lines(card) == []


def test_as_it_is_shown():
    log = "{time: at, fields: {x: {number: x, unit: s}}}"
    card = score([{"at": "2026-01-10", "x": x} for x in (10, 20, 1200.5)], 'c: {measure: {value: x}, green: "<= 30 s"}', log)  # fmt: skip
    (line,) = summary_lines(card)
    # 1230.5 / 3 = 410.17 s; the 90 % point: 20 + 0.8 * 1180.5 = 964.4 s, by the histogram within 1.1 %
    assert line.cells[:2] == ("3", "6 min 50 s")
    assert line.cells[2] == "≈ 20 s"
    assert line.cells[3].startswith("≈ 1")
    assert line.cells[4] == "20 min 30 s"  # 1230.5
    from rich.console import Console

    console = Console(width=120, record=True, file=io.StringIO())
    console.print(summary_text_table(card))
    shown = console.export_text()
    assert "p.c" in shown
    assert "at most 1.1 % off" in shown


def test_it_is_shown_in_the_language_asked_for():
    log = "{time: at, fields: {at: {time: at}, x: {number: x, unit: s}}}"
    rows_ = [{"at": "2026-01-15", "x": x} for x in (1000.5, 2000, 4000)]
    card = score(rows_, 'c: {measure: {value: x}, green: "<= 30 s"}', log)
    (line,) = summary_lines(card, lang="ru")
    # 7000.5 / 3 = 2333.5 s = 38 min 53.5 s; the middle one is 2000 s = 33 min 20 s, by the histogram within 1.1 %
    assert (*line.cells[:2], line.cells[4]) == ("3", "38 мин 54 с", "1 ч 57 мин")
    assert line.cells[2].startswith("≈ 33 мин ")
    from rich.console import Console

    file = io.StringIO()
    Console(file=file, width=160).print(summary_text_table(card, "ru"))
    for part in ("месяц", "янв. 2026", "измерено", "среднее", "медиана", "90 % до", "сумма", "≈ по гистограмме"):
        assert part in file.getvalue()


@pytest.mark.filterwarnings("ignore::svclight.errors.SvclightNotice")
@pytest.mark.parametrize("by", [[], ["team"]])
def test_days_that_are_added_up_to_months_have_the_summary_of_months(by):
    log = pd.DataFrame(rows(400))
    days, months = (
        svclight.score({"p": log}, svclight.loads(text()), by="team", as_of=AS_OF, period=kind, max_unread=1)
        for kind in ("day", "month")
    )
    larger = {day: day[:7] for day in set(days.counts["period"].astype(str)) - {""}}
    keys = ["process", "criterion", "period", *by]

    def sorted_rows(table):
        return table.astype(dict.fromkeys(keys, str)).sort_values(keys, ignore_index=True)

    found = summary_table(days, by, larger=larger)
    pd.testing.assert_frame_equal(sorted_rows(found), sorted_rows(summary_table(months, by)), check_dtype=False)


@pytest.mark.filterwarnings("ignore::svclight.errors.SvclightNotice")
@pytest.mark.parametrize("weight", ["", "n"])
def test_a_summary_that_is_counted_in_the_same_pass_is_that_of_a_second_one(weight, tmp_path, monkeypatch):
    monkeypatch.setattr("svclight.scoring.LARGE", 10**9)  # a bench that is open has small files streamed, too
    path = tmp_path / "log.csv"
    pd.DataFrame(rows(400)).assign(n=2).to_csv(path, index=False)
    options = {"by": "team", "as_of": AS_OF, "max_unread": 1}
    late = svclight.score(path, svclight.loads(text(weight)), **options)
    expected, counts = late.summary(), late.counts
    at_once = svclight.score(path, svclight.loads(text(weight)), summary=True, **options)
    path.unlink()  # nothing is read any more
    pd.testing.assert_frame_equal(at_once.summary(), expected)
    pd.testing.assert_frame_equal(at_once.counts, counts)
    for name in ("bins", "sums", "values"):
        pd.testing.assert_frame_equal(getattr(at_once, name), getattr(late, name))
