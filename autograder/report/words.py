"""What verdicts, tests and numbers are called on the pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..model import Verdict

# Verdict -> (badge, look of the badge, what is said where the test has no message of its own).
_WORDS: Mapping[Verdict, tuple[str, str, str]] = {
    Verdict.PASSED: ("passed", "good", ""),
    Verdict.FAILED: ("wrong", "bad", "A promise of the task does not hold."),
    Verdict.ERROR: ("error", "bad", "Your code raised an error."),
    Verdict.TIMEOUT: ("too slow", "bad", "Your code did not finish in time."),
    Verdict.MEMORY: ("out of memory", "bad", "Your code used more memory than allowed."),
    Verdict.OUTPUT: ("too much output", "bad", "Your code returned more than is allowed."),
    Verdict.CRASHED: ("crashed", "bad", "The process that ran your code died."),
    Verdict.FORBIDDEN: ("not allowed", "bad", "The task calls a function that the assignment forbids."),
    Verdict.SKIPPED: ("did not run", "", "This test did not run."),
    Verdict.OPEN: ("open", "", "This test cannot be judged on this machine; its points stay open."),
    Verdict.INTERNAL: ("our fault", "alarm", "The grader failed here, not you. Staff have been told."),
}
_TEST = re.compile(r"(?:.*::)?(?:test_)?(?P<name>[^\[]*)(?:\[(?P<case>.*)\])?", re.DOTALL)
_MANY = 99.5


def badge_words(verdict: Verdict) -> tuple[str, str]:
    """Words on a verdict's badge, and its look."""
    words, look, _ = _WORDS[verdict]
    return words, look


def sentence(verdict: Verdict, message: str) -> str:
    """What a student is told about a test. Where our own grader failed, its message is left to staff."""
    return _WORDS[verdict][2] if verdict is Verdict.INTERNAL or not message else message


def test_words(test_id: str) -> tuple[str, str]:
    """Name and case of a test: ("forward changes no input", "7x5-s2")."""
    match = _TEST.fullmatch(test_id)
    if match is None:
        return test_id, ""
    words = match["name"].replace("_", " ").strip() or test_id
    return words[:1].upper() + words[1:], match["case"] or ""


def points(value: float | None) -> str:
    """Points with at most two decimals; a dash where there are none yet."""
    if value is None:
        return "–"
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(share: float) -> str:
    """A share of 1 as whole percent; never 0 or 100 where it is not exactly so."""
    value = 100.0 * share
    if 0.0 < value < 1.0:
        return "<1 %"
    if _MANY <= value < 100.0:
        return ">99 %"
    return f"{value:.0f} %"


def count(number: int, noun: str, plural: str = "") -> str:
    """'1 test', '2 tests'."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def listing(names: tuple[str, ...]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return " and ".join(part for part in (", ".join(names[:-1]), "".join(names[-1:])) if part)
