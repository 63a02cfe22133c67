"""Checks the text of a student's kernel, and writes it anew from what was checked.

The kernel will run in processes of ours; in Triton's interpreter it even runs as plain Python. So only what
is known to be harmless is let through. Names must be the kernel's own, of Triton's language, or other
kernels'; attributes must be on a list; statements and expressions must be of the few kinds that kernels need.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..studentkit.kinds import StudentError
from .schema import Refused
from .told import member, word
from .vocabulary import BUILTINS, LANGUAGE, MATH, MEMBERS

_MOST_TEXT = 64 << 10  # characters of all kernels of a program: to read so many takes half a second
_MOST_WORD = 64  # characters of a text in it
_PLAIN = (type(None), bool, int, float)
_STRUCTURE = (
    *(ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For),
    *(ast.While, ast.If, ast.Expr, ast.Pass, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Compare),
    *(ast.Call, ast.keyword, ast.Constant, ast.Attribute, ast.Subscript, ast.Starred, ast.Name, ast.List),
    *(ast.Tuple, ast.Slice, ast.expr_context, ast.boolop, ast.unaryop, ast.cmpop, ast.operator),
)
_NOT_EVEN = (ast.MatMult, ast.In, ast.NotIn)


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel that may run."""

    name: str
    constants: frozenset[str]  # its parameters that are known when it is compiled
    parameters: tuple[str, ...]
    written: Mapping[str, Any]  # for the executor


def read_kernels(told: Sequence[Any], function: str) -> list[Kernel]:
    """The checked kernels of a program, which may call one another. Raises StudentError for a refusal."""
    if sum(len(str(kernel["source"])) for kernel in told) > _MOST_TEXT:
        raise StudentError(f"the kernels of {function} are too long", "forbidden")
    try:
        return [_Text(kernel, len(told)).kernel() for kernel in told]
    except Refused as error:
        raise StudentError(f"a kernel of {function} {error}", "forbidden") from None
    except SyntaxError:
        raise StudentError(f"the text of a kernel of {function} cannot be read", "forbidden") from None


class _Text:
    """One kernel and the names that it knows."""

    def __init__(self, told: Any, kernels: int) -> None:
        source, self._kernels = told["source"], kernels
        if type(source) is not str:
            raise Refused("is no text")
        body = ast.parse(source).body
        if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
            raise Refused("is not a function")
        self._tree = body[0]
        self._meanings = {
            str(name): self._meaning(str(name), value) for name, value in dict(told["names"]).items()
        }
        self._unspecialized = [str(name) for name in told["unspecialized"]]
        self._own: set[str] = set()

    def kernel(self) -> Kernel:
        tree = self._tree
        tree.decorator_list = []  # of the wrappers around it only their outcome counts
        tree.returns, tree.type_comment = None, None
        if ast.get_docstring(tree, clean=False) is not None:
            tree.body = tree.body[1:] or [ast.Pass()]
        if getattr(tree, "type_params", None):  # of Python 3.12
            raise Refused("has parameters of types")
        parameters = self._parameters(tree.args)
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        self._own = {*parameters, *(node.id for node in names if isinstance(node.ctx, ast.Store))}
        for name in self._own:
            self._name_is_fine(name)
        for statement in tree.body:
            self._check(statement)
        constants = frozenset(
            argument.arg for argument in _arguments(tree.args) if argument.annotation is not None
        )
        ast.fix_missing_locations(tree)
        used = {node.id for node in names}
        written = {
            "name": tree.name,
            "source": ast.unparse(tree),
            "names": {name: value for name, value in self._meanings.items() if name in used},
            "unspecialized": [name for name in self._unspecialized if name in parameters],
        }
        self._name_is_fine(tree.name)
        return Kernel(tree.name, constants, tuple(parameters), written)

    def _meaning(self, name: str, told: Any) -> list[Any]:
        """What a name from outside may stand for."""
        self._name_is_fine(name)
        kind = told[0]
        if kind == "language" and len(told) == 1:
            return ["language"]
        if kind == "kernel" and type(told[1]) is int and 0 <= told[1] < self._kernels:
            return ["kernel", told[1]]
        if kind in ("constexpr", "value") and _is_plain(told[1]):
            return [kind, told[1]]
        if kind == "tl" and type(told[1]) is str and told[1] in LANGUAGE:
            return ["tl", told[1]]
        raise Refused(f"uses {word(name)}, which is neither Triton's language, nor a number, nor a kernel")

    @staticmethod
    def _name_is_fine(name: str) -> None:
        if not name.isascii() or not name.isidentifier() or "__" in name:
            raise Refused("uses a name with two underscores, or letters beyond a to z")

    def _parameters(self, args: ast.arguments) -> list[str]:
        if args.vararg or args.kwarg or args.posonlyargs:
            raise Refused("takes any number of arguments")
        for default in (*args.defaults, *filter(None, args.kw_defaults)):
            if not isinstance(default, ast.Constant) or not _is_plain(default.value):
                raise Refused("has a default value that is computed")
        for parameter in _arguments(args):
            if not self._is_constexpr(parameter.annotation):
                parameter.annotation = None
            parameter.type_comment = None
        return [parameter.arg for parameter in _arguments(args)]

    def _is_constexpr(self, node: ast.expr | None) -> bool:
        if isinstance(node, ast.Name):
            return self._meanings.get(node.id) == ["tl", "constexpr"]
        return isinstance(node, ast.Attribute) and node.attr == "constexpr" and self._is_language(node.value)

    def _is_language(self, node: ast.expr) -> bool:
        return (
            isinstance(node, ast.Name)
            and node.id not in self._own
            and self._meanings.get(node.id) == ["language"]
        )

    def _check(self, node: ast.AST) -> None:
        """Raise Refused for a piece that no kernel needs."""
        if not isinstance(node, _STRUCTURE) or isinstance(node, (_NOT_EVEN, ast.FunctionDef)):
            raise Refused(f"uses {_called(node)}, which kernels do without")
        if isinstance(node, ast.Name):
            self._check_name(node)
        elif isinstance(node, ast.Attribute):
            self._check_attribute(node)
            return
        elif isinstance(node, ast.Constant):
            if not _is_plain(node.value) and node.value is not Ellipsis:
                self._check_text(node.value)
        elif isinstance(node, ast.Call) and not isinstance(node.func, (ast.Name, ast.Attribute)):
            raise Refused("calls something that has no name")
        elif isinstance(node, ast.AnnAssign) and not self._is_constexpr(node.annotation):
            raise Refused("annotates a variable with more than tl.constexpr")
        for child in ast.iter_child_nodes(node):
            self._check(child)

    @staticmethod
    def _check_text(value: object) -> None:
        if type(value) is not str or not value.isascii():
            raise Refused("holds a constant that is neither a number nor a text")

    def _check_name(self, node: ast.Name) -> None:
        if node.id in self._own:
            return
        if self._is_language(node):
            raise Refused("passes Triton's language on as a value")
        if node.id not in self._meanings and node.id not in BUILTINS:
            raise Refused(f"uses {word(node.id)}, which kernels do without")

    def _check_attribute(self, node: ast.Attribute) -> None:
        """One of the language's words, or of a value's members; to be read and not to be set."""
        if not isinstance(node.ctx, ast.Load):
            raise Refused("sets a member of a value, which kernels do without")
        words, inner = [node.attr], node.value
        while isinstance(inner, ast.Attribute):
            words.insert(0, inner.attr)
            inner = inner.value
        if self._is_language(inner):
            path, rest = (words[:2], words[2:]) if words[0] == "math" else (words[:1], words[1:])
            known = path[-1] in (MATH if len(path) == 2 else LANGUAGE) and path != ["math"]
            if not known or any(word not in MEMBERS for word in rest):
                raise Refused(f"uses tl.{member(words)}, which is not among what kernels may use")
            return
        if any(word not in MEMBERS for word in words):
            raise Refused(f"uses .{member(words)}, which is not among what kernels may use")
        self._check(inner)


def _arguments(args: ast.arguments) -> list[ast.arg]:
    return [*args.args, *args.kwonlyargs]


def _is_plain(value: object) -> bool:
    return type(value) in _PLAIN or (type(value) is str and value.isascii() and len(value) <= _MOST_WORD)


def _called(node: ast.AST) -> str:
    return f"`{type(node).__name__.lower()}`"
