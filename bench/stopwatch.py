"""Seconds that a call keeps the device busy, and kernels compiled before any is timed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch

FLUSH_MB = 256  # more than the second-level cache of any GPU
_FIRST, _LONGEST = 200_000, 200_000_000  # cycles for which the GPU is held up: 0.1 ms and 0.1 s at 2 GHz
Call = Callable[[], object]


class Stopwatch:
    """Times one call, again and again.

    On a GPU: from an empty cache, by events around the call's kernels. A kernel that only waits runs before
    them, so that all of them are in the queue when the first begins: what Python does to launch them counts
    for nothing. Elsewhere: by the clock on the wall.
    """

    def __init__(self, call: Call, *, on_gpu: bool) -> None:
        self._call, self._on_gpu = call, on_gpu
        self._cycles = _FIRST
        self._flush = torch.empty(FLUSH_MB << 18, dtype=torch.float32, device="cuda") if on_gpu else None

    def seconds(self) -> float:
        """Of one call. Raises RuntimeError for one that waits for the GPU itself: it cannot be queued."""
        if not self._on_gpu:
            start = time.perf_counter()
            self._call()
            return time.perf_counter() - start
        while self._cycles <= _LONGEST:
            seconds = self._queued()
            if seconds is not None:
                return seconds
            self._cycles *= 2
        raise RuntimeError("a call waits for the GPU, so its launch cannot be told from its work")

    def _queued(self) -> float | None:
        """Seconds of one call; None if the GPU was through with waiting before everything was queued."""
        assert self._flush is not None
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        self._flush.zero_()
        torch.cuda._sleep(self._cycles)
        start.record()
        self._call()
        end.record()
        queued = not start.query()
        end.synchronize()
        return start.elapsed_time(end) / 1e3 if queued else None


def compile_ahead(calls: Iterable[Call]) -> None:
    """Compile every configuration of every kernel that the calls launch, on all cores, for a first run.

    Kernels that choose among configurations do not run, so what the calls return means nothing. One that
    does not compile is passed over here, as it is when it is tuned.
    """
    import triton
    from triton.runtime.autotuner import Autotuner

    def compile_all(self: Any, *args: Any, **options: Any) -> None:
        for config in self.configs:
            chosen = {**options, **config.all_kwargs(), "warmup": True}
            if config.pre_hook:
                config.pre_hook({**dict(zip(self.arg_names, args, strict=False)), **chosen})
            self.fn.run(*args, **chosen)

    run, Autotuner.run = Autotuner.run, compile_all
    try:
        cores = len(os.sched_getaffinity(0))
        with ThreadPoolExecutor(cores) as pool, triton.AsyncCompileMode(pool, ignore_errors=True):
            for call in calls:
                call()
    finally:
        Autotuner.run = run
