"""What every command shares: settings and the runtime."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager

import typer
from rich.console import Console

from api import logs
from api.bootstrap import Runtime, build
from api.settings import Settings


@contextmanager
def opened(settings: Settings | None = None) -> Generator[Runtime]:
    """The runtime of this installation; it works beside a running server."""
    settings = settings or Settings.read()
    logs.configure(settings.log_level, settings.log_format)
    runtime = build(settings)
    try:
        yield runtime
    finally:
        runtime.close()


@contextmanager
def busy(what: str) -> Generator[None]:
    """A sign of life beside the answer, on standard error and only where a person watches."""
    with Console(stderr=True).status(what):
        yield


def tell_each(states: Iterable[Mapping[str, object]]) -> None:
    """A JSON array, printed as its rows are read: of a long list no more than a part is here."""
    before = "["
    for state in states:
        typer.echo(f"{before}{json.dumps(state, ensure_ascii=False)}", nl=False)
        before = ",\n"
    typer.echo("[]" if before == "[" else "]")
