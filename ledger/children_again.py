"""Children whom a list names anew, and who are known: of another class, or of the year before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

from domain.grades import GRADES
from domain.learner import Learner
from domain.school import School
from ledger.children import Children, KnownAs, NamedChild, Places
from ledger.ledger import Ledger
from ledger.roster_rows import Roster, RosterEntry, child_of, kin_keys, phone_key
from ledger.vault import Vault

MAY_BE_KNOWN = "child_may_be_known"

_BELOW = {grade.name: below.name for below, grade in pairwise(GRADES)}


def known_again(
    ledger: Ledger,
    vault: Vault,
    roster: Roster,
    entries: Sequence[RosterEntry],
    children: Children,
    by_phone: Mapping[str, UUID],
) -> dict[NamedChild, KnownAs]:
    """Of the children whom neither number nor class names those who are known, or may be."""
    rows: dict[NamedChild, list[RosterEntry]] = {}
    for entry in entries:
        rows.setdefault(child_of(roster, entry), []).append(entry)
    found = {child: children.found(child) for child in rows}
    new = {child: rows[child] for child, child_id in found.items() if child_id is None}
    school = ledger.find(School, School.create_id(roster.school_code)) if new else None
    opened = {group for _, _, group in school.classes} if school else set[str]()
    groups = opened | {child.class_group for child in rows}
    ties = tied(ledger, new, by_phone)
    return KnownAgain(vault, new, groups, filter(None, found.values()), ties).known_as()


def tied(
    ledger: Ledger,
    rows: Mapping[NamedChild, Sequence[RosterEntry]],
    by_phone: Mapping[str, UUID],
) -> dict[NamedChild, set[UUID]]:
    """The children of the adults whom phone and name say."""
    adults = {
        child: {by_phone[key] for row in own if (key := phone_key(row)) in by_phone}
        for child, own in rows.items()
    }
    known = ledger.load({each for ids in adults.values() for each in ids})
    return {
        child: {c for i in ids if isinstance(a := known.get(i), Learner) for c in a.guardianships}
        for child, ids in adults.items()
    }


class KnownAgain:
    """Who moved here has a place and no number of this school: the next year's list knows neither.

    An adult whom the child is known with says who it is; so does the name in the class that was
    this one a year ago, as in a list of the same year. The name alone leaves a doubt. Who repeats a
    grade, or was away, is met last, by an adult's phone; the names of both alone leave a doubt.
    """

    def __init__(
        self,
        vault: Vault,
        rows: Mapping[NamedChild, Sequence[RosterEntry]],
        groups: Iterable[str],
        taken: Iterable[UUID],
        tied: Mapping[NamedChild, Collection[UUID]],
    ) -> None:
        self._rows = rows
        self._groups = sorted(groups)
        wanted = (p for child in rows for p in (*self._others(child), *self._stayed(child)))
        self._places = Places(vault, wanted)
        held = vault.open(self._places.everybody())
        self._numbered = {each for each, found in held.items() if found.fields.get("student_no")}
        self._met: dict[NamedChild, UUID] = {}
        self._taken = set(taken)
        perhaps = {child: self._candidates(child, self._others(child)) for child in rows}
        by_name = self._by_name(vault, perhaps)
        self._meet({child: by_name[child] | (perhaps[child] & {*tied[child]}) for child in rows})
        self._meet({child: self._of_the_class(child) for child in rows if child not in self._met})
        stayed = {
            child: self._candidates(child, self._stayed(child))
            for child in rows
            if child not in self._met
        }
        self._meet({child: ids & {*tied[child]} for child, ids in stayed.items()})
        self._repeats = self._by_name(vault, stayed)

    def known_as(self) -> dict[NamedChild, KnownAs]:
        """Of the children of the rows those who are known; in doubt, where only a name fits."""
        found = {child: KnownAs(child_id) for child, child_id in self._met.items()}
        for child in self._rows:
            if child not in found and (perhaps := self._perhaps(child)):
                found[child] = KnownAs(min(perhaps), doubt=MAY_BE_KNOWN)
        return found

    def _meet(self, said: Mapping[NamedChild, Collection[UUID]]) -> None:
        """Each that is the only one, unless another number names it as well."""
        sole = {child: next(iter(ids)) for child, ids in said.items() if len(ids) == 1}
        numbers: dict[UUID, set[str]] = {child_id: set() for child_id in sole.values()}
        for child, child_id in sole.items():
            numbers[child_id] |= {child.student_no} if child.student_no else set()
        self._met |= {child: each for child, each in sole.items() if len(numbers[each]) <= 1}
        self._taken |= set(self._met.values())

    def _by_name(
        self, vault: Vault, perhaps: Mapping[NamedChild, Collection[UUID]]
    ) -> dict[NamedChild, set[UUID]]:
        """The children whom the adults of the rows are known with, by relation and name."""
        keys = {
            child: {
                k: each for each in ids for row in self._rows[child] for k in kin_keys(each, row)
            }
            for child, ids in perhaps.items()
        }
        known = vault.identify("learner_kin", (key for own in keys.values() for key in own))
        return {child: {own[key] for key in own if key in known} for child, own in keys.items()}

    def _of_the_class(self, child: NamedChild) -> set[UUID]:
        before = self._candidates(child, self._a_year_ago(child, [child.class_group]))
        return before - self._candidates(child, self._parallel(child))

    def _perhaps(self, child: NamedChild) -> set[UUID]:
        """A namesake in a parallel class is another child, unless a number is new to both."""
        here = self._candidates(child, self._parallel(child))
        before = self._candidates(child, self._a_year_ago(child, self._groups))
        found = here | before if child.student_no else before - here
        return found or self._repeats[child] - self._taken

    def _candidates(self, child: NamedChild, places: Sequence[str]) -> set[UUID]:
        """Whoever has a number of this school is not meant by another one."""
        found = {each for place in places for each in self._places.children(place)} - self._taken
        return found - self._numbered if child.student_no else found

    def _others(self, child: NamedChild) -> list[str]:
        return [*self._a_year_ago(child, self._groups), *self._parallel(child)]

    def _a_year_ago(self, child: NamedChild, groups: Sequence[str]) -> list[str]:
        return self._before(child, 1, _BELOW.get(child.grade), groups)

    def _stayed(self, child: NamedChild) -> list[str]:
        """Of who repeats the grade, or comes back to it, or to the next one, after a year away."""
        told = (1, child.grade), (2, child.grade), (2, _BELOW.get(child.grade))
        return [p for years, grade in told for p in self._before(child, years, grade, self._groups)]

    def _before(
        self, child: NamedChild, years: int, grade: str | None, groups: Iterable[str]
    ) -> list[str]:
        if grade is None:
            return []
        year = child.school_year - years
        return [replace(child, school_year=year, grade=grade, class_group=g).place for g in groups]

    def _parallel(self, child: NamedChild) -> list[str]:
        others = [group for group in self._groups if group != child.class_group]
        return [replace(child, class_group=group).place for group in others]
