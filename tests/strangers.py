"""Files that tell when they are imported, under every name that a trusted interpreter may ask for."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

# What Python imports unasked, what this project and its courses are called, what pytest collects.
_OURS = ("autograder", "dlc_lib", "tinylib", "sitecustomize", "usercustomize", "conftest")
# What Python, pytest, matplotlib or `dlc` read where they find it; each would stop or turn them.
_SETTINGS = {
    "pytest.ini": "[pytest]\naddopts = -p pickle --collect-only\n",
    "tox.ini": "[pytest]\naddopts = -p pickle\n",
    "setup.cfg": "[tool:pytest]\naddopts = -p pickle\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = ['-p', 'pickle']\n",
    "stranger-1.dist-info/METADATA": "Name: stranger\nVersion: 1\n",
    "stranger-1.dist-info/entry_points.txt": "[pytest11]\nstranger = pickle\n",
    "stranger.pth": "import pickle\n",
    "pyvenv.cfg": "home = /nowhere\n",
    ".pdbrc": "import pickle\n",
    "matplotlibrc": "backend: module://pickle\n",
    ".dlc/key": "known to a stranger, and long enough for a key\n",
}


# Not by open(): `encodings` is imported before there is one.
_TELLS = """import posix
told = posix.open({marker!r}, posix.O_WRONLY | posix.O_CREAT | posix.O_APPEND, 0o600)
posix.write(told, {says!r}.encode())
posix.close(told)
"""


def names() -> list[str]:
    """Top-level names of the standard library, of this project, and of all that it depends on here."""
    wanted, found = ["deep-learning-clinic"], set()
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        found.add(name)
        try:
            lines = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # an extra that is not installed
        wanted += [
            match[0].lower().replace("_", "-") for line in lines if (match := re.match(r"[\w.-]+", line))
        ]
    owners = packages_distributions()
    theirs = [
        name for name, owned in owners.items() if {owner.lower().replace("_", "-") for owner in owned} & found
    ]
    return sorted(name for name in {*sys.stdlib_module_names, *theirs, *_OURS} if name.isidentifier())


def plant(folder: Path, marker: Path, *, packages: bool = False, more: Iterable[str] = ()) -> None:
    """Put a module, or a package, of every name into a folder; one that is imported says so in `marker`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in {*names(), *more}:
        path = folder / name / "__init__.py" if packages else folder / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(_TELLS.format(marker=str(marker), says=f"{name} in {folder}\n"))
    for name, text in _SETTINGS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
