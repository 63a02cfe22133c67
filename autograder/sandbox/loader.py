"""Loading a hand-in into a fresh worker, and what of it does not load."""

from __future__ import annotations

from typing import Any

from ..model import Limits
from ..studentkit.kinds import StudentError
from . import faults
from .channel import Budget
from .inside.wire import WireError
from .plan import LoadPlan
from .process import Process

SCRIPT = ""  # stands for the script among the names of modules


class Loader:
    """Loads every module before any hidden input is sent, so that a fault may be told in Python's words.

    Each worker of a hand-in is loaded in the same way; what failed once is not tried again.
    """

    def __init__(self, library: str, plan: LoadPlan, limits: Limits, seed: int) -> None:
        self._library = library
        self._plan = plan
        self._limits = limits
        self._seed = seed
        self._failures: dict[str, StudentError] = {}
        self._one_by_one = False  # after a death, to know which module it was

    def failure(self, module: str, name: str) -> StudentError | None:
        """Why a function cannot be called, if its module or the script that defines it did not load."""
        if name in self._plan.adopt.get(module, ()):
            return self._failures.get(SCRIPT)
        return self._failures.get(module)

    def load(self, process: Process) -> bool:
        """Load what loads; False if the worker died of it."""
        texts = dict(self._plan.modules)
        self._ask(process, "loading the hand-in", "plan", package=self._library, modules=texts)
        names = [name for name in (*texts, *self._script()) if name not in self._failures]
        for group in [[name] for name in names] if self._one_by_one else [names]:
            try:
                found = self._ask(process, _where(group[0]), "load", modules=group, script=self._plan.script)
                self._failures.update(_read(found))
            except StudentError as error:
                if self._one_by_one:
                    self._failures[group[0]] = error
                self._one_by_one = True
                process.end()
                return False
        return True

    def _script(self) -> list[str]:
        return [] if self._plan.script is None else [SCRIPT]

    def _ask(self, process: Process, where: str, op: str, **fields: Any) -> Any:
        adopt = {module: list(names) for module, names in self._plan.adopt.items()}
        message = {"op": op, "epoch": -1, "seed": self._seed, "adopt": adopt, **fields}
        return process.ask(message, [], Budget(self._limits.wall_s), where, {}, [])


def _where(name: str) -> str:
    return "loading the hand-in" if name == SCRIPT else f"loading {name}.py"


def _read(found: Any) -> dict[str, StudentError]:
    """Module -> why it did not load, from what the worker says of it."""
    try:
        return {
            str(name): faults.from_exception(fault, _where(str(name)), tell_text=True)
            for name, fault in dict(found).items()
        }
    except (WireError, TypeError, ValueError) as error:
        raise faults.garbage("loading the hand-in", str(error)) from None
