"""A module for a hand-in: makes what the functions of the others return as large as it may be, or larger."""

import functools
import types

import numpy as np

WAYS = ("more rows", "more columns", "in bytes", "in halves", "many")


def enlarge(space, way, size):
    """Replace every function of a module, and every method of its classes, by one whose answers are large."""
    for name, found in list(space.items()):
        if getattr(found, "__module__", "") != space["__name__"]:
            continue
        if isinstance(found, types.FunctionType):
            space[name] = _large(found, way, size)
        elif isinstance(found, type):
            for member, method in list(vars(found).items()):
                if isinstance(method, types.FunctionType) and member != "__init__":
                    setattr(found, member, _large(method, way, size))


def _large(function, way, size):
    @functools.wraps(function)
    def run(*args, **options):
        value = function(*args, **options)
        parts = _arrays(value)
        return _grown(value, way, size // parts) if parts else value

    return run


def _is_array(value):
    return type(value).__name__ in ("ndarray", "Tensor") and hasattr(value, "dtype")


def _arrays(value):
    if type(value) in (tuple, list):
        return sum(map(_arrays, value))
    return sum(map(_arrays, value.values())) if type(value) is dict else int(_is_array(value))


def _grown(value, way, size):
    if type(value) in (tuple, list):
        return type(value)(_grown(each, way, size) for each in value)
    if type(value) is dict:
        return {key: _grown(each, way, size) for key, each in value.items()}
    return _array(value, way, size) if _is_array(value) else value


def _array(value, way, size):
    library, item = np, value.dtype.itemsize
    if not isinstance(value, np.ndarray):
        import torch as library
    shape, dtype = tuple(value.shape), value.dtype
    if way in ("in bytes", "in halves"):
        dtype, item = (library.uint8, 1) if way == "in bytes" else (library.float16, 2)
    times = max(1, size // (item * max(1, int(np.prod(shape)))))
    if way == "many" and library is np:
        return [value] * min(times, 4000)
    return library.ones((*shape, times) if way == "more columns" else (times, *shape), dtype=dtype)
