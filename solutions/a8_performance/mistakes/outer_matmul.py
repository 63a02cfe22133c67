"""Wrong matrix products from operations on entries."""

from __future__ import annotations

from autograder.author import Mistake

_COLUMNS = "a[first : first + rows].T.contiguous().unsqueeze(2).unbind(0)"


def _edit(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="outer_matmul", module="torch_matmul", says=says, old=old, new=new)


WRONG = (
    _edit(
        "P1-last-tile-dropped",
        "The rows after the last full tile stay zero, and a small matrix has no full tile at all. How many "
        "tiles do 7 rows need if a tile takes 3?",
        "for first in range(0, a.shape[0], rows):",
        "for first in range(0, a.shape[0] // rows * rows, rows):",
    ),
    _edit(
        "P1-overwritten",
        "c holds the last outer product only. c is the sum of K of them: what has to happen to those before?",
        "tile.addcmul_(column, row)",
        "tile.copy_(column * row)",
    ),
    _edit(
        "P1-starts-at-the-second-product",
        "The product of the first column of a and the first row of b is left out. Which k does your loop "
        "start with?",
        "zip(columns, b_rows, strict=True)",
        "zip(columns[1:], b_rows[1:], strict=True)",
    ),
    _edit(
        "P2-reshape-for-transpose",
        "The columns of a are not columns: reshape keeps the order of the entries in memory and only cuts it "
        "elsewhere. What does .T do that reshape does not?",
        _COLUMNS,
        "a[first : first + rows].reshape(a.shape[1], -1, 1).unbind(0)",
    ),
    _edit(
        "P2-memory-order-assumed",
        "Your product is right until b is a transposed view: you read its memory as if its rows lay one "
        "after the other. Which method gives a copy for which that is true?",
        "b.contiguous().unbind(0)",
        "b.as_strided(b.shape, (b.shape[1], 1)).unbind(0)",
    ),
    _edit(
        "P3-always-float32",
        "Products of float64 come back as float32. torch.zeros makes float32 unless told otherwise: which "
        "dtype should c have?",
        "torch.zeros((a.shape[0], b.shape[1]), dtype=a.dtype)",
        "torch.zeros((a.shape[0], b.shape[1]))",
    ),
    _edit(
        "P4-axes-not-counted",
        "A vector or a batch in place of a matrix is not refused with ValueError. What is a.shape[1] if a "
        "has one axis?",
        "if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:",
        "if a.shape[1] != b.shape[0]:",
    ),
    _edit(
        "P4-assert-for-the-caller",
        "Sizes that do not fit raise AssertionError. An assert checks your own code and can be switched off: "
        "which exception does the docstring promise to callers?",
        "raise ValueError(",
        "raise AssertionError(",
    ),
    _edit(
        "P5-transposed-in-place",
        "After the call the caller's a is transposed: methods that end in an underscore work in place. Which "
        "one gives a view instead?",
        _COLUMNS,
        "a.t_()[:, first : first + rows].contiguous().unsqueeze(2).unbind(0)",
    ),
    _edit(
        "P6-product-of-the-library",
        "torch.outer is one of the library's products, and this task does without them. Which shapes must a "
        "column and a row have so that * gives all of their products?",
        "tile.addcmul_(column, row)",
        "tile.add_(torch.outer(column[:, 0], row))",
    ),
)
