"""Names the likely mistake behind failed tests, from numbers alone."""

from .diagnose import Diagnostician

__all__ = ["Diagnostician"]
