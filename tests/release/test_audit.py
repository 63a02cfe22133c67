from __future__ import annotations

import json
import marshal
import py_compile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.course import load_assignment
from autograder.errors import LeakError
from autograder.model import Assignment, Course, Provided
from autograder.release import audit_release
from autograder.release.audit import folder_leaks
from autograder.release.contents import release_files
from autograder.release.giveaway import refuse_early
from autograder.release.withheld import Withheld, withheld_from
from tests.release.course import make_course
from tests.release.test_build import LATER

LINE = "deviation = np.sqrt(((x - mean) ** 2).mean(axis=0))"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Of all tests here, which read it alone."""
    return make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def released(course: Course) -> Mapping[str, bytes]:
    return release_files(course, load_assignment(course, "a2_second"))


@pytest.fixture(scope="module")
def withheld(course: Course) -> Withheld:
    return withheld_from(course, load_assignment(course, "a2_second"))


class Built:
    """A release on disk, to plant leaks in."""

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        folder: Path,
        files: Mapping[str, bytes],
        withheld: Withheld,
    ) -> None:
        self.course, self.assignment, self.folder = course, assignment, folder
        self.withheld = withheld
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)

    def append(self, name: str, text: str) -> None:
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def cell(self, change: Callable[[dict[str, Any]], None], kind: str = "code") -> None:
        path = self.folder / "a2_second.ipynb"
        content = json.loads(path.read_text("utf-8"))
        change(next(each for each in content["cells"] if each["cell_type"] == kind))
        path.write_text(json.dumps(content), encoding="utf-8")

    @property
    def leaks(self) -> list[str]:
        return folder_leaks(self.folder, self.course, self.assignment, self.withheld)


@pytest.fixture
def built(
    course: Course, assignment: Assignment, tmp_path: Path, released: Mapping[str, bytes], withheld: Withheld
) -> Built:
    return Built(course, assignment, tmp_path / "built", released, withheld)


def test_release_as_built_leaks_nothing(course: Course, assignment: Assignment, built: Built) -> None:
    assert built.leaks == []
    assert audit_release(course, assignment) == []


PYTHON = {
    "a line": LINE,
    "a line laid out anew": "deviation = np.sqrt(\n    ((x - mean)**2)  # why\n    .mean(axis=0)\n)",
    "a line in a function": f"def test_x(student):\n    for i in range(3):\n        {LINE}",
    "its expression under another name": "d = float(np.sqrt(((x - mean) ** 2).mean(axis=0))[0])",
    "a comment": f"# {LINE}",
    "a docstring": f'def test_x():\n    """{LINE}"""',
    "two short lines in a row": "mean, deviation = cache\nx = dout / deviation\nreturn_ = 0\n"
    "def f(cache, dout):\n    mean, deviation = cache\n    return dout / deviation",
    "an omitted helper": "y = np.tanh(x * _FACTOR + norm(x[0]))",
    "a hidden test": "x = 5 + 2 * rng.standard_normal((7, 3))",
    "a hidden case": 'MINE = [Case("wide", (3, 7), (7, 2), offset=1.5, scale=0.25)]',
    "a catalogued variant": "return_ = 1\ndef f():\n    return np.stack([row / cache[1] for row in dout])",
}


@pytest.mark.parametrize("planted", PYTHON.values(), ids=PYTHON)
def test_withheld_code_is_found_in_any_python_file(built: Built, planted: str) -> None:
    names = {"test_public.py", "mylib/layers.py", "conftest.py", "studentkit/marks.py"}
    for name in names:
        built.append(name, f"\n\n{planted}\n")
    in_library_docstring = {"mylib/layers.py"} if '"""' in planted else set()
    found = {leak.partition(":")[0] for leak in built.leaks}
    assert names - in_library_docstring <= found


@pytest.mark.parametrize("text", [LINE, f"```python\nif 1:\n    {LINE}\n```", LINE.replace(" ", "\n")])
def test_withheld_line_is_found_in_any_text(built: Built, text: str) -> None:
    names = {"handout.md", "README.md", "mylib/layers_data.csv", "requirements.txt"}
    for name in names:
        built.append(name, f"\n{text}\n")
    assert {leak.partition(":")[0] for leak in built.leaks if "whiten_forward" in leak} == names


@pytest.mark.parametrize("kind", ["code", "markdown"])
def test_withheld_line_is_found_in_a_notebook(built: Built, kind: str) -> None:
    built.cell(lambda cell: cell["source"].append(f"\n{LINE}"), kind)
    assert any(leak.startswith("a2_second.ipynb, cell") and "whiten_forward" in leak for leak in built.leaks)


def test_withheld_line_is_found_in_the_metadata_of_a_notebook(built: Built) -> None:
    built.cell(lambda cell: cell["metadata"].update(note={"kept": [LINE]}))
    assert any("whiten_forward" in leak for leak in built.leaks)


def test_outputs_of_a_notebook_are_refused(built: Built) -> None:
    built.cell(lambda cell: cell.update(outputs=[{"output_type": "stream", "name": "stdout", "text": ["1"]}]))
    assert any("holds outputs" in leak for leak in built.leaks)


def test_damaged_notebook_is_refused(built: Built) -> None:
    (built.folder / "a2_second.ipynb").write_text("{")
    assert any("is no notebook" in leak for leak in built.leaks)


def test_compiled_solution_is_found(built: Built, course: Course) -> None:
    target = built.folder / "mylib/__pycache__/ops.cpython-311.pyc"
    py_compile.compile(str(course.root / "mylib/ops.py"), str(target), doraise=True)
    said = "\n".join(built.leaks)
    assert "ops.cpython-311.pyc: is compiled code" in said
    assert "the compiled solution of whiten_forward" in said


def test_compiled_solution_is_found_under_a_listed_name(built: Built, course: Course) -> None:
    code = compile((course.root / "mylib/ops.py").read_text("utf-8"), "x", "exec")
    (built.folder / "mylib/layers_data.csv").write_bytes(b"1,2\n" + marshal.dumps(code))
    assert any("layers_data.csv: holds the compiled solution" in leak for leak in built.leaks)


def test_any_compiled_code_is_refused_under_a_listed_name(built: Built, tmp_path: Path) -> None:
    (tmp_path / "small.py").write_text("x = 1\n")
    py_compile.compile(str(tmp_path / "small.py"), str(built.folder / "mylib/layers_data.csv"), doraise=True)
    assert any("layers_data.csv: is compiled code" in leak for leak in built.leaks)


def test_archive_under_a_listed_name_is_looked_into(built: Built) -> None:
    with zipfile.ZipFile(built.folder / "mylib/layers_data.csv", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.py", LINE)
    assert any("layers_data.csv!inner.py" in leak for leak in built.leaks)


def test_damaged_archive_is_refused(built: Built) -> None:
    (built.folder / "mylib/layers_data.csv").write_bytes(b"PK" + bytes(99))
    assert any("layers_data.csv: is an archive that cannot be cleared" in leak for leak in built.leaks)


def test_formula_in_the_docstring_of_the_library_is_no_leak(built: Built) -> None:
    path = built.folder / "mylib/ops.py"
    path.write_text(path.read_text("utf-8").replace("dout / deviation.", LINE))
    assert built.leaks == []


def test_every_unlisted_file_is_refused(built: Built) -> None:
    names = [".git/config", "mylib/ops_secret.csv", "notes.txt", "studentkit/extra.py"]
    for name in names:
        (built.folder / name).parent.mkdir(exist_ok=True)
        (built.folder / name).write_text("harmless\n")
    assert built.leaks == [f"{name}: is not on the list of files of a release" for name in names]


def test_every_symbolic_link_is_refused(built: Built) -> None:
    for number, target in enumerate(("handout.md", "/nowhere", "mylib")):
        (built.folder / f"link{number}").symlink_to(target)
    links = [leak.partition(":")[0] for leak in built.leaks if ": is a symbolic link" in leak]
    assert links == ["link0", "link1", "link2"]


def test_uncut_task_is_found(built: Built) -> None:
    path = built.folder / "mylib/ops.py"
    path.write_text(
        path.read_text("utf-8").replace('raise NotImplementedError("a2/whiten_backward")', "pass")
    )
    assert built.leaks == [
        "mylib/ops.py: whiten_backward is no stub of docstring and `raise NotImplementedError`"
    ]


def test_helper_that_only_served_the_solution_is_named(
    course: Course, assignment: Assignment, tmp_path: Path
) -> None:
    kept = replace(assignment, omit=())
    files, withheld = release_files(course, kept), withheld_from(course, kept)
    leaks = Built(course, kept, tmp_path / "built", files, withheld).leaks
    says = "mylib/ops.py: _scaled serves only withheld code; list mylib.ops:_scaled as `omit`, "
    assert says + "or tell students of it" in leaks


def test_import_that_only_the_solution_needs_is_named(built: Built) -> None:
    path = built.folder / "mylib/ops.py"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("import numpy as np\n", "import numpy as np\nfrom numpy.linalg import norm\n")
    )
    assert any("imports or constants that only withheld code used" in leak for leak in built.leaks)


def test_tasks_of_another_assignment_are_given_away_only_where_it_says_so(
    course: Course, assignment: Assignment
) -> None:
    silent = replace(assignment, provided=(Provided("arrays"), Provided("layers")))
    leaks = audit_release(course, silent)
    assert len(leaks) == 1
    assert leaks[0].startswith("mylib/layers.py: gives away affine of a1_first")
    with pytest.raises(LeakError, match="gives away affine"):
        refuse_early(course, silent, LATER.replace(month=1, day=1))
