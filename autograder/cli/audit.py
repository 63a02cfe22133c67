"""The command that asks whether the graders would catch it."""

from __future__ import annotations

import json
import math
import os
from collections import defaultdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ..audit import Audit, Auditor, Judged, write_audit
from ..course import assignment_ids, load_assignment
from ..engine import Setup
from ..model import Assignment, Course
from .options import CourseOption, JsonOption, announce, document, open_course
from .progress import progress_bar

_KEY = b"an audit judges our own code: its seeds are no secret, and the same each time"


def audit(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="All when none is named.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Catalogued solutions only: no mutants.")] = False,
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="Of hidden inputs, under each of which known code is run.")
    ] = 200,
    html: Annotated[Path | None, typer.Option("--html", help="Write the page of the audit there.")] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes.", show_default="all cores")
    ] = None,
    tier: Annotated[
        int | None, typer.Option("--tier", min=0, help="Isolation.", show_default="the course's")
    ] = None,
    course_folder: CourseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove the graders sound: every known mistake and nearly every mutant caught, right variants kept."""
    course = open_course(course_folder)
    assignments = [load_assignment(course, assignment_id) for assignment_id in ids or assignment_ids(course)]
    chosen = course.tier if tier is None else tier
    announce(course)
    audits = [
        run_audit(course, assignment, chosen, jobs, quick=quick, draws=draws) for assignment in assignments
    ]
    if html is not None:
        write_audit(audits, html)
    if as_json:
        print(json.dumps(document(assignments=[_row(audit) for audit in audits]), indent=2))
    else:
        _print(audits)
    raise typer.Exit(1 if any(audit.complaints for audit in audits) else 0)


def run_audit(
    course: Course, assignment: Assignment, tier: int, jobs: int | None, *, quick: bool, draws: int = 0
) -> Audit:
    """The audit of one assignment, with a progress bar."""
    auditor = Auditor(Setup(course, assignment, tier, _KEY), quick=quick, draws=draws)
    with progress_bar(assignment.id, auditor.steps) as advance:
        return auditor.run(jobs or os.cpu_count() or 1, advance)


def _row(audit: Audit) -> dict[str, Any]:
    wrong = [solution for solution in audit.judged if not solution.right]
    right = [solution for solution in audit.judged if solution.right]
    return {
        "id": audit.assignment.id,
        "mistakes": {
            "total": len(wrong),
            "killed": sum(solution.sound for solution in wrong),
            "named_first": sum(solution.named_first for solution in wrong),
        },
        "rewritten": {
            "total": len(audit.rewritten),
            "named_first": sum(judged.named_first for judged in audit.rewritten),
            "misled": sum(judged.misled for judged in (*wrong, *audit.rewritten)),
            "missed": [
                f"{judged.id}: {judged.named or 'nothing'}"
                for judged in audit.rewritten
                if not judged.named_first
            ],
        },
        "variants": {"total": len(right), "passed": sum(solution.sound for solution in right)},
        "mutants": {
            "total": len(audit.fates),
            "equivalent": len(audit.mutants("equivalent")),
            "killed": len(audit.mutants("killed")),
            "survived": [fate.mutant.id for fate in audit.mutants("survived")],
        },
        "tolerance": {
            task: {"right": right, "mutant": wrong if math.isfinite(wrong) else None}
            for task, (right, wrong) in audit.tolerance.items()
        },
        "draws": audit.draws,
        "flaky": audit.flaky,
        "varying": [
            {"id": drawn.id, "task": drawn.task, "unseen": drawn.unseen, "passed": dict(drawn.varying)}
            for drawn in audit.drawn
            if drawn.complaints
        ],
        "idle": list(audit.idle),
        "complaints": audit.complaints,
        "findings": [
            {
                "id": solution.id,
                "task": solution.task,
                "verdict": solution.verdict,
                "lost": dict(solution.lost),
            }
            for solution in audit.judged
            if not solution.sound
        ],
    }


def _print(audits: list[Audit]) -> None:
    table = Table("assignment", "task", "caught", "named", "least points lost", "right ones kept")
    for audit in audits:
        by_task: dict[str, list[Judged]] = defaultdict(list)
        for solution in audit.judged:
            by_task[solution.task].append(solution)
        for task in audit.assignment.tasks:
            wrong = [judged for judged in by_task[task.id] if not judged.right]
            right = [judged for judged in by_task[task.id] if judged.right]
            least = min((solution.lost.get(task.id, 0.0) for solution in wrong), default=0.0)
            table.add_row(
                audit.assignment.id,
                task.id,
                f"{sum(solution.sound for solution in wrong)} of {len(wrong)}",
                str(sum(solution.named_first for solution in wrong)),
                f"{least:g} of {task.points:g}",
                f"{sum(solution.sound for solution in right)} of {len(right)}",
            )
    console = Console()
    console.print(table)
    everything = [solution for audit in audits for solution in audit.judged]
    console.print(f"{sum(solution.sound for solution in everything)} of {len(everything)} judged rightly")
    for audit in audits:
        _print_mutants(console, audit)
        for complaint in audit.complaints:
            console.print(f"{audit.assignment.id}: {complaint}", markup=False, highlight=False)


def _print_mutants(console: Console, audit: Audit) -> None:
    if not audit.fates:
        return
    killed, equivalent = len(audit.mutants("killed")), len(audit.mutants("equivalent"))
    text = f"{audit.assignment.id}: {killed} of {len(audit.fates) - equivalent} mutants caught ("
    text += f"{audit.killed_share:.1%}), {equivalent} more are no mistakes; {audit.draws} draws"
    console.print(text, highlight=False)
    if audit.rewritten:
        named = sum(judged.named_first for judged in audit.rewritten)
        text = f"{named} of {len(audit.rewritten)} mistakes named in differently written code"
        console.print(f"{audit.assignment.id}: {text}", highlight=False)
    for fate in audit.mutants("survived"):
        text = f"{audit.assignment.id}: not caught, {fate.mutant.module}.{fate.mutant.function}:"
        console.print(f"{text}\n{fate.mutant.diff}", markup=False, highlight=False)
