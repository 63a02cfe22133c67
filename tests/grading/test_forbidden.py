from pathlib import Path

import pytest

from autograder.grading.forbidden import refuse_forbidden
from autograder.model import Assignment, Forbidden, Limits, Mismatch, Submission, Task, TestResult, Verdict
from autograder.source import apart

REASON = "solve it by hand"


def charge(modules, script=None, *, forbidden="numpy.linalg.inv", tasks=None, verdict=Verdict.PASSED):
    """Task id -> the result of its one test."""
    tasks = tasks or (
        Task("solve", "S", 60, ("dlc_lib.conv:solve",)),
        Task("pool", "P", 40, ("dlc_lib.conv:pool",)),
    )
    assignment = Assignment(
        *("a", "A", None, {}, Limits(), ("numpy",), (), (), ()),
        (Forbidden(forbidden, REASON),),
        tasks,
        Path("a"),
    )
    off = Mismatch("dx", 1.0, 1e-9, 0.5)
    results = tuple(
        TestResult(f"t.py::{task.id}", task.id, "forward", verdict, mismatch=off) for task in tasks
    )
    modules = {"conv": modules} if isinstance(modules, str) else modules
    found = refuse_forbidden(results, assignment, Submission("ada", "a", modules, script))
    assert [each.id for each in found] == [each.id for each in results]
    return {each.task: each for each in found}


def is_charged(modules, script=None, **options):
    return charge(modules, script, **options)["solve"].verdict is Verdict.FORBIDDEN


@pytest.mark.parametrize(
    "source",
    [
        "import numpy\ndef solve(a):\n    return numpy.linalg.inv(a)\n",
        "import numpy as np\ndef solve(a):\n    return np.linalg.inv(a)\n",
        "import numpy.linalg as la\ndef solve(a):\n    return la.inv(a)\n",
        "from numpy import linalg\ndef solve(a):\n    return linalg.inv(a)\n",
        "from numpy.linalg import inv as i\ndef solve(a):\n    return i(a)\n",
        "from numpy.linalg import *\ndef solve(a):\n    return inv(a)\n",
        "from numpy import *\ndef solve(a):\n    return linalg.inv(a)\n",
        "import numpy as np\ndef solve(a):\n    la = np.linalg\n    return la.inv(a)\n",
        "import numpy as np\nla = np\ndef solve(a):\n    return la.linalg.inv(a)\n",
        "import numpy as np\ninv = np.linalg.inv\ndef solve(a):\n    return inv(a)\n",
        "import numpy as np\ndef solve(a):\n    return getattr(np.linalg, 'inv')(a)\n",
        "import numpy as np\ndef solve(a):\n    return getattr(getattr(np, 'linalg'), 'inv')(a)\n",
        "def solve(a):\n    import numpy as np\n    return np.linalg.inv(a)\n",
        "def solve(a):\n    return __import__('numpy').linalg.inv(a)\n",
        "import importlib as i\ndef solve(x):\n    n = i.import_module('numpy')\n    n.linalg.inv(x)\n",
        "import numpy as np\ndef solve(a, f=np.linalg.inv):\n    return f(a)\n",
        "import numpy as np\ndef solve(a):\n    la = a\n    la = np.linalg\n    return la.inv(a)\n",
        "import numpy as np\nsolve = lambda a: np.linalg.inv(a)\n",
        "import numpy as np\ndef solve(a):\n    return list(map(np.linalg.inv, a))\n",
    ],
)
def test_every_way_to_call_a_forbidden_name_is_charged(source):
    result = charge(source)["solve"]
    assert result.verdict is Verdict.FORBIDDEN
    assert "numpy.linalg.inv" in result.message
    assert REASON in result.message


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\ndef solve(a):\n    return np.linalg.solve(a, a)\n",
        "import numpy as np\ndef solve(a):\n    return np.linalg.inverse(a)\n",
        "def solve(a):\n    return a.inv()\n",
        "def solve(a):\n    '''Do not use numpy.linalg.inv.'''\n    return 'numpy.linalg.inv'\n",
        "from numpy.linalg import inv\ndef solve(inv):\n    return inv(1)\n",
        "import numpy as np\ndef other(a):\n    return np.linalg.inv(a)\ndef solve(a):\n    return a\n",
        "import numpy as np\ndef other(a):\n    la = np.linalg\ndef solve(la):\n    return la.inv(a)\n",
        "def inv(a):\n    return a\ndef solve(a):\n    return inv(a)\n",
        "import numpy as np\ndef o():\n    la = np.linalg\ndef solve(a):\n    la = a\n    return la.inv(a)\n",
        "import numpy as np\nla = np.linalg\ndef solve(a):\n    la = a\n    return la.inv(a)\n",
        "import numpy as np\ndef h():\n    la = np.linalg\ndef solve(a):\n    h()\n    return la.inv(a)\n",
        "import numpy.fft as f\ndef h(a): f.inv\ndef solve(a):\n    import numpy.linalg as f\n    h(a)\n",
        "from numpy.linalg import *\ndef solve(inv):\n    return inv(1)\n",
        "def solve(:\n",
    ],
)
def test_nobody_is_charged_for_what_the_task_does_not_use(source):
    assert not is_charged(source)


def test_a_forbidden_module_covers_all_that_is_in_it():
    source = "import numpy as np\ndef solve(a):\n    return np.linalg.solve(a, a)\n"
    assert is_charged(source, forbidden="numpy.linalg")
    source = "from numpy.linalg import solve as go\ndef solve(a):\n    return go(a, a)\n"
    assert is_charged(source, forbidden="numpy.linalg")
    assert not is_charged(source, forbidden="numpy.lin")


def test_a_forbidden_builtin_is_found():
    assert is_charged("def solve(a):\n    return eval(a)\n", forbidden="eval")
    assert not is_charged("def solve(eval):\n    return eval(1)\n", forbidden="eval")


@pytest.mark.parametrize(
    ("conv", "helper"),
    [
        ("from .help import go\ndef solve(a):\n    return go(a)\n", "go"),
        ("from .help import go as run\ndef solve(a):\n    return run(a)\n", "go"),
        ("from . import help\ndef solve(a):\n    return help.go(a)\n", "go"),
        ("from .help import *\ndef solve(a):\n    return go(a)\n", "go"),
        ("from dlc_lib.help import go\ndef solve(a):\n    return go(a)\n", "go"),
        ("from dlc_lib import help as h\ndef solve(a):\n    return h.go(a)\n", "go"),
        ("import dlc_lib.help\ndef solve(a):\n    return dlc_lib.help.go(a)\n", "go"),
        ("def solve(a):\n    from .help import go\n    return go(a)\n", "go"),
    ],
)
def test_a_helper_in_another_module_is_followed(conv, helper):
    text = f"import numpy as np\ndef {helper}(a):\n    return np.linalg.inv(a)\ndef idle():\n    pass\n"
    found = charge({"conv": conv, "help": text})["solve"]
    assert found.verdict is Verdict.FORBIDDEN
    assert "help.py, line 3" in found.message
    assert not is_charged({"conv": conv, "help": text.replace(helper, "other")})


def test_a_helper_in_the_same_module_is_followed():
    assert is_charged(
        "import numpy as np\ndef h(a):\n    return np.linalg.inv(a)\ndef solve(a):\n    return h(a)\n"
    )


def test_a_task_is_not_charged_for_another_it_calls():
    source = (
        "import numpy as np\ndef pool(a):\n    return np.linalg.inv(a)\ndef solve(a):\n    return pool(a)\n"
    )
    found = charge(source)
    assert found["pool"].verdict is Verdict.FORBIDDEN
    assert found["solve"].verdict is Verdict.PASSED


def test_of_a_class_only_the_method_of_the_task_is_charged():
    tasks = (
        Task("solve", "S", 50, ("dlc_lib.conv:Tensor.solve",)),
        Task("pool", "P", 50, ("dlc_lib.conv:Tensor.pool",)),
    )
    source = """\
import numpy as np
class Tensor:
    def solve(self):
        return 1
    def pool(self):
        return np.linalg.inv(self)
"""
    found = charge(source, tasks=tasks)
    assert found["pool"].verdict is Verdict.FORBIDDEN
    assert found["solve"].verdict is Verdict.PASSED


def test_what_a_class_inherits_or_keeps_for_itself_is_charged():
    tasks = (Task("solve", "S", 100, ("dlc_lib.conv:Tensor.solve",)),)
    kept = "import numpy as np\nclass Tensor:\n    f = np.linalg.inv\n    def solve(self):\n        pass\n"
    base = (
        "import numpy as np\nclass Base:\n    def g(self):\n        return np.linalg.inv(self)\n"
        "class Tensor(Base):\n    def solve(self):\n        return self.g()\n"
    )
    assert is_charged(kept, tasks=tasks)
    assert is_charged(base, tasks=tasks)


def test_a_script_is_charged_where_it_supplies_the_task():
    script = "import numpy as np\ndef solve(a):\n    return np.linalg.inv(a)\n"
    stub = "def solve(a):\n    raise NotImplementedError('a/solve')\n"
    result = charge({"conv": stub}, script)["solve"]
    assert result.verdict is Verdict.FORBIDDEN
    assert "notebook" in result.message
    assert not is_charged({"conv": "def solve(a):\n    return a\n"}, script)


def test_our_own_fault_stays_internal_and_a_charge_hides_the_mismatch():
    source = "import numpy as np\ndef solve(a):\n    return np.linalg.inv(a)\n"
    assert charge(source, verdict=Verdict.INTERNAL)["solve"].verdict is Verdict.INTERNAL
    for verdict in (Verdict.FAILED, Verdict.ERROR, Verdict.TIMEOUT, Verdict.PASSED):
        found = charge(source, verdict=verdict)["solve"]
        assert found.verdict is Verdict.FORBIDDEN
        assert found.mismatch is None


def test_modules_that_all_import_each_other_are_read_once():
    many = [f"h{number}" for number in range(40)]
    text = "".join(f"from .{name} import go as {name}\n" for name in many)
    body = "def go(a):\n    return " + " + ".join(f"{name}(a)" for name in many) + "\n"
    modules = dict.fromkeys(many, text + body)
    assert not is_charged({**modules, "conv": text + "def solve(a):\n    return h0(a)\n"})


def test_code_that_cannot_be_searched_in_time_earns_nothing(monkeypatch):
    monkeypatch.setattr(apart, "_CPU_S", 1)
    source = "def solve(a):\n" + "".join(f" def f{number}(): a{number}.x\n" for number in range(9000))
    found = charge(source + "def pool(a): return a\n")
    for result in found.values():
        assert result.verdict is Verdict.FORBIDDEN
        assert result.message.startswith(
            "the code could not be searched for forbidden names: that takes more"
        )
