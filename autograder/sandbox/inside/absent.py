"""Stand-ins for packages that are not installed where student code is graded.

Nobody looks at plots there, so packages that only show something do nothing. What belongs to another package
raises an error when it is called; to import it, or to name it in an annotation, does no harm.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType
from typing import Any

import numpy as np

SHOWING = frozenset(
    {
        *("IPython", "altair", "bokeh", "google", "ipywidgets", "matplotlib", "mpl_toolkits", "plotly"),
        *("pylab", "seaborn", "tqdm"),
    }
)
BUILT_IN = ("display", "get_ipython")  # IPython puts them in place without an import
# `try: import google.colab` is how a notebook asks whether it runs there, which it does not.
_FOUND = SHOWING - {"google"}
_STEPS: dict[str, Callable[..., Iterable[Any]]] = {  # what a progress bar goes through
    **dict.fromkeys(("tqdm", "tqdm_notebook"), lambda steps=(), *_: steps),
    **dict.fromkeys(("trange", "tnrange"), range),
    "tenumerate": enumerate,
    "tzip": zip,
}
_UNPACK = dis.opmap["UNPACK_SEQUENCE"]
_PARTS = 2  # of what has no length
_NUMPY = (np.linalg, np.random, np.fft, np)  # whose names pylab has too


class Absent:
    """Something of a package that is not there: raises ModuleNotFoundError when it is called."""

    def __init__(self, name: str) -> None:
        self._name = name  # "pandas.Series"

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Raises ModuleNotFoundError."""
        package = self._name.partition(".")[0]
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(self)(f"{self._name}.{name}")

    def __getitem__(self, _: Any) -> Any:
        return self

    def __or__(self, _: Any) -> Any:
        return self  # `pd.Series | None`

    __ror__ = __or__

    def __instancecheck__(self, _: Any) -> bool:
        return False

    def __mro_entries__(self, _: Any) -> tuple[type, ...]:
        return ()  # a class that derives from it derives from nothing


class Shown(Absent):
    """A part of a package that only shows: whatever is done with it has no effect, and gives another one."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """A progress bar where it is called like one, so that `for x in tqdm(xs)` still counts."""
        steps = _STEPS.get(self._name.rpartition(".")[2])
        if steps is None:
            return Shown(self._name)
        return Progress(steps(*args) if args else options.get("iterable", ()))

    def __setitem__(self, _key: Any, _value: Any) -> None:
        pass

    def __delitem__(self, _key: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        """As many parts as are asked for: `figure, (left, middle, right) = plt.subplots(1, 3)`."""
        frame = sys._getframe(1)
        operation, count = frame.f_code.co_code[frame.f_lasti : frame.f_lasti + 2]
        return iter([Shown(self._name)] * (count if operation == _UNPACK else _PARTS))

    def __len__(self) -> int:
        return _PARTS

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __lt__(self, _: Any) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __float__(self) -> float:
        return 0.0

    def __index__(self) -> int:
        return 0

    def __array__(self, *_: Any, **__: Any) -> np.ndarray[Any, Any]:
        return np.zeros(())

    def __format__(self, _: str) -> str:
        return ""

    def _more(self, *_: Any) -> Any:
        return Shown(self._name)

    __add__ = __sub__ = __mul__ = __truediv__ = __floordiv__ = __mod__ = __pow__ = __matmul__ = _more
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = _more
    __neg__ = __pos__ = __abs__ = __round__ = __and__ = __rand__ = _more


class Progress(Shown):
    """A progress bar that goes through its steps and shows nothing."""

    def __init__(self, steps: Iterable[Any]) -> None:
        super().__init__("progress")
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        return getattr(Shown("progress"), name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._steps)

    def __len__(self) -> int:
        return len(self._steps)  # type: ignore[arg-type]  # as for tqdm, if the steps have a length


class _Module(ModuleType):
    """A module that only shows. That of pylab has the names of numpy too."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__.endswith("pylab"):
            for home in _NUMPY:
                if name in getattr(home, "__all__", ()):
                    return getattr(home, name)
        return Shown(f"{self.__name__}.{name}")


class DisplayFinder(MetaPathFinder, Loader):
    """Finds the packages that only show where they are not installed."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A module of which every import succeeds."""
        parent = sys.modules.get(fullname.rpartition(".")[0])
        if fullname in _FOUND or isinstance(parent, _Module):
            return spec_from_loader(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module, complete."""
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is left to be done."""


def shows(module: str | None) -> bool:
    """Whether a module only shows something."""
    return (module or "").partition(".")[0] in SHOWING


def stand_in(module: str, name: str = "") -> Any:
    """The stand-in for a module that is not found, or for a name in it."""
    package = module.partition(".")[0]
    dotted = f"{module}.{name}" if name else package
    if not shows(module):
        return Absent(dotted)
    return getattr(_Module(module), name) if name else Shown(dotted)
