"""Exams of a person whose records became one: attempts belong to the person."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.envelope import Role
from domain.exam import AttemptsUsed, ExamRecord
from ledger.exams import PaperResult
from tests.acting import ENDS, SCHOOL, Pilot, envelope
from tests.ledger.merging import merge_of, signed_by_two
from tests.online_exams import STARTED, answers, parent, publish_online


def become_one(pilot: Pilot) -> UUID:
    """The record that speaks from now on."""
    one, other, _ = pilot.learners
    signed_by_two(pilot, merge_of(one, other))
    return one


def test_a_sheet_that_is_open_meanwhile_is_handed_in(pilot: Pilot) -> None:
    other, online = pilot.learners[1], pilot.book.online_exams
    exam = publish_online(pilot.book)
    attempt = online.start(exam, other, parent(other, STARTED))
    ticked = answers(pilot.book, attempt, other)
    one = become_one(pilot)

    online.submit(attempt, one, ticked, parent(one, STARTED + timedelta(minutes=9)))

    record = pilot.book.ledger.find(ExamRecord, ExamRecord.create_id(other))
    assert record is not None
    assert {exam for exam, _ in record.passed} == {exam}


def test_a_person_has_three_attempts_whatever_the_record(pilot: Pilot) -> None:
    other, online = pilot.learners[1], pilot.book.online_exams
    exam = publish_online(pilot.book)
    for day in (0, 2, 4):
        at = STARTED + timedelta(days=day)
        attempt = online.start(exam, other, parent(other, at))
        online.submit(attempt, other, {}, parent(other, at + timedelta(minutes=9)))
    one = become_one(pilot)

    with pytest.raises(AttemptsUsed):
        online.start(exam, one, parent(one, STARTED + timedelta(days=6)))


def test_a_typed_result_of_the_other_record_is_checked(pilot: Pilot) -> None:
    exams, other = pilot.book.exams, pilot.learners[1]
    exam = exams.publish(SCHOOL, "期末", date(2026, 9, 18), envelope())
    typist, checker = envelope(ENDS, Role.CLASS_TEACHER), envelope(ENDS, Role.HEAD)
    assert not exams.enter_results(exam, [PaperResult(other, 86)], typist)
    one = become_one(pilot)

    assert not exams.check_results(exam, [PaperResult(one, 86)], checker)

    case = exams.case(exams.get(exam), one)
    assert (case.waiting, case.used) == (None, 1)
    assert not exams.check_results(exam, [PaperResult(one, 86)], envelope(ENDS, Role.HEAD))
