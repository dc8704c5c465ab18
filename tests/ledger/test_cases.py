"""Disputes in the ledger: whose they are, in time, answered by somebody else, credit held."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.appeal_refusals import UnknownCase
from domain.correction import UnknownCorrection
from domain.dispute import (
    AnswerReason,
    Dispute,
    DisputeAlreadyAnswered,
    DisputeReason,
    DisputeTooLate,
    ReasonsMissing,
    Subject,
    SubjectKind,
)
from domain.envelope import Role
from domain.evaluation import Evaluation
from domain.exam_attempt import Attempt
from domain.learner import UnknownLearner
from domain.staff import OwnCase
from domain.working_days import DaysOfYear
from ledger.book import Book
from ledger.case_matters import SessionNotOver, SubjectNotYours
from ledger.cases import Answer
from ledger.exams import PaperResult
from tests.acting import SCHOOL, STARTS, Pilot, envelope
from tests.case_acting import (
    HOLIDAYS,
    TEACHER,
    account_of,
    attendance,
    correction,
    noon,
    parent,
    publish_holidays,
)
from tests.database import TestDatabase
from tests.ledger_evening import attend, hold

WRONG = DisputeReason.WRONG_HOURS
NO = Answer(upheld=False, reason_code=AnswerReason.RECORD_RIGHT, words="签退时间是19:40")


@pytest.fixture
def evening(pilot: Pilot) -> Pilot:
    hold(pilot, pilot.learners[:2])
    return pilot


def disputed(pilot: Pilot, words: str = "", at: int = 21) -> UUID:
    learner = pilot.learners[0]
    by = parent(learner, noon(9, at))
    return pilot.book.cases.dispute(learner, attendance(pilot), WRONG, words, by)


def dispute(book: Book, case_id: UUID) -> Dispute:
    found = book.cases.get(case_id)
    assert isinstance(found, Dispute)
    return found


def test_a_second_tap_is_the_same_dispute_and_records_nothing(evening: Pilot) -> None:
    first, position = disputed(evening), evening.book.ledger.position()

    assert disputed(evening, "又一次") == first
    assert evening.book.ledger.position() == position


def test_the_answer_is_due_after_three_working_days_over_the_holiday_week(evening: Pilot) -> None:
    publish_holidays(evening.book)
    case_id = disputed(evening, at=29)

    due = dispute(evening.book, case_id).due

    assert (due.last_day, due.calendar) == (date(2026, 10, 9), "2026.1")
    evening.book.calendars.publish(
        DaysOfYear.of(2026, HOLIDAYS.days_off[2:], ()), envelope(noon(9, 30))
    )
    assert dispute(evening.book, case_id).due == due


def test_a_year_without_holidays_is_counted_by_weekends(evening: Pilot) -> None:
    due = dispute(evening.book, disputed(evening, at=29)).due

    assert (due.last_day, due.is_estimated) == (date(2026, 10, 2), True)


def test_the_same_calendar_again_is_no_news(book: Book) -> None:
    publish_holidays(book)
    position = book.ledger.position()
    publish_holidays(book)

    assert book.ledger.position() == position


def test_a_line_of_the_account_is_about_its_attendance(evening: Pilot) -> None:
    learner = evening.learners[0]
    [credit] = account_of(evening.book, learner).standing
    line = Subject(kind=SubjectKind.ENTRY, id=credit.entry_id)

    case_id = evening.book.cases.dispute(learner, line, WRONG, "", parent(learner, noon(9, 21)))

    assert case_id == disputed(evening)
    assert dispute(evening.book, case_id).term == "2026-1"


def test_a_line_without_an_attendance_is_about_itself(evening: Pilot) -> None:
    learner = evening.learners[0]
    account = account_of(evening.book, learner)
    [credit] = account.standing
    elsewhere = credit.model_copy(update={"entry_id": uuid4(), "source_id": uuid4()})
    account._awarded(learner_id=learner, credit=elsewhere, envelope=envelope())
    evening.book.ledger.save(account)
    line = Subject(kind=SubjectKind.ENTRY, id=elsewhere.entry_id)

    case_id = evening.book.cases.dispute(learner, line, WRONG, "", parent(learner, noon(9, 21)))

    assert dispute(evening.book, case_id).subject == line


def test_who_was_there_and_is_not_listed_says_so(evening: Pilot) -> None:
    learner = evening.learners[2]
    there = Subject(kind=SubjectKind.SESSION, id=evening.session_id)
    by = parent(learner, noon(9, 21))

    case_id = evening.book.cases.dispute(learner, there, DisputeReason.NOT_LISTED, "", by)

    made = dispute(evening.book, case_id)
    assert made.subject.kind is SubjectKind.SESSION
    assert Dispute.create_id(learner, attendance(evening, 2)) == case_id


def test_who_is_listed_disputes_the_attendance(evening: Pilot) -> None:
    there = Subject(kind=SubjectKind.SESSION, id=evening.session_id)
    learner = evening.learners[0]

    case_id = evening.book.cases.dispute(learner, there, WRONG, "", parent(learner, noon(9, 21)))

    assert case_id == disputed(evening)


def test_exams_certificates_and_stars_are_their_learners_own(evening: Pilot) -> None:
    book, learner = evening.book, evening.learners[0]
    exam_id = book.exams.publish(SCHOOL, "期末", date(2026, 9, 19), envelope())
    book.exams.enter_results(exam_id, [PaperResult(learner, 50)], envelope())
    waiting = Subject(kind=SubjectKind.ATTEMPT, id=Attempt.create_id(exam_id, learner, 1))
    by = parent(learner, noon(9, 21))
    with pytest.raises(SubjectNotYours):
        book.cases.dispute(learner, waiting, DisputeReason.EXAM_RESULT, "", by)
    book.exams.check_results(exam_id, [PaperResult(learner, 50)], envelope())
    star = Subject(kind=SubjectKind.STAR, id=Evaluation.create_id(learner, "primary"))

    of_exam = book.cases.dispute(learner, waiting, DisputeReason.EXAM_RESULT, "", by)
    of_star = book.cases.dispute(learner, star, DisputeReason.OTHER, "", parent(learner, by.at))

    assert dispute(book, of_exam).school_code == SCHOOL
    assert dispute(book, of_star).subject.kind is SubjectKind.STAR


@pytest.mark.parametrize("kind", list(SubjectKind))
def test_what_is_not_there_is_not_yours(evening: Pilot, kind: SubjectKind) -> None:
    learner = evening.learners[0]
    with pytest.raises(SubjectNotYours):
        evening.book.cases.dispute(
            learner, Subject(kind=kind, id=uuid4()), WRONG, "", parent(learner, noon(9, 21))
        )


def test_anothers_attendance_is_not_yours(evening: Pilot) -> None:
    learner = evening.learners[0]
    with pytest.raises(SubjectNotYours):
        evening.book.cases.dispute(
            learner, attendance(evening, 1), WRONG, "", parent(learner, noon(9, 21))
        )


def test_a_parent_disputes_for_nobody_else(evening: Pilot) -> None:
    with pytest.raises(SubjectNotYours):
        evening.book.cases.dispute(
            evening.learners[0], attendance(evening), WRONG, "",
            parent(evening.learners[1], noon(9, 21)),
        )  # fmt: skip


def test_a_session_that_runs_is_not_disputed(pilot: Pilot) -> None:
    pilot.book.sessions.open(pilot.session_id, envelope(STARTS, Role.HOST))
    attend(pilot, pilot.learners[0], checked_out=False)
    with pytest.raises(SessionNotOver):
        disputed(pilot)


def test_a_dispute_is_opened_all_term_long_and_not_after_it(evening: Pilot) -> None:
    learner, cases = evening.learners[0], evening.book.cases
    late = parent(learner, noon(9, 21).replace(year=2027, month=2, day=22))
    with pytest.raises(DisputeTooLate) as refused:
        cases.dispute(learner, attendance(evening), WRONG, "", late)
    assert refused.value.facts["last_day"] == date(2027, 2, 21)
    in_time = parent(learner, late.at.replace(day=21))

    case_id = cases.dispute(learner, attendance(evening), WRONG, "", in_time)

    assert dispute(evening.book, case_id).is_open


def test_on_paper_a_colleague_writes_it_down(evening: Pilot) -> None:
    book, learner = evening.book, evening.learners[0]
    own = uuid4()
    book.registry.register_staff(own, envelope(), learner)
    with pytest.raises(OwnCase):
        book.cases.dispute(
            learner, attendance(evening), WRONG, "", envelope(noon(9, 21), actor_id=own)
        )

    case_id = book.cases.dispute(
        learner, attendance(evening), WRONG, "", envelope(noon(9, 21), actor_id=TEACHER)
    )
    with pytest.raises(OwnCase):
        book.cases.answer(case_id, NO, envelope(noon(9, 22), actor_id=own))


def test_words_lie_in_the_vault_under_the_learners_key(
    evening: Pilot, database: TestDatabase
) -> None:
    case_id = disputed(evening, "  我一直在场 ")
    evening.book.cases.answer(case_id, NO, envelope(noon(9, 22), actor_id=TEACHER))

    with psycopg.connect(database.owner) as owner:
        stored = owner.execute("SELECT convert_from(state, 'UTF8') FROM ledger.ledger_events")
        assert not [state for (state,) in stored if "我一直在场" in state or "19:40" in state]
        rows = owner.execute("SELECT document_id, subject_id FROM ledger_vault.document").fetchall()
    assert {subject for _, subject in rows} == {evening.learners[0]}
    assert {evening.book.cases.words(key) for key, _ in rows} == {"我一直在场", NO.words}
    assert evening.book.cases.words(uuid4()) == ""


def test_a_refused_answer_leaves_no_words(evening: Pilot, database: TestDatabase) -> None:
    case_id = disputed(evening)
    evening.book.cases.answer(case_id, NO, envelope(noon(9, 22), actor_id=TEACHER))
    with pytest.raises(DisputeAlreadyAnswered):
        evening.book.cases.answer(case_id, NO, envelope(noon(9, 22)))

    with psycopg.connect(database.owner) as owner:
        assert owner.execute("SELECT count(*) FROM ledger_vault.document").fetchone() == (1,)


def test_nobody_writes_about_an_erased_learner(evening: Pilot, database: TestDatabase) -> None:
    case_id = disputed(evening)
    with psycopg.connect(database.owner) as owner:
        owner.execute("DELETE FROM ledger_vault.subject WHERE subject_id = %s",
                      (evening.learners[0],))  # fmt: skip
    with pytest.raises(UnknownLearner):
        evening.book.cases.answer(case_id, NO, envelope(noon(9, 22), actor_id=TEACHER))


def test_a_no_without_words_is_refused(evening: Pilot) -> None:
    case_id = disputed(evening)
    silent = Answer(upheld=False, reason_code=AnswerReason.RECORD_RIGHT, words="  ")
    with pytest.raises(ReasonsMissing):
        evening.book.cases.answer(case_id, silent, envelope(noon(9, 22)))


def test_a_yes_is_followed_by_its_correction(evening: Pilot) -> None:
    case_id, correction_id = disputed(evening), correction(evening)
    yes = Answer(upheld=True, reason_code=AnswerReason.RECORD_WRONG)
    evening.book.cases.answer(case_id, yes, envelope(noon(9, 22), actor_id=TEACHER))

    evening.book.cases.link_correction(case_id, correction_id, envelope(noon(9, 22)))

    assert dispute(evening.book, case_id).corrections == (correction_id,)
    with pytest.raises(UnknownCorrection):
        evening.book.cases.link_correction(case_id, uuid4(), envelope(noon(9, 22)))


def test_an_unknown_case_is_refused(book: Book) -> None:
    with pytest.raises(UnknownCase):
        book.cases.get(uuid4())
