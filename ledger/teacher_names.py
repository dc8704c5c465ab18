"""Which teacher is meant: by the school's own staff number, or else by school and name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from domain.refusals import Refused
from domain.teacher import Teacher
from ledger.children import Key, Places
from ledger.ledger import Ledger
from ledger.vault import Vault

# Teachers of one name at one school: a fourth is told apart by the staff number alone.
NAMESAKES = ("teacher_place", "teacher_place_2", "teacher_place_3")
NUMBER = "teacher_number"


class StaffNumberTaken(Refused):
    """The school has that staff number for a teacher of another name."""

    code = "teacher_number_taken"


class TeacherAmbiguous(Refused):
    """Several teachers of the school have that name: the staff number tells them apart."""

    code = "teacher_ambiguous"


@dataclass(frozen=True)
class NamedTeacher:
    """A teacher as paper names one."""

    school_code: str
    name: str
    staff_no: str | None = None

    @property
    def place(self) -> str:
        return f"{self.school_code} {self.name}"

    @property
    def number(self) -> str:
        return f"{self.school_code} {self.staff_no}"


@dataclass(frozen=True)
class KnownTeacher:
    """Who is meant, and the look-up keys they are found by from now on; or why it is not known."""

    teacher_id: UUID
    keys: tuple[Key, ...] = ()
    doubt: type[Refused] | None = None


class TeacherNames:
    """The teachers of one list, found or new."""

    def __init__(self, ledger: Ledger, vault: Vault, named: Sequence[NamedTeacher]) -> None:
        numbers = (each.number for each in named if each.staff_no)
        # Numbers were kept as they were typed, before all were written large.
        self._by_number = vault.identify(NUMBER, (w for n in numbers for w in (n, n.lower())))
        self._places = Places(vault, (each.place for each in named), NAMESAKES)
        known = self._places.everybody() | set(self._by_number.values())
        held = vault.open(known)
        self._names = {key: subject.name for key, subject in held.items()}
        self._numbers = {key: subject.fields.get("staff_no") for key, subject in held.items()}
        self._services = {
            key: each.services
            for key, each in ledger.load(known).items()
            if isinstance(each, Teacher)
        }

    def known_as(self, named: NamedTeacher, since: date | None = None) -> KnownTeacher:
        """The teacher that is meant, a new one where nobody fits; `since`: in service from."""
        return self._numbered(named, since) if named.staff_no else self._by_name(named)

    def seat(self, named: NamedTeacher, teacher_id: UUID) -> tuple[Key, ...]:
        """The keys by which somebody who is known already is found under that name."""
        return self._places.seat(named.place, teacher_id)

    def _numbered(self, named: NamedTeacher, since: date | None) -> KnownTeacher:
        known = self._by_number.get(named.number) or self._by_number.get(named.number.lower())
        known = known or self._called_so(named)
        if known is not None and self._names.get(known, named.name) != named.name:
            return KnownTeacher(known, doubt=StaffNumberTaken)
        teacher_id = known or self._waiting(named, since) or uuid4()
        self._by_number[named.number] = teacher_id
        self._names[teacher_id] = named.name
        self._numbers[teacher_id] = named.staff_no
        return KnownTeacher(teacher_id, ((NUMBER, named.number), *self.seat(named, teacher_id)))

    def _by_name(self, named: NamedTeacher) -> KnownTeacher:
        here = self._places.children(named.place)
        if len(here) > 1:
            return KnownTeacher(here[0], doubt=TeacherAmbiguous)
        teacher_id = here[0] if here else uuid4()
        self._names[teacher_id] = named.name
        return KnownTeacher(teacher_id, self.seat(named, teacher_id))

    def _called_so(self, named: NamedTeacher) -> UUID | None:
        """A teacher of that name whose number was kept as it was typed."""
        here = self._places.children(named.place)
        return next(
            (k for k in here if (self._numbers.get(k) or "").upper() == named.staff_no), None
        )

    def _waiting(self, named: NamedTeacher, since: date | None) -> UUID | None:
        """A teacher who was known without a number gets it now."""
        here = [
            key
            for key in self._places.children(named.place)
            if not self._numbers.get(key) and self._may_get_it(key, named.school_code, since)
        ]
        return here[0] if len(here) == 1 else None

    def _may_get_it(self, key: UUID, school_code: str, since: date | None) -> bool:
        services = self._services.get(key)  # somebody of an earlier row has none yet
        return services is None or services.may_get_a_number(school_code, since)
