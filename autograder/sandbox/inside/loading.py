"""The student's modules, from memory under the name of the course's library."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType
from typing import Any

from .absent import DisplayFinder
from .statements import run_module


class Library(MetaPathFinder, Loader):
    """Finds and runs the modules of one hand-in; knows which file a frame belongs to."""

    def __init__(self, package: str, texts: Mapping[str, str]) -> None:
        self.package = package
        self._texts = texts

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The package, or one of its modules."""
        if fullname == self.package:
            return spec_from_loader(fullname, self, is_package=True)
        package, _, module = fullname.rpartition(".")
        if package == self.package and module in self._texts:
            return spec_from_loader(fullname, self, origin=f"{module}.py")
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's text in its namespace."""
        name = module.__name__.rpartition(".")[2]
        if module.__name__ == self.package:
            return
        module.__file__ = f"{name}.py"
        run_module(self._texts[name], f"{name}.py", module)

    def get_source(self, fullname: str) -> str | None:
        """Text of a module, for those who read the source of a function: Triton compiles from it."""
        return self._texts.get(fullname.rpartition(".")[2])

    def has(self, module: str) -> bool:
        """Whether a module was handed in or out."""
        return module in self._texts

    def load(self, module: str) -> ModuleType:
        """The module, run at its first use."""
        return importlib.import_module(f"{self.package}.{module}")

    def complete(self, script: ModuleType, adopt: Mapping[str, list[str]]) -> None:
        """Put what a script defines in the place of the stubs it completes: module -> names."""
        for module, names in adopt.items():
            try:
                home = self.load(module)
            except BaseException:  # its own loading tells why
                continue
            for name in names:
                if name in script.__dict__:
                    self._replace(home, name, script.__dict__[name])

    def _replace(self, module: ModuleType, name: str, value: Any) -> None:
        # Other modules of the library may already have imported the stub by name.
        stub = module.__dict__.get(name)
        module.__dict__[name] = value
        for loaded in list(sys.modules.values()):
            if getattr(loaded, "__name__", "").startswith(f"{self.package}."):
                for key, held in list(loaded.__dict__.items()):
                    if held is stub and stub is not None:
                        loaded.__dict__[key] = value


class Bare(MetaPathFinder, Loader):
    """Finds `import layers`, as it works for a student whose files lie in one folder."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A module of the library by its name alone."""
        return spec_from_loader(fullname, self) if self._library.has(fullname) else None

    def exec_module(self, module: ModuleType) -> None:
        """Put the module itself in the place of its double."""
        sys.modules[module.__name__] = self._library.load(module.__name__)


def install(library: Library) -> None:
    """Have imports look in this library first, then for its modules without it, last for stand-ins."""
    sys.meta_path.insert(0, library)
    sys.meta_path += [Bare(library), DisplayFinder()]


@contextmanager
def imports_kept() -> Iterator[None]:
    """Restore, once code has run, the imported modules and finders that it removed.

    So code that empties `sys.modules` while it is loaded harms itself alone, and not what is loaded after it.
    """
    modules, finders, folders = sys.modules, sys.meta_path, sys.path
    before = dict(modules), list(finders), list(folders)
    try:
        yield
    finally:
        sys.modules, sys.meta_path, sys.path = modules, finders, folders
        for name in before[0].keys() - modules.keys():
            modules[name] = before[0][name]
        finders += [finder for finder in before[1] if finder not in finders]
        folders += [folder for folder in before[2] if folder not in folders]
