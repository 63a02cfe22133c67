"""What people and machines read of a grading: pages, gradebook, JSON."""

from .classpage import class_page, write_class
from .disclosed import for_students
from .document import from_json, student_view, to_json
from .files import slug
from .gradebook import gradebook, write_gradebook
from .hints import hide
from .staff import staff_notes
from .student import student_page, write_student

__all__ = [
    "class_page",
    "for_students",
    "from_json",
    "gradebook",
    "hide",
    "slug",
    "staff_notes",
    "student_page",
    "student_view",
    "to_json",
    "write_class",
    "write_gradebook",
    "write_student",
]
