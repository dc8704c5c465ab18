"""Corrections: previewed, proposed, signed by all they take, applied in one decision or not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.closing import TermClosing
from domain.correction import (
    Correction,
    Order,
    PreviewOutdated,
    Second,
    UnknownCorrection,
)
from domain.effects import Effects, books_of, effects_of
from domain.envelope import Actor, Channel, Envelope, Role
from domain.identity import derived
from domain.refusals import Refused
from domain.staff import OwnCase
from ledger.consequences import Consequences
from ledger.correction_orders import (
    AttendanceOrders,
    Handler,
    Said,
    SessionTimesOrders,
    SessionVoidOrders,
)
from ledger.hearings import must_be_heard
from ledger.ledger import Ledger
from ledger.merge_orders import MergeOrders, UnmergeOrders
from ledger.rulebooks import Rulebooks
from ledger.sessions import Sessions


@dataclass(frozen=True)
class Preview:
    """What an order would change, whose signature it takes, and the hash that is signed."""

    school_code: str
    effective_term: str
    second: Second
    effects: Effects
    sha256: str


class Corrections:
    def __init__(self, ledger: Ledger, sessions: Sessions, rulebooks: Rulebooks) -> None:
        self._ledger = ledger
        self._consequences = Consequences(ledger, rulebooks)
        # By kind; only the kind says which order a handler takes.
        self._handlers: dict[str, Handler[Any]] = {}
        self.handle("attendance", AttendanceOrders(ledger, sessions))
        self.handle("session_times", SessionTimesOrders(ledger, sessions))
        self.handle("session_void", SessionVoidOrders(ledger, sessions))
        self.handle("merge", MergeOrders(ledger, rulebooks))
        self.handle("unmerge", UnmergeOrders(ledger, rulebooks))

    def handle(self, kind: str, handler: Handler[Any]) -> None:
        """Say who understands a kind of order."""
        self._handlers[kind] = handler

    def get(self, correction_id: UUID) -> Correction:
        """Raises UnknownCorrection."""
        return self._ledger.get(Correction, correction_id, UnknownCorrection)

    def preview(self, order: Order, by: Envelope) -> Preview:
        """What would change; nothing is recorded. Raises what the order's handler refuses."""
        said, decided = self._decide(order, Correction.create_id(by.command_id), by)
        return preview_of(order, said, decided)

    def propose(self, order: Order, sha256: str, by: Envelope) -> Correction:
        """Sign a preview: applied at once, or waiting for the second person it takes.

        Raises PreviewOutdated, and what the order's handler refuses.
        """
        correction_id = Correction.create_id(by.command_id)

        def decide() -> list[LedgerAggregate]:
            if self._ledger.find(Correction, correction_id):
                return []  # sent again, its answer was lost
            said, decided = self._decide(order, correction_id, by)
            preview = preview_of(order, said, decided)
            must_equal(preview.sha256, sha256)
            correction = proposed(order, correction_id, preview, by)
            if said.second is not Second.NOBODY:
                return [correction]
            correction.apply(sha256, by)
            return [correction, *decided]

        self._ledger.commit(by.command_id, decide)
        return self.get(correction_id)

    def approve(self, correction_id: UUID, sha256: str, by: Envelope) -> Correction:
        """Sign as the second person: what follows equals the preview, or nothing happens.

        Fraud waits for the hearing of its person. Raises UnknownCorrection, CorrectionDecided,
        NeedsSecondPerson, PreviewOutdated, TellingAwaited, AnswerAwaited, and what the order's
        handler refuses.
        """

        def decide() -> list[LedgerAggregate]:
            correction = self.get(correction_id)
            if correction.applied_by_command == by.command_id:
                return []
            correction.apply(sha256, by)
            if correction.order.needs_hearing:
                must_be_heard(self._ledger, correction.id, by)
            said, decided = self._decide(correction.order, correction_id, by)
            must_equal(preview_of(correction.order, said, decided).sha256, sha256)
            return [correction, *decided]

        self._ledger.commit(by.command_id, decide)
        return self.get(correction_id)

    def refuse(self, correction_id: UUID, reason_code: str, by: Envelope) -> int:
        """Raises UnknownCorrection, CorrectionDecided, NeedsSecondPerson, OwnCase."""

        def decide() -> list[LedgerAggregate]:
            correction = self.get(correction_id)
            self._refuse_own_case(correction, by)
            correction.refuse(reason_code, by)
            return [correction]

        return self._ledger.commit(by.command_id, decide)

    def withdraw(self, correction_id: UUID, by: Envelope) -> int:
        """Raises UnknownCorrection, CorrectionDecided, NotTheProposer."""

        def decide() -> list[LedgerAggregate]:
            correction = self.get(correction_id)
            correction.withdraw(by)
            return [correction]

        return self._ledger.commit(by.command_id, decide)

    def person_of(self, correction: Correction, by: Envelope) -> UUID:
        """Whom an order about one person is about. Raises what the order's handler refuses."""
        said = self._handlers[correction.order.kind].say(correction.order, correction.id, by)
        [person_id] = said.claims
        return person_id

    def _refuse_own_case(self, correction: Correction, by: Envelope) -> None:
        """What cannot be applied any more can still be refused. Raises OwnCase."""
        try:
            self._handlers[correction.order.kind].say(correction.order, correction.id, by)
        except OwnCase:
            raise
        except Refused:
            return

    def _decide(
        self, order: Order, correction_id: UUID, by: Envelope
    ) -> tuple[Said, list[LedgerAggregate]]:
        said = self._handlers[order.kind].say(order, correction_id, by)
        said = replace(said, second=order.second_beside(said.second))
        system = as_system(by, said.school_code, correction_id)
        follows = self._consequences.of(said.claims, order.line_reason, system, said.facts)
        if said.second is Second.NOBODY and self._moves_closed_books(said, follows):
            said = replace(said, second=Second.COLLEAGUE)
        return said, list({each.id: each for each in (*said.facts, *follows)}.values())

    def _moves_closed_books(self, said: Said, follows: list[LedgerAggregate]) -> bool:
        """Whether hours move in a closed term beside the order's own, which is open."""
        others = books_of(follows) - {(said.school_code, said.effective_term)}
        closings = [TermClosing.create_id(*books) for books in others]
        return bool(closings and self._ledger.load(closings))


def preview_of(order: Order, said: Said, decided: list[LedgerAggregate]) -> Preview:
    effects = effects_of(decided)
    sha256 = effects.sha256(order)
    return Preview(said.school_code, said.effective_term, said.second, effects, sha256)


def must_equal(found: str, signed: str) -> None:
    """Raises PreviewOutdated."""
    if found != signed:
        raise PreviewOutdated(sha256=found)


def proposed(order: Order, correction_id: UUID, preview: Preview, by: Envelope) -> Correction:
    return Correction(
        id=correction_id,
        order=order,
        school_code=preview.school_code,
        effective_term=preview.effective_term,
        second=preview.second,
        sha256=preview.sha256,
        counts=preview.effects.counts,
        envelope=by,
    )


def as_system(by: Envelope, school_code: str, correction_id: UUID) -> Envelope:
    """What follows is the program's doing for the school, and names the correction it follows."""
    actor = Actor(id=derived("system"), role=Role.SYSTEM, organisation=school_code)
    return by.model_copy(
        update={"actor": actor, "channel": Channel.SYSTEM, "correlation_id": correction_id}
    )
