"""The passbook on the command line: written from the ledger, recomputed from nothing but the file.

Exit codes of recomputing: 0 every figure comes out the same; 1 something differs; 3 nothing
differs, but something cannot be derived or is not recorded yet; 5 refused, no passbook.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.cli_register import operator
from api.cli_runtime import opened
from api.passbook.checking import checked
from api.passbook.file import Passbook, read
from api.passbook.making import passbook_of
from api.passbook.proving import keys_in
from api.passbook.words import KEY_FROM_FILE, PURPOSE, lines_of
from domain.refusals import Refused
from ledger.recomputing.figures import Figure, Verdict, worst

EXITS = {Verdict.SAME: 0, Verdict.DIFFERS: 1, Verdict.UNDERIVED: 3, Verdict.DUE: 3}


class FileThere(Refused):
    """There is a file of that name already: it is kept, unless it is to be replaced."""

    code = "file_there"


def add_to(app: typer.Typer) -> None:
    app.command()(passbook)


def passbook(
    learner: Annotated[UUID, typer.Argument(help="The ledger's id of the learner.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write the passbook (学时存折) of a learner; says how many of its facts are in the log.

    For its owner's eyes only; the look is logged, as on a page.
    """
    if out.exists() and not force:
        raise FileThere
    with opened() as runtime:
        runtime.projector.catch_up()
        made, by = passbook_of(runtime, learner), operator(runtime)
        runtime.book.vault.access_log.note([made.learner_id], by.actor, PURPOSE, by.at)
    write(out, made.as_bytes(), replacing=force)
    proved = sum(fact.leaf is not None for fact in made.facts)
    typer.echo(f"{out}\t{proved}/{len(made.facts)}")


def write(path: Path, content: bytes, *, replacing: bool) -> None:
    """A file that is replaced is there until the new one is written whole. Raises FileThere."""
    if replacing:
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        write(part, content, replacing=False)
        part.replace(path)
        return
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as there:
        raise FileThere from there
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def recompute(path: Path, log_key: str | None, *, as_json: bool) -> None:
    """Derive every figure of a passbook again, offline. Raises PassbookUnreadable, BadKey."""
    book = read(path)
    figures = checked(book, keys_in(log_key) if log_key else ())
    verdict = worst(figures)
    if as_json:
        told = {**told_of(book, figures, verdict), "key_compared": log_key is not None}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo("\n".join(lines_of(book, figures, verdict)))
        if book.log and not log_key:
            typer.echo(f"{KEY_FROM_FILE}\n{book.log.key}")
    if verdict is not Verdict.SAME:
        raise typer.Exit(EXITS[verdict])


def told_of(book: Passbook, figures: list[Figure], verdict: Verdict) -> dict[str, object]:
    return {
        "verdict": verdict,
        "learner_id": str(book.learner_id),
        "as_of": book.as_of.isoformat(),
        "position": book.position,
        "facts": len(book.facts),
        "checkpoint": book.log.checkpoint if book.log else None,
        "figures": [asdict(figure) for figure in figures],
    }
