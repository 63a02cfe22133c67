"""The notebook of every release runs from top to bottom once its tasks are solved."""

from __future__ import annotations

import json
import os
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
RUN = """
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(notebook, timeout=1_800, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


@pytest.fixture(scope="module")
def executing(tmp_path_factory):
    """Assignment id -> what will be its executed notebook; two are executed at a time."""
    folders = {each: tmp_path_factory.mktemp("notebook") for each in assignment_ids(COURSE)}
    # In this thread alone: two threads that parse at a time confuse CPython 3.11
    # ("AST constructor recursion depth mismatch", https://github.com/python/cpython/issues/106905).
    for name, folder in folders.items():
        build_release(COURSE, load_assignment(COURSE, name), folder / "solved", solution=True)
    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(execute, name, folder) for name, folder in folders.items()}
        pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="module", params=assignment_ids(COURSE))
def executed(request, executing):
    """An assignment, and the executed notebook of its solved release."""
    return load_assignment(COURSE, request.param), executing[request.param].result()


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
def test_the_solved_notebook_runs_passes_its_tests_and_plots(executed):
    assignment, notebook = executed
    printed = {cell.id: json.dumps(cell.get("outputs", [])) for cell in notebook.cells}
    assert re.search(rf"total +{assignment.points:.1f} of {assignment.points:g}\b", printed["tests"])
    assert sum("image/png" in text for text in printed.values()) >= 3


@pytest.mark.slow
def test_every_task_is_explored(executed):
    assignment, notebook = executed
    explored = {cell.id.split("-")[1] for cell in notebook.cells if cell.id.startswith("explore-")}
    assert explored >= {str(number) for number, _ in enumerate(assignment.tasks, 1)}
