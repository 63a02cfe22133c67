"""Hidden tests of a7_frontiers."""
