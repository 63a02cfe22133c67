"""Public tests of a8_performance."""
