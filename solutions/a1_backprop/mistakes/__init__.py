"""Wrong and right solutions of a1_backprop."""

from __future__ import annotations

from . import autograd, gradcheck, layers, losses, right, right_graphs, shallow

WRONG = (*layers.WRONG, *losses.WRONG, *shallow.WRONG, *autograd.WRONG, *gradcheck.WRONG)
RIGHT = (*right.RIGHT, *right_graphs.RIGHT)
