"""Public tests of a2_optimization: small numbers worked by hand, and promises that anyone can check.

They are a start, not the whole: the hidden tests take more steps, other options and other shapes, and look
at every promise of the docstrings.
"""

import numpy as np
import pytest
from studentkit import assert_close, assert_unchanged, task


@pytest.fixture
def rng():
    """Chance, the same in every run."""
    return np.random.default_rng(2)


@task("minibatches", part="cover")
def test_every_example_comes_once_with_its_label(student, rng):
    x, y = np.arange(20.0).reshape(10, 2), np.arange(10)
    batches = student.batches.minibatches(x, y, batch_size=4, rng=rng)
    assert [len(rows) for rows, _ in batches] == [4, 4, 2], "batches of 10 examples in fours: 4, 4 and 2"
    rows, labels = (np.concatenate([batch[side] for batch in batches]) for side in (0, 1))
    assert sorted(labels.tolist()) == list(range(10)), "each label should come exactly once"
    assert_close(rows, x[labels], "the examples beside their labels")


@task("minibatches", part="chance")
def test_order_is_another_in_each_epoch(student, rng):
    x = np.arange(50.0).reshape(50, 1)
    epochs = [
        np.concatenate([rows[:, 0] for rows, _ in student.batches.minibatches(x, x, batch_size=5, rng=rng)])
        for _ in range(2)
    ]
    assert not np.array_equal(*epochs), "two epochs have the same order"
    assert not np.array_equal(epochs[0], x[:, 0]), "the examples are not shuffled"


@task("minibatches", part="edge")
def test_batches_of_nothing_are_refused(student, rng):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        student.batches.minibatches(np.ones((4, 1)), np.ones(4), batch_size=0, rng=rng)


@task("minibatches", part="edge")
def test_examples_without_labels_are_refused(student, rng):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        student.batches.minibatches(np.ones((4, 1)), np.ones(3), batch_size=2, rng=rng)


@task("minibatches", part="purity")
def test_data_is_not_shuffled_in_place(student, rng):
    x, y = np.arange(20.0).reshape(20, 1), np.arange(20)
    _, after = student.batches.minibatches.watch(x, y, batch_size=4, rng=rng)
    assert_unchanged(after, (x, y), ("x", "y"))


@task("sgd", part="step")
def test_step_against_the_gradient(student):
    next_w, _ = student.optim.sgd_step(np.array([1.0, 2.0]), np.array([10.0, -10.0]), None, lr=0.1)
    assert_close(next_w, np.array([0.0, 3.0]), "next_w")


@task("sgd", part="edge")
def test_step_of_a_single_number(student):
    next_w, _ = student.optim.sgd_step(np.array(1.0), np.array(3.0), None, lr=0.5)
    assert_close(next_w, np.array(-0.5), "next_w")


def leaves_alone(step, rng, **options):
    """Whether a step keeps w, dw and the state: from one state two steps lead to the same place."""
    w, dw = rng.standard_normal((2, 4))
    (_, state), after = step.watch(w, dw, None, **options)
    assert_unchanged(after[:2], (w, dw), ("w", "dw"))
    first, second = (step(w, dw, state, **options)[0] for _ in range(2))
    assert_close(second, first, "next_w, the second time from one state")


@task("sgd", part="purity")
def test_descent_leaves_what_it_is_given_alone(student, rng):
    leaves_alone(student.optim.sgd_step, rng, lr=0.1)


@task("momentum", part="first")
def test_first_step_of_momentum(student):
    next_w, _ = student.optim.momentum_step(np.array([1.0]), np.array([2.0]), None, lr=0.1, mu=0.5)
    assert_close(next_w, np.array([0.8]), "next_w")


@task("momentum", part="path")
def test_three_steps_of_momentum(student):
    w, state = np.array([1.0]), None
    for dw, want in ((2.0, 0.8), (2.0, 0.5), (0.0, 0.35)):
        w, state = student.optim.momentum_step(w, np.array([dw]), state, lr=0.1, mu=0.5)
        assert_close(w, np.array([want]), "next_w")


@task("momentum", part="path")
def test_new_learning_rate_leaves_the_velocity_alone(student):
    w, state = student.optim.momentum_step(np.array([1.0]), np.array([2.0]), None, lr=0.1, mu=0.5)
    w, _ = student.optim.momentum_step(w, np.array([2.0]), state, lr=0.01, mu=0.5)
    assert_close(w, np.array([0.68]), "next_w after a step with a smaller rate")


@task("momentum", part="edge")
def test_no_momentum_is_plain_descent(student, rng):
    w, dw = rng.standard_normal((2, 4))
    _, state = student.optim.momentum_step(w, dw, None, lr=0.3, mu=0.0)
    next_w, _ = student.optim.momentum_step(w, dw, state, lr=0.3, mu=0.0)
    assert_close(next_w, w - 0.3 * dw, "next_w")


@task("momentum", part="purity")
def test_momentum_leaves_what_it_is_given_alone(student, rng):
    leaves_alone(student.optim.momentum_step, rng, lr=0.1)


@task("adam", part="first")
def test_first_step_of_adam_has_the_size_of_the_learning_rate(student):
    next_w, _ = student.optim.adam_step(np.array([1.0, 1.0]), np.array([4.0, -0.01]), None, lr=0.1)
    assert_close(next_w, np.array([0.9, 1.1]), "next_w", limit=1e-5)


@task("adam", part="path")
def test_two_steps_of_adam(student):
    w, state = np.array([1.0]), None
    for dw, want in ((4.0, 0.9), (0.0, 0.8328)):
        w, state = student.optim.adam_step(w, np.array([dw]), state, lr=0.1, beta1=0.9, beta2=0.99)
        assert_close(w, np.array([want]), "next_w", limit=1e-4)


@task("adam", part="decay")
def test_weight_decay_pulls_at_the_weight(student):
    next_w, _ = student.optim.adam_step(np.array([2.0]), np.array([4.0]), None, lr=0.1, weight_decay=0.5)
    assert_close(next_w, np.array([1.8]), "next_w")


@task("adam", part="edge")
def test_no_gradient_is_no_step(student):
    next_w, _ = student.optim.adam_step(np.array([2.0]), np.zeros(1), None, lr=0.1)
    assert_close(next_w, np.array([2.0]), "next_w")


@task("adam", part="edge")
def test_eps_is_added_to_the_corrected_root(student):
    next_w, _ = student.optim.adam_step(np.array([2.0]), np.array([3.0]), None, lr=0.1, eps=1.0)
    assert_close(next_w, np.array([1.925]), "next_w")


@task("adam", part="purity")
def test_adam_leaves_what_it_is_given_alone(student, rng):
    leaves_alone(student.optim.adam_step, rng, lr=0.1)


@task("schedules", part="steps")
def test_rates_of_step_decay(student):
    rates = [student.schedules.step_decay(t, lr=1.0, factor=0.1, every=3) for t in range(7)]
    assert_close(np.array(rates), np.array([1, 1, 1, 0.1, 0.1, 0.1, 0.01]), "rates")


@task("schedules", part="cosine")
def test_rates_of_cosine_decay(student):
    rates = [student.schedules.cosine_decay(t, lr=1.0, final=0.0, total=4) for t in range(4)]
    assert_close(np.array(rates), np.array([1.0, 0.853553, 0.5, 0.146447]), "rates", limit=1e-5)


@task("schedules", part="cosine")
def test_rates_of_the_warm_up(student):
    rates = [student.schedules.cosine_decay(t, lr=1.0, final=0.0, total=6, warmup=2) for t in range(3)]
    assert_close(np.array(rates), np.array([0.5, 1.0, 1.0]), "rates")


@task("schedules", part="edge")
def test_rate_after_the_end(student):
    assert_close(student.schedules.cosine_decay(9, lr=1.0, final=0.25, total=4), 0.25, "rate")


def descend(w, dw, state, *, lr):
    """Gradient descent whose state counts the steps."""
    return w - lr * dw, 1 if state is None else state + 1


def bowl(params, _, y):
    """Half the squared distance of w from the labels, mean over the batch."""
    error = params["w"] - y
    return float((error**2).mean() / 2), {"w": np.array([error.mean()])}


def train(student, rng, step=descend, **options):
    """Train one weight on the labels 1, 2, 3 and 6."""
    y = np.array([1.0, 2.0, 3.0, 6.0])
    return student.training.train({"w": np.zeros(1)}, bowl, y[:, None], y, step=step, rng=rng, **options)


@task("training", part="path")
def test_one_step_with_all_the_data(student, rng):
    params, _ = train(student, rng, lr=lambda _: 0.5, epochs=1, batch_size=4)
    assert_close(params["w"], np.array([1.5]), "w after one step")


@task("training", part="path")
def test_rate_follows_the_steps(student, rng):
    params, _ = train(student, rng, lr=lambda t: [0.5, 1.0][t], epochs=2, batch_size=4)
    assert_close(params["w"], np.array([3.0]), "w after two steps")


@task("training", part="history")
def test_history_holds_the_loss_of_each_epoch(student, rng):
    _, history = train(student, rng, lr=lambda _: 1.0, epochs=2, batch_size=4)
    assert_close(np.array(history), np.array([6.25, 1.75]), "history")


@task("training", part="history")
def test_small_batches_weigh_less(student, rng):
    _, history = train(student, rng, lr=lambda _: 0.0, epochs=1, batch_size=3)
    assert_close(np.array(history), np.array([6.25]), "history")


@task("training", part="states")
def test_state_goes_from_step_to_step(student, rng):
    states = []

    def step(w, dw, state, *, lr):
        states.append(state)
        return descend(w, dw, state, lr=lr)

    train(student, rng, step=step, lr=lambda _: 0.1, epochs=2, batch_size=2)
    assert states == [None, 1, 2, 3], f"the optimizer got the states {states}; expected None, 1, 2, 3"


@task("training", part="edge")
def test_no_epochs(student, rng):
    params, history = train(student, rng, lr=lambda _: 0.1, epochs=0, batch_size=2)
    assert_close(params["w"], np.zeros(1), "w")
    assert list(history) == []


@task("training", part="purity")
def test_first_parameters_and_data_stay(student, rng):
    params, y = {"w": np.zeros(1)}, np.array([1.0, 2.0, 3.0, 6.0])
    _, after = student.training.train.watch(
        params, bowl, y[:, None], y, step=descend, rng=rng, lr=lambda _: 0.5, epochs=1, batch_size=2
    )
    assert_unchanged((after[0]["w"], *after[2:4]), (params["w"], y[:, None], y), ("params[w]", "x", "y"))
