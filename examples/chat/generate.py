"""Makes up the log of a shop's chat, two years of it, and writes it as chats.csv.gz beside this file.

    python examples/chat/generate.py

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

SEED = 17
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2025, 12, 31)
EXPORTED = dt.datetime(2025, 12, 31, 23, 59, 50)  # noqa: DTZ001 - the log has local times without a zone
CHATS_A_DAY = 34.5
CUSTOMERS = 7000

BAD_MONTH, BAD_TOPIC, WRONG_TEAM = "2024-06", "returns", "accounts"
BETTER_FROM = "2025-07"
SHAM_MONTH, EASY_TOPIC = "2025-02", "parcel status"

WEEKDAYS = (1.1, 1.0, 0.95, 0.95, 0.95, 1.0, 1.05)
SEASON = (1.1, 0.95, 0.95, 0.95, 0.95, 0.9, 0.9, 0.9, 0.95, 1.0, 1.2, 1.3)
HOURS = {
    "0": 1, "1": 0.6, "2": 0.4, "3": 0.3, "4": 0.3, "5": 0.5, "6": 1, "7": 2, "8": 4, "9": 5, "10": 6, "11": 6,
    "12": 7, "13": 6, "14": 5, "15": 5, "16": 6, "17": 7, "18": 8, "19": 9, "20": 9, "21": 7, "22": 4, "23": 2,
}  # fmt: skip
CHANNELS = {"app": 58, "site": 42}
TOPICS = {"parcel status": 30, "returns": 22, "payment": 16, "product advice": 18, "login": 14}
TEAM_OF = {
    "parcel status": "orders", "returns": "orders", "payment": "accounts", "login": "accounts",
    "product advice": "advice",
}  # fmt: skip
WANTS_PERSON = {"parcel status": 0.55, "returns": 0.66, "payment": 0.72, "product advice": 0.75, "login": 0.6}
QUEUE = {"parcel status": 12, "returns": 27, "payment": 30, "product advice": 29, "login": 25}
TRANSFER = {"parcel status": 0.06, "returns": 0.2, "payment": 0.24, "product advice": 0.14, "login": 0.2}
SOLVED = {"parcel status": 0.92, "returns": 0.8, "payment": 0.76, "product advice": 0.84, "login": 0.8}

HEADER = (
    "chat_id", "channel", "topic", "customer_id", "started_at", "escalated", "person_requested_at",
    "person_answered_at", "ended_at", "outcome", "team", "agent", "transfers", "resolved", "survey_sent", "csat",
    "updated_at",
)  # fmt: skip
REQUESTED, ANSWERED, OUTCOME, TRANSFERS, RESOLVED, SURVEY, CSAT, UPDATED = 6, 7, 9, 12, 13, 14, 15, 16


@dataclass(frozen=True)
class Chat:
    """One chat; None and empty text are what has not happened."""

    started: dt.datetime
    channel: str
    topic: str
    customer: str
    requested: dt.datetime | None = None
    answered: dt.datetime | None = None
    ended: dt.datetime | None = None
    outcome: str = ""
    team: str = ""
    agent: str = ""
    transfers: str = ""
    resolved: str = ""
    survey: str = ""
    csat: str = ""

    def row(self, number: int) -> list[str]:
        """The chat as a row of the log, as it was known when the log was exported."""
        times = [self.started, self.requested, self.answered, self.ended]
        known = [time for time in times if time is not None and time <= EXPORTED]
        started, *seen = ["" if time not in known else f"{time:%Y-%m-%dT%H:%M:%S}" for time in times]
        head = [f"C{number}", self.channel, self.topic, self.customer, started]
        after = [self.outcome, self.team, self.agent, self.transfers, self.resolved, self.survey, self.csat]
        if self.ended not in known:
            after = ["", self.team, *[""] * 5]
        return [*head, "yes" if seen[0] else "no", *seen, *after, f"{max(known):%Y-%m-%dT%H:%M:%S}"]


def content() -> bytes:
    """The whole log, not yet gzipped."""
    dice = Dice(SEED)
    every = list(made_up.days(FIRST, LAST))
    noise = made_up.monthly_noise(dice, every, 0.06, calm=("2025-01", SHAM_MONTH))
    chats = [chat for day in every for chat in _day(dice, day, noise[made_up.month(day)])]
    rows = [chat.row(100001 + number) for number, chat in enumerate([*chats, *_last_minutes(dice)])]
    return b"".join(_as_exported(dice, rows))


def _day(dice: Dice, day: dt.date, noise: float) -> list[Chat]:
    """The chats of a day in the order in which they began."""
    campaign = 1.45 if made_up.month(day) == SHAM_MONTH else 1.0
    mean = CHATS_A_DAY * WEEKDAYS[day.weekday()] * SEASON[day.month - 1] * campaign
    times = [made_up.moment(dice, day, HOURS) for _ in range(dice.poisson(mean))]
    if (day.month, day.day) in ((10, 27), (10, 26)) and day.weekday() == 6:  # the night that has 02:00 to 03:00 twice
        times += [dt.datetime.combine(day, dt.time(2, 10 * number)) for number in range(1, 5)]
    if day == LAST:
        times = [time for time in times if time.hour < 23]
    return [_chat(dice, _start(dice, time), noise) for time in sorted(times)]


def _start(dice: Dice, time: dt.datetime) -> Chat:
    """A customer opens the chat; the bot asks what it is about."""
    topic = dice.pick(TOPICS | ({EASY_TOPIC: 105} if made_up.month(time) == SHAM_MONTH else {}))
    customer = str(30000 + dice.regular(CUSTOMERS)) if dice.chance(0.93) else ""
    return Chat(time, dice.pick(CHANNELS), topic, customer)


def _chat(dice: Dice, chat: Chat, noise: float) -> Chat:
    """The bot helps, or the customer asks for a person and waits for one."""
    if dice.chance(0.003):
        return replace(chat, customer="test", outcome="closed", ended=later(chat.started, 5), resolved="yes")
    bot = 15 + dice.exponential(60)
    if not dice.chance(WANTS_PERSON[chat.topic]):
        resolved = "" if dice.chance(0.25) else dice.pick({"yes": 78, "no": 22})
        chat = replace(chat, ended=later(chat.started, bot + dice.exponential(60)), outcome="closed", resolved=resolved)
        return _survey(dice, chat, 0)
    misrouted = made_up.month(chat.started) == BAD_MONTH and chat.topic == BAD_TOPIC and dice.chance(0.9)
    team = WRONG_TEAM if misrouted else TEAM_OF[chat.topic]
    chat = replace(chat, requested=later(chat.started, bot), team=team)
    wait, patience = _wait(dice, chat, noise, misrouted=misrouted), 6 + dice.exponential(420)
    if patience < wait:
        return replace(chat, ended=later(chat.requested or chat.started, patience), outcome="left")
    return _served(dice, chat, wait, misrouted=misrouted)


def _wait(dice: Dice, chat: Chat, noise: float, *, misrouted: bool) -> float:
    """Seconds from asking for a person to that person's first word."""
    month, hour = made_up.month(chat.started), chat.started.hour
    load = 1.2 if hour in (19, 20) else 2.2 if hour < 6 else 1.0
    pace = 0.62 if month >= BETTER_FROM else 1.12 if month == SHAM_MONTH else 1.0
    return dice.skewed(QUEUE[chat.topic] * load * pace * noise * (4.0 if misrouted else 1.0), 1.05)


def _served(dice: Dice, chat: Chat, wait: float, *, misrouted: bool) -> Chat:
    """A person answers, passes the chat on where another knows more, and solves the matter or not."""
    better = 0.7 if made_up.month(chat.started) >= BETTER_FROM else 1.0
    transfers = dice.poisson(TRANSFER[chat.topic] * better) + (1 if misrouted and dice.chance(0.8) else 0)
    solved = dice.chance(SOLVED[chat.topic] * (0.75 if misrouted else 0.97 if _is_sham(chat) else 1.0))
    answered = later(chat.requested or chat.started, wait)
    ended = later(answered, dice.skewed(330, 0.6) * (1 + 0.4 * transfers))
    agent = f"{chat.team[:2].upper()}{dice.whole(1, 9)}"
    resolved = "yes" if solved else "no"
    chat = replace(chat, answered=answered, ended=ended, outcome="closed", agent=agent, transfers=str(transfers))
    return _survey(dice, replace(chat, resolved=resolved), wait)


def _is_sham(chat: Chat) -> bool:
    return made_up.month(chat.started) == SHAM_MONTH


def _survey(dice: Dice, chat: Chat, wait: float) -> Chat:
    """Some are asked how satisfied they were, some of them answer."""
    if not dice.chance(0.7):
        return replace(chat, survey="no")
    if not dice.chance(0.42):
        return replace(chat, survey="yes")
    mood = 4.6 - 0.45 * int(chat.transfers or 0) - (1.5 if chat.resolved == "no" else 0.0)
    mood -= 1.2 if wait > 180 else 0.4 if wait > 60 else 0.0
    score = round(mood + dice.uniform(-1.2, 0.9))
    return replace(chat, survey="yes", csat=str(min(5, max(1, score))))


def _last_minutes(dice: Dice) -> list[Chat]:
    """The log was exported while customers were waiting: some for a short time, one too long already."""
    made = []
    for started, asked in (("23:55:02", 40), ("23:58:20", 31), ("23:58:41", 52), ("23:59:50", None)):
        chat = _start(dice, dt.datetime.combine(LAST, dt.time.fromisoformat(started)))
        requested = None if asked is None else later(chat.started, asked)
        made.append(replace(chat, requested=requested, team="" if asked is None else TEAM_OF[chat.topic]))
    return made


def _as_exported(dice: Dice, rows: list[list[str]]) -> list[bytes]:
    """The log as exports are: some cells wrong, chats in two versions, rows twice, late or broken."""
    wrong = ("?",) * 20 + ("4.5",) * 6 + ("7",) * 4 + ("0",) * 3 + ("abc",) * 5
    for cell in wrong:
        made_up.damage(dice, rows, made_up.put(CSAT, cell), lambda row: row[CSAT] in set("12345"))
    for _ in range(4):
        made_up.damage(dice, rows, made_up.put(TRANSFERS, "n/a"), lambda row: row[TRANSFERS].isdigit())
    for _ in range(7):
        made_up.damage(dice, rows, _clock_behind, lambda row: row[ANSWERED] > row[REQUESTED])
    for _ in range(60):
        _change_later(dice, rows)
    late = made_up.delay_some(dice, rows, 30)
    made_up.repeat_some(dice, rows, 15)
    lines = made_up.lines(HEADER, rows + late)
    made_up.break_lines(dice, lines, short=(2, 6, 11), long=2, foreign=3, by=b",")
    return lines


def _clock_behind(row: list[str]) -> None:
    """The person's clock is behind: the answer stands before the request."""
    row[ANSWERED] = _moved(row[REQUESTED], seconds=-21)


def _change_later(dice: Dice, rows: list[list[str]]) -> None:
    """The outcome of a chat is entered hours later: the log has it in both versions, mostly the old one first."""
    at = made_up.somewhere(dice, rows)
    while rows[at][OUTCOME] != "closed" or not rows[at][RESOLVED] or rows[at][UPDATED] > "2025-12-20":
        at = made_up.somewhere(dice, rows)
    old = list(rows[at])
    old[RESOLVED] = old[CSAT] = ""
    rows[at][UPDATED] = _moved(old[UPDATED], seconds=dice.whole(3600, 90000))
    rows.insert(at + (dice.whole(2, 60) if dice.chance(0.3) else 0), old)


def _moved(time: str, *, seconds: int) -> str:
    return f"{later(dt.datetime.fromisoformat(time), seconds):%Y-%m-%dT%H:%M:%S}"


if __name__ == "__main__":
    made_up.write(Path(__file__).with_name("chats.csv.gz"), content())
