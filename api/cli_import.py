"""parent-credits import: a roster, a plan, results, questions or training hours from a file.

Exit codes: 0 every row was taken; 3 some rows were rejected or are doubtful (the good ones are
recorded); 4 the file as a whole cannot be read; 5 refused, nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from api.bootstrap import Runtime
from api.cli_import_output import Output
from api.cli_runtime import opened
from api.files.failed import name_of
from api.files.rejection import UnreadableFile
from api.files.table import OneSheet
from api.files.template import Kind
from api.imports.acting import envelope_of, school_meant, staff_called
from api.imports.order import Order, action_of
from api.imports.report import Imported, unread
from api.imports.taking import take_file
from domain.refusals import Refused

SOME_FAILED: Final = 3
UNREADABLE: Final = 4
REFUSED: Final = 5

EPILOG = (
    "Exit codes: 0 every row taken; 3 some rows rejected or doubtful, the good ones recorded; "
    "4 file unreadable; 5 refused, nothing recorded."
)

import_app = typer.Typer(
    help="Bring a file: roster, plan, exam results, questions, teachers' hours (XLSX or CSV).",
    no_args_is_help=True,
)

File = Annotated[Path, typer.Argument(help="The file: XLSX, or CSV in UTF-8 or GB18030.")]
As = Annotated[
    str | None,
    typer.Option("--as", help="User name of the member of staff who acts. A dry run needs none."),
]
School = Annotated[
    str | None,
    typer.Option("--school", help="School code. Default: the school of who acts, or the file's."),
]
Sheet = Annotated[
    str, typer.Option("--sheet", help="The sheet that is meant, where a workbook has several.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Compare and report; record nothing at all.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
Failed = Annotated[
    Path | None,
    typer.Option(
        "--failed", help="Where rows that failed are written. Default: NAME.failed beside it."
    ),
]
Lang = Annotated[Literal["zh", "en"], typer.Option("--lang", help="Language of the texts.")]


@dataclass(frozen=True)
class Wish:
    """What the options ask for."""

    kind: Kind
    file: Path
    user: str | None
    school: str | None
    dry_run: bool
    failed: Path | None
    sheet: str
    lang: Literal["zh", "en"]
    json: bool
    checking: bool = False
    year: int | None = None
    anew: frozenset[int] = frozenset()

    @property
    def source(self) -> Path | OneSheet:
        return OneSheet(self.file, self.sheet) if self.sheet else self.file


def add_to(app: typer.Typer) -> None:
    app.add_typer(import_app, name="import")


@import_app.command(epilog=EPILOG)
def roster(
    context: typer.Context,
    file: File,
    user: As = None,
    school: School = None,
    year: Annotated[
        int | None,
        typer.Option("--year", help="School year: 2026 is 2026-2027. Default: today's."),
    ] = None,
    dry_run: DryRun = False,
    failed: Failed = None,
    sheet: Sheet = "",
    lang: Lang = "zh",
    json: Json = False,
) -> None:
    """Children and their adults (家长学员花名册); also a ZIP of OneRoster 1.2 or SDS 2.1."""
    wish = Wish(Kind.ROSTER, file, user, school, dry_run, failed, sheet, lang, json, year=year)
    bring(context, wish)


@import_app.command(epilog=EPILOG)
def plan(
    context: typer.Context,
    file: File,
    user: As = None,
    school: School = None,
    anew: Annotated[
        list[int] | None,
        typer.Option("--anew", help="A row that is meant, though its session was called off."),
    ] = None,
    dry_run: DryRun = False,
    failed: Failed = None,
    sheet: Sheet = "",
    lang: Lang = "zh",
    json: Json = False,
) -> None:
    """The activities of a term (家长学校教学计划). A row needs its times to become a session."""
    meant = frozenset(anew or ())
    wish = Wish(Kind.PLAN, file, user, school, dry_run, failed, sheet, lang, json, anew=meant)
    bring(context, wish)


@import_app.command(epilog=EPILOG)
def exam(
    context: typer.Context,
    file: File,
    user: Annotated[
        str | None,
        typer.Option(
            "--as", "--entered-by", help="User name of who typed; with --check, of who checks."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Confirm, as a second person, what was typed before.")
    ] = False,
    school: School = None,
    dry_run: DryRun = False,
    failed: Failed = None,
    sheet: Sheet = "",
    lang: Lang = "zh",
    json: Json = False,
) -> None:
    """Results on paper (考核成绩表): typed by one person, then checked by another."""
    wish = Wish(Kind.EXAM, file, user, school, dry_run, failed, sheet, lang, json, checking=check)
    bring(context, wish)


@import_app.command(epilog=EPILOG)
def questions(
    context: typer.Context,
    file: File,
    user: As = None,
    school: School = None,
    dry_run: DryRun = False,
    failed: Failed = None,
    sheet: Sheet = "",
    lang: Lang = "zh",
    json: Json = False,
) -> None:
    """The questions of courses (考核题库). A number that is there already is revised."""
    bring(context, Wish(Kind.QUESTIONS, file, user, school, dry_run, failed, sheet, lang, json))


@import_app.command("teacher-hours", epilog=EPILOG)
def teacher_hours(
    context: typer.Context,
    file: File,
    user: As = None,
    school: School = None,
    dry_run: DryRun = False,
    failed: Failed = None,
    sheet: Sheet = "",
    lang: Lang = "zh",
    json: Json = False,
) -> None:
    """Training hours of teachers (教师家庭教育指导学时登记表), from the province's platform."""
    bring(context, Wish(Kind.TEACHER_HOURS, file, user, school, dry_run, failed, sheet, lang, json))


@import_app.command("sign-in-sheet", epilog=EPILOG)
def sign_in_sheet(
    context: typer.Context,
    file: File,
    user: Annotated[
        str | None,
        typer.Option(
            "--as", "--entered-by", help="User name of who typed; with --check, of who checks."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Confirm, as a second person, what was typed before.")
    ] = False,
    school: School = None,
    dry_run: DryRun = False,
    failed: Failed = None,
    sheet: Sheet = "",
    lang: Lang = "zh",
    json: Json = False,
) -> None:
    """Sign-in sheets on paper (签到表): typed by one person, then checked by another."""
    kind = Kind.SIGN_IN_SHEET
    wish = Wish(kind, file, user, school, dry_run, failed, sheet, lang, json, checking=check)
    bring(context, wish)


def bring(context: typer.Context, wish: Wish) -> None:
    output = Output(wish.lang, as_json=wish.json)
    try:
        with runtime_of(context) as runtime, output.bar() as progress:
            imported = take_file(runtime.book, order_of(runtime, wish), wish.source, progress)
    except UnreadableFile as error:
        output.show(unread(wish.kind, error, dry_run=wish.dry_run))
        raise typer.Exit(UNREADABLE) from error
    except Refused as refusal:
        output.refuse(refusal)
        raise typer.Exit(REFUSED) from refusal
    output.show(imported.report)
    leave_failed(wish, imported, output)
    if not imported.report.is_taken:
        raise typer.Exit(SOME_FAILED)


@contextmanager
def runtime_of(context: typer.Context) -> Generator[Runtime]:
    """The runtime that is open already, or this installation's."""
    if isinstance(context.obj, Runtime):
        yield context.obj
        return
    with opened() as runtime:
        yield runtime


def order_of(runtime: Runtime, wish: Wish) -> Order:
    """Raises UnknownAccount, SchoolNotNamed, UnknownSchool, LoginRequired, Forbidden."""
    action = action_of(wish.kind, checking=wish.checking)
    principal = staff_called(runtime, wish.user) if wish.user else None
    school = wish.school or school_meant(runtime, principal, action, wish.kind, wish.source)
    return Order(
        kind=wish.kind,
        school_code=school,
        by=envelope_of(runtime, principal, action, school, dry_run=wish.dry_run),
        dry_run=wish.dry_run,
        checking=wish.checking,
        school_year=wish.year,
        language=wish.lang,
        anew=wish.anew,
    )


def leave_failed(wish: Wish, imported: Imported, output: Output) -> None:
    """Write the rows that failed; a dry run leaves nothing behind unless it is told where."""
    if imported.failed is None or (wish.dry_run and wish.failed is None):
        return
    beside = wish.file.with_name(name_of(f"{wish.file.stem}.failed", imported.failed))
    output.write(wish.failed or beside, imported.failed)
