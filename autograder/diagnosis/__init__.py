"""Names the likely mistake behind failed tests, from numbers alone."""

from .diagnose import Diagnostician, Found
from .outcomes import Outcomes

__all__ = ["Diagnostician", "Found", "Outcomes"]
