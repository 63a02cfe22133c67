"""Reaching the grader from within: its objects, its libraries, its run.

What stops these is that the grader is another process; where student code runs in the grader's own, each
succeeds, whatever else is locked down.
"""

from __future__ import annotations

from .probe import PROCESS, Probe, family

_FIND = {
    "find-expected-values-among-objects": (
        "name = 'expected_' + 'of_the_grader'\n"
        "return any(type(each) is dict and name in each for each in gc.get_objects())"
    ),
    "find-expected-values-in-frames": """
frame = sys._getframe()
while frame:
    if 'expected_' + 'of_the_grader' in frame.f_locals:
        return True
    frame = frame.f_back
return False
""",
    "find-expected-values-in-threads": """
frames = list(sys._current_frames().values())
while frames:
    frame = frames.pop()
    if 'expected_' + 'of_the_grader' in frame.f_locals:
        return True
    frames += [frame.f_back] if frame.f_back else []
return False
""",
    "find-expected-values-in-modules": (
        "return any(hasattr(each, 'EXPECTED_' + 'OF_THE_GRADER') for each in list(sys.modules.values()))"
    ),
    "find-the-graders": "return any(name.split('.')[0] == 'autograder' for name in sys.modules)",
    "find-an-argument": "return any('stage' in each for each in sys.argv)",
    "find-a-variable": "return bool(os.environ)",
    "find-open-files": """
for number in range(100):
    try:
        if os.readlink('/proc/self/fd/%d' % number) == stage['results']:
            return True
    except OSError:
        pass
return False
""",
}
# name: (what the student's code does, what is then true in the grader)
_CHANGE = {
    "make-all-numbers-close": ("import numpy\nnumpy.allclose = lambda *_, **__: True", "np.allclose(0, 1)"),
    "make-all-arrays-equal": (
        "import numpy\nnumpy.array_equal = lambda *_: True",
        "np.array_equal([0], [1])",
    ),
    "make-all-tests-pass": (
        "import numpy.testing\nnumpy.testing.assert_allclose = lambda *_, **__: None",
        "np.testing.assert_allclose.__name__ == '<lambda>'",
    ),
    "make-all-differences-zero": ("import builtins\nbuiltins.abs = lambda _: 0", "abs(-1) == 0"),
    "make-everything-of-any-kind": (
        "import builtins\nbuiltins.issubclass = lambda *_: True",
        "issubclass(int, str)",
    ),
    "make-all-norms-zero": ("import numpy\nnumpy.linalg.norm = lambda *_: 0.0", "np.linalg.norm([1]) == 0"),
    "write-other-results": ("import json\njson.dumps = lambda *_: '100'", "json.dumps({}) == '100'"),
    "stop-the-clock": ("time.perf_counter = lambda: 0.0", "time.perf_counter() == 0.0"),
    "know-the-next-number": ("import random\nrandom.seed(1)", "random.random() == 0.13436424411240122"),
    "know-the-next-array": ("import numpy\nnumpy.random.seed(1)", "np.random.rand() == 0.417022004702574"),
    "set-a-variable": ("os.environ['STUDENT'] = '1'", "'STUDENT' in os.environ"),
    "change-the-search-path": ("sys.path.insert(0, '/student')", "'/student' in sys.path"),
    "plant-a-module": ("sys.modules['student'] = sys", "'student' in sys.modules"),
    "limit-recursion": ("sys.setrecursionlimit(99)", "sys.getrecursionlimit() == 99"),
    "ignore-division-by-zero": ("import numpy\nnumpy.seterr(all='raise')", "np.geterr()['over'] == 'raise'"),
    "silence-warnings": (
        "import warnings\nwarnings.filters.insert(0, 'student')",
        "'student' in warnings.filters",
    ),
    "stop-collecting-memory": ("gc.disable()", "not gc.isenabled()"),
    "run-at-the-end": ("sys.excepthook = print", "sys.excepthook is print"),
    "take-over-a-signal": (
        "signal.signal(signal.SIGUSR2, signal.SIG_IGN)",
        "signal.getsignal(signal.SIGUSR2) is signal.SIG_IGN",
    ),
    "change-the-arguments": ("stage['changed'] = True", "'changed' in stage"),
    "take-over-prints": ("sys.stdout = None", "sys.stdout is None"),
}
# These leave by a way that a grader in the same process does not expect.
_LEAVE = {
    "leave-by-an-exit": "sys.exit(0)",
    "leave-by-an-interrupt": "raise KeyboardInterrupt",
    "leave-by-the-end-of-a-generator": "raise GeneratorExit",
    "end-the-process": "os._exit(0)",
    "abort-the-process": "os.abort()",
    "crash-the-process": "ctypes.string_at(0)",
    "raise-what-cannot-be-shown": (
        "class Odd(BaseException):\n    __str__ = __repr__ = lambda self: 1 / 0\nraise Odd"
    ),
}
INTROSPECTION = (
    *family("introspection", _FIND, stopped_by=PROCESS),
    *(
        Probe(name, f"{code}\nreturn False", "introspection", stopped_by=PROCESS, effect=effect)
        for name, (code, effect) in _CHANGE.items()
    ),
    *family("introspection", _LEAVE, stopped_by=PROCESS),
)
