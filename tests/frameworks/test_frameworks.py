"""A framework is one file and a row of the table."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograder
from autograder.frameworks import FRAMEWORKS
from autograder.model import Limits
from autograder.sandbox import LoadPlan, Sandbox
from autograder.studentkit import StudentError

OURS = Path(autograder.__file__).parent
ABACUS = """
import random

class Beads:
    def __init__(self, numbers):
        self.numbers, self.dtype = numbers, numbers.dtype

dice = random.Random()
wood = __import__("os").environ.get("ABACUS")
"""
FILE = '''
"""The abacus."""

import sys

from .framework import ArrayData, Arrays, Framework

class BeadData(ArrayData):
    kind = "beads"
    said = "beads"

def here():
    return sys.modules.get("abacus")

ABACUS = Framework(
    name="abacus",
    requirement="abacus>=1",
    environment={"ABACUS": "oak"},
    seed=lambda seed: here().dice.seed(seed),
    arrays=Arrays(
        BeadData,
        lambda: (here().Beads,) if here() else (),
        lambda beads: beads.numbers,
        lambda numbers: here().Beads(numbers),
        lambda beads: here().Beads(beads.numbers.copy()),
    ),
    out_of_memory=("no beads left",),
)
'''
SCRIPT = '''
import abacus
import numpy as np
import autograder
from autograder.course.packages import check_package
from autograder.model import Limits
from autograder.sandbox import LoadPlan, Sandbox
from autograder.studentkit import Local, StudentError

CODE = """
import abacus
def twice(beads): return abacus.Beads(2 * beads.numbers)
def plain(beads): return beads.numbers
def dice(beads): return abacus.Beads(beads.numbers + int(abacus.wood == "oak") * abacus.dice.random())
def greedy(beads): raise RuntimeError("no beads left")
"""
three = abacus.Beads(np.ones(3))

def said(function):
    try:
        return function(three)
    except StudentError as error:
        return error.verdict, str(error)

check_package("abacus", "dlc_lib")
with Sandbox(library="none", packages=("abacus",), tier=1) as sandbox:
    rolled = []
    for _ in range(2):
        with sandbox.open(LoadPlan({"m": CODE}), Limits(), lambda *_: "beads", 7) as student:
            student.begin("a test")
            assert said(student.m.twice).tolist() == [2, 2, 2]
            assert said(student.m.plain) == ("error", "plain returned an array of shape (3,); expected beads")
            assert said(student.m.greedy)[0] == "memory", said(student.m.greedy)
            rolled.append(said(student.m.dice)[0])
assert rolled[0] == rolled[1] != 1, rolled
space = type(abacus)("m")
exec(CODE, space.__dict__)
local = Local({"m": space}.__getitem__, lambda *_: "beads", wrap=True)
assert said(local.m.twice).tolist() == [2, 2, 2]
assert said(local.m.plain)[1] == "plain returned an array of shape (3,); expected beads"
print(autograder.__file__)
'''


def test_a_new_framework_is_one_file_and_a_row(tmp_path):
    shutil.copytree(OURS, tmp_path / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "autograder/frameworks/abacus.py").write_text(FILE)
    table = tmp_path / "autograder/frameworks/__init__.py"
    row = table.read_text().replace("(NUMPY, ", "(ABACUS, NUMPY, ")
    table.write_text(row.replace("from .jax ", "from .abacus import ABACUS\nfrom .jax "))
    info = tmp_path / "abacus-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: abacus\nVersion: 1.0\n")
    (info / "RECORD").write_text("abacus.py,,\n")
    (tmp_path / "abacus.py").write_text(ABACUS)
    (tmp_path / "run.py").write_text(SCRIPT)
    run = subprocess.run(
        [sys.executable, "-B", "run.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(str(tmp_path)), "another copy of the package was asked"


@pytest.mark.parametrize("name", sorted(FRAMEWORKS.keys() - {"numpy"}))  # in whose arrays everything crosses
def test_the_file_of_a_framework_does_not_import_it(name):
    tree = ast.parse((OURS / f"frameworks/{name}.py").read_text("utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    assert name not in [alias.name for node in nodes for alias in node.names]


@pytest.fixture(scope="module")
def student():
    code = """
import torch
def vast(x): return torch.ones(1 << 20, 1 << 20)
def elsewhere(x): return x.cuda()
def own(x): raise RuntimeError("my loss is not finite")
"""
    limits = Limits(wall_s=30)
    with (
        Sandbox(library="none", packages=("numpy", "torch"), tier=1) as sandbox,
        sandbox.open(LoadPlan({"m": code}), limits, lambda *_: "tensor", 7) as remote,
    ):
        remote.begin("a test")
        yield remote


@pytest.mark.parametrize(
    ("function", "verdict", "says"),
    [
        ("vast", "memory", "vast ran out of memory"),
        ("elsewhere", "error", "elsewhere asked for a GPU, and there is none while grading"),
        ("own", "error", "own raised RuntimeError"),
    ],
)
def test_what_a_framework_lacked_is_told_in_our_words(student, function, verdict, says):
    torch = pytest.importorskip("torch")
    with pytest.raises(StudentError, match=says) as caught:
        getattr(student.m, function)(torch.ones(2))
    assert caught.value.verdict == verdict
