"""Commands that care for the data: setup, backup, restore, guard, partition."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api import secrets as installation
from api.backup import Kept, back_up
from api.backup import restore as bring_back
from api.backup_notes import BackupNotes
from api.base_backup import Moment, back_up_base, restore_moment
from api.cli_register import publish_default
from api.cli_runtime import busy, opened
from api.database import own_server, superuser_of
from api.erasing import replay
from api.erasure_list import Carried, ErasureList
from api.restored import erasures_are_known
from api.sealed_files import BackupError
from api.settings import Settings
from api.signing import ensure_key
from ledger.guard import script
from ledger.migrations import Names
from ledger.partitions import partition as in_parts

Passphrase = Annotated[
    str,
    typer.Option(
        envvar="PARENT_CREDITS_PASSPHRASE",
        prompt=True,
        hide_input=True,
        help="Seals the database and the secrets, a file each (at least 12 characters).",
    ),
]
Base = Annotated[
    bool,
    typer.Option(
        help="The whole data folder of our own server instead: its archive leads on from it."
    ),
]
Archive = Annotated[
    Path | None,
    typer.Option(help="FILE is a base backup: go on from it by the WAL of this folder."),
]
Until = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%dT%H:%M:%S%z"],
        help="… to this time, as 2027-01-20T08:00:00+0800; without it to the archive's end.",
    ),
]


Erasures = Annotated[
    Path | None,
    typer.Option(help="The list of erasures that was kept apart; default: in the var folder."),
]
NO_LIST = (
    "! No list of erasures: whoever was erased after this backup is back, and nothing is served"
    " before: parent-credits erasures replay FILE (or, where nobody was: erasures replay --none)"
)


def add_to(app: typer.Typer) -> None:
    app.command()(setup)
    app.command()(backup)
    app.command()(restore)
    app.command()(guard)
    app.command()(partition)


def setup() -> None:
    """Create or update schemas, roles and secrets; publish the first rulebook, make a key."""
    with opened() as runtime:
        if not runtime.book.rulebooks.is_set_up():
            publish_default(runtime)
        ensure_key(runtime)
        typer.echo("✓")


def backup(file: Path, passphrase: Passphrase, base: Base = False) -> None:
    """Write FILE (the database, while it is in use) and FILE.secrets, both under the passphrase."""
    with opened() as runtime:
        connections = runtime.connections
        kept = Kept.of(runtime.secrets, runtime.settings.signing_keys)
        try:
            with busy(str(file)):
                if base:
                    superuser = superuser_of(connections.owner, connections.server)
                    back_up_base(superuser, kept, file, passphrase)
                else:
                    back_up(connections.owner, connections.names, kept, file, passphrase)
        except BackupError as error:
            fail(error)
        BackupNotes(runtime.settings.backup_notes).note("backup", runtime.now(), file)
    typer.echo(f"{file} ✓\n{file}.secrets ✓")


def restore(
    file: Path,
    passphrase: Passphrase,
    archive: Archive = None,
    to: Until = None,
    erasures: Erasures = None,
) -> None:
    """Bring FILE and FILE.secrets into an empty place; refused without the secrets.

    Whoever was erased after the backup is erased again, by the list that is given or in the var
    folder; without one nothing is served before `erasures replay`.
    """
    settings = Settings.read()
    if erasures is not None and not erasures.exists():
        raise typer.BadParameter(str(erasures), param_hint="--erasures")
    known = ErasureList(erasures or settings.erasures)
    carried = list(known.read()) if known.path.exists() else None  # whole, or nothing is begun
    moment = Moment(file, archive, to.astimezone(UTC) if to else None) if archive else None
    try:
        with busy(str(file)):
            brought_back(moment or file, passphrase, settings)
    except BackupError as error:
        fail(error)
    assert not installation.missing(settings.secrets_folder)
    if carried is None:
        typer.echo(NO_LIST, err=True)
    else:
        erase_again(settings, carried)
    typer.echo("✓")


def erase_again(settings: Settings, carried: list[Carried]) -> None:
    """Carry out the list, and keep it beside the restored ledger: the next restore needs it."""
    known = ErasureList(settings.erasures)
    for each in carried:
        known.note(each)
    with opened(settings) as runtime:
        news = replay(runtime, carried)
        erasures_are_known(runtime.connections)
    typer.echo(f"erasures: {len(carried)} ✓ ({news} +)")


def brought_back(what: Path | Moment, passphrase: str, settings: Settings) -> None:
    """The way of every restore, in earnest and in a drill. Raises BackupError.

    What has to be done again after each one, before anybody reads, belongs at its end.
    """
    if isinstance(what, Moment):
        restore_moment(what, passphrase, settings)
    else:
        bring_back_into(settings, what, passphrase)


def bring_back_into(settings: Settings, file: Path, passphrase: str) -> None:
    """Raises BackupError."""
    names = Names(settings.ledger)
    if settings.database_url is not None:
        bring_back(settings.database_url.get_secret_value(), names, file, passphrase, settings)
        return
    server = own_server(settings)
    try:
        bring_back(server.start().conninfo(), names, file, passphrase, settings)
    finally:
        server.leave()


def guard() -> None:
    """Print the SQL that a superuser runs in the ledger's database to guard its definition.

    Needed only where the program itself is no superuser: `status` says whether the guard stands.
    """
    typer.echo(script(Settings.read().ledger).as_string())


def partition(parts: Annotated[int, typer.Argument(min=2, max=64)]) -> None:
    """Copy the events table into PARTS by hash, in one transaction; stop everything else first."""
    with opened() as runtime:
        connections = runtime.connections
        with busy(str(parts)):
            in_parts(connections.owner, connections.names, parts)
    typer.echo("✓")


def fail(error: Exception) -> None:
    typer.echo(str(error), err=True)
    raise typer.Exit(4)
