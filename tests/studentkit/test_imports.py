"""An import that works at home and not in grading is told before the work is handed in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autograder.studentkit.folder import Release, open_release
from autograder.studentkit.handin import check_folder
from tests.release.alone import make_machine
from tests.studentkit.test_plugin import build, edit


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built"), solution=True)


@pytest.fixture
def release(built: Path, tmp_path: Path) -> Release:
    return open_release(Path(shutil.copytree(built, tmp_path / "release")))


def told(release: Release, text: str) -> list[str]:
    """What is told of imports when a module begins with a text."""
    edit(release.folder, "mylib/ops.py", "import numpy as np\n", f"import numpy as np\n{text}\n")
    return [note for note in check_folder(release).notes if "imports" in note]


def line_of(release: Release, text: str) -> int:
    return (release.folder / "mylib/ops.py").read_text("utf-8").split("\n").index(text) + 1


@pytest.mark.parametrize(
    "line",
    [
        "import scipy",
        "import scipy.signal as s",
        "from scipy import signal",
        "from scipy.signal import convolve2d",
        "import os, scipy",
        "def inner(): import scipy",
        "class Inner: from scipy import signal",
        "if True: import scipy",
        "import importlib; signal = importlib.import_module('scipy.signal')",
        "scipy = __import__('scipy')",
        "with open('x') as f: import scipy",
    ],
)
def test_package_that_grading_does_not_have_is_told_with_its_place(release: Release, line: str) -> None:
    (says,) = told(release, line)
    assert says == (
        f"mylib/ops.py:{line_of(release, line)}: imports scipy, which is not there when your work is graded, "
        "so what uses it fails; write it with numpy"
    )


@pytest.mark.parametrize(
    "text",
    [
        "import os, sys, math, dataclasses, collections.abc",
        "from numpy.lib.stride_tricks import sliding_window_view",
        "import matplotlib.pyplot as plt\nfrom tqdm import tqdm",  # which only show, and do nothing there
        "from .layers import affine\nfrom . import arrays\nimport mylib.layers\nimport layers",
        "try:\n    import scipy\nexcept ImportError:\n    scipy = None",
        "try:\n    import scipy\nexcept (ValueError, ModuleNotFoundError):\n    scipy = None",
        "try:\n    import scipy\nexcept:\n    scipy = None",
        "from contextlib import suppress\nwith suppress(ImportError):\n    import scipy",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import scipy",
        "import typing\nif typing.TYPE_CHECKING:\n    import scipy",
        "if __name__ == '__main__':\n    import scipy",
        "text = 'import scipy'",
        "import importlib; arrays = importlib.import_module('.arrays', __package__)",
    ],
)
def test_other_imports_are_fine(release: Release, text: str) -> None:
    assert told(release, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    import scipy\nexcept ValueError:\n    scipy = None",
        "try:\n    import numpy\nexcept ImportError:\n    import scipy",
        "try:\n    import scipy\nfinally:\n    pass",
    ],
)
def test_an_absence_that_nothing_catches_is_told(release: Release, text: str) -> None:
    assert len(told(release, text)) == 1


@pytest.mark.parametrize("name", ["helpers", "studentkit", "pytest", "test_public", "conftest"])
def test_file_that_is_not_handed_in_is_told_with_the_way_out(release: Release, name: str) -> None:
    (release.folder / "helpers.py").write_text("")
    (says,) = told(release, f"import {name}")
    assert f"imports {name}, which is not handed in" in says
    assert says.endswith("move what you need of it into mylib/")


def test_module_of_their_own_in_the_library_is_handed_in(release: Release) -> None:
    (release.folder / "mylib/helpers.py").write_text("import pandas\n")
    (says,) = told(release, "from .helpers import pandas\nimport helpers")
    assert says.startswith("mylib/helpers.py:1: imports pandas")


@pytest.mark.parametrize(
    "line",
    [
        "from .parts import x",
        "from .parts.inner import x",
        "from . import parts",
        "import mylib.parts.inner",
        "from mylib.parts import x",
        "from mylib import parts",
    ],
)
def test_folder_in_the_library_is_told_with_the_way_out(release: Release, line: str) -> None:
    (release.folder / "mylib/parts").mkdir()
    (says,) = told(release, line)
    assert says == (
        f"mylib/ops.py:{line_of(release, line)}: imports parts, a folder, which is not handed in, so what "
        "uses it fails when it is graded; make it one file, mylib/parts.py"
    )


def test_cell_of_a_notebook_is_named(release: Release) -> None:
    path = release.folder / "a2_second.ipynb"
    content = json.loads(path.read_text("utf-8"))
    before = len(content["cells"])
    lines = ["%matplotlib inline\n", "import matplotlib\n", "from sklearn import svm\n"]
    content["cells"].append({"cell_type": "code", "id": "mine", "metadata": {}, "source": lines})
    path.write_text(json.dumps(content), encoding="utf-8")
    (says,) = [note for note in check_folder(release).notes if "imports" in note]
    assert says.startswith(f"a2_second.ipynb, cell {before + 1}, line 3: imports sklearn, which is not there")


def test_it_is_told_after_the_public_tests_too(release: Release, tmp_path: Path) -> None:
    machine = make_machine(tmp_path / "site")
    (says,) = told(release, "def inner(): import scipy")
    for command in (("-m", "studentkit"), ("-m", "pytest")):
        run = machine.python(release.folder, *command)
        assert (run.returncode, run.stderr) == (0, "")
        assert f"! {says}\n" in run.stdout


def test_a_listed_package_and_what_it_brings_are_there(release: Release) -> None:
    assert release.packages == ("numpy",)
    assert "numpy" in release.imports
    assert not {"torch", "scipy", "pytest", "autograder"} & release.imports
