"""A plan in words: the place of each line and its reason, the work to the target, the way to its interactions.

In: rows of a plan, a language. Out: text, not escaped for any format.
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
from svclight.wording.catalogue import say, say_counted, say_of, to_say_of
from svclight.wording.languages import decimal_sign, interval_words, share_words, whole_number
from svclight.wording.result_words import upper_first
from svclight.wording.sentence_parts import limit_words, segments_words, zone_of_target
from svclight.wording.shares import number_text, points_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svclight.wording.shares import Ends

Row = dict[str, Any]
_TRENDS: Final = (
    to_say_of("trend", "worse than usual"),
    to_say_of("trend", "better than usual"),
    to_say_of("trend", "as usual"),
)


def where_of(row: Row, by: Sequence[str], lang: str = "en") -> str:
    """The segments of a row, `team west, topic billing`; empty without any."""
    return segments_words(((name, row[name]) for name in by), lang)


def line_sentence(row: Row, title: str, by: Sequence[str], ends: Ends, lang: str) -> str:
    """A whole line in words: its name, the reason for its place, its share, and the work to reach the target.

    `ends` are those of the targets of its share.
    """
    where = where_of(row, by, lang)
    head = f"{title}, {where}" if where else title
    return f"{head}: {reason_text(row, ends, lang)}"


def reason_text(row: Row, ends: Ends, lang: str) -> str:
    """What stands behind the name of a line: the reason for its place, its share, and the work to reach the target."""
    work = upper_first(row["needed"])
    if not math.isnan(row["money"]):
        worth = f"{amount_text(row['money'], lang)} {row['currency']}".rstrip()
        work = say("{work}; worth {amount}", lang, work=work, amount=worth)
    return f"{row['why']}. {standing_text(row, ends, lang)}. {work}."


def why_ranked(row: Row, *, first: bool, by_money: bool, lang: str) -> str:
    """The reason for the place of a line: the part of its damage that is sure, or why nothing is sure."""
    share = share_words(row["damage_share"], lang)
    excess = excess_text(row["above"], row, lang)
    values = {"excess": excess, "share": share}
    match row["verdict"]:
        case verdicts.TOO_FEW:
            return say("{excess} seen, {share} of all damage, but nothing is sure: too few are rated", lang, **values)
        case verdicts.CANNOT_TELL:
            return say(
                "{excess} seen, {share} of all damage, but nothing is sure: chance alone could do so much",
                lang,
                **values,
            )
        case damage.NO_TARGET:
            return say("{excess}, {share} of all damage", lang, **values)
    if not row["sure"]:
        return say(
            "{excess} seen, {share} of all damage: more than chance alone would do, but less than one of them is "
            "certain",
            lang,
            **values,
        )
    sure = say(
        "at least {excess} for sure ({seen} seen), {share} of all damage",
        lang,
        excess=excess_text(row["sure"], row, lang),
        seen=amount_text(row["above"], lang),
        share=share,
    )
    if by_money:
        sure = f"{sure}, {_worth_text(row, lang)}"
    return say("{sure}; nothing else has more to win for sure", lang, sure=sure) if first else sure


def _worth_text(row: Row, lang: str) -> str:
    """What the sure part of a line is worth."""
    if math.isnan(row["sure_money"]):
        return say("no cost is given", lang)
    amount = amount_text(row["sure_money"], lang)
    if not row["currency"]:
        return say("worth {amount} of money", lang, amount=amount)
    amount = f"{amount} {row['currency']}"
    return say("worth {amount}", lang, amount=amount)


def chance_notes(tested: int, level: float, lines: pd.DataFrame, lang: str) -> Iterator[str]:
    """The note on how many lines would look missed by chance, had they not been corrected for their number."""
    if tested > 1 and (lines["sure"] > 0).any():
        yield say(
            "{tested} lines are held against targets, corrected by Holm: without that, {chance} of {tested} that are "
            "exactly on target would look missed for sure, by chance alone",
            lang,
            tested=whole_number(tested, lang),
            chance=decimal_sign(decimal_text(round(tested * level, 3)), lang),
        )


def nothing_text(cells: pd.DataFrame, tested: int, *, accepted: int, lang: str) -> str:
    """What is said of a plan without a line.

    Args:
        cells: All cells that are rated, with `target`.
        tested: How many of them are held against a target.
        accepted: How many misses are accepted.
        lang: The language.
    """
    if not len(cells):
        return say("nothing was judged: no period that is whole and mature has a rated interaction", lang)
    if accepted:
        return say("nothing lies beyond its target but what is accepted", lang)
    few = int((cells["target"] != "").sum()) - tested
    if not tested and few:
        return say_counted(
            "nothing was judged: of {count} line with a target too few are rated",
            "nothing was judged: of {count} lines with a target too few are rated",
            few,
            lang,
        )
    if not tested:
        return say("no criterion has a target, and nothing is red", lang)
    judged = say_counted("{count} line judged", "{count} lines judged", tested, lang)
    if few:
        rest = say_counted(
            "{count} line could not be judged, as too few are rated",
            "{count} lines could not be judged, as too few are rated",
            few,
            lang,
        )
        judged = f"{judged}; {rest}"
    return say("nothing lies beyond its target ({judged})", lang, judged=judged)


def standing_text(row: Row, ends: Ends, lang: str) -> str:
    """The share of a line with its interval, the target (its ends are `ends`) and the usual share."""
    share = _share_text(row, "share", ends, lang)
    interval = interval_words(row["low"], row["high"], lang, ends)
    if row["zone"] == "net":
        low, high = (decimal_sign(number_text(row[name], ends), lang) for name in ("low", "high"))
        interval = say("{low} to {high}", lang, low=low, high=high)
    now = say(
        "{zone} {share} of {rated} rated (95 %: {interval})",
        lang,
        zone=upper_first(zone_of_target(row["zone"], lang)),
        share=share,
        rated=whole_number(row["rated"], lang),
        interval=interval,
    )
    if row["target"]:
        now = say("{now}, target {target}", lang, now=now, target=limit_words(row["target"], lang))
    else:
        now = say("{now}, no target is declared, so every red is damage", lang, now=now)
    if row["trend"] == UNKNOWN:
        return now
    usual = say_counted(
        "median of {count} earlier: {usual}",
        "median of {count} earlier: {usual}",
        row["earlier"],
        lang,
        usual=_share_text(row, "usual", ends, lang),
    )
    return f"{now}; {say_of('trend', row['trend'], lang)} ({usual})"


def _share_text(row: Row, name: str, ends: Ends, lang: str) -> str:
    if row["zone"] == "net":
        return decimal_sign(number_text(row[name], ends), lang)
    return share_words(row[name], lang, ends)


def needed_text(row: Row, periods: int, kind: str, lang: str) -> str:
    """The work to reach the target: interactions a period, and percent of those that there are."""
    each = math.ceil(round(row["above"] / periods, 6))
    period = say_of("for one of them", kind, lang)
    zone = row["zone"]
    if not row["target"]:
        change = _change_text(each, "red", "", lang)
        return say("to be without red: {change} a {period}", lang, change=change, period=period)
    if zone == "net":
        return say(
            "to reach the target: {count} a {period} must turn from red to green{step}",
            lang,
            count=whole_number(each, lang),
            period=period,
            step=_step_text(-each, row["red"] / periods, lang),
        )
    sign = each if row["side"] == MORE else -each
    return say(
        "to reach the target: {change} a {period}{step}",
        lang,
        change=_change_text(each, zone, row["side"], lang),
        period=period,
        step=_step_text(sign, row[zone] / periods, lang),
    )


def _change_text(count: int, zone: str, side: str, lang: str) -> str:
    """So many more, or fewer, in a zone."""
    match zone, side == MORE:
        case "green", True:
            return say_counted("{count} more green", "{count} more greens", count, lang)
        case "yellow", True:
            return say_counted("{count} more yellow", "{count} more yellows", count, lang)
        case "red", True:
            return say_counted("{count} more red", "{count} more reds", count, lang)
        case "green", False:
            return say_counted("{count} fewer green", "{count} fewer greens", count, lang)
        case "yellow", False:
            return say_counted("{count} fewer yellow", "{count} fewer yellows", count, lang)
        case _:
            return say_counted("{count} fewer red", "{count} fewer reds", count, lang)


def _step_text(step: float, there: float, lang: str) -> str:
    return f" ({decimal_sign(points_number(step / there, 0), lang)} %)" if there else ""


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
    """The command that lists the interactions behind a line, those of its segments alone."""
    words = ["svclight", "interactions", definition]
    words += [word for log in logs for word in ("--log", log)]
    words += ["--criterion", f"{arguments['process']}.{arguments['criterion']}", "--zone", arguments["zone"]]
    words += ["--period", arguments["period"]] if "period" in arguments else []
    words += [word for name, value in arguments.get("where", {}).items() for word in ("--where", f"{name}={value}")]
    return shlex.join(words)


def amount_text(number: float, lang: str = "en") -> str:
    """A number of interactions, or of money: rounded down to a whole one; below 1 with one decimal."""
    if 0 < number < 0.1:  # noqa: PLR2004 - one decimal is shown
        return say("under {number}", lang, number=decimal_sign("0.1", lang))
    if 0 < number < 1:
        return decimal_sign(f"{math.floor(10 * number) / 10}", lang)
    return whole_number(math.floor(round(number, 6)), lang)


def excess_text(number: float, row: Row, lang: str) -> str:
    """So many reds too many, greens too few."""
    shown = amount_text(number, lang)
    # parts of one take the form of many: "0.4 greens"
    form = math.floor(round(number, 6)) if number >= 1 else 2
    if not row["target"]:
        return say_counted("{count} red", "{count} reds", form, lang, count=shown)
    if row["zone"] == "net":
        return say_counted("{count} red instead of green", "{count} reds instead of greens", form, lang, count=shown)
    return _too_many_text(form, row["zone"], row["side"], lang, shown)


def _too_many_text(form: int, zone: str, side: str, lang: str, shown: str) -> str:
    """So many too many, or too few, in a zone; `form` is the count by which the words have their form."""
    match zone, side == MORE:
        case "green", True:
            return say_counted("{count} green too few", "{count} greens too few", form, lang, count=shown)
        case "yellow", True:
            return say_counted("{count} yellow too few", "{count} yellows too few", form, lang, count=shown)
        case "red", True:
            return say_counted("{count} red too few", "{count} reds too few", form, lang, count=shown)
        case "green", False:
            return say_counted("{count} green too many", "{count} greens too many", form, lang, count=shown)
        case "yellow", False:
            return say_counted("{count} yellow too many", "{count} yellows too many", form, lang, count=shown)
        case _:
            return say_counted("{count} red too many", "{count} reds too many", form, lang, count=shown)
