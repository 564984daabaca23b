"""Definitions to start from: kind of process and language -> the text of a commented definition.

In: names. Out: YAML text as it is shipped. Every kind is there in every language, the same but for its texts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from svclight.errors import Issue, SvclightError, guess, listed, quoted

READY: Final = (
    *("hotline", "chat", "email", "delivery", "ordering", "helpdesk", "field", "returns", "complaints"),
    *("satisfaction", "loyalty", "quality"),
)
"""The kinds of process for which there is a definition."""
LANGUAGES: Final = ("en", "ru")
"""The languages of titles, reasons and comments; the first unless one is asked for."""


def ready_definition(kind: str, lang: str = LANGUAGES[0]) -> str:
    """The text of a ready definition.

    Raises:
        SvclightError: There is none of that kind, or none in that language.
    """
    wanted = (("ready definition for", kind, READY), ("ready definition in the language", lang, LANGUAGES))
    issues = [
        Issue(f"there is no {what} {quoted(given)}", expected=f"one of {listed(known)}", hint=guess(given, known))
        for what, given, known in wanted
        if given not in known
    ]
    if issues:
        raise SvclightError(issues)
    return (Path(__file__).parent / "templates" / "definitions" / lang / f"{kind}.yaml").read_text("utf-8")
