"""A learner: consents, children and places, each recorded when it is news."""

from __future__ import annotations

from datetime import date
from uuid import NAMESPACE_OID, uuid5

import pytest

from domain.enrolment import Leaving, Places
from domain.learner import Enrolment, Learner
from tests.domain.given import CHEN, by, history, news

CHILD, SECOND = (uuid5(NAMESPACE_OID, name) for name in ("陈小明（示例）", "陈小红（示例）"))


def learner() -> Learner:
    made = Learner(id=CHEN, name_commitment="c0ffee", envelope=by())
    news(made)
    return made


def place(**different: object) -> Enrolment:
    values: dict[str, object] = {
        "child_id": CHILD, "school_code": "4401040001", "stage": "primary", "grade": "三年级",
        "class_group": "2班", "school_year": 2026,
    }  # fmt: skip
    return Enrolment.model_validate(values | different)


def test_a_consent_is_news_once_a_version() -> None:
    parent = learner()
    for version in ("1", "1", "2"):
        parent.consent("records", version, by())
    assert len(news(parent)) == 2
    assert parent.consents == {"records": "2"}


def test_a_consent_is_withdrawn_once_and_may_be_given_again() -> None:
    parent = learner()
    parent.consent("records", "1", by())
    for _ in range(2):
        parent.withdraw_consent("records", by())
    parent.consent("records", "1", by())
    assert [type(event) for event in news(parent)] == [
        Learner.ConsentGiven,
        Learner.ConsentWithdrawn,
        Learner.ConsentGiven,
    ]


def test_a_child_is_linked_once_and_a_changed_relation_is_news() -> None:
    parent = learner()
    for relation, guardian in (("51", True), ("51", True), ("97", False)):
        parent.link_child(CHILD, relation, guardian, "roster", by())
    assert len(news(parent)) == 2
    assert parent.guardianships == {CHILD: ("97", False)}


def test_a_place_is_news_once_and_a_moved_class_again() -> None:
    parent = learner()
    for group in ("2班", "2班", "3班"):
        parent.enrol(place(class_group=group), by())
    assert len(news(parent)) == 2
    assert parent.enrolments[place().key].class_group == "3班"


def test_whoever_is_no_guardian_any_more_takes_part_through_no_place() -> None:
    parent = learner()
    parent.link_child(CHILD, "51", True, "roster", by())
    parent.enrol(place(), by())
    before = parent.enrolments_at("4401040001", 2026)
    for _ in range(2):
        parent.end_guardianship(CHILD, "court_order", by())
    assert before == (place(),)
    assert parent.enrolments_at("4401040001", 2026) == ()
    assert len(news(parent)) == 3


@pytest.mark.parametrize(
    ("school_code", "year", "count"),
    [("4401040001", 2026, 1), ("4401040001", 2025, 0), ("4401040002", 2026, 0)],
)
def test_places_are_of_one_school_and_year(school_code: str, year: int, count: int) -> None:
    parent = learner()
    parent.link_child(CHILD, "51", True, "roster", by())
    parent.enrol(place(), by())
    assert len(parent.enrolments_at(school_code, year)) == count


def test_the_first_places_of_a_stage_are_those_of_its_first_school_year() -> None:
    parent = learner()
    parent.enrol(place(child_id=SECOND, grade="一年级", school_year=2027), by())
    parent.enrol(place(), by())
    parent.enrol(place(child_id=SECOND, stage="kindergarten", grade="大班"), by())

    assert parent.first_places("primary") == (place(),)
    assert parent.first_places("junior") == ()
    assert parent.years_enrolled("primary") == {2026, 2027}


def test_changed_details_say_which_and_never_to_what() -> None:
    parent = learner()
    parent.change_details("decaf", ("phone",), by())
    [changed] = news(parent)
    assert parent.name_commitment == "decaf"
    assert changed.model_dump()["changed"] == ("phone",)


def test_a_learner_is_the_same_after_a_reload() -> None:
    parent = Learner(id=CHEN, name_commitment="c0ffee", envelope=by())
    parent.link_child(CHILD, "51", True, "roster", by())
    parent.enrol(place(), by())
    parent.consent("records", "1", by())
    again = history(news(parent))
    assert again is not None
    assert vars(again) == vars(parent)


def test_a_place_is_taken_from_a_day_on_under_an_id_of_its_own() -> None:
    parent = learner()
    parent.enrol(place(), by(), date(2027, 3, 1))
    [enrolled] = news(parent)
    assert isinstance(enrolled, Learner.Enrolled)
    assert enrolled.begins_on == date(2027, 3, 1)
    assert enrolled.enrolment_id == Places().enrolment_id(CHEN, place().key)


def test_a_place_that_is_forgotten_begins_anew() -> None:
    places, known = Places(), place()
    places.put(known)
    places.ended[known.key] = (date(2027, 3, 1), Leaving.LEFT)
    places.forget([known, place(school_year=2027)])
    assert (dict(places), places.ended) == ({}, {})
