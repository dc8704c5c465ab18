"""Every star's certificate says the hours of its own day, a stage's those of its school years."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.account import Account
from domain.certificate import Award, CertificateKind
from domain.certificate_refusals import NotAchieved
from domain.evaluation import CompletionKind, Evaluation
from domain.exam import ExamRecord
from domain.rules import ReversalReason
from ledger.certified import HoursUnderVerification
from tests.acting import Pilot, envelope
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.school_years import SchoolYears
from tests.ledger.stars import claim, pass_exam
from tests.ledger.test_awards import enrol
from tests.ledger.test_certified import completion, signed

NOW = datetime(2030, 5, 6, 2, 0, tzinfo=UTC)


@pytest.fixture
def starred(pilot: Pilot) -> Pilot:
    """The second star and the third, a year between them, for 16 hours and for 32."""
    book, learner = pilot.book, pilot.learners[0]
    [(child, *_)] = book.learners.get(learner).enrolments
    enrol(book, learner, child_id=child, school_year=2027, grade="四年级")
    for year in (2026, 2027):
        learn(pilot, year)
    return pilot


def learn(pilot: Pilot, year: int, evenings: int = 10) -> None:
    """So many evenings of two hours (ten make sixteen that count), and the exam of that year."""
    book, learner = pilot.book, pilot.learners[0]
    account = book.ledger.find(Account, Account.create_id(learner)) or Account(
        learner_id=learner, envelope=envelope()
    )
    record = book.ledger.find(ExamRecord, ExamRecord.create_id(learner)) or ExamRecord(
        learner_id=learner, envelope=envelope()
    )
    for number in range(evenings):
        asked = claim(account.id, learner, (year - 2026) * 10 + number)
        account.award(asked, pilot.rules, envelope())
    pass_exam(record, learner, year)
    book.ledger.save(account, record)
    book.awards.evaluate(learner, datetime(year, 12, 20, tzinfo=UTC), uuid4())


def star(pilot: Pilot, level: int) -> Award:
    kind = CertificateKind.STAR_LEVEL
    return completion(pilot.learners[0], kind=kind, level=level, school_year=None, hours=4000)


def account_of(pilot: Pilot) -> Account:
    account = pilot.book.ledger.find(Account, Account.create_id(pilot.learners[0]))
    assert account is not None
    return account


def test_stars_that_are_issued_together_say_each_its_own_hours(starred: Pilot) -> None:
    said = [signed(starred, star(starred, level)) for level in (2, 3)]

    assert [(each.hours, each.achieved_on) for each in said] == [
        (1600, date(2026, 12, 20)),
        (3200, date(2027, 12, 20)),
    ]
    assert {each.rulebook_version for each in said} == {"2026.1"}


def test_what_was_taken_back_of_a_star_since_is_not_signed(starred: Pilot) -> None:
    account = account_of(starred)
    account.reverse(account.standing[0].entry_id, ReversalReason.NOT_PRESENT, envelope(NOW))
    starred.book.ledger.save(account)

    assert [signed(starred, star(starred, level)).hours for level in (2, 3)] == [1400, 3000]


def test_a_star_that_was_never_awarded_by_itself_is_not_certified(starred: Pilot) -> None:
    for level in (1, 4):
        with pytest.raises(NotAchieved):
            signed(starred, star(starred, level))


def test_a_star_of_which_no_hour_is_left_is_not_certified(starred: Pilot) -> None:
    account = account_of(starred)
    for line in account.standing[:10]:
        account.reverse(line.entry_id, ReversalReason.NOT_PRESENT, envelope(NOW))
    starred.book.ledger.save(account)

    with pytest.raises(NotAchieved):
        signed(starred, star(starred, 2))


def test_a_star_waits_for_the_case_that_its_hours_are_under(starred: Pilot) -> None:
    account = account_of(starred)
    account.hold(tuple(c.entry_id for c in account.standing[:10]), UUID(int=1), envelope(NOW))
    starred.book.ledger.save(account)

    with pytest.raises(HoursUnderVerification):
        signed(starred, star(starred, 2))


def test_a_star_that_came_with_another_record_says_the_hours_of_its_day(starred: Pilot) -> None:
    one, other = starred.learners[1], starred.learners[0]
    signed_by_two(starred, merge_of(one, other))

    said = signed(starred, star(starred, 3).model_copy(update={"learner_id": one}))

    assert (said.hours, said.achieved_on) == (3200, date(2027, 12, 20))
    assert said.rulebook_version == "2026.1"


@pytest.fixture
def graduated(pilot: Pilot) -> Pilot:
    """Grades five and six completed, and an evening since with a younger child."""
    learner = pilot.book.learners.get(pilot.learners[0])
    [(child, *_)] = learner.enrolments
    years = SchoolYears(pilot.book, learner.id, child)
    for year, grade in ((2026, "五年级"), (2027, "六年级")):
        years.begin(year, grade)
        learn(pilot, year)
        years.close(year)
    years.child = uuid4()
    years.begin(2028, "二年级")
    learn(pilot, 2028, evenings=1)
    return pilot


def stage(pilot: Pilot) -> Award:
    kind = CertificateKind.STAGE_COMPLETION
    return completion(pilot.learners[0], kind=kind, school_year=None, hours=4200)


def test_a_stage_says_the_school_years_it_was_completed_in_and_their_hours(
    graduated: Pilot,
) -> None:
    said = signed(graduated, stage(graduated))

    assert (said.first_year, said.last_year) == (2026, 2027)
    assert (said.hours, said.face_to_face_hours) == (3200, 3200)
    assert (said.achieved_on, said.rulebook_version) == (date(2028, 9, 10), "2026.1")


def test_a_stage_whose_fact_names_no_year_ended_where_it_was_completed(
    graduated: Pilot,
) -> None:
    key = Evaluation.create_id(graduated.learners[0], "primary")
    evaluation = graduated.book.ledger.find(Evaluation, key)
    assert evaluation is not None
    reached = (CompletionKind.STAGE, "primary")
    conditions = evaluation.completions[reached].conditions
    said: dict[str, Any] = {
        "learner_id": evaluation.learner_id, "stage": "primary", "kind": reached[0],
        "period": reached[1], "conditions": conditions, "envelope": envelope(NOW),
    }  # fmt: skip
    evaluation._withdrawn(**said)
    evaluation._reached(hours=4000, face_to_face_hours=4000, **said)
    graduated.book.ledger.save(evaluation)

    assert signed(graduated, stage(graduated)).last_year == 2027
