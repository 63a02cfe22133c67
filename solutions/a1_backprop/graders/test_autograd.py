"""Automatic differentiation: values and gradients of expressions, compared with the reference's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.author import StudentError, assert_close, reference, task
from dlc_lib.autograd import Tensor, unbroadcast

from .cases import IN_FLOAT64, draw_signed

UNARY: dict[str, Callable[[Any], Any]] = {
    "relu": lambda a: (a + -1.0).relu(),
    "exp": lambda a: a.exp(),
    "log": lambda a: a.log(),
    "tanh": lambda a: a.tanh(),
    "cube": lambda a: a**3,
    "inverse-root": lambda a: a**-0.5,
    "reshape": lambda a: a.reshape(3, 2) ** 2,
    "transpose": lambda a: a.transpose() ** 2,
    "sum": lambda a: a.sum(),
}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
}
SAME = ((3, 5), (3, 5))
STRETCHED = {
    "row": ((3, 5), (5,)),
    "column": ((3, 5), (3, 1)),
    "number": ((), (4, 2)),
    "both": ((3, 1), (1, 5)),
    "in-front": ((2, 1, 3), (5, 1)),
}


def draw(rng: np.random.Generator, *shapes: tuple[int, ...]) -> list[np.ndarray[Any, Any]]:
    """Positive numbers, below 1 and above it, none near."""
    return [np.abs(draw_signed(rng, *shape)) for shape in shapes]


def check_value(student: Any, function: Callable[..., Any], arrays: list[np.ndarray[Any, Any]]) -> None:
    want = reference(lambda *right: function(*map(Tensor, right)).data, *arrays)
    out = function(*(student.autograd.Tensor(each) for each in arrays))
    assert_close(out.data, want, "the value")


def slopes(function: Callable[..., Any], weights: Any, *arrays: np.ndarray[Any, Any]) -> tuple[Any, ...]:
    """The reference's gradients of the sum of weights · function."""
    operands = [Tensor(each) for each in arrays]
    (function(*operands) * weights).sum().backward()
    return tuple(operand.grad for operand in operands)


def check_gradients(
    student: Any,
    function: Callable[..., Any],
    arrays: list[np.ndarray[Any, Any]],
    weights: np.ndarray[Any, Any] | float = 1.0,
    limit: float | None = None,
) -> None:
    """Gradients of the sum of weights · function with respect to every operand."""
    right = reference(slopes, function, weights, *arrays)
    operands = [student.autograd.Tensor(each) for each in arrays]
    (function(*operands) * weights).sum().backward()
    for place, (operand, want) in enumerate(zip(operands, right, strict=True), start=1):
        assert_close(gradient_of(operand), want, f"the gradient of operand {place}", limit)


def gradient_of(tensor: Any) -> Any:
    found = tensor.grad
    if found is None:
        raise StudentError("backward left the gradient of an operand None")
    return found


@task("autograd", part="forward")
@pytest.mark.parametrize("name", UNARY)
def test_value_of_a_function(student: Any, rng: np.random.Generator, name: str) -> None:
    check_value(student, UNARY[name], draw(rng, (2, 3)))


@task("autograd", part="forward")
@pytest.mark.parametrize("name", BINARY)
def test_value_of_an_operation(student: Any, rng: np.random.Generator, name: str) -> None:
    check_value(student, BINARY[name], draw(rng, *SAME))


@task("autograd", part="forward")
def test_value_of_a_matrix_product(student: Any, rng: np.random.Generator) -> None:
    check_value(student, lambda a, b: a @ b, draw(rng, (3, 5), (5, 2)))


@task("autograd", part="backward")
@pytest.mark.parametrize("name", UNARY)
def test_gradient_of_a_function(student: Any, rng: np.random.Generator, name: str) -> None:
    shape = {"sum": (), "reshape": (3, 2), "transpose": (3, 2)}.get(name, (2, 3))
    check_gradients(student, UNARY[name], draw(rng, (2, 3)), draw_signed(rng, *shape))


@task("autograd", part="backward")
@pytest.mark.parametrize("name", BINARY)
def test_gradients_of_an_operation(student: Any, rng: np.random.Generator, name: str) -> None:
    check_gradients(student, BINARY[name], draw(rng, *SAME), draw_signed(rng, *SAME[0]))


@task("autograd", part="backward")
def test_gradients_of_a_matrix_product(student: Any, rng: np.random.Generator) -> None:
    check_gradients(student, lambda a, b: a @ b, draw(rng, (3, 5), (5, 2)), draw_signed(rng, 3, 2))


@task("autograd", part="backward")
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("keepdims", [True, False], ids=["kept", "dropped"])
def test_gradient_of_a_sum_over_an_axis(
    student: Any, rng: np.random.Generator, axis: int, keepdims: bool
) -> None:
    check_gradients(student, lambda a: a.sum(axis, keepdims=keepdims) ** 2, draw(rng, (3, 5)))


@task("autograd", part="backward")
def test_a_tensor_used_several_times_adds_up(student: Any, rng: np.random.Generator) -> None:
    check_gradients(student, lambda a: a * a + a, draw(rng, (2, 3)), draw_signed(rng, 2, 3))


@task("autograd", part="backward")
def test_a_node_passes_on_only_when_all_its_uses_have_reported(
    student: Any, rng: np.random.Generator
) -> None:
    def diamond(a: Any) -> Any:
        shared = a * 2.0
        left = shared.tanh()
        return (left * shared).exp() + left

    check_gradients(student, diamond, draw(rng, (2, 3)), draw_signed(rng, 2, 3))
    check_gradients(student, lambda a, b: (a + b) * b + (a + b) * (a + b), draw(rng, (3,), (3,)))


@task("autograd", part="backward")
def test_gradients_of_a_network(student: Any, rng: np.random.Generator) -> None:
    arrays = [rng.standard_normal(shape) for shape in ((5, 3), (3, 7), (7,), (7, 2), (2,))]
    check_gradients(
        student,
        lambda x, W, c, w, b: (((x @ W + c).relu() @ w + b) ** 2) * (1 / 5),
        arrays,
    )


@task("autograd", part="edge")
@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("shapes", STRETCHED.values(), ids=STRETCHED)
def test_gradients_of_stretched_operands(
    student: Any, rng: np.random.Generator, shapes: tuple[tuple[int, ...], tuple[int, ...]], name: str
) -> None:
    arrays = draw(rng, *shapes)
    check_gradients(student, BINARY[name], arrays, draw_signed(rng, *np.broadcast_shapes(*shapes)))


@task("autograd", part="edge")
@pytest.mark.parametrize(
    ("before", "after"),
    [((3,), (5, 3)), ((3, 1), (4, 3, 2)), ((), (2, 3)), ((1, 5), (1, 5)), ((1,), (4, 7))],
    ids=["in-front", "both", "to-a-number", "as-it-was", "one-of-one-axis"],
)
def test_unbroadcast(
    student: Any, rng: np.random.Generator, before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    gradient = rng.standard_normal(after)
    found = student.autograd.unbroadcast(gradient, before)
    assert_close(found, reference(unbroadcast, gradient, before), "the gradient")


@task("autograd", part="edge")
def test_a_graph_of_many_paths_ends_in_time(student: Any) -> None:
    x = node = student.autograd.Tensor(np.array([1.0, 3.0]))
    for _ in range(40):
        node = node + node
    node.backward()
    assert_close(gradient_of(x), np.full(2, 2.0**40), "the gradient")


@task("autograd", part="edge")
def test_a_chain_longer_than_pythons_stack(student: Any) -> None:
    x = node = student.autograd.Tensor(np.array([2.0]))
    for _ in range(1100):  # Python stops at 1000 frames
        node = node + 1.0
    node.backward()
    assert_close(gradient_of(x), np.ones(1), "the gradient")


@task("autograd", part="edge")
def test_every_tensor_on_the_way_gets_its_gradient(student: Any, rng: np.random.Generator) -> None:
    (data,) = draw(rng, (2, 3))
    x = student.autograd.Tensor(data)
    square = x * x
    out = square + x
    out.backward()
    assert_close(gradient_of(out), np.ones((2, 3)), "the gradient of the result")
    assert_close(gradient_of(square), np.ones((2, 3)), "the gradient of a tensor on the way")
    assert_close(gradient_of(x), 2 * data + 1, "the gradient of the operand")


@task("autograd", part="edge")
@pytest.mark.parametrize("name", [*BINARY, "matmul"])
def test_operands_that_are_no_tensors(student: Any, rng: np.random.Generator, name: str) -> None:
    operation = BINARY.get(name, lambda a, b: a @ b)
    data, plain = draw(rng, (3, 3), (3, 3))
    for other in (plain,) if name == "matmul" else (plain, 1.7):

        def function(a: Any, other: Any = other) -> Any:
            return operation(a, other)

        check_value(student, function, [data])
        check_gradients(student, function, [data])


@task("autograd", part="edge")
def test_sum_of_all_that_keeps_its_axes(student: Any, rng: np.random.Generator) -> None:
    check_value(student, lambda a: a.sum(keepdims=True), draw(rng, (2, 3)))
    check_gradients(student, lambda a: a * a.sum(keepdims=True), draw(rng, (2, 3)), draw_signed(rng, 2, 3))


@task("autograd", part="edge")
def test_float64_is_computed_in_float64(student: Any, rng: np.random.Generator) -> None:
    def function(a: Any, b: Any) -> Any:
        return ((a @ b).tanh() + (a * 2.0).log() / b - (a * b).exp() ** 0.5).relu() + a.transpose()

    arrays = draw(rng, (3, 3), (3, 3))
    want = function(*map(Tensor, arrays)).data
    out = function(*(student.autograd.Tensor(each) for each in arrays))
    assert_close(out.data, want, "the value in float64", limit=IN_FLOAT64)
    check_gradients(student, function, arrays, draw_signed(rng, 3, 3), limit=IN_FLOAT64)


@task("autograd", part="edge")
def test_a_second_backward_starts_anew(student: Any) -> None:
    x = student.autograd.Tensor(np.array([3.0]))
    y = x * x
    y.backward()
    y.backward()
    assert_close(gradient_of(x), np.array([6.0]), "the gradient")


@task("autograd", part="edge")
def test_relu_passes_nothing_on_at_zero(student: Any) -> None:
    x = student.autograd.Tensor(np.array([0.0, -1.0, 2.0]))
    x.relu().sum().backward()
    assert_close(gradient_of(x), np.array([0.0, 0.0, 1.0]), "the gradient")


@task("autograd", part="purity")
@pytest.mark.parametrize("name", ["relu", "exp", "tanh", "cube", "sum"])
def test_a_function_keeps_the_data_of_its_operand(student: Any, rng: np.random.Generator, name: str) -> None:
    data = draw_signed(rng, 2, 3)
    a = student.autograd.Tensor(data)
    plain: dict[str, Callable[[Any], Any]] = {"relu": lambda value: value.relu()}
    function = plain.get(name, UNARY[name])
    out = function(a)
    assert_close(out.data, function(Tensor(data)).data, "the value")
    assert_close(a.data, data, "the data of the operand")


@task("autograd", part="purity")
def test_operands_keep_their_data(student: Any, rng: np.random.Generator) -> None:
    arrays = draw(rng, (3, 3), (3,))
    a, b = (student.autograd.Tensor(each) for each in arrays)
    out = ((a @ a) * b + b).relu().tanh()
    check = ((Tensor(arrays[0]) @ Tensor(arrays[0])) * arrays[1] + arrays[1]).relu().tanh()
    out.sum().backward()
    assert_close(out.data, check.data, "the value")
    assert_close(a.data, arrays[0], "the data of an operand")
    assert_close(b.data, arrays[1], "the data of an operand")
