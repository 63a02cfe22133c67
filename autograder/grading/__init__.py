"""From a student's code, which runs in the sandbox, to a report."""

from .fixtures import Student
from .key import course_key, read_key, unpacked_key
from .score import score
from .seeds import Seeds, order_of
from .session import GraderSession, Watch
from .tools import Extra, Tools
from .workers import Workers

__all__ = [
    "Extra",
    "GraderSession",
    "Seeds",
    "Student",
    "Tools",
    "Watch",
    "Workers",
    "course_key",
    "order_of",
    "read_key",
    "score",
    "unpacked_key",
]
