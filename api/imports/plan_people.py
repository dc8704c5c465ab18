"""Who speaks at a session and who answers for it: sealed in the vault under the session's id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from api.files.plan import PlanRow
from domain.carriers import LecturerKind
from ledger.book import Book
from ledger.plans import RowOutcome, RowResult
from ledger.vault import Entry

People = Mapping[str, str]
SAME: Final = RowOutcome.SAME

NOBODY: Final[People] = {
    "lecturer": "",
    "lecturer_kind": LecturerKind.of("").value,
    "responsible": "",
}


def people_in(row: PlanRow) -> People:
    return {
        "lecturer": row.lecturer_note,
        "lecturer_kind": row.lecturer_kind.value,
        "responsible": row.responsible,
    }


def people_known(book: Book, sessions: Iterable[UUID]) -> dict[UUID, People]:
    """Whom the vault names for these sessions, where it names anybody."""
    found = book.vault.open(sessions)
    return {
        key: {name: subject.fields.get(name) or none for name, none in NOBODY.items()}
        for key, subject in found.items()
    }


def remember_people(book: Book, rows: Mapping[UUID, PlanRow]) -> None:
    book.vault.admit(Entry(key, "session", people_in(row)) for key, row in rows.items())


def with_people(
    book: Book,
    rows: Mapping[int, PlanRow],
    results: Sequence[RowResult],
    at: datetime,
    others: set[int],
) -> list[RowResult]:
    """A row that names other people is a change; of a session that has begun, none that is made.

    `others` are those rows, and grow: once they are remembered the vault itself names them so, and
    a plan that met another one is decided again.
    """
    stands = {e.id: e.row for e in results if e.id and e.outcome in {SAME, RowOutcome.CHANGED}}
    known = people_known(book, stands)
    others |= {row for key, row in stands.items() if known.get(key, NOBODY) != people_in(rows[row])}
    return [
        renamed(book, each, at) if each.outcome is SAME and each.row in others else each
        for each in results
    ]


def renamed(book: Book, result: RowResult, at: datetime) -> RowResult:
    assert result.id is not None
    if book.sessions.is_to_come(result.id, at):
        return replace(result, outcome=RowOutcome.CHANGED)
    return replace(result, outcome=RowOutcome.DOUBTFUL, code="session_begun")
