"""`dlc` as a person runs it, on the tiny course."""

from __future__ import annotations

import csv
import os
import subprocess
import sys

DLC = (sys.executable, "-m", "autograder")
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "COLUMNS": "120"}


def start(folder, *words, limits="", **options):
    """A `dlc` that goes on by itself; `limits` are commands of the shell that starts it."""
    command = [*DLC, *map(str, words)]
    if limits:
        command = ["bash", "-c", f'{limits}; exec "$@"', "bash", *command]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, text=True, **pipes)


def dlc(folder, *words, **options):
    """A `dlc` that has ended."""
    process = start(folder, *words, **options)
    out, complaint = process.communicate(timeout=1_800)
    return subprocess.CompletedProcess(process.args, process.returncode, out, complaint)


def told(done, code, says):
    """Whether a run ended so, with that in one sentence of its own."""
    sentences = [each for each in done.stderr.splitlines() if each.startswith("dlc: ")]
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert len(sentences) == 1, done.stderr
    assert says in sentences[0]


def rows(out):
    """Student -> row of a gradebook; nobody has two."""
    with (out / "gradebook.csv").open(newline="", encoding="utf-8") as book:
        found = list(csv.DictReader(book))
    assert len({row["student"] for row in found}) == len(found), "two rows for one student"
    return {row["student"]: row for row in found}


def scores(out):
    """Student -> score as it is written."""
    return {student: row["score"] for student, row in rows(out).items()}


def names(out):
    """Every file and folder of a results folder."""
    return sorted(str(path.relative_to(out)) for path in out.rglob("*"))
