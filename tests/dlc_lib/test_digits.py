import numpy as np
from sklearn import datasets

from dlc_lib.digits import load_digits


def test_digits_are_all_of_scikit_learns_each_once():
    x_train, y_train, x_test, y_test = load_digits()
    mine = np.concatenate([x_train, x_test]).reshape(-1, 64) * 16
    theirs = datasets.load_digits()
    pairs = sorted((*x, y) for x, y in zip(mine, np.concatenate([y_train, y_test]), strict=True))
    assert np.array_equal(pairs, sorted((*x, y) for x, y in zip(theirs.data, theirs.target, strict=True)))


def test_images_are_one_channel_from_0_to_1_and_every_digit_is_in_both_parts():
    x_train, y_train, x_test, y_test = load_digits()
    assert x_train.shape == (1437, 1, 8, 8)
    assert x_test.shape == (360, 1, 8, 8)
    assert (x_train.min(), x_train.max()) == (0.0, 1.0)
    assert set(y_train) == set(y_test) == set(range(10))
