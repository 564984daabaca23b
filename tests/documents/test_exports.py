"""Exports as systems write them: the definitions of docs/exports.md on longer made-up files, recounted by pandas.

Each test writes a file in the shape of its export, lets svclight read it as it lies, and counts the same file by a few
lines of pandas. In: a definition of the page and a file. Compared: the count of each criterion, period and zone that is not 0.
"""

# ruff: noqa: DTZ001, S311 - exports write times without a zone; the chance is that of made-up rows

import datetime as dt
import json
import random

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from documents.test_docs import blocks
from support.places import ROOT

import svclight

AS_OF = "2026-05-01"
START = dt.datetime(2026, 1, 1)
MINUTES = 90 * 24 * 60  # January to March: 31 + 28 + 31 days
OFFICE = (9, 17)


@pytest.fixture(scope="module")
def definitions():
    """The definitions of the page by the name of their file."""
    page = blocks(ROOT / "docs" / "exports.md")
    return {block.file: block.text for block in page if block.file.endswith(".yaml")}


@pytest.fixture
def chance():
    return random.Random(20260101)


def nonzero_counts(log, definition):
    counts = svclight.score(log, svclight.loads(definition), as_of=AS_OF).counts
    counts = counts[counts["count"] > 0]
    keys = zip(counts["criterion"], counts["period"].astype(str), counts["zone"], strict=True)
    return dict(zip(keys, counts["count"], strict=True))


def recount(periods, zones, weights=1):
    """Rows, or what they weigh, by criterion, period and zone; `zones` has a column a criterion."""
    long = (
        pd.DataFrame(zones).assign(period=periods.astype(str), weight=weights).melt(["period", "weight"], var_name="c")
    )
    summed = long.groupby(["c", "period", "value"])["weight"].sum()
    return {key: int(count) for key, count in summed.items() if count > 0}


def zone_of(values, green, yellow, otherwise="missing"):
    """Zones of numbers of which less is better: a limit belongs to the better side."""
    colours = np.select([values <= green, values <= yellow, values.notna()], ["green", "yellow", "red"], otherwise)
    return pd.Series(colours, index=values.index)


def moments(chance, number):
    return sorted(START + dt.timedelta(minutes=chance.randrange(MINUTES)) for _ in range(number))


def lines(*rows):
    return "".join(f"{row}\n" for row in rows)


def test_tickets_of_zendesk(definitions, chance, tmp_path):
    rows = []
    for number, opened in enumerate(moments(chance, 400)):
        solved = opened + dt.timedelta(seconds=chance.randrange(600, 7 * 86400))
        status = chance.choice(["Closed", "Solved", "Closed", "Open"])
        tags = " ".join(chance.sample(["billing", "vip", "vip_2024", "notvip", "outage"], chance.randrange(3)))
        reply = chance.choice(["", chance.randrange(1, 200)])
        answer = chance.choice(["Good", "Bad", "Offered", "Unoffered"])
        end = "" if status == "Open" else f"{solved:%Y-%m-%d %H:%M:%S} UTC"
        rows.append(
            f"{number},{opened:%Y-%m-%d %H:%M:%S} UTC,{end},{status},First line,{tags},{reply},"
            f"{chance.randrange(4)},{answer}"
        )
    header = "Ticket ID,Created at,Solved at,Status,Group,Tags,First reply time in minutes,Reopens,Satisfaction Score"
    path = tmp_path / "zendesk.csv"
    path.write_text(lines(header, *rows), "utf-8")

    table = pd.read_csv(path)
    opened, solved = (
        pd.to_datetime(table[name].str.removesuffix(" UTC"), utc=True) for name in ("Created at", "Solved at")
    )
    months = opened.dt.tz_convert("Europe/Berlin").dt.tz_localize(None).dt.to_period("M")
    hours = solved.fillna(pd.Timestamp(AS_OF, tz="Europe/Berlin")).sub(opened).dt.total_seconds() / 3600
    vip = table["Tags"].fillna("").str.split().map(lambda tags: "vip" in tags)
    closed = table["Status"].isin(["Solved", "Closed"])
    asked = table["Satisfaction Score"].map(
        {"Good": "green", "Bad": "red", "Offered": "missing", "Unoffered": "missing"}
    )
    zones = {
        "first_reply": zone_of(table["First reply time in minutes"], 60, 120),
        "solution": zone_of(hours, np.where(vip, 8, 48), np.where(vip, 72, 120)),
        "stays_solved": zone_of(table["Reopens"], 0, 1).where(closed, "not_applicable"),
        "satisfied": asked,
    }
    assert 0 < vip.sum() < table["Tags"].str.contains("vip", na=False).sum()
    assert nonzero_counts(path, definitions["zendesk.yaml"]) == recount(months, zones)


def test_half_hours_of_genesys(definitions, chance, tmp_path):
    rows = []
    for half_hour in range(0, MINUTES, 30):
        at = START + dt.timedelta(minutes=half_hour)
        for medium, queue in [("voice", "billing"), ("voice", "tariff"), ("email", "tariff")]:
            offered = chance.choice([0, chance.randrange(40), chance.randrange(1000, 1400)])
            abandoned = chance.randrange(offered // 10 + 1)
            late = chance.randrange((offered - abandoned) // 3 + 1)
            level = f"{(offered - abandoned - late) / offered:.1%}" if offered else ""
            handled = f"{chance.randrange(1, 8)}m {chance.randrange(60)}s" if offered else ""
            numbers = ",".join(f'"{number:,}"' for number in (offered, offered - abandoned, abandoned, late))
            rows.append(f"{_twelve(at)},{_twelve(at)},{medium},{queue},{numbers},{level},{handled}")
    header = (
        "Interval Start,Interval End,Media Type,Queue Name,Offer,Answer,Abandon,Over SLA,Service Level %,Avg Handle"
    )
    path = tmp_path / "genesys.csv"
    path.write_text(lines(header, *rows, rows[0]), "utf-8")  # one interval was exported twice

    table = pd.read_csv(path, thousands=",").drop_duplicates()
    months = pd.to_datetime(table["Interval Start"], format="%m/%d/%y %I:%M %p").dt.to_period("M")
    calls = table["Media Type"] == "voice"
    counts = {"green": table["Answer"] - table["Over SLA"], "yellow": table["Over SLA"], "red": table["Abandon"]}
    expected = {
        ("service_level", str(month), zone): int(number)
        for zone, column in counts.items()
        for month, number in column[calls].groupby(months).sum().items()
    }
    expected |= {
        ("service_level", str(month), "excluded"): int(number)
        for month, number in table["Offer"][~calls].groupby(months).sum().items()
    }
    percents = table["Service Level %"].str.rstrip("%").astype(float)
    spans = table["Avg Handle"].str.extract(r"(\d+)m (\d+)s").astype(float)
    zones = {
        "good_half_hours": zone_of(-percents, -80, -70).where(calls, "excluded"),
        "handling": zone_of(spans[0] * 60 + spans[1], 180, 300).where(calls, "excluded"),
    }
    expected |= recount(months, zones, table["Offer"])
    counted = nonzero_counts(path, definitions["genesys.yaml"])
    # the second writing of the first interval weighs nothing in what is rated, and is listed as excluded
    twice = int(rows[0].split('"')[1].replace(",", ""))
    for criterion in ("service_level", "good_half_hours", "handling"):
        expected[criterion, "2026-01", "excluded"] += twice
    assert counted == expected


def _twelve(at):
    """A time as clocks of twelve hours show it, month and day without a zero before them."""
    return f"{at.month}/{at.day}/{at:%y} {at:%I:%M %p}"


def test_asterisks_queue_log(definitions, chance, tmp_path):
    events = [(int(START.timestamp()), "NONE|NONE|NONE|QUEUESTART|")]
    for number, entered in enumerate(moments(chance, 500)):
        epoch, queue = int(entered.replace(tzinfo=dt.UTC).timestamp()), chance.choice(["sales", "support"])
        call, waited = f"{epoch}.{number}|{queue}", chance.randrange(100)
        events.append((epoch, f"{call}|NONE|ENTERQUEUE||+49301{chance.randrange(200)}|1"))
        rings = chance.choice([0, 0, 1, 2])
        events += [(epoch + waited * ring // 3, f"{call}|PJSIP/1|RINGNOANSWER|10000") for ring in range(1, rings + 1)]
        became = chance.choice(["ABANDON", "EXITWITHTIMEOUT", "COMPLETEAGENT", "COMPLETECALLER", "COMPLETECALLER"])
        if became.startswith("COMPLETE"):
            events.append((epoch + waited, f"{call}|PJSIP/2|CONNECT|{waited}|{epoch}.1|5"))
            events.append((epoch + waited + 60, f"{call}|PJSIP/2|{became}|{waited}|60|1"))
        else:
            events.append((epoch + waited, f"{call}|NONE|{became}|1|1|{waited}"))
    path = tmp_path / "queue_log"
    path.write_text(lines(*(f"{epoch}|{rest}" for epoch, rest in sorted(events, key=lambda event: event[0]))), "utf-8")

    names = ["epoch", "call", "queue", "agent", "event", "data1", "data2", "data3"]
    table = pd.read_csv(path, sep="|", names=names, dtype=str, keep_default_na=False)
    table = table[table["call"] != "NONE"].assign(epoch=lambda rows: rows["epoch"].astype(int))
    first = table.pivot_table(index="call", columns="event", values="epoch", aggfunc="min")
    gave_up = first["ABANDON"].fillna(first["EXITWITHTIMEOUT"]) - first["ENTERQUEUE"]
    wait = zone_of(first["CONNECT"] - first["ENTERQUEUE"], 20, 60)
    wait = wait.mask(gave_up.notna(), "red").mask(gave_up <= 5, "excluded")
    rang = table[table["event"] == "RINGNOANSWER"].groupby("call").size().reindex(first.index, fill_value=0)
    callers = table[table["event"] == "ENTERQUEUE"].sort_values("epoch", kind="stable").set_index("call")
    times = callers.groupby("data2")["epoch"]
    week = 7 * 86400
    again = (-times.diff(-1) <= week).map({True: "red", False: "green"})
    first_calls = again.mask(times.diff() <= week, "not_applicable").reindex(first.index)
    months = _month_in_berlin(first["ENTERQUEUE"])
    zones = {"wait": wait, "rang_in_vain": zone_of(rang, 0, 0), "first_call": first_calls}
    counted = nonzero_counts(path, definitions["asterisk.yaml"])
    assert [counted.pop((name, "2026-01", "excluded")) for name in ("rang_in_vain", "first_call")] == [1, 1]
    expected = recount(months, zones)
    expected["wait", "2026-01", "excluded"] += 1  # the queue's own start
    assert counted == expected


def _month_in_berlin(epochs):
    return (
        pd.to_datetime(epochs, unit="s", utc=True).dt.tz_convert("Europe/Berlin").dt.tz_localize(None).dt.to_period("M")
    )


def test_issues_of_jira(definitions, chance, tmp_path):
    rows = []
    for number, created in enumerate(moments(chance, 200)):
        resolved = created + dt.timedelta(minutes=chance.randrange(10, 9 * 1440))
        due = (created + dt.timedelta(days=chance.randrange(1, 10))).replace(hour=0, minute=0)
        times = [_slashed(created), chance.choice([_slashed(resolved)] * 4 + [""]), chance.choice([_slashed(due), ""])]
        worked = chance.choice(["", chance.randrange(1, 200) * 60])
        response = chance.choice(["", f"{chance.randrange(6)}h {chance.randrange(60)}m"])
        rows.append(f'"Bill, copy",SUP-{number},Incident,Done,High,{",".join(times)},network,vip,{worked},{response}')
    header = (
        "Summary,Issue key,Issue Type,Status,Priority,Created,Resolved,Due date,Labels,Labels,Time Spent,"
        "Custom field (Time to first response)"
    )
    path = tmp_path / "jira.csv"
    path.write_text(lines(header, *rows), "utf-8")

    table = pd.read_csv(path)
    created, resolved, due = (
        pd.to_datetime(table[name], format="%d/%b/%y %I:%M %p") for name in ("Created", "Resolved", "Due date")
    )
    end = resolved.fillna(pd.Timestamp(AS_OF))
    worked = pd.Series([_office_hours(*span) for span in zip(created, end, strict=True)]) / (OFFICE[1] - OFFICE[0])
    skipped = sum(times.dt.tz_localize("Europe/Berlin", nonexistent="NaT").isna() for times in (created, end)) > 0
    response = table["Custom field (Time to first response)"].str.extract(r"(\d+)h (\d+)m").astype(float)
    days_late = (end.dt.normalize() - due).dt.days
    zones = {
        "first_response": zone_of(response[0] * 60 + response[1], 30, 240),
        "solution": zone_of(worked, 1, 3).mask(skipped, "missing"),  # no clock showed the hour from 2 on 29 March
        "punctual": zone_of(days_late, 0, 2, otherwise="not_applicable"),
        "effort": zone_of(table["Time Spent"] / 60, 30, 120),
    }
    assert nonzero_counts(path, definitions["jira.yaml"]) == recount(created.dt.to_period("M"), zones)


def _slashed(at):
    return f"{at:%d/%b/%y} {at:%I:%M %p}".replace(" 0", " ")


def _office_hours(start, end):
    """Hours from Monday to Friday between two times, a day at a time."""
    total = 0.0
    for day in pd.bdate_range(start.normalize(), end.normalize()):
        opens, closes = (day + pd.Timedelta(hours=hour) for hour in OFFICE)
        total += max(min(closes, end) - max(opens, start), pd.Timedelta(0)) / pd.Timedelta(hours=1)
    return total


def test_a_sheet_that_a_person_keeps(definitions, chance, tmp_path):
    visits = []
    for number, at in enumerate(moments(chance, 150)):
        travel, work = chance.randrange(12), chance.randrange(1, 16)  # quarters of an hour
        grade = chance.choice(["", 1, 2, 3, 4, 5, 9])  # 9 was never a grade
        visits.append([number, at.date(), chance.choice(["Ben", "Eva"]), "Ulm", grade, _comma(travel), _comma(work)])
    titles = [["Visits of our engineers"], ["kept by Anna"], []]
    names = [
        ["Visit", "", "", "Customer", "", "On the way", "At work"],
        ["No.", "Day", "Engineer", "Town", "Grade", "hours", "hours"],
    ]
    path = tmp_path / "visits.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet("Visits")
        for number, row in enumerate([*titles, *names, *visits, ["Sum", "", "", "", "", "200", "300,5"]]):
            sheet.write_row(number, 0, row)
        sheet.merge_range("A4:C4", "Visit")
        sheet.merge_range("D4:E4", "Customer")

    table = pd.read_excel(path, engine="calamine", header=None, skiprows=5).iloc[:-1]
    assert len(table) == len(visits)
    hours = table[[5, 6]].apply(lambda column: column.astype(str).str.replace(",", ".").astype(float)).sum(axis=1)
    grades = pd.to_numeric(table[4])
    zones = {
        "length": zone_of(hours, 2.5, 4),
        "grade": zone_of(-grades.where(grades <= 5), -4, -3),
    }
    counted = nonzero_counts(path, definitions["visits.yaml"])
    assert [counted.pop((name, "", "excluded")) for name in zones] == [1, 1]  # the sum has no day
    assert counted == recount(pd.to_datetime(table[1]).dt.to_period("M"), zones)


def _comma(quarters):
    return f"{quarters / 4:g}".replace(".", ",")


def test_the_answer_of_an_api(definitions, chance, tmp_path):
    items = []
    for number, placed in enumerate(moments(chance, 300)):
        promised = placed + dt.timedelta(days=3)
        delivered = promised + dt.timedelta(minutes=chance.randrange(-2000, 4000))
        item = {"id": number, "customer": {"id": f"c{chance.randrange(40)}"}, "placed": f"{placed.isoformat()}Z"}
        item |= {
            "promised": f"{promised:%Y-%m-%d}",
            "delivered": chance.choice([None, *[f"{delivered.isoformat()}Z"] * 5]),
        }
        items.append(item | chance.choice([{}, {"address": {"city": "Bonn"}}]))
    path = tmp_path / "orders.json"
    path.write_text(json.dumps({"page": 1, "data": {"items": items}}), "utf-8")

    table = pd.json_normalize(json.loads(path.read_text("utf-8"))["data"]["items"])
    delivered = pd.to_datetime(table["delivered"], utc=True).dt.tz_convert("Europe/Berlin").dt.tz_localize(None)
    promised = pd.to_datetime(table["promised"])
    days_late = (delivered.fillna(pd.Timestamp(AS_OF)).dt.normalize() - promised).dt.days
    zones = {"late": zone_of(days_late, 0, 1)}
    assert nonzero_counts(path, definitions["orders.yaml"]) == recount(promised.dt.to_period("M"), zones)


def test_names_that_stand_twice_are_given_anew(tmp_path):
    """As the page says of Jira: all columns are named by the definition, below the line that names them."""
    path = tmp_path / "jira.csv"
    path.write_text(lines("Issue key,Created,Labels,Labels", "A-1,2026-01-05,vip,", "A-2,2026-01-06,,vip"), "utf-8")
    read = "read: {skip: 1, columns: [Issue key, Created, first, second]}"
    definition = f"""
svclight: 1
time_zone: Europe/Berlin
processes:
  desk:
    title: Desk
    log: {{time: Created, {read}, fields: {{Created: {{time: Created}}, vip: {{when: {{first: vip}}}}}}}}
    criteria: {{vip: {{measure: {{flag: vip}}, green: true}}}}
"""
    assert nonzero_counts(path, definition) == {("vip", "2026-01", "green"): 1, ("vip", "2026-01", "red"): 1}


def test_no_recipe_prepares_its_file():
    page = ROOT / "docs" / "exports.md"
    assert not [block.line for block in blocks(page) if block.language == "python" and "pandas" in block.text]
