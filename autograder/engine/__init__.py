"""Grades submissions: one, or a class in parallel. `assembly.py` opens graders with all that is asked."""

from .grade import Grader
from .pool import grade_all, grade_class
from .setup import Setup

__all__ = ["Grader", "Setup", "grade_all", "grade_class"]
