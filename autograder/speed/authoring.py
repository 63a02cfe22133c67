"""A plugin with the fixtures `race` and `compiler`, beside `autograder.grading.authoring`; see there."""

from __future__ import annotations

import pytest

from .compiler import Compiler
from .race import Race


@pytest.fixture
def race() -> Race:
    """Races are held by the grader alone."""
    return Race()


@pytest.fixture
def compiler() -> Compiler:
    """Kernels are compiled by the grader alone."""
    return Compiler()
