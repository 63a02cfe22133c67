"""A course of one assignment, small enough to grade in a moment: two tasks, five hidden tests."""

from __future__ import annotations

import zipfile
from pathlib import Path
from textwrap import dedent

from autograder.course import load_assignment, load_course
from autograder.model import Assignment, Course

FILES = {
    "course.yaml": "library: tinylib\ntier: 1\ngraders: graders\nmistakes: mistakes\n",
    "tinylib/__init__.py": "",
    "tinylib/scaling.py": '''
        from __future__ import annotations

        from typing import Any

        import numpy as np
        import numpy.typing as npt

        Array = npt.NDArray[np.floating[Any]]


        def double_forward(x: Array) -> tuple[Array, Any]:
            """2·x, and a cache."""
            doubled = 2.0 * np.asarray(x)
            return doubled, (x, 2.0)


        def double_backward(dout: Array, cache: Any) -> Array:
            """Gradient with respect to x."""
            _, factor = cache
            return factor * dout
        ''',
    "tinylib/summing.py": '''
        from __future__ import annotations

        from .scaling import Array


        def total(x: Array) -> float:
            """The sum of all entries."""
            entries = x.ravel()
            return float(entries.sum())
        ''',
    "assignments/h1/assignment.yaml": """
        id: h1
        title: Doubling and summing
        limits: {wall_s: 1, memory_mb: 128}
        tasks:
          - id: double
            title: Doubling
            points: 60
            source: ["tinylib.scaling:double_forward", "tinylib.scaling:double_backward"]
            weights: {forward: 2, backward: 1}
          - id: total
            title: Summing
            points: 40
            source: ["tinylib.summing:total"]
        """,
    "assignments/h1/handout.md": "# Doubling and summing\n",
    "assignments/h1/test_public.py": """
        from studentkit import task
        import numpy as np


        @task("double", part="forward")
        def test_three_becomes_six(student):
            out, _ = student.scaling.double_forward(np.array([3.0]))
            assert out[0] == 6
        """,
    "graders/h1/test_double.py": """
        import numpy as np
        import pytest

        from autograder.studentkit import assert_close, task
        from tinylib import scaling


        @task("double", part="forward")
        @pytest.mark.parametrize("shape", [(3,), (2, 5)], ids=str)
        def test_forward(student, rng, shape):
            x = rng.standard_normal(shape)
            out, _ = student.scaling.double_forward(x)
            assert_close(out, scaling.double_forward(x)[0], name="out")


        @task("double", part="backward")
        def test_backward(student, rng):
            x, dout = rng.standard_normal((2, 3)), rng.standard_normal((2, 3))
            _, cache = student.scaling.double_forward(x)
            assert_close(student.scaling.double_backward(dout, cache), 2 * dout, name="dx")
        """,
    "graders/h1/test_total.py": """
        from autograder.studentkit import assert_close, task


        @task("total")
        def test_sum(student, rng):
            x = rng.standard_normal((3, 4))
            assert_close(student.summing.total(x), x.sum(), name="sum")


        @task("total")
        def test_sum_of_nothing(student, rng):
            assert_close(student.summing.total(rng.standard_normal((0,))), 0.0, name="sum")
        """,
}
DOUBLE = """
import numpy as np

def double_forward(x):
    return x + x, None

def double_backward(dout, cache):
    return dout + dout
"""
TOTAL = """
def total(x):
    s = 0.0
    for value in x.flatten():
        s += value
    return s
"""


def make_course(root: Path) -> Course:
    """The course, written to `root`."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return load_course(root)


def make_assignment(course: Course) -> Assignment:
    """Its assignment."""
    return load_assignment(course, "h1")


def hand_in(folder: Path, double: str = DOUBLE, total: str = TOTAL) -> Path:
    """A hand-in as a student leaves it."""
    (folder / "tinylib").mkdir(parents=True, exist_ok=True)
    (folder / "tinylib/scaling.py").write_text(double, encoding="utf-8")
    (folder / "tinylib/summing.py").write_text(total, encoding="utf-8")
    return folder


def zipped(folder: Path) -> Path:
    """The folder as a zip beside it."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*.py")):
            archive.write(file, file.relative_to(folder))
    return path
