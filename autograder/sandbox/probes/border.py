"""Replies that no honest worker sends.

What stops these is the strict reader of the grader's end; one that trusts what it reads takes harm.
"""

from __future__ import annotations

from ...model import Limits
from .probe import BORDER, family

_FORGED = {
    "claim-a-vast-payload": "forge(b'{}', size=1 << 60)",
    "claim-a-vast-header": "os.write(3, struct.pack('<IQ', 0xFFFFFFFF, 0))",
    "send-no-header": "forge(b'{\"n\": ')",
    "send-a-header-of-no-text": "forge(bytes(range(128, 255)))",
    "send-a-deep-header": "forge(b'[' * 100_000)",
    "send-a-header-of-another-kind": "forge(b'[1, 2, 3]')",
    "send-a-long-number": "forge(b'{\"n\": %s}' % (b'9' * 50_000))",
    "send-a-vast-shape": "answer(['a', '<f8', [1 << 40]])",
    "send-a-shape-that-multiplies": "answer(['a', '<f8', [0] + 5 * [20_000]])",
    "send-a-negative-shape": "answer(['a', '<f8', [-1]], bytes(8))",
    "send-a-shape-of-words": "answer(['a', '<f8', ['8']], bytes(64))",
    "send-an-array-of-objects": "answer(['a', '|O', [1]], bytes(8))",
    "send-an-array-of-records": "answer(['a', [['f', '<f8']], [1]], bytes(8))",
    "send-a-pickle": ("import pickle\nanswer(['pickle', 0], pickle.dumps(print))"),
    "send-more-than-was-said": "answer(True, bytes(8))",
    "send-many-values": "answer(['l', *range(40_000)])",
    "send-a-nest": "value = 1\nfor _ in range(200):\n    value = ['l', value]\nanswer(value)",
    "send-a-dict-with-a-dict-as-key": "answer(['d', [['d'], 1]])",
    "send-a-text-without-end": "answer('x' * 500_000)",
    "send-an-object-of-a-made-up-kind": "answer(['h', 'zero', {'name': 'x'}])",
    "send-a-function-of-the-graders": "answer(['c', 0])",
    "answer-another-question": "forge(json.dumps({'n': number() + 7, 'value': True}).encode())",
    "answer-with-an-error-of-no-kind": "forge(json.dumps({'n': number(), 'error': 'x'}).encode())",
    "call-what-does-not-exist": (
        "forge(json.dumps({'callback': 99, 'args': ['t'], 'options': ['d']}).encode())"
    ),
    "call-backwards": "forge(json.dumps({'callback': -1, 'args': ['t'], 'options': ['d']}).encode())",
    "call-with-a-name-that-is-none": (
        "forge(json.dumps({'callback': 0, 'args': ['t'], 'options': ['d', [1, 2]]}).encode())"
    ),
    "point-the-channel-elsewhere": "os.write(3, b'?')\nos.dup2(1, 3)",
}
_HALF = {
    "send-half-a-message": "os.write(3, struct.pack('<IQ', 99, 0))\ntime.sleep(9)",
    "send-a-byte-now-and-then": "while True:\n    os.write(3, b'\\0\\0\\0\\1')\n    time.sleep(0.05)",
}
BORDERS = (
    *family("border", _FORGED, stopped_by=BORDER, in_gpu=False),
    *family("border", _HALF, stopped_by=BORDER, limits=Limits(wall_s=0.3), in_gpu=False),
)
