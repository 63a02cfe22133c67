"""Assignments and grades as other graders take them: nbgrader and otter."""
