"""Nothing that a student's code returns or sends makes a fault of ours, or fills the grader's memory.

Each round replaces an answer of the reference, or a part of it, or a member of a class, by a value of a
wrong kind, or sends bytes that no worker would, and runs one hidden test of the task.
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course import assignment_ids, find_course, load_assignment, modules_of
from autograder.engine import Setup
from autograder.engine.assembly import idle_tools
from autograder.grading import GraderSession
from autograder.model import MACHINE_PARTS, Verdict
from autograder.release import project
from autograder.sandbox import LoadPlan, Sandbox
from autograder.studentkit import Local
from autograder.studentkit.kinds import kinds_of
from tests.gate import spoiled

COURSE = find_course(Path(__file__).parent)
IDS = [each for each in assignment_ids(COURSE) if each != "a8_performance"]  # its answers are programs
MOST_KB = 64 * 1024
SHORT = {"wall_s": 2, "total_s": 100_000}  # so that what is endless ends sooner
FORGED = 0.2  # share of rounds
MEMBERS = {"Tensor": ("data", "grad", "shape"), "EarlyStopping": ("best_value", "best_params", "best_epoch")}


def load(module):
    return modules_of(COURSE).library(module)


def sources(assignment):
    """Task -> what its solution consists of: "layers:affine_forward", "autograd:Tensor"."""
    for task in assignment.tasks:
        for source in task.source:
            module, _, name = source.removeprefix(f"{COURSE.library}.").partition(":")
            yield task.id, module, name.partition(".")[0]


def texts(assignment):
    """The solution, each of its answers ready to be spoiled."""
    found = {Path(path).stem: text for path, text in project(COURSE, assignment, solution=True).items()} | {
        name: (Path(__file__).parent / f"{name}.py").read_text("utf-8") for name in ("spoiled", "forged")
    }
    for _, module, name in sorted(set(sources(assignment))):
        own = (
            f"spoil_class('{name}', {name})"
            if isinstance(getattr(load(module), name), type)
            else (f"{name} = spoil('{name}', {name})")
        )
        found[module] += f"\nfrom .spoiled import spoil, spoil_class\n{own}\n"
    return found


def targets(assignment):
    """(task, name under which something can be spoiled)."""
    found = set()
    for task, module, name in sources(assignment):
        owner = getattr(load(module), name)
        if isinstance(owner, type):
            methods = [each for each in vars(owner) if callable(getattr(owner, each)) and each != "__init__"]
            found |= {(task, f"{name}.{each}") for each in (*methods, *MEMBERS.get(name, ()))}
        else:
            found.add((task, name))
    return sorted(found)


class Spoiling:
    """The student of a round: tells the worker what to spoil whenever a test begins."""

    def __init__(self, remote, case):
        self._remote, self._case = remote, case

    def begin(self, test_id, *, apart=False):
        self._remote.begin(test_id, apart=apart)
        self._remote.spoiled.choose(*self._case)

    def output(self):
        return self._remote.output()

    def __getattr__(self, module):
        return getattr(self._remote, module)


def memory(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))


@pytest.fixture(scope="module", params=IDS)
def graders(request):
    """(session, remote, seeds, targets) of an assignment, warm."""
    assignment = load_assignment(COURSE, request.param)
    limits = replace(assignment.limits, **SHORT)
    kind = kinds_of(load)
    ours = Local(load, kind, wrap=True)
    folder, collected = COURSE.graders_of(assignment.id), modules_of(COURSE).load
    plan = LoadPlan(texts(assignment))
    with (
        GraderSession(
            folder,
            assignment.tasks,
            load=collected,
            ours=ours,
            limits=limits,
            tools=idle_tools(Setup(COURSE, assignment, 1, b"")),
        ) as session,
        Sandbox(library=COURSE.library, packages=assignment.packages, tier=1) as sandbox,
        sandbox.open(plan, limits, kind, 7) as remote,
    ):
        yield session, remote, len, targets(assignment)


def draw(rng, places, tests):
    """What is spoiled in a round, and the test that meets it."""
    task, name = rng.choice(places)
    kind = rng.randrange(len(spoiled.WRONG))
    if rng.random() < FORGED:
        kind = rng.randrange(1000, 1 << 40)
    case = (name, rng.randrange(4), kind, rng.choice([0, 0, 0, 1, 3]))
    return case, rng.choice(tests[task])


@pytest.mark.soak(
    *(
        f"autograder/studentkit/{each}.py"
        for each in ("gate", "guarded", "handle", "inert", "kinds", "passed")
    ),
    *("autograder/sandbox/remote.py", "autograder/sandbox/channel.py", "autograder/sandbox/inside/wire.py"),
    *("autograder/grading/verdict.py", "tests/gate/spoiled.py", "tests/gate/forged.py"),
)
def test_no_wrong_kind_makes_a_fault_of_ours(graders, rounds, seed):
    session, remote, seeds, places = graders
    tests = {}
    for test_id, (task, part) in session.tests.items():
        if part not in MACHINE_PARTS:
            tests.setdefault(task, []).append(test_id)
    rng = random.Random(f"{seed} {sorted(tests)}")
    drawn = [draw(rng, places, tests) for _ in rounds(20, 1430)]
    for test_id in {test_id for _, test_id in drawn}:
        honest = session.judge(test_id, Spoiling(remote, ("", 0, 0, 0)), seeds)
        assert honest.verdict is Verdict.PASSED, honest
        assert session.attempt(test_id, session._ours, seeds) is None
    Path("/proc/self/clear_refs").write_text("5")  # the peak from here on
    start = memory("VmRSS")
    faults, seen = [], {}
    for case, test_id in drawn:
        result = session.judge(test_id, Spoiling(remote, case), seeds)
        seen[result.verdict] = seen.get(result.verdict, 0) + 1
        if result.verdict is Verdict.INTERNAL or spoiled.SECRET in result.message:
            faults.append((case, test_id, result.message, result.detail[-300:]))
    assert faults == []
    assert seen[Verdict.ERROR] > 0
    grown = memory("VmHWM") - start
    assert grown < MOST_KB, f"the grader grew by {grown} KiB"
