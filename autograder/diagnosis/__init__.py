"""Names the likely mistake behind failed tests, from numbers alone."""

from .diagnose import Diagnostician, Found
from .outcomes import Outcomes, file_of

__all__ = ["Diagnostician", "Found", "Outcomes", "file_of"]
