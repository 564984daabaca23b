"""The change between two periods, or between two cards, and whether the data can show it.

In: a `CardTables` and two periods (or stretches of periods), or two cards. Out: `Comparison`: for each criterion the
difference of each zone's share with its interval and corrected p-value, the same at the first side's mix of segments,
a verdict, and a sentence that says it. Works on counts alone, so hand-kept cards are compared like counted ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.card.card_tables import FEW, CardTables, check_card
from svclight.decisions.compare_words import comparison_notes, comparison_sentence, side_words
from svclight.decisions.compared_sides import Sides, both_sides
from svclight.decisions.result import CHANGE_INTERVAL, Result
from svclight.decisions.verdicts import (
    BETTER,
    MIXED,
    NO_DATA,
    NO_DIFFERENCE,
    NO_VERDICT,
    TOO_FEW,
    WORSE,
    weaker_verdict,
)
from svclight.errors import SvclightError, texts_of, unknown_name
from svclight.processes import criterion_titles
from svclight.statistics import shares
from svclight.statistics.two_shares import (
    CORRECTIONS,
    FAR_OUT,
    at_first_mix,
    chi_squared,
    corrected_p_values,
    newcombe_interval,
    p_value,
    widening_factor,
)
from svclight.thresholds import ZONES
from svclight.wording.languages import language_of
from svclight.wording.sentence_parts import notes_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from svclight.definition.criterion_id import CriterionId

    Floats = NDArray[np.float64]

VERDICTS: Final = (BETTER, WORSE, MIXED, NO_DIFFERENCE, TOO_FEW, NO_VERDICT, NO_DATA)
"""With fewer than 4 earlier periods the first three are weaker: `likely better, if months vary by chance alone`."""
TESTED: Final = ("green", "red")
"""The zones whose differences decide; yellow is what is left."""
_LEVEL: Final = 0.05


@dataclass(frozen=True, repr=False)
class Comparison(Result):
    """The differences between two sides, in the order of the definitions.

    Attributes:
        table: One row a zone: `process, criterion, <segments>, zone`; `rated_before, share_before, rated_after,
            share_after`; `difference` (after minus before), `low`, `high` (95 %); `p` and `p_corrected` (over the
            family; green and red alone); `earlier` and `sigma_z` (how many periods before the later side there are,
            and how many times more than binomial counts they vary; NaN where they are too few); `at_mix`, `at_mix_low`,
            `at_mix_high`, `at_mix_p_corrected` (the difference at the first side's mix of segments), `mix` (the part
            of the difference that is mix), `covered` (the share of the first side in segments that both have);
            `verdict`, `verdict_at_mix`, `flag_before`, `flag_after`. Shares are 0 to 1; what cannot be told is NaN.
        verdicts: One row a criterion: `process, criterion, <segments>, verdict, verdict_at_mix, flag_before,
            flag_after, sentence`.
        before: What the first side is, in words.
        after: What the second side is, in words.
        correction: `holm` or `bh`.
        mix: The segments whose mix is held.
        notes: What holds for several criteria.
        lang: The language of sentences and notes; codes in the tables are English.
        titles: What people call the criteria, by process and criterion.
    """

    _columns = ("share_before", "share_after", "difference", CHANGE_INTERVAL, "verdict")

    table: pd.DataFrame
    verdicts: pd.DataFrame
    before: str
    after: str
    correction: str
    mix: tuple[str, ...]
    notes: tuple[str, ...] = ()
    lang: str = "en"
    titles: Mapping[CriterionId, str] = field(default_factory=dict)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each criterion in words."""
        return tuple(self.verdicts["sentence"])

    def _small_table(self) -> pd.DataFrame:
        return self.table[self.table["zone"] == "green"]

    def _columns_of(self, table: pd.DataFrame) -> tuple[str, ...]:
        names = [str(name) for name in table.columns]
        return (*names[2 : names.index("zone")], *self._columns)

    def __str__(self) -> str:
        return "\n".join([f"{self.before} → {self.after}", *self.sentences, *notes_words(self.notes, self.lang)])


def compare(
    card: CardTables,
    before: str | Iterable[str] | CardTables,
    after: str | Iterable[str] | None = None,
    *,
    by: str | Iterable[str] = (),
    heading: str | None = None,
    correction: str = "holm",
    lang: str | None = None,
) -> Comparison:
    """Compares two periods, or two cards: differences of shares with intervals, tests and verdicts.

    Args:
        card: What was counted; with a second card the first side.
        before: A period of the card, or several that are added up; or the card that is the second side.
        after: A later period, or several; with a second card the periods that are taken from both, all unless given.
        by: Segments of the card for whose values each comparison is made apart.
        heading: A process that others are parts of: their criteria of the same name are added up and compared in
            total, with the processes as a part of the mix.
        correction: `holm`, or `bh` for Benjamini-Hochberg.
        lang: The language of the sentences; that of the definitions unless given.

    Returns:
        Differences and verdicts, in the order of the definitions. A criterion is better where green or red is
        significantly better and none is worse, worse likewise, else mixed, or there is no difference that the data can
        show; with fewer than 30 rated on a side there are too few, in immature periods there is no verdict. The family
        over which p-values are corrected are all that get a verdict, by green and red. With 4 or more complete periods
        before the later side, the interval and the test are as wide as these vary; with fewer it is likely better, if
        months vary by chance alone. Two cards of the same periods are compared as groups: months do not come into it.

    Raises:
        SvclightError: A card has no such period, segment or heading, a period is on both sides, there is nothing to
            compare, the cards differ in a definition, or the correction or the language is unknown.

    Examples:
        >>> import pandas as pd
        >>> import svclight
        >>> definitions = svclight.loads('''
        ... svclight: 1
        ... time_zone: UTC
        ... processes:
        ...   hotline:
        ...     title: Hotline
        ...     log: {time: called, segments: [team], fields: {waited: {number: waited, unit: s}}}
        ...     criteria:
        ...       wait: {measure: {value: waited}, green: "<= 30 s", targets: {green: ">= 80 %"}}
        ... ''')
        >>> table = pd.DataFrame({"month": ["2026-03", "2026-04"], "process": "hotline", "criterion": "wait",
        ...                       "green": [900, 800], "yellow": 0, "red": [100, 200]})
        >>> found = svclight.compare(svclight.tally(table, definitions, as_of="2026-05-01"), "2026-03", "2026-04")
        >>> print(found.table[["zone", "difference", "low", "high"]].round(3).to_string(index=False))
          zone  difference    low   high
         green        -0.1 -0.131 -0.069
        yellow         0.0 -0.004  0.004
           red         0.1  0.069  0.131
        >>> found.table["verdict"].iloc[0]
        'likely worse, if months vary by chance alone'
    """
    check_card(card, "svclight.compare")
    if correction not in CORRECTIONS:
        raise SvclightError(unknown_name("unknown correction", correction, CORRECTIONS))
    lang = language_of(lang, card.definitions)
    segments = texts_of(by, "by of svclight.compare")
    made = both_sides(card, before, after, by=segments, heading=heading)
    table = _difference_table(made, correction)
    verdicts = table.loc[:: len(ZONES), ["process", "criterion", *segments]].reset_index(drop=True)
    for name in ("verdict", "verdict_at_mix", "flag_before", "flag_after"):
        verdicts[name] = table[name].to_numpy()[:: len(ZONES)]
    verdicts["sentence"] = [comparison_sentence(made, table, place, lang) for place in range(len(verdicts))]
    notes = tuple(comparison_notes(made, table, correction, lang))
    return Comparison(
        table,
        verdicts,
        *side_words(made, lang),
        correction,
        made.mix,
        notes,
        lang,
        criterion_titles(made.card.definitions),
    )


def _difference_table(made: Sides, correction: str) -> pd.DataFrame:
    """One row a criterion (and segment) and zone."""
    a, n, b, m = (_by_zone(one) for one in made.totals())
    rows = len(made.keys)
    table = made.keys.loc[made.keys.index.repeat(len(ZONES))].reset_index(drop=True)
    table["zone"] = pd.Categorical(list(ZONES) * rows, categories=list(ZONES), ordered=True)
    first, second = shares.share(a, n), shares.share(b, m)
    x, size, y, other = (_by_zone(one) for one in made.effective_totals())  # what intervals and tests go by
    values: dict[str, Any] = {"rated_before": n, "share_before": first, "rated_after": m, "share_after": second}
    sigma_z, freedom = made.sigma_z.ravel(), np.repeat(made.freedom, len(ZONES))
    factor = np.nan_to_num(widening_factor(sigma_z, freedom), nan=1.0)
    z = chi_squared(x, size, y, other)
    values["difference"] = second - first
    values["low"], values["high"] = newcombe_interval(x, size, y, other, widen=factor)
    values["p"] = _p_values(z, sigma_z, freedom)
    refusal = np.repeat(_refusals(made), len(ZONES))
    tested = np.isin(np.asarray(table["zone"], dtype=object), TESTED) & (refusal == "")
    far_out = _p_values(chi_squared(x, size, y, other, least_expected=FAR_OUT), sigma_z, freedom)
    values["p_corrected"] = corrected_p_values(np.where(tested, np.fmax(values["p"], far_out), np.nan), correction)
    values["earlier"], values["sigma_z"] = np.repeat(made.earlier, len(ZONES)), sigma_z
    at_mix = _differences_at_mix(made, factor, sigma_z, freedom, tested, correction)
    values |= at_mix | {
        "mix": values["difference"] - at_mix["at_mix"],
        "covered": np.repeat(made.covered_share, len(ZONES)),
    }
    for name, (column, p) in {
        "verdict": ("difference", "p_corrected"),
        "verdict_at_mix": ("at_mix", "at_mix_p_corrected"),
    }.items():
        verdicts = _verdicts(values[column], values[p])
        verdicts[made.is_weak] = [weaker_verdict(verdict, made.kind) for verdict in verdicts[made.is_weak]]
        found = np.where(refusal == "", np.repeat(verdicts, len(ZONES)), refusal)
        values[name] = np.where(np.isnan(values["at_mix"]), "", found) if column == "at_mix" else found
    for side, flags in (("before", made.flags[0]), ("after", made.flags[1])):
        values[f"flag_{side}"] = np.repeat(np.array(flags, dtype=object), len(ZONES))
    counts = {"rated_before": np.int64, "rated_after": np.int64}
    return pd.concat([table, pd.DataFrame(values).astype(counts)], axis=1)


def _by_zone(counts: Floats) -> Floats:
    """Counts by zone as one column; the number rated repeats for each zone."""
    return counts.ravel() if counts.ndim > 1 else np.repeat(counts, len(ZONES))


def _p_values(z: Floats, sigma_z: Floats, freedom: Floats) -> Floats:
    """The p-values of deviates, wider where months are known to vary by more than chance."""
    return p_value(z, np.nan_to_num(sigma_z, nan=1.0), np.where(np.isnan(sigma_z), np.inf, freedom))


def _differences_at_mix(
    made: Sides, factor: Floats, sigma_z: Floats, freedom: Floats, tested: NDArray[np.bool_], correction: str
) -> dict[str, Floats]:
    """The differences at the first side's mix of segments; NaN where the card has no mix."""
    names = ("at_mix", "at_mix_low", "at_mix_high", "at_mix_p_corrected")
    if not made.mix:
        return {name: np.full(len(tested), np.nan) for name in names}
    found = np.full((3, len(tested)), np.nan)
    p = np.full(len(tested), np.nan)
    for place, (a, n, b, m, sizes) in enumerate(made.strata()):
        here = slice(place * len(ZONES), (place + 1) * len(ZONES))
        difference, low, high, z = at_first_mix(a.T, n, b.T, m, widen=factor[here], sizes=sizes)
        found[:, here] = difference, low, high
        p[here] = _p_values(z, sigma_z[here], freedom[here])
    p = corrected_p_values(np.where(tested, p, np.nan), correction)
    return dict(zip(names, [*found, p], strict=True))


def _refusals(made: Sides) -> NDArray[np.object_]:
    """The reason why a criterion gets no verdict; empty where it gets one."""
    _, n, _, m = made.effective_totals()
    found = np.full(len(n), "", dtype=object)
    found[(n < FEW) | (m < FEW)] = TOO_FEW
    for flags in made.flags:
        found[["immature" in flag for flag in flags]] = NO_VERDICT
    found[(n == 0) | (m == 0)] = NO_DATA
    return found


def _verdicts(difference: Floats, p: Floats) -> NDArray[np.object_]:
    """A verdict for each criterion from its rows for green and red: more green is better, more red worse."""
    good = {"green": 1.0, "yellow": 0.0, "red": -1.0}
    signs = np.sign(difference).reshape(-1, len(ZONES)) * np.array([good[zone] for zone in ZONES])
    sure = np.nan_to_num(p.reshape(-1, len(ZONES)), nan=1.0) < _LEVEL
    better, worse = (sure & (signs > 0)).any(axis=1), (sure & (signs < 0)).any(axis=1)
    found = np.full(len(better), NO_DIFFERENCE, dtype=object)
    found[better], found[worse], found[better & worse] = BETTER, WORSE, MIXED
    return found
