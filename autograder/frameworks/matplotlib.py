"""Matplotlib, drawing into memory."""

from __future__ import annotations

from .framework import Framework

MATPLOTLIB = Framework(
    name="matplotlib",
    requirement="matplotlib>=3.8",
    kept=("matplotlib.pyplot",),
    preload=("matplotlib.pyplot",),  # which looks for fonts, and writes down where they are
    environment={"MPLBACKEND": "Agg"},
)
