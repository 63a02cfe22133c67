"""Whatever a8's functions return, and whatever is sent as their programs, is no fault of ours."""

from __future__ import annotations

import json
import random
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course import load_assignment, modules_of
from autograder.engine import Setup
from autograder.engine.assembly import idle_tools
from autograder.grading import GraderSession, Tools
from autograder.model import MACHINE_PARTS, Verdict
from autograder.replay import Replay, executor_kind, executor_texts
from autograder.sandbox import LoadPlan, Sandbox
from autograder.studentkit import Local
from autograder.studentkit.kinds import kinds_of
from tests.gate import programs, spoiled
from tests.gate.test_wrong_kinds import COURSE, FORGED, MOST_KB, Spoiling, load, memory, targets, texts

ASSIGNMENT = load_assignment(COURSE, "a8_performance")
LIMITS = replace(ASSIGNMENT.limits, wall_s=2, total_s=100_000)  # so that endless programs end sooner
BLAMED = {
    *(Verdict.PASSED, Verdict.FAILED, Verdict.ERROR, Verdict.FORBIDDEN, Verdict.OPEN, Verdict.TIMEOUT),
    *(Verdict.MEMORY, Verdict.OUTPUT, Verdict.CRASHED),
}
FRESH = 25  # rounds, after which the workers are others


class Programs:
    """The student of a round: the course's own functions, whose programs somebody has changed."""

    clock = None

    def __init__(self, ours, change):
        self._ours, self._change = ours, change

    def begin(self, test_id, *, apart=False):
        self._ours.begin(test_id)

    def output(self):
        return ""

    def __getattr__(self, module):
        return ProgramsOfModule(getattr(self._ours, module), self._change)


class ProgramsOfModule:
    def __init__(self, module, change):
        self._module, self._change = module, change

    def __getattr__(self, name):
        return ChangedProgram(getattr(self._module, name), self._change)


class ChangedProgram:
    def __init__(self, function, change):
        self._function, self._change = function, change

    def record(self, outlines, options, gpu=None):
        return self._change(self._function.record(outlines, options, gpu))


@pytest.fixture(scope="module")
def parts():
    """(session, our own functions, fresh, tests by task); `fresh` gives other workers."""
    kind = kinds_of(load)
    ours = Local(load, kind, wrap=True)
    plan = LoadPlan(texts(ASSIGNMENT))
    with (
        GraderSession(
            COURSE.graders_of(ASSIGNMENT.id),
            ASSIGNMENT.tasks,
            load=modules_of(COURSE).load,
            ours=ours,
            limits=LIMITS,
            tools=idle_tools(Setup(COURSE, ASSIGNMENT, 1, b"")),
        ) as session,
        Sandbox(library=COURSE.library, packages=ASSIGNMENT.packages, tier=1) as sandbox,
        ExitStack() as open_,
    ):
        tests = {}
        for test_id, (task, part) in session.tests.items():
            if part not in MACHINE_PARTS:
                tests.setdefault(task, []).append(test_id)

        def fresh():
            open_.close()
            executor = open_.enter_context(sandbox.open(LoadPlan(executor_texts()), LIMITS, executor_kind, 7))
            executor.begin("tools")
            remote = open_.enter_context(sandbox.open(plan, LIMITS, kind, 7))
            return remote, Tools({"replay": Replay(lambda: executor, LIMITS.wall_s)})

        remote, tools = fresh()
        for each in tests.values():  # so that all is imported, and memory is measured from there on
            honest = session.judge(each[0], Spoiling(remote, ("", 0, 0, 0)), len, tools)
            assert honest.verdict is Verdict.PASSED, honest
        yield session, ours, fresh, tests


def run(session, fresh, count, one):
    """Rounds: what was our fault, and how often each verdict was given."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak from here on
    start = memory("VmRSS")
    faults, seen = [], {}
    for number in count:
        if number % FRESH == 0:
            remote, tools = fresh()
        case, test_id, student = one(remote)
        result = session.judge(test_id, student, len, tools)
        seen[result.verdict] = seen.get(result.verdict, 0) + 1
        if result.verdict not in BLAMED or spoiled.SECRET in result.message:
            faults.append((number, case, test_id, result.message, result.detail[-600:]))
    assert faults == []
    grown = memory("VmHWM") - start
    assert grown < MOST_KB, f"the grader grew by {grown} KiB"
    return seen


@pytest.mark.soak("autograder/replay", "tests/gate/programs.py")
def test_no_wrong_program_makes_a_fault_of_ours(parts, rounds, seed):
    session, ours, fresh, tests = parts
    rng = random.Random(f"{seed} programs")
    every = [test_id for each in tests.values() for test_id in each]

    def one(_remote):
        own = random.Random(rng.randrange(1 << 60))

        def change(data):
            return programs.wrong(own, json.loads(data))

        return None, rng.choice(every), Programs(ours, change)

    seen = run(session, fresh, rounds(60, 2000), one)
    assert seen[Verdict.FORBIDDEN] > 0
    assert seen.get(Verdict.FAILED, 0) + seen.get(Verdict.ERROR, 0) > 0  # some are run


@pytest.mark.soak("autograder/replay", "tests/gate/spoiled.py")
def test_no_wrong_kind_makes_a_fault_of_ours(parts, rounds, seed):
    session, _, fresh, tests = parts
    rng = random.Random(f"{seed} kinds")
    places = targets(ASSIGNMENT)

    def one(remote):
        task, name = rng.choice(places)
        kind = rng.randrange(len(spoiled.WRONG))
        if rng.random() < FORGED:
            kind = rng.randrange(1000, 1 << 40)
        case = (name, rng.randrange(4), kind, rng.choice([0, 0, 0, 1]))
        return case, rng.choice(tests[task]), Spoiling(remote, case)

    assert run(session, fresh, rounds(25, 600), one)[Verdict.ERROR] > 0
