"""What students hand in, found and read into memory: folders, archives, files, notebooks, whole classes."""

from .files import EXHAUSTED, Caps
from .find import HandIn, find_hand_ins
from .plan import load_plan
from .read import read_submission

__all__ = ["EXHAUSTED", "Caps", "HandIn", "find_hand_ins", "load_plan", "read_submission"]
