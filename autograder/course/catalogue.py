"""The known solutions of an assignment, read from the course."""

from __future__ import annotations

from dataclasses import dataclass

from ..author.catalogue import Mistake, Variant
from ..errors import SpecError
from ..model import Course
from .loader import modules_of


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The known solutions of one assignment."""

    wrong: tuple[Mistake, ...]
    right: tuple[Variant, ...]
    rewritten: tuple[Mistake, ...] = ()  # the same mistakes in differently written code


def load_catalogue(course: Course, assignment_id: str) -> Catalogue:
    """What the package of its mistakes names WRONG, RIGHT and perhaps REWRITTEN; empty without one.

    Raises SpecError.
    """
    folder = course.mistakes_of(assignment_id)
    if not (folder / "__init__.py").is_file():
        return Catalogue((), ())
    try:
        module = modules_of(course).load(folder)
        return Catalogue(tuple(module.WRONG), tuple(module.RIGHT), tuple(getattr(module, "REWRITTEN", ())))
    except SpecError:
        raise
    except Exception as error:
        path = folder / "__init__.py"
        raise SpecError([f"{path}: does not load: {type(error).__name__}: {error}"]) from error
