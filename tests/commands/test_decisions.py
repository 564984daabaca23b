"""The commands plan, drivers and what-if: what they print, tables as files, exit codes."""

import io

import pandas as pd
import pytest
from support import command_line
from support.command_line import Done

pytestmark = pytest.mark.once

DEFINITION = """
svclight: 1
time_zone: UTC
processes:
  p:
    title: P
    log: {time: at, segments: [team]}
    criteria:
      c: {title: Wait, measure: {value: x}, green: "<= 5", yellow: "<= 8", targets: {red: "<= 10 %"}}
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "service.yaml").write_text(DEFINITION)
    frame = pd.DataFrame({"x": [9] * 60 + [1] * 40 + [9] * 5 + [6] * 5 + [1] * 90, "team": ["a"] * 100 + ["b"] * 100})
    frame["at"] = [f"2026-01-{1 + i % 31:02}" for i in range(len(frame))]
    frame.to_csv("x.csv", index=False)

    def command(name: str, *arguments: str, code: int = 0) -> Done:
        return command_line.run(name, "service.yaml", "--log", "x.csv", *arguments, code=code)

    return command


def test_plan(run):
    out = run("plan", "--by", "team").stdout
    assert out.startswith("1. Wait, team a: at least 38 reds too many for sure (50 seen), 100.0 % of all damage")
    assert (
        "svclight interactions service.yaml --log x.csv --criterion p.c --zone red --period 2026-01 --where team=a"
        in out
    )
    run("plan", "--by", "team", "-o", "plan.csv")
    assert pd.read_csv("plan.csv")["above"].tolist() == [50]
    said = run("plan", "--period", "2026-01", "--period", "2026-Q1", code=2).stderr
    assert "the periods are of different kinds" in said


def test_a_plan_with_nothing_to_judge(run):
    pd.DataFrame({"x": [], "team": [], "at": []}).to_csv("x.csv", index=False)
    done = run("plan", "--as-of", "2026-02-01", code=3)
    assert "nothing was judged: no period that is whole and mature has a rated interaction" in done.stdout
    assert "no interaction could be rated" in done.stderr


def test_drivers(run):
    out = run("drivers", "--criterion", "p.c", "--period", "2026-01").stdout
    assert "team a: red 60.0 % of 100, outside of it 5.0 %: 12.0 times as often" in out
    run("drivers", "--criterion", "p.c", "-o", "drivers.json")
    assert pd.read_json("drivers.json")["value"].tolist()[0] == "a"
    run("drivers", "--criterion", "p.d", code=2)


def test_what_if(run):
    out = run("what-if", "--criterion", "p.c", "--shift", "-1", "--as-of", "2026-02-01").stdout
    assert out.startswith("Wait: what if every value shifted by −1?")
    assert "Moved: 5 from yellow to green, 65 from red to yellow." in out
    run("what-if", "--criterion", "c", "--green", "<= 6", "-o", "what.csv", "--period", "2026-01")
    assert pd.read_csv("what.csv")["green_after"].tolist() == [135, 135]
    assert "suppose exactly one thing" in run("what-if", "--criterion", "p.c", code=2).stderr


def test_the_command_of_a_line_lists_the_interactions_of_its_segment_alone(run):
    listed = run(
        "interactions", "--criterion", "p.c", "--zone", "red", "--period", "2026-01", "--where", "team=a"
    ).stdout
    table = pd.read_csv(io.StringIO(listed))
    assert set(table["team"]) == {"a"}
    assert len(table) == 60
    both = run("interactions", "--where", " team = a ", "--by", "team").stdout
    assert set(pd.read_csv(io.StringIO(both))["team"]) == {"a"}
    assert run("interactions", "--where", "team=").stdout.count("\n") == 1  # none is without a team


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("team", 'error: --where needs a segment and a word; found "team"; expected such as --where team=west; '),
        ("=a", 'error: --where needs a segment and a word; found "=a"'),
        ("team=A", 'error: unknown team; found "A"; expected one of "a", "b"; did you mean "a"?'),
        ("tema=a", 'error: "p" has no segment "tema"; expected one of "team"; did you mean "team"?'),
    ],
)
def test_words_of_segments_that_are_not_there(run, word, said):
    assert said in run("interactions", "--where", word, code=2).stderr


def test_two_words_for_one_segment_are_refused(run):
    said = run("interactions", "--where", "team=a", "--where", "team=b", code=2).stderr
    assert said.startswith(
        'error: --where names "team" twice; expected one word for each segment; ask for each by itself'
    )
