"""The statements of a text, run one by one, so that what needs an absent package is all that fails."""

from __future__ import annotations
import __future__

import ast
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from types import CodeType, ModuleType

from .absent import stand_in

_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def run_module(text: str, file: str, module: ModuleType) -> None:
    """Run a module of the student's.

    Where it imports what is not there, as a statement of its own, stand-ins take that place, and also the
    place of what cannot be made without: a function with a decorator of that package, say.
    """
    tree = ast.parse(text, file)
    absent = set(_absent(tree))
    if not absent:
        exec(compile(text, file, "exec", dont_inherit=True), module.__dict__)
        return
    flags = future(tree)
    for statement in one_by_one(tree):
        try:
            exec(compiled(statement, file, flags), module.__dict__)
        except ModuleNotFoundError as error:
            if _top(error.name) not in absent:
                raise
            if not replaced(statement, error, module):
                missing = stand_in(error.name or "")
                module.__dict__.update(dict.fromkeys(bound(statement), missing))


def bound(tree: ast.AST) -> set[str]:
    """Names that a statement, or all of them, would define or assign; of a definition only its own."""
    if isinstance(tree, _Definition):
        return {tree.name}
    inside = list(ast.walk(tree))
    stored = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {node.name for node in inside if isinstance(node, _Definition)}


def compiled(statement: ast.stmt, file: str, flags: int) -> CodeType:
    """The code of one statement."""
    code: CodeType = compile(ast.Module([statement], []), file, "exec", flags=flags, dont_inherit=True)
    return code


def future(tree: ast.Module) -> int:
    """What `from __future__ import` switches on for all that is compiled."""
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    names = [alias.name for node in imports for alias in node.names]
    return sum({getattr(__future__, name).compiler_flag for name in names})


def one_by_one(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements, with `import a, b` as two."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (ast.copy_location(ast.Import([alias]), node) for alias in node.names)
        else:
            yield node


def replaced(statement: ast.stmt, error: BaseException, module: ModuleType) -> bool:
    """Bind stand-ins where an import did not find its package; whether it is such an import."""
    if not isinstance(error, ModuleNotFoundError) or not isinstance(statement, ast.Import | ast.ImportFrom):
        return False
    missing = error.name or ""
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            module.__dict__.setdefault(alias.asname or alias.name.partition(".")[0], stand_in(missing))
        elif alias.name != "*":
            module.__dict__.setdefault(alias.asname or alias.name, stand_in(missing, alias.name))
    return True


def _absent(tree: ast.Module) -> Iterator[str]:
    """Packages that statements of their own import, and that are not there."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        yield from (top for top in map(_top, names) if not _is_there(top))


def _is_there(package: str) -> bool:
    try:
        return package in sys.modules or find_spec(package) is not None
    except (ImportError, ValueError):
        return True  # whoever imports it is told


def _top(name: str | None) -> str:
    return (name or "").partition(".")[0]
