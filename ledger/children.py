"""Which child is meant: by the school's own number, or else by class and name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from ledger.vault import Vault

# Children of one name in one class: the first, the second, the third. A fourth is not told apart.
NAMESAKES = ("child_place", "child_place_2", "child_place_3")

Key = tuple[str, str]


@dataclass(frozen=True)
class NamedChild:
    """A child as paper names it: the class of a school year, the name, perhaps a number."""

    school_code: str
    school_year: int
    grade: str
    class_group: str
    name: str
    student_no: str | None = None

    @property
    def place(self) -> str:
        where = f"{self.school_code} {self.school_year} {self.grade} {self.class_group}"
        return f"{where} {self.name}"

    @property
    def number(self) -> str:
        return f"{self.school_code} {self.student_no}"


@dataclass(frozen=True)
class KnownAs:
    """Who a child is, and the look-up keys it is found by from now on."""

    child_id: UUID
    keys: tuple[Key, ...] = ()
    doubt: str | None = None


class Places:
    """The persons that have a place under a name, as children have in a class: most often one."""

    def __init__(
        self, vault: Vault, places: Iterable[str], kinds: Sequence[str] = NAMESAKES
    ) -> None:
        wanted = set(places)
        self._kinds = kinds
        self._seated: dict[str, list[UUID]] = {}
        for kind in kinds:
            for place, child_id in vault.identify(kind, wanted).items():
                self._seated.setdefault(place, []).append(child_id)

    def children(self, place: str) -> Sequence[UUID]:
        return self._seated.get(place, ())

    def everybody(self) -> set[UUID]:
        return {child_id for seated in self._seated.values() for child_id in seated}

    def seat(self, place: str, child_id: UUID) -> tuple[Key, ...]:
        """The key that binds a child to its place, where a place is left."""
        seated = self._seated.setdefault(place, [])
        if child_id not in seated:
            seated.append(child_id)
        position = seated.index(child_id)
        return ((self._kinds[position], place),) if position < len(self._kinds) else ()


class Children:
    """The children of one list, found or new. Rows with a number come first: they decide."""

    def __init__(self, vault: Vault, children: Sequence[NamedChild]) -> None:
        self._by_number = vault.identify("child", (c.number for c in children if c.student_no))
        self._places = Places(vault, (c.place for c in children))
        held = vault.open(self._places.everybody())
        self._unnumbered = {
            key for key, found in held.items() if not found.fields.get("student_no")
        }

    def known_as(self, child: NamedChild) -> KnownAs:
        """The child that is meant, a new one where nobody fits; in doubt between namesakes."""
        return self._numbered(child) if child.student_no else self._by_name(child)

    def _numbered(self, child: NamedChild) -> KnownAs:
        child_id = self._by_number.get(child.number) or self._waiting(child) or uuid4()
        self._by_number[child.number] = child_id
        self._unnumbered.discard(child_id)
        return KnownAs(
            child_id, (("child", child.number), *self._places.seat(child.place, child_id))
        )

    def _by_name(self, child: NamedChild) -> KnownAs:
        here = self._places.children(child.place)
        if len(here) > 1:
            return KnownAs(here[0], doubt="child_ambiguous")
        child_id = here[0] if here else uuid4()
        return KnownAs(child_id, self._places.seat(child.place, child_id))

    def _waiting(self, child: NamedChild) -> UUID | None:
        """A child that was brought without its number earlier gets it now."""
        here = [key for key in self._places.children(child.place) if key in self._unnumbered]
        return here[0] if len(here) == 1 else None
