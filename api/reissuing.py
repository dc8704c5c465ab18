"""Reissuing: a certificate under a new number, which says the same again or what stands today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from api.bootstrap import Runtime
from api.certificate_documents import snapshot_of
from api.certificate_particulars import (
    Sources,
    StageUnknown,
    StatementEmpty,
    holders,
    statement_of,
)
from api.certificates import issuer_of, require_foreign, today
from certificates.issuing import Holder, HolderErased, Particulars, particulars_again
from certificates.snapshot import Snapshot
from domain.certificate import Award, CertificateKind
from domain.certificate_refusals import NotAchieved
from domain.envelope import Envelope
from ledger.certificates import Issued
from ledger.certified import HoursUnderVerification
from projections.certificate_register import RegisteredCertificate


class ReissueReason(StrEnum):
    LOST = "lost"
    NAME_CHANGED = "name_changed"
    ERROR = "error"
    ISSUER_CHANGED = "issuer_changed"


# What is signed anew, with what stands; anything else replaces a sheet by its like.
ANEW: Final = frozenset({ReissueReason.NAME_CHANGED, ReissueReason.ERROR})


class KeyReason(StrEnum):
    """Nobody at a school decides this one."""

    KEY_COMPROMISED = "key_compromised"


def reissue(
    runtime: Runtime,
    certificate: RegisteredCertificate,
    reason: ReissueReason | KeyReason,
    by: Envelope,
) -> Issued:
    """A new number for the same award; the old one answers "replaced".

    Refuses NotInForce, NoSigningKey, OwnCase, HolderErased, and what issuing refuses.
    """
    issued = issue_again(runtime, certificate, reason, by)
    runtime.settle(runtime.book.ledger.position())
    return issued


def issue_again(
    runtime: Runtime,
    certificate: RegisteredCertificate,
    reason: ReissueReason | KeyReason,
    by: Envelope,
) -> Issued:
    """The same for one of many: nobody waits until pages show it.

    An error, or a new name, is signed as of today, with what stands today; anything else says what
    it said, under its date. So does a new name on what does not stand: nobody decides that by it.
    """
    require_foreign(runtime, certificate.learner_id, by)
    old = snapshot_of(runtime, certificate)
    holder = holder_now(runtime, certificate.learner_id)
    if old is None or holder is None:
        raise HolderErased
    named = holder if reason in ANEW else replace(holder, name=old.holder_name)

    def issue(says: Says) -> Issued:
        issuer = issuer_of(runtime, by, lambda _: named, says.particulars_of)
        command, key = by.under(old.rulebook_version), certificate.certificate_id
        return runtime.book.certificates.reissue(key, reason, issuer.make, command, says.anew)

    if reason in ANEW:
        try:
            return issue(said_anew(runtime, certificate, by))
        except (NotAchieved, HoursUnderVerification, StageUnknown, StatementEmpty):
            if reason is ReissueReason.ERROR:
                raise
    return issue(said_again(runtime, certificate, old, reason))


def holder_now(runtime: Runtime, learner_id: UUID) -> Holder | None:
    """The name of the record that speaks for the person, the secret of the one certified."""
    speaker_id = runtime.book.learners.survivor_of(learner_id)
    known = holders(runtime, {learner_id, speaker_id})
    certified, speaker = known.get(learner_id), known.get(speaker_id)
    return replace(certified, name=speaker.name) if certified and speaker else None


@dataclass(frozen=True)
class Says:
    """What a sheet says that replaces another: the award `anew`, or as it was, and the rest."""

    anew: Award | None
    particulars_of: Callable[[Award], Particulars]


def said_again(
    runtime: Runtime,
    certificate: RegisteredCertificate,
    old: Snapshot,
    reason: ReissueReason | KeyReason,
) -> Says:
    said = particulars_again(old)
    if reason is ReissueReason.ISSUER_CHANGED:
        said = replace(
            said, school_name=runtime.book.registry.answering(certificate.school_code).name
        )
    return Says(None, lambda _: said)


def said_anew(runtime: Runtime, certificate: RegisteredCertificate, by: Envelope) -> Says:
    """Refuses StatementEmpty."""
    award = runtime.book.certificates.get(certificate.certificate_id).award
    if award.kind is not CertificateKind.STATEMENT_OF_HOURS:
        sources = Sources(runtime, [award.learner_id], today(by))
        return Says(award, sources.particulars_of)
    speaker_id = runtime.book.learners.survivor_of(award.learner_id)
    anew, said = statement_of(runtime, award.school_code, speaker_id, award.request_id, by)
    return Says(anew.model_copy(update={"learner_id": award.learner_id}), lambda _: said)
