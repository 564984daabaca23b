"""The commonest mistakes of a person, and the whole message that each of the README's six commands gives.

In: a definition, its log and a command, of which one thing is wrong. Out: exit code 2 and one message. It says what is
wrong, where, what was found, what was expected, and what to do next; the same in each command. `init` and `demo` need
neither. To be read as a list: would a person know what to do?
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from support.command_line import run
from support.places import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.once

BOOK = EXAMPLES / "ci"
LOG = "--log hotline=calls.csv"
OF_DEFINITIONS = {"validate": "service.yaml", "describe": "service.yaml"}
OF_LOGS = {
    "score": f"service.yaml {LOG}",
    "report": f"service.yaml {LOG} -o report.html",
    "check": f"service.yaml {LOG}",
    "plan": f"service.yaml {LOG}",
}


@dataclass(frozen=True)
class Work:
    """What a person has before them: the definition, the log, and the arguments of a command."""

    definition: str
    log: str
    arguments: str


@dataclass(frozen=True)
class Mistake:
    """What a person does wrong, and what is said of it."""

    name: str
    make: Callable[[Work], Work]
    message: str


def in_definition(name: str, old: str, new: str, message: str) -> Mistake:
    return Mistake(name, lambda work: Work(replace_once(work.definition, old, new), work.log, work.arguments), message)


def in_log(name: str, change: Callable[[str], str], message: str) -> Mistake:
    return Mistake(name, lambda work: Work(work.definition, change(work.log), work.arguments), message)


def in_arguments(name: str, old: str, new: str, message: str) -> Mistake:
    return Mistake(name, lambda work: Work(work.definition, work.log, replace_once(work.arguments, old, new)), message)


def replace_once(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


MISTAKES_IN_DEFINITIONS = [
    in_arguments(
        "the file is not there",
        "service.yaml",
        "sevice.yaml",
        'error: sevice.yaml: there is no such file; did you mean "service.yaml"?',
    ),
    in_definition(
        "a key is misspelt",
        "measure:",
        "mesure:",
        'error: service.yaml:20: processes.hotline.criteria.wait.mesure: unknown key "mesure"; expected one of title, '
        "description, measure, applies, time, scale, whole, green, yellow, red, thresholds, abandoned, asked, targets, "
        'accepted, changes, actions, cost; did you mean "measure"?',
    ),
    in_definition(
        "a line is indented otherwise than its neighbours",
        "    title: Hotline",
        "   title: Hotline",
        'error: service.yaml:9: a colon stands where YAML wants none; found "log:"; keys of one mapping stand in one '
        "column; text with a colon inside stands in quotes",
    ),
    in_definition(
        "the limits cross",
        'green: "<= 30 s"',
        'green: "<= 5 min"',
        "error: service.yaml:22: processes.hotline.criteria.wait.yellow: yellow (<= 1 min) is not wider than green (<= "
        '5 min); found "<= 1 min"; expected zones in their order: yellow encloses green',
    ),
    in_definition(
        "a limit is a bare number",
        'green: "<= 30 s"',
        "green: 30",
        "error: service.yaml:21: processes.hotline.criteria.wait.green: this is no limit; found 30; expected a limit in "
        'quotes such as "<= 30 s", ">= 4", "3 min .. 7 min"; true or false; or a list of categories; did you mean "<= '
        '30"?',
    ),
    in_definition(
        "a field is misspelt",
        "{value: waited}",
        "{value: waitd}",
        'error: service.yaml:20: processes.hotline.criteria.wait.measure.value: unknown field; found "waitd"; expected '
        'one of queued_at, rating, waited; did you mean "waited"?',
    ),
]
MISTAKES_IN_LOGS = [
    in_arguments(
        "no log is given",
        LOG,
        "",
        "error: no log was given; expected --log PROCESS=FILE, --table FILE, or both; or --card FILE",
    ),
    in_arguments(
        "the process is misspelt",
        "hotline=",
        "hotlin=",
        'error: a log was given for the unknown process "hotlin"; expected one of "hotline"; did you mean "hotline"?',
    ),
    in_arguments(
        "the log is not there",
        "calls.csv",
        "cals.csv",
        'error: cals.csv: there is no such file; did you mean "calls.csv"?',
    ),
    in_log(
        "a column has another name",
        lambda log: log.replace("queued_at", "queued", 1),
        'error: calls.csv: processes.hotline.log.fields.queued_at: the log has no column "queued_at"; did you mean '
        '"queued"?; these columns are there: "call_id", "queued", "team", "wait_s", "outcome", "rating"',
    ),
    in_log(
        "days stand before months",
        lambda log: re.sub(r"2026-(\d\d)-(\d\d)", r"\2/\1/2026", log),
        'error: service.yaml:14: processes.hotline.log.fields.queued_at: the times of "queued_at" are not ISO 8601 and '
        'have no `format`; found "01/02/2026 14:22:12" in calls.csv:2; expected a `format` at the field; it can be read '
        'as 1 February 2026 (format: "%d/%m/%Y %H:%M:%S") or 2 January 2026 (format: "%m/%d/%Y %H:%M:%S")',
    ),
    in_log(
        "numbers have a decimal comma",
        lambda log: re.sub(r",(\d+),(answered|abandoned)", r',"\1,5",\2', log),
        'error: service.yaml:15: processes.hotline.log.fields.waited: hotline: 1,770 of 1,770 filled cells of "waited" '
        '(100.0 %) are not a number: too many to count the rest as if nothing were missing; found "54,5" in calls.csv, '
        'line 2; expected at most 1 % of them, or `max_unread` at the field; read: {decimal: ","} at the log ("54,5" '
        "becomes 54.5)",
    ),
    in_log(
        "the file has another delimiter",
        lambda log: log.replace(",", ";"),
        'error: calls.csv: the log has no columns "queued_at" (processes.hotline.log.fields.queued_at), "call_id" '
        '(processes.hotline.log.id), "team" (processes.hotline.log.segments), "wait_s" '
        '(processes.hotline.log.fields.waited), "outcome" (processes.hotline.criteria.wait.abandoned.where.outcome), '
        '"rating" (processes.hotline.log.fields.rating); these columns are there: '
        '"call_id;queued_at;team;wait_s;outcome;r…"; this finds them: read: {delimiter: ";"}',
    ),
]


def told(command: str, arguments: str, mistake: Mistake, folder: Path) -> str:
    """What a command says of a mistake."""
    good = Work((BOOK / "service.yaml").read_text("utf-8"), (BOOK / "calls.csv").read_text("utf-8"), arguments)
    work = mistake.make(good)
    assert work != good
    (folder / "service.yaml").write_text(work.definition, "utf-8")
    (folder / "calls.csv").write_text(work.log, "utf-8")
    done = run(command, *shlex.split(work.arguments), code=2, cwd=folder)
    assert not done.stdout
    return done.stderr.removesuffix("\n")


@pytest.mark.parametrize("mistake", MISTAKES_IN_DEFINITIONS, ids=lambda mistake: mistake.name)
@pytest.mark.parametrize("command", [*OF_DEFINITIONS, *OF_LOGS])
def test_a_mistake_in_a_definition_is_told(command, mistake, tmp_path):
    assert told(command, {**OF_DEFINITIONS, **OF_LOGS}[command], mistake, tmp_path) == mistake.message


@pytest.mark.parametrize("mistake", MISTAKES_IN_LOGS, ids=lambda mistake: mistake.name)
@pytest.mark.parametrize("command", OF_LOGS)
def test_a_mistake_in_a_log_is_told(command, mistake, tmp_path):
    assert told(command, OF_LOGS[command], mistake, tmp_path) == mistake.message
    assert not (tmp_path / "report.html").exists()


def test_the_name_of_a_period_is_no_kind_of_period(tmp_path):
    for name in ("service.yaml", "calls.csv"):
        (tmp_path / name).write_text((BOOK / name).read_text("utf-8"), "utf-8")
    done = run("score", *shlex.split(f"service.yaml {LOG} --period 2026-02"), code=2, cwd=tmp_path)
    assert done.stderr == (
        'error: unknown period; found "2026-02"; expected "day", "week", "month", "quarter", "year"; what is wanted here '
        "is how long a period is, not the name of one\n"
    )
