"""Cases: disputes and appeals with where they stand, their last days, and every step in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.appeal import Appeal
from domain.calendar import CITY_ZONE
from domain.dispute import Dispute
from projections.case_rows import CaseRow, CaseStep, after, lodged, opened, step
from projections.database import Tx, Views
from projections.feed import Fact
from projections.parts import ALL, AsRead, HowMany, Part, cut_by
from projections.roster_rows import places_on
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS case_file (
    case_id uuid PRIMARY KEY,
    kind text NOT NULL,
    learner_id uuid NOT NULL,
    school_code text NOT NULL,
    term text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    session_id uuid,
    reason_code text NOT NULL,
    stands text NOT NULL,
    opened_at timestamptz NOT NULL,
    due date NOT NULL,
    due_estimated boolean NOT NULL,
    outcome text,
    ended_at timestamptz,
    next_until date,
    dispute_id uuid,
    acknowledged boolean NOT NULL,
    corrections uuid[] NOT NULL
);
CREATE INDEX IF NOT EXISTS case_file_school ON case_file (school_code, stands);
CREATE INDEX IF NOT EXISTS case_file_learner ON case_file (learner_id);
CREATE TABLE IF NOT EXISTS case_step (
    position bigint PRIMARY KEY,
    case_id uuid NOT NULL,
    topic text NOT NULL,
    at timestamptz NOT NULL,
    actor_id uuid NOT NULL,
    role text NOT NULL,
    channel text NOT NULL,
    outcome text,
    reason_code text,
    words_id uuid,
    due date,
    correction_id uuid
);
CREATE INDEX IF NOT EXISTS case_step_case ON case_step (case_id);
"""
PENDING = ("open", "lodged", "escalated")
_CASES: LiteralString = """
SELECT c.*, s.district_code, b.title, b.begins_at
  FROM case_file c JOIN school s USING (school_code) LEFT JOIN session_board b USING (session_id)
"""
_PENDING: LiteralString = " c.stands IN ('open', 'lodged', 'escalated') "
_ROW: LiteralString = " FROM case_file c WHERE c.case_id"
# What a parent brought on waits longer, in the same list.
_NEAREST_FIRST = cut_by(
    "c.due, c.opened_at, c.case_id",
    _ROW,
    as_read="coalesce(%(stood)s, c.due), c.opened_at, c.case_id",
)
# What a parent brought on has not ended any more: the list begins again behind it, none is lost.
_NEWEST_FIRST = cut_by("-extract(epoch FROM coalesce(c.ended_at, 'infinity')), c.case_id", _ROW)
_HOW_MANY: LiteralString = """
SELECT count(*) FILTER (WHERE c.stands IN ('open', 'lodged', 'escalated')) AS waiting,
       count(*) FILTER (WHERE c.stands NOT IN ('open', 'lodged', 'escalated')) AS ended
  FROM case_file c JOIN school s USING (school_code)
"""
_COUNTED_OF = _HOW_MANY + " WHERE c.school_code = %(school)s"
_COUNTED_BEFORE = (
    _HOW_MANY + " WHERE s.district_code = %(district)s AND c.stands IN ('escalated', 'reviewed')"
)
_CASE = _CASES + " WHERE c.case_id = %(case)s"
_OF_LEARNERS = (
    _CASES + " WHERE c.learner_id = ANY(%(learners)s) ORDER BY c.opened_at DESC, c.case_id"
)
_OPEN = _CASES + " WHERE c.school_code = %(school)s AND" + _PENDING + _NEAREST_FIRST
_ENDED = _CASES + " WHERE c.school_code = %(school)s AND NOT" + _PENDING + _NEWEST_FIRST
# The keys of both halves stay as they are once a case is before the district.
_OF_DISTRICT: LiteralString = " WHERE s.district_code = %(district)s AND c.stands = "
_ESCALATED = _CASES + _OF_DISTRICT + "'escalated'" + _NEAREST_FIRST
_REVIEWED = _CASES + _OF_DISTRICT + "'reviewed'" + _NEWEST_FIRST
_STEPS: LiteralString = "SELECT * FROM case_step WHERE case_id = %(case)s ORDER BY position"
_OVERDUE: LiteralString = """
SELECT s.district_code, c.kind, c.stands, count(*) AS cases
  FROM case_file c JOIN school s USING (school_code)
 WHERE c.due < %(today)s AND c.stands IN ('open', 'lodged', 'escalated')
   AND (%(district)s::text IS NULL OR s.district_code = %(district)s)
   AND (%(school)s::text IS NULL OR c.school_code = %(school)s)
 GROUP BY s.district_code, c.kind, c.stands ORDER BY s.district_code, c.kind, c.stands
"""
# What a learner may say they were at: the list names them, or it is for a child of theirs.
_HELD: LiteralString = """
SELECT b.session_id, b.title, b.school_code, b.begins_at, a.attendance_id, a.result
  FROM session_board b
  LEFT JOIN attendance_register a ON a.session_id = b.session_id AND a.learner_id = %(learner)s
 WHERE (b.standing IN ('closed', 'attested')
        OR b.standing = 'voided' AND a.attendance_id IS NOT NULL)
   AND b.begins_at >= %(since)s
   AND (a.attendance_id IS NOT NULL OR EXISTS (
        SELECT 1
"""
_PLACES = places_on("(b.begins_at AT TIME ZONE %(zone)s)::date")
_OWN: LiteralString = """
           AND p.learner_id = %(learner)s AND p.school_code = b.school_code
           AND p.school_year = b.school_year
           AND (b.grades = '{}' OR p.grade = ANY(b.grades))))
 ORDER BY b.begins_at DESC, b.session_id
"""
_EVENINGS = _HELD + _PLACES + _OWN


@dataclass(frozen=True, slots=True)
class CaseFile(CaseRow):
    """A case beside its school's district, and the session it is about, if it is about one."""

    district_code: str = ""
    title: str | None = None
    begins_at: datetime | None = None

    @property
    def is_pending(self) -> bool:
        """Whether somebody of the school or the district still has to act."""
        return self.stands in PENDING

    @property
    def as_read(self) -> AsRead:
        """Where it stood among what waits."""
        return AsRead(self.due, self.case_id)


@dataclass(frozen=True, slots=True)
class Evening:
    """A session that is over, and what its list says of one learner."""

    session_id: UUID
    title: str
    school_code: str
    begins_at: datetime
    attendance_id: UUID | None
    result: str | None


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many cases of a district wait past their last day: counts, no cases."""

    district_code: str
    kind: str
    stands: str
    cases: int


FILE = Table("case_file", CaseRow, ("case_id",), stream="case_id")
STEP = Table("case_step", CaseStep, ("position",), stream="case_id")


class Cases:
    name = "cases"
    version = 1
    tables = ("case_file", "case_step")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Dispute.Opened.TOPIC,
            Dispute.Answered.TOPIC,
            Dispute.CorrectionLinked.TOPIC,
            Appeal.Lodged.TOPIC,
            Appeal.Acknowledged.TOPIC,
            Appeal.Decided.TOPIC,
            Appeal.Escalated.TOPIC,
            Appeal.Reviewed.TOPIC,
            Appeal.Withdrawn.TOPIC,
            Appeal.CorrectionLinked.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        files = Fold(tx, FILE, facts)
        for fact in facts:
            match fact.event:
                case Dispute.Opened() as event:
                    files.put(opened(event))
                case Appeal.Lodged() as event:
                    files.put(lodged(event))
                case _:
                    files.put(after(files[fact.stream,], fact))
        files.save()
        STEP.add(tx, [step(fact) for fact in facts])

    def case(self, case_id: UUID) -> CaseFile | None:
        return self._views.row(CaseFile, _CASE, case=case_id)

    def steps_of(self, case_id: UUID) -> list[CaseStep]:
        """The history of a case, oldest first."""
        return self._views.rows(CaseStep, _STEPS, case=case_id)

    def of_learners(self, learner_ids: Sequence[UUID]) -> list[CaseFile]:
        """The disputes and appeals of a person's records, the newest first."""
        return self._views.rows(CaseFile, _OF_LEARNERS, learners=list(learner_ids))

    def open_of(self, school_code: str, part: Part = ALL) -> list[CaseFile]:
        """What waits at a school or, from it, at the district: the nearest last day first."""
        return self._views.rows(CaseFile, _OPEN, school=school_code, **part.values)

    def ended_of(self, school_code: str, part: Part = ALL) -> list[CaseFile]:
        """What was answered, decided or withdrawn, the newest first."""
        return self._views.rows(CaseFile, _ENDED, school=school_code, **part.values)

    def escalated_to(self, district_code: str, part: Part = ALL) -> list[CaseFile]:
        """What parents brought before the district and it has to review: as `open_of`."""
        return self._views.rows(CaseFile, _ESCALATED, district=district_code, **part.values)

    def reviewed_by(self, district_code: str, part: Part = ALL) -> list[CaseFile]:
        """What the district reviewed, the newest first."""
        return self._views.rows(CaseFile, _REVIEWED, district=district_code, **part.values)

    def how_many_of(self, school_code: str) -> HowMany:
        return self._views.rows(HowMany, _COUNTED_OF, school=school_code)[0]

    def how_many_before(self, district_code: str) -> HowMany:
        return self._views.rows(HowMany, _COUNTED_BEFORE, district=district_code)[0]

    def overdue(
        self, today: date, district_code: str | None = None, school_code: str | None = None
    ) -> list[Overdue]:
        """How many wait past their last day, by district, kind and where they stand."""
        values = {"today": today, "district": district_code, "school": school_code}
        return self._views.rows(Overdue, _OVERDUE, **values)

    def evenings_of(self, learner_id: UUID, since: datetime) -> list[Evening]:
        """The sessions that a learner was at, or was invited to: the newest first."""
        values = {"learner": learner_id, "since": since, "zone": CITY_ZONE}
        return self._views.rows(Evening, _EVENINGS, **values)
