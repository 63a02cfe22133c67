"""Public tests of a7_frontiers: small numbers worked by hand, laws, and slopes by finite differences.

They are a start, not the whole: the hidden tests use other shapes and values (widths of one, ties, zeros,
shares that are no whole number) and look at every promise of the docstrings.
"""

import numpy as np
import pytest
from studentkit import assert_close, task

EPS = 1e-5
FLOAT64 = 1e-10  # what is off by more was not computed in float64
THIRD = np.full((1, 1), 1 / 3)
BLOCK = (
    np.array([[1.0, -2.0]]),
    np.array([[1.0, 2.0], [1.0, -1.0]]),
    np.array([0.0, 0.0]),
    np.array([[5.0, 5.0], [0.5, -1.0]]),
    np.array([0.0, 1.0]),
)


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
    return np.random.default_rng(7).standard_normal


@task("residual", part="forward")
def test_block_of_two_columns(student):
    out, _ = student.residual.residual_block_forward(*BLOCK)
    assert_close(out, np.array([[3.0, -5.0]]), "out")


@task("residual", part="backward")
def test_block_sends_the_gradient_along_both_paths(student):
    _, cache = student.residual.residual_block_forward(*BLOCK)
    dx, dW1, db1, _, _ = student.residual.residual_block_backward(np.ones((1, 2)), cache)
    assert_close(dx, np.array([[0.0, 1.5]]), "dx")
    assert_close(dW1, np.array([[0.0, -0.5], [0.0, 1.0]]), "dW1")
    assert_close(db1, np.array([0.0, -0.5]), "db1")


@task("residual", part="backward")
def test_block_gradients_are_the_slopes_of_your_forward_pass(student, numbers):
    inputs = [numbers(shape) for shape in ((4, 3), (3, 5), (5,), (5, 3), (3,))]
    dout = numbers((4, 3))
    _, cache = student.residual.residual_block_forward(*inputs)
    gradients = student.residual.residual_block_backward(dout, cache)
    for place, name in enumerate(("dx", "dW1", "db1", "dW2", "db2")):

        def out(value, place=place):
            changed = [*inputs[:place], value, *inputs[place + 1 :]]
            return student.residual.residual_block_forward(*changed)[0]

        assert_close(gradients[place], slope(out, inputs[place], dout), name)


@task("residual", part="edge")
def test_block_refuses_a_branch_of_one_column(student):
    x, W1, b1, *_ = BLOCK
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        student.residual.residual_block_forward(x, W1, b1, np.ones((2, 1)), np.ones(1))


@task("residual", part="edge")
def test_block_works_in_float64(student):
    out, _ = student.residual.residual_block_forward(THIRD, THIRD, np.zeros(1), THIRD, np.zeros(1))
    assert_close(out, np.full((1, 1), 1 / 3 + 1 / 27), "out", limit=FLOAT64)


@task("residual", part="purity")
def test_block_leaves_what_it_is_given(student):
    _, cache = leaves(student.residual.residual_block_forward, *BLOCK)
    reads_twice(student.residual.residual_block_backward, np.ones((1, 2)), cache)


@task("gradient_norms", part="plain")
def test_plain_gradient_is_halved_by_each_layer(student):
    weights = [np.array([[0.5]])] * 3
    norms = student.depth.gradient_norms(np.zeros((1, 1)), weights, np.array([[8.0]]), skip=False)
    assert_close(norms, np.array([1.0, 2.0, 4.0, 8.0]), "norms")


@task("gradient_norms", part="skip")
def test_residual_gradient_is_not(student):
    weights = [np.array([[0.5]])] * 3
    norms = student.depth.gradient_norms(np.zeros((1, 1)), weights, np.array([[8.0]]), skip=True)
    assert_close(norms, np.array([27.0, 18.0, 12.0, 8.0]), "norms")


@task("gradient_norms", part="skip")
def test_layers_of_zeros_with_skips_change_nothing(student, numbers):
    dout = np.array([[3.0, 0.0], [0.0, 4.0]])
    norms = student.depth.gradient_norms(numbers((2, 2)), [np.zeros((2, 2))] * 4, dout, skip=True)
    assert_close(norms, np.full(5, 5.0), "norms")


@task("gradient_norms", part="plain")
def test_first_norm_is_that_of_the_slope_of_the_stack(student, numbers):
    x, dout, weights = numbers((2, 3)), numbers((2, 2)), [numbers((3, 4)) / 2, numbers((4, 2)) / 2]

    def out(x):
        for W in weights:
            x = np.tanh(x @ W)
        return x

    norms = student.depth.gradient_norms(x, weights, dout, skip=False)
    assert_close(norms[0], np.linalg.norm(slope(out, x, dout)), "norms[0]", limit=1e-5)


@task("gradient_norms", part="edge")
def test_stack_of_no_layers_has_one_norm(student):
    norms = student.depth.gradient_norms(np.ones((1, 2)), [], np.array([[3.0, 4.0]]), skip=False)
    assert_close(norms, np.array([5.0]), "norms")


@task("gradient_norms", part="edge")
def test_norms_work_in_float64(student):
    norms = student.depth.gradient_norms(0 * THIRD, [THIRD], THIRD, skip=False)
    assert_close(norms, np.array([1 / 9, 1 / 3]), "norms", limit=FLOAT64)


@task("gradient_norms", part="purity")
def test_norms_leave_what_they_are_given(student, numbers):
    weights = [numbers((3, 3)), numbers((3, 3))]
    leaves(student.depth.gradient_norms, numbers((2, 3)), weights, numbers((2, 3)), skip=True)


@task("pruning", part="mask")
def test_half_of_four_weights_goes(student):
    w = np.array([[0.3, -2.0], [0.1, -0.5]])
    pruned, mask = student.compression.magnitude_prune(w, sparsity=0.5)
    assert_close(mask, np.array([[0.0, 1.0], [0.0, 1.0]]), "mask")
    assert_close(pruned, np.array([[0.0, -2.0], [0.0, -0.5]]), "pruned")


@task("pruning", part="step")
def test_pruned_weights_stay_at_zero(student):
    w, mask = np.array([[0.0, -2.0], [0.0, -0.5]]), np.array([[0.0, 1.0], [0.0, 1.0]])
    next_w = student.compression.pruned_step(w, np.ones((2, 2)), mask, lr=0.1)
    assert_close(next_w, np.array([[0.0, -2.1], [0.0, -0.6]]), "next_w")


@task("pruning", part="count")
def test_equal_weights_do_not_all_go(student):
    _, mask = student.compression.magnitude_prune(np.ones((2, 4)), sparsity=0.25)
    zeros = np.count_nonzero(mask == 0)
    assert zeros == 2, f"{zeros} of 8 equal weights are pruned at a sparsity of 0.25; expected 2"


@task("pruning", part="edge")
def test_nothing_is_pruned_at_a_sparsity_of_0(student):
    w = np.array([[0.0, -2.0], [1.0, 0.0]])
    pruned, mask = student.compression.magnitude_prune(w, sparsity=0.0)
    assert_close(mask, np.ones((2, 2)), "mask")
    assert_close(pruned, w, "pruned")


@task("pruning", part="edge")
@pytest.mark.parametrize("sparsity", [-0.5, 1.5])
def test_share_below_0_or_above_1_is_refused(student, sparsity):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        student.compression.magnitude_prune(np.ones((2, 2)), sparsity=sparsity)


@task("pruning", part="edge")
def test_pruning_works_in_float64(student):
    pruned, mask = student.compression.magnitude_prune(THIRD, sparsity=0.0)
    assert_close(pruned, THIRD, "pruned", limit=FLOAT64)
    next_w = student.compression.pruned_step(THIRD, THIRD, mask, lr=0.1)
    assert_close(next_w, 0.9 * THIRD, "next_w", limit=FLOAT64)


@task("pruning", part="purity")
def test_pruning_leaves_what_it_is_given(student):
    w = np.array([[0.3, -2.0], [0.1, -0.5]])
    _, mask = leaves(student.compression.magnitude_prune, w, sparsity=0.5)
    leaves(student.compression.pruned_step, w, np.ones((2, 2)), mask, lr=0.1)


@task("binary", part="forward")
def test_each_column_has_one_size_and_two_signs(student):
    out, _ = student.compression.binarize_forward(np.array([[0.5, -3.0], [-1.5, 1.0]]))
    assert_close(out, np.array([[1.0, -2.0], [-1.0, 2.0]]), "out")


@task("binary", part="edge")
def test_one_weight_for_each_unit_stays_as_it_is(student):
    out, _ = student.compression.binarize_forward(np.array([[0.5, -3.0, 0.0]]))
    assert_close(out, np.array([[0.5, -3.0, 0.0]]), "out")


@task("binary", part="borders")
def test_zero_counts_as_positive(student):
    out, _ = student.compression.binarize_forward(np.array([[0.0], [-4.0]]))
    assert_close(out, np.array([[2.0], [-2.0]]), "out")


@task("binary", part="backward")
def test_gradient_stops_at_large_weights(student):
    _, cache = student.compression.binarize_forward(np.array([[0.5, -3.0], [-1.5, 1.0]]))
    dw = student.compression.binarize_backward(np.array([[2.0, 4.0], [6.0, 8.0]]), cache)
    assert_close(dw, np.array([[2.0, 0.0], [0.0, 16.0]]), "dw")


@task("binary", part="edge")
def test_binary_weights_work_in_float64(student):
    out, cache = student.compression.binarize_forward(THIRD)
    assert_close(out, THIRD, "out", limit=FLOAT64)
    dw = student.compression.binarize_backward(THIRD, cache)
    assert_close(dw, THIRD**2, "dw", limit=FLOAT64)


@task("binary", part="purity")
def test_binary_weights_leave_what_they_are_given(student):
    _, cache = leaves(student.compression.binarize_forward, np.array([[0.5, -3.0], [-1.5, 1.0]]))
    reads_twice(student.compression.binarize_backward, np.array([[2.0, 4.0], [6.0, 8.0]]), cache)


IMAGE = np.array([[[[1.0]], [[2.0]]]])
NET = {
    "W1": np.array([[1.0, -1.0], [1.0, 0.0]]),
    "b1": np.zeros(2),
    "W2": np.array([[2.0, -1.0], [3.0, 4.0]]),
    "b2": np.zeros(2),
}


@task("saliency", part="gradient")
def test_gradient_of_each_score(student):
    for label, want in ((0, [2.0, 2.0]), (1, [-1.0, -1.0])):
        found = student.explain.score_gradient(IMAGE, np.array([label]), NET)
        assert_close(found, np.array(want).reshape(1, 2, 1, 1), f"the gradient of score {label}")


@task("saliency", part="map")
def test_map_has_no_negative_entry(student):
    found = student.explain.saliency_map(IMAGE, np.array([1]), NET)
    assert_close(found, np.array([[[1.0]]]), "map")


@task("saliency", part="gradient")
def test_gradient_is_the_slope_of_the_score(student, numbers):
    shapes = {"W1": (12, 5), "b1": (5,), "W2": (5, 4), "b2": (4,)}
    net = {name: numbers(shape) for name, shape in shapes.items()}
    x, y = numbers((3, 2, 2, 3)), np.array([3, 0, 2])

    def scores(x):
        hidden = np.maximum(x.reshape(3, -1) @ net["W1"] + net["b1"], 0)
        return (hidden @ net["W2"] + net["b2"])[np.arange(3), y]

    assert_close(student.explain.score_gradient(x, y, net), slope(scores, x, np.ones(3)), "gradient")


@task("saliency", part="edge")
def test_map_of_grey_images_is_the_magnitude_of_the_gradient(student, numbers):
    net = {"W1": numbers((6, 3)), "b1": numbers(3), "W2": numbers((3, 1)), "b2": numbers(1)}
    x, y = numbers((2, 1, 2, 3)), np.zeros(2, dtype=int)
    gradient = student.explain.score_gradient(x, y, net)
    assert_close(student.explain.saliency_map(x, y, net), abs(gradient[:, 0]), "map")


@task("saliency", part="edge")
@pytest.mark.parametrize("dtype", ["uint8", "int64"])
def test_classes_of_any_integer_type(student, dtype):
    found = student.explain.score_gradient(
        IMAGE / 3, np.array([1], dtype=dtype), {**NET, "W1": NET["W1"] / 3}
    )
    assert_close(found, np.full((1, 2, 1, 1), -1 / 3), "gradient", limit=FLOAT64)


@task("saliency", part="purity")
def test_saliency_leaves_what_it_is_given(student):
    leaves(student.explain.saliency_map, IMAGE, np.array([1]), NET)


@task("integrated_gradients", part="attribution")
def test_attributions_of_two_steps(student):
    found = student.explain.integrated_gradients(
        lambda v: np.array([2 * v[0], 3.0]), np.array([2.0, 1.0]), np.zeros(2), steps=2
    )
    assert_close(found, np.array([4.0, 3.0]), "attributions")


@task("integrated_gradients", part="completeness")
def test_attributions_add_up(student, numbers):
    x, baseline = numbers(5), numbers(5)
    found = student.explain.integrated_gradients(lambda v: 2 * v, x, baseline, steps=4)
    assert_close(found.sum(), (x**2).sum() - (baseline**2).sum(), "the sum of the attributions")


@task("integrated_gradients", part="edge")
def test_no_steps_are_refused(student):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is yours to choose
        student.explain.integrated_gradients(lambda v: v, np.ones(2), np.zeros(2), steps=0)


@task("integrated_gradients", part="edge")
def test_attributions_work_in_float64(student):
    found = student.explain.integrated_gradients(lambda v: v, np.array([1 / 3]), np.zeros(1), steps=1)
    assert_close(found, np.array([1 / 18]), "attributions", limit=FLOAT64)


@task("integrated_gradients", part="purity")
def test_attributions_leave_what_they_are_given(student, numbers):
    leaves(student.explain.integrated_gradients, lambda v: v, numbers(3), numbers(3), steps=3)


TABLE = np.array([[1.0, 4.0], [6.0, 3.0]])


@task("q_learning", part="update")
@pytest.mark.parametrize(("done", "want"), [(False, 5.7), (True, 3.0)])
def test_one_value_moves_towards_its_target(student, done, want):
    next_q = student.reinforcement.q_update(TABLE, 0, 1, 2.0, 1, done, lr=0.5, gamma=0.9)
    assert_close(next_q, np.array([[1.0, want], [6.0, 3.0]]), "next_q")


@task("q_learning", part="exploration", judges="the best")
def test_best_action_is_chosen_at_epsilon_0(student):
    values, rng = np.array([-3.0, -1.0, -2.0]), np.random.default_rng(0)
    assert [student.reinforcement.epsilon_greedy(values, epsilon=0.0, rng=rng) for _ in range(20)] == [1] * 20


@task("q_learning", part="exploration", judges="chance")
def test_every_action_is_tried_at_epsilon_1(student):
    values, rng = np.array([0.0, 5.0, 0.0]), np.random.default_rng(0)
    chosen = {student.reinforcement.epsilon_greedy(values, epsilon=1.0, rng=rng) for _ in range(200)}
    assert chosen == {0, 1, 2}


@task("q_learning", part="learning")
def test_goal_next_door_is_found(student):
    world = student.gridworld.GridWorld((".G",), cost=0.1)
    q = student.reinforcement.q_learning(
        world, episodes=300, max_steps=5, lr=0.9, gamma=0.5, epsilon=0.8, rng=np.random.default_rng(0)
    )
    assert_close(q, np.array([[0.35, 0.9, 0.35, 0.35], [0, 0, 0, 0]]), "q")


@task("q_learning", part="edge")
def test_value_of_one_action(student):
    next_q = student.reinforcement.q_update(np.array([[1.0], [2.0]]), 1, 0, 0.0, 0, False, lr=0.5, gamma=0.5)
    assert_close(next_q, np.array([[1.0], [1.25]]), "next_q")


@task("q_learning", part="edge")
def test_update_works_in_float64(student):
    next_q = student.reinforcement.q_update(THIRD, 0, 0, 0.0, 0, True, lr=0.5, gamma=0.9)
    assert_close(next_q, THIRD / 2, "next_q", limit=FLOAT64)


@task("q_learning", part="purity")
def test_update_leaves_what_it_is_given(student):
    leaves(student.reinforcement.q_update, TABLE, 0, 1, 2.0, 1, False, lr=0.5, gamma=0.9)


@task("reinforce", part="returns")
def test_returns_of_three_steps(student):
    returns = student.reinforcement.discounted_returns(np.array([1.0, 0.0, 2.0]), gamma=0.5)
    assert_close(returns, np.array([1.5, 1.0, 2.0]), "returns")


@task("reinforce", part="gradient")
def test_rewarded_action_becomes_likelier(student):
    loss, dtheta = student.reinforcement.policy_gradient_loss(
        np.zeros((1, 2)), np.array([0]), np.array([0]), np.array([2.0])
    )
    assert_close(loss, 2 * np.log(2), "loss")
    assert_close(dtheta, np.array([[-1.0, 1.0]]), "dtheta")


@task("reinforce", part="gradient")
def test_gradient_is_the_slope_of_your_loss(student, numbers):
    theta, advantages = numbers((3, 4)), numbers(5)
    states, actions = np.array([0, 2, 2, 1, 2]), np.array([3, 0, 0, 1, 2])

    def loss(theta):
        return student.reinforcement.policy_gradient_loss(theta, states, actions, advantages)[0]

    _, dtheta = student.reinforcement.policy_gradient_loss(theta, states, actions, advantages)
    assert_close(dtheta, slope(loss, theta, 1.0), "dtheta")


@task("reinforce", part="edge")
def test_walk_of_one_step_returns_its_reward(student):
    assert_close(
        student.reinforcement.discounted_returns(np.array([3.0]), gamma=0.5), np.array([3.0]), "returns"
    )


@task("reinforce", part="edge")
@pytest.mark.parametrize("dtype", ["uint8", "int64"])
def test_states_and_actions_of_any_integer_type(student, dtype):
    states, actions = np.array([99, 99], dtype=dtype), np.array([0, 2], dtype=dtype)
    loss, dtheta = student.reinforcement.policy_gradient_loss(np.zeros((100, 3)), states, actions, np.ones(2))
    assert_close(loss, np.log(3), "loss", limit=FLOAT64)
    assert_close(dtheta[99], np.array([-1 / 6, 1 / 3, -1 / 6]), "dtheta of the last state", limit=FLOAT64)


@task("reinforce", part="purity")
def test_policy_gradient_leaves_what_it_is_given(student, numbers):
    steps = np.array([0, 2]), np.array([3, 0]), numbers(2)
    leaves(student.reinforcement.policy_gradient_loss, numbers((3, 4)), *steps)
