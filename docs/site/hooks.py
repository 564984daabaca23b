"""What the documentation site takes from elsewhere, as hooks of MkDocs.

In: the pages of `docs/`, the README and other Markdown files of the checkout, the models of definitions, the command
line. Out: pages of the site that are no files of `docs/`, and links that lead to them. Nothing is written into `docs/`,
so no page exists twice.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from typing import TYPE_CHECKING, Final

from mkdocs.structure.files import File
from reference import command_reference, yaml_reference

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).parents[2]
_FROM_CHECKOUT: Final = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    **{
        f"examples/{name.parent.name}/README.md": f"examples/{name.parent.name}.md"
        for name in ROOT.glob("examples/*/README.md")
    },
}
"""Files of the checkout that are pages of the site, by their path there."""
_ORIGINS: Final = {page: file for file, page in _FROM_CHECKOUT.items()}
_MADE: Final = {"reference/yaml.md": yaml_reference, "reference/commands.md": command_reference}
_FENCED: Final = re.compile(r"(?ms)(^```.*?^```)")
_LINK: Final = re.compile(r"(!?)\[([^\]]*)\]\(([^)#\s]*)(#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages that are no files of `docs/`."""
    for file, page in _FROM_CHECKOUT.items():
        files.append(File.generated(config, page, content=(ROOT / file).read_text("utf-8")))
    for page, made in _MADE.items():
        files.append(File.generated(config, page, content=made()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - a hook's form
    """Leads links from where a text lies in the checkout to where its page lies in the site."""
    at = page.file.src_uri
    origin = _ORIGINS.get(at, f"docs/{at}")
    pieces = _FENCED.split(markdown)
    return "".join(piece if piece.startswith("```") else _led(piece, origin, at) for piece in pieces)


def _led(text: str, origin: str, page: str) -> str:
    def led(found: re.Match[str]) -> str:
        picture, shown, target, heading = (part or "" for part in found.groups())
        if not target or "://" in target:
            return found[0]
        place = _place(normpath(f"{PurePosixPath(origin).parent}/{target}"))
        # what is no page of the site, such as code, is named without a link
        return f"{picture}[{shown}]({relpath(place, str(PurePosixPath(page).parent))}{heading})" if place else shown

    return _LINK.sub(led, text)


def _place(path: str) -> str:
    """The place in the site of a path in the checkout; empty where it is no part of the site."""
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    return _FROM_CHECKOUT.get(path) or _FROM_CHECKOUT.get(f"{path}/README.md", "")
