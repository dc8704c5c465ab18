"""The register and a learner's own affairs: unknown names are refused, known ones are no news."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from domain.calendar import Term
from domain.districts import UnknownDistrict
from domain.envelope import Role
from domain.learner import UnknownLearner
from domain.refusals import Refused
from domain.school import School, UnknownSchool
from domain.staff import LinkedOtherwise
from ledger.book import Book
from ledger.registry import NewSchool, RegisteredOtherwise, UnknownStaff, UnknownTerm
from tests.acting import DISTRICT, SCHOOL, Pilot, envelope

FROM, UNTIL = date(2026, 9, 1), date(2027, 8, 31)


def test_what_is_registered_already_is_no_news(pilot: Pilot) -> None:
    registry, staff = pilot.book.registry, uuid4()
    registry.register_staff(staff, envelope())
    registry.authorise(staff, Role.HOST, SCHOOL, FROM, UNTIL, envelope())
    position = pilot.book.ledger.position()

    school = NewSchool(SCHOOL, "示例小学", ("primary",), DISTRICT, established_on=FROM)
    term = Term(school_year=2026, term_no=1, begins=FROM, ends=date(2027, 2, 21))
    for again in (
        registry.register_school(school, envelope()),
        registry.open_classes(SCHOOL, 2026, [("三年级", "2班")], envelope()),
        registry.open_term(term, envelope()),
        registry.register_staff(staff, envelope()),
        registry.authorise(staff, Role.HOST, SCHOOL, FROM, UNTIL, envelope()),
    ):
        assert again == position


def test_a_school_may_be_registered_before_its_parent_school(book: Book) -> None:
    school = NewSchool(SCHOOL, "示例小学", ("primary",), DISTRICT)
    book.registry.register_school(school, envelope())
    assert book.registry.school(SCHOOL).established_on is None


def test_a_school_lies_in_a_district_of_the_city(book: Book) -> None:
    position = book.ledger.position()
    with pytest.raises(UnknownDistrict):
        book.registry.register_school(
            NewSchool(SCHOOL, "示例小学", ("primary",), "440119"), envelope()
        )
    assert book.ledger.position() == position


def test_a_school_of_a_district_that_was_mistyped_before_goes_on(book: Book) -> None:
    old = School(SCHOOL, "示例小学", ("primary",), "440119", "district", envelope())
    book.ledger.commit(uuid4(), lambda: [old])
    school = NewSchool(SCHOOL, "示例小学", ("primary",), "440119", established_on=FROM)

    book.registry.register_school(school, envelope())

    assert book.registry.school(SCHOOL).established_on == FROM


def test_a_grant_ends(pilot: Pilot) -> None:
    registry, staff = pilot.book.registry, uuid4()
    registry.register_staff(staff, envelope())
    registry.authorise(staff, Role.HOST, SCHOOL, FROM, UNTIL, envelope())
    registry.end_authority(staff, Role.HOST, SCHOOL, FROM, "left", envelope())
    assert registry.staff(staff).grants == {}


def test_a_person_registered_before_they_were_a_parent_is_linked_later(pilot: Pilot) -> None:
    registry, staff, (learner, other, *_) = pilot.book.registry, uuid4(), pilot.learners
    registry.register_staff(staff, envelope())
    with pytest.raises(UnknownLearner):
        registry.link_staff(staff, uuid4(), envelope())

    position = registry.link_staff(staff, learner, envelope())

    assert registry.staff(staff).learner_id == learner
    assert registry.link_staff(staff, learner, envelope()) == position
    with pytest.raises(LinkedOtherwise):
        registry.link_staff(staff, other, envelope())


def test_registering_again_with_a_learner_links_and_is_not_swallowed(pilot: Pilot) -> None:
    registry, staff = pilot.book.registry, uuid4()
    registry.register_staff(staff, envelope())
    registry.register_staff(staff, envelope(), learner_id=pilot.learners[0])
    assert registry.staff(staff).learner_id == pilot.learners[0]


def test_a_term_is_what_the_city_opened(pilot: Pilot) -> None:
    assert pilot.book.registry.term(2026, 1).begins == FROM
    with pytest.raises(UnknownTerm):
        pilot.book.registry.term(2026, 2)


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (lambda b: b.registry.open_classes("0000000000", 2026, [], envelope()), UnknownSchool),
        (lambda b: b.registry.authorise(uuid4(), Role.HOST, SCHOOL, FROM, UNTIL, envelope()),
         UnknownStaff),
        (lambda b: b.registry.end_authority(uuid4(), Role.HOST, SCHOOL, FROM, "left", envelope()),
         UnknownStaff),
        (lambda b: b.registry.end_every_authority(uuid4(), FROM, "left", envelope()), UnknownStaff),
        (lambda b: b.registry.link_staff(uuid4(), uuid4(), envelope()), UnknownStaff),
        (lambda b: b.learners.consent(uuid4(), "records", "1", envelope()), UnknownLearner),
    ],
)  # fmt: skip
def test_nothing_is_recorded_of_whoever_is_unknown(
    pilot: Pilot, command: Callable[[Book], int], refusal: type[Refused]
) -> None:
    position = pilot.book.ledger.position()
    with pytest.raises(refusal):
        command(pilot.book)
    assert pilot.book.ledger.position() == position


def test_a_consent_is_recorded_once_a_version(pilot: Pilot) -> None:
    learners, learner = pilot.book.learners, pilot.learners[0]
    position = learners.consent(learner, "records", "1", envelope())
    assert learners.consent(learner, "records", "1", envelope()) == position
    assert learners.get(learner).consents == {"records": "1"}


def test_other_particulars_under_a_known_name_are_refused_not_swallowed(pilot: Pilot) -> None:
    registry = pilot.book.registry
    other_name = NewSchool(SCHOOL, "示例二小", ("primary",), DISTRICT)
    other_dates = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 28))

    with pytest.raises(RegisteredOtherwise):
        registry.register_school(other_name, envelope())
    with pytest.raises(RegisteredOtherwise):
        registry.open_term(other_dates, envelope())
