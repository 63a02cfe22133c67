"""What is installed here of a distribution, as pip names it, and of all that it requires."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9]+(?:[-_.]+[A-Za-z0-9]+)*")
_NO_PARTS = ("", "..", "__pycache__")
_NOT_IMPORTED = (".dist-info", ".egg-info", ".pth", ".data")
_MODULES = (".py", ".so", ".pyd")


@dataclass(frozen=True)
class Installed:
    """One distribution."""

    name: str  # as `normal_name` writes it
    modules: dict[str, str]  # top-level name to import -> folder that holds it
    paths: tuple[str, ...]  # of all its files: those modules, and shared libraries beside them


def normal_name(name: str) -> str:
    """A distribution's name as it is compared: scikit-learn for Scikit_Learn."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_installed(name: str) -> bool:
    """Whether there is a distribution of this name."""
    try:
        return bool(_NAME.fullmatch(name)) and bool(distribution(name))
    except PackageNotFoundError:
        return False


def installed(name: str) -> Installed | None:
    """The distribution of this name; None where there is none."""
    if not is_installed(name):
        return None
    found = distribution(name)
    folder = Path(str(found.locate_file(""))).resolve()
    parts = _parts(found) or _listed(found, folder)
    modules = {part.partition(".")[0]: str(folder) for part in parts if _is_module(part)}
    paths = [str(folder / part) for part in parts if (folder / part).exists()]
    return Installed(normal_name(name), modules, tuple(sorted(paths)))


def installed_with(names: Iterable[str]) -> Iterator[Installed]:
    """The distributions of these names and of all that they require, each once, as far as they are here."""
    seen = set[str]()
    waiting = list(names)
    while waiting:
        name = normal_name(waiting.pop())
        found = installed(name) if name not in seen else None
        seen.add(name)
        if found is not None:
            waiting += _requirements(name)
            yield found


def _parts(found: Distribution) -> set[str]:
    """First parts of the paths of its files."""
    lines = (found.read_text("RECORD") or "").splitlines()
    parts = {re.split("[/,]", line, maxsplit=1)[0] for line in lines}
    return {each for each in parts if each not in _NO_PARTS and not each.endswith(_NOT_IMPORTED)}


def _listed(found: Distribution, folder: Path) -> set[str]:
    """The same where its files are recorded nowhere, as with packages of a Linux distribution."""
    names = (found.read_text("top_level.txt") or found.metadata["Name"].replace("-", "_")).split()
    candidates = {f"{name}{suffix}" for name in names for suffix in ("", ".py", ".libs")}
    return {each for each in candidates if (folder / each).exists()}


def _is_module(part: str) -> bool:
    return part.isidentifier() or part.endswith(_MODULES)


def _requirements(name: str) -> list[str]:
    lines = distribution(name).requires or []
    found = (_NAME.match(line) for line in lines if "extra ==" not in line)
    return [each[0] for each in found if each]
