"""The notebook of every release runs from top to bottom once its tasks are solved."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.release import build_release
from autograder.spec import assignment_ids, find_course, load_assignment

COURSE = find_course(Path(__file__).parent)
RUN = """
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


@pytest.fixture(scope="module", params=assignment_ids(COURSE))
def executed(request, tmp_path_factory):
    """An assignment, and the executed notebook of its solved release."""
    folder = tmp_path_factory.mktemp("notebook")
    assignment = load_assignment(COURSE, request.param)
    build_release(COURSE, assignment, folder / "solved", solution=True)
    names = (f"{assignment.id}.ipynb", "executed.ipynb")
    one_thread = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    plain = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *names],
        cwd=folder / "solved",
        env={**plain, **one_thread, "MPLBACKEND": "module://matplotlib_inline.backend_inline"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return assignment, nbformat.read(folder / "solved/executed.ipynb", 4)


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
