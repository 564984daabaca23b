"""Every hint was tried on the cells: what it proposes reads them."""

import pytest

from svclight.definition.log_models import Log, Read
from svclight.definition.models import FieldSpec
from svclight.logs.ways_to_read import Cells, hint_for


def hint(field: dict, unread: list[str], read: tuple[str, ...] = (), **of_log: object) -> str:
    spec = FieldSpec.model_validate(field)
    use = {"span": "number"}.get(spec.kind, spec.kind)
    return hint_for(
        Cells(spec, use, Log.model_construct(time="at", missing=(), read=Read(**of_log)), tuple(unread), read)
    ).text


@pytest.mark.parametrize(
    ("field", "unread", "read", "expected"),
    [
        ({"number": "x"}, ["4,5", "12,25"], ("5",), 'read: {decimal: ","} at the log ("4,5" becomes 4.5)'),
        (  # two readings: both are named
            {"number": "x"},
            ["1,500"],
            ("20",),
            (
                'read: {thousands: ","} at the log ("1,500" becomes 1500) or '
                'read: {decimal: ","} at the log ("1,500" becomes 1.5)'
            ),
        ),
        (  # with a decimal comma 0.5 would not be read any more, so that only one reading is left
            {"number": "x"},
            ["1,500"],
            ("0.5",),
            'read: {thousands: ","} at the log ("1,500" becomes 1500)',
        ),
        (
            {"number": "x"},
            ["1.500,5"],
            ("20",),
            'read: {decimal: ",", thousands: "."} at the log ("1.500,5" becomes 1500.5)',
        ),
        ({"number": "x"}, ["1 500", "2\u00a0000"], ("20",), 'read: {thousands: " "} at the log ("1 500" becomes 1500)'),
        ({"number": "x"}, ["1'500"], ("20",), 'read: {thousands: "\'"} at the log ("1\'500" becomes 1500)'),
        ({"number": "x"}, ["45 s", "9 s"], ("20",), 'unit: s at the field ("45 s" becomes 45)'),
        ({"number": "x"}, ["72.2%"], (), 'unit: "%" at the field ("72.2%" becomes 72.2)'),
        ({"number": "x"}, ["$5", "$12"], (), 'unit: "$" at the field ("$5" becomes 5)'),
        (
            {"number": "x", "unit": "s"},
            ["0:01:10"],
            (),
            'span: x in place of number at the field ("0:01:10" becomes 70)',
        ),
        ({"number": "x"}, ["n/a", "-"], ("20",), 'missing: ["n/a", "-"] at the field'),
        ({"number": "x"}, ["12 apples and 3 pears"], ("20",), ""),
        ({"number": "x"}, ["true", "false"], (), ""),  # a column of which nothing is left is not read
        (
            {"span": "x"},
            ["90", "30.5"],
            (),
            'number: x, with its unit, in place of span at the field ("90" becomes 90)',
        ),
        ({"time": "x"}, ["1900-01-01", "2999-12-31 00:00"], (), ""),  # times already, too far off for an anchor
        (
            {"flag": "x"},
            ["да", "нет"],
            (),
            'true_values: ["да"], false_values: ["нет"] at the field',
        ),
        (
            {"time": "x", "format": "%m/%d/%Y"},
            ["25/03/2026", "13/04/2026"],
            ("05/04/2026",),
            (
                'format: "%d/%m/%Y" at the field ("25/03/2026" becomes 25 March 2026), which reads all cells: '
                "day and month stand in another order than is declared"
            ),
        ),
        (
            {"time": "x", "format": "%m/%d/%Y"},
            ["25/03/2026"],
            ("03/25/2026",),
            'format: ["%m/%d/%Y", "%d/%m/%Y"] at the field ("25/03/2026" becomes 25 March 2026)',
        ),
        ({"time": "x"}, ["46110"], (), 'format: "excel" at the field ("46110" becomes 29 March 2026)'),
        (
            {"time": "x"},
            ["1 Mar 2026 10:00:00"],
            (),
            'format: "%d %b %Y %H:%M:%S" at the field ("1 Mar 2026 10:00:00" becomes 1 March 2026 10:00:00)',
        ),
    ],
)
def test_what_reads_the_cells_is_named_with_what_they_become(field, unread, read, expected):
    assert hint(field, unread, read) == expected


def test_a_way_that_reads_some_cells_says_how_many():
    found = hint({"number": "x"}, ["4,5", "7,25", "many", "some", "few"], ("5",))
    assert found == 'read: {decimal: ","} at the log ("4,5" becomes 4.5) reads 2 of 5 different cells'


def test_the_keys_alone_quote_no_cell():
    spec = FieldSpec.model_validate({"number": "x"})
    log = Log.model_construct(time="at", missing=(), read=Read())
    assert hint_for(Cells(spec, "number", log, ("secret",), ("5",))).keys == "missing: […] at the field"
    assert hint_for(Cells(spec, "number", log, ("4,5",))).keys == 'read: {decimal: ","} at the log'
