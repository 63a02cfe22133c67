"""Turns code that IPython accepts into code that Python accepts, line for line."""

from __future__ import annotations

import ast
import re

from ..source.parsing import parse

_MAGIC = re.compile(r"^\s*[%!?]|\?\s*$|^\s*[\w, ]+=\s*[%!]|^[,;/]\w")
_MAGIC_LINE = re.compile(r"^\s*[%!]")
_TIMED = re.compile(r"^(?P<indent>\s*)%time\s+(?P<code>\S.*)$")
_MAGICS = 50  # groups of lines of IPython in one cell that are looked for
# What a console prints before code, which IPython takes off again.
_PROMPT = re.compile(r"^\s*(?:>>> ?|In ?\[\d*\]: ?)")
_CONTINUED = re.compile(r"^\s*(?:\.{3,}: ?|\.\.\. ?)")
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_OUTSIDE = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Return, ast.Yield, ast.YieldFrom)


def without_prompts(text: str) -> str:
    """The text without the prompts of a console, if its first line starts with one."""
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if not _PROMPT.match(first):
        return text
    return "\n".join(_CONTINUED.sub("", _PROMPT.sub("", line)) for line in lines)


def without_magics(text: str) -> tuple[str, int]:
    """The text with lines that only IPython understands replaced by `pass`, and their number.

    Only lines at which Python stops are looked at, so that a `%` in a string or a formula stays. What
    `%time` measures is kept.
    """
    lines, removed = text.split("\n"), 0
    for _ in range(_MAGICS):
        try:
            parse("\n".join(lines))
        except SyntaxError as error:
            at = (error.lineno or 0) - 1
            if not 0 <= at < len(lines) or not _MAGIC.search(lines[at]):
                break
            removed += _remove(lines, at)
        else:
            break
    return "\n".join(lines), removed


def without_awaits(text: str) -> tuple[str, int]:
    """The text with statements that only a notebook's top level takes replaced by `pass`; their number.

    IPython lets a cell await; outside a function Python does not, nor does either `return` there.
    """
    try:
        parse(text)
    except SyntaxError:
        pass
    else:
        return text, 0
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text, 0
    lines, outside = text.split("\n"), [statement for statement in tree.body if _is_outside(statement)]
    for statement in outside:
        end = statement.end_lineno or statement.lineno
        lines[statement.lineno - 1 : end] = ["pass", *[""] * (end - statement.lineno)]
    return "\n".join(lines), len(outside)


def _is_outside(statement: ast.stmt) -> bool:
    """Whether a statement awaits or returns, not within a function of its own."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, _OUTSIDE):
            return True
        if not isinstance(node, _INNER):
            waiting += ast.iter_child_nodes(node)
    return False


def _remove(lines: list[str], at: int) -> int:
    """Replace a line, what continues it, and those of IPython right below it, by `pass`; their number."""
    timed = _TIMED.match(lines[at])
    if timed and _is_python(timed["code"]):
        lines[at] = timed["indent"] + timed["code"]
        return 1
    end = at + 1
    while end < len(lines) and (_MAGIC_LINE.search(lines[end]) or lines[end - 1].rstrip().endswith("\\")):
        if _TIMED.match(lines[end]):
            break
        end += 1
    for number in range(at, end):
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        lines[number] = f"{indent}pass"
    return end - at


def _is_python(code: str) -> bool:
    try:
        parse(code)
    except SyntaxError:
        return False
    return True
