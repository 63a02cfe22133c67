import numpy as np
from fourq.conv import conv_forward

from autograder.studentkit import assert_close, task


def compare(student, rng, images, filters, stride, pad):
    x, w, b = rng.standard_normal(images), rng.standard_normal(filters), rng.standard_normal(filters[0])
    out = student.conv.conv_forward(x, w, b, stride=stride, pad=pad)
    assert_close(out, conv_forward(x, w, b, stride=stride, pad=pad), "out")


@task("conv")
def test_output(student, rng):
    compare(student, rng, (3, 3, 9, 7), (5, 3, 3, 2), 1, 1)
    compare(student, rng, (2, 2, 7, 9), (3, 2, 2, 3), 1, 0)


@task("conv")
def test_stride(student, rng):
    compare(student, rng, (2, 3, 9, 7), (4, 3, 3, 3), 2, 1)
    compare(student, rng, (2, 1, 8, 5), (2, 1, 2, 2), 3, 0)


@task("conv")
def test_unusual_shapes(student, rng):
    compare(student, rng, (1, 1, 1, 1), (1, 1, 1, 1), 1, 0)
    compare(student, rng, (2, 3, 4, 3), (2, 3, 4, 3), 1, 0)


@task("conv")
def test_linear_in_the_filter(student, rng):
    x, w = rng.standard_normal((2, 2, 5, 6)), rng.standard_normal((3, 2, 3, 3))
    zero = np.zeros(3)
    calls = [(x, scale * w, zero) for scale in (1.0, 2.0, -3.0)]
    one, two, three = student.conv.conv_forward.map(calls, stride=1, pad=1)
    assert_close(two, 2 * one, "out")
    assert_close(three, -3 * one, "out")
