"""Where things lie that tests read: the checkout, the examples, the ready definitions, kept data."""

from __future__ import annotations

from pathlib import Path

import svclight

ROOT = Path(__file__).resolve().parent.parent.parent
"""The checkout."""
EXAMPLES = ROOT / "examples"
DATA = ROOT / "tests" / "data"
PACKAGE = Path(svclight.__file__).resolve().parent
READY = PACKAGE / "definition" / "ready"
"""A folder a language, in it a ready definition a kind of process."""
