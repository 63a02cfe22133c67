"""From a student's code behind the border to a report."""

from .score import score
from .seeds import Seeds, read_key
from .session import GraderSession, Student

__all__ = ["GraderSession", "Seeds", "Student", "read_key", "score"]
