import subprocess
import sys
from bisect import bisect_left

import pytest

from autograder.model import Task
from autograder.source.definitions import definitions, statements
from autograder.source.parsing import parse
from autograder.source.unfinished import adopted, finished, is_stub

STUB = '''\
def relu(x):
    """What to do."""
    raise NotImplementedError("a/relu")
'''


@pytest.mark.parametrize(
    "source",
    [
        *("def f(:\n", "return 1\n", "x = 1\0\n", "(" * 5000, "x = 1" + "+1" * 5000, "x = f" + "()" * 900),
        *(
            "x = " + "not " * 200_000 + "1",
            "x = a" + ".b" * 100_000,
            "if a:\n pass\n" + "elif a:\n pass\n" * 5000,
        ),
        *("x = " + "lambda: " * 3000 + "1", "x = '\\ud800'; y = \ud800"),
    ],
)
def test_whatever_python_does_not_take_is_a_syntax_error(source):
    with pytest.raises(SyntaxError):
        parse(source)


@pytest.mark.parametrize("piece", [".b", "()", "[0]", " + 1", " if b else a", ".b().c"])
def test_what_parses_can_be_read_to_its_bottom(piece):
    most = bisect_left(range(1, 1001), True, key=lambda n: not _parses("x = a" + piece * n))
    assert most > 0
    for statement in statements(parse("x = a" + piece * most)):
        assert statement.binds == {"x"}
        assert "a" in statement.uses


def _parses(source):
    try:
        parse(source)
    except SyntaxError:
        return False
    return True


def test_an_odd_escape_in_a_string_is_no_warning():
    assert parse('x = "\\d"\n')


def test_a_hand_in_that_is_parsed_is_not_run(tmp_path):
    mark = tmp_path / "ran"
    parse(f"open({str(mark)!r}, 'w')\n")
    assert not mark.exists()


@pytest.mark.parametrize(
    "body",
    [
        *("pass", "...", '"""Doc."""', '"""Doc."""\n    pass', "raise NotImplementedError"),
        'raise NotImplementedError("a/relu")',
    ],
)
def test_a_function_that_does_nothing_is_a_stub(body):
    (node,) = definitions(parse(f"def relu(x):\n    {body}\n")).values()
    assert is_stub(node)


@pytest.mark.parametrize("body", ["return x", "raise ValueError", "x = 1\n    raise NotImplementedError"])
def test_a_function_that_does_something_is_no_stub(body):
    (node,) = definitions(parse(f"def relu(x):\n    {body}\n")).values()
    assert not is_stub(node)


RELU = {"relu": frozenset()}


def test_a_class_is_a_stub_while_no_method_is_done():
    text = "class T:\n    def __init__(self):\n        self.x = 1\n    def relu(self):\n        {}\n"
    assert is_stub(definitions(parse(text.format("raise NotImplementedError")))["T"])
    assert not is_stub(definitions(parse(text.format("return 1")))["T"])


def test_a_class_with_methods_that_are_tasks_is_a_stub_while_none_of_them_is_done():
    text = "class T:\n    def mean(self):\n        return 2\n    def __add__(self, x):\n        {}\n"
    tasks = (Task("tensor", "T", 1, ("dlc_lib.m:T.__add__", "dlc_lib.m:T.exp")),)
    stub, done = text.format("raise NotImplementedError"), text.format("return 1")
    assert adopted(tasks, {"m": stub}, stub) == {}
    assert adopted(tasks, {"m": stub}, done) == {"m": ("T",)}
    assert adopted(tasks, {"m": done}, done) == {}


def test_of_two_definitions_the_last_counts():
    assert finished(STUB + "def relu(x):\n    return x\n", RELU) == {"relu"}
    assert finished("def relu(x):\n    return x\n" + STUB, RELU) == frozenset()


def test_what_cannot_be_parsed_counts_as_done_so_that_its_error_is_reported():
    assert finished("def relu(:\n", dict.fromkeys(["relu", "pool"], frozenset())) == {"relu", "pool"}
    assert finished(None, RELU) == frozenset()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b = 1", {"a", "b"}),
        ("a, (b, *c) = 1, (2,)", {"a", "b", "c"}),
        ("import numpy.linalg, os as o", {"numpy", "o"}),
        ("from x import y as z, w", {"z", "w"}),
        ("f.x.y = 1", {"f"}),
        ("table['k'][0] += 1", {"table"}),
        ("for i in range(3):\n    j = i", {"i", "j"}),
        ("try:\n    import a\nexcept ImportError as e:\n    a = None", {"a"}),
        ("class A:\n    b = 1", {"A"}),
        ("def f():\n    g = 1", {"f"}),
        ("x = [i for i in y]", {"x"}),
    ],
)
def test_a_statement_binds_the_names_it_gives_or_changes(source, names):
    (statement,) = statements(parse(source))
    assert statement.binds == names


def test_a_function_uses_only_names_of_the_module():
    (statement,) = statements(parse("def f(x, y=DEFAULT):\n    z = x\n    return [helper(i) for i in z]\n"))
    assert statement.uses == {"DEFAULT", "helper"}


def test_the_lines_of_a_function_start_at_its_decorator():
    (statement,) = statements(parse("@decorated\ndef f():\n    pass\n"))
    assert list(statement.lines) == [1, 2, 3]


def test_a_script_supplies_only_what_the_modules_leave_undone():
    tasks = (
        Task("relu", "R", 50, ("dlc_lib.layers:relu",)),
        Task("tensor", "T", 50, ("dlc_lib.autograd:Tensor.relu", "dlc_lib.autograd:Tensor.exp")),
    )
    script = "def relu(x):\n    return 2\nclass Tensor:\n    def relu(self):\n        return 1\n"
    assert adopted(tasks, {"layers": STUB}, script) == {"layers": ("relu",), "autograd": ("Tensor",)}
    assert adopted(tasks, {"layers": "def relu(x):\n    return 1\n"}, script) == {"autograd": ("Tensor",)}
    assert adopted(tasks, {"layers": STUB}, STUB) == {}
    assert adopted(tasks, {"layers": STUB}, None) == {}


def test_deep_code_does_not_crash_the_interpreter():
    program = """
from autograder.source.parsing import parse
for source in ["x = 1" + "+1" * 10**6, "-" * 10**6 + "1", "[" * 10**6, "x" + "[0]" * 10**5, "f'{" * 10**4]:
    try:
        parse(source)
    except SyntaxError:
        print("refused")
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=1_800
    )
    assert ran.stdout.split() == ["refused"] * 5, ran.stderr
