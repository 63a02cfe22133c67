"""The same examples in every run, so that a change is judged by what it changed.

HYPOTHESIS_PROFILE=explore looks for new ones.
"""

import importlib.util
import os
from pathlib import Path

if importlib.util.find_spec("hypothesis") is None:
    # A bare GPU machine has only what the tests of kernels need.
    collect_ignore = [each.name for each in Path(__file__).parent.iterdir() if each.name != "gpu"]
else:
    from hypothesis import settings

    settings.register_profile("repeatable", derandomize=True, deadline=None)
    settings.register_profile("explore", deadline=None, max_examples=500)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
    # Our own kernels run in Triton's interpreter in this process, which has to be said before its import.
    os.environ.setdefault("TRITON_INTERPRET", "1")
