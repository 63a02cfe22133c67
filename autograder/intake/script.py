"""A notebook, or a file that is no module of the library, as statements in pieces."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from ..source.definitions import Statement, statements
from ..source.parsing import parse
from ..source.unfinished import TaskNames, is_unfinished
from ..text import shown
from .ipython import without_magics, without_prompts
from .notebook import Notebook
from .source import syntax_fault


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
            if not is_unfinished(statement, names[name])
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
