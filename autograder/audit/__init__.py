"""Would the graders catch it? Known mistakes and right variants, graded like hand-ins."""

from .catalogue import Catalogue, load_catalogue
from .variants import Judged, judge_catalogue

__all__ = ["Catalogue", "Judged", "judge_catalogue", "load_catalogue"]
