"""The roster: children's places in classes, the adults who learn through them, their consents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString
from uuid import UUID

from domain.calendar import Term
from domain.learner import Learner
from projections.classes import COUNTS, NAMES, ClassCount, ClassName, class_order
from projections.database import Tx, Views
from projections.feed import Fact
from projections.roster_rows import (
    CONSENT,
    LEARNER,
    TABLES,
    Consent,
    Families,
    LearnerRow,
    places_on,
)
from projections.table import Fold

_PLACES: LiteralString = """
SELECT learner_id, child_id, school_code, school_year, grade, class_group, stage,
       relation_code, is_guardian, basis, begins_on, ended_on, end_reason
  FROM roster_place WHERE relation_code IS NOT NULL
"""
# On the last of all days are those that stand.
_ON_THE_DAY: LiteralString = (
    places_on("%(on)s") + " AND p.school_code = %(school)s AND p.school_year = %(year)s"
)
_STANDING: LiteralString = (
    """
SELECT p.learner_id, p.child_id, school_code, school_year, grade, class_group, stage,
       coalesce(p.relation_code, f.relation_code) AS relation_code,
       coalesce(p.is_guardian, f.is_guardian) AS is_guardian,
       coalesce(p.basis, f.basis) AS basis, p.begins_on, p.ended_on, p.end_reason
"""
    + _ON_THE_DAY
)
_OF_CLASS: LiteralString = " AND grade = %(grade)s AND class_group = %(class_group)s"
_BY_CHILD: LiteralString = " ORDER BY p.child_id, relation_code, p.learner_id"
_PLACES_IN = _STANDING + _BY_CHILD
_CLASS_LIST = _STANDING + _OF_CLASS + _BY_CHILD
_NEWEST: LiteralString = " ORDER BY school_year DESC, ended_on IS NOT NULL, "
_PLACES_OF = _PLACES + " AND learner_id = %(learner)s" + _NEWEST + "school_code, child_id"
# Where a person belongs: places of a tie that stands come before those of one that ended, of these
# the newest year, of it what stands. Whoever has no tie any more belongs to their last school.
BELONGS: LiteralString = """
NOT EXISTS (SELECT FROM roster_place o WHERE o.learner_id = p.learner_id
   AND (o.relation_code IS NOT NULL, o.school_year, o.ended_on IS NULL)
     > (p.relation_code IS NOT NULL, p.school_year, p.ended_on IS NULL))
"""
_PLACED: LiteralString = """
SELECT learner_id, child_id, school_code, school_year, grade, class_group, stage,
       coalesce(relation_code, '') AS relation_code, coalesce(is_guardian, false) AS is_guardian,
       coalesce(basis, '') AS basis, ended_on
  FROM roster_place p WHERE """
_BELONGING = _PLACED + BELONGS
_BELONGING_OF = _BELONGING + " AND learner_id = %(learner)s ORDER BY school_code, child_id"
_BELONGING_AT = _BELONGING + " AND school_code = ANY(%(schools)s) ORDER BY learner_id, child_id"
_CHILDREN_EVER: LiteralString = """
SELECT DISTINCT child_id FROM roster_place WHERE learner_id = ANY(%(learners)s) ORDER BY child_id
"""
_GUARDIANS_OF = _PLACES + " AND child_id = %(child)s" + _NEWEST + "relation_code, learner_id"
_GONE: LiteralString = """
   AND school_code = %(school)s AND school_year = %(year)s AND ended_on IS NOT NULL
   AND NOT EXISTS (SELECT FROM roster_place now
                    WHERE now.child_id = roster_place.child_id AND now.ended_on IS NULL
                      AND now.school_year >= roster_place.school_year
                      AND now.relation_code IS NOT NULL)
 ORDER BY ended_on DESC, child_id, relation_code, learner_id
"""
_LEFT = _PLACES + _GONE
# A tie that stands before one that ended, of these the last.
_TIES_OF: LiteralString = """
SELECT DISTINCT ON (p.learner_id) p.learner_id, p.child_id, p.grade, p.class_group,
       coalesce(p.relation_code, f.relation_code, '') AS relation_code,
       CASE WHEN p.relation_code IS NULL THEN f.ended_on END AS tie_ended_on
  FROM roster_place p LEFT JOIN roster_former_tie f USING (learner_id, child_id)
 WHERE p.learner_id = ANY(%(learners)s) AND school_code = %(school)s AND school_year = %(year)s
 ORDER BY p.learner_id, p.relation_code IS NULL, p.ended_on IS NOT NULL,
       f.ended_on DESC NULLS LAST, p.child_id
"""
# The ties of a span of days, also those that ended in it or since; one entered in error never was.
_TIES_IN: LiteralString = """
SELECT DISTINCT ON (p.learner_id, grade, class_group, p.child_id)
       p.learner_id, p.child_id, grade, class_group,
       coalesce(p.relation_code, f.relation_code) AS relation_code,
       CASE WHEN p.relation_code IS NULL THEN f.ended_on END AS tie_ended_on
  FROM roster_place p LEFT JOIN roster_former_tie f
    ON f.learner_id = p.learner_id AND f.child_id = p.child_id
   AND f.reason_code <> 'entered_in_error' AND f.ended_on > %(begins)s
 WHERE p.learner_id = ANY(%(learners)s) AND school_code = %(school)s AND school_year = %(year)s
   AND coalesce(p.relation_code, f.relation_code) IS NOT NULL
   AND (p.begins_on IS NULL OR p.begins_on <= %(ends)s)
   AND (p.ended_on IS NULL OR p.ended_on > %(begins)s)
 ORDER BY p.learner_id, grade, class_group, p.child_id, p.relation_code IS NULL,
       p.ended_on IS NOT NULL, f.ended_on DESC NULLS LAST
"""
_LEARNERS: LiteralString = "SELECT DISTINCT p.learner_id" + _ON_THE_DAY + " ORDER BY p.learner_id"
_EVER: LiteralString = """
SELECT DISTINCT learner_id FROM roster_place
 WHERE school_code = %(school)s AND school_year = %(year)s
 ORDER BY learner_id
"""
_CONSENTS: LiteralString = """
SELECT DISTINCT ON (purpose) %(learner)s::uuid AS learner_id, purpose, notice_version, given_at
  FROM roster_consent
 WHERE learner_id = ANY(ARRAY(SELECT %(learner)s::uuid UNION ALL
       SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s))
 ORDER BY purpose, given_at DESC
"""
_REGISTERED: LiteralString = "SELECT 1 FROM roster_learner WHERE learner_id = %(learner)s"


@dataclass(frozen=True, slots=True)
class Place:
    """A learner's place through a child, for as long as the guardianship stands.

    `begins_on`: the child came late, on that day; `ended_on`: it has left the school since then.
    """

    learner_id: UUID
    child_id: UUID
    school_code: str
    school_year: int
    grade: str
    class_group: str
    stage: str
    relation_code: str
    is_guardian: bool
    basis: str
    begins_on: date | None = None
    ended_on: date | None = None
    end_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Through which child of which class a learner belongs to a school, or did until a day."""

    learner_id: UUID
    child_id: UUID
    grade: str
    class_group: str
    relation_code: str
    tie_ended_on: date | None


class Roster:
    name = "roster"
    version = 4
    tables = (
        "roster_learner",
        "roster_place",
        "roster_guardianship",
        "roster_former_tie",
        "roster_consent",
    )
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Learner.Registered.TOPIC,
            Learner.ConsentGiven.TOPIC,
            Learner.ConsentWithdrawn.TOPIC,
            Learner.GuardianshipLinked.TOPIC,
            Learner.GuardianshipEnded.TOPIC,
            Learner.Enrolled.TOPIC,
            Learner.EnrolmentEnded.TOPIC,
            Learner.Unmerged.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        learners, consents = Fold(tx, LEARNER, facts), Fold(tx, CONSENT, facts)
        families = Families.of(tx, facts)
        for fact in facts:
            me = fact.stream
            families.follow(me, fact.event)
            match fact.event:
                case Learner.Registered():
                    learners.put(LearnerRow(me, fact.at))
                case Learner.ConsentGiven(purpose=purpose, notice_version=notice):
                    consents.put(Consent(me, purpose, notice, fact.at))
                case Learner.ConsentWithdrawn(purpose=purpose):
                    consents.drop(me, purpose)
                case _:
                    pass
        for each in (learners, families, consents):
            each.save()

    def places_in(self, school_code: str, school_year: int, on: date = date.max) -> list[Place]:
        """Every place of a school in a year that stands; with a day, that stood on it."""
        return self._views.rows(Place, _PLACES_IN, school=school_code, year=school_year, on=on)

    def left_in(self, school_code: str, school_year: int) -> list[Place]:
        """The places of children who left in a year and are at no school now, the last first."""
        return self._views.rows(Place, _LEFT, school=school_code, year=school_year)

    def class_list(
        self, school_code: str, school_year: int, grade: str, class_group: str, on: date = date.max
    ) -> list[Place]:
        """A class: each child once an adult who learns; with a day, as it was on that day."""
        of_class = {"grade": grade, "class_group": class_group, "on": on}
        return self._views.rows(
            Place, _CLASS_LIST, school=school_code, year=school_year, **of_class
        )

    def places_by_class(
        self,
        school_code: str,
        school_year: int,
        grades: Collection[str] = (),
        on: date = date.max,
    ) -> dict[ClassName, list[Place]]:
        """The class list of every class of some grades, or of all; some are empty."""
        classes = self.classes(school_code, school_year, grades)
        lists: dict[ClassName, list[Place]] = {each: [] for each in classes}
        for place in self.places_in(school_code, school_year, on):
            if (found := lists.get(ClassName(place.grade, place.class_group))) is not None:
                found.append(place)
        return lists

    def classes(
        self, school_code: str, school_year: int, grades: Collection[str] = ()
    ) -> list[ClassName]:
        """Every class of some grades, or of all: what was opened or has children, in its order."""
        found = self._views.rows(ClassName, NAMES, school=school_code, year=school_year)
        return sorted((e for e in found if not grades or e.grade in grades), key=class_order)

    def classes_with_counts(self, school_code: str, school_year: int) -> list[ClassCount]:
        """The same of all grades, and how many are in each."""
        found = self._views.rows(ClassCount, COUNTS, school=school_code, year=school_year)
        return sorted(found, key=class_order)

    def learners_of(self, school_code: str, school_year: int, on: date = date.max) -> list[UUID]:
        """Whose child has not left the school; with a day, whose child had not by then."""
        return self._views.cells(_LEARNERS, school=school_code, year=school_year, on=on)

    def learners_ever_of(self, school_code: str, school_year: int) -> list[UUID]:
        """Whoever had a place then, though child or tie has gone; merged records, too."""
        return self._views.cells(_EVER, school=school_code, year=school_year)

    def places_of(self, learner_id: UUID) -> list[Place]:
        """A learner's places, the newest school year first."""
        return self._views.rows(Place, _PLACES_OF, learner=learner_id)

    def last_places_of(self, learner_id: UUID) -> list[Place]:
        """Where a learner belongs: today's places or, where every tie has ended, the last ones.

        Of a tie that ended it is not said what it was.
        """
        return self._views.rows(Place, _BELONGING_OF, learner=learner_id)

    def belonging_to(self, school_codes: Collection[str]) -> list[Place]:
        """The same of everybody who belongs to one of these schools, gone or not."""
        return self._views.rows(Place, _BELONGING_AT, schools=list(school_codes))

    def children_ever_of(self, learner_ids: Collection[UUID]) -> list[UUID]:
        """Every child through whom one of these had a place, though child or tie has gone."""
        return self._views.cells(_CHILDREN_EVER, learners=list(learner_ids))

    def ties_of(
        self, learner_ids: Collection[UUID], school_code: str, school_year: int
    ) -> list[Tie]:
        """One tie of each of these learners at a school in a year, also one that has ended."""
        where = {"school": school_code, "year": school_year}
        return self._views.rows(Tie, _TIES_OF, learners=list(learner_ids), **where)

    def ties_in(self, learner_ids: Collection[UUID], school_code: str, term: Term) -> list[Tie]:
        """A tie of each of these learners to each child of a term's classes, also an ended one."""
        where = {"school": school_code, "year": term.school_year}
        span = {"begins": term.begins, "ends": term.ends}
        return self._views.rows(Tie, _TIES_IN, learners=list(learner_ids), **where, **span)

    def guardians_of(self, child_id: UUID) -> list[Place]:
        """The adults who learn through a child."""
        return self._views.rows(Place, _GUARDIANS_OF, child=child_id)

    def consents_of(self, learner_id: UUID) -> list[Consent]:
        """What a learner has consented to under any record and not withdrawn, last of each."""
        return self._views.rows(Consent, _CONSENTS, learner=learner_id)

    def is_registered(self, learner_id: UUID) -> bool:
        return bool(self._views.cells(_REGISTERED, learner=learner_id))
