"""A single file or the cells of a notebook, run statement by statement.

A statement that fails does not stop those after it, and what cannot be imported is replaced by a stand-in
that raises when it is called.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import sys
from collections.abc import Callable
from types import ModuleType

from .absent import BUILT_IN, shows, stand_in
from .loading import imports_kept
from .statements import bound, compiled, future, one_by_one, replaced

SCRIPT = "handin"
FILE = f"{SCRIPT}.py"
STATEMENTS = 50  # that failed, which are told of


def run_script(text: str, failed: Callable[[ast.stmt, BaseException], None]) -> ModuleType:
    """Run a text and return the module that it makes; `failed` is called for each statement that raised."""
    lines = text.splitlines(keepends=True)  # for those who read the source of a function
    linecache.cache[FILE] = (len(text), None, lines, FILE)
    tree = ast.parse(text)
    script = ModuleType(SCRIPT)
    script.__file__ = FILE
    script.__dict__["__builtins__"] = {**vars(builtins), **_implied(tree)}
    sys.modules[SCRIPT] = script
    flags = future(tree)
    for statement in one_by_one(tree):
        try:
            with imports_kept():
                exec(compiled(statement, FILE, flags), script.__dict__)
        except BaseException as error:  # also SystemExit: a cell may end with it
            if not (replaced(statement, error, script) and shows(getattr(error, "name", None))):
                failed(statement, error)
    return script


def _implied(tree: ast.Module) -> dict[str, object]:
    """What IPython has put in place, and what `from pylab import *` may have brought."""
    implied = {name: stand_in("IPython", name) for name in BUILT_IN}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    unknown = names - bound(tree) - vars(builtins).keys()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*" and shows(node.module):
            implied |= {name: stand_in(node.module or "", name) for name in unknown}
    return implied
