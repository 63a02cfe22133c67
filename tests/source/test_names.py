"""Names as assignments write them."""

from pathlib import Path

import pytest

import autograder
from autograder.source.definitions import lines_of, named_statements, text_of
from autograder.source.names import Name, parse_name
from autograder.source.parsing import parse

TEXT = """\
LIMIT = 3


@first
@second(
    1,
)
class Tensor:
    size: int = 0

    @property
    def shape(self):
        return ()

    @shape.setter
    def shape(self, value):
        pass


async def wait(): ...
"""


@pytest.mark.parametrize(
    ("text", "name", "top", "method"),
    [
        ("lib.conv:forward", Name("lib", "conv", "forward"), "forward", ""),
        ("lib.autograd:Tensor.relu", Name("lib", "autograd", "Tensor.relu"), "Tensor", "relu"),
        ("conv:forward", Name("", "conv", "forward"), "forward", ""),
        ("lib.conv", Name("lib", "conv", ""), "", ""),
    ],
)
def test_a_name_has_a_library_a_module_and_what_the_module_defines(text, name, top, method):
    assert parse_name(text) == name
    assert (name.top, name.method) == (top, method)


def test_statements_are_found_by_their_qualified_names_in_order():
    named = named_statements(parse(TEXT))
    assert list(named) == ["LIMIT", "Tensor", "Tensor.size", "Tensor.shape", "wait"]
    assert [node.lineno for node in named["Tensor.shape"]] == [12, 16]


def test_the_lines_of_a_definition_begin_with_its_first_decorator():
    (tensor,) = named_statements(parse(TEXT))["Tensor"]
    assert lines_of(tensor) == range(4, 18)
    assert text_of(tensor, TEXT).startswith("@first\n@second(")
    getter, setter = named_statements(parse(TEXT))["Tensor.shape"]
    assert text_of(setter, TEXT) == "    @shape.setter\n    def shape(self, value):\n        pass"
    assert text_of(getter, TEXT).startswith("    @property\n")


@pytest.mark.parametrize(
    ("words", "homes"),
    [
        ('decorator_list", []', {"source/definitions.py"}),
        ('"nbformat_minor"', {"source/cells.py"}),
        # The student's kit reads for itself: a release holds nothing else of this project.
        ('id == "NotImplementedError"', {"source/unfinished.py", "studentkit/handin.py"}),
        ('partition(":") for name in self.source', {"studentkit/folder.py"}),
        ('path, _, qualified = text.partition(":")', {"source/names.py"}),
    ],
)
def test_names_definitions_stubs_and_notebooks_are_read_in_one_place_each(words, homes):
    package = Path(autograder.__file__).parent
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if words in path.read_text(encoding="utf-8")
    }
    assert found == homes
