import numpy as np
from fourq.norm import batchnorm_forward

from autograder.studentkit import assert_close, task


def compare(student, rng, N, D, eps):
    x, gamma, beta = rng.standard_normal((N, D)), rng.standard_normal(D), rng.standard_normal(D)
    out = student.norm.batchnorm_forward(x, gamma, beta, eps=eps)
    assert_close(out, batchnorm_forward(x, gamma, beta, eps=eps), "out")


@task("norm")
def test_output(student, rng):
    compare(student, rng, 5, 3, 1e-5)
    compare(student, rng, 3, 7, 1e-5)


@task("norm")
def test_large_eps(student, rng):
    compare(student, rng, 5, 3, 2.0)
    compare(student, rng, 2, 4, 0.5)


@task("norm")
def test_mean_and_deviation(student, rng):
    for N in (11, 64):
        x = 3 * rng.standard_normal((N, 5)) + 2
        out = student.norm.batchnorm_forward(x, np.ones(5), np.zeros(5), eps=1e-12)
        assert_close(out.mean(axis=0) + 1, np.ones(5), "mean")
        assert_close(out.std(axis=0), np.ones(5), "deviation")


@task("norm")
def test_inputs_stay(student, rng):
    inputs = rng.standard_normal((5, 3)), rng.standard_normal(3), rng.standard_normal(3)
    _, after = student.norm.batchnorm_forward.watch(*inputs, eps=1e-5)
    for left, right in zip(after, inputs, strict=True):
        assert np.array_equal(left, right)
