"""Mutants differ from the reference by one small change, and keep their ids when lines move."""

from __future__ import annotations

import ast

import pytest

from autograder.mutants import mutants_of

CODE = '''
def f(x: int, n: int = 3) -> float:
    """1 + 1 stays."""
{body}
'''


def made(body, name="f"):
    text = CODE.format(body="\n".join(f"    {line}" for line in body.splitlines()))
    return mutants_of("module", text, [name])


def changed(body):
    """What each mutant made of the lines."""
    return {mutant.id.partition(" -> ")[2] for mutant in made(body)}


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("return a + b", {"return (a - b)", "return a", "return b"}),
        ("return a / b", {"return (a * b)", "return (b / a)", "return a"}),
        ("return a < b", {"return (a <= b)", "return (a > b)"}),
        ("return 2 * x", {"return 3 * x", "return 1 * x"}),
        ("return -x", {"return x"}),
        ("x += 1", {"x -= 1", "x = 1", "pass"}),
        ("x[0] = 1", {"pass", "x[1] = 1", "x[0] = 2", "x[0] = 0"}),
        (
            "return np.sum(x, axis=1)",
            {"return np.mean(x, axis=1)", "return np.sum(x, axis=0)", "return np.sum(x)"},
        ),
        ("return x.T @ y", {"return x @ y", "return (y @ x.T)"}),
        ("return np.exp(x)", {"return x"}),
        ("return g(a, b)", {"return g(b, a)"}),
        ("return x[a:b]", {"return x[a + 1:b]", "return x[a:b + 1]"}),
        ("return a if c else b", {"return a", "return b"}),
        ("return True", {"return False"}),
        ("return a and b", {"return (a or b)"}),
    ],
)
def test_changes_of_one_line(line, some):
    assert changed(line) >= some


def test_loops_and_conditions_are_changed():
    found = changed("for i in range(n):\n    if i > 2:\n        break")
    assert {"for i in range(n + 1):", "for i in range(n - 1):", "if True:", "if False:", "pass"} <= found


def test_neither_texts_nor_annotations_nor_the_signature_are_changed():
    found = made('y: int = x\nif y < 0:\n    raise ValueError("1 + 1")\nreturn y')
    assert all('"""1 + 1 stays."""' in each.text for each in found)
    assert all("n: int = 3" in each.text for each in found)
    assert all('raise ValueError("1 + 1")' in each.text for each in found)


def test_every_mutant_compiles_and_none_is_the_reference_or_another():
    loop = "for i in range(1, n):\n    total += x[i - 1 : i].sum() / (2 * n)\n"
    body = f"total = 0.0\n{loop}return total if n > 0 else -1.0"
    text = CODE.format(body="\n".join(f"    {line}" for line in body.splitlines()))
    found = made(body)
    trees = {ast.dump(ast.parse(each.text)) for each in found}
    assert len(trees) == len(found) > 15
    assert ast.dump(ast.parse(text)) not in trees
    assert len({each.id for each in found}) == len(found)


def test_ids_stay_when_lines_move():
    before = CODE.format(body="    return x + 1")
    after = f"# a comment\n\nOTHER = 1\n{before}"
    assert [m.id for m in mutants_of("m", before, ["f"])] == [m.id for m in mutants_of("m", after, ["f"])]


def test_only_the_named_functions_are_changed():
    text = "def f(x):\n    return x + 1\n\n\nclass C:\n    def g(self, x):\n        return x - 1\n"
    assert {m.function for m in mutants_of("m", text, ["C.g"])} == {"C.g"}
    assert {m.function for m in mutants_of("m", text, ["f", "C.g"])} == {"f", "C.g"}
