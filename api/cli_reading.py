"""Commands that read: status, doctor, history."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.table import Table

from api.cli_register import DAY
from api.cli_runtime import opened
from api.doctor import examine
from api.findings import State
from api.followers import known
from api.log_answers import log_told
from api.rendering import local
from domain.hours import as_text
from domain.learner import Learner, UnknownLearner
from projections.account_statement import StatementLine
from projections.as_of import Then, end_of


def add_to(app: typer.Typer) -> None:
    app.command()(status)
    app.command()(doctor)
    app.command()(history)


GUARDED = "The database guards the ledger's definition."
NOT_GUARDED = (
    "The guard of the ledger's definition is NOT installed: a superuser has to run what"
    " `parent-credits guard` prints."
)
NOT_KNOWN = "(not of this release)"
NO_LOG = "The transparency log has not begun: no worker has run yet."
SIGNS = {State.GOOD: "✓", State.LOOK: "!", State.BAD: "✗"}
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def status(as_json: AsJson = False) -> None:
    """Say how far read models and log are behind the feed, and whether the database is guarded.

    Exits with 1 when a read model has stopped.
    """
    with opened() as runtime:
        rows, names = runtime.projector.status(), known(runtime)
        position = runtime.book.ledger.position()
        guarded = runtime.connections.guarded()
        log = log_told(runtime)
    if as_json:
        body = [{**asdict(row), "known": row.name in names} for row in rows]
        told = {"position": position, "guarded": guarded, "log": log, "projections": body}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        table = Table("name", "position", "lag", "age s", "stopped", title=f"feed: {position}")
        for row in rows:
            age = f"{row.checkpoint_age_seconds:.0f}"
            said = (row.stopped_reason or "") if row.name in names else NOT_KNOWN
            table.add_row(row.name, str(row.position), str(row.lag_events), age, said)
        Console().print(table)
        typer.echo(GUARDED if guarded else NOT_GUARDED)
        typer.echo(line_of(log) if log else NO_LOG)
    if any(row.stopped_reason for row in rows if row.name in names):
        raise typer.Exit(1)


def doctor(as_json: AsJson = False) -> None:
    """Look at clock, disk, roles, secrets, keys, read models, log and backups; say what to do.

    Exits with 1 when something is bad. Nothing is changed.
    """
    with opened() as runtime:
        findings = list(examine(runtime))
    if as_json:
        body = [asdict(each) for each in findings]
        typer.echo(json.dumps(body, ensure_ascii=False))
    else:
        for each in findings:
            todo = f"\n    → {each.do}" if each.do else ""
            typer.echo(f"{SIGNS[each.state]} {each.what}: {each.found}{todo}")
    if any(each.state is State.BAD for each in findings):
        raise typer.Exit(1)


def line_of(log: dict[str, int]) -> str:
    return f"The log holds {log['size']} events; {log['overdue']} have waited for over a minute."


def history(
    learner: UUID,
    as_of: Annotated[
        datetime | None, typer.Option(formats=DAY, help="As it stood on that day.")
    ] = None,
    known_by: Annotated[
        datetime | None, typer.Option(formats=DAY, help="As far as we knew it on that day.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print what a learner had: balance, stars, completions, certificates, and every line of it."""
    with opened() as runtime:
        runtime.book.ledger.get(Learner, learner, UnknownLearner)
        until = as_of.date() if as_of else None
        known = end_of(known_by.date()) if known_by else None
        lines = runtime.models.accounts.statement(learner, as_of=until, known_by=known)
        then = runtime.models.as_of.then(learner, as_of=until, known_by=known)
    if as_json:
        body = {**to_jsonable_python(then), "lines": [plain(line) for line in lines]}
        typer.echo(json.dumps(body, ensure_ascii=False))
    else:
        print_statement(lines)
        print_then(then)


def print_then(then: Then) -> None:
    table = Table("what", "which", "state")
    for star in then.stars:
        renewed = f"not renewed in {star.not_renewed_in}" if star.not_renewed_in else ""
        table.add_row("star", f"{star.stage} {star.level}", renewed or f"since {star.since}")
    for done in then.completions:
        which = f"{done.stage} {done.kind} {done.period}"
        table.add_row("completion", which, f"reached {done.reached_on}")
    for certificate in then.certificates:
        table.add_row("certificate", certificate.number, certificate.state)
    Console(width=160).print(table)


def print_statement(lines: Iterable[StatementLine]) -> None:
    table = Table("position", "day", "kind", "title", "minutes", "rule", "version", "±", "balance")
    for line in lines:
        table.add_row(
            str(line.position),
            local(line.occurred_at, "%Y-%m-%d"),
            line.kind,
            line.title or "",
            str(line.minutes or ""),
            line.rule_ref or line.cap_ref or line.reason_code or "",
            line.rulebook_version or "",
            as_text(line.hours),
            as_text(line.balance),
        )
    Console(width=160).print(table)


def plain(line: object) -> dict[str, object]:
    """A statement line as JSON values."""
    names = getattr(type(line), "__dataclass_fields__")  # noqa: B009 - every dataclass has it
    values = {name: getattr(line, name) for name in names}
    return {
        name: value if isinstance(value, int | bool | None) else str(value)
        for name, value in values.items()
    }
