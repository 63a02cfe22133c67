"""Notebooks as Colab and JupyterLab save them, with what students leave in them."""

from __future__ import annotations

import json
from contextlib import ExitStack

import pytest

from autograder.intake import load_plan
from autograder.model import Limits
from autograder.sandbox import Sandbox
from autograder.studentkit import StudentError

POOL = "def pool_forward(x):\n    return max(x)"
STUBS = {
    "dlc_lib/conv.py": "def conv_forward(x, w):\n    raise NotImplementedError\n",
    "dlc_lib/pool.py": "def pool_forward(x):\n    raise NotImplementedError\n",
}
COLAB = {
    "colab": {"provenance": [], "collapsed_sections": ["abc"], "toc_visible": True},
    "kernelspec": {"name": "python3", "display_name": "Python 3"},
    "language_info": {"name": "python"},
    "accelerator": "GPU",
}


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(library="dlc_lib", packages=("numpy",), tier=1) as warm:
        yield warm


@pytest.fixture
def student(read, course, assignment, sandbox):
    """The code of a hand-in, loaded as for grading."""
    with ExitStack() as opened:

        def load(path):
            found = read(path)
            assert found.reason is None, found.reason
            plan = load_plan(course, assignment, found, STUBS)
            return opened.enter_context(sandbox.open(plan, Limits(), lambda *_: "data", 7))

        yield load


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
        "modules imported at once": [
            "import math, matplotlib.pyplot as plt, pandas as pd\ndef pool_forward(x):\n"
            "    plt.plot(x)\n    return math.floor(max(x))"
        ],
        "imports on one line": [
            "import math; import matplotlib.pyplot as plt; print(1 / 0)\ndef pool_forward(x):\n"
            "    plt.plot(x)\n    return math.floor(max(x))"
        ],
        "a star of pylab": ["from pylab import *\ndef pool_forward(x):\n    plot(x)\n    return amax(x)"],
        "a star of IPython": [
            "from IPython.display import *\nfrom math import *\ndef pool_forward(x):\n"
            "    clear_output()\n    return floor(max(x))"
        ],
        "imports within": [
            "def pool_forward(x):\n    import matplotlib.pyplot as plt\n    from tqdm import tqdm\n"
            "    plt.plot(x)\n    return max(tqdm(x))"
        ],
        "subplots": [
            "import matplotlib.pyplot as plt\ndef pool_forward(x):\n"
            "    fig, axes = plt.subplots(1, 3)\n    fig, (left, middle, right) = plt.subplots(1, 3)\n"
            "    for ax, each in zip(axes, x):\n        ax.plot(each)\n"
            "    axes[0, 1].set_title(f'{axes[0].get_ylim()[1] * 2:.2f}')\n    return max(x)"
        ],
        "settings of plots": [
            "import matplotlib.pyplot as plt\nplt.rcParams['figure.figsize'] = 4, 3\n"
            "plt.rcParams.update({'axes.grid': True})",
            "def pool_forward(x):\n    plt.plot(x)\n    return max(x)",
        ],
        "a progress bar with a name": [
            "from tqdm import tqdm\ndef pool_forward(x):\n    bar = tqdm(range(len(x)))\n    best = 0\n"
            "    for i in bar:\n        best = max(best, x[i])\n        bar.set_postfix(best=best)\n"
            "    with tqdm(total=3) as other:\n        other.update(len(bar))\n    return best"
        ],
        "annotations of pandas": [
            "import pandas as pd\ndef best(x: pd.Series | None = None) -> 'pd.Series':\n"
            "    return x.max() if isinstance(x, pd.Series) else max(x)",
            "def pool_forward(x):\n    return best(x)",
        ],
        "a class of a package that is not there": [
            "import torch.nn as nn\nclass Pool(nn.Module):\n    def forward(self, x):\n        return max(x)",
            "def pool_forward(x):\n    return Pool().forward(x)",
        ],
        "a function's name used for a result": [
            "def loss(x):\n    return max(x)\ndef pool_forward(x):\n    return loss(x)",
            "loss = loss([1, 2])\nloss = float(loss)",
            "loss, best = 3, 4\nloss += 1",
        ],
        "a module's name used for a number": [
            "import math as np\ndef pool_forward(x):\n    return np.floor(max(x))",
            "np = 3",
        ],
        "a file that is not there": [
            "W = open('/content/W.txt').read()",
            "b = 0\nc = W + b\ndef pool_forward(x):\n    return max(x) + b\n"
            "def conv_forward(x, w):\n    return W",
        ],
        "a cell that leaves": ["import sys\nb = sys.exit()\n" + POOL, "def other():\n    return b"],
        "a run in another order": ["a = 2\n" + POOL, "a = b\ndef conv_forward(x, w):\n    return a", "b = 1"],
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
def test_a_notebook_is_graded_by_what_it_defines(save, student, cells):
    assert student(save(*cells[1])).pool.pool_forward([1, 5, 2]) == 5


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


@pytest.mark.parametrize(
    "cell",
    [
        "pool_forward = lambda x: max(x)",
        "pool_forward = best",
        "pool_forward, other = best, 3",
        "pool_forward = better(pool_forward)",
        "from builtins import max as pool_forward",
        "if True:\n    pool_forward = best",
        "pool_forward = 3\ndef pool_forward(x):\n    return max(x)",
    ],
)
def test_a_function_given_a_new_value_that_is_one_counts(save, student, cell):
    helpers = "def best(x):\n    return max(x)\ndef better(f):\n    return lambda x: f(x) + 5\n"
    path = save(f"{helpers}def pool_forward(x):\n    return 0", cell)
    assert student(path).pool.pool_forward([1, 5, 2]) == 5


def test_a_name_used_again_for_data_is_noted(save, read):
    path = save(
        "def loss(x):\n    return x\ndef pool_forward(x):\n    return loss(x)", "loss, n = loss(3), 1"
    )
    said = "ada.ipynb, cell 2: loss is used again for something else; the definition counts"
    assert said in read(path).notes


def test_cells_count_in_their_order_whatever_order_they_were_run_in(save, student, read):
    """`as_saved` numbers the runs backwards: the last cell was run first."""
    path = save(POOL.replace("max", "min"), POOL)
    assert student(path).pool.pool_forward([1, 5, 2]) == 5
    said = "ada.ipynb, cell 2: pool_forward is defined 2 times; the last one counts"
    assert said in read(path).notes


def test_a_line_that_cannot_run_costs_the_task_that_needs_it(save, student):
    path = save(f"W = open('/content/W.txt')\n{POOL}", "def conv_forward(x, w):\n    return W")
    loaded = student(path)
    assert loaded.pool.pool_forward([1, 5, 2]) == 5
    with pytest.raises(StudentError, match=r"conv_forward raised NameError, line 2 of ada\.ipynb, cell 2"):
        loaded.conv.conv_forward(1, 2)
    (note,) = loaded.loading_notes()
    assert note.startswith("ada.ipynb, cell 1, line 1: `W = open('/content/W.txt')` ")


def test_a_future_import_stays_first_where_something_is_shown(save, student):
    future = "from __future__ import annotations\n"
    path = save("x = 1", f"{future}def pool_forward(x: Y):\n    display(x)\n    return 5")
    assert student(path).pool.pool_forward([1]) == 5
