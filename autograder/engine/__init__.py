"""Grades submissions: one, or a class in parallel."""

from .fingerprint import Fingerprint, fingerprint
from .grade import Grader, Setup, hidden_tests
from .pool import grade_all, grade_class

__all__ = ["Fingerprint", "Grader", "Setup", "fingerprint", "grade_all", "grade_class", "hidden_tests"]
