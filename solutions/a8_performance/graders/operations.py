"""What the tasks of hot paths may run, by the names of torch's dispatcher.

An operation that is not here is refused, also one that torch is yet to get. Names without a namespace are
aten's, and each may also work in place.
"""

from __future__ import annotations

from autograder.replay import Allowance

_ARITHMETIC = """
    add sub subtract rsub mul multiply div divide true_divide floor_divide remainder fmod addcmul addcdiv
    neg negative positive abs absolute sign sgn signbit reciprocal square sqrt rsqrt pow float_power
    exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh tanh sigmoid relu
    floor ceil round trunc frac lerp ldexp frexp hypot copysign nan_to_num
    maximum minimum fmax fmin clamp clamp_max clamp_min clip threshold
    eq ne lt le gt ge not_equal less less_equal greater greater_equal isnan isinf isfinite isclose
    logical_and logical_or logical_xor logical_not bitwise_and bitwise_or bitwise_xor bitwise_not
    bitwise_left_shift bitwise_right_shift __and__ __or__ __xor__ __lshift__ __rshift__
    __iand__ __ior__ __ixor__ __ilshift__ __irshift__ where masked_fill conj_physical _conj_physical
"""
# What gives no product of two tensors, in however many steps: products are a kernel's work.
_ADDING = "add sub subtract rsub neg negative sum nansum sum_to_size cumsum"
_SUMS = """
    sum nansum sum_to_size mean prod cumsum cumprod max min amax amin aminmax argmax argmin all any equal
    allclose count_nonzero var std norm linalg_vector_norm logsumexp sort argsort topk
"""
_VIEWS = """
    alias as_strided view view_as reshape reshape_as _unsafe_view flatten unflatten ravel
    expand expand_as broadcast_to broadcast_tensors permute transpose t numpy_T mT mH matrix_H adjoint
    movedim moveaxis swapaxes swapdims squeeze unsqueeze atleast_1d atleast_2d atleast_3d select slice narrow
    diagonal unfold unbind split split_with_sizes tensor_split chunk hsplit vsplit dsplit unsafe_split
    unsafe_split_with_sizes unsafe_chunk detach conj _conj resolve_conj _neg_view resolve_neg real imag
    view_as_real view_as_complex lift lift_fresh meshgrid pixel_shuffle pixel_unshuffle
"""
_COPIES = """
    contiguous clone copy copy_ to _to_copy type_as fill fill_ zero zero_
    cat concat concatenate stack hstack vstack dstack column_stack row_stack flip fliplr flipud roll rot90
    repeat repeat_interleave tile pad constant_pad_nd _pad_enum _pad_circular replication_pad1d
    replication_pad2d replication_pad3d reflection_pad1d reflection_pad2d reflection_pad3d
    index index_select gather take take_along_dim
    index_put _index_put_impl_ index_add index_copy index_fill scatter scatter_add masked_select
    masked_scatter nonzero select_scatter slice_scatter diagonal_scatter as_strided_scatter diag diag_embed
    tril triu tril_indices triu_indices im2col col2im
"""
_NEW = """
    empty empty_like empty_strided empty_permuted new_empty new_empty_strided new_zeros new_ones new_full
    zeros zeros_like ones ones_like full full_like arange range linspace eye scalar_tensor
"""
_QUESTIONS = """
    item _local_scalar_dense is_nonzero size stride numel dim storage_offset is_contiguous is_same_size
    is_floating_point is_complex is_signed is_conj is_neg is_pinned result_type promote_types can_cast
    sym_size sym_stride sym_numel sym_storage_offset _assert_async _assert_tensor_metadata _version
    _has_compatible_shallow_copy_type
"""
_READING = "item _local_scalar_dense"  # a number that was read can be a factor of the next sum
_PRODUCTS = """
    mm bmm addmm addbmm baddbmm matmul linear einsum tensordot dot vdot inner outer ger addr mv addmv
    chain_matmul linalg_multi_dot linalg_matmul linalg_vecdot
"""


def _named(*lists: str) -> frozenset[str]:
    """Full names of operations, and of the same in place."""
    stems = [stem for names in lists for stem in names.split()]
    return frozenset(f"aten::{stem}{end}" for stem in stems for end in ("", "_"))


_OVER_LISTS = " ".join(f"_foreach_{stem}" for stem in _ARITHMETIC.split())
_WITHOUT_PRODUCTS = _named(_ARITHMETIC, _OVER_LISTS, _SUMS, _VIEWS, _COPIES, _NEW, _QUESTIONS)
_CONVOLUTIONS = """
    conv1d conv2d conv3d conv_tbc conv_transpose1d conv_transpose2d conv_transpose3d convolution
    convolution_backward _convolution
"""
_PLAIN = "arithmetic on entries, sums along an axis, views, copies and padding"

_LIBRARY = _named(_PRODUCTS, _CONVOLUTIONS)

ON_ENTRIES = Allowance(_WITHOUT_PRODUCTS, _PLAIN, beyond=_LIBRARY)
WITH_PRODUCTS = Allowance(
    _WITHOUT_PRODUCTS | _named(_PRODUCTS), f"matrix products, {_PLAIN}", beyond=_named(_CONVOLUTIONS)
)
WITH_KERNELS = Allowance(
    _named(_ADDING, _VIEWS, _COPIES, _NEW, _QUESTIONS) - _named(_READING),
    "kernels of your own, sums, views, copies and padding",
    launches=True,
    beyond=_LIBRARY,
)
