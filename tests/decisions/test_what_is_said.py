"""What decisions say at the edges: of nothing, of one, of few, of all; each sentence read whole, none of them false."""

import re

import pandas as pd
import pytest
from support.helpers import counted
from support.russian import check_russian

import svclight
from svclight.pages.exports import checks_markdown

TARGET = ", targets: {green: '>= 80 %'}"
NOT_KNOWN = "do not tell by how much groups differ by nature: the limits are those of chance alone."


ACCEPTED = (
    ", targets: {green: '>= 80 %%'}, accepted: {green: '>= 50 %%', until: 2025-%s, reason: 'новая линия', ticket: T-1}"
)


def months(greens, rated=100):
    periods = pd.period_range("2025-01", periods=len(greens), freq="M").astype(str)
    return [(period, green, 0, rated - green) for period, green in zip(periods, greens, strict=True)]


def teams(reds, rated=100):
    return [("2026-01", rated - red, 0, red, f"t{at}") for at, red in enumerate(reds)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (teams([0, 0, 0]), "red 0.0 % of 300 in all: it is 0.0 % everywhere, so nobody differs."),
        (teams([100, 100]), "red 100.0 % of 200 in all: it is 100.0 % everywhere, so nobody differs."),
        (teams([5]), "red 5.0 % of 100 in all: there is no other team to hold it against."),
        (teams([5, 6]), f"red 5.5 % of 200 in all: nobody is beyond the limits. 2 groups {NOT_KNOWN}"),
        (teams([5, 6, 90]), f"red 33.7 % of 300 in all: beyond 99.8 %, above: t2, below: t0, t1. 3 groups {NOT_KNOWN}"),
        (teams([5, 6, 7, 5, 4]), "red 5.4 % of 500 in all: nobody is beyond the limits."),
        (teams([5, 6, 7, 5, 90]), "red 22.6 % of 500 in all: beyond 99.8 %, above: t4."),
        (teams([2, 3], 10), "red 25.0 % of 20 in all: none could be judged: 2 groups of under 30 rated."),
        (teams([2], 10), "red 20.0 % of 10 in all: none could be judged: 1 group of under 30 rated."),
    ],
)
def test_funnels(rows, said):
    card = counted(rows, by=["team"])
    assert svclight.funnel(card, "team").sentences == (f"Process p, Criterion c, {said}",)
    check_russian(svclight.funnel(card, "team", lang="ru"))


@pytest.mark.parametrize(
    "rows",
    [
        teams([0], 0),
        [("2026-01", 9, 0, 1, "")],
        teams([5] * 22 + [50, 2]),
        [*teams([5, 6, 7, 5, 4]), *teams([1], 10)],
        teams([5, 40, 20, 10, 5, 30, 12, 8, 90, 1, 2, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99]),
    ],
)
def test_funnels_in_russian(rows):
    check_russian(svclight.funnel(counted(rows, by=["team"]), "team", lang="ru"))


MET = "The target ≥ 80 % is met as long as nothing changes."
UNKNOWN = "Whether the target ≥ 80 % is met cannot be told without limits."
CHANCE = "The target ≥ 80 % lies between the limits: chance alone meets or misses it."


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (months([100] * 15), f"no limits. It is always 100.0 %, in 15 periods and 1,500 rated. {MET}"),
        (
            months([0] * 15),
            f"no limits. It is always 0.0 %, in 15 periods and 1,500 rated. {MET.replace('met', 'missed')}",
        ),
        (months([100]), f"no limits. There is no limit from 1 whole and mature period of at least 30 rated. {UNKNOWN}"),
        (
            months([10, 10], 10),
            (
                f"no limits. There is no limit from 0 whole and mature periods of at least 30 rated. {UNKNOWN} "
                "2 periods of under 30 rated are no point."
            ),
        ),
        (
            months([80, 81]),
            (
                "trial limits. Centre 80.5 %, limits 68.6 % to 92.4 % in Feb 2025 (sigma_z 1.00, trial limits of 2 points). "
                f"{CHANCE}"
            ),
        ),
        (months([80] * 12), f"steady. Centre 80.0 %, limits 68.0 % to 92.0 % in Dec 2025 (sigma_z 1.00). {CHANCE}"),
    ],
)
def test_control_charts(rows, said):
    card = counted(rows, TARGET)
    assert svclight.control_limits(card).sentences == (f"Process p, Criterion c, green: {said}",)
    check_russian(svclight.control_limits(card, lang="ru"))


@pytest.mark.parametrize(
    "greens",
    [
        [80] * 12 + [99],
        [80] * 12 + [60],
        [80, 82] * 6 + [60, 99, 60, 99, 60],
        [70, 72] * 10 + [*range(75, 83)],
        [99, 70, 99, 80, 99, 80, 99, 80, 99, 80, 99, 80] * 3,
        [99] * 6 + [97] * 6,
        [10] * 6 + [12] * 6,
    ],
)
def test_control_charts_in_russian(greens):
    for zone in ("green", "red", "yellow"):
        check_russian(svclight.control_limits(counted(months(greens), TARGET), zone=zone, lang="ru"))


SAME = "no difference that the data can show"


@pytest.mark.parametrize(
    ("greens", "rated", "begins", "ends"),
    [
        ([0, 0], 100, SAME, "Months are taken to vary by chance alone."),
        ([100, 100], 100, SAME, "Months are taken to vary by chance alone."),
        ([80, 20], 100, "likely worse, if months vary by chance alone", "Months are taken to vary by chance alone."),
        ([20, 80], 100, "likely better, if months vary by chance alone", "Months are taken to vary by chance alone."),
        (
            [80, 81, 79, 80, 60],
            100,
            "worse",
            "The interval allows for how much the 4 months before vary (sigma_z 0.30).",
        ),
        ([100] * 6, 100, SAME, "The 5 months before do not differ at all."),
        ([20, 20], 20, "too few (before: few rated; after: few rated)", "Months are taken to vary by chance alone."),
    ],
)
def test_comparisons(greens, rated, begins, ends):
    rows = months(greens, rated)
    check_russian(svclight.compare(counted(rows), rows[-2][0], rows[-1][0], lang="ru"))
    (said,) = svclight.compare(counted(rows), rows[-2][0], rows[-1][0]).sentences
    assert said.startswith(f"Process p, Criterion c: {begins}. Green ")
    assert said.endswith(f" {ends}")


MIX = [("hotline", 900, 100, 460, 40), ("chat", 60, 40, 390, 210)]
"""Each part gets better, and the total worse."""


def mix(parts):
    rows = [("2026-01", green, 0, red, name) for name, green, red, *_ in parts]
    return rows + [("2026-02", green, 0, red, name) for name, *_, green, red in parts]


def test_comparisons_with_a_mix_in_russian():
    turned = [(name, *numbers[2:], *numbers[:2]) for name, *numbers in MIX]
    for parts in (
        MIX,
        turned,
        [*MIX, ("first", 50, 50, 0, 0)],
        [(f"t{at}", *part[1:]) for at, part in enumerate(MIX * 2)],
    ):
        card = counted(mix(parts), by=["team"])
        check_russian(svclight.compare(card, "2026-01", "2026-02", lang="ru"), *(part[0] for part in MIX), "first")
        check_russian(svclight.compare(card, "2026-01", "2026-02", by="team", lang="ru"), "hotline", "chat", "first")
    first, second = counted(mix(MIX[:1])), counted(mix(MIX[1:]))
    check_russian(svclight.compare(first, second, lang="ru"))
    check_russian(svclight.compare(first, second, "2026-01", lang="ru", correction="bh"))
    assert svclight.compare(first, second, "2026-01", lang="ru").before == "первая карта (янв. 2026)"


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        (teams([0]), TARGET, "nothing lies beyond its target (1 line judged)"),
        (teams([0]), "", "no criterion has a target, and nothing is red"),
        (teams([0], 10), TARGET, "nothing was judged: of 1 line with a target too few are rated"),
        (
            [*teams([0]), ("2026-01", 10, 0, 0, "few")],
            TARGET,
            "nothing lies beyond its target (1 line judged; 1 line could not be judged, as too few are rated)",
        ),
        (teams([5], 10), TARGET, "1. Criterion c, team t0: 3 greens too few seen, 100.0 % of all damage, but nothing is sure: too few are rated."),
        (teams([25]), TARGET, "1. Criterion c, team t0: 5 greens too few seen, 100.0 % of all damage, but nothing is sure: chance alone could do so much."),
        (teams([60]), TARGET, "1. Criterion c, team t0: at least 30 greens too few for sure (40 seen), 100.0 % of all damage; nothing else has more to win for sure."),
        (teams([9]), "", "1. Criterion c, team t0: 9 reds, 100.0 % of all damage. Red 9.0 % of 100 rated (95 %: 4.8 to 16.2 %), no target is declared, so every red is damage."),
    ],
)  # fmt: skip
def test_plans(rows, more, said):
    card = counted(rows, more, by=["team"])
    assert str(svclight.plan(card)).splitlines()[0].startswith(said)
    check_russian(said_by(svclight.plan(card, lang="ru")))


def said_by(made):
    """The lines of a plan without code: the calls that give its interactions, the names of its orders."""
    lines = "\n".join(line for line in str(made).splitlines() if not line.startswith("   "))
    return re.sub(r'order="\w+"', "", lines)


COST = ", targets: {green: '>= 80 %'}, cost: {red: 5}"


@pytest.mark.parametrize(
    "more",
    [
        *(TARGET, COST, f"{COST[:-1]}, yellow: 1}}", ACCEPTED % "12-01", ", targets: {green: '<= 50 %'}"),
        *(
            f", targets: {{{target}}}"
            for target in ("red: '<= 10 %'", "yellow: '<= 5 %'", "net: '>= 70'", "yellow: '>= 50 %'")
        ),
        *(", targets: {red: '>= 99 %'}", ", targets: [{where: {team: t1}, green: '>= 90 %'}, {green: '>= 80 %'}]"),
    ],
)
def test_plans_in_russian(more):
    rows = [("2025-01", 60 - at, 10, 30 + at, f"t{at}") for at in range(13)]
    rows += [("2025-02", 40 + at, 30, 30 - at, f"t{at}") for at in range(13)]
    card = counted(rows, more, by=["team"])
    check_russian(said_by(svclight.plan(card, lang="ru")))
    check_russian(said_by(svclight.plan(card, ["2025-01", "2025-02"], by=(), lang="ru")))
    check_russian(said_by(svclight.plan(card.only("2025-01"), lang="ru")))


def test_drivers_in_russian():
    for reds in ([5, 60, 5], [0, 50, 0], [5, 5, 5], [*([2] * 20), *([40] * 12)], [2, 9]):
        rated = 10 if reds == [2, 9] else 100
        card = counted(teams(reds, rated), by=["team"])
        for zone in ("red", "green", "yellow"):
            check_russian(svclight.drivers(card, "p.c", zone=zone, lang="ru"))
    check_russian(svclight.drivers(counted([("2026-01", 0, 0, 0, "a")], by=["team"]), "p.c", lang="ru"))


@pytest.mark.parametrize(
    ("greens", "rated", "target", "said"),
    [
        ([100] * 8, 100, ">= 80 %", "about 99.6 % (90 %: 95.0 to 100.0 %; met with a chance of 99 %)"),
        ([100] * 8, 100, ">= 100 %", "about 99.6 % (90 %: 95.0 to 100.0 %; met with a chance of 57 %)"),
        ([100] * 8, 100, "> 100 %", "about 99.6 % (90 %: 95.0 to 100.0 %; met with a chance of < 1 %)"),
        ([0] * 8, 100, ">= 80 %", "about 0.4 % (90 %: 0.0 to 5.0 %; met with a chance of < 1 %)"),
        ([0] * 8, 100, ">= 0 %", "about 0.4 % (90 %: 0.0 to 5.0 %; met with a chance of > 99 %)"),
        ([1, 0, 1, 1, 1, 1, 0, 1], 1, ">= 80 %", "about 65.0 % (90 %: 0.0 to 100.0 %; met with a chance of 62 %)"),
    ],
)
def test_forecasts(greens, rated, target, said):
    card = counted(months(greens, rated), f", targets: {{green: '{target}'}}")
    shown = target.replace(">=", "≥")
    assert svclight.forecast(card, ahead=1).sentences == (f"Process p, Criterion c, green {shown}: Sep 2025 {said}.",)


@pytest.mark.parametrize(
    ("green", "rated", "target", "said"),
    [
        (0, 0, "green: '>= 80 %'", "nothing is rated"),
        (1, 1, "green: '>= 80 %'", "0 not green, and less than one is allowed"),
        (0, 1, "green: '>= 80 %'", "1 not green, and less than one is allowed"),
        (4, 5, "green: '>= 80 %'", "1 of 1 not green used (100 %), 0 left"),
        (100, 100, "green: '>= 100 %'", "0 not green, and none is allowed"),
        (100, 100, "green: '>= 80 %'", "0 of 20 not green used (0 %), 20 left"),
        (0, 100, "green: '>= 80 %'", "100 of 20 not green used (500 %), 80 too many"),
        (97, 100, "red: '<= 0 %'", "3 red, and none is allowed"),
        (99, 100, "red: '<= 1.5 %'", "1 of 1.5 red used (67 %), 0 left"),
        (98, 100, "red: '<= 1.5 %'", "2 of 1.5 red used (133 %), 1 too many"),
        (9004, 10000, "red: '<= 10 %'", "996 of 1,000 red used (> 99 %), 4 left"),
        (0, 100, "red: '<= 100 %'", "100 of 100 red used (100 %), 0 left"),
    ],
)
def test_budgets(green, rated, target, said):
    card = counted([("2026-01", green, 0, rated - green)], f", targets: {{{target}}}")
    assert svclight.budget(card).sentences == (f"Process p, Criterion c, Jan 2026: {said}.",)


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        (months([88]), TARGET, "MET         p.c 2025-01 (Criterion c): green ≥ 80 %; 88.0 % of 100 rated (95 %: 80.2 to 93.0 %)"),
        (months([60]), TARGET, "MISSED      p.c 2025-01 (Criterion c): green ≥ 80 %; 60.0 % of 100 rated (95 %: 50.2 to 69.1 %)"),
        (
            months([78]),
            TARGET,
            (
                "CANNOT TELL p.c 2025-01 (Criterion c): green ≥ 80 %; 78.0 % of 100 rated (95 %: 68.9 to 85.0 %); "
                "about 3,300 rated would tell"
            ),
        ),
        (months([80]), TARGET, "CANNOT TELL p.c 2025-01 (Criterion c): green ≥ 80 %; 80.0 % of 100 rated (95 %: 71.1 to 86.7 %)"),
        (
            months([8], 10),
            TARGET,
            "TOO FEW     p.c 2025-01 (Criterion c): green ≥ 80 %; 80.0 % of 10 rated (95 %: 49.0 to 94.3 %); 30 rated are needed",
        ),
        (months([0], 0), TARGET, "NO DATA     p.c 2025-01 (Criterion c): green ≥ 80 %; no rated interaction in Jan 2025"),
        (
            months([60]),
            ", targets: {net: '>= -5'}",
            "MET         p.c 2025-01 (Criterion c): net score ≥ −5; 20.0 of 100 rated (95 %: 0.6 to 38.2)",
        ),
        (
            months([60]),
            ACCEPTED % "12-01",
            (
                "ACCEPTED    p.c 2025-01 (Criterion c): green ≥ 80 %; 60.0 % of 100 rated (95 %: 50.2 to 69.1 %); "
                "accepted until 1 Dec 2025: новая линия, T-1"
            ),
        ),
    ],
)  # fmt: skip
def test_checks(rows, more, said):
    card = counted(rows, more)
    assert str(svclight.check(card)) == said
    check_russian(svclight.check(card, lang="ru"))


@pytest.mark.parametrize("until", ["02-10", "01-15", "01-01"])
def test_accepted_misses_in_russian(until):
    for note in svclight.check(counted(months([60]), ACCEPTED % until), lang="ru").notes:
        check_russian(note)


def test_a_stored_month_in_russian():
    for rows in (months([80, 60]), months([80, 81]), months([8, 6], 10), months([8, 0], 0)):
        card = counted(rows)
        checks = svclight.check(card, "2025-02", baseline=card.only("2025-01"), lang="ru")
        check_russian(checks)
        check_russian(checks_markdown(checks).replace("p.c | 2025-02 | 2025-01", ""))
    assert str(svclight.check(counted(months([80])), lang="ru")) == "цели не заданы: проверять нечего"


def test_warnings_in_russian():
    card = counted(months([60]), ", targets: {red: '<= 30 %', warn_at: '50 %'}", as_of="2025-01-20")
    checks = svclight.check(card, running=svclight.budget(card, lang="ru"), lang="ru")
    check_russian(checks)
    assert "WARN        p.c 2025-01 (Criterion c): красных ≤ 30 %; " in str(checks)


@pytest.mark.parametrize(
    "supposed",
    [
        *({"shift": "-1"}, {"shift": "0.5"}, {"scale": "90 %"}, {"cap": "2"}),
        *({"limits": {"green": "<= 0.5", "yellow": "<= 1"}}, {"limits": {"green": "<= 1.5"}}, {"shift": "0"}),
    ],
)
def test_suppositions_in_russian(supposed):
    for rows in (months([60]), [("2025-01", 20, 30, 50)], months([0], 0)):
        check_russian(svclight.what_if(counted(rows, ", cost: {red: 5}"), "p.c", **supposed, lang="ru"))
