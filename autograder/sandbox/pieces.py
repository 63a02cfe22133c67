"""Pieces of a statement that its exception may have been worded with: string constants and names."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

from ..text import line

PIECES = 8  # of one statement that can be told; the first ones
_PIECE_CHARS = 120
_TEXT_LIMIT = 1 << 17  # characters of a file that is taken apart
_NODES = 2_000  # of one statement that are looked at
_SHORTEST = 4  # characters of a constant that is looked for within a text
_HOLES = re.compile(r"%[-+ #0-9.*]*[a-zA-Z]|\{[^{}]*\}")  # of what is formatted by % and by .format
_HOLE = "…"
_SAYS = {
    "AttributeError": "no attribute '{}'",
    "ImportError": "cannot import '{}'",
    "KeyError": "key '{}'",
    "ModuleNotFoundError": "no module named '{}'",
    "NameError": "name '{}' is not defined",
    "UnboundLocalError": "'{}' is used before it has a value",
}
# Where the type of an exception tells what kind of name it is about.
_NAMED: dict[str, type[ast.AST]] = {
    "NameError": ast.Name,
    "UnboundLocalError": ast.Name,
    "AttributeError": ast.Attribute,
}

_HELD = (ast.stmt, ast.excepthandler)

Piece = tuple[str, ...]  # what stands literally, with a hole between each two


class Statement:
    """The pieces of a statement. Its syntax tree is not kept, since that of a stranger's file may be vast."""

    def __init__(self, node: ast.stmt) -> None:
        self.strings = tuple(islice(_strings(node), PIECES // 2))
        kinds: set[type[ast.AST]] = {ast.AST, *_NAMED.values()}
        self.names = {of: tuple(islice(_names(of, node), PIECES - PIECES // 2)) for of in kinds}


def statement_at(text: str, number: int) -> Statement | None:
    """The innermost statement on a line; None for a comment, an empty line, what Python cannot read."""
    innermost = None
    with suppress(SyntaxError, ValueError, RecursionError, MemoryError), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what a student wrote
        for node in ast.walk(ast.parse(text if len(text) <= _TEXT_LIMIT else "")):
            if isinstance(node, ast.stmt) and number in _lines(node):
                innermost = node
        return None if innermost is None else Statement(innermost)
    return None


def _lines(node: ast.stmt) -> range:
    """The lines of a statement; of one that holds others those above the first of them."""
    body = getattr(node, "body", None)
    last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
    return range(node.lineno, max(node.lineno, last) + 1)


def matching(kind: str, said: str, statement: Statement | None) -> str:
    """The first piece of a statement that an exception's text is made of, its own parts only."""
    if statement is None or not said:
        return ""
    for piece in statement.strings:
        if kind == "KeyError" and said == repr(piece[0]):  # its text is the key as Python writes it
            return line(_SAYS[kind].format(piece[0]), _PIECE_CHARS)
        if fitting := _fits(piece, said):
            return line(fitting, _PIECE_CHARS)
    says = _SAYS.get(kind, "…'{}'…")
    for name in statement.names[_NAMED.get(kind, ast.AST)]:
        if f"'{name}'" in said:
            return line(says.format(name), _PIECE_CHARS)
    return ""


def _fits(piece: Piece, said: str) -> str:
    """The piece as it is told, where the text is made of it; a constant alone also within a longer text."""
    first, *rest = piece
    if not rest:
        return first if said == first or (len(first.strip()) >= _SHORTEST and first in said) else ""
    if not said.startswith(first) or not any(text.strip() for text in piece):
        return ""
    place = len(first)
    for text in rest:
        place = said.find(text, place)
        if place < 0:
            return ""
        place += len(text)
    return _HOLE.join(piece) if said.endswith(rest[-1]) else ""


def _strings(statement: ast.stmt) -> Iterator[Piece]:
    """String constants and the literal parts of those that are formatted, in the order of the source."""
    for node in _own(statement):
        if isinstance(node, ast.JoinedStr) or _is_sum(node):
            if any(parts := _parts(node)):
                yield parts
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield (node.value,)
            if len(literal := _HOLES.split(node.value)) > 1:
                yield tuple(literal)


def _parts(node: ast.AST) -> Piece:
    """Literal parts of an f-string, or of a sum."""
    parts = [""]
    for term in node.values if isinstance(node, ast.JoinedStr) else _terms(node):
        if isinstance(term, ast.Constant) and isinstance(term.value, str):
            parts[-1] += term.value
        else:
            parts.append("")
    return tuple(parts)


def _terms(node: ast.AST) -> list[ast.AST]:
    terms: list[ast.AST] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        terms.append(node.right)
        node = node.left
    return [node, *reversed(terms)]


def _names(of: type[ast.AST], statement: ast.stmt) -> Iterator[str]:
    """Names that nodes of one kind hold in the statement, each once."""
    seen = set[str]()
    for node in _own(statement):
        for name in _names_of(node) if isinstance(node, of) else ():
            if name not in seen:
                seen.add(name)
                yield name


def _names_of(node: ast.AST) -> Sequence[str]:
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        return (node.attr,)
    if isinstance(node, ast.alias):
        return (node.name, node.name.partition(".")[0])
    if isinstance(node, ast.ImportFrom) and node.module:
        return (node.module, node.module.partition(".")[0])
    return (node.arg,) if isinstance(node, ast.keyword) and node.arg else ()


def _own(statement: ast.stmt) -> Iterator[ast.AST]:
    """Nodes of a statement in the order of the source; none of the statements that it holds."""
    waiting: list[ast.AST] = [statement]
    for _ in range(_NODES):
        if not waiting:
            return
        node = waiting.pop()
        yield node
        waiting += reversed([inner for inner in _inside(node) if not isinstance(inner, _HELD)])


def _inside(node: ast.AST) -> Iterable[ast.AST]:
    if isinstance(node, ast.JoinedStr):
        return ()  # its constants mean nothing alone
    return _terms(node) if _is_sum(node) else ast.iter_child_nodes(node)


def _is_sum(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
