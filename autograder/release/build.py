"""Write a release: built beside the folder it goes to, audited there, then renamed into it or thrown away."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..errors import AutograderError, LeakError
from ..model import Assignment, Course
from .audit import folder_leaks
from .contents import MANIFEST, release_files
from .folder import folder_beside, write_files
from .giveaway import refuse_early
from .withheld import withheld_from

_LEFT_BY_TESTS = ("__pycache__", ".pytest_cache", ".ipynb_checkpoints")


class ReleaseError(AutograderError):
    """A release cannot be written where it was asked for, or not yet."""


def build_release(
    course: Course,
    assignment: Assignment,
    out: Path,
    *,
    solution: bool = False,
    force: bool = False,
    give_away: tuple[str, ...] = (),
    now: datetime | None = None,
    extra: Mapping[str, str] | None = None,
) -> None:
    """Write the release of an assignment to `out`, or with `solution` the complete hand-in.

    An earlier release there is replaced; one with changed or added files only with `force`; any other
    folder with contents never. `give_away` names assignments whose solutions may be shown before their
    due date; `extra` are files that a platform wants beside them, path -> text. Raises LeakError with
    every leak, StubError, ReleaseError.
    """
    out = out.absolute()
    _refuse_folder(out, assignment, force=force)
    if not solution:
        refuse_early(course, assignment, now or datetime.now(UTC), give_away)
    out.parent.mkdir(parents=True, exist_ok=True)
    with folder_beside(out) as folder:
        built = folder / "new"
        write_files(built, release_files(course, assignment, solution=solution, extra=extra))
        withheld = None if solution else withheld_from(course, assignment)
        leaks = folder_leaks(built, course, assignment, withheld)
        if leaks:
            raise LeakError(leaks)
        if out.exists():
            out.rename(folder / "old")
        built.rename(out)


def audit_release(course: Course, assignment: Assignment) -> list[str]:
    """Leaks that a release of the assignment would have; nothing is left on disk."""
    return audit_files(course, assignment, release_files(course, assignment))


def audit_files(course: Course, assignment: Assignment, files: Mapping[str, bytes]) -> list[str]:
    """Leaks of what students would get, path -> contents; nothing is left on disk."""
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / assignment.id
        write_files(built, files)
        return folder_leaks(built, course, assignment, withheld_from(course, assignment))


def _refuse_folder(out: Path, assignment: Assignment, *, force: bool) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise ReleaseError(f"{out}: is no folder; name a new or empty one")
    if not out.exists() or not any(out.iterdir()):
        return
    manifest = _manifest(out)
    if manifest is None:
        raise ReleaseError(f"{out}: holds files that are no release; name a new or empty folder")
    if manifest.get("id") != assignment.id:
        raise ReleaseError(f"{out}: holds the release of {manifest.get('id')}; name another folder")
    changed = [] if force else _changed(out, manifest["files"])
    if changed:
        listed = ", ".join(changed[:3]) + (" and more" if len(changed) > 3 else "")
        raise ReleaseError(f"{out}: {listed} changed since the release; --force throws such work away")


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and isinstance(content.get("files"), dict) else None


def _changed(folder: Path, files: dict[str, str]) -> list[str]:
    present = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if not path.is_dir() and not any(part in _LEFT_BY_TESTS for part in path.parts)
    }
    return sorted(
        name
        for name, path in present.items()
        if name != MANIFEST and files.get(name) != sha256(path.read_bytes()).hexdigest()
    )
