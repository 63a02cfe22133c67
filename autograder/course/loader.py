"""A course's own code in this process: hidden tests, mistakes and the reference library.

Several courses live in one process, and two may call their library the same. So each course is loaded under
a package of its own, named after its folder, and `from dlc_lib import conv` in a file of the course imports
`dlc_course_<digest>.dlc_lib`: the modules get an `__import__` that says so, also for an import inside a
function, since a function takes its builtins from its module. The search path is not touched.

What would go past that import, and could bring another course's module or one that the slice does not know
of, is refused; see `bypass`. No module of a course has its plain name, and none is loaded under that for code
of the course, whoever asks in its stead.

A course stays loaded until its files change. Whoever uses it for long enters it (`with modules_of(course)`):
then it stays as it was loaded until they leave, and goes with the last of them.
"""

from __future__ import annotations

import builtins
import importlib
import linecache
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from stat import S_ISREG
from types import CodeType, FrameType, ModuleType
from typing import Any, NoReturn

from ..errors import SpecError
from ..model import Course
from .bypass import Shown, frames, imports_by_itself, past, refuse_ways_past
from .reading import parse_file

# Where a course written for version 0.1 finds what its graders share.
_NOTHING: Mapping[str, ModuleType] = {}
_MOVED = {
    "autograder.graders.judging": "autograder.author",
    "autograder.mistakes.catalogue": "autograder.author",
}


_Listing = frozenset[tuple[str | int, ...]]


def modules_of(course: Course) -> CourseModules:
    """The code of a course as it lies on disk now; the same object until one of its files changes.

    What was loaded of an earlier state goes, and so does every other course whose files have changed.
    """
    loaded = [each for each in sys.meta_path if isinstance(each, CourseModules)]
    own = [each for each in loaded if each.course.root == course.root]
    for each in own:
        if not each.superseded and _layout(each.course) == _layout(course) and each.is_current():
            return each
    modules = CourseModules(course, max((each.generation for each in own), default=-1) + 1)
    for each in loaded:
        if each in own or not each.is_current():
            each.supersede()
    sys.meta_path.insert(0, modules)  # before the one that would load the same files without our import
    return modules


class CourseModules:
    """Modules of one course, under names of its own. A finder of the import system.

    A context manager: what is loaded stays while somebody is inside.
    """

    def __init__(self, course: Course, generation: int) -> None:
        digest = sha256(str(course.root).encode()).hexdigest()[:12]
        self.course = course
        self.generation = generation
        self.tops = top_names(course)
        self.superseded = False  # whether files have changed since
        self._package = f"dlc_course_{digest}_{generation}"
        self._users = 0
        self._folders: dict[Path, _Listing] = {}  # of the files loaded, and what lay there then
        self._titles: set[str] = set()  # file names of the code loaded, as frames tell them
        self._builtins = ModuleType("builtins")
        vars(self._builtins).update(vars(builtins), __import__=self._import)

    def __enter__(self) -> CourseModules:
        self._users += 1
        return self

    def __exit__(self, *_: object) -> None:
        self._users -= 1
        if self.superseded and not self._users:
            self.close()

    def supersede(self) -> None:
        """Give way to a later state of the course: go now, or with the last who is inside."""
        self.superseded = True
        if not self._users:
            self.close()

    def close(self) -> None:
        """Let go of all that is loaded. Code of it that still runs can import no more of its course."""
        sys.meta_path[:] = [each for each in sys.meta_path if each is not self]
        for name in [name for name in sys.modules if name.partition(".")[0] == self._package]:
            del sys.modules[name]

    def load(self, path: Path) -> ModuleType:
        """The module in a file of the course, or the package in a folder of it.

        Raises SpecError where it lies elsewhere or imports past the course, and whatever it raises.
        """
        if not path.is_relative_to(self.course.root):
            path = path.resolve()
        if not path.is_relative_to(self.course.root):
            raise SpecError([f"{path}: lies outside the course, {self.course.root}; move it there"])
        parts = path.relative_to(self.course.root).with_suffix("").parts
        self._refuse_closed()
        return importlib.import_module(".".join([self._package, *parts]))

    def library(self, module: str) -> ModuleType:
        """A module of the reference library."""
        self._refuse_closed()
        return importlib.import_module(f"{self._package}.{self.course.library}.{module}")

    def variant(
        self, module: str, text: str, title: str, beside: Mapping[str, ModuleType] = _NOTHING
    ) -> ModuleType:
        """A module of the library with another text.

        Args:
            module: its name in the library.
            text: the other text.
            title: what tracebacks call its file.
            beside: modules of the library that it finds in the place of those of that name, where it imports
                them when it is loaded.

        Returns:
            The module, which nobody else sees.
        """
        package = f"{self._package}.{self.course.library}"
        name = f"{package}.{module}"
        self._refuse_closed()
        self._titles.add(title)
        found = ModuleType(name)
        found.__package__ = name.rpartition(".")[0]
        self._lend_import(found)
        # Triton reads the source of its kernels.
        linecache.cache[title] = (len(text), None, text.splitlines(keepends=True), title)
        # A dataclass looks its module up.
        lent = {name: found, **{f"{package}.{each}": other for each, other in beside.items()}}
        with _in_place(lent):
            exec(compile(text, title, "exec", dont_inherit=True), found.__dict__)
        return found

    def is_current(self) -> bool:
        """Whether all that lies beside the files that were loaded, data among it, is as it was."""
        return all(_listing(folder) == before for folder, before in self._folders.items())

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module of this course lies; part of the import system.

        Raises ModuleNotFoundError for one that it does not have: no other finder may look for it here.
        """
        package, *parts = fullname.split(".")
        if package in self.tops and self._waits():
            self._refuse(fullname)
        if package != self._package:
            return None
        if parts and parts[0] not in self.tops:
            raise self._absent(fullname)
        place = self.course.root.joinpath(*parts)
        for path in (place / "__init__.py", place.with_suffix(".py")):
            if parts and path.is_file():
                inner = [str(place)] if path.parent == place else None
                loader = _Loader(fullname, path, self)
                return spec_from_file_location(
                    fullname, path, loader=loader, submodule_search_locations=inner
                )
        if not place.is_dir():
            raise self._absent(fullname)
        folder = ModuleSpec(fullname, None, is_package=True)
        folder.submodule_search_locations = [str(place)]
        return folder

    def begin(self, module: ModuleType, path: Path) -> None:
        """Note where a module is loaded from, and give it the import function of its course."""
        if path.parent not in self._folders:
            self._folders[path.parent] = _listing(path.parent)
        self._titles.add(str(path))
        self._lend_import(module)

    def _absent(self, fullname: str) -> ModuleNotFoundError:
        name, tops = fullname.partition(".")[2], " and ".join(sorted(self.tops))
        says = f"the course has no module {name}; what it imports lies in {tops}, as .py files"
        return ModuleNotFoundError(says, name=fullname)

    def _lend_import(self, module: ModuleType) -> None:
        module.__dict__["__builtins__"] = vars(self._builtins)

    def _import(
        self,
        name: str,
        globals_: Mapping[str, object] | None = None,
        locals_: Mapping[str, object] | None = None,
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> Any:
        top = name.partition(".")[0]
        if level or top in self.tops:
            return self._import_own(name, globals_, locals_, fromlist, level)
        if name != "importlib" and imports_by_itself(name):
            self._refuse(name)
        found = builtins.__import__(_MOVED.get(name, name), globals_, locals_, fromlist, level)
        if found is builtins:
            return self._builtins
        return Shown(found, self._refuse) if found is sys or found is importlib else found

    def _import_own(
        self,
        name: str,
        globals_: Mapping[str, object] | None,
        locals_: Mapping[str, object] | None,
        fromlist: Sequence[str],
        level: int,
    ) -> ModuleType:
        if sys._getframe(2).f_code.co_filename not in self._titles:  # of no file, so the slice cannot know
            self._refuse(f"a text that imports {'.' * level}{name}")
        self._refuse_closed()
        if level:
            return builtins.__import__(name, globals_, locals_, fromlist, level)
        found = builtins.__import__(f"{self._package}.{name}", globals_, locals_, fromlist, 0)
        return found if fromlist else sys.modules[f"{self._package}.{name.partition('.')[0]}"]

    def _refuse(self, name: str) -> NoReturn:
        own = (frame for frame in frames() if self._is_own(frame))
        frame = next(own, sys._getframe(1))
        raise past(Path(frame.f_code.co_filename), frame.f_lineno, name)

    def _is_own(self, frame: FrameType) -> bool:
        """Whether a frame is of a module loaded here: others may import the same file plainly."""
        return frame.f_builtins is vars(self._builtins) and frame.f_code.co_filename in self._titles

    def _waits(self) -> bool:
        """Whether code of the course waits for what is asked for now, and not this framework in its stead."""
        for frame in frames():
            if self._is_own(frame):
                return True
            asks = frame.f_globals.get("__name__", "")
            if asks.partition(".")[0] == __name__.partition(".")[0] and asks != __name__:
                return False
        return False

    def _refuse_closed(self) -> None:
        if self not in sys.meta_path:
            raise SpecError([f"{self.course.root}: has changed since this code was loaded; load it again"])


def top_names(course: Course) -> frozenset[str]:
    """Names at the course's root from which its code may import."""
    folders = (course.graders, course.mistakes)
    return frozenset({course.library, *(folder.partition("/")[0] for folder in folders)})


class _Loader(SourceFileLoader):
    """Loads one file of a course; in hidden tests asserts say what they compared, as under pytest."""

    def __init__(self, fullname: str, path: Path, modules: CourseModules) -> None:
        super().__init__(fullname, str(path))
        self._modules = modules

    def get_code(self, fullname: str) -> CodeType:
        """The compiled file; not cached, so that what was checked is what runs."""
        path = Path(self.get_filename(fullname))
        tree = parse_file(path)
        refuse_ways_past(tree, path, self._modules.tops)
        if path.name.startswith("test_"):
            from _pytest.assertion.rewrite import rewrite_asserts  # grading alone needs it

            rewrite_asserts(tree, path.read_bytes(), str(path))
        code: CodeType = compile(tree, str(path), "exec", dont_inherit=True)
        return code

    def exec_module(self, module: ModuleType) -> None:
        """Run the file with the import of its course."""
        self._modules.begin(module, Path(self.path))
        super().exec_module(module)


def _listing(folder: Path) -> _Listing:
    """Names in a folder; of each file when it changed last and its size."""
    try:
        return frozenset(
            (each.name, *((found.st_mtime_ns, found.st_size) if S_ISREG(found.st_mode) else ()))
            for each in folder.iterdir()
            if not each.name.startswith(".") and each.name != "__pycache__"
            for found in [each.stat()]
        )
    except OSError:
        return frozenset()


def _layout(course: Course) -> tuple[Path, str, str, str]:
    """What says where the code of a course lies."""
    return course.root, course.library, course.graders, course.mistakes


@contextmanager
def _in_place(modules: Mapping[str, ModuleType]) -> Iterator[None]:
    """Let these modules be found under their names, also as attributes of their package."""
    before = {name: sys.modules.get(name) for name in modules}
    packages = {name: sys.modules.get(name.rpartition(".")[0]) for name in modules}
    attributes = {name: getattr(packages[name], name.rpartition(".")[2], None) for name in modules}
    _put(modules, packages, modules)
    try:
        yield
    finally:
        _put(before, packages, attributes)


def _put(
    modules: Mapping[str, ModuleType | None],
    packages: Mapping[str, ModuleType | None],
    attributes: Mapping[str, ModuleType | None],
) -> None:
    for name, module in modules.items():
        if module is None:
            del sys.modules[name]
        else:
            sys.modules[name] = module
        package, attribute, leaf = packages[name], attributes[name], name.rpartition(".")[2]
        if package is None:
            continue
        if attribute is not None:
            setattr(package, leaf, attribute)
        elif hasattr(package, leaf):
            delattr(package, leaf)
