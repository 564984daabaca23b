"""`svclight diff` and `svclight calibrate`, and what `check` has besides targets, as a user meets them."""

import numpy as np
import pandas as pd
import pytest
from support.command_line import run

pytestmark = pytest.mark.once

DEFINITION = """svclight: 1
time_zone: UTC
processes:
  p:
    title: Process
    log:
      id: id
      time: at
      fields: {at: {time: at}, x: {number: x}, rating: {number: rating}}
      join: {survey: {on: {id: id}, fields: {score: {number: score}}}}
    criteria:
      c: {title: Waiting, measure: {value: x}, green: "<= 30", yellow: "<= 60", targets: {green: ">= 40 %"}}
"""


@pytest.fixture
def files(tmp_path):
    rng = np.random.default_rng(2)
    n = 1500
    values = rng.integers(1, 91, n)
    rating = np.clip(np.rint(5 - 0.06 * np.maximum(values - 40, 0) + rng.normal(0, 0.4, n)), 1, 5).astype(int)
    at = pd.date_range("2026-01-01", periods=n, freq="29min").astype(str)
    pd.DataFrame({"id": range(n), "at": at, "x": values, "rating": rating}).to_csv(tmp_path / "log.csv", index=False)
    pd.DataFrame({"id": range(n), "score": rating}).to_csv(tmp_path / "survey.csv", index=False)
    (tmp_path / "old.yaml").write_text(DEFINITION)
    (tmp_path / "new.yaml").write_text(DEFINITION.replace("<= 30", "<= 20"))
    return tmp_path


LOGS = ("--log", "p=log.csv", "--log", "survey=survey.csv", "--as-of", "2026-02-01")


def test_diff(files):
    page = run("diff", "old.yaml", "new.yaml", *LOGS, cwd=files).stdout
    assert page.startswith("## What the change does: old.yaml")
    assert "| green | ≤ 30 | ≤ 20 |" in page
    run("diff", "old.yaml", "new.yaml", *LOGS, "-o", "diff.md", cwd=files)
    assert (files / "diff.md").read_text("utf-8") == page
    run("diff", "old.yaml", "new.yaml", *LOGS, "--fail-on-change", cwd=files, code=1)
    run("diff", "old.yaml", "old.yaml", *LOGS, "--fail-on-change", cwd=files)


def test_diff_lists_interactions_where_it_is_asked(files):
    listed = run("diff", "old.yaml", "new.yaml", *LOGS, "--criterion", "p.c", cwd=files).stdout.splitlines()
    values = pd.read_csv(files / "log.csv")["x"]
    assert len(listed) == 1 + ((values > 20) & (values <= 30)).sum()
    assert listed[0].startswith("process,criterion,period,id,customer,time,value_before")
    run("diff", "old.yaml", "new.yaml", *LOGS, "--criterion", "p.c", "--pseudonymise", "s", "-o", "ids.csv", cwd=files)
    assert pd.read_csv(files / "ids.csv")["id"].astype(str).str.len().eq(16).all()


def test_diff_says_what_is_wrong(files):
    said = run("diff", "old.yaml", "no.yaml", *LOGS, cwd=files, code=2).stderr
    assert "no.yaml: there is no such file" in said
    assert "the log has no file" in run("diff", "old.yaml", "new.yaml", "--log", "p=", cwd=files, code=2).stderr
    two = DEFINITION.replace("  p:\n", '  q: {title: Q, log: {time: at}, criteria: {d: {measure: {value: x}, green: "<= 1"}}}\n  p:\n')  # fmt: skip
    (files / "two.yaml").write_text(two)
    said = run("diff", "old.yaml", "two.yaml", "--log", "log.csv", cwd=files, code=2).stderr
    assert 'which process is this the log of?; found "log.csv"; expected PROCESS=FILE with one of "p", "q"' in said
    said = run("diff", "old.yaml", "new.yaml", "--log", "x=log.csv", cwd=files, code=2).stderr
    assert 'a log was given for a process of neither definition; found "x"; expected one of "p", "survey"' in said


def test_calibrate(files):
    options = ("--criterion", "p.c", "--satisfaction")
    done = run("calibrate", "old.yaml", *LOGS, *options, "rating", "--picture", "p.png", "-o", "limits.csv", cwd=files)
    assert done.stdout.startswith("Waiting (p.c) against rating\nThe zones agree ")
    assert "Customers turn at " in done.stdout
    assert (files / "p.png").read_bytes().startswith(b"\x89PNG")
    assert pd.read_csv(files / "limits.csv")["method"].unique().tolist() == ["fall", "agreement", "tree"]
    joined = run(
        "calibrate", "old.yaml", *LOGS, *options, "survey.score", "--green", ">= 4", "--yellow", ">= 3", cwd=files
    )
    assert "given: green ≥ 4, yellow ≥ 3" in joined.stdout
    assert 'found "p.gif"; expected .png or .svg or .pdf' in run("calibrate", "old.yaml", *LOGS, *options, "rating", "--picture", "p.gif", cwd=files, code=2).stderr  # fmt: skip
    assert "no/p.png: the file cannot be written" in run("calibrate", "old.yaml", *LOGS, *options, "rating", "--picture", "no/p.png", cwd=files, code=2).stderr  # fmt: skip
    assert 'unknown criterion; found "c"; expected one of "p.c"' in run("calibrate", "old.yaml", *LOGS, "--criterion", "c", "--satisfaction", "rating", cwd=files, code=2).stderr  # fmt: skip


def test_check_against_a_stored_month(files):
    counts = "process,criterion,period,zone,count\np,c,2025-12,green,{}\np,c,2025-12,yellow,100\np,c,2025-12,red,100\n"
    (files / "base.csv").write_text(counts.format(100))
    (files / "high.csv").write_text(counts.format(1800))
    options = ("check", "old.yaml", *LOGS[:4], "--as-of", "2026-02-01", "--period", "2026-01")
    plain = run(*options, "--baseline", "base.csv", cwd=files, code=1)
    assert "MISSED      p.c 2026-01 (Waiting): green ≥ 40 %" in plain.stdout
    (files / "old.yaml").write_text(DEFINITION.replace(">= 40 %", ">= 20 %"))
    fine = run(*options, "--baseline", "base.csv", "--github", cwd=files)
    assert "NO DIFFERENCE THAT THE DATA CAN SHOW p.c 2026-01 (Waiting): green" in fine.stdout
    worse = run(*options, "--baseline", "high.csv", "--github", cwd=files, code=1)
    assert "WORSE       p.c 2026-01 (Waiting): green" in worse.stdout
    assert "::error file=old.yaml,line=12,title=p.c%3A worse than the baseline::2026-01: green" in worse.stdout
    said = run(*options, "--baseline", "high.csv", "--baseline-period", "2025-11", cwd=files, code=2).stderr
    assert 'the baseline has no such period; found "2025-11"; expected one of "2025-12"' in said
    assert "no.csv: the file cannot be read" in run(*options, "--baseline", "no.csv", cwd=files, code=2).stderr
