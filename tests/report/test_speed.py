"""A report shows a measured speed: the picture, the times behind it, and how they were measured."""

from __future__ import annotations

from dataclasses import replace

from autograder.model import SpeedPoint, Timing, Verdict
from autograder.report.speed import speed_picture, speeds
from tests.report import factory

POINTS = (
    SpeedPoint("256³", 3.4e7, 0.004, 0.002, 0.0005, 0.0003),
    SpeedPoint("512³", 2.7e8, 0.030, 0.014, 0.0040, 0.0020),
)
TIMING = Timing(0.47, 0.45, 0.49, 24, "one core of a processor", 1, points=POINTS)


def timed(timing=TIMING, **changes):
    result = replace(factory.report().results[0], part="speed", verdict=Verdict.PASSED)
    says = "0.47 times the speed of the course's own outer_matmul"
    return replace(result, timing=timing, fraction=0.6, message=says, **changes)


def test_every_line_of_the_picture_is_named_and_no_two_names_lie_on_each_other():
    text = str(speed_picture(POINTS))
    for name in ("yours", "course's own", "library", "roofline"):
        assert name.replace("'", "&#x27;") in text or name in text


def test_a_race_without_a_known_time_has_a_table_and_no_picture():
    """Noise can leave nothing of a time once the way there and back is taken off."""
    unknown = tuple(
        replace(each, student_s=-1e-9, reference_s=0.0, vendor_s=None, floor_s=None) for each in POINTS
    )
    assert speed_picture(unknown) is None
    assert "<table" in str(speeds([timed(replace(TIMING, points=unknown))]))


def test_without_a_library_and_a_roofline_two_lines_remain():
    bare = tuple(replace(each, vendor_s=None, floor_s=None) for each in POINTS)
    text = str(speed_picture(bare))
    assert "yours" in text
    assert "library" not in text
    assert "roofline" not in text


def test_the_table_gives_every_time_and_the_text_its_conditions():
    text = str(speeds([timed()]))
    for words in ("512³", "30", "60", "0.45", "0.49", "24 rounds", "one core of a processor", "tier 1"):
        assert words in text


def test_a_device_named_by_markup_stays_text():
    text = str(speeds([timed(replace(TIMING, device="<script>alert(1)</script>"))]))
    assert "<script>" not in text


def test_nothing_is_shown_where_nothing_was_measured():
    assert speeds([timed(timing=None)]) is None
