"""Zones in their order, limits, and the one place that compares a value with a limit.

In: limits as text (`<= 30 s`, `3 min .. 7 min`), values as arrays. Out: `Interval`, a frozen range that knows which of
its ends belong to it; `Rule`, two such ranges in the unit of the values, which gives each value its zone. Each end
keeps its side: `<= 30 s` holds 30 and not 30.001.
"""

from __future__ import annotations

import math
import operator
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from svclight.errors import SvclightError, unknown_name
from svclight.values.quantities import SECONDS, SHARE, Quantity, dimension_of, parse_quantity, probable_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Values = NDArray[Any]
    Codes = NDArray[np.uint8]
    Compare = Callable[[Any, Any], Any]

ZONES: Final = ("green", "yellow", "red")
"""The rated zones, best first; a zone's code is its place here."""
STATES: Final = (*ZONES, "pending", "missing", "not_applicable", "excluded")
"""Every state an interaction may be in, in the order of all tables."""
GREEN, YELLOW, RED = range(3)

_LIMIT = re.compile(r"\s*(<=|>=|<|>)\s*(.+?)\s*", re.DOTALL)
_BAND = re.compile(r"\s*(.+?)\s*\.\.\s*(.+?)\s*", re.DOTALL)
_RANGE = re.compile(r"\s*(\d\S*(?:\s*[^\W\d]+)?)\s*(?:-|\u2013|\u2014|to)\s*(\d.*)", re.DOTALL)
_TURNED: Final = {"=<": "<=", "=>": ">=", "≤": "<=", "≥": ">=", "==": "..", "=": ".."}


def check_zone(zone: str) -> None:
    """Checks a zone that a call names.

    Raises:
        SvclightError: It is none of green, yellow and red.
    """
    if zone not in ZONES:
        raise SvclightError(unknown_name("unknown zone", zone, ZONES))


@dataclass(frozen=True)
class Interval:
    """A range of quantities: an end that is None does not exist; where `*_open` is true the end itself is outside."""

    low: Quantity | None = None
    high: Quantity | None = None
    low_open: bool = False
    high_open: bool = False

    @property
    def ends(self) -> tuple[Quantity, ...]:
        """The ends that exist, the lower one first."""
        return tuple(end for end in (self.low, self.high) if end is not None)

    @property
    def direction(self) -> str:
        """`lower is better`, `higher is better`, or `a band`."""
        if self.low is not None and self.high is not None:
            return "a band"
        return "lower is better" if self.low is None else "higher is better"

    def __str__(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{self.low} .. {self.high}"
        if self.low is None:
            return f"{'<' if self.high_open else '<='} {self.high}"
        return f"{'>' if self.low_open else '>='} {self.low}"

    def in_unit(self, unit: str) -> Interval:
        """The range with its amounts counted in `unit` instead of seconds (or of percent, for `share`), exactly."""
        length, dimension = (Fraction(100), "%") if unit == SHARE else (SECONDS.get(unit), "time")
        if length is None or dimension not in {end.dimension for end in self.ends}:
            return self
        return scale_interval(self, 1 / length, dimension)

    def encloses(self, other: Interval) -> bool:
        """Whether every value of `other` is a value of this range."""
        return not _reaches_lower(other, self) and not _reaches_higher(other, self)

    def comparisons(self, dtype: np.dtype[Any]) -> tuple[tuple[Compare, Any], ...]:
        """The comparisons that a value of that type must pass to lie in the range: an operator and a number each.

        NaN and null must be taken care of before.
        """
        # This is the one place that makes comparisons of limits, for arrays and for every engine's expressions, so that
        # a limit means the same everywhere. Missing comes before: NaN is above all numbers to one engine and not to
        # another.
        made: list[tuple[Compare, Any]] = []
        if self.low is not None:
            above = operator.gt if self.low_open and not _is_integer(dtype) else operator.ge
            made.append((above, _end_as_number(self.low, dtype, up=self.low_open)))
        if self.high is not None:
            below = operator.lt if self.high_open or _is_integer(dtype) else operator.le
            made.append((below, _end_as_number(self.high, dtype, up=not self.high_open)))
        return tuple(made)

    def holds(self, values: Values) -> NDArray[np.bool_]:
        """A mask of the values that lie in the range; NaN lies in none."""
        inside = np.ones(len(values), dtype=bool)
        for compare, end in self.comparisons(values.dtype):
            inside &= compare(values, end)
        return inside

    def contains(self, value: float) -> bool:
        """Whether a single number lies in the range."""
        return bool(self.holds(np.array([value]))[0])

    def lies_below(self, values: Values) -> NDArray[np.bool_]:
        """A mask of the values beyond the upper end, so that they and all greater ones are outside the range."""
        if self.high is None:
            return np.zeros(len(values), dtype=bool)
        return ~self.up_to_end().holds(values)

    def up_to_end(self) -> Interval:
        """The range of all values that do not lie beyond the upper end."""
        return Interval(high=self.high, high_open=self.high_open)


def _is_integer(dtype: np.dtype[Any]) -> bool:
    return dtype.kind in "iu"


def _end_as_number(end: Quantity, dtype: np.dtype[Any], *, up: bool) -> Any:
    """The end as a number of the values' own type.

    Whole numbers (ticks of a clock) are compared with whole numbers: with `up` the first one beyond the end, else the
    first one at or beyond it, so `v >= end` and `v < end` say it exactly. Floats meet the float nearest to the end, as
    a limit of 0.1 must hold the value 0.1, in the values' own precision.
    """
    if not _is_integer(dtype):
        return dtype.type(end.amount.numerator / end.amount.denominator)
    beyond = math.floor(end.amount) + 1 if up else math.ceil(end.amount)
    info = np.iinfo(np.int64)
    return np.int64(min(max(beyond, info.min + 1), info.max))


def _reaches_lower(inner: Interval, outer: Interval) -> bool:
    """Whether `inner` reaches lower than `outer`."""
    if outer.low is None:
        return False
    if inner.low is None or inner.low.amount < outer.low.amount:
        return True
    return inner.low.amount == outer.low.amount and outer.low_open and not inner.low_open


def _reaches_higher(inner: Interval, outer: Interval) -> bool:
    """Whether `inner` reaches higher than `outer`."""
    if outer.high is None:
        return False
    if inner.high is None or inner.high.amount > outer.high.amount:
        return True
    return inner.high.amount == outer.high.amount and outer.high_open and not inner.high_open


def parse_interval(text: str) -> Interval:
    """Reads `<= 30 s`, `> 4`, `3 min .. 7 min`; the low end of a band without a unit has the unit of the high end.

    Raises:
        ValueError: The text is no limit; the message says why.
    """
    limit = _LIMIT.fullmatch(text)
    if limit:
        operator, quantity = limit[1], parse_quantity(limit[2])
        if operator in ("<=", "<"):
            return Interval(high=quantity, high_open=operator == "<")
        return Interval(low=quantity, low_open=operator == ">")
    band = _BAND.fullmatch(text)
    if band:
        return _read_band(parse_quantity(band[1]), parse_quantity(band[2]), band[1], band[2])
    raise ValueError(_why_no_limit(text.strip()))


def _why_no_limit(text: str) -> str:
    """A guess at the limit that a text was meant to be; empty without a guess."""
    turned = next((good for bad, good in _TURNED.items() if text.startswith(bad)), "")
    if turned == "..":
        return "an exact value is written as a band: 5 .. 5"
    if turned:
        operand = text.lstrip("<=>\u2264\u2265").strip()
        return f'did you mean "{turned} {operand}"?'
    dashed = _RANGE.fullmatch(text)
    if dashed:
        return f'did you mean "{dashed[1]} .. {dashed[2]}"?'
    if ".." in text:
        return "a band has two ends: 3 min .. 7 min"
    return f'did you mean "<= {text}" or ">= {text}"?' if text[:1].isdigit() else ""


def _read_band(low: Quantity, high: Quantity, low_text: str, high_text: str) -> Interval:
    """The band between two ends; a low end without a unit has the unit of the high one."""
    if low.dimension == "number" and high.dimension != "number":
        if len(set(high.units)) > 1:
            raise ValueError(f"the low end needs a unit of its own: {low_text}")
        low = parse_quantity(f"{low_text} {high.units[0]}")
    if low.dimension != high.dimension:
        raise ValueError(f"the two ends have different units: {low_text} and {high_text}")
    if low.amount > high.amount:
        raise ValueError(f"the low end stands first: {high_text} .. {low_text}")
    return Interval(low=low, high=high)


def order_problem(green: Interval, yellow: Interval) -> str:
    """The problem between two zones: yellow must point the same way as green and be wider; empty where it is so."""
    if green.direction != yellow.direction:
        return f"green and yellow point different ways: for green {green.direction}, for yellow {yellow.direction}"
    if green.encloses(yellow):
        return f"yellow ({yellow}) is not wider than green ({green})"
    if not yellow.encloses(green):
        return f"yellow ({yellow}) does not enclose green ({green})"
    return ""


def unit_problem(interval: Interval, unit: str, *, calendar: bool) -> str:
    """The problem between a limit and the unit of the value; empty where they fit.

    Args:
        interval: The limit.
        unit: The unit of a field, whose limits may be bare numbers; `time` where the value is a time without a unit of
            its own, whose limits must name one.
        calendar: Whether the measure has a calendar, so that working days and hours mean something.
    """
    own = dimension_of(unit)
    for end in interval.ends:
        if {"bd", "bh"} & set(end.units) and not calendar:
            return "working days and hours (bd, bh) need a calendar in the measure"
        fits = end.dimension == own or (end.dimension == "bd" and calendar)
        bare = end.dimension == "number" and own != "time"
        in_field_unit = end.dimension == "number" and unit in SECONDS
        if not (fits or bare or in_field_unit):
            guessed = "".join(filter(None, map(probable_unit, end.units)))
            hint = f"; did you mean {guessed}?" if guessed else ""
            limit = _unit_in_words(end.units[0] if end.units else "")
            return f"the value is {_unit_in_words(unit)}, the limit {limit}{hint}"
    return ""


def _unit_in_words(unit: str) -> str:
    if dimension_of(unit) == "time":
        return "a time"
    return f"counted in {unit}" if unit else "a number without a unit"


@dataclass(frozen=True)
class Rule:
    """Green and yellow in the unit of the values; what is in neither is red. Yellow encloses green."""

    green: Interval
    yellow: Interval | None = None

    def zones(self, values: Values) -> Codes:
        """The zone code of each value; NaN comes out red and must be taken care of before."""
        # green lies inside yellow: the sum of both masks is how many zones better than red a value is
        green = self.green.holds(values).view(np.uint8)
        wider = green if self.yellow is None else self.yellow.holds(values).view(np.uint8)
        return np.uint8(RED) - wider - green


def scale_interval(interval: Interval, factor: Fraction, dimension: str = "") -> Interval:
    """The range with its amounts multiplied by `factor`, exactly; its sides stay.

    An end that was declared with its unit still reads as it was declared (`3 wk`), whatever it is counted in. Where a
    dimension is given, only ends of that dimension change.
    """
    low, high = (
        end
        if end is None or dimension not in ("", end.dimension)
        else replace(end, amount=end.amount * factor, written=end.written if end.units else "")
        for end in (interval.low, interval.high)
    )
    return replace(interval, low=low, high=high)
