"""What a test gets to see of a student's answer, as text. Runs in the suite and in a release at home."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

DECLARED = {
    "array": "np.ndarray",
    "float": "float",
    "int": "int",
    "bool": "bool",
    "str": "str",
    "pair": "tuple[np.ndarray, np.ndarray]",
    "dict": "dict[str, np.ndarray]",
    "list": "list[np.ndarray]",
    "handle": "Any",
    "open": "",
}


def said(student: Any, declared: str, name: str) -> str:
    """What a call gives, or the sentence that refuses it."""
    try:
        return described(getattr(student.values, f"as_{declared}")(name))
    except Exception as error:
        kind = type(error).__name__
        return str(error) if kind == "StudentError" else f"{kind}: {error}"


def described(value: Any) -> str:
    """All of a value that a test could tell it by."""
    kind = type(value)
    if kind is np.ndarray:
        own = value.flags.writeable and value.flags.c_contiguous and value.flags.aligned
        digest = hashlib.sha256(value.tobytes()).hexdigest()[:8]
        return f"array {value.dtype.str} {value.shape} {digest}{'' if own else ' of another layout'}"
    if hasattr(kind, "remote_type"):
        return f"<{value.remote_type}>"
    if kind in (tuple, list):
        return f"{kind.__name__}({', '.join(map(described, value))})"[:4000]
    if kind is dict:
        entries = (f"{key!r} ({type(key).__name__}): {described(inner)}" for key, inner in value.items())
        return f"dict({', '.join(entries)})"[:4000]
    return f"{kind.__name__} {value!r}"
