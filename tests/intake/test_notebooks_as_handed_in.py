"""Notebooks as Colab and JupyterLab save them, with what students leave in them."""

from __future__ import annotations

import json

import pytest

POOL = "def pool_forward(x):\n    return max(x)"
COLAB = {
    "colab": {"provenance": [], "collapsed_sections": ["abc"], "toc_visible": True},
    "kernelspec": {"name": "python3", "display_name": "Python 3"},
    "language_info": {"name": "python"},
    "accelerator": "GPU",
}


@pytest.fixture
def names(read):
    """Names that the script of a hand-in binds, where nothing of a notebook's own is installed."""

    def run_script(path):
        found = read(path)
        assert found.reason is None, found.reason
        assert found.script is not None
        bound = {"__builtins__": {**vars(__import__("builtins")), "__import__": refuse}}
        exec(found.script, bound)
        return bound

    return run_script


def refuse(name, *rest):
    if name.split(".")[0] not in ("math", "asyncio", "__future__"):
        raise ModuleNotFoundError(f"No module named {name!r}")
    return __import__(name, *rest)


def as_saved(*cells: str | tuple[str, dict]) -> str:
    """A notebook with outputs, run in no order."""
    found = []
    for at, cell in enumerate(cells):
        source, extra = cell if isinstance(cell, tuple) else (cell, {})
        outputs = [
            {
                "output_type": "stream",
                "name": "stdout",
                "text": ["def pool_forward(x): return 'of an output'"],
            },
            {
                "output_type": "display_data",
                "data": {"image/png": "iVBORw0KGgo=", "text/plain": ["<Figure>"]},
            },
            {"output_type": "error", "ename": "NameError", "evalue": "x", "traceback": ["\x1b[0;31mx"]},
        ]
        code = {
            "cell_type": "code",
            "id": f"cell{at}",
            "metadata": {"id": "abc", "colab": {"base_uri": "https://colab.example"}},
            "execution_count": 97 - 3 * at,
            "source": source.splitlines(keepends=True),
            "outputs": outputs,
        }
        found.append(code | extra)
    return json.dumps({"nbformat": 4, "nbformat_minor": 0, "metadata": COLAB, "cells": found})


@pytest.fixture
def save(make):
    def write(*cells):
        path = make.folder / "ada.ipynb"
        path.write_text(as_saved(*cells))
        return path

    return write


MARKDOWN = {"cell_type": "markdown"}


@pytest.mark.parametrize(
    "cells",
    {
        "form fields": [
            '#@title Pooling { display-mode: "form" }\nscale = 1 #@param {type:"slider", min:0, max:9}\n'
            "def pool_forward(x):\n    return scale * max(x)"
        ],
        "mounted drive": [
            "from google.colab import drive, files\ndrive.mount('/content/drive')\n"
            "import sys\nsys.path.append('/content/drive/MyDrive')\n%cd /content/drive/MyDrive\n!ls -la",
            POOL,
        ],
        "a command over several lines": ["!pip install \\\n    numpy \\\n    torch\n" + POOL],
        "help and history": ["pool_forward?", "?max\nmax??\n_\nIn[3]\nOut[2]", POOL],
        "calls without brackets": ["/print 3\n,print a b\n;print a b\n" + POOL],
        "magics around a cell": [
            "%%capture out --no-stderr\n" + POOL,
            "%%bash\nls",
            "%%javascript\nvar x = 1",
        ],
        "a measured statement": ["%time scale = 1\ndef pool_forward(x):\n    return scale * max(x)"],
        "a top-level await": ["import asyncio\nawait asyncio.sleep(0)\nx = await f()\n" + POOL],
        "await in loops": ["async for x in y:\n    pass\nasync with z as w:\n    pass\n" + POOL],
        "a return outside": [POOL + "\nreturn 3"],
        "prompts of Python": [">>> def pool_forward(x):\n...     return max(x)\n..."],
        "prompts of IPython": ["In [3]: def pool_forward(x):\n   ...:     return max(x)"],
        "the kernel asked": [
            "ip = get_ipython()\nip.run_line_magic('matplotlib', 'inline')\n"
            "IN_COLAB = 'google.colab' in str(get_ipython())\n"
            "if IN_COLAB:\n    scale = 5\nelse:\n    scale = 1\n"
            "def pool_forward(x):\n    return scale * max(x)"
        ],
        "a test for Colab": [
            "try:\n    import google.colab\n    IN_COLAB = True\nexcept ImportError:\n    IN_COLAB = False\n"
            "if IN_COLAB:\n    !pip install x\n    %cd y\n" + POOL
        ],
        "display with import": [
            "from IPython.display import display, clear_output\ndef pool_forward(x):\n"
            "    clear_output(wait=True)\n    display(x)\n    return max(x)"
        ],
        "display without import": ["def pool_forward(x):\n    display(x)\n    return max(x)", "display(3)"],
        "a progress bar": [
            "from tqdm.notebook import tqdm, trange\ndef pool_forward(x):\n    best = x[0]\n"
            "    for each in tqdm(x, desc='max'):\n        best = max(best, each)\n"
            "    for i in trange(len(x)):\n        best = max(best, x[i])\n    return best"
        ],
        "plots within": [
            "import matplotlib.pyplot as plt\ndef pool_forward(x):\n    fig, ax = plt.subplots()\n"
            "    ax.plot(x)\n    plt.show()\n    return max(x)"
        ],
        "names of the graders": [
            "student = 3\nrng = 4\nassert_close = print\ntask = reference = np = None\ntest_pool = 0\n" + POOL
        ],
        "a copy of the cell": [POOL.replace("max", "min"), "pool_forward([1, 5])", POOL],
        "the stub after the work": [
            POOL,
            "def pool_forward(x):\n    raise NotImplementedError('a/pool_forward')",
        ],
        "helpers below": ["def pool_forward(x):\n    return best(x)", "def best(x):\n    return max(x)"],
        "code turned to text": [(POOL, MARKDOWN), "pool_forward([1, 2])"],
        "code turned raw": [(POOL, {"cell_type": "raw"}), "x = 1"],
        "a name deleted": [POOL, "del pool_forward"],
        "packages that are not used": ["import torch\nimport pandas as pd\nD = torch.device('cuda')", POOL],
    }.items(),
    ids=lambda item: item[0],
)
def test_a_notebook_is_graded_by_what_it_defines(save, names, cells):
    assert names(save(*cells[1]))["pool_forward"]([1, 5, 2]) == 5


def test_what_was_ignored_is_noted(save, read):
    path = save(
        "await f()\n" + POOL.replace("return", "display(x)\n    return"),
        "!pip install x",
        ("# Heading\ntext", MARKDOWN),
    )
    notes = read(path).notes
    said = "ada.ipynb, cell 1: 1 statements with await or return outside a function were left out"
    assert said in notes
    assert "ada.ipynb: 1 lines for IPython or the shell (%, !, ?) were left out" in notes
    assert "ada.ipynb: nothing is shown while grading: display did nothing" in notes


def test_a_deleted_cell_costs_its_own_task_only(save, read):
    found = read(save("x = 1", POOL))
    assert found.reason is None
    assert "conv_forward" not in found.script


def test_where_no_cell_can_be_read_the_fault_of_the_first_is_told(save, read):
    reason = read(save("def pool_forward(x):\n    s = “a”\n    return s")).reason
    assert "ada.ipynb: has no code that can be read (ada.ipynb, cell 1, line 2: Python says" in reason
    assert reason.endswith("hand in the notebook with your cells, saved")


def test_a_future_import_stays_first_where_something_is_shown(save, names):
    future = "from __future__ import annotations\n"
    bound = names(save(f"{future}def pool_forward(x: Y):\n    display(x)\n    return 5"))
    assert bound["pool_forward"]([1]) == 5
