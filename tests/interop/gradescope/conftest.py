"""A course, its autograder zip, and submissions run as Gradescope runs them."""

from __future__ import annotations

import pytest

from autograder.engine import Setup
from autograder.engine.assembly import open_grader
from autograder.export.gradescope.bundle import write_autograder
from tests.interop import container
from tests.tiny_course import DOUBLE, TOTAL, make_assignment, make_course

KEY = b"k" * 32
WHY_NOT = container.why_not()
needs_container = pytest.mark.skipif(bool(WHY_NOT), reason=f"no container: {WHY_NOT}")
ADA = {"email": "ada@uni.example", "id": 3, "name": "Ada"}
METADATA = {
    "id": 123456,
    "created_at": "2027-03-01T10:00:00.365935-08:00",
    "assignment": {"due_date": "2027-03-12T23:00:00.000000-08:00", "title": "H1", "total_points": "100.0"},
    "submission_method": "upload",
    "users": [ADA],
    "previous_submissions": [],
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def assignment(course):
    return make_assignment(course)


@pytest.fixture(scope="module")
def archive(course, assignment, tmp_path_factory):
    path = tmp_path_factory.mktemp("zip") / "autograder.zip"
    write_autograder(course, assignment, path, KEY)
    return path


@pytest.fixture(scope="module")
def grader(course, assignment):
    with open_grader(Setup(course, assignment, 1, KEY)) as warm:
        yield warm


@pytest.fixture
def submit(tmp_path, archive):
    """Run one submission in the container."""

    def run(double: str = DOUBLE, total: str = TOTAL, *, files=None, zip_=archive, metadata=None, **options):
        submitted = {"scaling.py": double.encode(), "summing.py": total.encode()} if files is None else files
        root = container.lay_out(tmp_path / "autograder", zip_, submitted, {**METADATA, **(metadata or {})})
        return container.run_autograder(root, **options)

    return run
