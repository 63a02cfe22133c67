"""Hand-ins that want to harm those beside them: a function `total` each, bounded in what it can use up.

Each fails on its own: what it would take from others is what is looked at.
"""

HOSTILE = {
    "loops": "def total(x):\n    while True:\n        pass\n",
    "sleeps": "import time\ndef total(x):\n    time.sleep(60)\n",
    "eats": "def total(x):\n    return [bytearray(1 << 24) for _ in range(64)]\n",
    "prints": "def total(x):\n    for _ in range(3000):\n        print('x' * 9999)\n    return 0.5\n",
    "dies": "import os\ndef total(x):\n    os._exit(0)\n",
    "crashes": "import ctypes\ndef total(x):\n    ctypes.string_at(0)\n",
    "aborts": "import os\ndef total(x):\n    os.abort()\n",
    "threads": """
import threading
def total(x):
    def spin():
        while True:
            pass
    for _ in range(8):
        threading.Thread(target=spin, daemon=True).start()
    spin()
""",
    "forges": """
import os, struct
def total(x):
    os.write(3, struct.pack("<IQ", 2, 1 << 60) + b"{}")
    return 1.0
""",
    "returns-much": "import numpy\ndef total(x):\n    return numpy.zeros(3 << 23)\n",
    "signals": "import os, signal\ndef total(x):\n    os.kill(os.getppid(), signal.SIGKILL)\n",
    "patches": """
import numpy, numpy.testing
numpy.testing.assert_allclose = numpy.allclose = lambda *_, **__: True
numpy.seterr(all="raise")
def total(x):
    return 1e9
""",
    "writes": "def total(x):\n    open('/tmp/of-a-student', 'w').write('x')\n    return 0.0\n",
    "breaks-at-import": "raise SystemExit(0)\n",
}
