"""Memory that a process and everything started by it hold together."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from threading import Event, Thread

_EVERY_S = 0.1
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


class Peak:
    """The largest sum of proportional set sizes, sampled from outside: shared pages count once."""

    def __init__(self, pid: int) -> None:
        self.mb = 0.0
        self._pid = pid
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_EVERY_S):
            self.mb = max(self.mb, sum(map(_pss_mb, _family(self._pid))))


def _family(pid: int) -> list[int]:
    """A process and its descendants."""
    children: dict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        # The name in parentheses may hold spaces; the parent is the second field behind it.
        fields = _text(stat).rpartition(")")[2].split()
        if fields:
            children[int(fields[1])].append(int(stat.parent.name))
    found = [pid]
    for each in found:  # grows while it is read
        found += children[each]
    return found


def _pss_mb(pid: int) -> float:
    size = _PSS.search(_text(Path(f"/proc/{pid}/smaps_rollup")))
    return int(size[1]) / 1024 if size else 0.0


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended meanwhile
        return ""
