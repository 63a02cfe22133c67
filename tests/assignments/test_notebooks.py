"""The notebook of every release runs from top to bottom once its tasks are solved."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from autograder.course import assignment_ids, find_course, load_assignment
from autograder.release import build_release

COURSE = find_course(Path(__file__).parent)
ALL = assignment_ids(COURSE)
SAMPLE = 2  # notebooks in `make test`
RUN = """
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(notebook, timeout=1_800, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


def execute(name, folder):
    names = (f"{name}.ipynb", "executed.ipynb")
    one_thread = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    plain = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *names],
        cwd=folder / "solved",
        env={**plain, **one_thread, "MPLBACKEND": "module://matplotlib_inline.backend_inline"},
        capture_output=True,
        text=True,
        timeout=1_800,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return nbformat.read(folder / "solved/executed.ipynb", 4)


@pytest.mark.slow
@pytest.mark.soak("assignments", "autograder/release", "dlc_lib")
def test_the_solved_notebook_runs_passes_its_tests_explores_and_plots(tmp_path, rounds, seed):
    names = random.Random(seed).sample(ALL, len(rounds(SAMPLE, len(ALL))))
    # In this thread alone: two threads that parse at a time confuse CPython 3.11
    # ("AST constructor recursion depth mismatch", https://github.com/python/cpython/issues/106905).
    for name in names:
        build_release(COURSE, load_assignment(COURSE, name), tmp_path / name / "solved", solution=True)
    with ThreadPoolExecutor(2) as pool:
        notebooks = list(pool.map(lambda name: execute(name, tmp_path / name), names))
    for name, notebook in zip(names, notebooks, strict=True):
        assignment = load_assignment(COURSE, name)
        printed = {cell.id: json.dumps(cell.get("outputs", [])) for cell in notebook.cells}
        assert re.search(rf"total +{assignment.points:.1f} of {assignment.points:g}\b", printed["tests"]), (
            name
        )
        assert sum("image/png" in text for text in printed.values()) >= 3, name
        explored = {cell.id.split("-")[1] for cell in notebook.cells if cell.id.startswith("explore-")}
        assert explored >= {str(number) for number, _ in enumerate(assignment.tasks, 1)}, name
