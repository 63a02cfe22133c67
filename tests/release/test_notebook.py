from __future__ import annotations

import ast
import json
from dataclasses import replace
from typing import Any

import nbformat

from autograder.model import Assignment, Course, Task
from autograder.release.notebook import notebook
from autograder.release.projection import project


def cells(course: Course, assignment: Assignment, *, solution: bool = False) -> list[dict[str, Any]]:
    content = json.loads(notebook(course, assignment, project(course, assignment, solution=solution)))
    return list(content["cells"])


def source(found: list[dict[str, Any]], cell_id: str) -> str:
    return "".join(next(each["source"] for each in found if each["id"] == cell_id))


def test_notebook_is_valid(course: Course, assignment: Assignment) -> None:
    text = notebook(course, assignment, project(course, assignment))
    nbformat.validate(nbformat.reads(text, as_version=4))


def test_each_task_stands_behind_its_section(course: Course, assignment: Assignment) -> None:
    ids = [each["id"] for each in cells(course, assignment)]
    assert ids == ["handout-0", "imports", "handout-1", "task-whiten", "handout-2", "task-layer", "tests"]


def test_tasks_follow_a_handout_without_a_section_for_each(course: Course, assignment: Assignment) -> None:
    (assignment.folder / "handout.md").write_text("# T\n\n## 1. One\n\n## Reading\n")
    ids = [each["id"] for each in cells(course, assignment)]
    assert ids == [
        *("handout-0", "imports", "handout-1", "handout-2", "task-whiten", "task-layer", "tests"),
    ]


def test_task_cells_are_tagged_and_hold_the_stubs(course: Course, assignment: Assignment) -> None:
    found = cells(course, assignment)
    tags = [each["metadata"]["tags"] for each in found if each["id"].startswith("task-")]
    assert tags == [["task:whiten"], ["task:layer"]]
    names = [node.name for node in ast.parse(source(found, "task-whiten")).body]  # type: ignore[attr-defined]
    assert names == ["whiten_forward", "whiten_backward"]
    assert 'raise NotImplementedError("a2/whiten_forward")' in source(found, "task-whiten")
    assert source(found, "task-layer").startswith("class Layer:")
    assert 'raise NotImplementedError("a2/Layer.apply")' in source(found, "task-layer")


def test_cells_of_the_solution_have_what_they_import(course: Course, assignment: Assignment) -> None:
    omitting_nothing = replace(assignment, tasks=(*assignment.tasks, ROUNDED))
    found = cells(course, omitting_nothing, solution=True)
    names = {alias.asname or alias.name for node in ast.walk(ast.parse(source(found, "imports")))
             if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}  # fmt: skip
    assert {"annotations", "np", "Array", "affine"} <= names
    assert "whiten_forward" not in names


def test_helper_of_a_module_is_imported_where_a_cell_uses_it(course: Course, assignment: Assignment) -> None:
    path = course.root / "mylib/ops.py"
    text = path.read_text("utf-8")
    path.write_text(text.replace("x: Array) -> tuple", "x: Array, factor: float = _FACTOR) -> tuple"))
    found = cells(course, assignment)
    assert "from mylib.ops import _FACTOR" in source(found, "imports")


def test_class_that_two_tasks_complete_stands_in_the_first_cell(
    course: Course, assignment: Assignment
) -> None:
    again = replace(assignment.tasks[1], id="again")
    found = cells(course, replace(assignment, tasks=(*assignment.tasks, again)))
    assert source(found, "task-again") == "# Layer stands in a cell above: complete it there"


EXPLORATION = """# ---
# jupyter: head
# ---
# %% [markdown]
# # Title

# %%
import time

# %% [markdown]
# ## Experiment
# All of it.

# %%
whole()

# %% [markdown]
# ## 2. The layer

# %% [markdown]
# Look:

# %%
layer()
"""


def test_explorations_stand_behind_their_tasks_and_the_experiment_last(
    course: Course, assignment: Assignment
) -> None:
    (assignment.folder / "notebook.py").write_text(EXPLORATION)
    found = cells(course, assignment)
    assert [each["id"] for each in found] == [
        *("handout-0", "imports", "explore-first-1", "handout-1", "task-whiten", "handout-2", "task-layer"),
        *("explore-2-1", "use-2", "explore-2-2", "tests", "explore-last-1", "use-last", "explore-last-2"),
    ]
    assert [source(found, each) for each in ("explore-first-1", "explore-2-1", "explore-2-2")] == [
        *("import time", "Look:", "layer()"),
    ]
    assert source(found, "explore-last-1") == "## Experiment\nAll of it."


def test_written_task_tells_where_to_write(course: Course, assignment: Assignment) -> None:
    essay = Task("essay", "Essay", 10, (), kind="written", prompt="Why?")
    found = cells(course, replace(assignment, tasks=(*assignment.tasks, essay)))
    assert "Why?" in source(found, "task-essay")
    assert "`answers/essay.md`" in source(found, "task-essay")


ROUNDED = Task("rounded", "Rounding", 1, ("mylib.ops:rounded",))
