"""`dlc export FORMAT …`: the table of formats."""

from __future__ import annotations

import typer

from . import gradebooks

app = typer.Typer(help="Write what other tools read.", no_args_is_help=True)
app.command("canvas")(gradebooks.canvas)
app.command("moodle")(gradebooks.moodle)
app.command("csv")(gradebooks.plain_csv)
