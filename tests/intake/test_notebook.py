import json

import pytest

TAG_CONV = {"metadata": {"tags": ["task:conv"]}}
TAG_POOL = {"metadata": {"tags": ["keep", "task: pool"]}}


@pytest.fixture
def run(read):
    """Names that the script of a hand-in binds."""

    def run_script(path):
        found = read(path)
        assert found.reason is None, found.reason
        names = {}
        exec(found.script.replace("import numpy as np", "np = None"), names)
        return names

    return run_script


def test_cells_are_found_by_the_names_they_define(make, run):
    names = run(make.notebook("ada.ipynb", "# Homework", make.conv, "print(1/0)", make.pool))
    assert names.keys() >= {"conv_forward", "conv_backward", "pool_forward"}


def test_the_last_of_several_definitions_counts(make, run, read):
    path = make.notebook("ada.ipynb", *(f"def pool_forward(x):\n    return {n}" for n in range(3)))
    assert run(path)["pool_forward"](0) == 2
    assert any("pool_forward is defined 3 times; the last one counts" in note for note in read(path).notes)


def test_a_tagged_cell_counts_before_later_ones(make, run, read):
    path = make.notebook(
        "ada.ipynb",
        ("def pool_forward(x):\n    return 'tagged'", TAG_POOL),
        "def pool_forward(x):\n    return 'experiment'",
        ("def pool_forward(x):\n    return 'of another task'", TAG_CONV),
    )
    assert run(path)["pool_forward"](0) == "tagged"
    assert any("the one in the tagged cell counts" in note for note in read(path).notes)


def test_a_stub_left_in_a_tagged_cell_does_not_count(make, run):
    path = make.notebook(
        "ada.ipynb",
        ("def pool_forward(x):\n    raise NotImplementedError('a/pool_forward')", TAG_POOL),
        "def pool_forward(x):\n    return 'done'",
    )
    assert run(path)["pool_forward"](0) == "done"


def test_constants_imports_and_helpers_of_other_cells_come_along(make, run):
    path = make.notebook(
        "ada.ipynb",
        "import math\nSCALE = 2\nBIG = SCALE * 10",
        "def helper(x):\n    return BIG * math.sqrt(x)",
        "def pool_forward(x):\n    return helper(x)",
    )
    assert run(path)["pool_forward"](4) == 40.0


def test_experiments_are_left_out(make, run, read, tmp_path):
    mark = tmp_path / "ran"
    path = make.notebook(
        "ada.ipynb",
        f"open({str(mark)!r}, 'w')",
        "while True:\n    pass",
        "def pool_forward(x):\n    return x",
        "assert pool_forward(1) == 2",
        "train()",
    )
    assert run(path)["pool_forward"](1) == 1
    assert not mark.exists()
    assert "ada.ipynb: 4 statements outside functions (loops, prints) were not run" in read(path).notes


def test_lines_for_ipython_and_the_shell_are_left_out(make, run, read):
    path = make.notebook(
        "ada.ipynb",
        "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n!pip install numpy\nimport math",
        "!pip install torch",
        "files = !ls\nx = %timeit 1\nmath.sqrt?\n?math",
        "%%time\ndef pool_forward(x):\n    return math.floor(7 % x)",
        "%%bash\nrm -rf /",
        "%%html\n<b>def conv_forward</b>",
        "def conv_forward(x):\n    %timeit x\n    return '''\n%not magic\n!nor this\n'''",
    )
    names = run(path)
    assert names["pool_forward"](4) == 3
    assert names["conv_forward"](0) == "\n%not magic\n!nor this\n"
    assert "ada.ipynb: 13 lines for IPython or the shell (%, !, ?) were left out" in read(path).notes


def test_a_cell_in_another_language_is_left_out_even_where_it_reads_as_python(make, read):
    found = read(make.notebook("ada.ipynb", make.conv, "%%script node\npool_forward = 5"))
    assert "pool_forward" not in found.script


def test_a_formula_that_starts_a_line_with_percent_stays(make, run):
    path = make.notebook("ada.ipynb", "!ls\ndef pool_forward(x):\n    return (x\n        % 4\n    )")
    assert run(path)["pool_forward"](7) == 3


def test_a_cell_that_is_no_python_leaves_the_others_gradable(make, run, read):
    path = make.notebook("ada.ipynb", make.conv, "def pool_forward(x:\n    return", "def")
    assert run(path).keys() >= {"conv_forward", "conv_backward"}
    assert (
        "ada.ipynb, cell 2, line 1: Python says: '(' was never closed; the cell was left out"
        in read(path).notes
    )


def test_files_written_by_a_cell_are_files(make, read):
    found = read(make.notebook("ada.ipynb", f"%%writefile dlc_lib/conv.py\n{make.conv}", make.pool))
    assert found.modules == {"conv": make.conv}
    assert "pool_forward" in found.script
    assert "conv_forward" not in found.script


@pytest.mark.parametrize("name", ["../../conv.py", "/etc/conv.py", "conv.py", "'conv.py'"])
def test_a_file_written_by_a_cell_stays_in_memory(make, read, tmp_path, name):
    path = make.notebook("ada.ipynb", f"%%writefile {name}\n{make.conv}")
    before = sorted(tmp_path.rglob("*"))
    assert read(path).modules == {"conv": make.conv}
    assert sorted(tmp_path.rglob("*")) == before


def test_code_in_a_cell_whose_type_was_changed_is_read_with_a_note(make, run, read):
    path = make.notebook("ada.ipynb", make.conv, (make.pool, {"cell_type": "markdown"}))
    assert "pool_forward" in run(path)
    assert any("ada.ipynb, cell 2: is a cell of text" in note for note in read(path).notes)


def test_outputs_and_attachments_are_not_read(make, run):
    output = {"outputs": [{"data": {"text/plain": "def pool_forward(x): return 0"}}]}
    names = run(make.notebook("ada.ipynb", (make.conv, output)))
    assert "pool_forward" not in names


def test_a_notebook_of_format_3_and_lines_as_lists_are_read(make, run):
    cells = [
        {"cell_type": "code", "language": "python", "input": make.conv.splitlines(keepends=True)},
        {"cell_type": "code", "input": make.pool},
    ]
    path = make.folder / "ada.ipynb"
    path.write_text(json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}))
    assert run(path).keys() >= {"conv_forward", "pool_forward"}


def test_future_imports_of_any_cell_come_first(make, run):
    path = make.notebook(
        "ada.ipynb",
        "import math",
        "from __future__ import annotations",
        "def pool_forward(x):\n    return math.floor(x)",
    )
    assert "pool_forward" in run(path)


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(make, run):
    text = make.notebook_text(make.pool.replace("\n", "\r\n"))
    assert "pool_forward" in run(make.tree("x", {"ada.ipynb": b"\xef\xbb\xbf" + text.encode()}) / "ada.ipynb")


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        (b"", "ada.ipynb: is no notebook (not readable as JSON)"),
        (b"def pool_forward(x): pass", "ada.ipynb: is no notebook (not readable as JSON)"),
        (b"\xff\xfe{\0}\0", "ada.ipynb: is no notebook (not readable as JSON)"),
        (b"[" * 100_000, "ada.ipynb: is no notebook (not readable as JSON)"),
        (b"9" * 10_000, "ada.ipynb: is no notebook"),
        (b"[]", "ada.ipynb: is no notebook (no cells)"),
        (b"{}", "ada.ipynb: has no code; hand in the notebook with your cells, saved"),
        (b'{"cells": []}', "ada.ipynb: has no code"),
        (b'{"cells": [{"cell_type": "code", "source": ""}]}', "ada.ipynb: has no code"),
        (b'{"cells": [{"cell_type": "markdown", "source": "# Title"}]}', "ada.ipynb: has no code"),
        (b'{"cells": 3, "metadata": [1], "worksheets": {}}', "ada.ipynb: has no code"),
        (
            b'{"cells": [null, {"cell_type": "code", "source": {"a": 1}, "metadata": 3}]}',
            "ada.ipynb: has no code",
        ),
        (b'{"metadata": {"kernelspec": {"language": "julia"}}}', "ada.ipynb: is a notebook for julia"),
        (b'{"cells": [{"cell_type": "code", "source": "def f(:"}]}', "ada.ipynb"),
    ],
)
def test_a_notebook_without_work_says_why(make, read, contents, reason):
    found = read(make.tree("x", {"ada.ipynb": contents}) / "ada.ipynb")
    assert found.reason.startswith(reason)
    assert found.script is None


def test_half_a_surrogate_pair_does_no_harm(make, run):
    path = make.folder / "ada.ipynb"
    path.write_text(make.notebook_text(make.pool + "# \ud83d"))
    assert "pool_forward" in run(path)


def test_more_code_than_anybody_writes_is_refused(make, read):
    found = read(make.notebook("ada.ipynb", make.pool, "x = 1\n" * 50_000))
    assert found.reason == "ada.ipynb: holds too much code; keep the cells of the tasks"
