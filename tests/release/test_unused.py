"""What served only withheld code is found, whatever it is called."""

from __future__ import annotations

import pytest

from autograder.course import load_assignment, load_course
from autograder.release import audit_release
from autograder.release.unused import helpers_left
from tests.tiny_course import make_course

BEFORE = '''
def inner(x):
    return x


def scaled(x):
    """Twice."""
    return 2 * inner(x)


class Window:
    """A window."""


def task(x):
    """The task."""
    return scaled(x), Window()


def lonely(x):
    return lonely(x - 1)
'''
AFTER = BEFORE.replace("return scaled(x), Window()", 'raise NotImplementedError("a/task")')


def left(after=AFTER, elsewhere=""):
    return helpers_left(BEFORE, after, {"task"}, elsewhere)


def test_public_and_private_names_classes_and_what_they_use_are_found():
    assert left() == ["inner", "scaled", "Window"]


@pytest.mark.parametrize(
    ("after", "elsewhere", "expected"),
    [
        (AFTER.replace("The task.", "The task; see `scaled`."), "", ["Window"]),
        (AFTER, "from lib.ops import scaled", ["Window"]),
        (AFTER, "Use `inner` of `lib`.", ["scaled", "Window"]),
        (AFTER, "rescaled, Windows, inner_product", ["inner", "scaled", "Window"]),
        (AFTER + "\n\nwindow = Window()\n", "", ["inner", "scaled"]),
    ],
    ids=["docstring", "another file", "what a helper uses", "part of a word", "module code"],
)
def test_what_students_are_told_of_stays(after, elsewhere, expected):
    assert left(after, elsewhere) == expected


def test_a_task_is_no_helper_of_another():
    before = BEFORE.replace("return x\n", "return task(x)\n", 1)
    after = AFTER.replace("return x\n", "return None\n", 1)
    assert "task" not in helpers_left(before, after, {"task"}, "")


CORE = '''
def double_it(x):
    """Twice."""
    return 2.0 * x


def halved(x):
    """Half."""
    return x / 2
'''


@pytest.mark.parametrize("handout", ["# Doubling\n", "# Doubling\n\nUse `core.double_it`.\n"])
def test_in_a_module_that_is_handed_out_it_is_found_too(tmp_path, handout):
    make_course(tmp_path)
    (tmp_path / "tinylib/core.py").write_text(CORE)
    (tmp_path / "assignments/h1/handout.md").write_text(handout)
    path = tmp_path / "tinylib/scaling.py"
    text = path.read_text().replace(
        "import numpy.typing as npt\n", "import numpy.typing as npt\n\nfrom . import core\n"
    )
    path.write_text(text.replace("2.0 * np.asarray(x)", "core.double_it(np.asarray(x))"))
    spec = tmp_path / "assignments/h1/assignment.yaml"
    spec.write_text(spec.read_text() + "provided: [core]\n")
    course = load_course(tmp_path)
    leaks = audit_release(course, load_assignment(course, "h1"))
    says = "tinylib/core.py: double_it serves only withheld code; provide a module without it, "
    says += "or tell students of it"
    assert leaks == ([] if "core" in handout else [says])
