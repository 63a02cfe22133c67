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
SIZES = {"channels": 1, "height": 4, "width": 6, "filters": 2, "kernel": 3, "hidden": 3, "classes": 4}
FLOAT64 = 1e-10  # what is off by more was not computed in float64


def slope(f, x, dout):
    """Gradient of the sum of f(x) · dout with respect to x, by central differences."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(*x.shape):
        step = np.zeros_like(x)
        step[place] = EPS
        gradient[place] = np.sum((f(x + step) - f(x - step)) * dout) / (2 * EPS)
    return gradient


def leaves(function, *given, **options):
    """What a call gives, where it leaves all arrays that it is given as they were."""
    found, left = function.watch(*given, **options)
    for place, pair in enumerate(zip(arrays_in(left), arrays_in(given), strict=True)):
        assert np.array_equal(*pair), f"array {place} of those that the function was given is another now"
    return found


def arrays_in(given):
    """All arrays, in order; a cache is yours and is not looked into."""
    if isinstance(given, np.ndarray):
        return [given]
    values = given.values() if isinstance(given, dict) else given if isinstance(given, list | tuple) else []
    return [array for value in values for array in arrays_in(value)]


def reads_twice(backward, *given):
    """Check that a second call of a backward pass, with the same cache, gives the same."""
    once = leaves(backward, *given)
    both = zip(once, backward(*given), strict=True) if type(once) is tuple else [(once, backward(*given))]
    for place, (first, second) in enumerate(both):
        assert_close(second, first, f"gradient {place} of a second call with the same cache")


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
    x = np.arange(1.0, 9.0).reshape(1, 1, 2, 4)
    w = np.array([[[[1.0, 0.0], [0.0, 2.0]]]])
    out, _ = student.conv.conv_forward(x, w, np.zeros(1), stride=2, pad=1)
    assert_close(out, np.array([[[[2.0, 6.0, 0.0], [0.0, 6.0, 8.0]]]]), "out")


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


@task("conv", part="edge")
def test_conv_does_not_read_what_is_left_over(student):
    x = np.arange(1.0, 6.0).reshape(1, 1, 1, 5)
    x = np.concatenate([x, 10 * x, 100 * x], axis=2)
    w = np.array([[[[1.0, 2.0]]]])
    out, cache = student.conv.conv_forward(x, w, np.zeros(1), stride=2, pad=0)
    assert_close(out, np.array([[[[5.0, 11.0], [500.0, 1100.0]]]]), "out")
    dx, _, _ = student.conv.conv_backward(np.ones((1, 1, 2, 2)), cache)
    row = np.array([1.0, 2.0, 1.0, 2.0, 0.0])
    assert_close(dx, np.array([[[row, 0 * row, row]]]), "dx")


@task("conv", part="edge")
def test_conv_of_float64_is_computed_in_float64(student):
    third = np.full((1, 1, 2, 2), 1 / 3)
    out, _ = student.conv.conv_forward(third, third, np.zeros(1), stride=1, pad=0)
    assert_close(out, np.array([[[[4 / 9]]]]), "out", limit=FLOAT64)


@task("conv", part="purity")
def test_conv_leaves_what_it_is_given(student, numbers):
    x, w, b, dout = numbers((2, 2, 4, 3)), numbers((3, 2, 3, 3)), numbers(3), numbers((2, 3, 4, 3))
    _, cache = leaves(student.conv.conv_forward, x, w, b, stride=1, pad=1)
    reads_twice(student.conv.conv_backward, dout, cache)


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


@task("max_pool", part="edge")
def test_max_pool_of_windows_that_overlap_and_leave_a_rest(student):
    x = np.array([[[[0.0, 1.0, 5.0, 2.0, 3.0, 9.0]]]])
    out, cache = student.pool.max_pool_forward(x, pool_height=1, pool_width=3, stride=2)
    assert_close(out, np.array([[[[5.0, 5.0]]]]), "out")
    dx = student.pool.max_pool_backward(np.array([[[[1.0, 10.0]]]]), cache)
    assert_close(dx, np.array([[[[0.0, 0.0, 11.0, 0.0, 0.0, 0.0]]]]), "dx")


@task("max_pool", part="edge")
def test_max_pool_has_one_winner_for_each_window(student):
    _, cache = student.pool.max_pool_forward(np.ones((1, 1, 2, 2)), pool_height=2, pool_width=2, stride=2)
    dx = student.pool.max_pool_backward(np.array([[[[3.0]]]]), cache)
    assert sorted(dx.ravel()) == [0.0, 0.0, 0.0, 3.0], "one of the tied entries takes the whole gradient"


@task("max_pool", part="edge")
def test_max_pool_refuses_a_window_that_does_not_fit(student):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        student.pool.max_pool_forward(np.ones((1, 1, 2, 2)), pool_height=3, pool_width=1, stride=1)


@task("max_pool", part="edge")
def test_max_pool_of_float64_is_computed_in_float64(student):
    out, _ = student.pool.max_pool_forward(
        np.full((1, 1, 2, 2), 1 / 3), pool_height=2, pool_width=2, stride=2
    )
    assert_close(out, np.array([[[[1 / 3]]]]), "out", limit=FLOAT64)


@task("max_pool", part="purity")
def test_max_pool_leaves_what_it_is_given(student, numbers):
    sizes = {"pool_height": 2, "pool_width": 2, "stride": 2}
    _, cache = leaves(student.pool.max_pool_forward, numbers((2, 2, 4, 6)), **sizes)
    reads_twice(student.pool.max_pool_backward, numbers((2, 2, 2, 3)), cache)


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


@task("batchnorm", part="edge")
def test_batchnorm_of_a_feature_that_never_varies_is_beta(student):
    x, gamma, beta = np.array([[2.0], [2.0]]), np.array([4.0]), np.array([1 / 3])
    out, *_ = student.norm.batchnorm_forward(x, gamma, beta, STATE, train=True, momentum=0.75, eps=3.0)
    assert_close(out, np.array([[1 / 3], [1 / 3]]), "out", limit=FLOAT64)


@task("batchnorm", part="purity")
@pytest.mark.parametrize("train", [True, False], ids=["training", "testing"])
def test_batchnorm_leaves_what_it_is_given(student, numbers, train):
    state = {"running_mean": numbers(3), "running_var": np.ones(3)}
    given = [numbers((4, 3)), numbers(3), numbers(3), state]
    leaves(student.norm.batchnorm_forward, *given, train=train, momentum=0.9, eps=1e-3)


@task("batchnorm", part="purity")
def test_batchnorm_backward_leaves_what_it_is_given(student, numbers):
    given = [
        numbers((4, 3)),
        numbers(3),
        numbers(3),
        {"running_mean": np.zeros(3), "running_var": np.ones(3)},
    ]
    _, cache, _ = student.norm.batchnorm_forward(*given, train=True, momentum=0.9, eps=1e-3)
    reads_twice(student.norm.batchnorm_backward, numbers((4, 3)), cache)


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


@task("spatial_batchnorm", part="forward")
def test_spatial_batchnorm_keeps_one_average_for_each_channel(student, numbers):
    state = {"running_mean": np.zeros(3), "running_var": np.ones(3)}
    x = numbers((2, 3, 4, 5))
    *_, moved = student.norm.spatial_batchnorm_forward(
        x, np.ones(3), np.zeros(3), state, train=True, momentum=0.75, eps=1e-5
    )
    assert_close(moved["running_mean"], 0.25 * x.mean(axis=(0, 2, 3)), "running_mean")
    assert_close(moved["running_var"], 0.75 + 0.25 * x.var(axis=(0, 2, 3)), "running_var")


@task("spatial_batchnorm", part="edge")
def test_spatial_batchnorm_of_float64_is_computed_in_float64(student):
    state = {"running_mean": np.full(1, 1 / 3), "running_var": np.ones(1)}
    x, gamma, beta = np.full((1, 1, 2, 2), 2 / 3), np.ones(1), np.zeros(1)
    out, *_ = student.norm.spatial_batchnorm_forward(
        x, gamma, beta, state, train=False, momentum=0.9, eps=3.0
    )
    assert_close(out, np.full((1, 1, 2, 2), 1 / 6), "out", limit=FLOAT64)


@task("spatial_batchnorm", part="purity")
def test_spatial_batchnorm_leaves_what_it_is_given(student, numbers):
    state = {"running_mean": np.zeros(3), "running_var": np.ones(3)}
    given = [numbers((2, 3, 4, 5)), numbers(3), numbers(3), state]
    forward = student.norm.spatial_batchnorm_forward
    _, cache, _ = leaves(forward, *given, train=True, momentum=0.9, eps=1e-5)
    reads_twice(student.norm.spatial_batchnorm_backward, numbers((2, 3, 4, 5)), cache)


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


@task("im2col", part="edge")
def test_im2col_refuses_a_window_that_does_not_fit(student):
    x, w = np.ones((1, 1, 2, 2)), np.ones((1, 1, 3, 3))
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        student.im2col.im2col(x, kernel_height=3, kernel_width=3, stride=1, pad=0)
    with pytest.raises(ValueError):  # noqa: PT011
        student.im2col.conv_im2col_forward(x, w, np.ones(1), stride=1, pad=0)


@task("im2col", part="edge")
def test_im2col_does_not_read_what_is_left_over(student):
    x = np.arange(1.0, 6.0).reshape(1, 1, 1, 5) / 3
    cols = student.im2col.im2col(x, kernel_height=1, kernel_width=2, stride=2, pad=0)
    assert_close(cols, np.array([[1 / 3, 2 / 3], [1.0, 4 / 3]]), "cols", limit=FLOAT64)


@task("im2col", part="purity")
def test_im2col_leaves_what_it_is_given(student, numbers):
    x, w, b, dout = numbers((2, 2, 4, 3)), numbers((3, 2, 3, 3)), numbers(3), numbers((2, 3, 4, 3))
    _, cache = leaves(student.im2col.conv_im2col_forward, x, w, b, stride=1, pad=1)
    reads_twice(student.im2col.conv_im2col_backward, dout, cache)


@task("convnet", part="forward")
def test_convnet_starts_with_weights_of_the_right_shapes(student):
    params = student.convnet.convnet_init(**SIZES, rng=np.random.default_rng(0))
    shapes = {name: value.shape for name, value in params.items()}
    assert shapes == {
        "w1": (2, 1, 3, 3),
        "b1": (2,),
        "w2": (12, 3),
        "b2": (3,),
        "w3": (3, 4),
        "b3": (4,),
    }


@task("convnet", part="forward")
def test_convnet_that_knows_nothing_has_loss_log_of_the_classes(student, numbers):
    params = student.convnet.convnet_init(**SIZES, rng=np.random.default_rng(0))
    params["w3"] = np.zeros((3, 4))
    loss, _ = student.convnet.convnet_loss(numbers((2, 1, 4, 6)), np.array([0, 3]), params, lam=0.0)
    assert_close(loss, np.log(4.0), "loss")


@task("convnet", part="backward")
def test_convnet_gradients_are_the_slopes_of_your_loss(student, numbers):
    params = student.convnet.convnet_init(**SIZES, rng=np.random.default_rng(0))
    x, y = numbers((2, 1, 4, 6)), np.array([0, 3])
    _, gradients = student.convnet.convnet_loss(x, y, params, lam=0.5)
    for name in params:

        def loss(value, name=name):
            return student.convnet.convnet_loss(x, y, {**params, name: value}, lam=0.5)[0]

        assert_close(gradients[name], slope(loss, params[name], 1.0), f"gradients[{name}]")


@task("convnet", part="edge")
def test_convnet_of_images_whose_sides_are_odd(student, numbers):
    params = student.convnet.convnet_init(**{**SIZES, "height": 5, "width": 3}, rng=np.random.default_rng(0))
    assert params["w2"].shape == (4, 3), f"w2 has shape {params['w2'].shape}; expected (4, 3)"
    scores, _ = student.convnet.convnet_forward(numbers((2, 1, 5, 3)), params)
    assert scores.shape == (2, 4), f"scores have shape {scores.shape}; expected (2, 4)"


@task("convnet", part="edge")
def test_convnet_takes_classes_of_any_integer_type(student, numbers):
    params = student.convnet.convnet_init(**SIZES, rng=np.random.default_rng(0))
    x, y = numbers((2, 1, 4, 6)), np.array([0, 3])
    wide, _ = student.convnet.convnet_loss(x, y, params, lam=0.5)
    narrow, _ = student.convnet.convnet_loss(x, y.astype(np.uint8), params, lam=0.5)
    assert_close(narrow, wide, "loss of classes in uint8", limit=FLOAT64)


@task("convnet", part="edge")
def test_convnet_works_in_float64(student, numbers):
    params = student.convnet.convnet_init(**SIZES, rng=np.random.default_rng(0))
    _, gradients = student.convnet.convnet_loss(numbers((2, 1, 4, 6)), np.array([0, 3]), params, lam=0.5)
    kinds = {str(each.dtype) for each in (*params.values(), *gradients.values())}
    assert kinds == {"float64"}, f"weights and gradients are {', '.join(sorted(kinds))}; expected float64"


@task("convnet", part="purity")
def test_convnet_leaves_what_it_is_given(student, numbers):
    params = student.convnet.convnet_init(**SIZES, rng=np.random.default_rng(0))
    leaves(student.convnet.convnet_loss, numbers((2, 1, 4, 6)), np.array([0, 3]), params, lam=0.5)
