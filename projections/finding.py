"""Finding: what an id, a position or the beginning of an id stands for. No names are looked up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from psycopg.sql import SQL

from projections.database import Views
from projections.history import StreamRow

_LEARNERS: LiteralString = """
SELECT learner_id FROM roster_learner
 WHERE learner_id BETWEEN %(first)s AND %(last)s ORDER BY learner_id
"""
_AMONG: LiteralString = """
SELECT learner_id FROM roster_learner WHERE learner_id = ANY(%(ids)s)
"""
_NUMBER: LiteralString = "SELECT number FROM certificate WHERE certificate_id = %(id)s"
_SUBJECTS: LiteralString = """
SELECT subject_id FROM history_stream WHERE originator_id = %(id)s ORDER BY subject_id
"""
_WHOSE: LiteralString = """
SELECT subject_id, originator_id FROM history_stream WHERE originator_id = ANY(%(ids)s)
"""
_LEARNERS_IN: LiteralString = """
SELECT learner_id FROM roster_learner
 WHERE learner_id IN (
    SELECT subject_id FROM history_stream
     WHERE originator_id = %(id)s
        OR originator_id IN (SELECT originator_id FROM history_stream WHERE subject_id = %(id)s)
        OR originator_id IN (
            SELECT originator_id FROM {}
             WHERE notification_id IN (
                SELECT position FROM history_mention WHERE subject_id = %(id)s)))
 ORDER BY learner_id
"""


class Finding:
    def __init__(self, views: Views) -> None:
        self._views = views
        stream = "SELECT originator_id FROM {} WHERE "
        self._at = SQL(stream + "notification_id = %(position)s").format(views.events)
        self._any = SQL(stream + "originator_id = %(id)s LIMIT 1").format(views.events)
        self._position = SQL(
            "SELECT notification_id FROM {}"
            " WHERE originator_id = %(id)s AND originator_version = %(version)s"
        ).format(views.events)

        self._learners_in = SQL(_LEARNERS_IN).format(views.events)

    def learners_in(self, stream_id: UUID) -> list[UUID]:
        """The learners whom a history concerns, or the streams and single events in it."""
        return self._views.cells(self._learners_in, id=stream_id)

    def learners(self, first: UUID, last: UUID) -> list[UUID]:
        """The learners whose ids lie between two: those that a code stands for."""
        return self._views.cells(_LEARNERS, first=first, last=last)

    def learners_among(self, ids: Sequence[UUID]) -> list[UUID]:
        """Those that are learners, whatever was erased of them."""
        return self._views.cells(_AMONG, ids=list(ids))

    def certificate_number(self, certificate_id: UUID) -> str | None:
        return next(iter(self._views.cells(_NUMBER, id=certificate_id)), None)

    def stream_at(self, position: int) -> UUID | None:
        """The stream of the fact at a position of the feed."""
        return next(iter(self._views.cells(self._at, position=position)), None)

    def position_of(self, stream_id: UUID, version: int) -> int | None:
        found = self._views.cells(self._position, id=stream_id, version=version)
        return next(iter(found), None)

    def is_stream(self, stream_id: UUID) -> bool:
        return bool(self._views.cells(self._any, id=stream_id))

    def learners_of(self, account_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        """Whose accounts these are."""
        found = self._views.rows(StreamRow, _WHOSE, ids=list(account_ids))
        return {row.originator_id: row.subject_id for row in found}

    def subjects_of(self, stream_id: UUID) -> list[UUID]:
        """Whom a stream concerns, beside itself."""
        return self._views.cells(_SUBJECTS, id=stream_id)
