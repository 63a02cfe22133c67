"""Would the graders catch it? Known mistakes and right variants, graded like hand-ins."""

from .variants import Judged, judge_catalogue

__all__ = ["Judged", "judge_catalogue"]
