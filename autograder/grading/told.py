"""What students are told of a test that does not pass: sentences without figures that they chose."""

from __future__ import annotations

import linecache
import re
import traceback
from functools import lru_cache

from ..studentkit import StudentError
from ..studentkit.explain import failure_words
from ..studentkit.levels import shape_words

_NUMBER = re.compile(r"(?<![A-Za-z_])\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_SHAPES = re.compile(r"has shape (?P<found>\([\d, ]*\)); expected (?P<expected>\([\d, ]*\))")
# What checks of kinds say of an answer, in sentences of ours.
_SIZES = {
    re.compile(r"an array of shape \([\d, ]*\)"): "an array",
    re.compile(r"dtype (?:[<>|=]?[USV]\d*|\[.*\])"): "dtype str",
    re.compile(r"returned \d\d+ values"): "returned many values",
    re.compile(r"value \d\d+(?= of|,)"): "a later value",
}


def of_student(error: StudentError) -> str:
    """What a student's code did, without sizes of their choice, which the tests at home do tell."""
    text = str(error)
    for sizes, words in _SIZES.items():
        text = sizes.sub(words, text)
    return text


def of_assertion(error: AssertionError) -> str:
    """What does not hold, in the words of the test's author.

    A bare assert is rewritten by pytest into values of both sides, which students must not see. A number may
    be computed from what the student returned: those are told that stand in the author's file.
    """
    first = str(error).partition("\n")[0]
    if not first or first.startswith("assert "):
        return "a promise of the task does not hold"
    said, safe = _safe_part(first, error.__cause__)
    before, _, after = first.partition(said) if said else (first, "", "")
    written = _numbers_of(_file_of(error))
    return f"{_without_figures(before, written)}{safe}{_without_figures(after, written)}"


def of_failure(error: BaseException) -> str:
    """What a test says by `pytest.fail`, or `pytest.raises` where nothing was raised."""
    return _without_figures(failure_words(error).partition("\n")[0], _numbers_of(_file_of(error)))


def _safe_part(text: str, cause: BaseException | None) -> tuple[str, str]:
    """A part of a sentence, and what is told in its place: another error, or two shapes."""
    if isinstance(cause, StudentError) and str(cause) in text:
        return str(cause), of_student(cause)
    shapes = _SHAPES.search(text)
    if shapes is None:
        return "", ""
    found, expected = (tuple(map(int, re.findall(r"\d+", shapes[name]))) for name in ("found", "expected"))
    return shapes[0], f"has {shape_words(found, expected)}; expected {expected}"


def _without_figures(text: str, written: frozenset[str]) -> str:
    return _NUMBER.sub(lambda match: match[0] if match[0] in written else "…", text)


def _file_of(error: BaseException) -> str:
    """The file whose promise does not hold."""
    frames = traceback.extract_tb(error.__traceback__)
    return frames[-1].filename if frames else ""


@lru_cache(maxsize=64)
def _numbers_of(file: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall("".join(linecache.getlines(file))))
