"""Makes up the orders of a furniture shop, two years of them, and writes them as orders.csv.gz beside this file.

    python examples/delivery/generate.py

Nothing in it is real. What is built in, so that it can be found again, stands in README.md.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import made_up
from made_up import Dice

SEED = 2
FIRST, LAST = dt.date(2023, 12, 22), dt.date(2025, 12, 31)
FIRST_PROMISE = dt.date(2024, 1, 1)
EXPORTED = dt.datetime(2026, 1, 5, 6)  # noqa: DTZ001 - the log has local times without a zone
ORDERS_A_DAY = 16.0
CUSTOMERS = 6500

BAD_MONTH, BAD_CARRIER, BAD_REGION = "2025-06", "Otter", "south"
BETTER_FROM = "2025-09"
SHAM_MONTH, EASY_REGION = "2024-11", "city"

WEEKDAYS = (1.1, 0.95, 0.95, 0.95, 0.95, 1.0, 1.15)
SEASON = (0.95, 0.9, 1.0, 1.0, 0.95, 0.9, 0.85, 0.85, 1.0, 1.05, 1.2, 1.15)
HOURS = {
    "7": 2, "8": 4, "9": 5, "10": 6, "11": 6, "12": 6, "13": 5, "14": 5, "15": 5, "16": 6, "17": 7, "18": 8,
    "19": 9, "20": 10, "21": 9, "22": 5,
}  # fmt: skip
VAN_HOURS = {str(hour): 1.0 for hour in range(8, 20)}
REGIONS = {"city": 34, "north": 20, "south": 22, "east": 16, "islands": 8}
DAYS = {"city": 2, "north": 3, "south": 3, "east": 4, "islands": 6}
LATE = {"city": 0.06, "north": 0.14, "south": 0.14, "east": 0.18, "islands": 0.26}
CARRIERS = {"Heron": 40, "Otter": 35, "Badger": 25}
CARE = {"Heron": 0.85, "Otter": 1.0, "Badger": 1.2}
DEPOT_HERE = {"Otter": 80}
DAYS_LATE = {"1": 46, "2": 24, "3": 14, "4": 7, "5": 5, "9": 4}
PRODUCTS = {"Lamp": 30, "Shelf; oak": 18, "Chair; set of 2": 20, "Rug": 22, "Desk": 10}

HEADER = (
    "Order no", "Ordered", "Promised", "Delivered", "Status", "Region", "Carrier", "Customer no", "Product",
    "Value EUR", "Damaged", "Stars",
)  # fmt: skip
ORDERED, DELIVERED, STATUS, VALUE, DAMAGED, STARS = 1, 3, 4, 9, 10, 11


@dataclass(frozen=True)
class Order:
    """One order; None and empty text are what is not known."""

    ordered: dt.datetime
    region: str
    carrier: str
    customer: int
    product: str
    cents: int
    promised: dt.date | None = None
    delivered: dt.datetime | None = None
    status: str = "under way"
    damaged: str = ""
    stars: str = ""

    def row(self, number: int) -> list[str]:
        """The order as a row of the log, as it was known when the log was exported."""
        arrived = self.delivered is not None and self.delivered <= EXPORTED
        times = [self.ordered, self.delivered if arrived else None]
        ordered, delivered = ["" if time is None else f"{time:%d.%m.%Y %H:%M}" for time in times]
        promised = "" if self.promised is None else f"{self.promised:%d.%m.%Y}"
        status = self.status if arrived or self.delivered is None else "under way"
        value = f"{self.cents // 100},{self.cents % 100:02d}"
        about = [status, self.region, self.carrier, str(self.customer), self.product, value]
        after = [self.damaged, self.stars] if arrived else ["", ""]
        return [str(number), ordered, promised, delivered, *about, *after]


def content() -> bytes:
    """The whole log, not yet gzipped; it begins with the byte-order mark that spreadsheets write."""
    dice = Dice(SEED)
    noise = made_up.monthly_noise(
        dice, made_up.days(FIRST, LAST + dt.timedelta(days=31)), 0.08, calm=("2024-10", SHAM_MONTH)
    )
    orders = [_deliver(dice, order, noise) for day in made_up.days(FIRST, LAST) for order in _day(dice, day)]
    kept = [order for order in orders if order.promised is None or order.promised >= FIRST_PROMISE]
    rows = [order.row(500001 + number) for number, order in enumerate(kept)]
    return b"\xef\xbb\xbf" + b"".join(_as_exported(dice, rows))


def _day(dice: Dice, day: dt.date) -> list[Order]:
    """The orders of a day with what was promised, in the order in which they came."""
    sale = 1.7 if made_up.month(day) == SHAM_MONTH else 1.0
    mean = ORDERS_A_DAY * WEEKDAYS[day.weekday()] * SEASON[day.month - 1] * sale
    times = sorted(made_up.moment(dice, day, HOURS) for _ in range(dice.poisson(mean)))
    return [_order(dice, time) for time in times]


def _order(dice: Dice, time: dt.datetime) -> Order:
    """A customer orders, and is promised a day."""
    region = dice.pick(REGIONS | ({EASY_REGION: 220} if made_up.month(time) == SHAM_MONTH else {}))
    cents = 0 if dice.chance(0.01) else 10 * round(dice.skewed(650, 0.7)) - 1
    carriers = CARRIERS | (DEPOT_HERE if region == BAD_REGION else {})
    order = Order(time, region, dice.pick(carriers), dice.regular(CUSTOMERS), dice.pick(PRODUCTS), cents)
    if dice.chance(0.004):  # ordered before the shop has it: no day is promised yet
        return order
    promised = time.date() + dt.timedelta(days=DAYS[region] + dice.whole(0, 2))
    return replace(order, promised=_workday(promised, 1))


def _workday(day: dt.date, step: int) -> dt.date:
    """The day itself, or the next in that direction where it is a Sunday."""
    return day + dt.timedelta(days=step) if day.weekday() == 6 else day


def _deliver(dice: Dice, order: Order, noise: dict[str, float]) -> Order:
    """The order arrives, or is cancelled, or lost on the way."""
    if order.promised is None:
        return order
    fate = dice.pick({"delivered": 962, "cancelled": 30, "lost": 4, "test": 4})
    if fate != "delivered":
        return replace(order, status=fate)
    day = _arrival(dice, order, order.promised, noise[made_up.month(order.promised)])
    delivered = made_up.moment(dice, day, VAN_HOURS).replace(second=0)
    harm = {"Heron": 0.025, "Otter": 0.03, "Badger": 0.055}[order.carrier]
    damaged = "" if dice.chance(0.01) else "yes" if dice.chance(harm) else "no"
    late = (day - order.promised).days
    return replace(order, delivered=delivered, status="delivered", damaged=damaged, stars=_stars(dice, late, damaged))


def _arrival(dice: Dice, order: Order, promised: dt.date, noise: float) -> dt.date:
    """The day on which it arrives: mostly in time, in the bad month rarely where the depot had moved."""
    month = made_up.month(promised)
    lost_depot = (month, order.carrier, order.region) == (BAD_MONTH, BAD_CARRIER, BAD_REGION)
    season = 1.3 if promised.month == 12 else 1.0
    tours = 0.4 if month >= BETTER_FROM else 1.1 if month == SHAM_MONTH else 1.0
    risk = 0.85 if lost_depot else LATE[order.region] * CARE[order.carrier] * season * tours * noise
    if dice.chance(risk):
        days = int(dice.pick(DAYS_LATE)) + (dice.whole(1, 4) if lost_depot else 0)
        return _workday(promised + dt.timedelta(days=days), 1)
    early = int(dice.pick({"0": 50, "1": 33, "2": 17}))
    soonest = order.ordered.date() + dt.timedelta(days=1)
    return _workday(min(promised, max(soonest, promised - dt.timedelta(days=early))), 1)


def _stars(dice: Dice, late: int, damaged: str) -> str:
    """What the customer gives, where one does: less for each day late, much less for damage."""
    if not dice.chance(0.55):
        return ""
    mood = 4.7 - (0.5 + 0.35 * late if late > 0 else 0.0) - (1.9 if damaged == "yes" else 0.0)
    return str(min(5, max(1, round(mood + dice.uniform(-1.3, 0.8)))))


def _as_exported(dice: Dice, rows: list[list[str]]) -> list[bytes]:
    """The log as exports are: some cells wrong, orders in two versions, rows twice, late or broken."""
    for cell in ("-",) * 18 + ("n/a",) * 8 + ("abc",) * 4 + ("9",) * 3 + ("3,5",) * 3:
        made_up.damage(dice, rows, made_up.put(STARS, cell), lambda row: row[STARS] in set("12345"))
    for cell in ("?",) * 5 + ("abc",) * 2:
        made_up.damage(dice, rows, made_up.put(VALUE, cell), lambda row: "," in row[VALUE])
    for cell in ("soon", "00.00.0000 00:00", "31.02.2025 10:00"):
        made_up.damage(dice, rows, made_up.put(DELIVERED, cell), lambda row: row[STATUS] == "delivered")
    for _ in range(6):
        made_up.damage(dice, rows, _before_the_order, lambda row: row[STATUS] == "delivered")
    for _ in range(25):
        _first_under_way(dice, rows)
    late = made_up.delay_some(dice, rows, 20)
    made_up.repeat_some(dice, rows, 12)
    lines = made_up.lines(HEADER, rows + late, delimiter=";")
    made_up.break_lines(dice, lines, short=(2, 4, 7), long=1, foreign=2, by=b";")
    return lines


def _before_the_order(row: list[str]) -> None:
    """A parcel is booked to the wrong order: it arrived before it was ordered."""
    ordered = dt.datetime.strptime(row[ORDERED], "%d.%m.%Y %H:%M")  # noqa: DTZ007 - a wall clock has no zone
    row[DELIVERED] = f"{ordered - dt.timedelta(days=2):%d.%m.%Y %H:%M}"


def _first_under_way(dice: Dice, rows: list[list[str]]) -> None:
    """An order stands twice: as it was when it was under way, and further down as it ended."""
    at = made_up.somewhere(dice, rows)
    while rows[at][STATUS] != "delivered":
        at = made_up.somewhere(dice, rows)
    old = list(rows[at])
    old[DELIVERED] = old[DAMAGED] = old[STARS] = ""
    old[STATUS] = "under way"
    rows.insert(max(0, at - dice.whole(0, 40)), old)


if __name__ == "__main__":
    made_up.write(Path(__file__).with_name("orders.csv.gz"), content())
