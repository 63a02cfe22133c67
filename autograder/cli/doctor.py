"""The command that tells how strongly this machine isolates student code."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ..sandbox.doctor import examine
from .options import JsonOption, document


def doctor(
    tier: Annotated[
        int | None, typer.Option("--tier", min=0, help="Tier to examine.", show_default="the best")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Attack the sandbox with every probe and print the tier reached."""
    examination = examine(tier)
    if as_json:
        probes = {"total": len(examination.probes), "blocked": sum(examination.probes.values())}
        open_doors = [name for name, blocked in examination.probes.items() if not blocked]
        print(
            json.dumps(
                document(
                    tier=examination.tier, probes=probes, missing=list(examination.missing), open=open_doors
                )
            )
        )
    else:
        table = Table("probe", "", title=f"tier {examination.tier}")
        for name, blocked in examination.probes.items():
            table.add_row(name, "blocked" if blocked else "[bold red]SUCCEEDED")
        console = Console()
        console.print(table)
        for line in examination.missing:
            console.print(f"missing: {line}", markup=False)
    raise typer.Exit(0 if all(examination.probes.values()) else 1)
