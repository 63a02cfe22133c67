"""Grades submissions: one, or a class in parallel."""

from .grade import Grader, Setup, hidden_tests
from .pool import grade_all, grade_class

__all__ = ["Grader", "Setup", "grade_all", "grade_class", "hidden_tests"]
