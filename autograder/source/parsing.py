"""From source text to its syntax tree."""

from __future__ import annotations

import ast
import copy
import warnings
from functools import lru_cache

from .apart import TooCostly, ask

_DEPTH = 300  # nodes within nodes; readers of the tree recurse, and Python stops them at 1000 frames
_TREE_MB = 384  # MiB of address space in which a large text must fit, with its tree
_SMALL = 1 << 15  # characters; no text of so many was found that takes Python more than a fifth of a second


def parse(source: str) -> ast.Module:
    """Syntax tree of `source`, not to be changed: others get the same one.

    Raises SyntaxError for whatever Python does not take, however it says so.

    What is large is first read in a child that can be killed. Raises SandboxError where that fails.
    """
    tree = _small(source) if len(source) <= _SMALL else _large(source)
    if isinstance(tree, SyntaxError):
        raise tree.with_traceback(None)
    return tree


def parse_to_change(source: str) -> ast.Module:
    """The same as `parse`, as a tree of the caller's own; trees of `parse` are shared."""
    return copy.deepcopy(parse(source))


def parse_here(source: str) -> ast.Module:
    """The same in this process, whatever it takes."""
    tree = _parsed(source)
    if isinstance(tree, SyntaxError):
        raise tree
    return tree


@lru_cache(maxsize=64)  # a hand-in is looked at several times, and shares files with the whole class
def _small(source: str) -> ast.Module | SyntaxError:
    return _parsed(source)


@lru_cache(maxsize=8)  # as many as a hand-in can hold that are costly
def _large(source: str) -> ast.Module | SyntaxError:
    try:
        fault = ask({"fault": source}, _TREE_MB)
    except TooCostly as error:
        return SyntaxError(f"cannot be read: {error}")
    if fault is None:
        return _parsed(source)
    found = SyntaxError(fault["message"])
    found.lineno = fault["line"]
    return found


def _parsed(source: str) -> ast.Module | SyntaxError:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "\d" in a docstring is no news for the grader
        try:
            tree = ast.parse(source)
            compile(tree, "<hand-in>", "exec", dont_inherit=True)  # sees `return` outside a function
        except SyntaxError as error:
            return error
        except (RecursionError, MemoryError):
            return SyntaxError("nested too deeply")
        except ValueError as error:
            return SyntaxError(str(error))
    return SyntaxError("nested too deeply") if _is_deep(tree) else tree


def _is_deep(tree: ast.AST) -> bool:
    level: list[ast.AST] = [tree]
    for _ in range(_DEPTH):
        level = [child for node in level if not _is_short(node) for child in ast.iter_child_nodes(node)]
    return bool(level)


def _is_short(node: ast.AST) -> bool:
    """Whether a statement has fewer characters than it would need to be nested too deeply."""
    return (
        isinstance(node, ast.stmt)
        and node.end_lineno == node.lineno
        and (node.end_col_offset or 0) - node.col_offset < _DEPTH
    )
