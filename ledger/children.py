"""Which child is meant: by the school's own number, or else by class and name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from ledger.vault import Vault

# Children of one name in one class: the first, the second, the third. A fourth is not told apart.
NAMESAKES = ("child_place", "child_place_2", "child_place_3")

AMBIGUOUS = "child_ambiguous"

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
    rival: UUID | None = None  # an adult of another child that may be the same one


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
        self._again: dict[NamedChild, KnownAs] = {}

    def found(self, child: NamedChild) -> UUID | None:
        """Whom the number or the class says already, if anybody."""
        if child.student_no:
            return self._by_number.get(child.number) or self._waiting(child)
        return next(iter(self._places.children(child.place)), None)

    def namesakes(self, child: NamedChild) -> Sequence[UUID]:
        """Everybody of that name in the class."""
        return self._places.children(child.place)

    def know_again(self, again: Mapping[NamedChild, KnownAs]) -> None:
        """Hear who is known otherwise, of those whom neither says."""
        self._again.update(again)

    def known_as(self, child: NamedChild) -> KnownAs:
        """The child that is meant, a new one where nobody fits; in doubt between namesakes."""
        return self._numbered(child) if child.student_no else self._by_name(child)

    def _numbered(self, child: NamedChild) -> KnownAs:
        known = self._or_again(child, self.found(child))
        if known.doubt is None:
            self._by_number[child.number] = known.child_id
            self._unnumbered.discard(known.child_id)
            keys = (("child", child.number), *self._places.seat(child.place, known.child_id))
            return replace(known, keys=keys)
        return known

    def _by_name(self, child: NamedChild) -> KnownAs:
        here = self._places.children(child.place)
        if len(here) > 1:
            return KnownAs(here[0], doubt=AMBIGUOUS)
        known = self._or_again(child, next(iter(here), None))
        if known.doubt is None:
            return replace(known, keys=self._places.seat(child.place, known.child_id))
        return known

    def _or_again(self, child: NamedChild, child_id: UUID | None) -> KnownAs:
        """Whoever was found, or else is known otherwise, or is new."""
        if child_id is not None:
            return KnownAs(child_id)
        return self._again.get(child) or KnownAs(uuid4())

    def _waiting(self, child: NamedChild) -> UUID | None:
        """A child that was brought without its number earlier gets it now."""
        here = [key for key in self._places.children(child.place) if key in self._unnumbered]
        return here[0] if len(here) == 1 else None
