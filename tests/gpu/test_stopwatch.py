"""The clock of `bench/hot_paths.py` on a real GPU."""

import statistics
import time
from pathlib import Path

import pytest
import torch

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no GPU"),
]


@pytest.fixture
def stopwatch(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "bench"))
    import stopwatch

    return lambda call: stopwatch.Stopwatch(call, on_gpu=True)


def test_what_python_does_before_a_launch_is_not_in_the_time(stopwatch):
    x = torch.zeros(1024, device="cuda")

    def slowly_launched():
        time.sleep(0.003)
        x.add_(1)

    assert stopwatch(slowly_launched).seconds() < 0.001


def test_all_kernels_of_a_call_are_in_the_time(stopwatch):
    def long_work():
        torch.cuda._sleep(4_000_000)  # cycles: more than a millisecond at any clock rate

    assert stopwatch(long_work).seconds() > 0.001


def test_a_call_that_waits_for_the_gpu_is_refused(stopwatch):
    with pytest.raises(RuntimeError, match="waits for the GPU"):
        stopwatch(torch.cuda.synchronize).seconds()


def test_a_call_against_itself_is_as_fast(stopwatch):
    a, b = (torch.randn(4096, 4096, device="cuda").half() for _ in range(2))
    first, second = (stopwatch(lambda: a @ b) for _ in range(2))
    for watch in (first, second):
        watch.seconds()
    ratio = statistics.median(second.seconds() / first.seconds() for _ in range(50))
    assert 0.95 < ratio < 1.05
