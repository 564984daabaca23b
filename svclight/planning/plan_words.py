"""A plan in words: the place of each line and its reason, the work to the target, the way to its interactions.

In: rows of a plan. Out: text, not escaped for any format.
"""

from __future__ import annotations

import math
import shlex
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from svclight.decisions import verdicts
from svclight.planning import damage
from svclight.planning.damage import MORE, UNKNOWN
from svclight.values.quantities import decimal_text
from svclight.wording.result_words import segments_text, upper_first
from svclight.wording.shares import number_text, percent_number, points_number, share_text
from svclight.wording.short_phrases import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svclight.wording.shares import Ends

Row = dict[str, Any]
_WORD: Final = {"red": "red", "yellow": "yellow", "green": "green", "net": "net score"}


def where_of(row: Row, by: Sequence[str]) -> str:
    """The segments of a row, `team west, topic billing`; empty without any."""
    return segments_text((name, row[name]) for name in by)


def line_sentence(row: Row, title: str, by: Sequence[str], ends: Ends) -> str:
    """A whole line in words: its name, the reason for its place, its share, and the work to reach the target.

    `ends` are those of the targets of its share.
    """
    where = where_of(row, by)
    head = f"{title}, {where}" if where else title
    return f"{head}: {row['why']}. {standing_text(row, ends)}. {upper_first(row['needed'])}{_money_text(row)}."


def why_ranked(row: Row, *, first: bool, by_money: str) -> str:
    """The reason for the place of a line: the part of its damage that is sure, or why nothing is sure."""
    share = f"{share_text(row['damage_share'])} of all damage"
    what = _excess_text(row["above"], row)
    match row["verdict"]:
        case verdicts.TOO_FEW:
            return f"{what} seen, {share}, but nothing is sure: too few are rated"
        case verdicts.CANNOT_TELL:
            return f"{what} seen, {share}, but nothing is sure: chance alone could do so much"
        case damage.NO_TARGET:
            return f"{what}, {share}"
    if not row["sure"]:
        return f"{what} seen, {share}: more than chance alone would do, but less than one of them is certain"
    sure = f"at least {_excess_text(row['sure'], row)} for sure ({amount_text(row['above'])} seen), {share}"
    if by_money:
        worth = (
            "no cost is given"
            if math.isnan(row["sure_money"])
            else f"worth {amount_text(row['sure_money'])} {by_money}"
        )
        sure = f"{sure}, {worth}"
    return f"{sure}; nothing else has more to win for sure" if first else sure


def chance_notes(tested: int, level: float, lines: pd.DataFrame) -> Iterator[str]:
    """The note on how many lines would look missed by chance, had they not been corrected for their number."""
    if tested > 1 and (lines["sure"] > 0).any():
        by_chance = decimal_text(round(tested * level, 3))
        yield (
            f"{tested:,} lines are held against targets, corrected by Holm: without that, {by_chance} of {tested:,} "
            "that are exactly on target would look missed for sure, by chance alone"
        )


def nothing_text(cells: pd.DataFrame, tested: int, *, accepted: int) -> str:
    """What is said of a plan without a line.

    Args:
        cells: All cells that are rated, with `target`.
        tested: How many of them are held against a target.
        accepted: How many misses are accepted.
    """
    if not len(cells):
        return "nothing was judged: no period that is whole and mature has a rated interaction"
    if accepted:
        return "nothing lies beyond its target but what is accepted"
    few = int((cells["target"] != "").sum()) - tested
    if tested:
        rest = f"; {count_text(few, 'line')} could not be judged, as too few are rated" if few else ""
        return f"nothing lies beyond its target ({count_text(tested, 'line')} judged{rest})"
    if few:
        return f"nothing was judged: of {count_text(few, 'line')} with a target too few are rated"
    return "no criterion has a target, and nothing is red"


def standing_text(row: Row, ends: Ends) -> str:
    """The share of a line with its interval, the target (its ends are `ends`) and the usual share."""
    word, unit = (number_text, "") if row["zone"] == "net" else (percent_number, " %")
    share, low, high = (word(row[name], ends) for name in ("share", "low", "high"))
    target = f"target {row['target']}" if row["target"] else "no target is declared, so every red is damage"
    interval = f"95 %: {low} to {high}{unit}"
    now = f"{upper_first(_WORD[row['zone']])} {share}{unit} of {row['rated']:,} rated ({interval}), {target}"
    if row["trend"] == UNKNOWN:
        return now
    return f"{now}; {row['trend']} (median of {row['earlier']} earlier: {word(row['usual'], ends)}{unit})"


def needed_text(row: Row, periods: int, kind: str) -> str:
    """The work to reach the target: interactions a period, and percent of those that there are."""
    each = math.ceil(round(row["above"] / periods, 6))
    zone = row["zone"]
    if not row["target"]:
        return f"to be without red: {each:,} fewer red{_plural_s(each)} a {kind}"
    if zone == "net":
        step = _step_text(-each, row["red"] / periods)
        return f"to reach the target: {each:,} a {kind} must turn from red to green{step}"
    sign = each if row["side"] == MORE else -each
    step = _step_text(sign, row[zone] / periods)
    return f"to reach the target: {each:,} {row['side']} {zone}{_plural_s(each)} a {kind}{step}"


def _plural_s(count: int) -> str:
    return "" if count == 1 else "s"


def _step_text(step: float, there: float) -> str:
    return f": {points_number(step / there, 0)} %" if there else ""


def interactions_call(row: Row, period: str, by: Sequence[str]) -> dict[str, Any]:
    """The arguments of `card.interactions` that give the interactions behind a line."""
    zone = "yellow" if row["zone"] == "yellow" or not row["red"] else "red"
    made = {"process": row["process"], "criterion": row["criterion"], "zone": zone}
    if period:
        made["period"] = period
    where = {name: row[name] for name in by if not pd.isna(row[name])}
    return {**made, "where": where} if where else made


def call_text(arguments: dict[str, Any]) -> str:
    """The call of `card.interactions` as Python code."""
    process, criterion, *rest = arguments.items()
    more = "".join(f", {name}={value!r}" for name, value in rest)
    return f"card.interactions({process[1]!r}, {criterion[1]!r}{more})".replace("'", '"')


def command_line(arguments: dict[str, Any], definition: str, logs: Sequence[str]) -> str:
    """The command that lists the interactions behind a line; the rows of its segment are those to look at."""
    words = ["svclight", "interactions", definition]
    words += [word for log in logs for word in ("--log", log)]
    words += ["--criterion", f"{arguments['process']}.{arguments['criterion']}", "--zone", arguments["zone"]]
    words += ["--period", arguments["period"]] if "period" in arguments else []
    words += [word for name in arguments.get("where", {}) for word in ("--by", name)]
    return shlex.join(words)


def amount_text(number: float) -> str:
    """A number of interactions, or of money: rounded down to a whole one; below 1 with one decimal."""
    if 0 < number < 1:
        return "under 0.1" if number < 0.1 else f"{math.floor(10 * number) / 10}"  # noqa: PLR2004 - one decimal is shown
    return f"{math.floor(round(number, 6)):,}"


def _excess_text(number: float, row: Row) -> str:
    """So many reds too many, greens too few."""
    shown = amount_text(number)
    if not row["target"]:
        return f"{shown} red{'' if shown == '1' else 's'}"
    if row["zone"] == "net":
        return f"{shown} reds instead of greens"
    return f"{shown} {row['zone']}{'' if shown == '1' else 's'} too {'few' if row['side'] == MORE else 'many'}"


def _money_text(row: Row) -> str:
    if math.isnan(row["money"]):
        return ""
    return f"; worth {amount_text(row['money'])} {row['currency']}".rstrip()
