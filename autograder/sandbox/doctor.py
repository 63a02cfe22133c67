"""How strongly this machine isolates student code, found by attacking it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .probes import PROBES, run_probes
from .sandbox import Sandbox
from .tiers import HIGHEST, missing


@dataclass(frozen=True)
class Examination:
    """What was found."""

    tier: int  # examined
    probes: Mapping[str, bool]  # name of an attack -> whether it is blocked
    missing: tuple[str, ...]  # what the next tier would need


def examine(tier: int | None = None) -> Examination:
    """Attack the sandbox at a tier; without one, at the highest that this machine has the means for.

    Raises TierUnavailable for a tier that it cannot reach.
    """
    if tier is None:
        tier = max(tier for tier in range(HIGHEST + 1) if not missing(tier))
    promised = [probe for probe in PROBES if probe.tier <= max(tier, 1)]
    with Sandbox(library="library", packages=("numpy",), tier=tier) as sandbox:
        return Examination(tier, run_probes(sandbox, promised), tuple(missing(tier + 1)))
