"""One size of a problem, as the author of a race writes it, and what is drawn for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol, TypeVar

from ..errors import AutograderError, GraderError, OpenPoints
from ..studentkit.kinds import StudentError
from .array_spec import ArraySpec
from .roofline import Work

_T = TypeVar("_T")
_METHODS = ("draw", "empty", "answer", "check")
_NOT_THE_AUTHORS = (AssertionError, AutograderError, StudentError, OpenPoints, MemoryError)


class Size(Protocol):
    """One size of the problem that is raced. Its `str` names it for people.

    A dataclass with these four methods and the property is all that is needed, whatever the operation is.
    """

    def draw(self, rng: Any, device: str) -> tuple[tuple[Any, ...], Mapping[str, Any]]:
        """Fresh inputs.

        Args:
            rng: NumPy's generator; the same seed gives the same inputs.
            device: where they are to lie, "cpu" or "cuda".

        Returns:
            Positional and keyword arguments of the function that is raced. On a GPU the positional ones are
            tensors, and no keyword argument is one.
        """

    def empty(self, args: tuple[Any, ...], options: Mapping[str, Any]) -> ArraySpec | tuple[ArraySpec, ...]:
        """What an answer to these inputs looks like, without a number in it.

        Args:
            args: positional arguments, as drawn.
            options: keyword arguments, as drawn.

        Returns:
            Shape and dtype of the array that the function returns; for several arrays a tuple. What stays in
            the worker, such as a cache, is left out. On a GPU there is one array.
        """

    def answer(self, args: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        """The right answer to these inputs, by an oracle, in whatever form `check` takes it."""

    def check(self, found: Any, answer: Any) -> None:
        """Judge an answer that was timed.

        Args:
            found: what the function returned.
            answer: what the method `answer` gave for the same inputs.

        Raises:
            AssertionError: it is not right.
        """

    @property
    def work(self) -> Work:
        """What one call has to do at the very least."""


class Inputs(NamedTuple):
    """What one call is given, and what an answer to it looks like."""

    args: tuple[Any, ...]
    options: Mapping[str, Any]
    empty: tuple[ArraySpec, ...]


def check_written(size: Any, whose: str) -> None:
    """Raise GraderError where a size lacks something."""
    kind = type(size).__name__
    for name in _METHODS:
        if not callable(getattr(size, name, None)):
            raise GraderError(f"{whose}: its size {kind} needs a method {name}; see autograder.speed.Size")
    if not isinstance(asked(size, "work", lambda: size.work), Work):
        raise GraderError(f"{whose}: its size {kind} needs a property work that is a Work")


def drawn(size: Size, rng: Any, device: str) -> Inputs:
    """Fresh inputs of a size. Raises GraderError where it is written wrongly."""
    made = asked(size, "draw", lambda: size.draw(rng, device))
    if not (isinstance(made, tuple) and len(made) == 2 and isinstance(made[0], tuple)):
        raise GraderError(f"{_named(size)}.draw: gives a tuple of arguments and a dict of options, no other")
    args, options = made
    if not (isinstance(options, dict) and all(isinstance(name, str) for name in options)):
        raise GraderError(f"{_named(size)}.draw: options are a dict of names and values, not {options!r}")
    empty = asked(size, "empty", lambda: size.empty(args, options))
    specs = empty if isinstance(empty, tuple) else (empty,)
    if not all(isinstance(spec, ArraySpec) for spec in specs):
        raise GraderError(f"{_named(size)}.empty: gives an ArraySpec or a tuple of them, not {empty!r}")
    return Inputs(args, options, specs)


def right_answer(size: Size, inputs: Inputs) -> Any:
    """The right answer. Raises GraderError where the size is written wrongly."""
    return asked(size, "answer", lambda: size.answer(inputs.args, inputs.options))


def asked(size: Any, name: str, ask: Callable[[], _T]) -> _T:
    """Ask a size something. Raises GraderError, naming the size and the method, where the size raises."""
    try:
        return ask()
    except _NOT_THE_AUTHORS:
        raise
    except Exception as error:
        if "OutOfMemory" in type(error).__name__:  # of a GPU
            raise
        raise GraderError(f"{_named(size)}.{name} raised {type(error).__name__}: {error}") from error


def unfit(size_of: str, told: tuple[ArraySpec, ...], found: tuple[ArraySpec, ...]) -> GraderError:
    """The error to raise where the course's own code does not answer as `Size.empty` says it does."""
    return GraderError(
        f"{size_of}: its size says that an empty answer is {_listed(told)}, but the course's own gives "
        f"{_listed(found)}; mend the method empty"
    )


def _listed(specs: tuple[ArraySpec, ...]) -> str:
    return " and ".join(map(str, specs)) or "no array"


def _named(size: Any) -> str:
    """A size by its class and, where it has one, its name."""
    kind = type(size)
    return f"{kind.__name__} {size}" if "__str__" in vars(kind) else kind.__name__
