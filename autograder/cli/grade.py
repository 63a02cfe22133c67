"""The command that grades: `dlc grade`, and `dlc report`, which writes its pages again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from ..engine import Setup, fingerprint, finished, grade_class
from ..errors import AutograderError
from ..grading import read_key
from ..intake import HandIn, find_hand_ins, read_submission
from ..model import Assignment, Report, Submission
from ..report import (
    for_students,
    from_json,
    hide,
    slug,
    staff_notes,
    student_view,
    to_json,
    write_class,
    write_gradebook,
    write_student,
)
from ..report.files import write_atomically
from ..sandbox import GPU_VARIABLES
from ..spec import load_assignment
from .options import CourseOption, JsonOption, KeyOption, document, open_course
from .progress import progress_bar

_WIDEST = 240  # columns of a table that is written to a file
_ROWS = 60  # students that a terminal table shows; the class page shows all


@dataclass
class Output:
    """The folder that `dlc grade` writes: results/, reports/, staff/, gradebook.csv, index.html.

    What lies in results/ and reports/ may be given to students; hints that they are not to see yet lie
    in staff/ beside details and prints.
    """

    folder: Path
    assignment: Assignment | None = (
        None  # whose rules for hints hold; None where pages are only written again
    )
    reports: list[Report] = field(default_factory=list)

    def result(self, student: str) -> Path:
        """Where a student's report lies for machines."""
        return self.folder / "results" / f"{slug(student)}.json"

    def attempt(self, submission: Submission) -> int:
        """Which hand-in of its student this is, counted by what lies here."""
        try:
            before = from_json(self.result(submission.student).read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError):
            return 1
        return before.attempt + (before.submission_sha256 != submission.sha256)

    def add(self, report: Report) -> None:
        """Write one report at once, so that an interruption loses nothing that is finished."""
        notes = self.folder / "staff" / f"{slug(report.student)}.txt"
        notes.unlink(missing_ok=True)
        if text := staff_notes(report):
            write_atomically(notes, text)
        self._write(for_students(report))

    def keep(self, report: Report) -> None:
        """Count a report whose files are there already; show hints that may be seen by now."""
        full = self._full(report)
        if self._shown(full) == report:
            self.reports.append(full)
        else:
            self._write(full)

    def write_page(self, report: Report) -> None:
        """Count a report that was read from here, and write its page again."""
        self.reports.append(self._full(report))
        write_student(report, self._page(report.student))

    def _write(self, full: Report) -> None:
        shown = self._shown(full)
        self._hidden(full.student).unlink(missing_ok=True)
        if shown != full:
            write_atomically(self._hidden(full.student), to_json(full))
        write_atomically(self.result(full.student), to_json(shown))
        write_student(shown, self._page(full.student))
        self.reports.append(full)

    def _shown(self, full: Report) -> Report:
        return hide(full, self.assignment, datetime.now(UTC)) if self.assignment else full

    def _full(self, report: Report) -> Report:
        try:
            full = from_json(self._hidden(report.student).read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError):
            return report
        return full if full.graded_at == report.graded_at else report

    def _hidden(self, student: str) -> Path:
        return self.folder / "staff" / f"{slug(student)}.json"

    def _page(self, student: str) -> Path:
        return self.folder / "reports" / f"{slug(student)}.html"

    def close(self, title: str) -> None:
        """Write what speaks of the whole class."""
        self.reports.sort(key=lambda report: report.student)
        write_gradebook(self.reports, self.folder / "gradebook.csv")
        write_class(self.reports, title, self.folder)


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
        typer.Option("--tier", help="Isolation; 0 must be asked for.", show_default="the course's"),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Grade also what is graded already.")] = False,
    course: CourseOption = None,
    key_file: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Grade hand-ins in isolation; write a report for each and the gradebook."""
    found = open_course(course)
    assignment = load_assignment(found, assignment_id)
    setup = Setup(
        found,
        assignment,
        found.tier if tier is None else tier,
        read_key(key_file or found.key_file),
        variables={name: os.environ[name] for name in GPU_VARIABLES if name in os.environ},
    )
    hand_ins = find_hand_ins(submissions, found.library, assignment.id)
    if not hand_ins:
        raise AutograderError(
            f"{', '.join(map(str, submissions))}: no hand-in found; "
            "expected folders, archives (.zip, .tar.gz), .py or .ipynb files"
        )
    output = _open_output(out, assignment)
    interrupted = False
    try:
        _grade_all(setup, hand_ins, output, jobs or os.cpu_count() or 1, again=again)
    except KeyboardInterrupt:
        interrupted = True
    if output.reports or not interrupted:
        output.close(assignment.title)
    if as_json:
        print(json.dumps(document(**student_view(output.reports)), indent=2))
    else:
        _print_class(output, assignment.title)
    if interrupted:
        Console(stderr=True).print(
            f"interrupted: {len(output.reports)} of {len(hand_ins)} graded and kept; the same command goes on"
        )
        raise typer.Exit(130)
    raise typer.Exit(1 if any(report.status == "internal" for report in output.reports) else 0)


def _open_output(folder: Path, assignment: Assignment) -> Output:
    try:
        for part in ("results", "reports", "staff"):
            (folder / part).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AutograderError(
            f"{folder}: cannot write there ({error.strerror}); name another folder with -o"
        ) from error
    return Output(folder, assignment)


def _grade_all(setup: Setup, hand_ins: list[HandIn], output: Output, jobs: int, *, again: bool) -> None:
    """Grade what is not graded yet, with a progress bar where a person looks."""
    graders = fingerprint(setup.course, setup.assignment)
    attempts: dict[str, int] = {}
    with progress_bar("grading", len(hand_ins)) as advance:

        def ungraded() -> Iterator[Submission]:
            for hand_in in hand_ins:
                submission = read_submission(setup.course, setup.assignment, hand_in)
                saved = (
                    None if again else finished(output.result(submission.student), submission, setup, graders)
                )
                if saved is None:
                    attempts[submission.student] = output.attempt(submission)
                    yield submission
                else:
                    output.keep(saved)
                    advance("")

        for report in grade_class(ungraded(), setup, min(jobs, len(hand_ins))):
            output.add(replace(report, attempt=attempts[report.student]))
            advance(report.student)


def report(
    folder: Annotated[Path, typer.Argument(help="Folder that `dlc grade` wrote.")],
    as_json: JsonOption = False,
) -> None:
    """Write the pages and the gradebook again from the results in a folder."""
    output = Output(folder)
    for each in read_reports(folder):
        output.write_page(each)
    output.close(output.reports[0].title)
    if as_json:
        print(json.dumps(document(**student_view(output.reports)), indent=2))
    else:
        _print_class(output, output.reports[0].title)


def read_reports(folder: Path) -> list[Report]:
    """The reports in a folder that `dlc grade` wrote. Raises AutograderError where it is no such folder."""
    results = sorted((folder / "results").glob("*.json"))
    if not results:
        raise AutograderError(
            f"{folder}: no results/*.json there; expected a folder that `dlc grade -o` wrote"
        )
    return [_read_report(path) for path in results]


def _read_report(path: Path) -> Report:
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AutograderError(f"{path}: not a report of `dlc grade`; delete it and grade again") from error


def _print_class(output: Output, title: str) -> None:
    reports, console = output.reports, Console()
    if not reports:
        return
    if len(reports) <= _ROWS:
        _print_table(console, _table(reports, title, tasks=True), _table(reports, title, tasks=False))
    scores = [each.score for each in reports if each.score is not None]
    mean = f"mean {sum(scores) / len(scores):.1f} of {reports[0].max_score:g}" if scores else "no scores"
    console.print(f"{len(reports)} report{'s' if len(reports) > 1 else ''}, {mean}")
    console.print(f"open {output.folder / 'index.html'}", soft_wrap=True, highlight=False)


def _print_table(console: Console, full: Table, narrow: Table) -> None:
    """The full table where it fits, or where nobody's terminal sets a width."""
    needed = Measurement.get(console, console.options.update(max_width=_WIDEST), full).maximum
    if not console.is_terminal:
        Console(width=needed).print(full)
    else:
        console.print(full if needed <= console.width else narrow)


def _table(reports: list[Report], title: str, *, tasks: bool) -> Table:
    names = [task.task for task in reports[0].tasks] if tasks else []
    table = Table("student", title=title, box=SIMPLE_HEAD)
    for name in (*names, "score"):
        table.add_column(name, justify="right")
    table.add_column("")
    for each in reports:
        points = [_points(task.score) for task in each.tasks] if tasks else []
        status = "" if each.status == "graded" else each.status
        table.add_row(each.student, *points, _points(each.score), status)
    return table


def _points(score: float | None) -> str:
    return "-" if score is None else f"{score:.4g}"
