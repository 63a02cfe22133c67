"""Instructor's notebooks as nbgrader's and otter's authors write them."""

from __future__ import annotations

from autograder.source.cells import code, markdown, raw, to_notebook

SQUARES = '''def squares(n):
    """Squares of 1 to n."""
    ### BEGIN SOLUTION
    if n < 1:
        raise ValueError("n must be positive")
    return [i ** 2 for i in range(1, n + 1)]
    ### END SOLUTION
'''
TEST_SQUARES = """assert squares(1) == [1]
### BEGIN HIDDEN TESTS
assert squares(3) == [1, 4, 9]
### END HIDDEN TESTS"""
REFUSES = """try:
    squares(0)
except ValueError:
    pass
else:
    raise AssertionError("no ValueError")"""
TOTAL = "def total(n):\n    ### BEGIN SOLUTION\n    return sum(squares(n))\n    ### END SOLUTION\n"
CUBE = '''def cube(x):
    """x³"""
    y = x ** 3 # SOLUTION
    # BEGIN SOLUTION
    return y
    # END SOLUTION
'''


def about(grade_id, schema=3, **differing):
    plain = {"schema_version": schema, "grade": False, "locked": False, "solution": False, "task": False}
    return {"nbgrader": {**plain, "grade_id": grade_id, **differing}}


def graded_by(grade_id, points):
    return about(grade_id, grade=True, locked=True, points=points)


def nbgrader_source(schema=3):
    return to_notebook(
        [
            markdown("top", "# Squares\n\nWrite `squares` and `total`."),
            code("imports", "%matplotlib inline\nimport numpy as np"),
            code("a", SQUARES, **about("squares", schema, solution=True)),
            code("b", TEST_SQUARES, **graded_by("test_squares", 2)),
            code("c", REFUSES, **graded_by("refuses", 1)),
            code("d", TOTAL, **about("total", solution=True)),
            code("e", "assert np.isclose(total(3), 14)", **graded_by("test_total", 3)),
            code("f", "### BEGIN SOLUTION\nx = 3\n### END SOLUTION", **about("x", solution=True)),
            code("g", "assert x == 3", **graded_by("test_x", 1)),
            markdown("h", "Why?", **about("why", grade=True, solution=True, points=4)),
        ]
    )


def otter_master():
    return to_notebook(
        [
            raw("r1", "# ASSIGNMENT CONFIG\nname: ps2"),
            markdown("top", "# Cubes"),
            code("imports", "import numpy as np"),
            raw("r2", "# BEGIN QUESTION\nname: q1\npoints: 4"),
            markdown("m", "Write `cube`."),
            raw("r3", "# BEGIN SOLUTION"),
            code("a", CUBE),
            raw("r4", "# END SOLUTION"),
            raw("r5", "# BEGIN TESTS"),
            code("t1", "cube(2) == 8"),
            code("t2", "# HIDDEN\nassert np.allclose(cube(np.arange(3.0)), [0, 1, 8])"),
            raw("r6", "# END TESTS"),
            raw("r7", "# END QUESTION"),
            raw("r8", "# BEGIN QUESTION\nname: q2\nmanual: true\npoints: 2"),
            markdown("m2", "Explain."),
            raw("r9", "# BEGIN SOLUTION"),
            markdown("m3", "Since it is."),
            raw("r10", "# END SOLUTION"),
            raw("r11", "# END QUESTION"),
        ]
    )
