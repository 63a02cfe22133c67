"""Loading a hand-in into a fresh worker, and what of it does not load."""

from __future__ import annotations

from typing import Any

from ..errors import Interrupted
from ..model import Limits
from ..studentkit.kinds import StudentError
from ..text import line as text_line
from . import faults
from .callbacks import Callbacks
from .clock import Budget
from .inside.script import FILE, STATEMENTS
from .inside.wire import WireError
from .plan import LoadPlan
from .process import Process
from .sources import Sources

SCRIPT = ""  # stands for the script among the names of modules
_LOADING = "loading the hand-in"
_CODE = 60  # characters of a statement that are told
_NOTES = 10  # beyond these nobody reads on


class Loader:
    """Loads every module before any hidden input is sent, so that a fault may be told in Python's words.

    Each worker of a hand-in is loaded in the same way; a module that failed once is not tried again. Of a
    script a statement that fails costs what needs it, and the first loading notes it.
    """

    def __init__(self, library: str, plan: LoadPlan, limits: Limits, seed: int, clock: Budget) -> None:
        self._library = library
        self._plan = plan
        self._limits = limits
        self._seed = seed
        self._clock = clock
        self._failures: dict[str, StudentError] = {}
        self._missing: dict[str, StudentError] = {}  # name that the script was to define -> why it does not
        self._notes: list[str] | None = None
        self._loaded = False  # from then on a worker may have learned of a hidden input
        self._one_by_one = False  # after a death, to know which module it was
        self._doubted: list[str] = []  # in the loading of which a worker ended last, by its code or not

    @property
    def notes(self) -> tuple[str, ...]:
        """Statements of the script that failed, one sentence each."""
        return tuple(self._notes or ())

    def failure(self, module: str, name: str) -> StudentError | None:
        """Why a function cannot be called, if its module or what defines it in the script did not load."""
        if name in self._plan.adopt.get(module, ()):
            own = self._failures.get(SCRIPT) or self._missing.get(name)
            return own or self._failures.get(module)
        return self._failures.get(module)

    def load(self, process: Process) -> bool:
        """Load all that can be loaded; False if the worker died of it."""
        texts = dict(self._plan.modules)
        self._ask(process, _LOADING, "plan", package=self._library, modules=texts)
        names = [name for name in (*texts, *self._script()) if name not in self._failures]
        for group in [[name] for name in names] if self._one_by_one else [names]:
            try:
                answer = self._ask(process, _where(group[0]), "load", modules=group, script=self._plan.script)
                self._take(answer, group)
            except StudentError as error:
                self._died(group[0], error)
                process.end()
                return False
            except Interrupted as error:
                if not isinstance(error.otherwise, StudentError):
                    raise
                if self._doubted == group:  # the same again: not by chance
                    self._died(group[0], error.otherwise)
                self._doubted = group
                return False
        self._loaded = True
        return True

    def _died(self, module: str, error: StudentError) -> None:
        if self._one_by_one:
            self._failures[module] = error
        self._one_by_one = True

    def _script(self) -> list[str]:
        return [] if self._plan.script is None else [SCRIPT]

    def _ask(self, process: Process, where: str, op: str, **fields: Any) -> Any:
        adopt = {module: list(names) for module, names in self._plan.adopt.items()}
        message = {"op": op, "epoch": -1, "seed": self._seed, "adopt": adopt, **fields}
        budget = Budget(self._limits.wall_s, within=self._clock)
        return process.ask(message, [], budget, where, {}, Callbacks())

    def _take(self, answer: Any, asked: list[str]) -> None:
        """Learn of what was asked for from what the worker says, and of no more than it would say.

        Raises StudentError where it says nothing sensible.
        """
        try:
            failed = dict(answer["modules"])
            for name in filter(failed.__contains__, asked):
                self._failures[name] = self._fault(failed[name], _where(name))
            if SCRIPT in asked and self._notes is None:  # a later worker may have learned of a hidden input
                self._notes = []
                for line, names, fault in answer["statements"][:STATEMENTS]:
                    self._note(self._statement(line, fault), names)
        except (WireError, TypeError, ValueError, LookupError) as error:
            raise faults.garbage(_LOADING, str(error)) from None

    def _statement(self, line: int, fault: Any) -> StudentError:
        """Why a statement of the script failed, with its place in what was handed in."""
        code = text_line((self._plan.script or "").split("\n")[line - 1], _CODE)
        file, line = self._plan.as_handed_in(FILE, line)
        where = f"{file}, line {line}: `{code}`"
        return self._fault({**fault, "file": ""}, where)

    def _fault(self, fault: Any, where: str) -> StudentError:
        return faults.from_exception(fault, where, Sources(self._plan), tell_text=not self._loaded)

    def _note(self, error: StudentError, names: list[str]) -> None:
        self._missing |= {str(name): error for name in names}
        if len(self.notes) < _NOTES:
            self._notes = [*self.notes, f"{error}; what needs it fails"]


def _where(name: str) -> str:
    return _LOADING if name == SCRIPT else f"loading {name}.py"
