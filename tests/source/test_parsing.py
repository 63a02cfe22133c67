"""Trees of source text are shared, unless somebody asks for one to change."""

import ast

from autograder.source.parsing import parse, parse_to_change

SOURCE = "def f():\n    return 1\n"


def test_what_is_done_to_a_tree_of_ones_own_nobody_else_sees():
    own = parse_to_change(SOURCE)
    own.body[0].body.insert(0, ast.Expr(ast.Constant("a docstring")))
    assert ast.get_docstring(parse(SOURCE).body[0]) is None
    assert ast.get_docstring(parse_to_change(SOURCE).body[0]) is None
