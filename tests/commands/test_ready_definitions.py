"""Every ready definition, in each language, goes through every command on its small made-up log; so do all in one folder."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
from support.command_line import Stream, ended, run
from support.places import READY as FOLDER

import svclight
from svclight.decisions.check import segments_needed
from svclight.definition.for_authors import LANGUAGES, READY
from svclight.definition.ready_logs import ready_logs

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.once

UNCHANGED = {
    "en": "No interaction changes zone; no verdict turns.",
    "ru": "Ни одно взаимодействие не меняет зону; вердикты прежние.",
}
"""What a comparison of a definition with itself says."""
AS_OF = ("--as-of", "2026-04-01")
# kept quick: a quarter of the kinds in one language each, all others with the slow tests
BOTH = [
    pytest.param(kind, lang, id=f"{kind}-{lang}", marks=pytest.mark.slow if (place + 4 * (lang == "en")) % 8 else ())
    for place, kind in enumerate(READY)
    for lang in LANGUAGES
]


def written_logs(kind: str, lang: str, folder: Path) -> list[str]:
    """The made-up logs of a kind as files, and the options that name them."""
    options = []
    for name, frame in ready_logs(kind, lang).items():
        frame.to_csv(folder / f"{name}.csv", index=False)
        options += ["--log", f"{name}={folder / f'{name}.csv'}"]
    return options


def first_of(definitions: svclight.Definitions) -> tuple[str, str]:
    """The first process with a log, and its first criterion."""
    return next((process, name) for process, name, _ in definitions.criteria())


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_it_goes_through_every_command(kind: str, lang: str, tmp_path: Path) -> None:
    path = FOLDER / lang / f"{kind}.yaml"
    logs, definitions = (*written_logs(kind, lang, tmp_path), *AS_OF), svclight.load(path)
    process, name = first_of(definitions)
    run("validate", path)
    run("describe", path, "-o", tmp_path / "standard.md")
    assert run("score", path, *logs).stdout.startswith("process,criterion,period,zone,count\n")
    # a card answers what the log did, once it is split by what targets name
    split = [word for segment in segments_needed(definitions) for word in ("--by", segment)]
    run("score", path, *logs, *split, "-o", tmp_path / "card.svclight")
    card = ("--card", tmp_path / "card.svclight")
    assert run("score", *card, "--shares").stdout == run("score", path, *logs, *split, "--shares").stdout
    assert judged(path, *logs) == judged(path, *card) == judged(*card)
    run("report", path, *card, "-o", tmp_path / "report.md")
    run("report", path, *logs, "-o", tmp_path / "report.xlsx")
    run("plan", path, *logs)
    assert run("interactions", path, *logs, "--criterion", f"{process}.{name}").stdout.count("\n") > 1
    assert UNCHANGED[definitions.language] in run("diff", path, path, *logs).stdout
    if definitions.segments_of(process):
        run("drivers", path, *logs, "--criterion", f"{process}.{name}")
    by = [word for segment in definitions.segments_of() for word in ("--by", segment)]
    counted = run("score", path, *logs, *by).stdout.splitlines()
    assert counted[0] == ",".join(["process,criterion,period", *definitions.segments_of(), "zone,count"])


def judged(*arguments: object) -> str:
    """What `check` prints on the made-up log, whatever its verdict."""
    out, err = Stream(), Stream()
    code = ended(("check", *arguments), out, err, None, {"COLUMNS": "80", "NO_COLOR": "1"})
    assert code in (0, 1, 3), err.text()
    return out.text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_of_a_language_lie_together_in_one_folder(lang: str) -> None:
    definitions = svclight.load(FOLDER / lang)
    alone = [svclight.load(FOLDER / lang / f"{kind}.yaml") for kind in READY]
    assert set(definitions.processes) == {name for one in alone for name in one.processes}
    assert len(list(definitions.criteria())) == sum(len(list(one.criteria())) for one in alone)
    # each calendar keeps its own hours: none takes the place of another of its name
    hours = {name: calendar for one in alone for name, calendar in one.document.calendars.items()}
    assert definitions.document.calendars == hours
    assert sum(len(one.document.calendars) for one in alone) == len(hours)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_folder_of_all_is_counted_as_each_alone(lang: str, tmp_path: Path) -> None:
    logs = [word for kind in READY for word in written_logs(kind, lang, tmp_path)]
    together = run("score", FOLDER / lang, *logs, *AS_OF).stdout.splitlines()
    alone = [
        line
        for kind in READY
        for line in run(
            "score", FOLDER / lang / f"{kind}.yaml", *written_logs(kind, lang, tmp_path), *AS_OF
        ).stdout.splitlines()[1:]
    ]
    assert sorted(together[1:]) == sorted(alone)


def whole_service(lang: str, folder: Path) -> list[str]:
    """A whole service with its logs, written by `init`; the words of the command that scores it."""
    said = run("init", "--all", folder, "--with-logs", "--lang", lang).stdout.splitlines()
    assert [shlex.split(line)[:3] for line in said] == [
        ["svclight", "validate", str(folder)],
        ["svclight", "score", str(folder)],
    ]
    return shlex.split(said[1])[2:]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_whole_service_can_be_tried_at_once(lang: str, tmp_path: Path) -> None:
    given = whole_service(lang, tmp_path / "our service")
    definitions = svclight.load(given[0])
    assert definitions.document.title == {"en": "Our customer service", "ru": "Наш клиентский сервис"}[lang]
    headings = [name for name, process in definitions.processes.items() if process.part_of is None]
    assert headings == ["support", "orders", "relations", "team"]
    assert f"(processes: {len(definitions.processes)}, " in run("validate", given[0]).stdout
    standard = run("describe", given[0]).stdout
    assert [standard.count(f"\n## {definitions.title(name)}\n") for name in headings] == [1] * len(headings)
    split = [word for segment in segments_needed(definitions) for word in ("--by", segment)]
    # without --as-of: the logs say by themselves until when they reach, and none of their cells is unread
    told = run("score", *given, *split, "-o", tmp_path / "card.svclight").stderr
    assert [line for line in told.splitlines() if "unread" in line or "no row meets" in line] == []
    card = svclight.Scorecard.open(tmp_path / "card.svclight")
    counted = card.counts.groupby(["zone"], observed=True)["count"].sum()
    assert (counted > 0).all()
    assert {"2026-01", "2026-02", "2026-03"} <= set(card.counts["period"].dropna())
    run("check", "--card", tmp_path / "card.svclight", code=1)
    run("plan", "--card", tmp_path / "card.svclight")
    run("report", "--card", tmp_path / "card.svclight", "-o", tmp_path / "report.md")
    log = f"hotline={given[0]}/hotline.csv"
    found = run("interactions", given[0], "--log", log, "--criterion", "hotline.transfers", "--zone", "yellow").stdout
    assert found.count("\n") > 10
    same = run("diff", given[0], given[0], "--log", log).stdout
    assert UNCHANGED[lang] in same


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_whole_service_goes_through_the_commands_that_read_logs(lang: str, tmp_path: Path) -> None:
    given = whole_service(lang, tmp_path / "service")
    same = run("diff", given[0], *given).stdout
    assert UNCHANGED[lang] in same
    run("check", *given, code=1)
    run("plan", *given)
    run("report", *given, "-o", tmp_path / "report.xlsx")


def test_a_whole_service_is_the_same_each_time(tmp_path: Path) -> None:
    for name in "ab":
        run("init", "--all", name, "--with-logs", cwd=tmp_path)
    written = [sorted((path.name, path.read_bytes()) for path in (tmp_path / name).iterdir()) for name in "ab"]
    assert written[0] == written[1]
    run("init", "--all", "c", cwd=tmp_path)
    plain = sorted(path.name for path in (tmp_path / "c").iterdir())
    assert plain == ["00_service.yaml", *sorted(f"{kind}.yaml" for kind in READY)]


def test_what_somebody_may_have_changed_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "chat.yaml").write_text("mine")
    (tmp_path / "survey.csv").write_text("mine too")
    said = run("init", "--all", tmp_path, "--with-logs", code=2).stderr
    assert 'files are there already; found "chat.yaml", "survey.csv"; name another folder' in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chat.yaml", "survey.csv"]
    (tmp_path / "file").write_text("")
    assert "the folder cannot be made" in run("init", "--all", tmp_path / "file" / "in", code=2).stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], 'no kind was given; expected one of "hotline", "chat"'),
        (["hotline", "--with-logs"], "--with-logs is for --all FOLDER"),
        (["hotline", "--all", "x"], "--all writes every kind into its folder: it stands without KIND"),
        (["--all", "x", "--table", "-o", "y"], "it stands without --table and -o"),
        (["--all", "x", "--lang", "de"], 'no ready definition in the language "de"'),
    ],
)
def test_calls_of_init_that_do_not_hold_together(arguments: list[str], message: str, tmp_path: Path) -> None:
    assert message in run("init", *arguments, cwd=tmp_path, code=2).stderr
    assert list(tmp_path.iterdir()) == []
