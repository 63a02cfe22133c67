"""The command that grades: `dlc grade`, and `dlc report`, which writes its pages again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from ..course import fingerprint, load_assignment
from ..engine import Setup, grade_all
from ..errors import AutograderError, Stopped
from ..grading.score import broken
from ..intake import EXHAUSTED, HandIn, read_submission
from ..model import Draw, Report, Submission
from ..report import student_view
from ..sandbox import GPU_VARIABLES
from ..store import Folder, Ledger, Store
from .options import CourseOption, DrawOption, JsonOption, KeyOption, announce, document, open_class, open_key
from .progress import progress_bar
from .terminal import named, tell

_WIDEST = 240  # columns of a table that is written to a file
_ROWS = 60  # students that a terminal table shows; the class page shows all


def grade(
    assignment_id: Annotated[str, typer.Argument(metavar="ID", help="Assignment, as `dlc list` names it.")],
    submissions: Annotated[
        list[Path], typer.Argument(help="Hand-ins: folders, archives, files, or a class of them.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for reports and gradebook.")],
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes.", show_default="all cores")
    ] = None,
    tier: Annotated[
        int | None,
        typer.Option("--tier", min=0, help="Isolation; 0 must be asked for.", show_default="the course's"),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Grade also what is graded already.")] = False,
    draw: DrawOption = Draw.RECORD,
    course_folder: CourseOption = None,
    key_file: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Grade hand-ins in isolation; write a report for each and the gradebook."""
    course, hand_ins = open_class(course_folder, submissions, assignment_id)
    assignment = load_assignment(course, assignment_id)
    setup = Setup(
        course,
        assignment,
        course.tier if tier is None else tier,
        open_key(course, key_file),
        variables={name: os.environ[name] for name in GPU_VARIABLES if name in os.environ},
        draw=draw,
    )
    if not hand_ins:
        raise AutograderError(
            f"{', '.join(map(str, submissions))}: no hand-in found; "
            "expected folders, archives (.zip, .tar.gz), .py or .ipynb files"
        )
    _refuse_inside(out, submissions)
    interrupted = False
    with Folder(out, assignment) as folder:
        announce(course)
        try:
            _grade_all(setup, hand_ins, folder, jobs or os.cpu_count() or 1, again=again)
        except KeyboardInterrupt:
            interrupted = True
        if folder.reports or not interrupted:
            folder.close(assignment.title)
    _print_class(folder, assignment.title, as_json=as_json)
    if interrupted:
        raise Stopped(
            f"interrupted: {len(folder.reports)} of {len(hand_ins)} graded and kept; the same command goes on"
        )
    raise typer.Exit(_told_findings(folder))


def _refuse_inside(out: Path, submissions: list[Path]) -> None:
    """What we write among hand-ins would be graded as one of them the next time."""
    for path in submissions:
        if path.is_dir() and out.resolve().is_relative_to(path.resolve()):
            raise AutograderError(
                f"{out}: lies in {path}, among what is to be graded; name a folder elsewhere with -o"
            )


def _grade_all(setup: Setup, hand_ins: list[HandIn], store: Store, jobs: int, *, again: bool) -> None:
    """Grade what is not graded yet, with a progress bar where a person looks."""
    environment = setup.environment(fingerprint(setup.course, setup.assignment))
    with progress_bar("grading", len(hand_ins)) as advance:

        def ungraded() -> Iterator[Submission]:
            for hand_in in hand_ins:
                submission = _read(setup, hand_in, store)
                if submission is None:
                    advance("")
                    continue
                saved = None if again else store.finished(submission, environment, setup.tier)
                if saved is None:
                    yield submission
                else:
                    store.keep(saved)
                    advance("")

        for report in grade_all(Ledger(ungraded(), store.add), setup, jobs):
            advance(report.student)


def _read(setup: Setup, hand_in: HandIn, store: Store) -> Submission | None:
    """The hand-in; None where that failed on our side, which is reported."""
    assignment = setup.assignment
    try:
        return read_submission(setup.course, assignment, hand_in)
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        why = f"it cannot be read ({error.strerror}), though it was there when this began; grade it again"
    except Exception as error:
        why = f"it cannot be read: {type(error).__name__}"
    store.add(broken(assignment, Submission(hand_in.student, assignment.id, {}), why, tier=setup.tier))
    return None


def _told_findings(store: Store) -> int:
    """Say what is to be looked at; the exit code."""
    for fault in store.faults:
        tell(fault)
    if store.differences:
        kept = "; ".join(sorted(store.differences))
        tell(f"results that were there already were made with {kept}; --again grades them again")
    if passing := sum(report.again for report in store.reports):
        tell(
            f"{passing} with points that noise left open: the same command grades them again, "
            "better when this machine has less to do"
        )
    internal = any(report.status == "internal" for report in store.reports)
    return 1 if internal or store.faults else 0


def report(
    folder: Annotated[Path, typer.Argument(help="Folder that `dlc grade` wrote.")],
    as_json: JsonOption = False,
) -> None:
    """Write the pages and the gradebook again from the results in a folder."""
    with Folder(folder) as output:
        output.write_pages_again()
        title = output.reports[0].title
        output.close(title)
    _print_class(output, title, as_json=as_json)
    raise typer.Exit(_told_findings(output))


def _print_class(folder: Folder, title: str, *, as_json: bool) -> None:
    reports, console = folder.reports, Console()
    if as_json:
        print(json.dumps(document(**student_view(reports)), indent=2))
        return
    if not reports:
        return
    if len(reports) <= _ROWS:
        _print_table(console, _table(reports, title, tasks=True), _table(reports, title, tasks=False))
    scores = [report.score for report in reports if report.score is not None]
    mean = f"mean {sum(scores) / len(scores):.1f} of {reports[0].max_score:g}" if scores else "no scores"
    console.print(f"{len(reports)} report{'s' if len(reports) > 1 else ''}, {mean}")
    console.print(named(f"open {folder.path / 'index.html'}"), soft_wrap=True, highlight=False)


def _print_table(console: Console, full: Table, narrow: Table) -> None:
    """The full table where it fits, or where nobody's terminal sets a width."""
    needed = Measurement.get(console, console.options.update(max_width=_WIDEST), full).maximum
    if not console.is_terminal:
        Console(width=needed).print(full)
    else:
        console.print(full if needed <= console.width else narrow)


def _table(reports: list[Report], title: str, *, tasks: bool) -> Table:
    names = [task.task for task in reports[0].tasks] if tasks else []
    table = Table("student", title=named(title), box=SIMPLE_HEAD)
    for name in (*names, "score"):
        table.add_column(named(name), justify="right")
    table.add_column("")
    for report in reports:
        points = [_points(task.score) for task in report.tasks] if tasks else []
        status = "" if report.status == "graded" else report.status
        table.add_row(named(report.student), *points, _points(report.score), status)
    return table


def _points(score: float | None) -> str:
    return "-" if score is None else f"{score:.4g}"
