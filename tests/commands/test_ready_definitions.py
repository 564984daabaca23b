"""Every ready definition, in each language, goes through every command on its small made-up log; so do all in one folder."""

from __future__ import annotations

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

AS_OF = ("--as-of", "2026-04-01")
# kept quick: each kind once, the other language with the slow tests
BOTH = [
    pytest.param(kind, lang, id=f"{kind}-{lang}", marks=pytest.mark.slow if place % 2 == (lang == "en") else ())
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
    assert "No interaction changes zone; no verdict turns." in run("diff", path, path, *logs).stdout
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
    run("check", FOLDER / lang, *logs, *AS_OF, code=1)
    run("plan", FOLDER / lang, *logs, *AS_OF)
    run("report", FOLDER / lang, *logs, *AS_OF, "-o", tmp_path / "report.md")
    same = run("diff", FOLDER / lang, FOLDER / lang, *logs, *AS_OF).stdout
    assert "No interaction changes zone; no verdict turns." in same
