"""Would the graders catch it? Known mistakes, right variants and mutants, graded like hand-ins."""

from .audit import Audit, Auditor
from .page import write_audit
from .variants import Judged, judge_catalogue

__all__ = ["Audit", "Auditor", "Judged", "judge_catalogue", "write_audit"]
