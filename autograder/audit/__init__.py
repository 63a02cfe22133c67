"""Would the graders catch it? Known mistakes, right variants and mutants, graded like hand-ins."""

from .audit import Audit, Auditor
from .opened import faults_of_release
from .page import write_audit
from .variants import Judged, judge_catalogue

__all__ = ["Audit", "Auditor", "Judged", "faults_of_release", "judge_catalogue", "write_audit"]
