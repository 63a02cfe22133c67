"""Which passed tests earn points, so that guessing earns none. Pure; hidden and public tests share it.

Two rules of a task:

- **Judgements count together.** A test whose right answer is one of a few (yes or no, when to stop) says
  so by `judges`, and which it is. A task's judgements earn only where they separate: with r_a the share
  of passed tests among those whose right answer is a, and L right answers,

      separation = (mean of r_a over all a − 1/L) / (1 − 1/L)

  (for yes and no: rate of true positives + rate of true negatives − 1) must be at least 1/2. Whoever
  always answers the same has 0. Whoever answers without looking has 0 in the mean.
- **Some parts rest on others.** What a hand-in that does nothing may also keep to (inputs left alone, odd
  input refused, nothing to do) earns only where something is right in a part that it rests on. Where the
  specification does not say on which, edge, purity, compiles and speed rest on all other parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SEPARATED = 0.5
DEPENDENT = ("edge", "purity", "compiles", "speed")  # parts that rest on all others, unless it is told
GUESSED = "passed, but no points: the judgements of this task do not tell right from wrong"
ALONE = "passed, but no points without anything right in {}"


@dataclass(frozen=True)
class Fact:
    """What became of one test, as far as it matters here."""

    part: str
    passed: bool
    judges: str = ""  # the right answer, of a test that judges


def basis(parts: Sequence[str], stated: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Part -> the parts that it rests on; a part that rests on none is left out."""
    others = tuple(part for part in parts if part not in DEPENDENT)
    default = {part: others for part in parts if part in DEPENDENT} if others else {}
    return {**default, **{part: tuple(names) for part, names in stated.items()}}


def separation(tests: Sequence[Fact]) -> float:
    """How far the judgements tell the cases apart: 1 all right, 0 as by guessing."""
    passed: dict[str, list[bool]] = defaultdict(list)
    for test in tests:
        if test.judges:
            passed[test.judges].append(test.passed)
    if len(passed) < 2:
        return 0.0
    right = sum(sum(group) / len(group) for group in passed.values()) / len(passed)
    return (right - 1 / len(passed)) / (1 - 1 / len(passed))


def unearned(tests: Sequence[Fact], rests_on: Mapping[str, Sequence[str]]) -> list[str]:
    """Why each passed test of a task earns nothing, in the order of the tests; "" where it earns.

    `rests_on` as `basis` gives it.
    """
    together = separation(tests) >= SEPARATED - 1e-9  # 1/2 itself, whatever thirds round to

    def stands(part: str) -> bool:
        return part not in rests_on or any(counts(test) for test in tests if test.part in rests_on[part])

    def counts(test: Fact) -> bool:
        return test.passed and (together or not test.judges) and stands(test.part)

    def why(test: Fact) -> str:
        if not test.passed or counts(test):
            return ""
        if test.judges and not together:
            return GUESSED
        return ALONE.format(" or ".join(rests_on[test.part]))

    return [why(fact) for fact in tests]
