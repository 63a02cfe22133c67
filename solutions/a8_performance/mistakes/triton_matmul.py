"""Wrong matrix products in Triton."""

from __future__ import annotations

from autograder.author import Mistake

_DOT = "sums = tl.dot(a, b, sums, input_precision=PRECISION)\n        a_ptrs"
_TILE = "row, column = grouped_tile(tl.program_id(0), tl.cdiv(M, BLOCK_M), tl.cdiv(N, BLOCK_N), GROUP_M)"
_LAUNCH = "(a, b, c, M, N, K, *a.stride(), *b.stride(), PRECISION=precision)"


def _edit(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="triton_matmul", module="triton_matmul", says=says, old=old, new=new)


WRONG = (
    _edit(
        "P16-mask-of-the-last-step-on-every-step",
        "Every step along K is masked as if it were the last one. How many of the BLOCK_K entries are there "
        "in the first of several steps?",
        "left = K - step * BLOCK_K",
        "left = K % BLOCK_K",
    ),
    _edit(
        "P16-filled-with-minus-infinity",
        "What the mask hides is read as minus infinity, as in a softmax, and minus infinity times 0 is no "
        "number. Which value changes nothing in a sum of products?",
        "mask=k[None, :] < left, other=0.0)",
        'mask=k[None, :] < left, other=-float("inf"))',
    ),
    _edit(
        "P17-sums-in-float16",
        "The sum is rounded to float16 after every step, and float16 cannot even count past 2048. In which "
        "dtype should it stay until it is stored?",
        _DOT,
        "sums = tl.dot(a, b, sums, input_precision=PRECISION).to(a.dtype).to(tl.float32)\n        a_ptrs",
    ),
    _edit(
        "P17-factors-rounded-to-float16",
        "Products of float32 are as inexact as those of float16: the tiles are rounded before they are "
        "multiplied. Which line was written for float16 only?",
        _DOT,
        "sums = tl.dot(a.to(tl.float16), b.to(tl.float16), sums)\n        a_ptrs",
    ),
    _edit(
        "P18-a-taken-for-contiguous",
        "Your product is right until a is a transposed view. Entry (m, k) lies at m·K + k only if rows lie "
        "one after the other: which method tells the real steps?",
        _LAUNCH,
        "(a, b, c, M, N, K, K, 1, *b.stride(), PRECISION=precision)",
    ),
    _edit(
        "P18-b-taken-for-contiguous",
        "Your product is right until b is a transposed view. Entry (k, n) lies at k·N + n only if rows lie "
        "one after the other: which method tells the real steps?",
        _LAUNCH,
        "(a, b, c, M, N, K, *a.stride(), N, 1, PRECISION=precision)",
    ),
    _edit(
        "P19-tiles-numbered-by-columns-and-rows",
        "Row and column of a program's tile are exchanged: with 2×1 tiles the second program works on a "
        "column that does not exist, and one tile is never written. Which of both counts up to "
        "cdiv(M, BLOCK_M)?",
        _TILE,
        _TILE.replace("row, column", "column, row"),
    ),
    _edit(
        "P20-too-few-programs",
        "M // BLOCK_M does not count the last, incomplete tile, and its part of c is never written. How many "
        "tiles do 67 rows need if a tile takes 64?",
        'return (triton.cdiv(M, meta["BLOCK_M"])',
        'return ((M // meta["BLOCK_M"])',
    ),
    _edit(
        "P21-b-advanced-by-entries",
        "From the second step along K on, b is read in the wrong place: the pointers moved by BLOCK_K "
        "entries, but the next rows of b are farther away. How far is it from row k to row k + 1?",
        "b_ptrs += BLOCK_K * stride_bk",
        "b_ptrs += BLOCK_K",
    ),
    _edit(
        "P21-a-never-advanced",
        "Every step along K multiplies the same columns of a. Which pointers have to move with the step?",
        "a_ptrs += BLOCK_K * stride_ak",
        "a_ptrs += 0 * stride_ak",
    ),
    _edit(
        "P22-result-stored-transposed",
        "The right numbers stand in the wrong places: c is stored column by column. How far is entry (m, n) "
        "from the start of a c whose rows lie one after the other?",
        "c_ptr + m.to(tl.int64)[:, None] * N + n[None, :]",
        "c_ptr + m.to(tl.int64)[:, None] + n[None, :] * M",
    ),
    _edit(
        "P23-result-in-float32",
        "The product of float16 matrices comes back as float32. Only the sums are float32: which dtype does "
        "the docstring give c?",
        "c = torch.empty((M, N), dtype=a.dtype,",
        "c = torch.empty((M, N), dtype=torch.float32,",
    ),
    _edit(
        "P24-last-step-along-K-left-out",
        "Where K is no multiple of BLOCK_K, the last products are missing. What does K // BLOCK_K count, and "
        "what does cdiv?",
        "for step in range(tl.cdiv(K, BLOCK_K)):\n        if EVEN_K:",
        "for step in range(K // BLOCK_K):\n        if EVEN_K:",
    ),
    _edit(
        "P25-misfit-unnoticed",
        "Matrices that do not fit are multiplied all the same: a kernel knows pointers and no shapes. Who "
        "has to compare a's columns with b's rows before the launch?",
        "if a.shape[1] != b.shape[0]:",
        "if a.shape[1] < 0:",
    ),
)
