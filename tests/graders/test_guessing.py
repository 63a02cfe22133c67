"""No hand-in that guesses earns more than 2 of 100, in any assignment."""

from __future__ import annotations

import random
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from autograder.course import assignment_ids, find_course, load_assignment, modules_of
from autograder.engine import Setup
from autograder.engine.assembly import idle_tools, open_grader
from autograder.grading import GraderSession
from autograder.model import Submission, Verdict
from autograder.release import project
from autograder.studentkit.earning import Fact, unearned
from tests.graders.answers import ANSWERS
from tests.graders.guesses import GUESSES, TRUTHS, Guess

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
                kept[assignment_id] = open_.enter_context(open_grader(setup))
            return kept[assignment_id]

        yield look_up


def files_of(grader, *, solution):
    found = project(COURSE, grader.setup.assignment, solution=solution)
    return {Path(path).stem: text for path, text in found.items()}


def graded(grader, name, modules):
    """The report, in which no test of ours broke, whatever was returned."""
    report = grader.grade(Submission(name, grader.setup.assignment.id, modules))
    broken = [(each.id, each.detail) for each in report.results if each.verdict is Verdict.INTERNAL]
    assert report.score is not None, (name, report.reason, broken)
    return report


def guessed(grader, guess, seed):
    modules = files_of(grader, solution=False).items()
    return graded(grader, guess.id, {name: guess.fill(text, seed) for name, text in modules})


def earning(report):
    """Tests that earned points."""
    return [each.id for each in report.results if each.verdict is Verdict.PASSED and not each.idle]


def test_there_is_an_answer_for_every_function_of_every_task():
    names = {
        source.partition(":")[2]
        for each in IDS
        for task in load_assignment(COURSE, each).tasks
        for source in task.source
    }
    assert names == set(ANSWERS)
    assert len({guess.id for guess in GUESSES}) == len(GUESSES) >= 60


@pytest.mark.soak(
    *("solutions/{assignment_id}/graders", "assignments/{assignment_id}/assignment.yaml"),
    *("autograder/studentkit/earning.py", "tests/graders/guesses.py", "tests/graders/answers.py"),
)
@pytest.mark.parametrize("assignment_id", IDS)
def test_no_guess_earns_more_than_two_of_a_hundred(graders, rounds, seed, assignment_id):
    grader = graders(assignment_id)
    order = random.Random(f"{seed} {assignment_id}").sample(GUESSES, len(GUESSES))
    for number in rounds(1, len(GUESSES)):
        report = guessed(grader, order[number], number)
        assert 100 * report.score / report.max_score <= MOST, (order[number].id, earning(report))


def shares(task, tests, judges):
    """Test that judges -> its points of 100 for the whole assignment, before it is asked what it rests on."""
    parts = [part for owner, part in tests.values() if owner == task.id]
    return {
        test: task.points * task.weights[part] / sum(task.weights.values()) / parts.count(part)
        for test, (owner, part) in tests.items()
        if owner == task.id and test in judges
    }


@pytest.mark.parametrize("assignment_id", IDS)
def test_whoever_answers_judgements_without_looking_may_hope_for_less_than_one_point(assignment_id):
    assignment, rng = load_assignment(COURSE, assignment_id), np.random.default_rng(0)
    folder, load = COURSE.graders_of(assignment_id), modules_of(COURSE).load
    tools = idle_tools(Setup(COURSE, assignment, 1, b""))
    with GraderSession(folder, assignment.tasks, load=load, tools=tools) as session:
        tests, judges = session.tests, session.judges
    for task in assignment.tasks:
        worth = shares(task, tests, judges)
        answers = sorted({judges[each] for each in worth})
        blends = [*np.eye(len(answers)), *rng.dirichlet(np.ones(len(answers)), 8)] if answers else []
        for blend in blends:
            points = [hoped_for(worth, judges, rng.choice(answers, len(worth), p=blend)) for _ in range(300)]
            assert np.mean(points) < 1.0, (task.id, dict(zip(answers, blend, strict=True)))


def hoped_for(worth, judges, said):
    facts = [Fact("", judges[test] == each, judges[test]) for test, each in zip(worth, said, strict=True)]
    earn = [fact.passed and not why for fact, why in zip(facts, unearned(facts, {}), strict=True)]
    return sum(points for points, earns in zip(worth.values(), earn, strict=True) if earns)


# The rest of the task is right, so the judgements rest on something.


@pytest.mark.parametrize(
    "truth", ["yes", "no", "first-yes-then-no", "first-no-then-yes", "by-turns", "all-positive"]
)
def test_judgements_that_are_guessed_earn_nothing_beside_right_answers(graders, truth):
    grader = graders("a1_backprop")
    modules = {"gradcheck": files_of(grader, solution=True)["gradcheck"]}
    judged = "return error <= tolerance, error"
    assert judged in modules["gradcheck"]
    modules["gradcheck"] = modules["gradcheck"].replace(
        judged, f"given = [f, x, gradient]\n    return {TRUTHS[truth]}, error"
    ) + Guess("", "").prelude(0)
    report = graded(grader, truth, modules)
    judgements = [each for each in report.results if each.judges]
    assert any(each.verdict is Verdict.PASSED for each in judgements)
    assert [each.id for each in judgements if each.verdict is Verdict.PASSED and not each.idle] == []
    [points] = [each.score for each in report.tasks if each.task == "gradcheck"]
    assert 5 <= points < 6  # slopes, purity, an error in numbers, and what is refused by an error


def test_a_function_that_refuses_everything_has_refused_nothing(graders):
    grader = graders("a4_cnn")
    always = "\n\ndef conv_forward(*_, **__):\n    raise ValueError('no')\n"
    report = graded(grader, "refuses", {"conv": files_of(grader, solution=True)["conv"] + always})
    refusals = [each for each in report.results if each.task == "conv" and "is_refused" in each.id]
    assert refusals
    assert not any(each.verdict is Verdict.PASSED for each in refusals)
    backward = [each for each in report.results if (each.task, each.part) == ("conv", "backward")]
    assert all(each.verdict is Verdict.PASSED for each in backward)


def test_the_shape_of_a_gradient_does_not_tell_whether_it_is_right(graders):
    grader = graders("a1_backprop")
    body = "print(x.shape)\n    return True, 0.0"
    text = files_of(grader, solution=False)["gradcheck"]
    stub = 'raise NotImplementedError("a1/grad_check")'
    assert stub in text
    report = graded(grader, "shapes", {"gradcheck": text.replace(stub, body)})
    shapes = {"right": set(), "wrong": set()}
    for each in report.results:
        if each.judges in shapes and each.part == "backward":
            shapes[each.judges] |= set(each.output.splitlines())
    assert shapes["wrong"]
    assert shapes["wrong"] <= shapes["right"]
