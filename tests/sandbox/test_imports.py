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


@pytest.mark.parametrize(
    "line", ["import dlc_lib.secret", "import secret", "import autograder", "import bench"]
)
def test_what_was_not_handed_in_is_not_found(open_student, line):
    with (
        open_student({"net": f"{line}\ndef run(x): return x"}) as student,
        pytest.raises(StudentError) as caught,
    ):
        student.net.run(0)
    assert "loading net.py" in str(caught.value)
