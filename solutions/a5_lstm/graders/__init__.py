"""Hidden tests of recurrent networks."""
