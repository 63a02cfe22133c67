"""From a student's code, which runs in the sandbox, to a report."""

from .answers import Answers
from .fixtures import Student
from .key import course_key, read_key, unpacked_key
from .score import score
from .seeds import Seeds, assignment_key, packed_key
from .session import GraderSession, Watch
from .tools import Extra, Tools
from .workers import Workers

__all__ = [
    "Answers",
    "Extra",
    "GraderSession",
    "Seeds",
    "Student",
    "Tools",
    "Watch",
    "Workers",
    "assignment_key",
    "course_key",
    "packed_key",
    "read_key",
    "score",
    "unpacked_key",
]
