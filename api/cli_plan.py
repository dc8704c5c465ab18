"""The plan check on the command line. Exit codes: 0 the plan suffices; 1 it lacks something."""

from __future__ import annotations

import typer

from api.cli_compliance import AsJson, School, TermCode
from api.cli_runtime import opened
from api.language.catalogue import Language
from api.pages.plan_words import grade_text
from api.plan_checking import CheckedPlan, checked_plan
from api.v1.plan_checks import told

LACKING = 1


def add_to(app: typer.Typer) -> None:
    app.command("plan-check")(plan_check)


def plan_check(school: School, term: TermCode, as_json: AsJson = False) -> None:
    """Show what each grade can reach with what is planned; exits with 1 where something lacks."""
    with opened() as runtime:
        runtime.projector.catch_up()
        checked = checked_plan(runtime, school, term)
    typer.echo(told(checked).model_dump_json() if as_json else text(checked))
    if not checked.suffices:
        raise typer.Exit(LACKING)


def text(checked: CheckedPlan) -> str:
    return "\n".join(
        f"{grade_text(Language.CHINESE, each)}\t★{each.highest_star}"
        if each.missing
        else f"{each.grade}：✓\t★{each.highest_star}"
        for each in checked.grades
    )
