"""Courses and assignments as their files state them: `course.yaml` and `assignment.yaml` to records."""

from .assignment import load_assignment
from .catalogue import Catalogue, load_catalogue
from .course import assignment_ids, find_course, load_course, refuse_among, refuse_unknown
from .known import is_known, remember

__all__ = [
    "Catalogue",
    "assignment_ids",
    "find_course",
    "is_known",
    "load_assignment",
    "load_catalogue",
    "load_course",
    "refuse_among",
    "refuse_unknown",
    "remember",
]
