"""The usual course as people see it: in words, as a chart, in reports, on the command line."""

from __future__ import annotations

import io
import itertools
import warnings

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from python_calamine import CalamineWorkbook
from rich.console import Console
from support.command_line import on_a_terminal, run

import svclight
from svclight import report
from svclight.card.course_table import Step, course_of, courses, percent_text
from svclight.card.display import course_table
from svclight.plots.usual_course import steps_height

TEXT = """
svclight: 1
title: Обслуживание
time_zone: UTC
processes:
  front: {title: Support}
  desk:
    title: Help <b>desk</b>
    part_of: front
    scenario:
      - {step: taken, actor: employee, action: takes the ticket in charge}
      - {step: called, actor: customer}
      - {step: solved, action: solves it}
    log:
      rows: events
      id: id
      time: at
      step: what
      steps: {solved: S, taken: T, closed: C}
    criteria:
      first: {measure: {duration: {from: start, to: solved}}, green: "<= 1 h", yellow: "<= 2 h"}
"""
# a: taken, solved 90 s later, closed 1 h after that; b: solved before it was taken; c: taken alone
ROWS = [
    ("a", "2026-01-01 10:00:00", "T"), ("a", "2026-01-01 10:01:30", "S"), ("a", "2026-01-01 11:01:30", "C"),
    ("b", "2026-01-31 10:00:00", "S"), ("b", "2026-01-31 12:00:00", "T"), ("c", "2026-01-31 12:00:00", "T"),
]  # fmt: skip


LONG = "Техническая поддержка пользователей по обращениям через портал самообслуживания"


@pytest.fixture
def card():
    return score(TEXT)


def score(text, rows=ROWS):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", svclight.errors.SvclightNotice)
        return svclight.score(
            pd.DataFrame(rows, columns=["id", "at", "what"]), svclight.loads(text), as_of="2026-02-01"
        )


def many(steps: int) -> svclight.Scorecard:
    names = [f"передача_обращения_в_отдел_сопровождения_{place}" for place in range(steps)]
    scenario = "".join(f"      - {{step: {name}, actor: Ответственный сотрудник службы поддержки}}\n" for name in names)
    known = ", ".join(f"{name}: S{place}" for place, name in enumerate(names))
    text = TEXT.replace("{solved: S, taken: T, closed: C}", f"{{{known}}}").replace("to: solved", f"to: {names[-1]}")
    head, rest = text.split("    scenario:\n")
    text = f"{head}    scenario:\n{scenario}    log:{rest.partition('    log:')[2]}"
    rows = [
        (f"c{case}", f"2026-01-{case % 28 + 1:02} {step:02}:00:00", f"S{step}")
        for case in range(40)
        for step in range(steps - case % 3)
    ]
    return score(text.replace("Help <b>desk</b>", LONG), rows)


def test_the_course_in_words(card):
    course = course_of(card, "desk")
    assert (course.title, course.cases, course.left) == ("Support / Help <b>desk</b>", 3, 1)
    assert course.in_words == "3 cases; 1 leaves the usual order (33.3 %)"
    assert [step.cells() for step in course.steps] == [
        ("taken", "employee", "3", "100.0 %", "", "0"),
        ("called", "customer", "", "not in the log", "", ""),
        ("solved", "", "2", "66.7 %", "1 min 30 s", "1"),  # of a alone: b has it too early
        ("closed", "", "1", "33.3 %", "1 h", "0"),
    ]
    assert list(courses(card)) == [course]


def test_processes_without_steps(card):
    with pytest.raises(svclight.SvclightError, match='the process "front" has no steps; expected one of "desk"'):
        course_of(card, "front")
    with pytest.raises(svclight.SvclightError, match='the process "dask" is not there; .*did you mean "desk"'):
        report.plot_steps(card, "dask")


def test_shares_of_cases():
    assert (percent_text(1, 3), percent_text(0, 0), percent_text(1, 10_000)) == ("33.3 %", "no data", "< 0.1 %")
    assert Step("x", "", "", 0, 0, "", 0).share == "no data"


def drawn(card, size=(7.6, 3.0)):
    figure = Figure(figsize=size, layout="constrained")
    ax = report.plot_steps(card, "desk", ax=figure.add_subplot())
    FigureCanvasAgg(figure).draw()  # the layout is worked out when it is drawn
    return ax


def test_the_chart_draws_shares_times_and_order(card):
    ax = drawn(card)
    widths = [round(bar.get_width(), 4) for bar in ax.patches]
    assert widths == [100.0, 66.6667, 33.3333]
    assert [bar.get_y() + bar.get_height() / 2 for bar in ax.patches] == [0, 2, 3]  # the row of `called` is empty
    texts = [text.get_text() for text in ax.texts]
    assert {"100.0 %  (3)", "66.7 %  (2)", "33.3 %  (1)", "not in the log", "↓ 1 min 30 s", "↓ 1 h"} <= set(texts)
    between = next(text for text in ax.texts if text.get_text() == "↓ 1 min 30 s")
    assert between.xy == (0, 1.5)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "taken\n(employee)", "called\n(customer)", "solved", "closed",
    ]  # fmt: skip
    assert "out of the usual order: 1 (33.3 %)" in ax.get_xlabel()
    assert ax.get_title(loc="left") == "Support / Help <b>desk</b>: steps"


@pytest.mark.parametrize("steps", [3, 15])
@pytest.mark.parametrize("width", [7.6, 3.8])
def test_long_names_do_not_run_into_each_other_or_out_of_the_figure(steps, width):
    ax = drawn(many(steps), (width, steps_height(steps)))
    boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
    for upper, lower in itertools.pairwise(boxes):
        assert upper.y0 >= lower.y1 - 0.5
    edge = ax.figure.bbox.x1
    for text in (*ax.texts, *ax.get_yticklabels(), ax.xaxis.label, ax._left_title):
        assert text.get_window_extent().x1 <= edge + 1, text.get_text()
        assert text.get_window_extent().x0 >= -1, text.get_text()


def test_a_figure_of_its_own(card):
    from matplotlib import pyplot as plt

    ax = report.plot_steps(card, "desk", title="Ход $x$")
    assert ax.get_title(loc="left") == "Ход $x$"
    plt.close(ax.figure)


def test_reports_show_the_course(card):
    page = report.html(card)
    assert page.count("<h2>The usual course</h2>") == 1
    assert "takes the ticket in charge" in page
    assert "Help &lt;b&gt;desk&lt;/b&gt;" in page
    assert "<b>desk" not in page
    assert "6 events" in page
    assert "3 cases" in page
    assert report.html(card) == page


def test_markdown_and_excel_show_the_course(card, tmp_path):
    text = report.write(card, tmp_path / "r.md").read_text("utf-8")
    assert "| solved |  | 2 | 66.7 % | 1 min 30 s | 1 |" in text
    assert "3 cases; 1 leaves the usual order (33.3 %)." in text
    assert "6 events of 3 cases" in text
    book = CalamineWorkbook.from_filelike(io.BytesIO(report.write(card, tmp_path / "r.xlsx").read_bytes()))
    rows = book.get_sheet_by_name("usual course").to_python()
    assert next(row for row in rows if row[0] == "taken")[:3] == ["taken", "employee", 3.0]
    solved = next(row for row in rows if row[0] == "solved")
    assert solved == ["solved", "", 2.0, pytest.approx(2 / 3), "1 min 30 s", 1.0]
    assert any("3 cases; 1 leaves the usual order (33.3 %)" in str(row[0]) for row in rows)


def test_a_card_without_events_says_nothing_of_a_course(card, tmp_path):
    only = card.only("2026-01")
    assert "usual course" not in report.html(only)
    assert "usual course" not in report.write(only, tmp_path / "r.md").read_text("utf-8")


def test_the_terminal_shows_markup_as_text(card):
    from rich.console import Console

    file = io.StringIO()
    Console(file=file, width=100).print(course_table(course_of(card, "desk")))
    shown = file.getvalue()
    assert "Support / Help <b>desk</b>" in shown
    assert "1 leaves the usual order" in shown
    assert "1 min 30 s" in shown


# --- svclight scenario ------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    (tmp_path / "desk.yaml").write_text(TEXT, "utf-8")
    (tmp_path / "events.csv").write_text("id,at,what\n" + "".join(",".join(row) + "\n" for row in ROWS))
    return tmp_path


def test_scenario_gives_csv(files):
    done = run("scenario", "desk.yaml", "--log", "desk=events.csv", cwd=files)
    assert done.stdout.splitlines() == [
        "process,step,cases,of,share,median_seconds,out_of_order,left_order",
        "desk,taken,3,3,1.0,,0,1",
        "desk,called,,3,,,,1",
        f"desk,solved,2,3,{2 / 3},90.0,1,1",
        f"desk,closed,1,3,{1 / 3},3600.0,0,1",
    ]
    run("scenario", "desk.yaml", "--log", "events.csv", "-o", "steps.csv", cwd=files)
    assert (files / "steps.csv").read_text() == done.stdout


def test_scenario_on_a_terminal(files):
    shown = on_a_terminal("scenario", "desk.yaml", "--log", "desk=events.csv", cwd=files)
    assert "1 min 30 s" in shown
    assert "not in the log" in shown


def test_scenario_without_an_event_log_or_without_cases(files):
    plain = """
svclight: 1
time_zone: UTC
processes: {p: {title: P, log: {time: at}, criteria: {c: {measure: {value: x}, green: "<= 5"}}}}
"""
    (files / "plain.yaml").write_text(plain)
    said = run("scenario", "plain.yaml", "--log", "events.csv", cwd=files, code=2).stderr
    assert "no process has an event log whose steps are named; expected a log with `rows: events`" in said
    assert "`svclight init helpdesk` prints a definition that has one" in said
    both = TEXT + '  p: {title: P, log: {time: at}, criteria: {c: {measure: {value: x}, green: "<= 5"}}}\n'
    (files / "both.yaml").write_text(both, "utf-8")
    (files / "p.csv").write_text("at,x\n2026-01-01,1\n")
    said = run("scenario", "both.yaml", "--log", "p=p.csv", cwd=files, code=2).stderr
    assert '"p" has no steps to hold against its log; expected the log of one of "desk"' in said
    (files / "empty.csv").write_text("id,at,what\n")
    done = run("scenario", "desk.yaml", "--log", "empty.csv", cwd=files, code=3)
    assert "there is no case" in done.stderr
    assert "desk,taken,0,0,,,0,0" in done.stdout


def test_a_course_in_another_language(card):
    course = course_of(card, "desk", "ru")
    assert course.in_words == "3 случая; из них 1 отходит от обычного порядка (33,3 %)"
    taken, called, solved, *_ = [
        [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in one.cells()] for one in course.steps
    ]
    assert taken[2:] == ["3", "100,0 %", "", "0"]
    assert called[2:] == ["", "нет в журнале", "", ""]
    assert solved[4] == "1 мин 30 с"
    file = io.StringIO()
    Console(file=file, width=160).print(course_table(course))
    for part in ("Шаг", "Кто", "Случаи", "Доля", "Медиана с предыдущего шага", "Не по порядку", "медиана: по первым"):
        assert part in file.getvalue()
