"""Writing a folder of files: made beside where it goes and renamed, so that all of it is there or nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..errors import AutograderError


class ExportError(AutograderError):
    """An export cannot be written where it was asked for."""


def write_folder(
    out: Path, files: Mapping[str, bytes], replaced: tuple[str, ...] = (), private: tuple[str, ...] = ()
) -> None:
    """Write the files of an export.

    Args:
        out: Folder to write. It must be new or empty, unless `replaced` says what of it is ours.
        files: Path below it -> contents.
        replaced: Folders and files below it that are exchanged as a whole. Any other file that is there
            already must be equal to the one to be written, for it is somebody else's.
        private: Files that only their owner may read.

    Raises:
        ExportError: It cannot be written there, or holds what is not ours.
    """
    out = out.absolute()
    if out.exists() and not out.is_dir():
        raise ExportError(f"{out}: is a file; name a folder with -o")
    if not replaced and out.exists() and any(out.iterdir()):
        raise ExportError(f"{out}: is not empty; name a new or empty folder with -o")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with folder_beside(out) as folder:
            write_files(folder / "new", files, private)
            _move(folder, out, replaced)
    except OSError as error:
        raise ExportError(f"{out}: cannot write there ({error.strerror}); name another folder") from error


def _move(folder: Path, out: Path, replaced: tuple[str, ...]) -> None:
    new, old = folder / "new", folder / "old"
    if not out.exists() or not any(out.iterdir()):
        if out.exists():
            out.rmdir()
        new.rename(out)
        return
    _refuse_strangers(new, out, replaced)
    for name in replaced:
        (old / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        if (out / name).exists():
            (out / name).rename(old / name)
        (new / name).rename(out / name)
    for path in sorted(new.rglob("*")):
        if path.is_file():
            target = out / path.relative_to(new)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)


def _refuse_strangers(new: Path, out: Path, replaced: tuple[str, ...]) -> None:
    """A file of somebody else's that the export would overwrite."""
    for path in sorted(new.rglob("*")):
        name = path.relative_to(new)
        there = out / name
        ours = path.is_dir() or not there.exists() or any(name.is_relative_to(folder) for folder in replaced)
        if not ours and there.read_bytes() != path.read_bytes():
            raise ExportError(f"{there}: is not as an export writes it; move it away or name a new folder")


def write_files(folder: Path, files: Mapping[str, bytes], private: tuple[str, ...] = ()) -> None:
    """Write files, path -> contents, below a folder; those of `private` only their owner may read."""
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(0o600 if path in private else 0o666)
        target.write_bytes(data)


@contextmanager
def folder_beside(out: Path) -> Iterator[Path]:
    """A folder on the same disk, so that renaming is all it takes; gone at the end, come what may."""
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
