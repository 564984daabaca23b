"""The documentation: what it shows is what happens.

Every page (README.md and docs/**/*.md) is run from top to bottom in a folder of its own, with one Python namespace:

- a block after a line that ends with a file's name, such as `calls.csv`:, is that file; a whole definition without a name is
  service.yaml; a definition whose file is named wrong… is refused, all others load;
- a ```python block runs; a ```text block right after it is what it prints; a ```py block needs a server and is only compiled;
- a page that imports one of EXTRAS is not run where that is not installed;
- a page that says "the files of `examples/NAME`" has the definition and the log of that example, one that names
  `svclight-demo/` what `svclight demo` puts there;
- in a ```console block, lines after $ are commands, the others what they print; long lines may be broken, and … stands
  for anything;
- a ```yaml block that is no whole definition is a fragment: its keys say where in FRAME it belongs: criterion, log, process,
  document, or else criteria by name. It loads there, or is refused with exactly the message in the ```text block after it.
"""

import contextlib
import dataclasses
import io
import json
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest
import typer
from support.needs import module
from support.places import ROOT

import svclight
from svclight import cli
from svclight.definition import yaml_text
from svclight.definition.models import Criterion, Document, Log, Measure, Process

EXTRAS = ("polars",)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LONG = ("docs/guide.md", "docs/said.md")
"""Pages on two years of a log: they are run with the slow tests."""
FRAME = """
svclight: 1
time_zone: Europe/Berlin
calendars:
  office: {hours: {mon-fri: "09:00-18:00"}}
processes:
  hotline:
    title: Hotline
    log:
      time: queued_at
      id: call_id
      customer: caller
      segments: [team, topic]
      fields:
        queued_at: {time: queued_at}
        answered_at: {time: answered_at}
        ended_at: {time: ended_at}
        solved_at: {time: solved_at}
        promised_on: {time: promised_on}
        delivered_at: {time: delivered_at}
        talked: {number: talk_s, unit: s}
        held: {number: hold_s, unit: s}
        caller: {text: caller_id}
        result: {text: result}
        solved: {flag: solved}
        greeted: {flag: greeted}
        rating: {number: rating}
        survey_sent: {flag: survey_sent}
    criteria:
      wait:
        measure: {duration: {from: queued_at, to: answered_at}}
        green: "<= 30 s"
        yellow: "<= 1 min"
"""
IN_CRITERION, IN_LOG, IN_PROCESS, IN_DOCUMENT = (
    {field.alias or name for name, field in model.model_fields.items()} for model in (Criterion, Log, Process, Document)
)


@dataclasses.dataclass(frozen=True)
class Block:
    """A fenced block of a page; `after` says whether only blank lines part it from the block before."""

    language: str
    text: str
    line: int
    file: str
    after: bool


def blocks(page: Path) -> list[Block]:
    found: list[Block] = []
    language, start, last, before = None, 0, "", ""
    lines = page.read_text("utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if not line.startswith("```"):
            last = line if language is None and line.strip() else last
        elif language is None:
            language, start, before = line.removeprefix("```").strip(), number, last
        else:
            named = re.search(r"`([\w-]+\.(?:yaml|csv|json)|queue_log)`:$", before)
            text = "\n".join(lines[start : number - 1]) + "\n"
            found.append(Block(language, text, start, named[1] if named else "", before == "```"))
            language, last = None, "```"
    assert language is None, f"{page}:{start}: this block does not end"
    return found


def plain(text: str) -> dict[str, Any]:
    """The data of a fragment, by the same reading of YAML as definitions have."""
    parsed = yaml_text.parse_yaml(text, "fragment")
    assert not parsed.issues, parsed.issues
    return parsed.data


def called(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _marks(page: Path) -> list[pytest.MarkDecorator]:
    """What a page of commands alone shows is tried with one version of Python, as the commands' own tests are."""
    is_typed_alone = "```python" not in page.read_text("utf-8") and page.name != "README.md"
    return [*([pytest.mark.slow] if called(page) in LONG else []), *([pytest.mark.once] if is_typed_alone else [])]


RUN = [pytest.param(page, marks=_marks(page)) for page in PAGES]


def is_whole(block: Block) -> bool:
    return block.language == "yaml" and bool(re.search(r"^svclight: ", block.text, re.MULTILINE))


def is_file(block: Block) -> bool:
    return bool(block.file) or is_whole(block)


def fragments(page: Path) -> list[tuple[Block, str]]:
    """Fragments of definitions, each with the message that it gets, or nothing."""
    found = blocks(page)
    following = [*found[1:], Block("", "", 0, "", after=False)][: len(found)]
    return [
        (block, later.text.strip() if later.language == "text" and later.after else "")
        for block, later in zip(found, following, strict=True)
        if block.language == "yaml" and not is_file(block)
    ]


def framed(text: str) -> str:
    """A whole definition around a fragment: what it says replaces what the frame says."""
    given, whole = plain(text), plain(FRAME)
    process = whole["processes"]["hotline"]
    wait = process["criteria"]["wait"]
    if given.keys() <= IN_CRITERION:
        if given.keys() & {"measure", "thresholds"}:
            wait = {"measure": wait["measure"]}
        process["criteria"]["wait"] = wait | given
    elif given.keys() <= IN_LOG:
        process["log"] |= given
    elif given.keys() <= IN_PROCESS:
        whole["processes"]["hotline"] = process | given
    elif given.keys() <= IN_DOCUMENT:
        whole |= given
    else:
        process["criteria"] |= given
    return json.dumps(whole)  # JSON is YAML


FRAGMENTS = [
    pytest.param(block, message, id=f"{called(page)}-{block.line}")
    for page in PAGES
    for block, message in fragments(page)
]


@pytest.mark.parametrize(("block", "message"), FRAGMENTS)
def test_fragments_load_or_are_refused_as_shown(block, message):
    if not message:
        svclight.loads(framed(block.text))
        return
    with pytest.raises(svclight.DefinitionError) as caught:
        svclight.loads(framed(block.text))
    said = [str(dataclasses.replace(issue, file="", line=None)) for issue in caught.value.issues]
    assert agree(message, "\n".join(said)), "\n".join(said)


@pytest.mark.parametrize("page", RUN, ids=called)
def test_the_page_does_what_it_shows(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, value in {"COLUMNS": "120", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    _need_extras(page)
    _copy_examples(page, tmp_path)
    names: dict[str, Any] = {"__name__": page.stem}
    printed, code = "", 0
    for block in blocks(page):
        where = f"{page}:{block.line}"
        if is_file(block):
            _write(block)
        elif block.language in ("python", "py"):
            compiled = compile("\n" * block.line + block.text, str(page), "exec")
            printed = _run(compiled, names) if block.language == "python" else ""
        elif block.language == "text" and block.after and printed:
            assert agree(block.text, printed), f"{where}: printed was\n{printed}"
        elif block.language == "console":
            code = _typed(block, where, tmp_path, code)
        if block.language not in ("python", "text"):
            printed = ""


def _copy_examples(page: Path, folder: Path) -> None:
    """Copies the definition and the log of each example whose files a page speaks of."""
    text = page.read_text("utf-8")
    wanted = [(example, folder) for example in re.findall(r"the files of `examples/(\w+)`", text)]
    wanted += [("hotline", folder / "svclight-demo")] if "`svclight-demo/`" in text else []
    for example, target in wanted:
        target.mkdir(exist_ok=True)
        for path in (ROOT / "examples" / example).iterdir():
            if path.suffix in (".yaml", ".gz"):
                shutil.copy(path, target)


def _need_extras(page: Path) -> None:
    code = "".join(block.text for block in blocks(page) if block.language == "python")
    for name in EXTRAS:
        if f"import {name}" in code:
            module(name)


def _write(block: Block) -> None:
    name = block.file or "service.yaml"
    Path(name).write_text(block.text, "utf-8")
    if not is_whole(block):
        return
    if not name.startswith("wrong"):
        svclight.load(name)
        return
    with pytest.raises(svclight.DefinitionError):
        svclight.load(name)


def _run(code: Any, names: dict[str, Any]) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, names)  # noqa: S102 - the documentation is ours
    plt.close("all")
    return printed.getvalue()


def _typed(block: Block, where: str, folder: Path, code: int) -> int:
    """Runs the commands of a block; gives the exit code of the last one."""
    for typed in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, shown = typed.partition("\n")
        if command == "echo $?":
            assert shown.strip() == str(code), where
            continue
        code, output = _command(command)
        output = output.replace(f"{folder.resolve()}/", "").replace(f"{folder}/", "")
        assert agree(shown, output), f"{where}: {command} gave {code} and\n{output}"
    return code


def _command(command: str) -> tuple[int, str]:
    """Exit code and output, errors among it, of a `svclight` command, which may end in `> FILE`."""
    words = shlex.split(command, comments=True)
    target = words[words.index(">") + 1] if ">" in words else ""
    arguments = words[: words.index(">")] if target else words
    assert arguments[0] == "svclight", command
    code, output = 0, io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", arguments)
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                cli.main()
            except SystemExit as end:
                code = int(end.code or 0)
    if target:
        Path(target).write_text(output.getvalue(), "utf-8")
    return code, "" if target else output.getvalue()


def agree(shown: str, real: str) -> bool:
    """Whether an output is what is shown, word by word: long lines may be broken, and … stands for anything."""
    pattern = " ".join(".*?" if word == "…" else re.escape(word) for word in shown.split())
    return re.fullmatch(pattern, " ".join(real.split())) is not None


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_commands_that_are_named_exist(page):
    group = typer.main.get_command(cli.app)
    for block in blocks(page):
        if block.language != "sh":
            continue
        for line in block.text.splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] != ["svclight"]:
                continue
            command = group.commands[words[1]]
            known = {option for each in command.params for option in each.opts}
            assert {word for word in words if word.startswith("-")} <= known, f"{page}:{block.line}: {line}"


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_links_lead_to_files(page):
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
        assert "://" in link or (page.parent / link).exists(), link


def headings(page: Path) -> set[str]:
    """The names by which headings of a page are linked to."""
    prose = re.sub(r"(?ms)^```.*?^```", "", page.read_text("utf-8"))
    found = re.findall(r"(?m)^#+ (.+)$", prose)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in found}


@pytest.mark.parametrize("page", PAGES, ids=called)
def test_links_lead_to_headings(page):
    for link, heading in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text("utf-8")):
        assert heading in headings(page.parent / link if link else page), f"{link}#{heading}"


def test_every_measure_has_a_page():
    pages = {page.stem for page in (ROOT / "docs" / "measures").glob("*.md")} - {"README"}
    assert pages == set(Measure.model_fields)
    linked = re.findall(r"\((\w+)\.md\)", (ROOT / "docs" / "measures" / "README.md").read_text("utf-8"))
    assert set(linked) == pages


@pytest.mark.parametrize("name", Measure.model_fields)
def test_the_page_of_a_measure_shows_it_on_five_rows(name):
    page = ROOT / "docs" / "measures" / f"{name}.md"
    rows = [block.text.splitlines()[1:] for block in blocks(page) if block.language == "csv"]
    assert [len(log) for log in rows] == [5]
    whole = next(block for block in blocks(page) if is_whole(block))
    criteria = next(iter(plain(whole.text)["processes"].values()))["criteria"].values()
    assert any(name in criterion["measure"] for criterion in criteria)
    said = page.read_text("utf-8").lower()
    assert [word for word in ("missing", "unfinished", "abandoned", "weights", "matured") if word not in said] == []
