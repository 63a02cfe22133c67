"""What students get: stubs, handout, public tests, notebook, cut from one complete source."""

from .projection import project
from .stubs import StubError

__all__ = ["StubError", "project"]
