"""Whether a sentence is Russian throughout: no English word, no sign of code, no period as machines write it.

What stays as it is in every language are titles and names of the data, statistics by their names, and what is to be
typed: code between backticks, options, verdicts in capitals at the head of a line, and the ids and periods beside them.
"""

import re

NAMES = {"Process", "Criterion", "Hotline", "team", "sigma_z", "Holm", "Benjamini", "Hochberg"}
_TYPED = re.compile(
    r"`[^`]*`|--[a-z-]+( \d{4}-\d\d(-\d\d)?)?|\d{4}-\d\d-\d\dT[\d:+]+|^[A-Z ]{11,} \S+( \d{4}-\d\d)?", re.MULTILINE
)
_DATE = re.compile(r"\b\d\d\.\d\d\.\d{4}\b")
_MACHINE = re.compile(r"\d\.\d|(?<!\w)-\d|->|>=|<=|\d{4}-\d\d|\.\.")


def check_russian(text: object, *names: str) -> None:
    """Checks that there is Russian, and nothing else; `names` are more words of the data."""
    told = _DATE.sub("", _TYPED.sub("", str(text)))
    words = set(re.findall(r"[A-Za-z_]{2,}", told)) - NAMES - set(names)
    assert not words, f"{words} in\n{told}"
    assert re.search(r"[а-яё]", told), told
    assert not _MACHINE.search(told), f"{_MACHINE.search(told)} in\n{told}"
