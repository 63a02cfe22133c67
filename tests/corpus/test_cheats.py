"""Every known way to a time that was not earned is refused with its reason; honest work is not."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import torch
import yaml

from autograder.course import find_course, load_assignment
from autograder.engine import Setup, grade_class
from autograder.intake import find_hand_ins, read_submission
from tests.course_code import hidden

OUTER_MATMUL = hidden("a8_performance", "speed").OUTER_MATMUL
FOLDER = Path(__file__).parent / "a8_performance"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text(encoding="utf-8"))
HARMLESS = [name for name, wanted in EXPECTED.items() if wanted.get("harmless")]
HONEST = [name for name in EXPECTED if name.startswith("honest")] + HARMLESS
CHEATS = [name for name in EXPECTED if name not in HONEST]
FORGED = [name for name in CHEATS if name[:2] in ("24", "25")]
SPEED = "speed"
RESTS_ON_WHAT_RAN = ("forward", "backward", "purity", "compiles", SPEED)


@pytest.fixture(scope="module")
def reports(pytestconfig):
    """Name -> report; each hand-in is graded and timed once."""
    course = find_course(pytestconfig.rootpath)
    assignment = load_assignment(course, "a8_performance")
    setup = Setup(course, assignment, 1, b"a key of the tests' own", diagnosed=False)
    hand_ins = find_hand_ins([FOLDER / name for name in EXPECTED], course.library)
    submissions = [read_submission(course, assignment, each) for each in hand_ins]
    return {report.student: report for report in grade_class(submissions, setup, 2)}


@pytest.fixture(scope="module")
def results(reports):
    """results(name) -> results of the tests of the hand-in's task."""
    return lambda name: [each for each in reports[name].results if each.task == EXPECTED[name]["task"]]


def load(name, module="torch_matmul"):
    path = FOLDER / name / "dlc_lib" / f"{module}.py"
    spec = importlib.util.spec_from_file_location(f"cheat_{name[:2]}", path)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_all_25_kinds_of_cheats_are_here():
    assert sorted({int(name[:2]) for name in (*CHEATS, *HARMLESS) if name[0].isdigit()}) == list(range(1, 26))
    assert sorted(EXPECTED) == sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


@pytest.mark.slow
@pytest.mark.parametrize("name", CHEATS)
def test_cheat_is_refused_with_its_reason(results, name):
    wanted = EXPECTED[name]
    refused = [each for each in results(name) if each.part == wanted["part"] and each.verdict != "passed"]
    if any("this machine was too busy" in each.message for each in refused):
        return  # its races stay open, and earn as little
    assert {str(each.verdict) for each in refused} >= {wanted["verdict"]}, refused
    assert any(wanted["says"] in f"{each.message} {each.detail}" for each in refused), refused


@pytest.mark.slow
@pytest.mark.parametrize("name", CHEATS)
def test_cheat_earns_nothing_for_the_speed_of_what_it_cheats_in(results, name):
    races = [each for each in results(name) if each.part == SPEED]
    honest = {"19-kept-weights": 2}.get(name, 0)  # its gradients are computed honestly
    assert sum(each.verdict == "passed" for each in races) <= honest  # some may be open on a busy machine


@pytest.mark.slow
@pytest.mark.parametrize("name", FORGED)
def test_a_worker_that_lies_earns_nothing_that_rests_on_what_it_ran(results, name):
    claimed = [each for each in results(name) if each.part in RESTS_ON_WHAT_RAN]
    assert claimed
    assert {str(each.verdict) for each in claimed} <= {"failed", "forbidden", "open", "output"}, claimed


@pytest.mark.slow
@pytest.mark.parametrize("name", HONEST)
def test_honest_work_keeps_its_marks_and_raises_no_doubt(results, name):
    answers = [each for each in results(name) if each.part != SPEED]
    assert {str(each.verdict) for each in answers} == {"passed"}, answers
    for each in results(name):
        if each.part != SPEED:
            continue
        if EXPECTED[name]["task"].startswith("triton"):
            assert each.verdict == "open"
            assert "GPU" in each.message
        elif each.verdict == "open":  # as it may where other programs run
            assert "too busy" in each.message
        else:
            assert each.verdict == "passed", (each.message, each.detail)
            assert each.fraction > 0


# The cheats work where nobody defends: otherwise their refusal would say nothing.


@pytest.fixture
def problems():
    return [(torch.randn(256, 256), torch.randn(256, 256)) for _ in range(4)]


def test_undefended_batches_would_be_right_in_the_end(problems):
    cheat = load("03-batch-of-calls")
    answers = [cheat.outer_matmul(a, b) for a, b in problems]
    for (a, b), answer in zip(problems, answers, strict=True):
        torch.testing.assert_close(answer, a @ b, rtol=1e-4, atol=1e-3)


def test_undefended_lazy_tensor_would_be_right_for_who_looks(problems):
    cheat = load("04-lazy-tensor")
    a, b = problems[0]
    torch.testing.assert_close(
        torch.from_numpy(cheat.outer_matmul(a, b).numpy()), a @ b, rtol=1e-4, atol=1e-3
    )


def test_undefended_answers_kept_by_address_would_be_right_for_the_same_inputs(problems):
    cheat = load("06-kept-by-address")
    a, b = problems[0]
    assert cheat.outer_matmul(a, b) is cheat.outer_matmul(a, b)
    torch.testing.assert_close(cheat.outer_matmul(a, b), a @ b, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("size", OUTER_MATMUL.sizes, ids=str)
def test_undefended_known_seeds_would_be_right_at_the_timed_sizes(size):
    cheat, numbers = load("10-known-seed"), torch.Generator().manual_seed(42)
    a, b = (torch.randn(size.edge, size.edge, generator=numbers) for _ in range(2))
    torch.testing.assert_close(cheat.outer_matmul(a, b), a @ b)


@pytest.mark.parametrize(
    "name",
    [
        *("12-library-by-another-name", "12b-arrays", "12c-inner-namespace", "12d-solver", "21-falls-back"),
        "23-impossible",
    ],
)
def test_undefended_calls_of_the_library_would_be_right(problems, name):
    a, b = problems[0]
    torch.testing.assert_close(load(name).outer_matmul(a, b), a @ b, rtol=1e-4, atol=1e-3)


def test_undefended_convolution_of_the_library_would_be_right():
    x, w = torch.randn(2, 3, 8, 7), torch.randn(4, 3, 3, 2)
    out = load("12e-inner-convolution", "torch_conv").conv2d_forward(x, w, stride=2, pad=1)
    torch.testing.assert_close(out, torch.nn.functional.conv2d(x, w, stride=2, padding=1))


def test_undefended_zeroed_inputs_would_fool_who_computes_the_answer_afterwards(problems):
    a, b = problems[0]
    assert torch.equal(load("08-inputs-zeroed").outer_matmul(a, b), a @ b)
