"""Prints the lowest supported version of each dependency as constraints for pip: `pandas>=2.2` becomes `pandas==2.2.*`."""

import re
import sys
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).resolve().parent.parent.parent / "pyproject.toml").read_text("utf-8"))[
    "project"
]
for requirement in project["dependencies"]:
    name, version = re.fullmatch(r"([\w-]+)>=([\d.]+)", requirement).groups()
    sys.stdout.write(f"{name}=={version}{'.*' if version.count('.') < 2 else ''}\n")
sys.stdout.write("pyparsing<3.3\n")  # matplotlib 3.9 uses names that newer ones warn of
