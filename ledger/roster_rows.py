"""What a roster says row by row, laid over the vault, and the look-up keys of its persons."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.enrolment import Enrolment
from domain.relation import RELATIONS
from ledger.children import KnownAs, NamedChild
from ledger.paper_persons import kin

# A child has one of each: another name under the same relation is for a person to decide.
ONE_PER_CHILD = {"51": "father", "52": "mother"}


@dataclass(frozen=True)
class RosterEntry:
    """One row: a child, an adult, and how they belong together."""

    row: int
    grade: str
    stage: str
    class_group: str
    child_name: str
    student_no: str | None
    name: str
    relation_code: str
    phone: str | None
    is_guardian: bool
    relation_is_told: bool = True  # one that is guessed replaces none that is known


@dataclass(frozen=True)
class Roster:
    """The school and school year a roster is of."""

    school_code: str
    school_year: int


@dataclass(frozen=True)
class Match:
    """A row laid over the vault: who the child and the adult are, where they are known."""

    entry: RosterEntry
    child: KnownAs
    learner_id: UUID
    doubt: str | None
    rival: UUID | None = None  # the other record that the row fits as well

    @property
    def tie(self) -> tuple[UUID, UUID]:
        """The adult and the child."""
        return self.learner_id, self.child.child_id


def child_of(roster: Roster, entry: RosterEntry) -> NamedChild:
    return NamedChild(
        school_code=roster.school_code,
        school_year=roster.school_year,
        grade=entry.grade,
        class_group=entry.class_group,
        name=entry.child_name,
        student_no=entry.student_no,
    )


def place_of(roster: Roster, entry: RosterEntry, child_id: UUID) -> Enrolment:
    return Enrolment(
        child_id=child_id, school_code=roster.school_code, stage=entry.stage, grade=entry.grade,
        class_group=entry.class_group, school_year=roster.school_year,
    )  # fmt: skip


def phone_key(entry: RosterEntry) -> str:
    """Father and son may share a phone: the name belongs to the key."""
    return f"{entry.phone} {entry.name}" if entry.phone else ""


def kin_key(child_id: UUID, entry: RosterEntry) -> str:
    return kin(child_id, entry.relation_code, entry.name)


def kin_keys(child_id: UUID, entry: RosterEntry) -> list[str]:
    """Under which relations a person may be known: where none is told, under any."""
    others = () if entry.relation_is_told else RELATIONS
    return [kin_key(child_id, entry), *(kin(child_id, r.code, entry.name) for r in others)]


def relation_key(child_id: UUID, entry: RosterEntry) -> str:
    return f"{child_id} {entry.relation_code}"
