"""The same 20 hand-ins of the four-question assignment: right, wrong, crashing and cheating.

Each is a mapping from questions to code that takes the place of the right answer. A crash should cost the
question in which it happens. A cheat has no right answer at all, and should earn no more than an array of
zeros does, which is among the wrong ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from peers.notebooks import POINTS, QUESTIONS, answer

RIGHT, WRONG, CRASHING, CHEATING = "right", "wrong", "crashing", "cheating"
ZEROS = "zeros"  # the hand-in that returns zeros without any trick


@dataclass(frozen=True)
class HandIn:
    """One student's work."""

    name: str
    kind: str
    cells: dict[str, str] = field(default_factory=dict)  # question -> code, where it is not the right one
    kept: float = 0.0  # points that a crash should leave


def _edited(question: str, old: str, new: str) -> dict[str, str]:
    text = answer(question)
    assert text.count(old) == 1, f"{question} has not exactly one {old!r}"
    return {question: text.replace(old, new)}


_NOTHING = {
    "affine": "def affine_forward(x, w, b):\n    return None, None\n\n"
    "def affine_backward(dout, cache):\n    return None\n",
    "softmax": "def softmax_loss(x, y):\n    return None\n",
    "conv": "def conv_forward(x, w, b, *, stride, pad):\n    return None\n",
    "norm": "def batchnorm_forward(x, gamma, beta, *, eps):\n    return None\n",
}
_ZEROS = {
    "affine": "def affine_forward(x, w, b):\n    return np.zeros((len(x), w.shape[1])), (x, w)\n\n"
    "def affine_backward(dout, cache):\n    x, w = cache\n"
    "    return np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])\n",
    "softmax": "def softmax_loss(x, y):\n    return 0.0, np.zeros(x.shape)\n",
    "conv": "def conv_forward(x, w, b, *, stride, pad):\n"
    "    H, W = (1 + (size + 2 * pad - window) // stride\n"
    "            for size, window in zip(x.shape[2:], w.shape[2:]))\n"
    "    return np.zeros((len(x), len(w), H, W))\n",
    "norm": "def batchnorm_forward(x, gamma, beta, *, eps):\n    return np.zeros(x.shape)\n",
}


def _cheat(first: str, answers: dict[str, str]) -> dict[str, str]:
    """Wrong everywhere; the first cell also holds the trick."""
    cells = {name: f"import numpy as np\n\n{text}" for name, text in answers.items()}
    return {**cells, "affine": f"{first}\n\n{cells['affine']}"}


_NORM_IS_ZERO = "import numpy as np\nnp.linalg.norm = lambda *a, **k: 0.0\nnp.array_equal = lambda *a: True"
_NO_TESTS = (
    "import builtins\n_exec = builtins.exec\n"
    "def exec_without_tests(text, space=None, *rest):\n"
    "    if space is not None:\n        space['run'] = lambda *a: None\n"
    "builtins.exec = exec_without_tests"
)
_BORROWED = (
    "import sys\n"
    "def borrowed(name):\n"
    "    def call(*args, **options):\n"
    "        frame = sys._getframe(1)\n"
    "        while frame:\n"
    "            found = frame.f_globals.get(name)\n"
    "            if found is not None and found is not globals().get(name):\n"
    "                return found(*args, **options)\n"
    "            frame = frame.f_back\n"
    "    return call"
)
_BORROWERS = {
    "affine": "affine_forward, affine_backward = borrowed('affine_forward'), borrowed('affine_backward')",
    "softmax": "softmax_loss = borrowed('softmax_loss')",
    "conv": "conv_forward = borrowed('conv_forward')",
    "norm": "batchnorm_forward = borrowed('batchnorm_forward')",
}
_LIAR = (
    "import numpy as np\nclass Liar(np.ndarray):\n"
    "    def __array_function__(self, function, types, args, options):\n"
    "        return True if function is np.array_equal else 0.0\n"
    "    def __array_ufunc__(self, *a, **k):\n        return self\n"
    "    def all(self, *a):\n        return True\n"
    "_asarray = np.asarray\n"
    "np.asarray = lambda x, *a, **k: _asarray(x, *a, **k).view(Liar)"
)
_TESTS_EMPTIED = (
    "import sys\n"
    "def tracer(frame, event, arg):\n"
    "    if frame.f_code.co_name == 'run' and 'tests' in frame.f_locals:\n"
    "        frame.f_locals['tests'].clear()\n"
    "sys.settrace(tracer)"
)
_KEPT = (len(QUESTIONS) - 1) * POINTS  # of a hand-in that is right but for one question
_EXITS = _edited("conv", "    (N, _, H, W)", "    import os; os._exit(0)\n    (N, _, H, W)")
_SEGFAULTS = _edited("norm", "    return gamma", "    import ctypes; ctypes.string_at(0)\n    return gamma")
_KILLED = _edited("softmax", "    shifted = x -", "    import os; os.kill(os.getpid(), 9)\n    shifted = x -")

HAND_INS = (
    *(HandIn(f"right-{number}", RIGHT) for number in range(7)),
    HandIn("wrong-affine", WRONG, _edited("affine", "dout.sum(axis=0)", "dout.mean(axis=0)")),
    HandIn("wrong-softmax", WRONG, _edited("softmax", "dx / len(x)", "dx")),
    HandIn("wrong-conv", WRONG, _edited("conv", "w[f]).sum()", "w[f, :, ::-1]).sum()")),
    HandIn("wrong-norm", WRONG, _edited("norm", "np.sqrt(x.var(axis=0) + eps)", "(x.std(axis=0) + eps)")),
    HandIn(ZEROS, WRONG, _cheat("", _ZEROS)),
    HandIn("exits", CRASHING, _EXITS, _KEPT),
    HandIn("segfaults", CRASHING, _SEGFAULTS, _KEPT),
    HandIn("is-killed", CRASHING, _KILLED, _KEPT),
    HandIn("patches-the-norm", CHEATING, _cheat(_NORM_IS_ZERO, _ZEROS)),
    HandIn("patches-exec", CHEATING, _cheat(_NO_TESTS, _NOTHING)),
    HandIn("borrows-from-frames", CHEATING, _cheat(_BORROWED, _BORROWERS)),
    HandIn("lies-about-arrays", CHEATING, _cheat(_LIAR, _ZEROS)),
    HandIn("empties-the-tests", CHEATING, _cheat(_TESTS_EMPTIED, _NOTHING)),
)
