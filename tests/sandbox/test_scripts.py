"""A script is run statement by statement: one that fails costs only what needs it."""

from __future__ import annotations

import pytest

from autograder.studentkit import StudentError

STUBS = {"m": "def f(x=0): raise NotImplementedError\ndef g(x=0): raise NotImplementedError\n"}
ORIGINS = ((1, "ada.ipynb, cell 1"), (3, "ada.ipynb, cell 4"))


@pytest.fixture
def open_script(open_student):
    return lambda script: open_student(STUBS, script=script, adopt={"m": ("f", "g")}, origins=ORIGINS)


def refused(function, *args):
    with pytest.raises(StudentError) as caught:
        function(*args)
    return caught.value


@pytest.mark.parametrize(
    "line",
    [
        "W = 1 / 0",
        "raise SystemExit",
        "raise KeyboardInterrupt",
        "W = open('/etc/passwd')",
        "from solutions import W",
        "import scipy.signal",
        "from numpy import nothing_of_this_name",
        "from . import W",
        "W = __import__('os').fork()",
        "W = [0] * (1 << 40)",
        "def W(x=1 / 0): return x",
        "class W(1 / 0): pass",
    ],
)
def test_what_comes_after_a_statement_that_fails_is_run(open_script, line):
    with open_script(f"a = 1\n{line}\nb = 2\ndef f(x): return a + b + x\n") as student:
        assert student.m.f(3) == 6
        (note,) = student.loading_notes()
        assert note.startswith(f"ada.ipynb, cell 1, line 2: `{line}` ")
        assert note.endswith("; what needs it fails")


def test_what_needs_a_statement_that_fails_fails_by_itself(open_script):
    with open_script(
        "import math\nW = math.nowhere\ndef f(x): return x\ndef g(x): return W * x\n"
    ) as student:
        assert student.m.f(3) == 3
        error = refused(student.m.g, 3)
        says = "g raised NameError, line 2 of ada.ipynb, cell 4: name 'W' is not defined"
        assert (error.verdict, str(error)) == ("error", says)
        assert student.m.f(3) == 3


def test_a_function_whose_definition_fails_says_so_with_its_place(open_script):
    with open_script("\nfrom numba import njit\n@njit\ndef f(x): return x\ndef g(x): return x\n") as student:
        assert student.m.g(3) == 3
        raised = "raised ModuleNotFoundError: No module named 'numba'"
        said = f"ada.ipynb, cell 4, line 2: `def f(x): return x` {raised}"
        assert str(refused(student.m.f, 3)) == said
        assert [note.partition(": ")[0] for note in student.loading_notes()] == [
            "ada.ipynb, cell 1, line 2",
            "ada.ipynb, cell 4, line 2",
        ]


def test_a_package_that_is_not_there_costs_who_calls_it(open_script):
    with open_script(
        "import pandas as pd\ndef f(x: pd.Series): return x\ndef g(x): return pd.Series(x)"
    ) as s:
        assert s.m.f(3) == 3
        assert "ModuleNotFoundError" in str(refused(s.m.g, [3]))


@pytest.mark.parametrize(
    ("line", "verdict"),
    [("__import__('os')._exit(1)", "crashed"), ("while True: pass", "timeout")],
)
def test_a_statement_that_ends_the_process_or_never_ends_costs_the_script(open_script, line, verdict):
    with open_script(f"def f(x): return x\n{line}\n") as student:
        assert refused(student.m.f, 3).verdict == verdict


def test_a_module_that_does_not_load_costs_no_other_what_the_script_completes(open_student):
    modules = {"bad": "1 / 0\n", "m": "def f(x): raise NotImplementedError\n"}
    script = "def f(x): return x\ndef h(x): return x\n"
    with open_student(modules, script=script, adopt={"bad": ("h",), "m": ("f",)}) as student:
        assert student.m.f(3) == 3
        assert "loading bad.py raised ZeroDivisionError" in str(refused(student.bad.h, 3))


def test_later_workers_tell_nothing_that_the_first_did_not(open_script):
    script = "import os\ndef f(x): os._exit(0)\ndef g(x): return x\n"
    with open_script(f"{script}1 / 0\n") as student:
        before = refused(student.m.f, 1), student.loading_notes()
        assert student.m.g(3) == 3
        assert student.loading_notes() == before[1]
        assert len(before[1]) == 1


def test_code_that_fails_everywhere_is_noted_ten_times(open_script):
    with open_script("1 / 0\n" * 200 + "def f(x): return x\n") as student:
        assert student.m.f(3) == 3
        assert len(student.loading_notes()) == 10


def test_annotations_stay_texts_in_every_statement_after_a_future_import(open_script):
    with open_script("from __future__ import annotations\ndef f(x: Nowhere) -> Y: return x\n") as student:
        assert student.m.f(3) == 3


def test_a_module_may_import_what_only_shows(open_student):
    code = (
        "import matplotlib\nimport matplotlib.pyplot as plt\nfrom tqdm.auto import trange\n"
        "try:\n    import google.colab\nexcept ImportError:\n    scale = 1\n"
        "def f(n):\n    with plt.style.context('dark'):\n        return sum(trange(n)) * scale\n"
    )
    with open_student(code) as student:
        assert student.m.f(4) == 6
