"""Writing one file of the results: and whether, where that fails, no file can be written at all."""

from __future__ import annotations

import errno
from contextlib import suppress
from pathlib import Path

from ..report.files import write_atomically

_DISK = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ENODEV, errno.ESTALE),
        *(errno.EMFILE, errno.ENFILE, errno.ENOMEM),
    }
)


def write_or_remove(path: Path, text: str | None) -> None:
    """Write a file whole, or remove it where there is to be none. Raises OSError."""
    if text is None:
        path.unlink(missing_ok=True)
    else:
        write_atomically(path, text)


def stops_everybody(error: OSError, path: Path) -> bool:
    """Whether no file can be written beside that one either; a small one may fit where a page does not."""
    return error.errno in _DISK or not _takes_files(path.parent)


def _takes_files(folder: Path) -> bool:
    probe = folder / ".dlc-probe.tmp"  # named as a draft is, so that the next run removes what is left of it
    try:
        write_atomically(probe, "")
    except OSError:
        return False
    with suppress(OSError):
        probe.unlink()
    return True
