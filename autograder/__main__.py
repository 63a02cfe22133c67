"""`python -m autograder`: the command `dlc`."""

from .cli import main

main()
