"""Kaplan-Meier shares of waits: by hand, by a plain loop, and where they cannot be told."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.helpers import score

import svclight

LOG = "{time: at, weight: n, segments: [kind], fields: {at: {time: at}, x: {number: x, unit: min}, o: {text: o}, n: {number: n}}}"
GONE = "abandoned: {where: {o: gone}, counts: red}"
UP_TO = 'c: {measure: {value: x}, green: "<= 4 min", yellow: "<= 6 min", ' + GONE + "}"


def estimate(waits: list[tuple], criterion: str = UP_TO, **options) -> pd.DataFrame:
    """The table of waits given as (minutes, "gone" or another text, how many)."""
    rows = [
        {
            "at": "2026-01-05",
            "x": minutes,
            "o": end,
            "n": more[0] if more else 1,
            "kind": more[1] if len(more) > 1 else "",
        }
        for minutes, end, *more in waits
    ]
    return score(rows, criterion, LOG, **options).survival("p", "c")


EIGHT = [(1, "x"), (2, "gone"), (3, "x"), (3, "x"), (4, "gone"), (5, "x"), (6, "gone"), (8, "x")]


def test_eight_waits_by_hand():
    """Eight callers, three of whom gave up: S falls at 1, 3, 5 and 8 minutes.

    1: 8 wait, 1 ends: 7/8. 3: 6 wait, 2 end: 7/8 * 4/6 = 7/12. 5: 3 wait, 1 ends: 7/12 * 2/3 = 7/18. 8: 1 waits: 0.
    Greenwood at 4 min: 1/(8*7) + 2/(6*4) = 17/168, so the error of log(-log S) is sqrt(17/168) / |log(7/12)| = 0.5902.
    """
    found = estimate(EIGHT).iloc[0]
    assert found[["waits", "ended", "given_up", "unfinished"]].tolist() == [8, 5, 3, 0]
    assert found["green_share"] == pytest.approx(1 - 7 / 12)
    assert found["yellow_share"] == pytest.approx(7 / 12 - 7 / 18)
    assert found["red_share"] == pytest.approx(7 / 18)
    spread = 1.959963984540054 * np.sqrt(17 / 168) / abs(np.log(7 / 12))
    assert found["green_share_low"] == pytest.approx(1 - (7 / 12) ** np.exp(-spread))
    assert found["green_share_high"] == pytest.approx(1 - (7 / 12) ** np.exp(spread))
    assert found["green_share_low"] < found["green_share"] < found["green_share_high"]
    assert (found["process"], found["criterion"], found["period"], found["limits"]) == ("p", "c", "2026-01", "all")
    assert found["method"] == "Kaplan-Meier estimate"


def by_loop(waits: list[tuple[int, str]], limit: int) -> float:
    """The share that ends within a limit, one instant after the other."""
    left = 1.0
    for now in sorted({minutes for minutes, end in waits if end != "gone"}):
        if now > limit:
            break
        waiting = sum(minutes >= now for minutes, _ in waits)
        ends = sum(minutes == now and end != "gone" for minutes, end in waits)
        left *= 1 - ends / waiting
    return 1 - left


@given(
    waits=st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["x", "gone"])), min_size=1, max_size=25),
    weights=st.lists(st.integers(1, 3), min_size=25, max_size=25),
)
def test_against_a_plain_loop(waits, weights):
    found = estimate([(*wait, weight) for wait, weight in zip(waits, weights, strict=False)]).iloc[0]
    single = [wait for wait, weight in zip(waits, weights, strict=False) for _ in range(weight)]
    assert found["waits"] == len(single)
    green, wider = by_loop(single, 4), by_loop(single, 6)
    longest = max(minutes for minutes, _ in waits)
    none_ended = all(end == "gone" for _, end in waits)
    open_end = none_ended or all(end == "gone" for minutes, end in waits if minutes == longest)
    unknown_green = none_ended or (open_end and longest <= 4)
    unknown_yellow = none_ended or (open_end and longest <= 6)
    assert found["green_share"] == pytest.approx(np.nan if unknown_green else green, nan_ok=True)
    assert found["yellow_share"] == pytest.approx(np.nan if unknown_yellow else wider - green, nan_ok=True)
    assert found["red_share"] == pytest.approx(np.nan if unknown_yellow else 1 - wider, nan_ok=True)


def test_without_anybody_who_gave_up_it_is_the_share():
    waits = [(minutes, "x") for minutes in range(1, 11)]
    card = score(
        [{"at": "2026-01-05", "x": minutes, "o": end, "n": 1} for minutes, end in waits],
        UP_TO,
        LOG.replace(", segments: [kind]", ""),
    )
    estimated, counted = card.survival("p", "c").iloc[0], card.shares().iloc[0]
    for zone in ("green", "yellow", "red"):
        assert estimated[f"{zone}_share"] == pytest.approx(counted[f"{zone}_share"])


BAND = 'c: {measure: {value: x}, green: "3 min .. 7 min", yellow: "2 min .. 10 min", ' + GONE + "}"
HIGHER = 'c: {measure: {value: x}, green: ">= 5 min", yellow: ">= 3 min", ' + GONE + "}"
NAN = float("nan")


@pytest.mark.parametrize(
    ("criterion", "waits", "shares"),
    [
        # half ended after a minute; of the other half it is known that it waited longer than what is said here
        (UP_TO, [(1, "x"), (2, "gone")], [NAN, NAN, NAN]),
        (UP_TO, [(1, "x"), (5, "gone")], [0.5, NAN, NAN]),
        (UP_TO, [(1, "x"), (7, "gone")], [0.5, 0, 0.5]),
        # below a band every zone can still be reached
        (BAND, [(1, "x"), (1.5, "gone")], [NAN, NAN, NAN]),
        (BAND, [(1, "x"), (5, "gone")], [NAN, NAN, NAN]),
        (BAND, [(1, "x"), (8, "gone")], [0, NAN, NAN]),
        (BAND, [(1, "x"), (11, "gone")], [0, 0, 1]),
        # where longer is better, who waited long enough is green for sure
        (HIGHER, [(1, "x"), (2, "gone")], [NAN, NAN, NAN]),
        (HIGHER, [(1, "x"), (4, "gone")], [NAN, NAN, 0.5]),
        (HIGHER, [(1, "x"), (5, "gone")], [0.5, 0, 0.5]),
        (UP_TO, [(1, "gone"), (2, "gone")], [NAN, NAN, NAN]),
    ],
)
def test_what_nobody_was_seen_to_wait_for_is_not_told(criterion, waits, shares):
    found = estimate(waits, criterion).iloc[0][["green_share", "yellow_share", "red_share"]].tolist()
    assert found == pytest.approx(shares, nan_ok=True)


def test_the_interval_of_a_band_or_of_nothing_is_not_told():
    assert estimate([(1, "x"), (2, "gone")])[["green_share_low", "green_share_high"]].isna().all(axis=None)
    assert estimate([(4, "x"), (5, "x")], BAND)[["green_share_low", "green_share_high"]].isna().all(axis=None)
    assert estimate([(9, "x")])[["green_share_low", "green_share_high"]].isna().all(axis=None)
    # all ended within green: no error to speak of
    assert estimate([(1, "x")])[["green_share_low", "green_share_high"]].isna().all(axis=None)


def test_by_period_segment_and_limits():
    criterion = (
        "c: {measure: {value: x}, thresholds: [{where: {kind: vip}, green: '<= 1 min'}, {green: '<= 4 min'}], "
        + GONE
        + "}"
    )
    found = estimate([(1, "x", 2, "vip"), (3, "x", 2, "vip"), (3, "x", 1, "a"), (9, "x", 0, "b")], criterion, by="kind")
    # a row that stands for none is none
    assert found[["kind", "waits"]].to_numpy().tolist() == [["vip", 4], ["a", 1]] or found["waits"].tolist() == [1, 4]
    by_kind = found.set_index("kind")["green_share"]
    assert by_kind["vip"] == pytest.approx(0.5)
    assert by_kind["a"] == 1
    assert len(set(found["limits"])) == 2


def test_open_tickets_are_censored_and_what_does_not_apply_is_left_out():
    log = "{time: at, fields: {at: {time: at}, end: {time: end}, o: {text: o}}, exclude: [{where: {o: test}, reason: test}]}"
    criterion = 'c: {measure: {duration: {from: at, to: end}}, applies: {o: {not: other}}, green: "<= 4 h"}'
    rows = [
        {"at": "2026-01-05T08:00", "end": "2026-01-05T09:00", "o": "a"},
        {"at": "2026-01-05T08:00", "end": None, "o": "a"},
        {"at": "2026-01-05T08:00", "end": "2026-01-05T14:00", "o": "a"},
        {"at": "2026-01-05T08:00", "end": "soon", "o": "a"},
        {"at": "2026-01-05T08:00", "end": "2026-01-05T09:00", "o": "other"},
        {"at": "2026-01-05T08:00", "end": "2026-01-05T09:00", "o": "test"},
    ]
    found = score(rows, criterion, log, as_of="2026-01-05T15:00").survival("p", "c").iloc[0]
    assert found[["waits", "ended", "given_up", "unfinished"]].tolist() == [3, 2, 0, 1]
    # 1 of 3 within an hour
    assert found["green_share"] == pytest.approx(1 / 3)
    assert found["yellow_share"] == 0


def test_cases_of_an_event_log():
    log = "{rows: events, id: id, step: step, time: at, steps: {taken: Take, gone: Gone}, ends: [taken, gone]}"
    criterion = (
        'c: {measure: {duration: {from: start, to: taken}}, green: "<= 1 h", '
        "abandoned: {where: {step: Gone}, at: gone, counts: by_elapsed}}"
    )
    told = [("1", "09:00", "New"), ("1", "09:30", "Take"), ("2", "09:00", "New"), ("2", "09:40", "Gone"),
            ("3", "09:00", "New"), ("3", "11:00", "Take")]  # fmt: skip
    rows = [{"id": case, "at": f"2026-01-05T{at}", "step": step} for case, at, step in told]
    found = score(rows, criterion, log).survival("p", "c").iloc[0]
    assert found[["waits", "ended", "given_up"]].tolist() == [3, 2, 1]
    # at half an hour 1 of 3 ends; the one who gave up after 40 min leaves one, who took 2 h
    assert found["green_share"] == pytest.approx(1 / 3)
    assert found["red_share"] == pytest.approx(2 / 3)


def test_a_log_without_waits_gives_a_table_without_rows():
    card = score(pd.DataFrame({"at": [], "x": [], "o": [], "n": [], "kind": []}), UP_TO, LOG)
    assert list(card.survival("p", "c").columns)[:4] == ["process", "criterion", "period", "limits"]
    assert card.survival("p", "c").empty
    assert estimate([(1, "x")], UP_TO.replace("green", "applies: {o: never}, green", 1)).empty


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            ("p", "n"),
            'p.n is no wait but a measure of "value": survival is for a duration, or a value in a unit of time',
        ),
        (("p", "f"), 'p.f is no wait but a measure of "flag"'),
        (("p", "d"), 'unknown criterion; found "d"; expected one of "c", "n", "f"'),
        (("q", "c"), 'unknown process; found "q"; expected one of "p"'),
    ],
)
def test_what_is_no_wait(call, message):
    criteria = UP_TO + '\nn: {measure: {value: n}, green: "<= 1"}\nf: {measure: {flag: o}, green: true}'
    log = LOG.replace("o: {text: o}", "o: {flag: o}").replace(", segments: [kind]", "")
    card = score([{"at": "2026-01-05", "x": 1, "o": "yes", "n": 1}], criteria.replace("{o: gone}", "{o: false}"), log)
    with pytest.raises(svclight.SvclightError, match=message):
        card.survival(*call)


def test_a_span_is_a_wait():
    log = "{time: at, fields: {at: {time: at}, x: {span: x}}}"
    found = score([{"at": "2026-01-05", "x": "0:00:20"}], 'c: {measure: {value: x}, green: "<= 30 s"}', log)
    assert found.survival("p", "c")["green_share"].tolist() == [1]


def test_when_customers_gave_up_must_be_known():
    rows = [{"at": "2026-01-05 10:00", "end": "2026-01-05 10:01", "out": "ok"}]
    card = score(
        rows, "c: {measure: {duration: {from: at, to: end}}, green: '<= 1 min', abandoned: {where: {out: gone}}}"
    )
    with pytest.raises(svclight.SvclightError, match="it is not known when customers gave up.*expected a key `at`"):
        card.survival("p", "c")
