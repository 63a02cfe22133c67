from collections import Counter, OrderedDict, defaultdict, namedtuple
from enum import IntEnum
from typing import Any, NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt
import pytest

from autograder.frameworks.torch import TensorData
from autograder.studentkit import StudentError
from autograder.studentkit.gate import check_kind
from autograder.studentkit.kinds import (
    DictOf,
    ListOf,
    Maybe,
    Member,
    Named,
    Object,
    kind_of,
    member_of,
    return_kind,
)

Array = npt.NDArray[np.floating[Any]]


class Tensor:
    data: Array
    grad: Array | None

    def relu(self) -> "Tensor": ...

    def backward(self) -> None: ...

    def __add__(self, other: Any) -> "Tensor": ...

    @property
    def size(self) -> int: ...

    def undeclared(self): ...


class Gradients(NamedTuple):
    dw: Array
    loss: float | None = None

    @property
    def largest(self):
        return float(abs(self.dw).max())


Two = namedtuple("Two", "a b")


class Money(float): ...


class Table(dict): ...


def returns(annotation):
    def function():
        pass

    function.__annotations__["return"] = annotation
    return function


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        (Array, "array"),
        (npt.NDArray[np.intp], "array"),
        (np.ndarray, "array"),
        (float, "float"),
        (None, "none"),
        (Any, "handle"),
        (Tensor, Object(Tensor)),
        (tuple[Array, Any], ("array", "handle")),
        (tuple[float, tuple[Array, Array]], ("float", ("array", "array"))),
        (tuple[Array, ...], ListOf("array")),
        (dict[str, Array], DictOf("array")),
        (list[tuple[Array, int]], ListOf(("array", "int"))),
        (tuple[dict[str, Array], list[float]], (DictOf("array"), ListOf("float"))),
        (Array | None, Maybe("array")),
        (float | str, "data"),
        (list, "data"),
        (np.float64, "float"),
        ("Tensor", Object(Tensor)),
        ("not a name", "data"),
        (Gradients, Named(Gradients, ("array", Maybe("float")))),
        (Two, Named(Two, ("data", "data"))),
        (OrderedDict[str, Array], DictOf("array")),
        (defaultdict[str, Array], DictOf("array")),
        (Counter[str], DictOf("int")),
        (OrderedDict, "data"),
        (TypedDict("Params", {"w": Array}), "data"),
        (IntEnum("Colour", "RED"), "int"),
        (np.matrix, "array"),
        (Money, Object(Money)),
        (Table, Object(Table)),
    ],
    ids=str,
)
def test_kind_is_read_off_the_return_annotation(annotation, kind):
    assert return_kind(returns(annotation)) == kind


def test_class_makes_handles_and_silence_promises_nothing():
    assert return_kind(Tensor) == Object(Tensor)
    assert return_kind(lambda: 1) == "data"


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("data", Member("array")),
        ("grad", Member(Maybe("array"))),
        ("relu", Member(Object(Tensor), is_method=True)),
        ("__add__", Member(Object(Tensor), is_method=True)),
        ("backward", Member("handle", is_method=True)),
        ("size", Member("int")),
        ("undeclared", Member("data", is_method=True)),
        ("nowhere", Member("data")),
    ],
)
def test_a_class_declares_its_members(name, member):
    assert member_of(Tensor, name) == member
    assert member_of(None, name) == Member("data")


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        ((1.0, 2.0, 3.0), ("float", "float"), "f returned 3 values; expected 2"),
        (1.0, ("float", "float"), "f returned a float; expected 2 values"),
        (None, "array", "f returned None; expected a numpy array"),
        ([1.0], "array", "f returned a list; expected a numpy array"),
        (np.ones(2).view(TensorData), "array", "f returned a torch tensor; expected a numpy array"),
        (np.array(["a"]), "array", "an array of dtype <U1; expected real numbers"),
        (np.array([None]), "array", "an array of dtype object"),
        (np.ones(1), "float", r"f returned an array of shape \(1,\); expected one number"),
        ("1", "float", "f returned a str; expected one number"),
        (True, "float", "f returned a bool; expected one number"),
        (1.5, "int", "f returned a float; expected a whole number"),
        (3, "none", "f returned an int; it should return nothing"),
        ((1.0, [2]), ("float", "array"), "f, value 2 of 2, returned a list"),
        (object(), "bool", "f returned an object; expected True or False"),
        ("ab", ListOf("str"), "f returned a str; expected a list"),
        ([1.0, "x"], ListOf("float"), "f, in its list, returned a str; expected one number"),
        ([1.0], DictOf("float"), "f returned a list; expected a dict"),
        ({"a key of theirs": None}, DictOf("float"), "f, in its dict, returned None; expected one number"),
        ([1], Object(Tensor), "f returned a list; expected a Tensor"),
        ([1], "handle", "f returned a list; expected an object that stays"),
    ],
    ids=lambda value: str(value).partition(" at 0x")[0],  # an address would be another in each process
)
def test_wrong_kind_is_told_in_a_sentence(value, kind, message):
    with pytest.raises(StudentError, match=message):
        check_kind(value, kind, "f")


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2), np.array(2.0), np.int64(2)], ids=repr)
def test_number_of_any_numeric_type_is_a_float(value):
    assert check_kind(value, "float", "f") == 2.0


@pytest.mark.parametrize("value", [2.0, np.float32(2)], ids=repr)
def test_number_is_an_array_without_axes(value):
    assert check_kind(value, "array", "f").shape == ()


@pytest.mark.parametrize("value", [(np.ones(2), 3), [np.ones(2), 3.0]], ids=str)
def test_values_come_with_the_names_that_the_reference_gives_them(value):
    found = check_kind(value, kind_of(Gradients), "f")
    assert (type(found), found.loss, found.largest) == (Gradients, 3.0, 1.0)
    with pytest.raises(StudentError, match="f, value 1 of 2, returned a list; expected a numpy array"):
        check_kind(([1.0], 3), kind_of(Gradients), "f")
    with pytest.raises(StudentError, match="f returned 3 values; expected 2"):
        check_kind((*value, 4), kind_of(Gradients), "f")


def test_list_is_accepted_as_the_tuple_of_several_values():
    assert check_kind([1, 2.5], ("int", "float"), "f") == (1, 2.5)
