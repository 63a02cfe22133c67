"""Functions of a test's own, recorded, checked and run."""

from __future__ import annotations

import types

import pytest
from autograder.graders.a8_performance.operations import ON_ENTRIES

from autograder.replay import Replay
from autograder.studentkit import Local


@pytest.fixture
def allowed():
    return ON_ENTRIES


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
