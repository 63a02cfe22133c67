"""A small course: a1 withholds `layers`; a2 withholds `ops` and hands `layers` out after a1."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from autograder.course import load_course
from autograder.model import Course

FILES = {
    "course.yaml": "library: mylib\ntier: 0\n",
    "mylib/__init__.py": "",
    "mylib/arrays.py": """
        from __future__ import annotations

        from typing import Any

        import numpy as np
        import numpy.typing as npt

        Array = npt.NDArray[np.floating[Any]]
        """,
    "mylib/layers.py": '''
        from __future__ import annotations

        from .arrays import Array


        def affine(x: Array, w: Array) -> Array:
            """x · w."""
            return x @ w
        ''',
    "mylib/ops.py": '''
        """Operations."""

        from __future__ import annotations

        import numpy as np
        from numpy.linalg import norm

        from .arrays import Array
        from .layers import affine

        _FACTOR = 2.5


        def _scaled(x: Array) -> Array:
            return np.tanh(x * _FACTOR + norm(x[0]))


        def whiten_forward(x: Array) -> tuple[Array, tuple[Array, Array]]:
            """(x − mean) / deviation, over axis 0; x has shape (N, D), N > 1.

            Raises:
                ValueError: there is one example only.
            """
            if len(x) < 2:
                raise ValueError("one example has no deviation")
            mean = x.mean(axis=0)
            deviation = np.sqrt(((x - mean) ** 2).mean(axis=0))
            return (x - mean) / deviation, (mean, deviation)


        def whiten_backward(dout: Array, cache: tuple[Array, Array]) -> Array:
            """dout / deviation."""
            mean, deviation = cache
            return dout / deviation


        class Layer:
            """A layer with weights w."""

            def __init__(self, w: Array) -> None:
                self.w = w

            def apply(self, x: Array) -> Array:
                """tanh(2.5 · x · w + size of the first row of x · w)."""
                return _scaled(affine(x, self.w))


        def rounded(x: Array) -> Array:
            """x to three places."""
            return np.round(x, 3)
        ''',
    "mylib/layers_data.csv": "1,2\n",
    "mylib/ops_secret.csv": "answers\n",
    "assignments/a1_first/assignment.yaml": """
        id: a1_first
        title: First
        due: 2027-01-10T12:00:00+00:00
        tasks:
          - {id: affine, points: 100, source: ["mylib.layers:affine"]}
        """,
    "assignments/a1_first/handout.md": "# First\n",
    "assignments/a1_first/test_public.py": "",
    "assignments/a2_second/assignment.yaml": """
        id: a2_second
        title: Second
        due: 2027-02-10T12:00:00+00:00
        packages: [numpy]
        provided: [arrays, {module: layers, after: a1_first}]
        omit: ["mylib.ops:_scaled"]
        tasks:
          - id: whiten
            title: Whitening
            points: 60
            source: ["mylib.ops:whiten_forward", "mylib.ops:whiten_backward"]
            weights: {forward: 40, backward: 40, edge: 20}
          - id: layer
            title: A layer
            points: 40
            source: ["mylib.ops:Layer.apply"]
        """,
    "assignments/a2_second/handout.md": "# Second\n\nHello.\n\n## 1. Whiten\n\nDo.\n\n## 2. Layer\n\nDo.\n",
    "assignments/a2_second/test_public.py": """
        import numpy as np
        import pytest
        from studentkit import assert_close, task


        @task("whiten", part="forward")
        def test_whiten_of_two_rows(student):
            out, _ = student.ops.whiten_forward(np.array([[1.0, 5.0], [3.0, 9.0]]))
            assert_close(out, np.array([[-1.0, -1.0], [1.0, 1.0]]), "out")


        @task("whiten", part="backward")
        def test_whiten_gradient(student):
            dx = student.ops.whiten_backward(np.ones((2, 2)), (np.zeros(2), np.array([2.0, 4.0])))
            assert_close(dx, np.array([[0.5, 0.25], [0.5, 0.25]]), "dx")


        @task("whiten", part="edge")
        def test_whiten_refuses_one_example(student):
            with pytest.raises(ValueError):
                student.ops.whiten_forward(np.ones((1, 3)))


        @task("layer")
        def test_layer_of_zeros_is_zero(student):
            layer = student.ops.Layer(np.eye(2))
            assert_close(layer.apply(np.zeros((1, 2))), np.zeros((1, 2)), "the output")
        """,
    "graders/a2_second/test_ops.py": """
        CASES = (Case("wide", (3, 7), (7, 2), offset=1.5, scale=0.25),)


        def test_whiten(student, rng):
            x = 5 + 2 * rng.standard_normal((7, 3))
            assert_close(student.ops.whiten_forward(x)[0].mean(axis=0) + 1, np.ones(3), "mean plus 1")
        """,
    "mistakes/a2_second/__init__.py": '''
        RIGHT = (Variant("loops", "whiten", "ops", code="""
        def whiten_backward(dout: Array, cache: tuple[Array, Array]) -> Array:
            return np.stack([row / cache[1] for row in dout])
        """),)
        ''',
    "solutions/a2_second/notebook.py": "print(1)\n",
}


def make_course(root: Path) -> Course:
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return load_course(root)
