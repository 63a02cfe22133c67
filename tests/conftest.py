"""The same examples in every run, so that a change is judged by what it changed.

HYPOTHESIS_PROFILE=explore looks for new ones.
"""

import os

from hypothesis import settings

# Our own kernels run in Triton's interpreter in this process, which has to be said before its import.
os.environ.setdefault("TRITON_INTERPRET", "1")
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
