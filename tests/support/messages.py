"""Collects the texts of the package into the catalogues of its languages; run by `make messages`.

Without arguments the catalogues (`.po`) are updated: new texts get an empty translation, old ones go; then they are
compiled (`.mo`). A language is added by `make messages LANG=hu`.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import svclight

PACKAGE = Path(svclight.__file__).parent
FOLDER = PACKAGE / "wording" / "catalogues"
KEYWORDS = {
    "say": None,
    "say_of": ((1, "c"), 2),
    "say_counted": (1, 2),
    "say_counted_of": ((1, "c"), 2, 3),
    "to_say": None,
    "to_say_of": ((1, "c"), 2),
}
METHODS = [("**.py", "python"), ("**.j2", "jinja2")]
HEADER = "# Texts of svclight. `make messages` brings new ones in and compiles the catalogue.\n#"


def collected() -> Catalog:
    """All texts of the package."""
    found = Catalog(charset="utf-8")
    skipped = {"examples", "catalogues"}
    for file, _, text, comments, context in extract_from_dir(
        str(PACKAGE),
        METHODS,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
        directory_filter=lambda path: Path(path).name not in skipped,
    ):
        found.add(text, locations=[(Path(file).as_posix(), 1)], auto_comments=comments, context=context)
    return found


def updated(lang: str) -> Catalog:
    """The catalogue of a language with the texts of today; new ones are empty."""
    path = po_file(lang)
    old = Catalog(locale=lang)
    if path.exists():
        with path.open("rb") as file:
            old = read_po(file, locale=lang)
    # a guess at a translation would be shown to readers before somebody looked at it
    old.update(collected(), no_fuzzy_matching=True)
    old.obsolete.clear()
    old.header_comment = HEADER
    old.fuzzy = False
    return old


def po_file(lang: str) -> Path:
    """Where the catalogue of a language lies."""
    return FOLDER / lang / "LC_MESSAGES" / "svclight.po"


def po_text(catalogue: Catalog) -> bytes:
    """The catalogue as a file: sorted by text, without line numbers and the time of day, so that changes are small."""
    made = io.BytesIO()
    write_po(made, catalogue, width=120, no_location=True, sort_output=True, omit_header=False)
    lines = made.getvalue().decode().splitlines(keepends=True)
    dated = (
        '"POT-Creation-Date',
        '"PO-Revision-Date',
        '"Generated-By',
        '"Project-Id',
        '"Report-Msgid',
        '"Last-Translator',
    )
    return "".join(line for line in lines if not line.startswith(dated)).encode()


class _Compiled(Catalog):
    """A catalogue with no more of a head than gettext needs: neither the time of day nor a version of Babel."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", self.plural_forms)]


def mo_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    compiled, made = _Compiled(locale=catalogue.locale), io.BytesIO()
    for one in catalogue:
        if one.id:
            compiled.add(one.id, one.string, context=one.context)
    write_mo(made, compiled)
    return made.getvalue()


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts that have no translation, or not all forms of it."""
    return [str(one.id) for one in catalogue if one.id and not (one.string and all(_forms(one.string)))]


def _forms(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


def write(lang: str) -> list[str]:
    """Writes the catalogue of a language and what gettext reads of it; gives the texts that lack a translation."""
    catalogue, path = updated(lang), po_file(lang)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po_text(catalogue))
    path.with_suffix(".mo").write_bytes(mo_bytes(catalogue))
    return untranslated(catalogue)


if __name__ == "__main__":
    for name in sys.argv[1:] or languages():
        lacking = write(name)
        sys.stdout.write("\n  ".join([f"{name}: {len(lacking)} texts lack a translation", *lacking]) + "\n")
