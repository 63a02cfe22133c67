from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from autograder.studentkit.folder import Release, open_release
from autograder.studentkit.handin import check_folder, write_zip
from tests.release.alone import make_machine
from tests.studentkit.test_plugin import build, edit


@pytest.fixture
def stub(tmp_path: Path) -> Release:
    return open_release(build(tmp_path, solution=False))


@pytest.fixture
def solution(tmp_path: Path) -> Release:
    return open_release(build(tmp_path, solution=True))


def test_untouched_release_has_nothing_to_hand_in(stub: Release) -> None:
    found = check_folder(stub)
    assert found.empty
    assert found.tasks == {
        "whiten": "not done yet: whiten_forward, whiten_backward",
        "layer": "not done yet: Layer.apply",
    }
    assert not found.faults
    assert not found.notes


def test_complete_work_is_done(solution: Release) -> None:
    found = check_folder(solution)
    assert set(found.tasks.values()) == {"done"}
    assert found.files == ["mylib/ops.py"]


def test_half_a_task_is_partly_done(stub: Release) -> None:
    edit(stub.folder, "mylib/ops.py", 'raise NotImplementedError("a2/whiten_forward")', "return x, 0")
    found = check_folder(stub)
    assert found.tasks["whiten"] == "partly done, without whiten_backward"
    assert not found.empty


def test_function_that_is_gone_is_named(solution: Release) -> None:
    edit(solution.folder, "mylib/ops.py", "def whiten_backward", "def backward")
    assert check_folder(solution).tasks["whiten"] == "missing: whiten_backward"


def test_own_modules_and_changed_notebooks_are_handed_in(solution: Release) -> None:
    (solution.folder / "mylib/helpers.py").write_text("x = 1\n")
    edit(solution.folder, "a2_second.ipynb", '"nbformat_minor": 5', '"nbformat_minor": 5 ')
    (solution.folder / "mylib/__pycache__").mkdir()
    assert check_folder(solution).files == ["a2_second.ipynb", "mylib/helpers.py", "mylib/ops.py"]


def test_work_in_the_notebook_counts(stub: Release) -> None:
    path = stub.folder / "a2_second.ipynb"
    content = json.loads(path.read_text("utf-8"))
    cell = next(each for each in content["cells"] if each["id"] == "task-whiten")
    cell["source"] = ["%time\n", "def whiten_forward(x):\n", "    return x\n", "def whiten_backward(d, c):\n"]
    cell["source"].append("    return d\n")
    path.write_text(json.dumps(content), encoding="utf-8")
    assert check_folder(stub).tasks["whiten"] == "done"


def test_syntax_error_is_told_with_its_line_and_the_zip_is_still_written(
    solution: Release, tmp_path: Path
) -> None:
    edit(solution.folder, "mylib/ops.py", "return dout / deviation", "return dout deviation")
    found = check_folder(solution)
    line = (
        (solution.folder / "mylib/ops.py").read_text("utf-8").split("\n").index("    return dout deviation")
    )
    assert found.faults[0].startswith(f"mylib/ops.py:{line + 1}: Python cannot read this")
    run = make_machine(tmp_path / "site").python(solution.folder, "-m", "studentkit")
    assert run.returncode == 1
    assert (solution.folder / "a2_second-handin.zip").is_file()


def test_changed_provided_module_is_told(solution: Release) -> None:
    edit(solution.folder, "mylib/layers.py", "return x @ w", "return w @ x")
    assert check_folder(solution).notes == [
        "mylib/layers.py: differs from the release; grading uses the original"
    ]


def test_missing_module_is_told(solution: Release) -> None:
    (solution.folder / "mylib/ops.py").unlink()
    assert "mylib/ops.py: missing; copy it again from the release" in check_folder(solution).faults


def test_zip_has_the_same_bytes_each_time(solution: Release) -> None:
    files = check_folder(solution).files
    first = write_zip(solution, files).read_bytes()
    (solution.folder / "mylib/ops.py").touch()
    assert write_zip(solution, files).read_bytes() == first
    with zipfile.ZipFile(solution.folder / "a2_second-handin.zip") as archive:
        assert archive.namelist() == ["mylib/ops.py"]
        assert archive.read("mylib/ops.py") == (solution.folder / "mylib/ops.py").read_bytes()


def test_command_checks_and_writes(solution: Release, tmp_path: Path) -> None:
    run = make_machine(tmp_path / "site").python(solution.folder, "-m", "studentkit")
    assert (run.returncode, run.stderr) == (0, "")
    assert "whiten  written" in run.stdout
    assert "a2_second-handin.zip: 1 files" in run.stdout


def test_command_writes_nothing_where_nothing_is_done(stub: Release, tmp_path: Path) -> None:
    run = make_machine(tmp_path / "site").python(stub.folder, "-m", "studentkit")
    assert run.returncode == 2
    assert "nothing to hand in" in run.stdout
    assert not (stub.folder / "a2_second-handin.zip").exists()


WRITTEN = {
    "assigned": "def _own(x): return x, None\nwhiten_forward = _own\n",
    "a lambda": "whiten_forward = lambda x: (x, None)\n",
    "decorated": "import functools\nwhiten_forward = functools.cache(len)\n",
    "imported": "from .helpers import forward as whiten_forward\n",
    "below a condition": "if True:\n    def whiten_forward(x): return x, None\n",
    "in a try": "try:\n    import numba\nexcept ImportError:\n    def whiten_forward(x): return x, None\n",
    "with a mark of its order of bytes": "\ufeffdef whiten_forward(x): return x, None\n",
    "with a line that is none": "TEXT = 'one\u2028two\x0cthree'\ndef whiten_forward(x): return x, None\n",
    "asynchronous": "async def whiten_forward(x): return x, None\n",
}


@pytest.mark.parametrize("how", WRITTEN)
def test_function_counts_as_written_however_it_comes_to_its_name(solution: Release, how: str) -> None:
    text = WRITTEN[how] + "def whiten_backward(d, c): return d\nclass Layer(Base): pass\n"
    (solution.folder / "mylib/ops.py").write_text(text, encoding="utf-8")
    found = check_folder(solution)
    assert (found.tasks, found.faults) == ({"whiten": "done", "layer": "done"}, [])


def test_module_in_an_encoding_that_it_names_is_read(solution: Release) -> None:
    text = "# -*- coding: latin-1 -*-\nNAME = 'caf\xe9'\ndef whiten_forward(x): return x, None\n"
    (solution.folder / "mylib/ops.py").write_bytes(text.encode("latin-1"))
    assert check_folder(solution).faults == []


def test_a_method_that_is_still_a_stub_is_not_done_though_its_class_inherits(stub: Release) -> None:
    edit(stub.folder, "mylib/ops.py", "class Layer:", "class Layer(object):")
    assert check_folder(stub).tasks["layer"] == "not done yet: Layer.apply"


def test_function_that_a_cell_imports_is_not_written_there(stub: Release) -> None:
    path = stub.folder / "a2_second.ipynb"
    content = json.loads(path.read_text("utf-8"))
    line = "from mylib.ops import whiten_forward, whiten_backward\n"
    content["cells"].append({"cell_type": "code", "id": "mine", "metadata": {}, "source": [line]})
    path.write_text(json.dumps(content), encoding="utf-8")
    assert check_folder(stub).tasks["whiten"].startswith("not done yet")
