"""`course.yaml`: where a course keeps its parts."""

from __future__ import annotations

from pathlib import Path

from ..errors import SpecError
from ..model import Course
from .document import Faults, open_document, text, whole

COURSE_FILE = "course.yaml"
ASSIGNMENT_FILE = "assignment.yaml"
_KEYS = ("library", "tier", "key_file", "roster", "assignments", "graders", "mistakes", "solutions")


def find_course(start: Path) -> Course:
    """The course whose `course.yaml` lies in `start` or in a folder around it.

    Raises SpecError where there is none, or with every fault of the file.
    """
    for folder in (start, *start.parents):
        if (folder / COURSE_FILE).is_file():
            return load_course(folder)
    raise SpecError(
        [f"{start}: neither this folder nor one around it holds a {COURSE_FILE}; name the course by --course"]
    )


def load_course(root: Path) -> Course:
    """The course at `root`. Raises SpecError with every fault."""
    root = root.resolve()
    top, faults = open_document(root / COURSE_FILE, _KEYS)
    library = top.need("library", text, "")
    roster = top.take("roster", text, "")
    course = Course(
        root=root,
        library=library,
        tier=top.take("tier", whole(0, 4), 1),
        key_file=root / top.take("key_file", text, ".dlc/key"),
        roster=root / roster if roster else None,
        assignments=root / top.take("assignments", text, "assignments"),
        graders=root / top.take("graders", text, "graders"),
        mistakes=root / top.take("mistakes", text, "mistakes"),
        solutions=root / top.take("solutions", text, "solutions"),
    )
    if library:
        _check_library(course, faults, top.line_of("library"))
    if not course.assignments.is_dir():
        faults.add(top.line_of("assignments"), f"there is no folder {course.assignments.name}; create it")
    if course.roster and not course.roster.is_file():
        faults.add(top.line_of("roster"), f"there is no file {roster}; create it or leave `roster` out")
    faults.refuse()
    return course


def _check_library(course: Course, faults: Faults, line: int) -> None:
    if not course.library.isidentifier():
        faults.add(line, f"`library` must be the name of a package, not {course.library!r}")
    elif not (course.root / course.library / "__init__.py").is_file():
        faults.add(line, f"there is no package {course.library}/__init__.py beside {COURSE_FILE}; create it")


def assignment_ids(course: Course) -> list[str]:
    """Ids of the course's assignments, sorted."""
    return sorted(path.parent.name for path in course.assignments.glob(f"*/{ASSIGNMENT_FILE}"))
