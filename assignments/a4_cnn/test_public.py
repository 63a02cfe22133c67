"""Public tests of a4_cnn: small numbers worked by hand, and slopes measured by finite differences.

They are a start, not the whole: the hidden tests use other shapes (rows unlike columns, no padding,
larger strides, overlapping windows, ties) and look at every promise of the docstrings. A slope measured
here only shows that your backward pass fits your own forward pass.
"""

import numpy as np
import pytest
from studentkit import assert_close, task

EPS = 1e-5
STATE = {"running_mean": np.array([8.0]), "running_var": np.array([6.0])}
SIZES = {"channels": 1, "height": 4, "width": 5, "filters": 2, "kernel": 3, "hidden": 3, "classes": 4}


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
    return np.random.default_rng(4).standard_normal


@task("conv", part="forward")
def test_conv_of_a_3x3_image(student):
    x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    w = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    out, _ = student.conv.conv_forward(x, w, np.array([10.0]), stride=1, pad=0)
    assert_close(out, np.array([[[[47.0, 57.0], [77.0, 87.0]]]]), "out")


@task("conv", part="forward")
def test_conv_with_padding_and_stride(student):
    x = np.arange(1.0, 7.0).reshape(1, 1, 2, 3)
    w = np.array([[[[1.0, 0.0], [0.0, 2.0]]]])
    out, _ = student.conv.conv_forward(x, w, np.zeros(1), stride=2, pad=1)
    assert_close(out, np.array([[[[2.0, 6.0], [0.0, 5.0]]]]), "out")


@task("conv", part="backward")
def test_conv_gradients_are_the_slopes_of_your_forward_pass(student, numbers):
    x, w, b, dout = numbers((2, 2, 4, 3)), numbers((3, 2, 3, 3)), numbers(3), numbers((2, 3, 4, 3))

    def out(x, w, b):
        return student.conv.conv_forward(x, w, b, stride=1, pad=1)[0]

    _, cache = student.conv.conv_forward(x, w, b, stride=1, pad=1)
    dx, dw, db = student.conv.conv_backward(dout, cache)
    assert_close(dx, slope(lambda value: out(value, w, b), x, dout), "dx")
    assert_close(dw, slope(lambda value: out(x, value, b), w, dout), "dw")
    assert_close(db, slope(lambda value: out(x, w, value), b, dout), "db")


@task("conv", part="edge")
def test_conv_refuses_a_filter_that_does_not_fit(student):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        student.conv.conv_forward(np.ones((1, 1, 2, 2)), np.ones((1, 1, 3, 3)), np.ones(1), stride=1, pad=0)


@task("max_pool", part="forward")
def test_max_pool_of_a_2x4_image(student):
    x = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, -1.0, 7.0]]]])
    out, _ = student.pool.max_pool_forward(x, pool_height=2, pool_width=2, stride=2)
    assert_close(out, np.array([[[[5.0, 7.0]]]]), "out")


@task("max_pool", part="backward")
def test_max_pool_sends_the_gradient_to_the_winner(student):
    x = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, -1.0, 7.0]]]])
    _, cache = student.pool.max_pool_forward(x, pool_height=2, pool_width=2, stride=2)
    dx = student.pool.max_pool_backward(np.array([[[[10.0, 20.0]]]]), cache)
    assert_close(dx, np.array([[[[0.0, 10.0, 0.0, 0.0], [0.0, 0.0, 0.0, 20.0]]]]), "dx")


@task("batchnorm", part="forward")
def test_batchnorm_in_training(student):
    x, gamma, beta = np.array([[1.0], [3.0]]), np.array([4.0]), np.array([1.0])
    out, _, state = student.norm.batchnorm_forward(x, gamma, beta, STATE, train=True, momentum=0.75, eps=3.0)
    assert_close(out, np.array([[-1.0], [3.0]]), "out")
    assert_close(state["running_mean"], np.array([6.5]), "running_mean")
    assert_close(state["running_var"], np.array([4.75]), "running_var")


@task("batchnorm", part="forward")
def test_batchnorm_in_testing(student):
    out, _, state = student.norm.batchnorm_forward(
        np.array([[2.0]]), np.array([4.0]), np.array([1.0]), STATE, train=False, momentum=0.75, eps=3.0
    )
    assert_close(out, np.array([[-7.0]]), "out")
    assert_close(state["running_mean"], STATE["running_mean"], "running_mean")


@task("batchnorm", part="backward")
def test_batchnorm_gradients_are_the_slopes_of_your_forward_pass(student, numbers):
    state = {"running_mean": np.zeros(3), "running_var": np.ones(3)}
    options = {"train": True, "momentum": 0.9, "eps": 1e-3}
    x, gamma, beta, dout = numbers((4, 3)), numbers(3), numbers(3), numbers((4, 3))

    def out(x, gamma, beta):
        return student.norm.batchnorm_forward(x, gamma, beta, state, **options)[0]

    _, cache, _ = student.norm.batchnorm_forward(x, gamma, beta, state, **options)
    dx, dgamma, dbeta = student.norm.batchnorm_backward(dout, cache)
    assert_close(dx, slope(lambda value: out(value, gamma, beta), x, dout), "dx")
    assert_close(dgamma, slope(lambda value: out(x, value, beta), gamma, dout), "dgamma")
    assert_close(dbeta, slope(lambda value: out(x, gamma, value), beta, dout), "dbeta")


@task("spatial_batchnorm", part="forward")
def test_spatial_batchnorm_gives_each_channel_mean_0_and_variance_1(student, numbers):
    state = {"running_mean": np.zeros(3), "running_var": np.ones(3)}
    out, *_ = student.norm.spatial_batchnorm_forward(
        5 + 2 * numbers((2, 3, 4, 5)), np.ones(3), np.zeros(3), state, train=True, momentum=0.9, eps=1e-9
    )
    assert_close(out.mean(axis=(0, 2, 3)) + 1, np.ones(3), "the mean of each channel, plus 1")
    assert_close(out.var(axis=(0, 2, 3)), np.ones(3), "the variance of each channel")


@task("spatial_batchnorm", part="backward")
def test_spatial_batchnorm_gradient_adds_up_to_0_in_each_channel(student, numbers):
    state = {"running_mean": np.zeros(3), "running_var": np.ones(3)}
    x, gamma, dout = numbers((2, 3, 4, 5)), numbers(3), numbers((2, 3, 4, 5))
    _, cache, _ = student.norm.spatial_batchnorm_forward(
        x, gamma, np.zeros(3), state, train=True, momentum=0.9, eps=1e-5
    )
    dx, dgamma, dbeta = student.norm.spatial_batchnorm_backward(dout, cache)
    assert_close(dx.sum(axis=(0, 2, 3)) + 1, np.ones(3), "the sum of dx over each channel, plus 1")
    assert_close(dbeta, dout.sum(axis=(0, 2, 3)), "dbeta")
    assert dgamma.shape == (3,), f"dgamma has shape {dgamma.shape}; expected one number for each channel"


@task("im2col", part="forward")
def test_im2col_lays_windows_out_as_rows(student):
    x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    cols = student.im2col.im2col(x, kernel_height=2, kernel_width=2, stride=1, pad=0)
    want = np.array([[1.0, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]])
    assert_close(cols, want, "cols")


@task("im2col", part="backward")
def test_col2im_adds_where_windows_overlap(student):
    x = student.im2col.col2im(np.ones((4, 4)), (1, 1, 3, 3), kernel_height=2, kernel_width=2, stride=1, pad=0)
    assert_close(x, np.array([[[[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]]]), "x")


@task("im2col", part="forward")
def test_both_convolutions_agree(student, numbers):
    x, w, b, dout = numbers((2, 3, 5, 4)), numbers((2, 3, 3, 2)), numbers(2), numbers((2, 2, 3, 3))
    slow, slow_cache = student.conv.conv_forward(x, w, b, stride=2, pad=1)
    fast, fast_cache = student.im2col.conv_im2col_forward(x, w, b, stride=2, pad=1)
    assert_close(fast, slow, "out")
    slow_gradients = student.conv.conv_backward(dout, slow_cache)
    fast_gradients = student.im2col.conv_im2col_backward(dout, fast_cache)
    for name, fast_one, slow_one in zip(("dx", "dw", "db"), fast_gradients, slow_gradients, strict=True):
        assert_close(fast_one, slow_one, name)


@task("convnet", part="forward")
def test_convnet_starts_with_weights_of_the_right_shapes(student):
    params = student.convnet.convnet_init(**SIZES, rng=np.random.default_rng(0))
    shapes = {name: value.shape for name, value in params.items()}
    assert shapes == {
        "w1": (2, 1, 3, 3),
        "b1": (2,),
        "w2": (8, 3),
        "b2": (3,),
        "w3": (3, 4),
        "b3": (4,),
    }


@task("convnet", part="forward")
def test_convnet_that_knows_nothing_has_loss_log_of_the_classes(student, numbers):
    params = student.convnet.convnet_init(**SIZES, rng=np.random.default_rng(0))
    params["w3"] = np.zeros((3, 4))
    loss, _ = student.convnet.convnet_loss(numbers((2, 1, 4, 5)), np.array([0, 3]), params, lam=0.0)
    assert_close(loss, np.log(4.0), "loss")


@task("convnet", part="backward")
def test_convnet_gradients_are_the_slopes_of_your_loss(student, numbers):
    params = student.convnet.convnet_init(**SIZES, rng=np.random.default_rng(0))
    x, y = numbers((2, 1, 4, 5)), np.array([0, 3])
    _, gradients = student.convnet.convnet_loss(x, y, params, lam=0.5)
    for name in params:

        def loss(value, name=name):
            return student.convnet.convnet_loss(x, y, {**params, name: value}, lam=0.5)[0]

        assert_close(gradients[name], slope(loss, params[name], 1.0), f"gradients[{name}]")
