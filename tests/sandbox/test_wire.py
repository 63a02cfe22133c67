"""What crosses comes out as it went in, and nothing that is sent can do harm."""

from __future__ import annotations

import contextlib
import json
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.inside.wire import (
    MAX_DEPTH,
    MAX_NODES,
    PREFIX,
    Decoder,
    Encoder,
    Stays,
    WireError,
    pack,
    parse_header,
    refuse,
)

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=40)
ARRAYS = hnp.arrays(
    st.sampled_from(
        ["?", "i1", "u1", "<i2", "<i4", "<i8", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16", ">f8", ">i4"]
    ),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)
VALUES = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


def sent(value, **options):
    """The value after a journey through bytes."""
    encoder = Encoder(refuse, **options)
    data = b"".join(pack(encoder.encode(value), encoder.payload))
    header, payload = PREFIX.unpack(data[: PREFIX.size])
    text, rest = data[PREFIX.size : PREFIX.size + header], data[PREFIX.size + header :]
    assert len(rest) == payload
    decoder = Decoder(bytearray(rest), {}, **options)
    found = decoder.decode(parse_header(text))
    decoder.finish()
    return found


def same(left, right):
    if isinstance(left, np.ndarray):
        assert type(right) is np.ndarray
        assert left.shape == right.shape
        assert left.dtype == right.dtype.newbyteorder(left.dtype.byteorder)
        assert left.astype(right.dtype).tobytes() == right.tobytes()
        assert right.flags.owndata
        assert right.flags.writeable
    elif isinstance(left, (list, tuple)):
        assert type(left) is type(right)
        for pair in zip(left, right, strict=True):
            same(*pair)
    elif isinstance(left, dict):
        assert list(left) == list(right)
        for key in left:
            same(left[key], right[key])
    else:
        assert type(left) is type(right)
        assert left == right or (left != left and right != right)


@given(VALUES)
@settings(deadline=None)
def test_values_come_out_as_they_went_in(value):
    same(value, sent(value))
    same(value, sent(value, repeats=True))


def test_arrays_of_any_layout_come_out_equal():
    base = np.arange(24.0).reshape(2, 3, 4)
    for array in (
        base.T,
        base[:, ::2],
        base[::-1],
        np.asfortranarray(base),
        np.broadcast_to(base[0], (5, 3, 4)),
    ):
        same(np.array(array), sent(array))


def test_a_repeated_array_comes_out_as_arrays_of_their_own():
    x = np.ones(3)
    first, second, _ = sent([x, x, np.zeros(2)], repeats=True)
    first[0] = 7
    assert second.tolist() == [1, 1, 1]


def test_arrays_that_come_again_in_any_order_stay_themselves():
    x, y, z = np.zeros(2), np.ones((2, 3)), np.full(4, 2.0)
    for values in ([x, x, y, z, y], [x, x, x], [x, y, x, y, z, z, x]):
        same(values, sent(values, repeats=True))


@pytest.mark.parametrize(
    "value",
    [object(), {1.5: 2}, 2**70, "x" * 20_000, {1, 2}, b"bytes", np.array([object()]), np.ma.array([1])],
)
def test_what_is_no_plain_data_stays(value):
    with pytest.raises(Stays):
        Encoder(refuse).encode(value)


def test_what_is_too_deep_or_too_much_stays():
    deep = []
    for _ in range(MAX_DEPTH + 2):
        deep = [deep]
    for value in (deep, list(range(MAX_NODES + 1))):
        with pytest.raises(Stays):
            Encoder(refuse).encode(value)


JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=15,
)
TAGGED = st.tuples(
    st.sampled_from(list("aslTtdhgcrx")), JSON | st.sampled_from(["<f8", "|O8", ">f8", "<f9"]), JSON
).map(list)


@given(JSON | TAGGED | st.lists(TAGGED, max_size=3).map(lambda parts: ["l", *parts]), st.binary(max_size=64))
@settings(deadline=None, max_examples=400)
def test_whatever_is_sent_is_a_value_or_refused(header, payload):
    decoder = Decoder(payload, {"h": lambda number, name: ("h", number, name)})
    try:
        decoder.decode(header)
        decoder.finish()
    except WireError:
        pass


@given(st.binary(max_size=200))
def test_noise_is_no_header(noise):
    with contextlib.suppress(WireError):
        parse_header(noise)


@pytest.mark.parametrize(
    "header",
    [
        ["a", "<f8", [-1, 2]],
        ["a", "<f8", [2**62, 2**62]],
        ["a", "|O8", [1]],
        ["a", "<f8", [2]],
        ["a", "<f8", [0, 2**40]],
        ["a", "<f8", [0, 20000, 20000, 20000, 20000, 20000]],
        ["a", "|b1", [1000, 0, 1000]],
        ["a", "<f8", [1] * 17],
        ["T", "<f8", [0, 2**62, 2**62], "tensor"],
        ["a", "<f8", [True]],
        ["a", "<f8", 3],
        ["a", "<M8[s]", [1]],
        ["r", 0],
        ["g", 1],
        ["c", 0],
        ["d", [[1, 2], 3]],
        ["d", 5],
        [],
        [[]],
        10**400,
    ],
    ids=repr,
)
def test_a_lying_header_is_refused(header):
    with pytest.raises(WireError):
        Decoder(b"\0" * 8, {}).decode(header)


@pytest.mark.parametrize(
    "text", [b"{} {}", b"{}]", b" {}", b"{}\n", b"", '{"n":"é"}'.encode(), b"\xff\xfe{\0}\0", b"{}\0"]
)
def test_a_header_is_one_value_in_ascii_and_nothing_else(text):
    assert parse_header(b'{"n":1}') == {"n": 1}
    with pytest.raises(WireError):
        parse_header(text)


def test_a_shape_of_very_many_axes_is_refused_before_its_size_is_computed():
    began = time.process_time()
    with pytest.raises(WireError, match="no shape"):
        Decoder(b"", {}).decode(["a", "<f8", [2**62] * 40_000])
    assert time.process_time() - began < 1  # the product of these takes seconds


def test_headers_too_deep_are_refused_without_recursion_trouble():
    with pytest.raises(WireError):
        parse_header(b"[" * 100_000)
    nested = json.loads("[" * 200 + "1" + "]" * 200)
    with pytest.raises(WireError):
        Decoder(b"", {}).decode(nested)
