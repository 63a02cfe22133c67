"""A kernel is what a kernel needs, or it is refused; and it stays within its tensors."""

from __future__ import annotations

import ast
import inspect
import os

import numpy as np
import pytest

from autograder.replay.kernels import read_kernels
from autograder.studentkit import StudentError

NAMES = {"tl": ["language"], "BLOCK": ["constexpr", 32], "other": ["kernel", 0]}


def read(source, names=NAMES):
    (kernel,) = read_kernels([{"source": source, "names": names, "unspecialized": ["n", "zz"]}], "f")
    return kernel


def test_a_kernel_is_written_anew_without_decorators_and_docstring():
    kernel = read(
        '@triton.autotune(configs=print("x"))\n@triton.jit\n'
        'def k(a, n, B: tl.constexpr, flag: "int1" = True) -> None:\n    """Σ."""\n'
        "    x = tl.load(a + tl.arange(0, B), mask=tl.arange(0, B) < n, other=-float('inf'))\n"
        "    C: tl.constexpr = B // 2\n"
        "    for i in range(0, tl.cdiv(n, BLOCK)):\n        x += i if flag else min(i, C)\n"
        "    tl.store(a, x.to(a.dtype.element_ty).T[:, None])\n"
    )
    assert kernel.constants == {"B"}
    assert kernel.parameters == ("a", "n", "B", "flag")
    assert kernel.written["unspecialized"] == ["n"]
    text = kernel.written["source"]
    assert not {"triton", "print", "Σ", "int1"} & set(text.replace("(", " ").split())
    assert ast.unparse(ast.parse(text)) == text


BODIES = [
    "__import__('os')",
    "eval('1')",
    "exec('1')",
    "open('x')",
    "print(1)",
    "getattr(a, 'handle')",
    "a.handle",
    "a.handle.data",
    "a.__class__",
    "a.dtype.__class__.__mro__",
    "tl.__loader__",
    "tl.core",
    "tl.math",
    "tl.math.__spec__",
    "tl.math.core",
    "tl.extra.libdevice.exp(a)",
    "tl.inline_asm_elementwise('', '', [a], tl.float32, True, 1)",
    "tl.device_print('x', a)",
    "tl.load.__globals__",
    "tl.tensor(a, a)",
    "tl.pointer_type(a)",
    "x = tl",
    "tl = a\n    tl.os.system('x')",
    "torch.mm(a, a)",
    "other.fn(a)",
    "other.fn.__globals__",
    "(lambda: a)()",
    "[a for a in range(3)]",
    "{x: 1 for x in range(3)}",
    "f'{a}'",
    "'{0.handle}'.format(a)",
    "a @ a",
    "(a, a)[0]()",
    "import os",
    "from os import path",
    "global a",
    "nonlocal a",
    "del a",
    "a.dtype = tl.float64",
    "x = tl.float32\n    x.primitive_bitwidth = 64",
    "raise a",
    "try:\n        pass\n    except Exception:\n        pass",
    "with a:\n        pass",
    "assert a",
    "def inner():\n        pass",
    "class Inner:\n        pass",
    "yield a",
    "await a",
    "(x := a)",
    "x: other = a",
    "match a:\n        case 1:\n            pass",
    "x = b'bytes'",
    "x = 1j",
    "_ = __builtins__",
    "a.x = 1",
    "range.__self__",
]


@pytest.mark.parametrize("body", BODIES)
def test_what_no_kernel_needs_is_refused(body):
    with pytest.raises(StudentError, match="kernel of f") as caught:
        read(f"def k(a):\n    {body}\n")
    assert caught.value.verdict == "forbidden"


@pytest.mark.parametrize(
    "source",
    [
        "def k(a, f=torch.mm): pass",
        "def k(a, f=[].append): pass",
        "def k(*a): pass",
        "def k(**a): pass",
        "def k(a, /): pass",
        "def __k(a): pass",
        "def k(__a): pass",
        "async def k(a): pass",
        "k = lambda a: a",
        "import os",
        "def k(a): pass\nimport os",
        "def k(",
        "def k(a):\n    " + "-" * 50_000 + "1",
        "def k(a):\n    " + "(" * 5_000 + ")" * 5_000,
        "def k(a): pass\n" + "#" * (1 << 17),
        "",
        None,
    ],
)
def test_what_is_no_kernel_is_refused(source):
    with pytest.raises((StudentError, RecursionError, MemoryError)):
        read(source)


@pytest.mark.parametrize(
    "meaning",
    [
        *(
            ["language", "os"],
            ["module", "os"],
            ["tl", "inline_asm_elementwise"],
            ["tl", "core"],
            ["kernel", 1],
        ),
        *(["kernel", -1], ["value", ["x"]], ["value", "x" * 1000], ["constexpr", {}], []),
    ],
)
def test_a_name_stands_for_nothing_else(meaning):
    with pytest.raises((StudentError, IndexError)):
        read("def k(a):\n    tl.store(a, x)\n", {**NAMES, "x": meaning})


def test_every_word_of_the_vocabulary_is_one_of_triton_or_of_another_version():
    triton_language = pytest.importorskip("triton.language")
    from autograder.replay.vocabulary import LANGUAGE

    known = {name for name in LANGUAGE if hasattr(triton_language, name)}
    assert {"load", "store", "dot", "arange", "program_id", "constexpr", "float16"} <= known
    assert not any(inspect.ismodule(getattr(triton_language, name)) for name in known)


@pytest.mark.skipif(os.environ.get("TRITON_INTERPRET") != "1", reason="kernels are compiled here")
class TestMemory:
    """The interpreter's loads and stores are those of this process."""

    @pytest.fixture
    def fenced(self):
        from autograder.replay.launching import _Fenced

        class Memory:
            stored: list = []  # noqa: RUF012

            def load(self, addresses, mask, other, dtype):
                return np.where(mask, np.asarray(1, dtype), other)

            def store(self, addresses, value, mask):
                self.stored.append(mask)

            def atomic_rmw(self, operation, addresses, value, mask, order):
                self.stored.append(mask)

        return _Fenced(Memory(), [(100, 108)])

    def test_what_lies_around_is_no_number_and_is_never_written(self, fenced):
        addresses, mask = np.array([96, 100, 104, 105, 108], np.uint64), np.array([1, 1, 1, 1, 0], bool)
        found = fenced.load(addresses, mask, np.zeros(5, np.float32), np.dtype(np.float32))
        np.testing.assert_array_equal(found, [np.nan, 1, 1, np.nan, 0])
        fenced.store(addresses, np.zeros(5, np.float32), mask)
        fenced.atomic_rmw(None, addresses, np.zeros(5, np.float32), mask, None)
        for stored in fenced._memory.stored:
            np.testing.assert_array_equal(stored, [0, 1, 1, 0, 0])

    def test_an_exchange_outside_is_an_error(self, fenced):
        with pytest.raises(RuntimeError, match="outside"):
            fenced.atomic_cas(np.array([200], np.uint64), np.zeros(1), np.zeros(1, np.float32), None)


@pytest.mark.parametrize("count", [1, 32])
def test_kernels_that_would_take_seconds_to_read_are_refused_unread(count):
    lines = (64 << 10) // 8 // count
    told = {"source": "def k(a):\n" + "  x=a+a\n" * (lines + 1), "names": {}, "unspecialized": []}
    with pytest.raises(StudentError, match="are too long"):
        read_kernels([told] * count, "f")
