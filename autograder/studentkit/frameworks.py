"""The frameworks that the kit knows; in a release their own files lie in this one's place."""

from __future__ import annotations

from ..frameworks import ARRAYS, TELLABLE, ArrayData, Arrays, Crossing, arrays_of, as_numbers

__all__ = ["ARRAYS", "TELLABLE", "ArrayData", "Arrays", "Crossing", "arrays_of", "as_numbers"]
