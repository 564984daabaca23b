"""Makes up the log of a hotline, two years of it, and writes it as calls.csv.gz beside this file.

    python examples/hotline/generate.py

Nothing in it is real. What is built in, so that it can be found again, stands in README.md.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import made_up
from made_up import Dice, later

SEED = 9
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2025, 12, 31)
EXPORTED = dt.datetime(2026, 1, 1, 6)  # noqa: DTZ001 - the log has local times without a zone
CALLS_A_DAY = 54.0
CUSTOMERS = 9000

BAD_MONTH, BAD_TEAM, BAD_LINE = "2025-03", "west", "W3"
BETTER_FROM = "2025-09"
SHAM_MONTH, EASY_TOPIC = "2024-11", "meter reading"

WEEKDAYS = (1.25, 1.12, 1.02, 1.0, 0.95, 0.45, 0.25)
SEASON = (1.15, 1.05, 1.05, 1.0, 0.95, 0.95, 0.85, 0.85, 1.0, 1.05, 1.05, 1.0)
HOURS = {
    "7": 3, "8": 7, "9": 10, "10": 12, "11": 10, "12": 7, "13": 8,
    "14": 10, "15": 10, "16": 9, "17": 7, "18": 4, "19": 2, "20": 1, "21": 0.5,
}  # fmt: skip
TOPICS = {"meter reading": 16, "billing": 34, "moving house": 18, "tariff": 17, "power cut": 15}
QUEUE = {"meter reading": 0.45, "billing": 1.05, "moving house": 0.95, "tariff": 1.1, "power cut": 1.3}
TALK = {"meter reading": 150, "billing": 270, "moving house": 330, "tariff": 390, "power cut": 210}
SOLVED = {"meter reading": 0.93, "billing": 0.74, "moving house": 0.8, "tariff": 0.78, "power cut": 0.62}
TEAMS = {"north": 36, "south": 33, "west": 31}
PACE = {"north": 0.95, "south": 1.0, "west": 1.05}

HEADER = (
    "call_id", "queued_at", "answered_at", "ended_at", "solved_at", "line", "team", "agent",
    "topic", "caller_id", "outcome", "result", "talk_s",
)  # fmt: skip
QUEUED, ANSWERED, ENDED, SOLVED_AT, AGENT, OUTCOME, RESULT, TALK_S = 1, 2, 3, 4, 7, 10, 11, 12


@dataclass(frozen=True)
class Call:
    """One call as the switchboard sees it; empty text is what it does not know."""

    queued: dt.datetime
    team: str
    line: str
    topic: str
    caller: str
    outcome: str = ""
    answered: dt.datetime | None = None
    ended: dt.datetime | None = None
    solved: dt.datetime | None = None
    agent: str = ""
    result: str = ""
    talk: str = ""

    def row(self, number: int) -> list[str]:
        """The call as a row of the log."""
        times = [self.queued, self.answered, self.ended, self.solved]
        seen = ["" if time is None or time > EXPORTED else str(time) for time in times]
        rest = [self.line, self.team, self.agent, self.topic, self.caller, self.outcome, self.result, self.talk]
        return [str(number), *seen, *rest]


def content() -> bytes:
    """The whole log, not yet gzipped."""
    dice = Dice(SEED)
    calls = [call for day in _days(dice) for call in day]
    rows = [call.row(240001 + number) for number, call in enumerate(calls)]
    return b"".join(_as_exported(dice, rows))


def _days(dice: Dice) -> list[list[Call]]:
    """The calls of each day; who was not helped calls again within the week."""
    every = list(made_up.days(FIRST, LAST))
    noise = made_up.monthly_noise(dice, every, 0.05, calm=("2024-10", SHAM_MONTH))
    again: dict[dt.date, list[Call]] = {}
    made = []
    for day in every:
        starts = [_start(dice, day, None) for _ in range(dice.poisson(_busy(day)))]
        starts += [_start(dice, day, first) for first in again.pop(day, [])]
        calls = [_queue(dice, call, noise[made_up.month(day)]) for call in sorted(starts, key=lambda call: call.queued)]
        for call in calls:
            unhappy = call.outcome == "abandoned" or call.result == "not solved"
            if unhappy and dice.chance(0.4):
                again.setdefault(day + dt.timedelta(days=dice.whole(1, 7)), []).append(call)
        made.append(calls)
    return made


def _busy(day: dt.date) -> float:
    """How many calls a day has on average."""
    holiday = 0.2 if (day.month, day.day) in ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)) else 1.0
    campaign = 1.5 if made_up.month(day) == SHAM_MONTH else 1.0
    return CALLS_A_DAY * WEEKDAYS[day.weekday()] * SEASON[day.month - 1] * holiday * campaign


def _start(dice: Dice, day: dt.date, first: Call | None) -> Call:
    """A call arrives: a new matter, or once more the one of the first call."""
    weights = TOPICS | ({EASY_TOPIC: 75} if made_up.month(day) == SHAM_MONTH else {})
    team = dice.pick(TEAMS)
    caller = "0" if dice.chance(0.08) else str(70000 + dice.regular(CUSTOMERS))
    topic = dice.pick(weights)
    if first is not None:
        topic, caller = first.topic, first.caller
    return Call(made_up.moment(dice, day, HOURS), team, _line(dice, day, team), topic, caller)


def _line(dice: Dice, day: dt.date, team: str) -> str:
    """Two lines a team; since the bad month most calls of one team come over its new line."""
    if team == BAD_TEAM and made_up.month(day) >= BAD_MONTH and dice.chance(0.85):
        return BAD_LINE
    return f"{team[0].upper()}{dice.whole(1, 2)}"


def _wait(dice: Dice, call: Call, noise: float) -> float:
    """Seconds until somebody is free, had the customer all patience of the world."""
    month, hour = made_up.month(call.queued), call.queued.hour
    load = 1.25 if hour in (10, 11, 14, 15) else 0.8 if hour >= 18 else 1.0
    load *= 1.15 if call.queued.weekday() == 0 else 1.0
    fault = 3.0 if month == BAD_MONTH and call.line == BAD_LINE else 1.0
    shifts = 0.66 if month >= BETTER_FROM else 1.0
    strain = 1.12 if month == SHAM_MONTH else 1.0
    median = 10.5 * QUEUE[call.topic] * PACE[call.team]
    return dice.skewed(median * load * fault * shifts * strain * noise, 1.1)


def _queue(dice: Dice, call: Call, noise: float) -> Call:
    """The customer waits, and gives up where patience ends first."""
    if dice.chance(0.004):
        return replace(call, topic="line test", caller="0", outcome="test", ended=later(call.queued, 3))
    wait = _wait(dice, call, noise)
    patience = dice.whole(1, 4) if dice.chance(0.008) else dice.exponential(420.0)
    if patience < wait:
        return replace(call, outcome="abandoned", ended=later(call.queued, max(1.0, patience)))
    return _talk(dice, replace(call, answered=later(call.queued, wait)))


def _talk(dice: Dice, call: Call) -> Call:
    """An employee answers, and solves the matter now, later, or not."""
    number = dice.whole(1, 8)
    slow = 1.35 if (call.team, number) == ("south", 5) else 1.0
    talk = max(8, round(dice.skewed(TALK[call.topic] * slow, 0.5)))
    skill = 0.7 if (call.team, number) == ("north", 3) else 1.0
    now = dice.chance(SOLVED[call.topic] * skill)
    answered = call.answered or call.queued
    ended = later(answered, talk)
    result = "solved" if now else dice.pick({"passed on": 55, "not solved": 43, "misdirected": 2})
    solved = ended if now else None if dice.chance(0.08) else _solved_later(dice, ended)
    agent = f"{call.team[0].upper()}-{number:02d}"
    return replace(call, outcome="answered", ended=ended, solved=solved, agent=agent, result=result, talk=str(talk))


def _solved_later(dice: Dice, ended: dt.datetime) -> dt.datetime:
    """Somebody in the office sees to it within days, in office hours."""
    day = (ended + dt.timedelta(days=dice.skewed(1.1, 0.8))).date()
    return max(ended, dt.datetime.combine(day, dt.time(8)) + dt.timedelta(seconds=60 * dice.whole(0, 540)))


def _as_exported(dice: Dice, rows: list[list[str]]) -> list[bytes]:
    """The log as exports are: some cells wrong, rows twice, late or broken."""
    for number, row in enumerate(rows[-5:]):
        _leave_open(row, answered=number % 2 == 0)
    for cell in ("n/a",) * 25 + ("abc",) * 6 + ("-40",) * 3:
        made_up.damage(dice, rows, made_up.put(TALK_S, cell), _is_sound)
    for _ in range(14):
        made_up.damage(dice, rows, made_up.put(AGENT, "?"), _is_sound)
    for _ in range(9):
        made_up.damage(dice, rows, _clock_behind, _is_sound)
    late = made_up.delay_some(dice, rows, 40)
    made_up.repeat_some(dice, rows, 22)
    lines = made_up.lines(HEADER, rows + late)
    made_up.break_lines(dice, lines, short=(3, 5, 9), long=1, foreign=2, by=b",")
    return lines


def _is_sound(row: list[str]) -> bool:
    """An answered call on which nothing was damaged yet."""
    return row[OUTCOME] == "answered" and row[TALK_S].isdigit() and row[AGENT] != "?" and row[QUEUED] <= row[ANSWERED]


def _clock_behind(row: list[str]) -> None:
    """The clock that writes the answer is behind: answered before the call came."""
    row[ANSWERED] = str(dt.datetime.fromisoformat(row[QUEUED]) - dt.timedelta(seconds=37))


def _leave_open(row: list[str], *, answered: bool) -> None:
    """The switchboard was restarted in the last evening: the call has no end, and some have no answer."""
    unknown = [ENDED, SOLVED_AT, OUTCOME, RESULT, TALK_S] + ([] if answered else [ANSWERED, AGENT])
    for column in unknown:
        row[column] = ""


if __name__ == "__main__":
    made_up.write(Path(__file__).with_name("calls.csv.gz"), content())
