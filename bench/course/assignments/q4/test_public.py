"""No public tests: this assignment is for measuring."""
