"""Which names a kernel may use: of Triton's language, of values and of Python.

No assembly, no foreign library, nothing that prints or reaches outside: `tl.inline_asm_elementwise`,
`tl.extra` and their like are not here, and neither is whatever Triton is yet to get.
"""

from __future__ import annotations


def _words(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in text.split())


_SHAPES = """
    arange zeros zeros_like full cat join split interleave broadcast broadcast_to expand_dims permute trans
    reshape view ravel flip gather
"""
_MEMORY = """
    load store atomic_add atomic_and atomic_cas atomic_max atomic_min atomic_or atomic_xchg atomic_xor
    make_block_ptr advance make_tensor_descriptor load_tensor_descriptor store_tensor_descriptor
"""
_ON_ENTRIES = """
    abs exp exp2 log log2 sqrt sqrt_rn rsqrt sin cos floor ceil erf fma umulhi div_rn fdiv
"""
_ARITHMETIC = """
    dot dot_scaled where minimum maximum clamp sigmoid softmax cdiv cast sum xor_sum max min argmax argmin
    reduce reduce_or associative_scan cumsum cumprod sort topk histogram swizzle2d
"""
_PROGRAM = """
    program_id num_programs constexpr range static_range static_assert multiple_of max_contiguous
    max_constancy assume debug_barrier PropagateNan
"""
DTYPES = _words("""
    int1 int8 int16 int32 int64 uint8 uint16 uint32 uint64 float8e4nv float8e5 float16 bfloat16 float32
    float64
""")
LANGUAGE = DTYPES | _words(_SHAPES, _MEMORY, _ON_ENTRIES, _ARITHMETIC, _PROGRAM)
MATH = _words(_ON_ENTRIES, "max min")  # of tl.math
# Of values: nothing here leads to what an interpreter keeps behind them.
MEMBERS = _words("""
    to T dtype element_ty shape load store gather scatter atomic_add trans permute reshape view ravel
    broadcast_to expand_dims sum max min argmax argmin cast abs exp log sqrt flip split numel
    primitive_bitwidth scalar value is_floating is_int is_fp16 is_bf16 is_fp32 advance
""")
# What kernels do without, and students try; to be named when it is refused.
OUTSIDE = _words("""
    print open eval exec compile getattr setattr hasattr globals locals vars dir type object super isinstance
    list dict set str sorted sum map zip enumerate input breakpoint
    torch numpy np math os sys triton jit extra libdevice core standard semantic
    inline_asm_elementwise device_print static_print device_assert rand randn randint randint4x randn4x philox
    tensor block_type pointer_type function_type constexpr_function to_tensor builtin must_use_result
    data handle handle.data item cpu cuda __import__ __builtins__ __class__ extra.cuda.libdevice.exp
""")
BUILTINS = _words("range min max abs float int bool len tuple")
