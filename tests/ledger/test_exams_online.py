"""Exams on a screen: one open attempt, the time of the server, answers that erasing erases."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from domain.exam import AttemptsUsed, ExamNotOpen, ExamRecord, UnknownExam
from domain.exam_attempt import Attempt
from domain.exam_draw import drawn
from domain.exam_refusals import (
    AnswerAfterTime,
    AnswerUnknown,
    AttemptEnded,
    AttemptTooEarly,
    AttemptWaits,
    UnknownAttempt,
)
from domain.learner import UnknownLearner
from domain.question_bank import BankTooSmall, UnknownBank
from ledger.exams import ExamPublishedOtherwise, ExamTimesWrong, OnlineExam, PaperResult
from tests.acting import SCHOOL, Pilot, envelope
from tests.database import TestDatabase
from tests.online_exams import (
    CLOSES,
    OPENS,
    STARTED,
    answers,
    fill_bank,
    parent,
    publish_online,
)

HALF_AN_HOUR, DAY = timedelta(minutes=30), timedelta(days=1)


@pytest.fixture
def exam(pilot: Pilot) -> UUID:
    return publish_online(pilot.book)


@pytest.fixture
def learner(pilot: Pilot) -> UUID:
    return pilot.learners[0]


def record(pilot: Pilot, learner: UUID) -> ExamRecord:
    found = pilot.book.ledger.find(ExamRecord, ExamRecord.create_id(learner))
    assert found is not None
    return found


def attempt(pilot: Pilot, attempt_id: UUID) -> Attempt:
    return pilot.book.ledger.get(Attempt, attempt_id, UnknownAttempt)


def sit(pilot: Pilot, exam: UUID, learner: UUID, days: int, right: int) -> UUID:
    """A whole attempt on a day."""
    online, by = pilot.book.online_exams, parent(learner, STARTED + days * DAY)
    attempt_id = online.start(exam, learner, by)
    places = answers(pilot.book, attempt_id, learner, right)
    online.submit(attempt_id, learner, places, parent(learner, by.at + timedelta(minutes=9)))
    return attempt_id


def test_what_is_saved_again_reads_no_bank(
    pilot: Pilot, exam: UUID, learner: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bank holds thousands of questions, an attempt asks twenty and is saved every minute."""
    online, store, by = pilot.book.online_exams, pilot.book.ledger.store, parent(learner)
    attempt_id = online.start(exam, learner, by)
    online.save(attempt_id, learner, answers(pilot.book, attempt_id, learner, 3), by)
    select, read = store.select_streams, set[UUID]()

    def selected(ids: Iterable[UUID]) -> dict[UUID, list[StoredEvent]]:
        read.update(asked := list(ids))
        return select(asked)

    monkeypatch.setattr(store, "select_streams", selected)

    again = answers(pilot.book, attempt_id, learner, 20)
    online.submit(attempt_id, learner, again, parent(learner))

    assert attempt_id in read
    assert read.isdisjoint(bank.bank_id for bank in attempt(pilot, attempt_id).banks)


def test_an_exam_needs_a_bank_that_is_large_enough_and_the_schools_own(pilot: Pilot) -> None:
    small, foreign = fill_bank(pilot.book, 59), fill_bank(pilot.book, owner="4401040009")
    library = fill_bank(pilot.book, owner="440104")
    wish = OnlineExam((small,), OPENS, CLOSES)
    publish = pilot.book.exams.publish_online
    with pytest.raises(BankTooSmall) as refused:
        publish(SCHOOL, "小", wish, envelope())
    assert refused.value.facts == {"questions": 59, "needed": 60}
    for banks in ((foreign,), (uuid4(),), ()):
        with pytest.raises(UnknownBank):
            publish(SCHOOL, "小", replace(wish, bank_ids=banks), envelope())
    with pytest.raises(ExamTimesWrong):
        publish(SCHOOL, "小", replace(wish, closes_at=OPENS), envelope())
    both = replace(wish, bank_ids=(small, library))
    assert publish(SCHOOL, "大", both, envelope()) == publish(SCHOOL, "大", both, envelope())
    with pytest.raises(ExamPublishedOtherwise):
        publish(SCHOOL, "大", replace(both, bank_ids=(library,)), envelope())


def test_a_submitted_sheet_is_marked_and_counts(pilot: Pilot, exam: UUID, learner: UUID) -> None:
    attempt_id = sit(pilot, exam, learner, 0, 17)

    outcome = attempt(pilot, attempt_id).outcome
    assert outcome is not None
    assert (outcome.score, outcome.passed, outcome.merit) == (85, True, True)
    assert record(pilot, learner).passed == {(exam, 2026)}
    sheet = pilot.book.online_exams.sheet(attempt_id, learner)
    assert len(sheet.answers) == 17
    assert len(sheet.questions) == 20


def test_sending_a_sheet_again_is_no_news(pilot: Pilot, exam: UUID, learner: UUID) -> None:
    attempt_id = sit(pilot, exam, learner, 0, 17)
    position, online = pilot.book.ledger.position(), pilot.book.online_exams
    same, other = (answers(pilot.book, attempt_id, learner, right) for right in (17, 20))

    online.submit(attempt_id, learner, same, parent(learner, STARTED + DAY))

    with pytest.raises(AttemptEnded):
        online.submit(attempt_id, learner, other, parent(learner, STARTED))
    assert pilot.book.ledger.position() == position


def test_two_starts_at_once_give_one_attempt(pilot: Pilot, exam: UUID, learner: UUID) -> None:
    def start(_: int) -> UUID:
        return pilot.book.online_exams.start(exam, learner, parent(learner))

    with ThreadPoolExecutor(4) as phones:
        assert len(set(phones.map(start, range(4)))) == 1


def test_an_answer_after_time_is_refused_and_what_was_saved_counts(
    pilot: Pilot, exam: UUID, learner: UUID
) -> None:
    online = pilot.book.online_exams
    attempt_id = online.start(exam, learner, parent(learner))
    twelve, all_right = (answers(pilot.book, attempt_id, learner, right) for right in (12, 20))
    online.save(attempt_id, learner, twelve, parent(learner, STARTED + HALF_AN_HOUR))
    too_late = STARTED + HALF_AN_HOUR + timedelta(seconds=1)

    with pytest.raises(AnswerAfterTime):
        online.save(attempt_id, learner, all_right, parent(learner, too_late))
    with pytest.raises(AnswerAfterTime):
        online.submit(attempt_id, learner, all_right, parent(learner, too_late))

    outcome = attempt(pilot, attempt_id).outcome
    assert outcome is not None
    assert (outcome.score, outcome.passed) == (60, True)
    assert record(pilot, learner).counted_at[exam] == STARTED + HALF_AN_HOUR


def test_what_ran_out_is_marked_once_as_unanswered(pilot: Pilot, exam: UUID, learner: UUID) -> None:
    online = pilot.book.online_exams
    attempt_id = online.start(exam, learner, parent(learner))
    online.settle(attempt_id, envelope(STARTED + HALF_AN_HOUR))
    assert not attempt(pilot, attempt_id).is_over

    for _ in range(2):
        online.settle(attempt_id, envelope(STARTED + DAY))

    outcome = attempt(pilot, attempt_id).outcome
    assert outcome is not None
    assert (outcome.score, outcome.passed) == (0, False)
    assert record(pilot, learner).used(exam) == 1


def test_the_next_attempt_waits_for_the_cool_down(pilot: Pilot, exam: UUID, learner: UUID) -> None:
    online = pilot.book.online_exams
    first = online.start(exam, learner, parent(learner))
    over = STARTED + HALF_AN_HOUR

    with pytest.raises(AttemptTooEarly) as refused:
        online.start(exam, learner, parent(learner, over + DAY - timedelta(seconds=1)))
    assert refused.value.facts == {"earliest": over + DAY}
    assert attempt(pilot, first).is_over
    assert online.start(exam, learner, parent(learner, over + DAY)) != first


def test_there_are_three_attempts_and_the_best_decides(
    pilot: Pilot, exam: UUID, learner: UUID
) -> None:
    for days, right in ((0, 11), (2, 15), (4, 3)):
        sit(pilot, exam, learner, days, right)
    with pytest.raises(AttemptsUsed):
        pilot.book.online_exams.start(exam, learner, parent(learner, STARTED + 6 * DAY))
    assert record(pilot, learner).passed == {(exam, 2026)}


def test_paper_and_screen_count_together(pilot: Pilot, exam: UUID, learner: UUID) -> None:
    sit(pilot, exam, learner, 0, 3)
    exams, online = pilot.book.exams, pilot.book.online_exams
    by = envelope(STARTED + DAY)
    assert exams.enter_results(exam, [PaperResult(learner, 50)], by) == {}
    with pytest.raises(AttemptWaits):
        online.start(exam, learner, parent(learner, STARTED + 3 * DAY))
    exams.check_results(exam, [PaperResult(learner, 50)], envelope(STARTED + DAY))
    online.start(exam, learner, parent(learner, STARTED + 3 * DAY))

    refused = exams.enter_results(exam, [PaperResult(learner, 50, 2)], envelope(STARTED + 3 * DAY))

    assert {type(each) for each in refused.values()} == {AttemptWaits}
    assert record(pilot, learner).used(exam) == 2


@pytest.mark.parametrize("at", [OPENS - timedelta(seconds=1), CLOSES])
def test_nobody_starts_outside_the_hours(
    pilot: Pilot, exam: UUID, learner: UUID, at: object
) -> None:
    with pytest.raises(ExamNotOpen):
        pilot.book.online_exams.start(exam, learner, parent(learner, at))  # type: ignore[arg-type]  # a time


def test_an_exam_of_another_school_looks_unknown(pilot: Pilot, exam: UUID) -> None:
    with pytest.raises(UnknownExam):
        pilot.book.online_exams.start(uuid4(), pilot.learners[0], parent(pilot.learners[0]))
    stranger = uuid4()
    with pytest.raises(UnknownLearner):
        pilot.book.online_exams.start(exam, stranger, parent(stranger))


def test_a_sheet_is_its_learners_alone(pilot: Pilot, exam: UUID, learner: UUID) -> None:
    online = pilot.book.online_exams
    attempt_id = online.start(exam, learner, parent(learner))
    with pytest.raises(UnknownAttempt):
        online.sheet(attempt_id, pilot.learners[1])
    with pytest.raises(AnswerUnknown):
        online.save(attempt_id, learner, {uuid4(): [0]}, parent(learner))


def test_a_bank_that_shrank_is_noticed_at_the_start(
    pilot: Pilot, exam: UUID, learner: UUID
) -> None:
    banks = pilot.book.question_banks
    bank = banks.get(fill_bank(pilot.book))
    for question_id in list(bank.questions)[:41]:
        banks.retire(bank.id, question_id, envelope())
    with pytest.raises(BankTooSmall):
        pilot.book.online_exams.start(exam, learner, parent(learner))


def test_a_draw_is_repeated_from_the_bank_as_it_stood(
    pilot: Pilot, exam: UUID, learner: UUID
) -> None:
    online, banks = pilot.book.online_exams, pilot.book.question_banks
    attempt_id = online.start(exam, learner, parent(learner))
    before = online.sheet(attempt_id, learner).questions
    bank = banks.get(fill_bank(pilot.book))
    for each in before:
        banks.retire(bank.id, each.question_id, envelope())

    made = attempt(pilot, attempt_id)
    assert drawn(attempt_id, banks.at(made.banks), made.questions) == before  # kept nowhere


def test_the_feed_holds_no_answer_and_erasing_the_person_erases_them(
    pilot: Pilot, exam: UUID, learner: UUID, database: TestDatabase
) -> None:
    attempt_id = sit(pilot, exam, learner, 0, 17)
    stored = b"".join(
        row.state for row in pilot.book.ledger.store.select_streams([attempt_id])[attempt_id]
    )
    asked = pilot.book.online_exams.sheet(attempt_id, learner).questions
    assert not any(str(each.question_id).encode() in stored for each in asked)

    with psycopg.connect(database.owner) as owner:
        owner.execute("DELETE FROM ledger_vault.subject WHERE subject_id = %s", (learner,))

    assert pilot.book.online_exams.sheet(attempt_id, learner).answers == {}
    with pytest.raises(UnknownLearner):
        pilot.book.online_exams.save(attempt_id, learner, {}, parent(learner))
