"""What a school has to issue: achievements that no certificate was issued for yet."""

from __future__ import annotations

from typing import LiteralString

# The school is one where the person has or had a child in the stage: of the school year if there
# was any; of those the one whose session completed it, else the newest. Whoever had none is
# certified where it was completed. The hours are those of the day on which it was reached; of a
# star none are told. A person who was known twice is certified once.
DUE: LiteralString = """
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
   AND NOT EXISTS (SELECT 1 FROM certificate c WHERE c.achievement_id = a.certificate_id)
   AND NOT EXISTS (SELECT 1 FROM merged_record m WHERE m.merged_id = a.learner_id)
   AND NOT EXISTS (
       SELECT 1 FROM certificate c
        WHERE c.state = 'valid' AND c.kind = a.kind AND c.stage = a.stage
          AND c.school_year IS NOT DISTINCT FROM a.school_year
          AND c.level IS NOT DISTINCT FROM a.level
          AND c.learner_id IN (
              SELECT merged_id FROM merged_record WHERE speaker_id = a.learner_id))
 ORDER BY a.achieved_on, a.kind, a.certificate_id
"""
# A nameless person cannot be certified. Asked apart: who erased them was perhaps another school.
ERASED: LiteralString = """
SELECT learner_id FROM erasure_request
 WHERE state = 'carried_out' AND learner_id = ANY(%(learners)s)
"""
