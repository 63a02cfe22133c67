"""All files of one hand-in in memory, archives within opened."""

from __future__ import annotations

import io
from pathlib import Path

from ..errors import SubmissionError
from ..text import shown
from .archive import unpack
from .files import Bundle, is_machines, open_regular, read_folder
from .find import HandIn
from .names import platform_owner
from .paths import is_archive, is_code, stem


def gather(hand_in: HandIn, bundle: Bundle) -> None:
    """Read a hand-in into the bundle.

    Raises SubmissionError where none of it can be read, and OSError where that is the machine's fault.
    """
    try:
        if hand_in.path.is_dir():
            for part in hand_in.members or ("",):
                _read(hand_in.path / part, bundle)
        elif hand_in.members:
            for part in hand_in.members:
                with open_regular(hand_in.path) as stream:
                    unpack(stream, hand_in.path.name, bundle, inside=part)
        else:
            _read(hand_in.path, bundle)
    except OSError as error:
        if is_machines(error):
            raise
        name = ", ".join(hand_in.members) or hand_in.path.name
        raise SubmissionError(
            f"{shown(name)}: cannot be read ({error.strerror}); hand it in again"
        ) from error
    _name_as_the_student_did(bundle)
    _open_archives(bundle)


def _read(path: Path, bundle: Bundle) -> None:
    if path.is_dir() and not path.is_symlink():
        read_folder(path, bundle)
        return
    with open_regular(path) as stream:
        bundle.add(path.name, stream)


def _name_as_the_student_did(bundle: Bundle) -> None:
    """Take off what Canvas and Moodle put before the names of files."""
    for path in list(bundle.files):
        owner = platform_owner(path)
        if owner is not None and owner.original:
            bundle.files[owner.original] = bundle.files.pop(path)


def _open_archives(bundle: Bundle) -> None:
    """Open archives while there is no code beside them."""
    for _ in range(bundle.caps.nesting):
        packed = sorted(path for path in bundle.files if is_archive(path))
        if not packed or any(map(is_code, bundle.files)):
            break
        if len(bundle.files) == 1:
            unpack(io.BytesIO(bundle.files.pop(packed[0])), packed[0], bundle)
            continue
        for path in packed:
            folder, contents = path.rpartition("/")[0], bundle.files.pop(path)
            under = f"{folder}/{stem(path)}/" if folder else f"{stem(path)}/"
            try:
                unpack(io.BytesIO(contents), path, bundle, under=under)
            except SubmissionError as error:
                bundle.notes.append(str(error))
    for path in [path for path in bundle.files if is_archive(path)]:
        beside = any(map(is_code, bundle.files))
        why = "there is code beside it" if beside else "too many archives within archives"
        bundle.ignore(path, f"ignored, {why}")
        del bundle.files[path]
