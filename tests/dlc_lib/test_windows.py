import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlc_lib.windows import output_size


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 7), st.integers(0, 5))
def test_output_size_counts_the_places_a_window_can_start(size, window, stride, pad):
    places = [start for start in range(0, size + 2 * pad, stride) if start + window <= size + 2 * pad]
    if places:
        assert output_size(size, window, stride=stride, pad=pad) == len(places)
    else:
        with pytest.raises(ValueError, match="does not fit"):
            output_size(size, window, stride=stride, pad=pad)
