"""Everything that can be said to a user in one sentence. The CLI prints these and never a traceback."""

from __future__ import annotations


class AutograderError(Exception):
    """A fault with one clear sentence: what, where, what was expected, and the way out.

    `exit_code` is what `dlc` exits with: 1 findings, 2 wrong use or bad input, 3 tier unavailable,
    130 interrupted.
    """

    exit_code = 2


class SpecError(AutograderError):
    """A course or an assignment is written wrongly. Holds every fault found, not only the first."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class SubmissionError(AutograderError):
    """A hand-in cannot be read. Becomes that student's report; never stops the class."""


class LeakError(AutograderError):
    """A release would show students something withheld. Holds every leak found."""

    exit_code = 1

    def __init__(self, leaks: list[str]) -> None:
        super().__init__("\n".join(leaks))
        self.leaks = leaks


class UnsoundError(AutograderError):
    """Hidden tests judge a known solution wrongly. Holds every such solution, and the way out."""

    exit_code = 1

    def __init__(self, findings: list[str]) -> None:
        super().__init__("\n".join(findings))


class GraderError(AutograderError):
    """A hidden grader is written wrongly: an unknown task or part, a shared fixture, no tests."""


class TierUnavailable(AutograderError):
    """This machine cannot isolate student code as strongly as required, so nothing is graded."""

    exit_code = 3


class Stopped(AutograderError):
    """Ctrl-C was pressed; says what is kept."""

    exit_code = 130


class SandboxError(AutograderError):
    """The sandbox itself failed: our fault, never the student's. Becomes the verdict INTERNAL."""


class Interrupted(SandboxError):
    """Student code was cut off by something that was not its own doing, so the test is run once more.

    `otherwise` is the student's error to report if the same happens again, where it may be their doing.
    """

    def __init__(self, why: str, otherwise: Exception | None = None) -> None:
        super().__init__(why)
        self.otherwise = otherwise


class OpenPoints(Exception):
    """A hidden test cannot be judged on this machine, or not without a person; its points stay open.

    `again` says that the reason passes, so that the same machine may judge it another time.
    """

    def __init__(self, why: str, *, again: bool = False) -> None:
        super().__init__(why)
        self.again = again
