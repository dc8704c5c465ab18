"""parent-credits people: records of one person, children who move, guardianships that end."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from api.access.actions import Action
from api.cli_corrections import As, AsJson, DryRun, Yes, asking_as, correct_app, propose
from api.families import (
    Leaving,
    OldNumber,
    announced,
    child_at,
    claimed,
    class_at,
    leaving,
    let_go,
    parted_at,
    taken_back,
)
from api.links_waiting import Answered, confirmed, line_at, waiting_links
from api.merging import suggestions, tell_apart
from domain.correction import MergeOrder, UnmergeOrder
from domain.custody import CustodyReason, Restoration
from domain.enrolment import Leaving as Reason
from domain.enrolment import Returning
from domain.links import LinkRefusal
from domain.merging import Evidence

people_app = typer.Typer(
    help="Records of one person, children who move, guardianships that end.",
    no_args_is_help=True,
)

DAY = ["%Y-%m-%d"]
Day = Annotated[datetime, typer.Option("--on", formats=DAY, help="The day, as 2027-03-01.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(people_app, name="people")
    correct_app.command()(merge)
    correct_app.command()(unmerge)


def merge(
    school: str,
    survivor: UUID,
    merged: UUID,
    user: As,
    evidence: Annotated[Evidence, typer.Option(help="Why they are one person.")],
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Propose that one record speaks for two of the same person; a second person approves."""
    order = MergeOrder(
        school_code=school, survivor_id=survivor, merged_id=merged, evidence=evidence
    )
    propose(order, user, dry_run=dry_run, yes=yes, as_json=as_json)


def unmerge(
    school: str,
    survivor: UUID,
    merged: UUID,
    user: As,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Propose to part two records that were merged; the district approves."""
    order = UnmergeOrder(school_code=school, survivor_id=survivor, merged_id=merged)
    propose(order, user, dry_run=dry_run, yes=yes, as_json=as_json)


@people_app.command()
def suggested(school: str, user: As, as_json: AsJson = False) -> None:
    """The pairs of records that may be one person's; nothing is merged by itself."""
    with asking_as(user) as asking:
        asking.may(Action.MERGE_PROPOSE, school)
        found = suggestions(asking, school)
    if as_json:
        typer.echo(json.dumps([[str(f.pair.one), str(f.pair.other)] for f in found]))
        return
    for each in found:
        typer.echo(f"{each.pair.one} {each.pair.other} {' '.join(each.pair.kinds)}")


@people_app.command("told-apart")
def told_apart(school: str, one: UUID, other: UUID, user: As) -> None:
    """Say that two records are two persons': the suggestion is not made again."""
    with asking_as(user) as asking:
        tell_apart(asking, school, (one, other), asking.may(Action.MERGE_PROPOSE, school))
        typer.echo("✓")


@people_app.command()
def release(
    school: str,
    child: UUID,
    user: As,
    on: Day,
    to: Annotated[str | None, typer.Option(help="The new school's code.")] = None,
    as_json: AsJson = False,
) -> None:
    """Announce that a child leaves for another school; prints the transfer and its code."""
    with asking_as(user) as asking:
        by = asking.may(Action.TRANSFER_RELEASE, school)
        key, code = announced(asking, school, Leaving(child, on.date(), to), by)
    told = {"transfer_id": str(key), "code": code}
    typer.echo(json.dumps(told) if as_json else f"{key} {code}")


@people_app.command()
def claim(
    school: str,
    class_name: Annotated[str, typer.Argument(help="As in 三年级2班.")],
    user: As,
    code: Annotated[str | None, typer.Option(help="The transfer code.")] = None,
    from_school: Annotated[str, typer.Option(help="Without a code: the old school.")] = "",
    student_no: Annotated[str, typer.Option(help="Without a code: the number there.")] = "",
) -> None:
    """Take a child in, as the new school."""
    with asking_as(user) as asking:
        by = asking.may(Action.TRANSFER_CLAIM, school)
        new = class_at(school, class_name)
        claimed(asking, code or OldNumber(from_school, student_no), new, by)
        typer.echo("✓")


@people_app.command("confirm-transfer")
def confirm_transfer(transfer: UUID, user: As) -> None:
    """Let a child go, as the old school, to the school that claimed it."""
    with asking_as(user) as asking:
        found, by = leaving(asking, transfer)
        let_go(asking.runtime, found, by)
        typer.echo("✓")


@people_app.command("withdraw-transfer")
def withdraw_transfer(transfer: UUID, user: As) -> None:
    """The child stays after all."""
    with asking_as(user) as asking:
        _, by = leaving(asking, transfer)
        asking.runtime.book.transfers.withdraw(transfer, by)
        typer.echo("✓")


@people_app.command()
def leave(
    school: str, child: UUID, user: As, on: Day, reason: Annotated[Reason, typer.Option()]
) -> None:
    """A child graduated, left, or moved to another city; the adults keep their hours."""
    with asking_as(user) as asking:
        by = asking.may(Action.TRANSFER_RELEASE, school)
        pupil = child_at(asking, school, child).pupil
        asking.runtime.book.transfers.leave(pupil, on.date(), reason, by)
        typer.echo("✓")


@people_app.command("take-back")
def take_back(
    school: str, child: UUID, user: As, on: Day, reason: Annotated[Returning, typer.Option()]
) -> None:
    """A child that left this school year is here again, or had never left."""
    with asking_as(user) as asking:
        by = asking.may(Action.TRANSFER_RELEASE, school)
        taken_back(asking, school, child, on.date(), reason, by)
        typer.echo("✓")


@people_app.command("end-guardianship")
def end_guardianship(
    school: str,
    learner: UUID,
    child: UUID,
    user: As,
    reason: Annotated[CustodyReason, typer.Option(help="Why; nothing more is recorded.")],
) -> None:
    """Propose that a guardianship ends; another person confirms it."""
    with asking_as(user) as asking:
        by = asking.may(Action.CUSTODY_PROPOSE, school)
        child_at(asking, school, child)
        asking.runtime.book.custody.propose(learner, child, reason, by)
        typer.echo("✓")


@people_app.command("confirm-guardianship-end")
def confirm_guardianship_end(school: str, learner: UUID, child: UUID, user: As) -> None:
    """End a guardianship as the second person."""
    with asking_as(user) as asking:
        by = asking.may(Action.CUSTODY_CONFIRM, school)
        child_at(asking, school, child)
        asking.runtime.book.custody.confirm(learner, child, by)
        typer.echo("✓")


@people_app.command("restore-guardianship")
def restore_guardianship(
    school: str,
    learner: UUID,
    child: UUID,
    user: As,
    reason: Annotated[Restoration, typer.Option(help="Why; nothing more is recorded.")],
    holds_from: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Else from the day it ended on.")
    ] = None,
) -> None:
    """Propose that a guardianship that two persons ended comes back; another one confirms it."""
    with asking_as(user) as asking:
        by = asking.may(Action.CUSTODY_PROPOSE, school)
        parted_at(asking, school, learner, child)
        day = holds_from.date() if holds_from else None
        asking.runtime.book.custody.propose_restoration(learner, child, reason, day, by)
        typer.echo("✓")


@people_app.command("confirm-guardianship-restoration")
def confirm_guardianship_restoration(school: str, learner: UUID, child: UUID, user: As) -> None:
    """Bring a guardianship back as the second person."""
    with asking_as(user) as asking:
        by = asking.may(Action.CUSTODY_CONFIRM, school)
        others = parted_at(asking, school, learner, child)
        asking.runtime.book.custody.confirm_restoration(learner, child, others, by)
        typer.echo("✓")


@people_app.command()
def links(school: str, user: As, as_json: AsJson = False) -> None:
    """The links that parents asked for by phone and nobody has confirmed; no names."""
    with asking_as(user) as asking:
        found = waiting_links(asking, school, asking.may(Action.LEARNER_CONFIRM, school))
    rows = [
        {
            "link_id": str(each.line.link_id),
            "state": str(each.line.state),
            "class": f"{each.line.grade}{each.line.class_group}",
            "child_id": str(each.fit.child_id) if each.fit.child_id else None,
            "adult_id": str(each.fit.adult.learner_id) if each.fit.adult else None,
            "doubt": each.fit.doubt,
        }
        for each in found
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(" ".join(str(value or "-") for value in row.values()))


@people_app.command("confirm-link")
def confirm_link(
    school: str,
    link: UUID,
    user: As,
    child: Annotated[UUID, typer.Option(help="The child of the school.")],
    adult: Annotated[UUID | None, typer.Option(help="The adult of the roster.")] = None,
    name: Annotated[str, typer.Option(help="Of a new adult.")] = "",
    relation: Annotated[str, typer.Option(help="Of a new adult, by GB/T 4761.")] = "",
) -> None:
    """Say who asked for a link: an adult of the roster, or a new one by name and relation."""
    with asking_as(user) as asking:
        by = asking.may(Action.LEARNER_CONFIRM, school)
        confirmed(asking, school, link, Answered(child, adult, name, relation), by)
        typer.echo("✓")


@people_app.command("refuse-link")
def refuse_link(
    school: str,
    link: UUID,
    user: As,
    reason: Annotated[LinkRefusal, typer.Option()] = LinkRefusal.NOT_KNOWN,
) -> None:
    """Say that nobody is known who fits; it can still be confirmed later."""
    with asking_as(user) as asking:
        by = asking.may(Action.LEARNER_CONFIRM, school)
        line = line_at(asking, school, link)
        asking.runtime.book.links.turn_down(line.learner_id, link, reason, by)
        typer.echo("✓")
