"""A guardianship has ended: what lay before that day stays right, and nothing from it on."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.attendance import Attendance
from domain.custody import CustodyReason
from domain.dispute import DisputeReason, Subject, SubjectKind
from domain.learner import UnknownLearner
from domain.make_up import MakeUpReason
from domain.service import ServiceKind
from domain.session_refusals import GuardianshipEndedByThen
from ledger.case_matters import SubjectNotYours
from ledger.plans import Filing
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope, planned
from tests.case_acting import parent
from tests.ledger.evenings import balance
from tests.ledger.test_corrections import corrected, was_there
from tests.ledger_evening import hold
from tests.paper import checking, hold_and_close, print_sheets, signed, typing

CHANGED, IN_ERROR = CustodyReason.CUSTODY_CHANGED, CustodyReason.ENTERED_IN_ERROR
BEFORE, AFTER = STARTS - timedelta(days=2), STARTS + timedelta(days=2)
TYPED = ENDS + timedelta(days=4)
TALK = ServiceKind.PARENT_LECTURER
LATER = ENDS + timedelta(days=15)


def parted(pilot: Pilot, on: datetime, reason: CustodyReason = CHANGED) -> UUID:
    """A father whose guardianship two persons ended."""
    father, custody = pilot.learners[0], pilot.book.custody
    [child] = pilot.book.learners.get(father).guardianships
    custody.propose(father, child, reason, envelope(on, actor_id=uuid4()))
    custody.confirm(father, child, envelope(on, actor_id=uuid4()))
    return father


def typed_in(pilot: Pilot) -> None:
    """The sheet of the evening, entered days later by two."""
    [sheet] = pilot.book.sheets.of_session(pilot.session_id)
    pilot.book.sheets.enter(sheet.id, signed(sheet, 1), typing(TYPED))
    pilot.book.sheets.check(sheet.id, signed(sheet, 1), checking(TYPED))


def test_a_sheet_of_a_session_before_the_end_is_entered_after_it(pilot: Pilot) -> None:
    print_sheets(pilot, pilot.learners)
    hold_and_close(pilot)
    father = parted(pilot, AFTER)
    typed_in(pilot)
    assert pilot.book.services.name(pilot.session_id, father, TALK, 200, envelope(LATER))
    assert pilot.book.ledger.find(Attendance, Attendance.create_id(pilot.session_id, father))


@pytest.mark.parametrize(
    ("on", "reason"), [(BEFORE, CHANGED), (STARTS, CHANGED), (AFTER, IN_ERROR)]
)
def test_a_sheet_of_a_session_after_the_end_is_refused(
    pilot: Pilot, on: datetime, reason: CustodyReason
) -> None:
    """From its day on; and at no time, where the tie was entered in error."""
    print_sheets(pilot, pilot.learners)
    parted(pilot, on, reason)
    hold_and_close(pilot)
    with pytest.raises(GuardianshipEndedByThen):
        typed_in(pilot)


def test_what_lay_before_the_end_is_put_right_after_it(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[1:])
    father = parted(pilot, AFTER)
    missed = pilot.session_id, father, again(pilot), MakeUpReason.ACCESSIBILITY
    assert pilot.book.make_ups.assign(*missed, envelope(LATER))
    corrected(pilot, was_there(pilot, father, 0, 80))
    assert balance(pilot, father) == 200


def test_what_lay_after_the_end_is_nobodys_who_was_parted(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[1:])
    father = parted(pilot, BEFORE)
    missed = pilot.session_id, father, again(pilot), MakeUpReason.ACCESSIBILITY
    with pytest.raises(GuardianshipEndedByThen):
        pilot.book.make_ups.assign(*missed, envelope(LATER))
    with pytest.raises(GuardianshipEndedByThen):
        corrected(pilot, was_there(pilot, father, 0, 80))
    with pytest.raises(UnknownLearner):
        pilot.book.services.name(pilot.session_id, father, TALK, 200, envelope(LATER))
    with pytest.raises(SubjectNotYours):
        disputed(pilot, father)


def test_who_was_parted_after_a_session_may_still_say_what_was_there(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[1:])
    case_id = disputed(pilot, parted(pilot, AFTER))
    assert pilot.book.cases.get(case_id).school_code == SCHOOL


def again(pilot: Pilot) -> UUID:
    """Another run of the course, three weeks after the first."""
    later = timedelta(days=21)
    plan = planned(begins_at=STARTS + later, ends_at=ENDS + later, row=3)
    filed = pilot.book.plans.file(Filing(SCHOOL, 2026, 1), [plan], envelope(), dry_run=False)
    [session_id] = [result.id for result in filed if result.id]
    return session_id


def disputed(pilot: Pilot, father: UUID) -> UUID:
    about = Subject(kind=SubjectKind.SESSION, id=pilot.session_id)
    by = parent(father, LATER)
    return pilot.book.cases.dispute(father, about, DisputeReason.NOT_LISTED, "", by)
