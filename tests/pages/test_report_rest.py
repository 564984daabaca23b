"""The end of reports: what each definition file says of itself, and when a review is due."""

import gzip
import json

import pandas as pd
import pytest

import svclight
from svclight.pages.report_rest import fact_rows

FILE = """svclight: 1
title: {title}
owner: {owner}
{more}
time_zone: UTC
processes:
  {name}: {{title: {title}, log: {{time: at}}, criteria: {{w: {{measure: {{value: x}}, green: "<= 5"}}}}}}
"""
LOG = pd.DataFrame({"at": ["2026-01-01", "2026-01-31"], "x": [3, 9]})
REVIEW = "reviewed: 2026-01-01\nreview_every: 6 months"


def card_of(folder, as_of, **more):
    for name, said in more.items():
        (folder / f"{name}.yaml").write_text(
            FILE.format(name=name, title=name.title(), owner=f"team of {name}", more=said), "utf-8"
        )
    return svclight.score(dict.fromkeys(more, LOG), svclight.load(folder), as_of=as_of)


def test_the_report_says_when_a_definition_is_to_be_reviewed(tmp_path):
    facts = dict(fact_rows(card_of(tmp_path, "2026-02-01", one=REVIEW), "en"))
    assert (facts["Owner"], facts["Reviewed"], facts["Next review"]) == ("team of one", "1 Jan 2026", "1 Jul 2026")
    late = dict(fact_rows(card_of(tmp_path, "2026-07-02", one=REVIEW), "en"))
    assert late["Next review"] == "1 Jul 2026, overdue"
    on_the_day = dict(fact_rows(card_of(tmp_path, "2026-07-01", one=REVIEW), "en"))
    assert on_the_day["Next review"] == "1 Jul 2026"


def test_of_several_files_each_is_listed_also_from_a_saved_card(tmp_path):
    card = card_of(tmp_path, "2026-09-01", one=REVIEW, two='version: "7"')
    expected = {
        "one.yaml": "One · Owner: team of one · Reviewed: 1 Jan 2026 · Next review: 1 Jul 2026, overdue",
        "two.yaml": "Two · Version: 7 · Owner: team of two",
    }
    opened = svclight.Scorecard.open(card.save(tmp_path / "card.svclight"))
    assert opened.provenance == card.provenance
    for one in (card, opened):
        facts = dict(fact_rows(one, "en"))
        assert {name: facts[name] for name in expected} == expected
        assert "Owner" not in facts
    assert "Проверено: 01.01.2026" in dict(fact_rows(opened, "ru"))["one.yaml"]


def test_a_saved_card_whose_review_is_no_date_is_refused(tmp_path):
    path = card_of(tmp_path, "2026-09-01", one=REVIEW, two="").save(tmp_path / "card.svclight")
    content = json.loads(gzip.decompress(path.read_bytes()))
    content["provenance"]["definition_files"][0]["reviewed"] = "soon"
    path.write_bytes(gzip.compress(json.dumps(content).encode()))
    with pytest.raises(svclight.SvclightError, match="card.svclight"):
        svclight.Scorecard.open(path)
