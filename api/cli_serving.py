"""Commands that run the program: run, serve, work, reset."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from typing import Annotated

import typer

from api.cli_runtime import opened
from api.demo.keeping import keep_up
from api.demo.pilot import load_unless_there
from api.demo.welcome import welcome
from api.restored import refuse_unheard
from api.settings import Settings
from ledger.embedded import EmbeddedServer


def add_to(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(serve)
    app.command()(work)
    app.command()(demo)
    app.command()(reset)


def run() -> None:
    """Try it out: load the invented pilot, then serve with the worker until interrupted."""
    from api.serving import answers, together  # noqa: PLC0415 - a third of the time of any command

    settings = Settings.read()
    typer.echo("准备数据库和试点 · preparing the database and the pilot …")
    demo()
    typer.echo("启动网页和后台 · starting the pages and the worker …")
    address = f"→ {settings.public_url}   (Ctrl-C ends it; make reset forgets it)"
    is_up, say = partial(answers, settings.host, settings.port), partial(typer.echo, address)
    sys.exit(together(("serve", "work"), is_up, say))


def demo() -> None:
    """Load the invented pilot (three schools 示例…) into an empty ledger; again: freshen it."""
    with opened() as runtime:
        refuse_unheard(runtime.connections)
        load_unless_there(runtime)
        keep_up(runtime)
        welcome(runtime)


def serve(
    share_port: Annotated[
        bool, typer.Option(help="Let others serve at the same port: one process for each core.")
    ] = False,
) -> None:
    """Serve the pages and the JSON interface until interrupted."""
    from api.serving import serve as serve_web  # noqa: PLC0415 - see above

    with opened() as runtime:
        serve_web(runtime, shares_port=share_port)


def work() -> None:
    """Keep read models current and award hours until interrupted; one is active, others wait."""
    from api.serving import work as work_on  # noqa: PLC0415 - see above

    with opened() as runtime:
        work_on(runtime)


def reset() -> None:
    """Forget everything under the var folder: our own server, its data, the secrets. For demos."""
    settings = Settings.read()
    if settings.database_url is not None:
        typer.echo(
            "reset forgets only our own server: PARENT_CREDITS_DATABASE_URL is set", err=True
        )
        raise typer.Exit(2)
    if settings.var.exists():
        EmbeddedServer(settings.var, major=settings.postgres_major).erase()
        shutil.rmtree(settings.var)
    typer.echo(f"{settings.var} ✓")
