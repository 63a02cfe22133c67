"""Hidden tests on the reference: `pytest solutions/a4_cnn/graders`."""

import os
from pathlib import Path

pytest_plugins = ["autograder.grading.authoring", "autograder.speed.authoring"]

if not Path("/dev/nvidiactl").exists():  # kernels run without a GPU where Triton interprets them
    os.environ.setdefault("TRITON_INTERPRET", "1")
