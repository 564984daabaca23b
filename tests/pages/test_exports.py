"""Tables and verdicts as files: nothing becomes a formula, markup or half a file."""

import json
from xml.etree import ElementTree as ET

import duckdb
import pandas as pd
import pytest
from support.helpers import score

import svclight
from svclight.pages import exports


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {"kind": pd.Categorical(["=1+1", "-5", "a\x1b[31mb"]), "reason": ["@x", "+1", "fine"], "count": [1, -2, 3]}
    )


def test_csv_holds_no_formula_and_no_control_character():
    assert exports.as_csv(table()).splitlines() == [
        "kind,reason,count",
        "'=1+1,'@x,1",
        "-5,+1,-2",
        "a\\x1b[31mb,fine,3",
    ]


def test_files_by_suffix(tmp_path):
    exports.write_table(table(), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == exports.as_csv(table())
    exports.write_table(table(), tmp_path / "t.json")
    assert json.loads((tmp_path / "t.json").read_text())[0] == {"kind": "=1+1", "reason": "@x", "count": 1}
    exports.write_table(table(), tmp_path / "t.parquet")
    rows = duckdb.sql(f"SELECT * FROM '{tmp_path / 't.parquet'}'").fetchall()
    assert rows == [("=1+1", "@x", 1), ("-5", "+1", -2), ("a\x1b[31mb", "fine", 3)]
    with pytest.raises(
        svclight.SvclightError,
        match=r'unknown kind of file; found "t.txt"; expected a name that ends in .csv, .json, .parquet',
    ):
        exports.write_table(table(), tmp_path / "t.txt")


def checks(
    targets='[{green: ">= 80 %"}, {where: {kind: {is: "<b>|"}}, green: ">= 80 %"}, {where: {kind: none}, green: ">= 80 %"}]',
):
    days = pd.date_range("2026-01-01", "2026-01-31", freq="D")
    frame = pd.DataFrame({"at": days, "x": 9, "kind": "<b>|"})
    criterion = f'c: {{measure: {{value: x}}, green: "<= 5", targets: {targets}}}'
    return svclight.check(score(frame, criterion, "{time: at, segments: [kind]}", by=["kind"]))


def test_verdicts_as_markdown():
    lines = exports.checks_markdown(checks()).splitlines()
    assert lines[2] == "| **missed** | p.c | 2026-01 | green | ≥ 80 % | 0.0 % of 31 rated (95 %: 0.0 to 11.0 %) |"
    assert lines[3].startswith("| **missed** | p.c where kind is &lt;b>\\| |")
    assert lines[4].startswith("| no data |")
    assert exports.checks_markdown(
        svclight.check(score([{"at": "2026-01-01", "x": 1}], 'c: {measure: {value: x}, green: "<= 5"}'))
    ) == ("No targets are declared.\n")


@pytest.mark.parametrize(("strict", "failures", "skipped"), [(False, "2", "1"), (True, "3", "0")])
def test_verdicts_as_junit(strict, failures, skipped):
    suite = ET.fromstring(exports.checks_junit(checks(), strict=strict))
    assert suite.attrib == {"name": "svclight", "tests": "3", "failures": failures, "skipped": skipped}
    first = suite[0]
    assert first.attrib == {"classname": "p", "name": "c 2026-01 green >= 80 %"}
    assert first[0].attrib["message"].startswith("missed: 0.0 % of 31 rated")
    met = ET.fromstring(exports.checks_junit(checks('{green: "<= 80 %"}')))
    assert len(met[0]) == 0
