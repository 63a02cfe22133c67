"""A hand-in that wants its hidden inputs back: what its student is given says nothing of them, or little."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from autograder.engine import Grader
from autograder.report import disclosed, for_students, from_json, staff_notes, to_json
from autograder.report.student import student_page
from autograder.sandbox import sources

DIGITS = "def digits(x): return str(abs(float(x.reshape(-1)[0] if x.size else 0.5)) % 1)[2:8].rjust(6, '1')\n"
# Each is the body of a function that gets hidden numbers `x`, and tells them as its author can.
TELLS = {
    "a huge number": "return 1e9",
    "a number of no kind": "return float('nan')",
    "an array": "import numpy as np; return np.zeros((0, *map(int, digits(x)[:3])))",
    "an array of text": "import numpy as np; return np.zeros(1, dtype='U' + digits(x))",
    "fields": "import numpy as np; return np.zeros(1, dtype=[('f' + digits(x), 'f8')])",
    "a text": "return digits(x)",
    "a list": "return [0.0] * int(digits(x)[:4])",
    "a list with one wrong entry": "return [0.0] * int(digits(x)[:4]) + ['']",
    "a dict": "return {digits(x): 0.0}",
    "an object": "return type('T' + digits(x), (), {})()",
    "words": "raise ValueError(digits(x))",
    "formatted words": "raise ValueError(f'x is {x.reshape(-1)[:3]}')",
    "a type": "raise type('E' + digits(x), (Exception,), {'__module__': digits(x)})(digits(x))",
    "a key": "return {}[digits(x)]",
    "a name": "exec('a' + digits(x))",
    "an attribute": "return getattr(x, 'a' + digits(x))",
    "a file": "exec(compile('raise ValueError', 'f' + digits(x) + '.py', 'exec'))",
    "a line": "exec(compile('\\n' * int(digits(x)[:5]) + 'raise ValueError', 'summing.py', 'exec'))",
    "a note": "e = ValueError(); e.add_note(digits(x)); raise e",
    "a cause": "raise ValueError('one') from KeyError(digits(x))",
    "prints": "print(digits(x)); return 1e9",
    "a syntax error": "compile(digits(x) + '(', 'summing.py', 'exec')",
    "an error of the system": "raise OSError(int(digits(x)), digits(x), digits(x))",
    "an exit": "raise SystemExit(digits(x))",
}


def code(body: str) -> str:
    return f"{DIGITS}def total(x):\n    {body}\n"


def of_student(report):
    """All that a student reads of the hidden tests."""
    shown = for_students(report)
    shown = replace(shown, environment={}, graded_at="", duration_s=0.0, submission_sha256="")
    return to_json(shown), student_page(shown)


@pytest.fixture(scope="module")
def graded(grader: Grader):
    """graded(submission, key): graded with the hidden inputs of another course key."""
    first = grader.setup

    def grade(submission, key):
        grader.setup = replace(first, key=bytes([key]) * 32)
        return grader.grade(submission)

    yield grade
    grader.setup = first


@pytest.mark.parametrize("how", TELLS)
def test_whatever_a_hand_in_does_with_its_inputs_its_student_reads_the_same(graded, submit, how):
    submission = submit(total=code(TELLS[how]))
    seen = {of_student(graded(submission, key)) for key in range(3)}
    assert len(seen) == 1
    text = "".join(*seen)
    assert "total" in text
    report = from_json(next(iter(seen))[0])
    assert max(len(result.message) for result in report.results) <= disclosed.MESSAGE_CHARS


def test_staff_read_what_the_hand_in_said(graded, submit):
    said = {staff_notes(graded(submit(total=code(TELLS["words"])), key)) for key in range(3)}
    assert len(said) == 3
    assert all(re.search(r"ValueError: \d{6}", each) for each in said)


@pytest.mark.soak("autograder/report/disclosed.py", "autograder/sandbox/sources.py")
def test_attempts_that_choose_at_random_say_no_more_than_the_budget(graded, submit, rounds, seed):
    """Of 300 attempts (`make soak`) no test has more outcomes than is stated, nor names more lines."""
    rng = random.Random(seed)
    lines = "".join(f"    if n == {n}: raise ValueError('piece {n} ' + str(x))\n" for n in range(400))
    raising = f"import os\n{DIGITS}def total(x):\n    n = int.from_bytes(os.urandom(2), 'big') % 400\n{lines}"
    levels = "import os\ndef total(x):\n    return float(x.sum()) + 10.0 ** (os.urandom(1)[0] % 24 - 12)\n"
    outcomes, named = set(), set()
    for _ in rounds(12, 300):
        report = for_students(graded(submit(total=rng.choice((raising, levels))), rng.randrange(256)))
        for result in report.results:
            if result.task == "total":
                outcomes.add((result.verdict, result.message, result.mismatch))
                named |= set(re.findall(r"line (\d+)", result.message))
        assert len(re.findall(r"line (\d+)", str(report))) <= sources.LOCATIONS
        assert not re.search(r"\d\.\d{4}", "".join(each.message for each in report.results))
    assert 3 < len(outcomes) <= disclosed.OUTCOMES
    numbers = {mismatch for _, _, mismatch in outcomes if mismatch}
    assert len(numbers) <= 2**disclosed.SCALAR_BITS
