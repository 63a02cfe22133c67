"""Races on a real GPU: everything that `tests/speed/test_gpu_track.py` promises, with CUDA's memory."""

import pytest
import torch

from tests.speed.gpu_races import buffers, kind, open_worker, places, race  # noqa: F401
from tests.speed.test_gpu_track import (  # noqa: F401
    test_a_fault_on_the_device_ends_its_process_and_costs_no_other_call,
    test_a_worker_for_a_gpu_may_not_read_the_course_or_reach_the_network,
    test_a_worker_of_ours_shows_that_it_shares_memory_with_us,
    test_an_honest_function_finishes_and_every_size_is_timed,
    test_any_operation_is_raced_and_nothing_but_zeros_is_wrong,
    test_what_no_honest_function_does_is_refused,
)

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no GPU"),
]
