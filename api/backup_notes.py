"""When a backup was made, and when one was brought back for trial: a line each, beside the data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class BackupNotes:
    """Only what `doctor` asks for; a note that is lost costs a warning."""

    path: Path

    def note(self, kind: str, at: datetime, file: Path) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        line = json.dumps({"kind": kind, "at": at.isoformat(), "file": str(file.absolute())})
        with self.path.open("a", encoding="utf-8") as notes:
            notes.write(line + "\n")

    def newest(self, kind: str) -> datetime | None:
        """When it was done last."""
        if not self.path.exists():
            return None
        lines = self.path.read_text(encoding="utf-8").splitlines()
        found = [note for line in lines if (note := read(line)) and note[0] == kind]
        return max((at for _, at in found), default=None)


def read(line: str) -> tuple[str, datetime] | None:
    """A line that was cut short says nothing."""
    try:
        note = json.loads(line)
        return str(note["kind"]), datetime.fromisoformat(note["at"])
    except (ValueError, KeyError, TypeError):
        return None
