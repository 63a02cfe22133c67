"""Writes a folder of files beside its place and renames it into it: all of it or nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..errors import AutograderError


class ExportError(AutograderError):
    """An export cannot be written where it was asked for."""


def put_in_place(
    out: Path, files: Mapping[str, bytes], replaced: tuple[str, ...] = (), private: tuple[str, ...] = ()
) -> None:
    """Write files below `out`, where folders and files named by `replaced` are exchanged as a whole.

    Those named by `private` only their owner may read.

    Without `replaced` the folder must be new or empty. Another file that is there already and differs is
    somebody else's. Raises ExportError.
    """
    out = out.absolute()
    if out.exists() and not out.is_dir():
        raise ExportError(f"{out}: is a file; name a folder with -o")
    if not replaced and out.exists() and any(out.iterdir()):
        raise ExportError(f"{out}: is not empty; name a new or empty folder with -o")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with _beside(out) as folder:
            _write(folder / "new", files, private)
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
            place = out / path.relative_to(new)
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)


def _refuse_strangers(new: Path, out: Path, replaced: tuple[str, ...]) -> None:
    """A file of somebody else's that the export would overwrite."""
    for path in sorted(new.rglob("*")):
        name = path.relative_to(new)
        place = out / name
        ours = path.is_dir() or not place.exists() or any(name.is_relative_to(each) for each in replaced)
        if not ours and place.read_bytes() != path.read_bytes():
            raise ExportError(f"{place}: is not as an export writes it; move it away or name a new folder")


def _write(folder: Path, files: Mapping[str, bytes], private: tuple[str, ...]) -> None:
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(0o600 if path in private else 0o666)
        target.write_bytes(data)


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
