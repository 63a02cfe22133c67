"""Mistakes that Python itself names: a name that nothing defines, a module that is not there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..grading.told import of_student
from ..model import Diagnosis
from ..studentkit import StudentError

# Of other exceptions the line that raises is seldom the line that is wrong.
_NAMED = ("NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError", "RecursionError")
_RAISED = re.compile(rf"\braised ({'|'.join(_NAMED)})\b")


def by_exception(told: Mapping[str, BaseException]) -> Diagnosis | None:
    """The exception that most failed tests end in, in the words in which it is told."""
    says = [of_student(error) for error in told.values() if isinstance(error, StudentError)]
    named = {sentence: found[1] for sentence in says if (found := _RAISED.search(sentence))}
    if not named:
        return None
    best = max(named, key=says.count)
    count = says.count(best)
    if 2 * count <= len(told):
        return None
    evidence = f"So it was in {count} of {len(told)} failed tests."
    return Diagnosis(f"raises {named[best]}", f"{best}.", evidence, 0.9)
