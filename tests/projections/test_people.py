"""Households, places that end, one person of two records: what the read side makes of people."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from domain.correction import MergeOrder, Order, UnmergeOrder
from domain.custody import CustodyReason
from domain.envelope import Role
from domain.like_pair import LikePair
from domain.merging import Evidence
from ledger.plans import Filing
from ledger.roster import Roster
from ledger.transfers import NewClass, Pupil
from projections.closings import YearResults
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import ENDS, SCHOOL, Pilot, entry, envelope, planned
from tests.ledger_evening import hold
from tests.projections.term import Term

PANYU = "4401130001"
MARCH = date(2027, 3, 1)
IN_MARCH = datetime(2027, 3, 8, 2, 0, tzinfo=ENDS.tzinfo)
LATER = ENDS + timedelta(days=200)


def reached(models: ReadModels, on: date | None = None) -> dict[tuple[str, str], tuple[int, int]]:
    found = models.coverage.households_reached(SCHOOL, 2026, on=on)
    return {(each.grade, each.class_group): (each.households, each.reached) for each in found}


def child_of(pilot: Pilot, learner: UUID) -> UUID:
    return next(iter(pilot.book.learners.get(learner).guardianships))


def signed(pilot: Pilot, order: Order) -> None:
    corrections, by = pilot.book.corrections, envelope(LATER)
    sha256 = corrections.preview(order, by).sha256
    proposed = corrections.propose(order, sha256, by)
    corrections.approve(proposed.id, sha256, envelope(LATER, Role.HEAD))


def merge_of(survivor: UUID, merged: UUID, school: str = SCHOOL) -> MergeOrder:
    return MergeOrder(
        school_code=school, survivor_id=survivor, merged_id=merged, evidence=Evidence.SAME_PHONE
    )


def test_worked_example_3_two_children_one_credit_and_two_households(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    """A mother with children in grades 1 and 3, both invited: 2.0 once; +1 in each class."""
    book, mother = pilot.book, pilot.learners[0]
    second = entry(20, grade="一年级", class_group="1班", name=entry(2).name, phone=entry(2).phone)
    book.rosters.take(Roster(SCHOOL, 2026), [second], envelope(), dry_run=False)
    book.sessions.cancel(pilot.session_id, "moved", envelope())
    plan = planned("两个年级", grades=("一年级", "三年级"), place="操场")
    [filed] = book.plans.file(Filing(SCHOOL, 2026, 1), [plan], envelope(), dry_run=False)
    assert filed.id is not None
    pilot.session_id = filed.id
    hold(pilot, [mother])
    projector.catch_up()

    assert models.accounts.balance(mother) == 200
    assert reached(models) == {("一年级", "1班"): (1, 1), ("三年级", "2班"): (3, 1)}


def test_a_session_that_nobody_attested_reaches_no_household(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    projector.catch_up()
    assert reached(models) == {("三年级", "2班"): (3, 0)}
    assert models.coverage.households_reached(SCHOOL, 2026, term_no=2)[0].reached == 0


def test_worked_example_9_a_child_transfers_in_march(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    """The balance and the old school's term stay; the new school's denominator grows in March."""
    mother = pilot.learners[0]
    hold(pilot, pilot.learners[:1])
    projector.catch_up()
    before = reached(models, on=MARCH - timedelta(days=1))

    move(pilot, mother)
    projector.catch_up()

    assert models.accounts.balance(mother) == 200
    assert reached(models, on=MARCH - timedelta(days=1)) == before == {("三年级", "2班"): (3, 1)}
    assert reached(models) == reached(models, on=MARCH) == {("三年级", "2班"): (2, 0)}
    new = models.coverage.households_reached
    assert new(PANYU, 2026, on=MARCH - timedelta(days=1)) == []
    assert [(each.class_group, each.households) for each in new(PANYU, 2026, on=MARCH)] == [
        ("1班", 1)
    ]


def move(pilot: Pilot, mother: UUID, child: UUID | None = None) -> None:
    pupil = Pupil(child or child_of(pilot, mother), SCHOOL, 2026, [mother])
    transfers = pilot.book.transfers
    transfer_id = transfers.announce(pupil, MARCH, PANYU, envelope(IN_MARCH))
    transfers.claim(transfer_id, NewClass(PANYU, "primary", "三年级", "1班"), envelope(IN_MARCH))
    transfers.confirm(transfer_id, [mother], envelope(IN_MARCH))


def parted(pilot: Pilot, father: UUID) -> None:
    """Nobody takes part through this child beside its mother any more."""
    child, by = child_of(pilot, father), envelope(actor_id=uuid4())
    pilot.book.custody.propose(father, child, CustodyReason.CARE_ENDED, by)
    pilot.book.custody.confirm(father, child, envelope(actor_id=uuid4()))


def mother_beside(pilot: Pilot) -> UUID:
    """Of the first learner's child, by the school's roster."""
    row = entry(2, name="（示例）林月", relation_code="52", phone="10099990000")
    [told] = pilot.book.rosters.take(Roster(SCHOOL, 2026), [row], envelope(), dry_run=False)
    assert told.id is not None
    return told.id


def test_a_child_moves_with_whoever_still_speaks_for_it(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    mother = mother_beside(pilot)
    parted(pilot, pilot.learners[0])
    projector.catch_up()
    assert reached(models) == {("三年级", "2班"): (3, 0)}

    move(pilot, mother)
    projector.catch_up()
    assert reached(models, on=MARCH - timedelta(days=1)) == {("三年级", "2班"): (3, 0)}
    assert reached(models) == reached(models, on=MARCH) == {("三年级", "2班"): (2, 0)}


def test_a_child_moves_with_the_record_that_speaks_after_a_merge(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    merged, survivor, _ = pilot.learners
    child = child_of(pilot, merged)
    signed(pilot, merge_of(survivor, merged))
    move(pilot, survivor, child)
    projector.catch_up()
    assert reached(models, on=MARCH - timedelta(days=1)) == {("三年级", "2班"): (3, 0)}
    assert reached(models) == reached(models, on=MARCH) == {("三年级", "2班"): (2, 0)}


def test_a_merge_takes_no_child_to_a_school_before_its_move(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    merged, survivor, _ = pilot.learners
    move(pilot, merged)
    signed(pilot, merge_of(survivor, merged))
    projector.catch_up()
    at_the_new_one = models.coverage.households_reached
    assert at_the_new_one(PANYU, 2026, on=MARCH - timedelta(days=1)) == []
    assert [each.households for each in at_the_new_one(PANYU, 2026, on=MARCH)] == [1]


def test_another_class_of_the_new_school_leaves_the_day_of_the_move(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    move(pilot, pilot.learners[0])
    for class_group in ("1班", "2班"):
        row = entry(2, class_group=class_group, student_no="77001")
        pilot.book.rosters.take(Roster(PANYU, 2026), [row], envelope(IN_MARCH), dry_run=False)
        projector.catch_up()
    at_the_new_one = models.coverage.households_reached
    assert at_the_new_one(PANYU, 2026, on=MARCH - timedelta(days=1)) == []
    assert [each.class_group for each in at_the_new_one(PANYU, 2026, on=MARCH)] == ["2班"]


def test_a_child_for_whom_nobody_speaks_is_still_at_its_school(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    parted(pilot, pilot.learners[0])
    projector.catch_up()
    assert reached(models) == reached(models, on=MARCH) == {("三年级", "2班"): (3, 0)}


def test_who_left_is_on_no_list_of_the_old_school_and_on_the_new_ones(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    mother = pilot.learners[0]
    move(pilot, mother)
    projector.catch_up()

    assert mother not in models.roster.learners_of(SCHOOL, 2026)
    assert models.roster.learners_of(PANYU, 2026) == [mother]
    assert len(models.roster.class_list(SCHOOL, 2026, "三年级", "2班")) == 2
    now, before = models.roster.places_of(mother)
    assert (now.school_code, now.ended_on) == (PANYU, None)
    assert (before.school_code, before.ended_on) == (SCHOOL, MARCH)
    [row] = models.transfers.of_school(SCHOOL)
    assert (row.state, row.announced_to, row.class_group) == ("confirmed", PANYU, "1班")
    assert models.transfers.open_of([row.child_id]) == []


def test_a_withdrawn_transfer_is_on_its_way_no_more(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    pupil = Pupil(child_of(pilot, pilot.learners[0]), SCHOOL, 2026, pilot.learners[:1])
    transfer_id = pilot.book.transfers.announce(pupil, MARCH, None, envelope())
    projector.catch_up()
    assert len(models.transfers.open_of([pupil.child_id])) == 1
    pilot.book.transfers.withdraw(transfer_id, envelope())
    projector.catch_up()
    assert models.transfers.open_of([pupil.child_id]) == []


def test_merged_records_are_read_as_one_person_and_parted_again(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    pilot = term.pilot
    one, other, third = pilot.learners
    projector.catch_up()
    both = [len(models.certificates.certificates_of_learner(each)) for each in (one, other)]
    attended = len(models.attendances.attendances_of(other))

    signed(pilot, merge_of(third, other))
    signed(pilot, merge_of(one, third))
    projector.catch_up()

    assert len(models.certificates.certificates_of_learner(one)) >= sum(both)
    assert len(models.attendances.attendances_of(one)) > attended
    assert {line.originator_id for line in models.history.history(one)} >= {one, other, third}
    assert models.roster.learners_of(SCHOOL, 2026) == [one]
    assert [m.speaker_id for m in models.one_person.merges_of(other)] == [one]

    signed(pilot, UnmergeOrder(school_code=SCHOOL, survivor_id=one, merged_id=third))
    projector.catch_up()
    assert {m.speaker_id for m in models.one_person.merges_of(other)} == {third}
    assert len(models.roster.learners_of(SCHOOL, 2026)) == 2
    assert other not in {line.originator_id for line in models.history.history(one)}
    assert models.one_person.told_apart([one]) == {frozenset((one, third))}  # not asked again


def test_a_person_of_two_records_is_enrolled_and_completes_a_year_once(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    survivor, merged, other = term.pilot.learners
    for learner in (survivor, merged):
        term.complete(learner)
    projector.catch_up()
    assert models.closings.results_of(SCHOOL, 2026) == YearResults(enrolled=3, completed=2)

    signed(term.pilot, merge_of(survivor, merged))
    projector.catch_up()
    assert models.closings.results_of(SCHOOL, 2026) == YearResults(enrolled=2, completed=1)

    signed(term.pilot, merge_of(other, survivor))
    projector.catch_up()
    assert models.closings.results_of(SCHOOL, 2026) == YearResults(enrolled=1, completed=1)


def test_a_pair_that_was_told_apart_is_remembered(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    one, other, third = sorted(pilot.learners)
    pilot.book.ledger.save(LikePair(learner_ids=(one, other), envelope=envelope()))
    projector.catch_up()
    assert models.one_person.told_apart([one]) == {frozenset((one, other))}
    assert models.one_person.told_apart([third]) == set()


def test_a_proposal_waits_at_the_childs_school_until_it_is_decided(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    father, custody = pilot.learners[0], pilot.book.custody
    child = child_of(pilot, father)
    custody.propose(father, child, CustodyReason.CARE_ENDED, envelope(actor_id=uuid4()))
    projector.catch_up()
    [waiting] = models.custody.waiting_at(SCHOOL)
    assert (waiting.learner_id, waiting.reason_code) == (father, "care_ended")
    assert models.custody.waiting_at(PANYU) == []

    custody.confirm(father, child, envelope(actor_id=uuid4()))
    projector.catch_up()
    assert models.custody.waiting_at(SCHOOL) == []
    assert models.roster.places_of(father) == []
