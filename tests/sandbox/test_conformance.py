"""Both back ends of the `student` fixture keep the same promises."""

from __future__ import annotations

import types
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from autograder.sandbox import LoadPlan
from autograder.studentkit import Local, StudentError
from autograder.studentkit.kinds import ListOf, Named, Object
from tests.sandbox.conftest import LIMITS

Array = npt.NDArray[np.float64]
CODE = """
import numpy as np
from typing import NamedTuple

def twice(x, *, plus=0.0): return 2 * x + plus
def pair(x): return x + 1, {"x": x}
def as_list(x): return [x + 1, x]
def three(x): return x, x, x
def unpack(cache): return cache["x"]
def total(x): return np.float32(x.sum())
def spoil(x):
    x += 1
    return x
def apply(f, x): return f(x) + 1
def draw(rng, n): return rng.normal(size=n)
def text(x): return "seven"
def nothing(x): return None
def generator(x): return (each for each in x)
def fails(x): raise ValueError("no")
def leaves(x): raise SystemExit(0)
def unfinished(x): raise NotImplementedError("a0/unfinished")
def objects(x): return np.array([object()], dtype=object)
def complexes(x): return x + 1j
class Liar:
    shape, dtype = (2,), np.float64
    def __array__(self, *args, **options): return np.ones(2)
    def __eq__(self, other): return True
def liar(x): return Liar()
def strides(x, again=None): return [*x.strides, int(x.flags.owndata and x.flags.writeable)]
class Two(NamedTuple):
    first: object
    second: object
def named(x): return Two(x, {"cache": x})
def used(cache): return cache["cache"]
buffer = np.zeros(3)
def kept(x):
    buffer[:] = x
    return buffer
def passes(f, x): return f(Own((x, x)) if x[0] else {1})
def repeats(f, x):
    try:
        return f(x)
    except RuntimeError as error:
        return x * ("ValueError: no" in str(error))
class Own(tuple):
    def __iter__(self): return iter((self,))
def __getattr__(name):
    if name == "late":
        return lambda x: x + 5
    raise AttributeError(name)
class Counter:
    __array_ufunc__ = None
    def __init__(self, start): self.value, self._hidden = start, 1
    def add(self, x):
        self.value = self.value + x
        return self
    def fail(self): raise RuntimeError("inside")
    def keep(self, x, *, also):
        x += 1
        also += 1
        self.kept = x
    def __len__(self): return 3
    def __getitem__(self, key): return 10 * key
    def __setitem__(self, key, value): self.value = value
    def __call__(self, x): return self.value * x
    def __add__(self, other): return Counter(self.value + getattr(other, "value", other))
    def __radd__(self, other): return Counter(other + self.value)
    def __matmul__(self, other): return self.value @ other
    def __neg__(self): return -self.value
    def __lt__(self, other): return bool(self.value < other)
"""


class Counter:
    """What the reference declares of its own."""

    def add(self, x: Array) -> Counter: ...

    def fail(self) -> None: ...

    def keep(self, x: Array, *, also: Array) -> None: ...

    def __getitem__(self, key: int) -> float: ...

    def __call__(self, x: Array) -> Array: ...

    def __add__(self, other: Any) -> Counter: ...

    def __radd__(self, other: Any) -> Counter: ...

    def __matmul__(self, other: Any) -> float: ...

    def __neg__(self) -> Array: ...

    def __lt__(self, other: Any) -> bool: ...


class Both(NamedTuple):
    """As the reference calls two values."""

    out: Array
    cache: Any


KINDS = {
    **dict.fromkeys(("twice", "liar", "text", "nothing", "generator", "objects", "complexes"), "array"),
    **dict.fromkeys(("kept", "passes", "repeats", "late"), "array"),
    "strides": ListOf("int"),
    "named": Named(Both, ("array", "handle")),
    "used": "array",
    **dict.fromkeys(("fails", "leaves", "unfinished", "spoil", "apply", "draw", "unpack"), "array"),
    **{"pair": ("array", "handle"), "as_list": ("array", "array"), "three": ("array", "handle")},
    **{"total": "float", "Counter": Object(Counter)},
}
X = np.array([1.0, 2.0, 3.0])


def kind(_module, name):
    return KINDS.get(name, "data")


@pytest.fixture(params=["local", "remote"])
def student(request, sandbox):
    if request.param == "local":
        module = types.ModuleType("m")
        exec(CODE, module.__dict__)
        yield Local({"m": module}.__getitem__, kind, wrap=True)
        return
    with sandbox.open(LoadPlan({"m": CODE}), LIMITS, kind, 7) as remote:
        remote.begin("a test")
        yield remote


def test_function_takes_arguments_and_options(student):
    assert np.array_equal(student.m.twice(X, plus=1.0), 2 * X + 1)
    assert student.m.twice(X.astype(np.float32)).dtype == np.float32


def test_many_calls_are_answered_in_their_order(student):
    found = student.m.twice.map([(X,), (X + 1,)], plus=1.0)
    assert [each.tolist() for each in found] == [(2 * X + 1).tolist(), (2 * X + 3).tolist()]


def test_call_changes_copies_alone_and_watching_shows_how(student):
    before = X.copy()
    assert np.array_equal(student.m.spoil(X), X + 1)
    result, (left,) = student.m.spoil.watch(X)
    assert np.array_equal(result, X + 1)
    assert np.array_equal(left, X + 1)
    assert np.array_equal(before, X)


def test_what_is_no_data_stays_and_can_be_passed_back(student):
    out, cache = student.m.pair(X)
    assert np.array_equal(out, X + 1)
    assert np.array_equal(student.m.unpack(cache), X)


@pytest.mark.parametrize(
    "order",
    [
        lambda x: x,
        lambda x: x.T,
        lambda x: x.transpose(1, 0, 2),
        lambda x: x[:, ::2],
        lambda x: x[::-1].T,
        lambda x: np.broadcast_to(x[0], (5, 3, 4)),
        np.asfortranarray,
        lambda x: x[:0].T,
    ],
    ids=["plain", "reversed", "swapped", "every-other", "backwards", "broadcast", "fortran", "empty"],
)
def test_array_arrives_with_its_axes_in_the_order_of_a_copy(student, order):
    x = order(np.arange(24.0).reshape(2, 3, 4))
    want = [*x.copy(order="K").strides, 1]
    assert student.m.strides(x) == want
    assert student.m.strides.map([(x, X), (x, x)]) == [want, want]
    assert np.array_equal(student.m.twice(x), 2 * x)


def test_array_that_the_next_call_writes_into_is_what_it_was(student):
    first, second = student.m.kept(X), student.m.kept(X + 1)
    assert (first.tolist(), second.tolist()) == (X.tolist(), (X + 1).tolist())
    first, second = student.m.kept.map([(X,), (X + 1,)])
    assert (first.tolist(), second.tolist()) == (X.tolist(), (X + 1).tolist())


def test_function_of_the_test_gets_what_is_passed_by_what_it_holds(student):
    passed = []

    def function(value):
        passed.append(value)
        return 0.0 * X

    with pytest.raises(StudentError, match="passes raised TypeError"):
        student.m.passes(function, X - 1)
    student.m.passes(function, X)
    (pair,) = passed
    assert type(pair) is tuple
    assert [each.tolist() for each in pair] == [X.tolist()] * 2


def test_what_a_function_of_the_test_raises_arrives_as_one_kind_of_error(student):
    def function(_):
        raise ValueError("no")

    assert np.array_equal(student.m.repeats(function, X), X)


def test_function_that_its_module_makes_when_it_is_asked_for_is_there(student):
    assert np.array_equal(student.m.late(X), X + 5)


def test_values_have_the_names_that_the_reference_gives_them(student):
    found = student.m.named(X)
    assert type(found) is Both
    assert np.array_equal(found.out, X)
    assert np.array_equal(student.m.used(found.cache), X)


def test_list_of_values_is_as_good_as_a_tuple(student):
    assert [each.tolist() for each in student.m.as_list(X)] == [(X + 1).tolist(), X.tolist()]


def test_numpy_scalar_is_a_number(student):
    assert type(student.m.total(X)) is float


def test_function_of_the_test_is_called_back(student):
    assert np.array_equal(student.m.apply(lambda x: 3 * x, X), 3 * X + 1)


def test_generator_draws_anew_in_each_call(student):
    rng = np.random.default_rng(0)
    first, second = student.m.draw(rng, 5), student.m.draw(rng, 5)
    assert first.shape == (5,)
    assert not np.array_equal(first, second)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("text", "text returned a str; expected a numpy array"),
        ("nothing", "nothing returned None; expected a numpy array"),
        ("generator", "generator returned a generator; expected a numpy array"),
        ("three", "three returned 3 values; expected 2"),
        ("objects", "expected"),
        ("complexes", "complexes returned an array of dtype complex128; expected real numbers"),
        ("liar", "expected a numpy array"),
        ("fails", "fails raised ValueError"),
        ("leaves", "leaves raised SystemExit"),
        ("missing", "^missing is missing$"),
    ],
)
def test_wrong_answer_is_the_students_fault_and_named(student, name, sentence):
    with pytest.raises(StudentError, match=sentence):
        getattr(student.m, name)(X)
    assert np.array_equal(student.m.twice(X), 2 * X)


def test_unfinished_function_says_so(student):
    with pytest.raises(StudentError) as caught:
        student.m.unfinished(X)
    assert caught.value.verdict == "error"


def test_attributes_of_an_object_are_read_and_set(student):
    counter = student.m.Counter(X)
    assert np.array_equal(counter.value, X)
    counter.value = 2 * X
    assert np.array_equal(counter.add(X).value, 3 * X)
    with pytest.raises(AttributeError):
        _ = counter._hidden
    with pytest.raises(StudentError):
        _ = counter.no_such_thing


def test_object_has_items_a_length_and_can_be_called(student):
    counter = student.m.Counter(X)
    assert (len(counter), counter[4], list(counter)) == (3, 40, [0, 10, 20])
    counter[0] = X + 1
    assert np.array_equal(counter(2.0), 2 * (X + 1))
    assert counter


def test_operators_work_from_both_sides(student):
    counter = student.m.Counter(X)
    for result in (counter + X, X + counter, counter + counter):
        assert np.array_equal(result.value, 2 * X)
    assert np.array_equal((1.0 + counter).value, X + 1)
    assert counter @ X == pytest.approx(14)
    assert np.array_equal(-counter, -X)
    assert student.m.Counter(1.0) < 2.0


def test_methods_and_attributes_get_copies_too(student):
    counter, x, also = student.m.Counter(X), X.copy(), X.copy()
    counter.keep(x, also=also)
    assert [x.tolist(), also.tolist()] == [X.tolist()] * 2
    x[:] = 7
    assert np.array_equal(counter.kept, X + 1)
    counter.value = x
    x[:] = 8
    assert np.array_equal(counter.value, 0 * X + 7)
    counter[0] = x
    x[:] = 9
    assert np.array_equal(counter.value, 0 * X + 8)


def test_what_a_method_raises_is_the_students_fault(student):
    with pytest.raises(StudentError, match="raised RuntimeError"):
        student.m.Counter(X).fail()
    with pytest.raises(StudentError):
        student.m.Counter(X) * 2
