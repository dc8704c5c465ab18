"""Transfers: children who leave a school and where they stand on their way to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.transfer import Transfer, TransferState
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS transfer (
    transfer_id uuid PRIMARY KEY,
    child_id uuid NOT NULL,
    from_school_code text NOT NULL,
    school_year bigint NOT NULL,
    state text NOT NULL,
    changed_at timestamptz NOT NULL,
    effective_on date,
    announced_to text,
    to_school_code text,
    grade text,
    class_group text
);
CREATE INDEX IF NOT EXISTS transfer_from ON transfer (from_school_code);
CREATE INDEX IF NOT EXISTS transfer_to ON transfer (to_school_code);
CREATE INDEX IF NOT EXISTS transfer_child ON transfer (child_id);
"""
_OF_SCHOOL: LiteralString = """
SELECT * FROM transfer WHERE from_school_code = %(school)s OR to_school_code = %(school)s
 ORDER BY changed_at DESC, transfer_id
"""
_OPEN_OF: LiteralString = """
SELECT * FROM transfer WHERE child_id = ANY(%(children)s) AND state IN ('announced', 'claimed')
 ORDER BY changed_at DESC, transfer_id
"""


@dataclass(frozen=True, slots=True)
class TransferRow:
    """`announced_to`: the school that was named; `to_school_code`: the one that claimed."""

    transfer_id: UUID
    child_id: UUID
    from_school_code: str
    school_year: int
    state: str
    changed_at: datetime
    effective_on: date | None = None
    announced_to: str | None = None
    to_school_code: str | None = None
    grade: str | None = None
    class_group: str | None = None


TRANSFER = Table("transfer", TransferRow, ("transfer_id",), stream="transfer_id")


class Transfers:
    name = "transfers"
    version = 1
    tables = ("transfer",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Transfer.Opened.TOPIC,
            Transfer.Announced.TOPIC,
            Transfer.Claimed.TOPIC,
            Transfer.Confirmed.TOPIC,
            Transfer.Withdrawn.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        transfers = Fold(tx, TRANSFER, facts)
        for fact in facts:
            if isinstance(fact.event, Transfer.Opened):
                transfers.put(opened(fact.event, fact.at))
            else:
                transfers.put(after(transfers[fact.stream,], fact))
        transfers.save()

    def of_school(self, school_code: str) -> list[TransferRow]:
        """Who leaves a school and who comes to it, the latest step first."""
        return self._views.rows(TransferRow, _OF_SCHOOL, school=school_code)

    def open_of(self, child_ids: Sequence[UUID]) -> list[TransferRow]:
        """The transfers of these children that are on their way."""
        return self._views.rows(TransferRow, _OPEN_OF, children=list(child_ids))


def opened(event: Transfer.Opened, at: datetime) -> TransferRow:
    return TransferRow(
        transfer_id=event.originator_id,
        child_id=event.child_id,
        from_school_code=event.from_school_code,
        school_year=event.school_year,
        state=TransferState.WITHDRAWN,
        changed_at=at,
    )


def after(row: TransferRow, fact: Fact) -> TransferRow:
    """The transfer as the next fact leaves it."""
    row = replace(row, changed_at=fact.at)
    match fact.event:
        case Transfer.Announced() as event:
            return replace(
                row,
                state=TransferState.ANNOUNCED,
                effective_on=event.effective_on,
                announced_to=event.to_school_code,
                to_school_code=None,
                grade=None,
                class_group=None,
            )
        case Transfer.Claimed(place=place):
            return replace(
                row,
                state=TransferState.CLAIMED,
                to_school_code=place.school_code,
                grade=place.grade,
                class_group=place.class_group,
            )
        case Transfer.Confirmed():
            return replace(row, state=TransferState.CONFIRMED)
        case _:
            return replace(row, state=TransferState.WITHDRAWN)
