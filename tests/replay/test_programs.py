"""What a worker sends is a program of allowed operations, or it is refused."""

from __future__ import annotations

import gc
import json
import tracemalloc

import pytest
import torch

from autograder.replay import Replay
from autograder.replay.programs import read_program
from autograder.studentkit import StudentError
from autograder.studentkit.recording import MOST_STEPS
from tests.course_code import hidden

OPERATIONS = hidden("a8_performance", "operations")
ON_ENTRIES = OPERATIONS.ON_ENTRIES
WITH_KERNELS, WITH_PRODUCTS = OPERATIONS.WITH_KERNELS, OPERATIONS.WITH_PRODUCTS

ADD = ["aten::add.Tensor", [["v", 0], ["v", 1]], {"alpha": 2}, [2]]
KERNEL = {
    "source": "def k(a, b): tl.store(b, tl.load(a))",
    "names": {"tl": ["language"]},
    "unspecialized": [],
}
GIVEN = {"a": ["v", 0], "b": ["v", 1]}
VARIANT = {"grid": [1], "given": GIVEN, "options": {"num_warps": 4}}


def program(*steps, **changes):
    told = {"inputs": 2, "steps": list(steps), "kernels": [], "result": ["v", 2], "named": []}
    return json.dumps({**told, **changes}).encode()


def launch(**changes):
    step = ["launch", 0, [{**VARIANT, **changes}]]
    return program(step, kernels=[KERNEL], result=["v", 1])


def launch_of(source):
    return program(["launch", 0, [VARIANT]], kernels=[{**KERNEL, "source": source}], result=["v", 1])


def read(data, allowed=ON_ENTRIES):
    return read_program(data, 2, allowed, "f")


def test_a_program_of_allowed_operations_passes_and_is_written_anew():
    told = json.loads(read(program(ADD)).text)
    assert told["steps"] == [ADD]
    assert "named" not in told
    assert read(launch(), WITH_KERNELS).launches


OTHERS = [
    *("aten::mm", "aten::mm.default", "aten::mm.out", "aten::linear", "aten::convolution"),
    *("aten::_convolution", "aten::linalg_solve", "aten::conv2d.padding", "aten::_trilinear"),
    *("aten::cdist", "aten::bilinear", "mkldnn::_linear_pointwise", "prim::eval"),
    *("aten::add.__class__", "aten::__class__", "aten::add.Tensor.x", "aten::ADD"),
    *("aten::scaled_dot_product_attention", "quantized::linear", "aten::set_.source_Tensor"),
    *("aten::resize_", "aten::_reshape_alias", "aten::from_file", "aten::add.nosuch", "aten:: add"),
    *("aten::add\u2024Tensor",),
]


@pytest.mark.parametrize("name", OTHERS)
def test_an_operation_that_is_not_on_the_list_is_refused_by_whatever_name(name):
    with pytest.raises(StudentError, match=r"f runs|f cannot be run") as caught:
        read(program([name, [["v", 0], ["v", 1]], {}, [2]]))
    assert caught.value.verdict == "forbidden"


def test_products_are_refused_where_only_entries_are_allowed_and_taken_where_products_are():
    step = ["aten::mm", [["v", 0], ["v", 1]], {}, [2]]
    with pytest.raises(StudentError, match="f runs aten::mm; this task allows"):
        read(program(step))
    read(program(step), WITH_PRODUCTS)


PRODUCTS = {
    "entries": ["aten::mul.Tensor", [["v", 0], ["v", 1]], {}, [2]],
    "entries, added": ["aten::addcmul", [["v", 0], ["v", 0], ["v", 1]], {}, [2]],
    "a list of entries": ["aten::_foreach_mul.List", [["l", ["v", 0]], ["l", ["v", 1]]], {}, [2]],
    "squares": ["aten::square", [["v", 0]], {}, [2]],
    "quotients": ["aten::div.Tensor", [["v", 0], ["v", 1]], {}, [2]],
    "powers": ["aten::exp2", [["v", 0]], {}, [2]],
    "lengths": ["aten::linalg_vector_norm", [["v", 0]], {}, [2]],
    "a step between": ["aten::lerp.Tensor", [["v", 0], ["v", 1], ["v", 1]], {}, [2]],
    "a running product": ["aten::cumprod", [["v", 0], 0], {}, [2]],
    "a factor that was read": ["item", ["v", 0], 2],
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_where_kernels_are_to_multiply_torch_does_not(name):
    data = program(PRODUCTS[name], ["launch", 0, [VARIANT]], kernels=[KERNEL], result=["v", 1])
    with pytest.raises(StudentError) as caught:
        read(data, WITH_KERNELS)
    assert caught.value.verdict == "forbidden"


STEPS = {
    "a value that is not there yet": ["aten::neg", [["v", 2]], {}, [2]],
    "a negative value": ["aten::neg", [["v", -1]], {}, [2]],
    "a value of another name": ["aten::neg", [["v", "0"]], {}, [2]],
    "an object for a tensor": ["aten::neg", [{"v": 0}], {}, [2]],
    "a text for a tensor": ["aten::neg", [["s", "x"]], {}, [2]],
    "too many arguments": ["aten::neg", [["v", 0], 1, 2], {}, [2]],
    "an unknown option": ["aten::neg", [["v", 0]], {"out_": ["v", 1]}, [2]],
    "a number for an option that is a dtype": ["aten::sum", [["v", 0]], {"dtype": 6}, [2]],
    "a dtype that is none": ["aten::sum", [["v", 0]], {"dtype": ["dtype", "__class__"]}, [2]],
    "a text that is code": ["aten::div.Tensor_mode", [["v", 0], 2], {"rounding_mode": ["s", "x()"]}, [2]],
    "a device by name": ["aten::zeros", [["l", 1]], {"device": ["s", "cuda"]}, [2]],
    "outputs out of order": ["aten::neg", [["v", 0]], {}, [7]],
    "an output that is an input": ["aten::neg", [["v", 0]], {}, [0]],
    "outputs that are no list": ["aten::neg", [["v", 0]], {}, 2],
    "a number beyond all sizes": ["aten::zeros", [["l", 1 << 70]], {}, [2]],
    "a huge constant": ["constant", "float32", [65], [0.0] * 65, 2],
    "a constant of texts": ["constant", "float32", [1], ["x"], 2],
    "a number read from a number": ["item", ["v", 9], 2],
    "a launch where none is allowed": ["launch", 0, [VARIANT]],
    "a step without a name": [["aten::neg"], [], {}, [2]],
    "nothing": [],
    "a number": 3,
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_is_none_is_refused(name):
    with pytest.raises(StudentError, match=r"f cannot be run by the grader|f runs \['aten::neg'\]"):
        read(program(STEPS[name]))


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"[]", b"null", b"3", b"{}", b'"x"', b"[" * 100_000, b"\xff\xfe", b'{"inputs": 2}'),
        program(ADD, inputs=3),
        program(ADD, result=["v", 3]),
        program(ADD, result=["x", 2]),
        program(ADD, result=[]),
        program(ADD, steps={}),
        program(ADD, named={}),
        program(ADD, kernels=[None]),
        program(*[["constant", "float32", [60], [0.5] * 60, 2 + place] for place in range(5)]),
    ],
)
def test_what_is_no_program_is_refused(data):
    with pytest.raises(StudentError, match="f cannot be run by the grader"):
        read(data)


LAUNCHES = {
    "no grid": {"grid": []},
    "a grid of four": {"grid": [1, 1, 1, 1]},
    "a negative grid": {"grid": [-1]},
    "a grid of numbers with points": {"grid": [1.5]},
    "a grid beyond all GPUs": {"grid": [1 << 20, 1 << 20]},
    "an option of the compiler's": {"options": {"extern_libs": ["l"]}},
    "warps without end": {"options": {"num_warps": 1 << 20}},
    "an argument that the kernel does not take": {"given": {"x": 1}},
    "a descriptor of nothing": {"given": {"a": ["desc", ["v", 9], [1], [1], [1], "zero"]}},
    "a descriptor of other sizes": {"given": {"a": ["desc", ["v", 0], [1, 2], [1], [1], "zero"]}},
    "a text that is code": {"given": {"a": ["s", "__import__('os')"]}},
    "a word of the language that is no dtype": {"given": {"a": ["tl", "inline_asm_elementwise"]}},
}


@pytest.mark.parametrize("name", LAUNCHES)
def test_a_launch_that_is_none_is_refused(name):
    with pytest.raises(StudentError, match="f cannot be run by the grader"):
        read(launch(**LAUNCHES[name]), WITH_KERNELS)


@pytest.mark.parametrize("source", ["b: tl.constexpr", "b: tl.constexpr = None"])
def test_no_tensor_is_a_constant_of_a_kernel(source):
    # In the interpreter it would come as one of torch's, with all that these can do.
    kernel = {**KERNEL, "source": f"def k(a, {source}): tl.store(a, 1)"}
    with pytest.raises(StudentError, match="neither a tensor, a number nor a text"):
        read(program(["launch", 0, [VARIANT]], kernels=[kernel], result=["v", 1]), WITH_KERNELS)


@pytest.mark.parametrize("piece", [b"[],", b"{},", b"0,", b'"",', b"[[[[[[],"])
def test_a_program_of_whatever_is_sent_costs_little_to_refuse(piece):
    data = b'{"steps":[' + piece * (8_000_000 // len(piece)) + b"0]}"
    tracemalloc.start()
    try:
        with pytest.raises(StudentError):
            read(data)
        assert tracemalloc.get_traced_memory()[1] < 128 << 20
    finally:
        tracemalloc.stop()


COMPLEX = ["aten::view_as_complex", [["v", 0]], {}, [2]]
VAST = [["aten::zeros", [["l", 1]], {}, [2]], ["aten::expand", [["v", 2], ["l", 1 << 31, 1 << 31]], {}, [3]]]
HALVES = [["aten::_to_copy", [["v", 0]], {"dtype": ["dtype", "bfloat16"]}, [2]]]
VAST_HALVES = [
    *HALVES,
    ["aten::as_strided", [["v", 2], ["l", 1 << 20, 1 << 20], ["l", 0, 0]], {}, [3]],
]
MANY_AXES = ["aten::empty.memory_format", [["l", *[1] * 100]], {}, [2]]
LOOPS = "".join(f"{' ' * depth}for i{depth} in range(1):\n" for depth in range(1, 30))
LOOPED = f"def k(a, b):\n{LOOPS}{' ' * 30}tl.store(b, 1)"
UNRUNNABLE = {
    "gives complex numbers": program(COMPLEX),
    "gives more numbers than there is memory": program(*VAST, result=["v", 3]),
    "gives more halves than there is memory": program(*VAST_HALVES, result=["v", 3]),
    "leaves an input with more numbers than there is memory": program(
        ["aten::as_strided_", [["v", 0], ["l", 1 << 20, 1 << 20], ["l", 0, 0]], {}, [None]],
        ["aten::neg", [["v", 1]], {}, [2]],
    ),
    "gives more axes than NumPy has": program(MANY_AXES),
    "leaves an input with more axes than NumPy has": program(
        *[["aten::unsqueeze_", [["v", 0], 0], {}, [None]]] * 100, ["aten::neg", [["v", 1]], {}, [2]]
    ),
    "has a constant of another size": program(["constant", "float32", [2], [1.0] * 3, 2]),
    "has a constant beyond its dtype": program(["constant", "int8", [1], [70_000], 2]),
    "names a device by its place": program(
        ["aten::to.device", [["v", 0], ["device"], ["dtype", "float32"]], {}, [2]]
    ),
    "has more loops in one another than Python takes": launch_of(LOOPED),
    "has a star where none may be": launch_of("def k(a, b):\n x = *a"),
    "has an argument twice": launch_of("def k(a, b): tl.load(a, mask=None, mask=None)"),
}


@pytest.mark.parametrize("name", UNRUNNABLE)
def test_a_program_that_cannot_be_run_is_its_authors_fault_and_not_ours(name):
    allowed = WITH_KERNELS if "loop" in name or "star" in name or "twice" in name else ON_ENTRIES
    a, b = torch.randn(2, 2, 2).unbind()
    with pytest.raises(StudentError, match="f, run by the grader: a step of it raises"):
        Replay().run(read(UNRUNNABLE[name], allowed), (a, b))


def test_a_sign_that_torch_has_put_off_is_in_the_answer():
    a, b = torch.randn(2, 2, 2).unbind()
    found, _ = Replay().run(read(program(["aten::_neg_view", [["v", 0]], {}, [2]])), (a, b))
    assert (found == -a.numpy()).all()


SECRET = "x1234567890"


@pytest.mark.parametrize(
    "data",
    [
        program([f"aten::{SECRET}", [["v", 0]], {}, [2]]),
        program([f"{SECRET}::add", [["v", 0]], {}, [2]]),
        program([f"aten::add.{SECRET}", [["v", 0]], {}, [2]]),
        program([f"aten::add.{SECRET * 100_000}", [["v", 0]], {}, [2]]),
        launch_of(f"def {SECRET}(a, c): tl.load(a)"),
        *(
            launch_of(f"def k(a, b): {statement}")
            for statement in (
                f"{SECRET}(a)",
                f"tl.{SECRET}(a)",
                f"a.{SECRET}",
                f"a.T.{SECRET}",
                f"x = '{SECRET}'.y",
            )
        ),
        launch(options={SECRET: 1}),
        launch(given={SECRET: 1}),
        program(
            ["launch", 0, [VARIANT]],
            kernels=[{**KERNEL, "names": {SECRET: ["tl", SECRET]}}],
            result=["v", 1],
        ),
    ],
)
def test_a_refusal_tells_no_name_that_is_the_students_to_choose(data):
    with pytest.raises(StudentError) as caught:
        read(data, WITH_KERNELS)
    assert SECRET not in str(caught.value)
    assert len(str(caught.value)) < 250


def test_of_what_is_not_allowed_so_many_names_are_told_as_the_budget_says():
    from autograder.replay import told

    beyond = ON_ENTRIES.beyond | WITH_PRODUCTS.beyond | WITH_KERNELS.beyond
    assert len(beyond & told._operations()) <= told.BEYOND
    assert len(told._operations()) < told._OPERATIONS
    with pytest.raises(StudentError, match="f runs aten::bmm, aten::conv2d; this task"):
        read(program(ADD, named=["aten::conv2d", "aten::bmm", "aten::mm", "aten::linear"]))


def test_reading_as_many_steps_as_are_allowed_wakes_the_collector_once_at_most():
    add = "aten::add.Tensor"
    steps = [[add, [["v", 0], ["v", 1 + place]], {}, [2 + place]] for place in range(MOST_STEPS)]
    data = program(*steps)
    before = gc.get_stats()[0]["collections"]
    read(data)
    assert gc.isenabled()
    assert gc.get_stats()[0]["collections"] - before <= 2  # it would be hundreds
