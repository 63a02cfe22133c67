"""`course.yaml`: where a course keeps its parts."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from ..errors import SpecError
from ..frameworks import FRAMEWORKS
from ..model import Course
from .document import Faults, Value, open_document, text, whole
from .known import is_known

COURSE_FILE = "course.yaml"
ASSIGNMENT_FILE = "assignment.yaml"
_KEYS = ("library", "tier", "key_file", "assignments", "solutions", "graders", "mistakes")


_OURS = Path(__file__).resolve().parents[2]  # a course that lies there is the program that runs


def find_course(start: Path) -> Course:
    """The course whose `course.yaml` lies in `start` or in a folder around it.

    Raises SpecError where there is none, where there are two or it is another user's, for then a hand-in may
    have brought it, or with every fault of the file.
    """
    roots = [folder for folder in (start, *start.parents) if (folder / COURSE_FILE).is_file()]
    if not roots:
        raise SpecError(
            [
                f"{start}: neither this folder nor one around it holds a {COURSE_FILE}; "
                "name the course by --course"
            ]
        )
    if len(roots) > 1:
        raise SpecError(
            [f"{roots[0] / COURSE_FILE}: lies inside another course, {roots[1]}; name the course by --course"]
        )
    if roots[0].resolve() != _OURS and not _is_own(roots[0]):
        raise SpecError(
            [f"{roots[0] / COURSE_FILE}: belongs to another user; if you trust it, name it by --course"]
        )
    return load_course(roots[0])


def _is_own(root: Path) -> bool:
    """Whether a folder and its `course.yaml` are of this user or of root."""
    return all(path.lstat().st_uid in (os.geteuid(), 0) for path in (root, root / COURSE_FILE))


def refuse_among(course: Course, given: Iterable[Path], hand_ins: Iterable[Path]) -> None:
    """Raise SpecError where a course that was found, not named, may be part of what is handed in.

    That is so where one of the given paths holds a part of it; where a hand-in is a file beside its
    `course.yaml`, as one student's files lie; and where several hand-ins lie beside that file or beside its
    folder: then that folder is a class of them, or one in a class.
    """
    root = course.root
    private = (root / folder.partition("{id}")[0] for folder in (course.graders, course.mistakes))
    parts = (root / COURSE_FILE, root / course.library, course.assignments, *private)
    beside = [path.resolve() for path in hand_ins]
    taken = [path.resolve() for path in given] + beside
    if root != _OURS and (
        any(part.resolve().is_relative_to(path) for part in parts for path in taken)
        or any(path.parent == root and path.is_file() for path in beside)
        or max(sum(path.parent == folder for path in beside) for folder in (root, root.parent)) > 1
    ):
        raise SpecError(
            [
                f"{root / COURSE_FILE}: lies among the hand-ins, so it is not taken as the course; "
                "name the course by --course"
            ]
        )


def refuse_unknown(course: Course, start: Path) -> None:
    """Raise SpecError where a course was found above `start` that was not used in its place before.

    Whoever grades in a folder of a hand-in may have unpacked that course with it. Who stands beside its
    `course.yaml` has seen it, and who names it trusts it.
    """
    if course.root in (start.resolve(), _OURS) or is_known(course):
        return
    raise SpecError(
        [
            f"{course.root / COURSE_FILE}: lies above this folder and was not used here before, so it may be "
            f"part of a hand-in; if it is yours, name it once by --course {course.root}"
        ]
    )


def load_course(root: Path) -> Course:
    """The course at `root`. Raises SpecError with every fault."""
    root = root.resolve()
    top, faults = open_document(root / COURSE_FILE, _KEYS)
    library = top.need("library", text, "")
    solutions = top.take("solutions", _inside, "solutions")
    course = Course(
        root=root,
        library=library,
        tier=top.take("tier", whole(0, 4), 1),
        key_file=root / top.take("key_file", text, ".dlc/key"),
        assignments=root / top.take("assignments", _inside, "assignments"),
        graders=_private(root, top.take("graders", _inside, ""), solutions, "graders"),
        mistakes=_private(root, top.take("mistakes", _inside, ""), solutions, "mistakes"),
    )
    if library:
        _check_library(course, faults, top.line_of("library"))
    if not course.assignments.is_dir():
        faults.add(top.line_of("assignments"), f"there is no folder {course.assignments.name}; create it")
    faults.refuse()
    return course


def _inside(value: Value) -> str:
    """A folder of the course: what is graded by must be known whole, and lie where the course does."""
    folder = PurePosixPath(text(value))
    if folder.is_absolute() or ".." in folder.parts or not folder.parts:
        raise value.fault(f"must be a folder inside the course, not {value.plain!r}")
    if "{" in folder.parts[0]:
        raise value.fault(f"must begin with the name of a folder, not {value.plain!r}; put {{id}} below it")
    return str(folder)


def _private(root: Path, given: str, solutions: str, kind: str) -> str:
    """Where an assignment's graders or mistakes lie: as given, or beside its worked solution.

    A course may also keep them by kind, as `graders/<id>`.
    """
    if given:
        return given if "{id}" in given else f"{given}/{{id}}"
    return f"{kind}/{{id}}" if (root / kind).is_dir() else f"{solutions}/{{id}}/{kind}"


def _check_library(course: Course, faults: Faults, line: int) -> None:
    if not course.library.isidentifier():
        faults.add(line, f"`library` must be the name of a package, not {course.library!r}")
    elif course.library in sys.stdlib_module_names or course.library in FRAMEWORKS:
        faults.add(line, f"`library` names {course.library}, which Python code imports already; rename it")
    elif not (course.root / course.library / "__init__.py").is_file():
        faults.add(line, f"there is no package {course.library}/__init__.py beside {COURSE_FILE}; create it")


def assignment_ids(course: Course) -> list[str]:
    """Ids of the course's assignments, sorted."""
    return sorted(path.parent.name for path in course.assignments.glob(f"*/{ASSIGNMENT_FILE}"))
