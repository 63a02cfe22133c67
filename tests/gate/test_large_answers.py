"""However large the answers of a hand-in are, the process that judges them stays small."""

from __future__ import annotations

import random
from contextlib import ExitStack, contextmanager
from itertools import groupby, product
from pathlib import Path

import pytest

from autograder.course import assignment_ids, load_assignment, modules_of
from autograder.engine import Setup
from autograder.engine.assembly import idle_tools
from autograder.grading import GraderSession, Tools
from autograder.grading.account import bounds_of_test
from autograder.model import MACHINE_PARTS, Limits, Verdict
from autograder.release import project
from autograder.replay import Replay, executor_kind, executor_texts
from autograder.sandbox import LoadPlan, Sandbox
from autograder.studentkit import Local
from autograder.studentkit.kinds import kinds_of
from tests.gate import large
from tests.gate.test_wrong_kinds import COURSE, MOST_KB, load, memory

IDS = assignment_ids(COURSE)
SIZES = (0.97, 7.5)  # of an answer, in the largest that may be sent
CASES = list(product(IDS, large.WAYS))
SAMPLE = 1  # of all cases, with each size, in `make test`


@contextmanager
def judging(assignment_id):
    """judge(way, size): verdicts of the solution with answers that are as large; in MiB what may be sent."""
    assignment = load_assignment(COURSE, assignment_id)
    kind, limits = kinds_of(load), assignment.limits
    texts = {Path(path).stem: text for path, text in project(COURSE, assignment, solution=True).items()}
    with (
        GraderSession(
            COURSE.graders_of(assignment.id),
            assignment.tasks,
            load=modules_of(COURSE).load,
            ours=Local(load, kind, wrap=True),
            limits=limits,
            tools=idle_tools(Setup(COURSE, assignment, 1, b"")),
        ) as session,
        Sandbox(library=COURSE.library, packages=assignment.packages, tier=1) as sandbox,
    ):

        def judge(way="", size=0):
            ending = f"\nfrom .large import enlarge\nenlarge(globals(), {way!r}, {size})\n" if way else ""
            plan = {module: text + ending for module, text in texts.items()}
            plan["large"] = Path(large.__file__).read_text("utf-8")
            failures = {}  # kept until the hand-in is finished, as in grading
            with ExitStack() as open_:
                student = open_.enter_context(sandbox.open(LoadPlan(plan), limits, kind, 7))

                def executor():
                    own = LoadPlan(executor_texts())
                    worker = open_.enter_context(
                        sandbox.open(own, limits, executor_kind, 7, clock=student.clock)
                    )
                    worker.begin("tools")
                    return worker

                tools = Tools({"replay": Replay(executor, limits.wall_s)})
                return [
                    each.verdict
                    for each in session.run(student, len, failures.__setitem__, tools)
                    if each.part not in MACHINE_PARTS
                ]

        assert set(judge()) == {Verdict.PASSED}  # all is imported now, and memory is measured from here on
        yield judge, limits.reply_mb


@pytest.mark.soak(
    *("autograder/studentkit/gate.py", "autograder/studentkit/inert.py", "autograder/studentkit/compare.py"),
    *("autograder/sandbox/remote.py", "autograder/sandbox/channel.py", "autograder/sandbox/inside/wire.py"),
    *("autograder/grading/account.py", "autograder/grading/bounded.py", "tests/gate/large.py"),
)
def test_no_size_of_an_answer_fills_the_memory_of_the_grader(rounds, seed):
    count = len(rounds(SAMPLE, len(CASES)))
    cases = sorted(
        (*case, size) for size in SIZES for case in random.Random(f"{seed} {size}").sample(CASES, count)
    )
    for assignment_id, of_assignment in groupby(cases, lambda case: case[0]):
        with judging(assignment_id) as (judge, reply_mb):
            Path("/proc/self/clear_refs").write_text("5")  # the peak from here on
            start = memory("VmRSS")
            for _, way, share in of_assignment:
                size = int(share * (reply_mb << 20))
                verdicts = judge(way, size)
                assert Verdict.INTERNAL not in verdicts
                assert set(verdicts) != {Verdict.PASSED}
                grown = memory("VmHWM") - start
                told = f"{assignment_id}, {way}, {size >> 20} MiB"
                assert grown < MOST_KB, f"{told}: the grader grew by {grown} KiB"


def test_what_a_test_may_hold_is_below_what_the_grader_may_grow_by():
    for limits in (Limits(), *(load_assignment(COURSE, each).limits for each in IDS)):
        assert bounds_of_test(limits).megabytes <= 48
