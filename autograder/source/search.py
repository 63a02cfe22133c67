"""Names that an assignment forbids, found in a student's code without running it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from ..model import Forbidden, Task
from .definitions import Definition, Statement, statements
from .meanings import Names, Wanted
from .names import names_of
from .parsing import parse_here

_SCRIPT = ""  # stands for the notebook or script among the modules


@dataclass(frozen=True)
class Question:
    """Code, and what its tasks may not use."""

    tasks: tuple[Task, ...]
    forbidden: tuple[Forbidden, ...]
    modules: Mapping[str, str]
    script: str
    supplied: Mapping[str, Collection[str]]  # module -> names that the script defines in its place


def charges(question: Question) -> dict[str, str]:
    """Task -> the sentence that says where it uses a forbidden name, for those that do.

    A name covers what lies beneath it: "numpy.linalg" forbids numpy.linalg.inv. Aliases of imports and
    assignments, star imports, getattr and import_module with a constant are seen through. A task is
    charged for its own functions and the helpers they use in any module, not for those of other tasks.
    """
    code = _HandIn(question)
    charged = {task.id: code.charge(task) for task in question.tasks}
    return {task: charge for task, charge in charged.items() if charge is not None}


@dataclass(frozen=True)
class _Part:
    """A statement, or a part of a class: what it uses of its module, and what it stands for."""

    uses: frozenset[str]
    meant: list[tuple[int, str]]  # line and dotted name


@dataclass
class _Code:
    """One module, or the script, by its names."""

    names: Names
    binding: dict[str, list[Statement]] = field(default_factory=lambda: defaultdict(list))
    _parts: dict[int, tuple[ast.stmt, _Part]] = field(default_factory=dict)

    @classmethod
    def read(cls, source: str, wanted: Wanted, stars: Collection[str]) -> _Code:
        """What is in a text; nothing in one that Python does not take."""
        code = cls(Names(wanted))
        try:
            parts = statements(parse_here(source))
        except SyntaxError:
            return code
        code.names.learn(statement.node for statement in parts if not isinstance(statement.node, Definition))
        code.names.stars = sorted({star for star in code.names.stars if star in stars})
        for statement in parts:
            for name in statement.binds:
                code.binding[name].append(statement)
        return code

    def part(self, node: ast.stmt) -> _Part:
        """What is to be known of a statement."""
        if id(node) not in self._parts:
            meant = sorted(set(self.names.within(node).all_meanings(node)))
            self._parts[id(node)] = node, _Part(Statement(node).uses, meant)
        return self._parts[id(node)][1]


class _HandIn:
    """All the student's code, and who is charged for what of it."""

    def __init__(self, question: Question) -> None:
        self._tasks, self._forbidden = question.tasks, question.forbidden
        self._supplied = question.supplied
        texts = {**question.modules, _SCRIPT: question.script}
        roots = {"", *(name.library for name in names_of(self._tasks))}
        wanted = Wanted([entry.name for entry in self._forbidden], roots | texts.keys())
        stars = {*self._prefixes(), *(f"{root}.{module}" for root in roots for module in texts)}
        self._code = {module: _Code.read(text, wanted, stars) for module, text in texts.items()}

    def charge(self, task: Task) -> str | None:
        """The sentence that says where a task uses a forbidden name."""
        for name in names_of([task]):
            home = _SCRIPT if name.top in self._supplied.get(name.module, ()) else name.module
            for where, line, meaning in self._meant(home, name.top, task):
                forbidden = _forbidden(meaning, self._forbidden)
                if forbidden is not None:
                    at = f"{where}.py, line {line}" if where else "in the notebook or script"
                    return f"{name.top} uses {forbidden.name} ({at}): {forbidden.reason}"
        return None

    def _prefixes(self) -> Iterator[str]:
        """Modules from which a star import may bring in a forbidden name."""
        for entry in self._forbidden:
            parts = entry.name.split(".")
            yield from (".".join(parts[:end]) for end in range(1, len(parts)))

    def _meant(self, home: str, name: str, task: Task) -> Iterator[tuple[str, int, str]]:
        """Module, line and dotted name of all that a function and what it uses refer to."""
        others = set(names_of(other for other in self._tasks if other is not task))
        barred = {other.top for other in others}
        methods = {other.qualified for other in others.difference(names_of([task]))}
        waiting, seen = [(home, name)], {(home, name)}
        done: set[int] = set()  # statements, each of which may bind many names
        while waiting:
            module, wanted = waiting.pop()
            code = self._code.get(module)
            if code is None:
                continue
            new = [statement for statement in code.binding.get(wanted, []) if id(statement) not in done]
            done |= {id(statement) for statement in new}
            for part in map(code.part, _parts(new, methods)):
                yield from ((module, line, meaning) for line, meaning in part.meant)
                uses = {(module, used) for used in part.uses}
                uses |= {target for _, meaning in part.meant for target in self._targets(meaning)}
                new_uses = {use for use in uses - seen if use[1] not in barred}
                seen |= new_uses
                waiting += sorted(new_uses)

    def _targets(self, meaning: str) -> Iterator[tuple[str, str]]:
        """The student's own definition that a dotted name leads to: (module, name)."""
        parts = meaning.split(".")
        for module, name in pairwise(parts[:3]):
            if module and module in self._code:
                yield module, name


def _parts(found: Iterable[Statement], methods: Collection[str]) -> Iterator[ast.stmt]:
    """The statements; of a class its parts, without the methods of other tasks."""
    for statement in found:
        node = statement.node
        if not isinstance(node, ast.ClassDef):
            yield node
            continue
        yield from (ast.Expr(expression) for expression in (*node.bases, *node.decorator_list))
        for part in node.body:
            if not (isinstance(part, Definition) and f"{node.name}.{part.name}" in methods):
                yield part


def _forbidden(meaning: str, forbidden: tuple[Forbidden, ...]) -> Forbidden | None:
    return next((entry for entry in forbidden if f"{meaning}.".startswith(f"{entry.name}.")), None)
