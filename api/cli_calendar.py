"""Commands of the working-day calendar and of cases: publish a year, read what waits."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.cli_register import operator
from api.cli_runtime import opened, tell_each
from api.files.calendar import read_calendar
from api.machines import placed
from api.v1.calendar import CalendarState, state_of
from api.v1.case_states import CaseState, OverdueState
from domain.appeal_refusals import UnknownCase
from domain.calendar import CITY_ZONE, local_day
from domain.working_days import DaysOfYear
from projections.cases import CaseFile
from projections.parts import part_by_part

calendar_app = typer.Typer(help="The working-day calendar: holidays and made-up days of a year.")
cases_app = typer.Typer(help="Disputes and appeals: what waits, and the history of one.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(calendar_app, name="calendar")
    app.add_typer(cases_app, name="cases")


@calendar_app.command("show")
def show_year(year: int, as_json: AsJson = False) -> None:
    """Print the days off of a year and the weekend days that are worked instead."""
    with opened() as runtime:
        tell(state_of(runtime, year), as_json=as_json)


@calendar_app.command("import")
def import_year(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV of 日期, 类型 (休 or 班).")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it holds.")] = False,
    may_drop: Annotated[
        bool, typer.Option("--may-drop", help="Days that the file leaves out are dropped.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Publish a year, or revise it by a whole new file; the same days again are no news."""
    days = read_calendar(file.read_bytes())
    with opened() as runtime:
        if dry_run:
            known = runtime.book.calendars.year(days.year)
            tell(as_it_would_be(days, known.revision if known else 0), as_json=as_json)
            return
        runtime.book.calendars.publish(days, operator(runtime), may_drop=may_drop)
        tell(state_of(runtime, days.year), as_json=as_json)


@cases_app.command("list")
def list_cases(
    school: Annotated[str, typer.Argument(help="The school's 10-digit code.")],
    as_json: AsJson = False,
) -> None:
    """Print what waits at a school, the nearest last day first. No names, no words."""
    with opened() as runtime:
        cases = runtime.models.cases
        found = part_by_part(partial(cases.open_of, school), lambda each: each.as_read)
        if as_json:
            states = map(CaseState.model_validate, found)
            return tell_each(each.model_dump(mode="json") for each in states)
        for each in found:
            typer.echo(line_of(each))
    return None


@cases_app.command("show")
def show_case(case_id: UUID, as_json: AsJson = False) -> None:
    """Print the steps of a case: when, what, by which role, with which result."""
    with opened() as runtime:
        if (found := runtime.models.cases.case(case_id)) is None:
            raise UnknownCase(id=case_id)
        steps = runtime.models.cases.steps_of(case_id)
    if as_json:
        told = [
            {"at": each.at.isoformat(), "topic": each.topic, "role": each.role,
             "outcome": each.outcome, "reason_code": each.reason_code}
            for each in steps
        ]  # fmt: skip
        state = CaseState.model_validate(found).model_dump(mode="json")
        typer.echo(json.dumps({"case": state, "steps": told}, ensure_ascii=False))
        return
    typer.echo(line_of(found))
    for each in steps:
        typer.echo(f"  {each.at:%Y-%m-%d %H:%M}  {each.topic}  {each.role}  {each.outcome or ''}")


@cases_app.command("overdue")
def overdue(
    district: Annotated[str | None, typer.Option(help="The district's 6-digit code.")] = None,
    as_json: AsJson = False,
) -> None:
    """Count what waits past its last day, by district: figures, no cases."""
    with opened() as runtime:
        if district is not None:
            placed(runtime, district)
        today = local_day(runtime.now(), CITY_ZONE)
        found = runtime.models.cases.overdue(today, district_code=district)
    if as_json:
        body = [OverdueState.model_validate(each).model_dump() for each in found]
        typer.echo(json.dumps(body, ensure_ascii=False))
        return
    for each in found:
        typer.echo(f"{each.district_code}  {each.kind}  {each.stands}  {each.cases}")


def line_of(case: CaseFile) -> str:
    return f"{case.due}  {case.kind}  {case.stands}  {case.case_id}  {case.title or ''}".rstrip()


def as_it_would_be(days: DaysOfYear, revision: int) -> CalendarState:
    return CalendarState(
        year=days.year,
        revision=revision,
        days_off=list(days.days_off),
        extra_working_days=list(days.extra_working_days),
    )


def tell(calendar: CalendarState, *, as_json: bool) -> None:
    if as_json:
        typer.echo(calendar.model_dump_json())
        return
    typer.echo(f"{calendar.year}.{calendar.revision}")
    typer.echo(f"休 {joined(calendar.days_off)}")
    typer.echo(f"班 {joined(calendar.extra_working_days)}")


def joined(days: list[date]) -> str:
    return " ".join(day.isoformat() for day in days) or "—"
