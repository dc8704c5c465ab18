"""The certificate register: what is due, what was issued, and the state of every number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from domain.certificate import Certificate
from domain.evaluation import Evaluation
from projections.achievement import ACHIEVEMENT, completed, completion_key, starred
from projections.achievement import TABLES as ACHIEVEMENTS
from projections.certificate_due import (
    DUE,
    DUE_AFTER,
    ERASED,
    Due,
    DueAfterRevocation,
    DueCertificate,
)
from projections.certificate_table import TABLES
from projections.database import Tx, Views
from projections.feed import Fact
from projections.sight import everything_in_sight
from projections.table import Fold, Table

_CERTIFICATES: LiteralString = "SELECT * FROM certificate WHERE "
_AT_ONCE = 500
_NEWEST_FIRST: LiteralString = " ORDER BY issued_at DESC, number DESC"
_OF_SCHOOL = (
    _CERTIFICATES
    + "school_code = %(school)s"
    + _NEWEST_FIRST
    + " LIMIT %(limit)s OFFSET %(offset)s"
)
_OF_LEARNER: LiteralString = """
SELECT * FROM certificate
 WHERE learner_id = ANY(ARRAY(SELECT %(learner)s::uuid UNION ALL
       SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s))
 ORDER BY issued_at DESC, number DESC
"""
_PROPOSED = (
    _CERTIFICATES
    + "district_code = %(district)s AND proposed_by IS NOT NULL AND state = 'valid'"
    + _NEWEST_FIRST
)
_BY_NUMBER = _CERTIFICATES + "number = %(number)s"
_BY_ID = _CERTIFICATES + "certificate_id = %(certificate)s"
_FOLLOWING = _CERTIFICATES + "follows = %(revoked)s"
_OF_KEY = (
    _CERTIFICATES
    + "key_id = %(key)s"
    + ' AND signed_sha256 COLLATE "C" BETWEEN %(first)s AND %(last)s'
    + ' ORDER BY signed_sha256 COLLATE "C" LIMIT %(limit)s'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredCertificate:
    """`achievement_id` is shared by a certificate and those that replace it."""

    certificate_id: UUID
    number: str
    kind: str
    learner_id: UUID
    school_code: str
    district_code: str
    stage: str
    school_year: int | None
    level: int | None
    hours: int
    face_to_face_hours: int
    achieved_on: date
    achievement_id: UUID
    key_id: str
    status_list: int
    status_index: int
    signed_sha256: str
    snapshot_sha256: str
    name_commitment: str
    issued_at: datetime
    valid_until: datetime | None
    wording_version: str
    renderer_version: str
    credential_sha256: str
    rulebook_version: str | None
    replaces: UUID | None
    follows: UUID | None  # the revoked one after which it was issued
    state: str = "valid"
    state_reason: str | None = None
    proposed_reason: str | None = None
    proposed_by: UUID | None = None
    proposed_at: datetime | None = None
    dropped: str | None = None  # how the last proposal to revoke it ended, unless it was revoked
    dropped_at: datetime | None = None
    successor_id: UUID | None = None
    successor_number: str | None = None
    review_reason: str | None = None  # what it certifies was taken back: a person decides
    changed_at: datetime | None = None  # replaced, revoked, its review opened or closed

    @property
    def revoked_at(self) -> datetime | None:
        return self.changed_at if self.state == "revoked" else None


CERTIFICATE = Table(
    "certificate", RegisteredCertificate, key=("certificate_id",), stream="certificate_id"
)


class CertificateRegister:
    name = "certificate_register"
    version = 7
    tables = ("achievement", "certificate")
    ddl: LiteralString = ACHIEVEMENTS + TABLES
    topics = frozenset(
        {
            Evaluation.CompletionReached.TOPIC,
            Evaluation.CompletionWithdrawn.TOPIC,
            Evaluation.StarAwarded.TOPIC,
            Certificate.Issued.TOPIC,
            Certificate.Reissued.TOPIC,
            Certificate.RevocationProposed.TOPIC,
            Certificate.RevocationDropped.TOPIC,
            Certificate.Revoked.TOPIC,
            Certificate.WithdrawnByHolder.TOPIC,
            Certificate.ReviewOpened.TOPIC,
            Certificate.ReviewClosed.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        achievements = Fold(tx, ACHIEVEMENT, facts)
        certificates = Fold(tx, CERTIFICATE, facts)
        for fact in facts:
            match fact.event:
                case Evaluation.CompletionReached() as event:
                    achievements.put(completed(event))
                case Evaluation.CompletionWithdrawn() as event:
                    achievements.drop(*completion_key(event))
                case Evaluation.StarAwarded() as event:
                    achievements.put(starred(event))
                case Certificate.Issued() as event:
                    certificates.put(issued(event))
                case _:
                    certificates.put(after(certificates[fact.stream,], fact))
        achievements.save()
        certificates.save()

    def due_of(self, school_code: str) -> list[DueCertificate]:
        """What a school has to issue, the oldest achievement first; nothing of who was erased."""
        return self._alive(self._views.rows(DueCertificate, DUE, school=school_code))

    def due_after_revocation(self, school_code: str) -> list[DueAfterRevocation]:
        """What stands and was certified by what is revoked; no batch issues it."""
        return self._alive(self._views.rows(DueAfterRevocation, DUE_AFTER, school=school_code))

    def _alive(self, due: list[Due]) -> list[Due]:
        erased = self._erased_among([each.learner_id for each in due])
        return [each for each in due if each.learner_id not in erased]

    @everything_in_sight()
    def _erased_among(self, learners: list[UUID]) -> set[UUID]:
        return set(self._views.cells(ERASED, learners=learners))

    def certificates_of(
        self, school_code: str, *, limit: int | None = None, offset: int = 0
    ) -> list[RegisteredCertificate]:
        """A school's certificates, the newest first."""
        values = {"school": school_code, "limit": limit, "offset": offset}
        return self._views.rows(RegisteredCertificate, _OF_SCHOOL, **values)

    def certificates_of_learner(self, learner_id: UUID) -> list[RegisteredCertificate]:
        """A person's certificates, those of every record that was merged into theirs as well."""
        return self._views.rows(RegisteredCertificate, _OF_LEARNER, learner=learner_id)

    def proposed_in(self, district_code: str) -> list[RegisteredCertificate]:
        """Certificates whose revocation waits for the district."""
        return self._views.rows(RegisteredCertificate, _PROPOSED, district=district_code)

    def by_number(self, number: str) -> RegisteredCertificate | None:
        return self._views.row(RegisteredCertificate, _BY_NUMBER, number=number)

    def by_id(self, certificate_id: UUID) -> RegisteredCertificate | None:
        return self._views.row(RegisteredCertificate, _BY_ID, certificate=certificate_id)

    def issued_after(self, revoked_id: UUID) -> RegisteredCertificate | None:
        """The one that was issued after a revoked one, if any was."""
        return self._views.row(RegisteredCertificate, _FOLLOWING, revoked=revoked_id)

    def signed_by(
        self, key_id: str, first: str = "", last: str = "g"
    ) -> Iterator[list[RegisteredCertificate]]:
        """What a key signed, in parts, by the hash of what was signed: `first` to `last`."""
        values = {"key": key_id, "first": first, "last": last, "limit": _AT_ONCE}
        while found := self._signed_by(values):
            yield found
            values["first"] = f"{found[-1].signed_sha256}+"

    @everything_in_sight()
    def _signed_by(self, values: Mapping[str, object]) -> list[RegisteredCertificate]:
        return self._views.rows(RegisteredCertificate, _OF_KEY, **values)


def issued(event: Certificate.Issued) -> RegisteredCertificate:
    award, issue = event.award, event.issue
    return RegisteredCertificate(
        certificate_id=event.originator_id,
        kind=award.kind,
        learner_id=award.learner_id,
        school_code=award.school_code,
        district_code=award.district_code,
        stage=award.stage,
        school_year=award.school_year,
        level=award.level,
        hours=award.hours,
        face_to_face_hours=award.face_to_face_hours,
        achieved_on=award.achieved_on,
        achievement_id=award.certificate_id,
        rulebook_version=event.envelope.rulebook_version,
        replaces=event.replaces,
        follows=event.follows,
        **vars(issue),
    )


def after(row: RegisteredCertificate, fact: Fact) -> RegisteredCertificate:
    """The certificate as the next fact leaves it."""
    match fact.event:
        case Certificate.RevocationProposed(reason_code=reason, envelope=envelope):
            return replace(
                row, proposed_reason=reason, proposed_by=envelope.actor.id, proposed_at=fact.at,
                dropped=None, dropped_at=None,
            )  # fmt: skip
        case Certificate.RevocationDropped(outcome=outcome):
            return replace(
                row, proposed_reason=None, proposed_by=None, proposed_at=None,
                dropped=outcome.value, dropped_at=fact.at,
            )  # fmt: skip
        case _:
            return replace(row, changed_at=fact.at, **changes(fact))


def changes(fact: Fact) -> dict[str, Any]:
    """What its holder is told of."""
    match fact.event:
        case Certificate.Reissued() as event:
            return {
                "state": "replaced", "state_reason": event.reason_code,
                "successor_id": event.successor_id, "successor_number": event.successor_number,
                "review_reason": None,
            }  # fmt: skip
        case Certificate.Revoked(reason_code=reason):
            return {"state": "revoked", "state_reason": reason, "review_reason": None}
        case Certificate.WithdrawnByHolder():
            return {"state": "withdrawn", "review_reason": None}
        case Certificate.ReviewOpened(reason_code=reason):
            return {"review_reason": reason}
        case _:
            return {"review_reason": None}
