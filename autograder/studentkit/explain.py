"""What went wrong in a test, in the words of the task instead of pytest's internals."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pytest

from .compare import NotClose
from .folder import Release
from .kinds import StudentError

_NOT_RAISED = re.compile(r"DID NOT RAISE (?:<class ')?([\w.]+)(?:'>)?")
_NUMBER = re.compile(r"np\.\w+\(([^()]*)\)")  # how numpy 2 writes its numbers
_FRAMES = 6
_LINES = 14
_SHADES = " .:-=+*#"


@dataclass(frozen=True)
class Explanation:
    """Why a test did not pass."""

    lines: tuple[str, ...]
    not_done: str = ""  # name of the function that is still a stub


def explain(error: BaseException, trace: TracebackType | None, release: Release) -> Explanation:
    """The property that failed and by how much; for an exception, where the student's code raised it."""
    stub = _stub(error, release)
    if stub:
        return Explanation((f"not done yet: {stub}",), stub)
    if isinstance(error, NotClose):
        detail = _NUMBER.sub(r"\1", error.detail)
        return Explanation((str(error), *([detail] if detail else []), *_picture(error)))
    if isinstance(error, StudentError):
        return Explanation((str(error),))
    if isinstance(error, SyntaxError):
        where = f"{_shown(str(error.filename), release.folder)}:{error.lineno}"
        return Explanation(
            (f"{where}: Python cannot read this: {error.msg}", f"    {(error.text or '').strip()}")
        )
    if isinstance(error, pytest.fail.Exception):
        return Explanation((_NOT_RAISED.sub(r"nothing was raised; expected \1", str(error)),))
    frames = _frames(trace, release)
    if isinstance(error, AssertionError) and frames[-1:] and frames[-1].name.startswith("test_"):
        return Explanation(tuple(str(error).splitlines()[:_LINES]) or ("the assertion does not hold",))
    text = "".join(traceback.format_exception_only(type(error), error)).strip()
    return Explanation((*text.splitlines()[:_LINES], *_places(frames, release)))


def _stub(error: BaseException, release: Release) -> str:
    """Name of the function whose stub raised, or nothing."""
    names = (name for task in release.tasks for _, name in task.functions())
    said = error.args[0] if isinstance(error, NotImplementedError) and error.args else None
    return next((name for name in names if said == release.stub_label(name)), "")


def _picture(error: NotClose) -> list[str]:
    """Where the entries are wrong, over the last two axes; nothing where there is no place to show."""
    rows = error.levels
    if len(rows) < 2 or len(rows[0]) < 2 or error.wrong >= 1.0:
        return []
    drawn = [f"    |{''.join(_SHADES[level] for level in row)}|" for row in rows]
    return ["where, over the last two axes (blank is right, # is worst):", *drawn]


def _frames(trace: TracebackType | None, release: Release) -> list[traceback.FrameSummary]:
    """The frames in files of the release, the kit's own left out."""
    kit = release.folder / "studentkit"
    frames = []
    for each in traceback.extract_tb(trace):
        path = Path(each.filename)
        if "ipykernel_" in each.filename or (
            path.is_relative_to(release.folder)
            and not path.is_relative_to(kit)
            and "site-packages" not in path.parts
        ):
            frames.append(each)
    return frames


def _places(frames: list[traceback.FrameSummary], release: Release) -> list[str]:
    """Where the code raised; the test itself only where nothing else is known."""
    frames = [each for each in frames if not each.name.startswith("test_")] or frames
    left_out = max(len(frames) - _FRAMES, 0)
    lines = [f"... {left_out} calls ..."] if left_out else []
    for each in frames[left_out:]:
        lines.append(f"{_shown(each.filename, release.folder)}:{each.lineno}, in {each.name}")
        lines += [f"    {each.line}"] if each.line else []
    return lines


def _shown(path: str, folder: Path) -> str:
    return Path(path).relative_to(folder).as_posix() if Path(path).is_relative_to(folder) else path
