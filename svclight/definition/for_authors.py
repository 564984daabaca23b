"""Help for people who write definitions: commented definitions to start from, and the JSON Schema for editors.

In: a kind of process and a language; the models. Out: YAML text as it is shipped (every kind is there in every
language, the same but for its texts); the schema as plain data and as text.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from svclight.errors import Issue, SvclightError, did_you_mean, quoted_list, quoted_text

READY: Final = (
    *("hotline", "chat", "email", "self_service", "helpdesk", "field", "ordering", "delivery", "returns"),
    *("complaints", "reviews", "satisfaction", "loyalty", "duties", "quality", "employees"),
)
"""The kinds of process for which there is a definition."""
_WHOLE: Final = "00_service.yaml"
"""The first file of a folder: its title is that of all of them together."""
LANGUAGES: Final = ("en", "ru")
"""The languages of titles, reasons and comments; the first unless one is asked for."""


def ready_definition(kind: str, lang: str = LANGUAGES[0]) -> str:
    """The YAML text of a ready definition, as it is shipped.

    Args:
        kind: One of `READY`, such as `hotline`.
        lang: One of `LANGUAGES`, for titles, reasons and comments.

    Raises:
        SvclightError: There is no definition of that kind, or none in that language.
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
    return _shipped_text(f"{kind}.yaml", lang)


def ready_service(lang: str = LANGUAGES[0]) -> dict[str, str]:
    """The YAML texts of a whole service by file: one of its headings, and all ready definitions. They load together.

    Args:
        lang: One of `LANGUAGES`.

    Raises:
        SvclightError: There are no definitions in that language.
    """
    texts = {f"{kind}.yaml": ready_definition(kind, lang) for kind in READY}
    return {_WHOLE: _shipped_text(_WHOLE, lang), **texts}


def _shipped_text(file: str, lang: str) -> str:
    return (Path(__file__).parent / "ready" / lang / file).read_text("utf-8")


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a definition file as plain data; its descriptions are the docstrings of the models."""
    from svclight.definition.models import Document  # noqa: PLC0415 - the models are loaded when used: help needs none

    made = Document.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "svclight definition"}


def schema_text() -> str:
    """The schema as it is written to a file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
