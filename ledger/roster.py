"""Commands of the roster: a school's list of children and their adults becomes learners."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from domain.aggregate import LedgerAggregate
from domain.custody import GuardianshipWasEnded
from domain.enrolment import PlaceKey
from domain.envelope import Envelope
from domain.identity import derived
from domain.learner import Learner
from ledger.children import Children, KnownAs
from ledger.children_again import known_again
from ledger.custody import ended_ties
from ledger.details import CHANGED_BY, brought, is_untold
from ledger.ledger import Ledger
from ledger.likeness import Like, Likeness
from ledger.moved_in import moved_in
from ledger.namesakes import told_apart
from ledger.plans import RowOutcome, RowResult
from ledger.records import survivors
from ledger.roster_rows import (
    ONE_PER_CHILD,
    Match,
    Roster,
    RosterEntry,
    child_of,
    kin_key,
    kin_keys,
    phone_key,
    place_of,
    relation_key,
)
from ledger.vault import Entry, Subject, Vault

__all__ = ["ONE_PER_CHILD", "Roster", "RosterEntry", "Rosters"]

ROWS_AT_ONCE = 200

Progress = Callable[[int], None]


class Rosters:
    def __init__(self, ledger: Ledger, vault: Vault, likeness: Likeness) -> None:
        self._ledger = ledger
        self._vault = vault
        self._likeness = likeness

    def take(
        self,
        roster: Roster,
        entries: Sequence[RosterEntry],
        by: Envelope,
        *,
        dry_run: bool,
        progress: Progress | None = None,
    ) -> list[RowResult]:
        """Compare a roster with what is recorded and, unless it is a dry run, record it.

        The same file twice records nothing. Rows that are missing today are no removals, and
        a row that would undo what was decided is left for a person to look at.
        `progress` hears how many rows are done.
        """
        results: list[RowResult] = []
        # Two imports at once would both find a person unknown: many have children in two schools.
        with self._vault.alone("roster"):
            matches = self._doubted(roster, self._match(roster, entries))
            for start in range(0, len(matches), ROWS_AT_ONCE):
                part = matches[start : start + ROWS_AT_ONCE]
                command = by.model_copy(update={"command_id": derived(by.command_id, start)})
                met = {result.id for result in results if result.code is None and result.id}
                results += self._take(roster, part, met, command, dry_run=dry_run)
                if progress is not None:
                    progress(len(results))
        return sorted(results, key=lambda result: result.row)

    def _take(
        self,
        roster: Roster,
        matches: Sequence[Match],
        met: set[UUID],
        by: Envelope,
        *,
        dry_run: bool,
    ) -> list[RowResult]:
        certain = [match for match in matches if match.doubt is None]
        before = self._vault.open(match.learner_id for match in certain)
        if not dry_run:
            entries = vault_entries(certain, before)
            self._vault.admit([*entries, *self._marked(certain, before, by)])
            self._likeness.note(likes_of(matches))
        results: list[RowResult] = []

        def decide() -> list[LedgerAggregate]:
            now = self._doubted(roster, matches)
            results[:] = [
                RowResult(m.entry.row, RowOutcome.DOUBTFUL, m.learner_id, m.doubt)
                for m in now
                if m.doubt
            ]
            sure = [match for match in now if match.doubt is None]
            changed = self._compare(roster, sure, before, met, by, results)
            return [] if dry_run else changed

        self._ledger.commit(by.command_id, decide)
        return results

    def _compare(
        self,
        roster: Roster,
        matches: Sequence[Match],
        before: dict[UUID, Subject],
        met: set[UUID],
        by: Envelope,
        results: list[RowResult],
    ) -> list[LedgerAggregate]:
        found = self._ledger.load(match.learner_id for match in matches)
        subjects = self._vault.open(match.learner_id for match in matches)
        came = moved_in(self._ledger, self._vault, roster, matches)
        learners: dict[UUID, Learner] = {}
        for match in matches:
            known = learners.get(match.learner_id) or found.get(match.learner_id)
            subject = subjects.get(match.learner_id)
            learner = known if isinstance(known, Learner) else new_learner(match, subject, by)
            learners[match.learner_id] = learner
            news = place(learner, match, roster, came.get(match.child.child_id), by)
            was = before.get(match.learner_id)
            changes = was and brought(match.entry.name, match.entry.phone, was)
            if changes or is_untold(learner, was):
                learner.change_details(learner.name_commitment, ("phone",), by)
                news = True
            outcome = RowOutcome.CHANGED if news else RowOutcome.SAME
            # In a dry run an earlier part of the file has left nobody in the ledger.
            is_new = known is None and match.learner_id not in met
            outcome = RowOutcome.NEW if is_new else outcome
            results.append(RowResult(match.entry.row, outcome, match.learner_id))
        return list(learners.values())

    def _marked(
        self, matches: Sequence[Match], before: Mapping[UUID, Subject], by: Envelope
    ) -> list[Entry]:
        """Whose details this command changes: cut before its event, another one speaks it."""
        marked = (key for key, was in before.items() if CHANGED_BY in was.fields)
        found = self._ledger.load(marked)
        told = {CHANGED_BY: str(by.command_id)}
        changed = {
            match.learner_id
            for match in matches
            if (was := before.get(match.learner_id))
            and (
                brought(match.entry.name, match.entry.phone, was)
                or is_untold(found.get(match.learner_id), was)
            )
        }
        return [Entry(key, "learner", told) for key in changed]

    def _doubted(self, roster: Roster, matches: Sequence[Match]) -> list[Match]:
        """The same rows; one that would undo alone what was decided is doubtful as well."""
        ties = {match.tie for match in matches}
        undone = dict.fromkeys(left_ties(self._ledger, roster, ties), "child_has_left")
        undone |= dict.fromkeys(ended_ties(self._ledger, ties), GuardianshipWasEnded.code)
        return [replace(each, doubt=each.doubt or undone.get(each.tie)) for each in matches]

    def _match(self, roster: Roster, entries: Sequence[RosterEntry]) -> list[Match]:
        children = Children(self._vault, [child_of(roster, entry) for entry in entries])
        by_phone = self._known("learner_phone", (k for e in entries if (k := phone_key(e))))
        children.know_again(
            known_again(self._ledger, self._vault, roster, entries, children, by_phone)
        )
        new_learners: dict[str, UUID] = {}
        pending = [
            (entry, children.known_as(child_of(roster, entry)))
            for entry in sorted(entries, key=lambda each: each.student_no is None)
        ]
        pending = told_apart(self._ledger, self._vault, roster, pending, children, by_phone)
        by_kin = self._known(
            "learner_kin", (k for e, c in pending for k in kin_keys(c.child_id, e))
        )
        sole = self._known("child_relation", (relation_key(c.child_id, e) for e, c in pending))
        return [
            match_one(entry, child, by_phone, by_kin, sole, new_learners)
            for entry, child in pending
        ]

    def _known(self, kind: str, keys: Iterable[str]) -> dict[str, UUID]:
        """Who is found by look-up keys; of merged records the one that speaks for the person."""
        found = self._vault.identify(kind, keys)
        now = survivors(self._ledger, found.values())
        return {key: now[learner_id] for key, learner_id in found.items()}


def match_one(
    entry: RosterEntry,
    child: KnownAs,
    by_phone: dict[str, UUID],
    by_kin: dict[str, UUID],
    sole: dict[str, UUID],
    new_learners: dict[str, UUID],
) -> Match:
    """Find the adult of a row by phone and name, or by child, relation and name; else a new one."""
    keys = [key for key in (phone_key(entry), kin_key(child.child_id, entry)) if key]
    phone_says = by_phone.get(keys[0]) if entry.phone else None
    kin_says = next((by_kin[k] for k in kin_keys(child.child_id, entry) if k in by_kin), None)
    known = phone_says or kin_says
    fresh = next((new_learners[key] for key in keys if key in new_learners), None)
    learner_id = known or fresh or uuid4()
    if known is None:
        new_learners.update(dict.fromkeys(keys, learner_id))
    doubt = child.doubt
    if phone_says and kin_says and phone_says != kin_says:
        doubt = "two_persons_match"
    elif doubt is None and entry.relation_code in ONE_PER_CHILD:
        holder = sole.setdefault(relation_key(child.child_id, entry), learner_id)
        if holder != learner_id:
            doubt = "another_person_has_this_relation"
    rival = kin_says if doubt == "two_persons_match" else child.rival
    return Match(entry, child, learner_id, doubt, rival)


def left_ties(
    ledger: Ledger, roster: Roster, ties: Collection[tuple[UUID, UUID]]
) -> set[tuple[UUID, UUID]]:
    """Of adults and children those without a place here whose child has left in this year.

    A school's list alone takes no child back: it may be older than the day on which it left.
    """
    found = ledger.load({adult for adult, _ in ties})
    ended, standing = set[UUID](), set[tuple[UUID, UUID]]()
    for adult, child in ties:
        learner = found.get(adult)
        key = PlaceKey(child, roster.school_year, roster.school_code)
        if isinstance(learner, Learner) and key in learner.enrolments.ended:
            ended.add(child)
        elif isinstance(learner, Learner) and key in learner.enrolments:
            standing.add((adult, child))
    return {(adult, child) for adult, child in ties if child in ended} - standing


def new_learner(match: Match, subject: Subject | None, by: Envelope) -> Learner:
    # In a dry run nobody is in the vault yet, and nothing of this is recorded.
    commitment = subject.commitment if subject else ""
    return Learner(id=match.learner_id, name_commitment=commitment, envelope=by)


def place(
    learner: Learner, match: Match, roster: Roster, came_on: date | None, by: Envelope
) -> bool:
    """Link and enrol, where the child came late from that day on; whether that was news."""
    before = len(learner.pending_events)
    entry = match.entry
    child_id = match.child.child_id
    told = (entry.relation_code, entry.is_guardian)
    known = None if entry.relation_is_told else learner.guardianships.get(child_id)
    learner.link_child(child_id, *(known or told), "roster", by)
    there = place_of(roster, entry, child_id)
    learner.enrol(there, by, None if there.key in learner.enrolments else came_on)
    return len(learner.pending_events) > before


def vault_entries(matches: Sequence[Match], before: Mapping[UUID, Subject]) -> list[Entry]:
    """What the vault must hold before the events are recorded: persons and their look-up keys."""
    entries: list[Entry] = []
    for match in matches:
        entry, child_id = match.entry, match.child.child_id
        number = {"student_no": entry.student_no} if entry.student_no else {}
        child_fields = {"name": entry.child_name, **number}
        entries.append(Entry(child_id, "child", child_fields, match.child.keys))
        keys = [("learner_kin", kin_key(child_id, entry))]
        if key := phone_key(entry):
            keys.append(("learner_phone", key))
        if entry.relation_code in ONE_PER_CHILD:
            keys.append(("child_relation", relation_key(child_id, entry)))
        fields = brought(entry.name, entry.phone, before.get(match.learner_id))
        entries.append(Entry(match.learner_id, "learner", fields, keys))
    return entries


def likes_of(matches: Sequence[Match]) -> Iterator[Like]:
    """What may show later that two records are one person's; a row that fits both shows it now."""
    for match in matches:
        if match.rival is not None:
            pair = f"{match.learner_id} {match.rival}"
            yield Like("roster_doubt", pair, match.learner_id)
            yield Like("roster_doubt", pair, match.rival)
        if match.doubt is None:
            called = f"{match.child.child_id} {match.entry.name}"
            yield Like("same_name_and_child", called, match.learner_id)
            if match.entry.phone:
                yield Like("same_phone", match.entry.phone, match.learner_id)
