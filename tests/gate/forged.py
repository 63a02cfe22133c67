"""A module for a hand-in: writes to the grader what no worker would send, in the place of a reply.

The text in it that must reach nobody is `SECRET`.
"""

import contextlib
import json
import os
import random
import struct
import sys

SECRET = "STUDENTS_TEXT"


def forged(seed):
    """Write to the grader what no worker would send, in the place of a reply."""
    rng = random.Random(seed)
    frame = sys._getframe()
    while "request" not in frame.f_locals or "header" not in frame.f_locals:
        frame = frame.f_back
    number = frame.f_locals["request"]["n"]
    text = (
        json.dumps(_header(rng, number)).encode() if rng.random() < 0.9 else rng.randbytes(rng.randrange(60))
    )
    payload = bytes(rng.choice([0, 0, 8, 40, 1000, 300_000]))
    sizes = (len(text), len(payload))
    if rng.random() < 0.1:
        sizes = (rng.choice([0, 1, len(text), 2**31]), rng.choice([0, 5, 2**40, 2**63]))
    os.write(3, struct.pack("<IQ", *sizes) + text)
    with contextlib.suppress(OSError):
        os.write(3, payload)
    if rng.random() < 0.5:
        os._exit(0)


def _header(rng, number):
    value = _value(rng, 0)
    line = rng.choice([1, -1, 0, 10**18, 10**300, None, "1"])
    error = {
        "type": rng.choice(["ValueError", SECRET, 3]),
        "file": rng.choice(["conv.py", SECRET, ""]),
        "line": line,
    }
    error |= rng.choice([{}, {"detail": value}, {"errno": value}, {"text": value}])
    return rng.choice(
        [
            {"n": number, "value": value},
            {"n": number, "value": value},
            {"n": number, "value": value},
            {"n": number, "error": rng.choice([error, value])},
            {"n": number, "refused": value},
            {"n": rng.choice([number + 1, None, "1"]), "value": value},
            {"callback": rng.choice([0, 1, -1, 10**9, None, "0"]), "args": value, "options": ["d"]},
            {"callback": 0, "args": ["t", value], "options": ["d", ["x", value]]},
            {},
            value,
        ]
    )


def _value(rng, depth):
    some = rng.randrange(14)
    if some < 4:
        shape = [
            rng.choice([0, 0, 1, 2, 5, 20_000, 2**31, 2**62, -1, True, 1.5]) for _ in range(rng.randrange(7))
        ]
        kind = rng.choice(["<f8", "<f8", "|b1", "<c16", "|O8", ">f8", "<M8[s]", 3])
        return [rng.choice("aasT"), kind, rng.choice([shape, shape, shape, None])]
    if some < 8 and depth < 4:
        return [rng.choice("tltld"), *(_value(rng, depth + 1) for _ in range(rng.randrange(5)))]
    simple = [None, True, 1, 0, -1, 2**62, 2**64, 10**400, 0.5, float("nan"), SECRET, "", [], [[]], {}]
    tagged = [
        ["h", 1, SECRET],
        ["h", -1, "list"],
        ["h", [], {}],
        ["h"],
        ["g", 1],
        ["c", 0],
        ["r", 0],
        ["p", [0], 1],
    ]
    return rng.choice(simple + tagged)
