"""Commands for writing a course: list, check, release."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ..audit import faults_of_release
from ..course import assignment_ids, load_assignment
from ..engine import Setup
from ..engine.assembly import open_grader
from ..errors import AutograderError, LeakError, SpecError, TierUnavailable, UnsoundError
from ..model import Assignment, Course, Report, Submission
from ..release import audit_release, build_release, project
from ..source.names import task_modules
from .audit import run_audit
from .options import CourseOption, JsonOption, KeyOption, announce, document, open_course, open_key
from .terminal import named


def list_assignments(course_folder: CourseOption = None, as_json: JsonOption = False) -> None:
    """Show the assignments of the course: tasks, points, topics."""
    course = open_course(course_folder)
    assignments = [load_assignment(course, assignment_id) for assignment_id in assignment_ids(course)]
    announce(course)
    if as_json:
        print(json.dumps(document(assignments=[_listed(assignment) for assignment in assignments]), indent=2))
        return
    table = Table("assignment", "title", "tasks", "points", "topics", title=named(course.root.name))
    for assignment in assignments:
        tasks = ", ".join(f"{task.id} {task.points:g}" for task in assignment.tasks)
        topics = named(", ".join(assignment.topics))
        table.add_row(named(assignment.id), named(assignment.title), tasks, f"{assignment.points:g}", topics)
    Console().print(table)


def _listed(assignment: Assignment) -> dict[str, Any]:
    return {
        "id": assignment.id,
        "title": assignment.title,
        "due": assignment.due.isoformat() if assignment.due else None,
        "points": assignment.points,
        "topics": list(assignment.topics),
        "tasks": [{"id": t.id, "title": t.title, "points": t.points} for t in assignment.tasks],
    }


def release(
    assignment_id: Annotated[str, typer.Argument(metavar="ID", help="Assignment, as `dlc list` names it.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write.")],
    solution: Annotated[bool, typer.Option("--solution", help="Write the complete work instead.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Throw away work in an earlier release.")] = False,
    give_away: Annotated[
        list[str] | None,
        typer.Option("--give-away", metavar="ID", help="Show its solutions before its due date."),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", metavar="MISTAKE", help="Release although this one is judged wrongly."),
    ] = None,
    course_folder: CourseOption = None,
) -> None:
    """Write what students get: stubs, handout, public tests, notebook.

    Refuses if anything leaks, if the public tests or the notebook do not pass on the solution or the tests
    pass on the stubs, or if a catalogued solution is judged wrongly (`dlc audit --quick`).
    """
    course = open_course(course_folder)
    assignment = load_assignment(course, assignment_id)
    allowed = tuple(give_away or ())
    if not solution:
        opened = faults_of_release(course, assignment)
        if opened.faults:
            raise UnsoundError(opened.faults)
        for note in opened.notes:
            Console(stderr=True).print(note, markup=False, highlight=False)
        _refuse_survivors(course, assignment, frozenset(allow or ()))
    build_release(course, assignment, out, solution=solution, force=force, give_away=allowed)
    announce(course)
    what = "the complete solution" if solution else "the release"
    print(f"{out}: {what} of {assignment.title}, {len(assignment.tasks)} tasks, {assignment.points:g} points")


def _refuse_survivors(course: Course, assignment: Assignment, allowed: frozenset[str]) -> None:
    """The release would be graded by tests that judge a known solution wrongly: say so instead."""
    try:
        audit = run_audit(course, assignment, course.tier, None, quick=True)
    except TierUnavailable as error:
        Console(stderr=True).print(f"not audited: {error}", markup=False, highlight=False)
        return
    unsound = [solution for solution in audit.judged if not solution.sound and solution.id not in allowed]
    if unsound:
        lines = [f"{assignment.id}: {judged.task} {judged.id}: {judged.verdict}" for judged in unsound]
        way_out = f"mend the hidden tests (`dlc audit --quick {assignment.id}` tells more)"
        raise UnsoundError([*lines, f"{way_out}, or release all the same with --allow {unsound[0].id}"])


@dataclass
class Finding:
    """What `check` found about one assignment."""

    id: str
    tasks: int = 0
    points: float = 0.0
    solution_score: float | None = None  # percent of the gradable points
    stub_score: float | None = None  # percent
    leaks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what could not be looked at here

    @property
    def sound(self) -> bool:
        """Nothing to mend."""
        return not self.leaks and not self.faults


def check(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="All when none is named.")
    ] = None,
    tier: Annotated[
        int | None, typer.Option("--tier", min=0, help="Isolation.", show_default="the course's")
    ] = None,
    course_folder: CourseOption = None,
    key_file: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove the assignments sound: solution 100 %, stub 0 %, nothing leaks, no fault."""
    course = open_course(course_folder)
    key = open_key(course, key_file)
    announce(course)
    findings = [
        _check(course, assignment_id, course.tier if tier is None else tier, key)
        for assignment_id in ids or assignment_ids(course)
    ]
    if as_json:
        rows = [{k: getattr(finding, k) for k in Finding.__dataclass_fields__} for finding in findings]
        print(json.dumps(document(assignments=rows), indent=2))
    else:
        _print_findings(findings)
    raise typer.Exit(0 if all(finding.sound for finding in findings) else 1)


def _check(course: Course, assignment_id: str, tier: int, key: bytes) -> Finding:
    finding = Finding(assignment_id)
    try:
        assignment = load_assignment(course, assignment_id)
    except SpecError as error:
        finding.faults = error.faults
        return finding
    finding.tasks, finding.points = len(assignment.tasks), assignment.points
    try:
        finding.leaks = audit_release(course, assignment)
        _check_scores(finding, Setup(course, assignment, tier, key))
        opened = faults_of_release(course, assignment)
        finding.faults += opened.faults
        finding.notes += opened.notes
    except LeakError as error:
        finding.leaks = error.leaks
    except AutograderError as error:
        if error.exit_code == 3:
            raise
        finding.faults.append(str(error))
    return finding


def _check_scores(finding: Finding, setup: Setup) -> None:
    with open_grader(setup) as grader:
        solution = grader.grade(_own_hand_in(setup, solution=True))
        stub = grader.grade(_own_hand_in(setup, solution=False))
    finding.solution_score, finding.stub_score = _percent(solution), _percent(stub)
    if finding.solution_score != 100.0:
        finding.faults += [f"the solution loses {r.id}: {r.verdict} {r.message} {r.detail}".rstrip()
                           for r in solution.results if r.verdict not in ("passed", "open")]  # fmt: skip
    if finding.stub_score != 0.0:
        finding.faults += [f"the stub earns {r.id}" for r in stub.results if r.verdict == "passed"]


def _own_hand_in(setup: Setup, *, solution: bool) -> Submission:
    """Our own files as a student would hand them in."""
    prefix = f"{setup.course.library}/"
    files = project(setup.course, setup.assignment, solution=solution)
    modules = {path.removeprefix(prefix).removesuffix(".py"): text for path, text in files.items()}
    wanted = task_modules(setup.assignment)
    return Submission(
        student="solution" if solution else "stub",
        assignment=setup.assignment.id,
        modules={name: text for name, text in modules.items() if name in wanted},
    )


def _percent(report: Report) -> float | None:
    gradable = report.max_score - report.open_points
    return None if report.score is None or not gradable else round(100 * report.score / gradable, 4)


def _print_findings(findings: list[Finding]) -> None:
    table = Table("assignment", "tasks", "points", "solution", "stub", "leaks", "faults")
    for finding in findings:
        percents = [
            f"{p:g} %" if p is not None else "-" for p in (finding.solution_score, finding.stub_score)
        ]
        table.add_row(
            finding.id,
            str(finding.tasks),
            f"{finding.points:g}",
            *percents,
            str(len(finding.leaks)),
            str(len(finding.faults)),
        )
    console = Console()
    console.print(table)
    for finding in findings:
        for line in [*finding.leaks, *finding.faults, *finding.notes]:
            console.print(f"{finding.id}: {line}", markup=False, highlight=False)
