"""The records that every part exchanges. Frozen, standard library only, a meaning beside each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

SCHEMA_VERSION = 1


class Draw(StrEnum):
    """One of the two sets of hidden inputs.

    What the attempts of a whole class reveal together about one says nothing of the other.
    """

    PRACTICE = "practice"  # its results may be seen before the due date
    RECORD = "record"  # of the hand-in that counts; reported only afterwards


class Verdict(StrEnum):
    """What became of one test. Only PASSED (and a fraction of OPEN) ever earns points."""

    PASSED = "passed"
    FAILED = "failed"  # ran, and a promise of the task does not hold
    ERROR = "error"  # the student's code raised, or returned something of the wrong kind
    TIMEOUT = "timeout"  # the deadline of the test passed
    MEMORY = "memory"  # the memory limit was reached
    OUTPUT = "output"  # the reply was larger than allowed
    CRASHED = "crashed"  # the worker died: os._exit, a segmentation fault, a signal
    FORBIDDEN = "forbidden"  # the task calls a name that the assignment forbids
    SKIPPED = "skipped"  # the test did not run; no points
    OPEN = "open"  # cannot be judged on this machine (speed without a GPU); points stay open
    INTERNAL = "internal"  # our fault; no score


@dataclass(frozen=True, slots=True)
class Limits:
    """What one student's process may use."""

    wall_s: float = 5.0  # seconds per test, of processors or of time in which none was waited for
    total_s: float = 60.0  # the same for a whole hand-in: loading, every test, and what tests do themselves
    memory_mb: int = 512  # MiB above what the worker has when it starts
    output_kb: int = 64  # KiB of prints kept per submission; the rest is drained and dropped
    reply_mb: int = 16  # MiB of one reply
    threads: bool = True  # whether the student may start threads; not where speed is judged


@dataclass(frozen=True, slots=True)
class Provided:
    """A library module handed out complete."""

    module: str  # module of the library, e.g. "layers"
    after: str | None = None  # assignment whose due date must have passed, since it withholds the module


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A name that no task of the assignment may call."""

    name: str  # dotted, as imported: "numpy.linalg.inv"
    reason: str  # shown to the student


@dataclass(frozen=True, slots=True)
class Task:
    """One gradable piece of an assignment."""

    id: str  # unique within the assignment
    title: str  # for people
    points: float  # full marks
    source: tuple[str, ...]  # what is cut: "dlc_lib.conv:conv_forward", "dlc_lib.autograd:Tensor.relu"
    weights: Mapping[str, float] = field(default_factory=dict)  # part of the task -> its share of the points
    needs: tuple[str, ...] = ()  # tasks this one is built on; the report says "follows from ..."
    # Part -> parts of which one must have a right answer before it earns; see studentkit/earning.py.
    rests_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind: str = "code"  # "code", or "written": graded by hand
    prompt: str = ""  # what to write, for a written task


SPEED = "speed"  # the part of a task that is judged last, and only where its answers are right
MACHINE_PARTS = ("compiles", SPEED)  # ask something of the machine; open where that is not at hand


@dataclass(frozen=True, slots=True)
class Hints:
    """When students are told their likely mistakes. Staff always see them."""

    without: tuple[str, ...] = ()  # tasks that get none
    from_attempt: int = 1  # the first hand-in of a student that gets them
    after_due: bool = False  # only once the due date has passed


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment, as `assignment.yaml` states it."""

    id: str
    title: str
    due: datetime | None  # with time zone
    late_policy: Mapping[str, float]  # {"per_day": fraction lost, "max_days": days}
    limits: Limits
    packages: tuple[str, ...]  # what student code may import beside the standard library: numpy, torch
    topics: tuple[str, ...]  # of the lecture
    provided: tuple[Provided, ...]
    omit: tuple[str, ...]  # private helpers only the solution needs: "dlc_lib.conv:_columns"
    forbidden: tuple[Forbidden, ...]
    tasks: tuple[Task, ...]
    folder: Path  # assignments/<id>, holds handout.md and test_public.py
    hints: Hints = Hints()
    mutants_killed: float = 0.98  # share of generated mutants that the hidden tests must catch

    @property
    def points(self) -> float:
        """Full marks of the assignment."""
        return sum(task.points for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Course:
    """Where a course keeps its parts; read from `course.yaml` at its root."""

    root: Path
    library: str  # the package of reference algorithms: "dlc_lib"
    tier: int  # isolation required for a grade of record
    key_file: Path  # secret from which hidden seeds derive
    assignments: Path  # folder of assignments
    graders: str  # where the hidden tests of an assignment lie, under the root: "solutions/{id}/graders"
    mistakes: str  # where its wrong and right variants lie: "solutions/{id}/mistakes"

    def graders_of(self, assignment_id: str) -> Path:
        """Folder of an assignment's hidden tests."""
        return self.root / self.graders.replace("{id}", assignment_id)

    def mistakes_of(self, assignment_id: str) -> Path:
        """Folder of an assignment's wrong and right variants."""
        return self.root / self.mistakes.replace("{id}", assignment_id)


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's hand-in, read into memory and made safe."""

    student: str  # identity in the gradebook
    assignment: str  # assignment id
    modules: Mapping[str, str]  # library module -> the student's text: {"conv": "..."}
    script: str | None = None  # a single .py or the code of a notebook; defines tasks by name
    # First line of each part of the script, in order, and where it stands: (12, "hw4.ipynb, cell 3").
    origins: tuple[tuple[int, str], ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)  # written task -> text
    received_at: datetime | None = None  # with time zone
    notes: tuple[str, ...] = ()  # what was ignored or mended, one sentence each
    reason: str | None = None  # why it could not be read; then everything else is empty
    sha256: str = ""  # of what is graded


@dataclass(frozen=True, slots=True)
class Mismatch:
    """How far an answer is from the right one. Students get each figure as a level (report/disclosed.py)."""

    name: str  # which output: "dx"
    relative_error: float  # ||actual - expected|| / ||expected||
    limit: float  # the largest accepted
    wrong: float  # share of entries beyond the limit, 0 to 1
    levels: tuple[tuple[int, ...], ...] = ()  # picture of the error: rows of 0 (right) to 7 (worst)


@dataclass(frozen=True, slots=True)
class SpeedPoint:
    """Median times at one size of a problem, of one call, without the way there and back."""

    size: str  # "8×16×32×32, 16 filters of 3×3"
    flops: float  # floating-point operations that it needs
    student_s: float
    reference_s: float  # the course's own
    vendor_s: float | None = None  # the library's, where there is one
    floor_s: float | None = None  # least that the device needs: its roofline


@dataclass(frozen=True, slots=True)
class Timing:
    """A speed measured against a reference in the same run."""

    ratio: float  # median of paired reference time / student time
    low: float  # 95 % interval of the ratio
    high: float
    samples: int  # pairs
    device: str
    tier: int
    clocks: str = ""  # of a GPU while it was measured, in words
    stable: bool = True  # whether the interval was narrow enough, at the latest after a repetition
    points: tuple[SpeedPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class TestResult:
    """One hidden test on one submission."""

    __test__ = False  # not a test class for pytest

    id: str  # stable: "test_conv.py::test_forward[7x5-s2]"
    task: str
    part: str  # "forward", "backward", "edge", "purity"
    verdict: Verdict
    message: str = ""  # for the student
    detail: str = ""  # for staff: traceback, values
    duration_s: float = 0.0
    fraction: float = 1.0  # of the test's weight earned when PASSED
    mismatch: Mismatch | None = None
    output: str = ""  # what the student's code printed during the test; for staff
    # Of a passed test: its largest error as a share of the accepted one; for staff.
    margin: float | None = None
    timing: Timing | None = None  # of a test of speed
    again: bool = False  # left open by something that passes, such as noise: to be graded again
    judges: str = ""  # the right answer, of a test that asks for one of a few

    @property
    def idle(self) -> bool:
        """Passed, and yet without points: guessing would have passed it too."""
        return self.verdict is Verdict.PASSED and not self.fraction and self.timing is None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The likely mistake."""

    mistake: str  # id in the catalogue
    says: str  # the sentence for the student
    evidence: str  # numbers that reveal no hidden input
    confidence: float  # 0 to 1
    read: str = ""  # part of the handout
    # Of a gradient: step of finite differences, error of the student's, error of the right one.
    curve: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class TaskScore:
    """Points of one task."""

    task: str
    title: str
    score: float | None  # None while graded by hand or after INTERNAL
    max_score: float
    verdicts: Mapping[str, Verdict]  # test id -> verdict
    follows_from: tuple[str, ...] = ()  # tasks it needs that lost points too
    diagnosis: Diagnosis | None = None
    open_points: float = 0.0  # not judged on this machine, or graded by hand; neither earned nor lost


@dataclass(frozen=True, slots=True)
class Report:
    """Everything known about one graded submission."""

    student: str
    assignment: str
    title: str
    score: float | None  # None when any test was INTERNAL
    max_score: float
    open_points: float  # not judged on this machine, or graded by hand
    tier: int  # isolation reached
    tasks: tuple[TaskScore, ...]
    results: tuple[TestResult, ...]
    notes: tuple[str, ...] = ()  # from intake
    status: str = "graded"  # "graded", "unreadable", "internal"
    reason: str | None = None  # one sentence, for the last two
    late_days: int = 0
    penalty: float = 0.0  # points lost for lateness, already taken off
    graded_at: str = ""  # ISO 8601; not part of the verdict
    duration_s: float = 0.0
    environment: Mapping[str, str] = field(default_factory=dict)  # grader hash, versions, seed id, device
    submission_sha256: str = ""
    attempt: int = 1  # of this student, counted where the reports lie

    @property
    def again(self) -> bool:
        """Whether something that passes left points open, so that another run may tell them."""
        return any(result.again for result in self.results)
