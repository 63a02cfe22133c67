"""Hidden tests of regularization."""
