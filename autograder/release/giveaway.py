"""Tasks of other assignments that a release shows solved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ..course import assignment_ids, load_assignment
from ..errors import AutograderError, LeakError
from ..model import Assignment, Course
from ..source.names import names_of, task_modules
from .projection import removed_from


class TooEarly(AutograderError):
    """A release would show solutions of an assignment that students still work on."""


@dataclass(frozen=True, slots=True)
class GivenAway:
    """A module of a release that holds solved tasks of another assignment."""

    module: str
    other: Assignment  # which withholds them
    tasks: tuple[str, ...]  # its task ids
    declared: bool  # the assignment says after which one it hands the module out


def given_away(course: Course, assignment: Assignment) -> Iterator[GivenAway]:
    """Solved tasks of other assignments, module by module."""
    after = {entry.module: entry.after for entry in assignment.provided}
    others = [load_assignment(course, name) for name in assignment_ids(course) if name != assignment.id]
    for module in sorted(task_modules(assignment) | set(after)):
        own = set(removed_from(assignment, module).tasks)
        for other in others:
            tasks = tuple(
                task.id
                for task in other.tasks
                if any(name.module == module and name.qualified not in own for name in names_of([task]))
            )
            if tasks or after.get(module) == other.id:
                yield GivenAway(module, other, tasks, after.get(module) is not None)


def refuse_early(
    course: Course, assignment: Assignment, now: datetime, give_away: tuple[str, ...] = ()
) -> None:
    """Raise while an assignment is open whose solutions the release shows, unless `give_away` names it.

    TooEarly where `after` says that it has to wait; LeakError where nothing in the assignment says so.
    """
    shown = [given for given in given_away(course, assignment) if given.other.id not in give_away]
    open_ones = [given for given in shown if given.other.due is None or now < given.other.due]
    leaks = [_sentence(course, given) for given in open_ones if not given.declared]
    if leaks:
        raise LeakError(leaks)
    if open_ones:
        raise TooEarly("\n".join(_sentence(course, given) for given in open_ones))


def undeclared(course: Course, assignment: Assignment) -> list[str]:
    """Leaks: solved tasks of other assignments that this one shows without saying so."""
    return [_sentence(course, given) for given in given_away(course, assignment) if not given.declared]


def _sentence(course: Course, given: GivenAway) -> str:
    until = f"open until {given.other.due:%Y-%m-%d %H:%M %Z}" if given.other.due else "without a due date"
    way_out = (
        f"wait, or allow it by --give-away {given.other.id}"
        if given.declared
        else f"provide it as {{module: {given.module}, after: {given.other.id}}}, or move these tasks out"
    )
    what = ", ".join(given.tasks) or "work"
    return f"{course.library}/{given.module}.py: gives away {what} of {given.other.id}, {until}; {way_out}"
