"""Isolation of student code: a zygote forks locked-down workers, a proxy calls into them."""

from .plan import LoadPlan

__all__ = ["LoadPlan"]
