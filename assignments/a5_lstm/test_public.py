"""Public tests of a5_lstm: small numbers worked by hand, and slopes measured by finite differences.

They are a start, not the whole: the hidden tests use other shapes (one step, one sequence, one unit), gates
of any size and sequences of other lengths, and look at every promise of the docstrings. A slope measured
here only shows that your backward pass fits your own forward pass.
"""

import numpy as np
import pytest
from studentkit import assert_close, task

EPS = 1e-5
FLOAT64 = 1e-10  # what is off by more was not computed in float64


def slope(f, x, dout):
    """Gradient of the sum of f(x) · dout with respect to x, by central differences."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(*x.shape):
        step = np.zeros_like(x)
        step[place] = EPS
        gradient[place] = np.sum((f(x + step) - f(x - step)) * dout) / (2 * EPS)
    return gradient


def check_slopes(forward, gradients, inputs, dout, names):
    """Compare each gradient with the slope of the first output."""
    for place, (name, gradient) in enumerate(zip(names, gradients, strict=True)):

        def out(value, place=place):
            return forward(*inputs[:place], value, *inputs[place + 1 :])[0]

        assert_close(gradient, slope(out, inputs[place], dout), name)


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
    return np.random.default_rng(5).standard_normal


@pytest.fixture
def rng():
    """Chance, the same in every run."""
    return np.random.default_rng(5)


ONE = np.ones((1, 1))
TALE = (np.array([[[1.0], [0.0]]]), np.zeros((1, 1)), ONE, 0.5 * ONE, np.zeros(1))


@task("rnn", part="forward")
def test_state_remembers(student):
    h, _ = student.rnn.rnn_forward(*TALE)
    assert_close(h, np.array([[[0.761594], [0.363399]]]), "h", limit=1e-5)


@task("rnn", part="backward")
def test_gradient_goes_back_through_time(student):
    _, cache = student.rnn.rnn_forward(*TALE)
    dx, _, _, dWh, _ = student.rnn.rnn_backward(np.array([[[0.0], [1.0]]]), cache)
    assert_close(dx[0, 0], np.array([0.182246]), "dx of the first step", limit=1e-4)
    assert_close(dWh, np.array([[0.661027]]), "dWh", limit=1e-4)


@task("rnn", part="backward")
def test_gradients_of_a_recurrent_step_are_slopes(student, numbers):
    inputs = [numbers(shape) for shape in ((2, 3), (2, 4), (3, 4), (4, 4), (4,))]
    dout = numbers((2, 4))
    forward = student.rnn.rnn_step_forward
    gradients = student.rnn.rnn_step_backward(dout, forward(*inputs)[1])
    check_slopes(forward, gradients, inputs, dout, ("dx", "dprev_h", "dWx", "dWh", "db"))


@task("rnn", part="backward")
def test_gradients_of_a_recurrent_sequence_are_slopes(student, numbers):
    inputs = [numbers(shape) for shape in ((2, 3, 2), (2, 4), (2, 4), (4, 4), (4,))]
    dh = numbers((2, 3, 4))
    forward = student.rnn.rnn_forward
    gradients = student.rnn.rnn_backward(dh, forward(*inputs)[1])
    check_slopes(forward, gradients, inputs, dh, ("dx", "dh0", "dWx", "dWh", "db"))


@task("rnn", part="edge")
def test_sequence_of_one_step_is_a_step(student, numbers):
    x, h0, Wx, Wh, b = (numbers(shape) for shape in ((2, 1, 3), (2, 4), (3, 4), (4, 4), (4,)))
    h, _ = student.rnn.rnn_forward(x, h0, Wx, Wh, b)
    assert_close(h[:, 0], student.rnn.rnn_step_forward(x[:, 0], h0, Wx, Wh, b)[0], "h")


@task("rnn", part="edge")
def test_recurrent_layer_works_in_float64(student):
    third = np.full((1, 1, 1), 1 / 3)
    h, _ = student.rnn.rnn_forward(third, third[0], third[0], third[0], np.zeros(1))
    assert_close(h, np.array([[[np.tanh(2 / 9)]]]), "h", limit=FLOAT64)


@task("rnn", part="purity")
def test_recurrent_layer_leaves_what_it_is_given(student, numbers):
    _, cache = leaves(student.rnn.rnn_forward, *map(numbers, ((2, 3, 2), (2, 4), (2, 4), (4, 4), (4,))))
    reads_twice(student.rnn.rnn_backward, numbers((2, 3, 4)), cache)


@task("embedding", part="forward")
def test_vectors_of_three_tokens(student):
    out, _ = student.embedding.embedding_forward(np.array([[0, 2, 0]]), np.array([[1.0], [2.0], [3.0]]))
    assert_close(out, np.array([[[1.0], [3.0], [1.0]]]), "out")


@task("embedding", part="backward")
def test_gradients_of_a_repeated_token_add_up(student):
    _, cache = student.embedding.embedding_forward(np.array([[0, 2, 0]]), np.zeros((3, 1)))
    dW = student.embedding.embedding_backward(np.array([[[1.0], [10.0], [100.0]]]), cache)
    assert_close(dW, np.array([[101.0], [0.0], [10.0]]), "dW")


@task("embedding", part="edge")
def test_table_of_one_token(student):
    _, cache = student.embedding.embedding_forward(np.array([[0], [0]]), np.ones((1, 2)))
    dW = student.embedding.embedding_backward(np.ones((2, 1, 2)), cache)
    assert_close(dW, np.array([[2.0, 2.0]]), "dW")


@task("embedding", part="edge")
@pytest.mark.parametrize("dtype", ["uint8", "int64"])
def test_tokens_of_any_integer_type(student, dtype):
    tokens = np.array([[99, 1, 99]], dtype=dtype)
    out, cache = student.embedding.embedding_forward(tokens, np.arange(300.0).reshape(100, 3) / 7)
    assert_close(out[0, 0], np.array([297.0, 298.0, 299.0]) / 7, "out", limit=FLOAT64)
    dW = student.embedding.embedding_backward(np.ones((1, 3, 3)), cache)
    assert_close(dW[[1, 99]], np.array([[1.0] * 3, [2.0] * 3]), "dW of the two tokens")


@task("embedding", part="purity")
def test_embedding_leaves_what_it_is_given(student, numbers):
    _, cache = leaves(student.embedding.embedding_forward, np.array([[0, 2, 0]]), numbers((3, 2)))
    reads_twice(student.embedding.embedding_backward, numbers((1, 3, 2)), cache)


STEP = (ONE, 0 * ONE, 2 * ONE, np.array([[0.0, 0.0, 0.0, 1.0]]), np.zeros((1, 4)), np.zeros(4))


@task("lstm_step", part="forward")
def test_gates_of_one_half(student):
    next_h, next_c, _ = student.lstm.lstm_step_forward(*STEP)
    assert_close(next_c, np.array([[1.380797]]), "next_c", limit=1e-5)
    assert_close(next_h, np.array([[0.440565]]), "next_h", limit=1e-5)


@task("lstm_step", part="forward")
@pytest.mark.parametrize(
    ("open_gates", "want_h", "want_c"),
    [("f", 0.0, 2.0), ("o", 0.0, 0.0), ("fo", 0.964028, 2.0), ("io", 0.642015, 0.761594)],
)
def test_each_gate_has_its_place(student, open_gates, want_h, want_c):
    b = np.array([1000.0 if gate in open_gates else -1000.0 for gate in "ifo"] + [0.0])
    next_h, next_c, _ = student.lstm.lstm_step_forward(*STEP[:5], b)
    assert_close(next_c, np.array([[want_c]]), f"next_c with only {open_gates} open", limit=1e-5)
    assert_close(next_h, np.array([[want_h]]), f"next_h with only {open_gates} open", limit=1e-5)


@task("lstm_step", part="backward")
def test_gradients_of_the_worked_example(student):
    *_, cache = student.lstm.lstm_step_forward(*STEP)
    _, _, dprev_c, _, _, db = student.lstm.lstm_step_backward(ONE, 0 * ONE, cache)
    assert_close(dprev_c, np.array([[0.055899]]), "dprev_c", limit=1e-3)
    assert_close(db, np.array([0.0213, 0.0559, 0.2203, 0.0235]), "db", limit=2e-3)


@task("lstm_step", part="backward")
def test_gradients_of_an_lstm_step_are_slopes(student, numbers):
    inputs = [numbers(shape) for shape in ((2, 3), (2, 2), (2, 2), (3, 8), (2, 8), (8,))]
    dnext_h, dnext_c = numbers((2, 2)), numbers((2, 2))

    def both(*given):
        next_h, next_c, _ = student.lstm.lstm_step_forward(*given)
        return (np.stack([next_h, next_c]),)

    *_, cache = student.lstm.lstm_step_forward(*inputs)
    gradients = student.lstm.lstm_step_backward(dnext_h, dnext_c, cache)
    names = ("dx", "dprev_h", "dprev_c", "dWx", "dWh", "db")
    check_slopes(both, gradients, inputs, np.stack([dnext_h, dnext_c]), names)


@task("lstm_step", part="edge")
def test_gates_that_are_wide_open_or_shut(student):
    b = np.array([-1000.0, 1000.0, 1000.0, 1000.0])
    next_h, next_c, _ = student.lstm.lstm_step_forward(*STEP[:5], b)
    assert_close(next_c, np.array([[2.0]]), "next_c of an open forget gate and a shut input gate")
    assert_close(next_h, np.array([[np.tanh(2.0)]]), "next_h")


@task("lstm_step", part="edge")
def test_cell_that_is_large(student):
    next_h, next_c, _ = student.lstm.lstm_step_forward(ONE, 0 * ONE, 2000 * ONE, *STEP[3:])
    assert_close(next_c, np.array([[1000 + 0.5 * np.tanh(1)]]), "next_c", limit=FLOAT64)
    assert_close(next_h, np.array([[0.5]]), "next_h", limit=FLOAT64)


@task("lstm_step", part="purity")
def test_lstm_step_leaves_what_it_is_given(student, numbers):
    given = map(numbers, ((2, 3), (2, 2), (2, 2), (3, 8), (2, 8), (8,)))
    *_, cache = leaves(student.lstm.lstm_step_forward, *given)
    reads_twice(student.lstm.lstm_step_backward, numbers((2, 2)), numbers((2, 2)), cache)


@task("lstm", part="forward")
def test_sequence_is_its_steps_one_after_the_other(student, numbers):
    x, h0, Wx, Wh, b = (numbers(shape) for shape in ((2, 3, 4), (2, 5), (4, 20), (5, 20), (20,)))
    h, _ = student.lstm.lstm_forward(x, h0, Wx, Wh, b)
    state, cell = h0, np.zeros((2, 5))
    for t in range(3):
        state, cell, _ = student.lstm.lstm_step_forward(x[:, t], state, cell, Wx, Wh, b)
        assert_close(h[:, t], state, f"h after step {t}")


@task("lstm", part="backward")
def test_gradients_of_an_lstm_are_slopes(student, numbers):
    inputs = [numbers(shape) for shape in ((2, 3, 2), (2, 2), (2, 8), (2, 8), (8,))]
    dh = numbers((2, 3, 2))
    forward = student.lstm.lstm_forward
    gradients = student.lstm.lstm_backward(dh, forward(*inputs)[1])
    check_slopes(forward, gradients, inputs, dh, ("dx", "dh0", "dWx", "dWh", "db"))


@task("lstm", part="edge")
def test_sequence_of_one_step(student, numbers):
    x, h0, Wx, Wh, b = (numbers(shape) for shape in ((1, 1, 2), (1, 3), (2, 12), (3, 12), (12,)))
    h, _ = student.lstm.lstm_forward(x, h0, Wx, Wh, b)
    assert h.shape == (1, 1, 3)


@task("lstm", part="edge")
def test_lstm_works_in_float64(student):
    third = np.full((1, 1), 1 / 3)
    h, _ = student.lstm.lstm_forward(
        third[None], 0 * third, np.full((1, 4), 0.5), np.zeros((1, 4)), np.zeros(4)
    )
    gate = 1 / (1 + np.exp(-1 / 6))
    assert_close(h, np.array([[[gate * np.tanh(gate * np.tanh(1 / 6))]]]), "h", limit=FLOAT64)


@task("lstm", part="purity")
def test_lstm_leaves_what_it_is_given(student, numbers):
    _, cache = leaves(student.lstm.lstm_forward, *map(numbers, ((2, 3, 2), (2, 2), (2, 8), (2, 8), (8,))))
    reads_twice(student.lstm.lstm_backward, numbers((2, 3, 2)), cache)


@task("language", part="windows")
def test_windows_of_eight_tokens(student):
    inputs, targets = student.language.language_windows(np.arange(8), length=3)
    assert_close(inputs, np.array([[0, 1, 2], [3, 4, 5]]), "inputs")
    assert_close(targets, np.array([[1, 2, 3], [4, 5, 6]]), "targets")


COUNT = np.array([[1, 1, 0]])


@task("language", part="loss")
def test_loss_of_the_steps_that_count(student):
    loss, _ = student.language.temporal_softmax_loss(np.zeros((1, 3, 2)), np.array([[0, 1, 0]]), COUNT)
    assert_close(loss, np.log(2), "loss")


@task("language", part="gradient")
def test_gradient_of_the_steps_that_count(student):
    _, dx = student.language.temporal_softmax_loss(np.zeros((1, 3, 2)), np.array([[0, 1, 0]]), COUNT)
    assert_close(dx, np.array([[[-0.25, 0.25], [0.25, -0.25], [0.0, 0.0]]]), "dx")


@task("language", part="clip")
def test_gradients_are_shortened_together(student):
    clipped, norm = student.language.clip_gradients({"W": np.array([3.0]), "b": np.array([4.0])}, limit=1.0)
    assert_close(norm, 5.0, "norm")
    assert_close(clipped["W"], np.array([0.6]), "clipped[W]")
    assert_close(clipped["b"], np.array([0.8]), "clipped[b]")


@task("language", part="edge")
def test_scores_of_any_size(student):
    loss, _ = student.language.temporal_softmax_loss(
        np.array([[[1000.0, 0.0]]]), np.array([[1]]), np.array([[1]])
    )
    assert_close(loss, 1000.0, "loss")


@task("language", part="edge")
@pytest.mark.parametrize("dtype", ["uint8", "int64"])
def test_right_tokens_of_any_integer_type(student, dtype):
    scores, right = np.zeros((20, 4, 5)), np.full((20, 4), 4, dtype=dtype)
    loss, _ = student.language.temporal_softmax_loss(scores, right, np.ones((20, 4), dtype=dtype))
    assert_close(loss, np.log(5), "loss", limit=FLOAT64)


@task("language", part="edge")
def test_nothing_counts(student):
    loss, dx = student.language.temporal_softmax_loss(
        np.ones((1, 2, 3)), np.zeros((1, 2), int), 0 * COUNT[:, 1:]
    )
    assert_close(loss, 0.0, "loss")
    assert_close(dx, np.zeros((1, 2, 3)), "dx")


@task("language", part="purity")
def test_language_leaves_what_it_is_given(student, numbers):
    leaves(student.language.temporal_softmax_loss, numbers((1, 3, 2)), np.array([[0, 1, 0]]), COUNT)
    leaves(student.language.clip_gradients, {"W": numbers(3), "b": numbers(2)}, limit=0.1)


@task("sampling", part="token")
@pytest.mark.parametrize(("temperature", "share"), [(1.0, 0.75), (0.5, 0.9)])
def test_share_of_a_token(student, rng, temperature, share):
    scores = np.array([0.0, np.log(3)])
    drawn = [student.language.sample_token(scores, temperature=temperature, rng=rng) for _ in range(2000)]
    found = np.mean(np.array(drawn) == 1)
    assert abs(found - share) < 0.05, f"token 1 was drawn in {found:.0%} of 2000 cases; expected {share:.0%}"


@task("sampling", part="text")
def test_each_token_is_read_next(student, rng):
    def step(token, state):
        return np.where(np.arange(5) == (token + 1) % 5, 0.0, -1000.0), state

    assert student.language.generate(step, 3, length=4, temperature=1.0, rng=rng) == [4, 0, 1, 2]


@task("sampling", part="edge")
def test_text_of_no_length(student, rng):
    assert (
        student.language.generate(
            lambda _, state: (np.zeros(2), state), 0, length=0, temperature=1.0, rng=rng
        )
        == []
    )
