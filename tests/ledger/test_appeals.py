"""Appeals in the ledger: opened in time, decided by somebody apart, reviewed above, final."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

import pytest

from domain.appeal import Appeal, Ground, Stands
from domain.appeal_refusals import (
    AnswerAwaited,
    AppealIsFinal,
    AppealTooLate,
    DeciderTookPart,
    UnknownCase,
)
from domain.dispute import AnswerReason, DisputeReason, ReasonsMissing
from domain.envelope import Envelope, Role
from domain.staff import OwnCase
from domain.verdict import Outcome
from ledger.appeals import Ruling
from ledger.book import Book
from ledger.case_matters import SubjectNotYours
from ledger.cases import Answer
from tests.acting import Pilot, envelope
from tests.case_acting import (
    CLERK,
    HEAD,
    OFFICER,
    TEACHER,
    account_of,
    attendance,
    correction,
    noon,
    parent,
    publish_holidays,
)
from tests.ledger_evening import COORDINATOR, HOST, hold

PARTLY = Ruling(Outcome.PARTLY, AnswerReason.NEW_EVIDENCE, "按签到表补记半小时")
UPHELD = Ruling(Outcome.UPHELD, AnswerReason.RECORD_WRONG, "照片可以证明全程在场")


@pytest.fixture
def evening(pilot: Pilot) -> Pilot:
    publish_holidays(pilot.book)
    hold(pilot, pilot.learners[:2])
    return pilot


def lodged(pilot: Pilot, at: datetime) -> UUID:
    learner = pilot.learners[0]
    return pilot.book.appeals.lodge(learner, attendance(pilot), "请再看一次", parent(learner, at))


def answered(pilot: Pilot, at: datetime, by: UUID = TEACHER) -> None:
    learner = pilot.learners[0]
    case_id = pilot.book.cases.dispute(
        learner, attendance(pilot), DisputeReason.THERE_LONGER, "", parent(learner, noon(9, 28))
    )
    no = Answer(upheld=False, reason_code=AnswerReason.RECORD_RIGHT, words="记录无误")
    pilot.book.cases.answer(case_id, no, envelope(at, Role.CLASS_TEACHER, by))


def appeal(book: Book, case_id: UUID) -> Appeal:
    found = book.cases.get(case_id)
    assert isinstance(found, Appeal)
    return found


def head(at: datetime) -> Envelope:
    return envelope(at, Role.HEAD, HEAD)


def test_the_posting_opens_ten_working_days(evening: Pilot) -> None:
    # Posted on 18 September: the tenth working day is the first one after the holiday week.
    with pytest.raises(AppealTooLate) as refused:
        lodged(evening, noon(10, 9))
    last_day = refused.value.facts["last_day"]
    assert last_day == date(2026, 10, 8)

    made = appeal(evening.book, lodged(evening, noon(9, 30)))

    assert (made.due.last_day, made.stands) == (date(2026, 10, 20), Stands.LODGED)


def test_the_answer_opens_ten_more(evening: Pilot) -> None:
    answered(evening, noon(9, 30))
    with pytest.raises(AppealTooLate):
        lodged(evening, noon(10, 21))

    case_id = lodged(evening, noon(10, 20))

    assert appeal(evening.book, case_id).dispute_id is not None
    assert lodged(evening, noon(10, 20)) == case_id


def test_an_answer_that_does_not_come_opens_it_at_once(evening: Pilot) -> None:
    learner = evening.learners[0]
    evening.book.cases.dispute(
        learner, attendance(evening), DisputeReason.OTHER, "", parent(learner, noon(9, 29))
    )
    with pytest.raises(AnswerAwaited) as refused:
        lodged(evening, noon(10, 9))
    assert refused.value.facts["last_day"] == date(2026, 10, 9)

    case_id = lodged(evening, noon(10, 10))

    assert appeal(evening.book, case_id).ground is Ground.NO_ANSWER


@pytest.mark.parametrize("decider", [TEACHER, HOST, COORDINATOR])
def test_who_answered_or_attested_does_not_decide(evening: Pilot, decider: UUID) -> None:
    answered(evening, noon(9, 30))
    case_id = lodged(evening, noon(9, 30))
    with pytest.raises(DeciderTookPart):
        evening.book.appeals.decide(case_id, PARTLY, envelope(noon(10, 9), actor_id=decider))


def test_who_made_a_correction_does_not_decide(evening: Pilot) -> None:
    correction(evening)
    case_id = lodged(evening, noon(9, 30))
    with pytest.raises(DeciderTookPart):
        evening.book.appeals.decide(case_id, PARTLY, envelope(noon(10, 9), actor_id=CLERK))


def test_a_decision_is_explained_and_releases_what_was_held(evening: Pilot) -> None:
    book, learner = evening.book, evening.learners[0]
    case_id, correction_id = lodged(evening, noon(9, 30)), correction(evening)
    [credit] = account_of(book, learner).standing
    book.cases.hold(case_id, (credit.entry_id,), envelope(noon(9, 30)))
    book.appeals.acknowledge(case_id, head(noon(9, 30)))
    with pytest.raises(ReasonsMissing):
        book.appeals.decide(
            case_id, Ruling(Outcome.UPHELD, AnswerReason.OTHER, ""), head(noon(10, 9))
        )
    ruling = Ruling(PARTLY.outcome, PARTLY.reason_code, PARTLY.words, (correction_id,))

    book.appeals.decide(case_id, ruling, head(noon(10, 9)))
    position = book.ledger.position()
    book.appeals.decide(case_id, ruling, head(noon(10, 9)))

    made = appeal(book, case_id)
    assert (made.stands, made.corrections) == (Stands.DECIDED, (correction_id,))
    assert account_of(book, learner).held == {}
    assert book.ledger.position() == position


def test_the_district_reviews_once_and_then_it_is_final(evening: Pilot) -> None:
    book, learner = evening.book, evening.learners[0]
    case_id = lodged(evening, noon(9, 30))
    book.appeals.decide(case_id, PARTLY, head(noon(10, 9)))
    with pytest.raises(AppealTooLate):
        book.appeals.escalate(case_id, "", parent(learner, noon(10, 23)))
    book.appeals.escalate(case_id, "还是不同意", parent(learner, noon(10, 22)))
    with pytest.raises(DeciderTookPart):
        book.appeals.review(case_id, UPHELD, head(noon(10, 26)))

    book.appeals.review(case_id, UPHELD, envelope(noon(10, 26), Role.DISTRICT_OFFICER, OFFICER))

    assert appeal(book, case_id).stands is Stands.REVIEWED
    with pytest.raises(AppealIsFinal):
        book.appeals.escalate(case_id, "", parent(learner, noon(10, 27)))


def test_no_decision_in_time_opens_the_review(evening: Pilot) -> None:
    book, learner = evening.book, evening.learners[0]
    case_id = lodged(evening, noon(9, 30))
    with pytest.raises(AnswerAwaited):
        book.appeals.escalate(case_id, "", parent(learner, noon(10, 20)))

    book.appeals.escalate(case_id, "", parent(learner, noon(10, 21)))

    assert appeal(book, case_id).stands is Stands.ESCALATED


def test_a_case_is_its_parents_own_and_nobody_decides_in_theirs(evening: Pilot) -> None:
    book, own = evening.book, uuid4()
    case_id = lodged(evening, noon(9, 30))
    with pytest.raises(SubjectNotYours):
        book.appeals.withdraw(case_id, parent(evening.learners[1], noon(9, 30)))
    book.registry.register_staff(own, envelope(), evening.learners[0])
    with pytest.raises(OwnCase):
        book.appeals.decide(case_id, PARTLY, envelope(noon(10, 9), Role.HEAD, own))


def test_an_appeal_is_no_dispute(evening: Pilot) -> None:
    case_id = lodged(evening, noon(9, 30))
    no = Answer(upheld=True, reason_code=AnswerReason.RECORD_RIGHT)
    with pytest.raises(UnknownCase):
        evening.book.cases.answer(case_id, no, envelope(noon(9, 30)))
