"""What students get: stubs, handout, public tests, notebook, cut from one complete source."""

from .build import ReleaseError, audit_release, build_release
from .giveaway import TooEarly
from .projection import project
from .stubs import StubError

__all__ = ["ReleaseError", "StubError", "TooEarly", "audit_release", "build_release", "project"]
