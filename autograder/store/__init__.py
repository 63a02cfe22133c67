"""Where results are kept, and who has which hand-in until its result is there."""

from .folder import Folder
from .ledger import ATTEMPTS, Lease, Ledger
from .results import read_graded
from .store import Store

__all__ = ["ATTEMPTS", "Folder", "Lease", "Ledger", "Store", "read_graded"]
