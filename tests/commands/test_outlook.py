"""The commands that look ahead: what they print, files of each kind, exit codes."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from support import command_line

pytestmark = pytest.mark.once


def test_need_in_every_form(tmp_path):
    said = command_line.run("need", "80 %", "75 %").stdout
    assert said.startswith("To see a difference between 80 % and 75 % takes 1,092 rated interactions on each side")
    assert "нужно 3 208" in command_line.run("need", "78 %", "--target", "80 %", "--lang", "ru").stdout
    for suffix in ("csv", "json", "md", "png", "svg"):
        command_line.run("need", "80 %", "75 %", "-o", str(tmp_path / f"need.{suffix}"))
    assert pd.read_csv(tmp_path / "need.csv")["needed"].tolist() == [1092]
    assert json.loads((tmp_path / "need.json").read_text())[0]["needed"] == 1092
    assert (tmp_path / "need.md").read_text().startswith("- To see a difference")
    assert (tmp_path / "need.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "need.svg").read_text().startswith('<svg xmlns="http://www.w3.org/2000/svg"')


def test_what_need_refuses():
    assert (
        'found "80"; expected a share with its sign, such as "80 %"; did you mean 80 %?'
        in command_line.run("need", "80", "75 %", code=2).stderr
    )
    assert "one thing is held against the share" in command_line.run("need", "80 %", code=2).stderr
    assert "unknown kind of file" in command_line.run("need", "80 %", "75 %", "-o", "need.doc", code=2).stderr
