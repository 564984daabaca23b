"""What a notebook shows of a result: its sentences, a small table, and the whole in a fold.

In: texts. Out: an HTML fragment without scripts that takes the colours and letters of JupyterLab or VS Code, and of its
surroundings elsewhere. Every text is escaped; control characters are written out.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from svclight.errors import printable_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_ROWS: Final = 12
"""A table shows so many rows; the others are folded."""
MOST_FOLDED: Final = 200
"""A fold holds so many rows; how many more there are is said."""
MOST_SENTENCES: Final = 4
"""So many sentences are shown; the others are folded."""
_LONGEST_HEAD: Final = 120
"""A longer first sentence is no heading."""
_LONGEST: Final = 2000
_STYLE: Final = """
.svclight-shown{color:var(--jp-content-font-color1,var(--vscode-editor-foreground,inherit));
font-family:var(--jp-content-font-family,var(--vscode-font-family,system-ui,sans-serif));font-size:13px;
line-height:1.45;max-width:100%;
--line:var(--jp-border-color2,var(--vscode-widget-border,rgba(128,128,128,.35)));
--faint:var(--jp-content-font-color2,var(--vscode-descriptionForeground,inherit))}
.svclight-shown p{margin:0 0 .35em;max-width:75em}
.svclight-shown p.head{font-weight:600;font-size:14px}
.svclight-shown .note{color:var(--faint);font-size:12px}
.svclight-shown .scroll{overflow-x:auto;margin:.5em 0}
.svclight-shown table{border-collapse:collapse;border:0;margin:0;font-size:13px;color:inherit;background:none}
.svclight-shown thead,.svclight-shown tbody tr,.svclight-shown tbody tr:nth-child(odd),
.svclight-shown tbody tr:hover{background:none;border:0}
.svclight-shown th,.svclight-shown td{padding:3px 14px 3px 0;text-align:left;vertical-align:top;border:0;
border-bottom:1px solid var(--line);white-space:normal;max-width:26em;color:inherit;background:none}
.svclight-shown th{font-weight:600;vertical-align:bottom}
.svclight-shown th.n,.svclight-shown td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.svclight-shown details{margin:.4em 0}
.svclight-shown summary{cursor:pointer;color:var(--faint)}
.svclight-shown pre{margin:.3em 0 .8em;padding:0;line-height:1.45;font-size:12px;color:inherit;background:none;
font-family:var(--jp-code-font-family,var(--vscode-editor-font-family,monospace));white-space:pre;overflow-x:auto}
"""


@dataclass(frozen=True)
class TextTable:
    """A table of texts.

    Attributes:
        head: The names of its columns.
        rows: Its cells.
        numbers: The places of columns that hold numbers: they stand at the right.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


def fragment(*parts: str) -> str:
    """Parts as one fragment with the styles that they need."""
    return f'<div class="svclight-shown"><style>{_STYLE.replace(chr(10), "")}</style>{"".join(parts)}</div>'


def paragraphs(sentences: Iterable[str]) -> str:
    """Sentences, the first of them as a heading where it is short."""
    kept = [sentence for sentence in sentences if sentence.strip()]
    heads = [not place and len(text) <= _LONGEST_HEAD for place, text in enumerate(kept)]
    return "".join(
        f'<p class="head">{shown(text)}</p>' if is_head else f"<p>{shown(text)}</p>"
        for text, is_head in zip(kept, heads, strict=True)
    )


def notes(texts: Iterable[str]) -> str:
    """Notes in small letters."""
    return "".join(f'<p class="note">{shown(text)}</p>' for text in texts)


def table(made: TextTable) -> str:
    """A table; it scrolls sideways where it is wide. Nothing for a table without rows."""
    if not made.rows:
        return ""
    head = "".join(f'<th scope="col"{_kind(place, made)}>{shown(name)}</th>' for place, name in enumerate(made.head))
    body = "".join(f"<tr>{_cells(row, made)}</tr>" for row in made.rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cells(row: Sequence[str], made: TextTable) -> str:
    return "".join(f"<td{_kind(place, made)}>{shown(cell)}</td>" for place, cell in enumerate(row))


def _kind(place: int, made: TextTable) -> str:
    return ' class="n"' if place in made.numbers else ""


def code(text: str) -> str:
    """A text whose lines and blanks stay as they are."""
    lines = (escape(printable_text(line, _LONGEST)) for line in text.split("\n"))
    return f"<pre>{chr(10).join(lines)}</pre>"


def fold(title: str, content: str) -> str:
    """Content that is shown when it is asked for; nothing where there is none."""
    return f"<details><summary>{shown(title)}</summary>{content}</details>" if content else ""


def shown(text: object) -> str:
    """A text as HTML that shows just this text; a line break stays one."""
    lines = str(text).replace("\u202f", "\xa0").split("\n")
    # a no-break space is none of the characters that are written out here
    parts = ("\xa0".join(printable_text(part, _LONGEST) for part in line.split("\xa0")) for line in lines)
    return "<br>".join(escape(part) for part in parts)
