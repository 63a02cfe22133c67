# What the tests of bench/course need when they run in a notebook of another grader: as little as can be.
import copy

import numpy as np


def task(*_, **__):
    return lambda function: function


def assert_close(actual, expected, name="the result", limit=1e-6):
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape, f"{name} has the wrong shape"
    assert np.isfinite(actual).all(), f"{name} is not finite"
    scale = np.linalg.norm(expected)
    assert np.linalg.norm(actual - expected) <= limit * (scale or 1), f"{name} is wrong"


class Function:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **options):
        return self.function(*args, **options)

    def map(self, calls, **options):
        return [self(*args, **options) for args in calls]

    def watch(self, *args, **options):
        args = copy.deepcopy(args)
        return self.function(*args, **options), args


class Student:
    def __init__(self, names):
        self.names = names

    def __getattr__(self, name):
        return Student(self.names) if name not in self.names else Function(self.names[name])


def run(names, tests):
    for name, test in sorted(tests.items()):
        if name.startswith("test_"):
            test(Student(names), np.random.default_rng(sum(map(ord, name))))
