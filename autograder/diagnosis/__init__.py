"""Names the likely mistake behind failed tests, from numbers alone."""

from .diagnose import Diagnostician
from .outcomes import Outcomes, file_of

__all__ = ["Diagnostician", "Outcomes", "file_of"]
