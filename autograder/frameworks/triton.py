"""Triton, whose kernels are interpreted as Python unless they are compiled for a GPU."""

from __future__ import annotations

from .framework import Framework, Kernels

TRITON = Framework(
    name="triton",
    requirement="triton>=3.6; sys_platform == 'linux'",
    preload=("triton.language", "triton.runtime.interpreter"),
    # Triton reads this when it meets a kernel, so it has to be said before.
    notebook=(
        'from os import environ\n\nenviron.setdefault("TRITON_INTERPRET", "1")  # 0 where there is a GPU\n'
    ),
    optional=True,  # there is none for macOS and Windows, where all else works
    kernels=Kernels(
        interpreted={"TRITON_INTERPRET": "1"},
        compiled={
            "TRITON_BACKENDS_IN_TREE": "1",  # the others are found by metadata, which a worker may not read
            "TRITON_DEFAULT_FP_FUSION": "1",  # what Triton does anyway, said aloud so that it does not warn
        },
        cache="TRITON_HOME",
        driver="TRITON_LIBCUDA_PATH",
        programs="triton/backends/nvidia/bin",
    ),
    no_device=("0 active drivers",),
)
