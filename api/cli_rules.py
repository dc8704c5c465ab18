"""parent-credits rules: read them, check a file, draft, try out, publish, apply backwards.

Exit codes: 0 done; 5 refused, nothing recorded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table

from api.access.policy import CITY
from api.asking import Asking
from api.bootstrap import Runtime
from api.cli_register import operator
from api.cli_runtime import opened
from api.imports.acting import staff_called
from api.rulebooks.acting import RuleDesk, desk_of_run
from api.rulebooks.executing import carry_out
from api.rulebooks.run import Kind, RuleRun
from api.rulebooks.runs import RuleRuns
from api.rulebooks.showing import both, listed, name_in_force, sections
from domain.calendar import CITY_ZONE, local_day

rules_app = typer.Typer(
    help="The rules: read them, try a draft over all history, publish it by two officers.",
    no_args_is_help=True,
)

As = Annotated[str, typer.Option("--as", help="User name of the officer who acts.")]
Place = Annotated[str, typer.Option("--place", help="440100 (the city), a district or a school.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(rules_app, name="rules")


@rules_app.command("list")
def list_editions(place: Place = CITY, as_json: AsJson = False) -> None:
    """The editions of a place, drafts included, the newest first."""
    with opened() as runtime:
        known, today = runtime.book.rulebooks, local_day(runtime.now(), CITY_ZONE)
        found = [
            {
                "version": each.edition.rulebook_version,
                "name": each.name,
                "effective_from": each.edition.effective_from.isoformat(),
                "state": each.state,
                "sha256": each.edition.sha256,
            }
            for each in listed(known, "" if place == CITY else place, today)
        ]
    tell(found, as_json)


@rules_app.command()
def show(
    name: Annotated[str, typer.Argument(help="A version; without it the rules of today.")] = "",
    place: Place = CITY,
    as_json: AsJson = False,
) -> None:
    """Every figure with its value and its basis, in both languages."""
    with opened() as runtime:
        known, today = runtime.book.rulebooks, local_day(runtime.now(), CITY_ZONE)
        school = None if place == CITY else place
        rules = known.version(name or name_in_force(known, today, school) or "")
        rows: list[dict[str, Any]] = [
            {"ref": row.ref, **{key: both(getattr(row.words, key)) for key in row.words._fields}}
            for _, figures in sections(rules)
            for row in figures
        ]
    if not as_json:
        rows = [{key: in_one_line(said) for key, said in row.items()} for row in rows]
    tell(rows, as_json)


@rules_app.command()
def check(file: Path, place: Place = CITY) -> None:
    """Judge the rules of a JSON file without recording anything; every reason is listed."""
    with opened() as runtime:
        desk = RuleDesk(Asking(runtime, None, uuid4()), place)
        desk.judge(json.loads(file.read_bytes()), operator(runtime))
    typer.echo("✓")


@rules_app.command()
def draft(file: Path, user: As, place: Place = CITY) -> None:
    """Put the rules of a JSON file on the table: whole for the city, sparse below."""
    with opened() as runtime:
        desk = RuleDesk(acting_as(runtime, user), place)
        typer.echo(desk.draft(json.loads(file.read_bytes())))


@rules_app.command("dry-run")
def dry_run(
    version: str,
    user: As,
    place: Place = CITY,
    own_day: Annotated[bool, typer.Option(help="Only since its own first day.")] = False,
    instead_of: Annotated[
        str | None, typer.Option(help="What was judged by this version, backwards.")
    ] = None,
    learners: Annotated[bool, typer.Option(help="List every learner who changes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try an edition over all history; Ctrl-C cancels it and leaves nothing behind."""
    with opened() as runtime:
        asking = acting_as(runtime, user)
        edition = runtime.book.rulebooks.edition(version, "" if place == CITY else place)
        since = edition.effective_from if own_day else None
        run_id = RuleDesk(asking, place).ask_dry_run(version, since, instead_of)
        run = carried_out(runtime, run_id)
        said: dict[str, Any] = {
            "run_id": str(run.run_id),
            "state": run.state.value,
            "sha256": run.sha256,
            "totals": run.totals.model_dump() if run.totals else None,
        }
        if learners:
            found = RuleRuns(runtime.tables).every(run_id)
            said["learners"] = [each.effects.model_dump(mode="json") for each in found]
    tell(said, as_json)


@rules_app.command()
def publish(version: str, user: As, place: Place = CITY) -> None:
    """Announce a draft that was tried, as a second officer."""
    with opened() as runtime:
        RuleDesk(acting_as(runtime, user), place).publish(version)
    typer.echo("✓")


@rules_app.command()
def withdraw(version: str, user: As, place: Place = CITY) -> None:
    """Take an edition back before it takes effect."""
    with opened() as runtime:
        RuleDesk(acting_as(runtime, user), place).withdraw(version)
    typer.echo("✓")


@rules_app.command()
def propose(run_id: UUID, user: As) -> None:
    """Put a finished dry run backwards forward; prints the id that the second officer starts."""
    with opened() as runtime:
        asking = acting_as(runtime, user)
        run = RuleRuns(runtime.tables).get(run_id)
        typer.echo(str(desk_of_run(asking, run).propose(run)))


@rules_app.command()
def start(
    re_evaluation_id: UUID,
    user: As,
    sha256: Annotated[str, typer.Option(help="The hash of the dry run that is signed.")],
    as_json: AsJson = False,
) -> None:
    """Sign as the second officer and apply it; cut off, the worker goes on where it stopped."""
    with opened() as runtime:
        asking = acting_as(runtime, user)
        plan = runtime.book.re_evaluations.get(re_evaluation_id).plan
        RuleDesk(asking, plan.organisation or CITY).start(re_evaluation_id, sha256)
        run = carried_out(runtime, re_evaluation_id)
        outcomes = run.outcomes.model_dump() if run.outcomes else None
    tell({"state": run.state.value, "outcomes": outcomes}, as_json)


def acting_as(runtime: Runtime, user: str) -> Asking:
    """An officer by user name: whoever may use this shell is trusted to name them."""
    return Asking(runtime, staff_called(runtime, user), uuid4())


def in_one_line(said: str | dict[str, str]) -> str:
    return said if isinstance(said, str) else " / ".join(dict.fromkeys(said.values()))


def carried_out(runtime: Runtime, run_id: UUID) -> RuleRun:
    """Carry a run out here, with a bar that shows how far it is, unless the worker has it."""
    runs = RuleRuns(runtime.tables)
    run = runs.take(run_id)
    if run is None:
        return runs.get(run_id)
    try:
        with progress_bar() as show:
            return carry_out(runtime, run, show)
    except KeyboardInterrupt:
        # What is applied already stays: the worker goes on with the rest.
        if run.kind is Kind.APPLY:
            runs.release(run)
        else:
            runs.cancel(run_id, runtime.now())
        return runs.get(run_id)


@contextmanager
def progress_bar() -> Generator[Callable[[RuleRun], None]]:
    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("learners")

        def show(run: RuleRun) -> None:
            bar.update(task, total=run.total, completed=run.done)

        yield show


def tell(what: dict[str, Any] | list[dict[str, Any]], as_json: bool) -> None:
    """JSON, or a table: a list line by line, one thing as names and values."""
    if as_json:
        typer.echo(json.dumps(what, ensure_ascii=False, indent=2))
        return
    if isinstance(what, dict):
        what = [{"": key, " ": json.dumps(value)} for key, value in what.items()]
    made = Table(*(what[0] if what else ("—",)))
    for row in what:
        made.add_row(*map(str, row.values()))
    Console().print(made)
