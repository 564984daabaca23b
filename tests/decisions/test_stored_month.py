"""Check against a stored month, accepted misses that run out, annotations of GitHub, and all outputs of them."""

import json
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from scipy import stats as scipy_stats
from statsmodels.stats import proportion
from support.helpers import definition, score

import svclight
from svclight.decisions import check, stored_month
from svclight.definition.criterion_id import CriterionId
from svclight.pages import exports, github_annotations

pytestmark = pytest.mark.once

PLAIN = 'c: {measure: {value: x}, green: "<= 5", yellow: "<= 8"}'


def month(green, red, name="2026-01", yellow=0, **more):
    days = pd.date_range(name, periods=pd.Period(name, "M").days_in_month)
    size = green + yellow + red
    values = [1] * green + [7] * yellow + [9] * red
    return pd.DataFrame({"at": days[np.arange(size) % len(days)], "x": values, **more})


def card(*months, criterion=PLAIN, **options):
    return score(pd.concat(months), criterion, **options)


def held(before, now, **options):
    both = card(month(*before), month(*now, name="2026-02"), as_of="2026-03-01")
    return check.check(both, baseline=both.only("2026-01"), **options)


def test_a_significant_fall_fails_and_a_rise_does_not():
    worse = held((850, 150), (780, 220))
    assert worse.baseline["verdict"].tolist() == ["worse", "worse"]
    assert worse.exit_code() == 1
    better = held((780, 220), (850, 150))
    assert better.baseline["verdict"].tolist() == ["better", "better"]
    assert better.exit_code() == 0
    same = held((800, 200), (790, 210))
    assert same.baseline["verdict"].unique().tolist() == ["no difference that the data can show"]
    assert same.exit_code(strict=True) == 0


def test_its_numbers_are_those_of_statsmodels_and_of_pearson():
    row = held((850, 150), (780, 220)).baseline.iloc[0]
    assert row["difference"] == pytest.approx(0.78 - 0.85)
    low, high = proportion.confint_proportions_2indep(780, 1000, 850, 1000, method="newcomb", compare="diff")
    assert (row["low"], row["high"]) == pytest.approx((low, high))
    score_test = proportion.test_proportions_2indep(
        780, 1000, 850, 1000, method="score", compare="diff", correction=True
    )
    assert row["p"] == pytest.approx(score_test.pvalue)
    pearson = scipy_stats.chi2_contingency([[850, 150], [780, 220]], correction=False).statistic
    assert row["p"] == pytest.approx(scipy_stats.chi2.sf(pearson * 1999 / 2000, 1))  # N - 1 over N
    # two tests, equally small: Holm doubles the first and keeps the order
    assert row["p_corrected"] == pytest.approx(2 * row["p"])


@pytest.mark.slow
def test_unchanged_months_hardly_ever_fail():
    rng = np.random.default_rng(5)
    failed = 0
    for _ in range(40):
        then, now = (pd.DataFrame({"process": "p", "criterion": np.repeat(["a", "b", "c"], 3), "period": name, "zone": ["green", "yellow", "red"] * 3, "count": rng.multinomial(600, [0.8, 0.1, 0.1], 3).ravel()}) for name in ("2026-01", "2026-02"))  # fmt: skip
        table = stored_month.compare_with_stored(
            now, [(CriterionId("p", name), "2026-02", False) for name in "abc"], then
        )
        failed += bool((table["verdict"] == "worse").any())
    assert failed <= 0.05 * 40


def test_too_few_no_data_and_immature():
    few = held((25, 4), (780, 220))
    assert few.baseline["verdict"].tolist() == ["too few", "too few"]
    assert few.baseline["reason"][0].endswith("); 30 rated are needed on both sides")
    assert (few.exit_code(), few.exit_code(strict=True)) == (0, 1)
    alone = card(month(40, 0))
    nothing = check.check(alone, baseline=alone)  # there is no earlier month in it
    assert nothing.baseline["verdict"].tolist() == ["no data", "no data"]
    assert nothing.baseline["reason"][0] == "the baseline has no rated interaction"
    assert nothing.exit_code() == 3
    empty = card(month(40, 0).assign(x=None))
    assert check.check(empty, "2026-01", baseline=alone).baseline["reason"][0] == "no rated interaction in Jan 2026"
    assert check.check(card(month(40, 0).iloc[:3]), baseline=alone).baseline["reason"][0] == "no period is whole and mature"  # fmt: skip
    counts = alone.counts
    immature = stored_month.compare_with_stored(counts, [(CriterionId("p", "c"), "2026-01", True)], stored_month.stored_counts(counts), period="2026-01")  # fmt: skip
    assert immature["verdict"].tolist() == ["no verdict", "no verdict"]
    assert immature["reason"][0].endswith("interactions of this period can still turn")


def test_which_stored_month_counts():
    stored = card(month(90, 10, "2025-11"), month(50, 50, "2025-12"), month(70, 30, "2026-01"))
    now = card(month(80, 20, "2026-01"))
    assert check.check(now, baseline=stored).baseline["baseline"].tolist() == ["2025-12", "2025-12"]
    named = check.check(now, baseline=stored, baseline_period="2025-11")
    assert named.baseline["share_before"][0] == pytest.approx(0.9)
    with pytest.raises(svclight.SvclightError, match='the baseline has no such period; found "2025-10"; expected one of "2025-11", "2025-12", "2026-01"'):  # fmt: skip
        check.check(now, baseline=stored, baseline_period="2025-10")


@pytest.mark.parametrize("name", ["counts.csv", "counts.json", "counts.parquet", "card.svclight"])
def test_every_kind_of_stored_counts(name, tmp_path):
    segments = {"log": "{time: at, segments: [team]}", "by": ["team"]}
    old = card(month(85, 15, team="a"), month(5, 5, team="b"), **segments)
    path = tmp_path / name
    if name.endswith("svclight"):
        old.save(path)
    else:
        exports.write_table(old.counts, path)
    stored = stored_month.stored_counts(path)
    assert stored.set_index("zone")["count"].to_dict() | {} == {**dict.fromkeys(svclight.thresholds.STATES, 0), "green": 90, "red": 20}  # fmt: skip
    found = check.check(card(month(80, 20, "2026-02"), as_of="2026-03-01"), baseline=str(path)).baseline
    assert found["rated_before"].tolist() == [110, 110]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("no.csv", None, r"no.csv: the file cannot be read: No such file or directory"),
        ("no.parquet", None, r"no.parquet: the file cannot be read: No such file or directory"),
        ("bad.json", "{", r"bad.json: this is no table of counts"),
        ("bad.parquet", "PAR0", r"bad.parquet: this is no table of counts"),
        ("empty.csv", "", r"empty.csv: this is no table of counts"),
        ("other.csv", "a,b\n1,2\n", r'other.csv: these are no counts: there is no column "process", "criterion", "period", "zone", "count"; expected a file of `svclight score -o`'),
        ("odd.csv", "process,criterion,period,zone,count\np,c,2026-01,green,-3\n", r'odd.csv: this is no count; found "-3"; expected 0 or more'),
        ("odd2.csv", "process,criterion,period,zone,count\np,c,2026-01,green,many\n", r'this is no count; found "many"'),
    ],
)  # fmt: skip
def test_files_that_are_no_counts(name, content, message, tmp_path):
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(svclight.SvclightError, match=message):
        stored_month.stored_counts(path)


def test_the_outputs_have_the_baseline():
    checks = held((850, 150), (780, 220))
    assert str(checks).splitlines()[0] == (
        "WORSE       p.c 2026-02: green 78.0 % of 1,000 rated against 85.0 % of 1,000 in Jan 2026 "
        "(−7.0 points, 95 %: −10.4 to −3.6; corrected p < 0.001)"
    )
    assert checks.count("worse") == 2
    page = exports.checks_markdown(checks)
    assert page.startswith("No targets are declared.\n\n| verdict | criterion | period | baseline | zone | reason |\n")
    assert "| **worse** | p.c | 2026-02 | 2026-01 | green | 78.0 % of 1,000" in page
    suite = ET.fromstring(exports.checks_junit(checks))
    assert suite.attrib == {"name": "svclight", "tests": "2", "failures": "2", "skipped": "0"}
    assert suite[0].attrib == {"classname": "p", "name": "c 2026-02 green against 2026-01"}
    few = ET.fromstring(exports.checks_junit(held((25, 4), (780, 220)), strict=True))
    assert few.attrib["failures"] == "2"


# --- accepted misses


@pytest.mark.parametrize(
    ("until", "note"),
    [
        ("2026-04-01", ""),
        ("2026-03-03", "p.c: red ≤ 30 % (new line, OPS-12) is accepted until 3 Mar 2026 only, 30 days after Jan 2026 ends"),
        ("2026-03-04", ""),
        ("2026-02-02", "p.c: red ≤ 30 % (new line, OPS-12) is accepted until 2 Feb 2026 only, 1 day after Jan 2026 ends"),
        ("2026-02-01", "p.c: red ≤ 30 % (new line, OPS-12) is accepted for the last time in Jan 2026: until 1 Feb 2026"),
        ("2026-01-15", "p.c: red ≤ 30 % (new line, OPS-12) is accepted for the last time in Jan 2026: until 15 Jan 2026"),
        ("2026-01-01", "p.c: red ≤ 30 % was accepted until 1 Jan 2026 and is no longer (new line, OPS-12)"),
    ],
)  # fmt: skip
def test_accepted_misses_that_run_out_are_said_in_time(until, note):
    criterion = f'c: {{measure: {{value: x}}, green: "<= 5", targets: {{red: "<= 5 %"}}, accepted: {{red: "<= 30 %", until: {until}, reason: new line, ticket: OPS-12}}}}'
    checks = check.check(card(month(800, 200), criterion=criterion))
    assert [one for one in checks.notes if "accepted" in one] == ([note] if note else [])
    assert exports.checks_markdown(checks).count("OPS-12") == (note != "") + checks.count("accepted")


# --- annotations


LINES = """svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log: {time: at, segments: [team]}
    criteria:
      c:
        measure: {value: x}
        green: "<= 5"
        targets:
          - green: ">= 90 %"
            red: "<= 30 %"
          - where: {team: "a,b:c%"}
            green: ">= 80 %"
        accepted: {red: "<= 90 %", until: 2026-02-10, reason: "50 % more calls"}
      d:
        measure: {value: x}
        green: "<= 5"
        targets: {net: ">= 90"}
"""


def annotated(frame, *, strict=False):
    definitions = svclight.loads(LINES, "service.yaml")
    checks = check.check(svclight.score(frame, definitions, by="team", as_of="2026-02-01"))
    return list(github_annotations.verdict_annotations(checks, definitions, strict=strict))


def test_annotations_stand_at_the_line_of_the_target():
    lines = annotated(pd.concat([month(20, 80, team="a,b:c%"), month(1, 0, team="d")]))
    heads = [line.partition("::")[2].partition("::")[0] for line in lines]
    assert heads == [
        "error file=service.yaml,line=12,title=p.c%3A missed",
        "warning file=service.yaml,line=13,title=p.c%3A accepted",
        "error file=service.yaml,line=15,title=p.c%3A missed",
        "error file=service.yaml,line=20,title=p.d%3A missed",
        "warning file=service.yaml,line=16,title=svclight",
    ]
    assert lines[0].endswith("::2026-01: green >= 90 %25; 20.8 %25 of 101 rated (95 %25: 14.0 to 29.7 %25)")
    assert "where team is a,b:c%25: green" in lines[2]
    assert "(50 %25 more calls) is accepted until 10 Feb 2026 only, 9 days after Jan 2026 ends" in lines[4]


def test_what_is_met_is_not_annotated_and_strict_makes_errors():
    assert annotated(month(2000, 0, team="a,b:c%")) == []
    few = pd.concat([month(1, 0, team="d"), month(28, 0, team="a,b:c%"), month(1, 0).assign(at="2026-01-31", team="d")])
    assert {line.split(" ")[0] for line in annotated(few)} == {"::notice"}
    assert {line.split(" ")[0] for line in annotated(few, strict=True)} == {"::error"}


def test_notes_and_the_baseline_are_annotated():
    both = card(month(850, 150), month(780, 220, "2026-02"), month(3, 0, "2026-03"), as_of="2026-03-10")
    checks = check.check(both, baseline=both)
    lines = list(github_annotations.verdict_annotations(checks, definition(PLAIN)))
    assert lines[0].startswith(
        "::error file=definition,line=8,title=p.c%3A worse than the baseline::2026-02: green 78.0 %25"
    )
    assert lines[-1] == (
        "::notice file=definition,line=8,title=p.c%3A not judged::2026-03: it is not over at 2026-03-10T00:00:00+00:00: "
        "give --as-of 2026-04-01 and a log that reaches so far, or --period 2026-03"
    )


def test_escaping_is_that_of_the_toolkit():
    assert github_annotations._escape_data("100 %, a: b") == "100 %25, a: b"
    assert github_annotations._escape_property("100 %, a: b") == "100 %25%2C a%3A b"
    assert "\n" not in github_annotations._escape_data("one\ntwo")  # control characters are written out


def test_json_counts_are_read_back(tmp_path):
    path = tmp_path / "c.json"
    path.write_text(json.dumps([{"process": "p", "criterion": "c", "period": None, "zone": "green", "count": 4}]))
    assert stored_month.stored_counts(path).values.tolist() == [["p", "c", "", "green", 4]]
