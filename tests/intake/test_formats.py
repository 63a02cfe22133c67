"""A format of hand-ins is a reader and a row of the table; nothing else knows of it."""

import re

import pytest

from autograder.errors import SubmissionError
from autograder.intake.files import Caps
from autograder.intake.formats import FORMATS, Format
from autograder.intake.notebook import Cell, Notebook

QUARTO = """\
# Assignment 4

```{{python}}
{conv}
```

and what it is for

```{{python}}
print(conv_forward(1, 2))
```
"""


def read_quarto(path, contents, most):
    """Cells of a document of Quarto's."""
    cells = re.findall(r"^```\{python\}\n(.*?)^```", contents.decode(), re.MULTILINE | re.DOTALL)
    if sum(map(len, cells)) > most:
        raise SubmissionError(f"{path}: holds too much code")
    return Notebook([Cell(number, text) for number, text in enumerate(cells, 1)])


@pytest.fixture
def quarto(make, monkeypatch):
    """A hand-in in a format that is one more row."""
    monkeypatch.setitem(FORMATS, ".qmd", Format(read_quarto))
    return QUARTO.format(conv=make.conv)


def test_without_a_row_a_format_is_not_read(make, read):
    found = read(make.tree("ada", {"dlc_lib/x.txt": "", "hw4.qmd": QUARTO.format(conv=make.conv)}))
    assert found.reason.startswith("holds no code")


def test_a_format_is_one_more_row(make, read, quarto):
    found = read(make.tree("ada", {"hw4.qmd": quarto}))
    assert found.reason is None
    assert "def conv_forward" in found.script
    assert "print" not in found.script
    assert "hw4.qmd: defines conv_backward, conv_forward" in found.notes
    assert {where for _, where in found.origins} == {"hw4.qmd, cell 1", "hw4.qmd, cell 2"}


def test_a_new_format_is_found_in_archives_and_beside_modules(make, read, quarto):
    assert "def conv_forward" in read(make.zip("bob.zip", {"hw/hw4.qmd": quarto})).script
    beside = read(make.tree("cem", {"dlc_lib/conv.py": make.stub, "hw4.qmd": quarto}))
    assert (beside.modules, beside.reason) == ({"conv": make.stub}, None)
    assert "def conv_forward" in beside.script


def test_a_fault_of_a_reader_is_told_to_the_student(make, read, quarto):
    found = read(make.tree("ada", {"hw4.qmd": quarto}), Caps(code=50))
    assert found.reason == "hw4.qmd: holds too much code"


def test_only_formats_that_keep_outputs_may_be_large():
    caps = Caps()
    assert caps.of("hw4.ipynb") == caps.notebook > caps.of("conv.py") == caps.of("hw4.qmd") == caps.source
