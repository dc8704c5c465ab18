"""Which of several children of one name in a class a row without a number means, and no other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from domain.learner import Learner
from ledger.children import AMBIGUOUS, Children, KnownAs
from ledger.ledger import Ledger
from ledger.records import survivors
from ledger.roster_rows import Roster, RosterEntry, child_of, kin_keys, phone_key, place_of
from ledger.vault import Vault

MAY_BE_TWICE = "child_may_be_twice"

Row = tuple[RosterEntry, KnownAs]


def told_apart(
    ledger: Ledger,
    vault: Vault,
    roster: Roster,
    rows: Sequence[Row],
    children: Children,
    by_phone: Mapping[str, UUID],
) -> list[Row]:
    """The same rows; of those that fit several children the ones whose adult says which."""
    fitting = {
        entry: children.namesakes(child_of(roster, entry))
        for entry, known in rows
        if known.doubt == AMBIGUOUS
    }
    by_kin = vault.identify(
        "learner_kin", (k for e, here in fitting.items() for c in here for k in kin_keys(c, e))
    )
    now = survivors(ledger, by_kin.values())
    kin = {key: now[learner_id] for key, learner_id in by_kin.items()}
    phones = {key: by_phone[key] for e in fitting if (key := phone_key(e)) in by_phone}
    namesakes = Namesakes(ledger, vault, roster, phones, kin)
    return [(e, namesakes.meant(e, fitting[e]) if e in fitting else k) for e, k in rows]


class Namesakes:
    """An adult says which child is meant: who is tied to it alone, or in this class to it alone.

    Phone and name of an adult come before child and name. What is no news of any of the children
    of one adult is not asked about.
    """

    def __init__(
        self,
        ledger: Ledger,
        vault: Vault,
        roster: Roster,
        by_phone: Mapping[str, UUID],
        by_kin: Mapping[str, UUID],
    ) -> None:
        self._vault = vault
        self._roster = roster
        self._by_phone = by_phone
        self._by_kin = by_kin
        found = ledger.load({*by_phone.values(), *by_kin.values()})
        self._adults = {key: a for key, a in found.items() if isinstance(a, Learner)}

    def meant(self, entry: RosterEntry, here: Sequence[UUID]) -> KnownAs:
        """The child that is meant, or the doubt; both adults are named where they may be one."""
        tied = self._tied(entry, here)
        fits = {c: a for c, a in tied.items() if a.enrolments.has(place_of(self._roster, entry, c))}
        fits = fits or tied
        if not fits:
            return KnownAs(here[0], doubt=AMBIGUOUS)
        first, adult = next(iter(fits.items()))
        if len(fits) == 1 or self._is_known_of_all(entry, fits):
            return KnownAs(first)
        other = next((a.id for a in fits.values() if a.id != adult.id), None)
        if other is None or self._have_two_numbers(fits):
            return KnownAs(first, doubt=AMBIGUOUS)
        return KnownAs(first, doubt=MAY_BE_TWICE, rival=other)

    def _tied(self, entry: RosterEntry, here: Iterable[UUID]) -> dict[UUID, Learner]:
        """The children that fit with the adult of each: ties that stand before those that ended."""
        known = self._by_phone.get(phone_key(entry))
        caller = self._adults.get(known) if known else None
        if caller and (called := {c: caller for c in here if c in caller.guardianships}):
            return called
        named = {
            child_id: self._adults[self._by_kin[key]]
            for child_id in here
            for key in reversed(kin_keys(child_id, entry))  # the one that the row tells counts
            if self._by_kin.get(key) in self._adults
        }
        return {c: a for c, a in named.items() if c in a.guardianships} or named

    def _is_known_of_all(self, entry: RosterEntry, fits: Mapping[UUID, Learner]) -> bool:
        """Whether it is one adult's row, and no news of any of the children."""
        told = (entry.relation_code, entry.is_guardian)
        return len({adult.id for adult in fits.values()}) == 1 and all(
            adult.enrolments.has(place_of(self._roster, entry, child_id))
            and (not entry.relation_is_told or adult.guardianships.get(child_id) == told)
            for child_id, adult in fits.items()
        )

    def _have_two_numbers(self, children: Collection[UUID]) -> bool:
        held = self._vault.open(children).values()
        return len({n for each in held if (n := each.fields.get("student_no"))}) > 1
