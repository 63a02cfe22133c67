"""Where the parts are put together: a grader with what its hidden tests may ask for.

The only file of the framework that knows `autograder.speed`, and it imports that only for assignments whose
tasks have parts for it. Run as `command("autograder.engine.assembly", descriptor)`, it is a grading process.
"""

from __future__ import annotations

import sys

from ..course import CourseModules, modules_of
from ..errors import GraderError
from ..grading import Extra, GraderSession, Tools
from ..model import MACHINE_PARTS
from ..studentkit import Local
from .grade import Grader
from .serve import serve
from .setup import Setup


def open_grader(setup: Setup) -> Grader:
    """A grader of one assignment, ready for hand-ins; close it, or use it as a context manager.

    Raises GraderError for a hidden test written wrongly, TierUnavailable where this machine cannot isolate as
    required.
    """
    return Grader(setup, extra_of(setup))


def hidden_tests(setup: Setup) -> dict[str, tuple[str, str]]:
    """Id -> task and part of the hidden tests, in the order in which they run. Raises GraderError."""
    with modules_of(setup.course) as modules, idle_session(setup, modules) as session:
        return dict(session.tests)


def idle_session(setup: Setup, modules: CourseModules, ours: Local | None = None) -> GraderSession:
    """The hidden tests where no hand-in is graded: points of the machine stay open. Raises GraderError.

    `ours` is the course's own solution, on which a test of each task runs first.
    """
    assignment = setup.assignment
    return GraderSession(
        setup.course.graders_of(assignment.id),
        assignment.tasks,
        setup.seeds.rank,
        load=modules.load,
        ours=ours,
        limits=assignment.limits,
        tools=idle_tools(setup),
    )


def idle_tools(setup: Setup) -> Tools:
    """What hidden tests may ask for where no hand-in is graded: points of the machine stay open."""
    extra = extra_of(setup)
    return Tools().and_those_of(extra.idle) if extra else Tools()


def extra_of(setup: Setup) -> Extra | None:
    """Races and a compiler, where a task has a part for them. Raises GraderError where they are absent."""
    asked = {part for task in setup.assignment.tasks for part in task.weights} & set(MACHINE_PARTS)
    if not asked:
        return None
    try:
        from ..speed.fixtures import SpeedFixtures  # which most assignments do without
    except ModuleNotFoundError as error:
        told = " and ".join(sorted(asked))
        raise GraderError(
            f"{setup.assignment.id}: tasks have parts {told}, which need autograder.speed, but {error}"
        ) from error
    return SpeedFixtures(setup.course, setup.assignment, timed=setup.timed, variables=setup.variables)


if __name__ == "__main__":
    serve(int(sys.argv[1]), open_grader)
