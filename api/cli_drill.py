"""The drill on the command line.

Exit codes: 0 the backup came back as it was; 1 it did not; 4 it cannot be restored; 5 refused.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final

import typer

from api.backup_notes import BackupNotes
from api.base_backup import Moment
from api.cli_data import Archive, Passphrase, brought_back, fail
from api.cli_runtime import busy, opened
from api.clock import system_clock
from api.drill import Step, drill
from api.sealed_files import BackupError
from api.settings import Settings

NOT_THE_SAME: Final = 1
MOST_SHOWN = 20

Alone = Annotated[
    bool, typer.Option("--alone", help="Compare with nothing: the source is not at hand here.")
]


def add_to(app: typer.Typer) -> None:
    app.command(name="drill")(run)


def run(file: Path, passphrase: Passphrase, archive: Archive = None, alone: Alone = False) -> None:
    """Restore FILE into a server that is thrown away, prove it, tell the seconds of each step."""
    what = Moment(file, archive, None) if archive else file

    def restore(settings: Settings) -> None:
        brought_back(what, passphrase, settings)

    began, is_well, settings = time.monotonic(), True, Settings.read()
    with ExitStack() as stack:
        source = None if alone else stack.enter_context(opened())
        try:
            with busy(str(file)):
                for step in drill(restore, settings, source):
                    tell(step)
                    is_well = is_well and not step.faults
        except BackupError as error:
            fail(error)
    typer.echo(f"{'✓' if is_well else '✗'} {time.monotonic() - began:.1f} s")
    if is_well:
        BackupNotes(settings.backup_notes).note("drill", system_clock(), file)
    else:
        raise typer.Exit(NOT_THE_SAME)


def tell(step: Step) -> None:
    mark = "✗" if step.faults else "✓"
    typer.echo(f"{mark} {step.name}\t{step.seconds:.1f} s\t{step.done}")
    for fault in step.faults[:MOST_SHOWN]:
        typer.echo(f"  {fault}")
