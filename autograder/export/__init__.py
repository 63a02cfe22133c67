"""Assignments and grades as other tools take them: graders of notebooks, platforms, gradebooks."""
