"""The code that a worker loads: the student's modules for the stubs, the course's own for those provided."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from ..model import Assignment, Course, Submission
from ..sandbox.plan import LoadPlan
from ..source.unfinished import adopted


def load_plan(
    course: Course, assignment: Assignment, submission: Submission, projection: Mapping[str, str]
) -> LoadPlan:
    """What to load for a submission.

    `projection` maps paths to texts, as `release.project` gives them: a module that was not handed in
    stays the stub that was handed out, and provided modules are always the course's own.
    """
    released = {
        path.stem: text
        for path, text in ((PurePosixPath(name), text) for name, text in projection.items())
        if str(path.parent) == course.library and path.suffix == ".py" and path.stem != "__init__"
    }
    provided = {entry.module for entry in assignment.provided}
    handed_in = {name: text for name, text in submission.modules.items() if name not in provided}
    modules = {**released, **handed_in}
    adopt = adopted(assignment.tasks, modules, submission.script)
    return LoadPlan(modules, submission.script, adopt, submission.origins)
