"""No hand-in that guesses earns more than 2 of 100, in any assignment."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from autograder.engine import Grader, Setup
from autograder.model import Submission
from autograder.release import project
from autograder.spec import assignment_ids, find_course, load_assignment
from tests.graders.guesses import ANSWERS, GUESSES

COURSE = find_course(Path(__file__).parent)
IDS = assignment_ids(COURSE)
MOST = 2.0  # points of 100


@pytest.fixture(scope="module")
def graders():
    """graders(assignment id): its grader, kept warm."""
    kept = {}
    with ExitStack() as open_:

        def look_up(assignment_id):
            if assignment_id not in kept:
                assignment = load_assignment(COURSE, assignment_id)
                setup = Setup(
                    COURSE, assignment, 1, b"a key of the guessers' own", diagnosed=False, timed=False
                )
                kept[assignment_id] = open_.enter_context(Grader(setup))
            return kept[assignment_id]

        yield look_up


def handed_in(grader, guess, seed):
    assignment = grader.setup.assignment
    files = project(COURSE, assignment, solution=False)
    modules = {Path(path).stem: guess.fill(text, seed) for path, text in files.items()}
    return Submission(guess.id, assignment.id, modules)


def earned(report):
    """Points of 100, and the tests that earned them."""
    tests = [each.id for each in report.results if each.verdict == "passed" and each.fraction > 0]
    return 100 * report.score / report.max_score, tests


def test_there_is_an_answer_for_every_function_of_every_task():
    names = {
        source.partition(":")[2]
        for each in IDS
        for task in load_assignment(COURSE, each).tasks
        for source in task.source
    }
    assert names == set(ANSWERS)
    assert len({guess.id for guess in GUESSES}) == len(GUESSES) >= 60
