"""Small changes of code that make it wrong: what each does to one node of the syntax tree."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

Change = tuple[str, ast.AST | None]  # name of the operator, what takes the node's place; None removes it

_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
# Names of NumPy and Python that students mix up.
_NAMES = {
    "sum": "mean",
    "mean": "sum",
    "max": "min",
    "min": "max",
    "argmax": "argmin",
    "std": "var",
    "maximum": "minimum",
    "minimum": "maximum",
    "zeros_like": "ones_like",
    "ones_like": "zeros_like",
    "zeros": "ones",
    "ones": "zeros",
    "logical_and": "logical_or",
    "vstack": "hstack",
}
_COMMUTATIVE = frozenset(["min", "max", "minimum", "maximum", "logaddexp", "zip"])
_UNWRAPPED = frozenset(
    ["exp", "log", "sqrt", "tanh", "abs", "sign", "square", "reversed", "copy", "softplus", "detach", "T"]
)


def _operators(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        yield "operator", ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)
    if isinstance(node, ast.AugAssign):
        if type(node.op) in (ast.Add, ast.Sub):
            yield "operator", ast.AugAssign(node.target, _ARITHMETIC[type(node.op)](), node.value)
        target = copy.deepcopy(node.target)
        yield "assignment", ast.Assign([target], node.value, lineno=node.lineno)
    if isinstance(node, ast.BoolOp):
        yield "operator", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _comparisons(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in _COMPARISONS.get(type(operator), ()):
                operators = [*node.ops[:place], other(), *node.ops[place + 1 :]]
                yield "comparison", ast.Compare(node.left, operators, node.comparators)


def _constants(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield "constant", ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield "constant", ast.Constant(node.value + 1)
        if node.value:
            yield "constant", ast.Constant(node.value - 1)
    elif isinstance(node.value, float):
        yield "constant", ast.Constant(2 * node.value if node.value else 1.0)


def _signs(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield "sign", node.operand


def _terms(node: ast.AST) -> Iterator[Change]:
    """Leave out a term or a factor, or exchange the two."""
    if not isinstance(node, ast.BinOp):
        return
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Pow):
        yield "dropped", node.left
    if isinstance(node.op, ast.Add | ast.Mult):
        yield "dropped", node.right
    if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        yield "swapped", ast.BinOp(node.right, node.op, node.left)


def _arguments(node: ast.AST) -> Iterator[Change]:
    """Exchange or leave out arguments."""
    if not isinstance(node, ast.Call):
        return
    plain = not any(isinstance(argument, ast.Starred) for argument in node.args)
    if plain and len(node.args) >= 2 and _name(node.func) not in _COMMUTATIVE:
        for place in range(len(node.args) - 1):
            args = list(node.args)
            args[place], args[place + 1] = args[place + 1], args[place]
            yield "swapped", ast.Call(node.func, args, node.keywords)
    for place, keyword in enumerate(node.keywords):
        if keyword.arg in ("axis", "keepdims"):
            rest = [*node.keywords[:place], *node.keywords[place + 1 :]]
            yield "axis", ast.Call(node.func, node.args, rest)


def _calls(node: ast.AST) -> Iterator[Change]:
    """Another function, or the argument without it."""
    if isinstance(node, ast.Attribute):
        if node.attr in _NAMES:
            yield "function", ast.Attribute(node.value, _NAMES[node.attr], node.ctx)
        if node.attr == "T":
            yield "axis", node.value
    if isinstance(node, ast.Name) and node.id in _NAMES:
        yield "function", ast.Name(_NAMES[node.id], node.ctx)
    if isinstance(node, ast.Call) and _name(node.func) in _UNWRAPPED:
        if len(node.args) == 1:
            yield "call", node.args[0]
        elif not node.args and isinstance(node.func, ast.Attribute):
            yield "call", node.func.value


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else str(getattr(function, "id", ""))


def _bounds(node: ast.AST) -> Iterator[Change]:
    """Loops and slices that end one too early or one too late."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range":
        last = min(1, len(node.args) - 1)
        for operator in (ast.Add(), ast.Sub()):
            args = list(node.args)
            args[last] = ast.BinOp(args[last], operator, ast.Constant(1))
            yield "bound", ast.Call(node.func, args, [])
    if isinstance(node, ast.Slice):
        for name in ("lower", "upper"):
            bound = getattr(node, name)
            if bound is not None and not isinstance(bound, ast.Constant):
                other = copy.copy(node)
                setattr(other, name, ast.BinOp(bound, ast.Add(), ast.Constant(1)))
                yield "bound", other


def _statements(node: ast.AST) -> Iterator[Change]:
    """Statements that are left out, conditions that always or never hold."""
    if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
        yield "removed", None
    if isinstance(node, ast.AugAssign | ast.Break | ast.Continue):
        yield "removed", None
    if isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name | ast.Tuple):
        yield "removed", None
    if isinstance(node, ast.IfExp):
        yield "branch", node.body
        yield "branch", node.orelse
    if isinstance(node, ast.If):
        for value in (True, False):
            yield "branch", ast.If(ast.Constant(value), node.body, node.orelse)


_MAKERS = (
    *(_operators, _comparisons, _constants, _signs, _terms),
    *(_arguments, _calls, _bounds, _statements),
)


def changes(node: ast.AST) -> Iterator[Change]:
    """Every change of one node."""
    for make in _MAKERS:
        yield from make(node)
