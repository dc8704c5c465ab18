"""One learner's attendance at one session: exactly one stream, whatever the channel."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.assessing import Presence, Result
from domain.envelope import Envelope
from domain.identity import attendance_id
from domain.refusals import Refused

AHEAD_ALLOWED = timedelta(minutes=5)


class AlreadyCheckedIn(Refused):
    """The learner is in: `checked_in_at` says since when. Nothing more is recorded."""

    code = "already_checked_in"


class NotCheckedIn(Refused):
    """There is no check-in to check out from."""

    code = "not_checked_in"


class AlreadyCheckedOut(Refused):
    """The learner is out: `checked_out_at` says since when."""

    code = "already_checked_out"


class FromTheFuture(Refused):
    """The device's time is more than 5 minutes ahead of ours."""

    code = "time_in_the_future"


class ScanIdReused(Refused):
    """The same scan id came with another meaning."""

    code = "scan_id_reused"


class StayMalformed(Refused):
    """A stay ends after it begins, and lies within the session as it was held."""

    code = "stay_malformed"


class Stay(BaseModel):
    """From when to when somebody was there, by what is known now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    begins: AwareDatetime
    ends: AwareDatetime

    def must_lie_within(self, opened_at: datetime, closed_at: datetime) -> None:
        """Raises StayMalformed for a stay of no time, or of no time within the session."""
        if not (self.begins < self.ends and self.begins < closed_at and self.ends > opened_at):
            raise StayMalformed(opened_at=opened_at, closed_at=closed_at)


class OnPaper(BaseModel):
    """The row of a sign-in sheet that an attendance was typed from, and the two who read it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheet_id: UUID
    row: int
    typed_by: UUID
    checked_by: UUID


class Attendance(LedgerAggregate):
    """Its id is made of session and learner: the primary key keeps a second one out."""

    TOPIC: ClassVar[str] = "attendance"

    class CheckedIn(LedgerCreated):
        TOPIC = "attendance.checked_in"

        session_id: UUID
        learner_id: UUID
        school_code: str
        child_ids: tuple[UUID, ...]
        scan_id: UUID
        code_step: int | None = None
        device_hash: str | None = None
        ahead_of_clock: bool = False
        link_id: UUID | None = None  # came in through a link that nobody had confirmed yet
        on_paper: OnPaper | None = None

    class Vouched(LedgerEvent):
        TOPIC = "attendance.vouched"

        session_id: UUID
        learner_id: UUID
        child_ids: tuple[UUID, ...]

    class CheckedOut(LedgerEvent):
        TOPIC = "attendance.checked_out"

        scan_id: UUID

    class Assessed(LedgerEvent):
        TOPIC = "attendance.assessed"

        result: str
        minutes: int
        planned_minutes: int
        rule_ref: str

    class Corrected(LedgerEvent):
        TOPIC = "attendance.corrected"

        session_id: UUID
        learner_id: UUID
        correction_id: UUID
        present_from: AwareDatetime | None = None  # neither: the learner was not there
        present_to: AwareDatetime | None = None
        reason_code: str
        effective_term: str

    @staticmethod
    def create_id(session_id: UUID, learner_id: UUID) -> UUID:
        return attendance_id(session_id, learner_id)

    @event(CheckedIn)
    def __init__(
        self,
        session_id: UUID,
        learner_id: UUID,
        school_code: str,
        child_ids: tuple[UUID, ...],
        scan_id: UUID,
        envelope: Envelope,
        code_step: int | None = None,
        device_hash: str | None = None,
        ahead_of_clock: bool = False,
        on_paper: OnPaper | None = None,
        link_id: UUID | None = None,
    ) -> None:
        self.link_id = link_id
        self.session_id = session_id
        self.learner_id = learner_id
        self.scan_id = scan_id
        self.checked_in_at = envelope.at
        self.check_out_scan_id: UUID | None = None
        self.checked_out_at: datetime | None = None
        self.assessment: tuple[str, int] | None = None
        self.corrections = 0
        self.corrected_to: Presence | None = None

    @property
    def awaits_link(self) -> bool:
        """Whether it came in through a link, and nobody has said yet who it was."""
        return self.link_id is not None

    def answer(self, scan_id: UUID) -> datetime:
        """The first answer again, for the scan that made it. Raises AlreadyCheckedIn otherwise."""
        if scan_id != self.scan_id:
            raise AlreadyCheckedIn(checked_in_at=self.checked_in_at)
        return self.checked_in_at

    def vouch(self, child_ids: tuple[UUID, ...], envelope: Envelope) -> None:
        """Say who came in through a link, now that it is confirmed: from here on it earns hours."""
        if self.awaits_link:
            self._vouched(
                session_id=self.session_id,
                learner_id=self.learner_id,
                child_ids=child_ids,
                envelope=envelope,
            )

    def check_out(self, scan_id: UUID, envelope: Envelope) -> None:
        """Leave. The same scan again is no news.

        Raises ScanIdReused for the scan that came in, AlreadyCheckedOut, NotCheckedIn.
        """
        if self.check_out_scan_id == scan_id:
            return
        if self.scan_id == scan_id:
            raise ScanIdReused
        if self.checked_out_at is not None:
            raise AlreadyCheckedOut(checked_out_at=self.checked_out_at)
        if envelope.at < self.checked_in_at:
            raise NotCheckedIn
        self._checked_out(scan_id=scan_id, envelope=envelope)

    def correct(
        self,
        stay: Stay | None,
        reason_code: str,
        correction_id: UUID,
        effective_term: str,
        envelope: Envelope,
    ) -> None:
        """Say how long the learner really was there, or that they were not (None)."""
        self._corrected(
            session_id=self.session_id,
            learner_id=self.learner_id,
            correction_id=correction_id,
            present_from=stay.begins if stay else None,
            present_to=stay.ends if stay else None,
            reason_code=reason_code,
            effective_term=effective_term,
            envelope=envelope,
        )

    @property
    def presence(self) -> Presence:
        """What counts of it: the check-in and check-out, or what was put in their place."""
        return self.corrected_to or Presence(self.checked_in_at, self.checked_out_at)

    def says(self, stay: Stay | None) -> bool:
        """Whether that is what is recorded already."""
        known = self.presence
        if stay is None:
            return self.corrections > 0 and known.checked_in_at == known.checked_out_at
        return (known.checked_in_at, known.checked_out_at) == (stay.begins, stay.ends)

    def assess(
        self, result: str, minutes: int, planned_minutes: int, rule_ref: str, envelope: Envelope
    ) -> None:
        """Record what the rulebook makes of the minutes; the same assessment is no news.

        What is settled is never pending again: a run may be asked once more about an old moment.
        """
        reopens = self.is_settled and result == Result.PENDING and not self.corrections
        if self.assessment != (result, minutes) and not reopens:
            self._assessed(
                result=result,
                minutes=minutes,
                planned_minutes=planned_minutes,
                rule_ref=rule_ref,
                envelope=envelope,
            )

    @property
    def is_settled(self) -> bool:
        """Whether it counts, in whole or in half."""
        return self.assessment is not None and self.assessment[0] in {Result.HALF, Result.FULL}

    @event(Vouched)
    def _vouched(
        self,
        session_id: UUID,
        learner_id: UUID,
        child_ids: tuple[UUID, ...],
        envelope: Envelope,
    ) -> None:
        self.link_id = None

    @event(CheckedOut)
    def _checked_out(self, scan_id: UUID, envelope: Envelope) -> None:
        self.check_out_scan_id = scan_id
        self.checked_out_at = envelope.at

    @event(Corrected)
    def _corrected(
        self,
        session_id: UUID,
        learner_id: UUID,
        correction_id: UUID,
        present_from: datetime | None,
        present_to: datetime | None,
        reason_code: str,
        effective_term: str,
        envelope: Envelope,
    ) -> None:
        self.corrections += 1
        # Who was not there has a stay of no minutes.
        begins = present_from or self.checked_in_at
        self.corrected_to = Presence(begins, present_to or begins, stay_confirmed=True)

    @event(Assessed)
    def _assessed(
        self, result: str, minutes: int, planned_minutes: int, rule_ref: str, envelope: Envelope
    ) -> None:
        self.assessment = (result, minutes)


def ahead_of(at: datetime, now: datetime) -> bool:
    """Whether a device's time is ahead of ours: up to 5 minutes is flagged, beyond is refused.

    Raises FromTheFuture.
    """
    if at > now + AHEAD_ALLOWED:
        raise FromTheFuture(now=now)
    return at > now
