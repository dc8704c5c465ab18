"""Certificates from due to revoked: who is joined with what, for pages, JSON and command line."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.bootstrap import Runtime
from api.certificate_particulars import Sources, holders, statement_of
from api.signing import key_store
from certificates.issuing import Holder, Issuer, Particulars, Place
from domain.calendar import CITY_ZONE, local_day
from domain.certificate import Award, CertificateKind
from domain.certificate_refusals import NotAchieved
from domain.envelope import Envelope, Role
from domain.identity import derived
from domain.refusals import Refused
from domain.staff import OwnCase
from ledger.certificates import Issued
from projections.certificate_due import DueCertificate
from projections.certificate_register import RegisteredCertificate

BATCH = 50
KEPT = "kept_by_the_head"
# Those who work with full names: whoever reads above the school sees them masked.
SCHOOL_STAFF = frozenset({Role.COORDINATOR, Role.HEAD})


class RevocationUnseen(Refused):
    """Whoever issues after a revocation says that they saw what was revoked, and when."""

    code = "revocation_unseen"


@dataclass(frozen=True)
class Outcome:
    """What became of one due certificate: a number, or the reason why not."""

    certificate_id: UUID
    kind: str
    learner_id: UUID
    number: str | None
    refusal: Refused | None


def authorise(
    runtime: Runtime, school_code: str, chosen: Collection[UUID] | None, by: Envelope
) -> list[Outcome]:
    """Issue what is due in a school, or what was chosen of it; one refusal stops nobody else.

    A batch that met another writer, or lost its answer, is refused in its outcomes; again is safe.

    Refuses NoSigningKey.
    """
    due = runtime.models.certificates.due_of(school_code)
    own = runtime.book.learners.own_records(by.actor.id)
    wanted = [each for each in due if chosen is None or each.certificate_id in chosen]
    awards = [award_of(each) for each in wanted if each.learner_id not in own]
    outcomes = [
        Outcome(each.certificate_id, each.kind, each.learner_id, None, OwnCase())
        for each in wanted
        if each.learner_id in own
    ]
    sources = Sources(runtime, (award.learner_id for award in awards), today(by))
    issuer = issuer_of(runtime, by, sources.holder_of, sources.particulars_of)
    for start in range(0, len(awards), BATCH):
        batch = awards[start : start + BATCH]
        command = by.model_copy(update={"command_id": command_of(by, batch[0])})
        outcomes += issue_batch(runtime, batch, issuer, command)
    runtime.settle(runtime.book.ledger.position())
    return outcomes


def issue_batch(
    runtime: Runtime, batch: list[Award], issuer: Issuer, command: Envelope
) -> list[Outcome]:
    """One transaction. Where it was refused as a whole, each of its certificates says so."""
    try:
        issued = runtime.book.certificates.issue(batch, issuer.make, command)
    except Refused as refusal:  # the batches before this one are recorded, and must be told
        issued = [Issued(award, award.certificate_id, None, refusal) for award in batch]
    return [outcome_of(each) for each in issued]


def issue_statement(
    runtime: Runtime, school_code: str, learner_id: UUID, request_id: UUID, by: Envelope
) -> Outcome:
    """A statement of the hours at a school; the same request again gives the same certificate.

    Refuses StatementEmpty, NoSigningKey, OwnCase, and what issuing refuses.
    """
    require_foreign(runtime, learner_id, by)
    award, said = statement_of(runtime, school_code, learner_id, request_id, by)
    known = holders(runtime, [learner_id])
    issuer = issuer_of(runtime, by, known.get, lambda _: said)
    [issued] = runtime.book.certificates.issue([award], issuer.make, by)
    if issued.refusal is not None:
        raise issued.refusal
    runtime.settle(runtime.book.ledger.position())
    return outcome_of(issued)


def today(by: Envelope) -> date:
    return local_day(by.at, CITY_ZONE)


def issue_after(
    runtime: Runtime, school_code: str, revoked_id: UUID, by: Envelope, *, revocation_seen: bool
) -> str:
    """Another certificate for what stands; the revoked one stays revoked. Its number; again, too.

    Refuses RevocationUnseen, NotAchieved, OwnCase, NoSigningKey, and what issuing refuses.
    """
    if not revocation_seen:
        raise RevocationUnseen
    register = runtime.models.certificates
    there = register.issued_after(revoked_id)
    if there is not None and there.school_code == school_code:
        return there.number
    known = register.due_after_revocation(school_code)
    due = next((each for each in known if each.revoked_id == revoked_id), None)
    if due is None:
        raise NotAchieved
    require_foreign(runtime, due.learner_id, by)
    award, sources = award_of(due), Sources(runtime, [due.learner_id], today(by))
    issuer = issuer_of(runtime, by, sources.holder_of, sources.particulars_of)
    issued = runtime.book.certificates.issue_after(revoked_id, award, issuer.make, by)
    runtime.settle(runtime.book.ledger.position())
    assert issued.number is not None
    return issued.number


def withdraw(runtime: Runtime, certificate: RegisteredCertificate, by: Envelope) -> int:
    """The holder gives it up; staff write it down for a holder on paper, not for themselves.

    Refuses NotInForce, RevocationPending, OwnCase.
    """
    if by.actor.role is not Role.PARENT:
        require_foreign(runtime, certificate.learner_id, by)
    return runtime.settle(runtime.book.certificates.withdraw(certificate.certificate_id, by))


def let_stand(runtime: Runtime, certificate: RegisteredCertificate, by: Envelope) -> int:
    """Close a review, as the head: a person has decided. Raises OwnCase."""
    certificates = runtime.book.certificates
    return runtime.settle(certificates.close_review(certificate.certificate_id, KEPT, by))


def require_foreign(runtime: Runtime, learner_id: UUID, by: Envelope) -> None:
    """Nobody decides about their own certificate. Refuses OwnCase."""
    if learner_id in runtime.book.learners.own_records(by.actor.id):
        raise OwnCase


def issuer_of(
    runtime: Runtime,
    by: Envelope,
    holder_of: Callable[[UUID], Holder | None],
    particulars_of: Callable[[Award], Particulars],
) -> Issuer:
    """Refuses NoSigningKey."""
    return Issuer(
        signer=key_store(runtime).signer(by.at),
        place=place_of(runtime),
        at=by.at,
        holder_of=holder_of,
        particulars_of=particulars_of,
        file=runtime.book.vault.file,
    )


def place_of(runtime: Runtime) -> Place:
    return Place(
        base_url=runtime.settings.public_url,
        status_order=runtime.secrets.status_order,
        check_secret=runtime.secrets.check_code,
        extra_fonts=runtime.settings.extra_fonts,
    )


def command_of(by: Envelope, first: Award) -> UUID:
    return derived("issue", by.command_id, first.certificate_id)


def award_of(due: DueCertificate) -> Award:
    return Award(
        kind=CertificateKind(due.kind),
        learner_id=due.learner_id,
        school_code=due.school_code,
        district_code=due.district_code,
        stage=due.stage,
        school_year=due.school_year,
        level=due.level,
        hours=due.hours,
        face_to_face_hours=due.face_to_face_hours,
        achieved_on=due.achieved_on,
    )


def outcome_of(issued: Issued) -> Outcome:
    award = issued.award
    return Outcome(
        issued.certificate_id, award.kind, award.learner_id, issued.number, issued.refusal
    )
