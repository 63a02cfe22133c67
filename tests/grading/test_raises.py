"""`pytest.raises` means in a hidden test what it means in a public one."""

from __future__ import annotations

import textwrap
import types
from contextlib import nullcontext

import pytest

from autograder.grading import GraderSession
from autograder.model import Limits, Task, Verdict
from autograder.sandbox import LoadPlan, Sandbox
from autograder.studentkit import Local, StudentError
from autograder.studentkit.kinds import raised_as
from tests.plain_graders import loads

TASKS = (Task("scale", "Scale", 10, ("m:f",), {"forward": 1}),)
HEADER = "import pytest\nfrom autograder.studentkit import task, StudentError\n"
CODE = """
class TooNarrow(ValueError):
    pass

def f(x):
    if x == "right":
        raise ValueError("the filter does not fit")
    if x == "own class":
        raise TooNarrow("the filter does not fit")
    if x == "other":
        raise TypeError("the filter does not fit")
    if x == "key":
        return {}["filter"]
    if x == "asserted":
        assert x is None, "the filter does not fit"
    if x == "stub":
        raise NotImplementedError
    return 1.0
"""


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(library="dlc_lib", packages=("numpy",), tier=1) as warm:
        yield warm


@pytest.fixture(params=["here", "behind the border"])
def opened(request, sandbox):
    """A context that gives the code as a student."""
    if request.param == "here":
        module = types.ModuleType("m")
        exec(CODE, vars(module))
        local = Local(lambda _: module, lambda *_: "data", wrap=True)
        return lambda: nullcontext(local)
    return lambda: sandbox.open(LoadPlan({"m": CODE}), Limits(), lambda *_: "data", 7)


def judged(tmp_path, opened, *body):
    text = textwrap.indent("\n".join(body), "    ")
    (tmp_path / "test_m.py").write_text(f"{HEADER}\n@task('scale')\ndef test_it(student):\n{text}\n")
    with GraderSession(tmp_path, TASKS, load=loads(tmp_path)) as session, opened() as student:
        [result] = session.run(student, lambda _: 1)
    return result


@pytest.mark.parametrize(
    ("raises", "given"),
    [
        ("ValueError", "right"),
        ("ValueError", "own class"),
        ("ValueError, match='does not'", "right"),
        ("(TypeError, ValueError)", "right"),
        ("Exception", "right"),
        ("TypeError", "other"),
        ("KeyError", "key"),
        ("LookupError", "key"),
        ("StudentError", "right"),
    ],
)
def test_what_the_code_raises_is_caught_by_its_type(tmp_path, opened, raises, given):
    result = judged(tmp_path, opened, f"with pytest.raises({raises}):", f"    student.m.f({given!r})")
    assert (result.verdict, result.message) == (Verdict.PASSED, "")


@pytest.mark.parametrize(
    ("raises", "given", "verdict", "message"),
    [
        ("ValueError", "nothing", Verdict.FAILED, "nothing was raised; expected ValueError"),
        ("ValueError", "other", Verdict.ERROR, "f raised TypeError"),
        ("ValueError", "key", Verdict.ERROR, "f raised KeyError"),
        ("ValueError, match='too small'", "right", Verdict.FAILED, "Regex pattern did not match."),
    ],
)
def test_anything_else_is_the_students_fault(tmp_path, opened, raises, given, verdict, message):
    result = judged(tmp_path, opened, f"with pytest.raises({raises}):", f"    student.m.f({given!r})")
    assert result.verdict == verdict
    assert result.message.partition(", line")[0] == message


def test_a_stub_refuses_nothing(tmp_path, opened):
    result = judged(tmp_path, opened, "with pytest.raises(RuntimeError):", "    student.m.f('stub')")
    assert result.verdict == Verdict.ERROR


def test_the_words_of_pytest_fail_are_told_without_figures(tmp_path, opened):
    result = judged(tmp_path, opened, "pytest.fail(f'no: {student.m.f(2) + 41}')")
    assert (result.verdict, result.message) == (Verdict.FAILED, "no: …")


@pytest.mark.parametrize(
    "name",
    ["AttributeError", "AssertionError", "StopIteration", "NotImplementedError", "UnicodeDecodeError",
     "KeyboardInterrupt", "SystemExit", "len", "nothing", "", "__import__", "ExceptionGroup"],
)  # fmt: skip
def test_names_that_mean_more_than_an_error_stay_plain(name):
    assert raised_as(name) is StudentError


@pytest.mark.parametrize("name", ["ValueError", "KeyError", "OSError", "SyntaxError", "ImportError"])
def test_an_error_says_its_sentence_whatever_it_is_also(name):
    error = raised_as(name)("f raised it", "error", detail="more")
    assert (str(error), error.verdict, error.detail) == ("f raised it", "error", "more")
    assert type(error).__name__ == "StudentError"
