"""Strangers' text costs the trusted process little, whatever it is."""

from __future__ import annotations

import resource
import time

import pytest

from autograder.errors import Interrupted, SandboxError
from autograder.model import Forbidden, Task
from autograder.source import apart, parsing
from autograder.source.apart import TooCostly, ask
from autograder.source.parsing import parse
from autograder.source.search import Question, charges

KIB = 1 << 10
TASK = Task("solve", "S", 60, ("dlc_lib.conv:solve",))
FORBIDDEN = (Forbidden("numpy.linalg.inv", "by hand"),)


def many(line, size):
    """As many lines as fit."""
    found, length = [], 0
    while length < size:
        found.append(line(len(found)))
        length += len(found[-1])
    return "".join(found)


def charged(text):
    """Whether the task is charged, and seconds of this thread that it took to find out."""
    start = time.thread_time()
    found = charges(Question((TASK,), FORBIDDEN, {"conv": text}, "", {}))
    return "solve" in found, time.thread_time() - start


CHAINS = {
    "attributes": ("import numpy as a0\n", lambda at: f"a{at + 1}=a{at}.x\n", "a7000.linalg.inv(a)", False),
    "aliases": ("import numpy as a0\n", lambda at: f"a{at + 1}=a{at}\n", "a4000.linalg.inv(a)", True),
    "one name": ("import numpy as b\n", lambda at: "b=b.linalg\n", "b.inv(a)", True),
    "modules": ("from . import conv as c\n", lambda at: f"d=c.x{at}\n", "d.y.z(a)", False),
    "long names": (
        "import numpy as n\n",
        lambda at: f"{'b' * 9000}{at}=n.linalg\n",
        f"{'b' * 9000}0.inv(a)",
        True,
    ),
}


@pytest.mark.parametrize("name", CHAINS)
def test_no_text_makes_the_meanings_of_its_names_grow(name):
    first, line, used, found = CHAINS[name]
    text = first + many(line, 52 * KIB) + f"def solve(a):\n    return {used}\n"
    answer, seconds = charged(text)
    assert answer is found
    assert seconds < 20  # it took 128 s before, of which a busy machine makes no less


@pytest.mark.parametrize(
    "line",
    [
        "a = b = np.linalg\n",
        "b: object = np.linalg\n",
        "(b := np.linalg)\n",
        *["".join(f"b = {name}\n" for name in ("c", "d", "e", "f", "g", "h", "i", "j", "k", "np.linalg"))],
    ],
)
def test_a_name_is_followed_however_it_is_bound_and_whatever_else_it_stood_for(line):
    assert charged(f"import numpy as np\n{line}def solve(a):\n    return b.inv(a)\n")[0]


QUADRATIC = "@a(lambda: 1)\n" * 17_000 + "def f(): pass\n"
WIDE = "match a:\n case 1" + "|1" * 125_000 + ": pass\n"


def test_a_text_that_is_costly_to_read_is_none(monkeypatch):
    monkeypatch.setattr(apart, "_CPU_S", 1)
    start = time.thread_time()
    with pytest.raises(SyntaxError, match="cannot be read: that takes more than"):
        parse(QUADRATIC)
    assert time.thread_time() - start < 0.5


def test_a_text_whose_tree_is_vast_is_none(monkeypatch):
    monkeypatch.setattr(parsing, "_TREE_MB", 100)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SyntaxError):
        parse(WIDE)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 << 10


def test_a_large_text_is_read_as_a_small_one():
    ordinary = many(lambda at: f"def f{at}(a):\n    '''Doc.'''\n    return a * {at}\n", 100 * KIB)
    assert len(parse(ordinary).body) > 1000
    with pytest.raises(SyntaxError, match="was never closed") as caught:
        parse(ordinary + "x = (1,\n")
    assert caught.value.lineno == ordinary.count("\n") + 1


@pytest.fixture
def ending(monkeypatch, tmp_path):
    """ending(signal, times): the child is ended by a signal so often before it reads anything."""
    real = apart.command

    def end(number, times):
        count = tmp_path / "count"
        script = f'echo . >> {count}; [ $(wc -l < {count}) -le {times} ] && kill -{number} $$; exec "$@"'
        monkeypatch.setattr(apart, "command", lambda module: ["sh", "-c", script, "sh", *real(module)])
        return count

    return end


@pytest.mark.parametrize("number", ["KILL", "TERM"])
def test_a_child_ended_from_outside_is_asked_again(ending, number):
    count = ending(number, 2)
    assert ask({"fault": "x = 1"}) is None
    assert count.read_text().count(".") == 3


def test_a_child_ended_again_and_again_is_our_fault(ending):
    ending("KILL", 9)
    with pytest.raises(SandboxError) as caught:
        ask({"fault": "x = 1"})
    assert isinstance(caught.value, Interrupted)


def test_a_text_at_which_the_interpreter_crashes_is_none(ending):
    count = ending("SEGV", 9)
    with pytest.raises(TooCostly, match="Python cannot read it"):
        ask({"fault": "x = 1"})
    assert count.read_text().count(".") == 1
