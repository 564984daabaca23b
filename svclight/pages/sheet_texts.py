"""What the empty sheet of a hand-kept table says to people, in each language.

In: a language. Out: its `SheetTexts`. The names of columns are those that are read (`hand_kept.column_names`); here are
the words around them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from svclight.hand_kept.column_names import REMARKS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class SheetTexts:
    """Texts of the sheet.

    Attributes:
        title: The title where the definition has none.
        pages: The names of the pages: the table itself, how to fill it in, what the drop-downs offer.
        month, process, criterion, count: What is said beside a cell of these columns; `count` holds `{means}`.
        means: What each state means.
        advice: Lines above the limits; they may hold `{page}`, `{definition}`.
        split: The line on segments; it holds `{segments}`.
        heads: The columns of the limits, zones excepted: process, criterion, for whom.
        listed: The columns of the page of lists: process, first, number of criteria, criterion.
        worst: What stands in place of limits for the worst of other criteria.
    """

    title: str
    pages: tuple[str, str, str]
    month: str
    process: str
    criterion: str
    count: str
    means: Mapping[str, str]
    advice: tuple[str, ...]
    split: str
    remarks: str
    last: str
    heads: tuple[str, str, str]
    listed: tuple[str, str, str, str]
    worst: str


_ENGLISH: Final = SheetTexts(
    title="Service quality",
    pages=("counts", "how to", "lists"),
    month="The month, such as 2026-03, or any date in it.",
    process="Choose one from the list.",
    criterion="Choose the process first, then one from the list.",
    count="How many interactions of the month: {means}. A whole number, 0 or more.",
    means={
        "green": "the customer is satisfied",
        "yellow": "the customer is neutral",
        "red": "the customer is dissatisfied",
        "pending": "not finished, and the zone is not certain yet",
        "missing": "there should be a value, and there is none",
        "not_applicable": "the criterion does not concern them",
        "excluded": "left out by a rule",
    },
    advice=(
        'Write in the sheet "{page}": one row for each month, process and criterion.',
        "Count every interaction of the month in one column: green, yellow or red, as the table below says.",
        "Those that cannot be rated stand in pending, missing, not applicable or excluded; these may stay empty.",
        "An empty cell beside a number is 0. A row without any number is passed over. The same row twice is an error.",
    ),
    split="To split the counts, add a column that is called as one of: {segments}.",
    remarks="Columns whose names begin with {first} or {last} are for people; they are not used.",
    last="Definition {definition}. To see the table as traffic lights: svclight score DEFINITION --table FILE",
    heads=("process", "criterion", "for"),
    listed=("process", "first", "criteria", "criterion"),
    worst="the worst zone of others",
)
_RUSSIAN: Final = SheetTexts(
    title="Качество обслуживания",
    pages=("Числа", "Как заполнять", "Списки"),
    month="Месяц, например 2026-03, или любая его дата.",
    process="Выберите из списка.",
    criterion="Сначала выберите процесс, затем критерий из списка.",
    count="Сколько обращений за месяц: {means}. Целое число, не меньше 0.",
    means={
        "green": "клиент доволен",
        "yellow": "клиент ни доволен, ни недоволен",
        "red": "клиент недоволен",
        "pending": "ещё не завершены, и зона пока неизвестна",
        "missing": "значение должно быть, но его нет",
        "not_applicable": "критерий к ним не относится",
        "excluded": "не учитываются по правилу",
    },
    advice=(
        "Заполняйте лист «{page}»: по строке на каждый месяц, процесс и критерий.",
        "Каждое обращение месяца учитывается в одном столбце: в зелёной, жёлтой или красной зоне, по таблице ниже.",
        "Остальные — в столбцах «Ждёт оценки», «Нет данных», «Не применимо», «Исключено»; их можно не заполнять.",
        "Пустая ячейка рядом с числом — это 0. Строка без чисел пропускается. Одна и та же строка дважды — ошибка.",
    ),
    split="Чтобы увидеть числа в разрезе, добавьте столбец с одним из названий: {segments}.",
    remarks="Столбцы, названия которых начинаются с «{first}» или «{last}», — для людей; они не учитываются.",
    last="Определение {definition}. Таблица в виде светофора: svclight score ОПРЕДЕЛЕНИЕ --table ФАЙЛ",
    heads=("Процесс", "Критерий", "Для кого"),
    listed=("Процесс", "Первый", "Критериев", "Критерий"),
    worst="худшая зона других критериев",
)
TEXTS: Final = {"en": _ENGLISH, "ru": _RUSSIAN}


def remarks_line(lang: str) -> str:
    """The line on columns that are for people."""
    *first, last = REMARKS[lang]
    joined = "», «".join(first) if lang == "ru" else ", ".join(first)
    return TEXTS[lang].remarks.format(first=joined, last=last)
