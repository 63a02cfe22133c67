"""What a process needs to know to grade an assignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..model import Assignment, Course


@dataclass(frozen=True)
class Setup:
    """What a process needs to know to grade an assignment. Travels to other processes."""

    course: Course
    assignment: Assignment
    tier: int  # isolation required
    key: bytes = field(repr=False)  # course key of the hidden seeds
    diagnosed: bool = True  # whether to name the mistakes behind failed tests
    timed: bool = True  # whether speed is measured; otherwise its points stay open
    variables: Mapping[str, str] = field(default_factory=dict)  # where driver and compiler of a GPU lie

    def __hash__(self) -> int:
        return hash((self.course.root, self.assignment.id, self.tier))  # mappings inside have no hash
