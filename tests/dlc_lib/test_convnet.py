import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from dlc_lib.convnet import convnet_accuracy, convnet_forward, convnet_init, convnet_loss, convnet_train
from dlc_lib.digits import load_digits

SIZES = {"channels": 2, "height": 7, "width": 5, "filters": 3, "kernel": 3, "hidden": 11, "classes": 4}


@pytest.fixture
def params():
    rng = np.random.default_rng(0)
    params = convnet_init(**SIZES, rng=rng)
    return {name: value + 0.1 * rng.standard_normal(value.shape) for name, value in params.items()}


@pytest.fixture
def batch():
    rng = np.random.default_rng(1)
    return rng.standard_normal((6, 2, 7, 5)), rng.integers(4, size=6)


def scores_by_torch(x, p):
    maps = torch.conv2d(x, p["w1"], p["b1"], padding=1).relu()
    units = torch.max_pool2d(maps, 2).flatten(1) @ p["w2"] + p["b2"]
    return units.relu() @ p["w3"] + p["b3"]


def test_scores_are_those_of_the_same_net_in_torch(params, batch):
    tensors = {name: torch.tensor(value) for name, value in params.items()}
    scores, _ = convnet_forward(batch[0], params)
    assert_allclose(scores, scores_by_torch(torch.tensor(batch[0]), tensors), rtol=1e-10)


@pytest.mark.parametrize("lam", [0.0, 0.3])
def test_loss_and_gradients_are_torchs(params, batch, lam):
    x, y = batch
    tensors = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    want = torch.nn.functional.cross_entropy(scores_by_torch(torch.tensor(x), tensors), torch.tensor(y))
    want = want + lam / 2 * sum(tensors[name].square().sum() for name in ("w1", "w2", "w3"))
    gradients = dict(zip(tensors, torch.autograd.grad(want, list(tensors.values())), strict=True))
    loss, mine = convnet_loss(x, y, params, lam=lam)
    assert loss == pytest.approx(want.item(), rel=1e-12)
    assert mine.keys() == gradients.keys()
    for name in gradients:
        assert_allclose(mine[name], gradients[name], rtol=1e-8, atol=1e-12, err_msg=name)


def test_loss_changes_neither_parameters_nor_images(params, batch):
    before = {name: value.copy() for name, value in params.items()}
    x = batch[0].copy()
    convnet_loss(*batch, params, lam=0.3)
    assert np.array_equal(batch[0], x)
    assert all(np.array_equal(params[name], before[name]) for name in before)


def test_weights_start_with_variance_two_over_fan_in_and_biases_at_zero():
    sizes = {**SIZES, "filters": 31, "kernel": 5, "hidden": 101, "classes": 37}
    params = convnet_init(**sizes, rng=np.random.default_rng(0))
    for name, fan_in in (("w1", 2 * 5 * 5), ("w2", 31 * 3 * 2), ("w3", 101)):
        # 1550 or more draws: 15 % is more than eight standard deviations of their standard deviation.
        assert np.std(params[name]) == pytest.approx(np.sqrt(2 / fan_in), rel=0.15)
    assert not any(params[name].any() for name in ("b1", "b2", "b3"))


def test_training_on_the_digits_reads_97_of_100_test_images():
    x_train, y_train, x_test, y_test = load_digits()
    rng = np.random.default_rng(0)
    params = convnet_init(channels=1, height=8, width=8, filters=16, kernel=3, hidden=64, classes=10, rng=rng)
    params, losses = convnet_train(
        params, x_train, y_train, epochs=12, batch=32, lr=0.03, momentum=0.9, lam=1e-3, rng=rng
    )
    assert len(losses) == 12 * 45
    assert convnet_accuracy(x_test, y_test, params) >= 0.97
