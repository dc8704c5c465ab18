"""The scan inbox: scans that wait for host or coordinator, and what was decided about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from domain.waiting_scan import WaitingScan
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS waiting_scan (
    waiting_scan_id uuid PRIMARY KEY,
    session_id uuid NOT NULL,
    scan_id uuid NOT NULL,
    way text NOT NULL,
    scanned_at timestamptz NOT NULL,
    kept_at timestamptz NOT NULL,
    channel text NOT NULL,
    reason_code text NOT NULL,
    learner_id uuid,
    is_taken boolean,
    refusal_code text,
    decided_at timestamptz
);
CREATE INDEX IF NOT EXISTS waiting_scan_session ON waiting_scan (session_id);
"""
_OF_SESSION: LiteralString = """
SELECT * FROM waiting_scan WHERE session_id = %(session)s ORDER BY scanned_at, scan_id
"""
_WAITING: LiteralString = """
SELECT count(*) AS waiting FROM waiting_scan
 WHERE session_id = %(session)s AND is_taken IS NULL
"""


@dataclass(frozen=True, slots=True)
class WaitingScanLine:
    """`is_taken` of None: nobody has decided yet."""

    waiting_scan_id: UUID
    session_id: UUID
    scan_id: UUID
    way: str
    scanned_at: datetime
    kept_at: datetime
    channel: str
    reason_code: str
    learner_id: UUID | None = None
    is_taken: bool | None = None
    refusal_code: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    waiting: int


SCANS = Table("waiting_scan", WaitingScanLine, key=("waiting_scan_id",), stream="waiting_scan_id")


class ScanInbox:
    name = "scan_inbox"
    version = 1
    tables = ("waiting_scan",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {WaitingScan.Kept.TOPIC, WaitingScan.Taken.TOPIC, WaitingScan.TurnedDown.TOPIC}
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        scans = Fold(tx, SCANS, facts)
        for fact in facts:
            me = fact.stream
            match fact.event:
                case WaitingScan.Kept() as event:
                    scans.put(kept(event))
                case WaitingScan.Taken():
                    scans.put(replace(scans[me,], is_taken=True, decided_at=fact.at))
                case WaitingScan.TurnedDown(reason_code=why):
                    line = replace(scans[me,], is_taken=False, refusal_code=why)
                    scans.put(replace(line, decided_at=fact.at))
                case _:
                    pass
        scans.save()

    def of_session(self, session_id: UUID) -> list[WaitingScanLine]:
        """Every scan that waited or waits, in the order in which they were made."""
        return self._views.rows(WaitingScanLine, _OF_SESSION, session=session_id)

    def waiting_in(self, session_id: UUID) -> int:
        """How many scans nobody has decided yet."""
        [found] = self._views.rows(Waiting, _WAITING, session=session_id)
        return found.waiting


def kept(event: WaitingScan.Kept) -> WaitingScanLine:
    return WaitingScanLine(
        waiting_scan_id=event.originator_id,
        session_id=event.session_id,
        scan_id=event.scan_id,
        way=event.way,
        scanned_at=event.scanned_at,
        kept_at=event.envelope.at,
        channel=event.envelope.channel,
        reason_code=event.reason_code,
        learner_id=event.learner_id,
    )
