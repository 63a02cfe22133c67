"""Programs that no recorder would write: right ones with some of it replaced, in text or in meaning."""

from __future__ import annotations

import copy
import json

from tests.course_code import hidden

_KNOWN = hidden("a8_performance", "operations")
ON_ENTRIES, WITH_KERNELS, WITH_PRODUCTS = _KNOWN.ON_ENTRIES, _KNOWN.WITH_KERNELS, _KNOWN.WITH_PRODUCTS
SECRET = "STUDENTS_TEXT"
OPERATIONS = sorted(ON_ENTRIES.operations | WITH_KERNELS.operations | WITH_PRODUCTS.operations)
OVERLOADS = ["", "", ".default", ".Tensor", ".Scalar", ".out", ".int", ".dim_IntList", ".self", f".{SECRET}"]
SIZES = [0, 1, 2, 3, 7, 20_000, 1 << 20, 1 << 31, 1 << 40, 1 << 62, (1 << 63) - 1, -1, -(1 << 40)]
NUMBERS = [*SIZES, 1 << 63, 1 << 64, 10**400, -(10**400), True, False, 0.5, -0.0, 1e308, float("nan")]
TEXTS = [
    "",
    "v",
    "l",
    "floor",
    SECRET,
    SECRET * 50,
    "x" * 100_000,
    "\ud800",
    "\u202e",
    "aten::add",
    "\0",
    "__",
]
DTYPES = ["float16", "float32", "float64", "bfloat16", "int8", "int64", "bool", "complex64", "uint16", SECRET]
STATEMENTS = [
    "pass",
    "while a: a = a",
    f"{SECRET}(a)",
    f"tl.{SECRET}(a)",
    f"tl.load(a).{SECRET}",
    "tl.store(a, 1)",
    "tl.store(a + tl.arange(0, 1 << 20), 1)",
    "tl.store(a + 1000000, tl.load(a - 1000000))",
    "x = tl.zeros((1 << 15, 1 << 15), tl.float32)",
    "x = tl.arange(0, 3)",
    "x = 1 // 0",
    "x = 1 << (1 << 40)",
    "x = (1,) * 10000000000",
    "x = 'x' * 10000000000",
    "x = 9 ** 9 ** 9",
    "return a",
    "for i in range(3): a = a * a",
    "x = [a, [a, [a]]]",
    "x = tl.dot(a, a)",
    "x = k(a)",
    "x = a[None, :, None]",
    "x = f'{a}'",
    "é = 1",
    f"x = '{SECRET}'",
    "tl.static_assert(False, 'x')",
    "a.T",
    "x = tl.full((4,), float('nan'), tl.float16)",
    "x" + "\n x" * 2_000,
    "x = " + "-" * 5_000 + "1",
    "x = " + "(" * 500 + "1" + ")" * 500,
    "\0",
]


def wrong(rng, program):
    """A program as text, with some of it wrong; `program` is a right one, as JSON says it."""
    told = copy.deepcopy(program)
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        told = rng.choice([_replaced, _replaced, _moved, _step, _step, _kernel, _launch, _result])(rng, told)
    text = json.dumps(told).encode("utf-8", "surrogatepass")
    return _bytes(rng, text) if rng.random() < 0.1 else text


def _bytes(rng, text):
    at = rng.randrange(len(text))
    return rng.choice(
        [
            text[:at],
            text[:at] + rng.randbytes(3) + text[at:],
            text[:at] + text[at + 1 :],
            text + text,
            b"\xef\xbb\xbf" + text,
            b"[" * 100_000,
            b'{"steps":[' + b"[]," * 100_000 + b"0]}",
            b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
            b'{"inputs":' + b"9" * 10_000 + b"}",
            rng.randbytes(100),
        ]
    )


def _nodes(told, most=4000):
    """(container, key) of every part."""
    found, waiting = [], [told]
    while waiting and len(found) < most:
        here = waiting.pop()
        keys = list(here) if type(here) is dict else range(len(here)) if type(here) is list else ()
        found += [(here, key) for key in keys]
        waiting += [here[key] for key in keys]
    return found


def _value(rng, depth=0):
    some = rng.randrange(12)
    if some < 3:
        return rng.choice(NUMBERS)
    if some < 5:
        return rng.choice(TEXTS)
    if some < 7:
        return ["v", rng.choice([0, 1, 2, 5, 10**6, -1, True, 1.0, "0", None, [0]])]
    if some < 9:
        return ["l", *(rng.choice(SIZES) for _ in range(rng.randrange(6)))]
    if some == 9:
        return [rng.choice(["dtype", "s", "tl", "format", "desc", SECRET]), rng.choice(DTYPES + TEXTS)]
    if some == 10 and depth < 3:
        return {rng.choice(TEXTS[:5]): _value(rng, depth + 1) for _ in range(rng.randrange(3))}
    nested = None
    for _ in range(rng.choice([0, 1, 50, 400])):
        nested = [nested]
    return rng.choice([None, [], {}, ["device"], ["layout"], ["format", "channels_last"], nested])


def _replaced(rng, told):
    nodes = _nodes(told)
    if nodes:
        here, key = rng.choice(nodes)
        here[key] = _value(rng)
    return told


def _moved(rng, told):
    """A part that is missing, there twice, or in the place of another."""
    nodes = [(here, key) for here, key in _nodes(told) if type(here) is list and here]
    if not nodes:
        return told
    here, key = rng.choice(nodes)
    where, other = rng.choice(nodes)
    way = rng.randrange(4)
    if way == 0 and key < len(here):
        del here[key]
    elif way == 1 and key < len(here):
        here[key:key] = here[key : key + 1] * rng.choice([1, 30])
    elif key < len(here) and other < len(where):
        here[key], where[other] = copy.deepcopy(where[other]), copy.deepcopy(here[key])
    return told


def _step(rng, told):
    """A step more, of an operation that may run, with arguments drawn for it."""
    steps = told.get("steps") if type(told) is dict else None
    if type(steps) is not list:
        return told
    count = told["inputs"] if type(told.get("inputs")) is int else 1
    for step in steps:
        count += _gives(step)
    sources = [["v", rng.randrange(max(1, min(count, 1000)))] for _ in range(3)]
    dtype = ["dtype", rng.choice(DTYPES)]
    shape = ["l", *(rng.choice(SIZES) for _ in range(rng.randrange(1, 5)))]
    step = rng.choice(
        [
            [rng.choice(OPERATIONS) + rng.choice(OVERLOADS), sources[: rng.randrange(4)], {}, [count]],
            ["aten::zeros", [shape], {"dtype": dtype}, [count]],
            ["aten::expand", [sources[0], shape], {}, [count]],
            ["aten::as_strided", [sources[0], shape, shape, rng.choice(SIZES)], {}, [count]],
            ["aten::view", [sources[0], shape], {}, [count]],
            ["aten::repeat", [sources[0], shape], {}, [count]],
            ["aten::unsqueeze_", [sources[0], rng.choice(SIZES)], {}, [None]],
            ["aten::_to_copy", [sources[0]], {"dtype": dtype}, [count]],
            ["aten::view_as_complex", [sources[0]], {}, [count]],
            ["aten::mul_.Scalar", [sources[0], rng.choice(NUMBERS)], {}, [None]],
            ["aten::add.out", sources[:2], {"out": sources[2]}, [None]],
            ["aten::split.Tensor", [sources[0], rng.choice(SIZES)], {}, [count, count + 1]],
            ["aten::index.Tensor", [sources[0], ["l", *sources]], {}, [count]],
            ["aten::cat", [["l", *sources * rng.choice([1, 1000])], 0], {}, [count]],
            ["constant", rng.choice(DTYPES), shape[1:], [rng.choice(NUMBERS)], count],
            ["item", sources[0], count],
        ]
    )
    steps.append(step)
    if rng.random() < 0.2 and _gives(step) == 1:
        vast = rng.choice([[1 << 20, 1 << 20], [1 << 31, 1 << 31], [1 << 14, 1 << 14]])
        zeros = [0] * len(vast)
        steps.append(["aten::as_strided", [["v", count], ["l", *vast], ["l", *zeros]], {}, [count + 1]])
        count += 1
    if rng.random() < 0.8:
        told["result"] = ["v", count]
    return told


def _gives(step):
    if type(step) is not list or not step or type(step[-1]) is not list:
        return 1 if type(step) is list and step and step[0] in ("item", "constant") else 0
    return 0 if step[0] == "launch" else sum(each is not None for each in step[-1])


def _kernel(rng, told):
    kernels = told.get("kernels") if type(told) is dict else None
    if not kernels or type(kernels) is not list or type(kernels[0]) is not dict:
        return told
    here = rng.choice([each for each in kernels if type(each) is dict])
    source = here.get("source")
    if type(source) is not str:
        return told
    lines, statement = source.split("\n"), rng.choice(STATEMENTS)
    at = rng.randrange(1, len(lines) + 1)
    way = rng.randrange(4)
    if way == 0:
        here["source"] = "\n".join([*lines[:at], f"    {statement}", *lines[at:]])
    elif way == 1:
        here["source"] = f"def k(a):\n    {statement}\n"
    elif way == 2:
        cut = rng.randrange(len(source) + 1)
        here["source"] = source[:cut] + rng.choice([" ", "(", "tl.", SECRET, "\n", "1"]) + source[cut + 1 :]
    else:
        here["names"] = {rng.choice(["tl", "x", SECRET]): _value(rng)}
    return told


def _launch(rng, told):
    steps = told.get("steps") if type(told) is dict else None
    launches = [each for each in steps or () if type(each) is list and each and each[0] == "launch"]
    if not launches:
        return told
    variants = rng.choice(launches)[-1]
    if type(variants) is not list or not variants or type(variants[0]) is not dict:
        return told
    here = rng.choice([each for each in variants if type(each) is dict])
    key = rng.choice(["grid", "given", "options"])
    if key == "grid":
        here["grid"] = [rng.choice([0, 1, 2, 64, 1 << 12, 1 << 31, -1]) for _ in range(rng.randrange(5))]
    elif type(here.get(key)) is dict and here[key]:
        here[key][rng.choice([*here[key], SECRET])] = _value(rng)
    return told


def _result(rng, told):
    if type(told) is dict:
        told["result"] = rng.choice([["v", rng.choice([0, 1, 2, 10**9, -1])], None, _value(rng)])
    return told
