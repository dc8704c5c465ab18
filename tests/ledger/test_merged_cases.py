"""Cases of a person whose records became one: every line is theirs, under whichever record."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.dispute import AnswerReason, DisputeReason, Subject, SubjectKind
from domain.envelope import Role
from domain.evaluation import Evaluation
from domain.verdict import Outcome
from ledger.appeals import Ruling
from ledger.case_matters import SubjectNotYours
from ledger.cases import Answer
from tests.acting import Pilot, envelope
from tests.case_acting import HEAD, TEACHER, account_of, attendance, noon, parent
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger_evening import hold

WRONG = DisputeReason.WRONG_HOURS
NO = Answer(upheld=False, reason_code=AnswerReason.RECORD_RIGHT, words="签退时间是19:40")


@pytest.fixture
def evening(pilot: Pilot) -> Pilot:
    """The second of two records was there; the first one speaks for it later."""
    hold(pilot, [pilot.learners[1]])
    return pilot


def become_one(pilot: Pilot) -> UUID:
    """The record that speaks from now on."""
    one, other, _ = pilot.learners
    signed_by_two(pilot, merge_of(one, other))
    return one


def test_a_line_that_came_by_a_merge_is_disputed_by_the_record_that_speaks(evening: Pilot) -> None:
    one, cases = become_one(evening), evening.book.cases
    [credit] = account_of(evening.book, one).standing
    by = parent(one, noon(9, 22))

    line = Subject(kind=SubjectKind.ENTRY, id=credit.entry_id)
    there = Subject(kind=SubjectKind.SESSION, id=evening.session_id)
    star = Subject(kind=SubjectKind.STAR, id=Evaluation.create_id(evening.learners[1], "primary"))

    made = cases.dispute(one, line, WRONG, "", by)
    assert cases.get(made).subject == attendance(evening, 1)
    assert cases.dispute(one, there, WRONG, "", parent(one, noon(9, 22))) == made
    of_star = cases.dispute(one, star, WRONG, "", parent(one, noon(9, 22)))
    assert cases.get(of_star).subject == star
    with pytest.raises(SubjectNotYours):
        cases.dispute(
            evening.learners[2], line, WRONG, "", parent(evening.learners[2], noon(9, 22))
        )


def test_a_case_from_before_the_merge_holds_the_line_where_it_is_now(evening: Pilot) -> None:
    other, cases = evening.learners[1], evening.book.cases
    case_id = cases.dispute(other, attendance(evening, 1), WRONG, "", parent(other, noon(9, 19)))
    one = become_one(evening)
    [credit] = account_of(evening.book, one).standing
    entry = (credit.entry_id,)

    cases.hold(case_id, entry, envelope(noon(9, 22), actor_id=TEACHER))
    assert account_of(evening.book, one).held_hours == 200
    cases.release(case_id, entry, envelope(noon(9, 22), actor_id=TEACHER))
    assert account_of(evening.book, one).held_hours == 0
    cases.hold(case_id, entry, envelope(noon(9, 22), actor_id=TEACHER))
    cases.answer(case_id, NO, envelope(noon(9, 22), actor_id=uuid4()))
    assert account_of(evening.book, one).held_hours == 0


def test_an_appeal_from_before_the_merge_is_decided_and_taken_on_by_its_parent(
    evening: Pilot,
) -> None:
    other, book = evening.learners[1], evening.book
    appealed = attendance(evening, 1)
    made = book.appeals.lodge(other, appealed, "", parent(other, noon(9, 19)))
    one = become_one(evening)

    ruling = Ruling(Outcome.REFUSED, AnswerReason.RECORD_RIGHT, "签退时间是19:40")
    book.appeals.decide(made, ruling, envelope(noon(9, 22), Role.HEAD, HEAD))
    book.appeals.escalate(made, "", parent(one, noon(9, 23)))
