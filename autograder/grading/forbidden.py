"""Names that an assignment forbids, found in a student's code without running it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ..model import Assignment, Forbidden, Submission, Task, TestResult, Verdict
from .definitions import Definition, Statement, adopted, parse, place, statements

_IMPORTERS = ("__import__", "importlib.import_module")
_SCRIPT = ""  # stands for the notebook or script among the modules
_LOCAL = "<local>"  # what a parameter stands for: nothing that was imported
_MEANINGS = 8  # of one name that are told apart


def withhold(
    results: tuple[TestResult, ...], assignment: Assignment, submission: Submission
) -> tuple[TestResult, ...]:
    """The results, with FORBIDDEN for every test of a task that uses a forbidden name.

    A name covers what lies beneath it: "numpy.linalg" forbids numpy.linalg.inv. Aliases of imports and
    assignments, star imports, getattr and import_module with a constant are seen through. A task is
    charged for its own functions and the helpers they use in any module, not for those of other tasks.
    INTERNAL stays: that is our fault.
    """
    if not assignment.forbidden:
        return results
    code = _HandIn(assignment, submission)
    charges = {task.id: code.charge(task) for task in assignment.tasks}
    return tuple(_withheld(result, charges.get(result.task)) for result in results)


def _withheld(result: TestResult, charge: str | None) -> TestResult:
    if charge is None or result.verdict is Verdict.INTERNAL:
        return result
    return replace(result, verdict=Verdict.FORBIDDEN, message=charge, mismatch=None, detail="")


@dataclass
class _Names:
    """What names stand for in a piece of code."""

    dotted: dict[str, list[str]] = field(default_factory=dict)  # relative imports with a dot first
    stars: list[str] = field(default_factory=list)  # modules of which everything was imported

    def within(self, node: ast.stmt) -> _Names:
        """What names stand for within a statement; a function's own hide those of the module."""
        own = set(_stored(node)) if isinstance(node, Definition) else set()
        kept = {name: list(dotted) for name, dotted in self.dotted.items() if name not in own}
        names = _Names(kept, self.stars)
        names.learn([node])
        return names

    def learn(self, nodes: Iterable[ast.AST]) -> None:
        """Take in the imports and plain assignments below some nodes."""
        walked = [node for root in nodes for node in ast.walk(root)]
        for node in walked:
            if isinstance(node, ast.Import):
                self._learn_import(node)
            elif isinstance(node, ast.ImportFrom):
                self._learn_import_from(node)
            elif isinstance(node, ast.arg):
                self._add(node.arg, _LOCAL)
        for node in walked:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                for meaning in self.meanings(node.value):
                    self._add(node.targets[0].id, meaning)

    def meanings(self, node: ast.AST) -> list[str]:
        """Dotted names that an expression may stand for."""
        if isinstance(node, ast.Name):
            known = self.dotted.get(node.id)
            return list(known) if known else [node.id, *(f"{star}.{node.id}" for star in self.stars)]
        if isinstance(node, ast.Attribute):
            return [f"{owner}.{node.attr}" for owner in self.meanings(node.value)]
        return self._meanings_of_call(node) if isinstance(node, ast.Call) else []

    def _add(self, name: str, meaning: str) -> None:
        meanings = self.dotted.setdefault(name, [])
        if meaning not in meanings and len(meanings) < _MEANINGS:
            meanings.append(meaning)

    def _learn_import(self, node: ast.Import) -> None:
        for alias in node.names:
            root = alias.name.partition(".")[0]
            self._add(alias.asname or root, alias.name if alias.asname else root)

    def _learn_import_from(self, node: ast.ImportFrom) -> None:
        module = "." * bool(node.level) + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(module)
            else:
                dot = "" if module in ("", ".") else "."
                self._add(alias.asname or alias.name, f"{module}{dot}{alias.name}")

    def _meanings_of_call(self, node: ast.Call) -> list[str]:
        texts = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
        called = self.meanings(node.func)
        if called[:1] == ["getattr"] and len(texts) > 1 and isinstance(texts[1], str):
            return [f"{owner}.{texts[1]}" for owner in self.meanings(node.args[0])]
        imports = called[:1] and called[0] in _IMPORTERS
        return [text for text in texts[:1] if isinstance(text, str)] if imports else []


class _Code:
    """One module, or the script, by its names."""

    def __init__(self, source: str, stars: Collection[str]) -> None:
        try:
            tree = parse(source)
        except SyntaxError:
            tree = ast.Module([], [])
        self.binding: dict[str, list[Statement]] = defaultdict(list)
        self.names = _Names()
        found = statements(tree)
        self.names.learn(each.node for each in found if not isinstance(each.node, Definition))
        self.names.stars = sorted({star for star in self.names.stars if star in stars})
        for statement in found:
            for name in statement.binds:
                self.binding[name].append(statement)

    def meant(self, node: ast.stmt) -> Iterator[tuple[int, str]]:
        """Lines and dotted names that a statement's expressions stand for."""
        names = self.names.within(node)
        for each in ast.walk(node):
            if isinstance(each, ast.Name | ast.Attribute | ast.Call):
                yield from ((each.lineno, meaning) for meaning in names.meanings(each))


class _HandIn:
    """All the student's code, and who is charged for what of it."""

    def __init__(self, assignment: Assignment, submission: Submission) -> None:
        self._tasks, self._forbidden = assignment.tasks, assignment.forbidden
        self._supplied = adopted(assignment.tasks, submission.modules, submission.script)
        texts = {**submission.modules, _SCRIPT: submission.script or ""}
        stars = {*self._prefixes(), *(f"{root}.{module}" for root in self._roots() for module in texts)}
        self._code = {module: _Code(text, stars) for module, text in texts.items()}

    def charge(self, task: Task) -> str | None:
        """The sentence that says where a task uses a forbidden name."""
        for source in task.source:
            module, name = place(source)
            home = _SCRIPT if name in self._supplied.get(module, ()) else module
            for where, line, meaning in self._meant(home, name, task):
                forbidden = _forbidden(meaning, self._forbidden)
                if forbidden is not None:
                    at = f"{where}.py, line {line}" if where else "in the notebook or script"
                    return f"{name} uses {forbidden.name} ({at}): {forbidden.reason}"
        return None

    def _prefixes(self) -> Iterator[str]:
        """Modules from which a star import may bring in a forbidden name."""
        for each in self._forbidden:
            parts = each.name.split(".")
            yield from (".".join(parts[:end]) for end in range(1, len(parts)))

    def _roots(self) -> set[str]:
        """What stands before a module of the student's: the library, or nothing in a relative import."""
        return {"", *(source.partition(".")[0] for task in self._tasks for source in task.source)}

    def _meant(self, home: str, name: str, task: Task) -> Iterator[tuple[str, int, str]]:
        """Module, line and dotted name of all that a function and what it uses refer to."""
        sources = {source for other in self._tasks if other is not task for source in other.source}
        barred = {place(source)[1] for source in sources}
        methods = {source.partition(":")[2] for source in sources - {*task.source}}
        waiting, seen = [(home, name)], {(home, name)}
        while waiting:
            module, wanted = waiting.pop()
            code = self._code.get(module)
            for node in _parts(code.binding.get(wanted, []) if code else [], methods):
                found = [*(code.meant(node) if code else [])]
                yield from ((module, line, meaning) for line, meaning in sorted(found))
                uses = {(module, used) for used in Statement(node).uses}
                uses |= {target for _, meaning in found for target in self._targets(meaning)}
                new = {use for use in uses - seen if use[1] not in barred}
                seen |= new
                waiting += sorted(new)

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
        yield from (ast.Expr(each) for each in (*node.bases, *node.decorator_list))
        for part in node.body:
            if not (isinstance(part, Definition) and f"{node.name}.{part.name}" in methods):
                yield part


def _forbidden(meaning: str, forbidden: tuple[Forbidden, ...]) -> Forbidden | None:
    return next((each for each in forbidden if f"{meaning}.".startswith(f"{each.name}.")), None)


def _stored(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id
        elif isinstance(each, ast.arg):
            yield each.arg
