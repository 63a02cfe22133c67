"""Notebooks written for other graders, turned into assignments of a course here."""
