"""What names in source text stand for: imports, aliases, `getattr` with a constant."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping

from .definitions import Definition

NOTHING = "<nothing>"  # what a name stands for that leads to nothing that is looked for
_GETATTR = "getattr"
_IMPORTERS = ("__import__", "importlib.import_module")


class Wanted:
    """Which dotted names are of interest; whatever else a name may stand for is dropped at once.

    So no text makes the meanings of its names grow: no chain of `a1 = a0.x`, however long. `names` are
    dotted, and all that lies beneath them; `roots` the student's own modules, "" for relative ones.
    """

    def __init__(self, names: Collection[str], roots: Collection[str]) -> None:
        self._paths = [name.split(".") for name in (*names, *_IMPORTERS, _GETATTR)]
        self._roots = frozenset(roots)
        self._depth = max(3, *map(len, self._paths))

    def kept(self, meaning: str) -> str:
        """A dotted name as far as it matters; NOTHING if it leads nowhere."""
        parts = meaning.split(".", self._depth)[: self._depth]
        if parts[0] in self._roots or any(
            all(own == their for own, their in zip(parts, path, strict=False)) for path in self._paths
        ):
            return ".".join(parts)
        return NOTHING


class Names:
    """What names stand for in a piece of code, within another piece."""

    def __init__(self, wanted: Wanted, outer: Names | None = None, own: Collection[str] = ()) -> None:
        self._wanted = wanted
        self._outer = outer
        self._own = own  # names that hide those outside
        self._dotted: dict[str, dict[str, None]] = {}  # relative imports with a dot first
        self.stars: list[str] = outer.stars if outer else []  # modules of which everything was imported

    def within(self, node: ast.stmt) -> Names:
        """What names stand for within a statement; a function's own hide those of the module."""
        names = Names(self._wanted, self, set(_stored(node)) if isinstance(node, Definition) else ())
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
                self._add(node.arg, NOTHING)
        for node in walked:
            for target, value in _assigned(node):
                for meaning in self.meanings(value):
                    self._add(target, meaning)

    def all_meanings(self, node: ast.stmt) -> Iterator[tuple[int, str]]:
        """Lines and dotted names of interest that the expressions of a statement stand for."""
        known: dict[int, list[str]] = {}
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name | ast.Attribute | ast.Call) and not _is_bound(inner):
                for meaning in self.meanings(inner, known):
                    if meaning != NOTHING:
                        yield inner.lineno, meaning

    def meanings(self, node: ast.AST, known: dict[int, list[str]] | None = None) -> list[str]:
        """Dotted names that an expression may stand for; `known` holds those of parts looked at before."""
        known = {} if known is None else known
        if id(node) not in known:
            known[id(node)] = list(dict.fromkeys(self._meanings(node, known)))
        return known[id(node)]

    def _meanings(self, node: ast.AST, known: dict[int, list[str]]) -> Iterator[str]:
        if isinstance(node, ast.Name):
            meanings = dict(self._found(node.id)) or dict.fromkeys(self._unknown(node.id))
            yield from meanings
        elif isinstance(node, ast.Attribute):
            for owner in self.meanings(node.value, known):
                yield owner if owner == NOTHING else self._wanted.kept(f"{owner}.{node.attr}")
        elif isinstance(node, ast.Call):
            yield from self._meanings_of_call(node, known)

    def _found(self, name: str) -> Mapping[str, None]:
        outer = self._outer._found(name) if self._outer and name not in self._own else {}
        own = self._dotted.get(name, {})
        return {**outer, **own} if outer and own else own or outer

    def _unknown(self, name: str) -> Iterator[str]:
        yield self._wanted.kept(name)
        yield from (self._wanted.kept(f"{star}.{name}") for star in self.stars)

    def _meanings_of_call(self, node: ast.Call, known: dict[int, list[str]]) -> Iterator[str]:
        texts = [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args[:2]]
        called = self.meanings(node.func, known)
        if _GETATTR in called and len(texts) > 1 and isinstance(texts[1], str):
            for owner in self.meanings(node.args[0], known):
                yield owner if owner == NOTHING else self._wanted.kept(f"{owner}.{texts[1]}")
        if texts and isinstance(texts[0], str) and any(meaning in _IMPORTERS for meaning in called):
            yield self._wanted.kept(texts[0])

    def _add(self, name: str, meaning: str) -> None:
        self._dotted.setdefault(name, {})[self._wanted.kept(meaning)] = None

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


def _is_bound(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Plain names that an assignment binds, each with its value."""
    if isinstance(node, ast.Assign):
        targets: list[ast.expr] = node.targets
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
        targets = [node.target]
    else:
        return
    if node.value is not None:
        yield from ((target.id, node.value) for target in targets if isinstance(target, ast.Name))


def _stored(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
        elif isinstance(inner, ast.arg):
            yield inner.arg
