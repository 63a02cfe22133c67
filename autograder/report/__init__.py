"""What people and machines read of a grading: pages, gradebook, JSON."""

from .classpage import write_class
from .document import from_json, student_view, to_json
from .files import slug
from .gradebook import write_gradebook
from .hints import hide
from .staff import for_students, staff_notes
from .student import write_student

__all__ = [
    "for_students",
    "from_json",
    "hide",
    "slug",
    "staff_notes",
    "student_view",
    "to_json",
    "write_class",
    "write_gradebook",
    "write_student",
]
