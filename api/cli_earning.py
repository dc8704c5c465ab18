"""Commands of what earns beside attendance: services, leave, make-ups, studies, courses."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from api.cli_reading import AsJson
from api.cli_register import operator
from api.cli_runtime import opened
from api.v1.studies import NewClass, NewItem
from domain.carriers import CourseFamily
from domain.course import Course
from domain.hours import as_text
from domain.leave import LeaveCategory
from domain.make_up import MakeUpReason
from domain.service import ServiceKind

earning_app = typer.Typer(help="Earn beside attendance: services, leave, make-ups, studies.")

School = Annotated[str, typer.Argument(help="The school's 10-digit code.")]
Session = Annotated[UUID, typer.Argument(help="The session.")]
Learner = Annotated[UUID, typer.Argument(help="The learner.")]
Title = Annotated[str, typer.Argument(help="The course's title.")]
File = Annotated[Path, typer.Argument(help="JSON, as the interface takes it.", exists=True)]


def add_to(app: typer.Typer) -> None:
    app.add_typer(earning_app, name="earn")


@earning_app.command("name")
def name(
    session: Session,
    learner: Learner,
    kind: ServiceKind,
    class_hours: Annotated[float, typer.Argument(min=0.25, max=8, help="As in 1.5.")],
) -> None:
    """Name a parent who speaks or helps in a session, before it is attested."""
    with opened() as runtime:
        hours = round(class_hours * 100)
        runtime.book.services.name(session, learner, kind, hours, operator(runtime))
    typer.echo("✓")


@earning_app.command("leave")
def leave(
    session: Session,
    learner: Learner,
    category: LeaveCategory,
    handed_in: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of the paper.")
    ] = None,
) -> None:
    """Note leave that was asked for on paper, and grant it; with its day, also afterwards."""
    day = handed_in.date() if handed_in else None
    with opened() as runtime:
        runtime.book.leaves.note(session, learner, category, operator(runtime), day)
    typer.echo("✓")


@earning_app.command("make-up")
def make_up(
    missed: Session,
    learner: Learner,
    by: Annotated[UUID, typer.Argument(help="The session or micro-class that makes up.")],
    reason: MakeUpReason,
) -> None:
    """Open a way to make up for a missed session."""
    with opened() as runtime:
        runtime.book.make_ups.assign(missed, learner, by, reason, operator(runtime))
    typer.echo("✓")


@earning_app.command("micro-class")
def micro_class(school: School, file: File) -> None:
    """Publish a micro-class; prints its id, the same one however often."""
    new = NewClass.model_validate_json(file.read_bytes())
    with opened() as runtime:
        typer.echo(str(runtime.book.micro_classes.publish(new.of(school), operator(runtime))))


@earning_app.command("push")
def push(school: School, file: File) -> None:
    """Send a push in the running term; prints its id, the same one however often."""
    new = NewItem.model_validate_json(file.read_bytes())
    with opened() as runtime:
        typer.echo(str(runtime.book.pushes.publish(new.of(school), operator(runtime))))


@earning_app.command("revise")
def revise(school: School, title: Title, family: CourseFamily) -> None:
    """Teach a new version of a course from now on."""
    with opened() as runtime:
        key = Course.create_id(school, title)
        runtime.book.courses.revise(key, family, operator(runtime))
    typer.echo("✓")


@earning_app.command("retire")
def retire(school: School, title: Title) -> None:
    """Teach a course no more: nothing new is planned for it."""
    with opened() as runtime:
        runtime.book.courses.retire(Course.create_id(school, title), operator(runtime))
    typer.echo("✓")


@earning_app.command("list")
def show(school: School, as_json: AsJson = False) -> None:
    """List a school's micro-classes, pushes, courses, and hours from elsewhere."""
    with opened() as runtime:
        models = runtime.models
        classes = models.studies.micro_classes_of(school)
        rows = [
            *(("micro_class", str(m.micro_class_id), m.title, m.completed, m.class_hours)
              for m in classes),
            *(("push", str(each.item_id), each.title, each.answered, 0)
              for each in models.studies.pushes_of(school)),
            *(("course", str(each.course_id), each.title, each.number, 0)
              for each in models.courses.courses_of(school)),
            *(("external", str(each.external_id), each.issuer, int(each.is_confirmed or 0),
               each.hours) for each in models.external_hours.of_school(school)),
        ]  # fmt: skip
    if as_json:
        names = ("kind", "id", "what", "count", "hours")
        typer.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows],
                              ensure_ascii=False))  # fmt: skip
        return
    table = Table("kind", "id", "what", "count", "hours")
    for kind, key, what, count, hours in rows:
        table.add_row(kind, key, what, str(count), as_text(hours) if hours else "")
    Console().print(table)
