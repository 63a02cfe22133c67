"""Names that an assignment forbids, found in a student's code without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..model import Assignment, Forbidden, Submission, Task, TestResult, Verdict
from .definitions import adopted, parse, place, statements

_IMPORTERS = ("__import__", "importlib.import_module")


def forbidden_calls(source: str, names: Iterable[str]) -> list[tuple[int, str]]:
    """Lines of `source` that use a forbidden name, with the name as forbidden, in order.

    A name covers what lies beneath it: "numpy.linalg" forbids numpy.linalg.inv. Import aliases,
    assigned aliases (`inv = np.linalg.inv`), getattr and import_module with a constant are seen through.
    Text that is not Python has no calls.
    """
    try:
        tree = parse(source)
    except SyntaxError:
        return []
    return _uses(tree, _aliases(tree), tuple(names))


def withhold(
    results: tuple[TestResult, ...], assignment: Assignment, submission: Submission
) -> tuple[TestResult, ...]:
    """The results, with FORBIDDEN for every test of a task that uses a forbidden name.

    A task is charged for its own functions and the helpers they use, not for those of other tasks.
    INTERNAL stays: that is our fault.
    """
    if not assignment.forbidden:
        return results
    charges = {task.id: _charge(task, assignment, submission) for task in assignment.tasks}
    return tuple(_withheld(result, charges.get(result.task)) for result in results)


def _withheld(result: TestResult, charge: str | None) -> TestResult:
    if charge is None or result.verdict is Verdict.INTERNAL:
        return result
    return replace(result, verdict=Verdict.FORBIDDEN, message=charge, mismatch=None, detail="")


def _charge(task: Task, assignment: Assignment, submission: Submission) -> str | None:
    """The sentence that says where a task uses a forbidden name."""
    supplied = adopted(assignment.tasks, submission.modules, submission.script)
    others = {place(source)[1] for other in assignment.tasks if other is not task for source in other.source}
    for source in task.source:
        module, name = place(source)
        from_script = name in supplied.get(module, ())
        code = (submission.script or "") if from_script else submission.modules.get(module, "")
        found = next(_Reach(code, others, submission.modules).uses(name, assignment.forbidden), None)
        if found is not None:
            file = "the notebook or script" if from_script else f"{module}.py"
            return f"{name} in {file} uses {found.name} (line {found.line}): {found.reason}"
    return None


@dataclass(frozen=True, slots=True)
class _Use:
    line: int
    name: str
    reason: str


class _Reach:
    """What a function of a module leads to, helpers included."""

    def __init__(self, source: str, barred: Iterable[str], modules: Mapping[str, str]) -> None:
        self._barred = frozenset(barred)
        self._modules = modules
        try:
            self._tree = parse(source)
        except SyntaxError:
            self._tree = ast.Module([], [])

    def uses(self, name: str, forbidden: tuple[Forbidden, ...]) -> Iterator[_Use]:
        """Forbidden names used by `name` and by what it uses."""
        aliases = _aliases(self._tree)
        reasons = {each.name: each.reason for each in forbidden}
        for node in self._reached(name):
            for line, used in _uses(node, aliases, tuple(reasons)):
                yield _Use(line, used, reasons[used])
            yield from self._imported(node, forbidden)

    def _reached(self, name: str) -> Iterator[ast.stmt]:
        found = statements(self._tree)
        waiting, seen = [name], {name}
        while waiting:
            wanted = waiting.pop()
            for statement in found:
                if wanted not in statement.binds:
                    continue
                yield statement.node
                new = statement.uses - seen - self._barred
                seen |= new
                waiting += sorted(new)

    def _imported(self, node: ast.stmt, forbidden: tuple[Forbidden, ...]) -> Iterator[_Use]:
        """Uses in a module of the student's own that a statement imports from."""
        if isinstance(node, ast.ImportFrom) and node.module:
            helper = node.module.rpartition(".")[2]
            others = {module: text for module, text in self._modules.items() if module != helper}
            for alias in node.names:
                if helper in self._modules and alias.name not in self._barred:
                    yield from _Reach(self._modules[helper], self._barred, others).uses(alias.name, forbidden)


def _aliases(tree: ast.AST) -> dict[str, str]:
    """Names that imports and plain assignments give to modules and functions -> dotted name."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                found[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            dotted = _dotted(node.value, found)
            if dotted is not None and "." in dotted:
                found.setdefault(node.targets[0].id, dotted)
    return found


def _uses(tree: ast.AST, aliases: Mapping[str, str], names: tuple[str, ...]) -> list[tuple[int, str]]:
    found: dict[tuple[int, str], None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute | ast.Call):
            dotted = _dotted(node, aliases)
            for name in names:
                if dotted is not None and (dotted == name or dotted.startswith(name + ".")):
                    found[node.lineno, name] = None
    return sorted(found)


def _dotted(node: ast.expr, aliases: Mapping[str, str]) -> str | None:
    """Dotted name that an expression stands for, or None."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id) if isinstance(node.ctx, ast.Load) else None
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value, aliases)
        return None if owner is None else f"{owner}.{node.attr}"
    if isinstance(node, ast.Call):
        return _dotted_call(node, aliases)
    return None


def _dotted_call(node: ast.Call, aliases: Mapping[str, str]) -> str | None:
    texts = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
    called = _dotted(node.func, aliases)
    if called == "getattr" and len(texts) > 1 and isinstance(texts[1], str):
        owner = _dotted(node.args[0], aliases)
        return None if owner is None else f"{owner}.{texts[1]}"
    if called in _IMPORTERS and texts and isinstance(texts[0], str):
        return texts[0]
    return None
