"""Hidden tests, one folder for each assignment."""
