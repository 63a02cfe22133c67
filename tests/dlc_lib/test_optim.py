"""Optimizers against torch.optim, schedules against torch's, batches and training against their laws."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlc_lib.batches import minibatches
from dlc_lib.optim import adam_step, momentum_step, sgd_step
from dlc_lib.schedules import cosine_decay, step_decay
from dlc_lib.training import train

OPTIMIZERS = {
    "sgd": (sgd_step, {"lr": 0.3}, lambda p: torch.optim.SGD([p], lr=0.3)),
    "momentum": (
        momentum_step,
        {"lr": 0.1, "mu": 0.7},
        lambda p: torch.optim.SGD([p], lr=0.1, momentum=0.7),
    ),
    "adam": (
        adam_step,
        {"lr": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 1e-3},
        lambda p: torch.optim.Adam([p], lr=0.02, betas=(0.8, 0.95), eps=1e-3),
    ),
    "adamw": (
        adam_step,
        {"lr": 0.02, "weight_decay": 0.3},
        lambda p: torch.optim.AdamW([p], lr=0.02, weight_decay=0.3),
    ),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_twenty_steps_follow_those_of_torch(name):
    step, options, make = OPTIMIZERS[name]
    rng = np.random.default_rng(0)
    w = rng.standard_normal((3, 5))
    parameter = torch.tensor(w, requires_grad=True)
    optimizer, state = make(parameter), None
    for dw in rng.standard_normal((20, 3, 5)):
        parameter.grad = torch.tensor(dw)
        optimizer.step()
        w, state = step(w, dw, state, **options)
        np.testing.assert_allclose(w, parameter.detach().numpy(), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_change_nothing_and_keep_float32(name):
    step, options, _ = OPTIMIZERS[name]
    w, dw = np.random.default_rng(0).standard_normal((2, 7)).astype(np.float32)
    before = w.copy(), dw.copy()
    _, state = step(w, dw, None, **options)
    first, _ = step(w, dw, state, **options)
    second, _ = step(w, dw, state, **options)
    assert first.dtype == np.float32
    assert (first == second).all()
    assert (w == before[0]).all()
    assert (dw == before[1]).all()


def test_first_step_of_adam_has_the_size_of_the_learning_rate():
    dw = np.array([1e-6, -3.0, 1e6])
    next_w, _ = adam_step(np.zeros(3), dw, None, lr=0.01, eps=0.0)
    np.testing.assert_allclose(next_w, -0.01 * np.sign(dw), rtol=1e-9)


def test_schedules_are_those_of_torch():
    parameter = torch.zeros(1, requires_grad=True)
    for ours, make in (
        (
            lambda t: step_decay(t, lr=0.4, factor=0.3, every=4),
            lambda o: torch.optim.lr_scheduler.StepLR(o, 4, 0.3),
        ),
        (
            lambda t: cosine_decay(t, lr=0.4, final=0.05, total=15),
            lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 15, 0.05),
        ),
    ):
        optimizer = torch.optim.SGD([parameter], lr=0.4)
        scheduler = make(optimizer)
        for t in range(15):
            assert ours(t) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12)
            optimizer.step()
            scheduler.step()


def test_warm_up_climbs_to_the_largest_rate_and_the_end_stays_low():
    rates = [cosine_decay(t, lr=1.0, final=0.1, total=10, warmup=4) for t in range(14)]
    assert rates[:5] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert rates[10:] == [0.1] * 4
    assert rates[5:11] == sorted(rates[5:11], reverse=True)


@given(st.integers(0, 40), st.integers(1, 12), st.integers(0, 2**31))
def test_every_example_comes_once_with_its_label(count, batch_size, seed):
    x, y = np.arange(2.0 * count).reshape(count, 2), np.arange(count)
    batches = minibatches(x, y, batch_size=batch_size, rng=np.random.default_rng(seed))
    sizes = [len(rows) for rows, _ in batches]
    assert sum(sizes) == count
    assert all(size == batch_size for size in sizes[:-1])
    labels = [label for _, labels in batches for label in labels]
    assert sorted(labels) == list(range(count))
    assert all(
        row[0] == 2 * label for rows, labels in batches for row, label in zip(rows, labels, strict=True)
    )


def test_bad_batches_are_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="batch_size is 0"):
        minibatches(np.zeros((3, 1)), np.zeros(3), batch_size=0, rng=rng)
    with pytest.raises(ValueError, match="3 examples, y has 2"):
        minibatches(np.zeros((3, 1)), np.zeros(2), batch_size=1, rng=rng)


def test_training_of_a_line_is_the_descent_of_torch():
    rng = np.random.default_rng(2)
    x, w = rng.standard_normal((10, 3)), rng.standard_normal(3)
    y = x @ rng.standard_normal(3)

    def loss(params, x, y):
        error = x @ params["w"] - y
        return float((error**2).mean()), {"w": 2 * x.T @ error / len(x)}

    def step(w, dw, state, *, lr):
        return momentum_step(w, dw, state, lr=lr)

    trained, history = train(
        {"w": w}, loss, x, y, step=step, lr=lambda t: 0.01 * 0.9**t, epochs=5, batch_size=10, rng=rng
    )
    parameter = torch.tensor(w, requires_grad=True)
    velocity = torch.zeros(3, dtype=torch.float64)
    for t in range(5):
        value = ((torch.tensor(x) @ parameter - torch.tensor(y)) ** 2).mean()
        (gradient,) = torch.autograd.grad(value, parameter)
        assert history[t] == pytest.approx(value.item(), rel=1e-10)
        velocity = 0.9 * velocity - 0.01 * 0.9**t * gradient
        parameter = (parameter + velocity).detach().requires_grad_()
    np.testing.assert_allclose(trained["w"], parameter.detach().numpy(), rtol=1e-10)


def test_history_weighs_batches_by_their_size():
    x = np.arange(5.0)
    _, history = train(
        {"w": np.zeros(1)},
        lambda params, x, y: (float(x.mean()), {"w": np.zeros(1)}),
        x,
        x,
        step=sgd_step,
        lr=lambda t: 0.1,
        epochs=2,
        batch_size=2,
        rng=np.random.default_rng(0),
    )
    np.testing.assert_allclose(history, [2.0, 2.0])
