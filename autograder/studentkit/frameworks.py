"""The frameworks that the kit knows; in a release their own files lie in this one's place."""

from __future__ import annotations

from ..frameworks import ARRAYS, ArrayData, Arrays, arrays_of

__all__ = ["ARRAYS", "ArrayData", "Arrays", "arrays_of"]
