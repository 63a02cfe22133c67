"""Every known way to a time that was not earned is refused with its reason; honest work is not."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path

import pytest
import torch
import yaml

from autograder.course import find_course, load_assignment
from autograder.course.slicing import slice_of
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


COURSE = find_course(Path(__file__))
ASSIGNMENT = load_assignment(COURSE, "a8_performance")
SAMPLE = 4  # of all hand-ins, in `make test`


def graded(names):
    """Name -> results of the tests of the hand-in's task, graded and timed."""
    setup = Setup(COURSE, ASSIGNMENT, 1, b"a key of the tests' own", diagnosed=False)
    hand_ins = find_hand_ins([FOLDER / name for name in names], COURSE.library)
    submissions = [read_submission(COURSE, ASSIGNMENT, hand_in) for hand_in in hand_ins]
    return {
        report.student: [
            result for result in report.results if result.task == EXPECTED[report.student]["task"]
        ]
        for report in grade_class(submissions, setup, 2)
    }


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
@pytest.mark.soak(
    *sorted(slice_of(COURSE, ASSIGNMENT)),
    "autograder/speed",
    "autograder/replay",
    "tests/corpus/a8_performance",
)
def test_every_cheat_is_refused_with_its_reason_and_honest_work_keeps_its_marks(rounds, seed):
    names = random.Random(seed).sample(sorted(EXPECTED), len(rounds(SAMPLE, len(EXPECTED))))
    assert {"honest", "cheat", "forged"} == {kind_of(name) for name in names}
    for name, results in graded(names).items():
        if name in HONEST:
            keeps_its_marks(name, results)
        else:
            is_refused_with_its_reason(name, results)
            earns_nothing_for_its_speed(name, results)
        if name in FORGED:
            earns_nothing_that_rests_on_what_it_ran(results)


def kind_of(name):
    return "honest" if name in HONEST else "forged" if name in FORGED else "cheat"


def is_refused_with_its_reason(name, results):
    wanted = EXPECTED[name]
    refused = [result for result in results if result.part == wanted["part"] and result.verdict != "passed"]
    if any("this machine was too busy" in result.message for result in refused):
        return  # its races stay open, and earn as little
    assert {str(result.verdict) for result in refused} >= {wanted["verdict"]}, (name, refused)
    assert any(wanted["says"] in f"{result.message} {result.detail}" for result in refused), (name, refused)


def earns_nothing_for_its_speed(name, results):
    races = [result for result in results if result.part == SPEED]
    honest = {"19-kept-weights": 2}.get(name, 0)  # its gradients are computed honestly
    # Some may be open on a busy machine.
    assert sum(result.verdict == "passed" for result in races) <= honest, name


def earns_nothing_that_rests_on_what_it_ran(results):
    claimed = [result for result in results if result.part in RESTS_ON_WHAT_RAN]
    assert claimed
    assert {str(result.verdict) for result in claimed} <= {"failed", "forbidden", "open", "output"}, claimed


def keeps_its_marks(name, results):
    answers = [result for result in results if result.part != SPEED]
    assert {str(result.verdict) for result in answers} == {"passed"}, (name, answers)
    for result in results:
        if result.part != SPEED:
            continue
        if EXPECTED[name]["task"].startswith("triton"):
            assert result.verdict == "open"
            assert "GPU" in result.message
        elif result.verdict == "open":  # as it may where other programs run
            assert "too busy" in result.message
        else:
            assert result.verdict == "passed", (name, result.message, result.detail)
            assert result.fraction > 0


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
