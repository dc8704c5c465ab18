"""Commands of certificates: issue a batch, reissue one, revoke one by two persons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.certificate import (
    Award,
    Certificate,
    CertificateKind,
    Issue,
    NotAchieved,
    NumberSeries,
    UnknownCertificate,
)
from domain.envelope import Envelope
from domain.evaluation import CompletionKind, Evaluation
from domain.refusals import Refused
from ledger.ledger import Ledger

STATUS_LIST_ENTRIES = 1 << 20

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
Maker = Callable[[Award, Draw], Issue]


@dataclass(frozen=True)
class Issued:
    """The outcome of one award of a batch."""

    award: Award
    certificate_id: UUID
    number: str | None
    refusal: Refused | None = None


class Certificates:
    def __init__(self, ledger: Ledger, zone_year: Callable[[Envelope], int]) -> None:
        self._ledger = ledger
        self._year = zone_year

    def get(self, certificate_id: UUID) -> Certificate:
        """Raises UnknownCertificate."""
        return self._ledger.get(Certificate, certificate_id, UnknownCertificate)

    def issue(self, awards: Sequence[Award], make: Maker, by: Envelope) -> list[Issued]:
        """Issue what is achieved and not yet issued; an error in one does not stop the others."""
        outcomes: list[Issued] = []

        def decide() -> list[LedgerAggregate]:
            outcomes.clear()
            found = self._ledger.load(streams_of(awards))
            series = Series(self._ledger, by, self._year(by))
            certificates: list[LedgerAggregate] = []
            for award in awards:
                outcome, certificate = issue_one(award, found, series, make, by)
                outcomes.append(outcome)
                if certificate is not None:
                    found[certificate.id] = certificate
                    certificates.append(certificate)
            return [*certificates, *series.drawn]

        self._ledger.commit(by.command_id, decide)
        return outcomes

    def reissue(self, certificate_id: UUID, reason_code: str, make: Maker, by: Envelope) -> Issued:
        """A new number for the same award; the old one answers 'replaced by'.

        Raises UnknownCertificate, NotInForce, and what `make` refuses.
        """
        outcome: list[Issued] = []

        def decide() -> list[LedgerAggregate]:
            old = self.get(certificate_id)
            series = Series(self._ledger, by, self._year(by))
            old.must_be_in_force()
            issue = make(old.award, series.draw(old.award.district_code, old.successor_id))
            old.reissue(issue.number, reason_code, by)
            new = Certificate(
                id=old.successor_id, award=old.award, issue=issue, replaces=old.id, envelope=by
            )
            outcome[:] = [Issued(old.award, new.id, issue.number)]
            return [old, new, *series.drawn]

        self._ledger.commit(by.command_id, decide)
        return outcome[0]

    def propose_revocation(self, certificate_id: UUID, reason_code: str, by: Envelope) -> int:
        """By the school's head. Raises UnknownCertificate, NotInForce."""

        def decide() -> list[LedgerAggregate]:
            certificate = self.get(certificate_id)
            certificate.propose_revocation(reason_code, by)
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
    """The number series touched by one command, each drawn from in memory and saved together."""

    def __init__(self, ledger: Ledger, by: Envelope, year: int) -> None:
        self._ledger = ledger
        self._by = by
        self._year = year
        self._open: dict[str, NumberSeries] = {}

    @property
    def drawn(self) -> list[NumberSeries]:
        return list(self._open.values())

    def draw(self, district_code: str, certificate_id: UUID) -> Draw:
        """The next serial of the district's year and the next entry of the status list."""
        [serial] = self._series(f"{district_code}-{self._year}").draw(1, self._by)
        [counter] = self._series("status").draw(1, self._by)
        return Draw(
            certificate_id=certificate_id,
            year=self._year,
            serial=serial,
            status_list=counter // STATUS_LIST_ENTRIES + 1,
            status_counter=counter % STATUS_LIST_ENTRIES,
        )

    def _series(self, name: str) -> NumberSeries:
        if name not in self._open:
            key = NumberSeries.create_id(name)
            self._open[name] = self._ledger.find(NumberSeries, key) or NumberSeries(
                series=name, envelope=self._by
            )
        return self._open[name]


def issue_one(
    award: Award, found: dict[UUID, LedgerAggregate], series: Series, make: Maker, by: Envelope
) -> tuple[Issued, Certificate | None]:
    """One award of a batch: issued before, refused, or a new certificate."""
    certificate_id = award.certificate_id
    there = found.get(certificate_id)
    if isinstance(there, Certificate):
        return Issued(award, certificate_id, there.issue.number), None
    try:
        require_achieved(award, found)
        issue = make(award, series.draw(award.district_code, certificate_id))
    except Refused as refusal:
        return Issued(award, certificate_id, None, refusal), None
    certificate = Certificate(id=certificate_id, award=award, issue=issue, envelope=by)
    return Issued(award, certificate_id, issue.number), certificate


def require_achieved(award: Award, found: dict[UUID, LedgerAggregate]) -> None:
    """The learner's own streams must show what the certificate would name. Raises NotAchieved."""
    evaluation = found.get(Evaluation.create_id(award.learner_id, award.stage))
    account = found.get(Account.create_id(award.learner_id))
    if not achieved(
        award,
        evaluation if isinstance(evaluation, Evaluation) else None,
        account if isinstance(account, Account) else None,
    ):
        raise NotAchieved(kind=award.kind.value)


def achieved(award: Award, evaluation: Evaluation | None, account: Account | None) -> bool:
    if award.kind is CertificateKind.STATEMENT_OF_HOURS:
        return account is not None and 0 < award.hours <= account.balance
    if evaluation is None:
        return False
    if award.kind is CertificateKind.STAR_LEVEL:
        return 0 < (award.level or 0) <= evaluation.star_level
    if award.kind is CertificateKind.STAGE_COMPLETION:
        return (CompletionKind.STAGE, award.stage) in evaluation.completions
    return (CompletionKind.ANNUAL, str(award.school_year)) in evaluation.completions


def streams_of(awards: Iterable[Award]) -> list[UUID]:
    """Everything a batch looks at, read in one query."""
    return [
        key
        for award in awards
        for key in (
            award.certificate_id,
            Evaluation.create_id(award.learner_id, award.stage),
            Account.create_id(award.learner_id),
        )
    ]
