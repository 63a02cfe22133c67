"""A course in JAX: a layer's values and its gradient, two tasks and four hidden tests."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from autograder.course import load_assignment, load_course
from autograder.model import Assignment, Course

FILES = {
    "course.yaml": "library: jaxlab\ntier: 1\ngraders: graders\nmistakes: mistakes\n",
    "jaxlab/__init__.py": "",
    "jaxlab/dense.py": '''
        from __future__ import annotations

        import jax
        import jax.numpy as jnp


        def dense_forward(x: jax.Array, w: jax.Array, b: jax.Array) -> jax.Array:
            """tanh(x·w + b)."""
            return jnp.tanh(x @ w + b)


        def loss_gradient(w: jax.Array, x: jax.Array, y: jax.Array) -> jax.Array:
            """Gradient, with respect to w, of the mean of (x·w - y)²."""
            return jax.grad(lambda weights: jnp.mean((x @ weights - y) ** 2))(w)
        ''',
    "assignments/j1/assignment.yaml": """
        id: j1
        title: A dense layer in JAX
        packages: [numpy, jax]
        limits: {wall_s: 20}
        tasks:
          - id: forward
            title: Values
            points: 60
            source: ["jaxlab.dense:dense_forward"]
          - id: gradient
            title: Gradient
            points: 40
            source: ["jaxlab.dense:loss_gradient"]
        """,
    "assignments/j1/handout.md": "# A dense layer\n",
    "assignments/j1/test_public.py": """
        import jax.numpy as jnp

        from studentkit import task


        @task("forward")
        def test_nothing_gives_nothing(student):
            out = student.dense.dense_forward(jnp.zeros((2, 3)), jnp.zeros((3, 4)), jnp.zeros(4))
            assert out.shape == (2, 4)
            assert not out.any()
        """,
    "graders/j1/test_forward.py": """
        import jax.numpy as jnp
        import numpy as np
        import pytest

        from autograder.author import assert_close
        from autograder.studentkit import task


        @task("forward")
        @pytest.mark.parametrize("shape", [(3, 4, 2), (5, 1, 3)], ids=str)
        def test_values(student, rng, shape):
            n, d, h = shape
            x, w, b = (rng.standard_normal(size).astype("f4") for size in ((n, d), (d, h), (h,)))
            out = student.dense.dense_forward(*map(jnp.asarray, (x, w, b)))
            expected = np.tanh(x.astype("f8") @ w.astype("f8") + b)
            assert_close(out, expected, "out", 1e-5)
        """,
    "graders/j1/test_gradient.py": """
        import jax.numpy as jnp
        import pytest
        import torch

        from autograder.author import assert_close
        from autograder.studentkit import task


        @task("gradient")
        @pytest.mark.parametrize("columns", [1, 3])
        def test_gradient(student, rng, columns):
            sizes = ((4, columns), (6, 4), (6, columns))
            w, x, y = (rng.standard_normal(size).astype("f4") for size in sizes)
            dw = student.dense.loss_gradient(*map(jnp.asarray, (w, x, y)))
            w, x, y = (torch.from_numpy(each).double() for each in (w, x, y))
            w.requires_grad_()
            ((x @ w - y) ** 2).mean().backward()
            assert_close(dw, w.grad.numpy(), "dw", 1e-5)
        """,
}
RIGHT = """
import jax
import jax.numpy as jnp

@jax.jit
def dense_forward(x, w, b):
    return jnp.tanh(jnp.dot(x, w) + b)

def loss_gradient(w, x, y):
    return 2 * x.T @ (x @ w - y) / y.size
"""


def make_course(root: Path, packages: str = "numpy, jax") -> Course:
    """The course, written to `root`."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n").replace("[numpy, jax]", f"[{packages}]"), encoding="utf-8")
    return load_course(root)


def make_assignment(course: Course) -> Assignment:
    """Its assignment."""
    return load_assignment(course, "j1")
