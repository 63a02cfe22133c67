"""How far a race of the same code against itself is from 1: what noise can do to a student.

    python bench/self_race.py [--json] [--runs 50] [--only TASK[,TASK]] [-o FILE]

Each run is what `dlc grade` does for one test of speed: fresh workers, fresh inputs, rounds until the rule of
that test is content. Tasks of one processor core: a4's im2col, and a8's matrix product and convolution. Where
there is a GPU, also the Triton kernels of a8, with the library beside them.

With `-o`, every run is on file once it is over, and runs of the same machine and versions that are there
already count: a command that was stopped can be given again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import machine

import numpy as np  # isort: skip
import torch  # isort: skip

from autograder.course import load_course, modules_of
from autograder.errors import OpenPoints, TierUnavailable
from autograder.model import Limits
from autograder.replay import executor_kind, executor_texts
from autograder.sandbox import GPU_VARIABLES, LoadPlan, Sandbox
from autograder.speed import Contest, gpu_info
from autograder.speed.contest import Track
from autograder.speed.cpu_track import TRANSPORT, TRANSPORT_TEXT, CpuTrack
from autograder.speed.gpu_host import GpuHost
from autograder.speed.race import hold
from autograder.studentkit.kinds import kinds_of

ROOT = Path(__file__).parents[1]
COURSE = load_course(ROOT)
MODULES = modules_of(COURSE)
a4, a8 = (MODULES.load(COURSE.graders_of(each) / "speed.py") for each in ("a4_cnn", "a8_performance"))
LIMITS = Limits(wall_s=10, total_s=600, memory_mb=1024, reply_mb=256, threads=False)
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
ON_GPU = {
    "a8 triton_matmul": a8.TRITON_MATMUL[0],
    "a8 triton_conv2d_forward": a8.TRITON_CONV[0],
    "a8 triton_conv2d_backward_weight": a8.TRITON_CONV[2],
}
WITH_KERNELS = (
    "windows", "gpu", "channels_last", "triton_matmul", "triton_conv_forward", "triton_conv_data",
    "triton_conv_weight",
)  # fmt: skip
KIND = kinds_of(MODULES.library)
_PASSING = {"load", "date"}  # what may differ between runs of one machine


def texts(*names: str) -> dict[str, str]:
    """Modules of the library."""
    return {name: (ROOT / "dlc_lib" / f"{name}.py").read_text(encoding="utf-8") for name in names}


def worker(sandbox: Sandbox, modules: dict[str, str], held: ExitStack, kind: Any = KIND) -> Any:
    """The proxy of modules in a worker that ends with the stack."""
    remote = held.enter_context(sandbox.open(LoadPlan(modules), LIMITS, kind, 7))
    remote.begin("race")
    return remote


@contextmanager
def on_cores(packages: tuple[str, ...], contest: Contest) -> Iterator[Any]:
    """Makes a track on one processor core that is gone with a stack."""
    names = [contest.module, "arrays", "windows", *(["vendor"] if "torch" in packages else [])]
    modules = {**texts(*names), TRANSPORT: TRANSPORT_TEXT}
    with Sandbox(library="dlc_lib", packages=packages, tier=1) as sandbox:

        def track(held: ExitStack) -> Track:
            def executors() -> tuple[Any, Any]:
                first, second = (worker(sandbox, executor_texts(), held, executor_kind) for _ in range(2))
                return first, second

            return CpuTrack(
                worker(sandbox, modules, held),
                lambda: worker(sandbox, modules, held),
                1,
                tensors="torch" in packages,
                open_executors=executors,
            )

        yield track


@contextmanager
def on_gpu(kind: str = "cuda") -> Iterator[Any]:
    """Makes a track on the GPU; of kind "cpu", the same way through shared memory."""
    packages = ("numpy", "torch", "triton")
    with (
        GpuHost(_for_gpu, kind) as tracks,
        Sandbox(library="dlc_lib", packages=packages, tier=1, compiles=True) as compiling,
    ):

        def track(held: ExitStack) -> Track:
            return tracks.open(
                lambda sandbox, more, parts: worker(
                    sandbox, {**executor_texts(), **more}, parts, executor_kind
                ),
                lambda parts: (
                    worker(compiling, texts(*WITH_KERNELS), parts),
                    worker(compiling, texts(*WITH_KERNELS), parts),
                ),
                texts("vendor"),
                held,
            )

        yield track


def _for_gpu(scratch: Path, sockets: bool) -> Sandbox:
    """At tier 1 where the machine has what that needs: one that is lent for measuring may not."""
    variables = {name: os.environ[name] for name in GPU_VARIABLES if name in os.environ}
    packages = ("numpy", "torch", "triton")
    for tier in (1, 0):
        try:
            return Sandbox(
                library="dlc_lib",
                packages=packages,
                tier=tier,
                scratch=scratch,
                sockets=sockets,
                variables=variables,
            )
        except TierUnavailable as error:
            if tier == 0:
                raise
            print(f"raced without isolation: {error}", file=sys.stderr)
    raise AssertionError  # not reached


def race(contest: Contest, track: Any, run: int) -> dict[str, Any]:
    """Ratio, share and seconds of one run; why its points would be open, where they would."""
    start = time.perf_counter()
    with ExitStack() as held:
        place = track(held)
        try:
            finish = hold(contest, place, np.random.default_rng(run), random.Random(run))
        except OpenPoints as why:
            return {"open": str(why)}
    seconds = time.perf_counter() - start
    return {"ratio": finish.timing.ratio, "share": finish.share, "seconds": seconds}


def summary(found: list[dict[str, Any]], steps: int) -> dict[str, float | None]:
    """What the promises speak of."""
    told = [each for each in found if "ratio" in each]
    ratios = sorted(each["ratio"] for each in told)
    shares = [each["share"] for each in told if each["share"] is not None]

    def within(distance: float) -> float:
        return round(sum(abs(each - 1) <= distance for each in ratios) / len(ratios), 3)

    return {
        "runs": len(found),
        "open": len(found) - len(shares),  # too noisy, or so fast that a person would look
        "median_ratio": round(median(ratios), 4),
        "lowest_ratio": round(ratios[0], 4),
        "highest_ratio": round(ratios[-1], 4),
        "within_2_percent_ratio": within(0.02),
        "within_5_percent_ratio": within(0.05),
        "within_10_percent_ratio": within(0.10),
        "steps_apart": round((max(shares) - min(shares)) * steps) if shares else None,
        "race_s": round(median(each["seconds"] for each in told), 2),
    }


class Runs:
    """What was found of each task, on file after every run."""

    def __init__(self, path: Path | None, device: str) -> None:
        self._path = path
        self._machine = {**machine("numpy", "torch"), "device": device}
        self.skipped: dict[str, str] = {}
        self.of: dict[str, list[dict[str, Any]]] = self._kept()

    def _kept(self) -> dict[str, list[dict[str, Any]]]:
        if self._path is None or not self._path.is_file():
            return {}
        found = json.loads(self._path.read_text(encoding="utf-8"))
        same = all(found["machine"].get(key) == self._machine[key] for key in self._machine.keys() - _PASSING)
        return dict(found.get("runs", {})) if same else {}

    def add(self, name: str, run: dict[str, Any]) -> None:
        """Keep one more."""
        self.of.setdefault(name, []).append(run)
        if self._path is not None:
            new = self._path.with_suffix(".new")
            new.write_text(json.dumps({**self.found(), "runs": self.of}, indent=1) + "\n", encoding="utf-8")
            new.replace(self._path)

    def found(self) -> dict[str, Any]:
        """Summaries, what was left out and why, and the machine."""
        contests = {**{name: contest for name, (_, contest) in CONTESTS.items()}, **ON_GPU}
        races = {
            name: summary(runs, len(contests[name].curve.thresholds))
            for name, runs in self.of.items()
            if any("ratio" in each for each in runs)
        }
        return {"races": races, "skipped": self.skipped, "machine": self._machine}


def _tasks(text: str) -> list[str]:
    names, known = text.split(","), [*CONTESTS, *ON_GPU]
    if unknown := [name for name in names if name not in known]:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(known)}")
    return names


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--runs", type=int, default=50, help="races of each task")
    parser.add_argument("--only", type=_tasks, default=[*CONTESTS, *ON_GPU], metavar="TASK[,TASK]")
    parser.add_argument("-o", "--out", type=Path, metavar="FILE", help="keep every run there, and go on")
    options = parser.parse_args()
    absent = gpu_info.unavailable()
    runs = Runs(options.out, "one core" if absent else torch.cuda.get_device_name())
    for name in options.only:
        if name in ON_GPU and absent:
            runs.skipped[name] = absent
            print(f"{name} is left out: {absent}", file=sys.stderr)
            continue
        contest = ON_GPU[name] if name in ON_GPU else CONTESTS[name][1]
        with on_gpu() if name in ON_GPU else on_cores(*CONTESTS[name]) as track:
            for run in range(len(runs.of.get(name, [])), options.runs):
                runs.add(name, race(contest, track, run))
        told = runs.found()["races"].get(name, {})
        if not options.json:
            print(name, *(f"{key} {value}" for key, value in told.items()), sep="  ", flush=True)
    if options.json:
        print(json.dumps(runs.found()))


if __name__ == "__main__":
    main()
