"""The hotline's notebook runs from its own folder and from the root, and prints what it was saved with."""

import importlib.util

import pytest
from support.needs import need
from support.places import ROOT

NOTEBOOK = ROOT / "examples" / "hotline" / "hotline.ipynb"
MOST_BYTES = 400_000
pytestmark = [
    pytest.mark.once,
    # Of the machinery that runs notebooks, not of svclight: what the notebook itself warns of is looked for in its outputs.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:jupyter_client"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:zmq"),
]


def streams(notebook, name: str) -> list[str]:
    """What each code cell wrote to a stream."""
    return [
        "".join(output["text"] for output in cell["outputs"] if output.get("name") == name)
        for cell in notebook.cells
        if cell["cell_type"] == "code"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("folder", [NOTEBOOK.parent, ROOT], ids=["own-folder", "root"])
def test_the_notebook_runs_and_prints_what_was_saved(folder, monkeypatch):
    for name in ("nbclient", "nbformat", "ipykernel"):
        need(importlib.util.find_spec(name), f"{name} is not installed")
    import nbclient
    import nbformat

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    saved = nbformat.read(NOTEBOOK, as_version=4)
    run = nbformat.read(NOTEBOOK, as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    nbclient.NotebookClient(run, kernel_name="python3", timeout=600, resources=resources).execute()
    warned = [
        line for line in "".join(streams(run, "stderr")).splitlines() if "Notice: " in line or "Warning: " in line
    ]
    # the log has six cells that cannot be read, as real ones have; nothing else is warned of
    assert all('6 of 34,106 filled cells of "talked"' in line for line in warned)
    assert streams(run, "stdout") == streams(saved, "stdout")


def test_the_notebook_is_small_and_was_saved_executed():
    assert NOTEBOOK.stat().st_size < MOST_BYTES
    assert '"output_type": "error"' not in NOTEBOOK.read_text("utf-8")
    assert '"image/png"' in NOTEBOOK.read_text("utf-8")


CARD = """
import svclight, pandas as pd
definitions = svclight.loads('''
svclight: 1
time_zone: UTC
processes: {p: {title: P, log: {time: at}, criteria: {c: {measure: {value: x}, green: "<= 5"}}}}
''')
table = pd.DataFrame({"month": ["2026-01"], "process": "p", "criterion": "c", "green": 9, "yellow": 0, "red": 1})
card = svclight.tally(table, definitions, as_of="2026-03-01")
"""


@pytest.mark.slow
def test_cards_and_plots_are_shown_once(monkeypatch, tmp_path):
    """A picture as the value of a cell, at the end of one, and a card, which rich must not show beside its fragment."""
    for name in ("nbclient", "nbformat", "ipykernel"):
        need(importlib.util.find_spec(name), f"{name} is not installed")
    import nbclient
    import nbformat

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    cells = [CARD, "card", "svclight.report.plot_overview(card).figure", "svclight.report.plot_overview(card);"]
    run = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(run, kernel_name="python3", timeout=600, resources=resources).execute()
    shown = [[sorted(one.data) for one in cell.outputs] for cell in run.cells[1:]]
    assert shown == [[["text/html", "text/plain"]], [["image/png", "text/plain"]], [["image/png", "text/plain"]]]
