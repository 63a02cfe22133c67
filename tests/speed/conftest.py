import pytest

from autograder.studentkit.gate import undeclared_open
from tests.speed.gpu_races import buffers, kind, open_worker, places, race  # noqa: F401  # fixtures


@pytest.fixture(autouse=True)
def undeclared():
    """These tests are about time: what nothing declares comes as plain data."""
    with undeclared_open():
        yield
