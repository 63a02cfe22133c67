"""What in a notebook only shows something: nobody sees it while the notebook is graded."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from ..sandbox.inside.absent import BUILT_IN, shows
from ..source.definitions import Statement


def shown_names(needed: Iterable[Statement]) -> set[str]:
    """Names that the statements have from packages that only show, or from IPython without an import."""
    nodes = [statement.node for statement in needed]
    names = {name for node in nodes for name in _imported(node)}
    bound = {name for statement in needed for name in statement.binds}
    used = {name for statement in needed for name in statement.uses}
    return names | ((used & {*BUILT_IN}) - bound)


def _imported(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.ImportFrom) and shows(node.module):
        return [alias.asname or alias.name for alias in node.names if alias.name != "*"] or [str(node.module)]
    if isinstance(node, ast.Import):
        shown = [alias for alias in node.names if shows(alias.name)]
        return [alias.asname or alias.name.partition(".")[0] for alias in shown]
    return []
