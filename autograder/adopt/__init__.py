"""Turns notebooks written for nbgrader or otter into courses of this project."""
