"""Hidden tests of convolutional networks."""
