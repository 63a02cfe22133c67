"""Which of the kernels that ran on a GPU belong to a library, by the names that its profiler gives."""

from __future__ import annotations

import re

# A kernel of Triton bears the name of the student's Python function, `my_gemm` among others, so it is told
# by what a library's name has beside such words: generation and tile ("ampere_sgemm_128x64_nn"), or a
# prefix that nobody would hit upon by chance. What `torch.compile` writes is Triton too, and not theirs.
_GENERATIONS = "kepler|maxwell|pascal|volta|turing|ampere|ada|hopper|blackwell"
_NAMED_LIKE_A_FUNCTION = re.compile(
    rf"(({_GENERATIONS}|nvjet|cutlass|cudnn|cublas)\w*_\w*\d+x\d+|sm\d+_xmma_|(im|ex|pre)\w+_convolve\w*_sgemm"
    r"|cudnn_(infer|train|ops|cnn|adv|generated|graph)_|triton_[a-z]+_fused_)"
)
# All others are names of C++. Those of torch's own operations on entries hold none of these words.
_WORDS = re.compile(
    r"gemm|gemv|trsm|dot_kernel|splitKreduce|convol|conv\d|depthwise|winograd|wgrad|dgrad|fprop|fft|fmha"
    r"|cutlass|xmma|nvjet|cudnn|cublas",
    re.IGNORECASE,
)


def is_from_a_library(kernel: str) -> bool:
    """Whether a kernel does what a library of products or convolutions does."""
    if kernel.isidentifier() and not kernel.startswith("_Z"):  # how a compiler of C++ begins its names
        return _NAMED_LIKE_A_FUNCTION.match(kernel) is not None
    return _WORDS.search(kernel) is not None
