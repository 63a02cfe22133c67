"""What the author of a course calls says what it takes, gives and raises."""

import inspect

import pytest

from autograder import author

FUNCTIONS = {name: each for name in author.__all__ if inspect.isfunction(each := getattr(author, name))}
METHODS = {f"{each.__name__}.apply": each.apply for each in (author.Mistake, author.Variant)}


@pytest.mark.parametrize("name", sorted(FUNCTIONS | METHODS))
def test_a_function_of_the_authors_documents_what_it_takes_and_gives(name):
    function = (FUNCTIONS | METHODS)[name]
    signature = inspect.signature(function)
    text = inspect.getdoc(function) or ""
    sections = {part.partition("\n")[0]: part for part in text.split("\n\n")}
    taken = [parameter for parameter in signature.parameters if parameter != "self"]
    assert [each for each in taken if f"\n    {each}: " not in sections.get("Args:", "")] == []
    gives = signature.return_annotation not in ("None", None)
    assert not gives or {"Returns:", "Yields:"} & sections.keys()
