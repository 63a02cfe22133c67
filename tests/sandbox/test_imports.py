"""However a student writes the import of a sibling module, it is the module that was handed in."""

from __future__ import annotations

import pytest

from autograder.studentkit import StudentError


@pytest.mark.parametrize(
    "line",
    [
        "from .layers import relu",
        "from dlc_lib.layers import relu",
        "from dlc_lib import layers; relu = layers.relu",
        "import dlc_lib.layers; relu = dlc_lib.layers.relu",
        "import layers; relu = layers.relu",
        "from layers import relu",
        "import importlib; relu = importlib.import_module('layers').relu",
    ],
)
def test_sibling_is_found(open_student, line):
    modules = {"layers": "def relu(x): return x + 1", "net": f"{line}\ndef run(x): return relu(x)"}
    with open_student(modules) as student:
        assert student.net.run(1.0) == 2.0


def test_bare_import_gives_the_same_module_and_no_copy(open_student):
    modules = {
        "layers": "count = []",
        "net": "import layers\nfrom . import layers as same\ndef run(x): return layers is same",
    }
    with open_student(modules) as student:
        assert student.net.run(0) is True


def test_module_of_a_package_is_not_hidden_by_one_that_was_handed_in(open_student):
    with open_student(
        {"random": "x = 1", "net": "import random\ndef run(x): return random.random() < 2"}
    ) as s:
        assert s.net.run(0) is True


def failure(student, name="run"):
    with pytest.raises(StudentError) as caught:
        getattr(student.net, name)(0)
    return str(caught.value)


def test_what_was_not_handed_in_is_not_found_in_the_library(open_student):
    with open_student({"net": "import dlc_lib.secret\ndef run(x): return x"}) as student:
        assert "loading net.py" in failure(student)


ABSENT = """
from __future__ import annotations

import functools, {name}
import {name}.part as part
from {name} import tool, other as another
from {name}.deep import *

TABLE = {name}.table(3)


def run(x): return tool(x)
def nested(x): return {name}.part.deep(x)
def other(x): return another[0](x) if isinstance(x, {name}.Kind) else part.tool(x)
def tabled(x): return TABLE[x]()
def inside(x):
    import {name}
@tool
def decorated(x): return x
@another(3)
@functools.cache
def twice_decorated(x): return x
class Sized(tool.Base):
    def size(self: {name}.Array) -> int: return 3
def fine(x): return x + Sized().size()
def typed(x: {name}.Array | None) -> {name}.Array: return x
"""


@pytest.mark.parametrize("name", ["scipy", "secret", "autograder", "bench", "tests"])
def test_absent_package_costs_only_what_uses_it(open_student, name):
    with open_student({"net": ABSENT.format(name=name)}) as student:
        for uses in ("run", "nested", "other", "tabled", "inside", "decorated", "twice_decorated"):
            assert "raised ModuleNotFoundError" in failure(student, uses), uses
        assert student.net.fine(0) == 3
        assert student.net.typed(0) == 0


@pytest.mark.parametrize("caught", ["ImportError", "ModuleNotFoundError", "Exception"])
def test_absent_package_is_no_fault_where_its_absence_is_caught(open_student, caught):
    code = f"""
try:
    from numba import njit
except {caught}:
    def njit(function): return function
@njit
def run(x): return x + 1
"""
    with open_student({"net": code}) as student:
        assert student.net.run(1) == 2


def test_other_faults_of_a_module_that_imports_an_absent_package_are_told(open_student):
    with open_student({"net": "import scipy\n1 / 0\ndef run(x): return x"}) as student:
        assert "loading net.py raised ZeroDivisionError: division by zero, line 2 of net.py" in failure(
            student
        )
    with open_student({"net": "import scipy\ndef run(x): return x\nrun(1"}) as student:
        assert "loading net.py raised SyntaxError" in failure(student)
