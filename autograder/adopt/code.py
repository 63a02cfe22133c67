"""Cells of code sorted into a module: what it defines, what is a task, what cannot come along."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from ..grading.definitions import parse
from ..intake.ipython import without_magics
from .draft import Draft

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Module:
    """The library module that a notebook becomes."""

    imports: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)  # functions and classes that students write
    methods: dict[str, list[str]] = field(default_factory=dict)  # of those of `tasks` that are classes
    others: set[str] = field(default_factory=set)  # further names that it defines

    def text(self) -> str:
        """Its source."""
        future = [line for line in self.imports if "__future__" in line]
        rest = [line for line in self.imports if "__future__" not in line]
        head = ["from __future__ import annotations", *(line for line in future if "annotations" not in line)]
        return "\n".join(head) + "\n\n" + "\n".join(rest) + "\n\n\n" + "\n\n\n".join(self.body) + "\n"


def build_module(draft: Draft) -> Module:
    """Functions of answers become tasks; other definitions and constants stay as they are."""
    module = Module()
    for text, answered in [(each, False) for each in draft.given] + [(each, True) for each in draft.answers]:
        code, _ = without_magics(text)
        try:
            tree = parse(code)
        except SyntaxError as error:
            draft.left.append(f"code that is no plain Python ({error.msg}): {text.splitlines()[0][:60]}")
            continue
        for node in tree.body:
            _sort(module, draft, node, code, answered=answered)
    return module


def _sort(module: Module, draft: Draft, node: ast.stmt, text: str, *, answered: bool) -> None:
    if isinstance(node, ast.Import | ast.ImportFrom):
        line = ast.unparse(node)
        if line not in module.imports:
            module.imports.append(line)
    elif isinstance(node, Function):
        if answered:
            module.tasks.append(node.name)
            _document(draft, node)
            module.body.append(ast.unparse(node))
        else:
            module.others.add(node.name)
            module.body.append(ast.get_source_segment(text, node) or ast.unparse(node))
    elif isinstance(node, ast.ClassDef) and answered:
        inside = [each for each in node.body if isinstance(each, Function)]
        module.tasks.append(node.name)
        module.methods[node.name] = [each.name for each in inside]
        for each in inside:
            _document(draft, each)
        module.body.append(ast.unparse(node))
    elif isinstance(node, ast.ClassDef) or (
        isinstance(node, ast.Assign) and not answered and _is_plain(node)
    ):
        names = [node.name] if isinstance(node, ast.ClassDef) else _targets(node)
        module.others.update(names)
        module.body.append(ast.get_source_segment(text, node) or ast.unparse(node))
    elif answered and not isinstance(node, ast.Pass):
        draft.left.append(f"an answer that is no function: `{ast.unparse(node).splitlines()[0][:60]}`")


def _document(draft: Draft, node: Function) -> None:
    if ast.get_docstring(node) is None:
        node.body.insert(0, ast.Expr(ast.Constant(f"As the handout asks: {node.name}.")))
        draft.left.append(f"{node.name}: had no docstring, which students need as their contract; write it")


def _is_plain(node: ast.Assign) -> bool:
    """Whether a value can be had without running anything."""
    return not any(isinstance(each, ast.Call) for each in ast.walk(node.value))


def _targets(node: ast.Assign) -> list[str]:
    return [each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)]
