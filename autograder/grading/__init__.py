"""From a student's code behind the border to a report."""

from .key import course_key, read_key, unpacked_key
from .score import score
from .seeds import Seeds, order_of
from .session import MACHINE_PARTS, GraderSession, Student, Tools, Watch

__all__ = [
    "MACHINE_PARTS",
    "GraderSession",
    "Seeds",
    "Student",
    "Tools",
    "Watch",
    "course_key",
    "order_of",
    "read_key",
    "score",
    "unpacked_key",
]
