"""The pictures of the documentation, made anew: `make pictures`.

In: what `svclight demo` writes, and commands as a terminal shows them. Out: docs/pictures: the report in light, dark,
on a phone and printed (PNG with a palette, under 150 KB), and terminals (SVG that loads nothing). It needs Chromium
and, for the printed page, pdftoppm.
"""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.text import Text

PICTURES: Final = Path(__file__).parents[1] / "pictures"
_MOST_BYTES: Final = 150_000
_WIDTH: Final = 100
_PAGES: Final[dict[str, dict[str, Any]]] = {
    "report-light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "report-dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "report-phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "device_scale_factor": 2},
}
_TERMINALS: Final = {
    "terminal-score": "score hotline.yaml --log calls.csv.gz --as-of 2026-01-01T06:00",
    "terminal-check": "check hotline.yaml --log calls.csv.gz --as-of 2026-01-01T06:00",
    "terminal-compare": "compare hotline.yaml --log calls.csv.gz 2025-02 2025-03",
    "terminal-plan": "plan hotline.yaml --log calls.csv.gz --period 2025-03 --by team",
}
"""Commands by the name of their picture, in the folder that `svclight demo` makes."""


def main() -> None:
    """Makes all pictures; ends with a message where a tool is missing or a picture became too large."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "svclight-demo"
        subprocess.run([_svclight(), "demo", "-o", str(folder)], check=True, capture_output=True)  # noqa: S603
        draw_report(folder / "report.html")
        for name, call in _TERMINALS.items():
            (PICTURES / f"{name}.svg").write_text(terminal_svg(name, call, folder), "utf-8")
    for path in sorted(PICTURES.iterdir()):
        print(f"{path.stat().st_size:8,} {path.name}")


def _svclight() -> str:
    return str(Path(sys.executable).with_name("svclight"))


def draw_report(report: Path) -> None:
    """Draws the first screen of a report in each state, and its first printed page."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        for name, screen in _PAGES.items():
            page = browser.new_page(**screen)
            page.goto(report.as_uri())
            _save(page.screenshot, name)
        page = browser.new_page(color_scheme="light")
        page.goto(report.as_uri())
        page.pdf(path=report.with_suffix(".pdf"), format="A4", print_background=True)
        browser.close()
    first = ["pdftoppm", "-png", "-r", "110", "-singlefile", report.with_suffix(".pdf"), report.with_suffix("")]
    subprocess.run(first, check=True)  # noqa: S603
    _save(lambda path: shutil.copy(report.with_suffix(".png"), path), "report-print")


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return found or sys.exit("there is no Chromium to take pictures with; on Debian: apt install chromium")


def _save(draw: Any, name: str) -> None:
    """Saves a picture with a palette of 128 colours: a quarter of the bytes, and texts look the same."""
    path = PICTURES / f"{name}.png"
    draw(path=path)
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    if path.stat().st_size > _MOST_BYTES:
        sys.exit(f"{path} has {path.stat().st_size:,} bytes; expected at most {_MOST_BYTES:,}")


def terminal_svg(name: str, call: str, folder: Path) -> str:
    """A command and what a terminal shows after it, as SVG."""
    console = Console(record=True, width=_WIDTH, file=open(os.devnull, "w"), force_terminal=True)  # noqa: PTH123, SIM115
    console.print(f"[bold]$[/bold] svclight {call}", soft_wrap=False, highlight=False)
    console.print(Text.from_ansi(_shown(call, folder).rstrip()))
    drawn = console.export_svg(title="svclight", unique_id=name)
    # the fonts that it asks for lie on a server; the reader's own one is as good
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL).replace("Fira Code, monospace", "monospace")


def _shown(call: str, folder: Path) -> str:
    """What a command writes to standard output, a terminal of some width."""
    ours, its = pty.openpty()
    size = {"COLUMNS": str(_WIDTH), "LINES": "60", "TERM": "xterm-256color"}
    command = subprocess.Popen(  # noqa: S603
        [_svclight(), *call.split()], stdout=its, stderr=subprocess.DEVNULL, cwd=folder, env=os.environ | size
    )
    os.close(its)
    raw = b""
    with suppress(OSError):  # a terminal that was closed ends so
        while piece := os.read(ours, 65536):
            raw += piece
    command.wait()
    return raw.decode("utf-8").replace("\r\n", "\n")


if __name__ == "__main__":
    main()
