"""Wrong and right solutions of a6_generative."""

from __future__ import annotations

from autograder.author import rewritten as make

from . import autoencoder, gan, rewritten, right

WRONG = (*autoencoder.WRONG, *gan.WRONG)
RIGHT = right.RIGHT
REWRITTEN = make(WRONG, RIGHT, rewritten.EDITS)
