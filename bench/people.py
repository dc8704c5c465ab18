"""The families and the staff of an invented institution: ids, names and commitments from a seed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from bench.district import SCHOOL_YEAR, Institution
from domain.envelope import Envelope, Role
from domain.identity import derived
from domain.learner import Enrolment, Learner
from ledger.vault import Entry, commitment

ONE_IN = 20  # so many families have a second child here
SURNAMES = "陈李王张刘黄林何梁罗郑谢冯邓曾"
GIVEN = "明华英建丽敏静强磊洋艳勇军杰娟涛超秀霞平"
MOTHER, FATHER = "52", "51"
AT_WORK = (Role.HOST, Role.COORDINATOR, Role.HEAD, Role.CLASS_TEACHER)


@dataclass(frozen=True)
class Family:
    """One adult and one or two children. Nobody of them lives anywhere."""

    seed: int
    place: Institution
    number: int

    @property
    def learner_id(self) -> UUID:
        return self._id("learner")

    @property
    def name(self) -> str:
        return f"（示例）{self._of(SURNAMES, 1)}{self._of(GIVEN, 3)}{self._of(GIVEN, 7)}"

    @property
    def salt(self) -> str:
        return hashlib.sha256(self._id("salt").bytes).hexdigest()

    @property
    def children(self) -> list[UUID]:
        count = 2 if self.number % ONE_IN == 0 else 1
        return [self._id(f"child {number}") for number in range(count)]

    def enrolled(self, by: Envelope) -> Learner:
        """Registered, linked and enrolled, as a roster does it."""
        learner = Learner(
            id=self.learner_id, name_commitment=commitment(self.salt, self.name), envelope=by
        )
        relation = MOTHER if self.number % 3 else FATHER
        grades = self.place.grades
        for number, child_id in enumerate(self.children):
            learner.link_child(child_id, relation, True, "roster", by)
            place = Enrolment(
                child_id=child_id,
                school_code=self.place.school_code,
                stage=self.place.stage.value,
                grade=grades[(self.number + number) % len(grades)],
                class_group="1班",
                school_year=SCHOOL_YEAR,
            )
            learner.enrol(place, by)
        return learner

    @property
    def entries(self) -> list[Entry]:
        """What a vault would hold of them."""
        adult = Entry(self.learner_id, "learner", {"name": self.name, "salt": self.salt})
        given = self._of(GIVEN, 11)
        surname = self._of(SURNAMES, 1)
        return [
            adult,
            *(Entry(c, "child", {"name": f"（示例）{surname}小{given}"}) for c in self.children),
        ]

    def _id(self, what: str) -> UUID:
        return derived("district", self.seed, self.place.school_code, what, self.number)

    def _of(self, letters: str, step: int) -> str:
        return letters[(self.learner_id.int // step + self.number) % len(letters)]


def families(seed: int, place: Institution, count: int) -> list[Family]:
    return [Family(seed, place, number) for number in range(count)]


def staff_id_of(seed: int, place: Institution, role: Role) -> UUID:
    return derived("district", seed, place.school_code, "staff", role.value)
