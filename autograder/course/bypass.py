"""Ways of a course's code past the import that its modules get, and their refusal.

What stands in a file is refused when the file is loaded, wherever it stands: `importlib` and its like,
`__import__` of a computed name, `sys.modules`, `sys.path`. What no reading of the file shows (a name put
together, `sys` under another name, text given to `exec`) is refused when it runs, by what the modules are
shown of `sys`, `builtins` and `importlib`. Both guard an author, who is trusted, against taking another
course's code for their own by accident. Nothing here stops whoever means to: `os` holds a whole `sys`, too.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from ..errors import SpecError

_PAST = ("importlib", "imp", "runpy", "pkgutil", "zipimport")  # modules that import by a way of their own
_FINE = ("importlib.metadata", "importlib.resources")
_OF_SYS = ("modules", "path", "meta_path", "path_hooks", "path_importer_cache")
_HOOKS = frozenset(
    ["builtins.__import__", "builtins.__dict__", "sys.__dict__", *(f"sys.{name}" for name in _OF_SYS)]
)
# Import what a text names.
_BY_TEXT = ("importorskip", "patch", "setattr", "delattr", "locate", "resolve_name")


def imports_by_itself(module: str) -> bool:
    """Whether this is a module that imports by a way of its own."""
    return module.partition(".")[0] in _PAST and not module.startswith(_FINE)


def past(path: Path, line: int, name: str) -> SpecError:
    """What is said of a line that uses such a way."""
    return SpecError(
        [
            f"{path}: line {line}: uses {name}, which could bring the code of another course; "
            "import what is needed by an import statement"
        ]
    )


class Shown:
    """A module of Python's as the code of a course sees it: all of it but what would import past the course.

    `refuse` is called with the name of what was asked for instead.
    """

    __slots__ = ("_module", "_refuse")
    _module: ModuleType
    _refuse: Callable[[str], None]

    def __init__(self, module: ModuleType, refuse: Callable[[str], None]) -> None:
        object.__setattr__(self, "_module", module)
        object.__setattr__(self, "_refuse", refuse)

    def __getattr__(self, name: str) -> Any:
        self._check(name)
        return getattr(self._module, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._check(name)
        setattr(self._module, name, value)

    def __delattr__(self, name: str) -> None:
        self._check(name)
        delattr(self._module, name)

    def __dir__(self) -> list[str]:
        return [name for name in dir(self._module) if not _is_hidden(self._module, name)]

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        return {name: getattr(self._module, name) for name in self.__dir__()}

    def _check(self, name: str) -> None:
        if _is_hidden(self._module, name):
            self._refuse(f"{self._module.__name__}.{name}")


def _is_hidden(module: ModuleType, name: str) -> bool:
    if module.__name__ == "sys":
        return name in _OF_SYS
    shown = {each.rpartition(".")[2] for each in _FINE}
    return name not in shown and not (name.startswith("__") and name != "__import__")


def frames() -> Iterator[FrameType]:
    """Frames of this thread, the innermost first."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def refuse_ways_past(tree: ast.AST, path: Path, tops: frozenset[str] = frozenset()) -> None:
    """Raise SpecError where a file imports by another way than the statement, as far as it can be read off.

    `tops` are the names at the course's root: a text that leads there is for no other importer.
    """
    nodes = list(ast.walk(tree))
    plain = {id(node.func) for node in nodes if isinstance(node, ast.Call) and called_import(node)}
    aliases = {
        alias.asname: alias.name
        for node in nodes
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.asname
    }
    for node in nodes:
        name = "" if id(node) in plain else _way_past(node, aliases, tops)
        if name:
            raise past(path, getattr(node, "lineno", 1), name)


def called_import(node: ast.AST) -> str:
    """The module that a call of `__import__` names outright; "" for any other node."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "__import__"):
        return ""
    return _text(node.args[0]) if node.args else ""


def _way_past(node: ast.AST, aliases: dict[str, str], tops: frozenset[str]) -> str:
    """What a node uses to import past the course; "" where it does not."""
    if isinstance(node, ast.Import):
        return next((alias.name for alias in node.names if imports_by_itself(alias.name)), "")
    if isinstance(node, ast.ImportFrom):
        names = [f"{node.module}.{alias.name}" for alias in node.names] if not node.level else []
        return next((name for name in names if imports_by_itself(name) or name in _HOOKS), "")
    if isinstance(node, ast.Name):
        return node.id if node.id in ("__import__", "__builtins__") else ""
    name = _dotted(node, aliases)
    if ".".join(name.split(".")[-2:]) in _HOOKS or (
        name.startswith("importlib.") and imports_by_itself(name)
    ):
        return name
    return _text_imported(node, tops) if isinstance(node, ast.Call) else ""


def _dotted(node: ast.AST, aliases: dict[str, str]) -> str:
    """What a node reads: "sys.modules" for `getattr(sys, "modules")`, too, "sys.__dict__" for `vars(sys)`."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id)
    owner, name = node, ""
    if isinstance(node, ast.Attribute):
        owner, name = node.value, node.attr
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        match node.func.id, node.args:
            case "vars", [owner]:
                name = "__dict__"
            case "getattr", [owner, wanted, *_]:
                name = _text(wanted)
    inner = _dotted(owner, aliases) if name else ""
    return f"{inner}.{name}" if inner else ""


def _text_imported(call: ast.Call, tops: frozenset[str]) -> str:
    """What a call imports that is given the name of a module of the course, as `mock.patch` is."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    text = _text(call.args[0]) if call.args else ""
    return f"{name}({text!r})" if text.partition(".")[0] in tops and name in _BY_TEXT else ""


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
