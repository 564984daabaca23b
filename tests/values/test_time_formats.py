"""Lists of formats, serial numbers of Excel, and names of time zones."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclight.values.clocks import NAT
from svclight.values.columns import times_of

EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - times without a zone are what is tested


def read(cells, *formats, **more):
    """The times of cells as text; None where there is none."""
    times = times_of(pd.Series(list(cells), dtype=object), written=formats, **more)
    return [
        None
        if tick == NAT
        else (EPOCH + dt.timedelta(microseconds=int(tick) * 10**6 // times.per_second)).isoformat(" ")
        for tick in times.ticks
    ]


def test_the_first_format_that_reads_the_whole_cell_counts():
    # as it lies in an export whose writer changed: 01-02-2026 is 1 February in the one form, 2026/02/01 in the other
    cells = ["2026/02/01 08:51", "01-02-2026 06:00", "1 Feb 2026"]
    assert read(cells, "%Y/%m/%d %H:%M", "%d-%m-%Y %H:%M") == ["2026-02-01 08:51:00", "2026-02-01 06:00:00", None]


def test_formats_that_read_a_cell_differently_are_a_conflict():
    found = times_of(pd.Series(["13/01/2026", "03/04/2026"]), written=["%d/%m/%Y", "%m/%d/%Y"])
    assert found.conflict is None  # only day first reads the whole column: 13 is no month
    assert read(["13/01/2026", "03/04/2026"], "%m/%d/%Y", "%d/%m/%Y") == ["2026-01-13 00:00:00", "2026-04-03 00:00:00"]
    for cells in (["03/04/2026"], ["13/01/2026", "01/13/2026", "03/04/2026"]):  # both read all; neither does
        conflict = times_of(pd.Series(cells), written=["%d/%m/%Y", "%m/%d/%Y"]).conflict
        assert conflict is not None
        assert (conflict.word, conflict.formats) == ("03/04/2026", ("%d/%m/%Y", "%m/%d/%Y"))
    assert times_of(pd.Series(["04/04/2026"]), written=["%d/%m/%Y", "%m/%d/%Y"]).conflict is None  # the same day


FORMS = ("%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%d %b %Y", "unix")


@given(
    st.lists(
        st.tuples(st.datetimes(dt.datetime(1980, 1, 1), dt.datetime(2037, 1, 1)), st.sampled_from(FORMS)),  # noqa: DTZ001
        min_size=1,
        max_size=8,
    )
)
def test_a_list_of_formats_equals_its_parts(written):
    cells = [
        str(int((moment - EPOCH).total_seconds())) if form == "unix" else moment.strftime(form)
        for moment, form in written
    ]
    apart = [read([cell], form)[0] for cell, (_, form) in zip(cells, written, strict=True)]
    assert read(cells, *FORMS) == apart


@pytest.mark.parametrize(
    ("serial", "moment"),
    [
        (1, "1900-01-01 00:00:00"),
        (59, "1900-02-28 00:00:00"),
        (60, None),  # 29 February 1900 did not exist, but in Excel
        (61, "1900-03-01 00:00:00"),
        (45000.6041666667, "2023-03-15 14:30:00"),  # 14.5 h of 24, to the millisecond
        (46023, "2026-01-01 00:00:00"),
        (2958465, "9999-12-31 00:00:00"),
        (2958466, None),
        (0.5, None),  # a time of day has no date
        (-1, None),
    ],
)
def test_serial_numbers_of_excel(serial, moment):
    assert read([serial], "excel") == [moment]
    assert read([str(serial)], "excel") == [moment]
    column = times_of(pd.Series([float(serial)]), written="excel")
    assert (column.bad is not None) == (moment is None)
    assert column.aware is False


def test_serial_numbers_beside_dates_of_a_sheet():
    assert read([dt.datetime(2026, 1, 1), 46023.5, "46024"], "excel") == [  # noqa: DTZ001
        "2026-01-01 00:00:00",
        "2026-01-01 12:00:00",
        "2026-01-02 00:00:00",
    ]


def test_names_of_time_zones_are_read_as_declared():
    cells = ["05.01.2026 10:00 MSK", "05.01.2026 10:00 UTC", "05.01.2026 10:00 GMT", "05.01.2026 10:00 EST"]
    # 10:00 at +03:00 is 07:00 UTC
    expected = ["2026-01-05 07:00:00", "2026-01-05 10:00:00", "2026-01-05 10:00:00"]
    assert read(cells, "%d.%m.%Y %H:%M %Z", zones={"MSK": "+03:00"}) == [*expected, None]
    assert read(["5 Jan 2026 10:00 est"], "%d %b %Y %H:%M %Z", zones={"EST": "-5"}) == ["2026-01-05 15:00:00"]
    assert read(["2026-01-05 10:00Z"], "%Y-%m-%d %H:%M%Z") == ["2026-01-05 10:00:00"]
    both = ["2026-01-05 10:00 GMT+0300 (MSK)"]  # the offset says all
    assert read(both, "%Y-%m-%d %H:%M GMT%z (%Z)", zones={"MSK": "+04:00"}) == ["2026-01-05 07:00:00"]


def test_a_format_reads_no_part_of_a_cell():
    assert read(["2026-01-05 10:00 and more"], "%Y-%m-%d", "%Y-%m-%d %H:%M") == [None]
    assert np.all(times_of(pd.Series([""]), written=["%Y"]).ticks == NAT)
