"""The details board: every change of details that was asked for, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from domain.details import DetailsRequests, DetailsState
from projections.database import Tx, Views
from projections.feed import Fact
from projections.roster import BELONGS
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS details_request (
    request_id uuid PRIMARY KEY,
    requests_id uuid NOT NULL,
    learner_id uuid NOT NULL,
    details text NOT NULL,
    asked_at timestamptz NOT NULL,
    state text NOT NULL,
    reason_code text,
    answered_at timestamptz
);
CREATE INDEX IF NOT EXISTS details_request_waits ON details_request (learner_id)
 WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS details_request_of_stream ON details_request (requests_id);
CREATE INDEX IF NOT EXISTS details_request_of_learner ON details_request (learner_id);
"""
# A school answers for those who belong there.
_PLACED_AT: LiteralString = """
SELECT * FROM details_request d
 WHERE (state = 'waiting' OR request_id = %(request)s) AND EXISTS (
       SELECT 1 FROM roster_place p
        WHERE school_code = %(school)s
          AND p.learner_id = coalesce(
              (SELECT speaker_id FROM merged_record WHERE merged_id = d.learner_id), d.learner_id)
          AND """
_AT = _PLACED_AT + BELONGS + ") ORDER BY asked_at, request_id"
_OF_LEARNER: LiteralString = """
SELECT * FROM details_request
 WHERE learner_id = ANY(ARRAY(SELECT %(learner)s::uuid UNION ALL
       SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s))
 ORDER BY asked_at DESC, request_id
"""


@dataclass(frozen=True, slots=True)
class DetailsLine:
    request_id: UUID
    requests_id: UUID
    learner_id: UUID
    details: str  # their codes, with spaces between
    asked_at: datetime
    state: str = DetailsState.WAITING
    reason_code: str | None = None
    answered_at: datetime | None = None


LINE = Table("details_request", DetailsLine, ("request_id",), stream="requests_id")


class DetailsBoard:
    name = "details_board"
    version = 1
    tables = ("details_request",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            DetailsRequests.Asked.TOPIC,
            DetailsRequests.Granted.TOPIC,
            DetailsRequests.Refused.TOPIC,
            DetailsRequests.Withdrawn.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        lines = Fold(tx, LINE, facts)
        for fact in facts:
            match fact.event:
                case DetailsRequests.Asked() as event:
                    lines.put(asked(event))
                case DetailsRequests.Granted(request_id=key):
                    lines.put(answered(lines[key,], DetailsState.GRANTED, fact))
                case DetailsRequests.Refused(request_id=key, reason_code=reason):
                    lines.put(answered(lines[key,], DetailsState.REFUSED, fact, reason))
                case DetailsRequests.Withdrawn(request_id=key):
                    lines.put(answered(lines[key,], DetailsState.WITHDRAWN, fact))
                case _:
                    pass
        lines.save()

    def waiting_at(self, school_code: str) -> list[DetailsLine]:
        """What waits for a school's answer, the oldest first."""
        return self._views.rows(DetailsLine, _AT, school=school_code, request=None)

    def at(self, school_code: str, request_id: UUID) -> DetailsLine | None:
        """One of a school's, answered or not."""
        found = self._views.rows(DetailsLine, _AT, school=school_code, request=request_id)
        return next((line for line in found if line.request_id == request_id), None)

    def of_learner(self, learner_id: UUID) -> list[DetailsLine]:
        """What was asked for under any record of a person, the newest first."""
        return self._views.rows(DetailsLine, _OF_LEARNER, learner=learner_id)


def asked(event: DetailsRequests.Asked) -> DetailsLine:
    return DetailsLine(
        request_id=event.request_id,
        requests_id=event.originator_id,
        learner_id=event.learner_id,
        details=" ".join(event.details),
        asked_at=event.envelope.at,
    )


def answered(
    line: DetailsLine, state: DetailsState, fact: Fact, reason: str | None = None
) -> DetailsLine:
    return replace(line, state=state, answered_at=fact.at, reason_code=reason)
