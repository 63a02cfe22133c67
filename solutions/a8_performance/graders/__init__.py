"""Hidden tests of a8_performance."""
