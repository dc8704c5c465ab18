"""The erasure board: who asked to be erased, and what became of it. Ids and codes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from domain.envelope import Channel
from domain.erasure import CertificateWish, Erasure, ErasureState
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS erasure_request (
    request_id uuid PRIMARY KEY,
    erasure_id uuid NOT NULL,
    learner_id uuid NOT NULL,
    school_code text NOT NULL,
    certificates text NOT NULL,
    requested_at timestamptz NOT NULL,
    on_paper boolean NOT NULL,
    state text NOT NULL,
    ground_code text,
    answered_at timestamptz
);
CREATE INDEX IF NOT EXISTS erasure_request_of_learner ON erasure_request (learner_id);
CREATE INDEX IF NOT EXISTS erasure_request_of_stream ON erasure_request (erasure_id);
CREATE INDEX IF NOT EXISTS erasure_request_waits ON erasure_request (requested_at)
 WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS erasure_request_answered ON erasure_request (answered_at)
 WHERE state <> 'waiting';
"""
_SCHOOLS: LiteralString = "SELECT DISTINCT school_code FROM erasure_request ORDER BY 1"
_WAITING: LiteralString = """
SELECT * FROM erasure_request WHERE state = 'waiting' AND school_code = ANY(%(schools)s)
 ORDER BY requested_at, request_id
"""
_ANSWERED: LiteralString = """
SELECT * FROM erasure_request
 WHERE state IN ('carried_out', 'refused') AND school_code = ANY(%(schools)s)
   AND (%(before)s::uuid IS NULL OR (answered_at, request_id) <
       (SELECT answered_at, request_id FROM erasure_request WHERE request_id = %(before)s))
 ORDER BY answered_at DESC, request_id DESC LIMIT %(limit)s
"""
_GRANTED: LiteralString = """
SELECT * FROM erasure_request WHERE state IN ('waiting', 'carried_out')
 ORDER BY requested_at, request_id
"""
_ONE: LiteralString = "SELECT * FROM erasure_request WHERE request_id = %(request)s"
_OF_LEARNER: LiteralString = """
SELECT * FROM erasure_request
 WHERE learner_id = ANY(ARRAY(SELECT %(learner)s::uuid UNION ALL
       SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s))
 ORDER BY requested_at DESC, request_id
"""


@dataclass(frozen=True, slots=True)
class ErasureLine:
    request_id: UUID
    erasure_id: UUID
    learner_id: UUID
    school_code: str
    certificates: str
    requested_at: datetime
    on_paper: bool
    state: str = ErasureState.WAITING
    ground_code: str | None = None
    answered_at: datetime | None = None


LINE = Table("erasure_request", ErasureLine, ("request_id",), stream="erasure_id")


class ErasureBoard:
    name = "erasure_board"
    version = 1
    tables = ("erasure_request",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Erasure.Requested.TOPIC,
            Erasure.Withdrawn.TOPIC,
            Erasure.Refused.TOPIC,
            Erasure.CarriedOut.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        lines = Fold(tx, LINE, facts)
        for fact in facts:
            match fact.event:
                case Erasure.Requested() as event:
                    lines.put(requested(event))
                case Erasure.Withdrawn(request_id=key):
                    lines.put(answered(lines[key,], ErasureState.WITHDRAWN, fact))
                case Erasure.Refused(request_id=key, ground_code=ground):
                    lines.put(answered(lines[key,], ErasureState.REFUSED, fact, ground))
                case Erasure.CarriedOut() as event:
                    line = lines.get(event.request_id) or told_again(event)
                    lines.put(answered(line, ErasureState.CARRIED_OUT, fact))
                case _:
                    pass
        lines.save()

    def school_codes(self) -> list[str]:
        """Where anything was asked; an empty code is the city's."""
        return self._views.cells(_SCHOOLS)

    def waiting(self, schools: Sequence[str]) -> list[ErasureLine]:
        """What waits for an answer, the oldest first."""
        return self._views.rows(ErasureLine, _WAITING, schools=list(schools))

    def answered(
        self, schools: Sequence[str], most: int, before: UUID | None = None
    ) -> list[ErasureLine]:
        """What was answered, the newest first; or what was answered before a request."""
        return self._views.rows(
            ErasureLine, _ANSWERED, schools=list(schools), limit=most, before=before
        )

    def granted(self) -> list[ErasureLine]:
        """What was carried out, or may have been since this was read; the oldest first."""
        return self._views.rows(ErasureLine, _GRANTED)

    def line(self, request_id: UUID) -> ErasureLine | None:
        return self._views.row(ErasureLine, _ONE, request=request_id)

    def of_learner(self, learner_id: UUID) -> list[ErasureLine]:
        """What was asked for under any record of a person, the newest first."""
        return self._views.rows(ErasureLine, _OF_LEARNER, learner=learner_id)


def requested(event: Erasure.Requested) -> ErasureLine:
    return ErasureLine(
        request_id=event.request_id,
        erasure_id=event.originator_id,
        learner_id=event.learner_id,
        school_code=event.school_code,
        certificates=event.certificates,
        requested_at=event.envelope.at,
        on_paper=event.envelope.channel is Channel.STAFF_ENTRY,
    )


def told_again(event: Erasure.CarriedOut) -> ErasureLine:
    """After a restore: the request itself was younger than the backup."""
    return ErasureLine(
        request_id=event.request_id,
        erasure_id=event.originator_id,
        learner_id=event.learner_id,
        school_code="",
        certificates=CertificateWish.KEEP if event.scope.kept else CertificateWish.WITHDRAW,
        requested_at=event.envelope.at,
        on_paper=False,
    )


def answered(
    line: ErasureLine, state: ErasureState, fact: Fact, ground: str | None = None
) -> ErasureLine:
    return replace(line, state=state, answered_at=fact.at, ground_code=ground)
