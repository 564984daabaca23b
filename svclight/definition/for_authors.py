"""For those who write definitions: commented definitions to start from, and the JSON Schema that editors read.

In: a kind of process and a language; the models. Out: YAML text as it is shipped (every kind is there in every
language, the same but for its texts); the schema as plain data and as text.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from svclight.errors import Issue, SvclightError, did_you_mean, quoted_list, quoted_text

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
        Issue(
            f"there is no {what} {quoted_text(given)}",
            expected=f"one of {quoted_list(known)}",
            hint=did_you_mean(given, known),
        )
        for what, given, known in wanted
        if given not in known
    ]
    if issues:
        raise SvclightError(issues)
    return (Path(__file__).parent / "ready" / lang / f"{kind}.yaml").read_text("utf-8")


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a definition file."""
    from svclight.definition.models import Document  # noqa: PLC0415 - the models are loaded when used: help needs none

    made = Document.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "svclight definition"}


def schema_text() -> str:
    """The schema as it is written to a file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
