"""Wrong and right solutions of a6_generative."""

from __future__ import annotations

from . import autoencoder, gan, right

WRONG = (*autoencoder.WRONG, *gan.WRONG)
RIGHT = right.RIGHT
