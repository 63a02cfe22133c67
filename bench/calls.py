"""What one call across the border costs a test.

    python bench/calls.py [--json] [--calls N] [--against CHECKOUT [--rounds N]]

A function of three arrays, an attribute and an operator of an object that stayed in the worker; on one
core, tier 1. `own` is the processor time of the trusted process, the other figure all that passes.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from statistics import median

from alternate import add_options, alternate, print_both
from machine import machine, on_one_core

on_one_core()

import numpy as np  # noqa: E402  # reads the number of threads at its import

from autograder.model import Limits  # noqa: E402
from autograder.sandbox import Sandbox  # noqa: E402
from autograder.sandbox.plan import LoadPlan  # noqa: E402

CODE = """
def affine(x, w, b): return x @ w + b, x

class Held:
    def __init__(self, data): self.data = data
    def __add__(self, other): return Held(self.data + other)
"""
KINDS = {"affine": ("array", "handle"), "Held": "handle"}
US = 1e-6
_BATCH = 100  # calls between two looks at the clock


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--calls", type=int, default=2000, help="of each kind (2000)")
    add_options(parser)
    options = parser.parse_args()
    if options.against:
        found = alternate("calls.py", options, "--calls", str(options.calls))
    else:
        found = {"now": measure(options.calls)}
    if not options.json:
        print("microseconds of one call, one core")
        print_both({"before": {}, **found}, US)
    elif options.against:
        print(json.dumps({**found, "calls": options.calls, "machine": machine("numpy")}))
    else:
        print(json.dumps(found["now"]))


def measure(calls: int) -> dict[str, float]:
    """Seconds of a call of each kind, and our own processor's of these."""
    x, w, b = np.ones((5, 7)), np.ones((7, 3)), np.ones(3)
    found: dict[str, float] = {}
    with (
        Sandbox(library="tinylib", packages=("numpy",), tier=1) as sandbox,
        sandbox.open(LoadPlan({"m": CODE}), Limits(), lambda _, name: KINDS[name], 7) as student,
    ):
        for name in ("function", "attribute", "operator"):
            student.begin(name)
            student.allow(60)
            held = student.m.Held(x)
            kinds: dict[str, Callable[[], object]] = {
                "function": lambda: student.m.affine(x, w, b),
                "attribute": lambda held=held: held.data,
                "operator": lambda held=held: held + x,
            }
            found |= _timed(name, kinds[name], calls)
    return found


def _timed(name: str, call: Callable[[], object], calls: int) -> dict[str, float]:
    """Medians over batches, the first of which only warms up."""
    passed, worked = [], []
    for _ in range(1 + calls // _BATCH):
        start, own = time.perf_counter(), time.thread_time()
        for _ in range(_BATCH):
            call()
        passed.append((time.perf_counter() - start) / _BATCH)
        worked.append((time.thread_time() - own) / _BATCH)
    return {f"{name}_s": median(passed[1:]), f"{name}_own_s": median(worked[1:])}


if __name__ == "__main__":
    main()
