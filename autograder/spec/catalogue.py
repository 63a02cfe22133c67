"""The known solutions of an assignment, read from the course."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from .. import mistakes
from ..errors import SpecError
from ..mistakes.catalogue import Mistake, Variant


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The known solutions of one assignment."""

    wrong: tuple[Mistake, ...]
    right: tuple[Variant, ...]
    rewritten: tuple[Mistake, ...] = ()  # the same mistakes in differently written code


def load_catalogue(folder: Path) -> Catalogue:
    """The package `folder`, which names WRONG, RIGHT and perhaps REWRITTEN; empty without one.

    Raises SpecError.
    """
    path = folder / "__init__.py"
    if not path.is_file():
        return Catalogue((), ())
    # Under this package's name, wherever it lies, so that it finds `..catalogue`.
    name = f"{mistakes.__name__}.{folder.name}"
    spec = spec_from_file_location(name, path, submodule_search_locations=[str(folder)])
    assert spec is not None
    assert spec.loader is not None
    for loaded in [each for each in sys.modules if each == name or each.startswith(f"{name}.")]:
        del sys.modules[loaded]  # of another course
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        return Catalogue(tuple(module.WRONG), tuple(module.RIGHT), tuple(getattr(module, "REWRITTEN", ())))
    except Exception as error:
        raise SpecError([f"{path}: does not load: {type(error).__name__}: {error}"]) from error
