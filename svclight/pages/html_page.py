"""The page of a report as HTML: one file, without network, which says all without its script.

In: a `Page` of plain data. Out: text. All texts are escaped; a content-security policy allows this style sheet and this
script alone, by their hashes. The script narrows, sorts, folds and copies; it computes shares of the counts that are in
the page, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from svclight.card.course_table import HEADS
from svclight.errors import printable_text
from svclight.pages import page_words
from svclight.pages.page_content import NEWEST_ROWS
from svclight.wording.catalogue import say, say_counted

if TYPE_CHECKING:
    import jinja2

    from svclight.card.course_table import Step
    from svclight.pages.page_content import Page

_LONGEST: Final = 4000
"""A text is cut after so many characters."""
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_BEFORE_NUMBERS: Final = "\u2264\u2265\u2248"
"""Signs before a number: at most, at least, about."""


def page_html(page: Page) -> str:
    """The page as text."""
    style, script = _source("page.css").strip(), _source("page.js").strip()
    return _environment().get_template("page.html.j2").render(
        page=page,
        counts=_safe("data:text/csv;charset=utf-8," + quote(page.counts)),
        style=_safe(style),
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        data=_json({**page.data, "words": _script_words(page.lang), "letters": page_words.letters_of(page.lang)}),
        letters=page_words.letters_of(page.lang),
        zones=page_words.zone_names(page.lang),
        newest=NEWEST_ROWS,
        courses=[(course, [_step_cells(step) for step in course.steps]) for course in page.rest.courses],
        step_heads=HEADS,
        say=partial(_said, page.lang),
        say_counted=partial(_said_counted, page.lang),
    )  # fmt: skip


def _step_cells(step: Step) -> tuple[str, ...]:
    """The cells of a step of the usual course, what is done beside its name."""
    name, *others = step.cells()
    return (f"{name}: {step.action}" if step.action else name, *others)


def _said(lang: str, text: str, **values: object) -> str:
    return say(text, lang, **values)


def _said_counted(lang: str, one: str, many: str, count: int) -> str:
    return say_counted(one, many, count, lang)


def _script_words(lang: str) -> dict[str, str]:
    """The texts that the script shows; names in braces are filled in by it."""
    return {
        "range": say("{low} to {high}", lang),
        "none": say("no data", lang),
        "rated": say_counted("{count} rated", "{count} rated", 5, lang, count="{count}"),
        "narrowed": say("Narrowed to {what}: verdicts and changes are those of the whole, and not shown.", lang),
        "copied": say("Copied", lang),
    }


@cache
def _environment() -> jinja2.Environment:
    import jinja2  # noqa: PLC0415 - loaded when used

    return jinja2.Environment(
        loader=jinja2.PackageLoader("svclight.pages", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=_printable_value,
    )


def _printable_value(value: Any) -> Any:
    """A value for the page: text with control characters written out, no line broken between a number and its sign.

    Markup stays as it is.
    """
    if type(value) is not str:
        return value
    value = value.replace(" %", f"{_NO_BREAK}%")
    for sign in _BEFORE_NUMBERS:
        value = value.replace(f"{sign} ", sign + _NO_BREAK)
    # our own texts have no-break spaces in numbers and before signs
    return _NO_BREAK.join(printable_text(part, _LONGEST) for part in value.split(_NO_BREAK))


@cache
def _source(name: str) -> str:
    return (files("svclight.pages") / "templates" / name).read_text("utf-8")


def _safe(markup: str) -> Any:
    from markupsafe import Markup  # noqa: PLC0415 - comes with jinja2

    return Markup(markup)  # noqa: S704 - our own style sheet, or quoted


def _hash(text: str) -> str:
    """The hash of a style sheet or script as a content-security policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _json(data: dict[str, Any]) -> str:
    """Data for the inside of a script element: nothing in it can end the element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
