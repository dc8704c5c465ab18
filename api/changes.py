"""What has changed lately for a learner: lines, certificates, cases, leave, make-ups, results.

It is read from what is recorded, for thirty days; who has seen it is not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final
from uuid import UUID

from api.bootstrap import Runtime
from api.case_reaching import cases_of
from domain.rules import ReversalReason
from ledger.records import spoken_for
from projections.account_statement import StatementLine
from projections.certificate_register import RegisteredCertificate
from projections.exam_attempt_line import AttemptLine
from projections.leave_book import LeaveLine
from projections.read_models import ReadModels

RECENT: Final = timedelta(days=30)
MOVES: Final = {"awarded", "reversed", "limited"}
ENDED: Final = {"answered", "decided", "reviewed"}


class About(StrEnum):
    LINE = "line"
    CERTIFICATE = "certificate"
    CASE = "case"
    LEAVE = "leave"
    MAKE_UP = "make_up"
    EXAM = "exam"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change: `id` is the entry, certificate, case, session or attempt, `became` its end.

    `kind` is a line's mode, a certificate's kind, what a case is about, why leave was asked for,
    how an exam was taken.
    """

    about: About
    at: datetime
    id: UUID
    became: str
    kind: str
    school_code: str | None = None
    title: str | None = None
    reason_code: str | None = None
    hours_before: int | None = None
    hours_after: int | None = None
    outcome: str | None = None
    score: int | None = None
    level: int | None = None
    number: str | None = None
    successor_number: str | None = None
    words: str | None = None  # of the vault: for the parent alone, never in JSON


def changes_of(runtime: Runtime, learner_id: UUID, at: datetime) -> list[Change]:
    """What changed in the last thirty days, the newest first."""
    models, since = runtime.models, at - RECENT
    found = [
        *lines_corrected(runtime, learner_id, since),
        *certificates_changed(models.certificates.certificates_of_learner(learner_id), since),
        *cases_ended(runtime, learner_id, since),
        *leaves_decided(models, learner_id, since),
        *make_ups_taken_back(runtime, learner_id, since),
        *results_put_right(models, learner_id, since),
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)


def lines_corrected(runtime: Runtime, learner_id: UUID, since: datetime) -> Iterator[Change]:
    """Of every record of the person's; that a merge moved the lines of another one is no news."""
    for record in spoken_for(runtime.book.ledger, learner_id):
        for each in corrected(runtime.models.accounts.statement(record)):
            moved = record != learner_id and each.reason_code == ReversalReason.MERGED
            if each.at >= since and not moved:
                yield each


def corrected(lines: Iterable[StatementLine]) -> Iterator[Change]:
    """Every decision that moved the hours of something that the account had answered before."""
    stories: dict[object, list[StatementLine]] = {}
    roots: dict[UUID, UUID] = {}
    for line in sorted(lines, key=lambda each: each.position):
        if line.kind in MOVES:
            stories.setdefault(source_of(line, roots), []).append(line)
    for story in stories.values():
        yield from retold(story)


def source_of(line: StatementLine, roots: dict[UUID, UUID]) -> object:
    """The part in a session; what has no session is known by its first entry."""
    if line.session_id is not None:
        return line.session_id, line.mode
    root = roots.get(line.entry_id, line.entry_id)
    if line.replaced_by is not None:
        roots[line.replaced_by] = root
    return root


def retold(story: list[StatementLine]) -> Iterator[Change]:
    """The lines of one decision are of one moment; the first one is no change."""
    hours, entry_id = 0, story[0].entry_id
    for turn, (at, decided) in enumerate(groupby(story, key=lambda each: each.occurred_at)):
        lines = list(decided)
        before, hours = hours, hours + sum(line.hours for line in lines)
        entry_id = next((line.entry_id for line in lines if line.kind == "awarded"), entry_id)
        if turn and any(line.hours for line in lines):
            yield Change(
                about=About.LINE,
                at=at,
                id=entry_id,
                became="corrected",
                kind=lines[0].mode or "",
                school_code=lines[0].school_code,
                title=lines[0].title,
                reason_code=next((line.reason_code for line in lines if line.reason_code), None),
                hours_before=before,
                hours_after=hours,
            )


def certificates_changed(
    certificates: Iterable[RegisteredCertificate], since: datetime
) -> Iterator[Change]:
    for each in certificates:
        if each.changed_at is not None and each.changed_at >= since:
            became, reason_code = standing_of(each)
            yield Change(
                about=About.CERTIFICATE,
                at=each.changed_at,
                id=each.certificate_id,
                became=became,
                kind=each.kind,
                school_code=each.school_code,
                reason_code=reason_code,
                level=each.level,
                number=each.number,
                successor_number=each.successor_number,
            )


def standing_of(certificate: RegisteredCertificate) -> tuple[str, str | None]:
    """Under review, revoked or replaced; one that is valid again has come through its review."""
    if certificate.state == "valid" and certificate.review_reason:
        return "under_review", certificate.review_reason
    return certificate.state, certificate.state_reason


def cases_ended(runtime: Runtime, learner_id: UUID, since: datetime) -> Iterator[Change]:
    for case in cases_of(runtime, learner_id):
        if case.stands in ENDED and case.ended_at is not None and case.ended_at >= since:
            steps = runtime.models.cases.steps_of(case.case_id)
            yield Change(
                about=About.CASE,
                at=case.ended_at,
                id=case.case_id,
                became=case.stands,
                kind=case.subject_kind,
                school_code=case.school_code,
                title=case.title,
                reason_code=[step.reason_code for step in steps if step.outcome][-1],
                outcome=case.outcome,
            )


def leaves_decided(models: ReadModels, learner_id: UUID, since: datetime) -> Iterator[Change]:
    for leave in models.leaves.of_learner(learner_id).values():
        if leave.decided_at is not None and leave.decided_at >= since:
            yield leave_decided(models, leave, leave.decided_at)


def leave_decided(models: ReadModels, leave: LeaveLine, at: datetime) -> Change:
    session = models.sessions.session(leave.session_id)
    return Change(
        about=About.LEAVE,
        at=at,
        id=leave.session_id,
        became="granted" if leave.is_granted else "turned_down",
        kind=leave.category,
        school_code=leave.school_code,
        title=session.title if session else None,
    )


def make_ups_taken_back(runtime: Runtime, learner_id: UUID, since: datetime) -> Iterator[Change]:
    for each in runtime.models.leaves.taken_back_of_learner(learner_id):
        if each.taken_back_at >= since:
            session = runtime.models.sessions.session(each.missed_session_id)
            yield Change(
                about=About.MAKE_UP,
                at=each.taken_back_at,
                id=each.missed_session_id,
                became="taken_back",
                kind="",
                school_code=each.school_code,
                title=session.title if session else None,
                words=runtime.book.cases.words(each.words_id),
            )


def results_put_right(models: ReadModels, learner_id: UUID, since: datetime) -> Iterator[Change]:
    for each in models.exams.own_attempts(learner_id):
        if each.put_right_at is not None and each.put_right_at >= since:
            yield result_put_right(models, each, each.put_right_at)


def result_put_right(models: ReadModels, attempt: AttemptLine, at: datetime) -> Change:
    exam = models.exams.exam(attempt.exam_id)
    stands = "merit" if attempt.merit else "passed" if attempt.passed else "not_passed"
    return Change(
        about=About.EXAM,
        at=at,
        id=attempt.attempt_id,
        became="corrected" if attempt.counts else "voided",
        kind=attempt.way,
        school_code=exam.school_code if exam else None,
        title=exam.title if exam else None,
        reason_code=attempt.put_right,
        outcome=stands if attempt.counts else None,
        score=attempt.score if attempt.counts else None,
    )
