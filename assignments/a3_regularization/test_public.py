"""Public tests of a3_regularization: small numbers worked by hand, and promises that anyone can check.

They are a start, not the whole: the hidden tests look at how chance is used, at other shapes and values,
and at every promise of the docstrings.
"""

import math

import numpy as np
import pytest
from studentkit import assert_close, assert_unchanged, task

W = np.array([3.0, -1.0, 0.0])


@pytest.fixture
def rng():
    """Chance, the same in every run."""
    return np.random.default_rng(3)


@task("penalties", part="l2")
def test_l2_penalty_of_three_weights(student):
    penalty, dw = student.penalties.l2_penalty(W, strength=2.0)
    assert_close(penalty, 10.0, "penalty")
    assert_close(dw, np.array([6.0, -2.0, 0.0]), "dw")


@task("penalties", part="l1")
def test_l1_penalty_of_three_weights(student):
    penalty, dw = student.penalties.l1_penalty(W, strength=2.0)
    assert_close(penalty, 8.0, "penalty")
    assert_close(dw, np.array([2.0, -2.0, 0.0]), "dw")


@task("penalties", part="loss")
def test_weights_are_penalized_and_biases_are_not(student):
    params = {"W": np.array([[2.0]]), "b": np.array([7.0])}
    gradients = {"W": np.array([[1.0]]), "b": np.array([1.0])}
    loss, total = student.penalties.add_penalties(5.0, gradients, params, l1=0.0, l2=3.0)
    assert_close(loss, 11.0, "loss")
    assert_close(total["W"], np.array([[7.0]]), "gradients[W]")
    assert_close(total["b"], np.array([1.0]), "gradients[b]")


@task("penalties", part="edge")
def test_strength_0_costs_nothing(student):
    penalty, dw = student.penalties.l2_penalty(W, strength=0.0)
    assert_close(penalty, 0.0, "penalty")
    assert_close(dw, np.zeros(3), "dw")


@task("penalties", part="purity")
def test_penalties_leave_what_they_are_given_alone(student):
    _, after = student.penalties.l1_penalty.watch(W, strength=2.0)
    assert_unchanged(after, [W], ["w"])
    params, gradients = {"W": np.array([[2.0]])}, {"W": np.array([[1.0]])}
    _, after = student.penalties.add_penalties.watch(5.0, gradients, params, l1=1.0, l2=3.0)
    names = ("gradients[W]", "params[W]")
    assert_unchanged((after[1]["W"], after[2]["W"]), (gradients["W"], params["W"]), names)


@task("dropout", part="train")
def test_entries_are_dropped_or_divided_by_p(student, rng):
    x = np.full((50, 60), 3.0)
    out, _ = student.dropout.dropout_forward(x, p=0.75, train=True, rng=rng)
    assert out.shape == x.shape
    assert set(np.round(np.unique(out), 9)) == {0.0, 4.0}, "each entry of out should be 0 or x / p"
    share = np.mean(out != 0)
    assert 0.7 < share < 0.8, f"{share:.0%} of the entries are kept; expected about 75 %"


@task("dropout", part="train")
def test_two_calls_drop_different_entries(student, rng):
    x = np.ones((20, 20))
    one, two = (student.dropout.dropout_forward(x, p=0.5, train=True, rng=rng)[0] for _ in range(2))
    same = np.array_equal(one, two)
    assert not same, "two calls drop the same entries: is a seed set inside?"


@task("dropout", part="test")
def test_nothing_happens_in_testing(student, rng):
    x = rng.standard_normal((4, 5))
    out, _ = student.dropout.dropout_forward(x, p=0.25, train=False, rng=rng)
    assert_close(out, x, "out in testing")


@task("dropout", part="backward")
def test_gradient_passes_where_the_entry_was_kept(student, rng):
    x, dout = np.ones((6, 7)), rng.standard_normal((6, 7))
    out, cache = student.dropout.dropout_forward(x, p=0.5, train=True, rng=rng)
    assert_close(student.dropout.dropout_backward(dout, cache), dout * out, "dx")


@task("dropout", part="edge")
def test_keeping_nothing_is_refused(student, rng):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        student.dropout.dropout_forward(np.ones(3), p=0.0, train=True, rng=rng)


@task("dropout", part="purity")
def test_dropout_leaves_what_it_is_given_alone(student, rng):
    x, dout = np.ones((6, 7)), rng.standard_normal((6, 7))
    (_, cache), after = student.dropout.dropout_forward.watch(x, p=0.5, train=True, rng=rng)
    assert_unchanged(after, [x], ["x"])
    _, after = student.dropout.dropout_backward.watch(dout, cache)
    assert_unchanged(after[:1], [dout], ["dout"])


@task("augment", part="flip")
def test_images_are_mirrored_or_left(student, rng):
    x = np.arange(240.0).reshape(20, 2, 2, 3)
    found = student.augment.random_flip(x, rng=rng)
    mirrored = [np.array_equal(a, b[:, :, ::-1]) for a, b in zip(found, x, strict=True)]
    left = [np.array_equal(a, b) for a, b in zip(found, x, strict=True)]
    assert all(a or b for a, b in zip(mirrored, left, strict=True)), "an image is neither mirrored nor left"
    assert any(mirrored), "no image of 20 is mirrored"
    assert any(left), "every image of 20 is mirrored"


@task("augment", part="crop")
def test_windows_of_a_row_of_three(student, rng):
    x = np.tile(np.array([1.0, 2.0, 3.0]), (60, 1, 1, 1))
    found = {tuple(map(int, image.ravel())) for image in student.augment.random_crop(x, pad=1, rng=rng)}
    want = {(0, 0, 0), (0, 1, 2), (1, 2, 3), (2, 3, 0)}
    assert found == want, f"windows of (1, 2, 3) are {sorted(found)}; expected {sorted(want)}"


@task("augment", part="normalize")
def test_statistics_and_their_use(student):
    mean, std = student.augment.channel_statistics(np.array([1.0, 1.0, 3.0, 3.0]).reshape(2, 1, 1, 2))
    assert_close(mean, np.array([2.0]), "mean")
    assert_close(std, np.array([1.0]), "std")
    out = student.augment.normalize(np.full((1, 1, 1, 1), 7.0), np.array([2.0]), np.array([1.0]))
    assert_close(out, np.full((1, 1, 1, 1), 5.0), "out")


@task("augment", part="edge")
def test_channel_of_one_colour(student):
    out = student.augment.normalize(np.full((2, 1, 1, 2), 4.0), np.array([3.0]), np.array([0.0]))
    assert_close(out, np.ones((2, 1, 1, 2)), "out")


@task("augment", part="purity")
def test_images_are_left_alone(student, rng):
    x, mean, std = rng.standard_normal((20, 1, 2, 3)), np.array([1.0]), np.array([0.0])
    _, after = student.augment.random_flip.watch(x, rng=rng)
    assert_unchanged(after, [x], ["x"])
    _, after = student.augment.random_crop.watch(x, pad=1, rng=rng)
    assert_unchanged(after, [x], ["x"])
    _, after = student.augment.normalize.watch(x, mean, std)
    assert_unchanged(after, (x, mean, std), ("x", "mean", "std"))


def tell(student, values, **options):
    """A stopper that heard these values, and what it said each time."""
    stopper = student.stopping.EarlyStopping(**options)
    said = [stopper.update(value, {"w": np.array([float(i)])}) for i, value in enumerate(values)]
    return stopper, said


@task("stopping", part="stop")
def test_story_of_the_handout(student):
    stopper, said = tell(student, [5.0, 3.0, 2.95, 2.95], patience=2, min_delta=0.1)
    assert said == [False, False, False, True], f"update said {said}; stop only in the fourth epoch"
    assert stopper.best_value == 3.0
    assert stopper.best_epoch == 1
    assert stopper.epochs == 4


@task("stopping", part="best")
def test_best_parameters_are_kept(student):
    stopper, _ = tell(student, [5.0, 3.0, 4.0], patience=5)
    assert_close(stopper.best_params["w"], np.array([1.0]), "best_params[w]")


@task("stopping", part="best")
def test_best_parameters_stay_when_training_goes_on_in_place(student):
    stopper = student.stopping.EarlyStopping(patience=5)
    values = iter([2.0, 1.0, 3.0])
    student.fitting.fit(
        {"w": np.zeros(1)}, lambda _: {"w": -np.ones(1)}, lambda _: next(values), stopper, lr=1.0, epochs=3
    )
    assert_close(stopper.best_params["w"], np.array([2.0]), "best_params[w]")


@task("stopping", part="edge")
def test_not_a_number_is_not_better(student):
    stopper, said = tell(student, [5.0, math.nan], patience=1)
    assert said == [False, True]
    assert stopper.best_value == 5.0
