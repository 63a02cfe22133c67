"""What the author of a course writes hidden tests, mistakes and right variants with.

A course imports this and nothing else of the framework, beside the fixtures that its tests ask for by name.
"""

from ..studentkit import (
    Expected,
    NotClose,
    StudentError,
    assert_close,
    assert_unchanged,
    either,
    judged,
    opened,
    reference,
    task,
)
from .catalogue import Mistake, Variant, rewritten
from .drawing import both_signs, draw_until
from .judging import assert_refused, entries, in_float64, judge_backward

__all__ = [
    "Expected",
    "Mistake",
    "NotClose",
    "StudentError",
    "Variant",
    "assert_close",
    "assert_refused",
    "assert_unchanged",
    "both_signs",
    "draw_until",
    "either",
    "entries",
    "in_float64",
    "judge_backward",
    "judged",
    "opened",
    "reference",
    "rewritten",
    "task",
]
