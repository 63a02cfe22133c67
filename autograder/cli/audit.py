"""The command that asks whether the graders would catch it."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ..audit import Judged, judge_catalogue
from ..engine import Setup
from ..model import Assignment
from ..spec import assignment_ids, load_assignment, load_catalogue
from .options import CourseOption, JsonOption, document, open_course
from .progress import progress_bar

_KEY = b"an audit judges our own code: its seeds are no secret, and the same each time"


def audit(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="All when none is named.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes.", show_default="all cores")
    ] = None,
    tier: Annotated[
        int | None, typer.Option("--tier", help="Isolation.", show_default="the course's")
    ] = None,
    course: CourseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove the graders sound: every known mistake caught, every right variant with full marks."""
    found = open_course(course)
    judged: dict[str, list[Judged]] = {}
    assignments = [load_assignment(found, each) for each in ids or assignment_ids(found)]
    for assignment in assignments:
        setup = Setup(found, assignment, found.tier if tier is None else tier, _KEY)
        catalogue = load_catalogue(found.mistakes / assignment.id)
        results = judged[assignment.id] = []
        with progress_bar(assignment.id, len(catalogue.wrong) + len(catalogue.right)) as advance:
            for each in judge_catalogue(setup, catalogue, jobs or os.cpu_count() or 1):
                results.append(each)
                advance(each.id)
    if as_json:
        rows = [_row(assignment.id, judged[assignment.id]) for assignment in assignments]
        print(json.dumps(document(assignments=rows), indent=2))
    else:
        _print(assignments, judged)
    raise typer.Exit(0 if all(each.sound for results in judged.values() for each in results) else 1)


def _row(assignment_id: str, results: list[Judged]) -> dict[str, Any]:
    wrong, right = [each for each in results if not each.right], [each for each in results if each.right]
    return {
        "id": assignment_id,
        "mistakes": {
            "total": len(wrong),
            "killed": sum(each.sound for each in wrong),
            "named_first": sum(each.named_first for each in wrong),
        },
        "variants": {"total": len(right), "passed": sum(each.sound for each in right)},
        "findings": [
            {"id": each.id, "task": each.task, "verdict": each.verdict, "lost": dict(each.lost)}
            for each in results
            if not each.sound
        ],
    }


def _print(assignments: list[Assignment], judged: dict[str, list[Judged]]) -> None:
    table = Table("assignment", "task", "caught", "named", "least points lost", "right ones kept")
    for assignment in assignments:
        by_task: dict[str, list[Judged]] = defaultdict(list)
        for each in judged[assignment.id]:
            by_task[each.task].append(each)
        for task in assignment.tasks:
            wrong = [each for each in by_task[task.id] if not each.right]
            right = [each for each in by_task[task.id] if each.right]
            least = min((each.lost.get(task.id, 0.0) for each in wrong), default=0.0)
            table.add_row(
                assignment.id,
                task.id,
                f"{sum(each.sound for each in wrong)} of {len(wrong)}",
                str(sum(each.named_first for each in wrong)),
                f"{least:g} of {task.points:g}",
                f"{sum(each.sound for each in right)} of {len(right)}",
            )
    console = Console()
    console.print(table)
    everything = [each for results in judged.values() for each in results]
    console.print(f"{sum(each.sound for each in everything)} of {len(everything)} judged rightly")
    for name, results in judged.items():
        for each in results:
            if not each.sound:
                lost = ", ".join(f"{task} {points:g}" for task, points in each.lost.items()) or "nothing"
                text = f"{name}: {each.task} {each.id}: {each.verdict}; lost {lost} {' '.join(each.broken)}"
                console.print(text.rstrip(), markup=False, highlight=False)
