"""What shows something in a notebook, replaced by what shows nothing: nobody looks while grading."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from ..grading.definitions import Statement

# Top-level packages that only show, and are not there where student code is graded.
_SHOWING = frozenset({"IPython", "google", "ipywidgets", "matplotlib", "pylab", "plotly", "seaborn", "tqdm"})
_BUILT_IN = frozenset({"display", "get_ipython"})  # IPython puts them in place without an import
NAME = "_Shown"
# Called, it hands back what it is given, so that `for x in tqdm(xs)` still counts.
STAND_IN = f"""\
class {NAME}:
    def __init__(self, name=""):
        self.__name = name
    def __call__(self, *shown, **options):
        if self.__name == "trange":
            return range(*shown)
        return shown[0] if shown else self
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return {NAME}(name)
    def __iter__(self):
        return iter((self, self))
    def __enter__(self):
        return self
    def __exit__(self, *_):
        return False
"""


def shown_names(node: ast.stmt) -> list[str]:
    """Names that an import binds, if it imports from packages that only show; else none."""
    if isinstance(node, ast.ImportFrom) and not node.level:
        found = (node.module or "").partition(".")[0] in _SHOWING
        return [alias.asname or alias.name for alias in node.names if alias.name != "*"] if found else []
    if isinstance(node, ast.Import) and all(a.name.partition(".")[0] in _SHOWING for a in node.names):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    return []


def replacement(names: Iterable[str]) -> str:
    """One line that binds the names to stand-ins."""
    return "; ".join(f"{name} = {NAME}({name!r})" for name in names)


def built_in(needed: Iterable[Statement], bound: Iterable[str]) -> list[str]:
    """What IPython would have put in place, of what the statements use."""
    used = {name for statement in needed for name in statement.uses}
    return sorted((used & _BUILT_IN) - set(bound))
