from __future__ import annotations

from pathlib import Path

import pytest

from autograder.engine import Grader, Setup
from autograder.intake import find_hand_ins, read_submission
from autograder.model import Submission
from tests.tiny_course import hand_in, make_assignment, make_course

KEY = b"k" * 32


@pytest.fixture(scope="module")
def setup(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("course"))
    return Setup(course, make_assignment(course), 1, KEY)


@pytest.fixture(scope="module")
def grader(setup):
    with Grader(setup) as warm:
        yield warm


@pytest.fixture
def submit(setup, tmp_path):
    """A submission of a student, read from a folder."""

    def read(student: str = "ada", **files: str) -> Submission:
        return read_folder(setup, hand_in(tmp_path / student, **files))

    return read


def read_folder(setup: Setup, folder: Path) -> Submission:
    (found,) = find_hand_ins([folder], setup.course.library)
    return read_submission(setup.course, setup.assignment, found)
