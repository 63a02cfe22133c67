import numpy as np
from fourq.affine import affine_backward, affine_forward

from autograder.studentkit import assert_close, task


@task("affine")
def test_output(student, rng):
    for N, D, M in ((3, 5, 2), (7, 2, 3), (1, 4, 1)):
        x, w, b = rng.standard_normal((N, D)), rng.standard_normal((D, M)), rng.standard_normal(M)
        out, _ = student.affine.affine_forward(x, w, b)
        assert_close(out, affine_forward(x, w, b)[0], "out")


@task("affine")
def test_gradients(student, rng):
    for N, D, M in ((3, 5, 2), (7, 2, 3)):
        x, w, b = rng.standard_normal((N, D)), rng.standard_normal((D, M)), rng.standard_normal(M)
        dout = rng.standard_normal((N, M))
        _, cache = student.affine.affine_forward(x, w, b)
        gradients = student.affine.affine_backward(dout, cache)
        for got, want in zip(gradients, affine_backward(dout, (x, w)), strict=True):
            assert_close(got, want, "gradient")


@task("affine")
def test_gradients_are_slopes(student, rng):
    x, w, b = rng.standard_normal((5, 7)), rng.standard_normal((7, 3)), rng.standard_normal(3)
    dout = rng.standard_normal((5, 3))
    _, cache = student.affine.affine_forward(x, w, b)
    dx, dw, _ = student.affine.affine_backward(dout, cache)
    for value, gradient, place in ((x, dx, 0), (w, dw, 1)):
        steps = 1e-5 * np.eye(value.size).reshape(-1, *value.shape)
        sides = []
        for sign in (1, -1):
            calls = [(x, w, b)[:place] + (value + sign * s,) + (x, w, b)[place + 1 :] for s in steps]
            sides.append([(out * dout).sum() for out, _ in student.affine.affine_forward.map(calls)])
        slopes = (np.array(sides[0]) - np.array(sides[1])) / 2e-5
        assert_close(gradient, slopes.reshape(value.shape), "gradient", limit=1e-6)


@task("affine")
def test_inputs_stay(student, rng):
    inputs = rng.standard_normal((3, 5)), rng.standard_normal((5, 2)), rng.standard_normal(2)
    _, after = student.affine.affine_forward.watch(*inputs)
    for left, right in zip(after, inputs, strict=True):
        assert np.array_equal(left, right)
