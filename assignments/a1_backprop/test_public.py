"""Public tests of a1_backprop: small numbers worked by hand, and slopes measured by finite differences.

They are a start, not the whole: the hidden tests use other shapes and values (samples that are images,
ties at zero, vast scores, graphs with many paths) and look at every promise of the docstrings. A slope
measured here only shows that your backward pass fits your own forward pass.
"""

import numpy as np
import pytest
from studentkit import assert_close, assert_unchanged, task

EPS = 1e-5
XOR = (np.ones((2, 2)), np.array([0.0, -1.0]), np.array([1.0, -2.0]), np.array(0.0))


def slope(f, x, dout):
    """Gradient of the sum of f(x) · dout with respect to x, by central differences."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(*x.shape):
        step = np.zeros_like(x)
        step[place] = EPS
        gradient[place] = np.sum((f(x + step) - f(x - step)) * dout) / (2 * EPS)
    return gradient


@pytest.fixture
def numbers():
    """normal(shape): random numbers, the same in every run."""
    return np.random.default_rng(1).standard_normal


@task("affine", part="forward")
def test_affine_of_one_sample(student):
    w = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])
    out, _ = student.layers.affine_forward(np.array([[1.0, 2.0]]), w, np.array([0.0, 1.0, 2.0]))
    assert_close(out, np.array([[5.0, 3.0, 1.0]]), "out")


@task("affine", part="backward")
def test_affine_gradients_are_the_slopes_of_your_forward_pass(student, numbers):
    x, w, b, dout = numbers((4, 3)), numbers((3, 2)), numbers(2), numbers((4, 2))

    def out(x, w, b):
        return student.layers.affine_forward(x, w, b)[0]

    _, cache = student.layers.affine_forward(x, w, b)
    dx, dw, db = student.layers.affine_backward(dout, cache)
    assert_close(dx, slope(lambda value: out(value, w, b), x, dout), "dx")
    assert_close(dw, slope(lambda value: out(x, value, b), w, dout), "dw")
    assert_close(db, slope(lambda value: out(x, w, value), b, dout), "db")


@task("affine", part="edge")
def test_affine_flattens_images_and_gives_their_gradient_their_shape(student):
    x = np.arange(8.0).reshape(2, 2, 2)
    out, cache = student.layers.affine_forward(x, np.ones((4, 1)), np.zeros(1))
    assert_close(out, np.array([[6.0], [22.0]]), "out")
    dx, _, _ = student.layers.affine_backward(np.array([[1.0], [2.0]]), cache)
    assert_close(dx, np.array([[[1.0, 1.0], [1.0, 1.0]], [[2.0, 2.0], [2.0, 2.0]]]), "dx")


@task("affine", part="purity")
def test_affine_leaves_what_it_is_given_alone(student, numbers):
    x, w, b, dout = numbers((4, 3)), numbers((3, 2)), numbers(2), numbers((4, 2))
    (_, cache), after = student.layers.affine_forward.watch(x, w, b)
    assert_unchanged(after, (x, w, b), ("x", "w", "b"))
    _, after = student.layers.affine_backward.watch(dout, cache)
    assert_unchanged(after[:1], [dout], ["dout"])


@task("relu", part="forward")
def test_relu_keeps_what_is_positive(student):
    out, _ = student.layers.relu_forward(np.array([[-2.0, 3.0], [0.5, -0.1]]))
    assert_close(out, np.array([[0.0, 3.0], [0.5, 0.0]]), "out")


@task("relu", part="backward")
def test_relu_passes_on_where_its_input_was_positive(student):
    _, cache = student.layers.relu_forward(np.array([-2.0, 3.0, 0.5]))
    assert_close(
        student.layers.relu_backward(np.array([5.0, -6.0, 7.0]), cache), np.array([0.0, -6.0, 7.0]), "dx"
    )


@task("relu", part="edge")
def test_relu_passes_nothing_on_at_zero(student):
    _, cache = student.layers.relu_forward(np.array([0.0, 1.0]))
    assert_close(student.layers.relu_backward(np.array([3.0, 3.0]), cache), np.array([0.0, 3.0]), "dx")


@task("relu", part="purity")
def test_relu_leaves_what_it_is_given_alone(student, numbers):
    x, dout = numbers((4, 3)), numbers((4, 3))
    (_, cache), after = student.layers.relu_forward.watch(x)
    assert_unchanged(after, [x], ["x"])
    _, after = student.layers.relu_backward.watch(dout, cache)
    assert_unchanged(after[:1], [dout], ["dout"])


@task("softmax_loss", part="forward")
def test_softmax_loss_of_the_worked_example(student):
    loss, _ = student.losses.softmax_loss(np.array([[0.0, np.log(3.0)]]), np.array([1]))
    assert_close(loss, -np.log(0.75), "loss")


@task("softmax_loss", part="backward")
def test_softmax_gradient_of_the_worked_example(student):
    _, dx = student.losses.softmax_loss(np.array([[0.0, np.log(3.0)], [0.0, np.log(3.0)]]), np.array([1, 0]))
    assert_close(dx, np.array([[0.25, -0.25], [-0.75, 0.75]]) / 2, "dx")


@task("softmax_loss", part="edge")
def test_softmax_loss_of_large_scores_is_finite(student):
    loss, _ = student.losses.softmax_loss(np.array([[1000.0, 0.0]]), np.array([1]))
    assert_close(loss, 1000.0, "loss")


@task("softmax_loss", part="edge")
def test_softmax_loss_takes_labels_of_8_bits(student, numbers):
    x, y = numbers((40, 10)), np.arange(40) % 10
    for found, want in zip(
        student.losses.softmax_loss(x, y.astype(np.uint8)), student.losses.softmax_loss(x, y), strict=True
    ):
        assert_close(found, want, "loss and dx for labels of type uint8")


@task("softmax_loss", part="purity")
def test_softmax_loss_leaves_what_it_is_given_alone(student, numbers):
    x, y = numbers((4, 3)), np.array([0, 2, 1, 1])
    _, after = student.losses.softmax_loss.watch(x, y)
    assert_unchanged(after, (x, y), ("x", "y"))


@task("mse_loss", part="forward")
def test_mse_loss_is_the_mean_over_samples(student):
    loss, _ = student.losses.mse_loss(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [3.0, 2.0]]))
    assert_close(loss, 4.5, "loss")


@task("mse_loss", part="backward")
def test_mse_gradient(student):
    _, dx = student.losses.mse_loss(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [3.0, 2.0]]))
    assert_close(dx, np.array([[1.0, 2.0], [0.0, 2.0]]), "dx")


@task("mse_loss", part="purity")
def test_mse_loss_leaves_what_it_is_given_alone(student, numbers):
    x, y = numbers((4, 3)), numbers((4, 3))
    _, after = student.losses.mse_loss.watch(x, y)
    assert_unchanged(after, (x, y), ("x", "y"))


@task("shallow", part="forward")
def test_the_network_computes_exclusive_or(student):
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    f, _ = student.shallow.shallow_forward(corners, *XOR)
    assert_close(f, np.array([0.0, 1.0, 1.0, 0.0]), "f")


@task("shallow", part="backward")
def test_shallow_gradients_are_the_slopes_of_your_forward_pass(student, numbers):
    x, W, c, w, b, df = numbers((4, 3)), numbers((3, 5)), numbers(5), numbers(5), np.array(0.3), numbers(4)

    def f(x, W, c, w, b):
        return student.shallow.shallow_forward(x, W, c, w, b)[0]

    _, cache = student.shallow.shallow_forward(x, W, c, w, b)
    dx, dW, dc, dw, db = student.shallow.shallow_backward(df, cache)
    assert_close(dx, slope(lambda value: f(value, W, c, w, b), x, df), "dx")
    assert_close(dW, slope(lambda value: f(x, value, c, w, b), W, df), "dW")
    assert_close(dc, slope(lambda value: f(x, W, value, w, b), c, df), "dc")
    assert_close(dw, slope(lambda value: f(x, W, c, value, b), w, df), "dw")
    assert_close(db, slope(lambda value: f(x, W, c, w, value), b, df), "db")


@task("shallow", part="purity")
def test_shallow_leaves_what_it_is_given_alone(student, numbers):
    inputs, df = (numbers((4, 3)), numbers((3, 5)), numbers(5), numbers(5), np.array(0.3)), numbers(4)
    (_, cache), after = student.shallow.shallow_forward.watch(*inputs)
    assert_unchanged(after, inputs, ("x", "W", "c", "w", "b"))
    _, after = student.shallow.shallow_backward.watch(df, cache)
    assert_unchanged(after[:1], [df], ["df"])


@task("autograd", part="forward")
def test_tensors_compute_what_arrays_compute(student):
    x = student.autograd.Tensor(np.array([[1.0, -2.0], [3.0, 4.0]]))
    assert_close((x @ x + 1.0).relu().data, np.array([[0.0, 0.0], [16.0, 11.0]]), "data")


@task("autograd", part="backward")
def test_a_tensor_used_three_times_adds_up_its_gradients(student):
    x = student.autograd.Tensor(np.array(3.0))
    y = x * x + x
    y.backward()
    assert_close(x.grad, np.array(7.0), "x.grad")


@task("autograd", part="backward")
def test_a_broadcast_bias_gets_a_gradient_of_its_own_shape(student):
    x, b = student.autograd.Tensor(np.ones((4, 2))), student.autograd.Tensor(np.array([1.0, 2.0]))
    (x * b).sum().backward()
    assert_close(b.grad, np.array([4.0, 4.0]), "b.grad")


@task("autograd", part="edge")
def test_unbroadcast_adds_up_what_was_stretched(student):
    assert_close(student.autograd.unbroadcast(np.ones((4, 3, 2)), (3, 1)), np.full((3, 1), 8.0), "gradient")


@task("autograd", part="edge")
def test_a_chain_may_be_longer_than_pythons_stack(student):
    x = student.autograd.Tensor(np.array(2.0))
    end = x * 1.0
    for _ in range(1200):
        end = end * 1.0
    end.backward()
    assert_close(x.grad, np.array(1.0), "x.grad")


@task("autograd", part="purity")
def test_relu_of_a_tensor_leaves_it_alone(student):
    x = student.autograd.Tensor(np.array([-1.0, 2.0]))
    x.relu().sum().backward()
    assert_close(x.data, np.array([-1.0, 2.0]), "x.data")


@task("gradcheck", part="forward")
def test_the_slope_of_a_square(student):
    found = student.gradcheck.numerical_gradient(lambda x: float(np.sum(x**2)), np.array([1.0, -2.0]))
    assert_close(found, np.array([2.0, -4.0]), "gradient")


@task("gradcheck", part="backward")
def test_a_right_gradient_passes_and_a_doubled_one_does_not(student):
    x = np.array([[1.0, -2.0, 0.5]])

    def f(value):
        return float(np.sum(value**3))

    assert student.gradcheck.grad_check(f, x, 3 * x**2)[0], "a right gradient was refused"
    assert not student.gradcheck.grad_check(f, x, 6 * x**2)[0], "a doubled gradient was let through"


@task("gradcheck", part="edge")
def test_a_gradient_of_another_shape_is_refused(student):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        student.gradcheck.grad_check(lambda x: float(np.sum(x)), np.ones((2, 3)), np.ones(6))


@task("gradcheck", part="purity")
def test_x_is_the_same_to_the_last_digit(student, numbers):
    x = numbers((3, 2))
    _, after = student.gradcheck.numerical_gradient.watch(lambda value: float(np.sum(value**2)), x)
    assert_unchanged(after[1:], [x], ["x"])
