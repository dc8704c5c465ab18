"""Two records of one person become one, signed by two; and are parted again, hour by hour."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.account import Account
from domain.attendance import Attendance
from domain.correction import (
    NeedsSecondPerson,
    NothingToCorrect,
    Order,
    Second,
    State,
)
from domain.envelope import Role
from domain.evaluation import Evaluation
from domain.identity import attendance_id
from domain.learner import Enrolment, Learner, UnknownLearner
from domain.merging import MergedAlready, MergeWhileHeld, MergeWithOneself, NotMerged
from domain.refusals import Refused
from domain.rules import ReversalReason
from domain.staff import OwnCase
from ledger.evaluating import record_of
from ledger.exams import PaperResult
from ledger.roster import Roster
from ledger.streams import Streams
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, entry, envelope
from tests.ledger.evenings import balance
from tests.ledger.merging import COORDINATOR, LATER, evening, merge_of, parting, signed_by_two
from tests.ledger.test_voided_later import a_full_year
from tests.ledger_evening import hold


def account(pilot: Pilot, learner: UUID) -> Account:
    found = pilot.book.ledger.find(Account, Account.create_id(learner))
    assert found is not None
    return found


def test_worked_example_10_a_grandmother_recorded_twice(pilot: Pilot) -> None:
    """Both of her records were at one session: one award is reversed, the caps run again."""
    one, other, _ = pilot.learners
    hold(pilot, [one, other])
    evening(pilot, 3, [other])
    assert (balance(pilot, one), balance(pilot, other)) == (200, 400)

    signed_by_two(pilot, merge_of(one, other))

    assert (balance(pilot, one), balance(pilot, other)) == (400, 0)
    [merged] = [f for f in facts(pilot, one) if isinstance(f, Learner.Merged)]
    assert merged.duplicate_session_ids == (pilot.session_id,)
    taken_back = [f for f in facts(pilot, Account.create_id(other))
                  if isinstance(f, Account.CreditReversed)]  # fmt: skip
    assert [f.reason_code for f in taken_back] == [ReversalReason.MERGED] * 2
    [limited] = [f for f in facts(pilot, Account.create_id(one))
                 if isinstance(f, Account.CreditLimited)]  # fmt: skip
    assert limited.limits[0].cap_ref == "no_double_credit.same_session"
    assert limited.claim.session_id == pilot.session_id


def facts(pilot: Pilot, stream: UUID) -> list[object]:
    ledger = pilot.book.ledger
    return [ledger.events_mapper.to_domain_event(row)
            for row in ledger.store.select_events(stream)]  # fmt: skip


def test_a_preview_shows_every_hour_and_records_nothing(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    hold(pilot, [one, other])
    before = pilot.book.ledger.position()

    preview = pilot.book.corrections.preview(merge_of(one, other), envelope(LATER))

    hours = {c.learner_id: (c.hours_before, c.hours_after) for c in preview.effects.changes}
    assert hours == {one: (200, 200), other: (200, 0)}
    assert preview.second is Second.COLLEAGUE
    assert pilot.book.ledger.position() == before


def test_a_merge_takes_a_second_person(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    by = envelope(LATER, actor_id=COORDINATOR)
    corrections = pilot.book.corrections
    sha256 = corrections.preview(merge_of(one, other), by).sha256
    proposed = corrections.propose(merge_of(one, other), sha256, by)

    with pytest.raises(NeedsSecondPerson):
        corrections.approve(proposed.id, sha256, envelope(LATER, actor_id=COORDINATOR))
    assert pilot.book.learners.survivor_of(other) == other
    assert proposed.state is State.WAITING


def test_unmerging_right_after_a_merge_restores_every_balance(pilot: Pilot) -> None:
    one, other, third = pilot.learners
    hold(pilot, [one, other, third])
    evening(pilot, 3, [other])
    before = [balance(pilot, each) for each in pilot.learners]
    children = dict(pilot.book.learners.get(other).guardianships)

    signed_by_two(pilot, merge_of(one, other))
    undone = signed_by_two(pilot, parting(one, other))

    assert undone.second is Second.DISTRICT
    assert [balance(pilot, each) for each in pilot.learners] == before
    assert pilot.book.learners.get(other).guardianships == children
    assert pilot.book.learners.survivor_of(other) == other


def test_what_was_earned_under_the_old_record_after_the_merge_goes_back_with_it(
    pilot: Pilot,
) -> None:
    """She was at the session before the merge, and it was attested after it."""
    one, other, _ = pilot.learners
    hold(pilot, [one])
    signed_by_two(pilot, merge_of(one, other))
    key = attendance_id(pilot.session_id, other)
    late = attended_before(pilot, other)
    pilot.book.awards.run(late, ENDS + timedelta(days=7), uuid4())

    assert attendance_id(late, other) != key
    assert (balance(pilot, one), balance(pilot, other)) == (400, 0)
    signed_by_two(pilot, parting(one, other))
    assert (balance(pilot, one), balance(pilot, other)) == (200, 200)


def test_what_the_other_record_s_hours_completed_goes_when_they_part(pilot: Pilot) -> None:
    """In the stage of her own child, and in that of the other record's, where she has none now."""
    year = a_full_year(pilot)
    one, other = with_a_child_in_kindergarten(pilot), year.learner
    completed = {"primary": {2026}, "kindergarten": {2026}}

    signed_by_two(pilot, merge_of(one, other))
    assert years_of(pilot, one) == completed

    signed_by_two(pilot, parting(one, other))
    assert years_of(pilot, one) == {"primary": set(), "kindergarten": set()}
    assert years_of(pilot, other) == {"primary": {2026}}


def with_a_child_in_kindergarten(pilot: Pilot) -> UUID:
    learner = Learner(id=uuid4(), name_commitment="n", envelope=envelope())
    place = Enrolment(
        child_id=uuid4(), school_code=SCHOOL, stage="kindergarten", grade="大班",
        class_group="1班", school_year=2026,
    )  # fmt: skip
    learner.link_child(place.child_id, "51", True, "roster", envelope())
    learner.enrol(place, envelope())
    pilot.book.ledger.save(learner)
    return learner.id


def years_of(pilot: Pilot, learner: UUID) -> dict[str, set[int]]:
    keys = {stage: Evaluation.create_id(learner, stage) for stage in ("primary", "kindergarten")}
    found = {stage: pilot.book.ledger.find(Evaluation, key) for stage, key in keys.items()}
    return {stage: set(each.completed_years) for stage, each in found.items() if each}


def attended_before(pilot: Pilot, learner: UUID) -> UUID:
    """An evening of the others, with an attendance that bears the merged record's id."""
    session_id = evening(pilot, 1, pilot.learners[2:])
    later = timedelta(days=7)
    attendance = Attendance(
        session_id=session_id, learner_id=learner, school_code=SCHOOL, child_ids=(uuid4(),),
        scan_id=uuid4(), envelope=envelope(STARTS + later, Role.PARENT, learner),
    )  # fmt: skip
    attendance.check_out(uuid4(), envelope(ENDS + later, Role.PARENT, learner))
    pilot.book.ledger.save(attendance)
    return session_id


def test_a_scan_by_the_old_device_checks_the_survivor_in(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    signed_by_two(pilot, merge_of(one, other))
    evening(pilot, 1, [other])
    assert (balance(pilot, one), balance(pilot, other)) == (200, 0)


def test_a_chain_of_merges_is_followed_to_its_end(pilot: Pilot) -> None:
    one, other, third = pilot.learners
    hold(pilot, pilot.learners)
    evening(pilot, 1, [one])
    signed_by_two(pilot, merge_of(other, one))
    signed_by_two(pilot, merge_of(third, other))

    assert pilot.book.learners.survivor_of(one) == third
    assert [balance(pilot, each) for each in pilot.learners] == [0, 0, 400]
    evening(pilot, 2, [one])
    assert balance(pilot, third) == 600


def test_the_survivor_is_evaluated_with_the_exams_of_both(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    book = pilot.book
    exam_id = book.exams.publish(SCHOOL, "期末", LATER.date(), envelope(LATER))
    book.exams.enter_results(exam_id, [PaperResult(other, 90)], envelope(LATER))
    book.exams.check_results(exam_id, [PaperResult(other, 90)], envelope(LATER))
    signed_by_two(pilot, merge_of(one, other))

    streams = Streams.of_learners(book.ledger.load, [other])
    learner = book.learners.get(streams.speaker(other))
    record = record_of(streams, learner, "primary", book.rulebooks.version("2026.1"), LATER.date())
    assert [exam.exam_id for exam in record.exams_passed] == [exam_id]
    assert book.ledger.find(Evaluation, Evaluation.create_id(one, "primary")) is not None
    book.awards.evaluate(other, LATER, uuid4())
    assert book.ledger.find(Evaluation, Evaluation.create_id(other, "primary")) is None


def elsewhere(pilot: Pilot) -> UUID:
    """A record at another school alone."""
    [result] = pilot.book.rosters.take(
        Roster("4401040003", 2026), [entry(7)], envelope(), dry_run=False
    )
    assert result.id is not None
    return result.id


def test_records_of_two_schools_are_merged_with_the_district(pilot: Pilot) -> None:
    one = pilot.learners[0]
    order = merge_of(one, elsewhere(pilot))
    assert pilot.book.corrections.preview(order, envelope(LATER)).second is Second.DISTRICT


def refused(pilot: Pilot, order: Order, actor_id: UUID = COORDINATOR) -> type[Refused]:
    before = pilot.book.ledger.position()
    with pytest.raises(Refused) as caught:
        pilot.book.corrections.preview(order, envelope(LATER, actor_id=actor_id))
    assert pilot.book.ledger.position() == before
    return caught.type


def test_a_merge_that_cannot_be_is_refused(pilot: Pilot) -> None:
    one, other, third = pilot.learners
    signed_by_two(pilot, merge_of(one, other))
    assert refused(pilot, merge_of(one, one)) is MergeWithOneself
    assert refused(pilot, merge_of(third, other)) is MergedAlready
    assert refused(pilot, merge_of(one, other)) is NothingToCorrect
    assert refused(pilot, merge_of(one, uuid4())) is UnknownLearner
    assert refused(pilot, merge_of(one, third, school="4401040003")) is UnknownLearner
    assert refused(pilot, parting(one, other, school="4401040003")) is UnknownLearner
    assert refused(pilot, parting(one, third)) is NotMerged


def test_hours_under_verification_are_moved_by_nobody(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    hold(pilot, [one, other])
    hers = account(pilot, other)
    hers.hold(tuple(hers.credits), uuid4(), envelope(LATER))
    pilot.book.ledger.save(hers)
    assert refused(pilot, merge_of(one, other)) is MergeWhileHeld


def test_nobody_merges_or_parts_their_own_record(pilot: Pilot) -> None:
    one, other, third = pilot.learners
    teacher = uuid4()
    pilot.book.registry.register_staff(teacher, envelope(), learner_id=other)
    assert refused(pilot, merge_of(third, other), teacher) is OwnCase
    assert refused(pilot, merge_of(other, third), teacher) is OwnCase
    signed_by_two(pilot, merge_of(one, other))
    assert refused(pilot, parting(one, other), teacher) is OwnCase
    assert refused(pilot, merge_of(one, third), teacher) is OwnCase  # she is that record now
