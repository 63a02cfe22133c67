import numpy as np
from fourq.softmax import softmax_loss

from autograder.studentkit import assert_close, task


@task("softmax")
def test_loss(student, rng):
    for N, K in ((3, 5), (7, 2), (1, 4)):
        x, y = rng.standard_normal((N, K)), rng.integers(K, size=N)
        loss, _ = student.softmax.softmax_loss(x, y)
        assert_close(loss, softmax_loss(x, y)[0], "loss")


@task("softmax")
def test_gradient(student, rng):
    for N, K in ((3, 5), (7, 2)):
        x, y = rng.standard_normal((N, K)), rng.integers(K, size=N)
        _, dx = student.softmax.softmax_loss(x, y)
        assert_close(dx, softmax_loss(x, y)[1], "dx")


@task("softmax")
def test_gradient_is_a_slope(student, rng):
    x, y = rng.standard_normal((7, 11)), rng.integers(11, size=7)
    _, dx = student.softmax.softmax_loss(x, y)
    steps = 1e-5 * np.eye(x.size).reshape(-1, *x.shape)
    above = [loss for loss, _ in student.softmax.softmax_loss.map([(x + s, y) for s in steps])]
    below = [loss for loss, _ in student.softmax.softmax_loss.map([(x - s, y) for s in steps])]
    slopes = (np.array(above) - np.array(below)) / 2e-5
    assert_close(dx, slopes.reshape(x.shape), "dx", limit=1e-6)


@task("softmax")
def test_large_scores(student, rng):
    x, y = 1e4 * rng.standard_normal((5, 3)), rng.integers(3, size=5)
    loss, dx = student.softmax.softmax_loss(x, y)
    want_loss, want_dx = softmax_loss(x, y)
    assert_close(loss, want_loss, "loss")
    assert_close(dx, want_dx, "dx")
