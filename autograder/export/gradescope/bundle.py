"""The autograder zip of one assignment: our engine, its graders, and nothing of other assignments."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import yaml

from ...errors import AutograderError, TierUnavailable
from ...model import Assignment, Course
from ...release.contents import data_files
from ...release.projection import task_modules
from ...report.files import write_bytes_atomically
from ...spec.course import COURSE_FILE
from ...timing import VENDOR
from .closure import closure
from .rules import FILE, Rules, to_json
from .scripts import RUN, SETUP, TORCH

_PACKAGE = Path(__file__).parents[2]
_NEEDED = ("numpy", "pytest", "PyYAML")
_LEFT_OUT = ("graders", "mistakes", "cli", "audit", "export")
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same zip from the same files
_DEFAULTS = Rules()
_TIER = 1  # isolation in a container that may not make namespaces
_TORCH_VERSION = "2.13.0"


def write_autograder(
    course: Course, assignment: Assignment, out: Path, key: bytes, rules: Rules = _DEFAULTS
) -> int:
    """Write the zip; the number of its files.

    It holds hidden tests, references and the course key: it is for Gradescope alone. Raises
    AutograderError where it cannot be written, TierUnavailable where the course requires more isolation
    than a container of Gradescope can give.
    """
    files = autograder_files(course, assignment, key, rules)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in sorted(files.items()):
            info = zipfile.ZipInfo(name, _MOMENT)
            runs = name in ("setup.sh", "run_autograder")
            info.external_attr = (0o100755 if runs else 0o100600) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, contents)
    try:
        write_bytes_atomically(out, buffer.getvalue(), 0o600)
    except OSError as error:
        raise AutograderError(
            f"{out}: cannot write there ({error.strerror}); name another file with -o"
        ) from error
    return len(files)


def autograder_files(
    course: Course, assignment: Assignment, key: bytes, rules: Rules = _DEFAULTS
) -> dict[str, bytes]:
    """Path in the zip -> contents. Raises TierUnavailable."""
    if course.tier > _TIER:
        raise TierUnavailable(
            f"{course.root / COURSE_FILE}: requires isolation of tier {course.tier}, and a container of "
            f"Gradescope reaches {_TIER}; require that, or grade by `dlc grade`"
        )
    files = {
        "setup.sh": _setup(assignment),
        "run_autograder": RUN,
        "requirements.txt": _requirements(assignment),
        COURSE_FILE: _course(course),
        FILE: to_json(assignment.id, rules),
    }
    found = {name: text.encode() for name, text in files.items()}
    found["key"] = key + b"\n"
    found |= {name: path.read_bytes() for name, path in _copied(course, assignment)}
    return found


def _copied(course: Course, assignment: Assignment) -> Iterator[tuple[str, Path]]:
    for path in _engine():
        yield f"autograder/{path.relative_to(_PACKAGE).as_posix()}", path
    for path in sorted(assignment.folder.glob("*")):
        if path.is_file():
            yield f"assignments/{assignment.id}/{path.name}", path
    for other in {each.after for each in assignment.provided if each.after}:
        # The specification names the assignment after which a module is handed out.
        yield f"assignments/{other}/assignment.yaml", course.assignments / other / "assignment.yaml"
    library = course.root / course.library
    for path in sorted(_graders(course, assignment)):
        for folder, name in _homes(course).items():
            if path.is_relative_to(folder):
                yield f"{name}/{path.relative_to(folder).as_posix()}", path
    yield f"{course.library}/__init__.py", library / "__init__.py"
    for path in data_files(course, assignment):
        yield f"{course.library}/{path.name}", path


def _homes(course: Course) -> dict[Path, str]:
    """Folder of the course -> its place in the zip."""
    return {
        course.graders: "autograder/graders",
        course.mistakes: "autograder/mistakes",
        course.root / course.library: course.library,
    }


def _engine() -> list[Path]:
    """This package without what other assignments, commands and exports need."""
    own = Path(__file__).parent
    found = [path for path in _PACKAGE.glob("*") if path.suffix == ".py" and path.stem != "__main__"]
    for folder in _PACKAGE.iterdir():
        if folder.is_dir() and folder.name not in _LEFT_OUT:
            found += [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    found += [own.parent / "__init__.py", *own.glob("*.py")]
    found += [_PACKAGE / "graders/__init__.py", *(_PACKAGE / "mistakes").glob("*.py")]
    return sorted(found)


def _graders(course: Course, assignment: Assignment) -> set[Path]:
    """Hidden tests, mistakes and reference modules of the assignment, with everything they import."""
    library = course.root / course.library
    modules = {*task_modules(assignment), *(each.module for each in assignment.provided), VENDOR}
    start = [*(course.graders / assignment.id).rglob("*.py"), *course.graders.glob("*.py")]
    start += (course.mistakes / assignment.id).rglob("*.py")
    start += [path for name in sorted(modules) if (path := library / f"{name}.py").is_file()]
    packages = {
        "autograder.graders": course.graders,
        "autograder.mistakes": course.mistakes,
        course.library: library,
    }
    found = closure(start, packages)
    equivalent = course.mistakes / assignment.id / "equivalent.yaml"
    return found - {equivalent}


def _course(course: Course) -> str:
    content = {
        "library": course.library,
        "tier": _TIER,
        "key_file": "key",
        "assignments": "assignments",
        "graders": "autograder/graders",
        "mistakes": "autograder/mistakes",
    }
    return yaml.safe_dump(content, sort_keys=False)


def _setup(assignment: Assignment) -> str:
    torch = TORCH.replace("VERSION", _TORCH_VERSION) if "torch" in assignment.packages else ""
    return SETUP.replace('TORCH"', f'{torch}"', 1)


def _requirements(assignment: Assignment) -> str:
    """Exactly what is installed here, so that the verdict is the same there."""
    names = [*_NEEDED, *(["triton"] if "triton" in assignment.packages else [])]
    return "".join(f"{name.lower()}=={version(name)}\n" for name in names)
