"""A race of any operation, from a course of its own to the report; and what its author may get wrong."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent, indent

import pytest

from autograder.course import load_assignment, load_course
from autograder.engine import Setup, grade_class
from autograder.engine.assembly import open_grader
from autograder.errors import GraderError
from autograder.model import Submission, Verdict

ROWS = """
    import numpy as np
    import numpy.typing as npt

    def softmax(x: npt.NDArray[np.float32], *, specs: int) -> npt.NDArray[np.float32]:
        \"""Exponentials along one axis over their sum, so often that it takes a while.\"""
        for _ in range(500):
            powers = np.exp(x - x.max(axis=specs, keepdims=True))
            found = powers / powers.sum(axis=specs, keepdims=True)
        return found
    """
BATCHES = """
    import torch

    def batched_product(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        \"""Products of the matrices of two batches, so often that it takes a while.\"""
        for _ in range(10):
            found = torch.bmm(a, b)
        return found
    """
ON_ROWS = """
    from dataclasses import dataclass

    import numpy as np
    import pytest

    from autograder.author import task
    from autograder.replay import Allowance
    from autograder.speed import ArraySpec, Contest, Curve, Rule, Work

    RULE = Rule(precision=0.9, least=6, most=8, heat=4, seconds=20, unstable=9)
    CURVE = Curve(start=1e-6, full=1e-5, step=20)

    @dataclass(frozen=True)
    class Rows:
        count: int
        work = Work(1.0, 1.0)

        def draw(self, rng, device):
            return (rng.standard_normal((self.count, 9), "float32"),), {"specs": 1}

        def empty(self, args, options):
            return ArraySpec.of(args[0])

        def answer(self, args, options):
            powers = np.exp(args[0].astype("float64"))
            return powers / powers.sum(axis=1, keepdims=True)

        def check(self, found, answer):
            assert np.allclose(found, answer, rtol=1e-3, atol=1e-3), "the timed answer is wrong"

    def softmax(*sizes, **changes):
        return Contest("rows", "softmax", sizes, curve=CURVE, rule=RULE, **changes)
    """
BOTH = """
    import torch

    @dataclass(frozen=True)
    class Batch(Rows):
        def draw(self, rng, device):
            a, b = (rng.standard_normal((self.count, *each), "float32") for each in ((96, 64), (64, 80)))
            return (torch.from_numpy(a), torch.from_numpy(b)), {}

        def empty(self, args, options):
            return ArraySpec((self.count, 96, 80))

        def answer(self, args, options):
            return (args[0].double() @ args[1].double()).numpy()

    PRODUCTS = Allowance(frozenset(["aten::bmm"]), "products of batches")
    CONTESTS = [
        Contest("batches", "batched_product", (Batch(3), Batch(16)), allows=PRODUCTS, curve=CURVE, rule=RULE),
        softmax(Rows(4), Rows(50)),
    ]

    @task("both", part="forward")
    @pytest.mark.parametrize("contest", CONTESTS, ids=lambda each: each.function)
    def test_right(student, rng, contest):
        args, options = contest.sizes[0].draw(rng, "cpu")
        found = getattr(getattr(student, contest.module), contest.function)(*args, **options)
        contest.sizes[0].check(found, contest.sizes[0].answer(args, options))

    @task("both", part="speed")
    @pytest.mark.parametrize("contest", CONTESTS, ids=lambda each: each.function)
    def test_speed(race, rng, contest):
        race.cpu(contest, rng)
    """
SPECIFICATION = """
    id: h1
    title: Any operation
    packages: [{packages}]
    limits: {{wall_s: 20, memory_mb: 1024, total_s: 300}}
    tasks:
      - id: both
        title: Operations
        points: 100
        source: [{source}]
        weights: {{forward: 1, speed: 1}}
    """
PUBLIC = """
    from studentkit import task

    @task("both", part="forward")
    def test_it_is_there(student):
        assert student.rows
    """


def course_of(root, tests, **more):
    """A course whose hidden tests are these; with more modules it is one of torch, too."""
    modules = {"rows": ("softmax", ROWS), **more}
    source = ", ".join(f'"kit.{module}:{function}"' for module, (function, _) in modules.items())
    packages = "numpy, torch" if more else "numpy"
    files = {
        "course.yaml": "library: kit\ntier: 1\n",
        "kit/__init__.py": "",
        **{f"kit/{module}.py": text for module, (_, text) in modules.items()},
        "assignments/h1/assignment.yaml": SPECIFICATION.format(packages=packages, source=source),
        "assignments/h1/handout.md": "# Any operation\n",
        "assignments/h1/test_public.py": PUBLIC,
        "graders/h1/test_it.py": dedent(ON_ROWS) + dedent(tests),
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(dedent(text))
    course = load_course(root)
    return Setup(course, load_assignment(course, "h1"), 1, b"k" * 32, diagnosed=False)


def hand_in(**modules):
    return Submission("ada", "h1", {name: dedent(text) for name, text in {"rows": ROWS, **modules}.items()})


@pytest.fixture(scope="module")
def grader(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    with open_grader(course_of(root, BOTH, batches=("batched_product", BATCHES))) as warm:
        yield warm


def speeds(report):
    found = [each for each in report.results if each.part == "speed"]
    return {each.id.partition("[")[2].removesuffix("]"): each for each in found}


def test_a_batched_product_and_a_softmax_are_raced(grader):
    report = grader.grade(hand_in(batches=BATCHES))
    assert (report.status, report.score) == ("graded", 100.0), report
    for found in speeds(report).values():
        assert found.timing.samples >= 6
        assert [point.size for point in found.timing.points] != []


def test_an_answer_that_is_wrong_only_when_timed_earns_no_speed(grader):
    once = "    calls.append(0)\n    return right(*a, **o) if len(calls) < 3 else 0 * right(*a, **o)\n"
    rows = f"{dedent(ROWS)}\nright, calls = softmax, []\ndef softmax(*a, **o):\n{once}"
    batches = f"{dedent(BATCHES)}\nright, calls = batched_product, []\ndef batched_product(*a, **o):\n{once}"
    found = speeds(grader.grade(hand_in(rows=rows, batches=batches)))
    assert found["softmax"].verdict is Verdict.FAILED
    assert "the timed answer is wrong" in found["softmax"].detail
    assert found["batched_product"].verdict is Verdict.FORBIDDEN  # a product with a number is on no list


RACED = """
@task("both")
def test_nothing(student): pass

@task("both", part="speed")
def test_speed(race, rng):
"""
FAULTS = {
    "no empty answer": (
        "class Old(Rows):\n    empty = None\n",
        "race.cpu(softmax(Old(4)), rng)",
        "the contest of rows.softmax: its size Old needs a method empty",
    ),
    "an empty answer that is a shape alone": (
        "class Old(Rows):\n    def empty(self, args, options): return (4, 9)\n",
        "race.cpu(softmax(Old(4)), rng)",
        r"Old.*\.empty: gives an ArraySpec or a tuple of them, not \(4, 9\)",
    ),
    "an empty answer of another shape": (
        "class Old(Rows):\n    def empty(self, args, options): return ArraySpec((9, 4))\n",
        "race.cpu(softmax(Old(4)), rng)",
        r"an empty answer is float32 \(9, 4\), but the course's own gives float32 \(4, 9\)",
    ),
    "a dtype that is none": (
        "class Old(Rows):\n    def empty(self, args, options): return ArraySpec((4, 9), 'float')\n",
        "race.cpu(softmax(Old(4)), rng)",
        "no dtype is called 'float'; there are float16",
    ),
    "inputs that raise": (
        "class Old(Rows):\n    def draw(self, rng, device): return (rng.normals(4),), {}\n",
        "race.cpu(softmax(Old(4)), rng)",
        "Old.*draw raised AttributeError",
    ),
    "inputs without options": (
        "class Old(Rows):\n    def draw(self, rng, device): return rng.standard_normal((4, 9))\n",
        "race.cpu(softmax(Old(4)), rng)",
        "Old.*draw: gives a tuple of arguments and a dict of options",
    ),
    "options that are no dict": (
        "class Old(Rows):\n    def draw(self, rng, device): return (rng.standard_normal((4, 9)),), None\n",
        "race.cpu(softmax(Old(4)), rng)",
        "Old.*draw: options are a dict of names and values, not None",
    ),
    "a suspicion that is no number": (
        "",
        "race.cpu(softmax(Rows(4), suspicious='1'), rng)",
        "suspicious is of the wrong type, str",
    ),
    "a check that raises": (
        "class Old(Rows):\n    def check(self, found, answer): found.compare(answer)\n",
        "race.cpu(softmax(Old(4)), rng)",
        "Old.*check raised AttributeError",
    ),
    "no sizes": ("", "race.cpu(softmax(), rng)", "has no sizes"),
    "an unknown function": (
        "",
        "race.cpu(Contest('rows', 'softmux', [Rows(4)]), rng)",
        r"the contest of rows\.softmux: rows\.py defines no softmux",
    ),
    "an unknown module": (
        "",
        "race.cpu(Contest('layers', 'softmax', [Rows(4)]), rng)",
        r"the contest of layers\.softmax: no task lies in layers",
    ),
    "a vendor's library that is not there": (
        "",
        "race.cpu(softmax(Rows(4), vendor='softmax'), rng)",
        "the module vendor cannot be loaded",
    ),
    "everything allowed on a GPU": (
        "",
        "race.gpu(softmax(Rows(4)), rng)",
        "says no list `allows`, but on a GPU only programs run",
    ),
    "a curve that makes no sense": ("", "Curve(start=1, full=0.5)", "a Curve needs 0 < start < full"),
    "a rule that makes no sense": ("", "Rule(heat=0)", "a Rule needs 1 <= least <= most and heat >= 1"),
}


CHOSEN = """
@task("both")
def test_nothing(student): pass

@task("both", part="speed")
def test_speed(race, rng):
    globals()[Path(__file__).with_name("chosen").read_text()](race, rng)
"""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """faulty(name): a grader, warm, whose test of speed is written wrongly in that way."""
    root = tmp_path_factory.mktemp("faulty")
    names = {name: f"fault_{number}" for number, name in enumerate(FAULTS)}
    written = [
        f"def {names[name]}(race, rng):\n{indent(f'{size}{call}', '    ')}\n"
        for name, (size, call, _) in FAULTS.items()
    ]
    with open_grader(course_of(root, "\nfrom pathlib import Path\n" + "\n".join(written) + CHOSEN)) as warm:

        def choose(name):
            (root / "graders/h1/chosen").write_text(names[name])
            return warm

        yield choose


@pytest.mark.parametrize("name", FAULTS)
def test_a_contest_that_is_written_wrongly_is_told_to_its_author(faulty, name):
    with pytest.raises(GraderError, match=rf"test_it\.py::test_speed: .*{FAULTS[name][2]}"):
        faulty(name).grade(hand_in())


def test_where_tests_are_collected_the_fault_is_told_before_anybody_is_graded(tmp_path):
    setup = course_of(tmp_path, f"\nCONTEST = softmax()\n{RACED}    race.cpu(CONTEST, rng)\n")
    with pytest.raises(GraderError, match=r"test_it\.py: GraderError: the contest of rows\.softmax: has no"):
        open_grader(setup)


def test_a_grading_process_tells_it_too(tmp_path):
    setup = course_of(tmp_path, f"{RACED}    race.cpu(Contest('rows', 'softmux', [Rows(4)]), rng)\n")
    with pytest.raises(GraderError, match="defines no softmux"):
        list(grade_class([hand_in()], setup, 1))


def test_a_fixture_of_speed_is_for_tasks_that_have_a_part_for_it(tmp_path):
    setup = course_of(tmp_path, "\n@task('both')\ndef test_it(race): race.cpu(None, None)\n")
    tasks = (replace(setup.assignment.tasks[0], weights={"forward": 1}),)
    setup = replace(setup, assignment=replace(setup.assignment, tasks=tasks))
    with pytest.raises(
        GraderError, match="asks for the fixture 'race', which nothing gives; those of speed need"
    ):
        open_grader(setup)
