"""parent-credits teachers: register, hours, corrections of closed cycles, reports, closing.

Who acts is a named member of staff under a grant they hold; closing is the program's own.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import typer

from api.access.actions import Action
from api.bootstrap import Runtime
from api.cli_import import runtime_of
from api.cli_register import DAY
from api.imports.acting import envelope_of, staff_called
from api.teacher_closing import close_cycles
from api.teacher_reaching import colleague_called
from api.teacher_typing import teacher_typed, training_typed
from domain.envelope import Channel, Envelope
from domain.hours import from_text
from domain.rules import ReversalReason
from domain.training import HoursMalformed
from ledger.teachers import NewTeacher, TypedHours

teachers_app = typer.Typer(
    help="The teachers' ledger: training hours and their cycle.", no_args_is_help=True
)

As = Annotated[str, typer.Option("--as", help="User name of the member of staff who acts.")]
Teacher = Annotated[UUID, typer.Argument(help="The teacher's id.")]
Reason = Annotated[ReversalReason, typer.Option(help="Why the hours are taken back.")]
Late = Annotated[
    bool, typer.Option("--late", help="The cycle is closed: propose it to a second person.")
]
Correction = Annotated[UUID, typer.Argument(help="The correction's id.")]


def on_day(name: str, says: str) -> Any:
    return typer.Option(name, formats=DAY, help=says)


@dataclass(frozen=True)
class Acting:
    """The runtime, and the envelope of who acts."""

    runtime: Runtime
    by: Envelope


@contextmanager
def acting(
    context: typer.Context, user: str, action: Action, school_code: str | UUID
) -> Generator[Acting]:
    """At a school, or at the school of a teacher. Raises UnknownTeacher, Forbidden."""
    with runtime_of(context) as runtime:
        if isinstance(school_code, UUID):
            school_code = runtime.book.teachers.get(school_code).services.school_code
        principal = staff_called(runtime, user)
        by = envelope_of(runtime, principal, action, school_code, dry_run=False)
        yield Acting(runtime, by.model_copy(update={"channel": Channel.SYSTEM}))


def said(**values: object) -> None:
    typer.echo(json.dumps({key: str(value) for key, value in values.items()}, ensure_ascii=False))


@teachers_app.command()
def register(
    context: typer.Context,
    school: Annotated[str, typer.Argument(help="School code.")],
    name: str,
    since: Annotated[datetime, on_day("--since", "In service from.")],
    user: As,
    staff_no: Annotated[str | None, typer.Option(help="The school's own number.")] = None,
) -> None:
    """Register a teacher of a school; prints the id. The same one again is no news."""
    with acting(context, user, Action.TEACHER_REGISTER, school) as who:
        new = NewTeacher(teacher_typed(school, name, staff_no), since.date())
        said(teacher_id=who.runtime.book.teachers.register(new, who.by))


@teachers_app.command()
def award(
    context: typer.Context,
    teacher: Teacher,
    title: Annotated[str, typer.Argument(help="The training.")],
    organiser: Annotated[str, typer.Argument(help="Who held it.")],
    hours: Annotated[str, typer.Argument(help="As in 6 or 1.5.")],
    begins: Annotated[datetime, on_day("--from", "The first day.")],
    user: As,
    ends: Annotated[datetime | None, on_day("--to", "The last day; the first by default.")] = None,
    late: Late = False,
) -> None:
    """Enter the hours of a training for a colleague."""
    typed = typed_hours(title, organiser, hours, begins.date(), (ends or begins).date())
    action = Action.TEACHER_HOURS_CORRECT if late else Action.TEACHER_HOURS_ENTER
    with acting(context, user, action, teacher) as who:
        book = who.runtime.book
        if late:
            said(correction_id=book.teacher_corrections.propose_hours(teacher, typed, who.by))
        else:
            said(award_id=book.teachers.award(teacher, typed, who.by))


@teachers_app.command()
def reverse(
    context: typer.Context,
    teacher: Teacher,
    award_id: Annotated[UUID, typer.Argument(metavar="AWARD", help="The award's id.")],
    reason: Reason,
    user: As,
    late: Late = False,
) -> None:
    """Take an award back: whole, and once."""
    action = Action.TEACHER_HOURS_CORRECT if late else Action.TEACHER_HOURS_ENTER
    with acting(context, user, action, teacher) as who:
        book = who.runtime.book
        if late:
            corrections = book.teacher_corrections
            key = corrections.propose_reversal(teacher, award_id, reason, who.by)
            said(correction_id=key)
        else:
            book.teachers.reverse(teacher, award_id, reason, who.by)
            said(award_id=award_id)


@teachers_app.command()
def confirm(context: typer.Context, correction: Correction, user: As) -> None:
    """Agree to a correction of a closed cycle, as a second person."""
    with deciding(context, correction, user) as who:
        who.runtime.book.teacher_corrections.confirm(correction, who.by)
    said(correction_id=correction)


@teachers_app.command()
def decline(context: typer.Context, correction: Correction, user: As) -> None:
    """Disagree with a correction of a closed cycle, as a second person."""
    with deciding(context, correction, user) as who:
        who.runtime.book.teacher_corrections.decline(correction, who.by)
    said(correction_id=correction)


@contextmanager
def deciding(context: typer.Context, correction: UUID, user: str) -> Generator[Acting]:
    with runtime_of(context) as runtime:
        school = runtime.book.teacher_corrections.get(correction).school_code
        action = Action.TEACHER_HOURS_CORRECT_SECOND
        by = envelope_of(runtime, staff_called(runtime, user), action, school, dry_run=False)
        yield Acting(runtime, by.model_copy(update={"channel": Channel.SYSTEM}))


@teachers_app.command()
def move(
    context: typer.Context,
    teacher: Teacher,
    school: Annotated[str, typer.Argument(help="Code of the next school.")],
    on: Annotated[datetime, on_day("--on", "The first day there.")],
    user: As,
) -> None:
    """From a day on at another school; the hours follow the person."""
    with acting(context, user, Action.TEACHER_REGISTER, teacher) as who:
        who.runtime.book.teachers.move(teacher, school, on.date(), who.by)
    said(teacher_id=teacher)


@teachers_app.command()
def leave(
    context: typer.Context,
    teacher: Teacher,
    on: Annotated[datetime, on_day("--on", "The last day in service.")],
    user: As,
) -> None:
    """End a teacher's service."""
    with acting(context, user, Action.TEACHER_REGISTER, teacher) as who:
        who.runtime.book.teachers.leave(teacher, on.date(), who.by)
    said(teacher_id=teacher)


@teachers_app.command()
def link(
    context: typer.Context,
    teacher: Teacher,
    account: Annotated[str, typer.Argument(help="The name the teacher signs in with.")],
    user: As,
) -> None:
    """Say which member of staff a teacher is: they see their own hours from now on."""
    with acting(context, user, Action.TEACHER_REGISTER, teacher) as who:
        school = who.runtime.book.teachers.get(teacher).services.school_code
        staff_id = colleague_called(who.runtime, account, school)
        who.runtime.book.teachers.link(teacher, staff_id, who.by)
    said(teacher_id=teacher)


@teachers_app.command("correct-service")
def correct_service(
    context: typer.Context,
    teacher: Teacher,
    since: Annotated[datetime, on_day("--since", "The first day, as it is recorded.")],
    begins: Annotated[datetime, on_day("--from", "The first day, as it was.")],
    user: As,
    ends: Annotated[datetime | None, on_day("--to", "The last day; none: it goes on.")] = None,
) -> None:
    """Put right the first and the last day of a time in service."""
    with acting(context, user, Action.TEACHER_REGISTER, teacher) as who:
        last = ends.date() if ends else None
        teachers = who.runtime.book.teachers
        teachers.correct_service(teacher, since.date(), begins.date(), last, who.by)
    said(teacher_id=teacher)


@teachers_app.command()
def unlink(context: typer.Context, teacher: Teacher, user: As) -> None:
    """Take back which member of staff a teacher was said to be."""
    with acting(context, user, Action.TEACHER_REGISTER, teacher) as who:
        who.runtime.book.teachers.unlink(teacher, who.by)
    said(teacher_id=teacher)


@teachers_app.command()
def close(context: typer.Context) -> None:
    """Close every cycle that is over, as the worker does; prints how many teachers each."""
    with runtime_of(context) as runtime:
        runtime.projector.catch_up()
        closed = close_cycles(runtime, runtime.now())
    body = [{"cycle": each.cycle, "teachers": each.teachers} for each in closed]
    typer.echo(json.dumps(body))


def typed_hours(title: str, organiser: str, hours: str, begins: date, ends: date) -> TypedHours:
    """Raises HoursMalformed."""
    try:
        return training_typed(title, organiser, begins, ends, from_text(hours))
    except ValueError:
        raise HoursMalformed from None
