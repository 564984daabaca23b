"""A cell of a hand-kept table -> a period, a count, a process or a criterion, or the issue with it.

In: cells as people write them: dates of Excel, ISO texts, numbers with a decimal comma, titles instead of ids. Out: the
value, or an `Issue` that has no place yet. Nothing is guessed: a cell that can be read in two ways is wrong.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from svclight.errors import Issue, LogError, did_you_mean, quoted_list, quoted_text, unknown_name
from svclight.hand_kept.column_names import NAMES, fold_name, month_number, role_of
from svclight.reading.workbooks import PercentCell
from svclight.thresholds import STATES
from svclight.values import clocks
from svclight.values.text_dictionary import word_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from svclight.processes import Definitions

MOST: Final = 10**12
"""A count above this is a slip, and the sum of many such would not fit into 64 bits."""
_WHOLE: Final = re.compile(r"([0-9]+|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+)(?:[.,]0{1,2})?")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:[.,'\u2019][0-9]{3})+")
_BELOW_ZERO: Final = re.compile(r"[-\u2212] ?[0-9].*")
_SHEET_ERROR: Final = re.compile(r"#(N/A|[A-Z]+[!?]|[A-Z_]+)|Err:[0-9]+")
_NAMED_MONTH: Final = re.compile(r"(\w+) ([0-9]{4})(?: \u0433\.?)?")  # with the short word for year in Russian
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_DAY_AND_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[ T].+")
_WRITTEN: Final = {"day": "2026-03-14", "week": "2026-W09", "month": "2026-03", "quarter": "2026-Q1", "year": "2026"}


def text_of(cell: Any) -> str:
    """A cell as text without blanks around it; empty where there is nothing."""
    return word_of(cell).strip()


def read_count(cell: Any) -> int | None:
    """A number of interactions; None where the cell is empty.

    Raises:
        LogError: The cell holds something else.
    """
    text = text_of(cell)
    if not text:
        return None
    if isinstance(cell, PercentCell):  # the cell holds a hundredth of what it shows
        text = f"{text} %"
    problem, hint = "this is no count", ""
    if whole := _WHOLE.fullmatch(text):
        count = int(re.sub(r"[^0-9]", "", whole[1]))
        if count <= MOST:
            return count
        problem = "this count is too large"
    elif _BELOW_ZERO.fullmatch(text):
        problem = "this count is below 0"
    elif _SHEET_ERROR.fullmatch(text):
        hint = "it is an error of the sheet: mend its formula"
    elif _THOUSANDS.fullmatch(text):
        hint = "write it without a mark between thousands"
    elif "%" in text or re.fullmatch(r"0[.,][0-9]+", text):
        hint = "is it a share? Write the number of interactions"
    else:
        hint = "leave the cell empty where nothing was counted"
    raise LogError(Issue(problem, found=quoted_text(text), expected=f"a whole number from 0 to {MOST:,}", hint=hint))


def read_state(cell: Any) -> str:
    """A zone or another state, in any language of tables.

    Raises:
        LogError: The cell names none.
    """
    text = text_of(cell)
    if not text:
        raise LogError(Issue("the zone is missing", expected=f"one of {quoted_list(STATES)}"))
    state = role_of(text)
    if state not in STATES:
        is_russian = _CYRILLIC.search(text) is not None
        known = [NAMES["ru"][one] for one in STATES] if is_russian else STATES
        hint = did_you_mean(text if is_russian else fold_name(text).replace(" ", "_"), known)
        expected = f"one of {quoted_list(known)}"
        raise LogError(Issue("unknown zone", found=quoted_text(text), expected=expected, hint=hint))
    return state


def read_period(cell: Any, kind: str, zone: str) -> str:
    """The period of that kind, as svclight writes it, or that holds a date; of a time with an offset in `zone`.

    Raises:
        LogError: The cell holds neither.
    """
    text = text_of(cell)
    expected = f"a {kind} such as {_WRITTEN[kind]}" + ("" if kind == "day" else ", or a date in it")
    if not text:
        raise LogError(Issue(f"the {kind} is missing", expected=expected))
    named = clocks.period_number(text)
    if named is not None and named[0] == kind:
        return text
    if kind == "month" and (written := _NAMED_MONTH.fullmatch(text)) and (number := month_number(written[1])):
        return f"{written[2]}-{number:02}"
    day = _day_of_cell(cell, text, zone)
    if day is not None:
        numbers = clocks.period_numbers(np.array([clocks.day_number(day)], dtype=np.int64), kind)
        return clocks.period_label(int(numbers[0]), kind)
    problem = f"this is no {kind}"
    hint = "is it a date that is shown as a number? Give the cell the format of a date" if text.isdecimal() else ""
    if named is not None:
        problem, hint = f"this is a {named[0]}", f'to read the table by {named[0]}, say so: period="{named[0]}"'
    raise LogError(Issue(problem, found=quoted_text(text), expected=expected, hint=hint))


def _day_of_cell(cell: Any, text: str, zone: str) -> dt.date | None:
    """The day of a cell that is a date or a time, or is written like one; None for other cells."""
    moment: Any = cell
    if not isinstance(cell, dt.date):
        try:
            moment = dt.datetime.fromisoformat(text) if _DAY_AND_TIME.fullmatch(text) else dt.date.fromisoformat(text)
        except ValueError:
            return None
        if not isinstance(moment, dt.datetime) and text != moment.isoformat():
            return None  # 20260314 and 2026-W09-1 are ISO 8601 too, but nobody writes them by hand
    if isinstance(moment, dt.datetime):
        return (moment if moment.tzinfo is None else moment.astimezone(ZoneInfo(zone))).date()
    return dt.date(moment.year, moment.month, moment.day)


def process_titles(definitions: Definitions) -> dict[str, str]:
    """The titles by id of the processes that have criteria."""
    return {name: process.title for name, process in definitions.processes.items() if process.criteria}


def criterion_titles(process: str, definitions: Definitions) -> dict[str, str]:
    """The titles by id of the criteria of a process."""
    return {name: definitions.title(process, name) for name in definitions.processes[process].criteria}


def read_process(cell: Any, definitions: Definitions) -> str:
    """The id of a process that has criteria, by id or title.

    Raises:
        LogError: The cell names none, several, or a heading.
    """
    counted = process_titles(definitions)
    headings = {name: each.title for name, each in definitions.processes.items() if name not in counted}
    if len(ids_named(cell, counted)) != 1 and len(ids_named(cell, headings)) == 1:
        found, expected = quoted_text(text_of(cell)), f"one of {quoted_list(counted.values())}"
        raise LogError(Issue("this process is a heading: it has no criteria", found=found, expected=expected))
    return _read_id(cell, counted, ("process", "processes"))


def read_criterion(cell: Any, process: str, definitions: Definitions) -> str:
    """The id of a criterion of the process, by id or title.

    Raises:
        LogError: The cell names none, or several.
    """
    return _read_id(cell, criterion_titles(process, definitions), ("criterion", "criteria"), of=f" of {process}")


def ids_named(cell: Any, titles: Mapping[str, str]) -> list[str]:
    """The ids that a cell names: an id as it stands, else a title as it stands, else either in any capitals."""
    text = text_of(cell)
    if text in titles:
        return [text]
    exact = [name for name, title in titles.items() if title == text]
    return exact or [name for name, title in titles.items() if fold_name(text) in (fold_name(name), fold_name(title))]


def _read_id(cell: Any, titles: Mapping[str, str], words: tuple[str, str], of: str = "") -> str:
    """The one id that a cell names; `words` are the word for one and for several."""
    text, meant = text_of(cell), ids_named(cell, titles)
    if not text:
        expected = f"an id or a title, one of {quoted_list(titles.values())}"
        raise LogError(Issue(f"the {words[0]} is missing", expected=expected))
    if len(meant) > 1:
        hint = f"write the id: one of {quoted_list(meant)}"
        raise LogError(Issue(f"{len(meant)} {words[1]}{of} are called so", found=quoted_text(text), hint=hint))
    if not meant:
        expected = f"one of {quoted_list(_ids_and_titles(titles))}"
        known = [*titles, *titles.values()]
        raise LogError(unknown_name(f"unknown {words[0]}{of}", text, known, expected=expected))
    return meant[0]


def _ids_and_titles(titles: Mapping[str, str]) -> Iterable[str]:
    """The ids and titles that may be written, each text once."""
    return dict.fromkeys(name for pair in titles.items() for name in pair)
