"""What each file of tests costs in processor time, however busy the machine is; and the quick part of them.

A plugin of the suite. `--measure` writes `tests/durations.json`; `--quick` leaves out the dearest files.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DURATIONS = ROOT / "tests/durations.json"
QUICK_S = 100.0  # of processor time, for all files of `make quick` together
_BEGUN = pytest.StashKey[float]()


def used_s() -> float:
    """Processor time of this process and of children that have ended."""
    return sum(os.times()[:4])


def quick(durations: Mapping[str, float], most_s: float = QUICK_S) -> set[str]:
    """The cheapest files whose sum is within a budget."""
    found, left_s = set(), most_s
    for name, seconds in sorted(durations.items(), key=lambda each: each[1]):
        left_s -= seconds
        if left_s < 0:
            break
        found.add(name)
    return found


def read() -> dict[str, float]:
    """File of tests -> processor seconds."""
    return json.loads(DURATIONS.read_text("utf-8")) if DURATIONS.is_file() else {}


def pytest_addoption(parser):
    parser.addoption("--quick", action="store_true", help="leave out the dearest files of tests")
    parser.addoption("--measure", action="store_true", help="write what each file costs in processor time")


def pytest_configure(config):
    if config.getoption("--quick"):
        durations = read()
        config.pluginmanager.register(_Quick(durations.keys() - quick(durations)), "quick-tests")
    if config.getoption("--measure") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Measured(), "measured-tests")


def pytest_collection_modifyitems(items):
    """The dearest file first, so that no core is left alone with it at the end."""
    known = read()
    items.sort(key=lambda item: -known.get(item.nodeid.partition("::")[0], 0.0))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    item.stash[_BEGUN] = used_s()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "teardown":
        report.user_properties.append(("processor_s", used_s() - item.stash[_BEGUN]))
    return report


class _Quick:
    """Leaves out files; one that was never measured is taken along."""

    def __init__(self, left_out: set[str]) -> None:
        self._left_out = {ROOT / name for name in left_out}

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        return True if collection_path in self._left_out else None


class _Measured:
    """Sums up what tests cost, file by file."""

    def __init__(self) -> None:
        self._files: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, seconds in report.user_properties:
            if name == "processor_s":
                self._files[report.nodeid.partition("::")[0]] += seconds

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            return  # the last file was not run to its end
        known = {name: seconds for name, seconds in read().items() if (ROOT / name).is_file()}
        known |= {name: round(seconds, 1) for name, seconds in self._files.items()}
        DURATIONS.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n", "utf-8")
