"""Fills nbgrader's folder `autograded/`, whose notebooks formgrader shows. Needs nbgrader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from ..errors import AutograderError
from ..model import Report
from ..report.files import write_bytes_atomically
from .nbgrader import CONFIG
from .nbgrader_plugin import fill_in, restore

_STAMP = "timestamp.txt"


@dataclass(frozen=True)
class Autograded:
    """What `nbgrader autograde` would have written for one hand-in."""

    submitted_at: datetime | None  # UTC without saying so, as nbgrader keeps it
    files: Mapping[Path, bytes] = field(default_factory=dict)


def course_directory(root: Path) -> Any:
    """Nbgrader's object for the course directory `root`, with the configuration that lies there.

    Raises AutograderError where nbgrader cannot read it.
    """
    try:
        config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    except ConfigFileNotFound:
        config = Config()
    except Exception as error:  # it is a program of the instructor's
        raise AutograderError(f"{root / CONFIG}: cannot be loaded ({error}); mend it") from error
    config.CourseDirectory.root = config.CourseDirectory.get("root", str(root.absolute()))
    return CourseDirectory(config=config)


def autograded(directory: Any, notebook: Any, report: Report) -> Autograded | None:
    """The files that a student handed in, with the points of the report written into the notebook.

    A notebook that cannot be read stays as it is. In one that cannot be filled in, only our cells are left.

    Args:
        directory: nbgrader's object for the course directory.
        notebook: the gradebook's record of the notebook, which tells its test cells.
        report: our report on the hand-in.

    Returns:
        The files; None where nothing of the student lies in `submitted/`.
    """
    if Path(report.student).name != report.student:
        return None  # such a name leads to another folder
    ids = report.student, report.assignment
    submitted = Path(directory.format_path(directory.submitted_directory, *ids))
    if not submitted.is_dir():
        return None
    files = {_STAMP: _read(submitted / _STAMP)}
    name = f"{report.assignment}.ipynb"
    files[name] = _with_points(_read(submitted / name), notebook, report)
    place = Path(directory.format_path(directory.autograded_directory, *ids))
    handed_in = {place / name: data for name, data in files.items() if data is not None}
    return Autograded(_moment(files[_STAMP]), handed_in)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _with_points(submitted: bytes | None, notebook: Any, report: Report) -> bytes | None:
    if submitted is None:
        return None
    try:
        nb = nbformat.reads(submitted.decode("utf-8"), as_version=4)
    except Exception:  # nobody shows it then
        return submitted
    try:
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        return _filled(nb, notebook, report)
    except Exception:  # what students can write into a notebook has no end
        return _filled(nbformat.v4.new_notebook(), notebook, report)


def _filled(nb: Any, notebook: Any, report: Report) -> bytes:
    restore(nb, notebook)
    fill_in(nb, report)
    return str(nbformat.writes(nb)).encode()


def _moment(stamp: bytes | None) -> datetime | None:
    try:
        moment: datetime = parse_utc((stamp or b"").decode("utf-8").strip())
    except (ValueError, OverflowError):
        return None
    return moment


@contextmanager
def in_place(files: Mapping[Path, bytes]) -> Iterator[None]:
    """Write files for the length of a block, and keep them if it succeeds.

    If the block raises, the folder gets back what it held before. Raises OSError.
    """
    with ExitStack() as undo:
        for path, data in files.items():
            undo.callback(_put_back, path, _read(path))
            write_bytes_atomically(path, data)
        yield
        undo.pop_all()


def _put_back(path: Path, before: bytes | None) -> None:
    if before is not None:
        write_bytes_atomically(path, before)
        return
    path.unlink(missing_ok=True)
    with suppress(OSError):  # not empty
        path.parent.rmdir()  # a folder counts as autograded
        path.parent.parent.rmdir()
