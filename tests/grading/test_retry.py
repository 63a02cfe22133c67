"""What another task's calls left behind, or something outside cut off, costs a task nothing."""

from __future__ import annotations

import os
import signal
import textwrap

import pytest

from autograder.errors import Interrupted
from autograder.grading import GraderSession
from autograder.grading.retry import uninterrupted
from autograder.model import Limits, Task, Verdict
from autograder.sandbox import LoadPlan, Sandbox
from tests.plain_graders import loads

TASKS = tuple(Task(name, name, 10, (f"m:{name}",), {"forward": 1}) for name in ("first", "second"))
GRADERS = """
import os, signal
import numpy as np, pytest
from autograder.studentkit import task, assert_close

@task("first")
@pytest.mark.parametrize("n", [1, 2])
def test_first(student, n):
    assert student.m.first(n) == n + 1

@task("second")
@pytest.mark.parametrize("n", [3, 4, 5])
def test_second(student, rng, n):
    x = rng.normal(size=n)
    assert_close(student.m.second(x), np.sort(x), "sorted")
"""
SECOND = """
def second(x):
    import io, sys, math, random
    import numpy as np
    assert isinstance(x, np.ndarray), "np is another"
    print("sorting", len(x))
    return np.sort(x)
"""
LEFT_BEHIND = {
    "no modules": "import sys; sys.modules.clear()",
    "no numpy": "import sys; sys.modules['numpy'] = None",
    "another numpy": "import sys, types; sys.modules['numpy'] = types.ModuleType('numpy')",
    "patched numpy": "import numpy; numpy.sort = lambda x: x",
    "emptied numpy": "import numpy; numpy.__dict__.clear()",
    "patched builtin": "import builtins; builtins.len = None",
    "no builtins": "import builtins; builtins.__dict__.clear()",
    "no import": "import builtins; builtins.__import__ = None",
    "no finders": "import sys; sys.meta_path.clear(); sys.path.clear(); sys.modules.pop('random', None)",
    "closed channel": "import os; os.close(3)",
    "closed descriptors": "import os; os.closerange(0, 64)",
    "no stdout": "import sys; sys.stdout = None; sys.stderr = None",
    "strange stdout": "import sys; sys.stdout = type('S', (), {'write': 1, 'flush': 2})()",
    "recursion limit": "import sys; sys.setrecursionlimit(8)",
    "traced": "import sys; sys.settrace(lambda *_: 1 / 0)",
    "profiled": "import sys; sys.setprofile(lambda *_: 1 / 0)",
    "a thread that ends it": (
        "import threading, os, time; threading.Thread(target=lambda: (time.sleep(0.05), os._exit(3))).start()"
    ),
    "a lock held": "import threading, numpy, sys; sys.stdout.buffer.raw.close()",
    "no memory": "import sys; sys.kept = [bytearray(1 << 20) for _ in range(120)]",
    "signals": "import signal; signal.signal(signal.SIGSEGV, signal.SIG_IGN)",
    "its own function": "import sys; sys.modules['lib.m'].second = lambda x: x",
}


@pytest.fixture(scope="module")
def graders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("graders")
    (folder / "test_m.py").write_text(textwrap.dedent(GRADERS))
    with GraderSession(folder, TASKS, load=loads(folder)) as session:
        yield session


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(library="lib", packages=("numpy",), tier=1) as warm:
        yield warm


def grade(graders, sandbox, code, seen=None):
    """Task -> its verdicts; `seen` gets the student's end of the border. `code` is of one module, or all."""
    texts = {"m": code} if isinstance(code, str) else code
    plan = texts if isinstance(texts, LoadPlan) else LoadPlan(texts)
    limits = Limits(wall_s=2, memory_mb=128)
    with sandbox.open(plan, limits, lambda *_: "data", 7) as student:
        if seen is not None:
            seen.append(student)
        results = graders.run(student, len)
    return {task.id: [each.verdict for each in results if each.task == task.id] for task in TASKS}


def verdicts(found):
    return {each for verdicts in found.values() for each in verdicts}


@pytest.mark.parametrize("name", LEFT_BEHIND)
def test_what_one_task_leaves_behind_costs_no_other(graders, sandbox, name):
    lines = LEFT_BEHIND[name].split("; ")
    first = "def first(n):\n" + "".join(f"    {line}\n" for line in lines) + "    return n + 1\n"
    found = grade(graders, sandbox, first + SECOND)
    assert found["second"] == [Verdict.PASSED] * 3


@pytest.mark.parametrize("taken", ["sys.modules.clear()", "sys.meta_path.clear()", "sys.meta_path = []"])
@pytest.mark.parametrize("order", [("a", "m"), ("m", "z")], ids=["before", "after"])
def test_what_takes_imports_away_while_it_loads_costs_no_other_module(graders, sandbox, taken, order):
    right = "import numpy as np, fractions\ndef first(n): return n + 1\n" + SECOND
    texts = {name: right if name == "m" else f"import sys\n{taken}\n" for name in order}
    assert verdicts(grade(graders, sandbox, texts)) == {Verdict.PASSED}


def test_a_cell_that_takes_imports_away_costs_no_other_cell(graders, sandbox):
    cells = "import sys\nsys.modules.clear()\nimport numpy as np, fractions\ndef first(n): return n + 1\n"
    plan = LoadPlan(
        {"m": "def first(n): ...\ndef second(x): ...\n"}, cells + SECOND, {"m": ("first", "second")}
    )
    assert verdicts(grade(graders, sandbox, plan)) == {Verdict.PASSED}


def test_a_wrong_task_stays_wrong_and_costs_one_worker_and_a_right_hand_in_none(graders, sandbox):
    seen = []
    right = "def first(n): return n + 1\n" + SECOND
    assert verdicts(grade(graders, sandbox, right, seen)) == {Verdict.PASSED}
    wrong = "def first(n): return n\ndef second(x): return x\n"
    assert verdicts(grade(graders, sandbox, wrong, seen)) == {Verdict.FAILED}
    assert [student._workers for student in seen] == [1, 2]


def test_who_answers_differently_when_asked_again_gains_one_test_at_most(graders, sandbox):
    code = """
        asked = []
        def first(n):
            asked.append(n)
            return n + 1 if len(asked) == 1 else None
        def second(x):
            asked.append(x)
            return 1.0 * x[x.argsort()] if len(asked) == 1 else None
    """
    found = grade(graders, sandbox, textwrap.dedent(code))
    assert [found[task.id].count(Verdict.PASSED) for task in TASKS] == [1, 1]


class Killed:
    """A student whose worker is killed from outside in its first calls."""

    def __init__(self, student, times):
        self._student, self._times = student, times
        self.begin, self.output, self.close = student.begin, student.output, student.close

    @property
    def worker(self):
        return self._student.worker

    @property
    def m(self):
        if self._times:
            self._times -= 1
            self._student.m.first(1)
            os.kill(self._student._process._pid, signal.SIGKILL)
        return self._student.m


@pytest.mark.parametrize(
    ("times", "verdict"), [(1, Verdict.PASSED), (2, Verdict.PASSED), (3, Verdict.INTERNAL)]
)
def test_a_test_cut_off_from_outside_is_begun_again_and_then_our_fault(graders, sandbox, times, verdict):
    plan = LoadPlan({"m": "def first(n): return n + 1\n" + SECOND})
    with sandbox.open(plan, Limits(wall_s=2, memory_mb=128), lambda *_: "data", 7) as student:
        first, *rest = graders.run(Killed(student, times), len)
    assert first.verdict is verdict
    assert {each.verdict for each in rest} == {Verdict.PASSED}


def test_what_raises_otherwise_is_not_run_again():
    runs = []

    def run():
        runs.append(1)
        return ValueError() if len(runs) > 1 else Interrupted("once")

    assert isinstance(uninterrupted(run), ValueError)
    assert len(runs) == 2
