"""Customers by the month of their first contact: counted again by hand and by loops, what is known, economics, reds, words."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

import svclight
from svclight.errors import DefinitionError, SvclightError

pytestmark = pytest.mark.once

SHOP = """
svclight: 1
time_zone: Europe/Berlin
currency: EUR
processes:
  shop:
    title: Shop
    log:
      time: at
      customer: who
      since: {since}
      fields: {{at: {{time: at}}, waited: {{number: waited, unit: s}}, amount: {{number: amount, unit: EUR}}, k: {{number: k}}}}
    economics: {{margin: 50 %, acquisition: {cost}}}
    criteria:
      wait: {{title: Wait, measure: {{value: waited}}, green: "<= 30 s"}}
      spend: {{measure: {{spend: {{within: 90 d, amount: amount}}}}, green: ">= 50 EUR"}}
      back: {{measure: {{repeat: {{within: 60 d, same: [customer]}}}}, green: ">= 1"}}
"""


def definitions(since: str = "2020-01-01", cost: float = 40) -> svclight.Definitions:
    return svclight.loads(SHOP.format(since=since, cost=cost))


def orders(*rows: tuple[str, str], waited: object = 10, amount: object = 10.0) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["who", "at"]).assign(waited=waited, amount=amount, k=1)


SOME = (
    ("ann", "2026-01-05"), ("ann", "2026-01-20"), ("ann", "2026-02-03"), ("ann", "2026-04-01"),
    ("bob", "2026-01-31"), ("bob", "2026-03-31"),
    ("cid", "2026-01-02"),
    ("dan", "2026-02-28"), ("dan", "2026-03-01"),
    ("eve", "2026-04-10"),
)  # fmt: skip


def counts(table: pd.DataFrame) -> dict[tuple[str, int], tuple[int, int, int]]:
    """First month and months after -> customers, came, came within."""
    names = ["first_month", "months_after", "customers", "came", "came_within"]
    return {(first, after): (all_, came, within) for first, after, all_, came, within in table[names].values.tolist()}


def test_who_comes_again_in_which_month():
    found = svclight.cohorts(orders(*SOME), definitions(), as_of="2026-05-01")
    assert counts(found.table) == {
        ("2026-01", 1): (3, 1, 1),  # ann in February
        ("2026-01", 2): (3, 1, 2),  # bob in March
        ("2026-01", 3): (3, 1, 2),  # ann in April
        ("2026-02", 1): (1, 1, 1),  # dan in March
        ("2026-02", 2): (1, 0, 1),
    }  # nobody came first in March; eve's May is not over
    low, high = proportion_confint(1, 3, method="wilson")
    assert found.table[["share", "low", "high"]].iloc[0].tolist() == pytest.approx([1 / 3, low, high])
    # all first months together: 1 and 1 of 3 and 1 one month later; 1 and 0 two later; 1 of 3 three later
    assert found.totals[["months_after", "customers", "came"]].values.tolist() == [[1, 4, 2], [2, 4, 1], [3, 3, 1]]


def test_only_months_that_are_over_and_whole():
    first = svclight.cohorts(orders(*SOME), definitions(), as_of="2026-04-15").table
    assert ("2026-01", 3) not in counts(first)  # April is not over
    assert max(after for month, after in counts(first) if month == "2026-01") == 2


@pytest.mark.parametrize(
    ("since", "look_back", "months"),
    [
        ("2020-01-01", 12, ["2026-01", "2026-02"]),
        ("2025-02-01", 12, ["2026-02"]),  # twelve months before February, eleven before January
        ("2025-02-02", 12, []),
        ("2026-01-01", 0, ["2026-01", "2026-02"]),
        ("2026-01-02", 0, ["2026-02"]),  # January is not whole
        ("2026-01-01", 1, ["2026-02"]),
    ],
)
def test_first_is_known_where_the_log_reaches_back(since: str, look_back: int, months: list[str]):
    rows = orders(*SOME)
    found = svclight.cohorts(rows, definitions(since), as_of="2026-05-01", look_back=look_back)
    assert list(dict.fromkeys(found.table["first_month"])) == months
    if not months:
        assert "of no month it is known" in found.sentences[0]


def test_economics_by_hand():
    rows = orders(*SOME, amount=[30.0, 10, 20, 40, 50, 30, 10, 60, 20, 5])
    found = svclight.cohorts(rows, definitions(cost=30), as_of="2026-05-01")
    # month 0: ann 30 + 10, bob 50, cid 10, dan 60, eve 5 of five customers; 1: ann 20, dan 20 of four; 2: bob 30 of four;
    # 3: ann 40 of three
    spent = [165 / 5, 40 / 4, 30 / 4, 40 / 3]
    assert found.values["spent"].tolist() == pytest.approx(spent)
    assert found.values["margin_so_far"].tolist() == pytest.approx(np.cumsum(spent) / 2)
    # 16.50, 21.50, 25.25 and 31.92: 30 EUR are paid back three months after the first
    assert "has paid back the acquisition (30.00 EUR) 3 months after the first: 31.92 EUR of margin" in str(found)
    # five of a hundred more, at 20, 30 and 40 a customer who comes, half of it margin
    assert found.values["worth_of_points"].iloc[1:].tolist() == pytest.approx([0.5, 0.75, 1.0])
    # new customers a month: 3, 1 and 1 (no month without any)
    assert "worth 2.25 EUR of margin a new customer, 3.75 EUR for the new customers of a month (2 on average)" in str(
        found
    )


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (0, "has paid back the acquisition (0.00 EUR) in the first month"),
        (12, "(12.00 EUR) 3 months after the first"),
        (5000, "has not paid back the acquisition (5,000 EUR) as far as is known"),
    ],
)
def test_when_it_is_paid_back(cost: float, said: str):
    # 10 EUR a contact: 6/5 contacts in month 0, 2/4, 1/4 and 1/3 after it, half of 22.83 EUR is 11.42
    found = svclight.cohorts(orders(*SOME), definitions(cost=cost if cost != 12 else 11), as_of="2026-05-01")
    assert said.replace("12.00", "11.00") in str(found)


def test_amounts_that_are_not_known_are_told_and_economics_need_them():
    rows = orders(*SOME, amount=[np.nan, *[10.0] * 9])
    assert "Contacts whose amount is not known, and counts as 0: 1." in str(
        svclight.cohorts(rows, definitions(), as_of="2026-05-01")
    )
    text = SHOP.format(since="2020-01-01", cost=40).replace("      spend: {measure", "      other: {measure")
    lines = [line for line in text.splitlines() if "other:" not in line]
    found = svclight.cohorts(rows, svclight.loads("\n".join(lines)), as_of="2026-05-01")
    assert "it takes a criterion that measures `spend`" in str(found)
    assert found.values.empty


def many(red_again: int, other_again: int) -> pd.DataFrame:
    """100 customers whose first contact was red and 200 others; so many of each come again in March."""
    first = [(f"r{n}", "2026-01-10", 90) for n in range(100)] + [(f"o{n}", "2026-01-10", 10) for n in range(200)]
    again = [(f"r{n}", "2026-03-10", 10) for n in range(red_again)] + [
        (f"o{n}", "2026-03-10", 90) for n in range(other_again)
    ]
    return pd.DataFrame([*first, *again], columns=["who", "at", "waited"]).assign(amount=10.0, k=1)


@pytest.mark.parametrize(
    ("red", "other", "said"),
    [
        (30, 120, "they come back less"),
        (80, 100, "they come back more"),
        (50, 110, "no difference that the data can show"),
    ],
)
def test_whether_those_who_met_a_red_come_back_less(red: int, other: int, said: str):
    found = svclight.cohorts(many(red, other), definitions(), as_of="2026-05-01")
    (row,) = found.reds.to_dict("records")
    assert (row["red_customers"], row["red_came"], row["other_customers"], row["other_came"]) == (100, red, 200, other)
    low, high = confint_proportions_2indep(red, 100, other, 200, compare="diff", method="newcomb")
    assert (row["difference"], row["low"], row["high"]) == pytest.approx((red / 100 - other / 200, low, high))
    assert f": {said}. What goes together is not yet a cause." in found.sentences[-1]


def test_reds_of_not_coming_back_are_no_reason_for_it():
    """`back` is red for whoever does not come again: by it all reds would be those who stayed away."""
    found = svclight.cohorts(many(0, 200), definitions(), as_of="2026-05-01")
    assert found.reds[["red_customers", "other_customers"]].values.tolist() == [[100, 200]]


def test_few_reds_are_no_difference():
    rows = many(0, 200)
    rows = rows[~rows["who"].isin([f"r{n}" for n in range(29, 100)])]
    said = svclight.cohorts(rows, definitions(), as_of="2026-05-01").sentences[-1]
    assert said == (
        "Whether customers who met a red come back less cannot be told: there are 29 of them, and 200 others."
    )


def test_nothing_is_said_of_reds_before_three_months_are_over():
    said = svclight.cohorts(orders(*SOME), definitions(), as_of="2026-04-01").sentences[-1]
    assert (
        said == "Whether customers who met a red come back less is not known yet: of none the 3 months after are over."
    )


def test_contacts_without_a_customer_are_told():
    rows = orders(*SOME, ("", "2026-02-01"), ("", "2026-02-02"))
    found = svclight.cohorts(rows, definitions(), as_of="2026-05-01")
    assert found.sentences[-1] == "Contacts that name no customer, and are in no number here: 2."
    assert counts(found.table) == counts(svclight.cohorts(orders(*SOME), definitions(), as_of="2026-05-01").table)


def test_words_in_russian_and_without_ids():
    found = svclight.cohorts(many(30, 120), definitions(), as_of="2026-05-01", lang="ru")
    first, *_, last = found.sentences
    assert first == (
        "Shop, клиенты, впервые пришедшие янв. 2026: через 1 месяц снова приходят 0,0 % из 300 (95 %: 0,0 … 1,3 %), "
        "через 3 месяца снова приходят 0,0 % из 300 (95 %: 0,0 … 1,3 %)."
    )
    assert last.endswith("−30,0 п.\N{NO-BREAK SPACE}п., 95 %: −40,4 … −18,2): реже. Что бывает вместе, ещё не причина.")
    english = svclight.cohorts(many(30, 120), definitions(), as_of="2026-05-01")
    everything = str(english) + "".join(
        frame.to_csv() for frame in (english.table, english.totals, english.values, english.reds)
    )
    assert not any(f"{letter}{number}" in everything.replace("for", "") for letter in "ro" for number in range(10, 100))


def test_refusals():
    rows = orders(*SOME)
    known = svclight.loads(
        "svclight: 1\ntime_zone: UTC\nprocesses: {p: {title: P, log: {time: at}, criteria: "
        '{c: {measure: {value: waited}, green: "<= 1"}}}}'
    )
    with pytest.raises(SvclightError, match="no log says who the customer is"):
        svclight.cohorts(rows, known, as_of="2026-05-01")
    with pytest.raises(SvclightError, match="look_back counts months back"):
        svclight.cohorts(rows, definitions(), as_of="2026-05-01", look_back=-1)
    with pytest.raises(SvclightError, match="unknown language"):
        svclight.cohorts(rows, definitions(), as_of="2026-05-01", lang="de")
    with pytest.raises(SvclightError, match="unknown process"):
        svclight.report.plot_cohorts(svclight.cohorts(rows, definitions(), as_of="2026-05-01"), "shpo")


@pytest.mark.parametrize(
    ("economics", "said"),
    [
        ("{margin: 30 %}", 'the key "acquisition" is missing'),
        ("{margin: 130 %, acquisition: 40}", "there is no such share"),
        ("{margin: 0.3, acquisition: 40}", "this is no share"),
        ("{margin: 30 %, acquisition: -1}", "acquisition"),
        ("{margin: 30 %, acquisition: 40, retention: 5}", 'unknown key "retention"'),
    ],
)
def test_wrong_economics_are_told_with_their_line(economics: str, said: str):
    text = SHOP.format(since="2020-01-01", cost=40).replace("{margin: 50 %, acquisition: 40}", economics)
    with pytest.raises(DefinitionError) as caught:
        svclight.loads(text)
    assert said in str(caught.value)
    assert {issue.line for issue in caught.value.issues} == {13}


def test_persons_with_several_ids_weights_and_what_is_left_out():
    people = pd.DataFrame({"id": ["cid", "eve"], "person": ["eve", "eve"]})
    found = svclight.cohorts(orders(*SOME), definitions(), as_of="2026-05-01", customers=people)
    assert counts(found.table)["2026-01", 3] == (3, 2, 3)  # cid came again in April, as eve
    text = SHOP.format(since="2020-01-01", cost=40).replace("customer: who", "customer: who\n      weight: k")
    text = text.replace("fields:", "exclude: [{where: {who: bob}, reason: staff}]\n      fields:")
    weighted = svclight.cohorts(orders(*SOME).assign(k=[2] * 9 + [0]), svclight.loads(text), as_of="2026-05-01")
    # customers are counted, not rows; bob is left out, eve's row stands for nobody; spent is 10 EUR twice
    assert counts(weighted.table)["2026-01", 1] == (2, 1, 1)
    assert weighted.values["spent"].iloc[0] == pytest.approx(20 * 4 / 3)


def test_a_log_in_an_engine_gives_the_same():
    rows = orders(*SOME)
    relation = duckdb.sql("SELECT * FROM rows")
    with pytest.warns(svclight.SvclightNotice, match="rows were brought from DuckDB"):
        second = svclight.cohorts(relation, definitions(), as_of="2026-05-01")
    first = svclight.cohorts(rows, definitions(), as_of="2026-05-01")
    for name in ("table", "totals", "values", "reds"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 400)), min_size=1, max_size=40))
def test_loops_count_the_same(rows: list[tuple[str, int]]):
    # somebody comes every fifth day, so that no month is taken for one in which the log had stopped
    steady = [("keeper", day) for day in range(0, 424, 5)]
    days = [(who, pd.Timestamp("2025-01-01") + pd.Timedelta(days=day)) for who, day in [*rows, *steady]]
    log = orders(*((who, f"{day:%Y-%m-%d}") for who, day in days))
    table = svclight.cohorts(log, definitions(), as_of="2026-03-01").table
    seen: dict[str, set[int]] = {}
    for who, day in days:
        seen.setdefault(who, set()).add(12 * day.year + day.month)
    expected = {}
    for first in range(12 * 2025 + 1, 12 * 2026 + 3):
        mine = [months for months in seen.values() if min(months) == first]
        for after in range(1, 13):
            if mine and first + after <= 12 * 2026 + 2:
                came = sum(first + after in months for months in mine)
                within = sum(any(first < month <= first + after for month in months) for months in mine)
                year, month = divmod(first - 1, 12)
                expected[f"{year}-{month + 1:02}", after] = (len(mine), came, within)
    assert counts(table) == expected


def test_the_plot_draws_the_numbers():
    found = svclight.cohorts(orders(*SOME), definitions(), as_of="2026-05-01")
    ax = svclight.report.plot_cohorts(found, "shop")
    assert [line.get_ydata().tolist() for line in ax.get_lines()] == [
        pytest.approx([50, 25, 100 / 3]),
        pytest.approx([50, 75, 200 / 3]),
    ]
    none = svclight.cohorts(orders(*SOME), definitions("2026-01-01"), as_of="2026-05-01")
    assert [text.get_text() for text in svclight.report.plot_cohorts(none).texts] == ["no data"]
