"""Triton, whose kernels are interpreted unless they are compiled for a GPU; see `sandbox/tiers.py`."""

from __future__ import annotations

from .framework import Framework

TRITON = Framework(
    name="triton",
    requirement="triton>=3.6; sys_platform == 'linux'",
    preload=("triton.language", "triton.runtime.interpreter"),
    environment={"TRITON_INTERPRET": "1"},  # has to be said before Triton is loaded
    optional=True,  # there is none for macOS and Windows, where all else works
    no_device=("0 active drivers",),
)
