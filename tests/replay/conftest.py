"""Functions of a test's own, recorded, checked and run."""

from __future__ import annotations

import types

import pytest

from autograder.replay import Replay
from autograder.studentkit import Local
from tests.course_code import hidden


@pytest.fixture
def allowed():
    return hidden("a8_performance", "operations").ON_ENTRIES


@pytest.fixture
def proxy():
    """proxy(function): the function as the `student` fixture has it."""

    def made(function):
        module = types.SimpleNamespace(f=function)
        return Local(lambda _: module, lambda *_: "tensor", wrap=True).m.f

    return made


@pytest.fixture
def replayed(allowed, proxy):
    """replayed(function, *tensors): what its program gives, run in this process."""
    return lambda function, *tensors, **options: Replay()(proxy(function), "f", allowed, *tensors, **options)
