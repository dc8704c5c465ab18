"""Commands of erasure: a person asks, the data protection officer answers, the vault forgets.

Crash states: the fact is recorded first, then the vault forgets. What was cut in between is
finished by whoever looks next (`finish`), and a restored ledger is told again (`carry_out_again`).
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.certificate import Certificate
from domain.certificate_refusals import UnknownCertificate
from domain.envelope import Envelope
from domain.erasure import (
    CertificateWish,
    Erasure,
    ErasureGround,
    ErasureObstructed,
    Scope,
    UnknownErasure,
)
from domain.identity import derived
from domain.learner import Learner, UnknownLearner
from ledger.forgetting import Forgetting
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.records import records_of
from ledger.streams import Streams


class Erasures:
    def __init__(self, ledger: Ledger, forgetting: Forgetting) -> None:
        self._ledger = ledger
        self._forgetting = forgetting

    def request(
        self, learner_id: UUID, school_code: str, certificates: CertificateWish, by: Envelope
    ) -> int:
        """Ask to be erased, oneself or through staff.

        Raises UnknownLearner, OwnCase, ErasureWaits, PersonErased.
        """
        refuse_own_case(self._ledger, by.actor.id, learner_id)

        def decide() -> list[LedgerAggregate]:
            self._ledger.get(Learner, learner_id, UnknownLearner)
            erasure = self._find(learner_id) or Erasure(learner_id=learner_id, envelope=by)
            request_id = derived("erasure request", by.command_id)
            erasure.request(request_id, school_code, certificates, by)
            return [erasure]

        return self._ledger.commit(by.command_id, decide)

    def withdraw(self, learner_id: UUID, request_id: UUID, by: Envelope) -> int:
        """Take one's own request back. Raises UnknownErasure, ErasureAnswered."""

        def decide() -> list[LedgerAggregate]:
            erasure = self._get(learner_id)
            erasure.withdraw(request_id, by)
            return [erasure]

        return self._ledger.commit(by.command_id, decide)

    def refuse(
        self, learner_id: UUID, request_id: UUID, ground: ErasureGround, by: Envelope
    ) -> int:
        """Raises OwnCase, UnknownErasure, ErasureAnswered."""

        def decide() -> list[LedgerAggregate]:
            erasure = self._get(learner_id)
            refuse_own_case(self._ledger, by.actor.id, learner_id)
            erasure.refuse(request_id, ground, by)
            return [erasure]

        return self._ledger.commit(by.command_id, decide)

    def carry_out(self, learner_id: UUID, request_id: UUID, scope: Scope, by: Envelope) -> int:
        """Erase: certificates of the scope are given up in the same transaction.

        Raises OwnCase, UnknownErasure, ErasureAnswered, ErasureObstructed.
        """

        def decide() -> list[LedgerAggregate]:
            erasure = self._get(learner_id)
            refuse_own_case(self._ledger, by.actor.id, learner_id)
            if not erasure.carry_out(request_id, scope, by):
                return []
            return [erasure, *self._withdrawn(scope, by)]

        position = self._ledger.commit(by.command_id, decide)
        done = self._get(learner_id).scope
        assert done is not None
        self.finish(done)
        return position

    def carry_out_again(
        self, learner_id: UUID, request_id: UUID, scope: Scope, by: Envelope
    ) -> int:
        """After a restore: what was carried out is carried out; done already, it is no news."""

        def decide() -> list[LedgerAggregate]:
            if self._ledger.find(Learner, learner_id) is None:
                return []  # the backup is older than the person
            erasure = self._find(learner_id) or Erasure(learner_id=learner_id, envelope=by)
            if erasure.scope is not None:
                return []
            erasure.carry_out_again(request_id, scope, by)
            found = Streams(self._ledger.load(scope.withdrawn)).all(Certificate)
            in_force = [e for e in found if e.state == "valid" and e.proposed is None]
            for certificate in in_force:
                certificate.withdraw(by)
            return [erasure, *in_force]

        position = self._ledger.commit(by.command_id, decide)
        self.finish(scope)
        return position

    def give_up(self, certificate_id: UUID, by: Envelope) -> int:
        """What an erasure left alone while its revocation was proposed; now that is dropped.

        No news for a certificate that is kept, or whose holder was never erased.
        """

        def decide() -> list[LedgerAggregate]:
            certificate = self._ledger.get(Certificate, certificate_id, UnknownCertificate)
            records = records_of(self._ledger, certificate.award.learner_id)
            found = Streams(self._ledger.load(map(Erasure.create_id, records))).all(Erasure)
            scopes = [each.scope for each in found if each.scope is not None]
            is_kept = not scopes or any(certificate_id in each.kept for each in scopes)
            if is_kept or certificate.state != "valid" or certificate.proposed is not None:
                return []
            certificate.withdraw(by)
            return [certificate]

        return self._ledger.commit(by.command_id, decide)

    def known_among(self, subjects: Iterable[UUID]) -> set[UUID]:
        """Which of these the vault still knows."""
        return self._forgetting.alive(subjects)

    def finish(self, scope: Scope) -> None:
        """Have the vault forget; again it changes nothing."""
        self._forgetting.erase(scope.subjects, scope.scans, keep=scope.kept)

    def _withdrawn(self, scope: Scope, by: Envelope) -> list[Certificate]:
        """Raises ErasureObstructed."""
        found = Streams(self._ledger.load((*scope.withdrawn, *scope.kept))).all(Certificate)
        in_force = [each for each in found if each.state == "valid"]
        if any(each.proposed is not None for each in in_force):
            raise ErasureObstructed
        given_up = [each for each in in_force if each.id in scope.withdrawn]
        for certificate in given_up:
            certificate.withdraw(by)
        return given_up

    def _find(self, learner_id: UUID) -> Erasure | None:
        return self._ledger.find(Erasure, Erasure.create_id(learner_id))

    def _get(self, learner_id: UUID) -> Erasure:
        return self._ledger.get(Erasure, Erasure.create_id(learner_id), UnknownErasure)
