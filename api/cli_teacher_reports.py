"""parent-credits teachers report, counts: where the cycle stands at a school or in a district."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from api.access.actions import Action
from api.access.policy import CITY
from api.cli_import import runtime_of
from api.cli_teachers import As, acting, teachers_app
from api.machines import placed
from api.teacher_report import (
    CycleReport,
    Named,
    TeacherInCycle,
    cycle_report,
    in_order,
    names_of,
    rules_asked,
)
from domain.hours import as_short_text

Cycle = Annotated[str | None, typer.Option(help="As in 2024-2026; today's by default.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Rows = list[dict[str, Any]]


def add_to(app: typer.Typer) -> None:
    app.add_typer(teachers_app, name="teachers")


@teachers_app.command()
def report(
    context: typer.Context,
    school: Annotated[str, typer.Argument(help="School code.")],
    user: As,
    cycle: Cycle = None,
    as_json: AsJson = False,
) -> None:
    """The school's cycle, teacher by teacher, by staff number: for the school, not for posting."""
    with acting(context, user, Action.TEACHER_READ, school) as who:
        who.runtime.projector.catch_up()
        found = cycle_report(who.runtime, rules_asked(who.runtime, cycle), school_code=school)
        names = names_of(who.runtime, [each.teacher_id for each in found.teachers], who.by)
    rows = [teacher_row(*pair) for pair in in_order(found.teachers, names)]
    tell(found, "teachers", rows, as_json=as_json)


@teachers_app.command()
def counts(
    context: typer.Context,
    district: Annotated[str, typer.Argument(help="District code, or 440100 for the city.")],
    cycle: Cycle = None,
    as_json: AsJson = False,
) -> None:
    """How many teachers of each school have met the cycle, are on track, or short: no names."""
    with runtime_of(context) as runtime:
        runtime.projector.catch_up()
        placed(runtime, district)
        region = None if district == CITY else district
        found = cycle_report(runtime, rules_asked(runtime, cycle), district_code=region)
    rows = [{"school_code": code, **figures(each)} for code, each in found.of_schools().items()]
    tell(found, "schools", rows, as_json=as_json)


def teacher_row(each: TeacherInCycle, named: Named) -> dict[str, Any]:
    return {
        "teacher_id": str(each.teacher_id),
        "staff_no": named.staff_no,
        "name": named.name,
        **{str(year): hours for year, hours in each.by_year.items()},
        "hours": each.hours,
        "required": each.required,
        "standing": each.standing.value,
    }


def figures(found: CycleReport) -> dict[str, int]:
    standings = {standing.value: count for standing, count in found.counts.items()}
    return {"serving": len(found.teachers), "trained": found.trained, **standings}


def tell(found: CycleReport, kind: str, rows: Rows, *, as_json: bool) -> None:
    heading = {"cycle": found.rules.cycle.code, "as_of": str(found.day), **figures(found)}
    if as_json:
        body = {**heading, kind: rows}
        typer.echo(json.dumps(body, ensure_ascii=False))
        return
    table = Table(title=" · ".join(f"{name} {value}" for name, value in heading.items()))
    for name in rows[0] if rows else ():
        table.add_column(name)
    years = {str(year) for year in found.rules.cycle.years}
    for row in rows:
        table.add_row(*(cell(name, value, years) for name, value in row.items()))
    Console(width=160).print(table)


def cell(name: str, value: object, years: set[str]) -> str:
    """Hours as people write them; everything else as it is."""
    if isinstance(value, int) and name in {"hours", "required", *years}:
        return as_short_text(value)
    return str(value)
