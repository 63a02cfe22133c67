"""No points for a task that uses a name its assignment forbids."""

from __future__ import annotations

from dataclasses import asdict, replace

from ..model import Assignment, Submission, TestResult, Verdict
from ..source.apart import TooCostly, ask
from ..source.search import Question
from ..source.unfinished import adopted


def refuse_forbidden(
    results: tuple[TestResult, ...], assignment: Assignment, submission: Submission
) -> tuple[TestResult, ...]:
    """The results, with FORBIDDEN for every test of a task that uses a forbidden name.

    The code is searched in a process of its own, with limits; where it reaches them, no task of it earns
    anything. INTERNAL stays: that is our fault. Raises SandboxError where the process is ended from outside.
    """
    if not assignment.forbidden:
        return results
    tasks, modules, script = assignment.tasks, submission.modules, submission.script
    question = Question(tasks, assignment.forbidden, modules, script or "", adopted(tasks, modules, script))
    try:
        charges: dict[str, str] = ask({"charges": asdict(question)})
    except TooCostly as error:
        says = f"the code could not be searched for forbidden names: {error}"
        charges = {task.id: says for task in assignment.tasks}
    return tuple(_charged(result, charges.get(result.task)) for result in results)


def _charged(result: TestResult, charge: str | None) -> TestResult:
    if charge is None or result.verdict is Verdict.INTERNAL:
        return result
    return replace(result, verdict=Verdict.FORBIDDEN, message=charge, mismatch=None, detail="")
