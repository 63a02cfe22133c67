"""What an assignment may list as `packages`: what student code may import beside the standard library."""

from __future__ import annotations

import re
import sys
from importlib.metadata import packages_distributions

from ..frameworks import FRAMEWORKS
from ..installed import installed, installed_with, is_installed, normal_name

_OURS = {"autograder", "pytest", "_pytest"}  # what hidden tests run by
_PROJECT = "deep-learning-clinic"
_NAME = re.compile(r"[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*")


def check_package(name: str, library: str) -> None:
    """Raise ValueError with what is wrong about listing a package, and the way out."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"must be the name of a package as pip installs it, not {name!r}")
    if name in _OURS or name == library:
        raise ValueError(f"names {name}, which may not lie beside student code; take it out")
    known = FRAMEWORKS.get(name)
    if known and known.optional:
        return
    if name in sys.stdlib_module_names:
        raise ValueError(f"names {name}, which is part of Python; take it out")
    if not is_installed(name):
        raise ValueError(f"names {name}, which is not installed here; {_way_out(name)}")
    if not known:
        _check_unknown(name, library)


def _check_unknown(name: str, library: str) -> None:
    if name != normal_name(name):
        raise ValueError(f"names {name}; write {normal_name(name)}, its name in full")
    if banned := _banned(name, library):
        raise ValueError(f"names {name}, which brings {banned} beside student code; take it out")


def imported_names(package: str) -> tuple[str, ...]:
    """What is imported of a listed package: sklearn for scikit-learn, jax and jax.numpy for jax."""
    if known := FRAMEWORKS.get(package):
        return (known.name, *known.kept)
    distribution = installed(package)
    return tuple(distribution.modules) if distribution else (package,)


def brought_names(package: str) -> set[str]:
    """What student code can import where a package is listed: its modules, and those that it requires."""
    brought = {name for found in installed_with([package]) for name in found.modules}
    own = {name.partition(".")[0] for name in imported_names(package)}
    return {name for name in brought | own if name.isidentifier() and not name.startswith("_")}


def _way_out(name: str) -> str:
    """The distribution that brings a module of this name, if one is here; else how to install."""
    owners = packages_distributions().get(name, ())
    owner = normal_name(owners[0]) if owners else ""
    return f"write {owner}, which brings it" if owner else f"run `pip install {name}`, or correct the name"


def _banned(name: str, library: str) -> str:
    """What may not lie beside student code: this project, pytest, and the course's own library."""
    if name == _PROJECT:
        return "the grader"
    brought = {module for brings in installed_with([name]) for module in brings.modules}
    return next(iter(sorted(brought & {*_OURS, library})), "")
