"""Every erasure, by ids alone, in a file that no restore of the database takes back.

One line of JSON each. A backup that is older than an erasure brings the person back; after the
restore this list is carried out again.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from domain.erasure import Erasure, Scope


class UnreadableErasures(Exception):
    """A line of the list is damaged: nothing is carried out. `line` is its number."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} of the list of erasures cannot be read")
        self.line = line


class Carried(BaseModel):
    """One erasure as it was carried out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    learner_id: UUID
    request_id: UUID
    at: AwareDatetime
    scope: Scope

    @classmethod
    def of(cls, event: Erasure.CarriedOut) -> Self:
        return cls(
            learner_id=event.learner_id,
            request_id=event.request_id,
            at=event.envelope.at,
            scope=event.scope,
        )


@dataclass(frozen=True)
class ErasureList:
    path: Path

    def note(self, carried: Carried) -> None:
        """Append, whole and durable; noted before it is no news."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            whole, _, cut_short = file.read().rpartition(b"\n")
            if str(carried.request_id).encode() in whole:
                return
            if cut_short:  # by a crash: whoever was writing it writes it again
                file.truncate(len(whole) + 1 if whole else 0)
            file.write(carried.model_dump_json().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> Iterator[Carried]:
        """Raises UnreadableErasures; nothing where there is no list."""
        if not self.path.exists():
            return
        lines = self.path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            try:
                yield Carried.model_validate_json(line)
            except ValidationError as error:
                raise UnreadableErasures(number) from error
