"""A card with everything that a report shows, and its page taken apart: tags, ids, links, text."""

from __future__ import annotations

import json
import re
import warnings
from functools import cache
from html.parser import HTMLParser

import numpy as np
import pandas as pd

import svclight
from svclight import report

DEFINITION = """
svclight: 1
title: {title}
owner: Quality team
version: "3"
time_zone: Europe/Moscow
processes:
  support: {{title: Support}}
  line:
    title: {process}
    part_of: support
    log:
      id: id
      time: at
      customer: who
      segments: [team]
      fields:
        at: {{time: at}}
        done: {{time: done}}
        w: {{number: w, unit: s}}
        paid: {{number: w, unit: s}}
        r: {{text: r}}
        f: {{flag: f}}
      exclude: [{{where: {{r: test}}, reason: test call}}]
    criteria:
      wait:
        title: {wait}
        description: From the queue to the first word.
        measure: {{value: w}}
        applies: {{r: {{not: gone}}}}
        abandoned: {{where: {{r: hang}}, counts: {{excluded_within: 5 s}}}}
        thresholds:
          - {{until: 2026-02-01, green: "<= 30 s"}}
          - {{from: 2026-02-01, where: {{team: b}}, green: "<= 40 s", yellow: "<= 1 min"}}
          - {{from: 2026-02-01, green: "<= 30 s", yellow: "<= 1 min"}}
        targets: [{{green: ">= 50 %", red: "<= 20 %", min_rated: 3}}, {{where: {{team: a}}, net: ">= 10"}}]
        accepted: {{red: "<= 30 %", until: 2026-03-01, reason: new line, ticket: T-1}}
        changes: [{{at: 2026-03-01, reason: new shifts}}]
      result: {{measure: {{category: r}}, green: [good], yellow: [hang, gone], red: [bad]}}
      flag: {{measure: {{flag: f}}, green: true, abandoned: {{where: {{r: hang}}, counts: excluded}}}}
      time: {{time: done, measure: {{duration: {{from: at, to: done, minus: [paid]}}}}, green: "<= 1 h", yellow: "<= 2 h"}}
      book: {{measure: {{worst: [wait, result]}}}}
"""


def frame(months=3, each=40):
    random = np.random.default_rng(8)
    rows = []
    for month in pd.period_range("2026-01", periods=months, freq="M"):
        for place in range(each):
            at = month.start_time if place == 0 else month.end_time.floor("s") if place == 1 else (
                month.start_time + pd.Timedelta(seconds=int(random.integers(2_300_000)))
            )  # fmt: skip
            rows.append(
                {
                    "id": f"SECRET-{len(rows)}",
                    "who": f"CUSTOMER-{len(rows) % 7}",
                    "at": f"{at}",
                    "done": f"{at + pd.Timedelta(minutes=int(random.integers(200)))}" if place % 9 else "",
                    "w": float(random.integers(0, 100)) if place % 11 else None,
                    "r": ("good", "bad", "hang", "gone", "test")[min(int(random.integers(8)), 4) if place > 1 else 0],
                    "f": bool(random.integers(2)),
                    "team": ("a", "b")[place % 2],
                }
            )
    return pd.DataFrame(rows)


def card_of(log=None, title="Service", process="Line", wait="Waiting time", text=DEFINITION, **options):
    definitions = svclight.loads(text.format(title=_quoted(title), process=_quoted(process), wait=_quoted(wait)))
    options = {"as_of": "2027-01-01", **options}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.SvclightNotice)
        return svclight.score({"line": frame() if log is None else log}, definitions, **options)


def _quoted(text):
    return json.dumps(text)


class Page(HTMLParser):
    """Tags, ids, references and text of a page; complains where tags do not close."""

    VOID = frozenset({"meta", "br", "link", "img"})

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.ids, self.links, self.words, self.attributes = [], [], [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.links.append(value)
            self.links += [f"#{found}" for found in re.findall(r"url\(#([^)]+)\)", value or "")]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["style"], ["script"]):
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@cache
def usual(*by):
    """The card of the usual log, made once: cards are frozen."""
    return card_of(by=list(by))


@cache
def html_of_usual():
    return report.html(usual())


def page():
    """The page of the usual card."""
    return Page(html_of_usual())
