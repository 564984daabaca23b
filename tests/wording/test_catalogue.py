"""The catalogues of languages: every text has a translation with the same names, and what gettext reads is up to date."""

from __future__ import annotations

import ast
import re

import pytest
from babel.messages.pofile import read_po
from support import messages

from svclight.wording.catalogue import say, say_counted, say_of, to_say, to_say_of
from svclight.wording.languages import money_text

LANGUAGES = messages.languages()
NAMES = re.compile(r"\{(\w+)[^{}]*\}")


@pytest.fixture(scope="module")
def texts():
    return messages.collected()


def catalogue(lang):
    with messages.po_file(lang).open("rb") as file:
        return read_po(file, locale=lang)


def forms(text):
    return (text,) if isinstance(text, str) else tuple(text)


# the files are those of the repository, and older versions of Babel collect and write them otherwise
@pytest.mark.once
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_has_a_translation_and_no_other_is_kept(lang, texts):
    known = catalogue(lang)
    assert {(one.id, one.context) for one in known if one.id} == {(one.id, one.context) for one in texts if one.id}
    assert messages.untranslated(known) == []
    assert not known.obsolete


@pytest.mark.parametrize("lang", LANGUAGES)
def test_translations_have_the_names_of_their_texts(lang):
    for one in catalogue(lang):
        if one.id:
            wanted = set(NAMES.findall(forms(one.id)[-1]))
            for form in forms(one.string):
                assert set(NAMES.findall(form)) == wanted, one.id


# the files are those of the repository, and older versions of Babel collect and write them otherwise
@pytest.mark.once
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_gettext_reads_is_compiled_from_the_catalogue(lang):
    assert messages.po_file(lang).with_suffix(".mo").read_bytes() == messages.mo_bytes(catalogue(lang))


def texts_in_code():
    """Every text that code names in a call of `say` and its like, with its context, by a second route."""
    for path in messages.PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in messages.KEYWORDS:
                continue
            words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            context = words.pop(0) if node.func.id.endswith("_of") and words else None
            if words:
                yield (tuple(words) if "counted" in node.func.id else words[0]), context


def test_every_text_in_code_is_collected(texts):
    """A call inside an f-string is not, for one."""
    known = {(one.id, one.context) for one in texts}
    known |= {(one.id[0], one.context) for one in texts if one.pluralizable}  # `say` finds the form for one, too
    assert sorted(map(str, set(texts_in_code()) - known)) == []


READ_BY_LANGUAGE = {"hand_kept/column_names.py", "logs/ways_to_read.py", "values/unit_signs.py"}
"""Modules that read what people wrote in a language; all others only write, and take their words from the catalogues."""


def test_no_code_knows_a_language():
    """A third language is a catalogue: no module compares `lang` with one, or holds words of one."""
    for path in messages.PACKAGE.rglob("*.py"):
        name = path.relative_to(messages.PACKAGE).as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        prose = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(getattr(node, "body", None), list) and node.body and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                is_language = any(isinstance(side, ast.Name) and side.id == "lang" for side in sides)
                named = [side for side in sides if isinstance(side, ast.Constant) and isinstance(side.value, str)]
                assert not (is_language and named), f"{name}:{node.lineno}"
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                is_russian = re.search("[а-яё]", node.value, re.IGNORECASE)
                assert not is_russian or name in READ_BY_LANGUAGE, f"{name}:{node.lineno}"


def test_plural_forms_and_contexts():
    said = [say_counted("{count} month", "{count} months", count, "en") for count in (0, 1, 2, 1_200)]
    assert said == ["0 months", "1 month", "2 months", "1,200 months"]
    assert say_of("unit of time", "h", "ru") == "ч"
    assert say("no data", "ru") == "нет данных"
    assert say("{low} to {high}", "ru", low=1, high="{2}") == "1 … {2}"
    assert (to_say("any text"), to_say_of("noun", "any text")) == ("any text", "any text")
    assert say("a text that no catalogue has", "ru") == "a text that no catalogue has"


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_number_of_any_length_is_written_out(lang):
    assert re.sub(r"[^0-9]", "", say_counted("{count} month", "{count} months", 10**100, lang)) == str(10**100)
    assert len(money_text(1e300, "EUR", lang)) > 300
