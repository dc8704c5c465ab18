"""What the rows of a sheet come to: the attendances of those who signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.attendance import Attendance, OnPaper
from domain.envelope import Channel, Envelope
from domain.identity import attendance_id, derived
from domain.learner import Learner, UnknownLearner
from domain.session import Session
from domain.sheet import PaperRow, Sheet, in_order
from ledger.check_in import children_through
from ledger.ledger import Ledger
from ledger.session_places import invited_on_the_day, places_on_the_day
from ledger.streams import Streams


@dataclass(frozen=True)
class Reading:
    """A sheet as both persons read it, and the session it was signed at."""

    sheet: Sheet
    session: Session
    rows: Sequence[PaperRow]


def attendances_of(ledger: Ledger, reading: Reading, by: Envelope) -> list[Attendance]:
    """One for each row, in their order.

    Raises UnknownLearner, NotInvited, GuardianshipEndedByThen.
    """
    rows = in_order(reading.rows)
    streams = Streams.of_learners(ledger.load, (each.learner_id for each in rows))
    speakers = {streams.speaker(each.learner_id) for each in rows}
    records = {record for speaker in speakers for record in streams.records_of(speaker)}
    keys = [attendance_id(reading.session.id, each) for each in records]
    for attendance in ledger.load(keys).values():
        streams.put(attendance)
    return [attended(reading, row, streams, by) for row in rows]


def attended(reading: Reading, row: PaperRow, streams: Streams, by: Envelope) -> Attendance:
    """Who came by phone is in already: the paper may still say when they left."""
    speaker = streams.speaker(row.learner_id)
    keys = [attendance_id(reading.session.id, each) for each in streams.records_of(speaker)]
    known = (streams.get(Attendance, key) for key in keys)
    attendance = next((each for each in known if each), None) or signed_in(
        reading, row, streams, by
    )
    streams.put(attendance)
    if row.left_at and attendance.checked_out_at is None and not attendance.corrections:
        leaves = on_paper(by).model_copy(
            update={"occurred_at": max(row.left_at, attendance.checked_in_at)}
        )
        attendance.check_out(scan_id(reading.sheet.id, row, "out"), leaves)
    return attendance


def signed_in(reading: Reading, row: PaperRow, streams: Streams, by: Envelope) -> Attendance:
    session, sheet, speaker = reading.session, reading.sheet, streams.speaker(row.learner_id)
    learner = streams.get(Learner, speaker)
    if learner is None:
        raise UnknownLearner(id=speaker)
    makes_up = streams.making_up(speaker, session.id) is not None
    assert sheet.entered_by is not None
    return Attendance(
        session_id=session.id,
        learner_id=speaker,
        school_code=session.plan.school_code,
        child_ids=children_of(session, learner, makes_up=makes_up),
        scan_id=scan_id(sheet.id, row, "in"),
        on_paper=OnPaper(
            sheet_id=sheet.id, row=row.row, typed_by=sheet.entered_by, checked_by=by.actor.id
        ),
        envelope=on_paper(by).model_copy(update={"occurred_at": row.came_at}),
    )


def children_of(session: Session, learner: Learner, *, makes_up: bool) -> tuple[UUID, ...]:
    """Who makes up may come through no child. Raises NotInvited, GuardianshipEndedByThen."""
    if makes_up:
        return children_through(session, places_on_the_day(session, learner), is_unseen=True)
    return invited_on_the_day(session, learner)


def on_paper(by: Envelope) -> Envelope:
    return by.model_copy(update={"channel": Channel.PAPER_IMPORT})


def scan_id(sheet_id: UUID, row: PaperRow, way: str) -> UUID:
    """The paper is the scan: the same row signs in and out once."""
    return derived("sheet_row", sheet_id, row.row, way)
