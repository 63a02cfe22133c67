"""Isolation of student code: a zygote forks locked-down workers, a proxy calls into them."""

from .clock import Budget, Use
from .gpu_access import GPU_VARIABLES
from .plan import LoadPlan
from .remote import Remote
from .sandbox import Sandbox

__all__ = ["GPU_VARIABLES", "Budget", "LoadPlan", "Remote", "Sandbox", "Use"]
