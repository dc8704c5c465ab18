"""What a school has to issue: achievements that no certificate was issued for yet, or not again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString, TypeVar
from uuid import UUID

# The school is one where the person has or had a child in the stage: of the school year if there
# was any; of those the one whose session completed it, else the newest. Whoever had none is
# certified where it was completed. The hours are those of the day on which it was reached; of a
# star none are told. A person who was known twice is certified once.
_ACHIEVED: LiteralString = """
WITH achieved AS (
SELECT a.certificate_id, a.kind, a.learner_id, s.school_code, s.district_code, a.stage,
       a.school_year, a.level, a.hours, a.face_to_face_hours, a.achieved_on
  FROM achievement a
  JOIN LATERAL (
       SELECT coalesce(
              (SELECT r.school_code FROM roster_place r
                WHERE r.learner_id = a.learner_id AND r.stage = a.stage
                ORDER BY r.school_year IS DISTINCT FROM a.school_year,
                         r.school_code <> a.school_code,
                         r.school_year DESC, r.ended_on IS NOT NULL, r.school_code
                LIMIT 1), a.school_code) AS school_code) f ON true
  JOIN school s ON s.school_code = f.school_code
 WHERE s.school_code = %(school)s
   AND (a.school_code = %(school)s
        OR a.learner_id IN (
           SELECT learner_id FROM roster_place WHERE school_code = %(school)s))
   AND NOT EXISTS (SELECT 1 FROM merged_record m WHERE m.merged_id = a.learner_id)
), issued AS (
SELECT a.certificate_id AS due_id, c.certificate_id, c.number, c.state, c.state_reason, c.changed_at
  FROM achieved a JOIN certificate c ON c.achievement_id = a.certificate_id
UNION ALL
SELECT a.certificate_id, c.certificate_id, c.number, c.state, c.state_reason, c.changed_at
  FROM achieved a JOIN merged_record m ON m.speaker_id = a.learner_id
  JOIN certificate c ON c.learner_id = m.merged_id AND c.kind = a.kind AND c.stage = a.stage
   AND c.school_year IS NOT DISTINCT FROM a.school_year AND c.level IS NOT DISTINCT FROM a.level
 WHERE c.state IN ('valid', 'revoked')
)
"""
_NEVER_ISSUED: LiteralString = """
SELECT a.* FROM achieved a
 WHERE NOT EXISTS (SELECT 1 FROM issued i WHERE i.due_id = a.certificate_id)
"""
# What was revoked and followed by nothing, while nothing else of the achievement is in force.
_REVOKED: LiteralString = """
SELECT a.*, i.certificate_id AS revoked_id, i.number AS revoked_number,
       i.changed_at AS revoked_at, i.state_reason AS revoked_reason
  FROM achieved a JOIN issued i ON i.due_id = a.certificate_id AND i.state = 'revoked'
 WHERE NOT EXISTS (SELECT 1 FROM certificate c WHERE c.follows = i.certificate_id)
   AND NOT EXISTS (
       SELECT 1 FROM issued o
        WHERE o.due_id = a.certificate_id AND o.state IN ('valid', 'withdrawn'))
"""
_OLDEST_FIRST: LiteralString = " ORDER BY a.achieved_on, a.kind, a.certificate_id"
DUE = _ACHIEVED + _NEVER_ISSUED + _OLDEST_FIRST
DUE_AFTER = _ACHIEVED + _REVOKED + _OLDEST_FIRST
# A nameless person cannot be certified. Asked apart: who erased them was perhaps another school.
ERASED: LiteralString = """
SELECT learner_id FROM erasure_request
 WHERE state = 'carried_out' AND learner_id = ANY(%(learners)s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCertificate:
    """An achievement that a certificate can be issued for."""

    certificate_id: UUID
    kind: str
    learner_id: UUID
    school_code: str
    district_code: str
    stage: str
    school_year: int | None
    level: int | None
    hours: int
    face_to_face_hours: int
    achieved_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAfterRevocation(DueCertificate):
    """The same where the one that was issued is revoked: a person decides to issue another."""

    revoked_id: UUID
    revoked_number: str
    revoked_at: datetime
    revoked_reason: str


Due = TypeVar("Due", bound=DueCertificate)
