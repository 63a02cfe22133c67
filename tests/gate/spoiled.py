"""A module for a hand-in: replaces what the reference returns by a value of a wrong kind.

It runs in the worker, so that what comes over the border is what a student's code would send. `WRONG` holds
one function a kind; beyond them a reply is forged.
"""

import collections
import contextlib
import datetime
import decimal
import fractions
import functools
import sys
import types

import numpy as np

from .forged import SECRET, forged

CASE = {"name": "", "place": 0, "kind": 0, "first": 0, "calls": 0}
CLASSES = {}


class Lies:
    __class__ = np.ndarray
    shape, dtype, ndim, size = (2,), np.dtype(float), 1, 2

    def __len__(self):
        return -1  # noqa: PLE0303  # it is meant to be wrong

    def __iter__(self):
        return iter(int, 1)

    def __getattr__(self, name):
        return self

    def __array__(self, *_, **__):
        return np.ones(2)

    def __eq__(self, other):
        return True

    def __bool__(self):
        raise KeyboardInterrupt

    def __repr__(self):
        return SECRET

    __hash__ = None


class Hostile(np.ndarray):
    def __array_ufunc__(self, *_, **__):
        raise SystemExit(SECRET)

    def __eq__(self, other):
        return True

    def __bool__(self):
        return True

    __hash__ = None


class Raises:
    def __getattribute__(self, name):
        raise ValueError(SECRET)


Pair = collections.namedtuple("Pair", "STUDENTS_TEXT other")


def itself(_):
    found = []
    found.append(found)
    return found


def deep(_):
    found = None
    for _ in range(200):
        found = [found]
    return found


def like(right, change):
    return (
        change(np.asarray(right, dtype=float))
        if isinstance(right, np.ndarray | float)
        else change(np.ones(3))
    )


def tensor(make):
    """A wrong kind of torch; where torch does not exist, an exception."""

    def wrong(value):
        import torch

        return make(torch, value if isinstance(value, torch.Tensor) else torch.ones(3, 4))

    return wrong


WRONG = [
    lambda v: None,
    lambda v: True,
    lambda v: SECRET,
    lambda v: "",
    lambda v: "x" * 100_000,
    lambda v: SECRET.encode(),
    lambda v: [v, v],
    lambda v: (v,),
    lambda v: (v, v, v, v, v, v, v, v),
    lambda v: {"a": v, SECRET: v},
    lambda v: {(1, 2): v, None: v, 1.5: v},
    lambda v: {},
    lambda v: [],
    lambda v: (),
    lambda v: [[[]], [1, [2]]],
    lambda v: [1, SECRET, None],
    lambda v: {1, 2},
    lambda v: frozenset([SECRET]),
    lambda v: 10**400,
    lambda v: 2**62,
    lambda v: -1,
    lambda v: 0,
    lambda v: float("nan"),
    lambda v: float("inf"),
    lambda v: -1e308,
    lambda v: 1 + 2j,
    lambda v: np.float32(2),
    lambda v: np.complex128(1j),
    lambda v: np.datetime64("2020-01-01"),
    lambda v: np.array(3.0),
    lambda v: np.array([]),
    lambda v: np.zeros((0, 5)),
    lambda v: np.zeros((0, 10_000)),
    lambda v: np.zeros((1, 0, 3)),
    lambda v: np.ones((3, 1, 2, 1, 2)),
    lambda v: np.ones((1,) * 16),
    lambda v: np.ones((1,) * 20),
    lambda v: np.ones((40_000, 1)),
    lambda v: np.ones((1, 40_000)),
    lambda v: np.ones((1200, 1200), np.float16),
    lambda v: np.full((3, 4), np.nan),
    lambda v: np.array([object(), None], dtype=object),
    lambda v: np.array([(1, 2.0)], dtype=[(SECRET, int), ("b", float)]),
    lambda v: np.array([SECRET, "b"]),
    lambda v: np.array(["2020-01-01"], dtype="datetime64[D]"),
    lambda v: np.array([True, False]),
    lambda v: np.array([1 + 1j, 2]),
    lambda v: np.array([200, 3], np.uint8),
    lambda v: np.array([2**63 + 5], np.uint64),
    lambda v: np.array([1.0], np.longdouble),
    lambda v: np.ma.masked_array([1.0, 2.0], [True, False]),
    lambda v: np.matrix([[1.0, 2.0]]),
    lambda v: np.ones(3).view(Hostile),
    lambda v: np.broadcast_to(np.ones(1), (300, 300)),
    lambda v: like(v, lambda a: a.T),
    lambda v: like(v, lambda a: a[None]),
    lambda v: like(v, lambda a: a[..., None]),
    lambda v: like(v, lambda a: a.ravel()),
    lambda v: like(v, lambda a: a.astype(int)),
    lambda v: like(v, lambda a: a.astype(object)),
    lambda v: like(v, lambda a: a.tolist()),
    lambda v: like(v, lambda a: np.full_like(a, np.nan)),
    lambda v: like(v, lambda a: np.full_like(a, 1e308)),
    lambda v: (each for each in (v, v)),
    lambda v: iter(int, 1),
    lambda v: range(10**12),
    lambda v: lambda *_, **__: v,
    lambda v: Lies,
    lambda v: Lies(),
    lambda v: Raises(),
    lambda v: Pair(v, v),
    itself,
    deep,
    lambda v: ...,
    lambda v: NotImplemented,
    lambda v: ValueError(SECRET),
    lambda v: np,
    lambda v: types.SimpleNamespace(data=v, grad=v),
    lambda v: decimal.Decimal("1.5"),
    lambda v: fractions.Fraction(1, 3),
    lambda v: datetime.datetime(2020, 1, 1),
    lambda v: memoryview(b"abc"),
    lambda v: collections.OrderedDict(a=v),
    lambda v: collections.defaultdict(list),
    lambda v: functools.partial(print, SECRET),
    lambda v: (_ for _ in ()).throw(OverflowError(SECRET)),
    lambda v: sys.exit(SECRET),
    lambda v: contextlib.nullcontext(),
    tensor(lambda torch, v: v.T.contiguous()),
    tensor(lambda torch, v: v[None]),
    tensor(lambda torch, v: v.double() if v.dtype != torch.float64 else v.half()),
    tensor(lambda torch, v: v > 0),
    tensor(lambda torch, v: v.to(torch.int64)),
    tensor(lambda torch, v: v.to(torch.complex64)),
    tensor(lambda torch, v: v.to(torch.bfloat16)),
    tensor(lambda torch, v: v.to(torch.float8_e5m2)),
    tensor(lambda torch, v: torch.full_like(v, float("nan"))),
    tensor(lambda torch, v: torch.empty(0)),
    tensor(lambda torch, v: torch.ones(1 << 14, 1 << 12)),
    tensor(lambda torch, v: torch.ones(1).expand(1 << 20, 1 << 20)),
    tensor(lambda torch, v: torch.ones((1,) * 40)),
    tensor(lambda torch, v: torch.empty(1 << 40, device="meta")),
    tensor(lambda torch, v: v.to_sparse()),
    tensor(lambda torch, v: torch.nn.Parameter(v)),
    tensor(lambda torch, v: v.clone().requires_grad_()),
    tensor(lambda torch, v: v.numpy()),
    tensor(lambda torch, v: v.tolist()),
    tensor(lambda torch, v: v.sum().item()),
    tensor(lambda torch, v: torch.from_numpy(np.ones((3, 4)))),
    tensor(lambda torch, v: v.resize_(0)),
    tensor(lambda torch, v: v.set_(torch.ones(5))),
    tensor(lambda torch, v: torch.nested.nested_tensor([v[0], v[0][:1]])),
    tensor(lambda torch, v: torch.quantize_per_tensor(v.float(), 0.1, 0, torch.qint8)),
]


def choose(name, place, kind, first):
    """From now on spoil that function's answers: a part of them, or all, from a certain call on."""
    CASE.update(name=name, place=place, kind=kind, first=first, calls=0)
    watch_attributes(name)


def spoiled(value):
    """A value with what was chosen of it replaced."""
    CASE["calls"] += 1
    if CASE["calls"] <= CASE["first"]:
        return value
    if CASE["kind"] >= len(WRONG):
        return forged(CASE["kind"]) or value
    wrong, place = WRONG[CASE["kind"]], CASE["place"]
    if place and isinstance(value, tuple | list) and len(value):
        at = place % len(value)
        return type(value)([*value[:at], wrong(value[at]), *value[at + 1 :]])
    if place and isinstance(value, dict) and value:
        key = sorted(value)[place % len(value)]
        return {**value, key: wrong(value[key])}
    return wrong(value)


def spoil(name, function):
    """The function, whose answers can be spoiled under that name."""

    @functools.wraps(function)
    def run(*args, **options):
        value = function(*args, **options)
        return spoiled(value) if CASE["name"] == name else value

    return run


def spoil_class(name, owner):
    """Let methods, operators and attributes of a class be spoiled."""
    CLASSES[name] = owner
    for each, found in list(vars(owner).items()):
        if isinstance(found, types.FunctionType) and each != "__init__":
            setattr(owner, each, spoil(f"{name}.{each}", found))


def watch_attributes(name):
    """Look attributes up by code of our own where one of them is to be spoiled: it is slow."""
    for known, owner in CLASSES.items():
        owner.__getattribute__ = object.__getattribute__
        if name.startswith(f"{known}.") and name.partition(".")[2] not in vars(owner):

            def look_up(self, attribute, known=known):
                value = object.__getattribute__(self, attribute)
                return spoiled(value) if CASE["name"] == f"{known}.{attribute}" else value

            owner.__getattribute__ = look_up
