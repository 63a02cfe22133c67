from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.model import Assignment, Course, Provided
from autograder.release import StubError, project


def test_only_task_modules_and_provided_ones_are_shown(course: Course, assignment: Assignment) -> None:
    files = project(course, assignment)
    assert set(files) == {f"mylib/{name}.py" for name in ("__init__", "arrays", "layers", "ops")}
    assert files["mylib/__init__.py"] == ""


def test_provided_modules_are_verbatim(course: Course, assignment: Assignment) -> None:
    files = project(course, assignment)
    assert files["mylib/layers.py"] == (course.root / "mylib/layers.py").read_text("utf-8")


def test_tasks_are_cut_and_the_rest_of_their_module_stays(course: Course, assignment: Assignment) -> None:
    text = project(course, assignment)["mylib/ops.py"]
    for label in ("whiten_forward", "whiten_backward", "Layer.apply"):
        assert f'raise NotImplementedError("a2/{label}")' in text
    for gone in ("_scaled", "_FACTOR", "norm", "affine", "deviation = "):
        assert gone not in text
    assert "return np.round(x, 3)" in text


def test_solution_is_the_complete_text(course: Course, assignment: Assignment) -> None:
    files = project(course, assignment, solution=True)
    assert files["mylib/ops.py"] == (course.root / "mylib/ops.py").read_text("utf-8")


def test_every_missing_module_is_named(course: Course, assignment: Assignment) -> None:
    provided = (Provided("absent"), Provided("gone"))
    with pytest.raises(StubError) as error:
        project(course, replace(assignment, provided=provided))
    assert "mylib/absent.py: no such module" in error.value.faults[0]
    assert "mylib/gone.py: no such module" in error.value.faults[1]
