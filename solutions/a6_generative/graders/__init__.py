"""Hidden tests of generative networks."""
