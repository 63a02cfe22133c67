"""How far a race of the same code against itself is from 1: what noise can do to a student.

    python bench/self_race.py [--json] [--runs 50]

Each run is what `dlc grade` does for one test of speed: fresh workers, fresh inputs, rounds until the rule of
that test is content. Tasks of one processor core: a4's im2col, and a8's matrix product and convolution.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import machine

import numpy as np  # isort: skip

from autograder.graders.a4_cnn import speed as a4
from autograder.graders.a8_performance import speed as a8
from autograder.model import Limits
from autograder.sandbox import LoadPlan, Sandbox
from autograder.studentkit.kinds import kinds_of
from autograder.timing import TRANSPORT, TRANSPORT_TEXT, Contest, CpuTrack
from autograder.timing.race import hold

ROOT = Path(__file__).parents[1]
LIMITS = Limits(wall_s=10, memory_mb=1024, reply_mb=256, threads=False)
IM2COL = Contest(
    "im2col",
    "conv_im2col_forward",
    (a4.ForwardCase(images=6), a4.ForwardCase(images=18)),
    curve=a4.CURVE,
    rule=a4.RULE,
)
CONTESTS = {
    "a4 im2col": (("numpy",), IM2COL),
    "a8 outer_matmul": (("numpy", "torch"), a8.OUTER_MATMUL),
    "a8 conv2d_forward": (("numpy", "torch"), a8.TORCH_CONV[0]),
}


def plan(packages: tuple[str, ...], module: str) -> LoadPlan:
    """The module, what it imports, and what a race needs."""
    names = [module, "arrays", "windows", *(["vendor"] if "torch" in packages else [])]
    texts = {name: (ROOT / "dlc_lib" / f"{name}.py").read_text(encoding="utf-8") for name in names}
    return LoadPlan({**texts, TRANSPORT: TRANSPORT_TEXT})


def races(packages: tuple[str, ...], contest: Contest, runs: int) -> list[dict[str, float]]:
    """Ratio, share and seconds of each run."""
    kind = kinds_of(lambda module: importlib.import_module(f"dlc_lib.{module}"))
    code, found = plan(packages, contest.module), []
    with Sandbox(library="dlc_lib", packages=packages, tier=1) as sandbox:
        for run in range(runs):
            with ExitStack() as open_:

                def opened(open_: ExitStack = open_) -> Any:
                    remote = open_.enter_context(sandbox.open(code, LIMITS, kind, 7))
                    remote.begin("race")
                    return remote

                start = time.perf_counter()
                track = CpuTrack(opened(), opened, 1, tensors="torch" in packages)
                finish = hold(contest, track, np.random.default_rng(run), random.Random(run))
            seconds = time.perf_counter() - start
            found.append({"ratio": finish.timing.ratio, "share": finish.share, "seconds": seconds})
    return found


def summary(found: list[dict[str, float]], steps: int) -> dict[str, float]:
    """What the promises speak of."""
    ratios = sorted(each["ratio"] for each in found)
    shares = [each["share"] for each in found]
    return {
        "runs": len(found),
        "median_ratio": round(median(ratios), 4),
        "lowest_ratio": round(ratios[0], 4),
        "highest_ratio": round(ratios[-1], 4),
        "within_5_percent_ratio": round(sum(abs(each - 1) <= 0.05 for each in ratios) / len(ratios), 3),
        "within_10_percent_ratio": round(sum(abs(each - 1) <= 0.10 for each in ratios) / len(ratios), 3),
        "steps_apart": round((max(shares) - min(shares)) * steps),
        "race_s": round(median(each["seconds"] for each in found), 2),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--runs", type=int, default=50, help="races of each task")
    options = parser.parse_args()
    found: dict[str, Any] = {}
    for name, (packages, contest) in CONTESTS.items():
        found[name] = summary(races(packages, contest, options.runs), len(contest.curve.thresholds))
        if not options.json:
            print(name, *(f"{key} {value}" for key, value in found[name].items()), sep="  ", flush=True)
    if options.json:
        print(json.dumps({"races": found, "machine": machine("numpy", "torch")}))


if __name__ == "__main__":
    main()
