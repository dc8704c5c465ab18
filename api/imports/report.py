"""What became of a file: one value for the command line, the pages and the JSON interface."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from api.files.rejection import Rejection, UnreadableFile
from api.files.table import Table
from api.files.template import Kind
from ledger.plans import RowResult


class Outcome(StrEnum):
    """What a row means against what is recorded; a rejected one could not be read."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    DOUBTFUL = "doubtful"
    REJECTED = "rejected"

    @property
    def is_taken(self) -> bool:
        return self not in {Outcome.DOUBTFUL, Outcome.REJECTED}


@dataclass(frozen=True, slots=True)
class RowReport:
    """One row of the file; the code says why it was not taken."""

    row: int
    outcome: Outcome
    code: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {"row": self.row, "outcome": self.outcome.value, "code": self.code}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Every data row with its outcome, and every cell that was wrong."""

    kind: Kind
    sha256: str
    dry_run: bool
    counts: Mapping[Outcome, int]
    rows: tuple[RowReport, ...]
    rejections: tuple[Rejection, ...]

    @property
    def is_taken(self) -> bool:
        """Whether every row of the file was taken."""
        return not self.rejections and all(row.outcome.is_taken for row in self.rows)

    @property
    def doubts(self) -> tuple[Rejection, ...]:
        """The doubtful rows, in the form in which failed rows are written."""
        return tuple(
            Rejection(row.row, "", "", row.code or "")
            for row in self.rows
            if row.outcome is Outcome.DOUBTFUL
        )

    @property
    def wrong(self) -> tuple[Rejection, ...]:
        """Everything a person has to look at, in the order of the file."""
        return tuple(sorted((*self.rejections, *self.doubts)))

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "sha256": self.sha256,
            "dry_run": self.dry_run,
            "counts": {outcome.value: self.counts[outcome] for outcome in Outcome},
            "rows": [row.as_dict() for row in self.rows],
            "rejections": [rejection.as_dict() for rejection in self.rejections],
        }

    @classmethod
    def of_dict(cls, known: Mapping[str, Any]) -> Self:
        rows = (RowReport(r["row"], Outcome(r["outcome"]), r["code"]) for r in known["rows"])
        return cls(
            kind=Kind(known["kind"]),
            sha256=known["sha256"],
            dry_run=known["dry_run"],
            counts={outcome: known["counts"][outcome.value] for outcome in Outcome},
            rows=tuple(rows),
            rejections=tuple(Rejection(**rejection) for rejection in known["rejections"]),
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """The report, the rows that were not taken as a file to correct and bring again, the table."""

    report: ImportReport
    failed: bytes | None
    table: Table | None = None


def report_of(
    table: Table, results: Iterable[RowResult], rejections: Sequence[Rejection], *, dry_run: bool
) -> ImportReport:
    taken = [RowReport(r.row, Outcome(r.outcome.value), r.code) for r in results]
    first = {rejection.row: rejection.code for rejection in reversed(rejections)}
    refused = [RowReport(row, Outcome.REJECTED, code) for row, code in first.items()]
    rows = sorted((*taken, *refused), key=lambda each: each.row)
    return ImportReport(
        kind=table.kind,
        sha256=table.sha256,
        dry_run=dry_run,
        counts=counted(rows),
        rows=tuple(rows),
        rejections=tuple(sorted(rejections)),
    )


def unread(kind: Kind, error: UnreadableFile, *, dry_run: bool) -> ImportReport:
    """The report of a file that could not be read as a whole: no rows, only reasons."""
    return ImportReport(kind, "", dry_run, counted(()), (), error.rejections)


def counted(rows: Iterable[RowReport]) -> dict[Outcome, int]:
    found = Counter(row.outcome for row in rows)
    return {outcome: found[outcome] for outcome in Outcome}
