"""Speed, measured by a process in which no student code runs: the fixtures `race` and `compiler`.

What a hidden test needs is here. The core knows nothing of this package: `engine/assembly.py` puts it beside
an assignment whose tasks have parts "speed" or "compiles". What has to run in a student's worker lies with
all that does, in `sandbox/inside`: `compiling.py`, `device.py` and `nothing.py`; what a worker for a GPU may
do is a matter of isolation, and stands in `sandbox/gpu_access.py`.

Races are between functions of NumPy or of torch, and kernels are Triton's: buffers on a GPU, its clock and
its compiler are asked for by these frameworks' own names, in this package and there.
"""

from .array_spec import ArraySpec
from .compiler import Compiler, Variant, assert_launchable
from .contest import Contest
from .curve import Curve
from .paired import Rule
from .race import Race
from .roofline import Work
from .size import Size

__all__ = [
    "ArraySpec",
    "Compiler",
    "Contest",
    "Curve",
    "Race",
    "Rule",
    "Size",
    "Variant",
    "Work",
    "assert_launchable",
]
