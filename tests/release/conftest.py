from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import load_assignment
from autograder.model import Assignment, Course
from tests.release.course import make_course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return make_course(tmp_path / "course")


@pytest.fixture
def assignment(course: Course) -> Assignment:
    return load_assignment(course, "a2_second")
