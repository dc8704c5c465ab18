"""Credit under verification while a case is open: held once, released at the latest at its end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.appeal import Appeal
from domain.appeal_refusals import AppealIsFinal
from domain.credit_refusals import CreditAlreadyHeld, CreditNotHeld, UnknownCredit
from domain.dispute import AnswerReason, DisputeAlreadyAnswered, DisputeReason
from ledger.cases import Answer
from tests.acting import Pilot, envelope
from tests.case_acting import TEACHER, account_of, attendance, noon, parent
from tests.ledger.test_corrections import corrected, was_not_there, was_there
from tests.ledger_evening import hold

NO = Answer(upheld=False, reason_code=AnswerReason.RECORD_RIGHT, words="记录无误")


@pytest.fixture
def evening(pilot: Pilot) -> Pilot:
    hold(pilot, pilot.learners[:2])
    return pilot


def disputed(pilot: Pilot) -> UUID:
    learner = pilot.learners[0]
    by = parent(learner, noon(9, 21))
    return pilot.book.cases.dispute(learner, attendance(pilot), DisputeReason.WRONG_HOURS, "", by)


def test_held_credit_counts_again_when_the_case_ends(evening: Pilot) -> None:
    book, learner = evening.book, evening.learners[0]
    case_id = disputed(evening)
    [credit] = account_of(book, learner).standing
    for _ in range(2):  # the second time is no news
        book.cases.hold(case_id, (credit.entry_id,), envelope(noon(9, 21)))
    assert account_of(book, learner).held_hours == 200

    book.cases.answer(case_id, NO, envelope(noon(9, 22), actor_id=TEACHER))

    assert account_of(book, learner).held_hours == 0
    with pytest.raises(DisputeAlreadyAnswered):
        book.cases.hold(case_id, (credit.entry_id,), envelope(noon(9, 22)))


def test_held_credit_may_be_released_before(evening: Pilot) -> None:
    book, learner = evening.book, evening.learners[0]
    case_id = disputed(evening)
    [credit] = account_of(book, learner).standing
    book.cases.hold(case_id, (credit.entry_id,), envelope(noon(9, 21)))

    book.cases.release(case_id, (credit.entry_id,), envelope(noon(9, 21)))

    assert account_of(book, learner).held == {}
    with pytest.raises(CreditNotHeld):
        book.cases.release(case_id, (credit.entry_id,), envelope(noon(9, 21)))


def test_credit_is_held_for_one_case_at_a_time_and_must_be_there(evening: Pilot) -> None:
    book, learner = evening.book, evening.learners[0]
    case_id = disputed(evening)
    [credit] = account_of(book, learner).standing
    with pytest.raises(UnknownCredit):
        book.cases.hold(case_id, (uuid4(),), envelope(noon(9, 21)))
    account = account_of(book, learner)
    account.hold((credit.entry_id,), uuid4(), envelope())
    book.ledger.save(account)
    with pytest.raises(CreditAlreadyHeld):
        book.cases.hold(case_id, (credit.entry_id,), envelope(noon(9, 21)))


def test_nothing_is_held_for_an_appeal_that_ended(evening: Pilot) -> None:
    book, learner = evening.book, evening.learners[0]
    case_id = book.appeals.lodge(learner, attendance(evening), "", parent(learner, noon(9, 21)))
    assert case_id == Appeal.create_id(learner, attendance(evening))
    book.appeals.withdraw(case_id, parent(learner, noon(9, 22)))
    with pytest.raises(AppealIsFinal):
        book.cases.hold(case_id, (uuid4(),), envelope(noon(9, 22)))


def test_a_case_that_ends_holds_nothing_that_comes_back_later(evening: Pilot) -> None:
    """The line was taken back while the case was open, and is given again after its end."""
    book, learner = evening.book, evening.learners[0]
    case_id = disputed(evening)
    [credit] = account_of(book, learner).standing
    book.cases.hold(case_id, (credit.entry_id,), envelope(noon(9, 21)))
    corrected(evening, was_not_there(evening, learner))
    book.cases.answer(case_id, NO, envelope(noon(9, 22), actor_id=TEACHER))

    corrected(evening, was_there(evening, learner, 0, 80))

    assert (account_of(book, learner).balance, account_of(book, learner).held_hours) == (200, 0)


def test_a_school_holds_what_it_credited_itself(evening: Pilot) -> None:
    book, learner = evening.book, evening.learners[0]
    case_id, account = disputed(evening), account_of(book, learner)
    [credit] = account.standing
    elsewhere = credit.bare.model_copy(
        update={
            "school_code": "4401060001", "entry_id": uuid4(), "source_id": uuid4(),
            "session_id": uuid4(), "course_id": uuid4(),
            "begins_at": credit.begins_at + timedelta(days=1),
            "ends_at": credit.ends_at + timedelta(days=1),
        }
    )  # fmt: skip
    account.award(elsewhere, evening.rules, envelope())
    book.ledger.save(account)
    assert len(account_of(book, learner).standing) == 2

    with pytest.raises(UnknownCredit):
        book.cases.hold(case_id, (elsewhere.entry_id,), envelope(noon(9, 21)))
