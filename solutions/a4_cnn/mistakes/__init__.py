"""Wrong and right solutions of a4_cnn."""

from __future__ import annotations

from . import batchnorm, conv, convnet, im2col, pool, right_norms, right_windows, spatial

WRONG = (*conv.WRONG, *im2col.WRONG, *pool.WRONG, *batchnorm.WRONG, *spatial.WRONG, *convnet.WRONG)
RIGHT = (*right_windows.RIGHT, *right_norms.RIGHT)
