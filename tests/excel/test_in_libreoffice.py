"""The workbook in LibreOffice: it opens, is the same when it comes back, and is printed on so much paper."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess

import pytest
from python_calamine import CalamineWorkbook
from support.needs import need
from support.report_cards import card_of, frame

from svclight import report

pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture(scope="module", params=["en", "ru"])
def folder(request, tmp_path_factory):
    """A folder with the workbook in a language, and what LibreOffice made of it: a workbook again, and a PDF."""
    office = shutil.which("soffice")
    need(office, "LibreOffice is not installed")
    made = tmp_path_factory.mktemp(request.param)
    evil = "=cmd|' /C calc'!A0"
    report.write(card_of(frame(24, 20), by=["team"], title="=1+1", wait=evil), made / "r.xlsx", lang=request.param)
    profile = f"-env:UserInstallation=file://{made / 'profile'}"
    for kind in ("xlsx", "pdf"):
        command = [office, profile, "--headless", "--convert-to", kind, "--outdir", made / kind, made / "r.xlsx"]
        subprocess.run(command, check=True, capture_output=True, timeout=240)
    return made


def sheets(path):
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_all_cells_come_back_as_they_were(folder):
    given, back = sheets(folder / "r.xlsx"), sheets(folder / "xlsx" / "r.xlsx")
    assert list(back) == list(given)
    numbers = dates = 0
    for name, rows in given.items():
        for row, other in zip(rows, back[name], strict=False):
            for cell, again in zip(row, other, strict=False):
                assert again == (pytest.approx(cell) if isinstance(cell, float) else cell)
                numbers += isinstance(cell, float)
                dates += isinstance(cell, dt.date)
    assert numbers > 2_000
    assert dates > 150


def test_it_is_printed_on_a4_and_a_sheet_is_as_wide_as_a_page(folder):
    need(shutil.which("pdfinfo"), "pdfinfo is not installed")
    said = subprocess.run(["pdfinfo", folder / "pdf" / "r.pdf"], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Page size: +841\.\d+ x 595\.\d+ pts \(A4\)", said)
    # 10 sheets; 5 criteria with 25 months, split by 2 teams, are 125 and 250 rows: about 60 stand on a page
    assert 10 <= int(re.search(r"Pages: +(\d+)", said)[1]) <= 26
    text = subprocess.run(
        ["pdftotext", "-l", "1", "-layout", folder / "pdf" / "r.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "=cmd|' /C calc'!A0" in text
    assert re.search(r"\d+[.,]\d %", text)
