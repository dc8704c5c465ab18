"""What an erasure takes away and what stays, found by ids alone: nothing is unsealed for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from api.bootstrap import Runtime
from domain.erasure import CertificateWish, Scope
from domain.sheet import Sheet
from ledger.records import records_of
from ledger.streams import Streams
from projections.certificate_register import RegisteredCertificate
from projections.sight import everything_in_sight

IN_FORCE: Final = "valid"


@dataclass(frozen=True)
class Effects:
    """What an erasure takes away, and what stays behind it without a name."""

    records: tuple[UUID, ...]
    children: tuple[UUID, ...]  # nobody else in the ledger is left to answer for them
    requests: tuple[UUID, ...]  # what the person typed when they asked for something
    scans: tuple[UUID, ...]
    certificates: tuple[RegisteredCertificate, ...]  # those in force
    phones: int
    cases: int  # that are open
    attendances: int
    lines: int

    def scope(self, wish: CertificateWish) -> Scope:
        ids = tuple(each.certificate_id for each in self.certificates)
        keeps = wish is CertificateWish.KEEP
        return Scope(
            records=self.records,
            subjects=(*self.records, *self.children, *self.requests),
            scans=self.scans,
            kept=ids if keeps else (),
            withdrawn=() if keeps else ids,
        )


@everything_in_sight()
def effects_of(runtime: Runtime, learner_id: UUID) -> Effects:
    """Everything of a person, under every record and at every school; nothing is unsealed."""
    # A record that was merged since it asked has its certificates with the one that speaks now.
    speaker = runtime.book.learners.survivor_of(learner_id)
    models, records = runtime.models, tuple(records_of(runtime.book.ledger, speaker))
    tied = {place.child_id for each in records for place in models.roster.places_of(each)}
    # Where nobody else answers for a child it goes, though the tie has ended.
    ever = models.roster.children_ever_of(records)
    children = tuple(each for each in ever if left_alone(runtime, each, records))
    certificates = models.certificates.certificates_of_learner(records[0])
    cases = models.cases.of_learners(records)
    now = runtime.now()
    return Effects(
        records=records,
        children=children,
        requests=tuple(typed_by(runtime, records)),
        scans=tuple(scans_of(runtime, {*records, *tied, *children})),
        certificates=tuple(each for each in certificates if each.state == IN_FORCE),
        phones=sum(len(runtime.logins.of_person(each, now)) for each in records),
        cases=sum(each.is_pending for each in cases),
        attendances=len(models.attendances.attendances_of(records[0])),
        lines=len(models.accounts.statement(records[0])),
    )


def left_alone(runtime: Runtime, child_id: UUID, records: Sequence[UUID]) -> bool:
    """Whether no adult of a child would be left whose data are still there."""
    others = {each.learner_id for each in runtime.models.roster.guardians_of(child_id)}
    return not runtime.book.erasures.known_among(others.difference(records))


def typed_by(runtime: Runtime, records: Iterable[UUID]) -> list[UUID]:
    """What a person typed lies in the vault under the ids of their requests."""
    found: set[UUID] = set()
    for each in records:
        found |= {line.link_id for line in runtime.models.links.of_learner(each)}
        found |= {line.request_id for line in runtime.models.details.of_learner(each)}
    return sorted(found)


def scans_of(runtime: Runtime, people: set[UUID]) -> list[UUID]:
    """The pictures of sign-in sheets on which one of these people stands, at whatever school."""
    sheets = runtime.models.sheets.pictured(people)
    found = Streams(runtime.book.ledger.load(sheets)).all(Sheet)
    return sorted(key for sheet in found for key in sheet.scans)
