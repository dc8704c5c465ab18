"""Commands of certificates: issue a batch, reissue or withdraw one, revoke one by two persons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.certificate import Award, Certificate
from domain.certificate_issue import Issue
from domain.certificate_refusals import NotAchieved, UnknownCertificate
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused
from ledger.certificate_numbers import Draw, Series
from ledger.certified import Certified
from ledger.hearings import must_be_heard
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.rulebooks import Rulebooks

A = TypeVar("A", bound=LedgerAggregate)


# Number, sign and file a certificate; a Refused (a glyph that no font has) stops this one alone.
# It is asked again, with another number, when two issuers met: what it files in the vault goes
# under the `document_id` of the bytes, so that the bytes of the number that was not given do not
# stand where those of the recorded one belong.
Maker = Callable[[Award, Draw], Issue]


def document_id(certificate_id: UUID, sha256: str) -> UUID:
    """Where the bytes lie whose hash the certificate's event holds."""
    return derived("document", certificate_id, sha256)


@dataclass(frozen=True)
class Issued:
    """The outcome of one award of a batch."""

    award: Award
    certificate_id: UUID
    number: str | None
    refusal: Refused | None = None


class Certificates:
    def __init__(
        self, ledger: Ledger, rulebooks: Rulebooks, zone_year: Callable[[Envelope], int]
    ) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks
        self._year = zone_year

    def get(self, certificate_id: UUID) -> Certificate:
        """Raises UnknownCertificate."""
        return self._ledger.get(Certificate, certificate_id, UnknownCertificate)

    def issue(self, awards: Sequence[Award], make: Maker, by: Envelope) -> list[Issued]:
        """Issue what stands and is not yet issued, with the figures of now.

        An error in one does not stop the others.
        """
        outcomes: list[Issued] = []

        def decide() -> list[LedgerAggregate]:
            outcomes.clear()
            found = self._ledger.load(award.certificate_id for award in awards)
            certified = Certified(self._ledger, self._rulebooks, awards, by)
            series = Series(self._ledger, by, self._year(by))
            certificates: list[LedgerAggregate] = []
            for award in awards:
                outcome, certificate = issue_one(award, found, certified, series, make, by)
                outcomes.append(outcome)
                if certificate is not None:
                    found[certificate.id] = certificate
                    certificates.append(certificate)
            return [*certificates, *series.drawn]

        self._ledger.commit(by.command_id, decide)
        return outcomes

    def reissue(
        self,
        certificate_id: UUID,
        reason_code: str,
        make: Maker,
        by: Envelope,
        anew: Award | None = None,
    ) -> Issued:
        """A new number for the same award, under the same review; the old says 'replaced by'.

        It says what the old one said, or, where the award is said `anew`, what stands now. Raises
        UnknownCertificate, NotInForce, RevocationPending, what `make` refuses, and said anew
        NotAchieved and HoursUnderVerification.
        """

        def decide() -> list[LedgerAggregate]:
            old = self.get(certificate_id)
            if old.ended_by_command == by.command_id:  # sent again, its answer was lost
                return []
            old.must_be_reissuable()
            series = Series(self._ledger, by, self._year(by))
            new = successor(old, self._said(anew, by) if anew else old.award, series, make, by)
            old.hand_review_to(new, by)
            old.reissue(new.issue.number, reason_code, by)
            return [old, new, *series.drawn]

        self._ledger.commit(by.command_id, decide)
        new = self.get(self.get(certificate_id).successor_id)
        return Issued(new.award, new.id, new.issue.number)

    def _said(self, award: Award, by: Envelope) -> Award:
        return Certified(self._ledger, self._rulebooks, [award], by).said_of(award)

    def withdraw(self, certificate_id: UUID, by: Envelope) -> int:
        """The holder gives it up, or staff write down that they did.

        Raises UnknownCertificate, NotInForce, RevocationPending.
        """

        def decide() -> list[LedgerAggregate]:
            certificate = self.get(certificate_id)
            certificate.withdraw(by)
            return [certificate]

        return self._ledger.commit(by.command_id, decide)

    def propose_revocation(self, certificate_id: UUID, reason_code: str, by: Envelope) -> int:
        """By the school's head. Raises UnknownCertificate, NotInForce, RevocationUnderWay."""

        def decide() -> list[LedgerAggregate]:
            certificate = self.get(certificate_id)
            certificate.propose_revocation(reason_code, by)
            return [certificate]

        return self._ledger.commit(by.command_id, decide)

    def close_review(self, certificate_id: UUID, reason_code: str, by: Envelope) -> int:
        """Let a certificate stand that is under review. Raises UnknownCertificate, OwnCase."""

        def decide() -> list[LedgerAggregate]:
            certificate = self.get(certificate_id)
            refuse_own_case(self._ledger, by.actor.id, certificate.award.learner_id)
            certificate.close_review(reason_code, by)
            return [certificate]

        return self._ledger.commit(by.command_id, decide)

    def confirm_revocation(self, certificate_id: UUID, reason_code: str, by: Envelope) -> int:
        """By the district, which read the reason.

        Fraud waits for the hearing of its holder. Raises UnknownCertificate, NotInForce,
        RevocationNotProposed, OwnCase, TellingAwaited, AnswerAwaited.
        """

        def decide() -> list[LedgerAggregate]:
            certificate = self.get(certificate_id)
            proposed = certificate.proposed
            certificate.confirm_revocation(reason_code, by)
            if certificate.pending_events and proposed is not None and proposed.needs_hearing:
                must_be_heard(self._ledger, proposed.id, by)
            return [certificate]

        return self._ledger.commit(by.command_id, decide)

    def decline_revocation(self, certificate_id: UUID, reason_code: str, by: Envelope) -> int:
        """By the district, which lets the certificate stand.

        Raises UnknownCertificate, NotInForce, RevocationNotProposed, OwnCase.
        """

        def decide() -> list[LedgerAggregate]:
            certificate = self.get(certificate_id)
            certificate.decline_revocation(reason_code, by)
            return [certificate]

        return self._ledger.commit(by.command_id, decide)

    def withdraw_revocation(self, certificate_id: UUID, by: Envelope) -> int:
        """The school's head takes the proposal back.

        Raises UnknownCertificate, NotInForce, RevocationNotProposed.
        """

        def decide() -> list[LedgerAggregate]:
            certificate = self.get(certificate_id)
            certificate.withdraw_revocation(by)
            return [certificate]

        return self._ledger.commit(by.command_id, decide)

    def issue_after(self, revoked_id: UUID, award: Award, make: Maker, by: Envelope) -> Issued:
        """A new certificate for what was certified by one that stays revoked; once for each.

        Raises UnknownCertificate, NotRevoked, NotAchieved, HoursUnderVerification, and what `make`
        refuses.
        """
        outcome: list[Issued] = []

        def decide() -> list[LedgerAggregate]:
            revoked = self.get(revoked_id)
            revoked.must_be_revoked()
            key = revoked.successor_id
            if (there := self._ledger.find(Certificate, key)) is not None:  # sent again
                outcome[:] = [Issued(there.award, key, there.issue.number)]
                return []
            said = said_now(award, Certified(self._ledger, self._rulebooks, [award], by))
            series = Series(self._ledger, by, self._year(by))
            issue = make(said, series.draw(award.district_code, key))
            outcome[:] = [Issued(said, key, issue.number)]
            new = Certificate(
                id=key, award=said, issue=issue, follows=revoked_id, envelope=ruled(said, by)
            )
            return [new, *series.drawn]

        self._ledger.commit(by.command_id, decide)
        return outcome[0]


def issue_one(
    award: Award,
    found: dict[UUID, LedgerAggregate],
    certified: Certified,
    series: Series,
    make: Maker,
    by: Envelope,
) -> tuple[Issued, Certificate | None]:
    """One award of a batch: issued before, refused, or a new certificate."""
    certificate_id = award.certificate_id
    there = found.get(certificate_id)
    if isinstance(there, Certificate):
        return Issued(award, certificate_id, there.issue.number), None
    try:
        award = said_now(award, certified)
        issue = made(award, series, make)
    except Refused as refusal:
        return Issued(award, certificate_id, None, refusal), None
    certificate = Certificate(
        id=certificate_id, award=award, issue=issue, envelope=ruled(award, by)
    )
    return Issued(award, certificate_id, issue.number), certificate


def said_now(award: Award, certified: Certified) -> Award:
    """What stands, of the record that speaks. Raises NotAchieved, HoursUnderVerification."""
    if not certified.speaks_for_itself(award):
        raise NotAchieved(kind=award.kind.value)
    return certified.said_of(award)


def successor(
    old: Certificate, award: Award, series: Series, make: Maker, by: Envelope
) -> Certificate:
    key = old.successor_id
    issue = make(award, series.draw(award.district_code, key))
    return Certificate(id=key, award=award, issue=issue, replaces=old.id, envelope=ruled(award, by))


def made(award: Award, series: Series, make: Maker) -> Issue:
    draw = series.draw(award.district_code, award.certificate_id)
    try:
        return make(award, draw)
    except Refused:
        series.give_back(award.district_code)
        raise


def ruled(award: Award, by: Envelope) -> Envelope:
    """Under the rules by which the award was judged, where it tells."""
    return by.under(award.rulebook_version) if award.rulebook_version else by
