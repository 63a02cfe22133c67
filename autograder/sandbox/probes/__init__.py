"""Attacks that student code might try. Each must fail, and each succeeds where what stops it is off."""

from .border import BORDERS
from .exhaustion import EXHAUSTION
from .introspection import INTROSPECTION
from .kernel import KERNEL
from .network import NETWORK
from .others import OTHERS
from .probe import BORDER, CLOCK, LAYERS, PROCESS, Probe
from .processes import PROCESSES
from .reading import READING
from .run import run_probes, succeeds
from .signals import SIGNALS
from .stage import staged
from .writing import WRITING

PROBES = (
    *(*READING, *OTHERS, *WRITING, *NETWORK, *PROCESSES, *SIGNALS, *KERNEL),
    *(*EXHAUSTION, *INTROSPECTION, *BORDERS),
)

__all__ = [
    "BORDER",
    "CLOCK",
    "LAYERS",
    "PROBES",
    "PROCESS",
    "Probe",
    "run_probes",
    "staged",
    "succeeds",
]
