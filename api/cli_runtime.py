"""What every command shares: settings and the runtime."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

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
