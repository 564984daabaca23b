"""The documentation site: references that miss nothing, links that lead on, pictures that load nothing; `make site` builds it."""

import importlib.util
import re
import sys

import pytest
import typer
from support.needs import module
from support.places import ROOT

from svclight import cli
from svclight.definition.for_authors import json_schema

pytestmark = pytest.mark.once
SITE = ROOT / "docs" / "site"
PICTURES = sorted((ROOT / "docs" / "pictures").iterdir())


def script(name, monkeypatch):
    """A script of docs/site, loaded as MkDocs loads it: with its folder first among those that are searched."""
    monkeypatch.setattr(sys, "path", [str(SITE), *sys.path])
    spec = importlib.util.spec_from_file_location(name, SITE / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def sections(text):
    """The text under each heading of the second level, by heading."""
    return dict(part.split("\n", 1) for part in text.split("\n## ")[1:])


def test_every_key_of_definitions_is_in_the_reference(monkeypatch):
    found = sections(script("reference", monkeypatch).yaml_reference())
    schema = json_schema()
    models = {"Document": schema, **schema["$defs"]}
    assert found.keys() == models.keys()
    for name, model in models.items():
        rows = re.findall(r"(?m)^\| `([^`]+)` \|", found[name])
        assert rows == list(model["properties"]), name


def test_a_key_says_what_may_stand_there(monkeypatch):
    found = sections(script("reference", monkeypatch).yaml_reference())
    assert "| `rows` | `interactions`, `events`, `totals` | `interactions` |" in found["Log"]
    assert "| `log` | [Log](#log) |  |" in found["Process"]
    assert "| `time_zone` | text | **required** |" in found["Document"]
    assert "| `green` | such as `>= 80 %` |  |" in found["Target"]
    assert "| `targets` | " in found["Criterion"]
    assert "| `closed` | list of: date |  |" in found["Calendar"]


def test_every_command_and_option_is_in_the_reference(monkeypatch):
    found = sections(script("reference", monkeypatch).command_reference())
    commands = typer.main.get_command(cli.app).commands
    assert found.keys() == commands.keys()
    for name, command in commands.items():
        shown = {option for one in command.params if not one.hidden for option in one.opts if option[0] == "-"}
        named = set(re.findall(r"`(--?[\w-]+)`", found[name]))
        assert shown - {"--help"} <= named, name
        assert f"svclight {name} " in found[name]


@pytest.mark.parametrize(
    ("page", "written", "led"),
    [
        ("index.md", "[a](docs/start.md)", "[a](start.md)"),
        ("index.md", "[a](docs/measures/README.md#x)", "[a](measures/README.md#x)"),
        ("index.md", "![a](docs/pictures/b.png)", "![a](pictures/b.png)"),
        ("said.md", "[a](../examples/hotline/README.md)", "[a](examples/hotline.md)"),
        ("compare.md", "[a](../examples/real)", "[a](examples/real.md)"),
        ("measures/value.md", "[a](../numbers.md#seven-states)", "[a](../numbers.md#seven-states)"),
        ("how-to/ci-gate.md", "[a](../../CONTRIBUTING.md)", "[a](../contributing.md)"),
        ("examples/ci.md", "[a](../../docs/check.md)", "[a](../check.md)"),
        ("contributing.md", "[the code](svclight/cli.py)", "the code"),
        ("said.md", "[a](https://example.com/b.md)", "[a](https://example.com/b.md)"),
        ("said.md", "[a](#b)", "[a](#b)"),
        ("said.md", "```\n[a](../README.md)\n```", "```\n[a](../README.md)\n```"),
    ],
)
def test_links_of_the_checkout_lead_to_pages_of_the_site(page, written, led, monkeypatch):
    module("mkdocs")

    class Page:
        class file:  # noqa: N801 - the name of an attribute of MkDocs
            src_uri = page

    assert script("hooks", monkeypatch).on_page_markdown(written, Page, None, None) == led


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_pictures_are_small_and_load_nothing(picture):
    raw = picture.read_bytes()
    assert len(raw) < 150_000
    if picture.suffix == ".svg":
        assert re.findall(rb"@font-face|url\(http|<script|<image", raw) == []


def test_every_picture_is_shown_somewhere():
    texts = [page.read_text("utf-8") for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))]
    shown = re.findall(r"/([\w-]+\.(?:png|svg))\)", "\n".join(texts))
    assert {picture.name for picture in PICTURES} <= set(shown)


def test_the_readme_is_one_screen():
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(text.splitlines()) <= 80
