"""Whatever is installed can be listed by an assignment, and is there in the worker."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import numpy as np
import pytest

from autograder.course.packages import check_package, imported_names
from autograder.engine import Grader, Setup
from autograder.errors import TierUnavailable
from autograder.intake import find_hand_ins, read_submission
from autograder.model import Limits
from autograder.sandbox import LoadPlan, Sandbox
from autograder.sandbox.tiers import missing
from autograder.studentkit import StudentError
from tests.tiny_course import hand_in, make_assignment, make_course

LISTED = ("numpy", "scipy", "pandas", "scikit-learn", "matplotlib")
CODE = """
import io
import os
import numpy as np

def scipy_(x):
    from scipy import linalg, optimize, special, stats
    return float(linalg.det(x) + special.expit(0.0) + optimize.brentq(lambda t: t - 1.0, 0.0, 3.0))

def pandas_(x):
    import pandas as pd
    return float(pd.DataFrame({"a": x.ravel(), "b": [1, 1, 2, 2]}).groupby("b")["a"].sum().max())

def sklearn_(x):
    from sklearn.linear_model import LinearRegression
    return float(LinearRegression().fit(x, [1.0, 2.0]).predict(x)[1])

def matplotlib_(x):
    import matplotlib.pyplot as plt
    from mpl_toolkits.mplot3d import Axes3D
    file = io.BytesIO()
    plt.imshow(x)
    plt.title("an image")
    plt.savefig(file)
    return len(file.getvalue()) > 1000

def others(x):
    import yaml
    return 1.0

def home(x):
    return "HOME" in os.environ
"""
ANSWERS = {"scipy_": 5.5, "pandas_": 4.0, "sklearn_": 2.0, "matplotlib_": True}


def here(name):
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


@pytest.fixture(scope="module")
def student():
    packages = tuple(name for name in LISTED if here(name))
    limits = Limits(wall_s=30, memory_mb=1024)
    with (
        Sandbox(library="no_library", packages=packages, tier=1) as sandbox,
        sandbox.open(LoadPlan({"m": CODE}), limits, lambda *_: "data", 7) as remote,
    ):
        remote.begin("a test")
        yield remote


@pytest.mark.parametrize("name", LISTED[1:])
def test_a_listed_package_computes_in_the_worker(student, name):
    if not here(name):
        pytest.skip(f"{name} is not installed")
    function = f"{name.removeprefix('scikit-').replace('learn', 'sklearn')}_"
    matrix = [[2.0, 0.0], [1.0, 2.0]] if name != "pandas" else [[1.0, 1.0], [2.0, 2.0]]
    found = getattr(student.m, function)(np.array(matrix))
    assert found == pytest.approx(ANSWERS[function])


def test_what_is_installed_and_not_listed_is_not_there(student):
    with pytest.raises(StudentError, match="others raised ModuleNotFoundError"):
        student.m.others(1.0)


def test_the_home_folder_in_which_packages_were_loaded_is_gone(student):
    assert student.m.home(1.0) is False


def test_what_brings_a_banned_module_along_is_refused(tmp_path, monkeypatch):
    """A distribution as pip leaves it, which requires pytest."""
    info = tmp_path / "helpful_tools-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: helpful-tools\nVersion: 1.0\nRequires-Dist: pytest>=8\n")
    (info / "RECORD").write_text("helpful.py,,\nhelpful_tools-1.0.dist-info/METADATA,,\n")
    (tmp_path / "helpful.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert imported_names("helpful-tools") == ("helpful",)
    with pytest.raises(ValueError, match="helpful-tools, which brings _pytest beside student code; take it"):
        check_package("helpful-tools", "dlc_lib")
    (info / "METADATA").write_text("Name: helpful-tools\nVersion: 1.0\n")
    with pytest.raises(ValueError, match="brings helpful beside student code"):
        check_package("helpful-tools", "helpful")
    check_package("helpful-tools", "dlc_lib")


def test_without_a_package_nothing_is_graded_and_the_way_out_is_named():
    with pytest.raises(TierUnavailable, match="not installed here, so nothing is graded; run `pip install"):
        Sandbox(library="no_library", packages=("numpy", "no-such-package"), tier=0)


@pytest.mark.parametrize("tier", [0, 1, 2, 3])
def test_what_nobody_loaded_before_can_be_imported_at_every_tier(tier):
    if lacking := missing(tier):
        pytest.skip("; ".join(lacking))
    code = "def late(x):\n    from numpy import testing\n    return float(len(testing.__name__))\n"
    with (
        Sandbox(library="no_library", packages=("numpy",), tier=tier) as sandbox,
        sandbox.open(LoadPlan({"m": code}), Limits(wall_s=30), lambda *_: "float", 7) as remote,
    ):
        remote.begin("a test")
        assert remote.m.late(1.0) == len("numpy.testing")


@pytest.mark.skipif(not here("scipy"), reason="scipy is not installed")
def test_a_hand_in_that_uses_scipy_is_graded(tmp_path):
    course = make_course(tmp_path / "course")
    path = tmp_path / "course/assignments/h1/assignment.yaml"
    path.write_text(path.read_text() + "packages: [numpy, scipy]\n")
    # Within 128 MiB, of which loading the package itself takes nothing.
    total = """
from scipy.integrate import trapezoid
import numpy as np

def total(x):
    edges = np.repeat(np.arange(x.size + 1), 2)[1:-1]
    return float(trapezoid(np.repeat(x.ravel(), 2), edges))
"""
    folder = hand_in(tmp_path / "ada", total=total)
    with Grader(Setup(course, make_assignment(course), 1, b"k" * 32)) as grader:
        (found,) = find_hand_ins([folder], course.library)
        report = grader.grade(read_submission(course, make_assignment(course), found))
    assert report.score == 100, [result.detail for result in report.results]
    assert report.environment["scipy"] == version("scipy")
