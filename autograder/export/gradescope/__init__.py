"""Gradescope: our engine as an autograder zip, and what runs there."""
