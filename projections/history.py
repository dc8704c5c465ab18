"""History: which streams and single events concern a subject; the events stay in the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerEvent
from domain.appeal import Appeal
from domain.attendance import Attendance
from domain.calendar import CITY_ZONE, local_day
from domain.certificate import Certificate
from domain.details import DetailsRequests
from domain.dispute import Dispute
from domain.evaluation import Evaluation
from domain.exam import ExamRecord
from domain.exam_attempt import Attempt
from domain.exam_attempt_facts import AttemptBegun
from domain.external import ExternalHours
from domain.leave import Leave
from domain.links import Links
from domain.make_up import MakeUps
from domain.personal_code import PersonalCode
from domain.push import PushRecord
from domain.service import Service
from domain.sheet import Sheet
from domain.star_proposal import StarProposal
from domain.studying import MicroClassCompletion
from domain.waiting_scan import WaitingScan
from projections.database import Tx, Views
from projections.feed import Fact, Feed
from projections.table import Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS history_stream (
    subject_id uuid,
    originator_id uuid,
    PRIMARY KEY (subject_id, originator_id)
);
CREATE TABLE IF NOT EXISTS history_mention (
    subject_id uuid,
    position bigint,
    PRIMARY KEY (subject_id, position)
);
"""
_RECORDS: LiteralString = """
SELECT %(subject)s::uuid
 UNION ALL SELECT merged_id FROM merged_record WHERE speaker_id = %(subject)s
"""
_STREAMS: LiteralString = (
    "SELECT originator_id FROM history_stream WHERE subject_id = ANY(%(subjects)s)"
)
_MENTIONS: LiteralString = (
    "SELECT position FROM history_mention WHERE subject_id = ANY(%(subjects)s)"
)
CHECKED = (Attempt.PaperResultChecked, Sheet.Checked)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event about a subject: what, when on both clocks, by whom, and the event itself."""

    position: int
    topic: str
    originator_id: UUID
    version: int
    occurred_at: datetime
    recorded_at: datetime
    actor_id: UUID
    role: str
    organisation: str
    channel: str
    rulebook_version: str | None
    command_id: UUID
    event: LedgerEvent
    withheld: frozenset[str] = frozenset()  # fields of the event that nobody may read yet


@dataclass(frozen=True, slots=True)
class StreamRow:
    subject_id: UUID
    originator_id: UUID


@dataclass(frozen=True, slots=True)
class MentionRow:
    subject_id: UUID
    position: int


STREAM = Table("history_stream", StreamRow, ("subject_id", "originator_id"), "originator_id")
MENTION = Table("history_mention", MentionRow, ("subject_id", "position"), "subject_id")


class History:
    name = "history"
    version = 3
    tables = ("history_stream", "history_mention")
    ddl: LiteralString = TABLES
    topics = None  # everything is somebody's history; what nobody can read stops it

    def __init__(self, views: Views) -> None:
        self._views = views
        self._feed = Feed(views)

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        streams: list[StreamRow] = []
        mentions: list[MentionRow] = []
        for fact in facts:
            streams += (StreamRow(subject, fact.stream) for subject in subjects(fact.event))
            mentions += (MentionRow(each, fact.position) for each in mentioned(fact.event))
        STREAM.add(tx, streams)
        MENTION.add(tx, mentions)

    def history(
        self, subject_id: UUID, as_of: date | None = None, known_by: datetime | None = None
    ) -> list[HistoryLine]:
        """Every event about a learner, session, certificate, exam or any other stream.

        Of a person: what is recorded under every record that was merged into theirs, too.
        What had happened by the end of a local day, as far as it was known at a moment.
        """
        subjects = self._views.cells(_RECORDS, subject=subject_id)
        streams = self._views.cells(_STREAMS, subjects=subjects)
        mentions = self._views.cells(_MENTIONS, subjects=subjects)
        known = [
            fact
            for fact in self._feed.of([*subjects, *streams], mentions)
            if (as_of is None or local_day(fact.at, CITY_ZONE) <= as_of)
            and (known_by is None or fact.recorded_at <= known_by)
        ]
        checked = {fact.stream for fact in known if isinstance(fact.event, CHECKED)}
        return [history_line(fact, is_checked=fact.stream in checked) for fact in known]

    def streams_of(self, subject_id: UUID) -> list[UUID]:
        """The streams that concern a learner, under every record that was merged into theirs."""
        subjects = self._views.cells(_RECORDS, subject=subject_id)
        return self._views.cells(_STREAMS, subjects=subjects)


def subjects(event: LedgerEvent) -> tuple[UUID, ...]:
    """Whom the stream that begins with an event concerns, beside itself."""
    match event:
        case Attendance.CheckedIn() | Service.Named() | Leave.Requested():
            return event.session_id, event.learner_id
        case AttemptBegun(exam_id=exam_id, learner_id=learner_id):
            return exam_id, learner_id
        case Dispute.Opened(learner_id=learner_id) | Appeal.Lodged(learner_id=learner_id):
            return learner_id, event.subject.id
        case WaitingScan.Kept(session_id=session_id, learner_id=learner_id):
            return (session_id, learner_id) if learner_id else (session_id,)
        case MicroClassCompletion.Completed():
            return event.micro_class_id, event.learner_id
        case _:
            return own_of(event)


def own_of(event: LedgerEvent) -> tuple[UUID, ...]:
    """Whose own a stream is that concerns nobody else."""
    match event:
        case Certificate.Issued(award=award):
            return (award.learner_id,)
        case Sheet.Printed(session_id=session_id):
            return (session_id,)
        case StarProposal.Made(learner_id=learner_id):
            return (learner_id,)
        case (
            Account.Opened()
            | Evaluation.Opened()
            | ExamRecord.Opened()
            | MakeUps.Opened()
            | Links.Opened()
            | DetailsRequests.Opened()
            | PersonalCode.Opened()
            | (PushRecord.Opened() | ExternalHours.Entered())
        ):
            return (event.learner_id,)
        case _:
            return ()


def mentioned(event: LedgerEvent) -> Iterator[UUID]:
    """Whom a single event concerns, though its stream does not."""
    match event:
        case Account.CreditAwarded(credit=claim) | Account.CreditLimited(claim=claim):
            if claim.session_id is not None:
                yield claim.session_id
        case Account.CreditReversed(session_id=session_id):
            if session_id is not None:
                yield session_id
        case MakeUps.Assigned(make_up=make_up):
            yield from (make_up.missed_session_id, make_up.by_id)
        case MakeUps.TakenBack(missed_session_id=missed, by_id=by_id):
            yield from (missed, by_id)
        case PushRecord.AnsweredRight(item_id=item_id):
            yield item_id
        case Certificate.Issued(replaces=replaced, follows=revoked):
            yield from (each for each in (replaced, revoked) if each is not None)
        case _:
            pass


def history_line(fact: Fact, *, is_checked: bool) -> HistoryLine:
    """What was typed is withheld until it is checked: the second person reads it blind."""
    event, envelope = fact.event, fact.event.envelope
    return HistoryLine(
        position=fact.position,
        topic=event.TOPIC,
        originator_id=event.originator_id,
        version=event.originator_version,
        occurred_at=envelope.at,
        recorded_at=fact.recorded_at,
        actor_id=envelope.actor.id,
        role=envelope.actor.role,
        organisation=envelope.actor.organisation,
        channel=envelope.channel,
        rulebook_version=envelope.rulebook_version,
        command_id=envelope.command_id,
        event=event,
        withheld=frozenset() if is_checked else typed(event),
    )


def typed(event: LedgerEvent) -> frozenset[str]:
    """The fields that a second person has to read for themselves."""
    match event:
        case Attempt.PaperResultEntered():
            return frozenset({"score"})
        case Sheet.Entered():
            return frozenset({"rows"})
        case _:
            return frozenset()
