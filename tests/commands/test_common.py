"""What commands share: a card or a table in place of a log, options that mean the same, inputs that stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.command_line import run

import svclight

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = """
svclight: 1
time_zone: UTC
processes:
  a:
    title: A
    log: {time: at, segments: [team, kind], customer: who}
    criteria:
      w:
        measure: {value: n}
        green: "<= 5"
        targets: [{green: ">= 50 %"}, {where: {team: x}, green: ">= 90 %"}]
"""
# team x: 30 of 40 are green (75 %), team y: 40 of 40; together 70 of 80 (87.5 %)
ROWS = [("x", 1)] * 30 + [("x", 9)] * 10 + [("y", 1)] * 40


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "s.yaml").write_text(SERVICE)
    days = [f"2026-01-{1 + place % 31:02}" for place in range(len(ROWS))]
    lines = [f"{day},{n},{team},k,c,{1 + n % 5}\n" for day, (team, n) in zip(days, ROWS, strict=True)]
    (tmp_path / "log.csv").write_text("at,n,team,kind,who,mark\n" + "".join(lines))
    table = "month,process,criterion,team,kind,green,yellow,red\n2026-01,a,w,x,k,30,0,10\n2026-01,a,w,y,k,40,0,0\n"
    (tmp_path / "table.csv").write_text(table)
    run("score", "s.yaml", "--log", "log.csv", "--by", "team", "-o", "card.svclight", cwd=tmp_path)
    return tmp_path


LOG, CARD = ("--log", "log.csv"), ("--card", "card.svclight")
TABLE = ("--table", "table.csv", "--as-of", "2026-02-01")


@pytest.mark.parametrize("source", [("s.yaml", *LOG), ("s.yaml", *CARD), CARD, ("s.yaml", *TABLE)])
def test_what_counts_answer_is_answered_alike(place: Path, source: tuple[str, ...]) -> None:
    said = run("check", *source, cwd=place, code=1).stdout
    assert "MET         a.w 2026-01: green ≥ 50 %; 87.5 % of 80 rated" in said
    assert "MISSED      a.w 2026-01 where team is x: green ≥ 90 %; 75.0 % of 40 rated" in said
    lines = run("score", *source, "--by", "team", cwd=place).stdout.splitlines()
    assert [line for line in lines if ",green," in line] == ["a,w,2026-01,x,green,30", "a,w,2026-01,y,green,40"]
    shares = run("score", *source, "--by", "team", "--shares", cwd=place).stdout.splitlines()
    assert shares[1].startswith("a,w,2026-01,x,40,40.0,30,0,10,0,0,0,0,0.75,")
    # for sure: 90 % of 40 are 36, the upper end of 30 of 40 is under that by 1 or more
    assert run("plan", *source, cwd=place).stdout.startswith("1. w, team x: at least 1 green too few for sure (6 seen)")
    run("report", *source, "-o", "report.md", cwd=place)
    assert "87.5 %" in (place / "report.md").read_text("utf-8")


def test_drivers_of_a_card_are_those_of_the_log(place: Path) -> None:
    asked = ("--criterion", "a.w", "--by", "team")
    tables = [
        run("drivers", *source, *asked, "-o", "d.csv", cwd=place) and (place / "d.csv").read_text()
        for source in (("s.yaml", *LOG), CARD, ("s.yaml", *TABLE))
    ]
    assert tables[0] == tables[1] == tables[2]
    assert "team,x" in tables[0]


def test_the_steps_of_a_card_are_those_of_the_log(place: Path) -> None:
    text = "svclight: 1\ntime_zone: UTC\nprocesses:\n  b:\n    title: B\n    log: {time: at, id: i, rows: events, step: s, steps: {o: o, c: c}}\n"
    criteria = '    criteria: {d: {measure: {duration: {from: o, to: c}}, green: "<= 1 h"}}\n'
    (place / "e.yaml").write_text(text + criteria)
    (place / "e.csv").write_text("i,at,s\n1,2026-01-01 10:00,o\n1,2026-01-01 10:30,c\n")
    run("score", "e.yaml", "--log", "e.csv", "-o", "e.svclight", cwd=place)
    assert run("scenario", "--card", "e.svclight", cwd=place).stdout == run("scenario", "e.yaml", "--log", "e.csv", cwd=place).stdout  # fmt: skip
    assert "has no steps" in run("scenario", *CARD, cwd=place, code=2).stderr


ROWS_ASKED = {
    "interactions": ("s.yaml",),
    "customers": ("s.yaml",),
    "survival": ("s.yaml", "--criterion", "a.w"),
    "what-if": ("s.yaml", "--criterion", "a.w", "--shift", "-1"),
    "diff": ("s.yaml", "s.yaml"),
    "calibrate": ("s.yaml", "--criterion", "a.w", "--satisfaction", "mark"),
}


@pytest.mark.parametrize("command", ROWS_ASKED)
def test_what_only_interactions_answer_is_refused_with_a_reason(place: Path, command: str) -> None:
    for option, file, said in (
        ("--card", "card.svclight", "error: --card: a saved card holds counts, and no interactions; "),
        ("--table", "table.csv", "error: --table: a hand-kept table holds counts alone; "),
    ):
        found = run(command, *ROWS_ASKED[command], option, file, cwd=place, code=2).stderr
        assert found.startswith(said)
        assert found.endswith("give the log with --log\n")
    assert (
        "no log was given; expected --log PROCESS=FILE\n"
        in run(command, *ROWS_ASKED[command], cwd=place, code=2).stderr
    )


def test_no_table_has_steps(place: Path) -> None:
    said = "--table: a hand-kept table holds counts alone; steps are counted in event logs"
    assert said in run("scenario", "s.yaml", "--table", "table.csv", cwd=place, code=2).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*CARD, "--as-of", "2026-02-01"), "--as-of cannot stand beside --card: the card was counted as of its own moment; score"),
        ((*CARD, "--matured"), "--matured cannot stand beside --card: what is pending was settled"),
        ((*CARD, "--customers", "x.csv"), "--customers cannot stand beside --card: who stands behind the ids"),
        ((*CARD, *LOG), "--card is a card that was counted: it stands without --log and --table"),
        ((*CARD, "--table", "table.csv"), "--card is a card that was counted"),
        ((*CARD, "--by", "kind"), 'not split by this segment; found "kind"; expected "team"; score the log again with --by kind'),
        ((*CARD, "--period", "week"), 'the card counts by month; found "week"; expected month; score the log again'),
        (("--card", "no.svclight"), "no.svclight: the file cannot be read: No such file or directory"),
        (LOG, "no definition was given; expected DEFINITION, a YAML file or a folder"),
        (("s.yaml",), "no log was given; expected --log PROCESS=FILE, --table FILE, or both; or --card FILE"),
        (("s.yaml", "--table", "table.csv", "--matured"), "--matured is for logs: a hand-kept table does not say"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together(place: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in run("score", *arguments, cwd=place, code=2).stderr


def test_a_card_is_seen_by_a_newer_definition_that_measures_the_same(place: Path) -> None:
    (place / "new.yaml").write_text(SERVICE.replace(">= 50 %", ">= 95 %").replace("title: A", "title: Hotline"))
    said = run("check", "new.yaml", *CARD, cwd=place, code=1).stdout
    assert "MISSED      a.w 2026-01: green ≥ 95 %; 87.5 % of 80 rated" in said
    for change, words in (
        (("<= 5", "<= 6"), 'the card was counted by another definition; found "a.w"; leave the definition out'),
        (("time: at,", "time: at, exclude: [{where: {n: 1}, reason: no}],"), 'by another definition; found "a.w"'),
        (("      w:", "      v:"), 'by another definition; found "a.w"'),
        (("time_zone: UTC", "time_zone: Europe/Berlin"), "differ in their time zone: UTC and Europe/Berlin"),
    ):
        (place / "new.yaml").write_text(SERVICE.replace(*change))
        assert words in run("check", "new.yaml", *CARD, cwd=place, code=2).stderr


def test_segments_of_a_card_are_added_up_where_by_names_fewer(place: Path) -> None:
    run("score", "s.yaml", *LOG, "--by", "team", "--by", "kind", "-o", "both.svclight", cwd=place)
    one = run("score", "--card", "both.svclight", "--by", "team", cwd=place).stdout
    assert one == run("score", "s.yaml", *LOG, "--by", "team", cwd=place).stdout
    asked = ("score", "--card", "both.svclight", "--by", "team", "-o", "one.svclight")
    run(*asked, cwd=place)
    assert svclight.Scorecard.open(place / "one.svclight").by == ("team",)


def test_rejected_lines_of_a_card_are_bearable_or_not(place: Path) -> None:
    with (place / "log.csv").open("a") as file:
        file.write("broken\nbroken\n")
    run("score", "s.yaml", *LOG, "--by", "team", "-o", "card.svclight", cwd=place)
    for command in ("score", "plan"):
        run(command, *CARD, "--max-rejected", "2", cwd=place)
        assert (
            "2 lines were rejected, at most 1 " in run(command, *CARD, "--max-rejected", "1", cwd=place, code=2).stderr
        )
    for command, arguments in ROWS_ASKED.items():
        said = run(command, *arguments, *LOG, "--max-rejected", "1", cwd=place, code=2).stderr
        assert "2 lines were rejected, at most 1 are bearable" in said


WRITES = {
    **{command: (*arguments, *LOG, "-o") for command, arguments in ROWS_ASKED.items()},
    "score": ("s.yaml", *LOG, "-o"),
    "report": ("s.yaml", *LOG, "-o"),
    "plan": ("s.yaml", *LOG, "-o"),
    "drivers": ("s.yaml", *LOG, "--criterion", "a.w", "-o"),
    "check": ("s.yaml", *LOG, "--markdown"),
    "describe": ("s.yaml", "-o"),
}


@pytest.mark.parametrize("command", WRITES)
def test_no_input_is_written_over(place: Path, command: str) -> None:
    (place / "soft.csv").symlink_to("log.csv")
    (place / "hard.csv").hardlink_to(place / "log.csv")
    before = (place / "log.csv").read_bytes(), (place / "s.yaml").read_bytes()
    names = ("s.yaml", "./s.yaml") if command == "describe" else ("log.csv", "soft.csv", "hard.csv", "s.yaml")
    for name in names:
        (place / f"{name}.md").unlink(missing_ok=True)
        if command == "report" and name.endswith(".csv"):  # a report has no such suffix; the log may have one of its
            (place / f"{name}.md").hardlink_to(place / "log.csv")
            name = f"{name}.md"  # noqa: PLW2901 - the same file by another name
        said = run(command, *WRITES[command], name, cwd=place, code=2).stderr
        assert "is an input of this call, and would be written over" in said or "unknown kind of file" in said
    assert ((place / "log.csv").read_bytes(), (place / "s.yaml").read_bytes()) == before


def test_every_kind_of_input_is_kept(place: Path) -> None:
    (place / "people.csv").write_text("id,person\nc,p\n")
    run("score", "s.yaml", *LOG, "-o", "old.csv", cwd=place)
    for arguments, output in (
        (("score", *CARD, "-o"), "card.svclight"),
        (("score", "s.yaml", *TABLE, "-o"), "table.csv"),
        (("score", "s.yaml", "--log", "a=*.csv", "-o"), "log.csv"),
        (("score", "s.yaml", *LOG, "--customers", "people.csv", "-o"), "people.csv"),
        (("check", "s.yaml", *LOG, "--baseline", "old.csv", "--junit"), "old.csv"),
        (("check", "s.yaml", *LOG, "--junit", "x.md", "--markdown"), "x.md"),
    ):
        before = (place / output).read_bytes() if output != "x.md" else b""
        said = run(*arguments, output, cwd=place, code=2).stderr
        assert "would be written over" in said or "two results of this call would be the same file" in said
        assert not before or (place / output).read_bytes() == before


def test_shares_are_written_by_suffix(place: Path) -> None:
    for name in ("shares.csv", "shares.json", "shares.parquet"):
        run("score", "s.yaml", *LOG, "--shares", "-o", name, cwd=place)
        assert "green_share" in (place / name).read_bytes().decode("latin-1")
    assert "a name that ends in .csv, .json, .parquet\n" in run("score", *CARD, "--shares", "-o", "x.svclight", cwd=place, code=2).stderr  # fmt: skip
