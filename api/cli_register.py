"""Commands of the register, to set an installation up: rulebook, schools, terms, staff."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

import typer

from api.access.single_sign_on import link, unlink
from api.access.totp import enrolment_uri
from api.bootstrap import Runtime
from api.cli_runtime import opened
from api.staffing import Newcomer, end_role, end_staff, grant, open_staff, reset
from api.term_dates import correct_dates
from domain.calendar import CITY_ZONE, Term, local_day
from domain.envelope import Actor, Channel, Envelope, Role
from domain.grades import class_group_called, grade_called
from domain.identity import derived
from ledger.registry import NewSchool
from ledger.rulebooks import default_rulebook

register_app = typer.Typer(help="Set up: rulebook, schools, classes, terms, staff.")

DAY = ["%Y-%m-%d"]
Day = Annotated[datetime, typer.Option(formats=DAY)]
UserName = Annotated[str, typer.Argument(help="The name they sign in with.")]
ORGANISATION = "School code, district code or 440100."
OrganisationCode = Annotated[str, typer.Argument(help=ORGANISATION)]
LastDay = Annotated[datetime, typer.Option(formats=DAY, help="Its last day: every grant has one.")]
Password = Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)]
ISSUER = "家长学时账本"


def operator(runtime: Runtime) -> Envelope:
    """The operator at the server's own command line; the shell is what guards it."""
    return Envelope(
        command_id=uuid4(),
        actor=Actor(id=derived("operator", "command line"), role=Role.OPERATOR),
        channel=Channel.SYSTEM,
        occurred_at=runtime.now(),
    )


def publish_default(runtime: Runtime) -> None:
    runtime.book.rulebooks.publish_at_set_up(default_rulebook(), operator(runtime))


def add_to(app: typer.Typer) -> None:
    app.add_typer(register_app, name="register")


@register_app.command()
def school(
    code: Annotated[str, typer.Argument(help="The school's 10-digit code.")],
    name: str,
    district: Annotated[str, typer.Option(help="The district's 6-digit code (GB/T 2260).")],
    stage: Annotated[list[str], typer.Option(help="kindergarten, primary, junior, senior …")],
    established: Day | None = None,
) -> None:
    """Register a school, and the day its parent school was established."""
    with opened() as runtime:
        on = established.date() if established else None
        new = NewSchool(code, name, tuple(stage), district, established_on=on)
        runtime.book.registry.register_school(new, operator(runtime))
    typer.echo("✓")


@register_app.command("rename-school")
def rename_school(code: str, name: str, on: Day) -> None:
    """Give a school a new name from a day on; what it certified keeps the old one."""
    with opened() as runtime:
        runtime.book.registry.rename_school(code, name, on.date(), operator(runtime))
    typer.echo("✓")


@register_app.command("merge-school")
def merge_school(
    code: str,
    into: Annotated[str, typer.Argument(help="The school that answers for it from now on.")],
    on: Day,
) -> None:
    """Merge a school into another one, which reissues and revokes its certificates."""
    with opened() as runtime:
        runtime.book.registry.merge_school(code, into, on.date(), operator(runtime))
    typer.echo("✓")


@register_app.command()
def classes(
    code: str,
    school_year: int,
    grade: Annotated[str, typer.Argument(help="As in 三年级 or 初一.")],
    groups: Annotated[list[str], typer.Argument(help="As in 1班 2班.")],
) -> None:
    """Open the classes of a grade for a school year."""
    named = grade_called(grade)
    if named is None:
        raise typer.BadParameter(grade)
    wanted = [(named.name, class_group_called(group) or group) for group in groups]
    with opened() as runtime:
        runtime.book.registry.open_classes(code, school_year, wanted, operator(runtime))
    typer.echo("✓")


@register_app.command()
def term(school_year: int, term_no: int, begins: Day, ends: Day) -> None:
    """Open a term with its dates, holidays included."""
    dates = Term(school_year=school_year, term_no=term_no, begins=begins.date(), ends=ends.date())
    with opened() as runtime:
        runtime.book.registry.open_term(dates, operator(runtime))
    typer.echo("✓")


@register_app.command("correct-term")
def correct_term(
    school_year: int,
    term_no: int,
    begins: Day,
    ends: Day,
    reason: Annotated[str, typer.Option(prompt=True, help="Why; it is kept in the vault.")],
) -> None:
    """Put the dates of a term right, before any school has closed it; nothing may be left out."""
    dates = Term(school_year=school_year, term_no=term_no, begins=begins.date(), ends=ends.date())
    with opened() as runtime:
        runtime.projector.catch_up()
        correct_dates(runtime, dates, reason, operator(runtime))
    typer.echo("✓")


@register_app.command("term-dates")
def term_dates(school_year: int, term_no: int) -> None:
    """Show the dates of a term, and every correction of them with its reason."""
    with opened() as runtime:
        dates = runtime.book.registry.term(school_year, term_no)
        by = operator(runtime)
        corrections = runtime.book.terms.corrections(school_year, term_no, by)
    typer.echo(f"{dates.code} {dates.begins} – {dates.ends}")
    for each, reason in corrections:
        typer.echo(f"{local_day(each.at, CITY_ZONE)}: {each.begins} – {each.ends} {reason}")


@register_app.command()
def staff(
    user: UserName,
    full_name: str,
    role: Annotated[list[Role], typer.Option(help="One or several.")],
    organisation: Annotated[str, typer.Option(help=ORGANISATION)],
    until: LastDay,
    password: Password,
    person: Annotated[
        UUID | None,
        typer.Option(help="Who comes back under another user or full name: their staff id."),
    ] = None,
) -> None:
    """Open a staff account with its roles; prints the address for the code app, once.

    Whoever left and comes back under the same user name and full name is the same person as
    before.
    """
    new = Newcomer(user, full_name, tuple(role), organisation, until.date(), staff_id=person)
    with opened() as runtime:
        _, secret = open_staff(runtime, new, password, operator(runtime))
    typer.echo(enrolment_uri(secret, user, ISSUER))


@register_app.command("grant")
def grant_role(
    user: UserName,
    role: Role,
    organisation: OrganisationCode,
    until: LastDay,
) -> None:
    """Grant one more role from today, or make one that is held last longer; never shorter."""
    with opened() as runtime:
        grant(runtime, user, role, organisation, until.date(), operator(runtime))
    typer.echo("✓")


@register_app.command("reset-staff")
def reset_staff(user: UserName, password: Password) -> None:
    """Give a new password and a new code app; prints its address, once. Every login ends."""
    with opened() as runtime:
        secret = reset(runtime, user, password, operator(runtime))
    typer.echo(enrolment_uri(secret, user, ISSUER))


@register_app.command("link-staff")
def link_staff(
    user: UserName,
    learner_id: Annotated[UUID, typer.Argument(help="The same person as a parent.")],
) -> None:
    """Say that a member of staff is a parent here: their own case is a colleague's from now on."""
    with opened() as runtime:
        staff_id = runtime.accounts.owner_of(user)
        runtime.book.registry.link_staff(staff_id, learner_id, operator(runtime))
    typer.echo("✓")


@register_app.command("unlink-staff")
def unlink_staff(
    user: UserName,
    learner_id: Annotated[UUID, typer.Argument(help="The parent that they are not.")],
) -> None:
    """Take a link back that was made to the wrong parent; the right one is made by link-staff."""
    with opened() as runtime:
        staff_id = runtime.accounts.owner_of(user)
        runtime.book.registry.unlink_staff(staff_id, learner_id, operator(runtime))
    typer.echo("✓")


@register_app.command("link-sign-on")
def link_sign_on(
    user: UserName,
    subject: Annotated[str, typer.Argument(help="The person's `sub` at the issuer.")],
) -> None:
    """Say who somebody is at the single sign-on, to let them in by it; never by e-mail."""
    with opened() as runtime:
        if runtime.settings.oidc_issuer is None:
            raise typer.BadParameter("PARENT_CREDITS_OIDC_ISSUER")
        staff_id = runtime.accounts.owner_of(user)
        link(runtime.tables, runtime.settings.oidc_issuer, subject, staff_id, runtime.now())
    typer.echo("✓")


@register_app.command("unlink-sign-on")
def unlink_sign_on(
    user: UserName,
) -> None:
    """Let somebody in by password alone from now on; their logins end."""
    with opened() as runtime:
        staff_id = runtime.accounts.owner_of(user)
        unlink(runtime.tables, staff_id)
        runtime.logins.revoke_all(staff_id)
    typer.echo("✓")


@register_app.command("end-role")
def end_one_role(
    user: UserName,
    role: Role,
    organisation: OrganisationCode,
) -> None:
    """End one role of a member of staff at once; whoever has others signs in again."""
    with opened() as runtime:
        end_role(runtime, user, role, organisation, operator(runtime))
    typer.echo("✓")


@register_app.command("end-staff")
def leave(user: UserName) -> None:
    """Let a member of staff leave: every role ends today, the account and its logins at once."""
    with opened() as runtime:
        end_staff(runtime, user, operator(runtime))
    typer.echo("✓")
