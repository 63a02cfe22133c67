"""A notebook or a single file cut down to what its tasks need: definitions, imports, constants."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ..grading.definitions import Definition, Statement, TaskNames, is_stub, parse, statements
from .ipython import without_magics, without_prompts
from .notebook import Notebook
from .paths import shown
from .screen import STAND_IN, built_in, replacement, shown_names
from .source import syntax_fault

_KEPT = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom),
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.If, ast.Try),
)


@dataclass
class Piece:
    """Python text of one cell or file, in statements."""

    where: str  # for notes: "hw4.ipynb, cell 3"
    text: str
    tasks: frozenset[str] = frozenset()  # tagged task:<id>
    statements: list[Statement] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.statements = statements(parse(self.text))


@dataclass
class Script:
    """A hand-in that is no module of the library."""

    path: str
    pieces: list[Piece]
    texts: list[Piece] = field(default_factory=list)  # cells of text that read as Python
    notes: list[str] = field(default_factory=list)

    def defines(self, names: TaskNames) -> frozenset[str]:
        """Which of the names are defined here, and not left as stubs."""
        return frozenset(
            name
            for piece in (*self.pieces, *self.texts)
            for statement in piece.statements
            for name in statement.binds & names.keys()
            if not _is_stub(statement, names[name])
            and not isinstance(statement.node, ast.Import | ast.ImportFrom)
        )


def from_file(path: str, text: str) -> Script:
    """A single .py. SyntaxError where Python does not take it, even without lines for IPython."""
    text, removed = without_magics(without_prompts(text))
    notes = [f"{shown(path)}: {removed} lines for IPython or the shell (%, !, ?) were left out"]
    fault = syntax_fault(shown(path), text)
    if fault:
        raise SyntaxError(fault)
    return Script(path, [Piece(shown(path), text)], notes=notes if removed else [])


def from_notebook(path: str, notebook: Notebook) -> Script:
    """The cells of a notebook, one piece each."""
    pieces, texts = (
        [Piece(f"{shown(path)}, cell {cell.number}", cell.text, cell.tasks) for cell in cells]
        for cells in (notebook.cells, notebook.texts)
    )
    return Script(path, pieces, texts, list(notebook.notes))


def cut_down(script: Script, names: TaskNames, tasks: Mapping[str, str]) -> tuple[str, list[str]]:
    """Text that defines `names` and whatever they need, and notes on what is not in it.

    `tasks` maps a name to the id of its task: a definition in a cell tagged with it wins over others,
    and among equals the last. Loops, calls, prints and plots at the top level are experiments: left out.
    """
    notes = list(script.notes)
    pieces = [*script.pieces, *_restored(script, names, notes)]
    chosen = [(piece, statement) for piece in pieces for statement in piece.statements]
    for name in names:
        chosen = _settle(name, names[name], tasks.get(name, ""), chosen, notes)
    needed = _needed(names, [statement for _, statement in chosen])
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
    on_screen = {name for statement in needed for name in shown_names(statement.node)}
    implied = built_in(needed, {name for statement in needed for name in statement.binds})
    text = "".join(_text_of(piece, kept) for piece in pieces)
    if on_screen or implied:
        text = f"{STAND_IN}{replacement(implied)}\n{text}"
        names_ = _listed([*on_screen, *implied])
        notes.append(f"{shown(script.path)}: nothing is shown while grading: {names_} did nothing")
    return (_future_first(text) if len(pieces) > 1 or on_screen or implied else text), notes


def _restored(script: Script, names: Collection[str], notes: list[str]) -> list[Piece]:
    """Cells of text that define what no cell of code does: their type was changed by accident."""
    have = {name for piece in script.pieces for statement in piece.statements for name in statement.binds}
    found = []
    for piece in script.texts:
        missing = {name for statement in piece.statements for name in statement.binds} & set(names) - have
        if missing:
            notes.append(f"{piece.where}: is a cell of text, but defines {_listed(missing)}; read as code")
            found.append(piece)
    return found


def _settle(
    name: str,
    methods: Collection[str],
    task: str,
    chosen: list[tuple[Piece, Statement]],
    notes: list[str],
) -> list[tuple[Piece, Statement]]:
    """Leave one definition of a name: done before stub, tagged before untagged, last before first."""
    rivals = [
        (piece, statement)
        for piece, statement in chosen
        if isinstance(statement.node, Definition) and statement.node.name == name
    ]
    if len(rivals) < 2:
        return chosen
    ranks = [(not _is_stub(statement, methods), task in piece.tasks) for piece, statement in rivals]
    best = max(range(len(rivals)), key=lambda at: (*ranks[at], at))
    done = sum(not _is_stub(statement, methods) for _, statement in rivals)
    if done > 1:
        why = "the one in the tagged cell counts" if ranks[best][1] else "the last one counts"
        notes.append(f"{rivals[best][0].where}: {name} is defined {done} times; {why}")
    losers = {id(statement) for at, (_, statement) in enumerate(rivals) if at != best}
    return [(piece, statement) for piece, statement in chosen if id(statement) not in losers]


def _needed(names: Iterable[str], candidates: list[Statement]) -> set[Statement]:
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
        for statement in binding[waiting.pop()]:
            needed.add(statement)
            new = statement.uses - seen
            seen |= new
            waiting += new
    return needed


def _is_lasting(node: ast.ImportFrom) -> bool:
    return node.module == "__future__" or any(alias.name == "*" for alias in node.names)


def _is_main(statement: Statement) -> bool:
    return isinstance(statement.node, ast.If) and any(
        isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(statement.node.test)
    )


def _is_stub(statement: Statement, methods: Collection[str]) -> bool:
    return isinstance(statement.node, Definition) and is_stub(statement.node, methods)


def _is_text(statement: Statement) -> bool:
    return isinstance(statement.node, ast.Expr) and isinstance(statement.node.value, ast.Constant)


def _text_of(piece: Piece, kept: Collection[int]) -> str:
    """The piece with what is not kept blanked, so that lines keep their numbers."""
    chosen = [statement for statement in piece.statements if id(statement) in kept]
    lines = {line for statement in chosen for line in statement.lines}
    text = piece.text.split("\n")
    for statement in chosen:
        if names := shown_names(statement.node):
            first, *rest = sorted(statement.lines)
            others = {line for each in chosen if each is not statement for line in each.lines}
            if others.isdisjoint(statement.lines):
                text[first - 1] = replacement(names)
                lines -= set(rest)
    return "".join(f"{line if at in lines else ''}\n" for at, line in enumerate(text, start=1))


def _future_first(text: str) -> str:
    """In a notebook `from __future__` may stand in any cell; in a module only at the top."""
    lines = text.split("\n")
    future = [line for line in lines if line.startswith("from __future__ ")]
    rest = ["" if line in future else line for line in lines]
    return "\n".join([*dict.fromkeys(future), *rest])


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
