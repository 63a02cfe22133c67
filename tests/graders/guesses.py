"""Hand-ins that guess: they know every function's contract, its shapes and kinds, and compute nothing.

A guess is a way to fill the answer that a contract describes: it says what the arrays, numbers, truths and
choices in it are. Others ignore the contract: one constant everywhere, one exception everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from tests.graders.answers import ANSWERS

_STUB = re.compile(r"^( +)raise NotImplementedError\(\"\w+/([\w.]+)\"\)$", re.MULTILINE)

_ARRAYS = {
    "zeros": "np.zeros(shape)",
    "ones": "np.ones(shape)",
    "minus-ones": "-np.ones(shape)",
    "halves": "np.full(shape, 0.5)",
    "nan": "np.full(shape, np.nan)",
    "infinity": "np.full(shape, np.inf)",
    "uniform": "CHANCE.random(shape)",
    "normal": "CHANCE.standard_normal(shape)",
    "tiny-normal": "1e-6 * CHANCE.standard_normal(shape)",
    "whole-numbers": "CHANCE.integers(0, 3, shape)",
    "zero-or-one": "CHANCE.integers(0, 2, shape) * 1.0",
    "input-of-this-shape": "next((a for a in arrays(given) if a.shape == shape), np.zeros(shape))",
    "last-input-of-this-shape": "([np.zeros(shape)] + [a for a in arrays(given) if a.shape == shape])[-1]",
    "all-inputs-of-this-shape": "sum([a for a in arrays(given) if a.shape == shape], np.zeros(shape))",
    "input-turned-round": "-next((a for a in arrays(given) if a.shape == shape), np.zeros(shape))",
    "first-input-stretched": "np.resize(next(arrays(given), np.zeros(1)) * 1.0, shape)",
    "mean-of-the-input": "np.full(shape, next(arrays(given), np.zeros(1)).mean())",
    "counted-up": "np.arange(float(np.prod(shape))).reshape(shape)",
    "evenly": "np.full(shape, 1.0 / max(1, np.prod(shape)))",
    "as-many-as-asked": "many(given, shape)",
    "quarters": "np.full(shape, 0.25)",
    "a-quarter-of-the-input": "0.25 * next((a for a in arrays(given) if a.shape == shape), np.ones(shape))",
    "signs": "np.sign(next((a for a in arrays(given) if a.shape == shape), np.ones(shape)))",
}
_NUMBERS = {
    "0": "0.0",
    "1": "1.0",
    "the-first-number": "next(numbers(given), 0.0)",
    "the-last-number": "([0.0] + list(numbers(given)))[-1]",
    "a-mean": "float(next(arrays(given), np.zeros(1)).mean())",
    "chance": "float(CHANCE.random())",
    "log-2": "0.6931471805599453",
    "infinity": "float('inf')",
    "a-small-one": "1e-9",
}
TRUTHS = {
    "yes": "True",
    "no": "False",
    "first-yes-then-no": "count() == 1",
    "first-no-then-yes": "count() > 1",
    "by-turns": "count() % 2 == 1",
    "by-chance": "bool(CHANCE.random() < 0.5)",
    "by-process": "os.getpid() % 2 == 0",
    "by-clock": "time.time_ns() // 1000 % 2 == 0",
    "by-sign": "bool(next(arrays(given), np.zeros(1)).mean() > 0)",
    "by-hash": "hash(repr(given)) % 2 == 0",
    "third-time": "count() >= 3",
    "all-positive": "bool((([np.zeros(1)] + list(arrays(given)))[-1] > 0).all())",
    "all-finite": "bool(np.isfinite(([np.zeros(1)] + list(arrays(given)))[-1]).all())",
}
_CHOICES = {
    "first": "0",
    "last": "n - 1",
    "any": "int(CHANCE.integers(n))",
    "largest": "int(np.argmax(next(arrays(given), np.zeros(1))))",
    "by-turns": "count() % n",
    "smallest": "int(np.argmin(next(arrays(given), np.zeros(1))))",
    "any-by-their-rng": "int(generator(given).integers(n))",
}
_CONSTANTS = {
    "0": "0",
    "1": "1",
    "-1": "-1",
    "half": "0.5",
    "nan": "float('nan')",
    "infinity": "float('inf')",
    "True": "True",
    "False": "False",
    "None": "None",
    "text": "''",
    "no-tuple": "()",
    "no-list": "[]",
    "no-dict": "{}",
    "no-array": "np.zeros(0)",
    "array-of-one": "np.zeros(1)",
    "zero-and-none": "(0.0, None)",
    "first-input": "first(given)",
    "last-input": "([None] + given)[-1]",
    "all-inputs": "tuple(given)",
}
_RAISED = (
    "ValueError",
    "NotImplementedError",
    "StopIteration",
    "TypeError",
    "SystemExit",
    "KeyboardInterrupt",
)
_CHANGED = {  # of an answer that has the right shape
    "turned-round": "tuple(reversed(ANSWER)) if isinstance(ANSWER, tuple) else ANSWER",
    "without-the-rest": "ANSWER[0] if isinstance(ANSWER, tuple) else ANSWER",
    "as-a-list": "list(ANSWER) if isinstance(ANSWER, tuple) else [ANSWER]",
    "of-a-generator": "(each for each in [ANSWER])",
}

_PRELUDE = """

import os, time
import numpy as np

CHANCE = np.random.default_rng(SEED)
COUNT = [0]

def count():
    COUNT[0] += 1
    return COUNT[0]

def arrays(given):
    for each in given:
        if isinstance(each, (tuple, list)):
            yield from arrays(each)
        elif isinstance(each, dict):
            yield from arrays(each.values())
        elif hasattr(each, "data") and hasattr(each, "grad") and hasattr(each, "backward"):
            yield np.asarray(each.data)
        elif isinstance(each, np.ndarray):
            yield each

def numbers(given):
    return (float(each) for each in given if isinstance(each, (int, float)) and not isinstance(each, bool))

def first(given):
    return given[0] if given else None

def generator(given):
    return next((each for each in given if isinstance(each, np.random.Generator)), CHANCE)

def many(given, shape):
    size = int(np.prod(shape))
    found = np.ones(size)
    found[CHANCE.permutation(size)[: round(size * ([0.5] + list(numbers(given)))[-1]) % (size + 1)]] = 0
    return found.reshape(shape)

def cut(count, size):
    return [size] * (count // size) + ([count % size] if count % size else [])

def windows(x, window, stride, pad):
    return tuple(1 + (side + 2 * pad - each) // stride for side, each in zip(x.shape[2:], window))

def keep(stopper, value, params):
    stopper.best_value, stopper.best_epoch, stopper.best_params = value, stopper.epochs, dict(params)
    stopper.epochs += 1

def grown(put, a, b=None):
    own = [each for each in (a, b) if hasattr(each, "data") and hasattr(each, "grad")]
    shape = np.broadcast_shapes(a.shape, getattr(b, "shape", ()))
    return Tensor(put(*shape), tuple(own))

def spread(tensor, put):
    waiting, seen = [tensor], set()
    while waiting:
        each = waiting.pop()
        if id(each) not in seen:
            seen.add(id(each))
            each.grad = put(*each.shape)
            waiting += each._parents

def net(channels, height, width, filters, kernel, hidden, classes):
    flat = filters * (height // 2) * (width // 2)
    return {"w1": (filters, channels, kernel, kernel), "b1": (filters,), "w2": (flat, hidden),
            "b2": (hidden,), "w3": (hidden, classes), "b3": (classes,)}

def put_by(given, shape):
    return ARRAY

def num_by(given):
    return NUMBER

def yes_by(given):
    return TRUTH

def pick_by(given, n):
    return CHOICE
"""
_TORCH = """
_put_by = put_by

def put_by(given, shape):
    import torch
    given = [each.numpy() if isinstance(each, torch.Tensor) else each for each in given]
    return torch.from_numpy(np.asarray(_put_by(given, shape), dtype=np.float32))
"""
_FILL = """\
given = list(locals().values())
put = lambda *shape: put_by(given, tuple(map(int, shape)))
like = lambda *all: tuple(put(*each.shape) for each in all)
num = lambda: num_by(given)
yes = lambda: yes_by(given)
pick = lambda n: pick_by(given, n)
"""


@dataclass(frozen=True)
class Guess:
    """One way to hand in nothing that was thought about."""

    id: str
    body: str  # of every function; ANSWER stands for what its contract describes
    array: str = "np.zeros(shape)"
    number: str = "0.0"
    truth: str = "True"
    choice: str = "0"

    def fill(self, module: str, seed: int) -> str:
        """A released module with this guess in place of every stub."""
        text, found = _STUB.subn(lambda stub: self._filled(*stub.groups()), module)
        if not found:
            return module
        return text + self.prelude(seed) + (_TORCH if "torch.Tensor" in module else "")

    def prelude(self, seed: int) -> str:
        """What the bodies call."""
        text = _PRELUDE.replace("SEED", str(seed))
        for name in ("array", "number", "truth", "choice"):
            text = text.replace(name.upper() + "\n", getattr(self, name) + "\n")
        return text

    def _filled(self, indent: str, name: str) -> str:
        body = _FILL + self.body.replace("ANSWER", f"({ANSWERS[name]})")
        return "".join(f"{indent}{line}\n" for line in body.splitlines()).rstrip("\n")


def _all() -> list[Guess]:
    answers = "return ANSWER"
    # Each way to fill an array, a number, a truth and a choice comes at least once, arrays beside others too.
    columns = [list(each.items()) for each in (_ARRAYS, _NUMBERS, TRUTHS, _CHOICES)]
    longest = max(map(len, columns))
    found = [
        Guess("-".join(name for name, _ in row), answers, *(text for _, text in row))
        for row in (tuple(column[at % len(column)] for column in columns) for at in range(longest))
    ]
    more = zip_longest(TRUTHS.items(), _CHOICES.items(), fillvalue=("first", "0"))
    for (truth, says), (choice, takes) in more:
        name = f"input-of-this-shape-a-mean-{truth}-{choice}"
        array, number = _ARRAYS["input-of-this-shape"], _NUMBERS["a-mean"]
        found.append(Guess(name, answers, array, number, says, takes))
    found += [Guess(f"always-{name}", f"return {text}") for name, text in _CONSTANTS.items()]
    found += [Guess(f"raises-{name}", f"raise {name}('no')") for name in _RAISED]
    found += [Guess(f"answer-{name}", f"return {text}") for name, text in _CHANGED.items()]
    found.append(Guess("nothing", "pass"))
    found.append(
        Guess("refuses-by-chance", "if CHANCE.random() < 0.5: raise ValueError('no')\nreturn ANSWER")
    )
    found.append(Guess("refuses-by-turns", "if count() % 2: raise ValueError('no')\nreturn ANSWER"))
    return found


GUESSES = _all()
