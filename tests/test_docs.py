"""The documentation: what it shows is what happens.

Every page (README.md and docs/*.md) is run from top to bottom in a folder of its own, with one Python namespace:

- a block after a line that ends with a file's name, such as `calls.csv`:, is that file; a whole definition without a name is
  service.yaml; a definition whose file is named wrong… is refused, all others load;
- a ```python block runs; a ```text block right after it is what it prints;
- in a ```console block, lines after $ are commands, the others what they print; a line … stands for any lines;
- a ```yaml block that is no whole definition is a fragment: its first key says where it belongs (FRAME). It loads there, or is
  refused with exactly the message in the ```text block right after it.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from svclight.models import Criterion, Document, Log, Process

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
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


@dataclass(frozen=True)
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
            named = re.search(r"`([\w-]+\.(?:yaml|csv|json))`:$", before)
            text = "\n".join(lines[start : number - 1]) + "\n"
            found.append(Block(language, text, start, named[1] if named else "", before == "```"))
            language, last = None, "```"
    assert language is None, f"{page}:{start}: this block does not end"
    return found


def plain(text: str) -> Any:
    """The data of a block; dates stay text, as svclight reads them."""
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - the base loader makes nothing but text


def first_key(text: str) -> str:
    return text.lstrip().partition(":")[0]


def is_whole(block: Block) -> bool:
    return block.language == "yaml" and bool(re.search(r"^svclight: ", block.text, re.MULTILINE))


def files_of(page: Path) -> dict[str, str]:
    """The files that a page shows."""
    return {block.file or "service.yaml": block.text for block in blocks(page) if block.file or is_whole(block)}


def fragments(page: Path) -> list[tuple[Block, str]]:
    """Fragments of definitions, each with the message that it gets, or nothing."""
    found = blocks(page)
    following = [*found[1:], Block("", "", 0, "", after=False)]
    return [
        (block, later.text.strip() if later.language == "text" and later.after else "")
        for block, later in zip(found, following, strict=True)
        if block.language == "yaml" and not is_whole(block)
    ]


def framed(text: str) -> str:
    """A whole definition around a fragment; what it says replaces what the frame says."""
    head, _, wait = FRAME.rstrip().partition("    criteria:\n")
    key = first_key(text)
    if key in IN_CRITERION - {"time"}:
        given = set(plain(text))
        kept = [] if given & {"measure", "thresholds"} else ["green", "yellow"]
        kept += [] if "measure" in given else ["measure"]
        kept = [line for line in wait.splitlines() if line.strip().partition(":")[0] in set(kept) - given]
        return head + "    criteria:\n      wait:\n" + "\n".join(kept) + "\n" + indented(text, 8)
    if key in IN_LOG - {"title"}:
        return head + without(head, text, 6) + indented(text, 6)
    if key in IN_PROCESS:
        return without_log(head, text) + indented(text, 4)
    if key in IN_DOCUMENT:
        return indented(text, 0) + "\n".join(
            line for line in FRAME.splitlines() if line.partition(":")[0] not in set(plain(text))
        )
    return head + "    criteria:\n" + indented(text, 6)
