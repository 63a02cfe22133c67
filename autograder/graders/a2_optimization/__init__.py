"""Hidden tests of optimization."""
