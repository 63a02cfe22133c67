"""The same examples in every run, so that a change is judged by what it changed.

HYPOTHESIS_PROFILE=explore looks for new ones.
"""

import importlib.util
import json
import os
import platform
import signal
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

if importlib.util.find_spec("hypothesis") is not None:  # absent on a bare GPU machine
    from hypothesis import settings

    settings.register_profile("repeatable", derandomize=True, deadline=None)
    settings.register_profile("explore", deadline=None, max_examples=500)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def _on_a_gpu(config):
    """Whether `pytest -m gpu` was asked for: only what needs nothing but torch and Triton is collected."""
    return config.option.markexpr == "gpu"


def pytest_configure(config):
    # A shell ignores Ctrl-C in what it starts in the background, and programs that tests start inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not _on_a_gpu(config):
        # Our own kernels run in Triton's interpreter in this process; that has to be said before its import.
        os.environ.setdefault("TRITON_INTERPRET", "1")
        # As `dlc` does: thread pools of processes side by side fight each other, and races mean nothing.
        for library in ("OMP", "OPENBLAS", "MKL"):
            os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def pytest_runtest_setup():
    # A test that ran a command in this process has left Ctrl-C ignored, as at the end of every command.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser):
    parser.addoption("--soak", action="store_true", help="full counts of large families, written to a file")
    parser.addoption("--seed", type=int, default=0, help="of what large families draw")


ROUNDS = Path(__file__).parent.parent / "bench/results/rounds.json"
_COUNTS = pytest.StashKey[dict]()


@pytest.fixture
def rounds(request):
    """rounds(sample, full): so many rounds of a large family; the full number under `make soak`, which keeps
    the count. Give the test the mark `soak`."""

    def many(sample, full):
        soaking = request.config.getoption("--soak")
        count = full if soaking else sample
        counts = request.config.stash.setdefault(_COUNTS, {})
        counts[request.node.nodeid] = {"rounds": count, "failed": True}
        return range(count)

    return many


@pytest.fixture
def seed(request):
    """Seed of what a large family draws; fixed unless another is asked for."""
    return request.config.getoption("--seed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    counted = item.config.stash.get(_COUNTS, {}).get(item.nodeid)
    if counted is not None and report.when == "call":
        counted["failed"] = report.failed
        counted["seconds"] = round(report.duration, 1)
    return report


def pytest_sessionfinish(session):
    """What `make soak` found, beside what was found before in families that were not asked for now."""
    if not session.config.getoption("--soak"):
        return
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout
    found = json.loads(ROUNDS.read_text("utf-8")) if ROUNDS.is_file() else {}
    about = {
        "commit": commit.strip(),
        "date": datetime.now(UTC).date().isoformat(),
        "seed": session.config.getoption("--seed"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
    }
    for family, counted in session.config.stash.get(_COUNTS, {}).items():
        found[family] = {**counted, **about}
    ROUNDS.write_text(json.dumps(dict(sorted(found.items())), indent=1) + "\n", "utf-8")


def pytest_ignore_collect(collection_path, config):
    here = Path(__file__).parent
    elsewhere = collection_path.parent == here and collection_path.name not in ("gpu", "conftest.py")
    return True if _on_a_gpu(config) and elsewhere else None
