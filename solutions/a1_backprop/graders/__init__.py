"""Hidden tests of a1_backprop."""
