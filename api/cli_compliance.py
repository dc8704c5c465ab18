"""Commands of the school's duty: a term, a district's table, coverage, closing and checking it.

Exit codes: 0 done; 1 the books of a closed term do not add up to their hash; 5 refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.access.actions import Action
from api.bootstrap import Runtime
from api.cli_register import DAY
from api.cli_runtime import opened
from api.closing import close_term, close_year, closings_of, force_term, listing_of, listing_text
from api.compliance import TermOfSchool, asked, term_called, term_of_school, terms_of_district
from api.coverage import coverage_of
from api.imports.acting import envelope_of, staff_called
from api.machines import placed
from domain.hours import as_short_text

NOT_THE_SAME = 1

compliance_app = typer.Typer(
    help="The school's duty of a term (GZ-6): how it stands, closing it, checking what was closed.",
    no_args_is_help=True,
)

School = Annotated[str, typer.Argument(help="School code.")]
District = Annotated[str, typer.Argument(help="District code; 440100 is the whole city.")]
TermCode = Annotated[str, typer.Argument(help="As in 2026-1.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsOf = Annotated[datetime | None, typer.Option(formats=DAY, help="As it stood on that day.")]
User = Annotated[str, typer.Option("--as", help="User name of whoever closes.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(compliance_app, name="compliance")


@compliance_app.command()
def school(school: School, term: TermCode, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Show a school's term: the light, what counts, and each session with its reason."""
    with opened() as runtime:
        runtime.projector.catch_up()
        wanted = asked(runtime, term, as_of.date() if as_of else None)
        found = term_of_school(runtime, school, wanted)
    sessions = [
        {
            "session_id": str(each.session_id),
            "title": each.title,
            "class_hours": each.class_hours,
            "verdict": found.verdict(each).value,
        }
        for each in found.sessions
    ]
    by_grade = {grade: asdict(tally) for grade, tally in found.compliance.by_grade.items()}
    if as_json:
        body = {**row_of(found), "by_grade": by_grade, "sessions": sessions}
        typer.echo(json.dumps(body, ensure_ascii=False))
    else:
        show([found])
        for each in sessions:
            typer.echo("\t".join(str(value) for value in each.values()))


@compliance_app.command()
def district(
    district: District,
    term: TermCode,
    stage: Annotated[str | None, typer.Option(help="kindergarten, primary, junior …")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show the term of every school of a district, by school code."""
    with opened() as runtime:
        runtime.projector.catch_up()
        placed(runtime, district)
        wanted = asked(runtime, term, as_of.date() if as_of else None)
        found = terms_of_district(runtime, district, stage, wanted)
    if as_json:
        typer.echo(json.dumps([row_of(each) for each in found], ensure_ascii=False))
    else:
        show(found)


@compliance_app.command()
def coverage(
    district: District, school_year: int, as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """Show parent schools and households reached; fewer than ten are left out."""
    with opened() as runtime:
        runtime.projector.catch_up()
        placed(runtime, district)
        found = coverage_of(runtime, district, school_year, as_of.date() if as_of else None)
    rows = [
        {
            "school_code": each.school.school_code,
            "parent_school": each.school not in found.missing,
            "enrolled": each.enrolled,
            "reached": each.reached,
        }
        for each in found.schools
    ]
    if as_json:
        total = {"enrolled": found.enrolled, "reached": found.reached}
        typer.echo(json.dumps({**total, "schools": rows}, ensure_ascii=False))
    else:
        for row in rows:
            typer.echo("\t".join("" if value is None else str(value) for value in row.values()))


@compliance_app.command("close")
def close(
    school: School,
    term: TermCode,
    user: User,
    force: Annotated[
        bool, typer.Option(help="As the district, for a school that did not.")
    ] = False,
) -> None:
    """Close a school's term, as its coordinator or, by force, as its district."""
    action, act = (
        (Action.TERM_CLOSE_FORCE, force_term) if force else (Action.TERM_CLOSE, close_term)
    )
    with opened() as runtime:
        runtime.projector.catch_up()
        by = envelope_of(runtime, staff_called(runtime, user), action, school, dry_run=False)
        act(runtime, school, term_called(runtime, term), by)
    typer.echo("✓")


@compliance_app.command("close-year")
def end_year(school: School, school_year: int, user: User) -> None:
    """Close a school year after both its terms; the worker then evaluates every learner again."""
    with opened() as runtime:
        runtime.projector.catch_up()
        who = staff_called(runtime, user)
        by = envelope_of(runtime, who, Action.YEAR_CLOSE, school, dry_run=False)
        close_year(runtime, school, school_year, by)
    typer.echo("✓")


@compliance_app.command()
def listing(
    school: School,
    term: TermCode,
    number: Annotated[
        int | None, typer.Option(help="0: as it was closed; n: as addendum n says.")
    ] = None,
) -> None:
    """Print the listing of a term, byte for byte what its hash is of (pipe it to sha256sum)."""
    with opened() as runtime:
        runtime.projector.catch_up()
        text = listing_text(runtime, school, term_called(runtime, term), number)
    typer.echo(text, nl=False)


@compliance_app.command()
def check(school: School, term: TermCode, as_json: AsJson = False) -> None:
    """Add a closed term up again; exits with 1 where the last hash on record is another one."""
    with opened() as runtime:
        runtime.projector.catch_up()
        found, recorded = hashes(runtime, school, term)
    same = found == recorded
    if as_json:
        typer.echo(json.dumps({"found": found, "recorded": recorded, "same": same}))
    else:
        typer.echo(f"{'✓' if same else '≠'} {found} {recorded or ''}".rstrip())
    if not same:
        raise typer.Exit(NOT_THE_SAME)


def hashes(runtime: Runtime, school_code: str, term: str) -> tuple[str, str | None]:
    """The hash that a term adds up to now, and the last one on record."""
    called = term_called(runtime, term)
    filed = closings_of(runtime, school_code, called)
    return listing_of(runtime, school_code, called).sha256, filed[-1].sha256 if filed else None


def row_of(found: TermOfSchool) -> dict[str, object]:
    judged, last = found.compliance, found.last_closing
    return {
        "school_code": found.school.school_code,
        "term": found.term.code,
        "light": judged.light.value,
        "counted": asdict(judged.counted),
        "in_reach": asdict(judged.in_reach),
        "weeks_left": judged.weeks_left,
        "sha256": last.sha256 if last else None,
        "addenda": last.number if last else 0,
    }


def show(found: Iterable[TermOfSchool]) -> None:
    table = Table("school", "light", "activities", "class hours", "weeks left", "closed")
    for each in found:
        judged, rules = each.compliance, each.rulebook.school_term_compliance
        hours = as_short_text(judged.counted.class_hours), as_short_text(rules.min_class_hours)
        table.add_row(
            each.school.school_code,
            judged.light.value,
            f"{judged.counted.activities}/{rules.min_activities}",
            "/".join(hours),
            str(judged.weeks_left),
            each.last_closing.sha256[:12] if each.last_closing else "",
        )
    Console(width=120).print(table)
