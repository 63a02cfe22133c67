import pytest

from autograder.studentkit.gate import undeclared_open


@pytest.fixture(autouse=True)
def undeclared():
    """These tests are about time: what nothing declares comes as plain data."""
    with undeclared_open():
        yield
