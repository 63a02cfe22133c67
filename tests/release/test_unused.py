"""What served only withheld code is found, whatever it is called."""

from __future__ import annotations

import pytest

from autograder.release.unused import helpers_left

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


def test_what_another_module_used_before_the_cut_is_found():
    assert left_in("def tool(x):\n    return x\n", "from .ops import tool") == ["tool"]
    assert left_in("def tool(x):\n    return x\n", "") == []


def left_in(text, elsewhere_before):
    return helpers_left(text, text, (), "", elsewhere_before)
