"""Who is meant on a sheet of paper that names class, child, adult and relation, and no number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ledger.children import NamedChild, Places
from ledger.ledger import Ledger
from ledger.records import survivors
from ledger.vault import Vault


@dataclass(frozen=True)
class PaperPerson:
    """A learner as a sheet of paper names one: through the child; the class may lack its grade."""

    row: int
    grades: tuple[str, ...]  # those that the class may belong to
    class_group: str
    child_name: str
    name: str
    relation_code: str


class PaperPersons:
    """The learners of a school that its rosters made known."""

    def __init__(self, ledger: Ledger, vault: Vault, school_code: str, school_year: int) -> None:
        self._ledger = ledger
        self._vault = vault
        self._school_code = school_code
        self._school_year = school_year

    def find(self, persons: Sequence[PaperPerson]) -> dict[int, UUID | str]:
        """Row -> the learner that is meant, by the record that speaks, or the code of the doubt."""
        places = Places(self._vault, (place for each in persons for place in self._places(each)))
        keys = {
            each.row: [
                kin(child_id, each.relation_code, each.name)
                for place in self._places(each)
                for child_id in places.children(place)
            ]
            for each in persons
        }
        known = self._vault.identify("learner_kin", (key for row in keys.values() for key in row))
        now = survivors(self._ledger, known.values())
        return {
            row: the_one({now[known[k]] for k in mine if k in known}) for row, mine in keys.items()
        }

    def _places(self, person: PaperPerson) -> list[str]:
        return [
            NamedChild(
                school_code=self._school_code,
                school_year=self._school_year,
                grade=grade,
                class_group=person.class_group,
                name=person.child_name,
            ).place
            for grade in person.grades
        ]


def kin(child_id: UUID, relation_code: str, name: str) -> str:
    """The look-up value of an adult: their child, how they are related, what they are called."""
    return f"{child_id} {relation_code} {name}"


def the_one(found: set[UUID]) -> UUID | str:
    """The only learner that fits, or why it is not known who is meant."""
    if len(found) > 1:
        return "adult_ambiguous"
    return next(iter(found), "learner_not_found")
