"""Recurrent layers against torch, language against its definitions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlc_lib.embedding import embedding_backward, embedding_forward
from dlc_lib.language import (
    clip_gradients,
    generate,
    language_windows,
    sample_token,
    temporal_softmax_loss,
)
from dlc_lib.lstm import lstm_backward, lstm_forward, lstm_step_backward, lstm_step_forward
from dlc_lib.rnn import rnn_backward, rnn_forward, rnn_step_backward, rnn_step_forward
from dlc_lib.text import decode, encode, letters_of, load_text

SIZES = st.tuples(*[st.integers(1, 5)] * 4)


def drawn(seed, N, T, D, H, gates):
    rng = np.random.default_rng(seed)
    shapes = ((N, T, D), (N, H), (D, gates * H), (H, gates * H), (gates * H,))
    return [rng.standard_normal(shape) for shape in shapes], rng.standard_normal((N, T, H))


def with_gradients(arrays):
    return [torch.tensor(each, requires_grad=True) for each in arrays]


def torch_lstm(x, h0, Wx, Wh, b):
    """nn.LSTM with its own order of gates and a second bias of zeros."""
    H = h0.shape[1]
    order = torch.cat([torch.arange(H) + H * gate for gate in (0, 1, 3, 2)])
    weights = {
        "weight_ih_l0": Wx[:, order].T,
        "weight_hh_l0": Wh[:, order].T,
        "bias_ih_l0": b[order],
        "bias_hh_l0": torch.zeros_like(b),
    }
    layer = torch.nn.LSTM(x.shape[2], H, batch_first=True, dtype=torch.float64)
    start = (h0[None], torch.zeros_like(h0)[None])
    return torch.func.functional_call(layer, weights, (x, start))[0]


def torch_rnn(x, h0, Wx, Wh, b):
    h, found = h0, []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ Wx + h @ Wh + b)
        found.append(h)
    return torch.stack(found, dim=1)


@pytest.mark.parametrize(
    ("gates", "forward", "backward", "theirs"),
    [(1, rnn_forward, rnn_backward, torch_rnn), (4, lstm_forward, lstm_backward, torch_lstm)],
    ids=["rnn", "lstm"],
)
@given(st.integers(0, 2**31), SIZES)
def test_sequences_and_their_gradients_are_those_of_torch(gates, forward, backward, theirs, seed, sizes):
    inputs, dh = drawn(seed, *sizes, gates)
    tensors = with_gradients(inputs)
    want = theirs(*tensors)
    want.backward(torch.tensor(dh))
    h, cache = forward(*inputs)
    np.testing.assert_allclose(h, want.detach().numpy(), rtol=1e-9, atol=1e-12)
    for found, tensor in zip(backward(dh, cache), tensors, strict=True):
        np.testing.assert_allclose(found, tensor.grad.numpy(), rtol=1e-8, atol=1e-11)


def test_step_of_an_lstm_has_the_gradients_of_torch_along_both_ways():
    rng = np.random.default_rng(0)
    shapes = ((3, 5), (3, 2), (3, 2), (5, 8), (2, 8), (8,))
    inputs = [rng.standard_normal(shape) for shape in shapes]
    dnext_h, dnext_c = rng.standard_normal((2, 3, 2))
    x, h, c, Wx, Wh, b = tensors = with_gradients(inputs)
    i, f, o, g = torch.split(x @ Wx + h @ Wh + b, 2, dim=1)
    next_c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    next_h = torch.sigmoid(o) * torch.tanh(next_c)
    torch.autograd.backward([next_h, next_c], [torch.tensor(dnext_h), torch.tensor(dnext_c)])
    ours_h, ours_c, cache = lstm_step_forward(*inputs)
    np.testing.assert_allclose(ours_h, next_h.detach().numpy(), rtol=1e-10)
    np.testing.assert_allclose(ours_c, next_c.detach().numpy(), rtol=1e-10)
    for found, tensor in zip(lstm_step_backward(dnext_h, dnext_c, cache), tensors, strict=True):
        np.testing.assert_allclose(found, tensor.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_step_of_a_plain_network_has_the_gradients_of_torch():
    rng = np.random.default_rng(0)
    inputs = [rng.standard_normal(shape) for shape in ((3, 5), (3, 2), (5, 2), (2, 2), (2,))]
    dnext_h = rng.standard_normal((3, 2))
    x, h, Wx, Wh, b = tensors = with_gradients(inputs)
    torch.tanh(x @ Wx + h @ Wh + b).backward(torch.tensor(dnext_h))
    _, cache = rnn_step_forward(*inputs)
    for found, tensor in zip(rnn_step_backward(dnext_h, cache), tensors, strict=True):
        np.testing.assert_allclose(found, tensor.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_gates_of_any_size_give_finite_results():
    inputs, dh = drawn(0, 2, 3, 4, 5, 4)
    h, cache = lstm_forward(1e4 * inputs[0], *inputs[1:])
    assert np.isfinite(h).all()
    assert all(np.isfinite(each).all() for each in lstm_backward(dh, cache))


@pytest.mark.parametrize(("gates", "forward"), [(1, rnn_forward), (4, lstm_forward)])
def test_float32_stays_float32(gates, forward):
    inputs, _ = drawn(0, 2, 3, 4, 5, gates)
    assert forward(*(each.astype(np.float32) for each in inputs))[0].dtype == np.float32


@given(st.integers(0, 2**31), SIZES)
def test_embedding_is_that_of_torch(seed, sizes):
    N, T, V, D = sizes
    rng = np.random.default_rng(seed)
    x, W, dout = rng.integers(V, size=(N, T)), rng.standard_normal((V, D)), rng.standard_normal((N, T, D))
    table = torch.tensor(W, requires_grad=True)
    want = torch.nn.functional.embedding(torch.tensor(x), table)
    want.backward(torch.tensor(dout))
    out, cache = embedding_forward(x, W)
    np.testing.assert_array_equal(out, want.detach().numpy())
    np.testing.assert_allclose(embedding_backward(dout, cache), table.grad.numpy(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("size", [1.0, 1000.0])
def test_loss_of_the_steps_that_count_is_that_of_torch(size):
    rng = np.random.default_rng(0)
    x, y = size * rng.standard_normal((3, 4, 5)), rng.integers(5, size=(3, 4))
    mask = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 1]])
    scores = torch.tensor(x, requires_grad=True)
    ignored = torch.tensor(np.where(mask, y, -100))
    want = torch.nn.functional.cross_entropy(scores.reshape(-1, 5), ignored.reshape(-1))
    want.backward()
    loss, dx = temporal_softmax_loss(x, y, mask)
    assert loss == pytest.approx(want.item(), rel=1e-12)
    np.testing.assert_allclose(dx, scores.grad.numpy(), rtol=1e-9, atol=1e-13)
    loss, dx = temporal_softmax_loss(x, y, 0 * mask)
    assert loss == 0
    assert not dx.any()


def test_windows_stand_beside_what_comes_next():
    inputs, targets = language_windows(np.arange(10), length=3)
    np.testing.assert_array_equal(inputs, [[0, 1, 2], [3, 4, 5], [6, 7, 8]])
    np.testing.assert_array_equal(targets, [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert language_windows(np.arange(3), length=3)[0].shape == (0, 3)
    assert language_windows(np.arange(4), length=3)[0].shape == (1, 3)


def test_gradients_are_clipped_like_those_of_torch():
    rng = np.random.default_rng(0)
    gradients = {"W": rng.standard_normal((3, 4)), "b": rng.standard_normal(5)}
    for limit in (0.7, 100.0):
        parameters = [torch.zeros(value.shape, dtype=torch.float64) for value in gradients.values()]
        for parameter, value in zip(parameters, gradients.values(), strict=True):
            parameter.grad = torch.tensor(value)
        norm = torch.nn.utils.clip_grad_norm_(parameters, limit)
        clipped, ours = clip_gradients(gradients, limit=limit)
        assert ours == pytest.approx(norm.item(), rel=1e-12)
        for parameter, value in zip(parameters, clipped.values(), strict=True):
            np.testing.assert_allclose(value, parameter.grad.numpy(), rtol=1e-5)


@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_tokens_are_drawn_with_the_probabilities_of_the_softmax(temperature):
    rng, scores = np.random.default_rng(0), np.array([0.0, 1.0, -0.5])
    drawn = [sample_token(scores, temperature=temperature, rng=rng) for _ in range(20_000)]
    want = torch.softmax(torch.tensor(scores) / temperature, dim=0).numpy()
    np.testing.assert_allclose(np.bincount(drawn, minlength=3) / 20_000, want, atol=0.02)


def test_what_was_drawn_is_read_next():
    seen = []

    def step(token, state):
        seen.append((token, state))
        return np.where(np.arange(5) == (token + 2) % 5, 0.0, -1e4), len(seen)

    tokens = generate(step, 1, length=4, temperature=1.0, rng=np.random.default_rng(0))
    assert tokens == [3, 0, 2, 4]
    assert seen == [(1, None), (3, 1), (0, 2), (2, 3)]


def test_text_comes_back_from_its_tokens():
    text = load_text()
    letters = letters_of(text)
    assert decode(encode(text, letters), letters) == text
    assert len(text) > 2500
    assert len(letters) < 40
