"""Isolation of student code: a zygote forks locked-down workers, a proxy calls into them."""

from .plan import LoadPlan
from .remote import Remote
from .sandbox import Sandbox
from .tiers import GPU_VARIABLES

__all__ = ["GPU_VARIABLES", "LoadPlan", "Remote", "Sandbox"]
