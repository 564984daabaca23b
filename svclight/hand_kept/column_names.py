"""The names that columns, zones and months of a hand-kept table bear, in each language in which tables are kept.

In: a name as a person wrote it. Out: the role that it stands for (`period`, `green` …), or the name that a role has in
the table's language. Capitals, runs of blanks, `_` and `-`, and the dots of a Russian ё do not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

COMMENT: Final = "comment"
NAMES: Final[dict[str, dict[str, str]]] = {
    "en": {
        "period": "month", "process": "process", "criterion": "criterion", "zone": "zone", "count": "count",
        "green": "green", "yellow": "yellow", "red": "red", "pending": "pending", "missing": "missing",
        "not_applicable": "not applicable", "excluded": "excluded", COMMENT: "comment",
    },
    "ru": {
        "period": "Месяц", "process": "Процесс", "criterion": "Критерий", "zone": "Зона", "count": "Количество",
        "green": "Зелёная", "yellow": "Жёлтая", "red": "Красная", "pending": "Ждёт оценки", "missing": "Нет данных",
        "not_applicable": "Не применимо", "excluded": "Исключено", COMMENT: "Комментарий",
    },
}  # fmt: skip
"""How each role is called in a table, by language: these names stand in the empty sheet."""
_ALSO: Final = {
    "period": ("period", "период"),
    "count": ("число", "кол-во"),
    "green": ("зелёные", "зелёный", "зелёных"),
    "yellow": ("жёлтые", "жёлтый", "жёлтых"),
    "red": ("красные", "красный", "красных"),
    "pending": ("ждут оценки", "не завершено"),
    "missing": ("пропуск", "пропущено"),
    "not_applicable": ("неприменимо",),
    "excluded": ("исключены",),
}
"""Other names under which a role is read."""
REMARKS: Final = {"en": ("comment", "remark", "note", "#"), "ru": ("комментарий", "примечание", "заметка", "#")}
"""A column whose name begins so is for people: it is not used."""
MONTHS: Final = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "ru": ("январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь",
           "декабрь"),
}  # fmt: skip


def fold_name(text: str) -> str:
    """A name as it is compared: without regard to capitals, to the number of blanks, and to the dots of ё."""
    return " ".join(text.split()).casefold().replace("ё", "е")


def _fold_role(text: str) -> str:
    """The name of a role as it is compared: `Not applicable` and `not_applicable` are the same."""
    return fold_name(text.replace("_", " ").replace("-", " "))


_ROLES: Final = {
    lang: {_fold_role(name): role for role, name in names.items() if role != COMMENT} for lang, names in NAMES.items()
}
_OTHER: Final = {_fold_role(name): role for role, names in _ALSO.items() for name in names}
_NUMBERS: Final = {fold_name(name): number for names in MONTHS.values() for number, name in enumerate(names, 1)}


def role_of(name: str, segments: Iterable[str] = ()) -> str | None:
    """What a column or a zone of that name is: a role, one of the segments, or None.

    The names of the format itself come first, then those of segments: a segment that bears a Russian name of a role
    stays what the definition says.
    """
    folded = _fold_role(name)
    if folded in _ROLES["en"] or folded == "period":
        return _ROLES["en"].get(folded, folded)
    declared = {fold_name(segment): segment for segment in segments}
    if fold_name(name) in declared:
        return declared[fold_name(name)]
    return _ROLES["ru"].get(folded) or _OTHER.get(folded)


def is_remark(name: str) -> bool:
    """Whether a column of that name is for people."""
    return fold_name(name).startswith(tuple(fold_name(one) for names in REMARKS.values() for one in names))


def language_of(names: Iterable[str]) -> str:
    """The language of a table's columns: Russian where one of them has a Russian name of a role."""
    folded = {_fold_role(name) for name in names} - _ROLES["en"].keys() - {"period"}
    return "ru" if folded & (_ROLES["ru"].keys() | _OTHER.keys()) else "en"


def month_number(name: str) -> int | None:
    """The number of a month by its name, in any of the languages; None where there is no such month."""
    return _NUMBERS.get(fold_name(name))
