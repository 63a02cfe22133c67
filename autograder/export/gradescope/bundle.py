"""The autograder zip of one assignment for Gradescope: this package, and the slice of the course."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from ...course.layout import COURSE_FILE
from ...course.slicing import bundle_of, bundled_layout
from ...errors import AutograderError, TierUnavailable
from ...frameworks import builds_of
from ...grading import packed_key
from ...model import Assignment, Course
from ...report.files import write_bytes_atomically
from .rules import FILE, Rules, to_json
from .scripts import RUN, setup

_PACKAGE = Path(__file__).parents[2]
_NEEDED = ("numpy", "pytest", "PyYAML")
_LEFT_OUT = ("cli", "audit", "export")
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same zip from the same files
_DEFAULTS = Rules()
_TIER = 1  # isolation in a container that may not make namespaces


def write_autograder(
    course: Course, assignment: Assignment, out: Path, key: bytes, rules: Rules = _DEFAULTS
) -> int:
    """Write the zip.

    It holds hidden tests, references and the key of their inputs: give it to Gradescope and to nobody else.

    Args:
        course: the course.
        assignment: what is to be graded.
        out: path of the zip.
        key: the course key.
        rules: how submissions are taken and shown.

    Returns:
        The number of files in it.

    Raises:
        AutograderError: it cannot be written there.
        TierUnavailable: the course requires more isolation than a container of Gradescope can give.
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
        "setup.sh": setup(builds_of(assignment.packages)),
        "run_autograder": RUN,
        "requirements.txt": _requirements(assignment),
        COURSE_FILE: bundled_layout(course, "key", _TIER),
        FILE: to_json(assignment.id, rules),
    }
    contents = {name: text.encode() for name, text in files.items()}
    contents["key"] = packed_key(key, assignment.id) + b"\n"
    contents |= {name: path.read_bytes() for name, path in _copied(course, assignment)}
    return contents


def _copied(course: Course, assignment: Assignment) -> Iterator[tuple[str, Path]]:
    for path in _engine():
        yield f"autograder/{path.relative_to(_PACKAGE).as_posix()}", path
    for path in sorted(assignment.folder.glob("*")):
        if path.is_file():
            yield path.relative_to(course.root).as_posix(), path
    yield from bundle_of(course, assignment, mistakes=True).items()


def _engine() -> list[Path]:
    """This package without what other commands and exports need."""
    own = Path(__file__).parent
    paths = [path for path in _PACKAGE.glob("*") if path.suffix == ".py" and path.stem != "__main__"]
    for folder in _PACKAGE.iterdir():
        if folder.is_dir() and folder.name not in _LEFT_OUT:
            paths += [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return sorted([*paths, own.parent / "__init__.py", *own.glob("*.py")])


def _requirements(assignment: Assignment) -> str:
    """Exactly what is installed here, so that the verdict is the same there."""
    apart = builds_of(assignment.packages)  # the script installs these; see `scripts.py`
    names = dict.fromkeys((*_NEEDED, *(name for name in assignment.packages if name not in apart)))
    return "".join(f"{name.lower()}=={version(name)}\n" for name in names)
