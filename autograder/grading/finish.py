"""What a race makes of the result of its test."""

from __future__ import annotations

from dataclasses import replace

from ..model import TestResult, Verdict
from ..timing import Finish


def not_raced(test_id: str, task: str, part: str) -> TestResult:
    """Of a test of speed whose task has wrong answers."""
    says = "speed counts once the answers are right"
    return TestResult(id=test_id, task=task, part=part, verdict=Verdict.FAILED, message=says)


def with_finish(result: TestResult, finish: Finish | None) -> TestResult:
    """A race that was run to its end earns its share or leaves it open; one that earns nothing has failed."""
    if finish is None or result.verdict is not Verdict.PASSED:
        return result
    if finish.share is None:
        return replace(
            result, verdict=Verdict.OPEN, message=finish.says, timing=finish.timing, again=finish.again
        )
    verdict = Verdict.PASSED if finish.share > 0 else Verdict.FAILED
    return replace(result, verdict=verdict, message=finish.says, fraction=finish.share, timing=finish.timing)
