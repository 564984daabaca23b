"""Made-up logs that fit the ready definitions, one function a kind: some 300 interactions from January to March 2026.

In: a kind and a language. Out: frames by the name under which `score` takes them, the same each time, all cells as an
export writes them. They let every command run before a person has a log of his own, and the tests try the ready
definitions on them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from svclight.definition.made_up_cells import AS_OF, DAY, HOUR, MIN, Cells, Dice, blank, ids, known, yes

if TYPE_CHECKING:
    from collections.abc import Callable

Frames = dict[str, pd.DataFrame]
PRICES: Final = {"en": 1, "ru": 100}
"""What a euro is in the currency of the definitions of a language."""
MOST_HANDS: Final = 3
"""Agents who take a ticket of the help desk, one after the other."""


def _hotline(dice: Dice) -> Frames:
    queued, outcome = dice.moments(), dice.pick(*["answered"] * 9, "abandoned", "abandoned", "test")
    answered = dice.later(queued, (1, 28), (1, 28), (32, 58), (65, 400))
    left = dice.later(queued, (1, 4), (8, 50), (70, 300))
    talked, survey = dice.pick(*range(60, 900, 20)), dice.chance(0.5)
    ended = (answered + pd.to_timedelta(talked.astype(int), unit="s")).where(outcome == "answered", left)
    outcome.iloc[-1] = "waiting"  # nobody has answered yet
    spoken = outcome == "answered"
    frame = {
        "call_id": ids("c", dice.count),
        "queued_at": known(queued),
        "answered_at": known(answered, spoken),
        "ended_at": known(ended, outcome != "waiting"),
        "talk_seconds": blank(talked, ~spoken | dice.chance(0.03)),
        "transfers": blank(dice.pick(0, 0, 0, 0, 1, 1, 2, 3, ""), ~spoken),
        "outcome": outcome,
        "result": blank(dice.pick("solved", "solved", "solved", "passed on", "not solved", "?"), ~spoken),
        "survey_sent": yes(survey & spoken),
        "survey_score": blank(dice.pick(1, 2, 3, 4, 5, 5, 4, 9, ""), ~survey),
        "caller_id": dice.names("k", 60).mask(dice.chance(0.05), "0"),
        "team": dice.pick("north", "south"),
        "topic": dice.pick("bill", "tariff", "fault"),
    }
    return {"hotline": pd.DataFrame(frame)}


def _chat(dice: Dice) -> Frames:
    started, over, survey = dice.moments(), dice.chance(0.8), dice.chance(0.6)
    asked = dice.later(started, (5, 9))
    answered = dice.later(asked, (5, 55), (5, 55), (65, 170), (200, 900))
    status = dice.pick(*["closed"] * 8, "left")
    closed = dice.later(answered, (60, 600)).where(status == "closed", dice.later(asked, (5, 40), (90, 400)))
    over.iloc[-1], status.iloc[-1] = True, "open"
    served = over & (status == "closed")
    frame = pd.DataFrame(
        {
            "chat_id": ids("h", dice.count),
            "created_at": known(started),
            "handover_requested_at": known(asked, over & ~dice.chance(0.02)),
            "first_agent_reply_at": known(answered, served),
            "closed_at": known(closed, status != "open"),
            "updated_at": known(closed).where(status != "open", known(started)),
            "customer_id": dice.names("k", 80).mask(dice.chance(0.03), "test").mask(dice.chance(0.02), "demo"),
            "handed_over": yes(over),
            "resolved": blank(dice.pick("yes", "yes", "yes", "no"), dice.chance(0.03)),
            "transfers": dice.pick(0, 0, 0, 1, 2, 3, ""),
            "survey_sent": yes(survey & served),
            "csat": blank(dice.pick(1, 2, 3, 4, 5, 5, 0, ""), ~survey),
            "channel": dice.pick("app", "site"),
            "topic": dice.pick("bill", "tariff"),
            "team": dice.pick("a", "b"),
            "status": status,
        }
    )
    older = frame.iloc[:8].assign(status="open", closed_at="", updated_at=frame["created_at"], first_agent_reply_at="")
    return {"chat": pd.concat([older, frame], ignore_index=True)}


def _email(dice: Dice) -> Frames:
    received = dice.moments(last="5h")  # in UTC: before midnight in Berlin and in Moscow
    replied = dice.later(received, (5 * MIN, 50 * MIN), (6 * HOUR, 8 * HOUR), (2 * DAY, 5 * DAY))
    solved = dice.later(replied, (5 * MIN, 30 * MIN), (DAY, 3 * DAY), (8 * DAY, 15 * DAY))
    status = dice.pick(*["solved"] * 16, "open", "open", "withdrawn", "withdrawn", "spam", "newsletter").mask(
        solved > AS_OF, "open"
    )
    survey, checked = dice.chance(0.5) & (status == "solved"), dice.chance(0.4)
    frame = {
        "request_id": ids("m", dice.count),
        "received_utc": known(received).mask(dice.chance(0.02), "n/a"),
        "first_reply_utc": known(replied, status != "withdrawn"),
        "solved_utc": known(solved, status == "solved"),
        "sender": dice.names("k", 90),
        "team": dice.pick("a", "b"),
        "topic": dice.pick("bill", "tariff", "account blocked"),
        "status": status,
        "customer_letters": dice.pick(1, 1, 1, 2, 3, 5, ""),
        "checked": yes(checked),
        "fault_found": blank(dice.pick("no", "no", "no", "yes", "n/a"), ~checked),
        "survey_sent": yes(survey),
        "rating": blank(dice.pick(1, 2, 3, 4, 5, 5, ""), ~survey),
    }
    return {"email": pd.DataFrame(frame)}


def _delivery(dice: Dice) -> Frames:
    ordered = dice.moments()
    promised = dice.later(ordered, (3 * DAY, 6 * DAY)).dt.normalize()
    delivered = dice.later(promised, (-2 * DAY, 20 * HOUR), (-2 * DAY, 20 * HOUR), (DAY, 3 * DAY), (5 * DAY, 9 * DAY))
    status = dice.pick(*["delivered"] * 9, "lost", "cancelled", "test")
    status = status.mask((status == "delivered") & (delivered > AS_OF), "on its way")
    here = status == "delivered"
    frame = {
        "order_id": ids("o", dice.count),
        "ordered_at": known(ordered),
        "promised_on": promised.dt.strftime("%Y-%m-%d").mask(dice.chance(0.04), "-"),  # a promise lies in the future
        "delivered_at": known(delivered, here),
        "customer_id": dice.names("k", 120),
        "region": dice.pick("coast", "hills", "islands"),
        "carrier": dice.pick("x", "y"),
        "status": status,
        "damaged": blank(dice.pick("no", "no", "no", "yes", "-"), ~here),
        "rating": blank(dice.pick(1, 2, 3, 4, 5, 5, 7, ""), ~here),
    }
    return {"delivery": pd.DataFrame(frame)}


def _ordering(dice: Dice) -> Frames:
    opened, status = dice.moments(), dice.pick(*["ordered"] * 7, "left", "left")
    ordered = dice.later(opened, (40, 170), (40, 170), (190, 350), (400, 1500))
    left = dice.later(opened, (3, 18), (30, 600))
    confirmed = dice.later(ordered, (1, 90), (1, 90), (150, 800), (1000, 9000))
    status.iloc[-1] = "open"
    done, lost = status == "ordered", dice.chance(0.03)
    frame = {
        "checkout_id": ids("b", dice.count),
        "opened_at": known(opened),
        "ordered_at": known(ordered, done),
        "left_at": known(left, status == "left"),
        "confirmed_at": known(confirmed, done & ~lost),
        "customer_id": dice.names("k", 150).mask(dice.chance(0.03), "test").mask(dice.chance(0.02), "monitoring"),
        "device": dice.pick("phone", "computer"),
        "country": dice.pick("home", "home", "abroad"),
        "status": status,
        "error_messages": dice.pick(0, 0, 0, 0, 1, 2, 4, "n/a"),
        "payment": blank(dice.pick(*["as wished"] * 5, "another way", "failed", "voucher"), ~done),
        "ways_to_pay": dice.pick(6, 5, 4, 3, 2, 1, ""),
        "corrected": blank(dice.pick(*["no"] * 6, "yes", "n/a"), ~done),
    }
    return {"ordering": pd.DataFrame(frame)}


def _helpdesk(dice: Dice) -> Frames:
    course = dice.pick(*"sssssssssowm")  # solved, open, withdrawn, of the monitoring
    tickets = {
        "ticket": pd.Series(ids("t", dice.count)),
        "customer": dice.names("k", 90).mask(course == "m", "monitoring"),
        "priority": dice.pick("high", "normal", "normal"),
        "product": dice.pick("laptop", "mail"),
        "team": dice.pick("first", "second"),
    }
    survey = yes(dice.chance(0.6))
    parts = []
    for event, times, here, agent, status in _steps_of_tickets(dice, course):
        asked = status == "solved"
        rating = dice.pick(1, 2, 3, 4, 5, 5, 8, "") if asked else ""
        answers = {"survey_sent": survey if asked else "", "rating": rating}
        row = {**tickets, "event": event, "at": known(times, here), "agent": agent, "status": status, **answers}
        parts.append(pd.DataFrame(row))
    events = pd.concat(parts)
    log = events.loc[events["at"] != ""].sort_values(["at", "ticket"], kind="stable")
    return {"helpdesk": pd.concat([log, log.iloc[5:10]], ignore_index=True)}  # a few rows twice


def _steps_of_tickets(dice: Dice, course: Cells) -> list[tuple[str, Cells, Cells, Any, str]]:
    """The steps of tickets: its event, times, the tickets that take it, the agent, and their status from then on."""
    opened = dice.moments()
    taken = dice.later(opened, (2 * MIN, 20 * MIN), (5 * HOUR, 8 * HOUR), (3 * DAY, 6 * DAY))
    passed, again = dice.later(taken, (5 * MIN, HOUR)), dice.later(taken, (2 * HOUR, 4 * HOUR))
    solved = dice.later(again, (10 * MIN, 2 * HOUR), (2 * DAY, 4 * DAY), (9 * DAY, 16 * DAY))
    reopened, withdrawn = dice.later(solved, (HOUR, DAY)), dice.later(opened, (HOUR, 3 * DAY))
    hands, back = dice.pick(1, 1, 1, 2, MOST_HANDS), dice.pick(0, 0, 0, 0, 1, 2)
    back = back.where(course == "s", 0)
    first, second, third = (dice.names(prefix, 4) for prefix in "abc")
    goes_on, shift = course.isin(["s", "o", "m"]), pd.Timedelta("1h")
    return [
        ("opened", opened, pd.Series(data=True, index=opened.index), "", "open"),
        ("taken", taken, goes_on, first, "open"),
        ("passed on", passed, goes_on & (hands > 1), first, "open"),
        ("taken by phone", again, goes_on & (hands > 1), second, "open"),
        ("taken", again + shift / 2, goes_on & (hands == MOST_HANDS), third, "open"),
        ("solved", solved, course == "s", first, "solved"),
        ("reopened", reopened, back > 0, "", "open"),
        ("reopened", reopened + shift, back > 1, "", "open"),
        ("solved", reopened + 2 * shift, back > 0, first, "solved"),
        ("withdrawn", withdrawn, course == "w", "", "withdrawn"),
    ]


def _field(dice: Dice) -> Frames:
    reported = dice.moments()
    arrived = dice.later(reported, (3 * HOUR, 10 * HOUR), (3 * DAY, 4 * DAY), (8 * DAY, 14 * DAY))
    window = arrived - pd.to_timedelta(
        dice.pick(-100, -100, -60, -60, -5, 10, 25, 50, 200, -140, -190).astype(int), "min"
    )
    finished = dice.later(arrived, (20 * MIN, 70 * MIN), (85 * MIN, 110 * MIN), (4 * HOUR, 6 * HOUR))
    cancelled = dice.later(reported, (HOUR, 5 * HOUR), (9 * DAY, 12 * DAY))
    status = dice.pick(*["done"] * 8, "cancelled", "planned").mask(finished > AS_OF, "planned")
    done = status == "done"
    survey = dice.chance(0.6) & done
    frame = {
        "order_id": ids("f", dice.count),
        "reported_at": known(reported).mask(dice.chance(0.01), "n/a"),
        "window_to": window.dt.strftime("%Y-%m-%d %H:%M").mask(dice.chance(0.05), "-"),  # lies in the future
        "arrived_at": known(arrived, done),
        "finished_at": known(finished, done),
        "cancelled_at": known(cancelled, status == "cancelled"),
        "waited_min": dice.pick(0, 0, 5, 10, ""),
        "fixed": blank(dice.pick("yes", "yes", "yes", "no", "-"), ~done),
        "survey_sent": yes(survey),
        "rating": blank(dice.pick(1, 2, 3, 4, 5, 5, 6, ""), ~survey),
        "customer_id": dice.names("k", 70).mask(dice.chance(0.03), "-"),
        "region": dice.pick("north", "south"),
        "engineer": dice.names("e", 6),
        "device": dice.pick("heating", "washing machine"),
        "status": status,
        "kind": dice.pick(*["fault"] * 24, "training", "own building"),
    }
    return {"field": pd.DataFrame(frame)}


def _returns(dice: Dice) -> Frames:
    announced = dice.moments(last="30min")
    label = dice.later(announced, (5, 50 * MIN), (5, 50 * MIN), (2 * HOUR, 20 * HOUR), (2 * DAY, 4 * DAY))
    received = dice.later(label, (2 * DAY, 5 * DAY))
    decided = dice.later(received, (HOUR, 5 * HOUR), (3 * DAY, 5 * DAY), (10 * DAY, 15 * DAY))
    settled = dice.later(decided, (HOUR, 8 * HOUR), (4 * DAY, 8 * DAY), (14 * DAY, 20 * DAY))
    due = (settled - pd.to_timedelta(dice.pick(-3, -1, 0, 0, 1, 2, 5).astype(int), unit="D")).dt.normalize()
    kind, decision = dice.pick("return", "warranty"), dice.pick(*["accepted"] * 5, "goodwill", "refused", "unclear")
    status = dice.pick(*["open"] * 12, "withdrawn")
    here, money = status != "withdrawn", kind == "return"
    frame = {
        "case_id": ids("r", dice.count),
        "announced_at": known(announced).mask(dice.chance(0.01), "n/a"),
        "label_sent_at": known(label, here),
        "received_at": known(received, here),
        "decided_at": known(decided, here),
        "refund_due": due.dt.strftime("%Y-%m-%d").where(money & ~dice.chance(0.05), "-"),  # lies in the future
        "refunded_at": known(settled, here & money & (decision != "refused")),
        "sent_back_at": known(settled, here & ~money),
        "decision": decision.where((decided <= AS_OF) & here, ""),
        "inquiries": dice.pick(0, 0, 0, 1, 2, 4, ""),
        "customer_id": dice.names("k", 60).mask(dice.chance(0.03), "outlet").mask(dice.chance(0.03), "test"),
        "kind": kind,
        "product": dice.pick("phone", "shoes", "lamp"),
        "status": status,
    }
    return {"returns": pd.DataFrame(frame)}


def _complaints(dice: Dice, money: int) -> Frames:
    received = dice.moments()
    first = dice.later(received, (5 * MIN, 50 * MIN), (5 * MIN, 50 * MIN), (6 * HOUR, 8 * HOUR), (3 * DAY, 6 * DAY))
    sorry = dice.later(first, (MIN, 40 * MIN), (MIN, 40 * MIN), (30 * HOUR, 40 * HOUR), (4 * DAY, 7 * DAY))
    mended = dice.later(sorry, (MIN, HOUR), (MIN, HOUR), (3 * DAY, 5 * DAY), (10 * DAY, 15 * DAY))
    told = dice.later(mended, (MIN, 4 * HOUR), (MIN, 4 * HOUR), (30 * HOUR, 40 * HOUR), (5 * DAY, 8 * DAY))
    good = dice.later(told, (MIN, DAY), (MIN, DAY), (2 * DAY, 12 * DAY), (14 * DAY, 24 * DAY))
    justified, survey = dice.pick("yes", "yes", "yes", "no", ""), dice.chance(0.5)
    status = dice.pick(*["open"] * 12, "withdrawn")
    here = status != "withdrawn"
    right = here & (justified != "no")
    frame = pd.DataFrame(
        {
            "complaint_id": ids("p", dice.count),
            "received_at": known(received).mask(dice.chance(0.01), "-"),
            "acknowledged_at": known(first, here),
            "apologised_at": known(sorry, right),
            "mended_at": known(mended, right),
            "told_at": known(told, right),
            "made_good_at": known(good, here & ~dice.chance(0.1)),  # to everybody who complained, but for slips
            "justified": justified,
            "made_good_cost": dice.pick(*(money * euros for euros in (5, 12.5, 18, 35, 80, 140)), ""),
            "survey_sent": yes(survey),
            "rating": blank(dice.pick(1, 2, 3, 4, 5, 0, ""), ~survey),
            "customer_id": dice.names("k", 50).mask(dice.chance(0.03), "-"),
            "channel": dice.pick("letter", "call"),
            "topic": dice.pick("bill", "manners", "quality", "bill", "manners", "quality", "praise"),
            "severity": dice.pick("usual", "usual", "danger"),
            "status": status,
        }
    )
    older = frame.iloc[:6].assign(mended_at="", told_at="", made_good_at="", rating="")
    return {"complaints": pd.concat([older, frame], ignore_index=True)}


def _satisfaction(dice: Dice) -> Frames:
    asked, sent = dice.moments(last="30h"), dice.chance(0.9)
    recommend = dice.pick(*range(11), 10, 9, 11, 7.5, "", "").where(sent, "")
    answered = dice.later(asked, (HOUR, 20 * HOUR))
    recommend = recommend.mask(answered > AS_OF, "")
    recommend.iloc[-1], answered.iloc[-1], sent.iloc[-1] = 3, AS_OF - pd.Timedelta("1h"), True
    replied = recommend.map(lambda score: score != "")
    called = dice.later(answered, (HOUR, DAY), (3 * DAY, 4 * DAY), (6 * DAY, 9 * DAY))
    called.iloc[-1] = AS_OF + pd.Timedelta("1h")  # not yet
    relation = {
        "invitation_id": ids("i", dice.count),
        "invited_at": known(asked),
        "customer_id": dice.names("k", 200),
        "region": dice.pick("north", "south"),
        "tariff": dice.pick(*["small", "large"] * 8, "employee"),
        "sent": yes(sent),
        "recommend": recommend,
        "answered_at": known(answered, replied),
        "called_back_at": known(called, replied),
    }
    calls = ids("c", dice.count)
    contact = {
        "call_id": calls,
        "ended_at": known(dice.moments()),
        "caller": dice.names("k", 90),
        "team": dice.pick("a", "b"),
        "topic": dice.pick("bill", "complaint"),
        "invited": yes(dice.chance(0.8)),
    }
    answers = {"csat": dice.pick(1, 2, 3, 4, 5, 5, 6), "effort": dice.pick(1, 2, 3, 4, 5, 6, 7, 7, 0)}
    survey = pd.DataFrame({"call_id": calls, **answers})[~dice.chance(0.3)]
    second = survey.iloc[:5].assign(csat=3)  # answered twice: the later row counts
    return {
        "relation": pd.DataFrame(relation),
        "contact": pd.DataFrame(contact),
        "survey": pd.concat([survey, second], ignore_index=True),
    }


def _loyalty(dice: Dice, money: int) -> Frames:
    card = pd.Series(np.minimum(dice.draw.geometric(0.02, dice.count), 110)).map("k{:03}".format)
    seen_before = card.duplicated()
    frame = {
        "receipt": ids("q", dice.count),
        # Who bought for the first time in the last 90 days is pending: the log begins three months earlier.
        "bought_at": known(dice.moments(begin=pd.Timestamp("2025-10-01"))),
        "card": card.mask(seen_before & dice.chance(0.05), "0"),
        "amount": dice.pick(*(money * euros for euros in (8, 15.5, 22, 40, 65))),
        "shop": dice.pick("station", "centre"),
        # Only later purchases are cancelled or lack their card, so that every customer is seen without them.
        "status": dice.pick(*["paid"] * 15, "cancelled").where(seen_before, "paid"),
    }
    due = dice.chance(0.6)
    programme = {
        "answer_id": ids("a", dice.count),
        "asked_at": known(dice.moments()),
        "card": dice.names("k", 110),
        "shop": dice.pick("station", "centre"),
        "discount_due": yes(due),
        "discount_given": blank(dice.pick(*["yes"] * 9, "no"), ~due),
        "brought": dice.pick(0, 0, 0, 0, 1, 2, ""),
        "information": dice.pick(*["complete"] * 7, "in part", "nothing", "n/a"),
        "attention": dice.pick(1, 2, 3, 4, 4, 5, 5, 6, ""),
        "asked": dice.pick(*["survey"] * 20, "test"),
    }
    return {"loyalty": pd.DataFrame(frame), "programme": pd.DataFrame(programme)}


def _quality(dice: Dice) -> Frames:
    assessed, second = dice.moments(), dice.chance(0.3)
    feedback = dice.later(assessed, (HOUR, 6 * HOUR), (3 * DAY, 5 * DAY), (10 * DAY, 16 * DAY))
    behaviours = ("attitude", "respect", "savvy", "resource", "response", "people", "reliability")
    frame = {
        "card_id": ids("s", dice.count),
        "assessed_at": known(assessed),
        "feedback_at": known(feedback, ~dice.chance(0.1)),
        **{item: dice.pick(*["yes"] * 12, "no", "n/a", "") for item in (*behaviours, "identity", "privacy")},
        "second_points": dice.pick(40, 75, 90, 100).where(second, ""),
        "difference": dice.pick(0, 2, 5, 8, 15, "").where(second, ""),
        "team": dice.pick("old hands", "new colleagues"),
        "employee": dice.names("e", 10),
        "assessor": dice.names("a", 3),
        "purpose": dice.pick(*["month"] * 14, "training"),
    }
    return {"quality": pd.DataFrame(frame)}


def _employees(dice: Dice) -> Frames:
    present = dice.chance(0.9)
    frame = {
        "answer_id": ids("e", dice.count),
        "asked_at": known(dice.moments()),
        "department": dice.pick(*["service", "logistics"] * 8, "test"),
        "duty": dice.pick("phone", "shop"),
        "present": yes(present),
        "recommend": blank(dice.pick(*range(11), 9, 10, -1, ""), ~present),
        "trainings": dice.pick(0, 1, 2, 2, 2, 3, 4, ""),
        "standard": blank(dice.pick(*["by heart"] * 6, "in part", "not at all", "-"), ~present),
        "empowered": blank(dice.pick(1, 2, 3, 4, 4, 5, 5, 6, ""), ~present),
    }
    return {"employees": pd.DataFrame(frame)}


def _reviews(dice: Dice) -> Frames:
    posted, stars = dice.moments(), dice.pick(1, 2, 3, 4, 4, 5, 5, 5, "-")
    times = ((20 * MIN, 3 * HOUR), (20 * MIN, 3 * HOUR), (5 * HOUR, 23 * HOUR), (DAY, 3 * DAY), (4 * DAY, 12 * DAY))
    answered = dice.later(posted, *times)
    answered.iloc[-1] = AS_OF + pd.Timedelta("1h")  # not yet
    here = (answered <= AS_OF) & ~dice.chance(0.04)
    bad = stars.isin([1, 2, 3]) & here
    frame = {
        "review_id": ids("v", dice.count),
        "posted_at": known(posted),
        "answered_at": known(answered, here),
        "author": dice.names("k", 200).mask(dice.chance(0.03), "spam"),
        "site": dice.pick("maps", "shop"),
        "shop": dice.pick("station", "centre"),
        "stars": stars,
        "in_own_words": blank(dice.pick(*["yes"] * 8, "no", "-"), ~here),
        "outcome": blank(dice.pick("corrected", "corrected", "silent", "silent", "repeated", "-"), ~bad),
    }
    return {"reviews": pd.DataFrame(frame)}


def _self_service(dice: Dice) -> Frames:
    started = dice.moments()
    nobody = dice.chance(0.4)
    started = started.mask(nobody, started.dt.normalize() + pd.Timedelta("22h"))
    outcome = dice.pick(*["solved"] * 6, "passed on", "passed on", "given up", "-")
    outcome = outcome.mask(nobody & (outcome != "solved"), dice.pick("noted", "noted", "noted", "given up"))
    ended = dice.later(started, (30, 170), (30, 170), (190, 350), (400, 1500))
    noted = dice.later(ended, (5, 60))
    answered = dice.later(noted.dt.normalize() + pd.Timedelta("1D"), (9 * HOUR, 11 * HOUR), (12 * HOUR, 34 * HOUR))
    frame = {
        "request_id": ids("w", dice.count),
        "started_at": known(started),
        "ended_at": known(ended, ~dice.chance(0.03)),
        "noted_at": known(noted, outcome == "noted"),
        "answered_at": known(answered, outcome == "noted"),
        "customer_id": dice.names("k", 120).mask(dice.chance(0.03), "test").mask(dice.chance(0.02), "monitoring"),
        "channel": dice.pick("site", "app", "bot", "phone menu"),
        "topic": dice.pick("bill", "tariff", "password"),
        "nobody_there": yes(nobody),
        "outcome": outcome,
        "information": dice.pick(*["complete"] * 6, "in part", "nothing", "-"),
    }
    return {"self_service": pd.DataFrame(frame)}


def _duties(dice: Dice) -> Frames:
    agreed = dice.moments()
    papers = dice.later(agreed, (DAY, 6 * DAY), (DAY, 6 * DAY), (8 * DAY, 10 * DAY), (12 * DAY, 30 * DAY))
    paid = dice.later(agreed, (2 * DAY, 13 * DAY), (2 * DAY, 13 * DAY), (15 * DAY, 20 * DAY), (24 * DAY, 50 * DAY))
    status = dice.pick(*["runs"] * 14, "cancelled")
    here = status != "cancelled"
    due = [(agreed + pd.Timedelta(days, "D")).dt.strftime("%Y-%m-%d") for days in (7, 14)]  # they lie in the future
    frame = {
        "contract_id": ids("d", dice.count),
        "agreed_at": known(agreed),
        "papers_due": due[0].mask(dice.chance(0.04), "-"),
        "papers_at": known(papers, here),
        "papers_complete": blank(dice.pick(*["yes"] * 9, "no", "-"), (papers > AS_OF) | ~here),
        "payment_due": due[1],
        "paid_at": known(paid, here),
        "customer_id": dice.names("k", 200),
        "branch": dice.pick("north", "south"),
        "product": dice.pick(*["loan", "lease"] * 12, "test"),
        "told": dice.pick(*["yes"] * 20, "no", "-"),
        "reminders": dice.pick(0, 0, 0, 0, 1, 2, 3, ""),
        "status": status,
    }
    return {"duties": pd.DataFrame(frame)}


_PLAIN: Final[dict[str, Callable[[Dice], Frames]]] = {
    "hotline": _hotline, "chat": _chat, "email": _email, "delivery": _delivery, "ordering": _ordering,
    "helpdesk": _helpdesk, "field": _field, "returns": _returns, "satisfaction": _satisfaction, "quality": _quality,
    "employees": _employees, "reviews": _reviews, "self_service": _self_service, "duties": _duties,
}  # fmt: skip
_WITH_MONEY: Final[dict[str, Callable[[Dice, int], Frames]]] = {"complaints": _complaints, "loyalty": _loyalty}


def ready_logs(kind: str, lang: str = "en") -> Frames:
    """The logs of a kind by process and by join; amounts of money are in the currency of the language's definition."""
    if kind in _WITH_MONEY:
        return _WITH_MONEY[kind](Dice(), PRICES[lang])
    return _PLAIN[kind](Dice())
