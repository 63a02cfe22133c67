"""GitHub Classroom: a template repository, the release with a workflow that runs its public tests."""

from __future__ import annotations

from pathlib import Path

from ..frameworks import builds_of
from ..model import Assignment, Course
from ..release import build_release
from ..release.contents import CLASSROOM

_PIP = "python -m pip install --quiet"
_BUILD = """\
      - name: Install {name} for processors
        run: {pip} {name} --index-url {index}
"""
# The reporter looks for a check of this name; a variable is named after the step's id.
_WORKFLOW = """\
# Public tests, for quick feedback. They run beside the student's code: their points are no grade of record.
# A task without a public test is not counted.
name: Autograding Tests
"on": [push, workflow_dispatch]
permissions: {{checks: write, actions: read, contents: read}}
jobs:
  run-autograding-tests:
    name: Autograding Tests
    runs-on: ubuntu-latest
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {{python-version: "3.12"}}
{builds}      - name: Install what the tests need
        run: {pip} {packages}
      - name: Public tests
        id: public-tests
        timeout-minutes: 10
        run: python -m studentkit --classroom >> "$GITHUB_OUTPUT"
      - name: Report the points
        if: always() && steps.public-tests.outputs.result != ''
        uses: classroom-resources/autograding-grading-reporter@v1
        env:
          PUBLIC-TESTS_RESULTS: "${{{{ steps.public-tests.outputs.result }}}}"
        with: {{runners: public-tests}}
"""


def write_classroom(
    course: Course, assignment: Assignment, out: Path, *, force: bool = False, give_away: tuple[str, ...] = ()
) -> None:
    """Write the template repository to `out`. Refuses as a release does: LeakError, ReleaseError."""
    workflow = {CLASSROOM: workflow_text(assignment)}
    build_release(course, assignment, out, force=force, give_away=give_away, extra=workflow)


def workflow_text(assignment: Assignment) -> str:
    """The workflow for an assignment."""
    builds = builds_of(assignment.packages)
    steps = [_BUILD.format(name=name, pip=_PIP, index=build.index) for name, build in builds.items()]
    packages = {*assignment.packages, "numpy", "pytest"} - builds.keys()
    return _WORKFLOW.format(builds="".join(steps), pip=_PIP, packages=" ".join(sorted(packages)))
