"""Commands of the log: how it stands, proofs, receipts, and beginning anew after an incident."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from api.bootstrap import Runtime
from api.cli_runtime import opened
from api.log_answers import consistency_text, looked_up, published_at, standing
from api.rendering import local
from ledger.log.beginning import begin_again
from ledger.log.checkpoint import Checkpoint
from ledger.log.logs import NoLogYet
from ledger.log.note import Note

BEHIND = 1

log_app = typer.Typer(
    help="The transparency log (存证日志): how it stands, proofs, receipts, declared incidents.",
    no_args_is_help=True,
)

Size = Annotated[
    int | None, typer.Option(min=0, help="Under the first checkpoint of at least that size.")
]


def add_to(app: typer.Typer) -> None:
    app.add_typer(log_app, name="log")


@log_app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Say how the log stands; exits with 1 where an event has waited for more than a minute."""
    with opened() as runtime:
        told = told_of(runtime)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(
            "\n".join(f"{name}\t{value}" for name, value in told.items() if name != "alarms")
        )
        for alarm in told["alarms"]:
            typer.echo(f"!\t{alarm}")
    if told["overdue"]:
        raise typer.Exit(BEHIND)


def told_of(runtime: Runtime) -> dict[str, Any]:
    """Raises NoLogYet."""
    found = standing(runtime)
    if found is None:
        raise NoLogYet
    cosigned = found.witnessed.size if found.witnessed else None
    return {
        "origin": found.log.origin,
        "key": str(found.log.key),
        "size": found.newest.size,
        "published_at": found.newest.published_at.isoformat(),
        "witnessed": cosigned if found.has_witnesses else "no witness is asked",
        "overdue": runtime.logs.overdue(found.log),
        "alarms": [
            f"{local(at, '%Y-%m-%d %H:%M:%S')} {code} {json.dumps(facts, ensure_ascii=False)}"
            for at, code, facts in runtime.logs.alarms()
        ],
    }


@log_app.command()
def checkpoint() -> None:
    """Print the newest checkpoint with its cosignatures, to be kept elsewhere."""
    with opened() as runtime:
        typer.echo(str(runtime.logs.newest(runtime.logs.current()).whole), nl=False)


@log_app.command()
def prove(
    position: Annotated[int, typer.Argument(min=1, help="Of the event in the feed.")],
    size: Size = None,
) -> None:
    """Print the proof that an event is in the log (c2sp.org/tlog-proof@v1)."""
    with opened() as runtime:
        log = runtime.logs.current()
        index = runtime.logs.index_of(log, position)
        typer.echo(str(runtime.logs.prove(log, index, published_at(runtime, log, size))), nl=False)


@log_app.command()
def consistency(
    old: Annotated[int, typer.Argument(min=0, help="Size of a checkpoint that was kept.")],
    size: Size = None,
) -> None:
    """Print the proof that the log only grew since it had a size."""
    with opened() as runtime:
        log = runtime.logs.current()
        text = consistency_text(runtime, log, old, published_at(runtime, log, size))
    typer.echo(text, nl=False)


@log_app.command()
def receipt(file: Annotated[Path, typer.Argument(help="With the text of a receipt.")]) -> None:
    """Hold a receipt of a check-in against the log."""
    with opened() as runtime:
        found = looked_up(runtime, file.read_text(encoding="utf-8"))
    moment = local(found.recorded_at, "%Y-%m-%d %H:%M:%S")
    typer.echo(f"✓ {moment}\tleaf {found.index}\tcheckpoint {found.under.size}")


@log_app.command()
def resume(
    file: Annotated[
        Path | None, typer.Argument(help="The last checkpoint that was published.")
    ] = None,
    as_restored: Annotated[
        bool, typer.Option("--as-restored", help="Nothing was published after the backup.")
    ] = False,
) -> None:
    """After a restore: say what the last published checkpoint was; the log goes on if it fits."""
    if (file is None) is not as_restored:
        raise typer.BadParameter("FILE or --as-restored, one of them")
    with opened() as runtime:
        folder = runtime.log_keeping.folder
        if file is None:
            folder.nothing_was_said()
            return
        log = runtime.logs.current()
        note = Note.parsed(file.read_bytes())
        last = Checkpoint.opened(note, [log.key], log.origin)
        folder.write(log.number, note)
    typer.echo(f"{last.origin}\t{last.size}")


@log_app.command("begin-again")
def begin_anew(
    sure: Annotated[bool, typer.Option("--yes", help="The incident is declared.")] = False,
) -> None:
    """Give up the log after a declared incident and begin another that names the old one's end."""
    if not sure:
        typer.confirm("This is seen by everybody who checks the log, for ever. Go on?", abort=True)
    with opened() as runtime:
        keeping = runtime.log_keeping
        log = begin_again(keeping.conninfo, keeping.names, keeping.signer_of, keeping.folder)
    typer.echo(f"{log.origin}\n{log.key}\n{log.continues}", nl=False)
