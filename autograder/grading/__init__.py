"""From a student's code behind the border to a report."""

from .score import score
from .seeds import Seeds, read_key
from .session import MACHINE_PARTS, GraderSession, Student, Tools, Watch

__all__ = ["MACHINE_PARTS", "GraderSession", "Seeds", "Student", "Tools", "Watch", "read_key", "score"]
