"""Commands that read: status, history."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from api.cli_register import DAY
from api.cli_runtime import opened
from api.rendering import local
from domain.hours import as_text
from domain.learner import Learner, UnknownLearner
from projections.account_statement import StatementLine


def add_to(app: typer.Typer) -> None:
    app.command()(status)
    app.command()(history)


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def status(as_json: AsJson = False) -> None:
    """Say how far the read models are behind the feed; exits with 1 when one has stopped."""
    with opened() as runtime:
        rows = runtime.projector.status()
        position = runtime.book.ledger.position()
    if as_json:
        body = [
            {
                "name": row.name,
                "position": row.position,
                "lag_events": row.lag_events,
                "checkpoint_age_seconds": row.checkpoint_age_seconds,
                "stopped_reason": row.stopped_reason,
            }
            for row in rows
        ]
        typer.echo(json.dumps({"position": position, "projections": body}, ensure_ascii=False))
    else:
        table = Table("name", "position", "lag", "age s", "stopped", title=f"feed: {position}")
        for row in rows:
            age = f"{row.checkpoint_age_seconds:.0f}"
            table.add_row(
                row.name, str(row.position), str(row.lag_events), age, row.stopped_reason or ""
            )
        Console().print(table)
    if any(row.stopped_reason for row in rows):
        raise typer.Exit(1)


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
    """Print the facts behind a learner's balance, each line with its event and its rule."""
    with opened() as runtime:
        runtime.book.ledger.get(Learner, learner, UnknownLearner)
        until = as_of.date() if as_of else None
        known = known_by.astimezone() if known_by else None
        lines = runtime.models.accounts.statement(learner, as_of=until, known_by=known)
    if as_json:
        typer.echo(json.dumps([plain(line) for line in lines], ensure_ascii=False))
    else:
        print_statement(lines)


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
