"""Using up the machine: memory, descriptors, threads, time."""

from __future__ import annotations

from ...model import Limits
from .probe import CLOCK, family

_MORE_THAN_ALLOWED = {
    "take-much-memory": "return len(bytearray(160 << 20)) > 0",
    "take-memory-bit-by-bit": "return len([bytearray(8 << 20) for _ in range(20)]) == 20",
    "take-memory-by-numpy": "import numpy\nreturn numpy.empty(20 << 20).nbytes > 0",
    "map-much-memory": "return len(mmap.mmap(-1, 160 << 20)) > 0",
    "map-much-private-memory": "return len(mmap.mmap(-1, 160 << 20, flags=mmap.MAP_PRIVATE)) > 0",
    "reserve-all-addresses": "return len(mmap.mmap(-1, 1 << 40, mmap.MAP_PRIVATE | 0x4000, 0)) > 0",
    "write-a-long-text": "return len('x' * (160 << 20)) > 0",
    "compute-a-long-number": "return (1 << (160 << 23)).bit_length() > 0",
    "start-many-threads": """
gate = threading.Event()
threads = [threading.Thread(target=gate.wait) for _ in range(60)]
started = []
try:
    for thread in threads:
        thread.start()
        started.append(thread)
finally:
    gate.set()
    for thread in started:
        thread.join()
return len(started) == 60
""",
}
_FOR_ALL = {"open-many-descriptors": "return len([os.dup(0) for _ in range(200)]) == 200"}
_LONG = {
    "sleep-past-the-end": "time.sleep(1)\nreturn True",
    "compute-past-the-end": "while time.process_time() < 0.8:\n    pass\nreturn True",
    "print-past-the-end": ("while time.process_time() < 0.8:\n    print('x' * 9999)\nreturn True"),
    "refuse-to-be-interrupted": """
end = time.monotonic() + 1
while time.monotonic() < end:
    try:
        time.sleep(1)
    except BaseException:
        pass
return True
""",
    "wait-for-a-lock-past-the-end": "threading.Lock().acquire() or threading.Event().wait(1)\nreturn True",
}
EXHAUSTION = (
    *family("exhaustion", _MORE_THAN_ALLOWED, limits=Limits(memory_mb=96), in_gpu=False),
    *family("exhaustion", _FOR_ALL, in_gpu=False),
    *family("exhaustion", _LONG, stopped_by=CLOCK, limits=Limits(wall_s=0.3)),
)
