"""Where the zygote finds what student code may import beside the standard library."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from typing import Any


class Packages(MetaPathFinder):
    """Finds the listed top-level packages where they are installed, and nothing beside them."""

    def __init__(self, folders: dict[str, str]) -> None:
        self._folders = folders

    def find_spec(self, fullname: str, path: Any, _target: Any = None) -> ModuleSpec | None:
        """A listed package."""
        if path is None and fullname in self._folders:
            return PathFinder.find_spec(fullname, [self._folders[fullname]])
        return None


def install(folders: dict[str, str], own_folder: str) -> None:
    """Make the packages importable and take this project's folder off the search path."""
    sys.path.remove(own_folder)
    sys.meta_path.append(Packages(folders))
