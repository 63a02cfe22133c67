"""The same examples in every run, so that a change is judged by what it changed.

HYPOTHESIS_PROFILE=explore looks for new ones.
"""

import gc
import importlib.util
import os
import signal
from pathlib import Path

pytest_plugins = ["tests.durations", "tests.rounds"]

if importlib.util.find_spec("hypothesis") is not None:  # absent on a bare GPU machine
    from hypothesis import settings

    settings.register_profile("repeatable", derandomize=True, deadline=None)
    settings.register_profile("explore", deadline=None, max_examples=500)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def _on_a_gpu(config):
    """Whether `pytest -m gpu` was asked for: only what needs nothing but torch and Triton is collected."""
    return config.option.markexpr == "gpu"


def pytest_configure(config):
    # A shell ignores Ctrl-C and Ctrl-\ in what it starts in the background, and programs that tests start
    # inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    if not _on_a_gpu(config):
        # Our own kernels run in Triton's interpreter in this process; that has to be said before its import.
        os.environ.setdefault("TRITON_INTERPRET", "1")
        # As `dlc` does: thread pools of processes side by side fight each other, and races mean nothing.
        for library in ("OMP", "OPENBLAS", "MKL"):
            os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def pytest_runtest_setup():
    # A test that ran a command in this process has left Ctrl-C ignored, as at the end of every command.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish():
    # What was imported and collected stays to the end; a grader's many full collections need not look at it.
    gc.collect()
    gc.freeze()


def pytest_ignore_collect(collection_path, config):
    here = Path(__file__).parent
    elsewhere = collection_path.parent == here and collection_path.name not in ("gpu", "conftest.py")
    return True if _on_a_gpu(config) and elsewhere else None
