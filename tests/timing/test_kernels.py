"""Names of kernels as profilers recorded them, and names that students give."""

from __future__ import annotations

import pytest

from autograder.timing.kernels import is_from_a_library

LIBRARY = [
    "sm90_xmma_gemm_f16f16_f16f32_f32_tn_n_tilesize128x128x64_warpgroupsize1x1x1_execute_segment_k_off"
    "_kernel__5x_cublas",
    "sm90_xmma_fprop_implicit_gemm_bf16bf16_bf16f32_f32_nhwckrsc_nhwc_tilesize128x128x64_warpgroupsize1x1x1"
    "_g1_execute_segment_k_off_kernel__5x_cudnn",
    "sm80_xmma_wgrad_implicit_gemm_indexed_tf32f32_tf32f32_f32_nhwckrsc_nhwc_tilesize128x128x16_stage4",
    "nvjet_hsh_128x256_64x4_1x2_h_bz_coopA_NNT",
    "nvjet_sm100_tst_64x16_64x16_2x4_2cta_h_bz_splitK_TNT",
    "nvjet_sm120_tst_mma_64x64x128_3_32x32x128_tmaAB_alignCD4_bz_TNNN",
    "ampere_sgemm_128x64_nn",
    "ampere_sgemm_64x32_sliced1x4_tn",
    "ampere_bf16_s16816gemm_256x128_ldg8_f2f_stages_32x3_tn",
    "volta_scudnn_128x64_stridedB_splitK_small_nn_v1",
    "maxwell_scudnn_128x128_relu_interior_nn_v1",
    "cutlass_80_simt_sgemm_64x64_8x5_tn_align1",
    "cutlass3x_sm100_tensorop_s256x256x16implicit_gemm_fprop_bf16",
    "implicit_convolve_sgemm",
    "implicit_convolveNd_sgemm",
    "_Z23implicit_convolve_sgemmIffLi1024ELi5ELi5ELi3ELi3ELi3ELi1ELb0ELb1ELb1EEviiiPKT_iPT0_S2_",
    "void implicit_convolve_sgemm<float, float, 512, 6, 8, 3, 3, 5, 1, false, false, true>(int, int, int)",
    "void precomputed_convolve_sgemm<float, 1024, 5, 5, 4, 3, 3, 1, false>(int, int, int, float const*)",
    "void cutlass::Kernel2<cutlass_80_wmma_tensorop_f16_s161616gemm_f16_32x32_128x2_nn_align8>(Params)",
    "void cudnn::ops::nchwToNhwcKernel<__half, __half, float, false, true, (cudnnKernelDataType_t)0>",
    "void cudnn::cnn::wgrad_alg0_engine<float, 512, 6, 5, 3, 3, 3, false, 512>(int, int, int)",
    "void conv2d_grouped_direct_kernel<float>",
    "void fft2d_r2c_32x32<float, false, 0u, false>(float2*, float const*, int, int, int, int, int)",
    "void gemv2T_kernel_val<int, int, float, float, float, float, 128, 16, 4, 4, false, false>",
    "void dot_kernel<float, 128, 0, cublasDotParams<cublasGemvTensor<float const>>>",
    "void cublasLt::splitKreduce_kernel<32, 16, int, float, float, float, float, true, false, false>",
    "void at::native::(anonymous namespace)::conv_depthwise2d_forward_kernel<3, float, int>",
    "triton_tem_fused_mm_0",
    "triton_poi_fused_convolution_1",
]
STUDENT = [
    *("matmul_kernel", "gemm_kernel", "my_conv_kernel", "_forward_kernel", "_pointer_kernel", "kernel"),
    *("sgemm", "hgemm_128x128", "gemm_f16_64x64", "sm90_matmul", "sm80_gemm", "hopper_matmul", "ampere_gemm"),
    *("cutlass_like_gemm", "conv2d_forward_implicit_gemm", "implicit_gemm", "winograd", "triton_matmul"),
    *("triton_conv2d_forward", "cudnn_style_conv", "nvjet", "implicit_convolve", "wgrad_split_k", "fft"),
]
TORCH = [
    "void at::native::vectorized_elementwise_kernel<4, at::native::FillFunctor<float>, std::array<char*, 1>>",
    "void at::native::elementwise_kernel<128, 4, at::native::gpu_kernel_impl_nocast<at::native::"
    "direct_copy_kernel_cuda(at::TensorIteratorBase&)::{lambda()#3}>",
    "void at::native::reduce_kernel<512, 1, at::native::ReduceOp<float, at::native::func_wrapper_t<float>>>",
    "void at::native::(anonymous namespace)::CatArrayBatchedCopy<at::native::OpaqueType<4u>, unsigned int>",
    "void at::native::unrolled_elementwise_kernel<at::native::float16_copy_kernel_cuda, LoadWithCast<1>>",
    *("Memcpy DtoD (Device -> Device)", "Memset (Device)", "Memcpy HtoD (Pageable -> Device)"),
]


@pytest.mark.parametrize("name", LIBRARY)
def test_kernels_of_libraries_are_known(name):
    assert is_from_a_library(name)


@pytest.mark.parametrize("name", [*STUDENT, *TORCH])
def test_nothing_else_is_taken_for_one(name):
    assert not is_from_a_library(name)
