"""Commands of certificates: issue a batch, reissue or withdraw one, revoke one by two persons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.certificate import (
    Award,
    Certificate,
    Issue,
    NotAchieved,
    UnknownCertificate,
)
from domain.envelope import Envelope
from domain.identity import derived
from domain.number_series import NumberSeries
from domain.refusals import Refused
from ledger.certified import Certified
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.rulebooks import Rulebooks

STATUS_LIST_ENTRIES = 1 << 20
STATUS = "status"  # the series of status list entries, one for all districts

A = TypeVar("A", bound=LedgerAggregate)


@dataclass(frozen=True)
class Draw:
    """What a new certificate is given in the transaction that issues it."""

    certificate_id: UUID
    year: int
    serial: int
    status_list: int
    status_counter: int


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
        """By the school's head. Raises UnknownCertificate, NotInForce."""

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

    def confirm_revocation(self, certificate_id: UUID, by: Envelope) -> int:
        """By the district. Raises NotInForce, RevocationNotProposed, OwnCase, and unknown ids."""

        def decide() -> list[LedgerAggregate]:
            certificate = self.get(certificate_id)
            certificate.confirm_revocation(by)
            return [certificate]

        return self._ledger.commit(by.command_id, decide)


class Series:
    """The number series touched by one command: numbers are counted out, then drawn at once.

    A number whose certificate was refused goes to the next one: no series has a gap.
    """

    def __init__(self, ledger: Ledger, by: Envelope, year: int) -> None:
        self._ledger = ledger
        self._by = by
        self._year = year
        self._open: dict[str, NumberSeries] = {}
        self._given: dict[str, int] = {}

    @property
    def drawn(self) -> list[NumberSeries]:
        """The series with what was given out of them, to be saved with the certificates."""
        for name, count in self._given.items():
            if count:
                self._series(name).draw(count, self._by)
        return [self._open[name] for name, count in self._given.items() if count]

    def draw(self, district_code: str, certificate_id: UUID) -> Draw:
        """The next serial of the district's year and the next entry of the status list."""
        serial, counter = self._next(self._of(district_code)), self._next(STATUS)
        return Draw(
            certificate_id=certificate_id,
            year=self._year,
            serial=serial,
            status_list=counter // STATUS_LIST_ENTRIES + 1,
            status_counter=counter % STATUS_LIST_ENTRIES,
        )

    def give_back(self, district_code: str) -> None:
        """Take back what was given last: its certificate is not issued."""
        for name in (self._of(district_code), STATUS):
            self._given[name] -= 1

    def _of(self, district_code: str) -> str:
        return f"{district_code}-{self._year}"

    def _next(self, name: str) -> int:
        given = self._given.get(name, 0)
        self._given[name] = given + 1
        return self._series(name).next + given

    def _series(self, name: str) -> NumberSeries:
        if name not in self._open:
            key = NumberSeries.create_id(name)
            self._open[name] = self._ledger.find(NumberSeries, key) or NumberSeries(
                series=name, envelope=self._by
            )
        return self._open[name]


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
        if not certified.speaks_for_itself(award):
            raise NotAchieved(kind=award.kind.value)
        award = certified.said_of(award)
        issue = made(award, series, make)
    except Refused as refusal:
        return Issued(award, certificate_id, None, refusal), None
    certificate = Certificate(
        id=certificate_id, award=award, issue=issue, envelope=ruled(award, by)
    )
    return Issued(award, certificate_id, issue.number), certificate


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
