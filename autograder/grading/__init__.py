"""From a student's code behind the border to a report."""

from .score import score
from .seeds import Seeds, read_key
from .session import GraderSession, Student, Tools

__all__ = ["GraderSession", "Seeds", "Student", "Tools", "read_key", "score"]
