"""A single file or the cells of a notebook, run statement by statement.

A statement that fails does not stop those after it, and what cannot be imported is replaced by a stand-in
that raises when it is called.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import linecache
import sys
from collections.abc import Callable, Iterator
from types import CodeType, ModuleType

from .absent import BUILT_IN, shows, stand_in
from .loading import imports_kept

SCRIPT = "handin"
FILE = f"{SCRIPT}.py"
STATEMENTS = 50  # that failed, which are told of
_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def run_script(text: str, failed: Callable[[ast.stmt, BaseException], None]) -> ModuleType:
    """Run a text and return the module that it makes; `failed` is called for each statement that raised."""
    lines = text.splitlines(keepends=True)  # for those who read the source of a function
    linecache.cache[FILE] = (len(text), None, lines, FILE)
    tree = ast.parse(text)
    script = ModuleType(SCRIPT)
    script.__file__ = FILE
    script.__dict__["__builtins__"] = {**vars(builtins), **_implied(tree)}
    sys.modules[SCRIPT] = script
    flags = _future(tree)
    for statement in _one_by_one(tree):
        try:
            with imports_kept():
                exec(_compiled(statement, flags), script.__dict__)
        except BaseException as error:  # also SystemExit: a cell may end with it
            if not _replaced(statement, error, script):
                failed(statement, error)
    return script


def bound(tree: ast.AST) -> set[str]:
    """Names that a statement, or all of them, would define or assign; of a definition only its own."""
    if isinstance(tree, _Definition):
        return {tree.name}
    inside = list(ast.walk(tree))
    stored = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {node.name for node in inside if isinstance(node, _Definition)}


def _compiled(statement: ast.stmt, flags: int) -> CodeType:
    module = ast.Module([statement], [])
    code: CodeType = compile(module, FILE, "exec", flags=flags, dont_inherit=True)
    return code


def _future(tree: ast.Module) -> int:
    """What `from __future__ import` switches on for all that is compiled."""
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    names = [alias.name for node in imports for alias in node.names]
    return sum({getattr(__future__, name).compiler_flag for name in names})


def _one_by_one(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements, with `import a, b` as two."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (ast.copy_location(ast.Import([alias]), node) for alias in node.names)
        else:
            yield node


def _implied(tree: ast.Module) -> dict[str, object]:
    """What IPython has put in place, and what `from pylab import *` may have brought."""
    implied = {name: stand_in("IPython", name) for name in BUILT_IN}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    unknown = names - bound(tree) - vars(builtins).keys()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*" and shows(node.module):
            implied |= {name: stand_in(node.module or "", name) for name in unknown}
    return implied


def _replaced(statement: ast.stmt, error: BaseException, script: ModuleType) -> bool:
    """Bind a stand-in for what was not found; whether it was only to show something."""
    if not isinstance(error, ModuleNotFoundError) or not isinstance(statement, ast.Import | ast.ImportFrom):
        return False
    missing = error.name or ""
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            script.__dict__.setdefault(alias.asname or alias.name.partition(".")[0], stand_in(missing))
        elif alias.name != "*":
            script.__dict__.setdefault(alias.asname or alias.name, stand_in(missing, alias.name))
    return shows(missing)
