"""The error of a gradient over the step tells a wrong formula from float noise."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.diagnosis.curve import STEPS, Recorder, curve
from autograder.studentkit import NotClose
from autograder.studentkit.kinds import kinds_of
from dlc_lib import conv, layers, losses, lstm

MODULES = {"conv": conv, "layers": layers, "losses": losses, "lstm": lstm}


def recorded(use):
    """Calls of the reference while `use(student)` runs."""
    recorder = Recorder(MODULES.__getitem__, kinds_of(MODULES.__getitem__))
    use(recorder.student())
    return recorder.calls


def failed(actual, expected):
    return NotClose("", name="dx", actual=actual, expected=expected)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_wrong_formula_stays_and_the_right_one_falls_into_a_valley(rng):
    x, w, b, dout = (rng.standard_normal(shape) for shape in ((4, 3), (3, 5), (5,), (4, 5)))
    _, dw, _ = layers.affine_backward(dout, (x, w))

    def use(student):
        _, cache = student.layers.affine_forward(x, w, b)
        student.layers.affine_backward(dout, cache)

    found = curve(failed(dw / 4, dw), recorded(use))
    assert [row[0] for row in found] == list(STEPS)
    wrong, right = np.array(found)[:, 1], np.array(found)[:, 2]
    assert (wrong > 1e-3).all()
    assert right.min() < 1e-10


def test_rounding_falls_as_the_right_gradient_does(rng):
    x, y = rng.standard_normal((5, 7)), rng.integers(7, size=5)
    dx = losses.softmax_loss(x, y)[1]
    calls = recorded(lambda student: student.losses.softmax_loss(x, y))
    found = np.array(curve(failed(dx.astype(np.float32).astype(float), dx), calls))
    assert found[:, 1].min() < 1e-7


def test_gradient_of_one_input_among_many_is_found(rng):
    shapes = ((2, 3), (2, 4), (2, 4), (3, 16), (4, 16), (16,))
    inputs = [rng.standard_normal(shape) for shape in shapes]
    upstream = rng.standard_normal((2, 2, 4))
    *_, cache = lstm.lstm_step_forward(*inputs)
    right = lstm.lstm_step_backward(*upstream, cache)

    def use(student):
        *_, own = student.lstm.lstm_step_forward(*inputs)
        student.lstm.lstm_step_backward(*upstream, own)

    calls = recorded(use)
    for gradient in right:
        found = np.array(curve(failed(2 * gradient, gradient), calls))
        assert found[:, 2].min() < 1e-8 < 1e-3 < found[:, 1].min()


def test_convolution_with_options_is_differentiated_too(rng):
    x, w, b = rng.standard_normal((2, 3, 5, 4)), rng.standard_normal((2, 3, 3, 2)), rng.standard_normal(2)
    out, cache = conv.conv_forward(x, w, b, stride=2, pad=1)
    dout = rng.standard_normal(out.shape)
    dx = conv.conv_backward(dout, cache)[0]

    def use(student):
        _, own = student.conv.conv_forward(x, w, b, stride=2, pad=1)
        student.conv.conv_backward(dout, own)

    found = np.array(curve(failed(dx[..., ::-1, :], dx), recorded(use)))
    assert found[:, 2].min() < 1e-9 < found[:, 1].min()


def test_outputs_that_are_no_gradients_have_no_curve(rng):
    x, w, b = rng.standard_normal((4, 3)), rng.standard_normal((3, 5)), rng.standard_normal(5)
    out, _ = layers.affine_forward(x, w, b)
    calls = recorded(lambda student: student.layers.affine_forward(x, w, b))
    assert curve(failed(out + 1, out), calls) == ()
    assert curve(failed(out[:, :2], out), calls) == ()
    assert curve(failed(out * np.nan, out), calls) == ()
    assert curve(AssertionError("other"), calls) == ()
