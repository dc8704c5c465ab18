"""The folder of published checkpoints: what was said outside the database, and survives it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ledger.log.note import Note


@dataclass(frozen=True)
class CheckpointFolder:
    """One file a log, replaced whole: a crash leaves the old one or the new one.

    It should lie on another disk than the database: a restored database is compared with it.
    """

    path: Path

    def read(self, number: int) -> Note | None:
        """Raises BadNote."""
        try:
            return Note.parsed(self.file(number).read_bytes())
        except FileNotFoundError:
            return None

    def mark_restored(self) -> None:
        """The database was restored: without a checkpoint here nobody knows what was said since."""
        self.path.mkdir(parents=True, exist_ok=True)
        self._mark.touch()

    def awaits_word(self, number: int) -> bool:
        """Whether somebody has to bring the last checkpoint of a restored log."""
        return self._mark.exists() and not self.file(number).exists()

    def nothing_was_said(self) -> None:
        """Nothing was published after the backup: the restored log may go on."""
        self._mark.unlink(missing_ok=True)

    def write(self, number: int, note: Note) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        file = self.file(number)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        with draft.open("w", encoding="utf-8") as out:
            out.write(str(note))
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
        self.nothing_was_said()
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @property
    def _mark(self) -> Path:
        return self.path / "restored"

    def file(self, number: int) -> Path:
        return self.path / ("checkpoint" if number == 1 else f"checkpoint-{number}")
