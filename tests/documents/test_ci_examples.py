"""The examples for CI: they parse, and their shell steps run in a checkout of their own."""

import gzip
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml
from support.places import EXAMPLES

import svclight

pytestmark = pytest.mark.once

CI = EXAMPLES / "ci"


@pytest.fixture
def checkout(tmp_path):
    """A repository in which the definition was changed, and a `svclight` on the path."""
    need = shutil.which("git") and shutil.which("bash")
    if not need:
        pytest.skip("git and bash are not installed")
    place = tmp_path / "checkout"
    shutil.copytree(CI, place)
    commands = tmp_path / "bin"
    commands.mkdir()
    shim = commands / "svclight"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m svclight.cli "$@"\n')
    shim.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(svclight.__file__).parent.parent),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }

    def run(script, code=0, **more):
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=place, env=environment | more, text=True, capture_output=True, check=False, encoding="utf-8",
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done

    who = "git -c user.name=n -c user.email=e@example.org"
    run(f"git init -q . && git add . && {who} commit -q -m first")
    base = run("git rev-parse HEAD").stdout.strip()
    definition = place / "service.yaml"
    definition.write_text(definition.read_text("utf-8").replace('"<= 30 s"', '"<= 29 s"'), "utf-8")
    run(f"git add . && {who} commit -q -m tighter")
    return place, base, run


def steps(name):
    return yaml.safe_load((CI / name).read_text("utf-8"))


@pytest.mark.slow
def test_the_steps_of_the_github_workflow_run(checkout):
    place, base, run = checkout
    workflow = steps("github.yml")
    assert set(workflow) == {"name", True, "permissions", "jobs"}  # YAML 1.1 takes `on` for true
    assert workflow["permissions"] == {"contents": "read"}
    scripts = {step["name"]: step["run"] for step in workflow["jobs"]["check"]["steps"] if "run" in step}
    assert scripts.pop("Install") == "python -m pip install svclight"
    said = {name: run(script, BASE=base, GITHUB_STEP_SUMMARY="summary.md") for name, script in scripts.items()}
    summary = (place / "summary.md").read_text("utf-8")
    assert "## What the change does: before.yaml" in summary
    assert "Interactions change zone in 1 criterion" in summary
    assert "| met | hotline.wait | 2026-03 | green |" in summary
    annotations = said["Targets are met, and no month is worse than the stored one"].stdout
    assert re.search(r"^::warning file=service\.yaml,line=\d+,title=hotline\.rating%3A accepted::2026-03: green", annotations, re.MULTILINE)  # fmt: skip
    suite = ET.parse(place / "check.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("8", "0")
    for step in workflow["jobs"]["check"]["steps"]:
        assert set(step) <= {"name", "uses", "with", "run", "if", "env"}


@pytest.mark.slow
def test_the_steps_of_the_gitlab_job_run(checkout):
    place, base, run = checkout
    job = steps("gitlab-ci.yml")["service quality"]
    assert job["before_script"][-1] == "python -m pip install svclight"
    run("\n".join(job["script"]), CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    made = [*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]]
    assert all((place / name).stat().st_size for name in made)
    (place / "diff.md").unlink()
    run("\n".join(job["script"]))  # on the main branch there is nothing to hold the definition against
    assert not (place / "diff.md").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["github.yml", "gitlab-ci.yml"])
def test_a_definition_that_is_too_strict_fails_the_build(name, checkout):
    place, base, run = checkout
    definition = place / "service.yaml"
    definition.write_text(definition.read_text("utf-8").replace('green: ">= 60 %"', 'green: ">= 90 %"'), "utf-8")
    if name == "github.yml":
        script = steps(name)["jobs"]["check"]["steps"][-2]["run"]
    else:
        script = steps(name)["service quality"]["script"][-1]
    done = run(script, code=1, BASE=base, GITHUB_STEP_SUMMARY="summary.md")
    said = "MISSED      hotline.wait 2026-03 (Waiting time before an employee answers): green ≥ 90 %"
    assert said in done.stdout
    assert (place / "check.md").exists()


def test_the_log_and_the_stored_month_are_made_by_the_generator():
    made = runpy.run_path(str(CI / "generate.py"))["content"]()
    assert made == (CI / "calls.csv").read_text("utf-8")
    counts = svclight.score(CI / "calls.csv", CI / "service.yaml", as_of="2026-04-01").only("2026-02").counts
    assert counts.to_csv(index=False, lineterminator="\n") == (CI / "baseline.csv").read_text("utf-8")
    assert len(gzip.compress(made.encode())) < 40_000


def test_both_run_the_same_check():
    github = " ".join(steps("github.yml")["jobs"]["check"]["steps"][-2]["run"].replace("\\\n", " ").split())
    gitlab = steps("gitlab-ci.yml")["service quality"]["script"][-1]
    for part in ("--as-of 2026-04-01", "--baseline baseline.csv", "--junit check.xml", "--markdown check.md"):
        assert part in github
        assert part in gitlab
