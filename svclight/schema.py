"""The JSON Schema of definitions, for editors: completion, help on each key, and checks while one types.

In: nothing. Out: the schema (draft 2020-12) as text. It is made from the models, so it cannot lag behind them; what
keys must hold together is checked by `validate` alone.
"""

from __future__ import annotations

import json
from typing import Any

from svclight.models import Document


def schema() -> dict[str, Any]:
    """The JSON Schema of a definition file."""
    made = Document.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "svclight definition"}


def schema_text() -> str:
    """The schema as it is written to a file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
