"""A course of nbgrader that is there already takes our export, and its own assignments stay as they are."""

from __future__ import annotations

import json
import shutil

import pytest

from autograder.source.cells import code, to_notebook
from tests.interop.books import scores_in
from tests.interop.commands import dlc, dlc_says
from tests.interop.hand_ins import answer
from tests.interop.notebooks import about, graded_by
from tests.tiny_course import DOUBLE, TOTAL, make_course

THEIRS = "c = get_config()\nc.CourseDirectory.course_id = 'cs101'\n"
LINE = "load_subconfig('nbgrader_config_dlc.py')"
PS1 = to_notebook(
    [
        code("a", "### BEGIN SOLUTION\nx = 3\n### END SOLUTION", **about("x", solution=True)),
        code("b", "assert x == 3", **graded_by("test-x", 2)),
        code("c", "assert x == 4", **graded_by("test-four", 1)),
    ]
)


@pytest.fixture
def root(tmp_path):
    make_course(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def empty_book(tmp_path_factory, warm_nbgrader):
    """A gradebook that knows the name of h1 alone: making one costs more than writing into it."""
    root = make_course(tmp_path_factory.mktemp("book")).root
    dlc_says(root, "export", "nbgrader", "h1", "-o", "nb")
    warm_nbgrader.run(root / "nb", "nbgrader", "db", "assignment", "add", "h1")
    return root / "nb/gradebook.db"


@pytest.fixture
def nbgrader_course(root, empty_book):
    """An export with its gradebook."""
    dlc_says(root, "export", "nbgrader", "h1", "-o", "nb")
    shutil.copy(empty_book, root / "nb/gradebook.db")
    return root / "nb"


def source(root):
    return root / "nb/source/h1/h1.ipynb"


def released_and_handed_in(root, nbgrader):
    nbgrader.run(root / "nb", "nbgrader", "generate_assignment", "h1")
    work = {"double": DOUBLE, "total": TOTAL}
    answer(root / "nb/release/h1/h1.ipynb", root / "nb/submitted/ann/h1/h1.ipynb", work)


def test_an_export_goes_beside_the_instructors_configuration_and_names_the_line_to_add(root):
    (root / "nb").mkdir()
    (root / "nb/nbgrader_config.py").write_text(THEIRS)
    says = dlc_says(root, "export", "nbgrader", "h1", "-o", "nb")
    assert f"nb/nbgrader_config.py: is yours and stays; add as its last line: {LINE}\n" in says
    assert (root / "nb/nbgrader_config.py").read_text() == THEIRS
    (root / "nb/nbgrader_config.py").write_text(THEIRS + LINE)
    (root / "nb/nbgrader_config_dlc.py").write_text("# of an earlier export")
    assert LINE not in dlc_says(root, "export", "nbgrader", "h1", "-o", "nb")
    assert "Judge" in (root / "nb/nbgrader_config_dlc.py").read_text()


def test_with_that_line_ours_is_judged_and_theirs_is_executed_as_before(root, warm_nbgrader):
    folder = root / "nb"
    (folder / "source/ps1").mkdir(parents=True)
    (folder / "source/ps1/ps1.ipynb").write_text(PS1)
    dlc_says(root, "export", "nbgrader", "h1", "-o", "nb")
    (folder / "nbgrader_config.py").write_text(THEIRS)
    dlc_says(root, "export", "nbgrader", "h1", "-o", "nb")
    (folder / "nbgrader_config.py").write_text(THEIRS + LINE)
    released_and_handed_in(root, warm_nbgrader)
    warm_nbgrader.run(folder, "nbgrader", "generate_assignment", "ps1")
    released = (folder / "release/ps1/ps1.ipynb").read_text()
    assert "# YOUR CODE HERE" in released  # nbgrader's own words
    mine = json.loads(released)
    mine["cells"][0]["source"] = "x = 3"
    (folder / "submitted/ann/ps1").mkdir()
    (folder / "submitted/ann/ps1/ps1.ipynb").write_text(json.dumps(mine))
    warm_nbgrader.run(folder, "nbgrader", "autograde", "h1")
    warm_nbgrader.run(folder, "nbgrader", "autograde", "ps1")
    assert scores_in(folder, "h1", warm_nbgrader) == {"ann": {"test-double": 60, "test-total": 40}}
    assert scores_in(folder, "ps1", warm_nbgrader) == {"ann": {"test-x": 2, "test-four": 0}}


@pytest.mark.parametrize("name", ["extra", "test-extra"])
def test_a_graded_cell_that_is_none_of_ours_stops_the_grading_instead_of_giving_full_marks(
    name, root, nbgrader_course, warm_nbgrader
):
    found = json.loads(source(root).read_text())
    found["cells"].append(code("added", "assert False", **graded_by(name, 5)))
    source(root).write_text(json.dumps(found))
    released_and_handed_in(root, warm_nbgrader)
    with pytest.raises(RuntimeError, match=f"NotJudged: h1: nothing of ours runs the graded cell {name} as"):
        warm_nbgrader.run(nbgrader_course, "nbgrader", "autograde", "h1")
    assert set(scores_in(nbgrader_course, "h1", warm_nbgrader)["ann"].values()) == {None}
    assert not (nbgrader_course / "autograded/ann/h1").exists()


def test_points_that_changed_since_the_export_stop_the_grading(root, nbgrader_course, warm_nbgrader):
    released_and_handed_in(root, warm_nbgrader)
    spec = root / "assignments/h1/assignment.yaml"
    spec.write_text(spec.read_text().replace("points: 40", "points: 30"))
    with pytest.raises(RuntimeError, match="runs the graded cell test-total as the gradebook knows it"):
        warm_nbgrader.run(nbgrader_course, "nbgrader", "autograde", "h1")


def test_an_export_into_the_working_directory_names_the_course_after_it(root):
    (root / "cs102").mkdir()
    dlc_says(root / "cs102", "export", "nbgrader", "h1", "-o", ".")
    assert "course_id = 'cs102'" in (root / "cs102/nbgrader_config.py").read_text()


def test_a_source_in_the_place_of_a_folder_is_refused_and_nothing_changes(root):
    (root / "nb").mkdir()
    (root / "nb/source").write_text("a file")
    done = dlc(root, "export", "nbgrader", "h1", "-o", "nb")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert [path.name for path in (root / "nb").iterdir()] == ["source"]
