import textwrap
import types

import numpy as np
import pytest

from autograder.errors import GraderError
from autograder.grading import GraderSession, Seeds
from autograder.model import Task, Verdict
from autograder.studentkit import Local
from tests.plain_graders import loads

TASKS = (Task("double", "Double", 10, ("m:double",), {"forward": 1}),)
HEADER = """
import numpy as np, pytest
from autograder.studentkit import task, assert_close, StudentError
"""


@pytest.fixture
def session(tmp_path):
    opened = []

    def open_session(body, tasks=TASKS, *rank):
        folder = tmp_path / f"graders{len(opened)}"
        folder.mkdir()
        (folder / "test_m.py").write_text(HEADER + textwrap.dedent(body))
        opened.append(GraderSession(folder, tasks, *rank, load=loads(folder)))
        return opened[-1]

    yield open_session
    for each in opened:
        each.close()


def student(double):
    return Local(lambda name: types.SimpleNamespace(double=double), lambda module, name: "data", wrap=True)


def seeds(test_id):
    return len(test_id)


DOUBLE = """
@task("double")
@pytest.mark.parametrize("n", [3, 5])
def test_doubles(student, rng, n):
    x = rng.normal(size=n)
    assert_close(student.m.double(x), 2 * x, "the double")
"""


def verdicts(results):
    return {each.id: each.verdict for each in results}


def test_right_code_passes_and_wrong_code_fails_under_stable_ids(session):
    graders = session(DOUBLE)
    ids = ["test_m.py::test_doubles[3]", "test_m.py::test_doubles[5]"]
    assert verdicts(graders.run(student(lambda x: x + x), seeds)) == dict.fromkeys(ids, Verdict.PASSED)
    assert verdicts(graders.run(student(lambda x: x * x), seeds)) == dict.fromkeys(ids, Verdict.FAILED)


def test_one_submission_leaves_nothing_behind_for_the_next(session):
    graders = session(DOUBLE)
    right, wrong = student(lambda x: 2 * x), student(lambda x: 3 * x)
    alone = [r.verdict for r in session(DOUBLE).run(right, seeds)]
    graders.run(wrong, seeds)
    assert [r.verdict for r in graders.run(right, seeds)] == alone


OWN_FIXTURES = {
    "fixture": """
        @pytest.fixture
        def factor(rng):
            yield 2
            LEFT.append("torn down")
        @task("double")
        def test_doubles(student, rng, factor):
            assert LEFT == [] and student.m.double(1) == factor
    """,
    "autouse": """
        @pytest.fixture(autouse=True)
        def factor(request):
            request.node.factor = 2
        @task("double")
        def test_doubles(student, request):
            assert student.m.double(1) == request.node.factor
    """,
    "indirect": """
        @pytest.fixture
        def factor(request): return request.param + 1
        @task("double")
        @pytest.mark.parametrize("factor", [1], indirect=True)
        def test_doubles(student, factor):
            assert student.m.double(1) == factor
    """,
    "class": """
        class TestDouble:
            def setup_method(self): self.factor = 2
            @task("double")
            def test_doubles(self, student):
                assert student.m.double(1) == self.factor
    """,
}


@pytest.mark.parametrize("body", OWN_FIXTURES.values(), ids=OWN_FIXTURES)
def test_grader_may_have_fixtures_of_its_own(session, body):
    graders = session("LEFT = []\n" + textwrap.dedent(body))
    [right] = graders.run(student(lambda x: 2 * x), seeds)
    assert right.verdict == Verdict.PASSED, right.detail
    [wrong] = session("LEFT = []\n" + textwrap.dedent(body)).run(student(lambda x: 3 * x), seeds)
    assert wrong.verdict == Verdict.FAILED


def test_failed_comparison_carries_its_numbers_and_picture(session):
    [result, _] = session(DOUBLE).run(student(lambda x: 2.2 * x), seeds)
    assert result.mismatch.relative_error == pytest.approx(0.1)
    assert result.mismatch.levels
    assert "the double: relative error 0.1" in result.message


def test_randomness_comes_from_the_seed_of_the_test(session):
    drawn = []
    graders = session(
        "@task('double')\ndef test_draws(student, rng):\n    student.m.double(rng.normal(size=2))"
    )
    for seed in (1, 1, 2):
        graders.run(student(drawn.append), lambda test_id, seed=seed: seed)
    assert np.array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("assert False", Verdict.FAILED),
        ("raise StudentError('gone', 'timeout')", Verdict.TIMEOUT),
        ("raise ZeroDivisionError", Verdict.INTERNAL),
        ("raise SystemExit(0)", Verdict.INTERNAL),
        ("pytest.skip('not here')", Verdict.SKIPPED),
        ("import numpy; assert numpy.ones(2).dot([1e308, 1e308]) > 0", Verdict.PASSED),
    ],
    ids=["assertion", "student-error", "our-error", "exit", "skip", "overflow"],
)
def test_whose_fault(session, body, verdict):
    graders = session(f"@task('double')\ndef test_it(student):\n    {body}")
    assert [r.verdict for r in graders.run(student(None), seeds)] == [verdict]


def test_bare_assert_shows_the_student_no_value(session):
    body = (
        "@task('double')\ndef test_it(student):\n    secret = 41.5\n    assert student.m.double(1) == secret"
    )
    [result] = session(body).run(student(lambda x: 3), seeds)
    assert "41.5" not in result.message
    assert "41.5" in result.detail


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("def test_it(student): pass", "marks the task ''; expected one of double"),
        ("@task('triple')\ndef test_it(student): pass", "marks the task 'triple'"),
        ("@task('double', part='edge')\ndef test_it(student): pass", "part 'edge' of double"),
        (
            "@pytest.fixture(scope='module')\ndef big(): return 1\n@task('double')\ndef test_it(big): pass",
            "outlives a test",
        ),
        ("@pytest.mark.skip\n@task('double')\ndef test_it(student): pass", "is marked skip"),
        ("import nowhere_to_be_found", "No module named 'nowhere_to_be_found'"),
        ("x = 1", "no hidden tests"),
    ],
    ids=["unmarked", "unknown-task", "unknown-part", "module-fixture", "skipped", "import", "empty"],
)
def test_wrongly_written_grader_is_refused(session, body, fault):
    with pytest.raises(GraderError, match=fault):
        session(body)


JUDGED = """
@task("double", judges="even")
@pytest.mark.parametrize("n", [2, 4, 6, 8])
def test_even(student, n):
    assert student.m.double(n)

@task("double", judges=lambda n: "odd" if n % 2 else "even")
@pytest.mark.parametrize("n", [1, 3, 5, 7])
def test_odd(student, n):
    assert not student.m.double(n)

@task("double")
def test_last_in_the_file(student):
    assert student.m.double(0) is not None
"""


def run_order(graders):
    asked = []
    results = graders.run(student(lambda n: asked.append(n) or n % 2 == 0), seeds)
    return asked, results


def test_results_say_what_was_the_right_answer(session):
    _, results = run_order(session(JUDGED))
    assert [each.judges for each in results] == ["even"] * 4 + ["odd"] * 4 + [""]


def test_judgements_run_last_in_an_order_of_the_key_and_are_told_in_that_of_the_file(session):
    orders = []
    for key in (b"one", b"one", b"another"):
        graders = session(JUDGED, TASKS, Seeds(key).rank)
        asked, results = run_order(graders)
        assert [each.id for each in results] == list(graders.tests)
        assert sorted(asked) == list(range(9))
        assert asked[0] == 0
        orders.append(asked)
    assert orders[0] == orders[1] != orders[2]


def test_a_task_whose_judgements_have_one_right_answer_is_refused(session):
    body = "@task('double', judges='yes')\ndef test_it(student): pass"
    with pytest.raises(GraderError, match="of double that judges is 'yes'; add one with another"):
        session(body)


def test_weight_without_a_test_is_refused(session):
    tasks = (Task("double", "Double", 10, ("m:double",), {"forward": 1, "purity": 1}),)
    with pytest.raises(GraderError, match="no test for purity of task double"):
        session(DOUBLE, tasks)


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(GraderError, match="no such folder"):
        GraderSession(tmp_path / "nowhere", TASKS, load=loads(tmp_path / "nowhere"))
