"""A notebook of another grader becomes a course that `dlc check` finds sound."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from autograder.adopt.draft import AdoptError
from autograder.adopt.nbgrader import read_nbgrader
from autograder.source.cells import code, markdown, to_notebook
from tests.interop.adopting import adopt, listed, refused, sound
from tests.interop.commands import dlc, dlc_says
from tests.interop.notebooks import SQUARES, about, graded_by, nbgrader_source


@pytest.fixture(scope="module")
def adopted(tmp_path_factory):
    """The course of a notebook, and what `dlc check` says of it."""
    return adopt(tmp_path_factory.mktemp("adopted"), "nbgrader", nbgrader_source())


def test_a_source_notebook_of_nbgrader_becomes_a_sound_course_with_its_points(adopted):
    out, found = adopted
    assert sound(found), found
    assert (found["tasks"], found["points"]) == (3, 10)
    assert "Write `squares`" in (out / "assignments/ps1/handout.md").read_text()


def test_what_nbgrader_hides_is_hidden_here_too(adopted):
    out, _ = adopted
    given = [*out.glob("assignments/ps1/*"), out / "ps1_lib/ps1_shown.py"]
    assert not [path for path in given if "[1, 4, 9]" in path.read_text(encoding="utf-8")]
    assert "[1, 4, 9]" in (out / "graders/ps1/test_ps1.py").read_text(encoding="utf-8")


MANUAL = [
    code("a", SQUARES, **about("squares", solution=True)),
    code("b", "assert squares(1) == [1]", **graded_by("test_squares", 2)),
    markdown("q1", "Why do squares grow?"),
    markdown("a1", "SECRET: the slope is 2x.", **about("grow", grade=True, solution=True, points=1)),
    markdown(
        "a2",
        "Is zero a square?\n### BEGIN SOLUTION\nSECRET: yes\n### END SOLUTION",
        **about("zero", grade=True, solution=True, points=1),
    ),
    code(
        "a3",
        "def plot():\n    # BEGIN SOLUTION\n    SECRET = 1\n    # END SOLUTION",
        **about("plot", grade=True, solution=True, points=1),
    ),
    markdown(
        "t",
        "Draw a square.\n=== BEGIN MARK SCHEME ===\nSECRET: 1 point a side\n=== END MARK SCHEME ===",
        **about("draw", task=True, points=4),
    ),
    code(
        "h",
        "assert squares(2)\n# -- BEGIN HIDDEN TESTS\nassert squares(3) == [1, 4, 9]  # SECRET"
        "\n# -- END HIDDEN TESTS",
        **graded_by("test_more", 1),
    ),
]


@pytest.fixture(scope="module")
def manual(tmp_path_factory):
    """The same of a notebook with answers that people judge."""
    return adopt(tmp_path_factory.mktemp("manual"), "nbgrader", to_notebook(MANUAL))


def test_students_see_the_questions_of_a_notebook_and_no_model_answer(manual, tmp_path):
    out, found = manual
    assert sound(found), found
    dlc_says(None, "release", "ps1", "-o", tmp_path / "release", "--course", out)
    released = {path: path.read_text("utf-8") for path in (tmp_path / "release").rglob("*") if path.is_file()}
    assert not [path for path, text in released.items() if "SECRET" in text or "[1, 4, 9]" in text]
    notebook = released[tmp_path / "release/ps1.ipynb"]
    for question in ("Why do squares grow?", "Is zero a square?", "def plot():", "Draw a square."):
        assert f".** {question}" in notebook


def test_model_answers_are_the_instructors(manual):
    out, _ = manual
    for name in ("grow", "zero", "plot", "draw"):
        assert f"- {name}: its model answer is the instructor's only, in solutions/ps1/{name}.md" in listed(
            out
        )
        assert "SECRET" in (out / f"solutions/ps1/{name}.md").read_text(encoding="utf-8")


def test_what_cannot_be_carried_over_is_listed_with_its_points(adopted):
    out, _ = adopted
    assert "- an answer that is no function: `x = 3`" in listed(out)
    assert "- test_x: 1 points: uses no function of an answer" in listed(out)
    assert "total: had no docstring" in str(listed(out))


GIVEN = """import os, sys
from functools import lru_cache
@lru_cache
def most(n):
    return n  # given
import numpy as np, pandas as pd
from collections import Counter as C, deque
X = np.array([1, 2, 3])
limit: int = int(4.5)
grown = X.copy()
grown += 1
unused = np.zeros(3)
own = squares(2)
data = np.loadtxt("data.csv")
more = data + 1
table = pd.DataFrame()
for x in X:
    print(x)
with open("data.csv") as file:
    lines = file.read()
"""


def test_given_code_that_tests_need_comes_along_and_all_other_is_listed(tmp_path):
    cells = [
        code("g", "!pip install numpy\n" + GIVEN),
        code("a", SQUARES, **about("squares", solution=True)),
        code("b", "assert squares(limit)[:3] == list(X * (grown - 1))", **graded_by("test_squares", 2)),
        markdown("m", "![a](attachment:a.png)", attachments={"a.png": {}}),
    ]
    cells[-1]["attachments"] = cells[-1]["metadata"].pop("attachments")
    out, found = adopt(tmp_path, "nbgrader", to_notebook(cells))
    assert sound(found), found
    module = (out / "ps1_lib/ps1_code.py").read_text(encoding="utf-8")
    assert "\nimport os\nimport sys\nfrom functools import lru_cache\nimport numpy as np\n" in module
    assert "@lru_cache\ndef most(n):\n    return n  # given\n" in module
    assert "pandas" not in module
    assert listed(out) == [
        "- cell 4: attachments (a.png); put them beside the handout",
        "- 1 lines for IPython or the shell (%, !, ?)",
        "- `import pandas as pd`: student code may import the standard library, numpy and torch",
        "- given code `unused = np.zeros(3)`: is used by no test and no function",
        "- given code `own = squares(2)`: needs an answer",
        "- given code `data = np.loadtxt('data.csv')`: reads a file or asks somebody",
        "- given code `more = data + 1`: needs data, which students do not have",
        "- given code `table = pd.DataFrame()`: needs pd, which students do not have",
        "- given code `for x in X:`: is run, and defines nothing",
        "- given code `with open('data.csv') as file:`: is run, and defines nothing",
    ]


def test_given_code_that_a_test_misses_is_named(tmp_path):
    cells = [
        code("g", "for n in (1, 2):\n    last = n"),
        code("a", SQUARES, **about("squares", solution=True)),
        code("b", "assert squares(1) == [1]", **graded_by("test_squares", 2)),
        code("c", "assert squares(last) == [1, 4]", **graded_by("test_last", 2)),
    ]
    out, _ = adopt(tmp_path, "nbgrader", to_notebook(cells))
    assert "- given code `for n in (1, 2):`: is run, and defines nothing; tests use last" in listed(out)


def test_texts_of_any_language_come_through_to_the_release(tmp_path):
    cells = [
        markdown("top", "# Quadrate 🎉 — «größer» \ud83d"),
        code("a", SQUARES, **about("squares", solution=True)),
        code("b", "assert squares(1) == [1]", **graded_by("test_squares", 2)),
        markdown("t", "Warum 🤔?\n\n- `a: b` \x7f", **about("why", task=True, points=1)),
    ]
    out, found = adopt(tmp_path, "nbgrader", json.dumps(json.loads(to_notebook(cells))))
    assert sound(found), found
    dlc_says(None, "release", "ps1", "-o", tmp_path / "release", "--course", out)
    notebook = json.loads((tmp_path / "release/ps1.ipynb").read_text("utf-8"))
    text = "".join("".join(cell["source"]) for cell in notebook["cells"])
    assert "# Quadrate 🎉 — «größer» ?" in text
    assert "Warum 🤔?\n\n- `a: b` \x7f" in text


def test_tests_whose_names_differ_in_signs_only_keep_their_points(tmp_path):
    cells = [
        code("a", SQUARES, **about("squares", solution=True)),
        code("h", "def check_1(x):\n    return x == [1]"),
        code("b", "assert check_1(squares(1))", **graded_by("test_1", 2)),
        code("c", "assert squares(2)[1] == 4", **graded_by("test-1", 3)),
        markdown("t", "Why?", **about("squares-", task=True, points=1)),
    ]
    out, found = adopt(tmp_path, "nbgrader", to_notebook(cells))
    assert sound(found), found
    (task, essay) = yaml.safe_load((out / "assignments/ps1/assignment.yaml").read_text())["tasks"]
    assert (task["points"], task["weights"]) == (5, {"1_2": 2, "1_3": 3})
    assert (task["id"], essay["id"]) == ("squares", "squares_2")


def test_a_wrong_kind_of_answer_is_the_students_fault_in_adopted_tests(adopted, tmp_path):
    out, _ = adopted
    work = tmp_path / "ann.py"
    work.write_text("def squares(n):\n    return [n ** 2]\n\ndef total(n):\n    return 'many'\n")
    done = dlc(None, "grade", "ps1", work, "-o", tmp_path / "graded", "--course", out, "--json")
    (report,) = json.loads(done.stdout)["reports"]
    assert [task["score"] for task in report["tasks"]] == [0, 0, None]
    assert done.returncode == 0


def test_a_class_in_an_answer_is_cut_method_by_method(tmp_path):
    counter = (
        "class Counter:\n    ### BEGIN SOLUTION\n"
        "    def __init__(self):\n        self.n = 0\n"
        "    def add(self, by):\n        self.n = self.n + by\n        return self.n\n"
        "    ### END SOLUTION\n"
    )
    cells = [
        code("a", counter, **about("counter", solution=True)),
        code("b", "counter = Counter()\nassert counter.add(2) == 2", **graded_by("test_counter", 2)),
    ]
    out, found = adopt(tmp_path, "nbgrader", to_notebook(cells))
    assert (found["solution_score"], found["stub_score"]) == (100, 0), found
    assert "ps1_lib.ps1_code:Counter.add" in (out / "assignments/ps1/assignment.yaml").read_text()


@pytest.mark.parametrize("kind", ["nbgrader", "otter"])
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("print('hello')", "is no notebook"),
        ("[1, 2]", "has no cells"),
        (to_notebook([code("a", "x = 1")]), "has no "),
    ],
    ids=["empty", "python", "list", "plain notebook"],
)
def test_what_is_no_notebook_of_that_grader_is_refused_in_a_sentence(tmp_path, kind, text, says):
    assert says in refused(tmp_path, kind, text)


def test_mixed_schema_versions_of_nbgrader_are_refused_with_the_way_out(tmp_path):
    assert "`nbgrader update`" in refused(tmp_path, "nbgrader", nbgrader_source(schema=2))


@pytest.mark.parametrize(
    ("text", "marked", "says"),
    [
        ("### BEGIN SOLUTION\nx = 1", {"solution": True}, "cell 1: BEGIN SOLUTION has no end"),
        ("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", {"locked": True}, "cell 1: BEGIN SOLUTION stands"),
        (
            "### BEGIN HIDDEN TESTS\n### BEGIN SOLUTION\n",
            {"solution": True, "grade": True, "points": 1},
            "BEGIN SOLUTION stands within a region HIDDEN TESTS",
        ),
        ("x = 1\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS", {"solution": True}, "is not marked for it"),
    ],
)
def test_regions_that_nbgrader_would_not_release_are_refused(tmp_path, text, marked, says):
    said = refused(tmp_path, "nbgrader", to_notebook([code("a", text, **about("x", **marked))]))
    assert says in said
    assert "`nbgrader generate_assignment` would refuse it too" in said


@pytest.mark.parametrize("points", ["", "2", None, -1, True, [1], float("nan")])
def test_points_that_are_no_number_are_refused(tmp_path, points):
    notebook = tmp_path / "hw.ipynb"
    notebook.write_text(to_notebook([code("b", "assert x == 3", **graded_by("test_x", points))]))
    with pytest.raises(AdoptError, match=re.escape(f"hw.ipynb: test_x: points are {points!r}; expected")):
        read_nbgrader(notebook)


def test_a_notebook_without_a_gradable_function_is_refused(tmp_path):
    cells = [code("a", SQUARES, **about("squares", solution=True))]
    assert_says = "nothing can be graded"
    notebook = tmp_path / "hw.ipynb"
    notebook.write_text(to_notebook(cells), encoding="utf-8")
    done = dlc(None, "import", "nbgrader", notebook, "-o", tmp_path / "out")
    assert (done.returncode, assert_says in done.stderr) == (2, True)


def test_a_folder_that_is_not_empty_is_not_written_into(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    notebook = tmp_path / "hw.ipynb"
    notebook.write_text(nbgrader_source(), encoding="utf-8")
    done = dlc(None, "import", "nbgrader", notebook, "-o", tmp_path)
    assert done.returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hw.ipynb", "mine.txt"]
