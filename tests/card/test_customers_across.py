"""The customer across processes: zones met, reds, and who stands behind which id."""

import warnings

import pandas as pd
import pytest

import svclight
from svclight.errors import SvclightNotice

TEXT = """svclight: 1
time_zone: UTC
processes:
  calls:
    title: Calls
    log: {time: at, customer: who, weight: n, fields: {at: {time: at}, who: {text: who}, x: {number: x}, n: {number: n}}}
    criteria:
      wait: {measure: {value: x}, green: "<= 1", yellow: "<= 2"}
      again: {measure: {repeat: {within: 7 d, same: [customer]}}, green: "<= 0"}
  tickets:
    title: Tickets
    log: {rows: events, id: id, time: at, step: step, steps: {done: Done}, customer: owner}
    criteria:
      solved: {measure: {duration: {from: start, to: done}}, green: "<= 1 h"}
  shop:
    title: Shop
    log: {time: at, customer: who}
    criteria:
      recency: {measure: {recency: {within: 30 d}}, green: "<= 10 d"}
  machine:
    title: Machine
    log: {time: at}
    criteria:
      ok: {measure: {flag: ok}, green: true}
"""
CALLS = pd.DataFrame(
    {
        "at": ["2026-01-05", "2026-01-06", "2026-01-20", "2026-02-10", "2026-01-07"],
        "who": ["1", "1", "2", "1", None],
        "x": [0, 3, 2, 1, 9],
        "n": [1, 1, 3, 1, 1],
    }
)
TICKETS = pd.DataFrame(
    {
        "id": ["t", "t", "u"],
        "at": ["2026-01-08T10:00", "2026-01-08T12:00", "2026-01-30"],
        "step": ["New", "Done", "New"],
        "owner": ["anna", "", "eva"],
    }
)
SHOP = pd.DataFrame({"at": ["2026-01-30"], "who": ["anna"]})
PEOPLE = pd.DataFrame({"id": ["1", "anna", "9", None], "person": ["Anna", "Anna", "x", "y"]})


def card(logs=None, **options) -> svclight.Scorecard:
    """The card of all logs, or of some."""
    given = {"calls": CALLS, "tickets": TICKETS, "shop": SHOP} if logs is None else logs
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SvclightNotice)
        return svclight.score(given, svclight.loads(TEXT), as_of="2026-03-01", **options)


def test_zones_met_by_period_and_customer():
    found = card().customers()
    assert found.astype(str).to_numpy().tolist() == [
        # period, customer, process, criterion, green, yellow, red, worst
        ["2026-01", "1", "calls", "wait", "1", "0", "1", "red"],
        ["2026-01", "1", "calls", "again", "1", "0", "1", "red"],
        ["2026-01", "2", "calls", "wait", "0", "3", "0", "yellow"],
        ["2026-01", "2", "calls", "again", "3", "0", "0", "green"],
        ["2026-01", "anna", "tickets", "solved", "0", "0", "1", "red"],
        ["2026-01", "anna", "shop", "recency", "1", "0", "0", "green"],
        ["2026-01", "eva", "tickets", "solved", "0", "0", "1", "red"],
        ["2026-02", "1", "calls", "wait", "1", "0", "0", "green"],
        ["2026-02", "1", "calls", "again", "1", "0", "0", "green"],
        # seen from 1 March, February has an end at which Anna had stayed away for more than ten days
        ["2026-02", "anna", "shop", "recency", "0", "0", "1", "red"],
    ]


def test_one_person_under_different_ids_in_two_processes():
    found = card(customers=PEOPLE).customers()
    assert set(found["customer"]) == {"Anna", "2", "eva"}
    anna = found[(found["customer"] == "Anna") & (found["period"] == "2026-01")]
    assert anna["criterion"].tolist() == ["wait", "again", "solved", "recency"]


def test_customers_with_no_red_one_and_several():
    logs = {"calls": CALLS, "tickets": TICKETS}
    shares = card(logs).customer_shares().set_index("period")
    # January: 1 has two reds, 2 none, anna and eva one each; February: 1 has none
    assert shares.loc["2026-01", ["customers", "no_red", "one_red", "several_reds"]].tolist() in (
        [4, 0, 2, 2],
        [4, 1, 2, 1],
    )
    assert shares.loc["2026-02", ["customers", "no_red", "one_red", "several_reds"]].tolist() == [1, 1, 0, 0]
    assert (shares["no_red"] + shares["one_red"] + shares["several_reds"] == shares["customers"]).all()
    with_people = card(logs, customers=PEOPLE).customer_shares().set_index("period")
    # Anna is 1 and anna: three persons, hers are three reds
    assert with_people.loc["2026-01", "customers"] == 3
    # Wilson of 1 of 1
    assert shares.loc["2026-02", "no_red_share_low"] == pytest.approx(1 / (1 + 1.959963984540054**2))


def test_pseudonyms_are_the_same_for_the_same_secret():
    first, second, other = (card().customers(pseudonymise=secret) for secret in ("a", "a", "b"))
    assert first["customer"].tolist() == second["customer"].tolist() != other["customer"].tolist()
    assert not set(first["customer"]) & {"1", "2", "anna", "eva"}
    assert first.drop(columns="customer").equals(other.drop(columns="customer"))


def test_nobody_is_known():
    empty = card({"calls": CALLS.assign(who=None)})
    assert empty.customers().empty
    assert list(empty.customers().columns)[:4] == ["period", "customer", "process", "criterion"]
    assert empty.customer_shares().empty
    assert card({"calls": CALLS[:0]}).customers().empty
    assert card({"calls": CALLS.assign(x=None), "shop": SHOP[:0]}).customers()["criterion"].unique().tolist() == [
        "again"
    ]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: card({"machine": pd.DataFrame({"at": ["2026-01-05"], "ok": ["yes"]})}).customers(),
            'no log says who the customer is: give "machine" a key `customer`',
        ),
        (lambda: card(customers=pd.DataFrame({"id": ["1"]})), 'the table of customers: the log has no column "person"'),
        (
            lambda: card(customers=pd.DataFrame({"id": ["1", "2", "1"], "person": ["x", "y", "z"]})),
            r'the id "1" belongs to two persons; found "x" and "z" \(0 and 2\); expected one',
        ),
        (lambda: card(customers={"1": "x"}), "this is no log; found builtins.dict"),
        (lambda: card(customers="nowhere.csv"), "nowhere.csv: there is no such file"),
    ],
)
def test_what_is_wrong(call, message):
    with pytest.raises(svclight.SvclightError, match=message):
        call()


def test_persons_from_a_file(tmp_path):
    path = tmp_path / "people.csv"
    PEOPLE.to_csv(path, index=False)
    assert card(customers=path).customers().equals(card(customers=PEOPLE).customers())
    path.write_text("id,person\n1,x\n2,y\n1,z\n", "utf-8")
    with pytest.raises(svclight.LogError, match=r"people.csv:2 and people.csv:4"):
        card(customers=path)


def test_a_card_without_logs_has_no_customers(tmp_path):
    opened = svclight.Scorecard.open(card().save(tmp_path / "card.svclight"))
    for ask in (opened.customers, opened.customer_shares, lambda: opened.survival("calls", "wait")):
        with pytest.raises(svclight.SvclightError, match="no way back to a log: score the log again"):
            ask()
