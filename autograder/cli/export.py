"""`dlc export FORMAT …`: the table of formats."""

from __future__ import annotations

import typer

from . import gradebooks, notebooks, platforms

app = typer.Typer(help="Write assignments and grades for other tools.", no_args_is_help=True)
app.command("nbgrader")(notebooks.nbgrader)
app.command("nbgrader-gradebook")(notebooks.nbgrader_gradebook)
app.command("otter")(notebooks.otter)
app.command("gradescope")(platforms.gradescope)
app.command("classroom")(platforms.classroom)
app.command("canvas")(gradebooks.canvas)
app.command("moodle")(gradebooks.moodle)
app.command("csv")(gradebooks.plain_csv)
app.command("parquet")(gradebooks.parquet)
app.command("prairielearn")(gradebooks.prairielearn)
app.command("autolab")(gradebooks.autolab)
