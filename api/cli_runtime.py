"""What every command shares: settings, the runtime, and how a refusal is told."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, Self

from rich.console import Console

from api import logs
from api.bootstrap import Runtime, build
from api.language.catalogue import Language
from api.problems import text_of
from api.settings import Settings
from domain.refusals import Refused


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


@dataclass(frozen=True)
class Failed:
    """A refusal on the command line: code, text in both languages, exit status 5."""

    EXIT: ClassVar[int] = 5

    code: str
    text: str
    facts: str

    @classmethod
    def of(cls, refusal: Refused) -> Self:
        both = (
            f"{text_of(refusal.code, Language.CHINESE)} {text_of(refusal.code, Language.ENGLISH)}"
        )
        facts = " ".join(f"{name}={value}" for name, value in refusal.facts.items())
        return cls(refusal.code, both, facts)

    def tell(self) -> None:
        print(f"{self.code}: {self.text} {self.facts}".rstrip(), file=sys.stderr)  # noqa: T201 - the command line speaks
