"""Tables to files: CSV, JSON, Parquet, and verdicts as Markdown and JUnit XML.

In: small tables and verdicts. Out: bytes. A text cell that a spreadsheet would take for a formula gets an apostrophe in
front in CSV; control characters are written out. A file is written whole or not at all.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import pandas as pd

from svclight.decisions.check import named_criteria
from svclight.decisions.verdicts import (
    NO_DATA,
    NO_VERDICT,
    NOT_JUDGED,
    TOO_FEW,
    WARN,
    verdict_words,
    verdicts_failing,
)
from svclight.errors import Issue, SvclightError, printable_text, quoted_text
from svclight.reading.parquet import parquet_of_table
from svclight.values.files import write_whole
from svclight.wording.catalogue import say, to_say
from svclight.wording.markdown_text import escape_cell, escape_text, table_lines
from svclight.wording.sentence_parts import limit_words, zone_of_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from svclight.decisions.check import Checks

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LONGEST: Final = 300  # characters of a cell
TABLES: Final = (".csv", ".json", ".parquet")


def as_csv(table: pd.DataFrame) -> str:
    """The table as CSV in which a spreadsheet finds no formula."""
    safe = table.copy(deep=False)
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name].dtype):
            safe[name] = [_harmless_cell(value) for value in safe[name].astype(object)]
    return safe.to_csv(index=False, lineterminator="\n")


def _harmless_cell(value: Any) -> Any:
    """A cell of CSV: control characters written out, an apostrophe before what a spreadsheet takes for a formula."""
    if not isinstance(value, str):
        return value
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in value)
    # -5 begins like a formula, too, but is a number
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def write_table(table: pd.DataFrame, path: Path) -> Path:
    """Writes a table by the suffix of the path: .csv, .json (a list of records), .parquet.

    Raises:
        SvclightError: The suffix is none of these, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return write_whole(path, as_csv(table).encode())
    if suffix == ".json":
        records = json.loads(table.to_json(orient="records", date_format="iso"))
        return write_whole(path, (json.dumps(records, ensure_ascii=False, indent=1) + "\n").encode())
    if suffix == ".parquet":
        return write_whole(path, parquet_of_table(table))
    raise SvclightError(
        Issue("unknown kind of file", found=quoted_text(path.name), expected=f"a name that ends in {', '.join(TABLES)}")
    )


def decision_markdown(title: str, sentences: Sequence[str], table: pd.DataFrame) -> str:
    """What a decision found as Markdown: its sentences, and below them its numbers, to four digits."""
    lines = [*([f"## {escape_text(title, _LONGEST)}", ""] if title else [])]
    lines += [*(f"- {escape_text(sentence, _LONGEST)}" for sentence in sentences if sentence.strip()), ""]
    if len(table):
        rows = table.astype(object).to_numpy().tolist()
        lines += table_lines(map(escape_cell, table.columns), ([_short_cell(cell) for cell in row] for row in rows))
    return "\n".join(lines).rstrip("\n") + "\n"


def _short_cell(value: Any) -> str:
    """A cell of Markdown; nothing where nothing can be told."""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.4g}"
    return "" if value is None or value is pd.NA else escape_cell(value, _LONGEST)


def checks_markdown(checks: Checks) -> str:
    """Verdicts as Markdown tables, for a pull request or the summary of a build."""
    lang = checks.lang
    lines = [] if len(checks.table) else [say("No targets are declared.", lang), ""]
    lines += _verdict_lines(checks.rows(), say("reason", lang), checks)
    if len(checks.baseline):
        heads = ("verdict", "criterion", "period", "baseline", "zone", "reason")
        lines += table_lines(_heads(heads, lang), (_baseline_verdict(row, lang) for row in checks.baseline_rows()))
    lines += _verdict_lines(checks.warning_rows(), say("budget", lang), checks)
    if len(checks.not_judged):
        lines += table_lines(
            _heads(("not judged", "period", "reason"), lang), map(_passed_over_cells, checks.not_judged_rows())
        )
    lines += [f"- {escape_text(note, _LONGEST)}" for note in checks.notes]
    return "\n".join(lines).rstrip("\n") + "\n"


_HEADS: Final = (
    to_say("verdict"), to_say("criterion"), to_say("period"), to_say("baseline"), to_say("zone"), to_say("target"),
    to_say("reason"), to_say("budget"), to_say("not judged"),
)  # fmt: skip


def _heads(names: Iterable[str], lang: str) -> list[str]:
    return [say(name, lang) for name in names]


def _verdict_lines(rows: Sequence[dict[str, Any]], last: str, checks: Checks) -> list[str]:
    """The lines of a table of verdicts on targets, with the head of its last column; nothing without rows."""
    if not rows:
        return []
    head = [*_heads(("verdict", "criterion", "period", "zone", "target"), checks.lang), last]
    return list(table_lines(head, (_verdict_cells(row, checks) for row in rows)))


def _verdict_cells(row: dict[str, Any], checks: Checks) -> list[str]:
    cells = (
        f"{row['process']}.{row['criterion']}{checks.where_text(row)}",
        row["period"],
        zone_of_target(row["zone"], checks.lang),
        limit_words(row["target"], checks.lang),
        row["reason"],
    )
    return [_bold_verdict(row["verdict"], checks.lang), *(escape_cell(text, _LONGEST) for text in cells)]


def _baseline_verdict(row: dict[str, Any], lang: str) -> list[str]:
    cells = (
        f"{row['process']}.{row['criterion']}",
        row["period"],
        row["baseline"],
        zone_of_target(row["zone"], lang),
        row["reason"],
    )
    return [_bold_verdict(row["verdict"], lang), *(escape_cell(text, _LONGEST) for text in cells)]


def _passed_over_cells(row: dict[str, Any]) -> list[str]:
    return [escape_cell(text, _LONGEST) for text in (named_criteria(row), row["period"], row["reason"])]


def _bold_verdict(verdict: str, lang: str) -> str:
    words = verdict_words(verdict, lang)
    return f"**{words}**" if verdict in verdicts_failing(strict=False) else words


def _segment_text(row: dict[str, Any]) -> str:
    return f" where {row['where']}" if row["where"] else ""


def checks_junit(checks: Checks, *, strict: bool = False) -> bytes:
    """Verdicts as JUnit XML: one that is missed or worse than the baseline fails, one without a verdict is skipped.

    A period that is passed over is a case that is skipped; so is a budget that is warned of, unless `strict`.
    """
    failing = verdicts_failing(strict=strict)
    skipping = {NO_DATA, NO_VERDICT, TOO_FEW, NOT_JUDGED, WARN} - failing
    rows = [
        (row, f"{row['criterion']}{_segment_text(row)} {row['period']} {row['zone']} {row['target']}")
        for row in checks.rows()
    ]
    rows += [
        (row, f"{row['criterion']} {row['period']} {row['zone']} against {row['baseline'] or 'the baseline'}")
        for row in checks.baseline_rows()
    ]
    rows += [
        (row, f"{row['criterion']}{_segment_text(row)} {row['period']} budget of {row['zone']} {row['target']}")
        for row in checks.warning_rows()
    ]
    rows += [
        ({**row, "verdict": NOT_JUDGED}, f"{row['criterion'] or 'all criteria'} {row['period']}")
        for row in checks.not_judged_rows()
    ]
    suite = ET.Element("testsuite", name="svclight", tests=str(len(rows)))
    suite.set("failures", str(sum(row["verdict"] in failing for row, _ in rows)))
    suite.set("skipped", str(sum(row["verdict"] in skipping for row, _ in rows)))
    for row, written in rows:
        name = printable_text(written, 300)
        case = ET.SubElement(suite, "testcase", classname=printable_text(row["process"], 200), name=name)
        if row["verdict"] in failing | skipping:
            kind = "failure" if row["verdict"] in failing else "skipped"
            ET.SubElement(case, kind, message=f"{row['verdict']}: {printable_text(row['reason'], 300)}")
    text: bytes = ET.tostring(suite, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
