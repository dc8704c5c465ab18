"""The attendance register: one line per session and learner, from check-in to assessment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.attendance import Attendance
from projections.database import Tx, Views
from projections.feed import Fact
from projections.one_person import MergedRecord
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS attendance_register (
    attendance_id uuid PRIMARY KEY,
    session_id uuid NOT NULL,
    learner_id uuid NOT NULL,
    school_code text NOT NULL,
    child_ids uuid[] NOT NULL,
    checked_in_at timestamptz NOT NULL,
    channel text NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_role text NOT NULL,
    flags text[] NOT NULL,
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    checked_out_at timestamptz,
    check_out_channel text,
    result text,
    minutes bigint,
    planned_minutes bigint,
    rule_ref text,
    corrections bigint NOT NULL,
    present_from timestamptz,
    present_to timestamptz,
    link_id uuid,
    sheet_id uuid,
    device_hash text,
    code_step bigint
);
CREATE INDEX IF NOT EXISTS attendance_register_session ON attendance_register (session_id);
CREATE INDEX IF NOT EXISTS attendance_register_learner ON attendance_register (learner_id);
CREATE INDEX IF NOT EXISTS attendance_register_link ON attendance_register (learner_id)
    WHERE link_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS attendance_register_pending ON attendance_register (session_id)
    WHERE result = 'pending';
CREATE INDEX IF NOT EXISTS attendance_register_unjudged ON attendance_register (session_id)
    WHERE result IS NULL;
"""
_REGISTER: LiteralString = """
SELECT * FROM attendance_register WHERE session_id = %(session)s
 ORDER BY checked_in_at, position
"""
_SPEAKERS: LiteralString = """
SELECT m.* FROM attendance_register a
  JOIN merged_record m ON m.merged_id = a.learner_id
 WHERE a.session_id = %(session)s
"""
_LINE: LiteralString = "SELECT * FROM attendance_register WHERE attendance_id = %(attendance)s"
_OF_LEARNER: LiteralString = """
SELECT a.attendance_id, a.session_id, b.title, a.school_code, b.begins_at, b.ends_at,
       b.class_hours, b.standing, a.checked_in_at, a.channel, a.checked_out_at, a.result,
       a.minutes, a.planned_minutes, a.rule_ref
  FROM attendance_register a JOIN session_board b USING (session_id)
 WHERE a.learner_id = ANY(ARRAY(SELECT %(learner)s::uuid UNION ALL
       SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s))
 ORDER BY b.begins_at DESC, a.session_id
"""
_AWAITING: LiteralString = """
WITH speaker AS (
    SELECT coalesce((SELECT speaker_id FROM merged_record WHERE merged_id = %(learner)s),
                    %(learner)s::uuid) AS id
)
SELECT attendance_id FROM attendance_register
 WHERE link_id IS NOT NULL AND (school_code = %(school)s OR link_id = %(link)s)
   AND learner_id IN (SELECT id FROM speaker UNION ALL
       SELECT m.merged_id FROM merged_record m JOIN speaker ON m.speaker_id = speaker.id)
 ORDER BY attendance_id
"""
_PENDING: LiteralString = """
SELECT a.attendance_id, a.session_id, a.learner_id, b.closed_at
  FROM attendance_register a JOIN session_board b USING (session_id)
 WHERE a.result = 'pending' AND b.standing = 'attested' AND b.closed_at <= %(at)s
 ORDER BY b.closed_at, a.attendance_id
"""
_UNJUDGED: LiteralString = """
SELECT a.attendance_id, a.session_id, a.learner_id, b.closed_at
  FROM attendance_register a JOIN session_board b USING (session_id)
 WHERE a.result IS NULL AND b.standing = 'attested' AND b.attested_at <= %(at)s
 ORDER BY b.closed_at, a.attendance_id
"""


class RegisterLine(Struct, frozen=True, gc=False):
    """`position` and `recorded_at` are those of the check-in.

    After a correction `present_from` and `present_to` count; neither: the learner was not there.
    """

    attendance_id: UUID
    session_id: UUID
    learner_id: UUID
    school_code: str
    child_ids: tuple[UUID, ...]
    checked_in_at: datetime
    channel: str
    recorded_by: UUID
    recorded_role: str
    flags: tuple[str, ...]
    position: int
    recorded_at: datetime
    checked_out_at: datetime | None = None
    check_out_channel: str | None = None
    result: str | None = None
    minutes: int | None = None
    planned_minutes: int | None = None
    rule_ref: str | None = None
    corrections: int = 0
    present_from: datetime | None = None
    present_to: datetime | None = None
    link_id: UUID | None = None  # while nobody has confirmed who came in through it
    sheet_id: UUID | None = None  # of paper
    device_hash: str | None = None
    code_step: int | None = None


@dataclass(frozen=True, slots=True)
class LearnerAttendance:
    """An attendance beside the session it was at."""

    attendance_id: UUID
    session_id: UUID
    title: str
    school_code: str
    begins_at: datetime
    ends_at: datetime
    class_hours: int
    standing: str
    checked_in_at: datetime
    channel: str
    checked_out_at: datetime | None
    result: str | None
    minutes: int | None
    planned_minutes: int | None
    rule_ref: str | None


@dataclass(frozen=True, slots=True)
class PendingAttendance:
    """An attendance that waits for its result: no check-out yet, or recorded after the run."""

    attendance_id: UUID
    session_id: UUID
    learner_id: UUID
    closed_at: datetime


RESULTS = ("full", "half", "pending", "none", None)
REGISTER = Table("attendance_register", RegisterLine, ("attendance_id",), stream="attendance_id")


class AttendanceRegister:
    name = "attendance_register"
    version = 4
    tables = ("attendance_register",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Attendance.CheckedIn.TOPIC,
            Attendance.Vouched.TOPIC,
            Attendance.CheckedOut.TOPIC,
            Attendance.Assessed.TOPIC,
            Attendance.Corrected.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        """By topic and fields: a city's evening passes here, and events cost more to make."""
        register = Fold(tx, REGISTER, facts)
        for fact in facts:
            match fact.topic:
                case Attendance.CheckedIn.TOPIC:
                    register.put(checked_in(fact))
                case Attendance.CheckedOut.TOPIC:
                    by, line = fact.fields.envelope, register[fact.stream,]
                    out, channel = by.occurred_at, by.channel
                    register.put(replace(line, checked_out_at=out, check_out_channel=channel))
                case Attendance.Vouched.TOPIC:
                    line = register[fact.stream,]
                    register.put(replace(line, child_ids=fact.fields.child_ids, link_id=None))
                case Attendance.Corrected.TOPIC:
                    register.put(corrected(register[fact.stream,], fact))
                case Attendance.Assessed.TOPIC:
                    register.put(assessed(register[fact.stream,], fact))
                case _:
                    pass
        register.save()

    def register_of(self, session_id: UUID) -> list[RegisterLine]:
        """A session's register in the order of check-in."""
        return self._views.rows(RegisterLine, _REGISTER, session=session_id)

    def by_person(self, session_id: UUID) -> dict[UUID, list[RegisterLine]]:
        """A session's lines in the order of check-in by who speaks now; what counts leads."""
        speakers = self._speakers(session_id)
        people: dict[UUID, list[RegisterLine]] = {}
        for line in self.register_of(session_id):
            people.setdefault(speakers.get(line.learner_id, line.learner_id), []).append(line)
        return {person: sorted(lines, key=standing) for person, lines in people.items()}

    def people_of(self, session_id: UUID) -> dict[UUID, RegisterLine]:
        """A session's lines by person: by the record of a line, and by the one that speaks now."""
        lines = {line.learner_id: line for line in self.register_of(session_id)}
        speakers = self._speakers(session_id).items()
        return {person: lines[key] for key, person in speakers if key in lines} | lines

    def _speakers(self, session_id: UUID) -> dict[UUID, UUID]:
        """Of records that were merged, and that somebody came in under: which one speaks now."""
        found = self._views.rows(MergedRecord, _SPEAKERS, session=session_id)
        return {each.merged_id: each.speaker_id for each in found}

    def line(self, attendance_id: UUID) -> RegisterLine | None:
        return self._views.row(RegisterLine, _LINE, attendance=attendance_id)

    def attendances_of(self, learner_id: UUID) -> list[LearnerAttendance]:
        """A learner's attendances, the newest session first."""
        return self._views.rows(LearnerAttendance, _OF_LEARNER, learner=learner_id)

    def awaiting_link(self, learner_id: UUID, school_code: str, link_id: UUID) -> list[UUID]:
        """What earns a person nothing until this link is confirmed, or another at the school."""
        return self._views.cells(_AWAITING, learner=learner_id, school=school_code, link=link_id)

    def pending_before(self, at: datetime) -> list[PendingAttendance]:
        """What waits for a check-out since its session was closed at `at` or before."""
        return self._views.rows(PendingAttendance, _PENDING, at=at)

    def unjudged_before(self, at: datetime) -> list[PendingAttendance]:
        """What has no result although its session was attested at `at` or before."""
        return self._views.rows(PendingAttendance, _UNJUDGED, at=at)


def standing(line: RegisterLine) -> tuple[int, bool]:
    """What counts most first, as on the session board."""
    return RESULTS.index(line.result), line.checked_out_at is None


def checked_in(fact: Fact) -> RegisterLine:
    event: Attendance.CheckedIn = fact.fields
    envelope = event.envelope
    return RegisterLine(
        attendance_id=fact.stream,
        session_id=event.session_id,
        learner_id=event.learner_id,
        school_code=event.school_code,
        child_ids=event.child_ids,
        checked_in_at=envelope.occurred_at,
        channel=envelope.channel,
        recorded_by=envelope.actor.id,
        recorded_role=envelope.actor.role,
        flags=("ahead_of_clock",) if event.ahead_of_clock else (),
        position=fact.position,
        recorded_at=fact.recorded_at,
        link_id=event.link_id,
        sheet_id=event.on_paper.sheet_id if event.on_paper else None,
        device_hash=event.device_hash,
        code_step=event.code_step,
    )


def corrected(line: RegisterLine, fact: Fact) -> RegisterLine:
    event: Attendance.Corrected = fact.fields
    return replace(
        line,
        corrections=line.corrections + 1,
        present_from=event.present_from,
        present_to=event.present_to,
    )


def assessed(line: RegisterLine, fact: Fact) -> RegisterLine:
    event: Attendance.Assessed = fact.fields
    return replace(
        line,
        result=event.result,
        minutes=event.minutes,
        planned_minutes=event.planned_minutes,
        rule_ref=event.rule_ref,
    )
