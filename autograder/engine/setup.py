"""What a process needs to know to grade an assignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..course import Fingerprint
from ..grading import Seeds, assignment_key
from ..model import Assignment, Course, Draw


@dataclass(frozen=True)
class Setup:
    """What a process needs to know to grade an assignment. Travels to other processes."""

    course: Course
    assignment: Assignment
    tier: int  # isolation required
    key: bytes = field(repr=False)  # that of the course, or one that a bundle carries
    diagnosed: bool = True  # whether to name the mistakes behind failed tests
    timed: bool = True  # whether speed is measured; otherwise its points stay open
    variables: Mapping[str, str] = field(default_factory=dict)  # where driver and compiler of a GPU lie
    draw: Draw = Draw.RECORD

    @property
    def seeds(self) -> Seeds:
        """Of the hidden tests. Raises AutograderError for the key of another assignment."""
        return Seeds(assignment_key(self.key, self.assignment.id), self.draw)

    def environment(self, graders: Fingerprint) -> dict[str, str]:
        """What verdicts depend on, as a report records it."""
        return graders.environment(self.draw, self.seeds.id)

    def __hash__(self) -> int:
        return hash((self.course.root, self.assignment.id, self.tier))  # mappings inside have no hash
