"""The examples: logs that their generators make again, scripts that run, counts that are expected."""

import gzip
import runpy

import pandas as pd
import pytest
from support.example_logs import EXAMPLES, card_of

import svclight

LOGS = {
    "hotline": "calls.csv.gz",
    "chat": "chats.csv.gz",
    "delivery": "orders.csv.gz",
    "intervals": "intervals.csv.gz",
}
CASES = tuple(LOGS)


@pytest.fixture(scope="module", params=CASES)
def case(request):
    return request.param, card_of(request.param)


def share(card: svclight.Scorecard, criterion: str, zone: str = "green") -> dict[str, float]:
    table = card.shares(by=[])
    return table[table["criterion"] == criterion].set_index("period")[f"{zone}_share"].to_dict()


@pytest.mark.once
@pytest.mark.parametrize("name", CASES)
def test_the_generator_makes_the_same_log(name):
    made = runpy.run_path(str(EXAMPLES / name / "generate.py"))["content"]()
    assert made == gzip.decompress((EXAMPLES / name / LOGS[name]).read_bytes())


@pytest.mark.xdist_group("examples")
def test_counts_are_as_expected(case):
    name, card = case
    expected = pd.read_csv(EXAMPLES / name / "expected_counts.csv", keep_default_na=False)
    assert card.counts.astype(str).values.tolist() == expected.astype(str).values.tolist()


@pytest.mark.xdist_group("examples")
def test_every_criterion_adds_up_to_the_rows(case):
    name, card = case
    rows = card.provenance.logs[0].rows
    if name != "intervals":  # whose rows hold counts
        assert set(card.counts.groupby("criterion", observed=True)["count"].sum()) == {rows}
    assert len(card.rejected) > 0


@pytest.mark.xdist_group("examples")
def test_the_intervals_recounted_by_hand():
    card = card_of("intervals", "queue")
    text = gzip.decompress((EXAMPLES / "intervals" / LOGS["intervals"]).read_bytes())
    lines = [line.decode().split(";") for line in text.splitlines() if line.isascii() and line.count(b";") == 5]
    rows = pd.DataFrame(lines[1:], columns=lines[0]).drop_duplicates(["Interval Start", "Queue"])
    rows = rows[rows["Queue"] != "Test"]
    numbers = rows[["Offered", "Answered in time", "Abandoned"]].apply(pd.to_numeric, errors="coerce")
    # a row with a cell that is no count gives nothing
    numbers = numbers[(numbers >= 0).all(axis=1)]
    month = rows["Interval Start"].str[6:10] + "-" + rows["Interval Start"].str[3:5]
    summed = numbers.groupby([month, rows["Queue"]]).sum().astype(int)
    late = summed["Offered"] - summed["Answered in time"] - summed["Abandoned"]
    shares = card.shares().query("criterion == 'service_level' and queue != 'Test'").sort_values(["period", "queue"])
    assert shares["green"].tolist() == summed["Answered in time"].tolist()
    assert shares["yellow"].tolist() == late.tolist()
    assert shares["red"].tolist() == summed["Abandoned"].tolist()


@pytest.mark.parametrize("name", CASES)
def test_the_script_runs(name, capsys):
    runpy.run_path(str(EXAMPLES / name / "score.py"), run_name="__main__")
    printed = capsys.readouterr().out
    assert "The worst month for" in printed
    assert "Lines that could not be read:" in printed


@pytest.mark.xdist_group("examples")
def test_what_is_built_into_the_hotline_can_be_found():
    card = card_of("hotline", "team", "topic")
    waits = card.shares(by=[]).query("criterion == 'wait'").set_index("period")["green_share"]
    waits.index = waits.index.astype(str)
    assert waits.idxmin() == "2025-03"  # the bad month
    by_team = (
        card.shares(by=["team"]).query("criterion == 'wait' and period == '2025-03'").set_index("team")["green_share"]
    )
    assert by_team.idxmin() == "west"
    assert by_team["west"] < 0.5 < by_team.drop("west").min()
    before, after = (
        waits[waits.index.str.startswith("2025") & select]
        for select in (waits.index < "2025-09", waits.index >= "2025-09")
    )
    assert after.min() > before.max()  # a real improvement
    topics = (
        card.shares(by=["topic"])
        .query("criterion == 'wait'")
        .pivot_table(index="topic", columns="period", values="green_share", observed=True)
    )
    assert waits["2024-11"] > waits["2024-10"]  # a sham one: the total rises, every part falls
    assert (topics["2024-11"] < topics["2024-10"]).all()


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_definition_loads(path):
    assert svclight.load(path).hash
