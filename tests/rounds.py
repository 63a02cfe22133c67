"""What `make soak` found: a row for each large family, with a digest of the files that it covers.

A plugin of the suite. A family is a test with the mark `soak(*covers)`: files and folders of the checkout, in
which `{name}` stands for the parameter of that name. It takes the fixture `rounds`.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
ROUNDS = ROOT / "bench/results/rounds.json"
_ROUNDS = pytest.StashKey[int]()


def covers(item: pytest.Item) -> list[str]:
    """The files and folders that a family covers."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return [each.format(**parameters) for each in item.get_closest_marker("soak").args]


def digest(paths: Iterable[str], root: Path = ROOT) -> str:
    """Of the code and data in these files and folders. Raises FileNotFoundError where one is not there."""
    found = hashlib.sha256()
    for name in sorted(paths):
        path = root / name
        files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
        for file in files:
            if "__pycache__" not in file.parts:
                found.update(
                    f"{file.relative_to(root)}\0".encode() + hashlib.sha256(file.read_bytes()).digest()
                )
    return found.hexdigest()[:16]


def read(path: Path = ROUNDS) -> dict[str, dict[str, Any]]:
    """Test id -> row."""
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def out_of_date(rows: Mapping[str, Mapping[str, Any]], root: Path = ROOT) -> dict[str, str]:
    """Test id -> why its row says nothing of the code as it is now."""
    found = {}
    for family, row in rows.items():
        if row["failed"]:
            found[family] = f"failed at {row['commit'][:7]} with seed {row['seed']}"
            continue
        try:
            now = digest(row["covers"], root)
        except FileNotFoundError as error:
            now = f"no {error.filename}"
        if now != row["digest"]:
            found[family] = f"{', '.join(row['covers'])} changed after {row['commit'][:7]}"
    return found


def families(folder: Path = ROOT / "tests") -> dict[str, list[str]]:
    """Test id -> what it covers, of every large family, as a fresh pytest finds them."""
    files = [str(path) for path in sorted(folder.rglob("test_*.py")) if "soak" in path.read_text("utf-8")]
    with NamedTemporaryFile("r", suffix=".json") as found:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--collect-only", *files]
        command += ["-m", "soak", "--families", found.name]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout
        return json.load(found)


def unmatched(rows: Mapping[str, Mapping[str, Any]], found: Mapping[str, list[str]]) -> dict[str, str]:
    """Test id -> why its row and the family of that name do not belong together."""
    missing = dict.fromkeys(found.keys() - rows.keys(), "has no row")
    left = dict.fromkeys(rows.keys() - found.keys(), "is in no file of tests any more; take its row out")
    other = {
        name: "covers other files than when it was run"
        for name in found.keys() & rows.keys()
        if sorted(found[name]) != sorted(rows[name]["covers"])
    }
    return dict(sorted({**missing, **left, **other}.items()))


def renewing(families: Iterable[str]) -> list[str]:
    """The commands that renew the rows of these families."""
    cases = defaultdict(list)
    for family in families:
        test, _, case = family.partition("[")
        cases[test].append(case.rstrip("]"))
    return [
        f"make soak SELECT='{test}" + (f' -k "{" or ".join(found)}"' if all(found) else "") + "'"
        for test, found in cases.items()
    ]


@pytest.fixture
def rounds(request):
    """rounds(sample, full): so many rounds of a large family; the full number under `make soak`."""

    def many(sample, full):
        count = full if request.config.getoption("--soak") else sample
        request.node.stash[_ROUNDS] = count
        return range(count)

    return many


@pytest.fixture
def seed(request):
    """Seed of what a large family draws; fixed unless another is asked for."""
    return request.config.getoption("--seed")


def pytest_addoption(parser):
    parser.addoption("--soak", action="store_true", help="full counts of large families, written to a file")
    parser.addoption("--families", help="file to write the large families that are collected to")
    parser.addoption("--seed", type=int, default=0, help="of what large families draw")


def pytest_configure(config):
    if config.getoption("--soak") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Book(config), "rounds-book")


def pytest_collection_finish(session):
    if path := session.config.getoption("--families"):
        Path(path).write_text(json.dumps({item.nodeid: covers(item) for item in session.items}), "utf-8")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    count = item.stash.get(_ROUNDS, None)
    family = item.get_closest_marker("soak")  # others draw many cases, too, and have no row
    if count is not None and family and report.when == "call" and not report.skipped:
        files = covers(item)
        row = {"rounds": count, "failed": report.failed, "covers": files, "digest": digest(files)}
        report.user_properties.append(("row", {**row, "seconds": round(report.duration, 1)}))
    return report


class _Book:
    """Writes each row beside those of families that were not asked for now."""

    def __init__(self, config: pytest.Config) -> None:
        commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
        self._about = {
            "commit": commit.stdout.strip(),
            "date": datetime.now(UTC).date().isoformat(),
            "seed": config.getoption("--seed"),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "python": platform.python_version(),
        }

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, row in report.user_properties:
            if name == "row" and report.when == "call":
                known = {**read(), report.nodeid: {**row, **self._about}}
                ROUNDS.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n", "utf-8")
