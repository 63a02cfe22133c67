"""Courses and assignments as their files state them: `course.yaml` and `assignment.yaml` to records."""

from .assignment import load_assignment
from .catalogue import Catalogue, load_catalogue
from .fingerprint import Fingerprint, fingerprint
from .known import is_known, remember
from .layout import assignment_ids, find_course, load_course, refuse_among, refuse_unknown
from .loader import CourseModules, modules_of
from .slicing import VENDOR, library_modules

__all__ = [
    "VENDOR",
    "Catalogue",
    "CourseModules",
    "Fingerprint",
    "assignment_ids",
    "find_course",
    "fingerprint",
    "is_known",
    "library_modules",
    "load_assignment",
    "load_catalogue",
    "load_course",
    "modules_of",
    "refuse_among",
    "refuse_unknown",
    "remember",
]
