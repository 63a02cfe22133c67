"""Hidden tests of a2_optimization."""
