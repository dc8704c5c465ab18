"""A child has left: what lay in the time of the place stays the school's, and nothing after it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from domain.dispute import DisputeReason, Subject, SubjectKind
from domain.enrolment import Leaving
from domain.learner import UnknownLearner
from domain.leave import LeaveCategory
from domain.make_up import MakeUpReason
from domain.service import ServiceKind
from domain.session_refusals import NotInvited
from ledger.case_matters import SubjectNotYours
from ledger.transfers import Pupil
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope
from tests.case_acting import parent
from tests.ledger.evenings import balance
from tests.ledger.merging import evening, merge_of, parting, signed_by_two
from tests.ledger.stars import READY_ON, with_four_stars
from tests.ledger.test_corrections import corrected, was_there
from tests.ledger_evening import hold

BEFORE, AFTER = date(2026, 9, 1), date(2026, 10, 1)  # the session is on 18 September
LATER = ENDS + timedelta(days=15)
TALK = ServiceKind.PARENT_LECTURER


def gone(pilot: Pilot, on: date, year: int = 2026, at: datetime = LATER) -> UUID:
    """A father whose child left the school."""
    father = pilot.learners[0]
    [child] = pilot.book.learners.get(father).guardianships
    pupil = Pupil(child, SCHOOL, year, [father])
    pilot.book.transfers.leave(pupil, on, Leaving.LEFT, envelope(at))
    return father


def said(pilot: Pilot, father: UUID) -> UUID:
    about = Subject(kind=SubjectKind.SESSION, id=pilot.session_id)
    by = parent(father, LATER)
    return pilot.book.cases.dispute(father, about, DisputeReason.NOT_LISTED, "", by)


def made_up(pilot: Pilot, father: UUID) -> int:
    way = evening(pilot, 3, ())
    reason, by = MakeUpReason.ACCESSIBILITY, envelope(LATER)
    return pilot.book.make_ups.assign(pilot.session_id, father, way, reason, by)


def test_whoever_left_after_a_session_may_still_say_what_was_there(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[1:])
    case_id = said(pilot, gone(pilot, AFTER))
    assert pilot.book.cases.get(case_id).school_code == SCHOOL


def test_whoever_left_before_a_session_was_not_there(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[1:])
    father = gone(pilot, BEFORE)
    with pytest.raises(SubjectNotYours):
        said(pilot, father)
    with pytest.raises(NotInvited):
        made_up(pilot, father)


def test_whoever_left_after_a_session_is_put_on_its_list(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[1:])
    father = gone(pilot, AFTER)
    corrected(pilot, was_there(pilot, father, 0, 80))
    assert balance(pilot, father) == 200


def test_whoever_left_before_a_session_is_not(pilot: Pilot) -> None:
    hold(pilot, pilot.learners[1:])
    father = gone(pilot, BEFORE)
    with pytest.raises(NotInvited):
        corrected(pilot, was_there(pilot, father, 0, 80))


def test_leave_is_asked_for_while_the_place_lasts(pilot: Pilot) -> None:
    """The school knows already on which day the child goes."""
    father = gone(pilot, AFTER)
    by = parent(father, STARTS - timedelta(days=1))
    assert pilot.book.leaves.request(pilot.session_id, father, LeaveCategory.WORK, by)


def test_leave_is_not_asked_for_from_a_session_after_it(pilot: Pilot) -> None:
    father = gone(pilot, BEFORE)
    by = parent(father, STARTS - timedelta(days=1))
    with pytest.raises(NotInvited):
        pilot.book.leaves.request(pilot.session_id, father, LeaveCategory.WORK, by)


def test_a_service_at_a_session_before_the_child_left_is_named(pilot: Pilot) -> None:
    father, services = gone(pilot, AFTER), pilot.book.services
    assert services.name(pilot.session_id, father, TALK, 200, envelope(LATER))


def test_a_service_at_a_session_after_the_child_left_is_not(pilot: Pilot) -> None:
    father = gone(pilot, BEFORE)
    with pytest.raises(UnknownLearner):
        pilot.book.services.name(pilot.session_id, father, TALK, 200, envelope(LATER))


def test_a_child_that_left_stays_gone_when_records_are_parted(pilot: Pilot) -> None:
    father, mother = gone(pilot, BEFORE), pilot.learners[1]
    signed_by_two(pilot, merge_of(mother, father))
    signed_by_two(pilot, parting(mother, father))
    assert pilot.book.learners.get(father).enrolments_at(SCHOOL, 2026) == ()


def test_the_school_that_a_child_left_proposes_no_star(pilot: Pilot) -> None:
    with_four_stars(pilot.book, pilot.learners[0])
    father = gone(pilot, READY_ON.date(), 2029, READY_ON)
    with pytest.raises(UnknownLearner):
        pilot.book.star_proposals.propose(father, "primary", SCHOOL, envelope(READY_ON))
