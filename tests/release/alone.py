"""Runs Python as on a student's machine: numpy, pytest and what pytest needs, and nothing of ours."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_PACKAGES = (
    *("numpy", "numpy.libs", "pytest", "_pytest", "py.py"),
    *("pluggy", "iniconfig", "packaging", "pygments"),
)

_TORCH = (
    *("torch", "torchgen", "functorch", "sympy", "mpmath", "networkx", "jinja2", "markupsafe", "fsspec"),
    *("filelock", "typing_extensions.py", "setuptools"),
)
_TRITON = ("triton",)


@dataclass(frozen=True)
class Machine:
    site: Path  # holds links to the packages, and to no other

    def python(self, folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
        """-S leaves out site-packages and with them the checkout, which is installed there."""
        env = {"PYTHONPATH": str(self.site), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-S", *args]
        return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def make_machine(site: Path, packages: tuple[str, ...] = ()) -> Machine:
    """A machine with numpy and pytest, and with torch and Triton where they are among the packages."""
    site.mkdir()
    installed = Path(np.__file__).parent.parent
    more = (*(_TORCH if "torch" in packages else ()), *(_TRITON if "triton" in packages else ()))
    for name in (*_PACKAGES, *more):
        if (installed / name).exists():
            (site / name).symlink_to(installed / name)
    return Machine(site)
