"""Which parts of a reply stay with the student, told to the worker as JSON.

"data" crosses, "handle" stays; a list says so for each value of a tuple, {"each": ...} for every value of
a list or dict, {"or none": ...} lets None cross.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .kinds import DictOf, Kind, ListOf, Maybe, Named, Object

Staying = str | list[Any] | dict[str, Any]


@lru_cache(maxsize=1024)
def staying(kind: Kind) -> Staying:
    """What a worker has to know of a kind."""
    if kind == "handle" or isinstance(kind, Object):
        return "handle"
    if isinstance(kind, Named):
        return staying(kind.kinds)
    if isinstance(kind, tuple):
        parts = [staying(inner) for inner in kind]
        return parts if any(part != "data" for part in parts) else "data"
    if isinstance(kind, ListOf | DictOf):
        each = staying(kind.each)
        return "data" if each == "data" else {"each": each}
    if isinstance(kind, Maybe):
        inner = staying(kind.kind)
        return "data" if inner == "data" else {"or none": inner}
    return "data"
