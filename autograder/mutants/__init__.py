"""Wrong versions of a course's own solutions, made by one small change each."""

from .mutants import Mutant, mutants_of, mutants_of_tasks

__all__ = ["Mutant", "mutants_of", "mutants_of_tasks"]
