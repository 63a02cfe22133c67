"""Grades submissions: one, or a class in parallel."""

from .fingerprint import Fingerprint, fingerprint
from .grade import Grader, Setup, hidden_tests
from .pool import grade_class
from .resume import finished

__all__ = ["Fingerprint", "Grader", "Setup", "fingerprint", "finished", "grade_class", "hidden_tests"]
