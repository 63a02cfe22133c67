"""Courses and assignments as their files state them: `course.yaml` and `assignment.yaml` to records."""

from .assignment import load_assignment
from .course import assignment_ids, find_course, load_course

__all__ = ["assignment_ids", "find_course", "load_assignment", "load_course"]
