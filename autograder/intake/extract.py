"""An extract of a script: the definitions, imports and constants that its tasks need."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..source.definitions import Definition, Statement
from ..source.unfinished import TaskNames, is_unfinished
from ..text import shown
from .display import shown_names
from .overwritten import overwritten
from .script import Piece, Script

_KEPT = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom),
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.If, ast.Try),
)
_Chosen = list[tuple[Piece, Statement]]


@dataclass(frozen=True, slots=True)
class Extract:
    """Text that defines what was asked for, and whatever that needs."""

    text: str
    origins: tuple[tuple[int, str], ...]  # first line of each piece in it -> where the piece comes from
    notes: tuple[str, ...] = ()  # on what is not in it


def extract(script: Script, names: TaskNames, tasks: Mapping[str, str]) -> Extract:
    """What of a script defines `names`.

    `tasks` maps a name to the id of its task: a definition in a cell tagged with it wins over others,
    and among equals the last. Loops, calls, prints and plots at the top level are experiments: left out.
    """
    notes = list(script.notes)
    pieces = [*script.pieces, *_restored(script, names, notes)]
    chosen = [(piece, statement) for piece in pieces for statement in piece.statements]
    for name in names:
        chosen = _settle(name, names[name], tasks.get(name, ""), chosen, notes)
    chosen = _without_overwritten(names, chosen, notes)
    needed, _ = _needed(names, [statement for _, statement in chosen])
    kept = {id(statement) for _, statement in chosen if statement in needed}
    dropped = sum(
        id(statement) not in kept and not isinstance(statement.node, _KEPT) and not _is_text(statement)
        for piece in pieces
        for statement in piece.statements
    )
    if dropped:
        notes.append(
            f"{shown(script.path)}: {dropped} statements outside functions (loops, prints) were not run"
        )
    if on_screen := shown_names(needed):
        notes.append(
            f"{shown(script.path)}: nothing is shown while grading: {_listed(on_screen)} did nothing"
        )
    return joined([Extract(_text_of(piece, kept), ((1, piece.where),)) for piece in pieces], tuple(notes))


def joined(extracts: Sequence[Extract], notes: tuple[str, ...] = ()) -> Extract:
    """One text of several; `from __future__`, which may stand in any cell, comes to its top."""
    if len(extracts) == 1:
        return Extract(extracts[0].text, extracts[0].origins, (*extracts[0].notes, *notes))
    lines = [line for part in extracts for line in part.text.removesuffix("\n").split("\n")]
    future = list(dict.fromkeys(line for line in lines if line.startswith("from __future__ ")))
    origins, at = [], len(future)
    for part in extracts:
        origins += [(at + first, where) for first, where in part.origins]
        at += part.text.removesuffix("\n").count("\n") + 1
    text = "\n".join([*future, *("" if line in future else line for line in lines), ""])
    return Extract(text, tuple(origins), (*(note for part in extracts for note in part.notes), *notes))


def _restored(script: Script, names: Collection[str], notes: list[str]) -> list[Piece]:
    """Cells of text that define what no cell of code does: their type was changed by accident."""
    have = {name for piece in script.pieces for statement in piece.statements for name in statement.binds}
    restored = []
    for piece in script.texts:
        missing = {name for statement in piece.statements for name in statement.binds} & set(names) - have
        if missing:
            notes.append(f"{piece.where}: is a cell of text, but defines {_listed(missing)}; read as code")
            restored.append(piece)
    return restored


def _settle(
    name: str,
    methods: Collection[str],
    task: str,
    chosen: _Chosen,
    notes: list[str],
) -> _Chosen:
    """Leave one definition of a name: done before stub, tagged before untagged, last before first."""
    rivals = [
        (piece, statement)
        for piece, statement in chosen
        if isinstance(statement.node, Definition) and statement.node.name == name
    ]
    if len(rivals) < 2:
        return chosen
    ranks = [(not is_unfinished(statement, methods), task in piece.tasks) for piece, statement in rivals]
    best = max(range(len(rivals)), key=lambda at: (*ranks[at], at))
    done = sum(not is_unfinished(statement, methods) for _, statement in rivals)
    if done > 1:
        why = "the one in the tagged cell counts" if ranks[best][1] else "the last one counts"
        notes.append(f"{rivals[best][0].where}: {name} is defined {done} times; {why}")
    losers = {id(statement) for at, (_, statement) in enumerate(rivals) if at != best}
    return [(piece, statement) for piece, statement in chosen if id(statement) not in losers]


def _without_overwritten(names: TaskNames, chosen: _Chosen, notes: list[str]) -> _Chosen:
    """Leave out what takes the name of a function or module that is needed, and uses it for data."""
    statements = [statement for _, statement in chosen]
    _, used = _needed(names, statements)
    left = {at: taken & used for at, taken in overwritten(statements, names).items() if taken & used}
    for at, taken in left.items():
        notes.append(
            f"{chosen[at][0].where}: {_listed(taken)} is used again for something else; the definition counts"
        )
    return [part for at, part in enumerate(chosen) if at not in left]


def _needed(names: Iterable[str], candidates: Sequence[Statement]) -> tuple[set[Statement], set[str]]:
    """The statements that define some names, and what these use in turn; all names that they use."""
    needed: set[Statement] = set()
    waiting, seen = list(names), set(names)
    binding: dict[str, list[Statement]] = defaultdict(list)
    for statement in candidates:
        if isinstance(statement.node, ast.ImportFrom) and _is_lasting(statement.node):
            needed.add(statement)
        if isinstance(statement.node, _KEPT) and not _is_main(statement):
            for name in statement.binds:
                binding[name].append(statement)
    while waiting:
        for statement in binding.pop(waiting.pop(), ()):
            if statement in needed:  # it binds several names
                continue
            needed.add(statement)
            new = statement.uses - seen
            seen |= new
            waiting += new
    return needed, seen


def _is_lasting(node: ast.ImportFrom) -> bool:
    return node.module == "__future__" or any(alias.name == "*" for alias in node.names)


def _is_main(statement: Statement) -> bool:
    return isinstance(statement.node, ast.If) and any(
        isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(statement.node.test)
    )


def _is_text(statement: Statement) -> bool:
    return isinstance(statement.node, ast.Expr) and isinstance(statement.node.value, ast.Constant)


def _text_of(piece: Piece, kept: Collection[int]) -> str:
    """The piece with what is not kept blanked, so that lines keep their numbers."""
    lines = {line for statement in piece.statements if id(statement) in kept for line in statement.lines}
    text = [line if at in lines else "" for at, line in enumerate(piece.text.split("\n"), start=1)]
    for statement in reversed(piece.statements):  # from the right, as those on one line are cut out of it
        for at in lines.intersection(statement.lines):
            part = b"" if id(statement) in kept else b"pass"
            text[at - 1] = _line(text[at - 1], at, statement.node, part)
    return "\n".join([*text, ""])


def _line(line: str, at: int, node: ast.stmt, instead: bytes) -> str:
    """A line with something else for its part of a statement, if anything; Python counts columns in bytes."""
    encoded = line.encode()
    first = node.col_offset if at == node.lineno else 0
    last = node.end_col_offset if at == node.end_lineno else len(encoded)
    before = encoded[:first]
    if not before.strip():
        before = b""  # the statement went on from the line above after a backslash
    return (before + (instead or encoded[first:last]) + encoded[last:]).decode()


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
