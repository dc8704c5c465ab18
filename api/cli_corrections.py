"""parent-credits correct: preview a correction, sign it, approve or refuse one that waits.

Exit codes: 0 done, or previewed; 5 refused, nothing recorded.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from api.asking import Asking
from api.cli_runtime import opened, tell_each
from api.correcting import correction_for, may_read, previewed, proposer, signer
from api.imports.acting import staff_called
from domain.attendance import Stay
from domain.calendar import CITY_ZONE
from domain.correction import (
    AttendanceOrder,
    ExternalOrder,
    Order,
    SessionTimesOrder,
    SessionVoidOrder,
)
from domain.effects import Effects
from domain.hours import as_text, from_text
from domain.plan import HeldTimes
from domain.rules import ReversalReason
from projections.correction_board import CorrectionRow
from projections.parts import part_by_part

correct_app = typer.Typer(
    help="Put right what was recorded wrong; what is signed is a preview.", no_args_is_help=True
)

MOMENT = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]
As = Annotated[str, typer.Option("--as", help="User name of the member of staff who acts.")]
Reason = Annotated[ReversalReason, typer.Option(help="Why it was wrong.")]
Moment = Annotated[datetime | None, typer.Option(formats=MOMENT, help="The city's time.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Preview; record nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Sign the preview without being asked.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(correct_app, name="correct")


@correct_app.command()
def attendance(
    session: UUID,
    learner: UUID,
    user: As,
    reason: Reason,
    came: Moment = None,
    left: Moment = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Say from when to when a learner really was there; without times: they were not."""
    stay = Stay(begins=local(came), ends=local(left)) if came and left else None
    order = AttendanceOrder(session_id=session, learner_id=learner, stay=stay, reason_code=reason)
    propose(order, user, dry_run=dry_run, yes=yes, as_json=as_json)


@correct_app.command("session")
def session_times(
    session: UUID,
    user: As,
    reason: Reason,
    opened_at: Annotated[datetime, typer.Option(formats=MOMENT, help="The city's time.")],
    closed_at: Annotated[datetime, typer.Option(formats=MOMENT, help="The city's time.")],
    class_hours: Annotated[str, typer.Option(help="As in 2 or 1.5.")],
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Say when a session was really held; class hours can only become fewer."""
    times = HeldTimes(
        opened_at=local(opened_at), closed_at=local(closed_at), class_hours=from_text(class_hours)
    )
    order = SessionTimesOrder(session_id=session, times=times, reason_code=reason)
    propose(order, user, dry_run=dry_run, yes=yes, as_json=as_json)


@correct_app.command()
def void(
    session: UUID, user: As, dry_run: DryRun = False, yes: Yes = False, as_json: AsJson = False
) -> None:
    """Propose that a session counts for nothing; the district confirms it."""
    order = SessionVoidOrder(session_id=session, reason_code=ReversalReason.SESSION_VOIDED)
    propose(order, user, dry_run=dry_run, yes=yes, as_json=as_json)


@correct_app.command()
def external(
    external_id: UUID,
    user: As,
    reason: Reason,
    hours: Annotated[str, typer.Option(help="As in 2 or 1.5; 0 takes them back.")] = "0",
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Propose what hours from elsewhere really are; the district confirms it."""
    order = ExternalOrder(external_id=external_id, hours=from_text(hours), reason_code=reason)
    propose(order, user, dry_run=dry_run, yes=yes, as_json=as_json)


@correct_app.command()
def approve(correction: UUID, user: As, yes: Yes = False) -> None:
    """Sign a waiting correction as its second person, on the preview that was signed first."""
    with asking_as(user) as asking:
        row = correction_for(asking, correction)
        by, corrections = signer(asking, row), asking.runtime.book.corrections
        show(corrections.preview(row.asked, by).effects)
        if yes or typer.confirm(row.sha256):
            typer.echo(corrections.approve(correction, row.sha256, by).state)


@correct_app.command()
def refuse(correction: UUID, user: As, reason: Annotated[str, typer.Option()]) -> None:
    """Say no to a waiting correction, as its second person."""
    with asking_as(user) as asking:
        by = signer(asking, correction_for(asking, correction))
        asking.runtime.book.corrections.refuse(correction, reason, by)
        typer.echo("refused")


@correct_app.command("list")
def listed(school: str, user: As, as_json: AsJson = False) -> None:
    """The corrections of a school, the newest first."""
    with asking_as(user) as asking:
        may_read(asking, school)
        board = asking.runtime.models.corrections
        found = part_by_part(
            partial(board.of_schools, [school], None), lambda row: row.correction_id
        )
        if as_json:
            return tell_each(map(told, found))
        for row in found:
            typer.echo(f"{row.correction_id}  {row.kind}  {row.effective_term}  {row.state}")
    return None


def told(row: CorrectionRow) -> dict[str, object]:
    return {
        "correction_id": str(row.correction_id), "kind": row.kind, "state": row.state,
        "effective_term": row.effective_term, "sha256": row.sha256,
    }  # fmt: skip


@contextmanager
def asking_as(user: str) -> Generator[Asking]:
    """A member of staff at the server's own command line, with their rights and no others."""
    with opened() as runtime:
        runtime.projector.catch_up()
        yield Asking(runtime, staff_called(runtime, user), uuid4())


def propose(order: Order, user: str, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    with asking_as(user) as asking:
        preview = previewed(asking, order)
        if as_json:
            body = {"sha256": preview.sha256, "second": preview.second}
            changes = [each.model_dump(mode="json") for each in preview.effects.changes]
            typer.echo(json.dumps({**body, "changes": changes}, ensure_ascii=False))
        else:
            show(preview.effects)
        if dry_run or not (yes or typer.confirm(preview.sha256)):
            return
        by = proposer(asking, order)
        done = asking.runtime.book.corrections.propose(order, preview.sha256, by)
        typer.echo(f"{done.id} {done.state}", err=as_json)


def show(effects: Effects) -> None:
    table = Table("learner", "before", "after", "what")
    for change in effects.changes:
        said = "\n".join(f"{each.what} {each.because}".strip() for each in change.effects)
        before, after = as_text(change.hours_before), as_text(change.hours_after)
        table.add_row(str(change.learner_id), before, after, said)
    Console(width=120).print(table)


def local(at: datetime) -> datetime:
    return at.replace(tzinfo=ZoneInfo(CITY_ZONE))
